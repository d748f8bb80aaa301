"""A system that is made wrong is noticed: by states of the machine that are missing, or by a
property that holds and is violated then."""

from collections.abc import Callable
from unittest.mock import patch

import pytest

from smtmodel.executions.terms import Immediate, Term, registers_in
from smtmodel.language.checked import Checked
from smtmodel.source.record import replace
from smtmodel.systems import close as closing
from smtmodel.systems.canonical import Canon, canon
from smtmodel.systems.classes import classes_of
from smtmodel.systems.close import Closed, close
from smtmodel.systems.moves import Mover, _pointers
from smtmodel.systems.system import HOME, STOPPED, Edge, System
from smtmodel.systems.translate import system_of
from smtmodel.systems.ways import Way
from tests.support.abstracted import bounded, missing
from tests.support.examples import checked, shipped
from tests.support.lengths import long_but

STATES = 1_500

CORNERS = """\
protocol corners
struct node { data }
rcu list: node = { data: 0 }
shared n = 0
shared gen: bits 2 = 0
cache c { g, v }
spinlock l
update u {
    p = alloc node
    spin_lock(l)
    p.data = 1
    rcu_assign_pointer(list, p)
    x = fresh
    n = x
    gen = gen + 1
    spin_unlock(l)
    synchronize_rcu()
}
thread r {
    e = c
    if (filled(e) && e.g == gen)
        used: assert e.v >= 0
    else {
        rcu_read_lock()
        q = rcu_dereference(list)
        if (spin_trylock(l)) {
            d = q.data
            c = { g: gen, v: d }
            spin_unlock(l)
        }
        w = settled(n)
        known: assert w == 0 || w != 0
        rcu_read_unlock()
    }
}
bounds updates 2, r 1
"""


def _system(protocol: Checked) -> System:
    """Every event is an edge of its own: this is about what events do."""
    system = system_of(protocol, together=False)
    assert isinstance(system, System), system
    return system


def _missed(protocol: Checked, system: System) -> bool:
    """Whether some state of the machine is missing among those of the system."""
    closed = close(system)
    if not isinstance(closed, Closed):
        return True
    return bool(missing(protocol, system, closed.states, bounded(protocol, 2, 2), STATES)[1])


def _without(system: System, edge: Edge) -> System:
    return replace(system, edges=tuple(other for other in system.edges if other != edge))


@pytest.mark.parametrize("part", long_but([0], range(3)))
def test_a_dropped_edge_is_noticed(part: int) -> None:
    protocol = checked(CORNERS)
    system = _system(protocol)
    assert not _missed(protocol, system)
    taken: set[Edge] = set()
    with patch.object(closing._Closing, "_take", _noting(taken)):
        assert isinstance(close(system), Closed)
    edges = sorted(taken, key=lambda edge: (edge.lane, edge.source, edge.target, repr(edge)))
    assert len(edges) > 25
    asked = edges[part::3]
    unnoticed = [edge for edge in asked if not _missed(protocol, _without(system, edge))]
    # this edge ends a round of which nothing is left: it leads where the lane came from
    assert unnoticed == [one for one in asked if (one.lane, one.source, one.target) == (1, 7, HOME)]


def _noting(taken: set[Edge]) -> Callable[..., None]:
    take = closing._Closing._take

    def noted(search: closing._Closing, before: list, move: closing._Move) -> None:  # type: ignore[type-arg]
        taken.add(move.edge)
        take(search, before, move)

    return noted


def _violated(system: System) -> frozenset[str]:
    closed = close(system)
    assert isinstance(closed, Closed), closed
    return closed.violated


def test_a_guard_that_is_ignored_is_noticed() -> None:
    """Grace periods that end at once."""
    system = _system(shipped("paolo"))
    assert _violated(system) == frozenset()
    flags = {n for n, known in enumerate(system.quantities) if " waits for " in known.name}
    early = tuple(
        replace(edge, guards=tuple(g for g in edge.guards if not flags & registers_in(g)))
        for edge in system.edges
    )
    assert early != system.edges
    assert _violated(replace(system, edges=early)) != frozenset()


