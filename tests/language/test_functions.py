"""Definitions of a protocol: a call means the steps written out, wherever it stands."""

import pytest

from smtmodel.analysis.variants import variants
from smtmodel.documents.table import table_of
from smtmodel.executions.replay import Replayed, replay
from smtmodel.executions.schedule import BadStep, parse_schedule
from smtmodel.executions.shorthand import shorthand
from smtmodel.language.checked import Asserted, Checked, ReachStep
from smtmodel.language.format import format_protocol
from smtmodel.language.parse import derivation, parse
from smtmodel.language.step_names import StepNames
from smtmodel.language.unordered import unordered_steps
from smtmodel.language.walk import steps_in
from smtmodel.models import SC
from smtmodel.source import Text
from smtmodel.source.tree import Node
from tests.support.differential import checked
from tests.support.front import accepted, diagnose
from tests.support.shapes import shape

HEAD = """\
protocol calls
struct node { data, next: node }
object first: node = { data: 1, next: null }
shared p: node = first
shared x = 0
shared y = 0
shared a[2] = 0
spinlock l
"""
TAIL = "\nnever bad: x == 99 always\nbounds t 2\n"


def text(definitions: str, steps: str, more: str = "") -> str:
    tail = TAIL.replace("t 2", "t 2, u 1") if "thread u" in definitions else TAIL
    return f"{HEAD}{definitions}\nthread t {{\n{steps}\n}}\n{more}{tail}"


GET = """define get(&q) {
    n = rcu_dereference(q)
    if (n == null)
        yield 0
    yield n->data
}"""
ADD = "define add(&q, by) {\n    old = q\n    q = old + by\n}"
BOTH = f"{GET}\n{ADD}\nthread u {{ r = get(p) add(y, r) }}"
TAIL_OF_GET = "if (n == null) {{ {0} = 0 }} else {{ {0} = n->data }}"
PAIRS = {
    "r = get(p)\nx = r": f"n = rcu_dereference(p)\n{TAIL_OF_GET.format('r')}\nx = r",
    "x = get(&p)": f"n = rcu_dereference(p)\n{TAIL_OF_GET.format('r')}\nx = r",
    "add(x, 2)": "old = x\nx = old + 2",
    "add(x, y)": "k = y\nold = x\nx = old + k",
    "k = 1\nadd(x, k + 1)": "k = 1\nm = k + 1\nold = x\nx = old + m",
    "add(a[y], 1)": "i = y\nold = a[i]\na[i] = old + 1",
    "add(p->next->data, get(p))": (
        f"q = p\nm = q->next\nn = rcu_dereference(p)\n{TAIL_OF_GET.format('r')}\n"
        "old = m->data\nm->data = old + r"
    ),
    "x = y + get(p) * 2": (
        f"k = y\nn = rcu_dereference(p)\n{TAIL_OF_GET.format('r')}\nx = k + r * 2"
    ),
    "if (y && !get(p)) x = 1": (
        f"if (y) {{ n = rcu_dereference(p)\n{TAIL_OF_GET.format('r')}\nk = !r }} else {{ k = 0 }}\n"
        "if (k) x = 1"
    ),
    "r = y ? get(p) : 7\nx = r": (
        f"if (y) {{ n = rcu_dereference(p)\n{TAIL_OF_GET.format('r')} }} else {{ r = 7 }}\nx = r"
    ),
    "while 2 (get(p) > x) { x++ }": (
        f"n = rcu_dereference(p)\n{TAIL_OF_GET.format('r')}\n"
        f"while 2 (r > x) {{ x++\nn = rcu_dereference(p)\n{TAIL_OF_GET.format('r')} }}"
    ),
    "retry 2 { x = 1 } until (x || get(p))": (
        f"retry 2 {{ x = 1 if (x) {{ k = 1 }} else {{ n = rcu_dereference(p)\n"
        f"{TAIL_OF_GET.format('r')}\nk = !!r }} }} until (k)"
    ),
    "while 2 (x) { if (y) { break } x = y }\nx = 2": (
        "k = !!x\nwhile 2 (k) { if (y) { k = 0 } else { x = y\nk = !!x } }\nx = 2"
    ),
    "retry 2 { n = x if (n) { x = 1 } else { break } y = n } until (n > 1)": (
        "retry 2 { n = x if (n) { x = 1 y = n k = n > 1 } else { k = 1 } } until (k)"
    ),
    "retry 2 { x = 1 break } until (x)\ny = 1": "retry 2 { x = 1 k = 1 } until (k)\ny = 1",
    "while 2 (x) { while 1 (y) { break } break }": (
        "k = !!x\nwhile 2 (k) { m = !!y\nwhile 1 (m) { m = 0 } k = 0 }"
    ),
    "each i of a { if (a[i]) break x = i }\ny = 1": (
        "k = 1\neach i of a { if (k) { if (a[i]) { k = 0 } else { x = i } } }\ny = 1"
    ),
    "while 2 (x) { each i of a { y = i break } x = y }": (
        "while 2 (x) { k = 1 each i of a { if (k) { y = i k = 0 } } x = y }"
    ),
    "x = x ? 1 : y": "if (x) { k = 1 } else { k = y }\nx = k",
}


