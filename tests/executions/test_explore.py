"""The explorer against textbook answers and the hand-derived verdicts of the founding thread."""

import pytest

from smtmodel.executions.explore import Exploration, explore, verdicts
from smtmodel.executions.final_states import observables
from smtmodel.language.ast import BlockKind, GuardKind, When
from smtmodel.language.checked import (
    Checked,
    Copy,
    EntryValue,
    Expression,
    Filled,
    Fresh,
    LaneLocal,
    Part,
    Settled,
    Step,
    Through,
    TryLock,
)
from smtmodel.verdict import Verdict
from tests.support import examples
from tests.support.handmade import Maker, cell, exchange, local, number, op, through

# ---------------------------------------------------------------- litmus tests


def litmus(lanes: list[str], outcome: str, memory: str = "") -> Maker:
    """A protocol from lanes like `x=1; mb; r=y` and an outcome like `0.r=0 1.r=0`.

    Lane i is called `p{i}`; `memory` adds final values like `x=2`.
    """
    made = Maker()
    shared = sorted(
        {
            name
            for lane in lanes
            for step in lane.split(";")
            if "=" in step
            for name in (side.strip() for side in step.split("="))
            if name in "xyz"
        }
    )
    for name in shared:
        made.shared(name)
    made.lock("m")
    made.lock("s", GuardKind.SPINLOCK)
    for index, lane in enumerate(lanes):
        made.lane(f"p{index}", *(step_of(made, text.strip()) for text in lane.split(";")))
    tests: list[Expression] = []
    for part in outcome.split():
        place, value = part.split("=")
        lane, name = place.split(".")
        tests.append(op("==", LaneLocal(f"p{lane}", 0, name), number(int(value))))
    for part in memory.split():
        name, value = part.split("=")
        tests.append(op("==", cell(name), number(int(value))))
    count = tests[0]
    for test in tests[1:]:
        count = op("+", count, test)
    made.never("outcome", op("==", count, number(len(tests))), None, When.FINALLY)
    return made


def step_of(made: Maker, text: str) -> Step:
    if text == "mb":
        return made.mb()
    if text.startswith(("lock ", "unlock ")):
        word, name = text.split()
        return made.take(name) if word == "lock" else made.drop(name)
    target, value = (side.strip() for side in text.split("="))
    if target.startswith("xchg"):
        return made.do(exchange(target.split()[1], number(int(value))))
    if value in ("x", "y", "z"):
        return made.let(target, cell(value))
    return made.store(target, number(int(value)))


def allowed(made: Maker, *, store_buffers: bool) -> bool:
    protocol = made.checked()
    found = explore(protocol, made.bounds(), store_buffers=store_buffers)
    assert found.finished
    return "outcome" in found.violated


TEXTBOOK = {
    # name: lanes, outcome, final memory, allowed with store buffers (no outcome is under sc)
    "SB": (["x=1; r=y", "y=1; r=x"], "0.r=0 1.r=0", "", True),
    "SB+mbs": (["x=1; mb; r=y", "y=1; mb; r=x"], "0.r=0 1.r=0", "", False),
    "SB+mb": (["x=1; mb; r=y", "y=1; r=x"], "0.r=0 1.r=0", "", True),
    "SB+xchgs": (["xchg x=1; r=y", "xchg y=1; r=x"], "0.r=0 1.r=0", "", False),
    "MP": (["x=1; y=1", "r=y; s=x"], "1.r=1 1.s=0", "", False),
    "LB": (["r=x; y=1", "r=y; x=1"], "0.r=1 1.r=1", "", False),
    "IRIW": (
        ["x=1", "y=1", "r=x; s=y", "r=y; s=x"],
        "2.r=1 2.s=0 3.r=1 3.s=0",
        "",
        False,
    ),
    "n6": (["x=1; r=x; s=y", "y=1; x=2"], "0.r=1 0.s=0", "x=1", True),
    "SB+rfis": (["x=1; r=x; s=y", "y=1; r=y; s=x"], "0.r=1 0.s=0 1.r=1 1.s=0", "", True),
    "R": (["x=1; y=1", "y=2; r=x"], "1.r=0", "y=2", True),
    "R+mbs": (["x=1; mb; y=1", "y=2; mb; r=x"], "1.r=0", "y=2", False),
    "S": (["x=2; y=1", "r=y; x=1"], "1.r=1", "x=2", False),
    "2+2W": (["x=1; y=2", "y=1; x=2"], "", "x=1 y=1", False),
    "coRR": (["x=1", "r=x; s=x"], "1.r=1 1.s=0", "", False),
    "unlock-then-load (mutex)": (
        ["lock m; x=1; unlock m; r=y", "y=1; mb; r=x"],
        "0.r=0 1.r=0",
        "",
        False,
    ),
    "unlock-then-load (spinlock)": (
        ["lock s; x=1; unlock s; r=y", "y=1; mb; r=x"],
        "0.r=0 1.r=0",
        "",
        True,
    ),
}


