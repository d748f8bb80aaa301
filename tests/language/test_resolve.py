"""What names come to mean: places, marks, kinds of lanes, properties, bounds."""

import pytest

from smtmodel.language.bounds import with_bounds
from smtmodel.language.checked import (
    RCU,
    Asserted,
    Bounds,
    Cell,
    Checked,
    Constant,
    Element,
    Enter,
    EntryValue,
    Evaluate,
    Expression,
    LaneLocal,
    Leave,
    Load,
    Local,
    Mark,
    Never,
    Operation,
    Part,
    ReachStep,
    ReadModifyWrite,
    Rmw,
    SetLocal,
    Step,
    Store,
    Through,
    Yields,
    lanes,
)
from smtmodel.language.walk import steps_in
from smtmodel.source import Diagnostic
from tests.support.front import STATE, accepted, block, codes

TWO_KINDS = """
protocol p
shared x = 0
cache c { v }
update u { x = 1 }
fault f { c = { v: x } }
fault g { if (filled(c)) { x = c.v } }
thread timer { x = 2 }
lanes vcpu: f, g
reach r: filled(c)
bounds updates 3, vcpu 2, timer 1, rounds 2
"""


def steps(content: str) -> list[Step]:
    return list(steps_in(accepted(block(content)).blocks[0].steps))


def right(content: str) -> Expression:
    step = steps(f"{content}\nassert b == b")[0]
    assert isinstance(step, SetLocal)
    return step.value


def load(place: Cell | Through | Element, mark: Mark = Mark.PLAIN) -> Load:
    return Load(place, mark)


P = load(Cell("p"))


@pytest.mark.parametrize(
    ("content", "value"),
    [
        ("b = x", load(Cell("x"))),
        ("b = READ_ONCE(x)", load(Cell("x"), Mark.ONCE)),
        ("b = atomic_read(&x)", load(Cell("x"), Mark.ONCE)),
        ("b = smp_load_acquire(&x)", load(Cell("x"), Mark.ACQUIRE)),
        ("b = p.data", load(Through(P, "node", "data"))),
        ("b = READ_ONCE(p->data)", load(Through(P, "node", "data"), Mark.ONCE)),
        (
            "b = rcu_dereference(p)->data",
            load(Through(load(Cell("p"), Mark.DEREFERENCE), "node", "data")),
        ),
        ("b = a[x]", load(Element("a", load(Cell("x"))))),
        ("b = w.gen", Part(load(Cell("w")), "gen")),
        ("b = READ_ONCE(w.gen)", Part(load(Cell("w"), Mark.ONCE), "gen")),
        ("b = -x", Operation("negate", (load(Cell("x")),))),
        (
            "b = cmpxchg(&x, 0, 1)",
            ReadModifyWrite(
                Rmw.COMPARE_EXCHANGE,
                Cell("x"),
                (Constant(0), Constant(1)),
                Yields.BEFORE,
                Mark.FULL,
                place_first=True,
            ),
        ),
        (
            "b = atomic_sub_return(2, &x)",
            ReadModifyWrite(Rmw.ADD, Cell("x"), (Constant(-2),), Yields.AFTER, Mark.FULL),
        ),
        (
            "b = atomic_dec_return(&x)",
            ReadModifyWrite(
                Rmw.ADD,
                Cell("x"),
                (Constant(-1),),
                Yields.AFTER,
                Mark.FULL,
                place_first=True,
            ),
        ),
    ],
)
def test_what_an_expression_reads(content: str, value: Expression) -> None:
    assert right(content) == value


def test_what_steps_write() -> None:
    made = steps("x += 1\nw = { gen: 1, busy: x }\nrcu_assign_pointer(p, null)\natomic_inc(&x)")
    first, second, third, fourth = made
    assert isinstance(first, Store)
    assert (first.place, first.operator, first.value) == (Cell("x"), "+", Constant(1))
    assert isinstance(second, Store)
    assert second.value == EntryValue(("gen", "busy"), (Constant(1), load(Cell("x"))))
    assert isinstance(third, Store)
    assert third.mark is Mark.RELEASE
    assert [one.place_first for one in (first, second, third)] == [False, False, True]
    assert isinstance(fourth, Evaluate)
    assert isinstance(fourth.expression, ReadModifyWrite)
    assert fourth.expression.mark is Mark.RELAXED


def test_sections_and_their_cookies() -> None:
    made = steps(
        "i = srcu_read_lock(d)\nrcu_read_lock()\nrcu_read_unlock()\nsrcu_read_unlock(&d, i)"
    )
    assert [(s.domain, s.cookie) for s in made if isinstance(s, Enter | Leave)] == [
        ("d", "i"),
        (RCU, None),
        (RCU, None),
        ("d", "i"),
    ]


def test_steps_are_numbered_and_quoted_in_the_order_of_the_file() -> None:
    made = steps(
        "here: x = 1 /* why */  +  y // because\n"
        "if ((x) == /* no */ (2)) { y = 1 } else y = 2\n"
        "while 3 (x > 0) x2: { x-- }\n".replace("x2: ", "")
        + "retry 2 { x = 3 } until (x == 3)\nassert x == 3"
    )
    assert [one.where.number for one in made] == list(range(9))
    assert [one.where.text for one in made] == [
        "x = 1 + y",
        "if ((x) == (2))",
        "y = 1",
        "y = 2",
        "while 3 (x > 0)",
        "x--",
        "retry 2 { ... } until (x == 3)",
        "x = 3",
        "assert x == 3",
    ]
    assert made[0].where.label == "here"


