"""Litmus tests in C with the answers that the kernel's documents give, from text to answer.

What a word of the table of functions orders under the kernel's model, above all of words that no
public test has. Each answer is `Never` with the word, and what it is without it, or with a weaker.
"""

import pytest

from smtmodel.executions.candidates import candidates, execution
from smtmodel.executions.evaluate import accepts
from smtmodel.litmus.answer import observation
from smtmodel.litmus.instructions import kernel
from smtmodel.litmus.parse import parse
from smtmodel.litmus.program import LitmusTest
from smtmodel.models.lkmm import LKMM
from smtmodel.source import Text

PARAMETERS = "int *x, int *y, int *z, spinlock_t *l, spinlock_t *m, struct srcu_struct *s"


def answer(end: str, *bodies: str) -> str:
    heads = [f"P{number}({PARAMETERS}, int *f)" for number in range(len(bodies))]
    lanes = "\n".join(f"{head} {{ {body} }}" for head, body in zip(heads, bodies, strict=True))
    test = parse(Text("test", f"C t\n{{}}\n{lanes}\n{end}\n"), kernel())
    assert isinstance(test, LitmusTest), test
    ends = {
        one.satisfies(test.condition)
        for one in candidates(test)
        if accepts(LKMM, execution(one)) is None
    }
    return observation(True in ends, False in ends).value


def buffering(between: str) -> str:
    """Store buffering with something between each store and the load; z and l are each lane's."""
    first = f"WRITE_ONCE(*x, 1); {between} r0 = READ_ONCE(*y);"
    second = f"WRITE_ONCE(*y, 1); {between} r0 = READ_ONCE(*x);"
    own = second.replace("z,", "f,").replace("(z)", "(f)").replace("(l)", "(m)")
    return answer("exists (0:r0=0 /\\ 1:r0=0)", first, own)


@pytest.mark.parametrize(
    "between",
    [
        "smp_mb();",
        "synchronize_rcu();",
        "synchronize_rcu_expedited();",
        "synchronize_srcu(s);",
        # Documentation/atomic_t.txt: what returns a value, and does not fail, is a full barrier.
        "r1 = xchg(z, 1);",
        "r1 = cmpxchg(z, 0, 1);",
        "r1 = atomic_add_unless(z, 1, 7);",
        "r1 = atomic_add_negative(1, z);",
        "r1 = atomic_fetch_dec(z);",
        "atomic_inc(z); smp_mb__after_atomic();",
        "smp_mb__before_atomic(); atomic_inc(z);",
        # linux-kernel.cat: around a read-modify-write, also one that fails
        "smp_mb__before_atomic(); r1 = cmpxchg_relaxed(z, 1, 2);",
        "r1 = cmpxchg_relaxed(z, 1, 2); smp_mb__after_atomic();",
        # Documentation/memory-barriers.txt, include/linux/spinlock.h, include/linux/srcu.h
        "spin_lock(l); smp_mb__after_spinlock();",
        "r1 = spin_trylock(l); smp_mb__after_spinlock();",
        "r1 = srcu_read_lock(s); srcu_read_unlock(s, r1); smp_mb__after_srcu_read_unlock();",
    ],
)
def test_full_barriers(between: str) -> None:
    assert buffering(between) == "Never"


@pytest.mark.parametrize(
    "between",
    [
        "",
        "barrier();",
        "smp_wmb(); smp_rmb();",
        "r1 = xchg_acquire(z, 1); r2 = xchg_release(z, 2);",
        "r1 = cmpxchg(z, 1, 2);",
        "r1 = atomic_add_unless(z, 1, 0);",
        "atomic_inc(z);",
        "smp_mb__after_atomic();",
        "spin_lock(l); spin_unlock(l);",
        "r1 = spin_trylock(l);",
        "r1 = spin_is_locked(l);",
        "r1 = srcu_read_lock(s); srcu_read_unlock(s, r1);",
        "rcu_read_lock(); rcu_read_unlock();",
    ],
)
def test_no_full_barriers(between: str) -> None:
    assert buffering(between) == "Sometimes"


def test_a_store_with_a_barrier() -> None:
    lanes = ("smp_store_mb(*x, 1); r0 = READ_ONCE(*y);", "smp_store_mb(*y, 1); r0 = READ_ONCE(*x);")
    assert answer("exists (0:r0=0 /\\ 1:r0=0)", *lanes) == "Never"


WRITER = "WRITE_ONCE(*x, 1); smp_wmb(); WRITE_ONCE(*y, 1);"


