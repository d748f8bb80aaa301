"""Which events happen together, and that it matters which."""

from unittest.mock import patch

import pytest

from smtmodel.executions.explore import explore
from smtmodel.language.checked import DEADLOCK, Checked
from smtmodel.systems import movers
from smtmodel.systems.close import Closed, close
from smtmodel.systems.system import System
from smtmodel.systems.translate import system_of
from tests.support.abstracted import bounded
from tests.support.examples import checked, shipped

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
