"""The enumerator of executions: what it finds, and what values depend on."""

import pytest

from smtmodel.executions.candidates import NotJudged, candidates, execution
from smtmodel.executions.evaluate import accepts
from smtmodel.executions.paths import Act, paths
from smtmodel.litmus.answer import observation
from smtmodel.litmus.instructions import kernel
from smtmodel.litmus.parse import parse
from smtmodel.litmus.program import LitmusTest
from smtmodel.models import SC
from smtmodel.source import Text
from tests.support.lengths import long_but
from tests.support.litmus_interleaving import State, final_states, state
from tests.support.random_litmus import random_test


def read(content: str) -> LitmusTest:
    test = parse(Text("test", content), kernel())
    assert isinstance(test, LitmusTest), test
    return test


def lanes(*bodies: str, end: str, start: str = "") -> LitmusTest:
    """A test of lanes that all know x, y, z and the lock l."""
    heads = [f"P{n}(int *x, int *y, int *z, spinlock_t *l)" for n in range(len(bodies))]
    texts = [f"{head} {{ {body} }}" for head, body in zip(heads, bodies, strict=True)]
    return read(f"C t\n{{ {start} }}\n" + "\n".join(texts) + f"\n{end}\n")


def under_sc(test: LitmusTest) -> str:
    ends = [
        one.satisfies(test.condition)
        for one in candidates(test)
        if accepts(SC, execution(one)) is None
    ]
    return observation(any(ends), not all(ends)).value


def coherent(test: LitmusTest) -> str:
    ends = [one.satisfies(test.condition) for one in candidates(test)]
    return observation(any(ends), not all(ends)).value


BUFFERING = ("WRITE_ONCE(*x, 1); r0 = READ_ONCE(*y);", "WRITE_ONCE(*y, 1); r0 = READ_ONCE(*x);")


def test_store_buffering_is_coherent_and_not_sequentially_consistent() -> None:
    test = lanes(*BUFFERING, end="exists (0:r0=0 /\\ 1:r0=0)")
    assert (coherent(test), under_sc(test)) == ("Sometimes", "Never")
    required = lanes(*BUFFERING, end="filter (0:r0=0) forall (1:r0=1)")
    assert (coherent(required), under_sc(required)) == ("Sometimes", "Always")


TWICE = ("r0 = cmpxchg(x, 0, 1);", "r0 = cmpxchg(x, 0, 2);")


@pytest.mark.parametrize(
    ("bodies", "end", "expected"),
    [
        (("WRITE_ONCE(*x, 1); WRITE_ONCE(*x, 2);",), "exists (x=1)", "Never"),
        (("WRITE_ONCE(*x, 1); r0 = *x;",), "exists (0:r0=1)", "Always"),
        (
            ("WRITE_ONCE(*x, 1);", "r0 = READ_ONCE(*x); r1 = READ_ONCE(*x);"),
            "exists (1:r0=1 /\\ 1:r1=0)",
            "Never",
        ),
        (("r0 = READ_ONCE(*x); WRITE_ONCE(*x, 1);",), "exists (0:r0=1)", "Never"),
        (("atomic_inc(x);", "atomic_inc(x);"), "exists (x=2)", "Always"),
        (("*x = *x + 1;", "*x = *x + 1;"), "exists (x=1)", "Sometimes"),
        (TWICE, "exists (0:r0=1 \\/ 1:r0=1)", "Sometimes"),
        (TWICE, "exists (0:r0=0 /\\ 1:r0=0)", "Never"),
        (("r0 = atomic_add_unless(x, 5, 0);",), "exists (0:r0=0 /\\ x=0)", "Always"),
        (("r0 = atomic_add_unless(x, 5, 1);",), "exists (0:r0=1 /\\ x=5)", "Always"),
        (("r0 = atomic_add_return(2, x); r1 = atomic_fetch_sub(3, x);",),
         "exists (0:r0=2 /\\ 0:r1=2 /\\ x=-1)", "Always"),
        (("r0 = atomic_dec_and_test(x);", "atomic_inc(x);"), "exists (0:r0=1)", "Sometimes"),
        (("r0 = x; r1 = READ_ONCE(*r0);", "WRITE_ONCE(*x, 3);"), "exists (0:r1=3)", "Sometimes"),
        (("WRITE_ONCE(*x, y);", "r0 = READ_ONCE(*x); if (r0 == y) WRITE_ONCE(*r0, 1);"),
         "exists (y=1 /\\ 1:r0=y)", "Sometimes"),
        (("WRITE_ONCE(*x, &w);",), "exists (x=w)", "Always"),
        (("r0 = y + (r1 & 4); r2 = xchg(r0, 7);",), "exists (y=7)", "Always"),
    ],
)  # fmt: skip
def test_ends_of_coherent_executions(bodies: tuple[str, ...], end: str, expected: str) -> None:
    assert coherent(lanes(*bodies, end=end)) == expected


