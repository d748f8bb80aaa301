"""A seqcount whose writer is interrupted by a reader, with interrupts off in time, or not."""

from pathlib import Path

import pytest

from smtmodel.commands.expectations import expected
from smtmodel.executions.explore import explore, verdicts
from smtmodel.language.meanings import Meaning, meanings
from smtmodel.models import SC
from smtmodel.source import Text
from smtmodel.verdict import Verdict
from tests.support.differential import compare
from tests.support.lengths import long_but

FILE = Path(__file__).parents[1] / "families" / "interrupted.dsl"
EVERY = {
    one.variant: one.checked
    for one in meanings(Text(FILE.name, FILE.read_text()))
    if isinstance(one, Meaning)
}


@pytest.mark.parametrize("variant", EVERY)
def test_the_explorer_finds_what_is_expected(variant: str) -> None:
    protocol = EVERY[variant]
    explored = explore(protocol, protocol.bounds, store_buffers=False)
    told = verdicts(explored, protocol)
    assert told == {name: expected(protocol, name, "sc") for name in told}


def test_only_interrupts_that_are_off_all_the_time_are_no_deadlock() -> None:
    stuck = {name: expected(one, "deadlock", "sc") for name, one in EVERY.items()}
    assert stuck == {
        "masked": Verdict.PROVED,
        "plain": Verdict.REFUTED,
        "late": Verdict.REFUTED,
        "early": Verdict.REFUTED,
        "uncounted": Verdict.PROVED,
    }


@pytest.mark.parametrize("variant", long_but((), EVERY))
def test_the_prover_finds_the_same(variant: str) -> None:
    found = compare(EVERY[variant], SC, 100_000)
    assert found.finished
    assert not found.differences
