"""Shipped protocols meet their expectations, and protocols/README.md says what the prover finds."""

import re
from pathlib import Path

import pytest

from smtmodel.commands.expectations import expected, models_of
from smtmodel.executions.explore import verdicts
from smtmodel.language.checked import BuiltIn, Reach, ReachStep
from smtmodel.verdict import Verdict
from tests.support.examples import (
    FOLDERS,
    FOUNDING,
    ROOT,
    SHIPPED,
    at,
    explored,
    meant,
    protocols_in,
    shipped,
    with_machine,
)
from tests.support.front import form
from tests.support.lengths import long_but
from tools.protocol_table import PATH, TITLES, beginning, found, page, row, timeless

FILES = sorted((ROOT / "protocols").glob("**/*.dsl"))
PAGE = PATH.read_text()
LINES = 150
SHORT = (*FOUNDING[:2], *protocols_in("seqcount"))
"""What is asked about every protocol is asked about these even in short tests."""


def _own(path: Path) -> str:
    return str(path.relative_to(ROOT / "protocols").with_suffix(""))


def _as_it_is(name: str, model: str) -> str:
    """The protocol's line on the page."""
    begun = beginning(name, model)
    return next((line for line in PAGE.splitlines() if line.startswith(begun)), f"no {begun}")


def test_every_shipped_protocol_is_in_the_table_once() -> None:
    assert {_own(path) for path in FILES} == {name.partition(":")[0] for name in SHIPPED}
    assert len(set(SHIPPED)) == len(SHIPPED)
    assert page(_as_it_is) == PAGE, "run `make table`"
    assert set(FOLDERS) | {""} == set(TITLES)


def test_names_without_a_folder_are_not_ambiguous() -> None:
    assert len({path.name for path in FILES}) == len(FILES)


@pytest.mark.parametrize("name", long_but(SHORT, SHIPPED))
def test_a_protocol_meets_its_expectations_and_its_line_is_up_to_date(name: str) -> None:
    protocol = shipped(name)
    for model, told in found(name).results:
        assert {one: result.verdict for one, result in told.items()} == {
            one: expected(protocol, one, model) for one in told
        }
        if with_machine((model,)):
            line = timeless(_as_it_is(name, model))
            assert timeless(row(name, model)) == line, "run `make table`"


@pytest.mark.parametrize("file", [_own(path) for path in FILES if "/" in _own(path)])
def test_a_file_says_what_it_is(file: str) -> None:
    every = [one.checked for one in meant(file).values()]
    text = every[0].text
    comment = text.content.split("\nprotocol ")[0]
    for part in ("Source: ", "Expected: ", "Bounds: "):
        assert len(re.findall(rf"^// {part}", comment, re.M)) == 1, part
    assert every[0].name == file.split("/")[1].replace("-", "_")
    assert all(one.title for one in every)
    assert len({one.title for one in every}) == len(every)
    assert form(text) == text.content
    assert text.content.count("\n") <= LINES


@pytest.mark.parametrize("name", [name for name in SHIPPED if "/" in name])
def test_a_protocol_expects_something_of_all_that_it_has(name: str) -> None:
    protocol = shipped(name)
    claims = {item.name for item in protocol.properties if item.name not in _goals(name)}
    assert claims <= {one.name for one in protocol.expectations}
    assert _goals(name)


def _goals(name: str) -> set[str]:
    goals = Reach | ReachStep
    return {item.name for item in shipped(name).properties if isinstance(item, goals)}


@pytest.mark.parametrize("folder", FOLDERS)
def test_a_folder_proves_what_another_of_its_protocols_refutes(folder: str) -> None:
    names = [name for name in SHIPPED if name.startswith(f"{folder}/")]
    told = {pair for name in names for pair in _expected(name)}
    claims = {claim for claim, _ in told}
    assert any({(one, Verdict.PROVED), (one, Verdict.REFUTED)} <= told for one in claims)


def _expected(name: str) -> set[tuple[str, Verdict]]:
    protocol = shipped(name)
    claims = [item.name for item in protocol.properties if not isinstance(item, BuiltIn)]
    return {(one, expected(protocol, one, "sc")) for one in claims}


@pytest.mark.parametrize("name", long_but(SHORT, [name for name in SHIPPED if "/" in name]))
def test_the_explorer_finds_what_a_protocol_expects(name: str) -> None:
    """At its bounds, but with one lane of a kind where lanes have several rounds."""
    protocol, bounds = shipped(name), shipped(name).bounds
    if bounds.rounds > 1:
        bounds = at(protocol, bounds.updates, 1, bounds.rounds)
    for model in with_machine(models_of(protocol)):
        told = verdicts(explored(protocol, bounds, model), protocol)
        assert told == {one: expected(protocol, one, model) for one in told}
