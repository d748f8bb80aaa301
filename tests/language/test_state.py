"""What the declarations of state and the steps on it come to mean: widths, ghosts, whole entries,
objects that are freed, sides of locks, lanes that interrupt."""

from textwrap import dedent, indent

import pytest

from smtmodel.executions.final_states import observables
from smtmodel.language.checked import (
    RCU,
    Cell,
    Checked,
    Constant,
    EntryValue,
    Expression,
    Filled,
    Free,
    Load,
    Local,
    Mark,
    Never,
    Operation,
    Part,
    Reach,
    ReadModifyWrite,
    ReleaseLock,
    Rmw,
    SetLocal,
    Settled,
    Shape,
    Step,
    Store,
    TakeLock,
    Through,
    TryLock,
    Yields,
    Zap,
    lanes,
)
from smtmodel.language.types import Bits, Entry, Plain, Pointer, widened
from smtmodel.language.walk import steps_in, within
from smtmodel.source.record import parts
from tests.support.front import accepted, codes

STATE = """
struct node { next: node, gen: bits 3, ghost owner }
object one: node = { next: null, gen: 7 }
object two: node = { next: one, gen: 1, owner: 2 }
shared p: node = one
shared q: node = two
shared x = 0
shared seq: bits 3 = 7
shared ring[2]: bits 2 = 3
shared pair { hits: bits 2, misses } = { hits: 3, misses: 9 }
word w { a, b: bits 4 } = { a: 0, b: 15 }
word v { a, b: bits 4 } = { a: 0, b: 0 }
shared cache c { page, gen: bits 3 }
cache own { page } per t
ghost g = 0
ghost h[2] = 5
srcu d
mutex m
rwlock l
"""


def text(steps: str, more: str = "") -> str:
    body = indent(dedent(steps).strip("\n"), "    ")
    claim = f"{more}\nnever bad: x == 9 always\nbounds t 1\n"
    return f"protocol test\n{STATE}\nthread t {{\n{body}\n}}\n{claim}"


def made(steps: str) -> list[Step]:
    return list(steps_in(accepted(text(steps)).blocks[0].steps))


def stored(steps: str) -> Store:
    """The last store of the steps."""
    return [one for one in made(steps) if isinstance(one, Store)][-1]


def exchange(steps: str) -> ReadModifyWrite:
    """The only read-modify-write of the steps."""
    (found,) = [
        one
        for one in within(accepted(text(steps)).blocks[0].steps)
        if isinstance(one, ReadModifyWrite)
    ]
    return found


def wrap(value: Expression, top: int) -> Operation:
    return Operation("wrap", (value, Constant(top)))


X = Load(Cell("x"), Mark.PLAIN)
SEQ = Load(Cell("seq"), Mark.PLAIN)


# ---------------------------------------------------------------- widths


@pytest.mark.parametrize(
    ("steps", "value"),
    [
        ("seq = x", wrap(X, 8)),
        ("seq = 7", Constant(7)),
        ("seq = seq + 1", wrap(Operation("+", (SEQ, Constant(1))), 8)),
        ("WRITE_ONCE(seq, x)", wrap(X, 8)),
        ("ring[x] = x", wrap(X, 4)),
        ("pair.hits = x", wrap(X, 4)),
        ("pair.misses = x", X),
        ("n = p\nn.gen = x", wrap(X, 8)),
        ("w = { a: x, b: x }", EntryValue(("a", "b"), (X, wrap(X, 16)))),
        ("c = { page: x, gen: seq }", EntryValue(("page", "gen"), (X, SEQ))),
        ("w = v", Load(Cell("v"), Mark.PLAIN)),
    ],
)
def test_what_is_stored_in_a_width_wraps_unless_it_fits(steps: str, value: Expression) -> None:
    assert stored(steps).value == value


@pytest.mark.parametrize(
    ("steps", "operator", "width"),
    [("seq += x", "+", 3), ("seq--", "-", 3), ("ring[x]++", "+", 2), ("x -= seq", "-", None)],
)
def test_what_is_added_to_a_width_wraps_too(steps: str, operator: str, width: int | None) -> None:
    found = stored(steps)
    assert (found.operator, found.width) == (operator, width)


