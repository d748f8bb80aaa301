"""Exit statuses, streams and stops; whatever is about processes with real ones."""

import json
import os
import re
import shlex
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from smtmodel import work
from smtmodel.commands import decision
from smtmodel.commands.new import template
from smtmodel.solving.decide import decide
from smtmodel.solving.result import Limits, Result
from smtmodel.source.header import field
from smtmodel.source.text import Text
from smtmodel.verdict import Cause, Verdict
from smtmodel.work.crew import Crew
from smtmodel.work.session import Session
from tests.support import processes
from tests.support.clocked import VARIABLE
from tests.support.examples import shipped
from tests.support.lengths import long_but
from tests.support.processes import (
    COMMAND,
    PROTOCOLS,
    ROOT,
    environment,
    start,
    wait_until_it_has_ended,
    wait_until_it_says,
)
from tests.support.program import run

HEAVY = ("prove", "paolo.dsl", "--updates", "60", "--faults", "60")
"""Minutes of work."""

RACE = """\
protocol race
shared n = 0
thread adder { seen = n
    n = seen + 1 }
never lost: n != 2 finally
reach both: n == 2 finally
bounds adder 2
"""
VACUOUS = """\
protocol idle
shared n = 0
thread looks { seen = n
    assume seen == 1 }
never seen_one: n == 0 when n == 1 always
bounds looks 1
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a protocol of each kind."""
    (tmp_path / "race.dsl").write_text(RACE)
    (tmp_path / "vacuous.dsl").write_text(VACUOUS)
    (tmp_path / "broken.dsl").write_text("protocol broken\nshared = 1\n")
    (tmp_path / "latin.dsl").write_bytes(b"protocol caf\xe9\n")
    (tmp_path / "binary.dsl").write_bytes(b"\0\1\2")
    (tmp_path / "empty.dsl").write_text("")
    return tmp_path


# ---------------------------------------------------------------- statuses


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (["prove", "paolo.dsl"], 0),
        (["prove", "original.dsl"], 10),
        (["prove", "race.dsl"], 10),
        (["prove", "race.dsl", "--only", "both"], 0),
        (["prove", "vacuous.dsl", "--only", "seen_one"], 11),
        (["prove", "broken.dsl"], 2),
        (["prove", "latin.dsl"], 2),
        (["prove", "binary.dsl"], 2),
        (["prove", "empty.dsl"], 2),
        (["prove", "."], 2),
        (["prove", "paolo.dsl", "--only", "stale_after_retrun"], 2),
        (["prove", "paolo.dsl", "--updates", "0"], 2),
        (["prove", "paolo.dsl", "--updates", "1000000000"], 2),
        (["prove", "paolo.dsl", "--bound", "readers=2"], 2),
        (["prove", "paolo.dsl", "--bound", "readers"], 2),
        (["prove", "paolo.dsl", "--model", "arm"], 2),
        (["prove", "paolo.dsl", "--frob"], 2),
        (["prove", "paolo.dsl", "--out", "json=/nonexistent/x.json"], 2),
        (["prove", "paolo.dsl", "--out", "pdf=x.pdf"], 2),
        (["prove", "race.dsl", "--out", "human=race.dsl"], 2),
        (["prove", "paolo.dsl", "--budget", "1"], 5),
        (["prove"], 2),
        (["frob"], 2),
        ([], 2),
        (["--help"], 0),
        (["--version"], 0),
        (["check"], 2),
        (["check", "race.dsl"], 2),
        (["check", "nowhere"], 2),
        (["replay", "original.dsl", "fault7"], 2),
        (["fmt", "broken.dsl"], 2),
        (["explain", "E201"], 0),
        (["explain", "all"], 0),
        (["explain", "E999"], 2),
        (["schema"], 0),
        (["new", "not a name"], 2),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else str(value),
)
def test_the_exit_status(arguments: list[str], status: int, folder: Path) -> None:
    process = run(*arguments, cwd=folder)
    assert process.returncode == status, process.stderr
    assert "Traceback" not in process.stdout + process.stderr
    assert (folder / "race.dsl").read_text() == RACE


def test_an_unwritable_output_is_refused_before_anything_is_solved(folder: Path) -> None:
    process = run(*HEAVY, "--out", "json=/nonexistent/x.json", cwd=folder)
    assert process.returncode == 2
    assert "cannot write /nonexistent/x.json" in process.stderr
    assert process.stdout == ""


