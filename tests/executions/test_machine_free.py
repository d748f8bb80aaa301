"""Freed objects: uses after it, deferred frees, and objects allocated again."""

import random

import pytest

from smtmodel.executions.explore import explore, verdicts
from smtmodel.executions.frame import AT_ERROR, ENDED, State
from smtmodel.executions.machine import is_complete
from smtmodel.executions.replay import Impossible, Replayed, replay
from smtmodel.executions.schedule import BadStep, Plan, format_schedule, parse_schedule
from smtmodel.executions.trace import Move, Schedule
from smtmodel.language.ast import When
from smtmodel.language.checked import (
    RCU,
    USE_AFTER_FREE,
    Allocate,
    And,
    Copy,
    LaneLocal,
    NullPointer,
    Rmw,
    Through,
)
from smtmodel.verdict import Verdict
from tests.support.handmade import Maker, cell, exchange, local, number, op, through
from tests.support.walking import machine_of, possible, value_of, walk


def unlinked(wait: str, *, reader_locks: bool = True) -> Maker:
    """Unlink an object and free it; a reader looks it up and reads it.

    `wait` is `no`, `synchronize` or `defer`.
    """
    made = Maker()
    made.struct("s", "f")
    made.pointer("p", "s", 7)
    old = local("old")
    made.lane(
        "frees",
        made.let("old", cell("p")),
        made.store("p", NullPointer()),
        *((made.wait(RCU),) if wait == "synchronize" else ()),
        made.free(old, RCU if wait == "defer" else None),
    )
    enter = (made.enter(RCU),) if reader_locks else ()
    leave = (made.leave(RCU),) if reader_locks else ()
    use = made.when(local("q"), made.let("r", through(local("q"), "f")))
    made.lane("reads", *enter, made.let("q", cell("p")), use, *leave)
    return made


@pytest.mark.parametrize("store_buffers", [False, True])
@pytest.mark.parametrize(
    ("wait", "reader_locks", "expected"),
    [
        ("no", True, Verdict.REFUTED),
        ("synchronize", True, Verdict.PROVED),
        ("synchronize", False, Verdict.REFUTED),
        ("defer", True, Verdict.PROVED),
        ("defer", False, Verdict.REFUTED),
    ],
)
def test_only_a_grace_period_and_a_section_together_keep_the_object(
    wait: str, reader_locks: bool, expected: Verdict, store_buffers: bool
) -> None:
    made = unlinked(wait, reader_locks=reader_locks)
    protocol = made.checked()
    found = explore(protocol, made.bounds(reads=2), store_buffers=store_buffers)
    assert found.complete
    assert verdicts(found, protocol)[USE_AFTER_FREE] is expected


def test_the_lane_goes_on_after_a_use_and_reads_what_was_there() -> None:
    machine = machine_of(unlinked("no"))
    words = ("reads0", "reads0", "frees0", "frees0", "frees0")
    state, violated = walk(machine, *words)
    assert violated == []
    assert state.shared.rare.free == ((machine.layout.objects[0], 0),)
    state, violated = walk(machine, *words, "reads0")
    assert violated == [USE_AFTER_FREE]
    assert state.lanes[1].registers[1] == 7
    state, _ = walk(machine, *words, "reads0", "reads0")
    assert is_complete(state)


def test_a_deferred_free_waits_for_the_sections_open_where_it_began() -> None:
    made = Maker()
    made.struct("s", "f")
    made.pointer("p", "s", 0)
    made.lane("frees", made.free(cell("p"), RCU))
    made.lane("early", made.enter(RCU), made.leave(RCU))
    made.lane("later", made.enter(RCU), made.leave(RCU))
    machine = machine_of(made)
    begun = ("early0", "frees0", "frees0", "later0")
    state, _ = walk(machine, *begun)
    assert possible(machine, state) == ["early0", "later0"]
    state, _ = walk(machine, *begun, "early0")
    assert possible(machine, state) == ["frees0.free0", "later0"]
    state, _ = walk(machine, *begun, "early0", "frees0.free0")
    assert state.shared.rare.pending == ()
    assert state.shared.rare.free == ((machine.layout.objects[0], 0),)


def test_an_execution_is_complete_before_its_deferred_frees() -> None:
    machine = machine_of(unlinked("defer", reader_locks=False))
    state, _ = walk(machine, "frees0", "frees0", "frees0", "reads0")
    assert is_complete(state)
    assert possible(machine, state) == ["frees0.free0"]


