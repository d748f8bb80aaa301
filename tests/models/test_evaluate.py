"""Terms over finite sets: each case against its definition, recursion, forms and normal forms."""

import random
from itertools import pairwise, product

import pytest

from smtmodel.executions.evaluate import Evaluation, Execution, accepts
from smtmodel.executions.matrices import Matrices, members, rows
from smtmodel.models import SC, Model
from smtmodel.models.normal import Normal
from smtmodel.models.terms import (
    PO,
    RF,
    AllIn,
    AnyIn,
    Axiom,
    AxiomForm,
    Base,
    Closure,
    Complement,
    Defined,
    Difference,
    Events,
    Except,
    Identity,
    Intersection,
    Named,
    NamedSet,
    Nested,
    Optional,
    Outside,
    Range,
    Recursion,
    Relation,
    Sequence,
    Star,
    Union,
    then,
)
from smtmodel.source.record import replace
from tests.support.model_naive import Naive, closed, joined, random_relation, random_set

LOC = Base("loc")
R, W = Events("R"), Events("W")


def model(*definitions: Defined | Recursion, axioms: tuple[Axiom, ...] = ()) -> Model:
    return replace(SC, definitions=definitions, axioms=axioms)


@pytest.mark.parametrize("depth", [0, 1, 2, 3])
def test_every_term_means_what_its_definition_says(depth: int) -> None:
    chance = random.Random(f"terms {depth}")
    for _ in range(400):
        naive = Naive(chance)
        execution = naive.execution()
        evaluation = Evaluation(model(), execution)
        relation, inside = random_relation(chance, depth), random_set(chance, depth)
        assert evaluation.pairs(relation) == rows(naive.pairs(relation), execution.size)
        assert evaluation.members(inside) == members(naive.members(inside))


@pytest.mark.parametrize("size", range(20))
def test_matrices_of_any_size(size: int) -> None:
    """Rows fill whole bytes: what could spill over does so at some of these sizes."""
    chance = random.Random(f"matrices {size}")
    matrices = Matrices(size)
    for density in (0.1, 0.5, 1.0):
        every = list(product(range(size), repeat=2))
        first, second = ({pair for pair in every if chance.random() < density} for _ in "ab")
        left, right = matrices.joined(rows(first, size)), matrices.joined(rows(second, size))
        assert matrices.rows(left) == rows(first, size)
        assert matrices.rows(matrices.sequence(left, right)) == rows(joined(first, second), size)
        assert matrices.rows(matrices.closed(left)) == rows(closed(first), size)
        assert matrices.rows(matrices.inverse(left)) == rows(((b, a) for a, b in first), size)


def test_definitions_are_used_by_name_and_in_their_order() -> None:
    naive = Naive(random.Random("names"))
    both = model(
        Defined("either", AnyIn((R, W))),
        Defined("po", then(NamedSet("either"), PO)),
        Defined("twice", Sequence(Named("po"), Named("po"))),
    )
    evaluation = Evaluation(both, naive.execution())
    term = then(AnyIn((R, W)), PO, AnyIn((R, W)), PO)
    assert evaluation.pairs(Named("twice")) == Evaluation(model(), naive.execution()).pairs(term)
    with pytest.raises(KeyError):
        evaluation.pairs(Named("never"))


def test_a_long_chain_of_definitions_is_no_deep_recursion() -> None:
    names = [f"n{number}" for number in range(3000)]
    chain = [Defined(name, Named(before)) for before, name in pairwise(names)]
    naive = Naive(random.Random("chain"))
    evaluation = Evaluation(model(Defined("n0", PO), *chain), naive.execution())
    assert evaluation.pairs(Named("n2999")) == rows(
        naive.relations["po"], evaluation.execution.size
    )


def test_recursion_gives_the_least_relations() -> None:
    group = Recursion(
        (
            Defined("even", Sequence(Named("odd"), Union((PO, RF)))),
            Defined("odd", Union((PO, RF, Sequence(Named("even"), Union((PO, RF)))))),
            Defined("met", AnyIn((Range(Named("odd")), NamedSet("met")))),
        )
    )
    chance = random.Random("least")
    for _ in range(100):
        naive = Naive(chance)
        evaluation = Evaluation(model(group), naive.execution())
        step = naive.relations["po"] | naive.relations["rf"]
        whole = rows(closed(step), naive.execution().size)
        assert evaluation.pairs(Union((Named("even"), Named("odd")))) == whole
        assert evaluation.members(NamedSet("met")) == members(b for _, b in step)