@pytest.mark.parametrize(
    ("reader", "end", "expected"),
    [
        ("r1 = READ_ONCE(*y); smp_rmb(); r0 = READ_ONCE(*x);", "1:r1=1", "Never"),
        ("r1 = READ_ONCE(*y); r0 = READ_ONCE(*x);", "1:r1=1", "Sometimes"),
        ("r1 = smp_load_acquire(y); r0 = READ_ONCE(*x);", "1:r1=1", "Never"),
        ("r1 = atomic_read_acquire(y); r0 = READ_ONCE(*x);", "1:r1=1", "Never"),
        ("r1 = READ_ONCE(*y); if (r1) r0 = READ_ONCE(*x);", "1:r1=1", "Sometimes"),
        ("r1 = READ_ONCE(*y); r0 = READ_ONCE(*(x + (r1 & 2)));", "1:r1=1", "Never"),
        # atomic_t.txt: the read of what returns no value is not ordered by smp_rmb.
        ("atomic_inc(y); smp_rmb(); r0 = READ_ONCE(*x);", "y=2", "Sometimes"),
        ("r1 = atomic_fetch_inc_relaxed(y); smp_rmb(); r0 = READ_ONCE(*x);", "y=2", "Never"),
        ("r1 = atomic_inc_return_acquire(y); r0 = READ_ONCE(*x);", "y=2", "Never"),
        ("r1 = cmpxchg_acquire(y, 1, 2); r0 = READ_ONCE(*x);", "y=2", "Never"),
        ("r1 = atomic_fetch_inc_relaxed(y); r0 = READ_ONCE(*x);", "y=2", "Sometimes"),
        ("r1 = xchg_relaxed(y, 2); r0 = READ_ONCE(*x);", "1:r1=1", "Sometimes"),
        ("r1 = xchg_release(y, 2); r0 = READ_ONCE(*x);", "1:r1=1", "Sometimes"),
        # A read-modify-write that fails is no acquire.
        ("r1 = cmpxchg_acquire(y, 7, 2); r0 = READ_ONCE(*x);", "1:r1=1", "Sometimes"),
    ],
)
def test_a_message(reader: str, end: str, expected: str) -> None:
    assert answer(f"exists ({end} /\\ 1:r0=0)", WRITER, reader) == expected


@pytest.mark.parametrize(
    ("second", "expected"),
    [
        ("if (r0) WRITE_ONCE(*x, 1);", "Never"),
        ("if (r0) r1 = 1; WRITE_ONCE(*x, 1);", "Sometimes"),
        ("r1 = 0; if (r0) r1 = 1; WRITE_ONCE(*x, r1 + 1 - r1);", "Sometimes"),
        ("WRITE_ONCE(*x, r0);", "Never"),
        ("WRITE_ONCE(*x, r0 - r0 + 1);", "Never"),
        ("smp_store_release(x, 1);", "Never"),
        ("WRITE_ONCE(*x, 1);", "Sometimes"),
        ("r1 = xchg_relaxed(x, r0);", "Never"),
        ("r1 = cmpxchg_relaxed(x, 0, r0);", "Never"),
        # Documentation/memory-barriers.txt: a control dependency is from a branch, not from this
        ("r1 = cmpxchg_relaxed(x, r0 - r0, 1);", "Sometimes"),
    ],
)
def test_load_buffering(second: str, expected: str) -> None:
    first = "r0 = READ_ONCE(*x); smp_mb(); WRITE_ONCE(*y, 1);"
    end = "exists (0:r0=1 /\\ 1:r0=1)"
    assert answer(end, first, "r0 = READ_ONCE(*y); " + second) == expected


# ---------------------------------------------------------------- locks

SECTION = "spin_lock(l); WRITE_ONCE(*x, 1); WRITE_ONCE(*y, 1); spin_unlock(l);"


def test_a_try_that_takes_the_lock_orders_as_the_lock_does() -> None:
    body = "r9 = spin_trylock(l); r0 = READ_ONCE(*y); r1 = READ_ONCE(*x);"
    assert answer("exists (1:r9=1 /\\ 1:r0=1 /\\ 1:r1=0)", SECTION, body) == "Never"
    assert answer("exists (1:r9=0 /\\ 1:r0=1 /\\ 1:r1=0)", SECTION, body) == "Sometimes"


def test_who_sees_a_lock_taken_need_not_see_what_came_before() -> None:
    taken = "WRITE_ONCE(*x, 1); spin_lock(l);"
    for look in ("spin_is_locked(l) == 0", "spin_trylock(l)"):
        body = f"r9 = {look}; r1 = READ_ONCE(*x);"
        assert answer("exists (1:r9=0 /\\ 1:r1=0)", taken, body) == "Sometimes"