def test_deferred_frees_are_counted_as_a_lane_reaches_them_and_run_in_any_order() -> None:
    made = Maker()
    made.struct("s", "f")
    made.pointer("p", "s", 0)
    made.pointer("q", "s", 0)
    made.lane("a", made.free(cell("q"), RCU), made.free(cell("p"), RCU))
    machine = machine_of(made)
    p, q = machine.layout.objects
    state, _ = walk(machine, "a0", "a0", "a0", "a0")
    assert possible(machine, state) == ["a0.free0", "a0.free1"]
    state, _ = walk(machine, "a0", "a0", "a0", "a0", "a0.free1")
    assert state.shared.rare.free == ((p, 0),)
    state, _ = walk(machine, "a0", "a0", "a0", "a0", "a0.free0")
    assert state.shared.rare.free == ((q, 0),)


def test_freeing_twice_and_freeing_null() -> None:
    made = Maker()
    made.struct("s", "f")
    made.pointer("p", "s", 0)
    made.shared("n", None)
    made.lane("now", made.free(cell("p")), made.free(cell("p")))
    made.lane("late", made.free(cell("p"), RCU))
    made.lane("null", made.free(cell("n"), RCU, null_safe=False))
    made.lane("safe", made.free(cell("n")), made.free(cell("n"), RCU))
    machine = machine_of(made)
    state, violated = walk(machine, "now0", "now0", "now0", "now0")
    assert violated == [USE_AFTER_FREE]
    assert len(state.shared.rare.free) == 1
    begun = ("late0", "late0", "now0", "now0")
    assert walk(machine, *begun)[1] == []
    assert walk(machine, *begun, "late0.free0")[1] == [USE_AFTER_FREE]
    state, violated = walk(machine, "null0")
    assert violated == ["null_dereference"]
    assert state.lanes[2].status == AT_ERROR
    state, violated = walk(machine, "safe0", "safe0")  # the two reads
    assert violated == []
    assert state.lanes[3].status == ENDED
    assert state.shared.rare.pending == state.shared.rare.free == ()


def test_every_way_to_reach_a_field_is_a_use() -> None:
    made = Maker()
    made.struct("s", "f", ghosts=("g",))
    made.pointer("p", "s", 0, 0)
    field = Through(local("q"), "s", "f")
    swap = exchange("p", number(1), kind=Rmw.ADD)
    add = type(swap)(swap.operation, field, swap.operands, swap.yields, swap.mark)
    first = made.let("q", cell("p"))
    made.lane("reads", first, made.let("r", through(local("q"), "f")))
    made.lane("writes", first, made.store(field, number(1)))
    made.lane("adds", first, made.do(add))
    made.lane("copies", first, made.let("c", Copy(local("q"), "s")))
    made.lane("marks", first, made.note(Through(local("q"), "s", "g"), number(3)))
    made.lane("frees", made.free(cell("p")))
    machine = machine_of(made)
    for lane, moves in (("reads0", 2), ("writes0", 2), ("adds0", 2), ("copies0", 3)):
        freed = (lane, "frees0", "frees0")
        assert walk(machine, *freed, *(lane,) * (moves - 1))[1] == [USE_AFTER_FREE], lane
    state, violated = walk(machine, "frees0", "frees0", "marks0")
    assert violated == []
    assert state.shared.memory[machine.layout.objects[0] + 1] == 3


def aba(*, freed: bool) -> Maker:
    """One lane reads the top and its next, then swings the top by compare-exchange; meanwhile
    another takes the top off, frees it (or not), and pushes an object that it allocates."""
    made = Maker()
    made.struct("s", "next")
    made.pointer("bottom", "s", None)
    made.pointer("top", "s", made.variables[0].initial[0])
    top, old = local("t"), local("old")
    swing = exchange("top", top, local("n"), kind=Rmw.COMPARE_EXCHANGE)
    made.lane(
        "pops",
        made.let("t", cell("top")),
        made.let("n", through(top, "next")),
        made.let("e", swing),
    )
    made.lane(
        "turns",
        made.let("old", cell("top")),
        made.store("top", through(old, "next")),
        *((made.free(old),) if freed else ()),
        made.let("new", Allocate("s")),
        made.store(Through(local("new"), "s", "next"), NullPointer()),
        made.store("top", local("new")),
    )
    # It found the top that it had read, though the object was taken off and pushed meanwhile:
    # what it put there is the bottom, which the new top no longer has below it.
    pops = LaneLocal("pops", 0, "e")
    swung = And(op("==", pops, LaneLocal("pops", 0, "t")), LaneLocal("pops", 0, "n"))
    turned = op("==", pops, LaneLocal("turns", 0, "new"))
    made.never("aba", turned, swung, When.FINALLY)
    return made


