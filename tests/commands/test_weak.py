"""`prove --model lkmm` and what may be asked with it."""

import json
from pathlib import Path

import pytest

from smtmodel.formats import FORMATS
from smtmodel.verdict import Status
from tests.support.program import run

ROOT = Path(__file__).parents[2]
RELAYED = str(ROOT / "docs" / "weak" / "relayed.dsl")
ASKED = ["prove", RELAYED, "--model", "lkmm"]


@pytest.mark.parametrize("form", FORMATS)
def test_every_format_tells_of_a_refutation_without_a_schedule(form: str) -> None:
    found = run(*ASKED, "--format", form)
    assert found.returncode == Status.REFUTED
    assert "early" in found.stdout


def test_an_execution_is_told_lane_by_lane_with_where_each_read_comes_from() -> None:
    found = run(*ASKED)
    assert "reads 1 in `x`, from first0:12" in found.stdout
    assert "what a CPU with full barriers sees" in found.stdout
    assert "memory itself is never so" in found.stdout


def test_a_saved_answer_is_shown_without_its_execution(tmp_path: Path) -> None:
    saved = tmp_path / "saved.json"
    saved.write_text(run(*ASKED, "--format", "json").stdout)
    assert json.loads(saved.read_text())["outcomes"][0]["model"] == "lkmm"
    found = run("show", str(saved))
    assert found.stdout.startswith("REFUTED relayed.dsl:stored: early")


@pytest.mark.parametrize("command", ["orders", "cases", "review"])
def test_what_needs_a_machine_refuses_the_model(command: str) -> None:
    found = run(command, RELAYED, "--model", "lkmm")
    assert found.returncode == Status.BAD_INPUT
    assert "it has no machine" in found.stderr


def test_there_is_no_second_judge() -> None:
    found = run(*ASKED, "--cross-check")
    assert found.returncode == Status.BAD_INPUT
    assert "no judges under lkmm" in found.stderr
