"""The verdict law: unknown is never proved, nothing unreplayed is refuted, vacuous is named."""

from contextlib import nullcontext

import pytest

from smtmodel.encoding import queries, smtlib
from smtmodel.encoding.query import Query
from smtmodel.encoding.state import Encoding
from smtmodel.executions.replay import Impossible, Replayed
from smtmodel.executions.trace import Move
from smtmodel.language.checked import BuiltIn, Checked, Never, Property, Reach
from smtmodel.models import model
from smtmodel.solving import decide as deciding
from smtmodel.solving import reaching, witness
from smtmodel.solving.asking import Asking
from smtmodel.solving.engines import Engines
from smtmodel.solving.questions import Questions
from smtmodel.solving.result import Limits, Result, Run, Sort
from smtmodel.solving.runs import Runs, first_run
from smtmodel.solving.solver import Answer, Solver, Unknown
from smtmodel.solving.witness import Contradiction
from smtmodel.source.record import replace
from smtmodel.verdict import Cause, Verdict
from tests.support.examples import at, checked, results, shipped


@pytest.fixture
def deaf(monkeypatch: pytest.MonkeyPatch) -> None:
    """A solver that is interrupted whenever it is asked, as z3 is by Ctrl-C."""
    monkeypatch.setattr(Solver, "ask", lambda *a, **k: Unknown("interrupted from keyboard"))


def test_unknown_is_never_proved_or_refuted(deaf: None, solver_alone: None) -> None:
    for name in ("paolo", "original"):
        coverage, found = results(shipped(name))
        assert coverage is not None
        assert coverage.complete is None
        assert not coverage.unreached
        assert len(coverage.undecided) == coverage.steps
        for result in found.values():
            assert result.verdict is Verdict.UNKNOWN
            assert result.cause is Cause.BUDGET
            assert "interrupted" in result.reason


class Listener:
    """Counts the questions, and keeps the answer to one of them back, however often it is asked."""

    def __init__(self, silent: int) -> None:
        self.real = Solver.ask
        self.silent = silent
        self.asked = 0
        self.unanswered: list[smtlib.Script] = []

    def ask(self, solver: Solver, extension: smtlib.Script, **options: bool) -> Answer:
        self.asked += 1
        answer = self.real(solver, extension, **options)
        if self.asked == self.silent:
            self.unanswered.append(extension)
        return Unknown("timeout") if extension in self.unanswered else answer


