"""One independent lane stands for any number, and what couples lanes is named."""

import json
import os
from unittest.mock import patch

import pytest

from smtmodel.executions.explore import explore, verdicts
from smtmodel.language.checked import Bounds, Checked
from smtmodel.language.independence import Coupled, Coupling, Independent, independence
from smtmodel.models import SC, TSO, Model, model
from smtmodel.solving import bounds as choosing
from smtmodel.solving import decide as deciding
from smtmodel.solving import runs
from smtmodel.solving.result import Coverage, Extent, Limits, Result
from smtmodel.source.record import record, replace
from smtmodel.verdict import Verdict
from tests.support.differential import as_found, crowded
from tests.support.differential import checked as checked_for
from tests.support.examples import FOUNDING, at, checked, explored, shipped
from tests.support.lengths import long_but
from tests.support.program import run
from tests.support.random_protocols import text


def lanes_at(protocol: Checked, bound: str, count: int) -> Bounds:
    """The protocol's bounds with so many lanes of one kind."""
    lanes = tuple((name, count if name == bound else n) for name, n in protocol.bounds.lanes)
    return replace(protocol.bounds, lanes=lanes)


def found(
    protocol: Checked, bounds: Bounds, under: Model = SC, *, any_number: bool = True
) -> tuple[Coverage | None, dict[str, Result]]:
    """What the prover finds."""
    told = list(deciding.decide(protocol, under, bounds, Limits(), None, any_number=any_number))
    coverage = next((one for one in told if isinstance(one, Coverage)), None)
    return coverage, {one.name: one for one in told if isinstance(one, Result)}


def couplings(protocol: Checked, kind: str) -> tuple[Coupling, ...]:
    """What couples the lanes of a kind; fails if nothing does."""
    how = independence(protocol, protocol.kind(kind))
    assert isinstance(how, Coupled), how
    return how.couplings


# ---------------------------------------------------------------- couplings that matter


@record
class Case:
    """Lanes of `kind` that `step` couples: `name` holds for one lane and not for two.

    `bound`: of the kind whose number is changed, if that is another one.
    """

    name: str
    kind: str
    step: str
    how: str
    text: str


SEER = """
thread seer {{
    a = 0  if ({0}trylock(l)) {{ a = 1  {0}unlock(l) }}
    b = 0  if ({0}trylock(l)) {{ b = 1  {0}unlock(l) }}
    c = 0  if ({0}trylock(l)) {{ c = 1  {0}unlock(l) }}
    held_twice: assert !(a == 0 && b == 1 && c == 0)
}}
bounds t 2, seer 1
"""

MATTERS = (
    Case(
        "twice",
        "t",
        "x = r + 1",
        "it writes x, which others see",
        """
shared x = 0
thread t { r = x  x = r + 1 }
never twice: x == 2 always
bounds t 2
""",
    ),
    Case(
        "again",
        "t",
        "p.f = r + 1",
        "it writes node.f, which others see",
        """
struct node { f }
shared p: node = { f: 0 }
thread t { r = p.f  p.f = r + 1  again: assert r == 0 }
bounds t 2
""",
    ),
    Case(
        "missed",
        "t",
        "if (spin_trylock(l))",
        "it takes l",
        """
spinlock l
shared x = 0
thread t { got = x  if (spin_trylock(l)) { got = 1  spin_unlock(l) }  missed: assert got == 1 }
bounds t 2
""",
    ),
    Case(
        "held_twice",
        "t",
        "spin_lock(l)",
        "it takes l",
        "spinlock l\nthread t { spin_lock(l)  spin_unlock(l) }\n" + SEER.format("spin_"),
    ),
    Case(
        "held_twice",
        "t",
        "read_lock(l)",
        "it takes l",
        "rwlock l\nthread t { read_lock(l)  read_unlock(l) }\n" + SEER.format("write_"),
    ),
    Case(
        "second",
        "t",
        "n = atomic_inc_return(x)",
        "it reads and writes x in one go",
        """
shared x = 0
thread t { n = atomic_inc_return(x)  second: assert n == 1 }
bounds t 2
""",
    ),
    Case(
        "lost",
        "t",
        "old = cmpxchg(x, 0, 1)",
        "it reads and writes x in one go",
        """
shared x = 0
thread t { old = cmpxchg(x, 0, 1)  lost: assert old == 0 }
bounds t 2
""",
    ),
    Case(
        "use_after_free",
        "t",
        "kfree(q)",
        "it frees an object",
        """
struct node { f }
shared p: node = { f: 0 }
thread t { q = p  kfree(q) }
never strange: p == null always
bounds t 2
""",
    ),
    Case(
        "use_after_free",
        "t",
        "kfree_rcu(q)",
        "it frees an object",
        """
struct node { f }
shared p: node = { f: 0 }
thread t { q = p  kfree_rcu(q) }
never strange: p == null always
bounds t 2
""",
    ),
    Case(
        "emptied",
        "t",
        "zap(c)",
        "it empties c in every lane",
        """
cache c { one } per t
thread t { c = { one: 1 }  e = c  emptied: assert filled(e)  zap(c) }
bounds t 2
""",
    ),
    Case(
        "seen",
        "t",
        "c = { one: 1 }",
        "it writes c, which others see",
        """
shared cache c { one }
thread t { e = c  seen: assert !filled(e)  c = { one: 1 } }
bounds t 2
""",
    ),
    Case(
        "counted",
        "t",
        "g += 1",
        "it writes the ghost g",
        """
shared x = 0
ghost g = 0
thread t { r = x  g += 1  counted: assert g + r == 1 }
bounds t 2
""",
    ),
    Case(
        "raced",
        "task",
        "",
        "irq lanes interrupt them",
        """
shared x = 0
shared y = 0
thread task { r = y  whole: assert r < 9 }
thread irq on task { a = x  x = a + 1  b = x  raced: assert b == a + 1 }
bounds task 2, irq 2
""",
    ),
)


