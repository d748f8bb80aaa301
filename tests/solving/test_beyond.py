"""What is proved is asked again with one update more, and what falls there is said everywhere."""

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from smtmodel import pipeline
from smtmodel.commands import decision as decision_of
from smtmodel.commands.beyond import asked_beyond
from smtmodel.commands.decision import Decision, decided
from smtmodel.commands.show import shown
from smtmodel.documents.answer import Answer, Context, ReportPart
from smtmodel.documents.json import schema_text
from smtmodel.encoding.query import Query
from smtmodel.encoding.state import Encoding
from smtmodel.executions.explore import explore
from smtmodel.executions.replay import Replayed
from smtmodel.formats import SAVED
from smtmodel.language.checked import Checked, Property
from smtmodel.models import model
from smtmodel.solving import beyond as asking
from smtmodel.solving import witness
from smtmodel.solving.beyond import beyond
from smtmodel.solving.larger_bounds import larger
from smtmodel.solving.result import Beyond, Further, Limits, Outcome, Sort, sort_of
from smtmodel.solving.solver import Solver, Unknown
from smtmodel.solving.witness import Contradiction
from smtmodel.source.record import replace
from smtmodel.source.refusal import Refusal
from smtmodel.verdict import Cause, Status, Verdict
from smtmodel.work.crew import Crew
from smtmodel.work.engine import Job, Trouble
from smtmodel.work.session import Session
from tests.support.alone import Alone
from tests.support.answers import answer, rendered
from tests.support.documents import change
from tests.support.examples import checked, explored, results, shipped
from tests.support.lengths import long_but
from tests.support.program import run
from tests.support.random_protocols import text

THIRD = Path(__file__).parents[1] / "golden" / "third.dsl"
"""Of its claims `wrapped` falls with a third update, and `behind` does not."""
STORY = "REFUTED with 3 updates"
STATES = 3_000


def third() -> Checked:
    return checked(THIRD.read_text(), THIRD.name)


def looked(
    protocol: Checked, *names: str, name: str = "sc", budget: int | None = None
) -> dict[str, Beyond]:
    """What is known of the properties with one update more."""
    bounds = larger(protocol.bounds)
    assert bounds is not None
    found = beyond(protocol, model(name), bounds, Limits(budget), frozenset(names))
    return {one.name: one.beyond for one in found}


def known() -> ReportPart:
    """The answer of `prove` about the third update, with all that is known of it."""
    protocol = third()
    coverage, found = results(protocol)
    further = looked(protocol, "wrapped", "behind")
    told = tuple(replace(one, beyond=further.get(one.name)) for one in found.values())
    outcome = Outcome("sc", protocol.bounds, coverage, told)
    return ReportPart(protocol, outcome, Context(THIRD.name, "0.0.0", "5.0.0"))


# ---------------------------------------------------------------- what is found


def test_what_falls_falls_in_a_run_and_what_holds_holds() -> None:
    found = looked(third(), "wrapped", "behind")
    assert found["wrapped"].run is not None
    assert found["wrapped"].run.bounds.updates == 3
    assert found["wrapped"].run.claim == "n 0"
    assert found["behind"] == Beyond(found["wrapped"].bounds)


@pytest.mark.parametrize(
    ("name", "names"),
    [
        ("paolo", ("stale_after_return", "stale_at_any_time", "deadlock")),
        ("fuse/f7:attr_version", ("stale_size",)),
        ("seqcount/g1:seqcount", ("not_torn", "not_older")),
    ],
)
@pytest.mark.parametrize("of", ["sc", "tso"])
def test_the_explorer_says_the_same(name: str, names: tuple[str, ...], of: str) -> None:
    protocol = shipped(name)
    names = tuple(one.name for one in protocol.properties if one.name in names)
    bounds = larger(protocol.bounds)
    assert bounds is not None
    one_lane = replace(bounds, lanes=tuple((lanes, 1) for lanes, _ in bounds.lanes))
    found = explored(protocol, one_lane, of)
    assert found.finished
    for each, known in looked(protocol, *names, name=of).items():
        assert not known.reason
        assert (known.run is not None) == (each in found.violated)


@pytest.mark.parametrize("seeds", long_but([range(20)], [range(20), range(20, 60)]))
def test_the_explorer_says_the_same_of_random_protocols(seeds: range) -> None:
    told = {True: 0, False: 0}
    for seed in seeds:
        protocol = checked(text(seed, weak=False))
        bounds = larger(protocol.bounds)
        found = (
            None if bounds is None else explore(protocol, bounds, store_buffers=False, limit=STATES)
        )
        if found is None or not found.finished:
            continue
        claims = [one.name for one in protocol.properties if sort_of(one) is not Sort.REACH]
        for name, known in looked(protocol, *claims).items():
            assert known.cause is Cause.NONE, (seed, known)
            if not known.reason:
                fell = known.run is not None
                assert fell == (name in found.violated), (seed, name, protocol.text.content)
                told[fell] += 1
    assert min(told.values()) >= len(seeds) // 8, told