HELD = "spin_lock(l); r0 = *x; *x = r0 + 1; spin_unlock(l);"


@pytest.mark.parametrize(
    ("bodies", "end", "expected"),
    [
        ((HELD, HELD), "exists (x=2)", "Always"),
        (("r9 = spin_trylock(l);", "r9 = spin_trylock(l);"), "exists (0:r9=1 /\\ 1:r9=1)", "Never"),
        (("r9 = spin_trylock(l);", "r9 = spin_trylock(l);"), "exists (0:r9=0 /\\ 1:r9=0)", "Never"),
        (("spin_lock(l);", "r9 = spin_is_locked(l);"), "exists (1:r9=1)", "Sometimes"),
        (("spin_lock(l); r9 = spin_is_locked(l); spin_unlock(l);",), "exists (0:r9=1)", "Always"),
        (("spin_lock(l); spin_unlock(l); r9 = spin_is_locked(l);",), "exists (0:r9=1)", "Never"),
        (("spin_lock(l); spin_lock(l);",), "exists (x=0)", "Never"),
        (("spin_lock(l);", "spin_lock(l);"), "exists (x=0)", "Never"),
    ],
)
def test_locks_are_handed_over(bodies: tuple[str, ...], end: str, expected: str) -> None:
    assert under_sc(lanes(*bodies, end=end)) == expected


def test_what_the_rules_for_locks_do_not_cover_is_said() -> None:
    for body, said in (("spin_unlock(l);", "not held"), ("spin_lock(l); *l = 1;", "memory")):
        with pytest.raises(NotJudged, match=said):
            list(candidates(lanes(body, end="exists (x=0)")))


# ---------------------------------------------------------------- dependencies


def only_path(body: str, *others: str) -> tuple[Act, ...]:
    """The acts of the first lane where its reads return what others write, if anything."""
    found = paths(lanes(body, *others, end="exists (x=0)"))[0]
    return found[-1].acts


def test_values_depend_on_the_reads_they_are_computed_from() -> None:
    read_x, read_y, write = only_path("r0 = *x; r1 = READ_ONCE(*y); *z = (r0 - r0) + 1;")
    assert (write.data, write.address, write.control) == (frozenset({0}), frozenset(), frozenset())
    assert read_x.address == read_y.address == frozenset()


def test_addresses_depend_on_reads() -> None:
    _, access = only_path("r0 = READ_ONCE(*x); r1 = READ_ONCE(*(y + (r0 & 4)));")
    assert access.address == {0}


def test_branches_end_where_they_join() -> None:
    _, inside, after = only_path("r0 = READ_ONCE(*x); if (r0 == 0) { *y = 1; } *z = 1;")
    assert inside.control == {0}
    assert after.control == frozenset()


def test_a_register_depends_on_what_this_path_assigned() -> None:
    body = "r1 = *x; r0 = 1; if (r1) r0 = *y; if (r0) *z = 1;"
    found = paths(lanes(body, "*x = 1;", "*y = 1;", end="exists (x=0)"))[0]
    writes = {path.acts[0].value: path.acts[-1] for path in found if path.acts[-1].kind == "W"}
    assert writes[0].control == frozenset()
    assert writes[1].control == {1}


def test_what_the_write_of_a_read_modify_write_depends_on() -> None:
    start = "r0 = *x; r1 = *y; "
    assert only_path(start + "r2 = xchg(z, r0);")[-1].data == {0}
    assert only_path(start + "r2 = cmpxchg(z, 0, r1);")[-1].data == {1}
    assert only_path(start + "r2 = atomic_fetch_add(r0, z);")[-1].data == {0, 2}
    assert only_path(start + "r2 = xchg(z, 1); *x = r2;")[-1].data == {2}
    assert only_path(start + "r2 = atomic_add_return(r1, z); *x = r2;")[-1].data == {1, 2}


# ---------------------------------------------------------------- random tests


def states(test: LitmusTest) -> set[State]:
    return {
        state(one.memory, list(one.registers))
        for one in candidates(test)
        if accepts(SC, execution(one)) is None
    }


@pytest.mark.parametrize("seed", long_but(range(30), range(300)))
def test_under_sc_the_ends_are_those_of_a_machine(seed: int) -> None:
    test = read(random_test(seed))
    assert states(test) == final_states(test)
