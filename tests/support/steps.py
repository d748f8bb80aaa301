"""What is violated where events happen together, where each happens alone, and in runs."""

from smtmodel.executions.explore import explore
from smtmodel.language.checked import Checked
from smtmodel.systems.close import Closed, close
from smtmodel.systems.invariant import claimed
from smtmodel.systems.slicing import sliced
from smtmodel.systems.system import System
from smtmodel.systems.translate import system_of
from tests.support.abstracted import bounded
from tests.support.examples import checked
from tests.support.steps_of_locks import STEPS as LOCKS
from tests.support.steps_of_objects import STEPS as OBJECTS

STEPS = LOCKS | OBJECTS

RUNS = 60_000
"""Up to how many states of runs are looked at."""


def protocol(title: str) -> Checked:
    """The protocol of this title."""
    return checked(f"protocol steps\n{STEPS[title]}")


def violated(protocol: Checked, *, together: bool = True) -> frozenset[str]:
    """What the closed states violate."""
    system = system_of(protocol, together=together)
    assert isinstance(system, System), system
    closed = close(system)
    assert isinstance(closed, Closed), closed
    return closed.violated


def violated_in_parts(protocol: Checked) -> frozenset[str]:
    """What the closed states of the part violate that each property by itself depends on."""
    system = system_of(protocol)
    assert isinstance(system, System), system
    found: set[str] = set()
    for name in claimed(system, ()):
        closed = close(sliced(system, [name]))
        assert isinstance(closed, Closed), closed
        found |= closed.violated
    return frozenset(found)


def refuted(protocol: Checked) -> frozenset[str]:
    """What the file expects to be refuted."""
    return frozenset(one.name for one in protocol.expectations if one.verdict == "refuted")


def run(protocol: Checked, updates: int = 2, rounds: int = 2) -> frozenset[str]:
    """What the runs within these bounds violate, of what the system judges."""
    bounds = bounded(protocol, updates, rounds)
    seen = explore(protocol, bounds, store_buffers=False, limit=RUNS)
    assert seen.finished
    system = system_of(protocol)
    assert isinstance(system, System)
    return seen.violated - {name for name, _ in system.undecided}
