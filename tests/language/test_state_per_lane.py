"""State that there is once per element, per lane or per object: what its declarations mean."""

from pathlib import Path

import pytest

from smtmodel.executions.layout import lay_out
from smtmodel.executions.values import EMPTY, PointerValue
from smtmodel.language.checked import Bounds
from smtmodel.language.independence import Coupled, independence
from smtmodel.verdict import Verdict
from tests.support.examples import checked, results
from tests.support.front import diagnose

FILLED = """protocol filled "what begins filled has a value"
cache own {{ v }} per t = {{ v: 7 }}
shared cache all {{ v }} = {{ v: 1 }}
thread t {{ x = own.v + all.v
    sum: assert x == 8
    {} }}
bounds t 2
"""


def test_elements_and_caches_begin_with_what_is_written() -> None:
    protocol = checked(
        """protocol initial "values of all sorts"
        struct node { data }
        object a: node = { data: 3 }
        shared h[2]: node = { a, null }
        shared n[3] = { 1, -2, 3, }
        ghost g[2] = { 4, 5 }
        cache own { v } = { v: 7 }
        shared cache all { v, w } = { w: 1, v: 2 }
        shared cache none { v }
        thread t { n[0] = 1 }
        never x: n[0] == 9 always
        bounds t 2"""
    )
    memory = lay_out(protocol, protocol.bounds).initial
    pointer = memory[1]
    assert isinstance(pointer, PointerValue)
    assert memory[pointer] == 3
    assert memory[2:13] == (None, 1, -2, 3, 4, 5, (7,), (7,), (2, 1), EMPTY, 3)


def test_a_null_or_a_negative_number_in_a_list_is_seen() -> None:
    protocol = checked(
        """protocol seen "what can go wrong because of an element"
        struct node { data }
        object a: node = { data: 3 }
        shared h[2]: node = { a, null }
        shared n[2] = { 1, -2 }
        thread t { i = choose 0..1
            p = h[i]
            if (p != null || i > 0)
                ok: assert p.data == 3
            j = choose 0..1
            half = n[j] / 2
            fine: assert half == 0 }
        bounds t 1"""
    )
    _, found = results(protocol)
    assert found["null_dereference"].verdict is Verdict.REFUTED
    assert found["negative_operand"].verdict is Verdict.REFUTED


@pytest.mark.parametrize(("more", "code"), [("own = { v: 9 }", ""), ("zap(own)", "E309")])
def test_a_cache_that_begins_filled_has_a_value_unless_it_is_zapped(more: str, code: str) -> None:
    assert {one.code.name for one in diagnose(FILLED.format(more))} == ({code} if code else set())


def test_a_list_is_no_record() -> None:
    (found,) = diagnose("""protocol record "the fields of an entry are named"
        word w { f } = { 0 }
        thread t { w = { f: 1 } }
        never x: w.f == 2 always
        bounds t 1""")
    assert (found.code.name, found.suggestion) == ("E315", "name each field: `{ field: 0 }`")


# ---------------------------------------------------------------- the number of the lane

SLOTS = """protocol slots "each lane has a slot of its own"
shared slot[r] = 0
shared x = 0
thread r {{ {} }}
never bad: {} finally
bounds r 3
"""


@pytest.mark.parametrize(
    ("steps", "bad"),
    [
        ("slot[lane] = 1 if (lane == 2) slot[lane] = 0", "slot[lane] == 0"),
        ("slot[lane] = 1 x = lane", "slot[lane] == 1 && x == lane && lane == 2"),
        ("slot[0] = 1", "slot[lane] == 0 && lane == 2"),
        ("x = 1", "slot[lane] == 0 && lane == 1"),
    ],
)
def test_what_only_one_lane_shows_is_found(steps: str, bad: str) -> None:
    protocol = checked(SLOTS.format(steps, bad))
    _, found = results(protocol)
    assert found["bad"].verdict is Verdict.REFUTED
    assert all(not extent.any_number for one in found.values() for extent in one.extents)


