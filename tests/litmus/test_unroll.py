"""Event graphs of litmus tests: good graphs, which say of every path what the enumerator says."""

import pytest

from smtmodel.events.dependencies import ALWAYS, dependencies
from smtmodel.events.graph import EventGraph, Kind
from smtmodel.events.invariants import breaches
from smtmodel.events.sets import member
from smtmodel.executions.paths import TooManyPaths, paths
from smtmodel.litmus.instructions import kernel
from smtmodel.litmus.parse import parse
from smtmodel.litmus.program import LitmusTest
from smtmodel.litmus.unroll import unroll
from smtmodel.source import Text
from tests.support.lengths import long, long_but
from tests.support.litmus_corpus import litmus_files, needs_corpus, text_of
from tests.support.litmus_following import Followed
from tests.support.random_litmus import random_test


def read(content: str) -> LitmusTest:
    test = parse(Text("test", content), kernel())
    assert isinstance(test, LitmusTest), test
    return test


def lane(body: str) -> EventGraph:
    heads = "P0(int *x, int *y, int *z, spinlock_t *l)"
    return unroll(read(f"C t\n{{}}\n{heads} {{ {body} }}\nexists (x=0)"))


def differences(test: LitmusTest) -> list[str]:
    """What a graph gets wrong, in the enumerator's judgement."""
    graph = unroll(test)
    followed = Followed(graph)
    return breaches(graph) + [
        f"{test.threads[number].name}: {path}"
        for number, lane in enumerate(paths(test))
        for path in lane
        if not followed.agrees(number, path)
    ]


def test_a_read_modify_write_is_two_events() -> None:
    read_, write = lane("r0 = cmpxchg_acquire(x, 0, 1);").events
    assert (read_.kind, write.kind) == (Kind.READ, Kind.WRITE)
    assert write.partners == (read_.number,)
    assert len(write.guard) == len(read_.guard) + 1
    for event in (read_, write):
        assert member(event, "RMW")
        assert member(event, "Acquire")
    assert [member(read_, name) for name in ("R", "W", "F", "IW", "Mb")] == [True] + [False] * 4


def test_locks_are_memory() -> None:
    taken, locked, released = lane("spin_lock(l); spin_unlock(l);").events
    assert [event.tag for event in (taken, locked, released)] == ["LKR", "LKW", "UL"]
    assert taken.condition is not None
    assert not member(taken, "RMW")
    assert member(released, "UL")


def test_fences_and_grace_periods_are_one_event_each() -> None:
    events = lane("smp_mb(); synchronize_rcu(); synchronize_srcu(x); rcu_read_lock();").events
    assert [event.tag for event in events] == ["mb", "sync-rcu", "sync-srcu", "rcu-lock"]
    assert all(event.kind is Kind.FENCE for event in events)
    assert [member(event, "Mb") for event in events] == [True, False, False, False]


def test_a_dependency_holds_on_the_paths_on_which_it_is_one() -> None:
    graph = lane("r1 = *x; r0 = 1; if (r1 == 0) r0 = READ_ONCE(*y); if (r0 == 1) *z = 1;")
    control = dependencies(graph, "ctrl")
    first, second, write = range(3)
    assert control[first, second] == ALWAYS
    assert (first, write) not in control
    (way,) = control[second, write]
    assert way == {(graph.events[second].guard, True)}


def test_a_dependency_on_both_paths_is_one_always() -> None:
    graph = lane("r1 = *x; r0 = *y; if (r0) r2 = r1; else r2 = r1 + 1; *z = r2;")
    assert dependencies(graph, "data") == {(0, 2): ALWAYS}
    assert dependencies(graph, "ctrl") == {}


@pytest.mark.parametrize(
    "step",
    [
        "r2 = xchg(z, r0);",
        "r2 = cmpxchg(z, r0, r1);",
        "r2 = atomic_fetch_add(r0, z);",
        "r2 = atomic_sub_return(r0, z);",
        "r2 = atomic_add_unless(z, r0, r1);",
        "r2 = atomic_inc_and_test(z);",
        "atomic_add(r0, z);",
        "spin_lock(l); r2 = r0; spin_unlock(l);",
        "r2 = spin_trylock(l);",
        "r2 = spin_is_locked(l);",
        "smp_store_mb(*z, r0);",
        "r2 = READ_ONCE(*(z + (r0 & 4)));",
        "r2 = srcu_read_lock(z); srcu_read_unlock(z, r2); synchronize_srcu(z);",
        "r2 = r0 / (r1 + 1) - r0 % 3 + (r1 << 2) + (~r0 & 7) + (r1 ^ 1) + !r0;",
    ],
)
def test_every_kind_of_step_agrees_with_the_enumerator(step: str) -> None:
    heads = "int *x, int *y, int *z, spinlock_t *l"
    first = f"r0 = *x; r1 = *y; {step} if (r2) *x = r2; *y = r2;"
    lanes = f"P0({heads}) {{ {first} }}\nP1({heads}) {{ *x = 1; *y = 2; }}"
    test = read(f"C t\n{{}}\n{lanes}\nexists (x=0)")
    assert differences(test) == []


@pytest.mark.parametrize("seed", long_but(range(30), range(300)))
def test_random_graphs_agree_with_the_enumerator(seed: int) -> None:
    assert differences(read(random_test(seed))) == []


def _public_differences(step: int) -> list[str]:
    known, found = kernel(), []
    for path in litmus_files()[::step]:
        test = parse(text_of(path), known)
        assert isinstance(test, LitmusTest)
        try:
            found += differences(test)
        except TooManyPaths:
            found += breaches(unroll(test))
    return found


@needs_corpus
def test_some_public_graphs_agree_with_the_enumerator() -> None:
    assert _public_differences(10) == []


@long
@needs_corpus
def test_public_graphs_agree_with_the_enumerator() -> None:
    assert _public_differences(1) == []
