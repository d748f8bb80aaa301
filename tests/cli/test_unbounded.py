"""`prove --unbounded` and `check-invariant`, as users meet them."""

import json
import re
from html import unescape
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest

from smtmodel.commands.beyond import asked_beyond
from smtmodel.commands.decision import decided
from smtmodel.commands.expectations import judged
from smtmodel.commands.prove import Ask, Deciding
from smtmodel.commands.sinks import Progress, Show
from smtmodel.commands.unbounded import asked_unbounded, worth_asking
from smtmodel.documents.answer import Expected
from smtmodel.language.checked import Checked
from smtmodel.solving.effort import LARGE, Effort
from smtmodel.solving.result import Certificate, Limits, Unbounded
from smtmodel.source.record import replace
from smtmodel.verdict import Cause, Status, Verdict
from smtmodel.work.engine import Trouble
from smtmodel.work.session import Session
from tests.support.alone import Alone
from tests.support.certified import COUNTED
from tests.support.examples import checked
from tests.support.program import run

THIRD = COUNTED.replace("never ahead", "never third: n == 3 settled\nnever ahead")

COUPLED = """\
protocol coupled
shared n = 0
shared top = 0
thread w {
    k = atomic_inc_return(&n)
    if (k == 3)
        top = 1
    m = atomic_dec_return(&n)
    low: assert m < 3
}
never three: top == 1 always
bounds w 2, rounds 2
"""


def _file(folder: Path, content: str) -> str:
    path = folder / "test.dsl"
    path.write_text(content)
    return path.name


def test_what_holds_for_any_number_is_said_and_what_does_not_is_refuted(tmp_path: Path) -> None:
    process = run("prove", _file(tmp_path, THIRD), "--unbounded", cwd=tmp_path)
    told = " ".join(process.stdout.split())
    assert "PROVED test.dsl: ahead, for 2 updates and any number of r lanes (sc)" in told
    whole = "every interleaving of any number of updates, r lanes and rounds (sc)"
    assert f"behind, ahead: {whole}, beyond the bounds above" in told
    assert "third: every interleaving of 2 updates and any number of r lanes, 1 round each" in told
    assert re.search(r"behind, ahead: by an invariant \(\d+ clauses; -v shows it\)", told)
    assert "REFUTED test.dsl: third  (smallest run: 3 updates, 1 r lane" in process.stdout
    assert process.returncode == 10
    lines = [line for line in process.stdout.splitlines() if line.startswith("Result")]
    assert [line.endswith("and beyond these bounds") for line in lines] == [
        *(True, False, True, False),
    ]


def test_the_number_of_coupled_lanes_is_said(tmp_path: Path) -> None:
    process = run("prove", _file(tmp_path, COUPLED), "--unbounded", cwd=tmp_path)
    assert "every interleaving of 2 w lanes, any number of rounds (sc)" in process.stdout
    assert process.returncode == 0
    more = run("prove", "test.dsl", "--unbounded", "--bound", "w=3", "-q", cwd=tmp_path)
    assert more.returncode == 10
    assert "three REFUTED" in more.stdout


def test_where_it_is_not_asked_it_is_said_how_to_ask(tmp_path: Path) -> None:
    name = _file(tmp_path, THIRD)
    process = run("prove", name, "--bounded", "--out", "json=x.json", cwd=tmp_path)
    told = " ".join(process.stdout.split())
    assert "any number of up" not in told
    assert "any number of r lanes, 1 round each (sc); more: `--unbounded`" in told
    scopes = [one["scope"] for one in _results(tmp_path)]
    assert scopes == ["2 updates and any number of r lanes, 1 round each"] * 3


def test_under_another_model_it_is_said_that_nothing_is_asked(tmp_path: Path) -> None:
    process = run("prove", _file(tmp_path, THIRD), "--model", "tso", cwd=tmp_path)
    assert "(tso); why not more: not asked under tso" in " ".join(process.stdout.split())


def _results(folder: Path) -> list[dict[str, Any]]:
    saved = json.loads((folder / "x.json").read_text())
    return [one for outcome in saved["outcomes"] for one in outcome["results"]]


FORMATS = ("human", "email", "markdown", "html")


@pytest.mark.parametrize("format", FORMATS)
def test_the_scope_and_the_invariant_stand_in_every_report(tmp_path: Path, format: str) -> None:
    name = _file(tmp_path, THIRD)
    run("prove", name, "-v", "--out", f"{format}=x", cwd=tmp_path)
    text = unescape(re.sub("<[a-z/!][^>]*>", "", (tmp_path / "x").read_text()))
    told = " ".join(re.sub(r"[`*\\]", "", text).split())
    assert "any number of updates, r lanes and rounds (sc), beyond the bounds above" in told
    assert re.search(r"behind, ahead: an invariant of \d+ clauses in", told)
    assert "a group is all states that are alike in" in told
    assert "before m = n:" in told


