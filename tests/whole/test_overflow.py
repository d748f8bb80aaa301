"""Numbers end at 2^62: the error of the run, where it applies, and few values in every set."""

import pytest

from smtmodel.encoding.domains import Domains
from smtmodel.events.operators import apply
from smtmodel.events.terms import Special
from smtmodel.events.unroll import unroll
from smtmodel.executions.judgement import judges
from smtmodel.executions.values import NOTHING, too_large
from smtmodel.language.checked import GROWING, OVERFLOW, TOKEN_BASE, BuiltIn, Checked, Rmw, Yields
from smtmodel.models import SC, TSO
from smtmodel.source.record import replace
from smtmodel.verdict import Verdict
from tests.support.differential import compare
from tests.support.front import accepted, block, codes
from tests.support.handmade import Maker, cell, exchange, number, op
from tests.support.walking import machine_of, possible, value_of, walk

MOST = TOKEN_BASE - 1

RESULTS = [
    ("+", MOST - 1, 1, MOST),
    ("+", MOST, 1, None),
    ("+", -MOST, -1, None),
    ("-", -MOST, 1, None),
    ("-", 1 - MOST, 1, -MOST),
    ("-", MOST, -1, None),
    ("*", 1 << 31, 1 << 30, 1 << 61),
    ("*", 1 << 31, 1 << 31, None),
    ("*", -(1 << 31), 1 << 31, None),
    ("<<", 1 << 31, 30, 1 << 61),
    ("<<", 1 << 32, 30, None),
]


@pytest.mark.parametrize(("operator", "left", "right", "expected"), RESULTS)
def test_the_largest_results_and_the_first_that_are_too_large(
    operator: str, left: int, right: int, expected: int | None
) -> None:
    assert operator in GROWING
    made = Maker()
    made.shared("x", left)
    made.shared("y")
    made.lane("a", made.store("y", op(operator, cell("x"), number(right))))
    made.never("judged", op("!=", op(operator, cell("x"), number(right)), number(left)))
    machine = machine_of(made)
    (judge,) = judges(machine.layout)
    seen = judge.bad(machine.layout.initial, ())
    if expected is None:
        assert walk(machine, "a0")[1] == [OVERFLOW]
        assert seen is NOTHING
        assert apply(operator, (left, right)) is Special.UNDEFINED
    else:
        state, violated = walk(machine, "a0", "a0")
        assert violated == []
        assert value_of(machine, state, "y") == expected == apply(operator, (left, right))
        assert seen == 1
        assert not too_large(expected)


@pytest.mark.parametrize("store_buffers", [False, True])
@pytest.mark.parametrize("kind", [Rmw.ADD, Rmw.ADD_NOT_ZERO])
def test_an_atomic_whose_sum_is_too_large_is_only_a_read(kind: Rmw, store_buffers: bool) -> None:
    made = Maker()
    made.shared("x", MOST)
    made.shared("y")
    add = exchange("x", number(1), kind=kind, yields=Yields.AFTER)
    made.lane("a", made.store("y", number(1)), made.store("y", add))
    machine = machine_of(made, store_buffers=store_buffers)
    locked = store_buffers and kind is Rmw.ADD  # the other looks first, by a plain read
    state, violated = walk(machine, "a0", *["a0.flush"] * locked, "a0")
    assert violated == [OVERFLOW]
    assert value_of(machine, state, "x") == MOST
    assert possible(machine, state) == (["a0.flush"] if store_buffers and not locked else [])


# ---------------------------------------------------------------- where it applies


def overflows(protocol: Checked) -> bool:
    return any(isinstance(p, BuiltIn) and p.name == OVERFLOW for p in protocol.properties)