def test_a_place_of_the_same_width_fits_and_a_wider_one_does_not() -> None:
    assert stored("n = p\nn.gen = seq").value == SEQ
    assert stored("ring[0] = seq").value == wrap(SEQ, 4)
    assert stored("b = seq\nb = b + 1\nseq = b").value == wrap(Local("b"), 8)


def test_an_entry_without_widths_wraps_field_by_field() -> None:
    value = stored("e = { a: x, b: 99 }\nw = e").value
    assert value == EntryValue(("a", "b"), (Part(Local("e"), "a"), wrap(Part(Local("e"), "b"), 16)))
    assert stored("e = v\nw = e").value == Local("e")


@pytest.mark.parametrize(
    ("steps", "operands", "width"),
    [
        ("atomic_inc(&seq)", (Constant(1),), 3),
        ("x = atomic_add_return(x, &seq)", (X,), 3),
        ("atomic_inc(&x)", (Constant(1),), None),
        ("x = xchg(&seq, x)", (wrap(X, 8),), None),
        ("x = cmpxchg(&seq, x, x)", (wrap(X, 8), wrap(X, 8)), None),
    ],
)
def test_read_modify_writes_of_a_width(
    steps: str, operands: tuple[Expression, ...], width: int | None
) -> None:
    found = exchange(steps)
    assert (found.operands, found.width) == (operands, width)


def test_a_comparison_that_never_holds_is_refused() -> None:
    assert codes(text("b = seq\nif (b == 8) { x = 1 }")) == ["E320"]
    assert codes(text("if (seq != -1) { x = 1 }")) == ["E320"]
    assert codes(text("if (seq + 1 == 8) { x = 1 }")) == []


def test_masks_and_shifts_have_the_precedence_of_c() -> None:
    assert stored("x = x << 1 & 6").value == Operation(
        "&", (Operation("<<", (X, Constant(1))), Constant(6))
    )
    assert stored("x = x + 1 >> 2").value == Operation(
        ">>", (Operation("+", (X, Constant(1))), Constant(2))
    )


# ---------------------------------------------------------------- ghosts


def test_ghosts_are_marked_wherever_they_are_touched() -> None:
    protocol = accepted(
        text(
            """
            n = p
            n.owner = g + 1
            h[g] += 1
            want = settled(g)
            assert want <= h[0] && n.owner > 0
            """,
            "never odd: g == h[1] && p.owner == 1 always",
        )
    )
    touched = {
        (type(one).__name__, str(one.place.field if isinstance(one.place, Through) else ""))
        for one in parts((protocol.blocks, protocol.properties))
        if isinstance(one, Load | Store) and one.mark is Mark.GHOST
    }
    assert touched == {("Load", ""), ("Store", ""), ("Load", "owner"), ("Store", "owner")}
    assert protocol.struct("node").ghosts == ("owner",)
    assert protocol.variable("g").ghost
    assert protocol.variable("h").ghost
    assert not protocol.variable("x").ghost


def test_a_ghost_field_that_is_not_given_is_0() -> None:
    assert [one.values[2] for one in accepted(text("x = 1")).objects] == [0, 2]


@pytest.mark.parametrize(
    "steps",
    [
        "x = 1\ng = 1\ng += 2\ng--",
        "b = x\ng = b + h[b]",
        "b = x\nif (b == 0)\n    g = 1",
        "either { x = 1 } or { smp_mb() }\ng = 1",
        "retry 2 { b = x } until (b == 0)\ng = b",
        "if (x == 0 && x == 1) { smp_mb() }\ng = 1",
        "rcu_read_lock()\ng = 1\nrcu_read_unlock()",
        "b = x\nwas = g\nwas = was + b\nassert was == 0\ng = was",
        "x = 1\nassume g == 0",
        "x = 1\nwant = settled(x)\ng = want",
    ],
)
def test_ghosts_behind_an_event(steps: str) -> None:
    assert codes(text(steps)) == []


