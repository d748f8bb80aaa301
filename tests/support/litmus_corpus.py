"""The public litmus tests with herd7's verdicts, where they are at hand beside this repository."""

import csv
from collections.abc import Callable
from pathlib import Path

import pytest

from smtmodel.source import Text
from tests.support.processes import ROOT

PLACES = [parent / "shared" / "corpus" for parent in (ROOT.parent, ROOT.parent.parent)]
CORPUS = next((place for place in PLACES if place.exists()), PLACES[0])

needs_corpus = pytest.mark.skipif(
    not CORPUS.exists(), reason="the public litmus tests and models are not beside this repository"
)


def litmus_files() -> list[Path]:
    return sorted((CORPUS / "litmus").rglob("*.litmus"))


def text_of(path: Path) -> Text:
    return Text(path.name, path.read_text(encoding="utf-8"))


def published(step: int) -> list[tuple[Text, str]]:
    """Every so many tests, each with the verdict that herd7 gives."""
    with open(CORPUS / "litmus" / "verdicts.csv", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 865
    return [(text_of(CORPUS / "litmus" / row["file"]), row["herd7"]) for row in rows[::step]]


def disagreements(step: int, verdict: Callable[[Text], str]) -> set[str]:
    """The tests, of which one in so many is judged, whose verdict is not herd7's."""
    return {text.name for text, wanted in published(step) if verdict(text) != wanted}
