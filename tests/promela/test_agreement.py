"""What an exported model says is what the explorer says of the protocol.

The models are read by an interpreter of Promela of the tests' own.
"""

import pytest

from smtmodel.executions.explore import Exploration, explore
from smtmodel.language.checked import DEADLOCK, Bounds, Checked
from smtmodel.promela.export import promela_of
from smtmodel.source.record import replace
from smtmodel.systems.system import NotCovered
from tests.support import promela, random_protocols
from tests.support.examples import FOLDERS, FOUNDING, checked, protocols_in, shipped
from tests.support.lengths import long, long_but

FEW, MANY = 1_000, 10_000
"""Up to how many states of the explorer a protocol is compared."""

BEYOND = ("ipv6", "kvm", "userfaultfd")
"""Folders of which no protocol has so few."""

LOCKED = ("vfs",)
"""Folders whose protocols have locks in arrays, which no model has."""

STATES = ("paolo", "original", "seqcount/g1:seqcount", "slub/m9:freelist_pop")
"""Protocols whose models have the explorer's own states, for each one."""


def asserted(text: str, protocol: Checked) -> set[str]:
    """The properties for which an assertion of a model fails."""
    found = promela.explore(text, len(protocol.properties))
    assert found.finished
    return {protocol.properties[number - 1].name for number in found.failed}


def shown(found: Exploration) -> set[str]:
    """The properties that the explorer sees violated or reached, of those that models ask about."""
    return set(found.violated | found.reached) - {DEADLOCK}


def compared(protocol: Checked, limit: int) -> bool:
    """Whether a protocol could be compared: it can be exported, its numbers stay within those of a
    model, and it has few states."""
    text = promela_of(protocol)
    found = explore(protocol, protocol.bounds, store_buffers=False, limit=limit)
    if isinstance(text, NotCovered) or not found.finished:
        return False
    try:
        said = asserted(text, protocol)
    except promela.Outgrown:
        return False
    assert said == shown(found)
    return True


def small(name: str) -> Checked:
    """A shipped protocol with two updates and one lane of each other kind."""
    protocol = shipped(name)
    lanes = tuple((kind, 1) for kind, _ in protocol.bounds.lanes)
    return replace(protocol, bounds=Bounds(2, lanes))


@pytest.mark.parametrize("name", FOUNDING)
def test_founding_protocols_with_one_fault(name: str) -> None:
    assert compared(small(name), FEW)


@long
@pytest.mark.parametrize("name", FOUNDING)
def test_founding_protocols(name: str) -> None:
    assert compared(shipped(name), MANY)


@pytest.mark.parametrize("folder", long_but(("seqcount", "slub"), FOLDERS))
def test_the_other_shipped_protocols(folder: str) -> None:
    names = protocols_in(folder)
    done = [name for name in names if compared(shipped(name), MANY)]
    refused = [name for name in names if isinstance(promela_of(shipped(name)), NotCovered)]
    assert refused == ([*names] if folder in LOCKED else [])
    assert done or folder in (*BEYOND, *LOCKED)


@pytest.mark.parametrize("seeds", [range(16), pytest.param(range(16, 216), marks=long)], ids=str)
def test_random_protocols(seeds: range) -> None:
    texts = [random_protocols.text(seed, weak=False) for seed in seeds]
    assert sum(compared(checked(text), FEW) for text in texts) > len(seeds) / 2


@pytest.mark.parametrize("name", STATES)
def test_models_have_the_states_of_the_explorer(name: str) -> None:
    """One step of a model is one move of the machine: nothing is split or joined."""
    protocol = small(name) if name in FOUNDING else shipped(name)
    text = promela_of(protocol)
    assert isinstance(text, str)
    found = explore(protocol, protocol.bounds, store_buffers=False)
    assert promela.explore(text, len(protocol.properties)).states == found.states
