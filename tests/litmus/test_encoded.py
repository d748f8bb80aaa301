"""The encoder takes the event graphs of litmus tests: ends under sequential consistency.

Compared with the enumerator on random tests, by all values of the lanes' registers at the end.
"""

from collections.abc import Iterator
from types import SimpleNamespace
from typing import cast

import pytest

from smtmodel.encoding.decode import Reader
from smtmodel.encoding.encode import encode
from smtmodel.encoding.formula import Reason
from smtmodel.encoding.query import Query
from smtmodel.encoding.smtlib import script
from smtmodel.encoding.state import Encoding
from smtmodel.events.terms import Constant, Reference
from smtmodel.executions.c_operators import Datum
from smtmodel.executions.candidates import candidates, execution
from smtmodel.executions.evaluate import accepts
from smtmodel.litmus.instructions import kernel
from smtmodel.litmus.parse import parse
from smtmodel.litmus.program import AddressOf, LitmusTest
from smtmodel.litmus.unroll import unroll
from smtmodel.models import SC
from smtmodel.models.terms import CO, EXT, FR, Axiom, AxiomForm, Base, Intersection, then
from smtmodel.solving.result import Limits
from smtmodel.solving.solver import Sat, Solver, Unsat
from smtmodel.source import Text
from smtmodel.source.record import replace
from tests.support.lengths import long_but
from tests.support.random_litmus import random_test

ATOMIC = Axiom(
    name="atomic",
    form=AxiomForm.EMPTY,
    relation=Intersection(Base("rmw"), then(Intersection(FR, EXT), Intersection(CO, EXT))),
    reason="no other lane writes within a read-modify-write",
    source="herd7's sc.cat",
)
MODEL = replace(SC, axioms=(*SC.axioms, ATOMIC))
"""Sequential consistency of events of which a read-modify-write is two."""

End = frozenset[tuple[str, str, Datum]]
BLOCKED = Reason("another end is asked for")


def encoded_ends(test: LitmusTest) -> set[End]:
    """The values of the registers in which complete executions may end, 0 left out."""
    return set(_ends(encode(unroll(test), MODEL)))


def _ends(encoding: Encoding) -> Iterator[End]:
    formula, graph = encoding.formula, encoding.graph
    for stop in graph.stops:
        formula.implies([encoding.holds(stop.guard)], [encoding.holds(stop.passed)], BLOCKED)
    values = {
        (lane, name): dict(encoding.of(term)) for (lane, _, name), term in graph.locals.items()
    }
    solver = Solver(script(formula), Limits())
    known = len(formula.clauses)
    while True:
        answer = solver.ask(script(formula, known))
        if isinstance(answer, Unsat):
            return
        assert isinstance(answer, Sat)
        query = cast(Query, SimpleNamespace(encoding=encoding))
        reader = Reader(query, answer.assignment)
        chosen = {
            key: next((c, literal) for c, literal in found.items() if reader.holds(literal))
            for key, found in values.items()
        }
        yield frozenset(
            (*key, _datum(encoding, constant)) for key, (constant, _) in chosen.items() if constant
        )
        formula.add([-literal for _, literal in chosen.values()], BLOCKED)


def _datum(encoding: Encoding, constant: Constant) -> Datum:
    if isinstance(constant, Reference):
        return AddressOf(encoding.graph.objects[constant.object].name)
    assert isinstance(constant, int)
    return constant


def enumerated_ends(test: LitmusTest) -> set[End]:
    return {
        frozenset(
            (thread.name, name, value)
            for thread, registers in zip(test.threads, one.registers, strict=True)
            for name, value in registers.items()
            if value != 0
        )
        for one in candidates(test)
        if accepts(SC, execution(one)) is None
    }


@pytest.mark.parametrize("seed", long_but(range(30), range(300)))
def test_ends_of_random_tests(seed: int) -> None:
    test = parse(Text("test", random_test(seed)), kernel())
    assert isinstance(test, LitmusTest), test
    assert encoded_ends(test) == enumerated_ends(test)
