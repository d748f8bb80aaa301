"""The prelude: each definition means its steps written out, wherever a call of it may stand."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from smtmodel.documents.table import table_of
from smtmodel.executions.replay import Replayed, replay
from smtmodel.executions.schedule import Plan
from smtmodel.executions.trace import Move
from smtmodel.language import ast
from smtmodel.language import parse as parsing
from smtmodel.language.checked import Mark, ReadModifyWrite, Rmw, SetLocal, Yields
from smtmodel.language.grammar import prelude_text
from smtmodel.language.inline import inline
from smtmodel.language.prelude import prelude
from smtmodel.language.primitives import (
    AWAITED,
    PRIMITIVES,
    Awaiting,
    Modifying,
    Reading,
    Writing,
)
from smtmodel.language.walk import steps_in, within
from smtmodel.source import Text
from smtmodel.source.record import parts, record, replace
from smtmodel.verdict import Verdict
from tests.support.examples import results
from tests.support.front import STATE, accepted, block, codes, diagnose, form
from tests.support.shapes import shape

ROOT = Path(__file__).parents[2]
DEFINITIONS = prelude()


# ---------------------------------------------------------------- meaning

BEGIN = "n = smp_cond_load_relaxed(x, VAL % 2 == 0)\nsmp_rmb()\n"
PAIRS = {
    "n = read_seqcount_begin(&x)\ny = n": BEGIN + "y = n",
    "n = raw_read_seqcount(x)\ny = n": "n = READ_ONCE(x)\nsmp_rmb()\ny = n",
    "n = raw_seqcount_begin(x)\ny = n": "k = READ_ONCE(x)\nsmp_rmb()\nn = k - k % 2\ny = n",
    "n = read_seqcount_retry(x, 2)\ny = n": "smp_rmb()\nn = READ_ONCE(x) != 2\ny = n",
    "n = !read_seqcount_retry(x, 2)\ny = n": "smp_rmb()\nn = !(READ_ONCE(x) != 2)\ny = n",
    "write_seqcount_begin(x)": "x++\nsmp_wmb()",
    "write_seqcount_end(x)": "smp_wmb()\nx++",
    "raw_write_seqcount_begin(x)": "x++\nsmp_wmb()",
    "raw_write_seqcount_end(x)": "smp_wmb()\nx++",
    "write_seqcount_invalidate(x)": "smp_wmb()\nx += 2",
    "raw_write_seqcount_barrier(x)": "x++\nsmp_wmb()\nx++",
    "smp_store_mb(x, 5)": "WRITE_ONCE(x, 5)\nsmp_mb()",
    "smp_store_mb(x, y)": "n = y\nWRITE_ONCE(x, n)\nsmp_mb()",
    "q = rcu_replace_pointer(p, null)\nx = q.data": (
        "q = rcu_dereference_protected(p)\nrcu_assign_pointer(p, null)\nx = q.data"
    ),
    # Where a call may stand.
    "if (read_seqcount_retry(x, 2)) { y = 1 }": "smp_rmb()\nif (READ_ONCE(x) != 2) { y = 1 }",
    "if (!read_seqcount_retry(x, 2)) y = 1 else { write_seqcount_end(x) }": (
        "smp_rmb()\nif (!(READ_ONCE(x) != 2)) y = 1 else { smp_wmb() x++ }"
    ),
    "while 2 (read_seqcount_retry(x, 2)) { y = 1 }": (
        "smp_rmb()\nwhile 2 (READ_ONCE(x) != 2) { y = 1 smp_rmb() }"
    ),
    "retry 2 { y = 1 } until (!read_seqcount_retry(x, 2))": (
        "retry 2 { y = 1 smp_rmb() } until (!(READ_ONCE(x) != 2))"
    ),
    "assert !read_seqcount_retry(x, 2)": "smp_rmb()\nassert !(READ_ONCE(x) != 2)",
    "assume !read_seqcount_retry(x, 2)": "smp_rmb()\nassume !(READ_ONCE(x) != 2)",
    "either { write_seqcount_end(x) } or { }": "either { smp_wmb() x++ } or { }",
    "atomic { write_seqcount_end(x) }": "atomic { smp_wmb() x++ }",
    # Anywhere in an expression: what stands left of it is read before, `&&` and `||` stop early.
    "x = 1 + read_seqcount_begin(y)": BEGIN.replace("(x", "(y") + "x = 1 + n",
    "x += raw_read_seqcount(y)": "n = READ_ONCE(y)\nsmp_rmb()\nx += n",
    "x = y + raw_read_seqcount(y)": "k = y\nn = READ_ONCE(y)\nsmp_rmb()\nx = k + n",
    "a[raw_read_seqcount(x)] = y": "k = y\nn = READ_ONCE(x)\nsmp_rmb()\na[n] = k",
    "WRITE_ONCE(p->data, raw_read_seqcount(x))": (
        "q = p\nn = READ_ONCE(x)\nsmp_rmb()\nWRITE_ONCE(q->data, n)"
    ),
    "if (x == 1 && read_seqcount_retry(y, 1)) x = 2": (
        "if (x == 1) { smp_rmb() n = READ_ONCE(y) != 1 } else { n = 0 }\nif (n) x = 2"
    ),
    "retry 2 { y = 1 } until (x || !read_seqcount_retry(x, 2))": (
        "retry 2 { y = 1 if (x) { n = 1 } else { smp_rmb() n = !(READ_ONCE(x) != 2) } } until (n)"
    ),
    "while 2 (raw_read_seqcount(x) || y) { y = 1 }": (
        "n = READ_ONCE(x)\nsmp_rmb()\nwhile 2 (n || y) { y = 1 n = READ_ONCE(x) smp_rmb() }"
    ),
    # Arguments are evaluated once, before the first step.
    "write_seqcount_begin(p.data)": "q = p\nq.data++\nsmp_wmb()",
    "write_seqcount_begin(a[y])": "i = y\na[i]++\nsmp_wmb()",
    "q = p\nwrite_seqcount_begin(q->data)": "q = p\nq.data++\nsmp_wmb()",
    "q = p\nwrite_seqcount_begin(q->next->data)": "q = p\nr = q.next\nr.data++\nsmp_wmb()",
    "n = read_seqcount_retry(p.data, y)\nx = n": (
        "q = p\nk = y\nsmp_rmb()\nn = READ_ONCE(q.data) != k\nx = n"
    ),
    "smp_store_mb(x, read_seqcount_begin(y))": (
        "n = smp_cond_load_relaxed(y, VAL % 2 == 0)\nsmp_rmb()\nWRITE_ONCE(x, n)\nsmp_mb()"
    ),
    # The target is not assigned while the call still reads it, nor before the last step if shared.
    "n = 1\nn = read_seqcount_begin(a[n])\ny = n": (
        "n = 1\nk = smp_cond_load_relaxed(a[n], VAL % 2 == 0)\nsmp_rmb()\nn = k\ny = n"
    ),
    "a[y] = read_seqcount_begin(x)": BEGIN + "a[y] = n",
}


@pytest.mark.parametrize("steps", PAIRS)
def test_a_call_means_the_steps_written_out(steps: str) -> None:
    assert shape(accepted(block(steps))) == shape(accepted(block(PAIRS[steps])))


def test_every_definition_is_compared() -> None:
    called = set(re.findall(r"\w+", " ".join(PAIRS)))
    assert DEFINITIONS.keys() <= called


SEQCOUNT = """\
protocol seqcount

