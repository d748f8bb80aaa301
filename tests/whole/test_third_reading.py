"""The third reading of the language against the explorer and the prover.

`python -m tests.support.third_differential FIRST LAST` compares more seeds. The faults are in
what the explorer and the prover share, so that nothing but the third reading can notice them.
"""

import ast
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from types import ModuleType
from unittest.mock import patch

import pytest

from smtmodel.language import ast as language
from smtmodel.language import expressions, grammar, inline, masking, records
from smtmodel.language.calls import StepsEnd
from smtmodel.language.checked import Expression, Operation
from smtmodel.models import SC, TSO, Model
from smtmodel.source.record import replace, rewritten
from tests.support import third_machine, third_reading
from tests.support.lengths import long_but
from tests.support.third_differential import compare, compare_text
from tests.support.third_programs import WITHHELD

STATES = 3_000
CHUNKS = 10
EACH = 10


@pytest.mark.parametrize("module", [third_reading, third_machine], ids=["reading", "machine"])
def test_it_imports_nothing_but_the_standard_library(module: ModuleType) -> None:
    own = {"tests.support.third_reading", "collections.abc"}
    for node in ast.walk(ast.parse(Path(str(module.__file__)).read_text())):
        if isinstance(node, ast.Import):
            assert {one.name for one in node.names} <= sys.stdlib_module_names
        if isinstance(node, ast.ImportFrom):
            assert node.module in sys.stdlib_module_names | own


@pytest.mark.parametrize("used", [SC, TSO], ids=["sc", "tso"])
@pytest.mark.parametrize("chunk", long_but(range(3), range(CHUNKS)))
def test_the_explorer_has_the_same_final_states(chunk: int, used: Model) -> None:
    alike = 0
    for seed in range(chunk * EACH, (chunk + 1) * EACH):
        found = compare(seed, used, STATES)
        assert not found.differences, (seed, *found.differences)
        alike += found.how == "alike"
    assert alike > EACH // 2


@pytest.mark.parametrize("used", [SC, TSO], ids=["sc", "tso"])
@pytest.mark.parametrize("chunk", long_but((0,), range(10)))
def test_the_solver_and_both_engines_have_the_same_final_states(chunk: int, used: Model) -> None:
    for seed in range(10_000 + 5 * chunk, 10_005 + 5 * chunk):
        found = compare(seed, used, STATES, prover=True)
        assert not found.differences, (seed, *found.differences)


FORMS: dict[str, tuple[Model, str, str, str]] = {
    "comparison": (SC, "", "r = x >= y", "x = 1 y = 1"),
    "compound reads": (SC, "shared w = 3", "x += w", "w = 1 x = 5"),
    "argument order": (SC, "shared a[2] = 0", "WRITE_ONCE(a[x], y + 1)", "x = 1 y = 1"),
    "wide expected": (SC, "shared b: bits 2 = 3", "r = cmpxchg(&b, t + 5, 1)", "x = 1"),
    "failed cmpxchg": (TSO, "", "x = 1 t = cmpxchg(&z, 1, 2) r = y", "y = 1 smp_mb() r = x"),
    "replaced pointer": (
        SC,
        """struct node { data, more }
        object o1: node = { data: 1, more: 0 }
        object o2: node = { data: 2, more: 0 }
        rcu p: node = o1
        rcu q: node = o2""",
        "old = rcu_replace_pointer(p, q) if (old != null) r = old->data",
        "kept = q p = kept q = null",
    ),
    "far values": (SC, "", "x = (t + 1073741823) * 1073741823 * 8", "x = r + t"),
}
"""For each form that is or was withheld: a model, declarations and two lanes that tell whether
the readings agree on it."""


@pytest.mark.parametrize("form", FORMS)
def test_a_form_is_withheld_as_long_as_the_readings_differ_on_it(form: str) -> None:
    used, declared, left, right = FORMS[form]
    lines = ['protocol form "a form"', "shared x = 0", "shared y = 0", "shared z = 0", declared]
    for kind, steps in (("left", left), ("right", right)):
        lines.append(f"thread {kind} {{ r = 0 t = 2 {steps} }}")
    found = compare_text("\n".join([*lines, "bounds left 1, right 1"]), used, STATES)
    assert found.how == ("different" if form in WITHHELD else "alike"), found


