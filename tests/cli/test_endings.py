"""`--out PATH`: what the ending of a file says about its format, and where it says nothing."""

import json
import re
from collections import Counter
from pathlib import Path

import pytest

from smtmodel.formats import FORMATS
from tests.support.processes import ROOT
from tests.support.program import run

COUNTED = Counter(one.ending for one in FORMATS.values())
CLEAR = {
    one.ending: one.name for one in FORMATS.values() if one.ending and COUNTED[one.ending] == 1
}
SMALL = ("prove", "paolo.dsl", "--only", "hits_new", "-q")


def test_the_ending_of_one_format_is_as_good_as_its_name(tmp_path: Path) -> None:
    paths = [tmp_path / f"by-ending{ending}" for ending in CLEAR]
    named = [f"{form}={tmp_path / f'named{ending}'}" for ending, form in CLEAR.items()]
    options = [word for out in [*map(str, paths), *named] for word in ("--out", out)]
    assert run(*SMALL, *options).returncode == 0
    for path in paths:
        assert path.read_text() == (tmp_path / f"named{path.suffix}").read_text() != ""
    assert json.loads((tmp_path / "by-ending.json").read_text())["status"] == 0


@pytest.mark.parametrize("path", ["x.txt", "x", ".html", "x.pdf", "pdf=x.html", "html=", ""])
def test_any_other_ending_is_refused_with_the_list(path: str, tmp_path: Path) -> None:
    process = run(*SMALL, "--out", path, cwd=tmp_path)
    assert process.returncode == 2
    assert f"not `{path}`; the formats are human (.txt), email (.txt), markdown (.md)," in (
        process.stderr
    )
    assert list(tmp_path.iterdir()) == []


def test_an_ending_of_a_format_that_the_command_has_not_is_refused(tmp_path: Path) -> None:
    process = run("cases", "paolo.dsl", "--out", "x.svg", cwd=tmp_path)
    assert process.returncode == 2
    assert process.stderr.rstrip().endswith("json (.json), html (.html)")


def test_the_endings_of_the_page_are_those_of_the_table() -> None:
    page = (ROOT / "docs" / "formats.md").read_text()
    assert dict(re.findall(r"^\| `(\.\w+)` \| `(\w+)` \|$", page, re.M)) == CLEAR