@pytest.mark.parametrize(
    "steps",
    [
        "x++",
        "x = x + 1000000000",
        "x = y + 1 y = x + 1",
        "r = 0 while 9 (x > r) { r = r + 1 } y = r",
        "y = x * 4",
        "y = x + a[0] x++ a[0] += 3",
        "x += y y = 1000",
        "x = (x * 3) % 7",
        "x = (x << 3) & 255",
        "x = (x + y) % 16 y = x * 5",
        "x = (x << 3) / 8 % 4",
        "atomic_inc(&x) y = atomic_add_return(2, &x)",
        "atomic_add(x, &y)",
        "x = -x",
        "x = x | 7",
        "x = x * 1",
        "w = { gen: x, busy: 1 } e = w x = e.gen + 1",
        "p->data++ n = copy p n->data = n->data + 1 p = n",
        "x = (x > y * y) + 1",
    ],
)
def test_what_only_counts_has_no_such_property(steps: str) -> None:
    assert not overflows(accepted(block(steps)))


@pytest.mark.parametrize(
    "steps",
    [
        "x = x * 2",
        "x = x << 1",
        "x = x + x",
        "x += x",
        "x = y y = x + x",
        "x = x + y y = y + x",
        "r = x while 3 (y > r) { r = r * r } x = r",
        "y = (x << 30) << 30 x++",
        "atomic_add(x, &x)",
        "y = atomic_fetch_add(x, &x)",
        "x = atomic_add_return(y, &a[0]) y = x * 2 a[0] = y",
        "r = w.gen w = { gen: r * 2, busy: 0 }",
        "n = copy p n->data = n->data * 2 p = n",
        "p->data += x x = p->data",
        "x = 1000000000 * 1000000000 * 1000000000",
    ],
)
def test_what_may_multiply_has_one(steps: str) -> None:
    assert overflows(accepted(block(steps)))


# ---------------------------------------------------------------- the prover


SQUARES = """
    protocol test
    shared x = 0
    shared y = 3
    thread a {
        r = y
        while 40 (r > 1) { r = r * r }
        x = r
    }
    thread b { y = 1 }
    never bad: x * x > 1 finally
    bounds a 1, b 1
"""


def test_a_number_that_is_squared_forty_times_has_few_values() -> None:
    protocol = accepted(SQUARES)
    graph = unroll(protocol, protocol.bounds)
    domains = Domains(graph, SC).analyse()
    values = {v for event in graph.events for term in event.values for v in domains.of(term)}
    assert len(values) < 12
    assert all(abs(value) < TOKEN_BASE for value in values if isinstance(value, int))
    for model in (SC, TSO):
        found = compare(protocol, model, 1_000)
        assert found.differences == ()
        assert found.verdicts == (Verdict.PROVED, Verdict.REFUTED)


@pytest.mark.parametrize(
    "steps",
    [
        "r = x << 30 s = r << 30 y = s << 2",
        "r = x * 1000000000 s = r * r y = s * 8",
        "r = x << 30 s = r << 29 x += s x += x x += x x += x",
    ],
)
def test_no_number_that_is_computed_is_a_token(steps: str) -> None:
    protocol = accepted(
        f"protocol test\nshared x = 1\nshared y = 0\nshared k = 0\n"
        f"thread t {{ either {{ {steps} }} or {{ }} }}\n"
        "thread u { k = fresh }\nnever token: y == k && k != 0 always\n"
        "never beyond: x > k && k != 0 always\nbounds t 1, u 1"
    )
    found = compare(protocol, SC, 1_000)
    assert found.differences == ()
    assert found.verdicts == (Verdict.PROVED, Verdict.PROVED, Verdict.REFUTED)


def test_a_token_is_never_added_to_its_place() -> None:
    assert codes(block("x = fresh\nx += 1")) == ["E308"]
    assert codes(block("r = fresh\nx += r")) == ["E308"]
    assert codes(block("x = fresh\ny = 1\nx--")) == ["E308"]


def test_whether_results_are_looked_at_does_not_hang_on_what_is_asked() -> None:
    protocol = accepted(block("x = x * x\nx = x + 1"))
    asked = replace(protocol, properties=())
    places = [[stop.name for stop in unroll(p, p.bounds).stops] for p in (protocol, asked)]
    assert places[0] == places[1]
    assert OVERFLOW in places[1]
