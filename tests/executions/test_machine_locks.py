"""Reader/writer locks, steps that may sleep, and interrupts."""

import pytest

from smtmodel.executions.explore import explore, verdicts
from smtmodel.executions.frame import ENDED, RUNNING
from smtmodel.executions.machine import is_complete
from smtmodel.executions.replay import Impossible, Replayed, replay
from smtmodel.executions.schedule import Plan, parse_schedule
from smtmodel.language.ast import GuardKind, When
from smtmodel.language.checked import (
    DEADLOCK,
    LOCK_MISUSE,
    RCU,
    LaneLocal,
    Step,
    TryLock,
)
from smtmodel.verdict import Verdict
from tests.support.handmade import Maker, cell, exchange, number, op
from tests.support.walking import machine_of, possible, value_of, walk


def sides() -> Maker:
    """A reader and a writer of one lock, and one lane that tries each side."""
    made = Maker()
    made.lock("l", GuardKind.RWLOCK)
    for name in ("reads", "peeks"):
        made.lane(name, made.take("l", shared=True), made.drop("l", shared=True))
    made.lane("writes", made.take("l"), made.drop("l"))
    made.shared("x")
    for name, shared in (("tries_read", True), ("tries_write", False)):
        got = made.when(
            TryLock("l", shared),
            made.store("x", number(1)),
            made.drop("l", shared=shared),
            otherwise=(made.store("x", number(2)),),
        )
        made.lane(name, got)
    return made


@pytest.mark.parametrize("store_buffers", [False, True])
def test_readers_share_and_writers_do_not(store_buffers: bool) -> None:
    machine = machine_of(sides(), store_buffers=store_buffers)
    state, _ = walk(machine, "reads0", "peeks0")
    assert state.shared.locks == ((0, 1),)
    assert "writes0" not in possible(machine, state)
    state, _ = walk(machine, "reads0", "peeks0", "reads0")
    assert "writes0" not in possible(machine, state)
    state, _ = walk(machine, "reads0", "peeks0", "peeks0", "reads0")
    assert state.shared.locks == (-1,)
    assert "writes0" in possible(machine, state)
    state, _ = walk(machine, "writes0")
    assert not {"reads0", "peeks0"} & set(possible(machine, state))


def test_a_try_fails_only_for_what_stands_in_the_way() -> None:
    machine = machine_of(sides())

    def got(*words: str) -> object:
        state, _ = walk(machine, *words)
        return value_of(machine, state, "x")

    assert got("tries_read0", "tries_read0") == 1
    assert got("reads0", "tries_read0", "tries_read0") == 1
    assert got("writes0", "tries_read0", "tries_read0") == 2
    assert got("tries_write0", "tries_write0") == 1
    assert got("reads0", "tries_write0", "tries_write0") == 2
    assert got("writes0", "tries_write0", "tries_write0") == 2


def test_a_lane_may_hold_the_readers_side_twice_but_not_both_sides() -> None:
    made = Maker()
    made.lock("l", GuardKind.RWLOCK)
    read = made.take("l", shared=True)
    made.lane("nests", read, read, made.drop("l", shared=True), made.drop("l", shared=True))
    made.lane("upgrades", read, made.take("l"))
    machine = machine_of(made)
    state, _ = walk(machine, "nests0", "nests0", "nests0")
    assert state.shared.locks == ((0,),)
    state, _ = walk(machine, "upgrades0")
    assert possible(machine, state) == ["nests0"]
    state, _ = walk(machine, "upgrades0", *("nests0",) * 4)
    assert possible(machine, state) == []


def test_with_store_buffers_a_writer_releases_through_its_buffer_and_a_reader_waits() -> None:
    made = Maker()
    made.lock("l", GuardKind.RWLOCK)
    made.shared("x")
    made.lane("writes", made.take("l"), made.store("x", number(1)), made.drop("l"))
    reads = (made.take("l", shared=True), made.store("x", number(2)), made.drop("l", shared=True))
    made.lane("reads", *reads)
    machine = machine_of(made, store_buffers=True)
    state, _ = walk(machine, "writes0", "writes0", "writes0")
    assert possible(machine, state) == ["writes0.flush"]
    state, _ = walk(machine, *("writes0",) * 3, "writes0.flush", "writes0.flush")
    assert possible(machine, state) == ["reads0"]
    state, _ = walk(machine, "reads0", "reads0")
    assert possible(machine, state) == ["reads0.flush"]
    state, _ = walk(machine, "reads0", "reads0", "reads0.flush", "reads0")
    assert possible(machine, state) == ["writes0"]


