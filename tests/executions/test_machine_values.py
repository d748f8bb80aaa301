"""Operators on bits, fields of stated width, whole entries, shared caches and ghosts."""

import pytest

from smtmodel.executions.explore import explore, verdicts
from smtmodel.executions.judgement import judges
from smtmodel.executions.machine import is_complete
from smtmodel.executions.rendering import expression_text
from smtmodel.executions.replay import Replayed, replay
from smtmodel.executions.schedule import Plan, parse_schedule
from smtmodel.executions.trace import Change
from smtmodel.executions.values import EMPTY, NOTHING, binary, same
from smtmodel.language.ast import BlockKind, When
from smtmodel.language.checked import (
    NEGATIVE_OPERAND,
    Allocate,
    Cell,
    EntryValue,
    Expression,
    Filled,
    LaneLocal,
    Load,
    Mark,
    Part,
    ReadModifyWrite,
    Rmw,
    Settled,
    Through,
    Yields,
)
from smtmodel.verdict import Verdict
from tests.support.handmade import Maker, cell, exchange, ghost, local, number, op
from tests.support.walking import machine_of, possible, value_of, walk


@pytest.mark.parametrize(
    ("operator", "left", "right", "expected"),
    [
        ("&", 6, 3, 2),
        ("|", 6, 3, 7),
        ("|", 4, 0, 4),
        ("<<", 3, 2, 12),
        (">>", 13, 2, 3),
        ("wrap", 9, 8, 1),
        ("wrap", -1, 8, 7),
        ("wrap", -17, 8, 7),
    ],
)
def test_operators_on_bits(operator: str, left: int, right: int, expected: int) -> None:
    assert binary(operator)(left, right) == expected
    made = Maker()
    made.shared("x", left)
    made.shared("y")
    made.lane("a", made.store("y", op(operator, cell("x"), number(right))))
    made.never("seen", op("!=", op(operator, cell("x"), number(right)), number(expected)))
    made.reach("same", op("==", cell("y"), op(operator, cell("x"), number(right))))
    machine = machine_of(made)
    state, violated = walk(machine, "a0", "a0")
    assert violated == []
    assert value_of(machine, state, "y") == expected
    found = explore(made.checked(), made.bounds(), store_buffers=True)
    assert "seen" not in found.violated
    assert "same" in found.reached


@pytest.mark.parametrize("operator", ["/", "%", "&", "|", "<<", ">>"])
def test_a_negative_left_operand_is_an_error_and_undefined_in_a_snapshot(operator: str) -> None:
    made = Maker()
    made.shared("x", -1)
    made.shared("y")
    made.lane("a", made.store("y", op(operator, cell("x"), number(2))))
    made.never("judged", op(operator, cell("x"), number(2)))
    machine = machine_of(made)
    assert walk(machine, "a0")[1] == [NEGATIVE_OPERAND]
    (judge,) = judges(machine.layout)
    assert judge.bad(machine.layout.initial, ()) is NOTHING


def test_operators_are_written_as_they_are_read() -> None:
    shift = op("<<", op("&", local("x"), number(3)), number(1))
    assert expression_text(shift) == "(x & 3) << 1"
    assert expression_text(op("wrap", op("+", local("x"), number(1)), number(8))) == "(x + 1) mod 8"


# ---------------------------------------------------------------- read-modify-writes


def add_not_zero(place: str, yields: Yields) -> ReadModifyWrite:
    return exchange(place, number(1), kind=Rmw.ADD_NOT_ZERO, yields=yields)