@pytest.mark.parametrize(
    ("arguments", "hint"),
    [
        (["prove", "rcae.dsl"], "did you mean `race.dsl`?"),
        (["prove", "paola.dsl"], "did you mean `paolo.dsl`?"),
        (["prove", "race.dls"], "did you mean `race.dsl`?"),
        (["prove", "rcae.txt"], "did you mean `race.dsl`?"),
        (["prove", "./race.dls"], "did you mean `./race.dsl`?"),
        (["prove", "paolo.dsl", "--only", "stale_after_retrun"], "`stale_after_return`?"),
        (["prove", "paolo.dsl", "--bound", "fautls=2"], "did you mean `faults`?"),
        (["explain", "E2011"], "did you mean `E2"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_a_misspelt_name_gets_a_suggestion(arguments: list[str], hint: str, folder: Path) -> None:
    assert hint in run(*arguments, cwd=folder).stderr


def test_standard_input_is_a_file_too(folder: Path) -> None:
    process = run("prove", "-", "-q", cwd=folder, given=RACE)
    assert process.returncode == 10
    assert process.stdout.startswith("Result - lost REFUTED ")


def test_quiet_prints_the_result_lines_only() -> None:
    process = run("prove", "original.dsl", "-q")
    names = [line.split()[:4] for line in process.stdout.splitlines()]
    assert names == [
        ["Result", "original.dsl", "stale_after_return", "REFUTED"],
        ["Result", "original.dsl", "stale_at_any_time", "REFUTED"],
        *([["Result", "original.dsl", *rest.split()] for rest in _others(process.stdout)]),
    ]
    assert process.stderr == ""


def _others(output: str) -> list[str]:
    """The result lines after the two of the properties, as `NAME VERDICT`."""
    return [" ".join(line.split()[2:4]) for line in output.splitlines()[2:]]


# ---------------------------------------------------------------- stops


def _child_of(process: "subprocess.Popen[str]") -> int:
    path = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    if not path.exists():
        pytest.skip("this system does not name a process's children")
    (child,) = path.read_text().split()
    return int(child)


def _at_work() -> "subprocess.Popen[str]":
    """A process, in a group of its own, whose solver process is busy."""
    process = start(*HEAVY, clock="ticking", new_session=True)
    wait_until_it_says("deciding stale_after_return", process)
    return process


def test_a_time_limit_ends_with_124_and_a_result_line_for_everything() -> None:
    process = processes.run(*HEAVY, "--timeout", "20", clock="ticking")
    assert process.returncode == 124, process.stderr
    results = [line for line in process.stdout.splitlines() if line.startswith("Result ")]
    assert len(results) == 4
    assert "PROVED" not in results[0]
    assert process.stdout.count("the time limit of 20 s") == 1


def _one_and_never_another(*job: Any) -> Iterator[object]:
    """What `decide` yields, as far as the first result."""
    for found in decide(*job):
        yield found
        if isinstance(found, Result):
            while True:
                signal.pause()


def test_what_is_decided_before_a_time_limit_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """The time is up as soon as there is a result."""
    passed = [0.0]

    def notice(found: object) -> None:
        if isinstance(found, Result):
            passed.append(60.0)

    monkeypatch.setattr(work, "now", lambda: passed[-1])
    monkeypatch.setattr(decision, "with_obligations", _one_and_never_another)
    session = Session(Crew(), 60, notice)
    found = decision.decided(session, shipped("paolo"), "sc", Limits(), None, told=True)
    session.close()
    outcome = found.outcome
    first, *others = outcome.results
    assert first.verdict is Verdict.PROVED
    unknown = [one for one in others if one.verdict is Verdict.UNKNOWN]
    assert [one.name for one in others if one not in unknown] == ["hits_new"], "it was told early"
    assert {one.cause for one in unknown} == {Cause.TIMEOUT}
    for one in unknown:
        assert "the time limit of 60 s was reached while deciding" in one.reason


def test_an_interrupt_ends_with_130_and_a_result_line_for_everything() -> None:
    process = _at_work()
    process.send_signal(signal.SIGINT)
    output, errors = process.communicate()
    assert process.returncode == 130
    results = [line.split()[3] for line in output.splitlines() if line.startswith("Result ")]
    assert len(results) == 4
    assert "UNKNOWN" in results
    assert "Traceback" not in errors


def test_an_interrupt_of_the_whole_group_is_the_same() -> None:
    process = _at_work()
    os.killpg(process.pid, signal.SIGINT)
    output, errors = process.communicate()
    assert process.returncode == 130, errors
    assert output.count("Result ") == 4


def test_a_solver_that_dies_is_unknown() -> None:
    process = _at_work()
    os.kill(_child_of(process), signal.SIGKILL)
    output, errors = process.communicate()
    assert process.returncode == 5, errors
    assert "the solver process was ended by SIGKILL" in output
    assert "Traceback" not in errors


@pytest.mark.parametrize("more", [(), ("--memory", "4000")])
def test_a_solver_that_crashes_is_a_bug(more: tuple[str, ...]) -> None:
    """Also under a memory limit that was not reached."""
    process = start(*HEAVY, *more, clock="ticking")
    wait_until_it_says("deciding stale_after_return", process)
    os.kill(_child_of(process), signal.SIGSEGV)
    output, errors = process.communicate()
    assert process.returncode == 6, output + errors
    assert "the solver crashed (SIGSEGV) while deciding" in output
    assert "this is a bug of smtmodel: the solver crashed" in errors


def test_the_solver_goes_when_its_parent_is_killed() -> None:
    process = _at_work()
    child = _child_of(process)
    process.kill()
    process.communicate()
    wait_until_it_has_ended(child)


@pytest.mark.parametrize("memory", ["1", "20"])
def test_a_memory_limit_is_unknown_with_status_5(memory: str) -> None:
    bounds = ("--updates", "12", "--faults", "12")
    process = processes.run("prove", "paolo.dsl", *bounds, "--memory", memory)
    assert process.returncode == 5, process.stdout + process.stderr
    assert "memory" in process.stdout
    assert "Traceback" not in process.stderr


# ---------------------------------------------------------------- streams


@pytest.mark.parametrize(
    ("command", "status"),
    [
        ("prove original.dsl >&-", 10),
        ("prove original.dsl 2>&-", 10),
        ("explain E309 >&-", 0),
        ("prove - <&-", 2),
    ],
)
def test_a_stream_that_is_closed_from_the_start_is_no_bug(command: str, status: int) -> None:
    words = shlex.join(COMMAND)
    process = subprocess.run(
        ["sh", "-c", f"{words} {command}"],
        capture_output=True,
        text=True,
        env=environment(),
    )
    assert process.returncode == status, process.stderr
    assert "bug of smtmodel" not in process.stderr


@pytest.mark.parametrize(
    ("name", "status"), [("paolo.dsl", 0), ("original.dsl", 10), ("nowhere.dsl", 2)]
)
@pytest.mark.parametrize("form", long_but(["human"], ["human", "json", "gcc", "email"]))
def test_a_closed_pipe_keeps_the_status(name: str, status: int, form: str) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    process = subprocess.run(
        [*COMMAND, "prove", name, "--format", form],
        stdin=subprocess.DEVNULL,
        stdout=writer,
        stderr=subprocess.PIPE,
        text=True,
        env=environment(),
    )
    os.close(writer)
    assert process.returncode == status
    assert "Traceback" not in process.stderr
    assert "Broken pipe" not in process.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_disk_is_told_and_is_worse_than_a_refutation() -> None:
    with open("/dev/full", "w") as full:
        process = subprocess.run(
            [*COMMAND, "prove", "original.dsl"],
            stdin=subprocess.DEVNULL,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            env=environment(),
        )
    assert process.returncode == 2
    assert "cannot write" in process.stderr


@pytest.mark.parametrize(
    ("options", "variables", "colored"),
    [
        ([], {}, False),
        (["--color", "always"], {}, True),
        (["--color", "always"], {"NO_COLOR": "1"}, True),
        (["--color", "never"], {}, False),
    ],
)
def test_colour(options: list[str], variables: dict[str, str], colored: bool) -> None:
    process = run("prove", "paolo.dsl", *options, **variables)
    assert ("\x1b[" in process.stdout) is colored


def test_files_get_their_formats(tmp_path: Path) -> None:
    mail, data = tmp_path / "mail.txt", tmp_path / "data.json"
    process = run("prove", "original.dsl", "--out", f"email={mail}", "--out", f"json={data}", "-q")
    assert process.returncode == 10
    assert json.loads(data.read_text())["status"] == 10
    assert "Result original.dsl stale_after_return REFUTED" in mail.read_text()
    assert process.stdout.startswith("Result ")


@pytest.mark.parametrize("form", ["markdown", "json", "html", "svg", "github", "junit"])
def test_an_error_is_told_on_standard_error_in_every_format_but_that_of_editors(
    form: str, folder: Path
) -> None:
    broken = run("prove", "broken.dsl", "--format", form, cwd=folder)
    assert broken.returncode == 2
    assert broken.stderr.count("error: ") == 1
    assert broken.stderr.startswith("error: broken.dsl, line 2: unexpected `=`")
    missing = run("prove", "nowhere.dsl", "--format", form, cwd=folder)
    assert missing.stderr == "error: no such file: nowhere.dsl\n"
    assert broken.stdout


def test_a_review_or_analysis_tells_its_errors_on_standard_error(folder: Path) -> None:
    for command in (["review"], ["needed", "--format", "json"]):
        process = run(*command, "broken.dsl", cwd=folder)
        assert process.returncode == 2
        assert process.stderr.startswith("error: broken.dsl, line 2: ")


def test_gcc_lines_name_file_line_and_column(folder: Path) -> None:
    refuted = run("prove", "race.dsl", "--format", "gcc", cwd=folder)
    assert refuted.stdout.startswith("race.dsl:5:1: error: REFUTED: ")
    first, *notes = refuted.stdout.splitlines()
    assert first.endswith("[lost]")
    assert notes
    source = (folder / "race.dsl").read_text().splitlines()
    for note in notes:
        match = re.fullmatch(r"race\.dsl:(\d+):1: note: (?:\d+ )?\w+ (.+)", note)
        assert match is not None, note
        assert re.split("   |; ", match[2])[0] in source[int(match[1]) - 1]
    broken = run("prove", "broken.dsl", "--format", "gcc", cwd=folder)
    assert broken.stdout.startswith("broken.dsl:2:8: error: ")
    assert "[E1" in broken.stdout
    assert broken.stderr == "", "an editor that reads both streams would list it twice"
    assert "explain" not in broken.stdout


def test_errors_end_with_the_command_that_explains_the_first(folder: Path) -> None:
    lines = ["protocol two", "thread t {", "    goto out", "    x = = 1", "}", ""]
    (folder / "two.dsl").write_text("\n".join(lines))
    said = run("prove", "two.dsl", cwd=folder).stderr
    assert said.count("error[E101]") == 2
    assert said.count("explain") == 1
    assert said.endswith("\n\nfor more: smtmodel explain E101\n")
    assert "explain" not in run("prove", "two.dsl", "--format", "gcc", cwd=folder).stdout


def test_verbose_tells_what_is_finished_on_standard_error() -> None:
    process = run("prove", "paolo.dsl", "-v")
    assert "stale_after_return PROVED" in process.stderr
    assert "PROVED paolo.dsl: hits_new, reached" in process.stdout


# ---------------------------------------------------------------- check


def test_check_meets_the_expectations_of_several_files() -> None:
    process = run("check", "protocols/paolo.dsl", "protocols/original.dsl")
    assert process.returncode == 0, process.stdout + process.stderr
    assert "2 files: " in process.stdout.splitlines()[-1]
    assert "expectations met" in process.stdout.splitlines()[-1]


def test_check_without_names_takes_what_lies_below(folder: Path) -> None:
    (folder / "protocols" / "below").mkdir(parents=True)
    for name in ("protocols/race.dsl", "protocols/below/race.dsl"):
        (folder / name).write_text(RACE + "expect lost refuted\n")
    process = run("check", cwd=folder)
    assert process.returncode == 0, process.stdout + process.stderr
    assert "2 files: 4 of 4 expectations met" in process.stdout


def test_check_shows_what_is_not_as_expected(folder: Path) -> None:
    (folder / "race.dsl").write_text(RACE + "expect lost proved\n")
    process = run("check", "race.dsl", cwd=folder)
    assert process.returncode == 10
    assert "REFUTED race.dsl: lost" in process.stdout
    assert "expected PROVED" in process.stdout
    (folder / "race.dsl").write_text(RACE + "expect lost refuted\n")
    assert run("check", "race.dsl", cwd=folder).returncode == 0


def test_check_saves_the_runs_of_what_is_as_expected(folder: Path) -> None:
    (folder / "race.dsl").write_text(RACE + "expect lost refuted\n")
    process = run("check", "race.dsl", "--out", "race.json", cwd=folder)
    assert process.returncode == 0, process.stdout + process.stderr
    (lost, *_) = json.loads((folder / "race.json").read_text())["outcomes"][0]["results"]
    assert (lost["name"], lost["verdict"]) == ("lost", "REFUTED")
    assert lost["run"]["steps"] > 0


def test_check_tells_what_it_cannot_read_from_what_expects_nothing(folder: Path) -> None:
    (folder / "a.dsl").write_text(RACE)
    (folder / "b.dsl").write_text("protocol b shared")
    (folder / "c.dsl").write_text(RACE + "expect lost refuted\n")
    process = run("check", "a.dsl", "b.dsl", "c.dsl", cwd=folder)
    assert process.returncode == 2
    last = process.stdout.splitlines()[-1]
    assert last == (
        "3 files: 2 of 2 expectations met; 1 not readable as protocols; 1 without expectations"
    )
    assert "a.dsl expects nothing; add lines such as `expect lost proved`" in process.stderr
    assert "`smtmodel prove a.dsl` shows the verdicts" in process.stderr


def test_check_judges_every_model_that_is_named(folder: Path) -> None:
    text = RACE + "expect lost refuted\nexpect lost proved under tso\n"
    (folder / "race.dsl").write_text(text)
    process = run("check", "race.dsl", "-q", cwd=folder)
    assert process.returncode == 10
    assert [line.split()[3] for line in process.stdout.splitlines()].count("REFUTED") == 2
    assert "under tso, expected PROVED" in process.stdout


def test_check_takes_no_model_and_says_where_models_come_from(folder: Path) -> None:
    process = run("check", "race.dsl", "--model", "tso", cwd=folder)
    assert process.returncode == 2
    assert "`expect PROPERTY proved under tso`" in process.stderr
    assert "--model" not in run("check", "--help").stdout


@pytest.mark.parametrize(
    ("name", "instead"),
    [
        ("x86", "x86's is `tso`; "),
        ("kernel", "the kernel's is `lkmm`; "),
        ("arm", ""),
    ],
)
def test_a_model_that_is_not_there_is_told_what_is(name: str, instead: str, folder: Path) -> None:
    asked = run("prove", "race.dsl", "--model", name, cwd=folder)
    assert asked.returncode == 2
    told = f"error: no memory model is called `{name}`; {instead}there are sc, tso, lkmm\n"
    assert asked.stderr == told
    every = run("prove", "k8.dsl", "--variant", "all", "--model", name)
    assert every.stderr == told
    (folder / "race.dsl").write_text(RACE + f"expect lost refuted under {name}\n")
    written = run("prove", "race.dsl", cwd=folder)
    assert f"^ {instead}the models are `sc`, `tso`, `lkmm`" in written.stderr


def test_check_of_a_folder_goes_on_after_a_broken_file(folder: Path) -> None:
    (folder / "race.dsl").write_text(RACE + "expect lost refuted\n")
    process = run("check", ".", cwd=folder)
    assert process.returncode == 2
    assert "race.dsl lost REFUTED" in process.stdout
    assert "broken.dsl:2:8" in process.stderr


# ---------------------------------------------------------------- replay, fmt, new, doctor, demo


def test_every_counterexample_can_be_replayed_by_its_command() -> None:
    told = run("prove", "original.dsl", "--format", "json")
    results = json.loads(told.stdout)["outcomes"][0]["results"]
    refuted = [one for one in results if one["verdict"] == "REFUTED"]
    assert len(refuted) == 2
    for one in refuted:
        process = run(*one["run"]["replay"][1:])
        assert process.returncode == 10, process.stderr
        assert f"violates {one['name']}" in process.stdout


def test_an_impossible_ordering_says_where_and_why() -> None:
    bounds = ("--updates", "1", "--faults", "1")
    process = run("replay", "paolo.dsl", *bounds, "update0/2", "update0.flush")
    assert process.returncode == 2
    assert "event 3 of the ordering" in process.stderr
    assert run("replay", "paolo.dsl", *bounds, "update0/2").returncode == 0


def test_a_deferred_free_is_a_word_of_an_ordering(tmp_path: Path) -> None:
    page = (ROOT / "docs" / "language.md").read_text()
    (tmp_path / "retired.dsl").write_text(page[page.index("protocol retired ") :].split("```")[0])
    command = ("replay", "retired.dsl", "--updates", "1", "--bound", "reader=1", "reader0/4")
    freed = run(*command, "update0:new/7", "update0.free0", "reader0", cwd=tmp_path)
    assert freed.returncode == 10, freed.stderr
    assert "violates use_after_free" in freed.stdout
    kept = run(*command, "update0:new/7", "reader0", cwd=tmp_path)
    assert kept.returncode == 0
    second = run(*command, "update0:new/7", "update0.free1", cwd=tmp_path)
    assert second.returncode == 2
    assert "no deferred free 1" in second.stderr
    assert "update0.free0" in run("replay", "--help").stdout


def test_fmt_rewrites_once_and_keeps_permissions(folder: Path) -> None:
    path = folder / "race.dsl"
    path.chmod(0o640)
    assert run("fmt", "--check", "race.dsl", cwd=folder).returncode == 10
    assert "-thread adder" in run("fmt", "--diff", "race.dsl", cwd=folder).stdout
    shown = run("fmt", "--stdout", "race.dsl", cwd=folder).stdout
    assert path.read_text() == RACE
    assert run("fmt", "race.dsl", cwd=folder).returncode == 0
    assert path.read_text() == shown != RACE
    assert path.stat().st_mode & 0o777 == 0o640
    assert run("fmt", "--check", "race.dsl", cwd=folder).returncode == 0
    assert run("fmt", "-", cwd=folder, given=RACE).stdout == shown
    assert sorted(one.name for one in folder.iterdir() if one.name.startswith(".")) == []


def test_fmt_takes_folders(folder: Path) -> None:
    (folder / "below").mkdir()
    path = folder / "below" / "race.dsl"
    path.write_text(RACE)
    assert "below/race.dsl would change" in run("fmt", "--check", "below", cwd=folder).stderr
    assert run("fmt", "below", cwd=folder).returncode == 0
    assert path.read_text() != RACE == (folder / "race.dsl").read_text()
    path.unlink()
    assert run("fmt", "below", cwd=folder).returncode == 2


def test_the_summaries_of_the_commands_are_whole() -> None:
    told = run("--help", COLUMNS="80").stdout
    assert "..." not in told.replace("[ARGS]...", "")
    assert max(map(len, told.splitlines())) <= 80


def test_new_writes_a_protocol_that_is_formatted_and_proved(folder: Path) -> None:
    assert run("new", "mine", cwd=folder).returncode == 0
    assert (folder / "mine.dsl").read_text() == template("mine")
    assert run("fmt", "--check", "mine.dsl", cwd=folder).returncode == 0
    assert run("check", "mine.dsl", cwd=folder).returncode == 0
    assert run("prove", "mine.dsl", cwd=folder).returncode == 0
    (folder / "mine.dsl").write_text("precious")
    assert run("new", "mine", cwd=folder).returncode == 2
    assert (folder / "mine.dsl").read_text() == "precious"


def test_new_takes_the_names_that_files_have(folder: Path) -> None:
    assert run("new", "k6-before", cwd=folder).returncode == 0
    assert (folder / "k6-before.dsl").read_text() == template("k6_before")
    assert run("check", "k6-before.dsl", "-q", cwd=folder).returncode == 0
    printed = run("new", "k6-before", "--out", "-", cwd=folder)
    assert printed.stdout == template("k6_before")
    assert not (folder / "-").exists()


@pytest.mark.parametrize(
    ("name", "instead"),
    [
        ("not a name", "new not_a_name`"),
        ("k6.dsl", "new k6`"),
        ("kvm/k6", "new k6 --out kvm/k6.dsl`"),
        ("-", "not `-`\n"),
        ("6k", "not `6k`\n"),
    ],
)
def test_new_says_what_else_a_name_could_be(name: str, instead: str, folder: Path) -> None:
    process = run("new", name, cwd=folder)
    assert process.returncode == 2
    assert instead in process.stderr


def test_what_new_writes_names_its_source_and_patch_once_they_are_filled_in() -> None:
    empty = Text("x.dsl", template("x"))
    assert not field(empty, "Source") + field(empty, "Patch")
    content = (
        template("x")
        .replace("// Source:", "// Source: virt/kvm/x.c")
        .replace("// Patch:", "// Patch: ddfd1730fd82")
    )
    filled = Text("x.dsl", content)
    assert (field(filled, "Source"), field(filled, "Patch")) == ("virt/kvm/x.c", "ddfd1730fd82")


def test_doctor_checks_itself() -> None:
    process = run("doctor")
    assert process.returncode == 0, process.stdout
    assert "proves a tiny protocol" in process.stdout


def test_demo_refutes_and_proves(tmp_path: Path) -> None:
    process = run("demo", cwd=tmp_path)
    assert process.returncode == 0
    assert "REFUTED original.dsl" in process.stdout
    assert "PROVED paolo.dsl" in process.stdout


def test_a_crash_of_ours_is_status_6_with_a_request(tmp_path: Path) -> None:
    code = (
        "import sys\n"
        "from smtmodel import cli, pipeline\n"
        "def broken(*asked): raise KeyError('x')\n"
        "pipeline.subject = broken\n"
        "sys.exit(cli.run(sys.argv[1:], None))\n"
    )
    for arguments, traceback in ((["prove", "x"], False), (["prove", "x", "-vv"], True)):
        process = subprocess.run(
            [COMMAND[0], "-c", code, *arguments],
            capture_output=True,
            text=True,
            env=environment(),
        )
        assert process.returncode == 6
        assert "please report it" in process.stderr
        assert ("Traceback" in process.stderr) is traceback


@pytest.mark.parametrize("form", ["human", "json"])
def test_a_report_that_fails_does_not_hide_the_verdict(form: str) -> None:
    code = (
        "import sys\n"
        "from smtmodel import cli\n"
        "from smtmodel.formats import Format\n"
        "def broken(*one, **more): raise KeyError('x')\n"
        "Format.function = lambda *named: broken\n"
        "sys.exit(cli.run(sys.argv[1:], None))\n"
    )
    process = subprocess.run(
        [COMMAND[0], "-c", code, "prove", "original.dsl", "--format", form],
        capture_output=True,
        text=True,
        env=environment(),
    )
    assert process.returncode == 10
    assert "Result original.dsl stale_after_return REFUTED" in process.stderr
    assert "please report it" in process.stderr


def test_shipped_protocols_are_found_from_anywhere(tmp_path: Path) -> None:
    assert (PROTOCOLS / "paolo.dsl").exists()
    assert tmp_path != ROOT
    assert run("prove", "paolo", "-q", cwd=tmp_path).returncode == 0


# ---------------------------------------------------------------- terminals


def _on_a_terminal(*arguments: str, **variables: str) -> tuple[int, str]:
    """The status and everything that a terminal of 90 columns gets to see."""
    import fcntl
    import pty
    import struct
    import termios

    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 90, 0, 0))
    more = {"TERM": "xterm"} | variables
    process = subprocess.Popen(
        [*COMMAND, *arguments], stdin=slave, stdout=slave, stderr=slave, env=environment(**more)
    )
    os.close(slave)
    seen = b""
    while True:
        try:
            part = os.read(master, 65536)
        except OSError:
            break
        if not part:
            break
        seen += part
    os.close(master)
    return process.wait(), seen.decode()


def test_a_terminal_gets_colour_and_no_color_wins() -> None:
    status, seen = _on_a_terminal("prove", "paolo.dsl")
    assert status == 0
    assert "\x1b[32mPROVED\x1b[0m" in seen
    status, seen = _on_a_terminal("prove", "paolo.dsl", NO_COLOR="1")
    assert status == 0
    assert "\x1b[3" not in seen


def test_after_a_second_a_terminal_is_told_what_is_going_on() -> None:
    status, seen = _on_a_terminal(*HEAVY, "--timeout", "20", **{VARIABLE: "ticking"})
    assert status == 124
    assert "\rdeciding " in seen
    assert "\r\x1b[K" in seen.partition("UNKNOWN")[0], "the line is taken away again"
