"""The table of docs/weak-memory.md says what is found out."""

import pytest

from tests.support.examples import SHIPPED, shipped
from tests.support.lengths import long_but
from tests.support.tables import rows, short
from tools.under_lkmm import PATH, TABLE, line

CHEAP = ("original", "rcu/g3:no_grace_period", "vfs/v1:hold")


def test_every_shipped_protocol_is_in_the_table() -> None:
    assert list(rows(PATH, TABLE)) == [short(name) for name in SHIPPED]


def test_what_is_expected_under_lkmm_is_in_the_table_too() -> None:
    """What is refuted at the table's small bounds is so at those of the file."""
    table = rows(PATH, TABLE)
    for name in SHIPPED:
        expected = [one for one in shipped(name).expectations if one.model == "lkmm"]
        proved = [one.name for one in expected if one.verdict == "proved"]
        refuted = [one.split(" ")[0] for one in table[short(name)].split(" | ")[2].split(", ")]
        assert not set(proved) & set(refuted), name


@pytest.mark.parametrize("name", long_but(CHEAP, SHIPPED))
def test_a_row_says_what_is_found_out(name: str) -> None:
    assert line(name) == rows(PATH, TABLE)[short(name)]
