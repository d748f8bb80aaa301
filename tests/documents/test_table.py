"""Tables of runs: every step that ran has its row, and says of itself what is true of it."""

import pytest

from smtmodel.documents.table import Table, TableRow, before_rows, folded, table_of
from smtmodel.documents.why import stated
from smtmodel.executions.replay import Replayed
from smtmodel.language.checked import Checked
from smtmodel.solving.result import Run
from tests.support.answers import replayed
from tests.support.examples import checked, shipped

LOCAL = """protocol local_steps
const LAST = 1
shared x = 5
shared a[2] = 0
shared cache c { f }
thread t {
    v = x
    if (v == 5)
        v = 0
    v = v + 2
    x = v
    x = 2
    i = 0
    while 2 (i < LAST) {
        i = i + 1
    }
    either { v = 1 } or { v = 7 }
    ok: assert v == LAST
    c = { f: v }
    a[v] = 1
}
never filled_up: filled(c) always
never seven: c.f == 7 + LAST - LAST && x == 2 always
bounds t 1
"""


def run_of(text: str, words: str, model: str = "sc") -> tuple[Run, Replayed]:
    return replayed(checked(text), words, model)


def rows_of(text: str, words: str, model: str = "sc") -> list[tuple[int | None, str, str]]:
    run, _ = run_of(text, words, model)
    return [(one.number, one.text, ", ".join(one.changes)) for one in table_of(run.trace).rows]


def test_a_local_step_has_a_row_of_its_own_without_a_number() -> None:
    assert rows_of(LOCAL, "t0:2/4") == [
        (1, "v = x", "v: - -> 5"),
        (None, "if (v == 5)", "true"),
        (None, "v = 0", "v: 5 -> 0"),
        (None, "v = v + 2", "v: 0 -> 2"),
        (2, "x = v", "x: 5 -> 2"),
        (3, "x = 2", "x: 2 -> 2"),
        (None, "i = 0", "i: - -> 0"),
        (None, "while 2 (i < LAST)", "true"),
        (None, "i = i + 1", "i: 0 -> 1"),
        (None, "while 2 (i < LAST)", "false"),
        (None, "either", "branch 2"),
        (None, "v = 7", "v: 2 -> 7"),
        (None, "assert v == LAST", "fails"),
        (4, "c = { f: v }", "c: empty -> { f: 7 }"),
        (None, "a[v] = 1", "out_of_bounds"),
    ]


def test_a_violation_says_which_values_it_is_about_each_once() -> None:
    _, made = run_of(LOCAL, "t0:2/4")
    assert dict(made.known) == {
        "ok": (("v", "7"), ("LAST", "1")),
        "out_of_bounds": (("index of a", "7"), ("length of a", "2")),
        "filled_up": (("c", "{ f: 7 }"),),
        "seven": (("c.f", "7"), ("LAST", "1"), ("x", "2")),
    }


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("ok", "ok: assert v == LAST"),
        ("seven", "never seven: c.f == 7 + LAST - LAST && x == 2 always"),
        ("out_of_bounds", "out_of_bounds: an index lies outside its array"),
    ],
)
def test_a_property_is_shown_as_its_text_states_it(name: str, text: str) -> None:
    assert stated(checked(LOCAL), name) == text


ENTRIES = """protocol entries
shared cache c { f, g }
thread t {
    c = { f: 1, g: 2 }
    e = c
    whole: assert !filled(e)
    part:  assert !(filled(e) && e.f == 1)
    early: assert e.g == 5 && e.f == 1
}
bounds t 1
"""


def test_of_an_entry_its_fields_are_told_or_the_whole() -> None:
    _, made = run_of(ENTRIES, "t0/2")
    assert made.facts("whole") == (("e", "{ f: 1, g: 2 }"),)
    assert made.facts("part") == (("e.f", "1"),)
    assert made.facts("early") == (("e.g", "2"), ("e.f", "1"))


def test_what_a_condition_did_not_come_to_read_is_not_told() -> None:
    text = (
        "shared x = 0\nshared y = 0\nthread t {\n    ok: assert x == 1 && y == 1\n}\nbounds t 1\n"
    )
    _, made = run_of(f"protocol short\n{text}", "t0")
    assert made.facts("ok") == (("x", "0"),)


MISUSE = """protocol misuse
spinlock l
mutex m
shared x = 0
thread t {
    x = 1
    rcu_read_lock()
    spin_lock(l)
    mutex_lock(m)
    mutex_unlock(m)
    spin_unlock(l)
    rcu_read_unlock()
}
thread irq on t {
    mutex_lock(m)
    mutex_unlock(m)
}
bounds t 1, irq 1
"""


def test_what_must_not_be_held_is_told_with_the_step_that_took_it() -> None:
    _, made = run_of(MISUSE, "t0/3")
    assert made.facts("lock_misuse") == (
        ("t0", "mutex_lock(m)"),
        ("l", "taken in step 3"),
        ("the RCU section", "entered in step 2"),
    )


def test_an_interrupt_is_told_with_the_lane_that_it_interrupts() -> None:
    run, made = run_of(MISUSE, "irq0/3")
    assert made.facts("lock_misuse") == (("irq0", "mutex_lock(m)"), ("irq0", "interrupts t0"))
    table = table_of(run.trace)
    assert table.heads == ("irq0 on t0",)
    assert table.rows[0].text == "(interrupts t0)"


