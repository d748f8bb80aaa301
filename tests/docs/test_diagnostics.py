"""The table of codes and the pages of docs/diagnostics are about the same errors."""

import re

import pytest

from smtmodel.cli import run
from smtmodel.language.codes import TABLE, page
from smtmodel.verdict import Status, Verdict
from tests.support.processes import ROOT

PAGES = ROOT / "docs" / "diagnostics"
INDEX = PAGES / "README.md"


def test_every_code_has_one_entry() -> None:
    names = [code.name for code in TABLE]
    assert names == sorted(set(names))


def test_every_code_that_the_source_makes_is_in_the_table() -> None:
    made = [
        name
        for path in (ROOT / "smtmodel").rglob("*.py")
        for name in re.findall(r"Code\(\s*\"(\w+)\"", path.read_text())
    ]
    assert sorted(made) == [code.name for code in TABLE]


def test_every_code_has_a_page_and_every_page_a_code() -> None:
    pages = {path.stem for path in PAGES.iterdir() if path != INDEX}
    assert pages == {code.name for code in TABLE}


def test_every_page_has_its_title_and_a_wrong_and_a_right_example() -> None:
    for code in TABLE:
        text = page(code)
        assert text.startswith(f"{code.name}: {code.title}\n\n")
        assert re.search(r"^Wrong:\n\n    .*^Right:\n\n    ", text, re.M | re.S), code.name
        assert text == text.strip() + "\n", code.name


def test_the_index_names_every_code_in_its_family() -> None:
    families = re.split(r"^## (E\dxx): .*\n", INDEX.read_text(), flags=re.M)[1:]
    listed = {
        family: body.strip().splitlines()
        for family, body in zip(families[::2], families[1::2], strict=True)
    }
    expected: dict[str, list[str]] = {}
    for code in TABLE:
        line = f"- [{code.name}]({code.name}.md): {code.title}"
        expected.setdefault(f"{code.name[:2]}xx", []).append(line)
    assert listed == expected


def test_explain_prints_pages(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["explain", "e304"], None) == Status.GOOD
    text = capsys.readouterr().out
    assert text == (PAGES / "E304.md").read_text()[2:]
    assert run(["explain", "all"], None) == Status.GOOD
    every = capsys.readouterr().out
    assert f"\n\n{text}\n" in every
    assert re.findall(r"^(E\d+): ", every, re.M) == [code.name for code in TABLE]


def test_a_page_that_is_lost_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def lost(code: object) -> str:
        raise FileNotFoundError(2, "No such file or directory", "E304.md")

    monkeypatch.setattr("smtmodel.language.codes.page", lost)
    assert run(["explain", "E304"], None) == Status.BAD_INPUT
    assert "cannot read E304.md: No such file or directory" in capsys.readouterr().err


@pytest.mark.parametrize("verdict", Verdict, ids=lambda one: one.value)
def test_explain_knows_the_verdicts(verdict: Verdict, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["explain", verdict.value.lower()], None) == Status.GOOD
    text = capsys.readouterr().out
    assert text.startswith(f"{verdict.value}\n\n")
    status = {"PROVED": 0, "REFUTED": 10, "VACUOUS": 11, "UNKNOWN": 5}[verdict.value]
    assert f"status is {status}" in " ".join(text.split())
