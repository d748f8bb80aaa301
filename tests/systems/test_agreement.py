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

SHIPPED = (
    "paolo",
    "paolo-no-low-bit-test",
    "xiao",
    "single-dereference",
    "ipv6/n2:raised_last",
    "seqcount/g1:seqcount",
    "fuse/f7:no_check",
)
SEEDS = range(60)
FEW, MANY = 1_500, 20_000
"""Up to how many states are followed, of random and of shipped protocols."""


def _compared(protocol: Checked, limit: int) -> int:
    """How many states of the machine were found again; 0 where the states do not close."""
    system = system_of(protocol)
    closed = close(system, limit=limit) if isinstance(system, System) else None
    if not isinstance(system, System) or not isinstance(closed, Closed):
        return 0
    bounds = bounded(protocol, 2, 2)
    count, wrong = missing(protocol, system, closed.states, bounds, FEW)
    assert wrong == []
    seen = explore(protocol, bounds, store_buffers=False, limit=FEW)
    judged = seen.violated - {name for name, _ in system.undecided}
    assert judged <= closed.violated
    assert seen.cuts <= closed.cuts
    return count


@pytest.mark.parametrize("name", SHIPPED)
def test_states_of_shipped_protocols_are_closed_states(name: str) -> None:
    assert _compared(shipped(name), MANY) > 100


def test_states_of_random_protocols_are_closed_states() -> None:
    counts = [_compared(checked(random_protocols.text(seed, weak=False)), FEW) for seed in SEEDS]
    assert sum(count > 0 for count in counts) > 14  # others free, interrupt or have too many states
