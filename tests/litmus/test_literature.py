"""Litmus tests with answers from the literature, decided on the clock and pair by pair.

What the public tests and `test_documented.py` say little of: how many grace periods cycles of read
sections need, read-modify-writes that carry a release on, and which plain accesses race.
"""

import pytest

from smtmodel.encoding.forms import EncodingForm
from smtmodel.litmus.ends import Ends
from smtmodel.litmus.unroll import unroll
from smtmodel.models.lkmm import LKMM
from smtmodel.solving.ends import solved
from smtmodel.solving.result import Limits
from smtmodel.source import Text
from tests.litmus.test_solved import read

PLACES = ("a", "b", "c", "d", "e")
PARAMETERS = ", ".join(
    (*(f"int *{name}" for name in (*PLACES, "x", "y")), "int **p", "spinlock_t *l")
)
DOMAINS = "struct srcu_struct *s, struct srcu_struct *t"


def ends(end: str, *bodies: str) -> Ends:
    """What is observed; the same in both forms."""
    lanes = [f"P{n}({PARAMETERS}, {DOMAINS}) {{ {body} }}" for n, body in enumerate(bodies)]
    test = read(Text("test", "\n".join(("C t\n{ p=&a; }", *lanes, f"exists ({end})\n"))))
    fast, literal = (
        solved(test, unroll(test), LKMM, Limits(), every=False, form=form) for form in EncodingForm
    )
    assert (fast.frequency, fast.flags) == (literal.frequency, literal.flags)
    return fast


# ---------------------------------------------------------------- grace periods and sections

AROUND = {
    "R": ("rcu_read_lock();", "", "rcu_read_unlock();"),
    "G": ("", "synchronize_rcu();", ""),
    "s": ("r9 = srcu_read_lock(s);", "", "srcu_read_unlock(s, r9);"),
    "g": ("", "synchronize_srcu(s);", ""),
    "h": ("", "synchronize_srcu(t);", ""),
    "M": ("", "smp_mb();", ""),
    "-": ("", "", ""),
}
"""A lane of a cycle: a section or a grace period, of RCU or of a domain, a barrier, nothing."""


@pytest.mark.parametrize(
    ("cycle", "expected"),
    [
        # explanation.txt, RCU RELATIONS: forbidden with at least as many grace periods as sections
        ("RG", "Never"),
        ("R-", "Sometimes"),
        ("RM", "Sometimes"),
        ("RR", "Sometimes"),
        ("RRG", "Sometimes"),
        ("RGG", "Never"),
        ("RGM", "Never"),
        ("RGRG", "Never"),
        ("RRGG", "Never"),
        ("RRGM", "Sometimes"),
        ("RRRGG", "Sometimes"),
        ("RGRGG", "Never"),
        # explanation.txt, SRCU READ-SIDE CRITICAL SECTIONS: each domain waits for its own
        ("sg", "Never"),
        ("sh", "Sometimes"),
        ("Rg", "Sometimes"),
        ("sG", "Sometimes"),
        ("ssgg", "Never"),
        ("Rsg", "Sometimes"),
        ("RGsg", "Never"),
        ("RsgG", "Never"),
    ],
)
def test_cycles_of_sections_and_grace_periods(cycle: str, expected: str) -> None:
    """Each lane reads what the one before it writes, in front of its own write."""
    lanes = []
    for number, kind in enumerate(cycle):
        before, between, behind = AROUND[kind]
        load = f"r0 = READ_ONCE(*{PLACES[number]});"
        store = f"WRITE_ONCE(*{PLACES[(number + 1) % len(cycle)]}, 1);"
        lanes.append(" ".join((before, load, between, store, behind)))
    end = " /\\ ".join(f"{number}:r0=1" for number in range(len(cycle)))
    assert ends(end, *lanes).frequency.value == expected


# ---------------------------------------------------------------- read-modify-writes

RELEASED = "WRITE_ONCE(*x, 1); smp_store_release(y, 1);"


@pytest.mark.parametrize(
    ("between", "expected"),
    [
        # linux-kernel.cat, rmw-sequence: it is carried on by those that read it, and by no others
        (("r0 = xchg_relaxed(y, 2);",), "Never"),
        (("r0 = cmpxchg_relaxed(y, 1, 2);",), "Never"),
        (("r0 = atomic_fetch_add_relaxed(1, y);",), "Never"),
        (("r0 = READ_ONCE(*y); if (r0 == 1) WRITE_ONCE(*y, 2);",), "Sometimes"),
        (("r0 = cmpxchg_relaxed(y, 1, 3);", "r0 = cmpxchg_relaxed(y, 3, 2);"), "Never"),
    ],
)
def test_a_release_is_carried_on(between: tuple[str, ...], expected: str) -> None:
    reader = "r1 = smp_load_acquire(y); r2 = READ_ONCE(*x);"
    last = len(between) + 1
    end = f"1:r0=1 /\\ {last}:r1=2 /\\ {last}:r2=0"
    assert ends(end, RELEASED, *between, reader).frequency.value == expected


