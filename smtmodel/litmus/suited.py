"""Whether a memory model can be asked about litmus tests, before any test is looked at."""

from collections.abc import Iterator

from smtmodel.events.sets import OF_TESTS
from smtmodel.models import Model
from smtmodel.models.terms import (
    CO,
    FR,
    LOC,
    PO,
    RF,
    Axiom,
    AxiomForm,
    Base,
    Defined,
    Events,
    Intersection,
    Named,
    Relation,
    Union,
)
from smtmodel.source.record import parts

RELATIONS = ("po", "rf", "co", "fr", "loc", "int", "ext", "id", "addr", "data", "ctrl", "rmw")
BASE = frozenset((*RELATIONS, "different-values"))
NOT_COHERENT = (
    "no axiom says that the accesses to one location agree with program order, `acyclic"
    " (po & loc) | rf | co | fr` or more, and answers about litmus tests take it for granted"
)


def unsuited(model: Model) -> str:
    """Why a model cannot be asked about tests in C; nothing if it can."""
    stated = (model.definitions, model.axioms, model.flags)
    for part in parts(stated):
        match part:
            case Events(name) if name not in OF_TESTS:
                return f"no event of a litmus test in C is known to be in the set `{name}`"
            case Base(name) if name not in BASE:
                return f"nothing is known about the relation `{name}` in litmus tests"
    return "" if any(_coherent(axiom, model) for axiom in model.axioms) else NOT_COHERENT


def _coherent(axiom: Axiom, model: Model) -> bool:
    """Whether an axiom says that every location is coherent, or more."""
    known: dict[str, object] = {
        one.name: one.term for one in model.definitions if isinstance(one, Defined)
    }
    united = set(_united(axiom.relation, known))
    local = {PO, Intersection(PO, LOC), Intersection(LOC, PO)}
    acyclic = axiom.form is AxiomForm.ACYCLIC
    return acyclic and {RF, CO, FR} <= united and not united.isdisjoint(local)


def _united(term: object, known: dict[str, object]) -> Iterator[Relation]:
    """What a term is the union of."""
    match term:
        case Union(several):
            for one in several:
                yield from _united(one, known)
        case Named(name):
            yield from _united(known.get(name), known)
        case Base() | Intersection():
            yield term
