"""Small protocols at which a translation or an abstraction goes wrong that is not careful.

Of each it is said which properties the closed set violates, or why nothing is known. A property
that a run at some bounds violates is never among those that hold.
"""

import pytest

from smtmodel.executions.explore import explore
from smtmodel.systems.close import Closed, TooCoarse, close
from smtmodel.systems.system import NotCovered, System
from smtmodel.systems.translate import system_of
from tests.support import certified
from tests.support.abstracted import bounded
from tests.support.examples import checked
from tests.support.lengths import long_but

NODE = "struct node { data }\nshared list: node = { data: 0 }\n"
READER = "thread r { y = n\n seen: assert y >= 0 }\n"

SECTIONS = (
    "srcu s\nsrcu t\nshared x = 0\n"
    "update u { x = 0\n x = 1\n synchronize_srcu(s)\n x = 2 }\n"
    "thread r { srcu_read_lock(READER)\n a = x\n b = x\n same: assert a != 0 || b != 2\n"
    "srcu_read_unlock(READER) }\nbounds updates 1, r 1"
)

FREED = (
    "struct node { data }\nshared list: node = { data: 1 }\n"
    "update u { old = list\n new = alloc node\n new.data = 2\n new.data = 1\n list = new\n"
    "FREE }\n"
    "thread r { rcu_read_lock()\n p = list\n d = p.data\n one: assert d == 1\n"
    "rcu_read_unlock() }\nbounds updates 2, r 1"
)

GUARDED = (
    "struct node { spinlock l, data }\nshared list: node = { data: 1 }\n"
    "update u { old = list\n spin_lock(&old->l)\n new = alloc node\n new.data = 1\n"
    "list = new\n FREE }\n"
    "thread r { rcu_read_lock()\n p = list\n spin_lock(&p->l)\n p.data = 2\n d = p.data\n"
    "mine: assert d == 2\n p.data = 1\n spin_unlock(&p->l)\n rcu_read_unlock() }\n"
    "bounds updates 2, r 1"
)

MASKED = (
    "shared n = 0\nthread t { OFF\n a = n\n b = n\n same: assert a == b\n ON }\n"
    "thread irq on t { x = n\n n = 1 - x }\nbounds t 1, irq 1, rounds 2"
)