def test_json_has_what_is_known_and_show_says_it_again(tmp_path: Path) -> None:
    name = _file(tmp_path, THIRD)
    whole = run("prove", name, "--unbounded", "--out", "json=x.json", cwd=tmp_path)
    saved = json.loads((tmp_path / "x.json").read_text())
    known = {one["name"]: one["unbounded"] for one in saved["outcomes"][0]["results"]}
    assert known["third"]["violated"]
    assert known["third"]["certificate"] is None
    assert known["ahead"]["certificate"]["free"] == ["r"]
    assert [one["scope"] for one in _results(tmp_path)[:2]] == [
        "any number of updates, r lanes and rounds",
        "2 updates and any number of r lanes, 1 round each",
    ]
    shown = run("show", "x.json", "-v", cwd=tmp_path)
    told = " ".join(shown.stdout.split())
    assert "any number of updates, r lanes and rounds (sc), beyond" in told
    assert "`m <= n`" in shown.stdout
    assert shown.returncode == whole.returncode


def _written(folder: Path, content: str = THIRD) -> str:
    name = _file(folder, content)
    run("prove", name, "--unbounded", "--out", "invariant=i.smt2", "-q", cwd=folder)
    return (folder / "i.smt2").read_text()


STANDING = """\
(set-info :proves "third")
(set-info :numbers "0 1 2 3 4 5 6")
(set-info :group "0=NUMBER 1=NUMBER 2=NUMBER 3=NUMBER 4=NUMBER 5=TOKEN")
(define-fun inv0 () Bool (= x2 0))
"""


def test_an_invariant_is_checked_anew(tmp_path: Path) -> None:
    assert _written(tmp_path).count("(check-sat)") > 5
    process = run("check-invariant", "test.dsl", "i.smt2", cwd=tmp_path)
    assert "SHOWN test.dsl: behind, for any number of updates, r lanes and" in process.stdout
    assert process.returncode == 0


def test_what_is_said_of_an_invariant_has_forms(tmp_path: Path) -> None:
    _written(tmp_path)
    process = run("check-invariant", "test.dsl", "i.smt2", "--format", "json", cwd=tmp_path)
    saved = json.loads(process.stdout)
    assert [one["name"] for one in saved["claims"]] == ["behind", "ahead"]
    assert {one["scope"] for one in saved["claims"]} == {
        "any number of updates, r lanes and rounds"
    }
    assert (saved["status"], saved["file"]["name"], saved["invariant"]) == (0, "test.dsl", "i.smt2")
    words = saved["claims"][0]["unbounded"]["certificate"]["words"]
    told = run("check-invariant", "test.dsl", "i.smt2", "-v", cwd=tmp_path).stdout
    assert all(f"    {line}\n" in told for line in words)
    form = ("--format", "markdown", "-v")
    page = run("check-invariant", "test.dsl", "i.smt2", *form, cwd=tmp_path).stdout
    assert page.startswith("- SHOWN test.dsl: behind, for any number of updates")
    assert "\n- In words:\n  - places: " in page
    assert "\n  - at all of them:\n    - `" in page
    assert "- \n" not in page


def test_an_invariant_that_was_weakened_by_hand_is_not_shown(tmp_path: Path) -> None:
    text = _written(tmp_path)
    start = text.index("(define-fun inv3 () Bool ") + len("(define-fun inv3 () Bool ")
    end = text.index("\n", start)
    (tmp_path / "i.smt2").write_text(text[:start] + "true)" + text[end:])
    process = run("check-invariant", "test.dsl", "i.smt2", cwd=tmp_path)
    assert "NOT SHOWN test.dsl: ahead: the invariant is not shown: a" in process.stdout
    assert process.returncode == 5


def test_questions_in_the_file_are_not_believed(tmp_path: Path) -> None:
    text = _written(tmp_path)
    without = [line for line in text.splitlines() if "(check-sat)" not in line]
    none = [line if "define-fun" not in line else _true(line) for line in without]
    (tmp_path / "i.smt2").write_text("\n".join(none))
    process = run("check-invariant", "test.dsl", "i.smt2", cwd=tmp_path)
    assert process.returncode == 5


def _true(line: str) -> str:
    return " ".join(line.split()[:4]) + " true)"


