"""Which events happen together, and that it matters which."""

from unittest.mock import patch

import pytest

from smtmodel.executions import event_actions
from smtmodel.executions.actions import Action
from smtmodel.executions.event_actions import FreeObject, TakeToken, Write
from smtmodel.executions.explore import explore
from smtmodel.executions.terms import registers_in
from smtmodel.language.checked import DEADLOCK, Checked
from smtmodel.systems import movers
from smtmodel.systems.close import Closed, close
from smtmodel.systems.system import System
from smtmodel.systems.translate import system_of
from tests.support import steps
from tests.support.abstracted import bounded
from tests.support.examples import checked, shipped

Fault = tuple[object, str, object]
"""What is put instead of something of this name."""

LOCKED = """\
protocol locked
spinlock l
shared a = 0
shared b = 0
update u {
    spin_lock(l)
    a = 1
    b = 1
    a = 2
    spin_unlock(l)
}
thread r {
    READ
    same: assert x != 1 || y == 2
}
bounds updates 1, r 1
"""

INSIDE = "spin_lock(l)\n x = b\n y = a\n spin_unlock(l)"
OUTSIDE = "x = b\n y = a"
TRIED = "x = 0\n y = 0\n if (spin_trylock(l))\n spin_unlock(l)\n else\n x = 1"
SECOND = """\
protocol second
srcu s
mutex l
shared a = 0
update u {
    if (a == 0) {
        mutex_lock(l)
        a = 1
        synchronize_srcu(s)
        mutex_unlock(l)
    }
}
thread r {
    srcu_read_lock(s)
    x = a
    if (x == 1) {
        mutex_lock(l)
        mutex_unlock(l)
    }
    srcu_read_unlock(s)
}
bounds updates 1, r 1
"""


def _violated(protocol: Checked) -> frozenset[str]:
    system = system_of(protocol)
    assert isinstance(system, System)
    closed = close(system)
    assert isinstance(closed, Closed)
    return closed.violated


def _edges(protocol: Checked, lane: str) -> list[tuple[int, int]]:
    system = system_of(protocol)
    assert isinstance(system, System)
    number = [one.name for one in system.lanes].index(lane)
    return sorted(
        {(e.source, e.target) for e in system.edges if e.lane == number and e.target >= 0}
    )


@pytest.mark.parametrize(
    ("read", "wrong"), [(INSIDE, set()), (OUTSIDE, {"same"}), (TRIED, {"same"})]
)
def test_sections_of_a_lock_are_one_step_where_nobody_looks_into_them(
    read: str, wrong: set[str]
) -> None:
    protocol = checked(LOCKED.replace("READ", read))
    assert _violated(protocol) == wrong
    seen = explore(protocol, bounded(protocol, 2, 2), store_buffers=False, limit=5_000)
    assert seen.violated == wrong


def test_a_section_of_a_lock_is_one_step() -> None:
    inside = checked(LOCKED.replace("READ", INSIDE))
    outside = checked(LOCKED.replace("READ", OUTSIDE))
    assert len(_edges(inside, "r0")) == 1
    assert len(_edges(outside, "r0")) > 1
    assert len(_edges(inside, "update0")) < len(_edges(outside, "update0"))


def test_lanes_that_wait_for_each_other_inside_of_a_section_are_seen() -> None:
    protocol = checked(SECOND)
    assert _violated(protocol) == {DEADLOCK}
    # a section that begins with what is read in it, where the grace period begins with the write
    with patch.object(movers._Programs, "_quiet", lambda known, domain: True):
        assert _violated(protocol) == set()


@pytest.mark.parametrize("name", ["paolo-no-low-bit-test", "seqcount/g1:no_second_check"])
def test_steps_that_others_can_tell_apart_taken_together_are_noticed(name: str) -> None:
    """Violations are lost then, which the comparison with single events and with runs shows."""
    protocol = shipped(name)
    wrong = _violated(protocol)
    assert wrong
    with patch.object(movers._Programs, "_apart", lambda known, one: True):
        assert not wrong <= _violated(protocol)


def test_locks_that_are_not_the_same_keep_nothing_apart() -> None:
    """Each lane has its own lock: what they do is not kept apart."""
    text = LOCKED.replace("spinlock l\n", "spinlock l\nspinlock m\n")
    protocol = checked(text.replace("READ", INSIDE.replace("(l)", "(m)")))
    assert _violated(protocol) == {"same"}
    with patch.object(movers, "_locks", lambda action, held: frozenset({"any"})):
        assert _violated(protocol) == set()


def _tells(_: object, *given: object) -> bool:
    return False


def _only(_: object, *given: object) -> bool:
    return True


