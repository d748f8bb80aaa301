"""A verdict that was found is kept, whatever ends the work on it; and all time has an owner."""

import json
import os
import signal
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest

from smtmodel import work
from smtmodel.commands.analysing import Analysing
from smtmodel.commands.decision import Decision, decided
from smtmodel.commands.expectations import judged
from smtmodel.commands.orders import first_refuted
from smtmodel.commands.show import shown
from smtmodel.documents.answer import Answer, Expected, ReportPart
from smtmodel.encoding.smtlib import Script
from smtmodel.formats import FORMATS, SAVED
from smtmodel.solving import decide as deciding
from smtmodel.solving import runs
from smtmodel.solving.answered import Ending, settled
from smtmodel.solving.question import load
from smtmodel.solving.result import (
    Coverage,
    Early,
    Limits,
    Missing,
    Result,
    Started,
    Unfinished,
)
from smtmodel.solving.solver import Answer as Solved
from smtmodel.solving.solver import Sat, Solver, Unknown
from smtmodel.solving.stopwatch import Stopwatch
from smtmodel.source.record import replace
from smtmodel.verdict import Cause, Status, Verdict
from smtmodel.work.crew import Crew
from smtmodel.work.engine import Trouble
from smtmodel.work.session import Answered, Session
from smtmodel.work.worker import Worker
from tests.support.answers import answer, part, rendered
from tests.support.examples import decide, model, shipped

STALE = "stale_after_return"
ORIGINAL = shipped("original")
NO_LIMITS = Limits()
LIMIT = "not the smallest: the limit was reached"


def everything(limits: Limits = NO_LIMITS) -> list[object]:
    """All that deciding yields, in order."""
    return list(decide(ORIGINAL, model("sc"), ORIGINAL.bounds, limits, None))


def of(found: list[object], name: str) -> Result:
    """The result of that name."""
    return next(one for one in found if isinstance(one, Result) and one.name == name)


# ---------------------------------------------------------------- in the worker


def test_violations_are_asked_for_before_anything_else() -> None:
    found = everything()
    started = [one.what for one in found if isinstance(one, Started)]
    claims = [p.name for p in ORIGINAL.properties if p.name != "hits_new"]
    assert started[: len(claims)] == claims
    places = {type(one): place for place, one in reversed(list(enumerate(found)))}
    assert places[Early] < places[Coverage]
    goals = [n for n, one in enumerate(found) if isinstance(one, Started) and "hits" in one.what]
    refuted = [n for n, one in enumerate(found) if isinstance(one, Result) and one.run]
    assert min(refuted) < min(goals)


def test_each_early_run_was_replayed_and_says_that_there_may_be_a_smaller_one() -> None:
    early = [one.result for one in everything() if isinstance(one, Early) and one.result.run]
    assert {one.name for one in early} >= {STALE, "hits_new"}
    for one in early:
        assert one.run is not None
        assert one.run.trace.moments
        assert one.run.unfinished is not None
    sizes = [one.run.steps for one in early if one.run is not None and one.name == STALE]
    assert sizes == sorted(sizes, reverse=True)