@pytest.mark.parametrize("name", TEXTBOOK)
def test_textbook_answers(name: str) -> None:
    lanes, outcome, memory, buffered = TEXTBOOK[name]
    assert not allowed(litmus(lanes, outcome, memory), store_buffers=False)
    assert allowed(litmus(lanes, outcome, memory), store_buffers=True) is buffered


def test_outcomes_that_sc_allows_tso_allows() -> None:
    for lanes, outcome in [
        (["x=1; r=y", "y=1; r=x"], "0.r=1 1.r=0"),
        (["x=1; y=1", "r=y; s=x"], "1.r=1 1.s=1"),
    ]:
        assert allowed(litmus(lanes, outcome), store_buffers=False)
        assert allowed(litmus(lanes, outcome), store_buffers=True)


# ---------------------------------------------------------------- the founding thread


def memslots(
    *,
    first_bump: bool = True,
    grace_period: bool = True,
    second_bump: bool = True,
    low_bit_test: bool = True,
    single_dereference: bool = False,
) -> Maker:
    made = Maker()
    made.domains = ["srcu"]
    made.struct("s", "slot", "generation")
    made.pointer("slots", "s", 0, 0)
    made.cache("mmio", "fault", "slot", "generation")
    new, old, slots, mmio = local("new"), local("old"), cell("slots"), cell("mmio")
    bumped = Through(new, "s", "generation")
    update = [
        made.let("old", slots),
        made.let("new", Copy(old, "s")),
        made.store(Through(new, "s", "slot"), Fresh()),
    ]
    if first_bump:
        update.append(made.store(bumped, op("+", through(old, "generation"), number(1))))
    update.append(made.store("slots", new))
    if grace_period:
        update.append(made.wait("srcu"))
    if second_bump:
        update.append(made.store(bumped, op("+", through(new, "generation"), number(1))))
    made.lane("set_memory_region", *update, kind=BlockKind.UPDATE)
    pointer: Expression = local("p") if single_dereference else slots
    fault = [made.enter("srcu")]
    if single_dereference:
        fault.append(made.let("p", slots))
    fault.append(made.let("slot", through(pointer, "slot")))
    fault.append(made.let("gen", through(pointer, "generation")))
    entry = EntryValue(("slot", "generation"), (local("slot"), local("gen")))
    assign: Step = made.store("mmio", entry)
    if low_bit_test:
        even = op("==", op("%", local("gen"), number(2)), number(0))
        assign = made.when(even, assign)
    made.lane("page_fault", *fault, assign, made.leave("srcu"), kind=BlockKind.FAULT)
    bad = op("!=", Part(mmio, "slot"), through(slots, "slot"))
    condition = op("==", Part(mmio, "generation"), through(slots, "generation"))
    made.never("after_return", bad, condition, When.SETTLED, "fault")
    made.never("at_any_time", bad, condition, When.ALWAYS, "fault")
    made.reach("caches", Filled(mmio), lanes="fault")
    return made


FOUNDING = {
    "original": (memslots(second_bump=False, low_bit_test=False), False, False),
    "xiao": (memslots(first_bump=False, low_bit_test=False), True, False),
    "paolo": (memslots(), True, True),
    "paolo-no-low-bit-test": (memslots(low_bit_test=False), True, False),
    "paolo-no-grace-period": (memslots(grace_period=False), False, False),
    "single-dereference": (
        memslots(second_bump=False, low_bit_test=False, single_dereference=True),
        True,
        True,
    ),
}


@pytest.mark.parametrize("name", FOUNDING)
@pytest.mark.parametrize("updates", [1, 2])
def test_founding_verdicts(name: str, updates: int) -> None:
    made, settled, always = FOUNDING[name]
    protocol = made.checked()
    bounds = made.bounds(updates=updates, faults=1)
    found = explore(protocol, bounds, store_buffers=False)
    judged = verdicts(found, protocol)
    proved = {True: Verdict.PROVED, False: Verdict.REFUTED}
    assert judged["after_return"] is proved[settled]
    assert judged["at_any_time"] is proved[always]
    assert judged["caches"] is Verdict.PROVED
    assert judged["deadlock"] is Verdict.PROVED
    assert found.complete
    assert found.begun == set(range(made.steps))