@pytest.mark.parametrize(
    ("yields", "at_zero", "at_five"),
    [(Yields.BEFORE, 0, 5), (Yields.AFTER, 0, 6), (Yields.SUCCESS, 0, 1)],
)
def test_add_unless_zero(yields: Yields, at_zero: int, at_five: int) -> None:
    made = Maker()
    made.shared("zero")
    made.shared("five", 5)
    for name in ("zero", "five"):
        made.shared(f"got_{name}")
        made.lane(name[0], made.store(f"got_{name}", add_not_zero(name, yields)))
    machine = machine_of(made)
    state, _ = walk(machine, "z0", "z0", "f0", "f0")
    assert value_of(machine, state, "zero") == 0
    assert value_of(machine, state, "five") == 6
    assert value_of(machine, state, "got_zero") == at_zero
    assert value_of(machine, state, "got_five") == at_five


def test_one_that_fails_is_only_a_read_and_needs_no_empty_buffer() -> None:
    made = Maker()
    made.shared("x")
    made.shared("y")
    made.shared("n", 1)
    for name, zero in (("fails", "x"), ("adds", "n")):
        made.lane(
            name,
            made.store("y", number(1)),
            made.let("r", add_not_zero(zero, Yields.SUCCESS)),
            made.store("y", local("r")),
        )
    machine = machine_of(made, store_buffers=True)
    state, _ = walk(machine, "fails0", "adds0")
    assert possible(machine, state) == ["fails0", "fails0.flush", "adds0.flush"]


def test_success_of_a_compare_exchange() -> None:
    made = Maker()
    made.shared("x", 1)
    made.shared("y")
    for name, old in (("hits", 1), ("misses", 2)):
        swap = exchange(
            "x", number(old), number(7), kind=Rmw.COMPARE_EXCHANGE, yields=Yields.SUCCESS
        )
        made.lane(name, made.store("y", op("+", swap, number(10))))
    machine = machine_of(made)
    state, _ = walk(machine, "misses0", "misses0")
    assert (value_of(machine, state, "x"), value_of(machine, state, "y")) == (1, 10)
    state, _ = walk(machine, "hits0", "hits0")
    assert (value_of(machine, state, "x"), value_of(machine, state, "y")) == (7, 11)


def test_a_sum_is_stored_and_yielded_in_its_width() -> None:
    made = Maker()
    made.shared("x", 6)
    made.shared("y")

    def plus(value: int) -> Expression:
        place, given = Cell("x"), (number(value),)
        return ReadModifyWrite(Rmw.ADD, place, given, Yields.AFTER, Mark.FULL, width=3)

    made.lane("a", made.store("y", plus(5)), made.store("y", plus(-5)))
    machine = machine_of(made)
    state, _ = walk(machine, "a0", "a0")
    assert (value_of(machine, state, "x"), value_of(machine, state, "y")) == (3, 3)
    state, _ = walk(machine, "a0", "a0", "a0", "a0")
    assert (value_of(machine, state, "x"), value_of(machine, state, "y")) == (6, 6)


# ---------------------------------------------------------------- whole entries


def entry(*values: int) -> EntryValue:
    return EntryValue(("f", "g"), tuple(map(number, values)))


def test_whole_entries_are_the_same_field_by_field() -> None:
    assert same((1, None), (1, None))
    assert not same((1, 2), (1, 3))
    assert same(EMPTY, EMPTY)
    assert not same(EMPTY, (1, 2))
    assert not same((1, 2), EMPTY)
    assert not same((NOTHING, 2), (NOTHING, 2))


