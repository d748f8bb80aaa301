"""State per element, per lane and per object: the prover, the explorer and the third reading agree.

`python -m tests.support.random_lanes FIRST LAST` compares more seeds.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from unittest.mock import patch

import pytest

from smtmodel.encoding import objects, queries
from smtmodel.encoding.formula import TRUE
from smtmodel.encoding.instants import Instants
from smtmodel.events.graph import Kind
from smtmodel.events.unroll import _Unroller
from smtmodel.executions import lowering
from smtmodel.executions.event_actions import Side
from smtmodel.executions.frame import Frame
from smtmodel.language import arrays
from smtmodel.language.checked import Checked, Where
from smtmodel.models import SC, TSO
from smtmodel.solving import bounds as at_bounds
from smtmodel.source.record import replace
from smtmodel.verdict import Verdict
from tests.support import third_differential
from tests.support.differential import checked, compare, solver_alone
from tests.support.examples import checked as sure
from tests.support.examples import results
from tests.support.lengths import long_but
from tests.support.random_lanes import locks, plain, text

STATES = 2_000
FREE = Frame.free
EACH = 4


def _agree(chunk: int, make: Callable[..., str], *, shrinks: bool) -> None:
    compared = 0
    for seed in range(chunk * EACH, (chunk + 1) * EACH):
        for model in (SC, TSO):
            written = make(seed, weak=model is TSO)
            protocol = checked(written, weak=model is TSO)
            assert isinstance(protocol, Checked), (seed, protocol, written)
            found = compare(protocol, model, STATES, shrinks=shrinks and seed % 4 == 0)
            assert not found.differences, (seed, model.name, *found.differences, written)
            compared += found.finished
    assert compared >= EACH


@pytest.mark.parametrize("chunk", long_but((0,), range(30)))
def test_prover_and_explorer_agree_on_random_protocols(chunk: int) -> None:
    _agree(chunk, text, shrinks=True)


@pytest.mark.parametrize("chunk", long_but((0,), range(20)))
def test_prover_and_explorer_agree_on_random_locks(chunk: int) -> None:
    _agree(chunk, locks, shrinks=False)


@pytest.mark.parametrize("chunk", long_but((0,), range(40)))
def test_the_third_reading_agrees_on_random_protocols(chunk: int) -> None:
    alike = 0
    for seed in (2 * chunk, 2 * chunk + 1):
        for model in (SC, TSO):
            written = plain(seed, weak=model is TSO)
            asked = seed % 8 == 0
            found = third_differential.compare_text(written, model, STATES, prover=asked)
            assert not found.differences, (seed, model.name, *found.differences, written)
            alike += found.how == "alike"
    assert alike


def test_what_is_judged_before_a_first_event_that_never_comes_is_left_out_of_a_run() -> None:
    """One lane has an error there and is judged; the other waits for ever and is not."""
    protocol = sure(
        """protocol early "an assertion before the first event"
        shared s[2] = 0
        thread t {
            i = lane * 2
            early: assert lane == 2
            wait until (READ_ONCE(s[i]) != 0)
        }
        bounds t 2"""
    )
    _, found = results(protocol)
    assert found["early"].verdict is Verdict.REFUTED
    assert found["early"].run is not None


# ---------------------------------------------------------------- faults


def _one_lane_for_all() -> AbstractContextManager[object]:
    def first(base: object, kind: str | None, *expressions: object) -> list[str | None]:
        return [None if kind is None else f"{kind}0"]

    return patch.object(queries, "_lanes", first)


def _last_element_left_out() -> AbstractContextManager[object]:
    whole = _Unroller._each

    def less(self: _Unroller, step: object) -> None:
        whole(self, replace(step, length=1, lanes=None))  # type: ignore[type-var]

    return patch.object(_Unroller, "_each", less)


def _in_the_other_order() -> AbstractContextManager[object]:
    whole = lowering._each

    def reversed_(assembler: object, step: object, end: int) -> None:
        with patch.object(lowering, "range", lambda *ends: reversed(range(*ends)), create=True):
            whole(assembler, step, end)  # type: ignore[arg-type]

    return patch.object(lowering, "_each", reversed_)


FAULTS: dict[str, Callable[[], AbstractContextManager[object]]] = {
    "the first lane stands for all": _one_lane_for_all,
    "the prover looks at one element": _last_element_left_out,
    "the machine goes through an array backwards": _in_the_other_order,
}


TELLING = """protocol telling "the order of elements and the number of a lane make a difference"
shared a[2] = 0
shared k[cpu] = 0
shared x = 0
thread cpu {
    each i of a {
        a[i] = lane + x
        x = i + 1
    }
    k[lane] = lane
}
never second: k[lane] == 1 finally
bounds cpu 2
"""


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_a_fault_of_one_reading_is_noticed(
    fault: Callable[[], AbstractContextManager[object]],
) -> None:
    assert not compare(sure(TELLING), SC, STATES, shrinks=False).differences
    with fault():
        assert compare(sure(TELLING), SC, STATES, shrinks=False).differences


LOCK_FAULTS: dict[str, Callable[[], AbstractContextManager[object]]] = {
    "all locks of a name are one": lambda: patch.object(Instants, "alike", lambda *about: TRUE),
    "a lane takes a lock twice by two names": lambda: patch.object(
        Instants, "own", lambda self, event: []
    ),
    "the machine has one lock of a name": lambda: patch.object(
        Side, "of", lambda self, registers: self.number
    ),
    "the machine frees whatever is locked": lambda: patch.object(
        Frame, "free", _freed_without_a_look
    ),
}


def _freed_without_a_look(
    self: Frame, thing: tuple[int, int], where: Where | None, typesafe: dict[int, int]
) -> None:
    self.guards = {}
    FREE(self, thing, where, typesafe)


@pytest.mark.parametrize("fault", LOCK_FAULTS.values(), ids=LOCK_FAULTS)
def test_a_fault_about_locks_is_noticed(
    fault: Callable[[], AbstractContextManager[object]],
) -> None:
    with fault():
        assert any(
            compare(made, SC, STATES, shrinks=False).differences
            for seed in range(20)
            if isinstance(made := checked(locks(seed, weak=False)), Checked)
        )


def test_a_lock_that_is_used_when_it_is_freed_would_be_missed() -> None:
    protocol = sure(
        """protocol used "the lock of an object that another lane frees"
        struct page { spinlock l, data }
        object a: page = { data: 0 }
        shared p: page = a
        thread look { q = p spin_lock(&q->l) spin_unlock(&q->l) }
        thread drop { r = p kfree(r) }
        bounds look 1, drop 1"""
    )
    _, found = results(protocol)
    assert found["use_after_free"].verdict is Verdict.REFUTED
    assert found["lock_misuse"].verdict is Verdict.REFUTED
    with patch.object(objects, "USING", (Kind.FREE,)):
        _, found = results(protocol)
        assert found["use_after_free"].verdict is not Verdict.REFUTED


def test_the_third_reading_notices_a_fault_in_what_is_shared() -> None:
    """The first of several initial values for all of them."""
    real = arrays.initials_of

    def first(*given: object) -> object:
        return real(*given)[:1]  # type: ignore[arg-type]

    from smtmodel.language import defining

    with patch.object(defining, "initials_of", first):
        assert any(
            third_differential.compare_text(plain(seed, weak=False), SC, STATES).differences
            for seed in range(20)
        )


def test_fewer_lanes_that_are_counted_would_be_noticed() -> None:
    protocol = sure(
        """protocol counted "the sum of the slots of all lanes"
        shared slot[t] = 1
        thread t { sum = 0
            each i of slot { sum += slot[i] }
            one: assert sum != 1 }
        bounds t 2"""
    )
    with solver_alone(), patch.object(at_bounds, "counted", lambda protocol: frozenset()):
        _, found = results(protocol)
        assert found["one"].verdict is not Verdict.PROVED
