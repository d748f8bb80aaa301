"""The same bytes on every run: whatever the solver's seed and the hashes of strings."""

import os
import subprocess
import sys

import pytest

from tests.support.examples import ROOT, at, results, shipped
from tests.support.lengths import long_but


@pytest.mark.parametrize("model", ["sc", "tso"])
@pytest.mark.parametrize(
    "name", long_but(["original"], ["original", "xiao", "paolo-no-grace-period"])
)
def test_runs_do_not_depend_on_the_seed(name: str, model: str) -> None:
    protocol = shipped(name)
    bounds = at(protocol, 2, 2)
    _, first = results(protocol, bounds, model)
    for seed in (1, 7, 12345):
        _, again = results(protocol, bounds, model, seed)
        assert [(r.name, r.verdict, r.run) for r in again.values()] == [
            (r.name, r.verdict, r.run) for r in first.values()
        ]


def test_the_formula_does_not_depend_on_hashes() -> None:
    program = (
        "from tests.support.examples import *; from smtmodel.events.unroll import unroll;"
        "from smtmodel.encoding.encode import encode; from smtmodel.encoding.smtlib import export;"
        "p = shipped('paolo'); graph = unroll(p, at(p, 2, 2));"
        "print(export(encode(graph, model('tso')).formula, 'x'))"
    )
    texts = set()
    for hashes in ("0", "1", "42"):
        environment = {**os.environ, "PYTHONHASHSEED": hashes, "PYTHONPATH": str(ROOT)}
        done = subprocess.run(
            [sys.executable, "-c", program], env=environment, capture_output=True, check=True
        )
        texts.add(done.stdout)
    assert len(texts) == 1
    assert b"check-sat" in texts.pop()
