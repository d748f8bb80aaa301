"""Every fault that is put into the prover on purpose is noticed."""

import pytest

from tests.support.lengths import long_but
from tests.support.mutations import MASKING, MUTANTS, OBJECTS, WAITING, Mutant, caught

EVERY = (*MUTANTS, *OBJECTS, *MASKING, *WAITING)
QUICK = [*(one for one in EVERY if one.near), *MUTANTS[:36:12]]
"""Those that the protocol looked at first shows, and the first of those that random ones show."""


@pytest.mark.parametrize("mutant", long_but(QUICK, EVERY), ids=lambda mutant: mutant.name)
def test_a_comparison_notices(mutant: Mutant) -> None:
    assert caught(mutant), f"nothing notices: {mutant.name}"


def test_names_are_unique() -> None:
    names = [mutant.name for mutant in EVERY]
    assert len(set(names)) == len(names)
