"""Replaying schedules: what a run tells, what it violates, and what cannot be done."""

import random

from smtmodel.executions.machine import build
from smtmodel.executions.replay import Impossible, Replayed, replay
from smtmodel.executions.schedule import (
    BadStep,
    Plan,
    Until,
    format_schedule,
    parse_schedule,
)
from smtmodel.executions.trace import Change, Move, Schedule
from smtmodel.language.ast import BlockKind, When
from smtmodel.language.checked import (
    Bounds,
    Checked,
    Choose,
    Copy,
    EntryValue,
    Fresh,
    Part,
    Through,
)
from tests.support.handmade import Maker, cell, local, number, op, through


def original() -> Maker:
    """The protocol before the fix, shortened: publish a copy, read it twice."""
    made = Maker()
    made.struct("s", "slot", "generation")
    made.pointer("slots", "s", 0, 0)
    made.cache("mmio", "fault", "slot", "generation")
    new = local("new")
    made.lane(
        "publish",
        made.let("new", Copy(cell("slots"), "s")),
        made.store(Through(new, "s", "slot"), Fresh()),
        made.store(Through(new, "s", "generation"), number(1)),
        made.store("slots", new, label="here"),
        kind=BlockKind.UPDATE,
    )
    made.lane(
        "page_fault",
        made.let("slot", through(cell("slots"), "slot")),
        made.let("gen", through(cell("slots"), "generation")),
        made.store("mmio", EntryValue(("slot", "generation"), (local("slot"), local("gen")))),
        kind=BlockKind.FAULT,
    )
    mmio = cell("mmio")
    made.never(
        "stale",
        op("!=", Part(mmio, "slot"), through(cell("slots"), "slot")),
        op("==", Part(mmio, "generation"), through(cell("slots"), "generation")),
        When.SETTLED,
        "fault",
    )
    return made


def run(
    protocol: Checked, bounds: Bounds, words: str, *, store_buffers: bool = False
) -> Replayed | Impossible:
    plan = parse_schedule(words.split(), protocol, bounds)
    assert isinstance(plan, Plan), plan
    return replay(protocol, bounds, store_buffers=store_buffers, schedule=plan)


def test_the_old_race_replays() -> None:
    made = original()
    found = run(made.checked(), made.bounds(), "fault0/2 update0@here update0 fault0/3")
    assert isinstance(found, Replayed)
    assert found.violated == ("stale",)
    assert found.conditions == ("stale",)
    assert found.complete
    assert found.returned == 1
    assert not found.deadlock
    assert found.facts("stale") == (
        ("mmio.slot", "0"),
        ("slots.slot", "fresh1"),
        ("mmio.generation", "1"),
        ("slots.generation", "1"),
    )
    assert found.trace.lanes == (("update0", ("publish",)), ("fault0", ("page_fault",)))
    assert found.step_count == 7
    details = [(m.lane, m.event, m.detail) for m in found.trace.moments]
    assert details[:3] == [
        ("fault0", "read", "slots -> A"),
        ("fault0", "read", "A.slot -> 0"),
        ("update0", "begin", ""),
    ]
    assert found.trace.moments[1].changes == (Change("slot", "-", "0"),)
    assert found.trace.moments[-1].changes == (
        Change("mmio", "empty", "{ slot: 0, generation: 1 }"),
    )
    published = [m for m in found.trace.moments if m.where and m.where.label == "here"]
    assert [m.changes for m in published] == [(Change("slots", "A", "B"),)]


def test_settled_is_not_judged_while_an_update_is_in_progress() -> None:
    made = original()
    found = run(made.checked(), made.bounds(), "fault0/2 update0@here fault0/3")
    assert isinstance(found, Replayed)
    assert found.violated == ()
    assert found.returned == 0


def test_the_schedule_of_a_trace_replays_and_survives_its_text() -> None:
    made = original()
    protocol, bounds = made.checked(), made.bounds()
    first = run(protocol, bounds, "fault0/2 update0@here update0 fault0/3")
    assert isinstance(first, Replayed)
    schedule = first.trace.schedule
    text = format_schedule(schedule)
    assert text == "fault0/2 update0/11 fault0/3"
    plan = parse_schedule([text], protocol, bounds)
    assert plan == Plan(schedule.moves, schedule.choices)
    again = replay(protocol, bounds, store_buffers=False, schedule=schedule)
    assert again == first


def test_choices_are_taken_in_order_and_default_to_the_first() -> None:
    made = Maker()
    made.shared("x")
    made.lane(
        "t",
        made.let("v", Choose(3, 6)),
        made.either((made.store("x", local("v")),), (made.store("x", number(9)),)),
        made.store("x", op("+", local("v"), number(10))),
    )
    protocol, bounds = made.checked(), made.bounds()
    found = run(protocol, bounds, "t0:5/2")
    assert isinstance(found, Replayed)
    assert found.trace.schedule.choices == (("t0", ("5", "1")),)
    assert [m.detail for m in found.trace.moments] == ["x = 5", "x = 15"]
    assert format_schedule(found.trace.schedule) == "t0:5,1/2"
    wrong = run(protocol, bounds, "t0:7")
    assert isinstance(wrong, Impossible)
    assert "cannot choose `7`" in wrong.reason
    many = run(protocol, bounds, "t0:5,1,2/2")
    assert isinstance(many, Impossible)
    assert (many.index, many.reason) == (1, "t0 makes no choice `2`")


