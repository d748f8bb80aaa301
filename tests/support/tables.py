"""Tables of the documentation with a row for each shipped protocol."""

import re
from pathlib import Path


def rows(page: Path, table: re.Pattern[str]) -> dict[str, str]:
    """The rows by the short names of the protocols, which stand first in them."""
    found = table.search(page.read_text())
    assert found is not None
    return {row.split("`")[1]: row for row in found[0].splitlines()[2:]}


def short(name: str) -> str:
    """What a shipped protocol is called in a table: without its folder."""
    return name.rsplit("/", 1)[-1]
