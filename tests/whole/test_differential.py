"""The prover against the explorer on random protocols.

`SMTMODEL_RANDOM=N` compares N protocols in all instead of 2,000, a fortieth of them in short
tests. A failure names the seeds
and prints the text; `python -m tests.support.differential SEED MODEL` looks at one again.
"""

import os

import pytest

from smtmodel.language.checked import Checked
from smtmodel.models import SC, TSO
from tests.support.differential import checked, compare
from tests.support.lengths import long_but
from tests.support.random_protocols import text

CHUNKS = 40
PROTOCOLS = int(os.environ.get("SMTMODEL_RANDOM", "2000"))
STATES = 3_000


@pytest.mark.parametrize("chunk", long_but((0,), range(CHUNKS)))
def test_prover_and_explorer_agree_on_random_protocols(chunk: int) -> None:
    each = PROTOCOLS // (2 * CHUNKS)
    compared = 0
    for seed in range(chunk * each, (chunk + 1) * each):
        for model in (SC, TSO):
            written = text(seed, weak=model is TSO)
            protocol = checked(written, weak=model is TSO)
            assert isinstance(protocol, Checked), (seed, protocol, written)
            found = compare(protocol, model, STATES, shrinks=seed % 4 == 0)
            told = "\n".join((f"seed {seed} under {model.name}", *found.differences, written))
            assert not found.differences, told
            compared += found.finished
    assert compared > each, f"seeds {chunk * each} to {(chunk + 1) * each}: only {compared}"
