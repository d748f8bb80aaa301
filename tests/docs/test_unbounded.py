"""The table of docs/unbounded.md says what is found out."""

import re
from pathlib import Path

import pytest

from smtmodel.source import Text
from tests.support.examples import SHIPPED, shipped
from tests.support.front import form
from tests.support.lengths import long_but
from tests.support.program import run
from tests.support.tables import rows, short
from tools.any_number import PATH, TABLE, line

CHEAP = (
    "ipv6/n2:cookie_zero",
    "mm/mincore:after",
    "mm/mincore:before",
    "seqcount/g1:no_second_check",
    "userfaultfd/u1:before",
)


def test_every_shipped_protocol_is_in_the_table() -> None:
    assert list(rows(PATH, TABLE)) == [short(name) for name in SHIPPED]


def test_nothing_that_is_refuted_is_said_to_be_shown() -> None:
    table = rows(PATH, TABLE)
    for name in SHIPPED:
        expected = shipped(name).expectations
        shown = table[short(name)].split(" | ")[1].split(", ")
        refuted = {one.name for one in expected if one.verdict == "refuted" and not one.model}
        held = {one.name for one in expected if one.verdict == "proved" and one.model == "sc"}
        assert not set(shown) & (refuted - held), name


def test_what_a_file_expects_for_any_number_is_shown() -> None:
    table = rows(PATH, TABLE)
    told = [
        (name, one.name) for name in SHIPPED for one in shipped(name).expectations if one.any_number
    ]
    assert told
    for name, expected in told:
        assert expected in table[short(name)].split(" | ")[1].split(", "), name


def test_the_example_of_the_page_is_met(tmp_path: Path) -> None:
    (example,) = re.findall(r"^```dsl\n(.*?)^```$", PATH.read_text(), re.M | re.S)
    (tmp_path / "handed-on.dsl").write_text(example)
    process = run("check", "handed-on.dsl", cwd=tmp_path)
    assert "ordered PROVED" in process.stdout
    assert process.stdout.endswith("1 file: 2 of 2 expectations met\n")
    assert form(Text("example", example)) == example


@pytest.mark.parametrize("name", long_but(CHEAP, SHIPPED))
def test_a_row_says_what_is_found_out(name: str) -> None:
    assert line(name) == rows(PATH, TABLE)[short(name)]