@pytest.mark.parametrize("store_buffers", [False, True])
def test_an_object_had_again_fools_a_compare_exchange(store_buffers: bool) -> None:
    for freed, expected in ((True, Verdict.REFUTED), (False, Verdict.PROVED)):
        made = aba(freed=freed)
        protocol = made.checked()
        found = explore(protocol, made.bounds(), store_buffers=store_buffers)
        assert verdicts(found, protocol)["aba"] is expected


def test_an_object_had_again_keeps_its_fields_and_ghosts_and_is_not_free() -> None:
    made = Maker()
    made.struct("s", "f", ghosts=("g",))
    made.pointer("p", "s", 7, 5)
    made.lane("frees", made.free(cell("p")))
    made.shared("x")
    made.lane("makes", made.let("n", Allocate("s")), made.store("x", through(local("n"), "f")))
    machine = machine_of(made)
    first = machine.layout.objects[0]
    state, violated = walk(machine, "frees0", "frees0", "makes0:p", "makes0", "makes0")
    assert violated == []
    assert state.shared.rare.free == ()
    assert state.shared.memory[first : first + 2] == (7, 5)
    assert value_of(machine, state, "x") == 7
    state, violated = walk(machine, "frees0", "frees0", "makes0:new", "makes0")
    assert violated == ["unwritten_read"]
    new = machine.layout.pools[1]
    assert state.shared.memory[new + 1] == 0
    start, _ = walk(machine, "frees0")
    assert [s.effect.choices for s in machine.successors(start, 1)] == [("new",)]


def test_new_objects_are_named_by_their_lane_and_number() -> None:
    made = Maker()
    made.struct("s", "f")
    made.struct("other", "f", "g")
    made.lane(
        "a",
        made.let("o", Allocate("other")),  # no event: no `other` is freed; it counts all the same
        made.let("n", Allocate("s")),
        made.free(local("n")),
        made.let("m", Allocate("s")),
        made.free(local("m")),
    )
    made.lane("b", made.let("n", Allocate("s")))
    machine = machine_of(made)
    freed = ("a0:new", "a0", "a0:new", "a0")
    state, _ = walk(machine, *freed)
    choices = [s.effect.choices for s in machine.successors(state, 1)]
    assert choices == [("new",), ("a0#2",), ("a0#3",)]
    assert [p[0] for p in state.shared.rare.free] == [
        machine.layout.pools[0] + machine.layout.slot,
        machine.layout.pools[0] + 2 * machine.layout.slot,
    ]


def test_copy_has_its_object_before_it_reads_the_old_fields() -> None:
    made = Maker()
    made.struct("s", "f", "g", ghosts=("h",))
    made.pointer("p", "s", 1, 2, 3)
    made.lane("a", made.let("n", Copy(cell("p"), "s")), made.free(local("n")))
    machine = machine_of(made)
    # One read of p, one event to have the object, two reads and two writes, one to free it.
    state, violated = walk(machine, "a0", "a0:new", *("a0",) * 5)
    assert is_complete(state)
    assert violated == []
    new = machine.layout.pools[0]
    assert state.shared.memory[new : new + 3] == (1, 2, 0)


def test_with_store_buffers_a_free_and_a_write_take_effect_when_flushed() -> None:
    made = Maker()
    made.struct("s", "f")
    made.pointer("p", "s", 0)
    made.lane("frees", made.free(cell("p")))
    made.lane("writes", made.store(Through(cell("p"), "s", "f"), number(1)))
    made.lane("makes", made.let("n", Allocate("s")))
    machine = machine_of(made, store_buffers=True)
    state, _ = walk(machine, "frees0", "frees0", "writes0")
    assert state.shared.rare.free == ()
    assert [s.effect.choices for s in machine.successors(state, 2)] == [("new",)]
    written = ("writes0", "writes0", "frees0", "frees0")
    assert walk(machine, *written, "writes0.flush", "frees0.flush")[1] == []
    state, violated = walk(machine, *written, "frees0.flush", "writes0.flush")
    assert violated == [USE_AFTER_FREE]
    assert [s.effect.choices for s in machine.successors(state, 2)] == [("new",), ("p",)]


