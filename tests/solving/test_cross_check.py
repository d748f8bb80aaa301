"""Second opinions, and the questions behind proofs as files: who agrees, and what if not."""

import faulthandler
import json
import os
import re
import signal
import tomllib
from pathlib import Path

import pytest

from smtmodel.commands.cross_check import cross_checked
from smtmodel.commands.decision import decided
from smtmodel.documents.answer import Context, ReportPart
from smtmodel.documents.report import report_of
from smtmodel.formats.smt2 import lines_of
from smtmodel.models import model
from smtmodel.solving import cross_check, cvc5_solver
from smtmodel.solving.decide import decide_with_obligations
from smtmodel.solving.result import Limits, Obligation, Outcome, Result, Sort
from smtmodel.verdict import Status, Verdict
from smtmodel.work.crew import Crew
from smtmodel.work.session import Session
from tests.support import processes
from tests.support.examples import at, checked, shipped
from tests.support.program import run

pytest.importorskip("cvc5")

VACUOUS = """
protocol p
shared x = 0
thread t { x = 1 }
never bad: x == 5 when x == 7 always
reach goal: x == GOAL
bounds t 1
"""


def _decided(text: str) -> tuple[list[Obligation], dict[str, Result]]:
    protocol = checked(text)
    found = list(decide_with_obligations(protocol, model("sc"), protocol.bounds, Limits(), None))
    results = {one.name: one for one in found if isinstance(one, Result)}
    return [one for one in found if isinstance(one, Obligation)], results


def test_every_proof_has_its_questions_and_a_refutation_has_none() -> None:
    protocol = shipped("original")
    found = list(
        decide_with_obligations(protocol, model("tso"), at(protocol, 1, 1), Limits(), None)
    )
    asked = {one.result for one in found if isinstance(one, Obligation)}
    results = [one for one in found if isinstance(one, Result)]
    assert asked == {one.name for one in results if cross_check.rests_on_unsat(one)} == {"deadlock"}
    assert [cvc5_solver.ask(o.text) for o in found if isinstance(o, Obligation)] == ["unsat"]


@pytest.mark.parametrize(
    ("text", "because"),
    [
        (VACUOUS.replace("GOAL", "1"), "an execution in which bad is judged"),
        (VACUOUS.replace("when x == 7", "").replace("GOAL", "2"), "an execution that reaches goal"),
        (
            VACUOUS.replace("when x == 7", "")
            .replace("GOAL", "1")
            .replace("x = 1", "x = 1 assume x == 3"),
            "a complete execution",
        ),
    ],
    ids=["premise", "goal", "complete"],
)
def test_what_makes_a_proof_vacuous_is_asked_too(text: str, because: str) -> None:
    asked, results = _decided(text)
    assert results["bad"].verdict is Verdict.VACUOUS
    own = [one for one in asked if one.result == "bad"]
    assert [one.asks for one in own] == ["an execution that violates bad", because]
    assert {cvc5_solver.ask(one.text) for one in own} == {"unsat"}


def test_cvc5_says_what_it_cannot_do() -> None:
    assert cvc5_solver.ask("(set-logic QF_IDL)\n(check-sat)\n") == "sat"
    assert "nowhere" in cvc5_solver.ask("(set-logic QF_IDL)\n(assert nowhere)\n(check-sat)\n")
    assert cvc5_solver.ask("") == "no answer"


def _again(monkeypatch: pytest.MonkeyPatch, answer: str) -> dict[str, Result]:
    """paolo.dsl, with a cvc5 that always answers so."""
    monkeypatch.setattr(cvc5_solver, "ask", lambda text: answer)
    protocol = shipped("paolo")
    session = Session(Crew())
    decision = decided(session, protocol, "sc", Limits(), None, told=True)
    found = cross_checked(protocol, decision, Limits(), session)
    session.close()
    assert bool(found.bug) is (answer == "sat")
    return {one.name: one for one in found.outcome.results}


def test_a_disagreement_leaves_no_verdict(monkeypatch: pytest.MonkeyPatch) -> None:
    found = _again(monkeypatch, "sat")
    result = found["stale_after_return"]
    assert result.verdict is Verdict.UNKNOWN
    assert result.status is Status.CONTRADICTION
    assert re.search(
        r"^z3 [\d.]+ says: PROVED; cvc5 [\d.]+ says: there is an execution", result.reason
    )
    assert found["hits_new"].verdict is Verdict.PROVED  # it has a run, which was replayed