@pytest.mark.parametrize("store_buffers", [False, True])
def test_a_readers_lock_keeps_a_pair_whole(store_buffers: bool) -> None:
    for shared, expected in ((True, Verdict.PROVED), (None, Verdict.REFUTED)):
        made = Maker()
        made.lock("l", GuardKind.RWLOCK)
        made.shared("x")
        made.shared("y")
        both = (made.let("a", cell("x")), made.let("b", cell("y")))
        if shared:
            both = (made.take("l", shared=True), *both, made.drop("l", shared=True))  # type: ignore[assignment]
        made.lane("reads", *both)
        writes = (made.store("x", number(1)), made.store("y", number(1)))
        made.lane("writes", made.take("l"), *writes, made.drop("l"))
        values = [LaneLocal("reads", index, name) for index in (0, 1) for name in "ab"]
        torn = op("+", op("!=", *values[:2]), op("!=", *values[2:]))
        made.never("torn", torn, None, When.FINALLY)
        protocol = made.checked()
        found = explore(protocol, made.bounds(reads=2), store_buffers=store_buffers)
        assert verdicts(found, protocol)["torn"] is expected


# ---------------------------------------------------------------- lock_misuse


def sleeping(name: str) -> tuple[Maker, Step]:
    made = Maker()
    made.domains = ["d"]
    made.lock("m")
    made.lock("s", GuardKind.SPINLOCK)
    made.lock("l", GuardKind.RWLOCK)
    made.shared("x")
    return made, made.take("m") if name == "mutex" else made.wait("d" if name == "srcu" else RCU)


@pytest.mark.parametrize("name", ["mutex", "srcu", "rcu"])
@pytest.mark.parametrize(
    ("inside", "misused"),
    [
        ("spinlock", True),
        ("read side", True),
        ("write side", True),
        ("rcu section", True),
        ("srcu section", False),
        ("nothing", False),
    ],
)
def test_a_step_that_may_sleep_is_misused_inside_of(name: str, inside: str, misused: bool) -> None:
    made, sleep = sleeping(name)
    before, after = {
        "spinlock": (made.take("s"), made.drop("s")),
        "read side": (made.take("l", shared=True), made.drop("l", shared=True)),
        "write side": (made.take("l"), made.drop("l")),
        "rcu section": (made.enter(RCU), made.leave(RCU)),
        "srcu section": (made.enter("d"), made.leave("d")),
        "nothing": (made.let("r", cell("x")), made.let("r", cell("x"))),
    }[inside]
    made.lane("a", before, sleep, after)
    made.lane("b", before, after, sleep)
    for store_buffers in (False, True):
        machine = machine_of(made, store_buffers=store_buffers)
        assert walk(machine, "a0")[1] == ([LOCK_MISUSE] if misused else [])
        # Left in the lane's own order is left, though it may still be in its buffer.
        assert walk(machine, "b0", "b0")[1] == []


def test_misuse_is_seen_through_branches_and_the_lane_goes_on() -> None:
    made, sleep = sleeping("mutex")
    held = made.when(TryLock("s"), made.drop("s"))
    locks = made.when(cell("x"), made.take("s"))
    drops = made.when(cell("x"), made.drop("s"))
    made.lane("a", locks, held, sleep, made.drop("m"), drops)
    machine = machine_of(made)
    state, violated = walk(machine, *("a0",) * 6)
    assert violated == []
    assert is_complete(state)


# ---------------------------------------------------------------- interrupts


def interrupted() -> Maker:
    made = Maker()
    made.shared("x")
    made.shared("y")
    made.lane("task", made.store("x", number(1)), made.store("y", number(1)))
    made.lane("irq", made.let("a", cell("x")), made.let("b", cell("x")), interrupts="task")
    return made