shared seq = 0
shared a = 0
shared b = 0

update write {
    write_seqcount_begin(&seq)
    a = fresh
    b = a
    write_seqcount_end(&seq)
}

thread reader {
    retry 2 {
        s = read_seqcount_begin(&seq)
        x = a
        y = b
    } until (!read_seqcount_retry(&seq, s))
    same: assert x == y
}

reach reads_new: reader[0].x != 0 finally
bounds updates 2, reader 1
expect same proved
"""
WRITTEN_OUT = (
    SEQCOUNT.replace("write_seqcount_begin(&seq)", "seq++ smp_wmb()")
    .replace("write_seqcount_end(&seq)", "smp_wmb() seq++")
    .replace("read_seqcount_begin(&seq)", "READ_ONCE(seq) smp_rmb() assume s % 2 == 0")
    .replace("} until (!read_seqcount_retry(&seq, s))", "smp_rmb() } until (READ_ONCE(seq) == s)")
)
UNTESTED = SEQCOUNT.replace("!read_seqcount_retry(&seq, s)", "s == s")
WAITLESS = SEQCOUNT.replace("read_seqcount_begin", "raw_read_seqcount")
WAITLESS_EVEN = SEQCOUNT.replace("read_seqcount_begin", "raw_seqcount_begin")
UNMARKED = SEQCOUNT.replace("    write_seqcount_begin(&seq)\n", "").replace("end", "invalidate")


@pytest.mark.parametrize("model", ["sc", "tso"])
@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        (SEQCOUNT, Verdict.PROVED),
        (WRITTEN_OUT, Verdict.PROVED),
        (WAITLESS_EVEN, Verdict.PROVED),
        (UNTESTED, Verdict.REFUTED),
        (WAITLESS, Verdict.REFUTED),
        (UNMARKED, Verdict.REFUTED),
    ],
    ids=["calls", "written out", "even", "untested", "waitless", "unmarked"],
)
def test_verdicts_on_a_sequence_counter(text: str, verdict: Verdict, model: str) -> None:
    _, found = results(accepted(text), name=model)
    assert found["same"].verdict is verdict
    assert found["reads_new"].verdict is Verdict.PROVED


# ---------------------------------------------------------------- what reports see


def test_inlined_steps_stand_and_read_as_the_step_of_the_call() -> None:
    text = block("go: n = read_seqcount_begin(&x)  // even\ny = n")
    line, column = 15, 9
    steps = accepted(text).blocks[0].steps
    assert [step.where.label for step in steps] == ["go", None, None]
    assert {step.where.text for step in steps[:2]} == {"n = read_seqcount_begin(&x)"}
    assert {(s.where.span.line, s.where.span.column) for s in steps[:2]} == {(line, column)}
    assert [step.where.number for step in steps] == [0, 1, 2]


@pytest.mark.parametrize(
    ("step", "text"),
    [
        ("if (read_seqcount_retry(x, 1)) y = 1", "if (read_seqcount_retry(x, 1))"),
        ("while 1 (!read_seqcount_retry(x, 1)) { }", "while 1 (!read_seqcount_retry(x, 1))"),
        (
            "retry 1 { y = 1 } until (read_seqcount_retry(x, 1))",
            "retry 1 { ... } until (read_seqcount_retry(x, 1))",
        ),
        ("assume read_seqcount_retry(x, 1)", "assume read_seqcount_retry(x, 1)"),
        ("assert read_seqcount_retry(x, 1)", "assert read_seqcount_retry(x, 1)"),
        ("n = rcu_replace_pointer(p, null) p = n", "n = rcu_replace_pointer(p, null)"),
    ],
)
def test_a_call_is_one_row_of_a_run_which_reads_as_its_author_wrote_it(
    step: str, text: str
) -> None:
    protocol = accepted(block(step))
    plan = Plan((Move("t0"),) * 3)
    made = replay(protocol, protocol.bounds, store_buffers=False, schedule=plan, strict=False)
    assert isinstance(made, Replayed)
    rows = table_of(made.trace).rows
    assert [row.text for row in rows].count(text) == 1
    assert not any("." in what for row in rows for what in row.changes)


@pytest.mark.parametrize(
    ("steps", "labels"),
    [
        ("go: write_seqcount_begin(x)", ["go", None]),
        ("go: y = read_seqcount_retry(x, 1)", ["go", None]),
        ("go: if (read_seqcount_retry(x, 1)) y = 1", ["go", None, None]),
        ("go: while 1 (read_seqcount_retry(x, 1)) { y = 1 }", ["go", None, None, None]),
        ("go: retry 1 { y = 1 } until (read_seqcount_retry(x, 1))", ["go", None, None]),
        ("go: assume read_seqcount_retry(x, 1)", ["go", None]),
        ("go: assert read_seqcount_retry(x, 1)", [None, "go"]),
        ("go: smp_store_mb(x, y)", ["go", None, None]),
    ],
)
def test_the_label_stays_with_the_first_step(steps: str, labels: list[str | None]) -> None:
    made = accepted(block(steps, more="reach there: at t.go")).blocks[0].steps
    assert [step.where.label for step in steps_in(made)] == labels


def test_locals_of_calls_have_names_that_no_text_can_have() -> None:
    steps = """
    seq = 7
    read_seqcount_begin(x)
    raw_read_seqcount(x)
    read_seqcount_begin(y)
    smp_store_mb(x, y)
    smp_store_mb(p, p)
    x = seq
    """
    own = [name for name, _ in accepted(block(steps)).blocks[0].locals if name != "seq"]
    assert own == [
        "read_seqcount_begin:seq",
        "raw_read_seqcount:seq",
        "read_seqcount_begin#2:seq",
        "smp_store_mb:v",
        "smp_store_mb#2:v",
    ]


def test_names_of_the_prelude_can_be_locals_and_shared() -> None:
    """A definition sees its parameters and its own locals, nothing of the protocol."""
    protocol = accepted(block("s = 1\nold = 2\nn = read_seqcount_begin(x)\nx = s + old + n"))
    set_locals = [step.name for step in protocol.blocks[0].steps if isinstance(step, SetLocal)]
    assert set_locals == ["s", "old", "n"]
    shared = STATE.replace("shared y", "shared seq = 0\nshared s = 0\nshared y")
    text = block("n = read_seqcount_begin(x)\ny = n").replace(STATE, shared)
    assert shape(accepted(text)) == shape(accepted(block(PAIRS[next(iter(PAIRS))])))


# ---------------------------------------------------------------- errors

ERRORS = {
    "n = read_seqcount_begin()\nx = n": ("E307", "`read_seqcount_begin` takes 1 argument, not 0"),
    "smp_store_mb(x)": ("E307", "`smp_store_mb` takes 2 arguments, not 1"),
    "read_seqcount_begin(5)": ("E316", "`read_seqcount_begin` works on a location, and this is"),
    "write_seqcount_begin(x + 1)": ("E316", "`write_seqcount_begin` works on a location, and this"),
    "n = 1\nwrite_seqcount_begin(n)\nx = n": ("E316", "`n` is a local; no other lane sees it"),
    "write_seqcount_begin(z)": ("E201", "unknown name `z`"),
    "write_seqcount_begin(l)": ("E303", "`l` is a spinlock, not a value"),
    "write_seqcount_begin(a)": ("E313", "`a` is an array"),
    "write_seqcount_begin(p.dat)": ("E203", "unknown field `dat`"),
    "write_seqcount_begin(p)": ("E301", "`write_seqcount_begin` works on numbers, and this is a p"),
    "write_seqcount_end(w)": (
        "E301",
        "`write_seqcount_end` works on numbers, and this is an entry",
    ),
    "read_seqcount_begin(p)": ("E301", "`read_seqcount_begin` works on numbers, and this is a poi"),
    "if (read_seqcount_retry(x, p)) y = 1": ("E301", "`read_seqcount_retry` works on numbers, an"),
    "smp_store_mb(x, p)": ("E302", "this is a pointer to `node`, where a number is needed"),
    "smp_store_mb(p, 1)": ("E302", "this is a number, where a pointer to `node` is needed"),
    "rcu_replace_pointer(x, p)": ("E301", "`rcu_replace_pointer` is for pointers, and this is a"),
    "n = read_seqcount_begin(x)\ny = 1": ("E402", "`n` is assigned but never read"),
    "if (read_seqcount_retry(x, n)) y = 1\nn = 1": ("E401", "`n` may be read before it is assign"),
    "wait until (read_seqcount_begin(y) == x)": ("E312", "`read_seqcount_begin` is several steps"),
    "read_seqcount_retry(x, 1)": ("E312", "`read_seqcount_retry` is several steps, and here only"),
    "x = write_seqcount_begin(y)": ("E312", "`write_seqcount_begin` has no value"),
    "x = read_seqcont_begin(y)": ("E206", "unknown primitive `read_seqcont_begin`"),
    "atomic { read_seqcount_begin(x) }": ("E511", "`read_seqcount_begin` cannot stand in an atom"),
}


@pytest.mark.parametrize("steps", ERRORS)
def test_errors_stand_at_the_call_and_speak_of_it(steps: str) -> None:
    found = diagnose(block(steps))
    code, message = ERRORS[steps]
    assert [one.code.name for one in found] == [code]
    assert found[0].message.startswith(message)
    assert found[0].span.line in (15, 16)
    assert ".seq" not in found[0].message


def test_misspelt_names_lead_to_the_prelude() -> None:
    (found,) = diagnose(block("x = read_seqcont_begin(y)"))
    assert found.suggestion == "did you mean `read_seqcount_begin`?"


def test_properties_only_look() -> None:
    assert codes(block("y = 1", more="never n: read_seqcount_retry(x, 1) always")) == ["E701"]


# ---------------------------------------------------------------- the file


def test_no_name_is_defined_twice_or_is_a_primitive() -> None:
    names = re.findall(r"^define (\w+)", prelude_text(), re.M)
    assert len(names) == len(set(names)) == len(DEFINITIONS)
    assert not DEFINITIONS.keys() & PRIMITIVES.keys()


def _locations(definition: ast.Definition) -> set[str]:
    """The parameters that the steps use as locations."""
    found: set[str] = set()
    for part in parts((definition.steps, definition.value)):
        place: object = None
        if isinstance(part, ast.Assign):
            place = part.target
        elif isinstance(part, ast.Call):
            meaning = PRIMITIVES[part.name]
            if isinstance(meaning, Reading | Writing | Awaiting):
                place = part.arguments[0]
            elif isinstance(meaning, Modifying):
                place = part.arguments[meaning.place]
        if isinstance(place, ast.Name):
            found.add(place.name)
    return found & {one.name for one in definition.parameters}


@pytest.mark.parametrize("name", DEFINITIONS)
def test_definitions_are_of_the_form_that_the_inliner_knows(name: str) -> None:
    definition = DEFINITIONS[name]
    assert definition.steps
    *steps, last = definition.steps
    assert all(isinstance(one, ast.Assign | ast.Do) for one in steps)
    assert isinstance(last, ast.Assign | ast.Do | ast.Yield)
    assert not any(one.label for one in definition.steps)
    marked = {one.name for one in definition.parameters if one.location}
    assert _locations(definition) == marked
    assigned = {part.target for part in definition.steps if isinstance(part, ast.Assign)}
    known = {AWAITED, *(one.name for one in definition.parameters)}
    known |= {one.name for one in assigned if isinstance(one, ast.Name)}
    for part in parts((definition.steps, definition.value)):
        assert not isinstance(part, ast.Name) or part.name in known
        assert not isinstance(part, ast.Field | ast.Index | ast.Null | ast.Record)
    if isinstance(definition.value, ast.Name):
        assert definition.value.name not in {one.name for one in definition.parameters}


def test_a_prelude_that_says_nothing_is_our_mistake() -> None:
    with pytest.raises(ValueError, match="p:1"):
        parsing.parse_prelude(Text("p", "define f(x) { yield }"))


def test_nothing_is_loaded_for_protocols_that_do_not_use_it() -> None:
    code = (
        "import sys; from pathlib import Path\n"
        "from smtmodel import pipeline\n"
        "from smtmodel.source import Text\n"
        "pipeline.checked(Text('t', Path(sys.argv[1]).read_text()))\n"
        "print([n for n in ('prelude', 'misuse') if 'smtmodel.language.' + n in sys.modules])"
    )
    found = subprocess.run(
        [sys.executable, "-c", code, str(ROOT / "protocols" / "paolo.dsl")],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )
    assert found.stdout == "[]\n", found.stderr
    text = Text("t", SEQCOUNT.replace("write_seqcount_begin(&seq)", "smp_mb()"))
    protocol = parsing.parse(text)
    assert isinstance(protocol, ast.Protocol)
    assert inline(protocol).protocol != protocol
    plain = replace(protocol, items=protocol.items[:3])
    assert inline(plain).protocol is plain


def test_the_formatter_prints_calls() -> None:
    assert form(Text("t", SEQCOUNT)) == SEQCOUNT


# ---------------------------------------------------------------- what is one event


@record
class Form:
    operation: Rmw
    yields: Yields
    mark: Mark


FORMS = {
    "xchg_relaxed(x, 1)": Form(Rmw.EXCHANGE, Yields.BEFORE, Mark.RELAXED),
    "cmpxchg_acquire(x, 0, 1)": Form(Rmw.COMPARE_EXCHANGE, Yields.BEFORE, Mark.ACQUIRE),
    "try_cmpxchg(x, 0, 1)": Form(Rmw.COMPARE_EXCHANGE, Yields.SUCCESS, Mark.FULL),
    "try_cmpxchg_release(x, 0, 1)": Form(Rmw.COMPARE_EXCHANGE, Yields.SUCCESS, Mark.RELEASE),
    "atomic_inc_return(x)": Form(Rmw.ADD, Yields.AFTER, Mark.FULL),
    "atomic_sub_return_relaxed(2, x)": Form(Rmw.ADD, Yields.AFTER, Mark.RELAXED),
    "atomic_fetch_add(2, x)": Form(Rmw.ADD, Yields.BEFORE, Mark.FULL),
    "atomic_fetch_dec_release(x)": Form(Rmw.ADD, Yields.BEFORE, Mark.RELEASE),
    "atomic_inc_not_zero(x)": Form(Rmw.ADD_NOT_ZERO, Yields.SUCCESS, Mark.FULL),
    "refcount_inc_not_zero(x)": Form(Rmw.ADD_NOT_ZERO, Yields.SUCCESS, Mark.RELAXED),
    "kref_get_unless_zero(x)": Form(Rmw.ADD_NOT_ZERO, Yields.SUCCESS, Mark.RELAXED),
    "atomic_dec_and_test(x)": Form(Rmw.ADD, Yields.AFTER, Mark.FULL),
    "refcount_dec_and_test(x)": Form(Rmw.ADD, Yields.AFTER, Mark.RELEASE),
}
ADDED = {"atomic_sub_return_relaxed": -2, "atomic_fetch_dec_release": -1, "atomic_fetch_add": 2}


@pytest.mark.parametrize("call", FORMS)
def test_one_event_stays_one_event(call: str) -> None:
    (step,) = accepted(block(f"y = {call}")).blocks[0].steps
    (found,) = [one for one in within((step,)) if isinstance(one, ReadModifyWrite)]
    assert Form(found.operation, found.yields, found.mark) == FORMS[call]
    name = call.partition("(")[0]
    if name in ADDED:
        assert [getattr(one, "value", None) for one in found.operands] == [ADDED[name]]


def test_forms_without_a_value_order_nothing_and_have_none() -> None:
    for name in ("atomic_inc", "refcount_inc", "kref_get"):
        (step,) = accepted(block(f"{name}(x)")).blocks[0].steps
        (found,) = [one for one in within((step,)) if isinstance(one, ReadModifyWrite)]
        assert found.mark is Mark.RELAXED
        assert codes(block(f"y = {name}(x)")) == ["E312"]


COUNTED = """\
protocol counted

shared count = 1
shared got = 0
shared gone = 0

thread getter {
    if (refcount_inc_not_zero(count)) {
        got = 1
        if (refcount_dec_and_test(&count))
            gone = gone + 1
    }
}

thread putter {
    if (refcount_dec_and_test(&count))
        gone = gone + 1
}

never twice: gone == 2 always
never kept:  gone == 0 finally
reach gets:  got == 1 finally
reach fails: got == 0 finally
bounds getter 2, putter 1
expect twice proved
"""


def test_a_counter_that_is_gone_stays_gone() -> None:
    _, found = results(accepted(COUNTED), name="sc")
    assert {name: one.verdict for name, one in found.items()} == dict.fromkeys(
        ("twice", "kept", "gets", "fails"), Verdict.PROVED
    )
    without = COUNTED.replace("refcount_inc_not_zero", "atomic_inc_return")
    _, broken = results(accepted(without), name="sc")
    assert broken["twice"].verdict is Verdict.REFUTED