@pytest.mark.parametrize(
    "steps",
    [
        "g = 1",
        "b = choose 0..1\ng = b",
        "b = choose 0..1\nif (b == 1) { x = 1 }\ng = 1",
        "b = choose 0..1\nwhile 2 (b == 1) { x = 1 }\ng = 1",
        "either { x = 1 } or { }\ng = 1",
        "b = choose 0..1\nif (b == 1 && x == 1) { b = 0 }\nassert g == b",
    ],
)
def test_ghosts_without_an_event_on_some_path(steps: str) -> None:
    assert codes(text(steps)) == ["E408"]


def test_updates_and_interrupts_begin_with_an_event() -> None:
    more = "update u { g = 1 }\nthread irq on t { g = 2 }\nbounds updates 1, irq 1"
    assert codes(text("x = 1", more)) == []


# ---------------------------------------------------------------- whole entries


def test_words_and_caches_are_exchanged_whole() -> None:
    found = exchange("e = w\nn = cmpxchg(&w, e, { a: 1, b: x })\nassert n.a == 0")
    new = EntryValue(("a", "b"), (Constant(1), wrap(X, 16)))
    assert found.operation is Rmw.COMPARE_EXCHANGE
    assert (found.place, found.operands) == (Cell("w"), (Local("e"), new))
    assert (found.yields, found.mark) == (Yields.BEFORE, Mark.FULL)
    assert exchange("if (cmpxchg_double(c, c, { page: 1, gen: 1 })) { x = 1 }").yields is (
        Yields.SUCCESS
    )
    assert exchange("n = xchg(c, { page: 1, gen: 1 })\nx = filled(n)").place == Cell("c")
    assert exchange("n = xchg(w, v)\nassert n.b == 15").operands == (Load(Cell("v"), Mark.PLAIN),)


@pytest.mark.parametrize("name", ["p, null, q", "x, 0, 1", "ring[x], 0, 1", "seq, 0, 1"])
def test_try_cmpxchg_works_on_any_place(name: str) -> None:
    found = exchange(f"if (try_cmpxchg({name})) {{ x = 3 }}")
    assert found.yields is Yields.SUCCESS


def test_a_shared_cache_is_one_location_of_all_lanes() -> None:
    more = "thread other { e = c\nif (filled(e)) { x = e.page } }\nbounds other 1\n"
    more += "never stale: c.gen == seq when c.page == x always\nreach fills: filled(c)"
    found = accepted(text("c = { page: 1, gen: 1 }\nzap(c)\nzap(own)", more))
    assert found.variable("c").shape is Shape.SHARED_CACHE
    assert found.variable("c").owner is None
    zapped = [one.variable for one in steps_in(found.blocks[0].steps) if isinstance(one, Zap)]
    assert zapped == ["c", "own"]
    never = next(one for one in found.properties if one.name == "stale")
    assert isinstance(never, Never)
    assert never.lanes is None
    assert never.condition is not None
    assert Filled(Load(Cell("c"), Mark.PLAIN)) in list(parts(never.condition))
    goal = next(one for one in found.properties if one.name == "fills")
    assert isinstance(goal, Reach)
    assert goal.lanes is None


def test_settled_sees_shared_caches_and_ghosts_but_no_private_cache() -> None:
    found = made("x = 1\nk = settled(c.page)\nj = settled(g)\nassert k == j")
    assert sum(isinstance(one, SetLocal) and isinstance(one.value, Settled) for one in found) == 2
    assert codes(text("x = 1\nk = settled(own.page)\nassert k == 0")) == ["E701"]


def test_final_states_tell_apart_what_is_new() -> None:
    names = [name for name, _ in observables(accepted(text("x = 1")))]
    assert {"g", "h[0]", "h[1]", "filled(c)", "c.gen", "p.owner", "w.b"} <= set(names)


# ---------------------------------------------------------------- objects


@pytest.mark.parametrize(
    ("call", "domain"),
    [
        ("free(n)", None),
        ("kfree(n)", None),
        ("kfree_rcu(n)", RCU),
        ("call_rcu(n)", RCU),
        ("call_srcu(d, n)", "d"),
    ],
)
def test_freeing(call: str, domain: str | None) -> None:
    found = made(f"n = p\n{call}")[1]
    assert isinstance(found, Free)
    assert (found.pointer, found.struct, found.domain) == (Local("n"), "node", domain)


