"""Pictures of executions that have no order of their steps: what leads from where to where."""

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.support.program import run

DOCS = Path(__file__).parents[2] / "docs"
TITLE = re.compile(r"<title>(step \d+ [^<]*)</title>")


def titles(*words: str) -> list[str]:
    """What the arrows of a picture say."""
    text = run(*words).stdout
    if "svg" in words:
        ElementTree.fromstring(text)
    return sorted(TITLE.findall(text))


@pytest.mark.parametrize("form", ["svg", "html"])
def test_what_is_observed_is_drawn_with_reads_and_what_they_miss(form: str) -> None:
    assert titles("litmus", str(DOCS / "litmus" / "MP.litmus"), "--why", "--format", form) == [
        "step 1 overwrites what step 4 reads of data (fr)",
        "step 3 reads flag from step 2",
    ]


def test_what_is_forbidden_is_drawn_with_the_cycle() -> None:
    test = str(DOCS / "litmus" / "MP+release+acquire.litmus")
    assert titles("litmus", test, "--why", "--format", "svg") == [
        "step 1 leads to step 2 by po-rel",
        "step 1 overwrites what step 4 reads of data (fr)",
        "step 3 leads to step 4 by acq-po",
        "step 3 reads flag from step 2",
    ]


def test_writes_to_one_location_are_drawn_in_their_order(tmp_path: Path) -> None:
    path = tmp_path / "co.litmus"
    lanes = (f"P{n}(int *x) {{ WRITE_ONCE(*x, {2 - n}); }}" for n in range(2))
    path.write_text("\n".join(("C co", "{}", *lanes, "exists ([x]=2)")))
    assert titles("litmus", str(path), "--why", "--format", "svg") == [
        "step 1 overwrites x of step 2 (co)"
    ]


@pytest.mark.parametrize("form", ["svg", "html"])
def test_an_execution_of_a_protocol_is_drawn(form: str) -> None:
    words = ("prove", str(DOCS / "weak" / "relayed.dsl"), "--model", "lkmm", "--format", form)
    assert titles(*words) == [
        "step 1 overwrites what step 4 reads of x (fr)",
        "step 2 reads x from step 1",
        "step 4 reads y from step 3",
    ]


def test_without_an_explanation_there_is_nothing_to_draw() -> None:
    assert not titles("litmus", str(DOCS / "litmus" / "MP.litmus"), "--format", "svg")
