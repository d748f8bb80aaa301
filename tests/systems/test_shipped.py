"""What closed sets say of the shipped protocols is what is expected of them at their bounds, but
where more updates refute it."""

import pytest

from smtmodel.language.checked import Checked
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
    "seqcount/g1-seqcount",
    "seqcount/g1-no-odd-test",
    "seqcount/g1-no-second-check",
    "seqcount/g1-raised-once",
    "ipv6/n2-cookie-after-look-up",
    "ipv6/n2-raised-first",
    "ipv6/n2-raised-last",
    "kvm/k1a-never-freed",
)
"""Those that close soon."""


def _refuted(protocol: Checked) -> set[str]:
    return {
        one.name
        for one in protocol.expectations
        if one.verdict == "refuted" and one.model in (None, "sc")
    }


@pytest.mark.parametrize("name", CLOSED)
def test_closed_sets_violate_what_is_refuted_and_nothing_else(name: str) -> None:
    protocol = shipped(name)
    system = system_of(protocol)
    assert isinstance(system, System)
    closed = close(system, limit=LIMIT)
    assert isinstance(closed, Closed)
    undecided = {name for name, _ in system.undecided}
    assert closed.violated == _refuted(protocol) - undecided
