"""Every fault that is put into the prover on purpose is noticed."""

import pytest
from mutations import MUTANTS, Mutant, caught


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_a_comparison_notices(mutant: Mutant) -> None:
    assert caught(mutant), f"nothing notices: {mutant.name}"


def test_names_are_unique() -> None:
    assert len({mutant.name for mutant in MUTANTS}) == len(MUTANTS)
