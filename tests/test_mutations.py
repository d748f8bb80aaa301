"""Every fault that is put into the prover on purpose is noticed."""

import pytest
from mutations import MUTANTS, OBJECTS, Mutant, caught


@pytest.mark.parametrize("mutant", [*MUTANTS, *OBJECTS], ids=lambda mutant: mutant.name)
def test_a_comparison_notices(mutant: Mutant) -> None:
    assert caught(mutant), f"nothing notices: {mutant.name}"


def test_names_are_unique() -> None:
    names = [mutant.name for mutant in (*MUTANTS, *OBJECTS)]
    assert len(set(names)) == len(names)
