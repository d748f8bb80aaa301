"""The solver and the enumerator say the same of litmus tests, end by end and flag by flag."""

import pytest

from smtmodel.executions.enumerated import enumerated
from smtmodel.litmus.ends import Ends
from smtmodel.litmus.instructions import kernel
from smtmodel.litmus.parse import parse
from smtmodel.litmus.program import (
    Equals,
    FinalValue,
    Integer,
    LitmusTest,
    RegisterOf,
    SomeHolds,
)
from smtmodel.litmus.unroll import unroll
from smtmodel.models.lkmm import LKMM
from smtmodel.solving import satisfying
from smtmodel.solving.ends import solved
from smtmodel.solving.result import Limits
from smtmodel.source import Text
from smtmodel.source.record import replace
from tests.support.lengths import long, long_but
from tests.support.litmus_corpus import disagreements, needs_corpus, published
from tests.support.random_litmus import random_test
from tests.support.shaped_litmus import shaped_test


def read(text: Text) -> LitmusTest:
    test = parse(text, kernel())
    assert isinstance(test, LitmusTest), test
    return test


def by_solver(test: LitmusTest, *, every: bool) -> Ends:
    return solved(test, unroll(test), LKMM, Limits(), every=every)


def observing_all(test: LitmusTest) -> LitmusTest:
    """The test with a condition that speaks of all its registers and numbers."""
    named = [(int(lane[1:]), name) for lane, _, name in unroll(test).locals if name[0] == "r"]
    places = [RegisterOf(*one) for one in named]
    seen = [*places, *(FinalValue(name) for name, _ in test.variables if name in "xyz")]
    return replace(test, condition=SomeHolds(tuple(Equals(one, Integer(1)) for one in seen)))


@pytest.mark.parametrize("sections", [False, True])
@pytest.mark.parametrize("seed", long_but(range(8), range(150)))
def test_random_tests_end_alike(seed: int, sections: bool) -> None:
    test = observing_all(read(Text("test", random_test(seed, sections=sections))))
    found = enumerated(test, LKMM, every=True)
    assert by_solver(test, every=True) == found
    assert by_solver(test, every=False).frequency is found.frequency


def test_both_solvers_find_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    test = observing_all(read(Text("test", random_test(5, sections=True))))
    found = by_solver(test, every=True)
    other = solved(test, unroll(test), LKMM, Limits(seed=1), every=True)
    assert other == found
    monkeypatch.setattr(satisfying, "CLAUSES", 0)
    assert by_solver(test, every=True) == found


@pytest.mark.parametrize("seed", long_but(range(8), range(150)))
def test_tests_around_a_cycle_end_alike(seed: int) -> None:
    test = observing_all(read(Text("test", shaped_test(seed))))
    assert by_solver(test, every=True) == enumerated(test, LKMM, every=True)


def verdict(text: Text) -> str:
    return by_solver(read(text), every=False).frequency.value


@needs_corpus
def test_some_public_tests() -> None:
    assert disagreements(40, verdict) == set()


@long
@needs_corpus
def test_public_tests() -> None:
    assert disagreements(1, verdict) == set()


@long
@needs_corpus
def test_public_tests_end_alike() -> None:
    small = 0
    for text, _ in published(3):
        test = read(text)
        if len(unroll(test).events) < 16:
            small += 1
            assert by_solver(test, every=True) == enumerated(test, LKMM, every=True), text.name
    assert small > 150
