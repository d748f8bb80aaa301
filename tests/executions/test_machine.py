"""The machine's single moves against `docs/semantics.md`."""

from smtmodel.executions.frame import AT_ASSUME, AT_CUT, AT_ERROR, ENDED
from smtmodel.executions.machine import build, is_complete
from smtmodel.executions.trace import Move
from smtmodel.executions.values import NOTHING, UNSET, equal, less, unequal
from smtmodel.language.ast import BlockKind, GuardKind
from smtmodel.language.checked import (
    TOKEN_BASE,
    Allocate,
    And,
    Element,
    Fresh,
    Load,
    Mark,
    Or,
    Part,
    Rmw,
    Settled,
    Shape,
    Through,
    Variable,
    Yields,
)
from smtmodel.language.types import Plain
from tests.support.handmade import Maker, cell, exchange, local, number, op, through
from tests.support.walking import machine_of, possible, value_of, walk


def test_an_error_stops_the_lane_before_the_event_that_needs_the_value() -> None:
    made = Maker()
    made.struct("s", "f")
    made.shared("p", None)
    made.shared("x")
    made.lane("a", made.let("r", through(cell("p"), "f")), made.store("x", number(1)))
    machine = machine_of(made)
    state, violated = walk(machine, "a0")
    assert violated == ["null_dereference"]
    assert state.lanes[0].status == AT_ERROR
    assert possible(machine, state) == []
    assert not is_complete(state)


def test_errors_of_indexes_operands_and_unwritten_fields() -> None:
    made = Maker()
    made.struct("s", "f")
    made.variables.append(Variable("a", Shape.ARRAY, (Plain.NUMBER,), length=2, initial=(0, 0)))
    made.shared("x", -3)
    made.lane("index", made.let("r", Load(Element("a", cell("x")), Mark.PLAIN)))
    made.lane("divide", made.let("r", op("+", op("%", cell("x"), number(2)), cell("x"))))
    made.lane(
        "read",
        made.let("n", Allocate("s")),
        made.let("r", through(local("n"), "f")),
    )
    machine = machine_of(made)
    assert walk(machine, "index0")[1] == ["out_of_bounds"]
    assert walk(machine, "divide0")[1] == ["negative_operand"]
    assert walk(machine, "read0")[1] == ["unwritten_read"]


def test_logic_stops_early_so_that_no_event_happens() -> None:
    made = Maker()
    made.struct("s", "f")
    made.shared("p", None)
    made.shared("x")
    guarded = And(op("!=", cell("p"), cell("p")), through(cell("p"), "f"))
    made.lane("a", made.store("x", Or(guarded, number(5))))
    machine = machine_of(made)
    state, violated = walk(machine, "a0", "a0", "a0")
    assert violated == []
    assert value_of(machine, state, "x") == 1
    assert is_complete(state)


def test_tokens_are_numbered_in_the_order_of_their_events() -> None:
    made = Maker()
    for name in ("a", "b"):
        made.shared(f"x{name}")
        made.lane(name, made.store(f"x{name}", Fresh()))
    machine = machine_of(made)
    state, _ = walk(machine, "b0", "a0", "a0", "b0")
    assert value_of(machine, state, "xb") == TOKEN_BASE + 1
    assert value_of(machine, state, "xa") == TOKEN_BASE + 2


def test_an_atomic_block_is_one_move() -> None:
    made = Maker()
    made.shared("x")
    made.shared("y")
    made.lane("a", made.atomic(made.let("r", cell("x")), made.let("s", cell("y"))))
    machine = machine_of(made)
    state, _ = walk(machine, "a0")
    assert is_complete(state)


def test_an_atomic_block_in_a_loop_is_one_move_per_round() -> None:
    made = Maker()
    made.shared("x")
    body = made.atomic(made.let("r", cell("x")), made.let("s", cell("x")))
    made.lane("a", made.until(2, op("==", local("r"), number(1)), body))
    machine = machine_of(made)
    state, _ = walk(machine, "a0")
    assert possible(machine, state) == ["a0"]
    state, _ = walk(machine, "a0", "a0")
    assert state.lanes[0].status == AT_CUT


