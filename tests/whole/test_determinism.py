"""The same bytes on every run: whatever the solver's seed and the hashes of strings, and whichever
of the jobs of a command ends first."""

import os
import pickle
import subprocess
import sys
from collections.abc import Collection
from random import Random

import pytest

from smtmodel import cli
from smtmodel.work.engine import Ended, Job
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
    for hashes in ("1", "42"):
        environment = {**os.environ, "PYTHONHASHSEED": hashes, "PYTHONPATH": str(ROOT)}
        done = subprocess.run(
            [sys.executable, "-c", program], env=environment, capture_output=True, check=True
        )
        texts.add(done.stdout)
    assert len(texts) == 1
    assert b"check-sat" in texts.pop()


class ShufflingEngine:
    """An engine that ends jobs in an order of its own; each is done once for all orders."""

    done: dict[bytes, tuple[object, ...]] = {}  # noqa: RUF012

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.waiting: list[tuple[str, Job]] = []
        self.told: list[str] = []

    def submit(self, key: str, job: Job, *, seconds: float | None = None) -> None:
        self.waiting.append((key, job))

    def next(self, seconds: float | None, *, alarm: int | None = None) -> Ended | None:
        if not self.waiting:
            return None
        key, job = self.waiting.pop(self.random.randrange(len(self.waiting)))
        self.told.append(key)
        asked = pickle.dumps(job.work)
        if asked not in self.done:
            self.done[asked] = tuple(job.work())
        return Ended(key, self.done[asked], None, 0.0, "5.0.0")

    def cancel(self, keys: Collection[str] | None = None) -> None:
        self.waiting.clear()

    def close(self) -> None:
        self.waiting.clear()


MANY_JOBS = (
    "diff original.dsl paolo.dsl",
    "orders original.dsl --updates 1 --faults 1",
    "needed paolo.dsl --updates 1 --faults 1",
    "review original.dsl paolo.dsl --updates 1 --faults 1",
)


@pytest.mark.parametrize("asked", long_but(MANY_JOBS[:1], MANY_JOBS))
def test_it_does_not_matter_which_job_ends_first(
    asked: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    texts, orders = set(), set()
    for seed in range(4):
        engine = ShufflingEngine(seed)
        monkeypatch.setattr("smtmodel.cli.verdicts.Crew", lambda worker, made=engine: made)
        status = cli.run(asked.split(), None)
        texts.add((status, capsys.readouterr().out))
        orders.add(tuple(engine.told))
    assert len(orders) > 1
    assert len(texts) == 1