@pytest.mark.parametrize("steps", PAIRS)
def test_a_call_means_the_steps_written_out(steps: str) -> None:
    assert shape(accepted(text(BOTH, steps))) == shape(accepted(text(BOTH, PAIRS[steps])))


ENDS = {
    "if (v) { x = 1 yield 1 } x = 2 yield 2": ("if (y) { x = 1 r = 1 } else { x = 2 r = 2 }"),
    "if (v) { x = 1 } else { yield 3 } x = 2 yield 2": (
        "if (y) { x = 1 x = 2 r = 2 } else { r = 3 }"
    ),
    "if (v) yield 1 if (x) yield 2 yield 3": (
        "if (y) { r = 1 } else { if (x) { r = 2 } else { r = 3 } }"
    ),
    "either { yield 1 + v } or { x = 2 yield 2 }": "either { r = 1 + y } or { x = 2 r = 2 }",
}


@pytest.mark.parametrize("body", ENDS)
def test_what_follows_a_branch_that_ends_is_the_other_branch(body: str) -> None:
    definition = f"define f(v) {{ {body} }}"
    called = accepted(text(definition, "r = f(y)\nx = r"))
    written = accepted(text("", f"k = y\n{ENDS[body].replace('y', 'k')}\nx = r"))
    assert shape(called) == shape(written)


def test_a_return_ends_the_call_and_not_the_block() -> None:
    definition = "define f(v) { if (v) return x = 2 }"
    called = accepted(text(definition, "f(y)\ny = 1"))
    written = accepted(text("", "k = y\nif (k) { } else { x = 2 }\ny = 1"))
    assert shape(called) == shape(written)


# ---------------------------------------------------------------- one property, one label

TWICE = (
    text(
        "define put(v) {\n    here: x = v\n    same: assert v < 2\n    assert v < 3\n}",
        "put(1)\nput(2)",
        "thread u { put(1) }\nreach there: at put.here\nbounds u 1",
    )
    .replace("bounds u 1", "")
    .replace("bounds t 2", "bounds t 1, u 1")
)


def test_an_assert_is_one_property_whatever_the_number_of_calls() -> None:
    found = checked(TWICE)
    assert isinstance(found, Checked)
    named = {one.name: one for one in found.properties}
    assert list(named) == ["same", "assert_1", "there", "bad"]
    same, there = named["same"], named["there"]
    assert isinstance(same, Asserted)
    assert isinstance(there, ReachStep)
    steps = {step.where.number: step.where for b in found.blocks for step in steps_in(b.steps)}
    assert [steps[number].text for number in same.steps] == ["assert v < 2"] * 3
    assert [steps[number].label for number in there.steps] == ["put.here"] * 3


def test_a_local_of_a_definition_is_none_of_the_block() -> None:
    (found,) = diagnose(text("define f() { n = y yield n }", "x = f() + n"))
    assert (found.code.name, found.span.line) == ("E201", 11)