NOT_MONOTONE = [
    Difference(PO, Named("r")),
    Complement(Named("r")),
    Identity(Outside(Range(Named("r")))),
    Identity(Except(R, Range(Sequence(PO, Named("r"))))),
    Nested(Range(Named("r")), R),
]


@pytest.mark.parametrize("term", NOT_MONOTONE, ids=lambda term: type(term).__name__)
def test_a_recursion_that_takes_away_is_refused(term: Relation) -> None:
    group = Recursion((Defined("r", term),))
    assert not group.monotone
    with pytest.raises(ValueError, match="recursion under a negation: r"):
        Evaluation(model(group), Naive(random.Random(1)).execution()).pairs(Named("r"))


def test_what_is_taken_away_may_be_of_another_definition() -> None:
    assert Recursion((Defined("r", Difference(Union((PO, Named("r"))), Named("other"))),)).monotone


def test_forms_and_their_opposites() -> None:
    loop = Execution.of(range(2), {}, {"po": [(0, 1)], "rf": [(0, 1), (1, 0)], "loc": [(0, 0)]})
    holding = {
        PO: (AxiomForm.ACYCLIC, AxiomForm.IRREFLEXIVE, AxiomForm.INHABITED),
        RF: (AxiomForm.CYCLIC, AxiomForm.IRREFLEXIVE, AxiomForm.INHABITED),
        LOC: (AxiomForm.CYCLIC, AxiomForm.REFLEXIVE, AxiomForm.INHABITED),
        Base("co"): (AxiomForm.ACYCLIC, AxiomForm.IRREFLEXIVE, AxiomForm.EMPTY),
    }
    for relation, forms in holding.items():
        for form in AxiomForm:
            stated = model(axioms=(Axiom("a", form, relation, "", ""),))
            assert (accepts(stated, loop) is None) == (form in forms)


# ---------------------------------------------------------------- normal forms

SAME = [
    (Union((PO, Union((RF, LOC)))), Union((LOC, RF, PO, RF))),
    (Intersection(PO, Intersection(RF, LOC)), Intersection(Intersection(LOC, PO), RF)),
    (Sequence(PO, Sequence(RF, LOC)), Sequence(Sequence(PO, RF), LOC)),
    (Difference(Difference(PO, RF), LOC), Difference(PO, Union((LOC, RF)))),
    (Difference(PO, RF), Intersection(Complement(RF), PO)),
    (Identity(Except(R, W)), Identity(AllIn((Outside(W), R)))),
    (Identity(Outside(Outside(R))), Identity(R)),
    (Star(PO), Optional(Closure(PO))),
    (Union((PO,)), PO),
]
OTHER = [
    (Sequence(PO, RF), Sequence(RF, PO)),
    (Difference(PO, RF), Difference(RF, PO)),
    (Closure(PO), Star(PO)),
    (Union((PO, RF)), Intersection(PO, RF)),
    (Identity(R), Identity(W)),
    (Base("R"), Identity(Events("R"))),
]


@pytest.mark.parametrize(("first", "second"), SAME)
def test_equal_terms_have_one_number(first: Relation, second: Relation) -> None:
    table = Normal()
    assert table.term(first, {}) == table.term(second, {})
    chance = random.Random(str(first))
    for _ in range(50):
        evaluation = Evaluation(model(), Naive(chance).execution())
        assert evaluation.pairs(first) == evaluation.pairs(second)


@pytest.mark.parametrize(("first", "second"), OTHER)
def test_different_terms_have_different_numbers(first: Relation, second: Relation) -> None:
    table = Normal()
    assert table.term(first, {}) != table.term(second, {})


def test_recursions_are_compared_whatever_is_called_what() -> None:
    def group(name: str, step: Relation) -> Recursion:
        return Recursion((Defined(name, Union((step, Sequence(Named(name), step)))),))

    table = Normal()
    numbers = table.definitions([group("r", PO), group("s", PO), group("t", RF)])
    assert numbers["r"] == numbers["s"] != numbers["t"]


def test_names_hide_nothing() -> None:
    table = Normal()
    numbers = table.definitions(
        [Defined("a", PO), Defined("b", Sequence(Named("a"), RF)), Defined("c", Sequence(PO, RF))]
    )
    assert numbers["b"] == numbers["c"]
    axioms = (Axiom("x", AxiomForm.ACYCLIC, Named("b"), "", ""),)
    stated = table.stated(model(Defined("b", Sequence(PO, RF))), axioms)
    assert stated == {("x", "acyclic", numbers["c"])}
