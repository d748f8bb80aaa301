"""Lanes that do the same may change places; those that do not, may not."""

from unittest.mock import patch

import pytest

from smtmodel.executions.terms import Immediate
from smtmodel.language.checked import Checked
from smtmodel.source.record import replace
from smtmodel.systems import lanes
from smtmodel.systems.close import Closed, close
from smtmodel.systems.lanes import exchanged, same
from smtmodel.systems.system import System
from smtmodel.systems.translate import system_of
from tests.support.examples import checked, shipped

NUMBERED = """\
protocol numbered
spinlock l
shared n = 0
thread r {
    spin_lock(l)
    n = lane
    spin_unlock(l)
    x = n
    mine: assert x == lane
}
bounds r 2
"""


def _system(protocol: Checked) -> System:
    system = system_of(protocol)
    assert isinstance(system, System)
    return system


def _closed(system: System) -> Closed:
    closed = close(system)
    assert isinstance(closed, Closed)
    return closed


@pytest.mark.parametrize("name", ["fuse/f7:no_check", "kvm/k8:second_cycle"])
def test_sorted_lanes_show_what_all_lanes_show(name: str) -> None:
    """Every state of the system without exchanges is one of the others after some exchange."""
    system = _system(shipped(name))
    assert same(system)
    fewer, all_ = _closed(system), _closed(replace(system, exchanges=()))
    assert fewer.violated == all_.violated
    assert len(fewer.states) < 0.7 * len(all_.states)
    (one,) = same(system)
    for state in all_.states:
        assert {state, tuple(exchanged(one, state))} & set(fewer.states)


def test_lanes_that_know_their_number_do_not_change_places() -> None:
    system = _system(checked(NUMBERED))
    assert system.exchanges
    assert not same(system)
    assert _closed(system).violated == {"mine"}


ROLES = """\
protocol roles
shared x = 0
thread r {
    if (lane == 0) {
        x = 1
        x = 0
    } else {
        y = x
        seen: assert y == 0
    }
}
bounds r 2
"""


def test_lanes_that_change_places_without_being_alike_lose_something() -> None:
    """The lane that reads would be taken for the one that writes."""
    system = _system(checked(ROLES))
    assert _closed(system).violated == {"seen"}
    with patch.object(lanes, "_is_same", lambda system, exchange: True):
        assert _closed(system).violated == set()


def test_a_system_in_which_one_lane_does_less_has_no_exchange() -> None:
    """An edge is lost, a lane lets another's lock go, or a property looks at one lane alone."""
    system = _system(shipped("fuse/f7:no_check"))
    (exchange,) = same(system)
    mine = next(one for one in system.edges if one.lane == exchange.first)
    lost = tuple(one for one in system.edges if one != mine)
    assert not same(replace(system, edges=lost))
    fewer = tuple(one for one in system.waits if one.lane != exchange.first)
    assert fewer != system.waits
    assert not same(replace(system, waits=fewer))
    holder = next(iter(exchange.holders))
    stolen = replace(mine, updates=(*mine.updates, (holder, Immediate(exchange.second))))
    assert not same(replace(system, edges=(*lost, stolen)))
    start = list(system.quantities)
    start[system.places[exchange.first]] = replace(start[0], initial=3)
    assert not same(replace(system, quantities=tuple(start)))


def test_exchanging_twice_changes_nothing() -> None:
    system = _system(shipped("kvm/k8:second_cycle"))
    exchanges = same(system)
    assert exchanges
    for exchange in exchanges:
        for state in list(_closed(system).states)[::50]:
            assert exchanged(exchange, exchanged(exchange, state)) == list(state)