def test_a_deadlock_is_not_the_end_where_other_lanes_can_go_on() -> None:
    made = Maker()
    made.shared("x")
    made.lock("m")
    made.lock("n")
    made.lane("a", made.take("m"), made.take("n"), made.drop("n"), made.drop("m"))
    made.lane("b", made.take("n"), made.take("m"), made.drop("m"), made.drop("n"))
    made.lane("c", made.store("x", number(1)))
    protocol, bounds = made.checked(), made.bounds()
    for words, over in (("a0 b0", False), ("a0 b0 c0", True)):
        found = run(protocol, bounds, words)
        assert isinstance(found, Replayed)
        assert found.deadlock
        assert found.over is over


def test_impossible_moves_are_values() -> None:
    made = Maker()
    made.shared("x")
    made.lock("m")
    made.lane("a", made.take("m"), made.store("x", number(1)), made.drop("m"))
    made.lane("b", made.take("m"), made.drop("m"))
    protocol, bounds = made.checked(), made.bounds()
    cases = {
        "a0 b0": (1, "must wait"),
        "a0/4": (3, "run to its end"),
        "a0 a0.flush": (1, "store buffer of a0 is empty"),
    }
    for words, (index, reason) in cases.items():
        found = run(protocol, bounds, words)
        assert isinstance(found, Impossible)
        assert found.index == index
        assert reason in found.reason
    buffered = run(protocol, bounds, "a0/3", store_buffers=True)
    assert isinstance(buffered, Impossible)
    assert "store buffer is not empty" in buffered.reason


def test_a_flush_is_a_moment_of_its_step() -> None:
    made = Maker()
    made.shared("x")
    made.lane("a", made.store("x", number(1)))
    found = run(made.checked(), made.bounds(), "a0 a0.flush", store_buffers=True)
    assert isinstance(found, Replayed)
    assert [(m.event, m.changes) for m in found.trace.moments] == [
        ("write", ()),
        ("flush", (Change("x", "0", "1"),)),
    ]
    assert found.complete
    unflushed = run(made.checked(), made.bounds(), "a0", store_buffers=True)
    assert isinstance(unflushed, Replayed)
    assert not unflushed.complete


def test_an_assertion_tells_what_it_read_and_the_lane_goes_on() -> None:
    made = Maker()
    made.shared("x", 4)
    made.lane(
        "a",
        made.let("r", cell("x")),
        made.check("big", op(">=", local("r"), number(5))),
        made.store("x", number(1)),
    )
    found = run(made.checked(), made.bounds(), "a0/2")
    assert isinstance(found, Replayed)
    assert found.violated == ("big",)
    assert found.facts("big") == (("r", "4"),)
    assert found.complete


def test_a_goal_at_a_step_is_met_when_control_reaches_it() -> None:
    made = Maker()
    made.shared("x")
    made.lock("m")
    target = made.take("m")
    made.lane("a", made.take("m"), made.store("x", number(1)))
    made.lane("b", made.let("r", cell("x")), target)
    made.reach_step("gets_there", target)
    protocol, bounds = made.checked(), made.bounds()
    before = run(protocol, bounds, "a0")
    after = run(protocol, bounds, "a0 b0")
    assert isinstance(before, Replayed)
    assert isinstance(after, Replayed)
    assert before.reached == ()
    assert after.reached == ("gets_there",)


def test_words_that_are_not_understood() -> None:
    made = original()
    protocol, bounds = made.checked(), made.bounds()
    for word, message in {
        "cpu0": "no lane",
        "fault0/0": "number of moves",
        "fault0/x": "number of moves",
        "fault0/99999999999": "number of moves",
        "fault0.push": "`.push`",
        "update0@nowhere": "label or line",
        "update0@here/2": "takes no number",
        "fault0:": "choice is missing",
        "fault0:1,,2": "choice is missing",
    }.items():
        problem = parse_schedule([word], protocol, bounds)
        assert isinstance(problem, BadStep), word
        assert message in problem.message
    line = protocol.block("publish").steps[3].where.span.line
    plan = parse_schedule([f"update0@{line}"], protocol, bounds)
    assert plan == Plan((Until("update0", str(line)),))


def test_random_walks_replay_to_the_same_memory() -> None:
    made = original()
    protocol, bounds = made.checked(), made.bounds(updates=2, faults=2)
    for seed in range(20):
        chance = random.Random(seed)
        for store_buffers in (False, True):
            machine = build(protocol, bounds, store_buffers=store_buffers)
            state = machine.initial()
            walked: list[Move] = []
            while moves := machine.moves(state):
                walked.append(chance.choice(moves))
                after = machine.step(state, walked[-1], ())
                assert after is not None
                state = after.state
            schedule = Schedule(tuple(walked))
            found = replay(protocol, bounds, store_buffers=store_buffers, schedule=schedule)
            assert isinstance(found, Replayed)
            assert found.complete
            assert found.returned == 2
