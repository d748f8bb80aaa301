"""The explorer beside the solver: who decides, that both agree, and the same smallest run."""

from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path

import pytest

from smtmodel import pipeline
from smtmodel.commands.expectations import expected
from smtmodel.encoding.formula import TooManyClauses
from smtmodel.executions.explore import explore
from smtmodel.language.checked import Bounds, Checked, Property
from smtmodel.models import SC
from smtmodel.solving import engines, explored
from smtmodel.solving.asking import Asking, Finding
from smtmodel.solving.bounds import least
from smtmodel.solving.decide import decide
from smtmodel.solving.engines import Engines
from smtmodel.solving.obligations import Question
from smtmodel.solving.questions import Questions
from smtmodel.solving.result import EXPLORER, Coverage, Limits, Result
from smtmodel.solving.solver import Solver, Unknown
from smtmodel.source.refusal import Refusal
from smtmodel.verdict import Cause, Verdict
from tests.support.differential import checked, crowded, solver_alone
from tests.support.examples import results, shipped
from tests.support.lengths import long_but
from tests.support.processes import ROOT
from tests.support.random_protocols import text

NAMES = ("original", "paolo", "xiao", "paolo-no-grace-period", "paolo-no-low-bit-test")
Found = tuple[Coverage | None, dict[str, Result]]


def _verdicts(found: Found) -> dict[str, Verdict]:
    return {name: result.verdict for name, result in found[1].items()}


@pytest.fixture
def explorer_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """A solver that decides nothing."""
    monkeypatch.setattr(Solver, "ask", lambda *a, **k: Unknown("max. resource limit exceeded"))


@pytest.fixture
def no_formula(monkeypatch: pytest.MonkeyPatch) -> None:
    """No formula is small enough."""

    def refused(*_: object) -> None:
        raise TooManyClauses

    monkeypatch.setattr(Asking, "problem", refused)


EXPECTED = {
    "original": {"stale_after_return": Verdict.REFUTED, "stale_at_any_time": Verdict.REFUTED},
    "xiao": {"stale_after_return": Verdict.PROVED, "stale_at_any_time": Verdict.REFUTED},
    "paolo": {"stale_after_return": Verdict.PROVED, "stale_at_any_time": Verdict.PROVED},
}


@pytest.mark.parametrize("name", EXPECTED)
@pytest.mark.parametrize("without", ["explorer_alone", "no_formula"])
def test_the_explorer_decides_what_the_solver_does_not(
    name: str, without: str, request: pytest.FixtureRequest
) -> None:
    request.getfixturevalue(without)
    found = _verdicts(results(shipped(name)))
    assert {name: found[name] for name in EXPECTED[name]} == EXPECTED[name]
    assert set(found.values()) <= {Verdict.PROVED, Verdict.REFUTED}


def test_a_run_of_the_explorer_says_that_nobody_knows_why(explorer_alone: None) -> None:
    _, found = results(shipped("original"))
    run = found["stale_after_return"].run
    assert run is not None
    assert run.doubt == ""
    assert run.unfinished is not None
    assert "the explorer's" in run.unfinished.reason


def _runs(name: str) -> Iterator[object]:
    for result in results(shipped(name))[1].values():
        yield result.name, result.run and (result.run.trace, result.run.bounds, result.run.why)


