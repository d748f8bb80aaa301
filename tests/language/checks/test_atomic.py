"""Atomic blocks: not waiting, not looping, and outside sc what a machine can do at once."""

import pytest

from smtmodel.language.checks.atomic import atomic_outside_sc
from tests.support.front import accepted, block, codes


@pytest.mark.parametrize(
    "inner", ["x = 1\ny = 2", "b = x\nassert b == 0", "n = copy p\nrcu_assign_pointer(p, n)"]
)
def test_straight_steps_are_allowed(inner: str) -> None:
    assert codes(block(f"atomic {{ {inner} }}")) == []


@pytest.mark.parametrize(
    "inner",
    [
        "rcu_read_lock()\nrcu_read_unlock()",
        "synchronize_rcu()",
        "while 2 (x > 0) { x-- }",
        "if (x == 1) return",
        "if (x == 1) { mutex_lock(m)\nmutex_unlock(m) }",
        "if (spin_trylock(l)) { spin_unlock(l) }",
        "atomic { x = 1 }",
        "mutex_lock(m)\nmutex_unlock(m)",
        "assume x == 0",
        "n = p\nkfree(n)",
        "n = p\nkfree_rcu(n)",
    ],
)
def test_waiting_and_looping_are_not(inner: str) -> None:
    assert set(codes(block(f"atomic {{ {inner} }}"))) == {"E511"}


@pytest.mark.parametrize(
    "inner",
    [
        "either { x = 1 } or { x = 2 }",
        "if (x == 1) x = 2",
        "b = x\nif (b == 1) { y = 1 } else if (b == 2) { y = 3\nx = 4 }",
        "if (cmpxchg(&x, 0, 1) == 0) { either { y = 1 } or { } }",
    ],
)
def test_it_may_branch(inner: str) -> None:
    assert codes(block(f"atomic {{ {inner} }}")) == []


def test_a_zap_is_one_write_only_where_all_lanes_share_the_cache() -> None:
    steps = "atomic { x = 1\nzap(c) }"
    assert codes(block(steps, more="shared cache c { v }")) == []
    assert codes(block(steps, more="cache c { v } per t")) == ["E511"]


def test_overwriting_is_straight() -> None:
    assert codes(block("a1 = p\nb1 = a1.next\natomic { copy a1 into b1 }")) == []


@pytest.mark.parametrize(
    ("inner", "fine"),
    [
        ("b = x\nc = y\nassert b == c", True),
        ("atomic_inc(&x)", True),
        ("b = cmpxchg(&x, 0, 1)\nassert b == 0", True),
        ("b = p->data\nassert b == 0", True),
        ("x = 1", False),
        ("atomic_inc(&x)\natomic_inc(&y)", False),
        ("b = x\natomic_inc(&x)\nassert b == 0", False),
        ("b = xchg(&p->data, x)\nassert b == 0", False),
        ("smp_mb()", False),
        ("b = x\nif (b == 1) { c = y\nassert c == 0 }", True),
        ("b = x\nif (b == 1) y = 1", False),
        ("if (cmpxchg(&x, 0, 1) == 0) { b = y\nassert b == 0 }", False),
        ("b = x\nsmp_rmb()\nc = y\nassert b == c", False),
        ("b = fresh\nassert b == x", False),
        ("n = copy p\nassert n == null", False),
    ],
)
def test_outside_sc_only_reads_or_one_read_modify_write(inner: str, fine: bool) -> None:
    found = atomic_outside_sc(accepted(block(f"atomic {{ {inner} }}")))
    assert [one.code.name for one in found] == ([] if fine else ["E513"])