@pytest.mark.parametrize(
    ("writer", "expected"),
    [
        ("spin_lock(l); WRITE_ONCE(*x, 1); spin_unlock(l); spin_lock(l);", "Never"),
        ("spin_lock(l); WRITE_ONCE(*x, 1); spin_unlock(l); spin_lock(m);", "Never"),
        ("spin_lock(l); spin_unlock(l); WRITE_ONCE(*x, 1); spin_lock(m);", "Sometimes"),
        ("spin_lock(l); WRITE_ONCE(*x, 1);", "Sometimes"),
    ],
)
def test_releasing_a_lock_and_taking_one_orders_stores(writer: str, expected: str) -> None:
    """tools/memory-model/Documentation/explanation.txt, on po-unlock-lock-po."""
    reader = "r0 = READ_ONCE(*y); smp_rmb(); r1 = READ_ONCE(*x);"
    end = "exists (1:r0=1 /\\ 1:r1=0)"
    assert answer(end, writer + " WRITE_ONCE(*y, 1);", reader) == expected


@pytest.mark.parametrize(
    ("word", "expected"), [("smp_mb__after_unlock_lock();", "Never"), ("", "Sometimes")]
)
def test_a_barrier_after_a_lock_is_handed_over(word: str, expected: str) -> None:
    body = (
        "spin_lock(l); WRITE_ONCE(*x, 1); spin_unlock(l);"
        f"spin_lock(l); {word} r0 = READ_ONCE(*y); spin_unlock(l);"
    )
    other = "WRITE_ONCE(*y, 1); smp_mb(); r0 = READ_ONCE(*x);"
    assert answer("exists (0:r0=0 /\\ 1:r0=0)", body, other) == expected


# ---------------------------------------------------------------- sections and grace periods

UPDATE = "WRITE_ONCE(*x, 1); synchronize_rcu(); WRITE_ONCE(*y, 1);"
BOTH = "exists (0:r0=0 /\\ 0:r1=1)"


@pytest.mark.parametrize(
    ("reader", "expected"),
    [
        ("rcu_read_lock(); r1 = READ_ONCE(*y); r0 = READ_ONCE(*x); rcu_read_unlock();", "Never"),
        ("rcu_read_lock(); r0 = READ_ONCE(*x); r1 = READ_ONCE(*y); rcu_read_unlock();", "Never"),
        ("rcu_read_lock(); r0 = READ_ONCE(*x); rcu_read_unlock();"
         "r1 = READ_ONCE(*y);", "Sometimes"),
        # RCU/whatisRCU.rst: sections nest, the outermost one counts.
        ("rcu_read_lock(); rcu_read_lock(); r0 = READ_ONCE(*x); rcu_read_unlock();"
         "r1 = READ_ONCE(*y); rcu_read_unlock();", "Never"),
    ],
)  # fmt: skip
def test_a_section_is_not_spanned_by_a_grace_period(reader: str, expected: str) -> None:
    assert answer(BOTH, reader, UPDATE) == expected


@pytest.mark.parametrize(("domain", "expected"), [("s", "Never"), ("z", "Sometimes")])
def test_a_domain_waits_for_its_own_sections(domain: str, expected: str) -> None:
    reader = f"r9 = srcu_read_lock({domain}); r0 = READ_ONCE(*x); r1 = READ_ONCE(*y);"
    reader += f"srcu_read_unlock({domain}, r9);"
    assert answer(BOTH, reader, UPDATE.replace("rcu()", "srcu(s)")) == expected


@pytest.mark.parametrize(("passed", "expected"), [("r9", "Never"), ("0", "Sometimes")])
def test_a_section_may_be_left_by_another_lane(passed: str, expected: str) -> None:
    """include/linux/srcu.h: srcu_up_read may run elsewhere, with the value of srcu_down_read."""
    enters = f"r9 = srcu_down_read(s); r0 = READ_ONCE(*x); WRITE_ONCE(*z, {passed});"
    leaves = "r8 = READ_ONCE(*z); r1 = READ_ONCE(*y); srcu_up_read(s, r8);"
    update = UPDATE.replace("rcu()", "srcu(s)")
    flags = (enters + "smp_store_release(f, 1);", "r7 = smp_load_acquire(f); " + leaves, update)
    end = "exists (0:r0=0 /\\ 1:r1=1 /\\ 1:r7=1)"
    assert answer(end, *flags) == expected
