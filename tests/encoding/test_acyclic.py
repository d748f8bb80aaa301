"""Clauses instead of a clock exclude the same: on random graphs, for every choice of edges."""

import random
from graphlib import CycleError, TopologicalSorter
from itertools import product

import pytest

from smtmodel.encoding.acyclic import acyclic
from smtmodel.encoding.formula import DEFINITION, Formula, Node
from smtmodel.encoding.smtlib import clauses
from smtmodel.solving.result import Limits
from smtmodel.solving.solver import Sat, Solver

MANY = 10_000


def random_formula(seed: int) -> tuple[Formula, dict[int, tuple[Node, Node]]]:
    """Choices, each of which puts an event or a point before another."""
    choose = random.Random(seed)
    formula, edges = Formula(), dict[int, tuple[Node, Node]]()
    nodes: list[Node] = [*range(3), "one", "other", "third"]
    for number in range(choose.randint(3, 8)):
        first, second = choose.choice(nodes), choose.choice(nodes)
        choice = formula.new(f"choice{number}")
        formula.implies([choice], [formula.before("clock", first, second)], DEFINITION)
        edges[choice] = first, second
    return formula, edges


def goes_round(edges: list[tuple[Node, Node]]) -> bool:
    order = TopologicalSorter[Node]()
    for first, second in edges:
        order.add(second, first)
    try:
        order.prepare()
    except CycleError:
        return True
    return any(first == second for first, second in edges)


@pytest.mark.parametrize("seed", range(60))
def test_the_same_choices_are_possible(seed: int) -> None:
    pysat = pytest.importorskip("pysat.solvers")
    formula, edges = random_formula(seed)
    stated = acyclic(formula, MANY)
    assert stated is not None
    assert stated == acyclic(random_formula(seed)[0], MANY)
    solver = pysat.Minisat22(bootstrap_with=stated)
    for signs in product((True, False), repeat=len(edges)):
        literals = [x if sign else -x for x, sign in zip(edges, signs, strict=True)]
        chosen = [edges[x] for x in literals if x > 0]
        assert solver.solve(assumptions=literals) != goes_round(chosen)


def test_with_z3_they_are_too() -> None:
    formula, edges = random_formula(3)
    solver = Solver(clauses(formula, formula.clauses), Limits())
    for signs in product((True, False), repeat=len(edges)):
        literals = [x if sign else -x for x, sign in zip(edges, signs, strict=True)]
        answer = solver.ask(clauses(formula, [(x,) for x in literals]))
        assert isinstance(answer, Sat) != goes_round([edges[x] for x in literals if x > 0])


def test_what_is_denied_is_left_to_a_clock() -> None:
    formula = Formula()
    formula.add((-formula.before("clock", 0, 1),), DEFINITION)
    assert acyclic(formula, MANY) is None


def test_too_many_clauses_are_not_made() -> None:
    formula = Formula()
    for first, second in product(range(4), repeat=2):
        formula.add((formula.before("clock", first, second),), DEFINITION)
    assert acyclic(formula, 20) is None
    assert acyclic(formula, MANY) is not None
