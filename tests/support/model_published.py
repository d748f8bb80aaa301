"""Memory models as their authors publish them, where they are at hand beside this repository."""

from pathlib import Path

import pytest

from smtmodel.models.cat.reader import read_model
from smtmodel.models.terms import Model
from tests.support.processes import ROOT

PLACES = [parent / "shared" / "corpus" / "cat" for parent in (ROOT.parent, ROOT.parent.parent)]
FOLDER = next((place for place in PLACES if place.exists()), PLACES[0])

needs_published = pytest.mark.skipif(
    not FOLDER.exists(), reason="the published memory models are not beside this repository"
)


def published(*names: str) -> Model:
    """The model of published files, read one after the other."""
    model = read_model(*(str(Path(FOLDER, name)) for name in names))
    assert isinstance(model, Model), model.sentences
    return model