NOTICED = {
    "a lock that another lane tries to take": (
        LOCKED.replace("READ", TRIED),
        "same",
        ("_told", _tells),
    ),
    "the begin of an update, where another lane writes what `settled` is about": (
        """\
protocol begun
shared e = 0
shared x = 0
update u { x = 1 }
thread w {
    e = 1
    seen = settled(e)
    same: assert seen == 1
}
bounds updates 1, w 1
""",
        "same",
        ("_only_update", _only),
    ),
    "a ghost that is written with an event": (
        """\
protocol noted
ghost g = 0
shared x = 0
update u {
    x = 1
    g = 1
    x = 2
    g = 0
}
never noted: g == 1 always
bounds updates 1
""",
        "noted",
        ("_ghosts", staticmethod(_tells)),
    ),
}


@pytest.mark.parametrize("name", NOTICED)
def test_what_tells_the_instant_of_an_event_is_looked_at(name: str) -> None:
    text, wrong, (rule, fault) = NOTICED[name]
    protocol = checked(text)
    assert _violated(protocol) == {wrong}
    with patch.object(movers._Programs, rule, fault):
        assert wrong not in _violated(protocol)


def test_writes_that_a_property_sees_are_steps_of_their_own() -> None:
    protocol = checked(
        "protocol seen\nshared x = 0\nupdate u {\n x = 1\n x = 0\n}\n"
        "never one: x == 1 always\nbounds updates 1\n"
    )
    assert _violated(protocol) == {"one"}
    with patch.object(movers, "_names", lambda things: iter(())):
        assert _violated(protocol) == set()


def _moving(action: type, *, left: bool = True) -> Fault:
    """Such events move, whatever else is so."""
    moves = movers._Programs._moves

    def moved(known: movers._Programs, lane: int, place: int, *, right: bool) -> bool:
        if isinstance(known.programs[lane].ops[place].action, action):
            return right or left
        return moves(known, lane, place, right=right)

    return (movers._Programs, "_moves", moved)


def _kept(action: Action, known: frozenset[movers.Pointing]) -> frozenset[movers.Pointing]:
    """What is written to memory stays private."""
    return known if isinstance(action, Write) else movers_pointing(action, known)


def _by_one_name(action: Action, known: frozenset[movers.Pointing]) -> frozenset[movers.Pointing]:
    """Only a write of what surely points to a private object makes it known."""
    if isinstance(action, Write):
        sure = {(number, True) for number in registers_in(action.value)} & known
        return movers_pointing(action, known) if sure else known
    return movers_pointing(action, known)


def _any_lock(action: Action, held: frozenset[str]) -> frozenset[str]:
    """Locks of an array are one, and so are the two sides of a lock."""
    match action:
        case event_actions.Acquire(side=side):
            return held | {side.lock.name}
        case event_actions.Release(side=side):
            return held - {side.lock.name}
        case _:
            return held


def _into_blocks(known: movers.Movers, place: int, *, begun: bool) -> bool:
    return place not in known.waiting and (place in known.left or not begun)


movers_pointing = movers._pointing

FAULTS: dict[str, tuple[str, Fault]] = {
    "tokens of several lanes move": ("a token is drawn after a read", _moving(TakeToken)),
    "what is written to memory stays private": (
        "published through a second object",
        (movers, "_pointing", _kept),
    ),
    "a second name makes nothing known": ("alias ternary", (movers, "_pointing", _by_one_name)),
    "tries move": ("a read after a try that failed", _moving(event_actions.TryAcquire)),
    "releases move right": ("a read after the lock", _moving(event_actions.Release)),
    "sections are entered earlier": (
        "section entered after what it protects",
        _moving(event_actions.EnterSection),
    ),
    "`settled` is read at another instant": ("settled read twice", _moving(event_actions.Recall)),
    "an update returns at another instant": (
        "settled of what a thread writes",
        _moving(event_actions.ReturnUpdate),
    ),
    "frees move right": ("free only for a moment", _moving(FreeObject, left=False)),
    "objects that are freed are like others": (
        "freed while it is read",
        (movers, "freed_structs", lambda protocol: frozenset()),
    ),
    "a side of a lock keeps all others out": (
        "a reader that writes",
        (movers, "_locks", _any_lock),
    ),
    "all locks of an array are one": (
        "locks of an array, one element",
        (movers, "_locks", _any_lock),
    ),
    "atomic blocks begin in the middle": (
        "an atomic block after a write",
        (movers.Movers, "follows", _into_blocks),
    ),
    "lanes wait in the middle": ("three locks in a circle", (movers, "WAITING", ())),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_rule_that_is_too_generous_is_noticed(fault: str) -> None:
    title, (where, name, instead) = FAULTS[fault]
    protocol = steps.protocol(title)
    wrong = steps.refuted(protocol)
    assert _violated(protocol) == wrong
    with patch.object(where, name, instead):
        assert _violated(protocol) < wrong
