"""What properties see of memory is on the clock what it is pair by pair.

Compared on random protocols; faults put on purpose into what is late, what is observed and what is
visible are noticed on some of them.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from functools import cache
from typing import Any
from unittest.mock import patch

import pytest

from smtmodel.encoding import cuts, observer, visibility
from smtmodel.encoding.contraction import Condition
from smtmodel.encoding.cuts import Cuts
from smtmodel.encoding.forms import EncodingForm
from smtmodel.encoding.observer import ObservingClock
from smtmodel.encoding.visibility import Covered, Visibility, WaysInAssignment
from smtmodel.language.checked import Checked, Never
from smtmodel.litmus.program import LitmusTest
from smtmodel.litmus.unroll import unroll
from smtmodel.litmus.written.protocol import Wanted, WrittenProtocol
from smtmodel.models.terms import Relation
from smtmodel.solving.ends import Contradicted, LitmusQuestions
from smtmodel.solving.result import Limits
from smtmodel.solving.weakly import MODELS
from smtmodel.source.record import replace
from tests.litmus import test_propagation
from tests.litmus.test_propagation import ending
from tests.litmus.test_solved import observing_all
from tests.support.differential import checked
from tests.support.lengths import long_but
from tests.support.random_weak import weak

EVENTS = 36


@cache
def asked(text: str) -> tuple[Wanted, ...]:
    """The questions about a protocol, but for what is too large pair by pair."""
    protocol = checked(text)
    assert isinstance(protocol, Checked), text
    written = WrittenProtocol(protocol)
    properties = [one for one in protocol.properties if isinstance(one, Never)]
    found = [wanted for item in properties for wanted in written.violations(item)]
    return tuple(one for one in found if len(unroll(one.test).events) <= EVENTS)


def shown(wanted: Wanted, form: EncodingForm) -> bool:
    """Whether the execution that is asked for is found."""
    model = replace(MODELS[wanted.view], flags=())
    graph = unroll(wanted.test)
    return LitmusQuestions(wanted.test, graph, model, Limits(), form).violating() is not None


def agree(text: str) -> bool:
    """Whether all is answered alike in both forms."""
    try:
        return all(
            shown(one, EncodingForm.FAST) == shown(one, EncodingForm.LITERAL) for one in asked(text)
        )
    except Contradicted:
        return False


@pytest.mark.parametrize("seed", long_but(range(2), range(200)))
def test_random_protocols_are_answered_alike(seed: int) -> None:
    assert agree(weak(seed)), weak(seed)


# ---------------------------------------------------------------- faults

Fault = Callable[[], AbstractContextManager[object]]


def dropped(owner: type, method: str, relation: Relation) -> Fault:
    """Without the edges that a relation gives."""
    kept = getattr(owner, method)

    def edges(self: Any, *given: Any, **more: Any) -> Iterator[Any]:
        return (edge for edge in kept(self, *given, **more) if edge[2] is not relation)

    return lambda: patch.object(owner, method, edges)


def ignored(method: str, relation: Relation) -> Fault:
    """Where a relation bounds no access."""
    kept = getattr(Visibility, method)

    def pairs(self: Any, asked: Relation, event: int) -> Iterator[Any]:
        return iter(()) if asked is relation else kept(self, asked, event)

    return lambda: patch.object(Visibility, method, pairs)


def instead(owner: Any, name: str, other: Any) -> Fault:
    return lambda: patch.object(owner, name, other)


def _no_cut(self: Cuts, steps: list[Any]) -> None:
    """Nothing is late."""


_all_edges = Cuts._further


def _not_whole(self: Cuts, sections: Any) -> Iterator[Any]:
    self.whole = ()
    return _all_edges(self, sections)


_choice = Cuts.law


def _unbound(self: Cuts, section: Any) -> list[Any]:
    """The order of a section and a grace period is chosen for the clock alone."""
    return [] if section in self._laws else _choice(self, section)


UNFINISHED = """protocol unfinished
shared x = 0
shared y = 0
update u {
    WRITE_ONCE(x, 1)
    seen = READ_ONCE(y)
    assume seen == 1
    WRITE_ONCE(y, 2)
}
never half: x == 1 settled
bounds updates 1
"""
HALVES = """protocol halves
shared x = 0
shared y = 0
update u {
    WRITE_ONCE(x, 1)
    WRITE_ONCE(y, 1)
}
never half: x == 1 && y == 0 settled
bounds updates 1
"""
PLAIN_FIRST = """protocol plain_first
shared x = 0
shared y = 0
thread writer {
    x = 1
    smp_wmb()
    WRITE_ONCE(y, 1)
}
never late: x == 0 when y == 1 always
bounds writer 1
"""
ENTRY_FIRST = """protocol entry_first
shared x = 0
cache c { a }
fault f {
    c = { a: 0 }
    c = { a: 1 }
    WRITE_ONCE(x, 1)
}
never late: c.a != 1 when x == 1 always
bounds faults 1
"""
GRACE = """protocol grace
shared x = 0
shared y = 0
shared z = 0
thread inside {
    rcu_read_lock()
    WRITE_ONCE(y, 1)
    WRITE_ONCE(z, 1)
    rcu_read_unlock()
}
thread waiting {
    seen = READ_ONCE(y)
    assume seen == 1
    synchronize_rcu()
    WRITE_ONCE(x, 1)
}
never late: z == 0 when x == 1 always
bounds inside 1, waiting 1
"""

CUT_FAULTS: dict[str, tuple[Fault, str]] = {
    "nothing is late": (instead(Cuts, "_spread", _no_cut), weak(1)),
    "plain accesses are nowhere": (dropped(Cuts, "_further", cuts.BESIDE), PLAIN_FIRST),
    "updates in progress are settled": (dropped(Cuts, "_further", cuts.NOT_OVER), UNFINISHED),
    "updates in parts": (instead(Cuts, "_further", _not_whole), HALVES),
    "what is late keeps to no order of sections": (instead(Cuts, "law", _unbound), GRACE),
    "what is observed need not have come": (
        dropped(ObservingClock, "helping", observer.READ),
        weak(1),
    ),
    "a lane may read its entry too late": (
        dropped(ObservingClock, "helping", observer.WATCHED_BEFORE),
        weak(2),
    ),
    "a lane may read its entry too early": (
        dropped(ObservingClock, "helping", observer.WATCHED_BEHIND),
        ENTRY_FIRST,
    ),
    "updates that are over are not seen": (
        dropped(ObservingClock, "helping", observer.OVER_BEFORE),
        weak(2),
    ),
    "updates to come are seen": (
        dropped(ObservingClock, "helping", observer.TO_COME_BEHIND),
        HALVES,
    ),
}


@pytest.mark.parametrize("name", CUT_FAULTS)
def test_faults_are_noticed(name: str) -> None:
    fault, text = CUT_FAULTS[name]
    assert agree(text)
    with fault():
        assert not agree(text)


BARRED = ending(
    "0:r0=0 /\\ 1:r1=0",
    "*x = 1; smp_mb(); r0 = READ_ONCE(*y);",
    "WRITE_ONCE(*y, 1); smp_mb(); r2 = READ_ONCE(*z); smp_rmb(); r1 = *x;",
)
FENCED = ending(
    "1:r0=1 /\\ 1:r1=0",
    "*x = 1; smp_wmb(); WRITE_ONCE(*y, 1);",
    "r0 = READ_ONCE(*y); if (r0 == 1) { smp_rmb(); r1 = *x; }",
)
READ_FIRST = ending(
    "0:r0=1",
    "r0 = *x; smp_mb(); WRITE_ONCE(*y, 1);",
    "r1 = READ_ONCE(*y); if (r1 == 1) { smp_mb(); *x = 1; }",
)
IN_SECTION = ending(
    "0:r0=0 /\\ 1:r1=0",
    "rcu_read_lock(); r0 = READ_ONCE(*y); if (r0 == 0) { *x = 1; } rcu_read_unlock();",
    "WRITE_ONCE(*y, 1); synchronize_rcu(); r1 = *x;",
)

PLAIN_FAULTS: dict[str, tuple[Fault, LitmusTest]] = {
    "fences behind a plain write order nothing": (ignored("_leading", visibility.FENCED), FENCED),
    "full barriers behind a plain write order nothing": (
        ignored("_leading", visibility.STRONGLY),
        BARRED,
    ),
    "fences behind a plain read order nothing": (
        ignored("_leading", visibility.READ_BEFORE),
        READ_FIRST,
    ),
    "fences before a plain write order nothing": (
        ignored("_led", visibility.FENCED_BEFORE),
        READ_FIRST,
    ),
    "fences before a plain read order nothing": (ignored("_led", visibility.READ_AFTER), FENCED),
    "plain accesses are bounded by no grace period": (
        instead(WaysInAssignment, "_orders", lambda self, point, second: iter(())),
        IN_SECTION,
    ),
    "no order of sections and grace periods": (
        instead(WaysInAssignment, "_ordered", lambda self, one: iter(())),
        IN_SECTION,
    ),
}


@pytest.mark.parametrize("name", PLAIN_FAULTS)
def test_faults_of_what_is_visible_are_noticed(name: str) -> None:
    fault, test = PLAIN_FAULTS[name]
    assert test_propagation.agree(test)
    with fault():
        assert not test_propagation.still(test)


PASSED = observing_all(
    ending(
        "1:r0=0",
        "*x = 1; smp_wmb(); WRITE_ONCE(*y, 1);",
        "r0 = READ_ONCE(*y); smp_rmb(); r1 = *x;",
    )
)
way_found = WaysInAssignment.way


def _always(self: WaysInAssignment, one: Covered) -> Condition | None:
    return None if way_found(self, one) is None else frozenset()


LATE_FAULTS: dict[str, Fault] = {
    "what is visible once is so always": instead(WaysInAssignment, "way", _always),
    "no way is looked for": instead(Visibility, "_refused", lambda self, holds: []),
}


def ends_alike(test: LitmusTest) -> bool:
    forms = (EncodingForm.FAST, EncodingForm.LITERAL)
    try:
        fast, literal = (test_propagation.found(test, form, every=True) for form in forms)
    except Contradicted:
        return False
    return fast == literal


@pytest.mark.parametrize("name", LATE_FAULTS)
def test_faults_in_what_is_stated_when_it_is_needed_are_noticed(name: str) -> None:
    assert ends_alike(PASSED)
    with LATE_FAULTS[name]():
        assert not ends_alike(PASSED)