@pytest.mark.parametrize("case", MATTERS, ids=lambda case: f"{case.name}-{case.step or case.kind}")
def test_lanes_that_a_step_couples_are_all_looked_at(case: Case) -> None:
    """Each has one coupling: without its condition the lane would be taken for any number."""
    protocol = checked(f"protocol p\n{case.text}")
    (one,) = couplings(protocol, case.kind)
    assert ("" if one.where is None else one.where.text, one.sentence) == (case.step, case.how)
    alone, both = (lanes_at(protocol, case.kind, count) for count in (1, 2))
    _, results = found(protocol, alone)
    assert results[case.name].verdict is Verdict.PROVED
    extent = next(e for e in results[case.name].extents if e.bound == case.kind)
    assert extent == Extent(case.kind, any_number=False, reason="", couplings=(one,))
    assert found(protocol, both)[1][case.name].verdict is Verdict.REFUTED
    with patch.object(choosing, "independence", lambda *a: Independent("nobody looked")):
        blind = found(protocol, both)[1][case.name]
    assert blind.verdict is Verdict.PROVED
    assert all(extent.any_number for extent in blind.extents)


# ---------------------------------------------------------------- couplings to be careful about

STATE = """
protocol p
struct node { f }
shared p: node = { f: 0 }
rcu k: node = null
cache c { one } per t
shared x = 0
shared a[2] = 0
word w { m, n } = { m: 0, n: 0 }
ghost g = 0
srcu d
mutex m
rwlock l
"""
CAREFUL = {
    "y = fresh  r = y > 1  assert r == 1": ["y = fresh"],
    "n = alloc node  n.f = 1  r = n.f  assert r == 1": ["n = alloc node", "n.f = 1"],
    "n = copy p  r = n.f  assert r == 0": ["n = copy p"],
    "r = x  a[r] = 1": ["a[r] = 1"],
    "w = { m: 1, n: 1 }": ["w = { m: 1, n: 1 }"],
    "e = xchg(w, { m: 1, n: 1 })  assert e.m == 0": ["e = xchg(w, { m: 1, n: 1 })"],
    "q = p  call_srcu(d, q)": ["call_srcu(d, q)"],
    "mutex_lock(m)  mutex_unlock(m)": ["mutex_lock(m)"],
    "write_lock(l)  write_unlock(l)": ["write_lock(l)"],
    "if (read_trylock(l)) { read_unlock(l) }": ["if (read_trylock(l))"],
    "either { r = x  x = 1 } or { r = x }  while 2 (r == 1) { x++ r = x }": ["x = 1", "x++"],
}


@pytest.mark.parametrize("steps", CAREFUL)
def test_each_coupling_step_is_named_in_the_order_of_the_file(steps: str) -> None:
    """A random step of each kind; for some, no property tells one lane from two."""
    protocol = checked(f"{STATE}\nthread t {{ {steps} }}\nnever n: x == 9 always\nbounds t 2\n")
    named = [one.where.text if one.where else "" for one in couplings(protocol, "t")]
    assert named == CAREFUL[steps]


