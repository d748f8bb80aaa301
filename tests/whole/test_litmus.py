"""Litmus tests with their textbook answers: `outcome` is refuted where a model allows it."""

from pathlib import Path

import pytest

from smtmodel.commands.expectations import expected
from smtmodel.executions.explore import explore, verdicts
from smtmodel.language.checked import Checked
from smtmodel.models import MODELS, Model
from tests.support.differential import checked, compare

FILES = sorted((Path(__file__).parents[1] / "litmus").glob("*.dsl"))


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.name)
@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_textbook_answer(file: Path, model: Model) -> None:
    protocol = checked(file.read_text())
    assert isinstance(protocol, Checked), protocol
    wanted = {p.name: expected(protocol, p.name, model.name) for p in protocol.properties}
    explored = explore(protocol, protocol.bounds, store_buffers=model.store_buffers)
    assert verdicts(explored, protocol) == wanted
    assert not compare(protocol, model, 100_000).differences