def test_a_property_that_is_claimed_by_hand_is_not_shown(tmp_path: Path) -> None:
    text = _written(tmp_path)
    (tmp_path / "i.smt2").write_text(text.replace(':proves "', ':proves "third deadlock '))
    process = run("check-invariant", "test.dsl", "i.smt2", cwd=tmp_path)
    assert "SHOWN test.dsl: third," not in process.stdout
    assert "NOT SHOWN test.dsl: deadlock" in process.stdout
    assert process.returncode == 5


def test_where_a_lane_stands_is_no_number(tmp_path: Path) -> None:
    """A group of states in which places are not known would have no edges."""
    text = _written(tmp_path)
    start = text.index("(set-info :numbers")
    (tmp_path / "i.smt2").write_text(text[:start] + STANDING)
    process = run("check-invariant", "test.dsl", "i.smt2", cwd=tmp_path)
    assert process.returncode == 2
    assert "damaged" in process.stderr


@pytest.mark.parametrize("before", ["(set-info :quantities", "(set-info :numbers", "(define-fun"])
def test_an_invariant_that_was_cut_off_is_refused_or_not_shown(tmp_path: Path, before: str) -> None:
    text = _written(tmp_path)
    (tmp_path / "i.smt2").write_text(text[: text.index(before)])
    process = run("check-invariant", "test.dsl", "i.smt2", cwd=tmp_path)
    assert "SHOWN" not in process.stdout.replace("NOT SHOWN", "")
    assert process.returncode in (2, 5)


def test_an_invariant_of_another_protocol_is_refused(tmp_path: Path) -> None:
    _written(tmp_path)
    _file(tmp_path, COUPLED)
    process = run("check-invariant", "test.dsl", "i.smt2", cwd=tmp_path)
    assert "i.smt2: it is of another protocol" in process.stderr
    assert process.returncode == 2


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--unbounded", "--model", "tso"), "--unbounded is for the model sc: not tso"),
        (("--out", "invariant=x"), "needs --unbounded"),
        (("--unbounded", "--out", "invariant="), "takes one file"),
        (("--unbounded", "--out", "invariant=test.dsl"), "would overwrite the protocol"),
        (("--unbounded", "--out", "invariant=."), "cannot write .: Is a directory"),
        (
            ("--unbounded", "--out", "invariant=no/i"),
            "cannot write no/i: No such file",
        ),
    ],
)
def test_what_cannot_be_asked_is_refused(
    tmp_path: Path, arguments: tuple[str, ...], told: str
) -> None:
    process = run("prove", _file(tmp_path, THIRD), *arguments, cwd=tmp_path)
    assert told in process.stderr
    assert process.returncode == 2


def test_what_is_not_covered_is_said_with_its_step(tmp_path: Path) -> None:
    content = COUNTED.replace("    behind: assert v <= w", "    near: assert w - v < 9")
    process = run("prove", _file(tmp_path, content), "--unbounded", cwd=tmp_path)
    told = "not covered: two unbounded numbers are added or subtracted"
    assert told in " ".join(process.stdout.split())
    assert process.returncode == 0


def _all_shown(
    protocol: Checked, only: frozenset[str], effort: Effort
) -> list[tuple[str, Unbounded]]:
    certificate = Certificate(1, 1, 1, ("z3",), (), (), (), "")
    return [(name, Unbounded("", certificate=certificate)) for name in sorted(only)]


def test_a_proof_that_a_run_contradicts_is_a_bug_of_ours() -> None:
    protocol = checked(THIRD)
    found = decided(Session(Alone()), protocol, "sc", Limits(), None)
    further = asked_beyond(protocol, found, Limits(), Session(Alone()))
    with patch("smtmodel.solving.unbounded.shown", _all_shown):
        names = worth_asking(further.outcome, LARGE)
        told = asked_unbounded(protocol, further, Limits(), Session(Alone()), names, LARGE)
    results = {one.name: one for one in told.outcome.results}
    assert results["third"].status is Status.CONTRADICTION
    assert "a run with more updates violates it" in told.bug
    assert results["ahead"].status is Status.GOOD


def test_who_interrupts_it_sees_that_in_the_status() -> None:
    session, protocol = Session(Alone()), checked(THIRD)
    found = decided(session, protocol, "sc", Limits(), None)
    session.stopped = Trouble(Cause.INTERRUPTED, "interrupted")
    deciding = Deciding(
        session, (), Progress(lambda *told: None, Show(quiet=True)), [], effort=LARGE
    )
    assert deciding._larger("counted", protocol, found, Ask()) == [Status.INTERRUPTED]


# ---------------------------------------------------------------- what a file expects