def test_a_violation_that_needs_all_lanes_is_found_with_all_lanes() -> None:
    both = checked(
        "protocol p shared x = 0 update u { x += 1 } thread t { x += 1 } "
        "never five: x == 5 always bounds updates 2, t 2"
    )
    found = looked(both, "five")["five"]
    assert found.run is not None
    assert dict(found.run.bounds.lanes) == {"t": 2}


def test_there_is_nothing_to_ask_without_updates_or_beyond_the_most() -> None:
    bounds = third().bounds
    assert larger(replace(bounds, updates=0)) is None
    assert larger(replace(bounds, updates=100)) is None
    assert larger(bounds) == replace(bounds, updates=3)
    told = run("prove", "tests/golden/embrace.dsl").stdout
    assert "Beyond" not in told


# ---------------------------------------------------------------- what is not known


def test_what_the_units_do_not_suffice_for_is_not_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "UNITS", 1)
    found = looked(third(), "wrapped", "behind")
    assert {one.reason for one in found.values()} == {"not decided within 1 units of work"}
    assert all(one.run is None and one.cause is Cause.NONE for one in found.values())


def test_what_follows_from_another_proof_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the stronger property, which is never bad, the weaker one is asked itself."""
    names: list[str] = []
    violation = asking.queries.violation

    def noted(base: Encoding, item: Property) -> list[Query]:
        names.append(item.name)
        return violation(base, item)

    monkeypatch.setattr(asking.queries, "violation", noted)
    weaker, stronger = "stale_after_return", "stale_at_any_time"
    both = looked(shipped("paolo"), weaker, stronger)
    assert (set(names), set(both)) == ({stronger}, {weaker, stronger})
    names.clear()
    assert looked(shipped("paolo"), weaker) == {weaker: both[weaker]}
    assert set(names) == {weaker}


def test_a_stronger_property_that_falls_says_nothing() -> None:
    found = looked(shipped("xiao"), "stale_after_return", "stale_at_any_time")
    assert found["stale_at_any_time"].run is not None
    assert found["stale_after_return"] == looked(shipped("xiao"), "stale_after_return").popitem()[1]


def test_the_same_units_find_the_same() -> None:
    protocol = shipped("kvm/k7:flag_bit63")
    names = [one.name for one in protocol.properties]
    assert looked(protocol, *names) == looked(protocol, *names)


def test_a_budget_that_was_asked_for_holds_here_too() -> None:
    found = looked(shipped("paolo"), "stale_at_any_time", budget=1)
    assert found["stale_at_any_time"].reason.startswith("not decided: ")


def test_what_the_solver_does_not_answer_is_not_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Solver, "ask", lambda *a, **k: Unknown("not today"))
    assert looked(third(), "behind")["behind"].reason == "not decided: not today"


def test_what_does_not_replay_is_no_refutation_but_a_bug(monkeypatch: pytest.MonkeyPatch) -> None:
    def harmless(replayed: Replayed, item: Property) -> Contradiction:
        return Contradiction(f"{item.name} is not violated")

    proved = known().outcome.results[0]
    assert (proved.verdict, proved.status) == (Verdict.PROVED, Status.GOOD)
    monkeypatch.setattr(witness, "shown", harmless)
    found = looked(third(), "wrapped")["wrapped"]
    assert found.run is None
    assert (found.reason, found.cause) == ("wrapped is not violated", Cause.CONTRADICTION)
    assert replace(proved, beyond=found).status is Status.CONTRADICTION


@pytest.mark.parametrize("cause", [Cause.TIMEOUT, Cause.INTERRUPTED])
def test_a_limit_takes_no_verdict_away(cause: Cause) -> None:
    session = Session(Crew())
    session.stopped = Trouble(cause, "it was stopped")
    before = known()
    bare = tuple(replace(one, beyond=None) for one in before.outcome.results)
    decision = Decision(replace(before.outcome, results=bare), "5.0.0")
    after = asked_beyond(before.protocol, decision, Limits(), session)
    told = {one.name: one.beyond for one in after.outcome.results}
    assert told["raised"] is None
    assert (
        told["wrapped"]
        == told["behind"]
        == Beyond(replace(before.protocol.bounds, updates=3), reason="it was stopped")
    )
    assert {one.status for one in after.outcome.results} == {Status.GOOD}
    assert not after.bug


def test_a_worker_that_fails_is_a_bug_and_takes_no_verdict_away(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def failing(*_: object) -> None:
        raise RuntimeError("a bug")

    monkeypatch.setattr(asking, "beyond", failing)
    before = known()
    decision = Decision(before.outcome, "5.0.0")
    after = asked_beyond(before.protocol, decision, Limits(), Session(Crew()))
    wrapped = after.outcome.results[0]
    assert wrapped.verdict is Verdict.PROVED
    assert wrapped.beyond == Beyond(
        replace(before.protocol.bounds, updates=3),
        reason="RuntimeError: a bug",
        cause=Cause.CONTRADICTION,
    )
    assert wrapped.status is Status.CONTRADICTION
    assert after.bug == "RuntimeError: a bug"
    assert "in failing" in after.traceback


def _told(decision: Decision) -> list[object]:
    return [replace(one, seconds=0.0) for one in decision.outcome.results]


class _Counting(Crew):
    """Counts the jobs."""

    jobs = 0

    def submit(self, key: str, job: Job, *, seconds: float | None = None) -> None:
        self.jobs += 1
        super().submit(key, job, seconds=seconds)


def test_what_is_asked_meanwhile_is_what_would_be_asked_afterwards(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    protocol = third()
    told: dict[bool, list[object]] = {}
    for meanwhile in (True, False):
        monkeypatch.setattr(decision_of, "spare", lambda free=meanwhile: free)
        crew = _Counting(size=1)
        session = Session(crew)
        found = decided(session, protocol, "sc", Limits(), None, beyond=True)
        told[meanwhile] = _told(asked_beyond(protocol, found, Limits(), session))
        session.close()
        assert crew.jobs == (1 if meanwhile else 2)
    assert told[True] == told[False]


def test_what_is_not_proved_in_the_end_takes_nothing_from_the_others() -> None:
    before = known()
    bare = tuple(replace(one, beyond=None) for one in before.outcome.results)
    further = tuple(
        Further(name, Beyond(before.protocol.bounds), 0.0) for name in ("wrapped", "behind", "more")
    )
    decision = Decision(replace(before.outcome, results=bare), "5.0.0", further=further)
    after = asked_beyond(before.protocol, decision, Limits(), Session(Alone()))
    assert _told(after) == _told(Decision(before.outcome, "5.0.0"))


# ---------------------------------------------------------------- how it is told


def test_the_status_is_that_of_the_bounds_that_were_asked_for() -> None:
    process = run("prove", "tests/golden/third.dsl", "-q")
    assert process.returncode == Status.GOOD
    assert [line.partition("s ")[2] for line in process.stdout.splitlines()] == [STORY, "", ""]
    assert run("prove", "tests/golden/third.dsl", "--updates", "3").returncode == Status.REFUTED


def test_the_command_that_the_report_names_refutes() -> None:
    told = run("prove", "tests/golden/third.dsl", "--width", "200").stdout
    command = told.partition("see `smtmodel ")[2].partition("`")[0]
    process = run(*command.split(), "-q")
    assert process.returncode == Status.REFUTED
    assert process.stdout.startswith("Result third.dsl wrapped REFUTED")


def test_check_asks_no_more_than_the_file_does() -> None:
    told = run("check", "paolo.dsl", "-q").stdout
    assert pipeline.ENDING in told
    assert "with 3" not in told


@pytest.mark.parametrize("form", [form for form in SAVED if form != "json"])
def test_every_format_says_what_falls(form: str) -> None:
    assert STORY in " ".join(rendered(form, answer(known()), witnesses=True).split())


def test_no_format_says_that_of_what_holds() -> None:
    part = known()
    holds = tuple(one for one in part.outcome.results if one.name != "wrapped")
    part = replace(part, outcome=replace(part.outcome, results=holds))
    for form in SAVED:
        assert STORY not in " ".join(rendered(form, answer(part), witnesses=True).split())


# ---------------------------------------------------------------- saved results


def test_it_comes_back_from_json(tmp_path: Path) -> None:
    path, found = tmp_path / "result.json", known()
    path.write_text(rendered("json", answer(found)))
    Draft202012Validator(json.loads(schema_text())).validate(json.loads(path.read_text()))
    again = shown(str(path))
    assert isinstance(again, Answer), again
    assert again.parts[0].outcome == found.outcome


WRONG = {
    "other bounds": (
        change("outcomes.0.results.0.beyond.bounds.updates", 4),
        "what it says beyond its bounds is not about one update more",
    ),
    "a large run": (
        change("outcomes.0.results.0.beyond.run.bounds.updates", 4),
        "its run has more lanes than the bounds allow",
    ),
    "another order": (
        change("outcomes.0.results.0.beyond.run.schedule.moves", []),
        "its events are not those of its ordering",
    ),
    "no proof": (
        change("outcomes.0.results.0.verdict", "UNKNOWN"),
        "it is no proof, but says what is known beyond its bounds",
    ),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_changed_result_is_refused(case: str, tmp_path: Path) -> None:
    made, said = WRONG[case]
    document = json.loads(rendered("json", answer(known())))
    made(document)
    path = tmp_path / "result.json"
    path.write_text(json.dumps(document))
    refused = shown(str(path))
    assert isinstance(refused, Refusal)
    assert said in refused.message
