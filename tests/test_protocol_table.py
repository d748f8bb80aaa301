"""protocols/README.md says what the prover finds, and every shipped protocol is in it."""

from tests.examples import FOUNDING, ROOT
from tests.protocol_table import PATH, table


def test_the_table_is_up_to_date() -> None:
    assert PATH.read_text() == table(), "run `make table`"


def test_every_shipped_protocol_is_in_it() -> None:
    assert sorted(p.stem for p in (ROOT / "protocols").glob("**/*.dsl")) == sorted(FOUNDING)