def test_no_answer_confirms_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    result = _again(monkeypatch, "no answer within 60 s")["stale_after_return"]
    assert result.verdict is Verdict.PROVED
    assert result.status is Status.GOOD
    cvc5, explorer = result.opinions
    assert (cvc5.agrees, explorer.agrees) == (None, True)
    assert cvc5.told.endswith("no answer within 60 s")


@pytest.mark.parametrize(("states", "agrees"), [(100_000, True), (50, None)])
def test_the_explorer_says_how_far_it_came(
    states: int, agrees: bool | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cross_check, "STATES", states)
    opinion = _again(monkeypatch, "unsat")["stale_after_return"].opinions[1]
    assert opinion.agrees is agrees
    told = "3,916 states at updates 2, faults 2" if agrees else "too many states (more than 50)"
    assert opinion.told == told


def test_the_explorer_contradicts_a_wrong_proof() -> None:
    protocol = shipped("original")
    bounds = at(protocol, 1, 1)
    results = tuple(
        Result(one.name, Sort.NEVER, Verdict.PROVED, one.span)
        for one in protocol.properties
        if one.name.startswith("stale")
    )
    asked = cross_check.opinions(
        protocol, model("sc"), bounds, Limits(), None, results=results, obligations=()
    )
    found = [one.opinion for one in asked if isinstance(one, cross_check.Judged)]
    assert [one.told for one in found if one.judge.startswith("cvc5")] == [
        "it was asked nothing"
    ] * 2
    against = [one for one in found if one.judge == cross_check.EXPLORER]
    assert [one.agrees for one in against] == [False, False]
    assert all(one.told.startswith("REFUTED (") for one in against)


def test_a_second_judge_who_crashes_confirms_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def crash() -> str:
        faulthandler.disable()
        os.kill(os.getpid(), signal.SIGSEGV)
        return ""

    monkeypatch.setattr(cvc5_solver, "version", crash)
    protocol = shipped("paolo")
    session = Session(Crew())
    decision = decided(session, protocol, "sc", Limits(), None, told=True)
    found = cross_checked(protocol, decision, Limits(), session)
    session.close()
    assert {one.verdict for one in found.outcome.results} == {Verdict.PROVED}
    (opinion,) = found.outcome.results[0].opinions
    assert opinion.agrees is None
    assert "SIGSEGV" in opinion.told
    assert found.outcome.results[0].status is Status.GOOD
    assert not found.bug


# ---------------------------------------------------------------- as users meet it


def test_the_report_says_who_confirmed_what() -> None:
    process = run("prove", "paolo.dsl", "--cross-check", "--format", "json")
    assert process.returncode == 0, process.stderr
    results = json.loads(process.stdout)["outcomes"][0]["results"]
    told = {one["name"]: [o["agrees"] for o in one["opinions"]] for one in results}
    assert told["stale_after_return"] == [True, True]
    human = run("prove", "paolo.dsl", "--cross-check").stdout
    assert re.search(r"Checked: +cvc5 [\d.]+ agrees on stale_after_return", human)
    assert re.search(r"deadlock PROVED \S+ confirmed by cvc5 [\d.]+ and the explorer, and", human)


def test_check_keeps_its_summary() -> None:
    process = run("check", "protocols/original.dsl", "--cross-check")
    assert process.returncode == 0
    assert "confirmed by cvc5" in process.stdout
    assert re.search(r"\n1 file: (\d+) of \1 expectations met\n$", process.stdout)