# ---------------------------------------------------------------- races

RACES = [
    # explanation.txt, PLAIN ACCESSES AND DATA RACES
    ("*x = 1;", "r0 = *x;", True),
    ("*x = 1;", "r0 = READ_ONCE(*x);", True),
    ("WRITE_ONCE(*x, 1);", "r0 = *x;", True),
    ("WRITE_ONCE(*x, 1);", "r0 = READ_ONCE(*x);", False),
    ("r1 = *x;", "r0 = *x;", False),
    ("*x = 1; smp_store_release(y, 1);", "if (smp_load_acquire(y)) r0 = *x;", False),
    ("*x = 1; smp_wmb(); WRITE_ONCE(*y, 1);", "if (smp_load_acquire(y)) r0 = *x;", False),
    ("*x = 1; smp_rmb(); WRITE_ONCE(*y, 1);", "if (smp_load_acquire(y)) r0 = *x;", True),
    ("*x = 1; barrier(); WRITE_ONCE(*y, 1);", "if (smp_load_acquire(y)) r0 = *x;", True),
    ("*x = 1; smp_store_release(y, 1);", "if (READ_ONCE(*y)) r0 = *x;", True),
    ("*x = 1; smp_store_release(y, 1);", "if (READ_ONCE(*y)) { smp_rmb(); r0 = *x; }", False),
    ("*x = 1; smp_store_release(y, 1);", "if (READ_ONCE(*y)) { smp_wmb(); r0 = *x; }", True),
    ("r1 = *x; smp_store_release(y, 1);", "if (smp_load_acquire(y)) *x = 1;", False),
    ("r1 = *x; smp_wmb(); WRITE_ONCE(*y, 1);", "if (smp_load_acquire(y)) *x = 1;", True),
    # a branch bounds no plain write
    ("r1 = *x; smp_store_release(y, 1);", "if (READ_ONCE(*y)) *x = 1;", True),
    # atomic_t.txt: what succeeds orders as its suffix says, what fails orders nothing
    ("*x = 1; r1 = xchg_release(y, 1);", "if (smp_load_acquire(y)) r0 = *x;", False),
    ("*x = 1; r1 = xchg(y, 1);", "if (smp_load_acquire(y)) r0 = *x;", False),
    ("*x = 1; r1 = xchg_relaxed(y, 1);", "if (smp_load_acquire(y)) r0 = *x;", True),
    ("*x = 1; smp_store_release(y, 1);", "r1 = cmpxchg_acquire(y, 1, 2); if (r1) r0 = *x;", False),
    ("*x = 1; smp_store_release(y, 1);", "r1 = cmpxchg_acquire(y, 7, 2); if (r1) r0 = *x;", True),
    # explanation.txt, LOCKING
    ("spin_lock(l); *x = 1; spin_unlock(l);", "spin_lock(l); r0 = *x; spin_unlock(l);", False),
    ("spin_lock(l); *x = 1; spin_unlock(l);", "spin_lock(l); spin_unlock(l); r0 = *x;", True),
    ("spin_lock(l); *x = 1; spin_unlock(l);",
     "r1 = spin_trylock(l); if (r1) { r0 = *x; spin_unlock(l); }", False),
    ("spin_lock(l); *x = 1; spin_unlock(l);", "r1 = spin_trylock(l); if (r1 == 0) r0 = *x;", True),
    # RCU/rcu_dereference.rst
    ("*x = 1; rcu_assign_pointer(*p, x);", "int *q = rcu_dereference(*p); r0 = *q;", False),
    ("*x = 1; WRITE_ONCE(*p, x);", "int *q = rcu_dereference(*p); r0 = *q;", True),
    # RCU/whatisRCU.rst: what is changed after a grace period was read before it
    ("rcu_read_lock(); r1 = READ_ONCE(*y); if (r1 == 0) r0 = *x; rcu_read_unlock();",
     "WRITE_ONCE(*y, 1); synchronize_rcu(); *x = 1;", False),
    ("r1 = READ_ONCE(*y); if (r1 == 0) r0 = *x;",
     "WRITE_ONCE(*y, 1); synchronize_rcu(); *x = 1;", True),
    ("r9 = srcu_read_lock(s); r1 = READ_ONCE(*y); if (r1 == 0) r0 = *x; srcu_read_unlock(s, r9);",
     "WRITE_ONCE(*y, 1); synchronize_srcu(s); *x = 1;", False),
    ("r9 = srcu_read_lock(s); r1 = READ_ONCE(*y); if (r1 == 0) r0 = *x; srcu_read_unlock(s, r9);",
     "WRITE_ONCE(*y, 1); synchronize_srcu(t); *x = 1;", True),
]  # fmt: skip


@pytest.mark.parametrize(("first", "second", "races"), RACES)
def test_plain_accesses_that_race(first: str, second: str, *, races: bool) -> None:
    assert ("data-race" in ends("x=7", first, second).flags) == races
