"""The third reading of the language against the explorer and the prover.

`python -m tests.third_differential FIRST LAST` compares more seeds. The faults are in what the
explorer and the prover share, so that nothing but the third reading can notice them.
"""

import ast
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from functools import cache
from pathlib import Path
from unittest.mock import patch

import differential
import pytest
import third_reading
from third_differential import compare

from smtmodel.language import expressions, grammar, records
from smtmodel.language import parse as parsing
from smtmodel.language.checked import Expression, Operation
from smtmodel.language.primitives import PRIMITIVES
from smtmodel.models import SC, TSO, Model
from smtmodel.source.record import replace

STATES = 3_000
CHUNKS = 10
EACH = 10


def test_it_imports_nothing_but_the_standard_library() -> None:
    tree = ast.parse(Path(third_reading.__file__).read_text())
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            assert {one.name for one in node.names} <= sys.stdlib_module_names
        if isinstance(node, ast.ImportFrom):
            assert node.module in sys.stdlib_module_names | {"collections.abc"}


@pytest.mark.parametrize("used", [SC, TSO], ids=["sc", "tso"])
@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_the_explorer_has_the_same_final_states(chunk: int, used: Model) -> None:
    alike = 0
    for seed in range(chunk * EACH, (chunk + 1) * EACH):
        found = compare(seed, used, STATES)
        assert not found.differences, (seed, *found.differences)
        alike += found.how == "alike"
    assert alike > EACH // 2


@pytest.mark.parametrize("used", [SC, TSO], ids=["sc", "tso"])
def test_the_prover_has_the_same_final_states(used: Model) -> None:
    for seed in range(10_000, 10_006):
        found = compare(seed, used, STATES, prover=True)
        assert not found.differences, (seed, *found.differences)


# ---------------------------------------------------------------- faults in what is shared

Fault = Callable[[], AbstractContextManager[object]]


def _prelude(old: str, new: str) -> Fault:
    text = grammar.prelude_text()
    assert text.count(old) == 1
    return lambda: patch.object(grammar, "prelude_text", lambda: text.replace(old, new))


def _grammar(*changes: tuple[str, str]) -> Fault:
    text = grammar.grammar_text()
    for old, new in changes:
        assert text.count(old) == 1
        text = text.replace(old, new)

    def fault() -> AbstractContextManager[object]:
        stack = ExitStack()
        stack.enter_context(patch.object(parsing, "grammar_text", lambda: text))
        stack.enter_context(patch.object(parsing, "cache_file", lambda *key: None))
        stack.enter_context(patch.object(differential, "_tables", cache(parsing._tables)))
        return stack

    return fault


def _means(name: str, other: str) -> Fault:
    return lambda: patch.dict(PRIMITIVES, {name: PRIMITIVES[other]})


def _swapped() -> AbstractContextManager[object]:
    binary = expressions._binary

    def swapped(*given: object) -> Expression:
        made = binary(*given)  # type: ignore[arg-type]
        if isinstance(made, Operation) and made.operator == "-":
            return replace(made, operands=made.operands[::-1])
        return made

    return patch.object(expressions, "_binary", swapped)


FAULTS: dict[str, Fault] = {
    "a reader reads again where nothing moved": _prelude("(s) != seq", "(s) == seq"),
    "an odd number is kept": _prelude("yield seq - seq % 2", "yield seq"),
    "invalidating counts once": _prelude("s += 2", "s += 1"),
    "sums bind to the right": _grammar(("sum: _sum SUM _product", "sum: _product SUM _sum")),
    "sums bind tighter than products": _grammar(
        ("_sum SUM _product", "_sum PRODUCT _product"),
        ("_product PRODUCT _unary", "_product SUM _unary"),
    ),
    "or binds tighter than and": _grammar(
        ('_or "||" _and', '_or "&&" _and'), ('_and "&&" _merge', '_and "||" _merge')
    ),
    "differences are the other way round": _swapped,
    "nothing is cut to a width": lambda: patch.object(
        records, "_wrapped", lambda scope, found, held, span: found
    ),
    "fetching yields what is new": _means("atomic_fetch_inc", "atomic_inc_return"),
    "subtracting adds": _means("atomic_sub_return", "atomic_add_return"),
    "any decrement is the last": _means("atomic_dec_and_test", "atomic_dec_return"),
    "zero counts too": _means("refcount_inc_not_zero", "atomic_inc_return"),
}


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_a_fault_of_the_shared_front_end_is_noticed(fault: Fault) -> None:
    with fault():
        assert any(compare(seed, SC, STATES).differences for seed in range(400))