def test_without_cvc5_nothing_is_decided(tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(
        "import importlib.util as u\n"
        "real = u.find_spec\n"
        "u.find_spec = lambda name, *a: None if name == 'cvc5' else real(name, *a)\n"
    )
    root = Path(__file__).parents[2]
    process = processes.run("prove", "paolo.dsl", "--cross-check", PYTHONPATH=f"{tmp_path}:{root}")
    assert process.returncode == 2
    assert process.stdout == ""
    assert f"--cross-check needs cvc5: {cvc5_solver.HINT}" in process.stderr


def test_what_installs_cvc5_is_what_the_package_says() -> None:
    text = (Path(__file__).parents[2] / "pyproject.toml").read_text()
    extras = tomllib.loads(text)["project"]["optional-dependencies"]
    (extra,) = re.findall(r"pip install '\.\[([\w-]+)\]'", cvc5_solver.HINT)
    assert [re.match(r"\w+", one)[0] for one in extras[extra]] == ["cvc5"]


def test_a_time_limit_covers_the_second_judges_too(tmp_path: Path) -> None:
    begun = tmp_path / "begun"
    waits = f"from pathlib import Path\nimport signal\nPath({str(begun)!r}).touch()\n"
    (tmp_path / "cvc5.py").write_text(f"{waits}while True: signal.pause()\n")
    path = f"{tmp_path}:{Path(__file__).parents[2]}"
    options = ("--cross-check", "--timeout", "5", "-q")
    process = processes.run("prove", "paolo.dsl", *options, clock=str(begun), PYTHONPATH=path)
    assert process.returncode == 124, process.stdout + process.stderr
    assert "stale_after_return PROVED" in process.stdout
    assert "not confirmed by" in process.stdout


# ---------------------------------------------------------------- SMT-LIB files


def _scripts(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text() for path in sorted(folder.iterdir())}


def test_a_folder_gets_one_file_per_question(tmp_path: Path) -> None:
    for seed, name in (("0", "a"), ("7", "b")):
        process = processes.run(
            "prove", "paolo.dsl", "-q", "--out", f"smt2={tmp_path / name}", PYTHONHASHSEED=seed
        )
        assert process.returncode == 0, process.stderr
    first = _scripts(tmp_path / "a")
    assert first == _scripts(tmp_path / "b")
    assert list(first) == [
        "paolo.deadlock.smt2",
        "paolo.stale_after_return.smt2",
        "paolo.stale_at_any_time.smt2",
    ]
    text = first["paolo.stale_after_return.smt2"]
    assert text.splitlines()[:5] == [
        "; an execution that violates stale_after_return",
        f"; protocol paolo: {shipped('paolo').title}",
        "; property stale_after_return",
        f"; model sc: {model('sc').title}",
        "; bounds updates 2, faults 1",
    ]
    assert "0.1.0" not in text
    assert "; a read that happens returns some write (line 31)\n(assert " in text
    assert re.search(r"\(declare-const c_sc_\d+ Int\) ; fault0 read: .* \(line 3\d\)\n", text)
    headings = [line for line in text.splitlines() if line.startswith("; ")]
    assert len(headings) == len(set(headings))
    assert {cvc5_solver.ask(one) for one in first.values()} == {"unsat"}


def test_what_was_proved_before_does_not_stay_behind(tmp_path: Path) -> None:
    folder, file = tmp_path / "out", tmp_path / "p.dsl"
    good = "protocol p\nshared x = 0\nthread t { x = 1 }\nnever bad: x == 2 always\nbounds t 1\n"
    (folder).mkdir()
    (folder / "p.badness.smt2").write_text("mine")
    for text, there in ((good, True), (good.replace("x == 2", "x == 1"), False)):
        file.write_text(text)
        run("prove", str(file), "--out", f"smt2={folder}")
        assert (folder / "p.bad.smt2").exists() is there
    assert (folder / "p.badness.smt2").read_text() == "mine"


def test_a_stream_has_all_questions_and_says_what_has_none(tmp_path: Path) -> None:
    process = run("prove", "original.dsl", "--format", "smt2", "--out", f"smt2={tmp_path}/all.smt2")
    assert process.returncode == 10
    assert (tmp_path / "all.smt2").read_text() == process.stdout
    assert "; original: stale_after_return: REFUTED, nothing to ask" in process.stdout
    assert process.stdout.count("(check-sat)") == process.stdout.count("(reset)") == 1
    assert cvc5_solver.ask(process.stdout) == "unsat"


def test_a_folder_that_cannot_be_made_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    process = run("prove", "paolo.dsl", "--out", f"smt2={tmp_path / 'file'}")
    assert process.returncode == 2
    assert "cannot make the folder" in process.stderr
    assert process.stdout == ""


def test_titles_cannot_break_out_of_a_comment() -> None:
    text = VACUOUS.replace("protocol p", 'protocol p "a (assert false) é"').replace("GOAL", "1")
    asked, _ = _decided(text)
    assert "; protocol p: a (assert false) é\n" in asked[0].text
    protocol = checked(text)
    empty = Outcome("sc", protocol.bounds, None, ())
    assert lines_of(report_of(ReportPart(protocol, empty, Context("p", "0", "0")))) == []


def test_files_of_one_name_do_not_overwrite_each_other(tmp_path: Path) -> None:
    text = "protocol p\nshared x = 0\nthread t { x = 1 }\nnever bad: x == 2 always\nbounds t 1\n"
    text += "expect bad proved\n"
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "p.dsl").write_text(text)
    process = run("check", "a", "b", "--out", "smt2=out", cwd=tmp_path)
    assert process.returncode == 0, process.stderr
    assert list(_scripts(tmp_path / "out")) == ["p-2.bad.smt2", "p.bad.smt2"]
