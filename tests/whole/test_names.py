"""The names of the kernel mean what the kernel's documents say, no less and no more."""

import pytest

from smtmodel.language.checked import Checked
from smtmodel.language.primitives import PRIMITIVES
from smtmodel.models import MODELS
from tests.support.differential import checked, compare
from tests.support.lengths import long_but
from tests.support.name_mutations import CASES, DEFINITIONS, FACTS, judged, mutants, noticed
from tools.kernel_names import FACTS as FILE
from tools.kernel_names import PATH, PROMISES, differs, facts, page

NAMES = (*PRIMITIVES, *DEFINITIONS)
MUTANTS = mutants()


def test_every_name_is_in_the_facts_and_has_litmus_tests() -> None:
    assert sorted(NAMES) == sorted(fact.name for fact in facts())
    assert set(NAMES) == CASES.keys()
    assert {fact.order for fact in facts()} == PROMISES.keys()


def test_the_page_is_what_the_table_and_the_facts_say() -> None:
    assert PATH.read_text() == page(), f"run `make names` after a change of {FILE.name}"


@pytest.mark.parametrize("name", NAMES)
def test_marks_and_barriers_are_those_of_the_kernel(name: str) -> None:
    assert not differs(FACTS[name], PRIMITIVES.get(name) or DEFINITIONS[name])


QUICK = [*DEFINITIONS, *NAMES[::16], "smp_mb__after_atomic", "cmpxchg", "read_lock"]
"""The names whose litmus tests are always run; a change of the table asks for all."""


@pytest.mark.parametrize("name", long_but(QUICK, NAMES))
def test_litmus(name: str) -> None:
    for case in CASES[name]:
        assert not judged(case), (case.what, case.text)
        for model in MODELS:
            found = checked(case.text, weak=model.store_buffers)
            if isinstance(found, Checked):
                assert not compare(found, model, 100_000, shrinks=False).differences, case.text


@pytest.mark.parametrize("name", long_but(QUICK[:2], NAMES))
def test_a_little_more_or_less_is_noticed(name: str) -> None:
    own = [mutant for mutant in MUTANTS if mutant.name == name]
    assert own or name in ("zap", "filled", "settled")
    assert [mutant.change for mutant in own if not noticed(mutant)] == []