def test_with_store_buffers_the_grace_period_of_a_deferred_free_begins_at_the_flush() -> None:
    made = Maker()
    made.struct("s", "f")
    made.pointer("p", "s", 0)
    made.lane("frees", made.free(cell("p"), RCU))
    made.lane("reads", made.enter(RCU), made.leave(RCU))
    machine = machine_of(made, store_buffers=True)
    state, _ = walk(machine, "frees0", "frees0", "reads0", "frees0.flush")
    assert "frees0.free0" not in possible(machine, state)
    state, _ = walk(machine, "frees0", "frees0", "frees0.flush", "reads0")
    assert "frees0.free0" in possible(machine, state)
    state, _ = walk(machine, "frees0", "frees0", "reads0", "frees0.flush", "reads0")
    assert "frees0.free0" not in possible(machine, state)
    state, _ = walk(machine, "frees0", "frees0", "reads0", "frees0.flush", "reads0", "reads0.flush")
    assert "frees0.free0" in possible(machine, state)


def test_a_deferred_free_of_a_srcu_domain_ignores_other_domains() -> None:
    made = Maker()
    made.domains = ["d"]
    made.struct("s", "f")
    made.pointer("p", "s", 0)
    made.lane("frees", made.free(cell("p"), "d"))
    made.lane("in_rcu", made.enter(RCU), made.leave(RCU))
    made.lane("in_d", made.enter("d"), made.leave("d"))
    machine = machine_of(made)
    state, _ = walk(machine, "in_rcu0", "frees0", "frees0")
    assert "frees0.free0" in possible(machine, state)
    state, _ = walk(machine, "in_d0", "frees0", "frees0")
    assert "frees0.free0" not in possible(machine, state)


def test_a_deferred_free_that_can_run_gives_nothing_to_a_lane_that_waits() -> None:
    made = Maker()
    made.lock("m")
    made.struct("s", "f")
    made.pointer("p", "s", 0)
    made.lane("a", made.free(cell("p"), RCU), made.take("m"), made.take("m"))
    plan = ("a0", "a0", "a0")
    protocol = made.checked()
    assert replayed(made, *plan).deadlock
    assert replayed(made, *plan, "a0.free0").deadlock
    assert "deadlock" in explore(protocol, made.bounds(), store_buffers=False).violated


# ---------------------------------------------------------------- told and replayed


def replayed(made: Maker, *words: str, **counts: int) -> Replayed:
    protocol, bounds = made.checked(), made.bounds(**counts)
    plan = parse_schedule(words, protocol, bounds)
    assert isinstance(plan, Plan), plan
    found = replay(protocol, bounds, store_buffers=False, schedule=plan)
    assert isinstance(found, Replayed), found
    return found


def test_a_use_after_free_is_told_with_the_field_and_who_freed_it() -> None:
    found = replayed(unlinked("no"), "reads0/2", "frees0/3", "reads0/2")
    assert found.violated == (USE_AFTER_FREE,)
    assert found.facts(USE_AFTER_FREE) == (("A.f", "freed by frees0"),)
    moment = found.trace.moments[4]
    assert (moment.event, moment.detail) == ("free", "free A")
    assert [(c.what, c.before, c.after) for c in moment.changes] == [("A", "in use", "free")]


def test_a_deferred_free_is_told_and_replays_from_its_own_schedule() -> None:
    made = unlinked("defer", reader_locks=False)
    words = ("reads0", "frees0/3", "frees0.free0", "reads0")
    found = replayed(made, *words)
    told = [(m.event, m.detail) for m in found.trace.moments[3:5]]
    assert told == [
        ("grace period begins", "grace period begins for A"),
        ("callback", "A is freed"),
    ]
    assert found.violated == (USE_AFTER_FREE,)
    text = format_schedule(found.trace.schedule)
    assert "frees0.free0" in text.split()
    assert replayed(made, text).trace == found.trace