@pytest.mark.parametrize("name", long_but(("original", "paolo-no-grace-period"), NAMES))
def test_the_smallest_run_is_the_same_whoever_finds_it(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    both = list(_runs(name))
    monkeypatch.setattr(explored, "STATES", 0)
    monkeypatch.setattr(explored, "NEAR", 0)
    assert list(_runs(name)) == both


@pytest.mark.parametrize("name", long_but(NAMES[:1], NAMES))
def test_the_smallest_run_is_the_same_whoever_excludes_smaller_bounds(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Bounds] = []
    excludes = Questions.excludes

    def noted(questions: Questions, item: Property, bounds: Bounds) -> bool:
        asked.append(bounds)
        return excludes(questions, item, bounds)

    monkeypatch.setattr(Questions, "excludes", noted)
    monkeypatch.setattr(explored, "FEW", explored.NEAR)
    by_explorer = list(_runs(name))
    assert asked == []
    monkeypatch.setattr(explored, "FEW", 0)
    assert list(_runs(name)) == by_explorer
    assert asked != []


def test_what_both_say_that_nothing_shows_is_said_to_be_agreed() -> None:
    _, found = results(shipped("paolo"))
    (opinion,) = found["stale_at_any_time"].opinions
    assert (opinion.judge, opinion.agrees) == (EXPLORER, True)
    assert opinion.told == "346 states at updates 2, faults 1"
    assert found["hits_new"].opinions == ()


def test_nobody_agrees_where_the_explorer_has_not_seen_all() -> None:
    with solver_alone():
        assert all(one.opinions == () for one in results(shipped("paolo"))[1].values())


@pytest.mark.parametrize("name", ["paolo", "original"])
def test_where_the_explorer_sees_nothing_smaller_bounds_are_not_asked_about(name: str) -> None:
    protocol = shipped(name)
    questions = Questions(
        Engines(protocol, SC, Limits(), both=True),
        protocol.bounds,
        protocol.properties,
        lambda item: nullcontext(),
        any_number=True,
        survey=True,
    )
    questions.explore()
    item = protocol.properties[1]
    questions.shows(item)
    bounds = least(protocol, protocol.bounds) if name == "original" else questions.enough(item)
    assert questions.asking.problems.keys() == {bounds}


def test_a_question_that_was_answered_at_the_smallest_bounds_is_not_asked_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[tuple[str, Bounds]] = []
    real = Questions.ask

    def noted(questions: Questions, question: Question) -> Finding:
        asked.append((question.asks, question.bounds))
        return real(questions, question)

    monkeypatch.setattr(Questions, "ask", noted)
    _, found = results(shipped("original"))
    assert found["stale_after_return"].verdict is Verdict.REFUTED
    assert [asks for asks, _ in asked if "violates" in asks or "reaches" in asks] == []


@pytest.mark.parametrize("wrong", [False, True])
def test_a_disagreement_is_a_contradiction(wrong: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(explored.Explored, "shows", lambda *_: wrong)
    _, found = results(shipped("paolo" if wrong else "original"))
    result = found["stale_after_return"]
    assert result.verdict is Verdict.UNKNOWN
    assert result.cause is Cause.CONTRADICTION
    assert "z3 says" in result.reason
    assert "the explorer says" in result.reason


NEVER_WOKEN = """protocol never_woken
shared go = 0
shared x = 0
thread waiter {
    early: assert 0 > 1
    r = smp_cond_load_acquire(&go, VAL > 0)
    late: assert r > 1
}
thread other { x = 1 }
bounds waiter 1, other 1
"""


def test_what_stands_before_an_event_that_cannot_happen_is_judged_by_neither() -> None:
    protocol = checked(NEVER_WOKEN)
    assert isinstance(protocol, Checked)
    _, found = results(protocol)
    assert {name: found[name].verdict for name in ("early", "late")} == {
        "early": Verdict.VACUOUS,
        "late": Verdict.VACUOUS,
    }
    assert not explore(protocol, protocol.bounds, store_buffers=False).conditions


@pytest.mark.parametrize("units", [0, 1, 20_000, 10**9])
def test_no_verdict_depends_on_how_far_the_solver_comes(
    units: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engines, "UNITS", units)
    for name in ("original", "paolo"):
        found = _verdicts(results(shipped(name)))
        assert {name: found[name] for name in EXPECTED[name]} == EXPECTED[name]


def _random(seed: int) -> dict[str, tuple[Verdict, object]]:
    protocol = checked(text(seed, weak=False))
    assert isinstance(protocol, Checked)
    found = decide(protocol, SC, protocol.bounds, Limits(), None)
    return {
        one.name: (one.verdict, one.run and (one.run.trace, one.run.bounds))
        for one in found
        if isinstance(one, Result)
    }


@pytest.mark.parametrize("seed", long_but(range(5), range(60)))
def test_random_protocols_have_the_same_runs_whoever_finds_them(seed: int) -> None:
    protocol = checked(text(seed, weak=False))
    assert isinstance(protocol, Checked)
    if crowded(protocol, SC):
        pytest.skip("some read may return very many values")
    both = _random(seed)
    with solver_alone():
        assert _random(seed) == both


SLOW = sorted((ROOT / "tests" / "slow").glob("*.dsl"))


@pytest.mark.parametrize("path", long_but(SLOW[1:], SLOW), ids=lambda path: path.stem)
def test_what_is_dear_for_formulas_is_decided_within_the_units(path: Path) -> None:
    loaded = pipeline.load(str(path))
    assert not isinstance(loaded, Refusal)
    protocol = loaded[0].checked
    asked = Engines(protocol, SC, Limits(), both=True)
    asked.limit(protocol.bounds)
    assert asked.limited, "all states are visited"
    _, found = results(protocol)
    for name, result in found.items():
        assert result.verdict is expected(protocol, name, "sc"), name


@pytest.mark.parametrize("without", ["explorer_alone", "no_formula"])
def test_the_explorer_looks_further_where_the_solver_does_not_know_either(
    without: str, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    request.getfixturevalue(without)
    monkeypatch.setattr(explored, "STATES", 100)
    _, found = results(shipped("paolo"))
    assert found["stale_at_any_time"].verdict is Verdict.PROVED
    assert found["stale_at_any_time"].opinions[0].told.startswith("all 346 states at ")
    monkeypatch.setattr(explored, "NEAR", 345)
    if without == "explorer_alone":
        _, found = results(shipped("paolo"))
        assert found["stale_at_any_time"].verdict is Verdict.UNKNOWN


def test_the_solver_goes_on_where_nobody_knows(monkeypatch: pytest.MonkeyPatch) -> None:
    """Once the explorer has come to its end, no limit is left."""
    _, whole = results(shipped("original"))
    for limit in ("UNITS", "CLAUSES"):
        monkeypatch.setattr(engines, limit, 1)
    with solver_alone():
        _, found = results(shipped("original"))
    assert {name: one.verdict for name, one in found.items()} == {
        name: one.verdict for name, one in whole.items()
    }
    assert all(one.opinions == () for one in found.values())


def test_what_the_solver_knows_is_looked_no_further_into(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(explored, "STATES", 100)
    monkeypatch.setattr(explored.Explored, "go_on", None)
    _, found = results(shipped("paolo"))
    assert found["stale_at_any_time"].verdict is Verdict.PROVED
    assert found["stale_at_any_time"].opinions == ()
