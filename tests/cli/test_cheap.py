"""What `prove` and `review` ask for any number of updates by themselves: what is cheap."""

import io
import json
import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import IO
from unittest.mock import patch

import pytest

from smtmodel.commands.decision import decided
from smtmodel.commands.prove import Ask, Deciding
from smtmodel.commands.sinks import Progress, Show, Sink
from smtmodel.commands.unbounded import worth_asking
from smtmodel.solving.effort import CHEAP, LARGE, Effort
from smtmodel.solving.result import Certificate, Limits, Unbounded
from smtmodel.solving.unbounded import shown
from smtmodel.source.record import replace
from smtmodel.systems import close
from smtmodel.verdict import Cause, Status
from smtmodel.work.engine import Trouble
from smtmodel.work.session import Session
from tests.support import processes
from tests.support.alone import Alone
from tests.support.certified import COUNTED
from tests.support.examples import checked
from tests.support.program import run

FALLING = COUNTED + "never sixth: n == 6 settled\n"
WRONG = COUNTED.replace("v <= w", "v == w")
NAMES = frozenset({"behind", "ahead"})


def _told(text: str) -> str:
    return " ".join(text.split())


def _file(folder: Path, content: str) -> str:
    (folder / "test.dsl").write_text(content)
    return "test.dsl"


# ---------------------------------------------------------------- what is said


def test_what_holds_for_any_number_is_said_in_one_line(tmp_path: Path) -> None:
    process = run("prove", _file(tmp_path, COUNTED), cwd=tmp_path)
    told = _told(process.stdout)
    assert "PROVED test.dsl: ahead, for 2 updates and any number of r lanes (sc)" in told
    whole = "every interleaving of any number of updates, r lanes and rounds (sc)"
    assert f"Scope: {whole}, beyond the bounds above" in told
    assert "behind, ahead: by an invariant (16 clauses; -v shows it)" in told
    assert "a group is" not in told
    assert process.returncode == 0


def test_what_may_fall_is_left_to_who_asks(tmp_path: Path) -> None:
    process = run("prove", _file(tmp_path, FALLING), cwd=tmp_path)
    why = "more updates or rounds may violate it; more: `--unbounded`"
    assert f"1 round each (sc); why not more: {why}" in _told(process.stdout)
    assert process.returncode == 0


def test_who_does_not_want_it_is_not_asked(tmp_path: Path) -> None:
    with patch("smtmodel.solving.unbounded.shown", side_effect=AssertionError):
        process = run("prove", _file(tmp_path, COUNTED), "--bounded", cwd=tmp_path)
    assert "1 round each (sc); more: `--unbounded`" in _told(process.stdout)
    assert "beyond" not in process.stdout.replace("Beyond", "")


def test_a_review_asks_as_well(tmp_path: Path) -> None:
    options = ("--no-needed", "--no-cases")
    process = run("review", _file(tmp_path, COUNTED), *options, cwd=tmp_path)
    assert "any number of updates, r lanes and rounds" in process.stdout
    assert "- **Invariant:**" in process.stdout
    again = "smtmodel review test.dsl --no-cases --no-needed"
    assert f"{again}\n" in process.stdout
    without = run("review", "test.dsl", *options, "--bounded", cwd=tmp_path)
    assert "- **Invariant:**" not in without.stdout
    assert f"{again} --bounded\n" in without.stdout


@pytest.mark.parametrize("form", ["human", "email", "markdown"])
def test_what_is_said_in_two_parts_is_one_report(tmp_path: Path, form: str) -> None:
    name = _file(tmp_path, FALLING)
    process = run("prove", name, "--format", form, "--out", "json=x.json", cwd=tmp_path)
    shown = run("show", "x.json", "--format", form, cwd=tmp_path)
    assert process.stdout == shown.stdout
    (outcome,) = json.loads((tmp_path / "x.json").read_text())["outcomes"]
    assert [one["unbounded"]["cause"] for one in outcome["results"]] == ["none", "none", "budget"]


COUPLED = """\
protocol coupled
shared n = 0
thread w {
    n = n + 1
}
never no: n < 0 always
never one: n == -1 always
bounds w 2
"""


@pytest.mark.parametrize(
    ("free", "limited"),
    [
        ({}, "so this holds for 2 w lanes"),
        ({"no": ("w",)}, "so one holds for 2 w lanes"),
        ({"no": ("w",), "one": ("w",)}, ""),
    ],
)
def test_what_couples_lanes_is_not_said_to_limit_what_holds_for_any_number(
    free: dict[str, tuple[str, ...]], limited: str
) -> None:
    protocol, deciding = checked(COUPLED), _deciding(_sink(stream := io.StringIO()))
    found = decided(deciding.session, protocol, "sc", Limits(), None)
    results = tuple(
        replace(
            one,
            unbounded=Unbounded(
                "",
                certificate=Certificate(1, 1, 1, ("z3",), free.get(one.name, ()), (), (), ""),
            ),
        )
        for one in found.outcome.results
    )
    deciding._report(
        "coupled", protocol, replace(found, outcome=replace(found.outcome, results=results))
    )
    told = _told(stream.getvalue())
    assert ("any number of w lanes and rounds (sc)" in told) is bool(free)
    assert ("a fourth adds no more than a third" in told) is bool(free)
    assert limited in told
    assert ("holds for 2 w lanes" in told) is bool(limited)