def test_updates_and_interrupts_couple_whatever_they_do() -> None:
    text_ = "shared x = 0\nupdate u { x = 1 }\nthread task { r = x  assert r < 9 }\n"
    text_ += "thread irq on task { r = x  assert r < 9 }\nbounds updates 1, task 1, irq 1\n"
    protocol = checked(f"protocol p\n{text_}")
    assert couplings(protocol, "update")[0].where is None
    assert [one.sentence for one in couplings(protocol, "irq")] == ["they interrupt task lanes"]


def test_others_must_leave_the_caches_of_a_lane_alone() -> None:
    body = "shared x = 0\ncache c {{ one }} per t\nthread t {{ r = x  c = {{ one: r }} }}\n"
    body += "{}\nnever n: c.one == 9 always\nbounds t 2, o 1\n"
    zapped = checked("protocol p\n" + body.format("thread o { zap(c) }"))
    assert [one.sentence for one in couplings(zapped, "t")] == ["it empties their c"]
    # The language has no name for the entry of another lane: a cache that is given away.
    other = "cache d { one } per o\nthread o { d = { one: 1 }  e = d  assert e.one == 1 }"
    protocol = checked("protocol p\n" + body.format(other))
    given = tuple(replace(one, owner="t") if one.name == "d" else one for one in protocol.variables)
    touched = couplings(replace(protocol, variables=given), "t")
    assert [one.sentence for one in touched] == ["it writes their d", "it reads their d"]


# ---------------------------------------------------------------- independent lanes

READERS = {
    "rcu_read_lock()  q = rcu_dereference(k)  r = 0  if (q) { r = q.f }  rcu_read_unlock()"
    "  c = { one: r }": "they write only their own c (t)",
    "synchronize_rcu()  synchronize_srcu(d)  r = x  assert r < 9": "they write nothing (t)",
    "i = srcu_read_lock(d)  smp_mb()  r = x  srcu_read_unlock(d, i)  assert r < 9": (
        "they write nothing (t)"
    ),
    "r = settled(x)  assume r < 9  z = choose 0..1  c = { one: z }": (
        "they write only their own c (t)"
    ),
    "retry 2 { r = READ_ONCE(x) } until (r == 0)  atomic { c = { one: r } }": (
        "they write only their own c (t)"
    ),
    "r = x  assert g == r || g == 0": "they write nothing (t)",
}


@pytest.mark.parametrize("steps", READERS)
def test_lanes_that_read_and_keep_to_themselves_are_independent(steps: str) -> None:
    written = f"{STATE}\nupdate u {{ x = 1  g = 1 }}\nthread t {{ {steps} }}\n"
    written += "never n: c.one == 9 always\nnever s: x == 9 settled\nbounds updates 1, t 2\n"
    protocol = checked(written)
    how = independence(protocol, protocol.kind("t"))
    assert how == Independent(READERS[steps])
    assert_alike(protocol, protocol.bounds, SC)


def assert_alike(protocol: Checked, bounds: Bounds, under: Model, states: int = 20_000) -> bool:
    """With one lane, with all of them and by the explorer: the same; whether all could be asked."""
    with patch.object(runs, "shrinking", lambda s, q, found, run=None: [as_found(s, q, found)]):
        covered, few = found(protocol, bounds, under)
        covered_by_all, all_ = found(protocol, bounds, under, any_number=False)
    decided = {name: one.verdict for name, one in few.items()}
    assert decided == {name: one.verdict for name, one in all_.items()}
    assert covered == covered_by_all
    assert not any(one.extents for one in all_.values())
    exploration = explore(protocol, bounds, store_buffers=under.store_buffers, limit=states)
    if exploration.finished:
        assert decided == verdicts(exploration, protocol)
    return exploration.finished


@pytest.mark.parametrize("under", ["sc", "tso"])
@pytest.mark.parametrize("name", long_but(("original", "paolo"), FOUNDING))
def test_one_fault_lane_decides_for_two(name: str, under: str) -> None:
    protocol = shipped(name)
    bounds = at(protocol, 1, 2)
    with patch.object(runs, "shrinking", lambda s, q, found, run=None: [as_found(s, q, found)]):
        _, few = found(protocol, bounds, model(under))
        _, all_ = found(protocol, bounds, model(under), any_number=False)
    decided = {prop: one.verdict for prop, one in few.items()}
    assert decided == {prop: one.verdict for prop, one in all_.items()}
    assert {p: r.run and r.run.bounds for p, r in few.items()} == {
        p: r.run and r.run.bounds for p, r in all_.items()
    }
    if under == "sc":
        assert decided == verdicts(explored(protocol, bounds, under), protocol)


RANDOM = int(os.environ.get("SMTMODEL_INDEPENDENCE", "100"))
CHUNKS = 5