VIOLATED = {
    "a pointer is null after three rounds": (
        NODE + "shared n = 0\n"
        "update u { c = n\n if (c == 2)\n list = null\n n = c + 1 }\n"
        "thread r { q = list\n d = q.data\n zero: assert d == 0 }\n"
        "bounds updates 2, r 1",
        {"null_dereference"},
    ),
    "steps of one and of two meet": (
        "shared n = 0\nshared b = 0\nshared on = 0\n"
        "update u { n = n + 1 }\nupdate v { b = b + 2 }\nupdate w { on = 1 }\n"
        + READER
        + "never meet: n == b when on == 1 && n > 0 always\nbounds updates 2, r 1",
        {"meet"},
    ),
    "steps of two meet at a distance of two": (
        "shared n = 0\nshared b = 0\nupdate u { n = n + 2 }\nupdate v { b = b + 2 }\n"
        + READER
        + "never meet: n == b when n > 0 settled\nbounds updates 2, r 1",
        {"meet"},
    ),
    "a token is above every literal and every counter": (
        "shared x = 0\nshared n = 0\nupdate u { n = n + 2\n x = fresh }\n"
        + READER
        + "never big: x > 5 && n == 2 always\nnever above: x > n && n > 0 settled\n"
        "bounds updates 1, r 1",
        {"big", "above"},
    ),
    "a field of an empty entry equals nothing": (
        "shared v = 0\ncache c { g }\nupdate u { v = v + 1 }\n"
        "thread r { e = c\n zero: assert e.g == 0\n c = { g: 0 } }\nbounds updates 1, r 1",
        {"zero"},
    ),
    "what is undefined at a settled instant is nothing": (
        "struct node { data }\nshared list: node = null\n"
        "update u { p = alloc node\n p.data = 0\n list = p }\n"
        "thread r { w = settled(list.data)\n zero: assert w == 0 }\nbounds updates 1, r 1",
        {"zero"},
    ),
    "what is published before it is written": (
        "struct node { data }\nshared list: node = null\n"
        "update u { p = alloc node\n list = p\n p.data = 7 }\n"
        "thread r { q = list\n if (q != null) { d = q.data\n seven: assert d == 7 } }\n"
        "bounds updates 1, r 1",
        {"unwritten_read"},
    ),
    "sections that a grace period does not wait for": (
        SECTIONS.replace("READER", "t"),
        {"same"},
    ),
    "the low bits of a counter are dropped and set": (
        "shared n = 0\nupdate u { n = n + 1 }\n"
        "thread r { y = n\n low: assert (y >> 1 << 1) == y\n high: assert (y | 2) == y\n"
        "half: assert y / 3 * 3 == y }\nbounds updates 2, r 1",
        {"low", "high", "half"},
    ),
    "two locks in two orders": (
        "mutex m\nmutex l\nshared n = 0\n"
        "update u { mutex_lock(m)\n mutex_lock(l)\n n = 1\n"
        "mutex_unlock(l)\n mutex_unlock(m) }\n"
        "thread w { mutex_lock(l)\n mutex_lock(m)\n n = 0\n"
        "mutex_unlock(m)\n mutex_unlock(l) }\n"
        "thread r { y = n\n seen: assert y >= 0 }\nbounds updates 1, w 1, r 1",
        {"deadlock"},
    ),
    "a grace period that the holder of a lock waits for": (
        "mutex m\nsrcu s\nshared n = 0\n"
        "update u { mutex_lock(m)\n synchronize_srcu(s)\n n = 1\n mutex_unlock(m) }\n"
        "thread w { srcu_read_lock(s)\n mutex_lock(m)\n n = 0\n"
        "mutex_unlock(m)\n srcu_read_unlock(s) }\nbounds updates 1, w 1",
        {"deadlock"},
    ),
    "only the third round is wrong": (
        "shared n = 0\nupdate u { n = n + 1 }\n"
        + READER
        + "never third: n == 3 settled\nbounds updates 2, r 1",
        {"third"},
    ),
    "an element under the lock of another": (
        "spinlock l[2]\nshared a = 0\n"
        "thread r { i = choose 0..1\n spin_lock(l[i])\n a = 1\n y = a\n"
        "mine: assert y == 1\n a = 0\n spin_unlock(l[i]) }\nbounds r 2",
        {"mine"},
    ),
    "locks of an array in two orders": (
        "spinlock l[2]\nshared a = 0\n"
        "thread r { i = choose 0..1\n j = 1 - i\n spin_lock(l[i])\n spin_lock(l[j])\n a = 1\n"
        "spin_unlock(l[i])\n spin_unlock(l[j]) }\nbounds r 2",
        {"deadlock"},
    ),
    "an object is freed while its lock is held": (
        GUARDED.replace("FREE", "synchronize_rcu()\n kfree(old)\n spin_unlock(&old->l)"),
        {"use_after_free", "lock_misuse"},
    ),
    "an interrupt between two reads": (
        MASKED.replace("OFF", "smp_mb()").replace("ON", "smp_mb()"),
        {"same"},
    ),
    "a local at the last end of its block": (
        "shared v = 0\nshared n = 0\nmutex m\nupdate u { v = v + 1 }\n"
        "thread r { x = v\n mutex_lock(m)\n n = 1\n mutex_unlock(m) }\n"
        "thread q { y = v\n mutex_lock(m)\n n = 2\n mutex_unlock(m) }\nlanes vcpu: r, q\n"
        "never old: r[0].x == 0 && q[0].y == 3 finally\nnever last: n == 1 finally\n"
        "bounds updates 3, vcpu 1",
        {"old", "last"},
    ),
    "an object that is freed at once": (
        FREED.replace("FREE", "kfree(old)"),
        {"use_after_free", "one"},
    ),
    "free memory that no reader of this domain keeps": (
        "typesafe "
        + FREED.replace("FREE", "kfree(old)")
        .replace("rcu_read", "srcu_read")
        .replace("lock()", "lock(s)")
        + "\nsrcu s",
        {"use_after_free", "one"},
    ),
    "a deferred free that waits for readers of another domain": (
        FREED.replace("FREE", "call_srcu(s, old)") + "\nsrcu s",
        {"use_after_free", "one"},
    ),
    "an object is freed that a deferred free waits for": (
        FREED.replace("FREE", "c = n\n if (c == 0) {\n n = 1\n kfree_rcu(old)\n kfree(old) }")
        + "\nshared n = 0",
        {"use_after_free"},
    ),
    "an object is freed twice": (
        FREED.replace("FREE", "synchronize_rcu()\n kfree(old)\n kfree(old)"),
        {"use_after_free"},
    ),
    "a counter of three bits comes round": (
        "shared n: bits 3 = 0\nshared steps = 0\nupdate u { n = n + 1\n steps = steps + 1 }\n"
        + READER
        + "never again: n == 0 && steps > 5 settled\nbounds updates 2, r 1",
        {"again"},
    ),
}
"""What some number of updates violates, and the closed set too."""