def test_a_lane_without_events_ends_in_one_move() -> None:
    made = Maker()
    made.lane("a", made.let("r", number(1)), made.check("one", op("==", local("r"), number(2))))
    machine = machine_of(made)
    state, violated = walk(machine, "a0")
    assert violated == ["one"]
    assert is_complete(state)


def test_a_false_assume_stands_and_keeps_its_lock() -> None:
    made = Maker()
    made.lock("m")
    made.lane("a", made.take("m"), made.assume(number(0)), made.drop("m"))
    made.lane("b", made.take("m"), made.drop("m"))
    machine = machine_of(made)
    state, _ = walk(machine, "a0")
    assert state.lanes[0].status == AT_ASSUME
    assert possible(machine, state) == []


def test_rounds_choose_blocks_and_forget_locals() -> None:
    made = Maker()
    made.shared("x")
    made.lane("a", made.let("r", cell("x")))
    made.add_block("b", made.store("x", number(1)))
    kind = made.kinds.pop()
    made.kinds.append(type(kind)("v", "v", ("a", "b"), updates=False))
    machine = build(made.checked(), made.bounds(rounds=2), store_buffers=False, forget=False)
    start = machine.initial()
    first = machine.successors(start, 0)
    # The next round's block is chosen together with the last event of the round before it.
    assert [s.effect.choices for s in first] == [("a", "a"), ("a", "b"), ("b", "a"), ("b", "b")]
    again = machine.step(start, Move("v0"), ("b", "a"))
    assert again is not None
    assert set(again.state.lanes[0].registers) == {UNSET}
    last = machine.step(again.state, Move("v0"), ())
    assert last is not None
    assert last.effect.choices == ()
    assert last.state.lanes[0].status == ENDED


def test_an_early_return_of_an_update_still_returns() -> None:
    made = Maker()
    made.shared("x")
    early = made.when(op("==", cell("x"), number(0)), made.leave_block())
    made.lane("u", early, made.store("x", number(1)), kind=BlockKind.UPDATE)
    machine = machine_of(made)
    state, _ = walk(machine, "update0", "update0")
    assert state.shared.progress == 1
    state, _ = walk(machine, "update0", "update0", "update0")
    assert (state.shared.progress, state.shared.returned) == (0, 1)
    assert is_complete(state)


def test_a_compare_exchange_that_fails_writes_nothing_and_needs_an_empty_buffer() -> None:
    made = Maker()
    made.shared("x")
    made.shared("y")
    swap = exchange("x", number(1), number(2), kind=Rmw.COMPARE_EXCHANGE)
    made.lane("a", made.store("y", number(1)), made.let("r", swap))
    made.lane("b", made.store("x", number(1)))
    machine = machine_of(made, store_buffers=True)
    state, _ = walk(machine, "a0")
    assert possible(machine, state) == ["a0.flush", "b0"]
    state, _ = walk(machine, "a0", "a0.flush", "a0")
    assert value_of(machine, state, "x") == 0
    state, _ = walk(machine, "a0", "b0", "b0.flush")
    assert possible(machine, state) == ["a0.flush"]
    state, _ = walk(machine, "a0", "b0", "b0.flush", "a0.flush", "a0")
    assert value_of(machine, state, "x") == 2


def test_an_increment_that_finds_zero_needs_no_empty_buffer() -> None:
    made = Maker()
    made.shared("x")
    made.shared("y")
    up = exchange("x", number(1), kind=Rmw.ADD_NOT_ZERO, yields=Yields.SUCCESS)
    made.lane("a", made.store("y", number(1)), made.let("r", up))
    made.lane("b", made.store("x", number(1)))
    machine = machine_of(made, store_buffers=True)
    state, _ = walk(machine, "a0", "a0")
    assert state.lanes[0].buffer
    assert value_of(machine, state, "x") == 0
    state, _ = walk(machine, "a0", "b0", "b0.flush")
    assert possible(machine, state) == ["a0.flush"]


def test_an_atomic_add_yields_before_or_after() -> None:
    made = Maker()
    made.shared("x", 5)
    before = exchange("x", number(2), kind=Rmw.ADD)
    after = exchange("x", number(2), kind=Rmw.ADD, yields=Yields.AFTER)
    made.lane("a", made.let("r", before), made.let("s", after))
    machine = machine_of(made)
    state, _ = walk(machine, "a0", "a0")
    assert value_of(machine, state, "x") == 9
    state, _ = walk(machine, "a0")
    assert state.lanes[0].registers[0] == 5