def test_an_interrupted_lane_stands_still_until_the_round_ends() -> None:
    machine = machine_of(interrupted(), irq=2)
    state, _ = walk(machine, "task0", "irq0")
    assert possible(machine, state) == ["irq0"]
    state, _ = walk(machine, "task0", "irq0", "irq0", "irq0")
    assert possible(machine, state) == ["irq0"]
    state, _ = walk(machine, "task0", "irq0", "irq0", "irq0", "irq0")
    assert possible(machine, state) == ["task0", "irq1"]
    state, _ = walk(machine, *("irq0",) * 4, "task0", "task0", *("irq1",) * 4)
    assert is_complete(state)


def test_lanes_that_interrupt_different_lanes_do_not_hinder_each_other() -> None:
    machine = machine_of(interrupted(), task=2, irq=2)
    state, _ = walk(machine, "irq0", "irq1")
    assert possible(machine, state) == ["irq0", "irq1"]
    state, _ = walk(machine, "irq0")
    assert possible(machine, state) == ["task1", "irq0", "irq1"]


def test_an_interrupt_never_interleaves_with_its_lane_but_with_others() -> None:
    for other, expected in ((False, Verdict.PROVED), (True, Verdict.REFUTED)):
        made = interrupted()
        if other:
            made.lane("else", made.store("x", number(2)))
        a, b = (LaneLocal("irq", 0, name) for name in "ab")
        made.never("moved", op("!=", a, b), None, When.FINALLY)
        protocol = made.checked()
        found = explore(protocol, made.bounds(irq=2, rounds=2), store_buffers=False)
        assert found.complete
        assert verdicts(found, protocol)["moved"] is expected


def test_an_interrupt_that_spins_on_its_lanes_lock_is_a_deadlock() -> None:
    made = Maker()
    made.lock("s", GuardKind.SPINLOCK)
    made.lane("task", made.take("s"), made.drop("s"))
    made.lane("irq", made.take("s"), made.drop("s"), interrupts="task")
    protocol, bounds = made.checked(), made.bounds()
    found = explore(protocol, bounds, store_buffers=False)
    assert verdicts(found, protocol)[DEADLOCK] is Verdict.REFUTED
    plan = parse_schedule(["task0", "irq0"], protocol, bounds)
    assert isinstance(plan, Plan)
    run = replay(protocol, bounds, store_buffers=False, schedule=plan)
    assert isinstance(run, Replayed)
    assert run.deadlock
    assert run.facts(DEADLOCK) == (("task0", "the interrupt by irq0"), ("irq0", "step 3"))
    assert [(m.event, m.detail) for m in run.trace.moments] == [
        ("lock", "s"),
        ("interrupt", "task0"),
    ]


def test_an_interrupt_may_sleep_nowhere_and_each_round_is_one_interrupt() -> None:
    made = Maker()
    made.lock("m")
    made.shared("x")
    made.lane("task", made.do(exchange("x", number(1))))
    made.lane("irq", made.take("m"), made.drop("m"), interrupts="task")
    machine = machine_of(made, rounds=2)
    state, violated = walk(machine, "irq0")
    assert violated == [LOCK_MISUSE]
    state, _ = walk(machine, *("irq0",) * 4)
    assert state.shared.rare.interrupted == (-1, -1)
    assert state.lanes[1].status == RUNNING
    assert possible(machine, state) == ["task0", "irq0"]


def test_a_move_of_an_interrupted_lane_is_refused_with_the_reason() -> None:
    made = interrupted()
    protocol, bounds = made.checked(), made.bounds()
    plan = parse_schedule(["irq0", "task0"], protocol, bounds)
    assert isinstance(plan, Plan)
    found = replay(protocol, bounds, store_buffers=False, schedule=plan)
    assert isinstance(found, Impossible)
    assert found.reason == "task0 is interrupted by irq0"


def test_a_lane_without_events_ends_even_while_it_is_interrupted() -> None:
    made = Maker()
    made.shared("x")
    made.lane("task", made.let("r", number(1)))
    made.lane("irq", made.let("a", cell("x")), interrupts="task")
    machine = machine_of(made)
    state, _ = walk(machine, "irq0")
    assert possible(machine, state) == ["task0", "irq0"]
    state, _ = walk(machine, "irq0", "task0")
    assert state.lanes[0].status == ENDED