def test_kinds_of_lanes_and_whose_a_cache_is() -> None:
    found = accepted(TWO_KINDS)
    kinds = [(kind.name, kind.bound, kind.blocks) for kind in found.kinds]
    assert kinds == [
        ("update", "updates", ("u",)),
        ("timer", "timer", ("timer",)),
        ("vcpu", "vcpu", ("f", "g")),
    ]
    assert found.variable("c").owner == "vcpu"
    assert found.bounds == Bounds(3, (("timer", 1), ("vcpu", 2)), 2)
    assert [lane.name for lane in lanes(found, found.bounds)] == [
        *("update0", "timer0", "vcpu0", "vcpu1")
    ]


def test_properties_in_the_order_of_the_file() -> None:
    more = "reach at_it: at t.here\nnever last: t[0].b == 1 finally"
    found = accepted(block("here: b = x\nassert b == 0\nnamed: assert b < 2", more=more))
    named = [(type(one).__name__, one.name) for one in found.properties]
    assert named == [
        ("Asserted", "assert_1"),
        ("Asserted", "named"),
        ("ReachStep", "at_it"),
        ("Never", "last"),
        ("Never", "bad"),
    ]
    first, _, goal, last, _ = found.properties
    assert isinstance(first, Asserted)
    assert first.steps == (1,)
    assert isinstance(goal, ReachStep)
    assert goal.steps == (0,)
    assert isinstance(last, Never)
    assert isinstance(last.bad, Operation)
    assert last.bad.operands[0] == LaneLocal("t", 0, "b")


@pytest.mark.parametrize(
    ("steps", "built_in"),
    [
        ("x = 1", []),
        ("mutex_lock(m)\nmutex_unlock(m)", ["deadlock"]),
        ("if (mutex_trylock(m)) mutex_unlock(m)", ["deadlock"]),
        ("synchronize_rcu()", ["deadlock"]),
        ("x = p->data", ["null_dereference"]),
        ("x = a[1]", []),
        ("x = a[y]", ["out_of_bounds"]),
        ("a[y] = 1", ["out_of_bounds"]),
        ("x = y % 2", []),
        ("x = y % 2\ny--", ["negative_operand"]),
        ("x = y / 2\natomic_dec(&y)", ["negative_operand"]),
        ("x = y / 2\ny = choose -1..1", ["negative_operand"]),
        ("n = alloc node\nn->data = 1", ["null_dereference", "unwritten_read"]),
    ],
)
def test_built_in_properties_that_apply(steps: str, built_in: list[str]) -> None:
    found = accepted(block(steps))
    assert [one.name for one in found.properties if one.name != "bad"] == built_in


def test_initial_objects_in_the_order_of_the_file() -> None:
    found = accepted(
        "protocol p\nstruct n { next: n, v }\nrcu q: n = { next: two, v: 1 }\n"
        "object two: n = { next: null, v: 2 }\nshared r[2]: n = two\n"
        "thread t { q = r[0] }\nnever bad: q->v == 3 always\nbounds t 1"
    )
    assert [(one.name, one.values[1]) for one in found.objects] == [("q", 1), ("two", 2)]
    assert found.objects[0].values[0] == found.variable("r").initial[1]


def test_types_are_found_through_loops() -> None:
    assert isinstance(
        accepted(block("n = p\nwhile 2 (n != null) { last = n\nn = last->next }")), Checked
    )
    steps = "n = null\nretry 2 { if (n != null) { x = n->data }\nn = p } until (x == 0)"
    assert codes(block(steps)) == []
    assert codes(block("n = null\nx = n->data")) == ["E301"]


def test_a_local_may_be_named_like_a_field_behind_a_pointer() -> None:
    assert codes(block("data = p->data\nx = data")) == []


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"updates": 0}, "E605"),
        ({"vcpu": 101}, "E605"),
        ({"faults": 2}, "E603"),
        ({"rounds": 1_000_000_000}, "E605"),
    ],
)
def test_bounds_from_the_command_line_are_judged(asked: dict[str, int], code: str) -> None:
    found = with_bounds(accepted(TWO_KINDS), asked)
    assert isinstance(found, Diagnostic)
    assert found.code.name == code


def test_bounds_from_the_command_line_replace_those_of_the_file() -> None:
    found = with_bounds(accepted(TWO_KINDS), {"updates": 1, "rounds": 3})
    assert found == Bounds(1, (("timer", 1), ("vcpu", 2)), 3)


def test_a_lane_that_a_property_names_must_exist_at_smaller_bounds_too() -> None:
    content = f"protocol p\n{STATE}\nthread t {{ b = x }}\n"
    content += "never bad: t[1].b == 1 finally\nbounds t 2"
    found = with_bounds(accepted(content), {"t": 1})
    assert isinstance(found, Diagnostic)
    assert found.code.name == "E704"
    assert Local("b") != LaneLocal("t", 1, "b")