@pytest.mark.parametrize(
    "text",
    [
        "cache c { v } shared x = 0 thread r { c = { v: lane } } never bad: c.v == 2 always",
        "cache c { v } shared x = 0 thread r { v = x c = { v: v } } never bad: c.v != lane always",
        "shared x[r] = 0 thread r { v = x[0] assert v == 0 }",
    ],
)
def test_lanes_with_numbers_stand_for_no_others(text: str) -> None:
    protocol = checked(f"protocol alike {text} bounds r 2")
    (kind,) = protocol.kinds
    assert isinstance(independence(protocol, kind), Coupled)


def test_an_interrupt_has_the_number_of_its_cpu() -> None:
    protocol = checked(
        """protocol cpus "an interrupt works on what its CPU has"
        shared count[cpu] = 0
        thread cpu { count[lane] = 5 }
        thread timer on cpu { count[lane]++ }
        never second: count[1] == 1 always
        never third: count[2] == 1 always
        never kept: count[lane] == 2 && lane == 0 always
        bounds cpu 2, timer 3"""
    )
    _, found = results(protocol)
    assert "out_of_bounds" not in found
    assert found["second"].verdict is found["kept"].verdict is Verdict.REFUTED
    _, found = results(protocol, bounds=Bounds(0, (("cpu", 2), ("timer", 1))))
    assert found["second"].verdict is Verdict.PROVED


TWO_KINDS = """shared a[r] = 0 shared b[o] = 0 thread o { x = 1 }
never both: a[lane] == b[lane] always"""


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("shared lane = 0", "E210"),
        ("thread other { lane = 1 x = lane }", "E403"),
        ("shared a[r] = { 1, 2 }", "E315"),
        ("shared a[reader] = 0", "E201"),
        ("fault f { x = 1 } shared a[faults] = 0", "E313"),
        ("thread i on r { x = 1 } shared a[i] = 0", "E313"),
        ("shared a[2] = 0 never bad: a[lane] == 1 always", "E704"),
        ("never bad: x == lane always", "E704"),
        (
            "shared a[r] = 0 shared b[o] = 0 thread o { x = 1 } never b: a[lane] == b[lane] always",
            "E702",
        ),
        ("thread i on r { x = 1 } cache c { v } per i never bad: c.v == lane always", "E704"),
        ("thread o { g = settled(x + lane) assert g == 0 }", "E701"),
        ("thread o { g = READ_ONCE(lane) assert g == 0 }", "E316"),
        ("thread o { each i of x { x = i } }", "E313"),
        ("shared a[2] = 0 thread o { each i of a { i = 1 } }", "E303"),
        ("shared a[2] = 0 thread o { each i of a { each i of a { x = i } } }", "E303"),
        ("shared a[2] = 0 thread o { each x of a { a[x] = 1 } }", "E403"),
        ("shared a[2] = 0 thread o { each i of a { x = i } x = i }", "E401"),
        ("shared a[2] = 0 spinlock l thread o { each i of a { spin_lock(l) } }", "E508"),
        ("shared a[2] = 0 thread o { atomic { each i of a { x = i } } }", "E511"),
    ],
)
def test_what_is_refused(text: str, code: str) -> None:
    kinds = ["r", *(one for one in ("o", "other", "i") if f"thread {one} " in text)]
    bounds = ", ".join(f"{one} 1" for one in [*kinds, *["faults"] * ("fault f" in text)])
    whole = f"protocol wrong shared x = 0 thread r {{ x = 1 }} {text} bounds {bounds}"
    assert code in {one.code.name for one in diagnose(whole)}


# ---------------------------------------------------------------- each element


def test_each_element_is_looked_at_and_none_twice() -> None:
    protocol = checked(
        """protocol all "the sum of all elements"
        shared a[3] = { 1, 10, 100 }
        shared slot[t] = 1
        thread t { sum = 0
            each i of a { sum += a[i] * (i + 1) }
            each i of slot { sum += slot[i] }
            right: assert sum == 321 + 2 }
        bounds t 2"""
    )
    coverage, found = results(protocol)
    assert found["right"].verdict is Verdict.PROVED
    assert coverage is not None
    assert not coverage.cuts
    _, found = results(protocol, bounds=Bounds(0, (("t", 3),)))
    assert found["right"].verdict is Verdict.REFUTED


