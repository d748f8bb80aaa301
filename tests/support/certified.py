"""Systems, their closed states and what is proved of them, for tests."""

from functools import cache

from smtmodel.encoding.certificate import ClaimedInvariant
from smtmodel.language.checked import Checked
from smtmodel.solving.result import Unbounded
from smtmodel.solving.strengthen import Strengthening
from smtmodel.solving.unbounded import decided, shown
from smtmodel.systems.classes import classes_of
from smtmodel.systems.close import Closed, close
from smtmodel.systems.groups import Grouping, unbounded
from smtmodel.systems.invariant import Invariant, claimed
from smtmodel.systems.system import System
from smtmodel.systems.translate import system_of

COUNTED = """\
protocol counted
shared n = 0
shared m = 0
update u {
    n = n + 1
    m = n
}
thread r {
    v = m
    w = n
    behind: assert v <= w
}
never ahead: m > n always
bounds updates 2, r 1
"""
"""A protocol of which an invariant with a few clauses shows all."""


def known(protocol: Checked) -> dict[str, Unbounded]:
    """What is known of each property for any number of updates and rounds."""
    return dict(shown(protocol, frozenset(one.name for one in protocol.properties)))


def proved(protocol: Checked) -> set[str]:
    """The properties that an invariant shows."""
    return {name for name, one in known(protocol).items() if one.proved}


def system(protocol: Checked) -> System:
    made = system_of(protocol)
    assert isinstance(made, System), made
    return made


def closed(made: System) -> Closed:
    found = close(made)
    assert isinstance(found, Closed), found
    return found


def grouping(made: System, found: Closed) -> Grouping:
    return Grouping(made, unbounded(made, classes_of(made), found.states))


@cache
def claim(protocol: Checked) -> ClaimedInvariant:
    """An invariant that proves whatever the closed states do not violate."""
    made = system(protocol)
    found = closed(made)
    names = claimed(made, found.violated)
    search = Strengthening(grouping(made, found), classes_of(made), found.states)
    return ClaimedInvariant(names, search.prove(frozenset(names)))


def judged(made: System, one: ClaimedInvariant) -> Unbounded:
    """What the obligations that a system makes of an invariant say about it."""
    return decided(Grouping(made, one.invariant.cells), one)


def changed(one: ClaimedInvariant, clauses: object) -> ClaimedInvariant:
    """The same claim with other clauses."""
    return ClaimedInvariant(one.names, Invariant(one.invariant.cells, clauses))  # type: ignore[arg-type]
