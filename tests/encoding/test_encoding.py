"""The neutral form: exact definitions, reasons everywhere, and a text that any solver reads."""

import re
from itertools import product

import pytest
import z3

from smtmodel.encoding import queries, smtlib
from smtmodel.encoding.encode import encode
from smtmodel.encoding.formula import DEFINITION, FALSE, TRUE, Formula, Reason
from smtmodel.events.unroll import unroll
from smtmodel.language.checked import Never
from smtmodel.models import model
from tests.support.examples import at, shipped

WHY = Reason("for a test")


def test_definitions_are_exact() -> None:
    formula = Formula()
    a, b, c = (formula.new(name) for name in "abc")
    both = formula.all_of((a, -b, c))
    some = formula.any_of((both, b))
    for values in product((False, True), repeat=3):
        for claimed in (False, True):
            solver = z3.Solver()
            lines = "\n".join(smtlib.script(formula).lines)
            names = smtlib.script(formula).names
            head = "\n".join(smtlib.declaration(n, s) for n, s in names.items())
            solver.from_string(head + lines)
            for name, value in zip("abc", values, strict=True):
                solver.add(z3.Bool(name) == value)
            solver.add(z3.Bool(formula.names[abs(some)]) == (claimed == (some > 0)))
            expected = (values[0] and not values[1] and values[2]) or values[1]
            assert (solver.check() == z3.sat) == (claimed == expected)


def test_trivial_combinations_need_no_variable() -> None:
    formula = Formula()
    a = formula.new("a")
    assert formula.all_of(()) == TRUE
    assert formula.any_of(()) == FALSE
    assert formula.all_of((a, TRUE)) == a
    assert formula.all_of((a, -a)) == FALSE
    assert formula.any_of((a, -a)) == TRUE
    assert formula.all_of((a, FALSE)) == FALSE


def test_a_fork_leaves_the_base_alone() -> None:
    formula = Formula()
    a, b = formula.new("a"), formula.new("b")
    fork = formula.fork()
    fork.add((a,), WHY)
    fork.all_of((a, b))
    assert len(formula.clauses) == 1
    assert len(fork.clauses) > 2


@pytest.mark.parametrize("name", ["sc", "tso"])
def test_every_clause_has_a_reason_and_every_name_is_plain(name: str) -> None:
    protocol = shipped("paolo")
    formula = encode(unroll(protocol, at(protocol, 2, 2)), model(name)).formula
    assert len(formula.reasons) == len(formula.clauses)
    sentences = {reason.sentence for reason in formula.reasons if reason is not DEFINITION}
    assert "a grace period ends after every read section that began before it has been left" in (
        sentences
    )
    assert {axiom.reason for axiom in model(name).axioms} <= sentences
    for declared in smtlib.script(formula).names:
        assert re.fullmatch(r"[A-Za-z][A-Za-z0-9_]*", declared)


def test_a_question_leaves_alone_what_others_observe() -> None:
    protocol = shipped("paolo")
    base = encode(unroll(protocol, at(protocol, 1, 1)), model("sc"))
    before = dict(base.domains.candidates)
    asked = [query for item in protocol.properties for query in queries.violation(base, item)]
    assert any(query.encoding.domains.candidates != before for query in asked)
    assert base.domains.candidates == before


@pytest.mark.parametrize(("protocol_name", "expected"), [("paolo", "unsat"), ("original", "sat")])
def test_the_export_is_a_complete_script(protocol_name: str, expected: str) -> None:
    protocol = shipped(protocol_name)
    base = encode(unroll(protocol, at(protocol, 1, 1)), model("sc"))
    item = next(p for p in protocol.properties if isinstance(p, Never))
    (query,) = queries.violation(base, item)
    text = smtlib.export(query.encoding.formula, "a title")
    assert text.startswith("; a title\n(set-logic QF_IDL)\n")
    solver = z3.Solver()
    solver.from_string(text)
    assert str(solver.check()) == expected