def test_lane_is_the_number_of_the_lane_that_calls() -> None:
    called = accepted(text("define put(v) { a[lane] = v + lane }", "put(3)"))
    assert shape(called) == shape(accepted(text("", "a[lane] = 3 + lane")))
    for body in ("lane = v x = lane", "each lane of a { x = v }"):
        found = diagnose(text(f"define put(v) {{ {body} }}", "put(3)"))
        assert {one.code.name for one in found} == {"E403"}
    (named,) = diagnose(text("define put(lane) { x = lane }", "put(3)"))
    assert (named.code.name, named.span.line) == ("E403", 9)


def test_that_a_call_begins_is_no_event() -> None:
    definition = "define mark() { done = 1 x = 1 done = 2 }"
    for steps in ("mark()", "x = 2\nmark()"):
        given = text(definition, steps).replace("shared y = 0", "shared y = 0\nghost done = 0")
        found = [one.code.name for one in diagnose(given)]
        assert found == (["E408"] if steps == "mark()" else [])


def test_a_call_stands_in_an_atomic_block_unless_it_loops() -> None:
    called = accepted(text(ADD, "atomic { add(x, 1) }"))
    assert shape(called) == shape(accepted(text("", "atomic { old = x x = old + 1 }")))
    called = accepted(text(GET, "atomic { r = get(p) }\nx = r"))
    written = f"atomic {{ n = rcu_dereference(p)\n{TAIL_OF_GET.format('r')} }}\nx = r"
    assert shape(called) == shape(accepted(text("", written)))
    (found,) = diagnose(text("define spin(&q) { while 2 (q) { q-- } }", "atomic { spin(x) }"))
    assert found.code.name == "E511"


# ---------------------------------------------------------------- reports

RUN = text(ADD, "add(x, 1)\nr = y\nadd(x, r)")


def _run(schedule: str) -> tuple[Checked, Replayed]:
    protocol = checked(RUN)
    assert isinstance(protocol, Checked)
    plan = parse_schedule(schedule.split(), protocol, protocol.bounds)
    assert not isinstance(plan, BadStep), plan
    run = replay(protocol, protocol.bounds, store_buffers=False, schedule=plan, strict=False)
    assert isinstance(run, Replayed), run
    return protocol, run


def test_a_call_has_a_row_of_its_own_and_its_steps_are_indented() -> None:
    _, run = _run("t0/5")
    rows = [(row.number, row.text, row.line) for row in table_of(run.trace).rows]
    assert rows == [
        (None, "(add(x, 1))", 14),
        (1, "  old = q", 10),
        (2, "  q = old + by", 11),
        (3, "r = y", 15),
        (None, "(add(x, r))", 16),
        (4, "  old = q", 10),
        (5, "  q = old + by", 11),
    ]


def test_a_row_says_which_part_of_a_condition_is_true() -> None:
    given = checked(
        text(ADD.replace("q = old + by", "yield old + by"), "if (y == 0 && add(x, 1))\nx = 2")
    )
    assert isinstance(given, Checked)
    plan = parse_schedule(["t0/3"], given, given.bounds)
    assert not isinstance(plan, BadStep)
    run = replay(given, given.bounds, store_buffers=False, schedule=plan, strict=False)
    assert isinstance(run, Replayed)
    shown = [row.changes for row in table_of(run.trace).rows if row.text.startswith("if")]
    assert shown == [("y -> 0", "y == 0 is true"), ("true",)]


def test_a_loop_that_a_break_has_ended_tells_no_test() -> None:
    """The condition of each is still as it was, and there is no test of it."""
    for loop in ("while 2 (x == 0) {", "retry 2 {", "each i of a {"):
        until = "} until (x == 1)" if loop.startswith("retry") else "}"
        protocol = checked(text("", f"{loop}\nif (y == 0) break\nx = 1\n{until}\ny = 1"))
        assert isinstance(protocol, Checked)
        plan = parse_schedule(["t0/*"], protocol, protocol.bounds)
        assert not isinstance(plan, BadStep), plan
        bounds = protocol.bounds
        run = replay(protocol, bounds, store_buffers=False, schedule=plan, strict=False)
        assert isinstance(run, Replayed), run
        rows = [(row.text, row.changes) for row in table_of(run.trace).rows]
        assert not {word for text, told in rows if text.startswith("each") for word in told} & {
            "true",
            "false",
        }
        after = rows[[text for text, _ in rows].index("break") + 1 :]
        assert not [one for one in after if one[0].startswith(("while", "retry"))]


