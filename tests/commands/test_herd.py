"""`herd`: a property of a protocol as a litmus test on standard output or in a file."""

from pathlib import Path

from smtmodel.verdict import Status
from tests.support.program import run

WEAK = Path(__file__).parents[2] / "docs" / "weak"
PASSING = str(WEAK / "passing.dsl")


def test_the_only_property_that_has_a_test_is_printed() -> None:
    found = run("herd", PASSING)
    assert found.returncode == Status.GOOD
    assert found.stdout.startswith("C passing-both-barriers-told\n")
    assert "1 writer lane and 1 reader lane: an execution that ends so violates told." in (
        found.stdout
    )


def test_litmus_reads_it_and_says_what_prove_says(tmp_path: Path) -> None:
    for variant, observed in (("both_barriers", "Never"), ("no_read_barrier", "Sometimes")):
        file = tmp_path / f"{variant}.litmus"
        made = run("herd", PASSING, "--variant", variant, "--only", "told", "--out", str(file))
        assert made.returncode == Status.GOOD, made.stderr
        assert f"told {observed} " in run("litmus", str(file)).stdout


def test_bounds_make_more_lanes() -> None:
    assert "\nP2(" in run("herd", PASSING, "--bound", "reader=2").stdout


def test_one_of_several_properties_has_to_be_chosen(tmp_path: Path) -> None:
    file = tmp_path / "two.dsl"
    text = (
        Path(PASSING)
        .read_text()
        .replace("bounds writer", "never no: flag == 7 finally\nbounds writer")
    )
    file.write_text(text)
    found = run("herd", str(file))
    assert found.returncode == Status.BAD_INPUT
    assert "a test is about one property: --only told, no" in found.stderr


def test_every_reason_is_told_where_there_is_no_test() -> None:
    found = run("herd", str(WEAK / "retry.dsl"))
    assert found.returncode == Status.BAD_INPUT
    assert "no litmus test of freed_page_stays: `settled`: memory at an instant" in found.stderr
    assert "no litmus test of data_race" in found.stderr


def test_what_has_no_meaning_under_lkmm_has_no_test_either(tmp_path: Path) -> None:
    file = tmp_path / "ghost.dsl"
    ghost = "shared flag = 0\nghost g = 0\n"
    text = Path(PASSING).read_text().replace("shared flag = 0\n", ghost)
    file.write_text(text.replace("told:", "g = value\n    told:"))
    found = run("herd", str(file))
    assert found.returncode == Status.BAD_INPUT
    assert "E519" in found.stderr
