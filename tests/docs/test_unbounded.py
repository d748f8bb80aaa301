"""The table of docs/unbounded.md says what is found out."""

import pytest

from tests.support.examples import SHIPPED, shipped
from tests.support.lengths import long_but
from tools.any_number import PATH, TABLE, line

CHEAP = ("ipv6/n2:cookie_zero", "seqcount/g1:no_second_check", "userfaultfd/u1:before")


def _rows() -> dict[str, str]:
    """The rows of the table by the short names of the protocols."""
    found = TABLE.search(PATH.read_text())
    assert found is not None
    rows = found[0].splitlines()[2:]
    return {row.split("`")[1]: row for row in rows}


def _short(name: str) -> str:
    return name.rsplit("/", 1)[-1]


def test_every_shipped_protocol_is_in_the_table() -> None:
    assert list(_rows()) == [_short(name) for name in SHIPPED]


def test_nothing_that_is_refuted_is_said_to_be_shown() -> None:
    rows = _rows()
    for name in SHIPPED:
        expected = shipped(name).expectations
        shown = rows[_short(name)].split(" | ")[1].split(", ")
        refuted = [one.name for one in expected if one.verdict == "refuted" and not one.model]
        assert not set(shown) & set(refuted), name


@pytest.mark.parametrize("name", long_but(CHEAP, SHIPPED))
def test_a_row_says_what_is_found_out(name: str) -> None:
    assert line(name) == _rows()[_short(name)]
