"""The founding thread's protocols have the verdicts that were worked out by hand."""

import pytest

from smtmodel.executions.explore import verdicts
from smtmodel.language.checked import Expectation
from smtmodel.verdict import Verdict
from tests.support.examples import FOUNDING, at, explored, results, shipped
from tests.support.lengths import long_but

P, R = Verdict.PROVED, Verdict.REFUTED
BY_HAND = {
    "original": (R, R),
    "xiao": (P, R),
    "paolo": (P, P),
    "paolo-no-low-bit-test": (P, R),
    "paolo-no-grace-period": (R, R),
    "single-dereference": (P, P),
}
BOUNDS = ((1, 1), (2, 1), (2, 2), (3, 2), (4, 4))
PAIR = ("stale_after_return", "stale_at_any_time")


@pytest.mark.parametrize(("updates", "faults"), long_but(((1, 1), (2, 2)), BOUNDS))
@pytest.mark.parametrize("name", FOUNDING)
def test_sc_agrees_with_the_hand_made_table(name: str, updates: int, faults: int) -> None:
    protocol = shipped(name)
    _, found = results(protocol, at(protocol, updates, faults))
    assert tuple(found[prop].verdict for prop in PAIR) == BY_HAND[name]
    assert found["hits_new"].verdict is P


@pytest.mark.parametrize("model", ["sc", "tso"])
@pytest.mark.parametrize("name", long_but(("original", "paolo"), FOUNDING))
def test_prover_and_explorer_agree(name: str, model: str) -> None:
    protocol = shipped(name)
    for bounds in (at(protocol, 1, 1), at(protocol, 2, 1)):
        coverage, found = results(protocol, bounds, model)
        exploration = explored(protocol, bounds, model)
        assert {n: r.verdict for n, r in found.items()} == verdicts(exploration, protocol)
        assert coverage is not None
        assert coverage.complete == exploration.complete
        assert {w.number for w in coverage.unreached}.isdisjoint(exploration.begun)


@pytest.mark.parametrize("name", FOUNDING)
def test_every_expectation_is_met(name: str) -> None:
    protocol = shipped(name)
    for model in ("sc", "tso"):
        _, found = results(protocol, name=model)
        for expectation in protocol.expectations:
            if _applies(expectation, model):
                assert found[expectation.name].verdict.value.lower() == expectation.verdict


def _applies(expectation: Expectation, model: str) -> bool:
    return expectation.model in (None, model)


def test_a_refutation_takes_the_smallest_bounds() -> None:
    protocol = shipped("original")
    _, found = results(protocol, at(protocol, 3, 3))
    run = found["stale_after_return"].run
    assert run is not None
    assert run.bounds == at(protocol, 1, 1)
