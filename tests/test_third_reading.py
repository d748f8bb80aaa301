"""The third reading of the language against the explorer and the prover.

`python -m tests.third_differential FIRST LAST` compares more seeds. The faults are in what the
explorer and the prover share, so that nothing but the third reading can notice them.
"""

import ast
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from types import ModuleType
from unittest.mock import patch

import pytest
import third_machine
import third_reading
from third_differential import compare

from smtmodel.language import expressions, grammar, records
from smtmodel.language.checked import Expression, Operation
from smtmodel.models import SC, TSO, Model
from smtmodel.source.record import replace

STATES = 3_000
CHUNKS = 10
EACH = 10


@pytest.mark.parametrize("module", [third_reading, third_machine], ids=["reading", "machine"])
def test_it_imports_nothing_but_the_standard_library(module: ModuleType) -> None:
    own = {"third_reading", "collections.abc"}
    for node in ast.walk(ast.parse(Path(str(module.__file__)).read_text())):
        if isinstance(node, ast.Import):
            assert {one.name for one in node.names} <= sys.stdlib_module_names
        if isinstance(node, ast.ImportFrom):
            assert node.module in sys.stdlib_module_names | own


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
    for seed in range(10_000, 10_005):
        found = compare(seed, used, STATES, prover=True)
        assert not found.differences, (seed, *found.differences)


# ---------------------------------------------------------------- faults in what is shared

Fault = Callable[[], AbstractContextManager[object]]


def _prelude(old: str, new: str) -> Fault:
    text = grammar.prelude_text()
    assert text.count(old) == 1
    return lambda: patch.object(grammar, "prelude_text", lambda: text.replace(old, new))


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
    "differences are the other way round": _swapped,
    "nothing is cut to a width": lambda: patch.object(
        records, "_wrapped", lambda scope, found, held, span: found
    ),
}


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_a_fault_of_the_shared_front_end_is_noticed(fault: Fault) -> None:
    with fault():
        assert any(compare(seed, SC, STATES).differences for seed in range(100))
