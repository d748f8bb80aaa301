"""Any term of relation algebra means the same as a constraint and over finite sets.

Random terms as axioms and flags of a model, over random litmus tests: all final states, and the
flags that are raised, as the solver finds them and as each execution shows them.
"""

import random

import pytest

from smtmodel.encoding.relations import NotCompiled
from smtmodel.executions.enumerated import enumerated
from smtmodel.litmus.unroll import unroll
from smtmodel.models import Model, terms
from smtmodel.models.granted import COHERENT
from smtmodel.models.lkmm import LKMM
from smtmodel.models.terms import Axiom, AxiomForm, Defined, Events, Flag, Named, NamedSet
from smtmodel.solving.ends import solved
from smtmodel.solving.result import Limits
from smtmodel.source import Text
from smtmodel.source.record import replace
from tests.litmus.test_solved import observing_all, read
from tests.support.lengths import long_but
from tests.support.random_litmus import random_test

BASE = ("po", "rf", "co", "fr", "loc", "int", "ext", "id", "addr", "data", "ctrl", "rmw")
SETS = ("All", "R", "W", "RMW", "IW", "Once", "Release", "Mb", "LKW", "Rcu-lock")


def random_set(choose: random.Random, depth: int) -> terms.EventSet:
    if depth == 0:
        return Events(choose.choice(SETS))
    one, other = (random_set(choose, depth - 1) for _ in range(2))
    match choose.randrange(6):
        case 0:
            return terms.AnyIn((one, other))
        case 1:
            return terms.AllIn((one, other))
        case 2:
            return terms.Except(one, other)
        case 3:
            return terms.Outside(one)
        case 4:
            return terms.Domain(random_term(choose, depth - 1))
        case _:
            return terms.Range(random_term(choose, depth - 1))


def random_term(choose: random.Random, depth: int) -> terms.Relation:
    if depth == 0:
        return terms.Base(choose.choice(BASE))
    one, other = (random_term(choose, depth - 1) for _ in range(2))
    match choose.randrange(14):
        case 0 | 1:
            return terms.Union((one, other))
        case 2 | 3:
            return terms.Intersection(one, other)
        case 4 | 5:
            return terms.Difference(one, other)
        case 6 | 7 | 8:
            return terms.Sequence(one, other)
        case 9:
            return terms.Inverse(one)
        case 10:
            return choose.choice((terms.Closure, terms.Star, terms.Optional))(one)
        case 11:
            return terms.Complement(one)
        case 12:
            return terms.Identity(random_set(choose, depth - 1))
        case _:
            return terms.Product(random_set(choose, depth - 1), random_set(choose, depth - 1))


FORBIDDING = (AxiomForm.ACYCLIC, AxiomForm.IRREFLEXIVE, AxiomForm.EMPTY)
RAISING = (
    *(AxiomForm.INHABITED, AxiomForm.REFLEXIVE, AxiomForm.CYCLIC),
    *(AxiomForm.EMPTY, AxiomForm.IRREFLEXIVE),
)


def random_model(seed: int) -> Model:
    choose = random.Random(f"terms {seed}")
    definitions = (
        Defined("some", random_term(choose, 2), "", ""),
        Defined("in-it", random_set(choose, 2), "", ""),
    )
    use = terms.Sequence(terms.Identity(NamedSet("in-it")), Named("some"))
    form = choose.choice(FORBIDDING)
    axiom = Axiom("axiom", form, terms.Union((use, random_term(choose, 3))), "", "")
    raised = terms.Difference(random_term(choose, 2), use)
    flags = tuple(
        Flag(f"flag{number}", form, term, "", "")
        for number, (form, term) in enumerate(
            (choose.choice(RAISING), term) for term in (raised, random_term(choose, 3))
        )
    )
    # What an axiom forbids shows nothing about flags, so there may be none.
    axioms = (COHERENT, axiom) if choose.random() < 0.5 else (COHERENT,)
    return replace(LKMM, name="random", axioms=axioms, definitions=definitions, flags=flags)


@pytest.mark.parametrize("seed", long_but(range(25), range(400)))
def test_random_terms(seed: int) -> None:
    model = random_model(seed)
    test = observing_all(read(Text("test", random_test(seed % 40, 6, sections=bool(seed % 2)))))
    found = solved(test, unroll(test), model, Limits(), every=True)
    assert found == enumerated(test, model, every=True)


def test_recursion_that_would_have_to_be_shown_is_refused() -> None:
    own = terms.Union((terms.Base("rf"), terms.Sequence(Named("r"), Named("r"))))
    recursion = terms.Recursion((Defined("r", own, "", ""),))
    relation = terms.Difference(terms.Base("ext"), Named("r"))
    axiom = Axiom("axiom", AxiomForm.EMPTY, relation, "", "")
    model = replace(LKMM, axioms=(COHERENT, axiom), definitions=(recursion,), flags=())
    test = read(Text("test", random_test(1)))
    with pytest.raises(NotCompiled, match="recursion under a negation"):
        solved(test, unroll(test), model, Limits(), every=False)
