"""Whatever three lanes do to each other, views say: step by step, and with mistakes made on
purpose."""

from collections.abc import Callable, Iterable
from functools import cache
from typing import Any
from unittest.mock import patch

import pytest

from smtmodel.source.record import replace
from smtmodel.systems import interference, views
from smtmodel.systems.system import Edge, System
from smtmodel.systems.views import Views, views_of
from tests.support.examples import checked
from tests.support.lengths import long
from tests.support.random_coupled import text
from tests.support.seen_lanes import ACCOUNT, TRIED, Walks

WALKED = [ACCOUNT, TRIED, *map(text, (0, 3, 4, 9))]


@cache
def _walks(content: str) -> Walks:
    return Walks(checked(content))


def _explained(known: Iterable[Walks]) -> bool:
    """Whether views say all that three lanes do on some walks."""
    return not any(one.unexplained(seed, 50) for one in known for seed in range(2))


def test_views_say_all_that_three_lanes_do() -> None:
    assert _explained(map(_walks, WALKED))


def test_views_of_the_part_that_a_property_depends_on_say_all_of_that() -> None:
    assert _explained([Walks(checked(ACCOUNT), ["ahead"]), Walks(checked(TRIED), ["alone"])])


@long
@pytest.mark.parametrize("seed", range(200))
def test_views_say_all_that_three_random_lanes_do(seed: int) -> None:
    protocol = checked(text(seed))
    if isinstance(views_of(protocol), Views):
        assert not Walks(protocol).unexplained(seed, 300)
        for name in (one.name for one in protocol.properties):
            assert not Walks(protocol, [name]).unexplained(seed, 100)


def _one_dropped(kind: Any, source: Any, grouping: Any) -> Any:
    yield from list(STEPS(kind, source, grouping))[1:]


def _update_forgotten(system: System, edge: Edge, hidden: frozenset[int]) -> Edge:
    made = NARROWED(system, edge, hidden)
    return replace(made, updates=made.updates[1:])


STEPS, NARROWED = interference._steps, views._narrowed
MISTAKES: dict[str, tuple[object, str, Callable[..., Any]]] = {
    "a step of another lane is left out": (interference, "_steps", _one_dropped),
    "the numbers of another lane are taken for its own": (
        interference.Other,
        "cell",
        lambda self, cell: cell,
    ),
    "a lock that another lane takes is taken by this one": (
        interference,
        "_foreign",
        lambda kind, number, value: value,
    ),
    "a lock that another lane takes is free": (
        interference,
        "_foreign",
        lambda kind, number, value: (
            -1 if number in kind.exchange.holders and value == kind.seen else value
        ),
    ),
    "who holds a lock is forgotten at steps of others": (
        interference,
        "_after",
        lambda kind, number, value, before: interference._foreign(kind, number, value),
    ),
    "lanes do not meet while another holds a lock": (
        interference,
        "_meet",
        lambda kind, mine, its: (
            not any(kind.unseen in (mine[lock], its[lock]) for lock in kind.exchange.holders)
        ),
    ),
    "a number that another lane changes is taken for as it was": (
        interference,
        "_changes",
        lambda kind, source, move: (
            interference._common(kind, source) != interference._common(kind, move.target)
        ),
    ),
}


@pytest.mark.parametrize("what", MISTAKES)
def test_a_mistake_in_what_lanes_do_to_others_is_noticed(what: str) -> None:
    thing, name, wrong = MISTAKES[what]
    with patch.object(thing, name, wrong):
        assert not _explained(map(_walks, WALKED))


def test_an_edge_that_loses_what_it_changes_is_noticed() -> None:
    with patch.object(views, "_narrowed", _update_forgotten):
        walks = Walks(checked(ACCOUNT))
    assert not _explained([walks])
