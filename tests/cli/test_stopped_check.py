"""`check` that is stopped: which files are told of, which are only counted, and in which format."""

import json
import signal
from pathlib import Path

import pytest
from junitparser import JUnitXml

from tests.support import processes
from tests.support.processes import PROTOCOLS, start, wait_until_it_says
from tests.support.program import run

FILES = ("first.dsl", "heavy.dsl", "third.dsl", "fourth.dsl")
FORMS = ("json", "html", "junit", "ktap", "sarif", "gcc")
PROPERTIES = 4
MODELS = 2


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Protocols of which the second takes minutes."""
    made = tmp_path_factory.mktemp("stopped")
    text = (PROTOCOLS / "paolo.dsl").read_text()
    bounds = "bounds updates 2, faults 2"
    assert bounds in text
    for name in FILES:
        (made / name).write_text(text)
    heavy = text.replace(bounds, "bounds updates 60, faults 60")
    (made / "heavy.dsl").write_text(heavy)
    return made


@pytest.fixture(scope="module")
def interrupted(folder: Path) -> tuple[int, str, str]:
    """The status and both streams after Ctrl-C while the second file is decided; with files."""
    outs = [word for form in FORMS for word in ("--out", f"{form}={folder / form}")]
    process = start("check", *FILES, *outs, cwd=folder, clock="ticking")
    wait_until_it_says("deciding heavy.dsl (2 of 4): ", process)
    process.send_signal(signal.SIGINT)
    output, errors = process.communicate()
    return process.returncode, output, errors


def _results(output: str) -> list[str]:
    return [line.split()[1] for line in output.splitlines() if line.startswith("Result ")]


def _end(why: str) -> str:
    return f"4 files: 8 of 32 expectations met; 2 not tried: {why}"


def test_what_was_tried_is_told_and_the_rest_is_counted(interrupted: tuple[int, str, str]) -> None:
    status, output, errors = interrupted
    assert status == 130, errors
    told = PROPERTIES * MODELS
    assert _results(output) == ["first.dsl"] * told + ["heavy.dsl"] * told
    assert output.endswith(f"{_end('interrupted')}\n")
    assert "third.dsl" not in output
    assert "Traceback" not in errors


@pytest.mark.usefixtures("interrupted")
def test_formats_for_programs_have_every_property(folder: Path) -> None:
    saved = json.loads((folder / "json").read_text())
    assert saved["status"] == 130
    assert saved["summary"] == _end("interrupted")
    causes = {
        (one["file"]["name"], result["verdict"], result["cause"])
        for one in saved["outcomes"]
        for result in one["results"]
        if one["file"]["name"] in ("third.dsl", "fourth.dsl")
    }
    assert causes == {(name, "UNKNOWN", "interrupted") for name in ("third.dsl", "fourth.dsl")}
    suites = JUnitXml.fromfile(str(folder / "junit"))
    assert [suite.tests for suite in suites] == [PROPERTIES] * MODELS * len(FILES)
    assert [suite.errors for suite in suites] == [0] * MODELS + [PROPERTIES] * MODELS * 3
    assert (folder / "ktap").read_text().count("\nnot ok ") == MODELS * 3
    assert "third.dsl" in (folder / "sarif").read_text()


@pytest.mark.usefixtures("interrupted")
def test_formats_for_people_count_them(folder: Path) -> None:
    page = (folder / "html").read_text()
    assert _end("interrupted") in page
    assert "heavy.dsl" in page
    assert "third.dsl" not in page
    assert "third.dsl" not in (folder / "gcc").read_text()


@pytest.mark.usefixtures("interrupted")
@pytest.mark.parametrize("options", ["", "-q", "--format=gcc", "--format=email"])
def test_a_saved_answer_is_shown_as_it_was(options: str, folder: Path) -> None:
    shown = run("show", "json", *options.split(), cwd=folder)
    assert shown.returncode == 130
    assert "third.dsl" not in shown.stdout
    told = shown.stderr if options else shown.stdout
    assert told.endswith(f"{_end('interrupted')}\n")


def test_a_time_limit_counts_too_on_standard_error_where_no_line_ends_the_format(
    folder: Path,
) -> None:
    names = ("heavy.dsl", "third.dsl", "fourth.dsl")
    options = ("--timeout", "20", "--format", "email")
    process = processes.run("check", *names, *options, cwd=folder, clock="ticking")
    assert process.returncode == 124
    assert "third.dsl" not in process.stdout
    assert process.stdout.count("  Result heavy.dsl ") == PROPERTIES * MODELS
    assert process.stderr.endswith(
        "3 files: 0 of 24 expectations met; 2 not tried: the time limit of 20 s was reached\n"
    )