def test_a_section_that_is_not_recorded_is_noticed() -> None:
    system = _system(shipped("paolo"))
    flags = [n for n, known in enumerate(system.quantities) if " is inside " in known.name]
    assert flags
    zero = Immediate(0)
    forgetful = tuple(
        replace(edge, updates=tuple((n, t) for n, t in edge.updates if n not in flags or t == zero))
        for edge in system.edges
    )
    assert _violated(replace(system, edges=forgetful)) != frozenset()


@pytest.mark.parametrize("name", ["seqcount/g1:seqcount", "paolo"])
def test_a_modulus_that_is_halved_is_noticed(name: str) -> None:
    system = _system(shipped(name))

    def halved(given: System) -> object:
        known = classes_of(given)
        return tuple(replace(one, modulus=max(one.modulus // 2, 1)) for one in known)

    with patch.object(closing, "classes_of", halved):
        closed = close(system)
    states = closed.states if isinstance(closed, Closed) else frozenset()
    protocol = shipped(name)
    assert missing(protocol, system, states, bounded(protocol, 2, 2), STATES)[1]


def test_a_representative_that_is_left_out_is_noticed() -> None:
    """Two counters that move by one and by two, only ever at the distances that they begin with."""
    system = _system(
        checked(
            "protocol gaps\nshared n = 0\nshared b = 0\nupdate u { n = n + 1 }\n"
            "update v { b = b + 2 }\nthread r { y = n\n seen: assert y >= 0 }\n"
            "never meet: n == b + 3 settled\nbounds updates 2, r 1\n"
        )
    )
    assert "meet" in _violated(system)
    with patch.object(Canon, "representatives", lambda canon, state: iter([list(state)])):
        assert "meet" not in _violated(system)


def test_an_initial_value_that_is_wrong_is_noticed() -> None:
    protocol = checked(CORNERS)
    system = _system(protocol)
    number = [known.name for known in system.quantities].index("gen")
    changed = list(system.quantities)
    changed[number] = replace(changed[number], initial=1)
    assert _missed(protocol, replace(system, quantities=tuple(changed)))


def test_an_error_that_is_not_stopped_at_is_noticed() -> None:
    system = _system(
        checked(
            "protocol stops\nstruct node { data }\nshared list: node = null\nshared n = 0\n"
            "update u { n = n + 1 }\nthread r { q = list\n d = q.data\n zero: assert d == 0 }\n"
            "bounds updates 1, r 1\n"
        )
    )
    assert _violated(system) == {"null_dereference"}
    silent = tuple(edge for edge in system.edges if edge.target != STOPPED)
    assert _violated(replace(system, edges=silent)) == frozenset()


@pytest.mark.parametrize(
    ("name", "kept", "lost"),
    [
        ("rcu/g3:no_grace_period", "life of ", {"use_after_free", "together"}),
        ("rcu/g3:kfree_rcu", "the free of ", set()),
    ],
)
def test_what_becomes_of_an_object_that_is_not_recorded_is_noticed(
    name: str, kept: str, lost: set[str]
) -> None:
    """Objects that never become free, and deferred frees that wait for nobody."""
    protocol = shipped(name)
    system = _system(protocol)
    before = _violated(system)
    flags = {n for n, known in enumerate(system.quantities) if known.name.startswith(kept)}
    assert flags
    forgetful = tuple(
        replace(edge, updates=tuple(one for one in edge.updates if one[0] not in flags))
        for edge in system.edges
    )
    after = _violated(replace(system, edges=forgetful))
    assert before - after == lost
    assert after != before


def test_a_deferred_free_that_never_happens_is_noticed() -> None:
    """It waits for readers of one domain, and the reader is in a section of another."""
    system = _system(
        checked(
            "protocol late\nsrcu s\nstruct node { data }\nshared list: node = { data: 1 }\n"
            "update u { old = list\n new = alloc node\n new.data = 1\n list = new\n"
            "call_srcu(s, old) }\n"
            "thread r { rcu_read_lock()\n p = list\n d = p.data\n one: assert d == 1\n"
            "rcu_read_unlock() }\nbounds updates 2, r 1\n"
        )
    )
    assert "use_after_free" in _violated(system)
    without = tuple(edge for edge in system.edges if edge.lane < len(system.lanes))
    assert _violated(replace(system, edges=without)) == frozenset()


def test_an_object_that_nobody_has_again_is_noticed() -> None:
    """A free object that a reader still holds comes back as the next version."""
    protocol = shipped("rcu/g3:no_grace_period")
    system = _system(protocol)
    known = [n for n, one in enumerate(system.quantities) if one.name.startswith("life of ")]
    only_new = tuple(
        edge
        for edge in system.edges
        if not any(
            number in known and term == Immediate(0) and {number} & registers_in(edge.guards)
            for number, term in edge.updates
        )
    )
    assert "together" in _violated(system)
    assert "together" not in _violated(replace(system, edges=only_new))


LOCKED = (
    "spinlock l[2]\nshared a[2] = 0\nthread r { i = choose 0..1\n spin_lock(l[i])\n a[i] = 1\n"
    "y = a[i]\n mine: assert y == 1\n a[i] = 0\n spin_unlock(l[i]) }\nbounds r 2\n"
)
GUARDED = (
    "struct node { spinlock l, data }\nshared list: node = { data: 1 }\n"
    "thread r { p = list\n spin_lock(&p->l)\n p.data = 2\n y = p.data\n mine: assert y == 2\n"
    "p.data = 1\n spin_unlock(&p->l) }\nbounds r 2\n"
)
MASKED = (
    "shared n = 0\nthread t { local_irq_disable()\n a = n\n b = n\n mine: assert a == b\n"
    "local_irq_enable() }\nthread irq on t { n = 1 }\nbounds t 1, irq 1\n"
)


@pytest.mark.parametrize(
    ("content", "kept"), [(LOCKED, "holder of "), (GUARDED, "holder of "), (MASKED, "who ")]
)
def test_locks_and_interrupts_that_are_not_recorded_are_noticed(content: str, kept: str) -> None:
    system = _system(checked(f"protocol held\n{content}"))
    assert _violated(system) == frozenset()
    flags = {n for n, known in enumerate(system.quantities) if known.name.startswith(kept)}
    forgetful = tuple(
        replace(edge, updates=tuple(one for one in edge.updates if one[0] not in flags))
        for edge in system.edges
    )
    assert forgetful != system.edges
    assert _violated(replace(system, edges=forgetful)) == {"mine"}


HELD = """\
protocol held
struct node { data }
shared list: node = { data: 1 }
shared n = 0
update u {
    p = alloc node
    v = choose 0..1
    p.data = v
    n = v
    list = p
}
thread r {
    p = list
    a = p.data
    _m = n
    b = p.data
    same: assert a == b
}
bounds updates 2, r 1
"""


def test_a_slot_that_only_a_local_names_is_not_had_again() -> None:
    protocol = checked(HELD)
    assert _violated(_system(protocol)) == frozenset()

    def shared(mover: Mover, on: Way, struct: str, into: int) -> list[Term]:
        inside = set(mover.room.held.values())
        known = enumerate(mover.room.quantities)
        outside = [(on.value(n), one.sort) for n, one in known if n not in inside]
        return [term for value, sort in outside for term in _pointers(value, sort, struct)]

    with patch.object(Mover, "_naming", shared):
        assert "same" in _violated(_system(protocol))


def test_an_object_that_only_a_local_reaches_is_not_forgotten() -> None:
    system = _system(checked(HELD))
    held = {n for n, known in enumerate(system.quantities) if known.name.startswith("p of ")}
    assert held
    made = canon(system, classes_of(system))
    forgetful = replace(made, roots=tuple(one for one in made.roots if one not in held))
    with patch.object(closing, "canon", lambda system, classes: forgetful):
        assert _violated(system) != frozenset()


def test_a_local_that_is_forgotten_at_the_end_is_noticed() -> None:
    system = _system(
        checked(
            "protocol ends\nshared v = 0\nmutex m\nupdate u { v = v + 1 }\n"
            "thread r { x = v\n mutex_lock(m)\n mutex_unlock(m) }\n"
            "never early: r[0].x == 0 finally\nbounds updates 2, r 1\n"
        )
    )
    assert _violated(system) == {"early"}
    last = {n for n, known in enumerate(system.quantities) if known.name.startswith("last x")}
    forgetful = tuple(
        replace(edge, updates=tuple(one for one in edge.updates if one[0] not in last))
        for edge in system.edges
    )
    assert _violated(replace(system, edges=forgetful)) == frozenset()