def test_what_passes_through_the_buffer_takes_effect_when_flushed() -> None:
    made = Maker()
    made.domains = ["d"]
    made.lock("s", GuardKind.SPINLOCK)
    made.shared("x")
    made.lane("reads", made.enter("d", "i"), made.leave("d", "i"))
    made.lane("waits", made.wait("d"))
    made.lane("spins", made.take("s"), made.drop("s"))
    made.lane("takes", made.take("s"), made.drop("s"))
    machine = machine_of(made, store_buffers=True)
    state, _ = walk(machine, "reads0", "waits0", "reads0", "spins0", "spins0")
    assert possible(machine, state) == ["reads0.flush", "spins0.flush"]
    state, _ = walk(
        machine, "reads0", "waits0", "reads0", "spins0", "spins0", "reads0.flush", "spins0.flush"
    )
    assert possible(machine, state) == ["waits0", "takes0"]


def test_a_grace_period_ignores_later_sections() -> None:
    made = Maker()
    made.domains = ["d"]
    made.lane("reads", made.enter("d"), made.leave("d"), made.enter("d"), made.leave("d"))
    made.lane("waits", made.wait("d"))
    machine = machine_of(made)
    state, _ = walk(machine, "reads0", "waits0")
    assert possible(machine, state) == ["reads0"]
    state, _ = walk(machine, "reads0", "waits0", "reads0", "reads0")
    assert possible(machine, state) == ["reads0", "waits0"]


def test_the_serial_update_waits_for_its_buffer_and_concurrent_ones_do_not() -> None:
    for updaters, expected in ((None, ["update0.flush"]), (1, ["update0", "update0.flush"])):
        made = Maker()
        made.updaters = updaters
        made.shared("x")
        made.lane("u", made.store("x", number(1)), kind=BlockKind.UPDATE)
        protocol = made.checked()
        machine = build(protocol, made.bounds(updates=2), store_buffers=True, forget=False)
        state, _ = walk(machine, "update0", "update0", "update0")
        assert state.shared.progress == 1
        assert possible(machine, state) == expected


def test_settled_of_something_undefined_is_nothing() -> None:
    made = Maker()
    made.struct("s", "f")
    made.shared("p", None)
    made.shared("x")
    made.lane("a", made.let("w", Settled(through(cell("p"), "f"))))
    machine = machine_of(made)
    after = machine.step(machine.initial(), Move("a0"), (), noted=True)
    assert after is not None
    assert after.state.shared.settled == (NOTHING,)


def test_a_field_of_an_empty_entry_equals_nothing() -> None:
    assert (equal(NOTHING, NOTHING), unequal(NOTHING, NOTHING), less(NOTHING, 1)) == (0, 1, 0)
    made = Maker()
    made.shared("x")
    made.cache("c", "f", "v")
    entry = local("e")
    made.lane(
        "f",
        made.let("e", cell("c")),
        made.store("x", op("!=", Part(entry, "v"), Part(entry, "v"))),
    )
    machine = machine_of(made)
    state, _ = walk(machine, "f0", "f0")
    assert value_of(machine, state, "x") == 1


def test_writes_through_a_pointer_reach_the_object() -> None:
    made = Maker()
    made.struct("s", "f", "g")
    made.pointer("p", "s", 1, 2)
    made.lane("a", made.store(Through(cell("p"), "s", "g"), number(7)))
    machine = machine_of(made)
    state, _ = walk(machine, "a0", "a0")
    assert state.shared.memory[machine.layout.objects[0] + 1] == 7


def test_only_the_outermost_of_nested_rcu_sections_is_an_event() -> None:
    made = Maker()
    made.shared("x")
    made.lane(
        "a",
        made.enter("rcu"),
        made.enter("rcu"),
        made.leave("rcu"),
        made.let("r", cell("x")),
        made.leave("rcu"),
    )
    machine = machine_of(made)
    state, _ = walk(machine, "a0")
    assert len(state.shared.open[0]) == 1
    state, _ = walk(machine, "a0", "a0")
    assert len(state.shared.open[0]) == 1
    state, _ = walk(machine, "a0", "a0", "a0")
    assert state.shared.open == ((),)
    assert is_complete(state)
