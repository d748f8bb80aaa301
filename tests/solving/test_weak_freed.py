"""Objects that are made and freed under the kernel's memory model."""

from unittest.mock import patch

import pytest

from smtmodel.models.lkmm.freed import FREED, WRITE_BEFORE
from smtmodel.models.lkmm.races import XBSTAR
from smtmodel.models.terms import Defined, Named, Union, then
from smtmodel.solving import weakly
from smtmodel.source.record import replace
from tests.support.weak import results, verdicts

HANDED = """protocol handed
struct node {{ f }}
object first: node = {{ f: 0 }}
shared p: node = first
shared flag = 0
spinlock l
thread user {{
    o = p
    {user}
}}
thread owner {{
    g = READ_ONCE(flag)
    {owner}
}}
never bad: flag == 7 always
bounds user 1, owner 1
"""
FREES = "if (g == 1) { {between} kfree(p) }"


def _handed(access: str, signal: str, between: str) -> str:
    frees = FREES.replace("{between}", between)
    found = verdicts(HANDED.format(user=f"{access}\n{signal}", owner=frees))
    assert not isinstance(found, str), found
    return found["use_after_free"]


READ, WRITE = "r = READ_ONCE(o.f)\n_r = r", "WRITE_ONCE(o.f, 1)"
PLAIN_READ, PLAIN_WRITE = "r = o.f\n_r = r", "o.f = 1"
ONCE, RELEASE = "WRITE_ONCE(flag, 1)", "smp_store_release(flag, 1)"


@pytest.mark.parametrize(
    ("access", "signal", "between", "verdict"),
    [
        (READ, ONCE, "", "REFUTED"),
        (READ, RELEASE, "", "REFUTED"),
        (READ, ONCE, "smp_mb()", "REFUTED"),
        (READ, RELEASE, "smp_mb()", "PROVED"),
        (READ, f"smp_wmb()\n{ONCE}", "smp_mb()", "REFUTED"),
        (WRITE, f"smp_wmb()\n{ONCE}", "smp_mb()", "PROVED"),
        (PLAIN_READ, RELEASE, "smp_mb()", "PROVED"),
        (PLAIN_WRITE, RELEASE, "smp_mb()", "PROVED"),
        (PLAIN_WRITE, f"smp_mb()\n{ONCE}", "smp_mb()", "PROVED"),
        (PLAIN_WRITE, f"smp_wmb()\n{ONCE}", "smp_mb()", "REFUTED"),
        (READ, RELEASE, "smp_rmb()", "REFUTED"),
    ],
)
def test_who_frees_must_know_that_others_are_done(
    access: str, signal: str, between: str, verdict: str
) -> None:
    """A control dependency to the free is none: freeing is a plain write."""
    assert _handed(access, signal, between) == verdict


GUARDED = """protocol guarded
struct node {{ f }}
object first: node = {{ f: 0 }}
object second: node = {{ f: 0 }}
rcu p: node = first
srcu other
spinlock l
update u {{
    old = p
    rcu_assign_pointer(p, second)
    {between}
}}
thread reader {{
    {enter}
    q = rcu_dereference(p)
    r = {read}
    {leave}
    ok: assert r == 0
}}
bounds updates 1, reader 1
"""
RCU = ("rcu_read_lock()", "rcu_read_unlock()")
LOCK = ("spin_lock(l)", "spin_unlock(l)")


@pytest.mark.parametrize(
    ("section", "between", "verdict"),
    [
        (RCU, "synchronize_rcu()\nkfree(old)", "PROVED"),
        (RCU, "kfree_rcu(old)", "PROVED"),
        (RCU, "kfree(old)", "REFUTED"),
        (RCU, "synchronize_srcu(other)\nkfree(old)", "REFUTED"),
        (("smp_mb()", "smp_mb()"), "synchronize_rcu()\nkfree(old)", "REFUTED"),
    ],
)
@pytest.mark.parametrize("read", ["q.f", "READ_ONCE(q.f)"])
def test_a_grace_period_keeps_the_object_for_its_readers(
    section: tuple[str, str], between: str, verdict: str, read: str
) -> None:
    enter, leave = section
    text = GUARDED.format(between=between, enter=enter, leave=leave, read=read)
    found = results(text)
    assert not isinstance(found, str), found
    assert found["use_after_free"].verdict.value == verdict
    if verdict == "PROVED":
        assert found["ok"].verdict.value == "PROVED"
    else:
        assert found["ok"].reason == (
            "an object may be used after it is freed, when its memory may be another's"
            " (see use_after_free)"
        )