@pytest.mark.parametrize("store_buffers", [False, True])
def test_a_double_word_compare_exchange_notices_the_second_half(store_buffers: bool) -> None:
    made = Maker()
    made.word("w", "f", "g", initial=(1, 1))
    swap = exchange(
        "w", local("seen"), entry(9, 9), kind=Rmw.COMPARE_EXCHANGE, yields=Yields.SUCCESS
    )
    made.lane("swaps", made.let("seen", cell("w")), made.let("done", swap))
    made.lane("bumps", made.do(exchange("w", entry(1, 2))))
    # It swapped, so nothing was there in between; or the bump came first or last.
    done, seen = LaneLocal("swaps", 0, "done"), Part(LaneLocal("swaps", 0, "seen"), "g")
    lost = op("==", Part(cell("w"), "f"), number(1))
    made.never("lost", op("*", done, op("*", lost, op("==", seen, number(2)))), None, When.FINALLY)
    made.reach("swapped", op("*", done, op("==", seen, number(2))), When.FINALLY)
    made.reach("failed", op("!", done), When.FINALLY)
    protocol = made.checked()
    found = explore(protocol, made.bounds(), store_buffers=store_buffers)
    judged = verdicts(found, protocol)
    assert judged["lost"] is Verdict.PROVED
    machine = machine_of(made)
    state, _ = walk(machine, "swaps0", "bumps0", "swaps0")
    assert value_of(machine, state, "w") == (1, 2)
    state, _ = walk(machine, "swaps0", "swaps0")
    assert value_of(machine, state, "w") == (9, 9)


def test_a_compare_exchange_fills_an_empty_cache_once() -> None:
    made = Maker()
    made.shared_cache("c", "f", "g")
    made.shared("won")
    for name, value in (("one", 1), ("two", 2)):
        fill = exchange("c", local("old"), entry(value, value), kind=Rmw.COMPARE_EXCHANGE)
        made.lane(
            name,
            made.let("old", cell("c")),
            made.let("was", fill),
            made.when(op("!", Filled(local("was"))), made.store("won", number(value))),
        )
    made.never("two_won", op("!=", cell("won"), Part(cell("c"), "f")), None, When.FINALLY)
    protocol = made.checked()
    found = explore(protocol, made.bounds(), store_buffers=False)
    assert verdicts(found, protocol)["two_won"] is Verdict.REFUTED  # one fills over the other's
    machine = machine_of(made)
    state, _ = walk(machine, "one0", "two0", "one0", "two0")
    assert value_of(machine, state, "c") == (1, 1)


# ---------------------------------------------------------------- caches


def caching() -> Maker:
    made = Maker()
    made.cache("c", "fault", "f", "g")
    made.shared_cache("s", "f", "g")
    fills = (made.store("c", entry(1, 2)), made.store("s", entry(3, 4)))
    made.lane("f", *fills, kind=BlockKind.FAULT)
    made.lane("z", made.zap("c"), made.zap("s"))
    return made


def test_a_shared_cache_is_one_entry_and_empty_at_first() -> None:
    machine = machine_of(caching(), faults=2)
    first, shared = (machine.layout.variables[name] for name in "cs")
    assert machine.layout.initial[first:] == (EMPTY, EMPTY, EMPTY)
    state, _ = walk(machine, "fault0", "fault0")
    assert state.shared.memory[first:] == ((1, 2), EMPTY, (3, 4))
    assert shared == first + 2


def test_zap_is_one_write_per_lane_in_their_order() -> None:
    machine = machine_of(caching(), faults=2)
    first = machine.layout.variables["c"]
    filled = ("fault1", "fault1", "fault0", "fault0")
    state, _ = walk(machine, *filled, "z0")
    assert state.shared.memory[first:] == (EMPTY, (1, 2), (3, 4))
    state, _ = walk(machine, *filled, "z0", "z0")
    assert state.shared.memory[first:] == (EMPTY, EMPTY, (3, 4))
    state, _ = walk(machine, *filled, "z0", "z0", "z0")
    assert state.shared.memory[first:] == (EMPTY, EMPTY, EMPTY)
    assert is_complete(state)


def test_with_store_buffers_a_zap_is_buffered() -> None:
    machine = machine_of(caching(), store_buffers=True, faults=2)
    state, _ = walk(machine, "z0", "z0", "z0")
    assert len(state.lanes[-1].buffer) == 3
    state, _ = walk(machine, "fault0", "z0", "z0", "fault0.flush", "z0.flush")
    assert state.shared.memory[machine.layout.variables["c"]] is EMPTY