HOLDS = {
    "sections that a grace period waits for": (
        SECTIONS.replace("READER", "s"),
        {"same"},
    ),
    "a counter that is raised twice is even at rest": (
        "shared n = 0\nupdate u { n = n + 1\n n = n + 1 }\n"
        + READER
        + "never odd: (n & 1) == 1 settled\nbounds updates 2, r 1",
        {"odd"},
    ),
    "what the low bits of a counter are": (
        "shared n = 0\nshared m = 0\nupdate u { n = n + 1\n m = n >> 1 << 1 }\n"
        "thread r { y = m\n even: assert (y & 1) == 0\n same: assert (y | 1) == y + 1 }\n"
        "never above: m > n always\nbounds updates 2, r 1",
        {"even", "same", "above"},
    ),
    "tokens are never equal": (
        "shared x = 0\nshared n = 0\nupdate u { x = fresh\n n = fresh }\n"
        "thread r { y = x\n seen: assert y >= 0 }\n"
        "never equal: x == n && x != 0 always\nbounds updates 2, r 1",
        {"equal"},
    ),
    "locks of an array, each for an element": (
        "spinlock l[2]\nshared a[2] = 0\n"
        "thread r { i = choose 0..1\n spin_lock(l[i])\n a[i] = 1\n y = a[i]\n"
        "mine: assert y == 1\n a[i] = 0\n spin_unlock(l[i]) }\n"
        "never set: a[0] > 1 always\nbounds r 2",
        {"mine", "set", "deadlock"},
    ),
    "locks in objects": (
        GUARDED.replace("FREE", "spin_unlock(&old->l)\n synchronize_rcu()\n kfree(old)"),
        {"use_after_free", "lock_misuse", "deadlock", "mine"},
    ),
    "counters that stay small are added up": (
        "shared a = 0\nshared b = 0\nmutex m\n"
        "thread w { mutex_lock(m)\n a = a + 1\n x = a + b\n one: assert x == 1\n a = a - 1\n"
        "mutex_unlock(m) }\nthread v { mutex_lock(m)\n b = b + 1\n y = b - a\n"
        "other: assert y == 1\n b = 0\n mutex_unlock(m) }\n"
        "never two: a + b > 1 always\nbounds w 2, v 1",
        {"one", "other", "two"},
    ),
    "a lane that keeps interrupts off": (
        MASKED.replace("OFF", "local_irq_disable()").replace("ON", "local_irq_enable()"),
        {"same"},
    ),
    "what is given back is gone at the end": (
        "mutex m\nshared n = 0\nupdate u { mutex_lock(m)\n n = n + 1\n mutex_unlock(m)\n"
        "mutex_lock(m)\n n = n - 1\n mutex_unlock(m) }\n"
        "thread w { mutex_lock(m)\n x = n\n n = x + 1\n mutex_unlock(m)\n"
        "mutex_lock(m)\n n = n - 1\n mutex_unlock(m) }\n"
        "never left: n != 0 finally\nnever large: w[0].x > 2 finally\nbounds updates 1, w 1",
        {"left", "large"},
    ),
    "two locks in one order": (
        "mutex m\nmutex l\nshared n = 0\n"
        "update u { mutex_lock(m)\n mutex_lock(l)\n n = 1\n"
        "mutex_unlock(l)\n mutex_unlock(m) }\n"
        "thread w { mutex_lock(m)\n mutex_lock(l)\n n = 0\n"
        "mutex_unlock(l)\n mutex_unlock(m) }\nbounds updates 1, w 2",
        {"deadlock"},
    ),
    "an object that is freed after its readers": (
        FREED.replace("FREE", "synchronize_rcu()\n kfree(old)"),
        {"use_after_free", "one", "deadlock"},
    ),
    "an object that is freed later, after its readers": (
        FREED.replace("FREE", "kfree_rcu(old)"),
        {"use_after_free", "one"},
    ),
    "free memory that is kept for its readers": (
        "typesafe "
        + FREED.replace("FREE", "kfree(old)").replace("one: assert d == 1", "seen: assert d >= 1"),
        {"use_after_free"},
    ),
    "a lock": (
        "mutex m\nshared n = 0\nupdate u { n = 0 }\n"
        "thread w { mutex_lock(m)\n n = 1\n y = n\n one: assert y <= 1\n n = 0\n"
        "mutex_unlock(m) }\n"
        "never two: n > 1 always\nbounds updates 1, w 2",
        {"one", "two"},
    ),
}
"""What holds for any number of updates, and of rounds of these lanes."""


