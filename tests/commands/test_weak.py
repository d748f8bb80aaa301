"""`prove --model lkmm` and what may be asked with it."""

import json
import re
from pathlib import Path

import pytest

from smtmodel.formats import FORMATS
from smtmodel.verdict import Status
from tests.support.program import run

ROOT = Path(__file__).parents[2]
RELAYED = str(ROOT / "docs" / "weak" / "relayed.dsl")
PASSING = str(ROOT / "docs" / "weak" / "passing.dsl")
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


def test_cases_are_runs_of_a_machine() -> None:
    found = run("cases", RELAYED, "--model", "lkmm")
    assert found.returncode == Status.BAD_INPUT
    assert "`lkmm` has no machine, whose runs are told here" in found.stderr


def test_a_missing_barrier_is_mended_by_a_patch_and_nothing_is_followed() -> None:
    variants = ("--variant", "no_read_barrier", "both_barriers")
    found = run("diff", PASSING, *variants, "--model", "lkmm")
    assert found.returncode == Status.GOOD
    assert re.search(r"told +REFUTED -> PROVED +mended", found.stdout)
    assert re.search(r"\+ +new 20 +reader +smp_rmb\(\)", found.stdout)
    assert "are not followed in the new one" in found.stdout


def test_what_a_patch_breaks_is_shown_by_an_execution() -> None:
    variants = ("--variant", "both_barriers", "no_write_barrier")
    found = run("diff", PASSING, *variants, "--model", "lkmm", "--only", "told")
    assert found.returncode == Status.REFUTED
    assert "Newly refuted: told." in found.stdout
    assert "reads 1 in `flag`, from writer0:15" in found.stdout


def test_of_the_orders_of_two_stores_and_a_barrier_one_is_safe() -> None:
    found = run("orders", PASSING, "--block", "writer", "--model", "lkmm")
    assert found.returncode == Status.GOOD
    assert "Orders passing.dsl:both_barriers writer: 1 safe and useful, 5 racy" in found.stdout
    assert "In all of these: 13 before 14, 14 before 15" in found.stdout


def test_orders_that_race_are_no_safe_ones(tmp_path: Path) -> None:
    file = tmp_path / "plain.dsl"
    file.write_text("""protocol plain
shared data = 0
shared flag = 0
thread writer {
    data = 1
    smp_store_release(flag, 1)
}
thread reader {
    if (smp_load_acquire(flag) == 1) value = data else value = 1
    told: assert value <= 1
}
bounds writer 1, reader 1
""")
    asked = ("--block", "writer", "--only", "told")
    found = run("orders", str(file), *asked, "--model", "lkmm")
    assert re.search(r"racy: 1\n +6 5  data_race", found.stdout), found.stdout


def test_a_review_says_what_is_needed_and_asks_no_cases() -> None:
    found = run("review", PASSING, "--variant", "both_barriers", "--model", "lkmm")
    assert found.returncode == Status.GOOD
    assert "  - 14 `smp_wmb()` dropped: refuted for told\n" in found.stdout
    assert "cases: lkmm has no machine, whose runs they are" in found.stdout
    assert "**Checked:** Every execution under lkmm was repeated lane by lane" in found.stdout
    assert "every execution that this rests on was repeated lane by lane" in found.stdout
    assert "interpreter" not in found.stdout
    assert "executions under this model have no order of steps to follow" in found.stdout


def test_a_review_has_the_verdicts_under_lkmm_that_a_file_expects() -> None:
    asked = ("--no-needed", "--no-cases", "--format", "human", "--cross-check")
    found = run("review", PASSING, "--variant", "no_read_barrier", *asked)
    assert re.search(r"told PROVED \S+ confirmed by cvc5", found.stdout)
    assert re.search(r"told REFUTED \S+ under lkmm\n", found.stdout)


def test_there_is_no_second_judge() -> None:
    found = run(*ASKED, "--cross-check")
    assert found.returncode == Status.BAD_INPUT
    assert "no judges under lkmm" in found.stderr