EXPECTING = (
    THIRD
    + """\
expect behind proved for any number
expect ahead  proved for any number
expect third  proved
"""
)


def test_check_meets_what_is_expected_for_any_number(tmp_path: Path) -> None:
    process = run("check", _file(tmp_path, EXPECTING), cwd=tmp_path)
    lines = [line for line in process.stdout.splitlines() if line.startswith("Result")]
    assert [line.endswith("and beyond these bounds") for line in lines] == [True, False, True]
    assert process.stdout.endswith("1 file: 3 of 3 expectations met\n")
    assert process.returncode == 0


NOT_SHOWN = EXPECTING.replace("expect third  proved", "expect third proved for any number")


def test_what_only_the_bounds_show_does_not_meet_it(tmp_path: Path) -> None:
    process = run("check", _file(tmp_path, NOT_SHOWN), "--out", "json=x.json", cwd=tmp_path)
    told = " ".join(process.stdout.split())
    assert "Reason: not shown beyond the bounds: more updates or rounds may violate it" in told
    assert "expected PROVED for any number" in told
    assert "1 file: 2 of 3 expectations met" in told
    assert process.returncode == 10
    saved = json.loads((tmp_path / "x.json").read_text())
    known = {one["name"]: one for one in saved["outcomes"][0]["results"]}
    assert known["third"]["expected_any_number"]
    assert known["ahead"]["unbounded"]["certificate"]
    shown = run("show", "x.json", cwd=tmp_path)
    assert "expected PROVED for any number" in shown.stdout
    assert shown.returncode == process.returncode


@pytest.mark.parametrize(
    ("format", "told"),
    [
        ("gcc", "PROVED, expected PROVED for any number: not shown beyond the bounds: more"),
        ("github", "PROVED, expected PROVED for any number: not shown beyond the bounds: more"),
        ("junit", 'failures="1"'),
        ("ktap", "not ok 2 third # PROVED, expected PROVED for any number"),
        ("sarif", "The property is proved at its bounds, and its file expects something else."),
        ("html", "expected PROVED for any number"),
        ("email", "expected PROVED for any number"),
        ("markdown", "expected PROVED for any number"),
    ],
)
def test_every_format_says_that_it_is_not_met(tmp_path: Path, format: str, told: str) -> None:
    process = run("check", _file(tmp_path, NOT_SHOWN), "--out", f"{format}=x", cwd=tmp_path)
    assert told in " ".join((tmp_path / "x").read_text().split())
    assert process.returncode == 10


def test_an_invariant_for_what_a_run_refutes_is_a_bug_of_ours() -> None:
    protocol = checked(NOT_SHOWN.replace("n == 3", "n == 2"))
    deciding = Deciding(Session(Alone()), (), Progress(lambda *told: None, Show(quiet=True)), [])
    with patch("smtmodel.solving.unbounded.shown", _all_shown):
        (part,) = deciding._expected(protocol, Ask(), [])
    assert part.expected is not None
    pairs = zip(part.outcome.results, part.expected, strict=True)
    statuses = {one.name: judged(one, want) for one, want in pairs}
    assert statuses["third"] is Status.CONTRADICTION
    assert statuses["ahead"] is Status.GOOD
    assert [message for message, _ in deciding.bugs] == [
        "an invariant shows it, and a run violates it"
    ]


@pytest.mark.parametrize(
    ("cause", "status"),
    [(Cause.TIMEOUT, Status.TIMEOUT), (Cause.BUDGET, Status.UNKNOWN), (Cause.NONE, Status.REFUTED)],
)
def test_an_answer_that_was_stopped_is_unknown(cause: Cause, status: Status) -> None:
    result = decided(Session(Alone()), checked(THIRD), "sc", Limits(), None).outcome.results[2]
    want = Expected(Verdict.PROVED, any_number=True)
    assert judged(replace(result, unbounded=Unbounded("", cause=cause)), want) is status
    assert judged(replace(result, unbounded=None), want) is Status.REFUTED


def test_a_review_asks_for_any_number(tmp_path: Path) -> None:
    options = ("--unbounded", "--no-needed", "--no-cases")
    process = run("review", _file(tmp_path, THIRD), *options, cwd=tmp_path)
    assert "any number of updates, r lanes and rounds (sc)" in process.stdout
    assert "- **Invariant:**" in process.stdout
    assert "smtmodel review test.dsl --no-cases --no-needed --unbounded" in process.stdout
    wrong = run("review", "test.dsl", "--unbounded", "--model", "tso", cwd=tmp_path)
    assert "--unbounded is for the model sc: not tso" in wrong.stderr
    assert wrong.returncode == 2
