"""The public litmus tests with herd7's verdicts, where they are at hand beside this repository."""

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
