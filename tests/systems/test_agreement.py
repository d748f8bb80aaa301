"""What the machine does at finite bounds is among what the system does at none."""

import pytest

from smtmodel.executions.explore import explore
from smtmodel.language.checked import Checked
from smtmodel.systems.close import Closed, close
from smtmodel.systems.system import System
from smtmodel.systems.translate import system_of
from tests.support import random_protocols
from tests.support.abstracted import bounded, missing
from tests.support.examples import checked, shipped

SHIPPED = ("paolo", "paolo-no-low-bit-test", "xiao", "single-dereference", "ipv6/n2-raised-last", "seqcount/g1-seqcount", "fuse/f7-no-check")
SEEDS = range(120)
STATES = 4_000


def _compared(protocol: Checked, updates: int, rounds: int) -> int:
    """How many states of the machine were found again; 0 where the states do not close."""
    system = system_of(protocol)
    closed = close(system, limit=STATES) if isinstance(system, System) else None
    if not isinstance(system, System) or not isinstance(closed, Closed):
        return 0
    bounds = bounded(protocol, updates, rounds)
    count, wrong = missing(protocol, system, closed.states, bounds, STATES)
    assert wrong == []
    seen = explore(protocol, bounds, store_buffers=False, limit=STATES)
    judged = seen.violated - {name for name, _ in system.undecided}
    assert judged <= closed.violated
    assert seen.cuts <= closed.cuts
    return count


@pytest.mark.parametrize("name", SHIPPED)
def test_states_of_shipped_protocols_are_closed_states(name: str) -> None:
    assert _compared(shipped(name), 2, 2) > 100


def test_states_of_random_protocols_are_closed_states() -> None:
    counts = [_compared(checked(random_protocols.text(seed, weak=False)), 2, 2) for seed in SEEDS]
    assert sum(count > 0 for count in counts) > 40