def told(made: Maker, words: str, **counts: int) -> Replayed:
    protocol, bounds = made.checked(), made.bounds(**counts)
    plan = parse_schedule(words.split(), protocol, bounds)
    assert isinstance(plan, Plan), plan
    found = replay(protocol, bounds, store_buffers=False, schedule=plan)
    assert isinstance(found, Replayed), found
    return found


def test_a_zap_is_told_with_the_lane_whose_entry_it_empties() -> None:
    found = told(caching(), "fault1/2 z0/3", faults=2)
    moments = found.trace.moments
    assert [m.detail for m in moments] == [
        "c = { f: 1, g: 2 }",
        "s = { f: 3, g: 4 }",
        "c of fault0 = empty",
        "c of fault1 = empty",
        "s = empty",
    ]
    changes = [(c.what, c.before, c.after) for c in moments[3].changes]
    assert changes == [("c of fault1", "{ f: 1, g: 2 }", "empty")]
    assert [m.begins for m in moments] == [True, True, True, False, True]


# ---------------------------------------------------------------- ghosts


def test_a_ghost_changes_together_with_the_event_before_it() -> None:
    for between, expected in ((False, Verdict.PROVED), (True, Verdict.REFUTED)):
        made = Maker()
        made.shared("x")
        made.shared("y")
        made.ghost("g")
        made.lane(
            "a",
            made.store("x", number(1)),
            *((made.store("y", number(1)),) if between else ()),
            made.note("g", op("+", ghost("g"), number(1))),
            made.note("g", op("*", ghost("g"), number(1))),
        )
        made.never("apart", op("!=", cell("x"), ghost("g")))
        protocol = made.checked()
        found = explore(protocol, made.bounds(), store_buffers=False)
        assert verdicts(found, protocol)["apart"] is expected
        machine = machine_of(made)
        state, _ = walk(machine, *("a0",) * (1 + between))
        assert is_complete(state)
        assert value_of(machine, state, "g") == 1


def test_ghosts_are_seen_by_settled_and_in_an_atomic_block() -> None:
    made = Maker()
    made.shared("x")
    made.shared("y")
    made.ghost("g")
    body = (made.store("x", number(1)), made.note("g", number(4)), made.store("y", ghost("g")))
    settled, four = made.let("s", Settled(ghost("g"))), op("==", local("s"), number(4))
    made.lane("a", made.atomic(*body), settled, made.check("four", four))
    machine = machine_of(made)
    state, violated = walk(machine, "a0", "a0")
    assert value_of(machine, state, "y") == 4
    assert violated == []


def test_ghost_fields_belong_to_the_object() -> None:
    made = Maker()
    made.struct("s", "f", ghosts=("owner",))
    made.pointer("p", "s", 1, 5)
    owner = owner_of("q")
    made.lane(
        "a",
        made.let("q", cell("p")),
        made.check("five", op("==", owner, number(5))),
        made.note(Through(local("q"), "s", "owner"), op("-", owner, number(2))),
        made.let("n", Allocate("s")),
        made.check("zero", op("==", owner_of("n"), number(0))),
    )
    machine = machine_of(made)
    state, violated = walk(machine, "a0")
    assert violated == []
    assert is_complete(state)
    assert state.shared.memory[machine.layout.objects[0] + 1] == 3


def owner_of(name: str) -> Load:
    return Load(Through(local(name), "s", "owner"), Mark.GHOST)


def test_a_ghost_is_told_as_a_local_step_behind_the_event_before_it() -> None:
    made = Maker()
    made.shared("x")
    made.ghost("g")
    made.lane("a", made.store("x", number(1)), made.note("g", number(7)))
    (moment,) = told(made, "a0").trace.moments
    assert moment.detail == "x = 1"
    assert moment.changes == (Change("x", "0", "1"),)
    assert [step.changes for step in moment.local] == [(Change("g", "0", "7"),)]