def test_more_lanes_do_what_fewer_do_unless_they_are_counted() -> None:
    """With a single lane the sum is another one: its run says nothing about two lanes."""
    protocol = checked(
        """protocol counted "the sum of the slots of all lanes"
        shared slot[t] = 1
        thread t { sum = 0
            each i of slot { sum += slot[i] }
            one: assert sum != 1
            two: assert sum != 2 }
        bounds t 2"""
    )
    _, found = results(protocol)
    assert found["one"].verdict is Verdict.PROVED
    run = found["two"].run
    assert run is not None
    assert run.bounds.lanes == protocol.bounds.lanes


def test_where_an_interrupt_comes_depends_on_how_many_lanes_there_are() -> None:
    protocol = checked(
        """protocol spread "two interrupts of two CPUs"
        shared count = 0
        thread cpu { count = count + 0 }
        thread timer on cpu { if (lane == 0) count += 1 }
        never twice: count == 2 always
        bounds cpu 2, timer 2"""
    )
    _, found = results(protocol)
    assert found["twice"].verdict is Verdict.PROVED
    _, found = results(protocol, bounds=Bounds(0, (("cpu", 1), ("timer", 2))))
    assert found["twice"].verdict is Verdict.REFUTED


# ---------------------------------------------------------------- locks in arrays and objects

LOCKS = """struct page {{ spinlock l, mutex m, data }}
object a: page = {{ data: 0 }}
object b: page = {{ data: 0 }}
shared p[2]: page = {{ a, b }}
spinlock s[2]
rwlock rw[2]
mutex own[t]
shared x = 0
thread t {{ {} }}
bounds t {}
"""


def locked(steps: str, lanes: int = 2) -> dict[str, Verdict]:
    """The verdicts about a block that takes locks."""
    _, found = results(checked(f"protocol locks {LOCKS.format(steps, lanes)}"))
    return {name: one.verdict for name, one in found.items()}


@pytest.mark.parametrize(
    ("steps", "name", "verdict"),
    [
        (
            "q = p[0] spin_lock(&q->l) v = x x = v + 1 one: assert x == v + 1 spin_unlock(&q->l)",
            "one",
            Verdict.PROVED,
        ),
        (
            "q = p[lane] spin_lock(&q->l) v = x x = v + 1 one: assert x == v + 1 "
            "spin_unlock(&q->l)",
            "one",
            Verdict.REFUTED,
        ),
        (
            "spin_lock(&s[lane]) v = x x = v + 1 one: assert x == v + 1 spin_unlock(&s[lane])",
            "one",
            Verdict.REFUTED,
        ),
        ("i = choose 0..1 spin_lock(s[0]) spin_lock(s[i]) spin_unlock(s[i]) spin_unlock(s[0])",
         "deadlock", Verdict.REFUTED),
        ("spin_lock(s[0]) spin_lock(s[1]) spin_unlock(s[1]) spin_unlock(s[0])",
         "deadlock", Verdict.PROVED),
        ("i = lane j = 1 - i spin_lock(s[i]) spin_lock(s[j]) spin_unlock(s[j]) spin_unlock(s[i])",
         "deadlock", Verdict.REFUTED),
        ("i = choose 0..1 spin_lock(s[0]) if (spin_trylock(s[i])) { never: assert i == 1 "
         "spin_unlock(s[i]) } spin_unlock(s[0])", "never", Verdict.PROVED),
        ("i = choose 0..1 read_lock(rw[0]) read_lock(rw[i]) x = i read_unlock(rw[i]) "
         "read_unlock(rw[0])", "deadlock", Verdict.PROVED),
        ("i = choose 0..1 read_lock(rw[0]) write_lock(rw[i]) x = i write_unlock(rw[i]) "
         "read_unlock(rw[0])", "deadlock", Verdict.REFUTED),
        ("q = p[lane] spin_lock(&q->l) mutex_lock(&own[lane]) mutex_unlock(&own[lane]) "
         "spin_unlock(&q->l)", "lock_misuse", Verdict.REFUTED),
        ("q = p[lane] mutex_lock(&q->m) spin_lock(&s[lane]) spin_unlock(&s[lane]) "
         "mutex_unlock(&q->m)", "lock_misuse", Verdict.PROVED),
        ("q = p[0] spin_lock(&q->l) kfree(q) spin_unlock(&q->l)", "lock_misuse", Verdict.REFUTED),
        ("q = xchg(p[0], null) if (q != null) { spin_lock(&q->l) spin_unlock(&q->l) kfree(q) }",
         "lock_misuse", Verdict.PROVED),
        ("q = p[0] if (lane == 0) { kfree(q) } else { spin_lock(&q->l) spin_unlock(&q->l) }",
         "use_after_free", Verdict.REFUTED),
        ("q = p[0] if (lane == 0) { kfree(q) } else { if (spin_trylock(&q->l)) "
         "spin_unlock(&q->l) }", "use_after_free", Verdict.REFUTED),
        ("i = choose 0..2 spin_lock(&s[i]) spin_unlock(&s[i])", "out_of_bounds", Verdict.REFUTED),
        ("q = p[0] p[0] = null spin_lock(&q->l) spin_unlock(&q->l)", "null_dereference",
         Verdict.REFUTED),
        ("q = alloc page spin_lock(&q->l) q->data = lane same: assert q->data == lane "
         "spin_unlock(&q->l)", "deadlock", Verdict.PROVED),
    ],
)  # fmt: skip
def test_which_lock_it_is_decides(steps: str, name: str, verdict: Verdict) -> None:
    assert locked(steps)[name] is verdict


