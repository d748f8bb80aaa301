"""docs/modelling.md shows pieces of shipped protocols, and tables of what these expect.

`dsl part NAME` blocks are consecutive lines of a protocol, of a variant as `select` prints it; in
a table that begins with `property` the other columns are named by a protocol, and their cells are
its verdicts under sc.
Console blocks are run by tests/docs/test_readme.py.
"""

import re

import pytest

from smtmodel.commands.expectations import expected
from smtmodel.language.flatten import flat
from tests.support.examples import FOLDERS, ROOT, SHIPPED, meaning, shipped

TEXT = (ROOT / "docs" / "modelling.md").read_text()
PARTS = re.findall(r"^```dsl part (\S+)\n(.*?)^```$", TEXT, re.M | re.S)
TABLES = re.findall(r"^(\| property \|.*\n)\| --- .*\n((?:\|.*\n)+)", TEXT, re.M)
LINK = re.compile(r"\[[\w-]*(:\w+)?\]\(\.\./protocols/([\w/-]+)\.dsl\)")


def linked(text: str) -> list[str]:
    """The protocols to which there are links."""
    return [f"{file}{variant}" for variant, file in LINK.findall(text)]


def test_every_piece_is_named_after_its_file() -> None:
    assert len(PARTS) == len(re.findall(r"^```dsl", TEXT, re.M)) > 0
    assert len(TABLES) == len(re.findall(r"^\| property", TEXT, re.M)) == 2


@pytest.mark.parametrize(("name", "piece"), PARTS, ids=[name for name, _ in PARTS])
def test_a_piece_stands_in_its_file(name: str, piece: str) -> None:
    found = meaning(name)
    text = found.checked.text
    assert f"\n{piece}" in (flat(text, found) if found.variant else text.content)


@pytest.mark.parametrize(("head", "body"), TABLES, ids=["k6", "k8"])
def test_a_table_says_what_its_files_expect(head: str, body: str) -> None:
    names = linked(head)
    assert len(names) == head.count("|") - 2
    for line in body.splitlines():
        claim, *cells = [cell.strip(" `") for cell in line.strip("|").split("|")]
        assert cells == [expected(shipped(name), claim, "sc").value.lower() for name in names]


def test_the_protocols_it_speaks_of_exist() -> None:
    stems = {name.split("/")[-1] for name in SHIPPED}
    spoken = set(re.findall(r"`(k\d+[ab]?[-:][\w-]+)`", TEXT))
    assert spoken
    assert spoken <= stems
    named = re.findall(rf"`((?:{'|'.join(FOLDERS)})/[\w-]+)\.dsl(:\w+)?`", TEXT)
    assert named
    assert {*(file + variant for file, variant in named), *linked(TEXT)} <= set(SHIPPED)