ERRORS = """protocol errors
struct o { f }
shared p: o = null
shared n = 0 - 1
thread none { q = p q.f = 1 }
thread part { q = alloc o v = q.f if (v == 1) n = 2 }
thread rest { v = n % 2 if (v == 1) n = 2 }
bounds none 1, part 1, rest 1
""".replace("0 - 1", "-1")


@pytest.mark.parametrize(
    ("lane", "name", "facts"),
    [
        ("none0", "null_dereference", (("q", "null"),)),
        ("part0", "unwritten_read", (("A.f", "unwritten"),)),
        ("rest0", "negative_operand", (("left side of %", "-1"),)),
    ],
)
def test_an_error_of_the_run_says_what_is_to_blame(
    lane: str, name: str, facts: tuple[tuple[str, str], ...]
) -> None:
    run, made = run_of(ERRORS, lane)
    assert made.facts(name) == facts
    assert table_of(run.trace).rows[-1].changes[-1] == name


ROUNDS = """protocol rounds_told
shared x = 0
thread reads { if (x == 7) smp_mb() }
thread writes { x = 1 }
update u { x = x + 1 }
lanes vcpu: reads, writes
bounds updates 2, vcpu 1, rounds 2
never bad: x == 9 always
"""


def test_rounds_are_marked() -> None:
    words = "vcpu0:reads,writes/2 update0/8"
    assert [text for _, text, _ in rows_of(ROUNDS, words)] == [
        "(round 1: reads)",
        "if (x == 7)",
        "(round 2: writes)",
        "x = 1",
        "(the update begins)",
        "x = x + 1",
        "(the update returns)",
        "(round 2: the update u begins)",
        "x = x + 1",
        "(the update returns)",
    ]


def test_a_step_that_is_over_when_a_round_ends_is_of_that_round() -> None:
    text = (
        "protocol ends\nshared x = 0\nthread t {\n    v = x\n    if (v == 0)\n        v = 1\n}\n"
        "never b: x == 1 always\nbounds t 1, rounds 2\n"
    )
    shown = [row[1] for row in rows_of(text, "t0/2")]
    assert shown == [
        "(round 1: t)",
        *(steps := ["v = x", "if (v == 0)", "v = 1"]),
        "(round 2: t)",
        *steps,
    ]


def test_a_lane_without_an_event_shows_its_steps() -> None:
    text = "shared x = 0\nthread t {\n    v = 1\n    ok: assert v == 2\n}\nbounds t 1\n"
    assert rows_of(f"protocol quiet\n{text}", "t0") == [
        (None, "v = 1", "v: - -> 1"),
        (None, "assert v == 2", "fails"),
    ]


def test_lanes_are_called_as_in_scripts_and_pointers_are_shown_at_the_start() -> None:
    run, _ = replayed(shipped("original"), "fault0/3 update0/2", "sc")
    table = table_of(run.trace)
    assert table.lanes == ("update0", "fault0")
    assert table.heads == ("update0 set_memory_region", "fault0 page_fault")
    assert before_rows(table) == "At the start:  slots: A"


def test_a_run_without_steps_says_so() -> None:
    run, made = run_of(ROUNDS, "")
    assert before_rows(table_of(run.trace)) == "At the start, before any step."
    assert made.step_count == 0


# ---------------------------------------------------------------- what is told in one row


def long_run() -> tuple[Run, Table]:
    run, _ = replayed(shipped("original"), "update0/26 fault0/5", "sc")
    return run, table_of(run.trace)


def test_a_long_beginning_of_one_lane_is_one_row_up_to_what_is_explained() -> None:
    run, table = long_run()
    alone = sum(row.lane == 0 for row in table.rows)
    whole = [one.number for one in table.rows[: alone - 2] if one.number is not None]
    short = folded(run.trace, table, frozenset())
    first = short.rows[0]
    assert first.text == f"(steps {whole[0]} to {whole[-1]}: -v shows them)"
    assert short.rows[1:] == table.rows[alone - 2 :]
    assert "B.slot: - -> fresh1" in first.changes
    assert folded(run.trace, table, frozenset({1})) == table


def test_a_run_of_one_lane_and_a_short_beginning_are_told_in_full() -> None:
    run, _ = replayed(shipped("original"), "update0/14", "sc")
    assert folded(run.trace, table_of(run.trace), frozenset()) == table_of(run.trace)
    run, _ = replayed(shipped("original"), "fault0/3 update0/12", "sc")
    assert folded(run.trace, table_of(run.trace), frozenset()) == table_of(run.trace)


@pytest.mark.parametrize("model", ["sc", "tso"])
def test_numbers_are_those_of_the_steps_that_have_events(model: str) -> None:
    protocol: Checked = shipped("paolo")
    run, made = replayed(protocol, "fault0/7 update0/8", model)
    rows: tuple[TableRow, ...] = table_of(run.trace).rows
    numbers = [row.number for row in rows if row.number is not None]
    assert numbers == list(range(1, made.step_count + 1))