def test_every_withheld_form_is_known() -> None:
    assert set(FORMS) >= WITHHELD


# ---------------------------------------------------------------- faults in what is shared

Fault = Callable[[], AbstractContextManager[object]]


def _prelude(old: str, new: str) -> Fault:
    text = grammar.prelude_text()
    assert text.count(old) == 1
    return lambda: patch.object(grammar, "prelude_text", lambda: text.replace(old, new))


def _all_the_same(steps: tuple[language.Step, ...], ending: StepsEnd) -> tuple[language.Step, ...]:
    """Every step that ends a call in its place, and what follows it behind it."""

    def instead(part: object) -> object:
        if not isinstance(part, language.Yield):
            return None
        (made,) = ending.left(part)
        return made

    return rewritten(steps, instead)


def _swapped() -> AbstractContextManager[object]:
    binary = expressions._binary

    def swapped(*given: object) -> Expression:
        made = binary(*given)  # type: ignore[arg-type]
        if isinstance(made, Operation) and made.operator == "-":
            return replace(made, operands=made.operands[::-1])
        return made

    return patch.object(expressions, "_binary", swapped)


def _restores_nothing() -> AbstractContextManager[object]:
    """What is restored is that interrupts are on."""
    return patch.object(masking, "_restored", lambda scope, call: None)


def _inlined(name: str, instead: object) -> Fault:
    return lambda: patch.object(inline._Inliner, name, instead)


def _others_too(inliner: object, expression: object, at: object) -> object:
    return inliner._operands(expression, at)  # type: ignore[attr-defined]


FAULTS: dict[str, Fault] = {
    "interrupts are on after a section": _restores_nothing,
    "a reader reads again where nothing moved": _prelude("(s) != seq", "(s) == seq"),
    "differences are the other way round": _swapped,
    "nothing is cut to a width": lambda: patch.object(
        records, "_wrapped", lambda scope, found, held, span: found
    ),
}


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_a_fault_of_the_shared_front_end_is_noticed(fault: Fault) -> None:
    with fault():
        assert any(compare(seed, SC, STATES).differences for seed in range(100))


# ---------------------------------------------------------------- faults in calls

SET = "define set(v) { x = v yield v }"
CALLS: dict[str, tuple[Fault, str, str, str]] = {
    "what stands left of a call is read behind it": (
        _inlined("_until_later", lambda inliner, value, at: ((), value)),
        SET,
        "r = x + set(5)",
        "t = x",
    ),
    "an argument is evaluated wherever its parameter stands": (
        _inlined("_evaluated", lambda inliner, value, own, at: ((), value)),
        "define twice(v) { y = v yield v + v }",
        "r = twice(x)",
        "x = 1",
    ),
    "a call right of && happens whatever stands left": (
        _inlined("_stopped_early", _others_too),
        SET,
        "if (y && set(5)) r = 1",
        "t = x",
    ),
    "what follows a branch that ends is done all the same": (
        lambda: patch.object(inline, "ended", _all_the_same),
        "define first(v) { if (v) yield 1 x = 2 yield 3 }",
        "r = first(1)",
        "t = x",
    ),
    "a loop that is left tests once more": (
        lambda: patch.object(inline, "breaks", lambda steps: False),
        "",
        "while 2 (x < 2) { x++ r = 1 }",
        "while 1 (y == 0) { y = 1 break }",
    ),
}
"""For each fault definitions and two lanes whose final states differ with it."""


@pytest.mark.parametrize("what", CALLS)
def test_a_fault_of_calls_is_noticed(what: str) -> None:
    fault, declared, left, right = CALLS[what]
    lines = ['protocol form "a form"', "shared x = 0", "shared y = 0", declared]
    for kind, steps in (("left", left), ("right", right)):
        lines.append(f"thread {kind} {{ r = 0 t = 2 {steps} }}")
    text = "\n".join([*lines, "bounds left 1, right 1"])
    assert compare_text(text, SC, STATES).how == "alike"
    with fault():
        assert compare_text(text, SC, STATES).how != "alike"