# ---------------------------------------------------------------- the law of verdicts


def explored(made: Maker, *, store_buffers: bool = False) -> tuple[Checked, Exploration]:
    protocol = made.checked()
    return protocol, explore(protocol, made.bounds(), store_buffers=store_buffers)


def verdict_of(made: Maker, name: str, *, store_buffers: bool = False) -> Verdict:
    protocol, found = explored(made, store_buffers=store_buffers)
    return verdicts(found, protocol)[name]


def test_two_mutexes_in_opposite_order_deadlock() -> None:
    for second, expected in ((("b", "a"), Verdict.REFUTED), (("a", "b"), Verdict.PROVED)):
        made = Maker()
        made.lock("a")
        made.lock("b")
        for name, order in (("one", ("a", "b")), ("two", second)):
            made.lane(name, *map(made.take, order), *map(made.drop, order))
        for store_buffers in (False, True):
            assert verdict_of(made, "deadlock", store_buffers=store_buffers) is expected


@pytest.mark.parametrize(("other", "deadlocked"), [("write", True), ("read", False)])
def test_a_reader_that_reads_again_deadlocks_with_a_writer_between(
    other: str, deadlocked: bool
) -> None:
    protocol = examples.checked(f"""protocol twice
    rwsem rw
    shared x = 0
    thread reader {{
        down_read(&rw)
        _a = x
        down_read(&rw)
        up_read(&rw)
        up_read(&rw)
    }}
    thread other {{
        down_{other}(&rw)
        x = 1
        up_{other}(&rw)
    }}
    bounds reader 1, other 1
    """)
    assert ("deadlock" in examples.explored(protocol).violated) is deadlocked


def test_a_lane_that_stands_at_an_assume_is_no_deadlock_but_nothing_completes() -> None:
    made = Maker()
    made.shared("x")
    made.lane("one", made.assume(op("==", cell("x"), number(1))))
    made.never("nothing", number(0))
    protocol, found = explored(made)
    assert not found.complete
    assert found.violated == set()
    assert verdicts(found, protocol)["deadlock"] is Verdict.VACUOUS
    assert verdicts(found, protocol)["nothing"] is Verdict.VACUOUS


def test_an_unmet_goal_makes_proofs_vacuous_but_not_refutations() -> None:
    made = Maker()
    made.shared("x")
    made.lane("one", made.store("x", number(1)))
    made.reach("two", op("==", cell("x"), number(2)))
    made.reach("one_", op("==", cell("x"), number(1)))
    made.never("negative", op("<", cell("x"), number(0)))
    made.never("one_never", op("==", cell("x"), number(1)))
    protocol, found = explored(made)
    judged = verdicts(found, protocol)
    assert judged["two"] is Verdict.VACUOUS
    assert judged["one_"] is Verdict.PROVED
    assert judged["negative"] is Verdict.VACUOUS
    assert judged["one_never"] is Verdict.REFUTED


def test_a_settled_condition_counts_only_after_an_update_has_returned() -> None:
    made = Maker()
    made.shared("x")
    made.lane("u", made.store("x", number(1)), kind=BlockKind.UPDATE)
    zero = op("==", cell("x"), number(0))
    made.never("early", op("==", cell("x"), number(5)), zero, When.SETTLED)
    made.never("late", op("==", cell("x"), number(5)), None, When.SETTLED)
    protocol, found = explored(made)
    assert found.conditions == {"late"}
    assert verdicts(found, protocol)["early"] is Verdict.VACUOUS
    assert verdicts(found, protocol)["late"] is Verdict.PROVED


def test_an_unreached_assertion_is_vacuous() -> None:
    made = Maker()
    made.shared("x")
    asserted = made.check("never_there", number(0))
    made.lane("one", made.when(op("==", cell("x"), number(1)), asserted))
    assert verdict_of(made, "never_there") is Verdict.VACUOUS


def test_a_limit_leaves_open_what_was_not_found() -> None:
    made = memslots(second_bump=False, low_bit_test=False)
    protocol = made.checked()
    found = explore(protocol, made.bounds(), store_buffers=False, limit=30)
    assert not found.finished
    assert found.states == 30
    judged = verdicts(found, protocol)
    assert judged["deadlock"] is Verdict.UNKNOWN


# ---------------------------------------------------------------- features


