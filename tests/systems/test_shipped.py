"""What closed sets say of the shipped protocols is what is expected of them at their bounds, but
where more updates refute it."""

import pytest

from smtmodel.language.checked import Checked
from smtmodel.source.record import replace
from smtmodel.systems.close import Closed, close
from smtmodel.systems.system import System
from smtmodel.systems.translate import system_of
from tests.support.examples import shipped

LIMIT = 3_000

CLOSED = (
    "paolo",
    "paolo-no-low-bit-test",
    "original",
    "xiao",
    "single-dereference",
    "seqcount/g1:seqcount",
    "seqcount/g1:no_odd_test",
    "seqcount/g1:no_second_check",
    "seqcount/g1:raised_once",
    "ipv6/n2:cookie_after_look_up",
    "ipv6/n2:raised_first",
    "ipv6/n2:raised_last",
    "kvm/k1:single_never_freed",
)
"""Those that close soon."""


def _refuted(protocol: Checked) -> set[str]:
    return {
        one.name
        for one in protocol.expectations
        if one.verdict == "refuted" and one.model in (None, "sc")
    }


def test_a_tag_that_comes_round_again_is_found_with_one_vcpu() -> None:
    """It takes more updates than two; here there is no number to choose."""
    protocol = shipped("kvm/k8:two_steps")
    alone = replace(protocol, bounds=replace(protocol.bounds, lanes=(("vcpu", 1),)))
    system = system_of(alone)
    assert isinstance(system, System)
    closed = close(system)
    assert isinstance(closed, Closed)
    assert closed.violated == _refuted(protocol)


@pytest.mark.parametrize("name", CLOSED)
def test_closed_sets_violate_what_is_refuted_and_nothing_else(name: str) -> None:
    protocol = shipped(name)
    system = system_of(protocol)
    assert isinstance(system, System)
    closed = close(system, limit=LIMIT)
    assert isinstance(closed, Closed)
    undecided = {name for name, _ in system.undecided}
    assert closed.violated == _refuted(protocol) - undecided
