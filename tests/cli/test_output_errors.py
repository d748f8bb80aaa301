"""What cannot be written is told and has a status; what is printed shows what there is."""

import os
import subprocess
from pathlib import Path

import pytest

from smtmodel.documents.plain import command
from smtmodel.executions.schedule import BadStep, Plan, parse_schedule
from smtmodel.language.parse import parse
from smtmodel.source import Text
from tests.support import processes
from tests.support.examples import shipped
from tests.support.processes import COMMAND, PROTOCOLS, environment
from tests.support.program import run

FULL = Path("/dev/full")
full_disk = pytest.mark.skipif(not FULL.exists(), reason="needs /dev/full")
SMALL = """\
protocol small
shared x = 0
update u { x = 1 }
never bad: x == 2 always
bounds updates 1
"""


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A file with a protocol that is decided at once."""
    path = tmp_path / "small.dsl"
    path.write_text(SMALL)
    return path


def into_full(*arguments: str) -> tuple[int, str]:
    """The status and the messages of a command whose standard output takes nothing."""
    with FULL.open("w") as full:
        done = subprocess.run(
            [*COMMAND, *arguments],
            stdin=subprocess.DEVNULL,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            env=environment(),
        )
    return done.returncode, done.stderr


@full_disk
@pytest.mark.parametrize(
    "arguments",
    [
        ("prove", "small.dsl"),
        ("prove", "small.dsl", "--format", "json"),
        ("check", "small.dsl"),
        ("replay", "small.dsl", "update0"),
        ("fmt", "--stdout", "small.dsl"),
        ("new", "some", "--out", "-"),
        ("explain", "E101"),
        ("schema",),
        ("--help",),
        ("prove", "--help"),
    ],
    ids=" ".join,
)
def test_a_full_disk_is_never_a_success(arguments: tuple[str, ...], small: Path) -> None:
    small.write_text(f"{SMALL}expect bad proved\n")
    status, said = into_full(*(str(small) if one == small.name else one for one in arguments))
    assert status == 2
    assert "error: cannot write standard output: No space left on device" in said
    assert "Traceback" not in said


@full_disk
@pytest.mark.parametrize("form", ["json", "html", "human"])
def test_a_full_disk_under_a_file(form: str, small: Path) -> None:
    done = run("prove", str(small), "-q", "--out", f"{form}={FULL}")
    assert done.returncode == 2
    assert f"cannot write {FULL}: No space left" in done.stderr
    assert "bad PROVED" in done.stdout


def test_scripts_that_cannot_be_written(small: Path, tmp_path: Path) -> None:
    folder = tmp_path / "scripts"
    (folder / "small.bad.smt2").mkdir(parents=True)
    done = run("prove", str(small), "--only", "bad", "--out", f"smt2={folder}")
    assert done.returncode == 2
    assert "cannot write" in done.stderr


@pytest.mark.parametrize(
    ("outs", "said"),
    [
        (["html=-"], "`-` is standard output"),
        (["json=a", "html=a"], "two outputs would go to a"),
        (["json=a", "html=./a"], "two outputs would go to ./a"),
        (["json=a", "html=link"], "two outputs would go to link"),
        (["smt2=scripts", "smt2=./scripts"], "two outputs would go to ./scripts"),
        (["json=small.dsl"], "would overwrite the protocol"),
        (["json=hard"], "would overwrite the protocol"),
        (["json=."], "cannot write .: Is a directory"),
        (["json=nowhere/a"], "cannot write nowhere/a"),
    ],
)
def test_outputs_that_are_refused_change_nothing(
    outs: list[str], said: str, small: Path, tmp_path: Path
) -> None:
    (tmp_path / "a").write_text("what stood here")
    (tmp_path / "link").symlink_to("a")
    os.link(small, tmp_path / "hard")
    options = [word for out in outs for word in ("--out", out)]
    done = run("prove", small.name, *options, cwd=tmp_path)
    assert done.returncode == 2
    assert said in done.stderr
    assert done.stdout == ""
    assert (tmp_path / "a").read_text() == "what stood here"
    assert small.read_text() == SMALL


def test_the_standard_output_of_a_process_takes_one_output(small: Path) -> None:
    done = processes.run("prove", str(small), "--out", "json=/dev/stdout")
    assert done.returncode == 2
    assert "two outputs would go to /dev/stdout" in done.stderr
    assert done.stdout == ""


def test_the_null_device_takes_anything(small: Path) -> None:
    done = run("prove", str(small), "--out", "json=/dev/null", "--out", "html=/dev/null")
    assert done.returncode == 0


# ---------------------------------------------------------------- names

EVIL = "e\x1b[31mvil\n.dsl"


@pytest.mark.parametrize("form", ["human", "email", "markdown", "gcc", "github", "ktap", "json"])
def test_no_name_of_a_file_reaches_a_terminal_raw(form: str, tmp_path: Path) -> None:
    (tmp_path / EVIL).write_text((PROTOCOLS / "original.dsl").read_text())
    done = run("prove", EVIL, "--format", form, cwd=tmp_path)
    assert done.returncode == 10
    assert "\x1b" not in done.stdout + done.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ("prove", "nope\x1b[31m.dsl"),
        ("prove", "nope\x1b[31m.dsl", "--format", "gcc"),
        ("prove", EVIL, "--out", f"json={EVIL}"),
        ("prove", EVIL, "--color", "always", "-q"),
        ("replay", EVIL),
        ("replay", EVIL, "nobody\x1b[31m"),
        ("fmt", "--check", EVIL),
        ("show", EVIL),
        ("check", "."),
        ("needed", EVIL, "--only", "bad"),
        ("explain", "\x1b[31m"),
        ("new", "some", "--out", "\x1b[31m.dsl"),
    ],
    ids=repr,
)
def test_no_command_prints_a_name_raw(arguments: tuple[str, ...], tmp_path: Path) -> None:
    (tmp_path / EVIL).write_text(f"\n{SMALL}expect bad proved\n")
    done = run(*arguments, cwd=tmp_path)
    assert "\x1b[31m" not in done.stdout + done.stderr


def test_a_command_that_is_printed_runs_whatever_the_file_is_called(tmp_path: Path) -> None:
    """A shell reads back what was written."""
    words = ("a b", EVIL, "quo'te\\\x07", "\u202eü", "plain.dsl")
    told = command(words)
    assert told.isprintable()
    read = subprocess.run(["bash", "-c", f"printf '%s\\0' {told}"], capture_output=True, check=True)
    assert tuple(read.stdout.decode().split("\0")[:-1]) == words


# ---------------------------------------------------------------- characters that hide

HIDING = {
    "lone carriage return": "\r",
    "vertical tab": "\x0b",
    "escape": "\x1b",
    "next line": "\x85",
    "line separator": "\u2028",
    "paragraph separator": "\u2029",
    "right to left": "\u202e",
    "isolate": "\u2066",
}


@pytest.mark.parametrize("where", ["// {} x", "/* {} */", 'protocol p "{}"', "shared x {}= 0"])
@pytest.mark.parametrize("hiding", HIDING.values(), ids=HIDING)
def test_no_character_hides_what_a_text_says(hiding: str, where: str) -> None:
    line = where.format(hiding)
    text = line if line.startswith("protocol") else f"protocol p\n{line}"
    found = parse(Text("p.dsl", f"{text}\nupdate u {{ }}\n"))
    assert isinstance(found, tuple)
    codes = {one.code.name for one in found}
    assert codes <= {"E102", "E109"}
    assert found[0].span.line == (1 if line.startswith("protocol") else 2)


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_ends_of_lines_of_two_kinds_are_none_of_these(end: str) -> None:
    text = (
        f"protocol p // one{end}/* two{end}{end} */ shared x = 0\f{end}\tupdate u {{ x = 1 }}{end}"
    )
    assert not isinstance(parse(Text("p.dsl", text)), tuple)


# ---------------------------------------------------------------- schedules


@pytest.mark.parametrize(
    "word",
    [
        "fault0:",
        "fault0:::",
        "fault0:a::b",
        "fault0:a,",
        "fault0:,a",
        "fault0:-",
        "fault0:a b".replace(" ", "\u00a0"),
        "fault0:1.5",
        "fault0:\u0663",
        "fault0/\u0663",
        "fault0/",
        "fault0/2/2",
        "fault0.",
        "fault0.flush.flush",
        "fault0.flush:1",
        "fault0.free0:1",
        "fault0.free\u0663",
        "fault0.free",
    ],
)
def test_a_word_of_a_schedule_that_means_nothing_is_refused(word: str) -> None:
    protocol = shipped("original")
    assert isinstance(parse_schedule([word], protocol, protocol.bounds), BadStep)


@pytest.mark.parametrize(
    "word", ["fault0", "fault0:page,new,-2/3", "fault0.flush/2", "fault0.free1"]
)
def test_words_that_mean_something(word: str) -> None:
    protocol = shipped("original")
    assert isinstance(parse_schedule([word], protocol, protocol.bounds), Plan)


@pytest.mark.parametrize("seconds", ["nan", "inf", "1e400"])
def test_a_limit_that_no_clock_gets_to_is_refused(seconds: str) -> None:
    ran = run("prove", "paolo.dsl", "--timeout", seconds)
    assert ran.returncode == 2
    assert "is not a number of seconds" in ran.stderr


def test_a_width_that_nothing_would_keep_to_is_refused(tmp_path: Path) -> None:
    told = run("prove", "paolo.dsl", "--format", "email", "--width", "60")
    assert told.returncode == 2
    assert "--width is for --format human" in told.stderr
    out = f"human={tmp_path / 'paolo.txt'}"
    both = run("prove", "paolo.dsl", "--format", "email", "--width", "60", "--out", out)
    assert both.returncode == 0
