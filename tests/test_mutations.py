"""Every fault that is put into the prover on purpose is noticed."""

import pytest
from mutations import MUTANTS, OBJECTS, WAITING, Mutant, caught


@pytest.mark.parametrize("mutant", [*MUTANTS, *OBJECTS, *WAITING], ids=lambda mutant: mutant.name)
def test_a_comparison_notices(mutant: Mutant) -> None:
    assert caught(mutant), f"nothing notices: {mutant.name}"


def test_names_are_unique() -> None:
    names = [mutant.name for mutant in (*MUTANTS, *OBJECTS, *WAITING)]
    assert len(set(names)) == len(names)
