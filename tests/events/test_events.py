"""Every unrolled graph keeps the laws of event graphs."""

import pytest

from smtmodel.events.building import TooLarge
from smtmodel.events.dependencies import dependencies
from smtmodel.events.graph import EventGraph, Kind
from smtmodel.events.invariants import breaches
from smtmodel.events.unroll import unroll
from smtmodel.source.record import replace
from tests.support.examples import FOUNDING, at, checked, shipped

MIXED = """
protocol mixed
struct node { value, next: node }
object tail: node = { value: 7, next: null }
rcu head: node = { value: 1, next: tail }
shared a[2] = 0
shared x = 0
mutex m
spinlock l
srcu d
cache c { value }
update push {
    mutex_lock(m)
    new = alloc node
    new.value = fresh
    new.next = head
    rcu_assign_pointer(head, new)
    if (x == 1) {
        mutex_unlock(m)
        return
    }
    synchronize_srcu(d)
    mutex_unlock(m)
}
fault look {
    i = srcu_read_lock(d)
    p = rcu_dereference(head)
    either { a[0] = p.value } or { a[1] = 2 }
    retry 2 { old = cmpxchg(x, 0, 1) } until (old == 0)
    c = { value: old }
    srcu_read_unlock(d, i)
    if (spin_trylock(l)) { atomic { y = x  x = y + 1 } spin_unlock(l) }
}
updaters 2
never bad: x == 9 always
bounds updates 2, faults 2
"""


@pytest.mark.parametrize("name", FOUNDING)
def test_founding_graphs_are_good(name: str) -> None:
    protocol = shipped(name)
    for updates, faults in ((1, 1), (2, 2), (4, 3)):
        assert breaches(unroll(protocol, at(protocol, updates, faults))) == []


def test_a_graph_with_everything_is_good() -> None:
    protocol = checked(MIXED)
    assert breaches(unroll(protocol, protocol.bounds)) == []


@pytest.mark.parametrize(
    "harm",
    [
        lambda g: replace(g, events=g.events[::-1]),
        lambda g: replace(g, events=tuple(replace(e, guard=(2, 1)) for e in g.events)),
        lambda g: replace(g, events=tuple(replace(e, partners=()) for e in g.events)),
        lambda g: replace(g, waits=()),
        lambda g: replace(g, events=tuple(replace(e, address=None) for e in g.events)),
    ],
)
def test_a_spoilt_graph_is_found_out(harm: object) -> None:
    protocol = checked(MIXED)
    assert callable(harm)
    spoilt = harm(unroll(protocol, protocol.bounds))
    assert isinstance(spoilt, EventGraph)
    assert breaches(spoilt)


def test_dependencies_follow_the_data() -> None:
    protocol = shipped("paolo")
    graph = unroll(protocol, at(protocol, 1, 1))
    reads = [e for e in graph.events if e.kind is Kind.READ and e.lane == 1]
    address, data = dependencies(graph, "addr"), dependencies(graph, "data")
    control = dependencies(graph, "ctrl")
    write = next(e for e in graph.events if e.kind is Kind.WRITE and e.lane == 1)
    assert (reads[0].number, reads[1].number) in address
    assert (reads[1].number, write.number) in data
    assert (reads[3].number, write.number) in control
    assert (reads[1].number, write.number) not in control


def test_what_is_too_large_is_said_to_be() -> None:
    steps = "\n".join(f"x = {n}" for n in range(300))
    protocol = checked(
        f"protocol big shared x = 0 thread t {{ {steps} }} never n: x == 1 always bounds t 100"
    )
    with pytest.raises(TooLarge):
        unroll(protocol, protocol.bounds)
