"""Any text is read as a model that can be judged, or refused; none is too much."""

import random
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from smtmodel.executions.evaluate import Evaluation
from smtmodel.models.cat.parse import parse
from smtmodel.models.cat.reader import read_model
from smtmodel.models.terms import Model
from smtmodel.source import Diagnostic, Text
from smtmodel.source.tree import Node
from tests.support.model_lanes import execution

ATOMS = ("po", "rf", "co", "R", "W", "_", "0", "id", "a", "b", "{}")
FORMS = (
    *("({} | {})", "({} & {})", "({} ; {})", "({} \\ {})", "({} * {})", "[{}]", "~{}", "({})^-1"),
    *("({})+", "({})*", "({})?", "f({})", "domain({})", "fencerel({})", "(let a = {} in {})"),
    *("(let rec b = {} in {})", "(try {} with {})"),
)
STATEMENTS = (
    *("let a = {}", "let b = {}", "let f(a) = {}", "let rec a = {} and b = {}"),
    *("let rec a = a | {}", "acyclic {}", "empty {}", "flag ~empty {} as z"),
)


def _filled(chance: random.Random, form: str, depth: int) -> str:
    parts = []
    for _ in range(form.count("{}")):
        if not depth or chance.random() < 0.3:
            parts.append(chance.choice(ATOMS))
        else:
            parts.append(_filled(chance, chance.choice(FORMS), depth - 1))
    return form.format(*parts)


def test_any_text_is_a_model_that_can_be_judged_or_refused(tmp_path: Path) -> None:
    chance = random.Random("any text")
    lanes = execution("W.once x 1; F.wmb; W.once y 1 || R.once y 1; R.once x 0")
    file = tmp_path / "model.cat"
    judged = 0
    for _ in range(400):
        statements = [chance.choice(STATEMENTS) for _ in range(chance.choice((1, 2, 3)))]
        file.write_text("\n".join(_filled(chance, one, 3) for one in statements))
        found = read_model(str(file))
        if isinstance(found, Model):
            evaluation = Evaluation(found, lanes)
            assert evaluation.broken() is None or found.axioms
            assert len(evaluation.flags()) <= len(found.flags)
            judged += 1
    assert 40 < judged < 360


@given(st.text(alphabet="let rc=&|;\\~[]()*+?^-1{}0_W'\"\n#", max_size=60))
def test_any_text_has_a_derivation_or_a_diagnostic(content: str) -> None:
    assert isinstance(parse(Text("any", content)), Node | Diagnostic)