def test_steps_of_a_call_are_named_by_its_line_and_their_own() -> None:
    protocol, run = _run("t0@14.11,15 t1@14 t0@16.10")
    names = StepNames(protocol)
    told = [names.of(m.where) for m in run.trace.moments if m.where and m.lane == "t0"]
    assert told == ["14.10", "14.11", "15", "16.10"]
    words = shorthand(protocol, protocol.bounds, run.trace, store_buffers=False)
    assert words == ("t0@14.10,14.11,15", "t1@14.10,14.11", "t0@16.10")


def test_a_line_of_a_definition_is_that_line_in_any_call() -> None:
    _, run = _run("t0@11 t0@11")
    assert [m.where.text for m in run.trace.moments if m.where].count("q = old + by") == 2


def test_the_order_in_which_c_makes_a_call_is_trusted_where_it_shows() -> None:
    def trusted(step: str) -> list[int]:
        found = accepted(text(ADD.replace("}", "    yield old\n}"), step))
        return [one.span.line for one in unordered_steps(found, found.bounds)]

    assert trusted("x = x + add(x, 1)") == [15]
    assert trusted("x = add(x, 1) + x") == [15]
    assert trusted("x = add(x, add(y, x))") == []
    assert trusted("x = add(x, x + add(y, x))") == [15]
    assert trusted("x = add(x, y)") == []
    assert trusted("x = x && add(x, 1)") == []
    assert trusted("x = add(x, 1) || x") == []
    assert trusted("x = x ? add(x, 1) : y") == []


# ---------------------------------------------------------------- analyses, layout


def test_a_definition_is_changed_once_for_all_its_calls() -> None:
    found = checked(RUN)
    parsed = parse(Text("t", RUN))
    assert isinstance(found, Checked)
    assert not isinstance(parsed, tuple)
    every = [*variants(parsed, found.text, found, SC)]
    made = [(one.change.name, one.block, one.names) for one in every if one.protocol is not None]
    assert [one for one in made if one[1] == "add"] == [
        ("TWICE", "add", ("10",)),
        ("DROP", "add", ("11",)),
        ("TWICE", "add", ("11",)),
    ]
    assert ("DROP", "t", ("14",)) in made


LAID_OUT = """\
protocol laid "out"

shared x = 0

// adds
define add(&q, by) {
    old = q  // before
    if (old > 3)
        return
    q = old < 2 ? old + by : 0x0F & 7
}

define one() {
    yield 010 - 1
}

thread t {
    add(&x, one())
}

never bad: x == 99 always
bounds t 1
"""


def test_definitions_are_laid_out_like_blocks() -> None:
    for given in (LAID_OUT, LAID_OUT.replace("    ", " "), LAID_OUT.replace("\n\n", "\n")):
        made = Text("t", given)
        root = derivation(made)
        assert isinstance(root, Node)
        assert format_protocol(root, made) == LAID_OUT


FAMILY = """\
protocol family
variant after
variant before
shared x = 0
define set(v) {
    not in before: if (v > x)
        x = v
    in before: x = v
}
thread t {
    set(1)
    in before: set(2)
}
never bad: x == 1 finally
bounds t 1
expect bad refuted
expect bad proved for before
"""


def test_variants_stand_in_definitions() -> None:
    from smtmodel.language.meanings import meanings
    from smtmodel.source import Diagnostic

    found = meanings(Text("t", FAMILY))
    sizes = []
    for one in found:
        assert not isinstance(one, Diagnostic), one
        sizes.append(len(list(steps_in(one.checked.blocks[0].steps))))
    assert sizes == [3, 4]