@pytest.mark.parametrize(
    ("limits", "words"),
    [
        (Limits(budget=10**9), f"{LIMIT} (max. resource limit exceeded)"),
        (Limits(), "not the smallest: the solver gave up (max. resource limit exceeded)"),
    ],
    ids=["budget", "no-limit"],
)
def test_a_budget_that_ends_while_a_run_is_made_smaller(
    limits: Limits, words: str, solver_alone: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The solver knows nothing any more after its first assignment."""
    real, found = Solver.ask, []

    def ask(solver: Solver, text: Script, *, model: bool = True) -> Solved:
        if found:
            return Unknown("max. resource limit exceeded")
        answer_ = real(solver, text, model=model)
        found.extend([answer_] if isinstance(answer_, Sat) else [])
        return answer_

    monkeypatch.setattr(Solver, "ask", ask)
    asked = (ORIGINAL, model("sc"), ORIGINAL.bounds, limits)
    result = of(list(decide(*asked, frozenset({STALE}))), STALE)
    assert result.verdict is Verdict.REFUTED
    assert result.run is not None
    assert result.run.doubt == words
    assert result.status is Status.REFUTED


def test_budgets_of_every_size_lose_no_violation() -> None:
    """From too small to find anything up to enough for all."""
    whole: list[bool] = []
    for exponent in range(6, 26, 2):
        asked = (ORIGINAL, model("sc"), ORIGINAL.bounds, Limits(budget=2**exponent))
        every = list(decide(*asked, frozenset({STALE})))
        result = of(every, STALE)
        seen = any(isinstance(one, Early) and one.result.run for one in every)
        assert (result.verdict is Verdict.REFUTED) is seen
        whole.append(result.run is not None and result.run.unfinished is None)
    assert (whole[0], whole[-1]) == (False, True)


def test_a_limit_that_is_reached_before_why(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runs, "explain", lambda *a: Unknown("max. resource limit exceeded"))
    result = of(everything(Limits(budget=10**9)), STALE)
    assert result.run is not None
    assert result.run.doubt == ""
    assert result.run.unfinished is not None
    assert result.run.unfinished.missing is Missing.WHY
    made = rendered("human", answer(_part(result))).splitlines()
    text = "Why: not worked out: the limit was reached (max. resource limit exceeded)."
    assert any(text in line for line in made)


# ---------------------------------------------------------------- in the parent


def blocked(*job: object, **how: object) -> Iterator[object]:
    """Finds a violation, and then works for ever."""
    yield Started(STALE)
    yield next(one for one in everything() if isinstance(one, Early))
    signal.pause()


def starved(*job: object, **how: object) -> Iterator[object]:
    """Finds a violation, and then has no memory left."""
    yield Started(STALE)
    yield next(one for one in everything() if isinstance(one, Early))
    raise MemoryError


def failing(*job: object, **how: object) -> Iterator[object]:
    """Finds a violation, and then there is a bug of ours."""
    yield Started(STALE)
    yield next(one for one in everything() if isinstance(one, Early))
    raise ZeroDivisionError("a bug")


def ended(
    work: Callable[..., Iterator[object]],
    end: Callable[[int], None],
    monkeypatch: pytest.MonkeyPatch,
    seconds: float | None = None,
) -> Decision:
    """What is decided when `end` happens to a worker as soon as the first violation is there."""
    monkeypatch.setattr(deciding, "decide", work)
    worker = Worker(load)

    def notice(told: object) -> None:
        if isinstance(told, Early):
            end(worker.pid)

    session = Session(Crew(worker), seconds, notice)
    found = decided(session, ORIGINAL, "sc", Limits(), None)
    session.close()
    return found


def kill(pid: int) -> None:
    os.kill(pid, signal.SIGKILL)


def interrupt(pid: int) -> None:
    os.kill(os.getpid(), signal.SIGINT)


def nothing(pid: int) -> None:
    pass


@pytest.mark.parametrize(
    ("work", "end", "cause", "words"),
    [
        (blocked, interrupt, Cause.INTERRUPTED, "not the smallest: interrupted"),
        (blocked, kill, Cause.BUDGET, "not the smallest: the solver process was ended by SIGKILL"),
        (starved, nothing, Cause.BUDGET, "not the smallest: the memory limit was reached"),
    ],
    ids=["interrupted", "killed", "memory"],
)
def test_a_worker_that_is_ended_after_the_first_violation(
    work: Callable[..., Iterator[object]],
    end: Callable[[int], None],
    cause: Cause,
    words: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    decision = ended(work, end, monkeypatch)
    first, *others = decision.outcome.results
    assert (first.name, first.verdict, first.status) == (STALE, Verdict.REFUTED, Status.REFUTED)
    assert first.run is not None
    assert first.run.doubt.startswith(words)
    assert first.run.unfinished is not None
    assert first.run.unfinished.cause is cause
    assert {one.verdict for one in others} == {Verdict.UNKNOWN}
    assert {one.cause for one in others} == {cause}
    assert decision.bug == ""


def test_the_time_limit_after_the_first_violation(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]
    monkeypatch.setattr(work, "now", lambda: now[0])

    def late(pid: int) -> None:
        now[0] = 12.0

    decision = ended(blocked, late, monkeypatch, seconds=12)
    first, *others = decision.outcome.results
    assert first.run is not None
    assert first.run.doubt == LIMIT
    assert first.status is Status.REFUTED
    assert {one.status for one in others} == {Status.TIMEOUT}
    assert sum(one.seconds for one in decision.outcome.results) == pytest.approx(12)
    assert first.seconds > 11, "it was being worked on"


def test_a_bug_of_ours_after_the_first_violation_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    decision = ended(failing, nothing, monkeypatch)
    first = decision.outcome.results[0]
    assert first.verdict is Verdict.REFUTED
    assert first.status is Status.CONTRADICTION
    assert judged(first, Expected(Verdict.REFUTED)) is Status.CONTRADICTION
    assert "a bug" in decision.bug


# ---------------------------------------------------------------- what answers amount to


def early(name: str = STALE) -> Early:
    """The first that is known of a property."""
    every = [one for one in everything() if isinstance(one, Early)]
    return next(one for one in every if one.result.name == name)


STOPPED = Ending(Cause.TIMEOUT, "the time limit of 9 s was reached", 9.0, " while deciding x")


def test_the_last_early_result_counts_and_the_final_one_more() -> None:
    every = [one for one in everything() if isinstance(one, Early | Result)]
    mine = [one for one in every if isinstance(one, Early) and one.result.name == STALE]
    (last, *_) = settled(ORIGINAL, frozenset({STALE}), mine, STOPPED)
    assert last.run is not None
    assert mine[-1].result.run is not None
    assert last.run.trace == mine[-1].result.run.trace
    assert last.run.unfinished == Unfinished(Missing.WHY, Cause.TIMEOUT, "the limit was reached")
    (whole,) = settled(ORIGINAL, frozenset({STALE}), every, STOPPED)
    assert whole == of(list(every), STALE)


def test_that_nothing_violates_a_property_is_said() -> None:
    (result,) = settled(ORIGINAL, frozenset({"deadlock"}), [early("deadlock")], STOPPED)
    assert result.verdict is Verdict.UNKNOWN
    assert result.cause is Cause.TIMEOUT
    said = "nothing violates it, but the time limit of 9 s was reached while deciding x"
    assert result.reason == said


def test_analyses_keep_what_was_found_too() -> None:
    answered = Answered([early()], Trouble(Cause.TIMEOUT, "too late"), 9.0)
    analysing = Analysing(None, (), None, [])  # type: ignore[arg-type]
    outcome = analysing.outcome(answered, ORIGINAL, "sc", None)
    first, *others = outcome.results
    assert first.verdict is Verdict.REFUTED
    assert {one.verdict for one in others} == {Verdict.UNKNOWN}
    assert [one.name for one in first_refuted(answered, outcome.results)] == [STALE]


# ---------------------------------------------------------------- time


def test_time_goes_to_the_innermost_that_is_worked_on() -> None:
    now = [0.0]
    watch = Stopwatch(lambda: now[0])
    now[0] = 1  # nobody's
    with watch.on("a"):
        now[0] = 3
        with watch.on("b"):
            now[0] = 7
        now[0] = 8
        assert watch.spent("a") == 3
    now[0] = 20  # nobody's
    assert (watch.spent("a"), watch.spent("b")) == (3, 4)


@pytest.mark.parametrize("only", [None, frozenset({STALE})], ids=["all", "one"])
def test_all_time_of_deciding_is_in_the_results(
    only: frozenset[str] | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Time passes where the solver is asked, and nowhere else."""
    now, asked = [0], count(1)
    real = Solver.ask

    def ask(solver: Solver, text: Script, *, model: bool = True) -> Solved:
        now[0] = next(asked)
        return real(solver, text, model=model)

    monkeypatch.setattr(Solver, "ask", ask)
    monkeypatch.setattr(deciding, "Stopwatch", lambda: Stopwatch(lambda: float(now[0])))
    protocol = shipped("paolo")
    every = list(decide(protocol, model("sc"), protocol.bounds, Limits(), only))
    assert sum(one.seconds for one in every if isinstance(one, Result)) == now[0] > 3


# ---------------------------------------------------------------- in every format


def _part(result: Result) -> ReportPart:
    made = part("original")
    results = tuple(result if one.name == result.name else one for one in made.outcome.results)
    return replace(made, outcome=replace(made.outcome, results=results))


def cut() -> ReportPart:
    """The answer about a refuted protocol whose first run was not made smallest."""
    (result,) = settled(ORIGINAL, frozenset({STALE}), [early()], STOPPED)
    return _part(result)


@pytest.mark.parametrize("form", [one for one in FORMATS if one != "smt2"])
def test_every_format_says_that_the_run_is_not_the_smallest(form: str) -> None:
    made = cut()
    if form == "json":
        found = json.loads(rendered("json", answer(made)))
        run = found["outcomes"][0]["results"][0]["run"]
        lacks = {"missing": "smallest", "cause": "timeout", "reason": "the limit was reached"}
        assert run["unfinished"] == lacks
        return
    text = rendered(form, answer(made))
    assert LIMIT in " ".join(text.split())
    assert "smallest run: 1 update, 1 fault, 11 steps" not in text


def test_a_saved_result_is_shown_with_these_words(tmp_path: Path) -> None:
    path = tmp_path / "result.json"
    path.write_text(rendered("json", answer(cut())))
    again = shown(str(path))
    assert isinstance(again, Answer), again
    (there,) = again.parts
    assert there.outcome.results[0].run == cut().outcome.results[0].run
    for form in SAVED:
        if not FORMATS[form].whole:
            assert LIMIT in rendered(form, answer(there))
