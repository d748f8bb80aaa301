"""Values with the writes that they came through: fewer than without, and none is lost."""

from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smtmodel.encoding import chains
from smtmodel.encoding.chains import Chains
from smtmodel.encoding.domains import Domains, TooManyValues
from smtmodel.events.unroll import unroll
from smtmodel.language.checked import Checked
from smtmodel.models import SC, TSO, Model
from smtmodel.verdict import Verdict
from tests.support.differential import checked, compare
from tests.support.front import accepted
from tests.support.lengths import long_but
from tests.support.random_protocols import text

BIASED = """
    protocol biased
    shared ref = 1
    thread writer {{
        atomic_add(100, &ref)
        assume atomic_read(&ref) == 101
        atomic_sub(100, &ref)
    }}
    thread reader {{
        old = atomic_read(&ref)
        if (old >= 100) return
        if (!try_cmpxchg(ref, old, old + 1)) return
        atomic_dec(&ref)
    }}
    never restored: ref != 1 finally
    bounds writer {0}, reader {0}
"""


def sizes(domains: Domains) -> int:
    """The most values that a read may return."""
    return max(map(len, domains.returned.values()))


def test_a_counter_with_a_bias_has_the_sums_of_its_steps_and_no_others() -> None:
    protocol = accepted(BIASED.format(1))
    graph = unroll(protocol, protocol.bounds)
    values = {v for one in Chains(graph, SC).analyse().returned.values() for v in one}
    sums = {1 + a + b for a in (0, 100) for b in (0, -100)} | {1}
    assert values == {one + d for one in sums for d in (-1, 0, 1)}


def test_two_lanes_of_each_kind_are_decided_that_had_too_many_values() -> None:
    protocol = accepted(BIASED.format(2))
    graph = unroll(protocol, protocol.bounds)
    with pytest.raises(TooManyValues) as told:
        Domains(graph, SC).analyse()
    assert "`assume atomic_read(&ref) == 101` reads in line" in str(told.value)
    assert sizes(Chains(graph, SC).analyse()) == 25
    found = compare(protocol, SC, 20_000, shrinks=False)
    assert found.verdicts == (Verdict.PROVED,)
    assert found.differences == ()


@pytest.mark.parametrize("model", [SC, TSO], ids=["sc", "tso"])
@pytest.mark.parametrize("most", long_but((16,), (1, 16)))
@pytest.mark.parametrize("chunk", long_but((0,), range(10)))
def test_every_verdict_is_as_the_explorer_has_it(
    monkeypatch: pytest.MonkeyPatch, chunk: int, most: int, model: Model
) -> None:
    monkeypatch.setattr(chains, "FEW", 1)
    monkeypatch.setattr(chains, "MOST_WAYS", most)
    finished = 0
    for seed in range(10_000 + 8 * chunk, 10_008 + 8 * chunk):
        protocol = checked(text(seed, weak=model is TSO), weak=model is TSO)
        assert isinstance(protocol, Checked)
        found = compare(protocol, model, 3_000, shrinks=False)
        assert found.differences == (), seed
        finished += found.finished
    assert finished


@given(st.sets(st.frozensets(st.integers(0, 5)), min_size=1), st.integers(1, 4))
def test_every_way_is_covered_by_one_that_goes_through_no_more(
    ways: set[frozenset[int]], most: int
) -> None:
    with patch.object(chains, "MOST_WAYS", most):
        kept = chains.smallest(ways)
    assert all(any(one <= way for one in kept) for way in ways)
    assert len(kept) <= most