@pytest.mark.parametrize("read", ["q.f", "READ_ONCE(q.f)"])
def test_so_does_a_lock(read: str) -> None:
    enter, leave = LOCK
    text = GUARDED.replace("rcu_assign_pointer(p, second)", "spin_lock(l)\nWRITE_ONCE(p, second)")
    made = text.format(between="spin_unlock(l)\nkfree(old)", enter=enter, leave=leave, read=read)
    found = verdicts(made)
    assert not isinstance(found, str), found
    assert found["use_after_free"] == "PROVED"


def test_to_be_executed_before_is_not_to_be_visible() -> None:
    """A store that another lane has seen executed may land after the object is freed."""
    text = """protocol late
struct node { f }
object first: node = { f: 0 }
shared p: node = first
shared flag = 0
thread a { o = p WRITE_ONCE(o.f, 2) }
thread b {
    n = p
    r = READ_ONCE(n.f)
    if (r == 2) { WRITE_ONCE(flag, 1) }
}
thread c {
    g = smp_load_acquire(flag)
    if (g == 1) { kfree(p) }
}
reach frees: flag == 1
bounds a 1, b 1, c 1
"""
    found = verdicts(text)
    assert not isinstance(found, str), found
    assert found["use_after_free"] == "REFUTED"


@pytest.mark.parametrize(
    ("steps", "verdict"),
    [
        ("kfree(a)\nr = READ_ONCE(a.f)", "REFUTED"),
        ("r = READ_ONCE(a.f)\nkfree(a)", "PROVED"),
        ("kfree(a)\nkfree(a)\nr = 0", "REFUTED"),
        ("kfree(a)\nr = READ_ONCE(b.f)", "PROVED"),
        ("kfree(a)\na = alloc node\na.f = 0\nr = READ_ONCE(a.f)", "PROVED"),
    ],
)
def test_a_lane_frees_once_and_is_then_done(steps: str, verdict: str) -> None:
    found = verdicts(f"""protocol alone
struct node {{ f }}
object first: node = {{ f: 0 }}
object second: node = {{ f: 0 }}
shared p: node = first
shared q: node = second
thread t {{
    a = p
    b = q
    _b = b
    {steps}
    ok: assert r == 0
}}
bounds t 1
""")
    assert not isinstance(found, str), found
    assert found["use_after_free"] == verdict


MADE = """protocol made
struct node {{ f }}
object first: node = {{ f: 1 }}
rcu p: node = first
update u {{
    new = alloc node
    new.f = 1
    {publish}
}}
thread reader {{
    q = rcu_dereference(p)
    r = READ_ONCE(q.f)
    ok: assert r == 1
}}
bounds updates 1, reader 1
"""


def test_a_new_object_is_seen_unwritten_unless_it_is_published() -> None:
    found = verdicts(MADE.format(publish="rcu_assign_pointer(p, new)"))
    assert not isinstance(found, str)
    assert (found["ok"], found["unwritten_read"]) == ("PROVED", "PROVED")
    found = verdicts(MADE.format(publish="WRITE_ONCE(p, new)"))
    assert not isinstance(found, str)
    assert (found["ok"], found["unwritten_read"]) == ("REFUTED", "REFUTED")


def test_pointers_that_may_be_had_again_are_not_compared() -> None:
    text = MADE.format(publish="rcu_assign_pointer(p, new)\nkfree(new)")
    compared = text.replace(
        "r = READ_ONCE(q.f)", "s = p\nr = 1\nif (s == q) { r = READ_ONCE(q.f) }"
    )
    found = verdicts(compared)
    assert isinstance(found, str)
    assert "comparing pointers to objects that are freed and had again" in found
    assert isinstance(verdicts(compared.replace("s == q", "s != null")), dict)


def test_visibility_is_more_than_order() -> None:
    """The fault that takes the clock's order for visibility is noticed."""
    weaker = tuple(
        replace(one, term=Union((one.term, then(XBSTAR, Named("before-kfree")))))
        if isinstance(one, Defined) and Named(one.name) == WRITE_BEFORE
        else one
        for one in FREED.definitions
    )
    faulty = {**weakly.MODELS, weakly.View.FREED: replace(FREED, definitions=weaker)}
    with patch.object(weakly, "MODELS", faulty), pytest.raises(AssertionError):
        test_to_be_executed_before_is_not_to_be_visible()