@pytest.mark.parametrize(
    ("steps", "code"),
    [
        ("i = 0 spin_lock(s[i]) i = 1 spin_unlock(s[i])", "E504"),
        ("q = p[0] spin_lock(&q->l) q = p[1] spin_unlock(&q->l)", "E504"),
        ("each i of s { spin_lock(s[i]) }", "E508"),
        ("i = 0 spin_lock(s[i]) spin_unlock(s[0])", "E506"),
        ("i = 0 spin_lock(s[i])", "E504"),
        ("spin_lock(s[lane]) spin_lock(s[lane]) spin_unlock(s[lane]) spin_unlock(s[lane])", "E505"),
        ("spin_lock(s)", "E313"),
        ("spin_lock(s[2]) spin_unlock(s[2])", "E314"),
        ("spin_lock(own[0]) spin_unlock(own[0])", "E303"),
        ("spin_lock(s[x]) spin_unlock(s[x])", "E303"),
        ("q = p[0] mutex_lock(&q->l) mutex_unlock(&q->l)", "E303"),
        ("q = p[0] v = q->l x = v", "E303"),
        ("q = p[0] q->l = 1", "E303"),
        ("q = p[0] spin_lock(&q->none) spin_unlock(&q->none)", "E303"),
    ],
)
def test_which_lock_it_is_must_be_known(steps: str, code: str) -> None:
    wrong = diagnose(f"protocol locks {LOCKS.format(steps, 1)} never n: x == 9 always")
    assert code in {one.code.name for one in wrong}


@pytest.mark.parametrize(
    "text",
    [
        "struct q { srcu d, data }",
        "struct q { spinlock l }",
        "srcu d[2]",
        "waitqueue w[2]",
        "shared v { spinlock l, data } = { data: 0 }",
    ],
)
def test_there_are_locks_of_their_own_in_structs_and_arrays_alone(text: str) -> None:
    whole = f"protocol wrong {text} shared x = 0 thread t {{ x = 1 }} never n: x == 2 always"
    assert "E303" in {one.code.name for one in diagnose(f"{whole} bounds t 1")}


@pytest.mark.parametrize("number", ["01", "02", "04", "04b", "14", "15"])
def test_what_protocols_could_not_say_is_decided(number: str) -> None:
    path = Path(__file__).parents[3] / "shared" / "inputs" / "gaps" / f"g{number}.dsl"
    if not path.exists():
        pytest.skip("the examples are not in this checkout")
    _, found = results(checked(path.read_text()))
    refuted = {name for name, one in found.items() if one.verdict is Verdict.REFUTED}
    assert refuted == ({"y"} if number == "15" else set())


def test_a_private_cache_that_others_look_at_is_told_how_to_be_shared() -> None:
    (found,) = diagnose("""protocol slots "a slot per reader that the writer looks at"
        cache slot { epoch } per reader
        shared epoch = 0
        thread reader { slot = { epoch: epoch } }
        thread writer { s = slot if (filled(s)) epoch = 1 }
        never x: epoch == 2 finally
        bounds reader 2, writer 1""")
    assert found.code.name == "E311"
    assert "shared cache slot[reader]" in found.suggestion
