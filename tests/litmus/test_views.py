"""What properties see of memory is on the clock what it is pair by pair.

Compared on random protocols; faults put on purpose into what is late, what is observed and what is
visible are noticed on some of them.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from functools import cache
from typing import Any
from unittest.mock import patch

import pytest

from smtmodel.encoding import cuts, observer, visibility
from smtmodel.encoding.cuts import Cuts
from smtmodel.encoding.forms import EncodingForm
from smtmodel.encoding.observer import Observer
from smtmodel.encoding.visibility import Visibility
from smtmodel.language.checked import Checked
from smtmodel.litmus.unroll import unroll
from smtmodel.litmus.written.protocol import Wanted, WrittenProtocol
from smtmodel.models.terms import Relation
from smtmodel.solving.ends import Contradicted, LitmusQuestions
from smtmodel.solving.result import Limits
from smtmodel.solving.weakly import MODELS
from smtmodel.source.record import replace
from tests.support.differential import checked
from tests.support.lengths import long_but
from tests.support.random_weak import weak

EVENTS = 36


@cache
def asked(seed: int) -> tuple[Wanted, ...]:
    """The questions about a random protocol, but for what is too large pair by pair."""
    protocol = checked(weak(seed))
    assert isinstance(protocol, Checked), weak(seed)
    written = WrittenProtocol(protocol)
    properties = [one for one in protocol.properties if one.name.startswith("bad")]
    found = [wanted for item in properties for wanted in written.violations(item)]
    return tuple(one for one in found if len(unroll(one.test).events) <= EVENTS)


def shown(wanted: Wanted, form: EncodingForm) -> bool:
    """Whether the execution that is asked for is found."""
    model = replace(MODELS[wanted.view], flags=())
    graph = unroll(wanted.test)
    return LitmusQuestions(wanted.test, graph, model, Limits(), form).violating() is not None


def agree(seed: int) -> bool:
    """Whether all is answered alike in both forms."""
    try:
        return all(
            shown(one, EncodingForm.FAST) == shown(one, EncodingForm.LITERAL) for one in asked(seed)
        )
    except Contradicted:
        return False


@pytest.mark.parametrize("seed", long_but(range(2), range(200)))
def test_random_protocols_are_answered_alike(seed: int) -> None:
    assert agree(seed), weak(seed)


# ---------------------------------------------------------------- faults

Fault = Callable[[], AbstractContextManager[object]]


def dropped(owner: type, method: str, relation: Relation) -> Fault:
    """Without the edges that a relation gives."""
    kept = getattr(owner, method)

    def edges(self: Any, *given: Any, **more: Any) -> Iterator[Any]:
        return (edge for edge in kept(self, *given, **more) if edge[2] is not relation)

    return lambda: patch.object(owner, method, edges)


def ignored(method: str, relation: Relation) -> Fault:
    """Where a relation bounds no access."""
    kept = getattr(Visibility, method)

    def pairs(self: Any, asked: Relation, event: int) -> Iterator[Any]:
        return iter(()) if asked is relation else kept(self, asked, event)

    return lambda: patch.object(Visibility, method, pairs)


def instead(owner: Any, name: str, other: Any) -> Fault:
    return lambda: patch.object(owner, name, other)


def _no_cut(self: Cuts, steps: list[Any]) -> None:
    """Nothing is late."""


_all_edges = Cuts._further


def _not_whole(self: Cuts, sections: Any) -> Iterator[Any]:
    self.whole = ()
    return _all_edges(self, sections)


_choice = Cuts.law


def _unbound(self: Cuts, section: Any) -> list[Any]:
    """Sections and grace periods are chosen to be in an order that nobody keeps to."""
    self._laws.clear()
    return _choice(self, section)


FAULTS: dict[str, tuple[Fault, int]] = {
    "nothing is late": (instead(Cuts, "_spread", _no_cut), 0),
    "plain accesses are nowhere": (dropped(Cuts, "_further", cuts.BESIDE), 0),
    "full barriers do not count for plain accesses": (
        dropped(Cuts, "_further", cuts.STRONGLY_PLAIN),
        0,
    ),
    "updates in progress are settled": (dropped(Cuts, "_further", cuts.NOT_OVER), 0),
    "updates and entries in parts": (instead(Cuts, "_further", _not_whole), 0),
    "two choices for a section": (instead(Cuts, "law", _unbound), 0),
    "what is observed need not have come": (dropped(Observer, "helping", observer.READ), 0),
    "a lane may read its entry too late": (
        dropped(Observer, "helping", observer.WATCHED_BEFORE),
        0,
    ),
    "a lane may read its entry too early": (
        dropped(Observer, "helping", observer.WATCHED_BEHIND),
        0,
    ),
    "updates that are over are not seen": (dropped(Observer, "helping", observer.OVER_BEFORE), 0),
    "updates to come are seen": (dropped(Observer, "helping", observer.TO_COME_BEHIND), 0),
    "fences behind a plain write order nothing": (ignored("_leading", visibility.FENCED), 0),
    "full barriers behind a plain write order nothing": (
        ignored("_leading", visibility.STRONGLY),
        0,
    ),
    "fences behind a plain read order nothing": (ignored("_leading", visibility.READ_BEFORE), 0),
    "fences before a plain write order nothing": (ignored("_led", visibility.FENCED_BEFORE), 0),
    "fences before a plain read order nothing": (ignored("_led", visibility.READ_AFTER), 0),
    "plain accesses are bounded by no grace period": (
        instead(Visibility, "_orders", lambda self, point, second: iter(())),
        0,
    ),
    "no order of sections and grace periods": (
        instead(Visibility, "_ordered", lambda self: iter(())),
        0,
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_faults_are_noticed(name: str) -> None:
    fault, seed = FAULTS[name]
    with fault():
        assert not agree(seed)
