"""Published models are read, and mean what ours mean."""

import pytest

from smtmodel.executions.evaluate import Execution, accepts
from smtmodel.models import SC, TSO, Model
from smtmodel.models.cat.reader import read_model
from smtmodel.models.lkmm import LKMM
from smtmodel.models.normal import Normal, Stated
from smtmodel.models.terms import (
    AllIn,
    AnyIn,
    Difference,
    EventSet,
    Intersection,
    Relation,
    Sequence,
    Union,
)
from smtmodel.source.record import parts, replace, rewritten
from smtmodel.source.refusal import Refusal
from tests.support.model_published import FOLDER, needs_published, published
from tests.support.random_executions import random_executions

pytestmark = needs_published

READ = {
    "aarch64.cat": ["internal", "external", "atomic"],
    "c11.cat": ["Hb", "Coh", "Rf", "NaRf", "atomic", "Ssimp"],
    "power.cat": ["uniproc", "line-38", "line-44", "line-45", "atomic"],
    "rc11.cat": ["coherence1", "coherencermw", "atomicity", "SC", "no-thin-air"],
    "riscv.cat": ["Coherence", "Model", "Atomic"],
    "sc.cat": ["sc", "line-10"],
    "tso.cat": ["uniproc", "line-12", "tso"],
    "stdlib.cat": ["line-16"],
    "ppcfences.cat": [],
    "riscvfences.cat": [],
    "x86fences.cat": [],
}


@pytest.mark.parametrize("name", READ)
def test_published_models_are_read(name: str) -> None:
    assert [axiom.name for axiom in published(name).axioms] == READ[name]


def test_every_published_file_is_read_or_refused_for_a_reason() -> None:
    """The file for locks goes through possible relations; alone it is no model."""
    files = {path.name for path in FOLDER.iterdir() if path.suffix in (".cat", ".bell")}
    assert files == {*READ, "linux-kernel.cat", "linux-kernel.bell", "lock.cat"}
    assert isinstance(read_model(str(FOLDER / "lock.cat")), Refusal)


# ---------------------------------------------------------------- the kernel's


def _stated(table: Normal, model: Model) -> frozenset[Stated]:
    """What a model's axioms and flags say."""
    return table.stated(model, (*model.axioms, *model.flags))


@pytest.fixture(scope="module")
def kernel() -> Model:
    return published("linux-kernel.bell", "linux-kernel.cat")


def test_lkmm_equals_the_published_model_term_by_term(kernel: Model) -> None:
    table = Normal()
    assert _stated(table, LKMM) == _stated(table, kernel)
    assert [axiom.name for axiom in LKMM.axioms] == [axiom.name for axiom in kernel.axioms]


def _weaker(part: object) -> list[Relation | EventSet]:
    """A term without each of its alternatives, or without its restriction."""
    match part:
        case Union(several):
            return [Union((*several[:n], *several[n + 1 :])) for n in range(len(several))]
        case AnyIn(several) | AllIn(several):
            sets = [(*several[:n], *several[n + 1 :]) for n in range(len(several))]
            return [AnyIn(kept) if isinstance(part, AnyIn) else AllIn(kept) for kept in sets]
        case Intersection(left, _) | Difference(left, _) | Sequence(left, _):
            return [left]
    return []


def _with(old: object, new: object) -> Model:
    return replace(
        LKMM, definitions=rewritten(LKMM.definitions, lambda part: new if part is old else None)
    )


def test_any_change_of_lkmm_makes_a_difference(kernel: Model) -> None:
    """Else the comparison would say nothing."""
    changes = [(part, weaker) for part in parts(LKMM.definitions) for weaker in _weaker(part)]
    assert len(changes) > 250
    table = Normal()
    expected = _stated(table, kernel)
    for part, weaker in changes:
        assert _stated(table, _with(part, weaker)) != expected, (part, weaker)


# ---------------------------------------------------------------- sc and tso


def _for_x86(execution: Execution) -> Execution:
    """The same under herd7's names: a read-modify-write is one event, its own partner."""
    locked = execution.sets["Rmw"]
    same = tuple(locked & 1 << event for event in range(execution.size))
    sets = {**execution.sets, "mfence": execution.sets["Mb"], "A": locked}
    return replace(execution, sets=sets, relations={**execution.relations, "rmw": same})


@pytest.mark.parametrize(("name", "ours"), [("sc.cat", SC), ("tso.cat", TSO)])
def test_sc_and_tso_give_the_verdicts_of_the_published_files(name: str, ours: Model) -> None:
    theirs = published(name)
    judged = {True: 0, False: 0}
    for execution in random_executions(1500):
        accepted = accepts(ours, execution) is None
        assert (accepts(theirs, _for_x86(execution)) is None) == accepted
        judged[accepted] += 1
    assert min(judged.values()) > 50