@pytest.mark.parametrize("chunk", long_but((0,), range(CHUNKS)))
def test_one_lane_decides_for_two_in_random_protocols(chunk: int) -> None:
    compared = 0
    for seed in range(chunk, RANDOM, CHUNKS):
        under = (SC, TSO)[seed % 2]
        protocol = checked_for(text(seed, weak=under is TSO), weak=under is TSO)
        assert isinstance(protocol, Checked)
        kinds = [k for k in protocol.kinds if isinstance(independence(protocol, k), Independent)]
        if not kinds:
            continue
        twice = {kind.bound: 2 for kind in kinds}
        lanes = tuple((name, twice.get(name, n)) for name, n in protocol.bounds.lanes)
        protocol = replace(protocol, bounds=replace(protocol.bounds, lanes=lanes))
        if not crowded(protocol, under):
            assert_alike(protocol, protocol.bounds, under, states=3_000)
            compared += 1
    assert compared


# ---------------------------------------------------------------- properties

MIXED = """
protocol mixed
shared x = 0
cache c { one }
mutex m
update u { x = 1  synchronize_rcu()  x = 2 }
fault f { rcu_read_lock()  r = x  c = { one: r }  rcu_read_unlock() }
never always_less: c.one == 3 always
never settled_less: c.one == 3 settled
never finally_less: c.one == 3 finally
reach filled: filled(c)
reach ends: c.one == 2 finally
bounds updates 1, faults 3
"""


WAITING = """
protocol waiting
srcu d
srcu e
thread waits {
    either {
        srcu_read_lock(d)
        synchronize_srcu(e)
        srcu_read_unlock(d)
    } or {
        srcu_read_lock(e)
        synchronize_srcu(d)
        srcu_read_unlock(e)
    }
}
bounds waits 2
"""


def test_final_states_are_about_all_lanes() -> None:
    protocol = checked(MIXED)
    _, results = found(protocol, protocol.bounds)
    assert {name: one.verdict for name, one in results.items()} == dict.fromkeys(
        results, Verdict.PROVED
    )
    any_number = {name: [e.any_number for e in one.extents] for name, one in results.items()}
    assert any_number == {
        "always_less": [True],
        "settled_less": [True],
        "finally_less": [False],
        "filled": [True],
        "ends": [False],
        "deadlock": [True],
        "lock_misuse": [True],
    }
    (extent,) = results["ends"].extents
    assert (extent.reason, extent.couplings) == ("about the final state of all lanes", ())


def test_lanes_that_wait_for_each_other_may_deadlock() -> None:
    protocol = checked(WAITING)
    (kind,) = protocol.kinds
    assert isinstance(independence(protocol, kind), Independent)
    one = replace(protocol.bounds, lanes=(("waits", 1),))
    assert found(protocol, one)[1]["deadlock"].verdict is Verdict.PROVED
    assert found(protocol, protocol.bounds)[1]["deadlock"].verdict is Verdict.REFUTED
    (extent,) = found(protocol, one)[1]["deadlock"].extents
    assert (extent.any_number, extent.couplings) == (False, ())


def test_any_number_is_claimed_at_every_bound_and_only_of_proofs() -> None:
    original, paolo = shipped("original"), shipped("paolo")
    for faults in (1, 2, 5):
        (extent,) = found(paolo, at(paolo, 1, faults))[1]["stale_after_return"].extents
        assert extent == Extent("faults", True, "they write only their own mmio (page_fault)")
        refuted = found(original, at(original, 1, faults))[1]["stale_after_return"]
        assert not refuted.extents
        assert refuted.run
        assert refuted.run.bounds == at(original, 1, 1)


def test_every_format_says_how_far_a_proof_reaches() -> None:
    process = run("prove", "tests/golden/mixed.dsl", "--bounded", "--format", "json")
    (outcome,) = json.loads(process.stdout)["outcomes"]
    told = {one["name"]: one for one in outcome["results"]}
    everywhere = "1 update, any number of faults and 1 writer lane, 1 round each"
    assert told["five"]["scope"] == everywhere
    assert told["six"]["scope"] == "1 update, 2 faults and 1 writer lane"
    human = " ".join(run("prove", "tests/golden/mixed.dsl").stdout.split())
    assert f"every interleaving of {everywhere} (sc)" in human
    fault, writer = told["five"]["extents"]
    assert (fault["bound"], fault["any_number"], fault["couplings"]) == ("faults", True, [])
    assert f"faults are independent: {fault['reason']}" in human
    (coupling,) = writer["couplings"]
    assert f"coupled by `{coupling['step']['text']}` (writer:{coupling['step']['line']})" in human
    assert coupling["sentence"] == "it writes x, which others see"
