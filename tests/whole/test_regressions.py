"""Bugs that were found once: one file each, its story and its verdicts inside."""

import re
from pathlib import Path

import pytest

from smtmodel.commands.expectations import expected
from smtmodel.executions.explore import explore, verdicts
from smtmodel.language.checked import Checked
from smtmodel.models import MODELS, SC, Model
from tests.support.differential import checked, compare

FILES = sorted((Path(__file__).parents[1] / "regressions").glob("*.dsl"))
CASES = [
    pytest.param(file, model, id=f"{file.stem}-{model.name}")
    for file in FILES
    for model in MODELS
    if model is SC or isinstance(checked(file.read_text(), weak=True), Checked)
]


@pytest.mark.parametrize(("file", "model"), CASES)
def test_regression(file: Path, model: Model) -> None:
    text = file.read_text()
    assert re.match(rf"// \d{{4}}-\d\d-\d\d {file.stem}: ", text)
    protocol = checked(text)
    assert isinstance(protocol, Checked), protocol
    explored = explore(protocol, protocol.bounds, store_buffers=model.store_buffers)
    wanted = {p.name: expected(protocol, p.name, model.name) for p in protocol.properties}
    assert verdicts(explored, protocol) == wanted
    found = compare(protocol, model, 100_000)
    assert found.finished
    assert not found.differences
