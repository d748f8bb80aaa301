"""The console blocks of README.md and docs/ say what the program says."""

import os
import re
import shlex
import shutil
from pathlib import Path

import pytest

from smtmodel.verdict import Status
from tests.support.lengths import long_but
from tests.support.processes import PROTOCOLS, ROOT, normal
from tests.support.program import run

PAGES = sorted([ROOT / "README.md", *(ROOT / "docs").glob("*.md")])
LONG = ("review.md", "formats.md", "modelling.md", "weak-memory.md", "coupled-lanes.md")
SHORT = [one for one in PAGES if one.name not in LONG]
BLOCK = re.compile(r"^```console\n(.*?)^```$", re.DOTALL | re.MULTILINE)


def _told(command: str, folder: Path) -> str:
    """What a command prints, on both streams as on a terminal."""
    words = shlex.split(command)
    assert words[0] == "smtmodel", f"a console block runs {words[0]}"
    process = run(*words[1:], cwd=folder, joined=True)
    assert process.returncode != Status.CONTRADICTION, process.stdout
    return process.stdout


def _session(block: str, folder: Path) -> str:
    """The block with the output that its commands have now."""
    told = ""
    for line in block.splitlines():
        if line.startswith("$ "):
            told += f"{line}\n{_told(line[2:], folder)}"
    return told


@pytest.mark.parametrize("page", long_but(SHORT, PAGES), ids=lambda page: page.name)
def test_console_blocks_say_what_the_program_says(
    page: Path, promote: bool, tmp_path: Path
) -> None:
    shutil.copytree(PROTOCOLS, tmp_path / "protocols")
    shutil.copytree(ROOT / "tests" / "families", tmp_path / "families")
    for folder in ("litmus", "weak"):
        shutil.copytree(ROOT / "docs" / folder, tmp_path / folder)
    text = page.read_text()
    blocks = [match for match in BLOCK.finditer(text) if "$ smtmodel" in match[1]]
    told = [_session(match[1], tmp_path) for match in blocks]
    if promote:
        for match, now in reversed(list(zip(blocks, told, strict=True))):
            text = text[: match.start(1)] + now + text[match.end(1) :]
        page.write_text(text)
        return
    for match, now in zip(blocks, told, strict=True):
        assert normal(now) == normal(match[1])


def test_the_readme_shows_a_refutation_and_a_proof() -> None:
    text = (ROOT / "README.md").read_text()
    first = os.linesep.join(text.splitlines()[:130])
    assert "REFUTED original.dsl" in first
    assert "PROVED paolo.dsl" in first


def test_the_picture_of_the_readme_is_drawn_from_its_run(promote: bool) -> None:
    assert "](docs/original.svg)" in (ROOT / "README.md").read_text()
    picture = ROOT / "docs" / "original.svg"
    words = "smtmodel prove original.dsl --only stale_after_return --format svg"
    drawn = _told(words, PROTOCOLS)
    if promote:
        picture.write_text(drawn)
    assert normal(drawn) == normal(picture.read_text())
    assert "rcu_assign_pointer(slots, new)" in drawn


def test_the_commands_of_the_readme_are_those_of_the_makefile_and_of_ci() -> None:
    readme = (ROOT / "README.md").read_text()
    makefile = (ROOT / "Makefile").read_text()
    assert "    make  " in readme
    assert "    make test " in readme
    assert ".DEFAULT_GOAL := prove" in makefile
    assert "`make test-all`" in readme
    assert "\ntest:" in makefile
    assert "\ntest-all: test test-long\n" in makefile
    commands = (ROOT / ".ci" / "run").read_text().splitlines()[-2:]
    assert commands == ["make test", "exec make test-long"]


def test_the_protocol_of_the_readme_is_the_one_that_is_proved() -> None:
    readme = (ROOT / "README.md").read_text()
    (shown,) = re.findall(r"^```dsl\n(.*?)^```$", readme, re.M | re.S)
    assert shown in (PROTOCOLS / "original.dsl").read_text()
    assert "\nupdate " in shown
    assert "\nfault " in shown


def test_the_index_of_docs_names_every_page() -> None:
    index = (ROOT / "docs" / "README.md").read_text()
    links = set(re.findall(r"\]\(([^)]+)\)", index))
    assert all((ROOT / "docs" / link).exists() for link in links)
    assert {page.name for page in (ROOT / "docs").glob("*.md")} - {"README.md"} <= links


def test_the_glossary_is_in_order() -> None:
    index = (ROOT / "docs" / "README.md").read_text()
    words = re.findall(r"^- \*\*(.+?)\*\*:", index, re.M)
    assert words
    assert words == sorted(words)


@pytest.mark.parametrize("page", ["README.md", "docs/language.md", "docs/second-opinions.md"])
def test_what_interpreter_and_prover_share_is_said_the_same_everywhere(page: str) -> None:
    text = " ".join((ROOT / page).read_text().split())
    assert "interpreter, which shares only the checked protocol with the prover," in text