PROVED = (
    "an object that is freed later, after its readers",
    "locks in objects",
    "a lane that keeps interrupts off",
    "what is given back is gone at the end",
)
"""Those that are proved in every run of the tests."""


def _closed(content: str) -> tuple[System, Closed]:
    system = system_of(checked(f"protocol attack\n{content}\n"))
    assert isinstance(system, System), system
    closed = close(system)
    assert isinstance(closed, Closed), closed
    return system, closed


@pytest.mark.parametrize("title", VIOLATED)
def test_violated_for_some_number(title: str) -> None:
    content, violated = VIOLATED[title]
    _, closed = _closed(content)
    assert violated <= closed.violated


@pytest.mark.parametrize("title", HOLDS)
def test_holds_for_any_number(title: str) -> None:
    content, names = HOLDS[title]
    system, closed = _closed(content)
    assert names & (closed.violated | {name for name, _ in system.undecided}) == set()


@pytest.mark.parametrize("title", long_but(PROVED, HOLDS))
def test_what_holds_is_proved_by_two_solvers(title: str) -> None:
    content, names = HOLDS[title]
    assert names <= certified.proved(checked(f"protocol attack\n{content}\n"))


@pytest.mark.parametrize("title", VIOLATED)
def test_nothing_else_is_violated_than_runs_violate(title: str) -> None:
    content, _ = VIOLATED[title]
    protocol = checked(f"protocol attack\n{content}\n")
    system, closed = _closed(content)
    bounds = bounded(protocol, 3, 2) if "free" in title else bounded(protocol, 8, 3)
    seen = explore(protocol, bounds, store_buffers=False, limit=300_000)
    assert closed.violated == seen.violated - {name for name, _ in system.undecided}


def test_more_objects_than_there_is_room_for_are_not_cut_off() -> None:
    content = (
        "protocol attack\nstruct node { next: node, data }\n"
        "object first: node = { next: null, data: 0 }\nshared list: node = first\nshared n = 0\n"
        "update u { p = alloc node\n h = list\n p.next = h\n p.data = 1\n list = p\n c = n\n"
        "if (c < 5)\n n = c + 1 }\n" + READER + "never five: n == 5 always\nbounds updates 2, r 1\n"
    )
    system = system_of(checked(content))
    assert isinstance(system, System)
    assert close(system) == TooCoarse("more than 4 objects of node are in use at once")