def test_overwriting_is_one_step_of_several_stores() -> None:
    first, second = made("a = p\nb = q\ncopy a into b")[2:]
    for one, name in ((first, "next"), (second, "gen")):
        assert isinstance(one, Store)
        assert one.place == Through(Local("b"), "node", name)
        assert one.value == Load(Through(Local("a"), "node", name), Mark.PLAIN)
        assert one.where.number == 2
        assert one.where.text == "copy a into b"


# ---------------------------------------------------------------- locks, lanes, built-ins


def test_the_sides_of_a_lock() -> None:
    found = made(
        "read_lock(l)\nread_unlock(l)\nwrite_lock(l)\nwrite_unlock(l)\n"
        "if (read_trylock(l)) { read_unlock(l) }\n"
        "if (!write_trylock(l))\n    return\nwrite_unlock(l)"
    )
    sides = [one.shared for one in found if isinstance(one, TakeLock | ReleaseLock)]
    assert sides == [True, True, False, False, True, False]
    tries = [one.shared for one in parts(tuple(found)) if isinstance(one, TryLock)]
    assert True in tries
    assert False in tries


IRQ = """
protocol p
shared x = 0
cache c { v }
thread a { x = 1 }
thread b { c = { v: x } }
lanes vcpu: a, b
thread irq on WHERE { x = 2 }
never bad: x == 9 always
bounds vcpu 2, irq 3, rounds 2
"""


@pytest.mark.parametrize("where", ["vcpu", "a", "b"])
def test_an_interrupt_names_a_kind_or_a_block(where: str) -> None:
    found = accepted(IRQ.replace("WHERE", where))
    assert found.kind("irq").interrupts == "vcpu"
    assert found.kind("vcpu").interrupts is None
    assert found.variable("c").owner == "vcpu"
    inside = [(one.name, one.interrupts) for one in lanes(found, found.bounds)]
    assert inside[2:] == [("irq0", "vcpu0"), ("irq1", "vcpu1"), ("irq2", "vcpu0")]


def _built_in(protocol: Checked) -> list[str]:
    return [one.name for one in protocol.properties if one.name != "bad"]


@pytest.mark.parametrize(
    ("steps", "built_in"),
    [
        ("n = p\nx = n != null\nkfree(n)", ["use_after_free"]),
        ("n = p\nx = n != null\ncall_rcu(n)", ["null_dereference", "use_after_free"]),
        ("mutex_lock(m)\nmutex_unlock(m)", ["deadlock"]),
        (
            "read_lock(l)\nread_unlock(l)\nmutex_lock(m)\nmutex_unlock(m)",
            ["deadlock", "lock_misuse"],
        ),
        (
            "if (write_trylock(l)) { write_unlock(l) }\nsynchronize_rcu()",
            ["deadlock", "lock_misuse"],
        ),
        ("rcu_read_lock()\nrcu_read_unlock()\nsynchronize_srcu(d)", ["deadlock", "lock_misuse"]),
        ("srcu_read_lock(d)\nsrcu_read_unlock(d)\nsynchronize_rcu()", ["deadlock"]),
        ("x = x & 1", []),
        ("x--\nx = x & 1", ["negative_operand"]),
        ("x--\nx = x << 1", ["negative_operand", "overflow"]),
        ("x--\nx = x >> 1", ["negative_operand"]),
        ("x--\nseq = x", []),
    ],
)
def test_built_in_properties_that_apply(steps: str, built_in: list[str]) -> None:
    assert _built_in(accepted(text(steps))) == built_in


def test_an_interrupt_must_not_sleep() -> None:
    found = accepted(IRQ.replace("WHERE", "a").replace("x = 1", "synchronize_rcu()"))
    assert _built_in(found) == ["deadlock", "lock_misuse"]


def test_types_that_have_not_settled_promise_no_width() -> None:
    entry = Entry(("a", "b"), (Bits(3), Pointer("node")))
    assert widened(entry) == Entry(("a", "b"), (Plain.NUMBER, Pointer("node")))
    assert widened(Bits(1)) is Plain.NUMBER