def test_a_choice_of_an_object_is_told_and_replays() -> None:
    made = Maker()
    made.struct("s", "f")
    made.pointer("p", "s", 7)
    made.lane("frees", made.free(cell("p")))
    made.lane("makes", made.let("n", Allocate("s")), made.let("m", Allocate("s")))
    found = replayed(made, "frees0/2", "makes0:p,new/2")
    told = [(m.event, m.detail) for m in found.trace.moments[2:]]
    assert told == [("alloc", "A is allocated again"), ("alloc", "B is new")]
    assert dict(found.trace.schedule.choices) == {"makes0": ("p", "new")}
    assert replayed(made, format_schedule(found.trace.schedule)).trace == found.trace
    again = replayed(made, "makes0", "frees0/2", "makes0")
    assert dict(again.trace.schedule.choices) == {"makes0": ("new", "new")}


def test_a_deferred_free_that_cannot_run_says_why() -> None:
    made = unlinked("defer")
    protocol, bounds = made.checked(), made.bounds()

    def reason(*words: str) -> str:
        plan = parse_schedule(words, protocol, bounds)
        assert isinstance(plan, Plan), plan
        found = replay(protocol, bounds, store_buffers=False, schedule=plan)
        assert isinstance(found, Impossible)
        return found.reason

    assert reason("frees0.free0") == "frees0 has no deferred free 0 to carry out"
    assert (
        reason("reads0", "frees0/3", "frees0.free0")
        == "the grace period of deferred free 0 of frees0 goes on"
    )
    assert isinstance(parse_schedule(["frees0.free"], protocol, bounds), BadStep)
    assert isinstance(parse_schedule(["frees0.freeze1"], protocol, bounds), BadStep)


def test_a_protocol_that_frees_nothing_keeps_its_objects_packed() -> None:
    made = Maker()
    made.struct("s", "f")
    made.struct("t", "f", "g", "h")
    made.lane("a", made.let("n", Allocate("s")), made.let("m", Allocate("s")))
    machine = machine_of(made)
    assert machine.layout.slot == 0
    assert len(machine.layout.initial) == 1 + 2


def test_random_runs_replay_and_show_nothing_that_the_explorer_does_not_find() -> None:
    pick = random.Random(5)
    for store_buffers in (False, True):
        for made in (unlinked("defer", reader_locks=False), aba(freed=True), twice()):
            protocol, bounds = made.checked(), made.bounds()
            known = explore(protocol, bounds, store_buffers=store_buffers)
            for _ in range(20):
                schedule, final = random_run(made, pick, store_buffers=store_buffers)
                found = replay(protocol, bounds, store_buffers=store_buffers, schedule=schedule)
                assert isinstance(found, Replayed), found
                assert set(found.violated) <= known.violated
                assert found.complete == is_complete(final)
                assert found.trace.schedule == schedule


def twice() -> Maker:
    """A loop that frees what it had later, so that objects go round."""
    made = Maker()
    made.struct("s", "f")
    made.shared("p", None)
    new = local("new")
    made.lane(
        "turns",
        made.until(
            3,
            op("==", cell("p"), number(1)),
            made.let("new", Allocate("s")),
            made.store("p", new),
            made.free(new, RCU),
        ),
    )
    use = made.when(local("q"), made.let("c", Copy(local("q"), "s")))
    made.lane("reads", made.enter(RCU), made.let("q", cell("p")), made.leave(RCU), use)
    return made


def random_run(made: Maker, pick: random.Random, *, store_buffers: bool) -> tuple[Schedule, State]:
    """A run until nothing can move, by free choice."""
    machine = machine_of(made, store_buffers=store_buffers)
    names = [lane.name for lane in machine.layout.lanes]
    state, moves, made_choices = machine.initial(), list[Move](), dict[str, tuple[str, ...]]()
    while possible_moves := machine.moves(state):
        move = pick.choice(possible_moves)
        if move.flush or move.callback is not None:
            after = machine.step(state, move, ())
            assert after is not None
        else:
            after = pick.choice(machine.successors(state, names.index(move.lane)))
            so_far = made_choices.get(move.lane, ())
            made_choices[move.lane] = so_far + after.effect.choices
        state = after.state
        moves.append(move)
    chosen = tuple((name, made_choices[name]) for name in names if made_choices.get(name))
    return Schedule(tuple(moves), chosen), state