FORGOTTEN = {
    "two deferred frees of a node wait at once": FREED.replace(
        "FREE", "kfree_rcu(old)\n kfree_rcu(old)"
    ),
    "node objects are freed, and one is read before it is written again": (
        FREED.replace("FREE", "kfree(new)").replace(
            "new.data = 2\n new.data = 1\n list = new", "y = new.data\n seen: assert y == old.data"
        )
    ),
    "node objects are freed, and one is read before it is written again: settled": (
        FREED.replace("FREE", "kfree(old)")
        .replace("new.data = 2\n new.data = 1\n list = new", "list = new")
        .replace(
            "p = list\n d = p.data\n one: assert d == 1",
            "w = settled(list.data)\n x = list\n one: assert w == 1 || x == null",
        )
    ),
}


@pytest.mark.parametrize("reason", FORGOTTEN)
def test_what_lay_in_a_free_object_is_not_made_up(reason: str) -> None:
    system = system_of(checked(f"protocol attack\n{FORGOTTEN[reason]}\n"))
    assert isinstance(system, System)
    assert close(system) == TooCoarse(reason.partition(":")[0])


def test_a_state_whose_property_meets_what_was_forgotten_counts_as_violated() -> None:
    """A new object is published before it is written, and may have been free before."""
    _, closed = _closed(
        "struct node { data }\nshared list: node = null\nshared ready = 0\n"
        "update u { p = alloc node\n list = p\n ready = 1\n p.data = 7\n list = null\n"
        "ready = 0\n kfree(p) }\nthread r { y = ready\n seen: assert y >= 0 }\n"
        "never early: list.data == 7 && ready == 0 when list != null always\n"
        "bounds updates 2, r 1"
    )
    assert closed.violated == {"early"}


REFUSED = {
    "node objects, which have ghost fields, are had again": "struct node { data, ghost uses }\n"
    "shared n = 0\nupdate u { p = alloc node\n p.data = 1\n own: p.uses += 1\n"
    "once: assert p.uses == 1\n kfree(p) }\n" + READER + "bounds updates 1, r 1",
    "two unbounded numbers are added or subtracted": "shared n = 0\nupdate u { n = n + 1 }\n"
    "thread r { x = n\n y = n\n near: assert y - x < 3 }\nbounds updates 2, r 1",
    "`*` on an unbounded number": "shared n = 0\nupdate u { n = n + 1 }\n"
    "thread r { x = n * 2\n y = n\n near: assert y < x }\nbounds updates 2, r 1",
}


@pytest.mark.parametrize("reason", REFUSED)
def test_what_is_not_covered_is_refused(reason: str) -> None:
    system = system_of(checked(f"protocol attack\n{REFUSED[reason]}\n"))
    refused = close(system) if isinstance(system, System) else system
    assert isinstance(refused, NotCovered)
    assert refused.reason == reason


def test_ends_goals_and_overflows_are_not_judged() -> None:
    system, _ = _closed(
        "shared n = 0\nupdate u { n = n + 1 }\nthread r { y = n }\n"
        "never last: r[0].y == 0 finally\nreach some: n == 1 always\nbounds updates 1, r 1"
    )
    assert {"last", "some"} <= {name for name, _ in system.undecided}


@pytest.mark.parametrize(
    ("declared", "steps", "reason"),
    [
        (
            "waitqueue q",
            "wait_event(q, n == 1)\n wake_up(q)\n n = n + 1",
            "lanes sleep, and a wakeup may come",
        ),
        (
            "srcu s\nsrcu t",
            "srcu_read_lock(s)\n synchronize_srcu(t)\n srcu_read_unlock(s)",
            "it is about lanes that",
        ),
    ],
)
def test_what_else_makes_lanes_wait_is_not_looked_at(
    declared: str, steps: str, reason: str
) -> None:
    system, _ = _closed(
        f"{declared}\nshared n = 0\nupdate u {{ n = 1 }}\n"
        f"thread r {{ {steps} }}\nbounds updates 1, r 1"
    )
    assert dict(system.undecided)["deadlock"].startswith(reason)