# ---------------------------------------------------------------- when it is said


def _deciding(*sinks: Sink, effort: Effort = CHEAP) -> Deciding:
    quiet = Progress(lambda *told: None, Show(quiet=True))
    return Deciding(Session(Alone()), sinks, quiet, [], effort=effort)


def _sink(stream: io.StringIO) -> Sink:
    def put(text: str, into: IO[str]) -> None:
        into.write(text)

    return Sink(put, "human", stream, Show())


def _proved(deciding: Deciding, folder: Path, content: str) -> Status:
    path = folder / "test.dsl"
    path.write_text(content)
    return deciding.prove((str(path),), Ask())


@pytest.mark.parametrize("content", [COUNTED, WRONG])
def test_the_verdicts_are_there_before_it_is_asked(tmp_path: Path, content: str) -> None:
    stream = io.StringIO()
    before: list[str] = []

    def asked(*given: object) -> Iterator[tuple[str, Unbounded]]:
        before.append(stream.getvalue())
        return iter(())

    sink = _sink(stream)
    with patch("smtmodel.solving.unbounded.shown", asked):
        _proved(_deciding(sink), tmp_path, content)
    (early,) = before
    assert early.rstrip().endswith("for 2 updates and any number of r lanes (sc)")
    assert early.count("REFUTED") == content.count("v == w")
    whole = stream.getvalue()
    assert whole.startswith(early)
    heads = ("PROVED ", "REFUTED ")
    assert not [one for one in whole.removeprefix(early).splitlines() if one.startswith(heads)]


def test_nothing_is_lost_where_the_report_begins_otherwise() -> None:
    stream = io.StringIO()
    sink = _sink(stream)
    deciding = _deciding(sink)
    protocol = checked(COUNTED)
    found = decided(deciding.session, protocol, "sc", Limits(), None)
    sink.begun = ["something else"]
    deciding._report("held", protocol, found)
    assert stream.getvalue().startswith("PROVED")


@pytest.mark.parametrize("cause", [Cause.INTERRUPTED, Cause.TIMEOUT])
def test_who_stops_it_keeps_the_verdicts(cause: Cause) -> None:
    stream = io.StringIO()
    sink = _sink(stream)
    deciding = _deciding(sink)
    protocol = checked(COUNTED)
    found = decided(deciding.session, protocol, "sc", Limits(), None)
    deciding.session.stopped = Trouble(cause, "stopped there")
    found = deciding.further("held", protocol, found, Limits(), begin=True)
    assert set(deciding._report("held", protocol, found)) == {Status.GOOD}
    assert "1 round each (sc); why not more: stopped there Lanes:" in _told(stream.getvalue())


def test_ctrl_c_behind_the_first_verdict_loses_nothing() -> None:
    process = processes.start("prove", "paolo.dsl", new_session=True)
    assert process.stdout is not None
    first = process.stdout.readline()
    os.killpg(process.pid, signal.SIGINT)
    rest, _ = process.communicate()
    assert first.startswith("PROVED paolo.dsl: stale_after_return")
    assert len([line for line in rest.splitlines() if line.startswith("Result paolo.dsl")]) == 4
    told = _told(rest)
    assert "why not more: interrupted" in told or "beyond the bounds above" in told
    assert process.returncode == 0


# ---------------------------------------------------------------- what is cheap


@pytest.mark.parametrize(
    ("effort", "reason"),
    [
        (replace(CHEAP, events=4), "there are more than 4 events in the lanes"),
        (replace(CHEAP, edges=3), "there are more than 3 edges in the transition system"),
        (replace(CHEAP, states=5), "there are more than 5 states"),
        (replace(CHEAP, questions=7), "no invariant was found within 7 questions to z3"),
    ],
)
def test_counts_say_what_is_cheap(effort: Effort, reason: str) -> None:
    protocol = checked(COUNTED)
    for cause, asked in ((Cause.BUDGET, effort), (Cause.NONE, replace(effort, more=False))):
        known = dict(shown(protocol, NAMES, asked))
        assert known == dict.fromkeys(NAMES, Unbounded(reason, cause=cause))


def test_whoever_asks_for_more_gets_all_that_there_is() -> None:
    assert LARGE.states == close.LIMIT
    assert not LARGE.more


def test_where_little_is_left_to_try_properties_are_not_tried_one_by_one() -> None:
    protocol = checked(COUNTED)
    tried: list[int] = []

    def search(_: object, closed: object, names: tuple[str, ...], effort: Effort) -> Unbounded:
        tried.append(len(names))
        return Unbounded("not found")

    with patch("smtmodel.solving.unbounded._of_states", search):
        for effort in (CHEAP, LARGE):
            dict(shown(protocol, NAMES, effort))
    assert tried == [2, 2, 1, 1]


LOCKED = """\
protocol locked
shared n = 0
mutex l
update u {
    mutex_lock(l)
    n = n + 1
    mutex_unlock(l)
}
thread r {
    v = n
    wrong: assert v == 0
}
bounds updates 2, r 1
"""


def test_nothing_is_asked_of_what_heads_no_proof() -> None:
    """That a refuted protocol does not deadlock is not worth an invariant by itself."""
    outcome = decided(Session(Alone()), checked(LOCKED), "sc", Limits(), None).outcome
    assert worth_asking(outcome, CHEAP) == frozenset()
    assert "deadlock" in worth_asking(outcome, LARGE)