def test_one_unknown_query_is_enough(solver_alone: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whichever of the queries behind a proof is not answered, there is no proof."""
    protocol = shipped("paolo")
    real = Solver.ask
    silent, lost, total = 0, 0, 0
    while silent <= total:
        listener = Listener(silent)
        listener.real = real
        monkeypatch.setattr(Solver, "ask", lambda *a, to=listener, **k: to.ask(*a, **k))
        coverage, found = results(protocol, at(protocol, 1, 1))
        verdicts = {result.verdict for result in found.values()}
        assert verdicts <= {Verdict.PROVED, Verdict.UNKNOWN}
        lost += Verdict.UNKNOWN in verdicts
        total, silent = listener.asked if silent == 0 else total, silent + 1
        assert coverage is not None
        assert not coverage.unreached
    # Complete, the goal, a condition and a violation that both serve for two:
    assert lost >= 4


def test_a_small_budget_is_unknown() -> None:
    protocol = shipped("paolo")
    found = deciding.decide(protocol, model("sc"), at(protocol, 4, 4), Limits(budget=100), None)
    verdicts = {r.verdict for r in found if isinstance(r, Result)}
    assert verdicts == {Verdict.UNKNOWN}


@pytest.mark.parametrize("answer", ["impossible", "harmless", "forbidden"])
def test_what_does_not_replay_is_a_contradiction(
    answer: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = witness.replay

    def wrong(*args: object, **options: object) -> object:
        if answer == "impossible":
            return Impossible(0, Move("fault0"), "it has ended")
        found = real(*args, **options)  # type: ignore[arg-type]
        if answer == "harmless":
            object.__setattr__(found, "violated", ())
        return found

    monkeypatch.setattr(witness, "replay", wrong)
    if answer == "forbidden":
        monkeypatch.setattr(witness, "accepts", lambda *a: "sc")
    _, found = results(shipped("original"))
    result = found["stale_after_return"]
    assert result.verdict is Verdict.UNKNOWN
    assert result.cause is Cause.CONTRADICTION


@pytest.mark.parametrize("lost", ["complete", "judged"])
def test_a_proof_whose_witness_does_not_replay_is_a_contradiction(
    lost: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """That a proof is not vacuous is believed of the interpreter, not of the solver."""
    real = witness.replay

    def wrong(*args: object, **options: object) -> object:
        found = real(*args, **options)  # type: ignore[arg-type]
        object.__setattr__(found, lost, False if lost == "complete" else ())
        return found

    monkeypatch.setattr(witness, "replay", wrong)
    coverage, found = results(shipped("paolo"))
    assert coverage is not None
    assert coverage.complete is (None if lost == "complete" else True)
    for name in ("stale_after_return", "stale_at_any_time"):
        assert found[name].cause is Cause.CONTRADICTION
        assert "the interpreter runs the ordering, but" in found[name].reason
    assert found["hits_new"].verdict is Verdict.PROVED


ASSERTING = """
protocol p
shared x = 0
update u { x = 1 smp_mb() x = 2 }
thread t { y = x  small: assert y < 3 }
never bad: x == 3 settled
bounds updates 1, t 1
"""


@pytest.mark.parametrize("name", ["sc", "tso"])
@pytest.mark.parametrize("protocol", [shipped("paolo"), checked(ASSERTING)], ids=["paolo", "p"])
def test_whatever_speaks_for_a_proof_is_replayed(
    protocol: Checked, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs: list[Replayed] = []
    real = witness.rerun

    def kept(*given: object) -> Replayed | witness.Contradiction:
        run = real(*given)  # type: ignore[arg-type]
        assert isinstance(run, Replayed)
        runs.append(run)
        return run

    monkeypatch.setattr(witness, "rerun", kept)
    _, found = results(protocol, name=name)
    assert {result.verdict for result in found.values()} == {Verdict.PROVED}
    assert any(run.complete for run in runs)
    for item in protocol.properties:
        shown = witness.shown if isinstance(item, Reach) else witness.judged
        if not isinstance(item, BuiltIn):
            assert any(shown(run, item) is None for run in runs), item.name


def test_a_run_that_judges_several_properties_speaks_for_all_of_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[str] = []
    real = queries.premise

    def noted(base: Encoding, item: Property) -> list[Query]:
        asked.append(item.name)
        return real(base, item)

    monkeypatch.setattr(queries, "premise", noted)
    protocol = shipped("paolo")
    results(protocol)
    assert asked == ["stale_after_return"]  # at whose end the other one is judged too
    asked.clear()
    results(checked(ASSERTING))
    assert asked == []  # whose complete execution takes the step and comes to a settled instant


def test_a_run_at_other_bounds_speaks_for_nothing() -> None:
    protocol = shipped("paolo")
    deciding = Questions(
        Engines(protocol, model("sc"), Limits(), both=True),
        protocol.bounds,
        protocol.properties,
        lambda item: nullcontext(),
        any_number=True,
        survey=True,
    )
    item = protocol.properties[1]
    premise = deciding.premise(item)
    found = deciding.ask(premise)
    deciding.met.add((item.name, replace(premise.bounds, updates=1)))
    asked: list[object] = []
    deciding.ask = lambda question: asked.append(question) or found  # type: ignore[method-assign,func-returns-value]
    assert deciding.judged(item, premise) is True
    assert asked == [premise]
    assert deciding.judged(item, premise) is True
    assert asked == [premise]


VACUOUS = """
protocol empty
shared x = 0
shared y = 0
mutex m
thread a {{ {body} }}
never bad: x == 5 when y == {seen} always
reach goal: x == {goal}
bounds a 1
"""


@pytest.mark.parametrize(
    ("body", "seen", "goal", "reason"),
    [
        (
            "x = 1",
            7,
            1,
            "it is never judged: its condition is never met; nor with `rounds 2`, `a 2`,"
            " `rounds 2, a 2`",
        ),
        ("x = 1", 0, 2, "goal goal is never reached"),
        (
            "x = 1 assume x == 3",
            0,
            1,
            "no execution is complete; lanes may stop at `assume x == 3` in line 6",
        ),
    ],
)
def test_vacuous_says_why(body: str, seen: int, goal: int, reason: str) -> None:
    _, found = results(checked(VACUOUS.format(body=body, seen=seen, goal=goal)))
    assert found["bad"].verdict is Verdict.VACUOUS
    assert found["bad"].reason == reason


def test_settled_needs_an_update_that_returned() -> None:
    text = """
protocol p
shared x = 0
update u { x = 1 assume x == 2 }
thread t { y = x  assert y < 2 }
never bad: x == 5 settled
bounds updates 1, t 1
"""
    _, found = results(checked(text))
    tried = "`rounds 2`, `updates 2`, `t 2`, `rounds 2, updates 2, t 2`"
    told = found["bad"].reason
    assert told == f"it is judged at no instant after an update has returned; nor with {tried}"


def test_an_assertion_that_is_never_reached_is_vacuous() -> None:
    text = """
protocol p
shared x = 0
thread t { if (x == 3) { y = x  assert y == 3 } x = 1 }
never bad: x == 5 always
bounds t 1
"""
    coverage, found = results(checked(text))
    assert found["assert_1"].verdict is Verdict.VACUOUS
    tried = "; nor with `rounds 2`, `t 2`, `rounds 2, t 2`"
    assert found["assert_1"].reason == f"its step is never reached{tried}"
    assert found["bad"].verdict is Verdict.PROVED
    assert coverage is not None
    assert [where.text for where in coverage.unreached] == ["y = x", "assert y == 3"]


def test_a_loop_bound_that_is_used_up_is_reported() -> None:
    text = """
protocol p
shared x = 0
thread t { retry 2 { y = x } until (y == 1) }
thread u { x = 1 }
never bad: x == 5 always
bounds t 1, u 1
"""
    coverage, found = results(checked(text))
    assert coverage is not None
    assert [where.span.line for where in coverage.cuts] == [4]
    assert found["bad"].verdict is Verdict.PROVED


ROUNDS = """\
protocol rounds
cache c { a }
fault fills { c = { a: 1 } }
thread looks {
    e = c
    if (filled(e))
        hit: assert e.a == 1
}
lanes vcpu: fills, looks
reach hits: at looks.hit
bounds vcpu 2
"""


def test_a_step_that_needs_another_round_is_said_to() -> None:
    found = results(checked(ROUNDS))[1]
    assert found["hit"].reason == "its step is never reached; with `rounds 2` it is"
    assert found["hits"].reason == "no execution reaches it; with `rounds 2` one does"
    more = results(checked(ROUNDS.replace("vcpu 2", "vcpu 2, rounds 2")))[1]
    assert {one.verdict for one in more.values()} == {Verdict.PROVED}
    never = ROUNDS.replace("filled(e)", "filled(e) && e.a == 2").replace(
        "vcpu 2", "vcpu 1, rounds 2"
    )
    tried = "`rounds 3`, `vcpu 2`, `rounds 3, vcpu 2`"
    told = results(checked(never))[1]["hit"].reason
    assert told == f"its step is never reached; nor with {tried}"


SECOND_UPDATE = """\
protocol second_update
shared x = 0
shared y = 0
update u { x++ }
thread t {
    v = x
    if (v == COUNT)
        seen: assert y == 0
}
never late: y == 1 when x == COUNT settled
reach sees: x == COUNT
bounds updates 1, t 1
"""


def test_bounds_that_reach_what_is_not_reached_are_found_by_trying() -> None:
    found = results(checked(SECOND_UPDATE.replace("COUNT", "2")))[1]
    assert {name: one.reason for name, one in found.items()} == {
        "seen": "its step is never reached; with `updates 2` it is",
        "late": "it is judged at no instant after an update has returned; with `updates 2` it is",
        "sees": "no execution reaches it; with `updates 2` one does",
    } | {name: one.reason for name, one in found.items() if one.sort is Sort.BUILT_IN}
    reached = checked(SECOND_UPDATE.replace("COUNT", "2").replace("updates 1", "updates 2"))
    assert {one.verdict for one in results(reached)[1].values()} == {Verdict.PROVED}


def test_nothing_is_said_of_larger_bounds_that_cost_too_much(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(reaching, "UNITS", 1)
    found = results(checked(SECOND_UPDATE.replace("COUNT", "3")))[1]
    assert found["seen"].reason == "its step is never reached"


def test_a_run_at_larger_bounds_that_does_not_replay_is_a_contradiction(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    broken = Contradiction("it does not")
    monkeypatch.setattr(reaching.witness, "judged", lambda run, item: broken)
    monkeypatch.setattr(reaching.witness, "shown", lambda run, item: broken)
    found = results(checked(SECOND_UPDATE.replace("COUNT", "2")))[1]
    assert found["sees"].cause is Cause.CONTRADICTION


def test_a_run_shows_only_what_it_violates() -> None:
    """A reading that has been run for one property says nothing yet of another."""
    protocol = shipped("xiao")
    weaker, stronger = (one for one in protocol.properties if isinstance(one, Never))
    assert (weaker.name, stronger.name) == ("stale_after_return", "stale_at_any_time")
    sc, limits = model("sc"), Limits()
    asking = Asking(protocol, sc, limits)
    problem = asking.problem(protocol.bounds)
    finding = asking.ask(problem, queries.violation(problem.encoding, stronger))
    runs, found = Runs(protocol, sc, limits, lambda bounds, run: None), first_run(finding)
    assert isinstance(runs.shown(stronger, finding, found), Run)
    assert isinstance(runs.shown(weaker, finding, found), witness.Contradiction)


@pytest.mark.parametrize("name", ["original", "paolo"])
def test_what_is_awaited_has_the_same_verdict_and_no_run(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, whole = results(shipped(name))
    monkeypatch.setattr(deciding, "smaller", None)
    monkeypatch.setattr(deciding, "known_smallest", None)
    monkeypatch.setattr(Runs, "explained", None)
    awaited = {one.name: one.verdict for one in whole.values()}
    for result in _awaiting(shipped(name), awaited).values():
        assert _untimed(result) == replace(_untimed(whole[result.name]), run=None)


def test_what_is_not_as_awaited_has_all_that_is_to_be_known() -> None:
    protocol = shipped("original")
    _, whole = results(protocol)
    found = _awaiting(protocol, dict.fromkeys(whole, Verdict.VACUOUS))
    assert {name: _untimed(one) for name, one in found.items()} == {
        name: _untimed(one) for name, one in whole.items()
    }


def _awaiting(protocol: Checked, awaited: dict[str, Verdict]) -> dict[str, Result]:
    asked = protocol, model("sc"), protocol.bounds, Limits(), None
    found = list(deciding.decide(*asked, awaited=awaited))
    return {one.name: one for one in found if isinstance(one, Result)}


def _untimed(result: Result) -> Result:
    return replace(result, seconds=0.0)


@pytest.mark.parametrize("own", ["lane == 1", "1 - lane == 0"])
def test_lanes_that_know_their_number_are_all_judged(own: str, solver_alone: None) -> None:
    protocol = checked(f"""protocol numbered
shared x = 0
cache c {{ a }}
update u {{ WRITE_ONCE(x, 1) }}
fault v {{ if ({own}) c = {{ a: READ_ONCE(x) }} }}
never bad: c.a == 1 always
bounds updates 1, faults 2
""")
    assert results(protocol)[1]["bad"].verdict is Verdict.REFUTED
