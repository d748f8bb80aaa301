"""What the machine does at finite bounds is among what the system does at none.

States are compared with those of the system in which every event is an edge of its own, violations
with those of the system in which events happen together."""

import pytest

from smtmodel.executions.explore import explore
from smtmodel.language.checked import Checked
from smtmodel.systems.canonical import canon
from smtmodel.systems.classes import classes_of
from smtmodel.systems.close import Closed, close
from smtmodel.systems.system import System
from smtmodel.systems.translate import system_of
from tests.support import differential, random_frees, random_lanes, random_protocols, third_programs
from tests.support.abstracted import bounded, exchanged_states, missing
from tests.support.examples import checked, shipped
from tests.support.lengths import long_but
from tests.support.third_differential import with_properties

SHIPPED = (
    "paolo",
    "paolo-no-low-bit-test",
    "xiao",
    "single-dereference",
    "ipv6/n2:raised_last",
    "seqcount/g1:seqcount",
    "fuse/f7:no_check",
    "rcu/g3:single_dereference",
    "rcu/g3:no_grace_period",
    "rcu/g3:kfree_rcu",
    "slub/m9:id_after_next",
    "vfs/v1:locks",
)
FEW, MANY = 1_500, 20_000
"""Up to how many states are followed, of random and of shipped protocols."""


def _compared(protocol: Checked, limit: int) -> int:
    """How many states of the machine were found again; 0 where the states do not close."""
    system = system_of(protocol, together=False)
    closed = close(system, limit=limit) if isinstance(system, System) else None
    if not isinstance(system, System) or not isinstance(closed, Closed):
        return 0
    _same(protocol, closed)
    bounds = bounded(protocol, 2, 2)
    count, wrong = missing(protocol, system, closed.states, bounds, FEW)
    assert wrong == []
    seen = explore(protocol, bounds, store_buffers=False, limit=FEW)
    judged = seen.violated - {name for name, _ in system.undecided}
    assert judged <= closed.violated
    assert seen.cuts <= closed.cuts
    return count


def _same(protocol: Checked, apart: Closed) -> None:
    """Where events happen together the same is violated, in states that are among the others."""
    system = system_of(protocol)
    assert isinstance(system, System)
    together = close(system, limit=MANY)
    assert isinstance(together, Closed)
    assert together.violated == apart.violated
    assert together.cuts == apart.cuts
    known = canon(system, classes_of(system))
    states = set(apart.states)
    for state in together.states:
        assert not states.isdisjoint(exchanged_states(known, state))


@pytest.mark.parametrize("name", long_but(("paolo", *SHIPPED[4:6], *SHIPPED[7:]), SHIPPED))
def test_states_of_shipped_protocols_are_closed_states(name: str) -> None:
    assert _compared(shipped(name), MANY) > 100


@pytest.mark.parametrize("seeds", long_but([range(4)], [range(4), range(4, 24)]), ids=str)
def test_states_of_random_protocols_are_closed_states(seeds: range) -> None:
    counts = [_compared(checked(random_protocols.text(seed, weak=False)), FEW) for seed in seeds]
    # others have too many states, or objects
    assert sum(count > 0 for count in counts) > len(seeds) // 4


def _calls(seed: int, *, weak: bool) -> str:
    """Calls of definitions, bits, breaks, branches in a value; with a property that reads all."""
    return with_properties(third_programs.text(seed, weak=weak), [])


def _frees(seed: int, *, weak: bool) -> str:
    """Objects that are freed, now and later, and had again."""
    assert not weak
    return random_frees.text(seed)


OTHERS = {
    "lanes": random_lanes.text,
    "elements": random_lanes.plain,
    "calls": _calls,
    "frees": _frees,
}


SOME = [("lanes", range(8)), ("frees", range(8))]


@pytest.mark.parametrize(
    ("kind", "seeds"),
    long_but(SOME, [*SOME, *((kind, range(14)) for kind in OTHERS)]),
    ids=str,
)
def test_so_are_those_of_protocols_with_state_per_lane_with_calls_and_with_frees(
    kind: str, seeds: range
) -> None:
    counts = []
    for seed in seeds:
        protocol = differential.checked(OTHERS[kind](seed, weak=False))
        assert isinstance(protocol, Checked)
        counts.append(_compared(protocol, FEW))
    assert sum(count > 0 for count in counts) > len(seeds) // 4