def test_a_loop_whose_bound_is_used_up_is_a_cut() -> None:
    made = Maker()
    made.shared("x")
    loop = made.until(
        2,
        op("==", local("r"), number(1)),
        made.let("r", cell("x")),
    )
    made.lane("waits", loop)
    made.lane("sets", made.store("x", number(1)))
    _, found = explored(made)
    assert found.cuts == {loop.where.number}
    assert found.complete
    assert "deadlock" not in found.violated


def test_a_while_of_bound_n_runs_n_rounds() -> None:
    made = Maker()
    made.shared("x")
    count = made.store("x", op("+", cell("x"), number(1)))
    loop = made.repeat(3, op("<", cell("x"), number(3)), count)
    made.lane("counts", loop)
    made.never("three", op("==", cell("x"), number(3)), None, When.FINALLY)
    _, found = explored(made)
    assert found.violated == {"three"}
    assert not found.cuts


def test_a_failing_try_means_that_another_lane_holds_the_lock() -> None:
    made = Maker()
    made.shared("x")
    made.lock("m")
    taken = (made.store("x", number(1)), made.drop("m"))
    other = made.store("x", number(2))
    made.lane("tries", made.when(TryLock("m"), *taken, otherwise=(other,)))
    made.reach("both", op("==", cell("x"), number(2)))
    _, alone = explored(made)
    assert "both" not in alone.reached
    made.lane("holds", made.take("m"), made.drop("m"))
    _, found = explored(made)
    assert "both" in found.reached
    assert found.complete


def test_a_grace_period_waits_for_earlier_sections_only() -> None:
    for store_buffers in (False, True):
        made = Maker()
        made.domains = ["rcu"]
        made.shared("x")
        made.shared("done")
        made.lane(
            "waits", made.store("x", number(1)), made.wait("rcu"), made.store("done", number(1))
        )
        made.lane(
            "reads",
            made.enter("rcu"),
            made.let("r", cell("x")),
            made.enter("rcu"),
            made.let("s", cell("done")),
            made.leave("rcu"),
            made.let("t", cell("done")),
            made.leave("rcu"),
        )
        old_x = op("==", LaneLocal("reads", 0, "r"), number(0))
        done = op("==", LaneLocal("reads", 0, "t"), number(1))
        made.never("torn", old_x, done, When.FINALLY)
        made.reach("later", op("==", LaneLocal("reads", 0, "s"), number(1)), When.FINALLY)
        protocol, found = explored(made, store_buffers=store_buffers)
        judged = verdicts(found, protocol)
        assert judged["torn"] is Verdict.PROVED
        assert judged["later"] is Verdict.PROVED


def test_settled_is_the_value_before_the_update_in_progress() -> None:
    made = Maker()
    made.shared("x")
    made.lane("u", made.store("x", number(1)), made.store("x", number(2)), kind=BlockKind.UPDATE)
    made.lane(
        "access",
        made.let("want", Settled(cell("x"))),
        made.let("seen", cell("x")),
        made.check("not_older", op(">=", local("seen"), local("want"))),
        made.check("never_in_progress", op("!=", local("want"), number(1))),
    )
    made.reach("new", op("==", LaneLocal("access", 0, "want"), number(2)), When.FINALLY)
    for store_buffers in (False, True):
        protocol, found = explored(made, store_buffers=store_buffers)
        judged = verdicts(found, protocol)
        assert judged["not_older"] is Verdict.PROVED
        assert judged["never_in_progress"] is Verdict.PROVED
        assert judged["new"] is Verdict.PROVED


def test_final_states_do_not_depend_on_which_lane_made_an_object() -> None:
    made = Maker()
    made.struct("s", "v")
    made.shared("p", None)
    for name in ("one", "two"):
        made.lane(
            name,
            made.let("n", Copy(cell("q"), "s")),
            made.store(Through(local("n"), "s", "v"), number(7)),
            made.store("p", local("n")),
        )
    made.pointer("q", "s", 3)
    protocol, found = explored(made)
    names = [name for name, _ in observables(protocol)]
    assert names == ["p == null", "p.v", "q == null", "q.v"]
    assert found.finals == {((0, 7, 0, 3), ())}


def test_caches_of_a_kind_are_compared_as_a_multiset() -> None:
    made = Maker()
    made.shared("x")
    made.cache("c", "fault", "v")
    made.lane(
        "f",
        made.let("r", exchange("x", number(1))),
        made.store("c", EntryValue(("v",), (local("r"),))),
        kind=BlockKind.FAULT,
    )
    protocol = made.checked()
    found = explore(protocol, made.bounds(faults=2), store_buffers=False)
    assert found.finals == {((1,), (("fault", ((1, 0), (1, 1))),))}
