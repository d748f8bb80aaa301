"""What reports look like, against golden files; `--promote` accepts what they are now."""

from pathlib import Path

import pytest

from smtmodel.documents.assumptions import Assumption, leaves_out, trusted
from smtmodel.documents.document import PlaceSpan, spans, text_of
from smtmodel.documents.table import Table, TableRow, table_of
from smtmodel.executions.trace import Change, Moment, Schedule, Trace
from smtmodel.formats.layout import hung, table_lines, wrapped
from smtmodel.language.checked import Where
from smtmodel.verdict import Status
from tests.support import processes
from tests.support.examples import checked, shipped
from tests.support.lengths import long_but
from tests.support.processes import normal
from tests.support.program import run

GOLDEN = Path(__file__).parents[1] / "golden"
CASES = {
    "original": ["prove", "original.dsl"],
    "original-wide": ["prove", "original.dsl", "--width", "140", "--only", "stale_after_return"],
    "original-email": ["prove", "original.dsl", "--format", "email"],
    "original-tso-email": ["prove", "original.dsl", "--model", "tso", "--format", "email"],
    "paolo": ["prove", "paolo.dsl"],
    "paolo-email": ["prove", "paolo.dsl", "--format", "email"],
    "paolo-verbose": ["prove", "paolo.dsl", "-v"],
    "vacuous": ["prove", "tests/golden/vacuous.dsl"],
    "vacuous-gcc": ["prove", "tests/golden/vacuous.dsl", "--format", "gcc"],
    "trusting": ["prove", "tests/golden/trusting.dsl"],
    "lanes": ["prove", "tests/golden/lanes.dsl"],
    "mixed": ["prove", "tests/golden/mixed.dsl"],
    "mixed-email": ["prove", "tests/golden/mixed.dsl", "--format", "email", "--only", "six"],
    "buffering": ["prove", "tests/golden/buffering.dsl"],
    "buffering-tso": ["prove", "tests/golden/buffering.dsl", "--model", "tso"],
    "buffering-check": ["check", "tests/golden/buffering.dsl"],
    "embrace": ["prove", "tests/golden/embrace.dsl"],
    "embrace-gcc": ["prove", "tests/golden/embrace.dsl", "--format", "gcc"],
    "original-sarif": [
        *("prove", "original.dsl", "--format", "sarif", "--only", "stale_after_return")
    ],
    "third": ["prove", "tests/golden/third.dsl"],
    "budget": ["prove", "paolo.dsl", "--budget", "1"],
    "replay": ["replay", "original.dsl", "--updates", "1", "fault0/2", "update0/4", "fault0"],
    "broken": ["prove", "tests/golden/broken.dsl"],
}


def compare(name: str, found: str, promote: bool) -> None:
    """A golden file has to be there, and to say the same."""
    path = GOLDEN / f"{name}.txt"
    if promote:
        path.write_text(found)
        return
    assert path.exists(), f"{path} is missing; look at the output and promote it"
    assert found == path.read_text()


@pytest.mark.parametrize("name", CASES)
def test_the_report_is_the_golden_one(name: str, promote: bool) -> None:
    process = run(*CASES[name])
    assert process.returncode != Status.CONTRADICTION, process.stderr
    told = process.stdout + "".join(f"! {line}\n" for line in process.stderr.splitlines())
    compare(name, f"{normal(told)}[status {process.returncode}]\n", promote)


def test_every_golden_file_belongs_to_a_case() -> None:
    assert sorted(path.stem for path in GOLDEN.glob("*.txt")) == sorted(CASES)


# ---------------------------------------------------------------- tables

ONE = Where(0, "left", None, "x = copy p")
TWO = Where(1, "right", None, "y = 1")


def moment(lane: str, where: Where, detail: str, *changes: Change, begins: bool) -> Moment:
    return Moment(lane, where.block, where, "read", detail, changes, begins)


def trace(*moments: Moment) -> Trace:
    return Trace((("left0", ("left",)), ("right0", ("right",))), moments, Schedule(()))


def test_events_of_one_step_share_a_row_and_their_changes_are_joined() -> None:
    table = table_of(
        trace(
            moment("left0", ONE, "p.a -> 0", Change("x", "-", "1"), begins=True),
            moment("left0", ONE, "p.b -> 0", Change("x", "1", "2"), begins=False),
        )
    )
    assert table.rows == (TableRow(1, 0, "x = copy p", ("x: - -> 2",), 1),)


def test_a_step_that_is_come_between_says_what_its_parts_did() -> None:
    table = table_of(
        trace(
            moment("left0", ONE, "p.a -> 0", begins=True),
            moment("right0", TWO, "y = 1", begins=True),
            moment("left0", ONE, "p.b -> 0", begins=False),
        )
    )
    assert [(row.number, row.text) for row in table.rows] == [
        (1, "x = copy p   [p.a -> 0]"),
        (2, "y = 1"),
        (None, "x = copy p   [p.b -> 0]"),
    ]


def test_a_step_that_is_begun_twice_has_two_rows() -> None:
    table = table_of(
        trace(
            moment("left0", ONE, "p.a -> 0", begins=True),
            moment("left0", ONE, "p.a -> 0", begins=True),
        )
    )
    assert [row.number for row in table.rows] == [1, 2]


def table(lanes: int, text: str, *changes: str, block: str = "block") -> Table:
    names = tuple(f"cpu{number}" for number in range(lanes))
    heads = tuple(f"{name} {block}" for name in names)
    return Table(names, heads, tuple(TableRow(n + 1, n, text, changes) for n in range(lanes)))


@pytest.mark.parametrize("width", [44, 60, 80, 120])
@pytest.mark.parametrize("lanes", [1, 2, 3, 5])
@pytest.mark.parametrize("text", ["x = 1", "a_rather_long_name = another_name + " * 3])
def test_a_hard_table_keeps_to_its_width(lanes: int, width: int, text: str) -> None:
    changes = ("x: 0 -> 1", "some_structure.member: 0 -> 1000000")
    shown = table(lanes, text.rstrip(), *changes, block="a_block_of_a_long_name_" * 3)
    lines = table_lines(shown, width, hard=True)
    assert max(map(len, lines)) <= width
    assert all(line == line.rstrip() for line in lines)


def test_up_to_three_lanes_stand_side_by_side_and_more_below_each_other() -> None:
    assert "cpu0 block   cpu1 block   cpu2 block" in table_lines(table(3, "x"), 80, hard=False)[0]
    assert table_lines(table(4, "x"), 200, hard=False)[3].strip() == "cpu3 block"


def test_a_soft_line_is_never_broken_and_a_hard_one_goes_on_with_its_end() -> None:
    words = "word " * 40
    assert len(wrapped(words.strip(), "  ", 40, hard=False)) == 1
    lines = wrapped(words.strip(), "  ", 40, hard=True, end=" \\")
    assert all(line.endswith(" \\") for line in lines[:-1])
    assert " ".join(line.removesuffix(" \\").strip() for line in lines) == words.strip()


@pytest.mark.parametrize("width", long_but([60], [45, 60, 77]))
@pytest.mark.parametrize("name", ["original.dsl", "tests/golden/lanes.dsl", "xiao.dsl"])
def test_a_width_that_is_asked_for_is_kept(name: str, width: int) -> None:
    lines = run("prove", name, "--width", str(width)).stdout.splitlines()
    assert max(len(line) for line in lines if not line.startswith("Result ")) <= width
    assert all(len(line.split()) >= 5 for line in lines if line.startswith("Result "))
    told = " ".join(" ".join(lines).replace("\\ ", "").split())
    assert f"smtmodel replay {name} " in told


def test_what_is_too_long_for_a_table_is_wrapped_and_nothing_is_lost() -> None:
    shown = table(5, "word " * 30)
    told = "\n".join(table_lines(shown, 44, hard=True))
    assert "..." not in told
    assert told.count("word") == 5 * 30


def test_what_is_not_decided_for_one_reason_is_said_once() -> None:
    for form in ("human", "email", "markdown", "html"):
        told = processes.run(
            "prove", "paolo.dsl", "--timeout", "1", "--format", form, clock="ticking"
        ).stdout
        assert told.count("Reason:") == 1, told
        first = told.partition("Reason:")[0]
        assert all(name in first for name in ("stale_after_return", "hits_new", "deadlock"))
        assert told.partition("<title>")[0].count("UNKNOWN") + told.count(">UNKNOWN</strong>") == 5


def test_places_keep_apart_from_their_texts_in_too_narrow_a_column() -> None:
    texts = (("short", "(built in)"), ("a long text of many words", "f.dsl:3"))
    assert hung(texts, "T: ", "   ", 41) == [
        "T: short                       (built in)",
        "   a long text of many words   f.dsl:3",
    ]
    for width in range(18, 41):
        lines = hung(texts, "T: ", "   ", width)
        assert max(map(len, lines)) <= width
        told = " ".join(" ".join(lines).split())
        assert told == "T: short (built in) a long text of many words f.dsl:3"
        for place in ("(built in)", "f.dsl:3"):
            (line,) = (one for one in lines if place in one)
            assert line.endswith(f"  {place}")
            assert len(line) == width


FENCED = checked(
    "protocol fenced shared x = 0 thread t { atomic_inc(x) smp_mb__after_atomic() smp_mb() r = x"
    " assert r == 1 } bounds t 1"
)


def told(name: str, model: str = "sc") -> tuple[list[str], str]:
    """What a proof about a protocol trusts, and what it leaves out."""
    protocol = shipped(name)
    left = "; ".join(leaves_out(protocol, model))
    return [text_of(one.text) for one in trusted(protocol, protocol.bounds, model, name)], left


def test_an_atomic_that_the_kernel_promises_less_of_is_named() -> None:
    atomics = "atomic_inc(x)\natomic_inc_return(x)\n\nif (try_cmpxchg(x, 0, 1)) { x = 2 }"
    protocol = checked(
        f"protocol p shared x = 0 thread t {{ {atomics} }} reach r: x == 2 bounds t 1"
    )
    text = "an atomic is a full barrier, as on x86; the kernel promises less"
    bounds = protocol.bounds
    found = Assumption(
        spans(text),
        PlaceSpan(
            "p.dsl",
            (
                1,
                4,
            ),
        ),
    )
    assert found in trusted(protocol, bounds, "tso", "p.dsl")
    assert found not in trusted(protocol, bounds, "sc", "p.dsl")
    assert text not in told("paolo", "tso")[0]


def test_a_lock_that_the_kernel_promises_less_of_is_named() -> None:
    sections = [
        f"{on}_lock({name})\nx = 1\n{on}_unlock({name})"
        for on, name in (("mutex", "m"), ("spin", "l"), ("read", "k"), ("write", "k"))
    ]
    tried = "if (spin_trylock(l)) {\nspin_unlock(l)\n}"
    steps = "\n".join([*sections, tried])
    protocol = checked(
        f"protocol p shared x = 0 mutex m spinlock l rwlock k thread t {{ {steps} }}"
        " reach r: x == 1 bounds t 1"
    )
    text = "a lock's instruction is a full barrier, as on x86; the kernel promises less"
    bounds = protocol.bounds
    found = Assumption(
        spans(text),
        PlaceSpan(
            "p.dsl",
            (
                1,
                3,
                4,
                7,
                9,
                10,
                13,
            ),
        ),
    )
    assert found in trusted(protocol, bounds, "tso", "p.dsl")
    assert found not in trusted(protocol, bounds, "sc", "p.dsl")
    assert text not in told("paolo", "tso")[0]


@pytest.mark.parametrize("interrupts", [True, False])
def test_how_a_try_fails_is_trusted_where_more_could_be_told(interrupts: bool) -> None:
    tries = "\n".join(
        f"if ({on}_trylock({name})) {{ {on}_unlock({name}) }}"
        for on, name in (("mutex", "m"), ("spin", "l"), ("read", "k"), ("write", "k"))
    )
    irq = "thread i on t { x = 1 }" if interrupts else "thread i { x = 1 }"
    protocol = checked(
        f"protocol p shared x = 0 mutex m spinlock l rwlock k thread t {{ {tries} }} {irq}"
        " reach r: x == 1 bounds t 1, i 1"
    )
    texts = [text_of(one.text) for one in trusted(protocol, protocol.bounds, "sc", "p.dsl")]
    said = [text for text in texts if "trylock" in text]
    always = [
        "write_trylock(k) fails only while another lane holds k",
        "read_trylock(k) fails only while a writer holds k",
    ]
    assert said[:2] == always
    more = [
        "spin_trylock(l) fails only while another lane holds l",
        "mutex_trylock(m) fails only while another lane holds m",
    ]
    assert said[2:] == (more if interrupts else [])


def test_a_deferred_free_is_trusted_to_wait() -> None:
    assert "kfree_rcu waits for earlier readers" in told("rcu/g3:kfree_rcu")[0]
    assert not any("waits for" in text for text in told("kvm/k1:no_grace_period")[0])


def test_one_entry_is_a_bound_for_shared_caches_too() -> None:
    assert "more than one entry, " in told("kvm/k8:after")[1]
    assert "more than one entry per lane" in told("kvm/k5:after")[1]
    assert "entry" not in told("seqcount/g1:seqcount")[1]


def test_a_goal_after_one_step_is_no_plural(tmp_path: Path) -> None:
    text = "protocol p shared x = 0 thread t { x = 1 } reach one: x == 1 bounds t 1"
    (tmp_path / "p.dsl").write_text(text)
    assert "one is reached in 1 step\n" in run("prove", "p.dsl", cwd=tmp_path).stdout


def test_barriers_without_effect_are_left_out() -> None:
    for model in ("sc", "tso"):
        both = f"; smp_wmb, smp_rmb: no effect under {model}, so nothing is said about them"
        assert told("seqcount/g1:seqcount", model)[1].endswith(both)
        assert "effect" not in told("paolo", model)[1]
    both = "smp_mb, smp_mb__after_atomic: no effect under sc, so nothing is said about them"
    assert both in "; ".join(leaves_out(FENCED, "sc"))
    one = "smp_mb__after_atomic: no effect under tso, so nothing is said about it"
    assert one in "; ".join(leaves_out(FENCED, "tso"))
    assert "smp_mb, " not in "; ".join(leaves_out(FENCED, "tso"))


def test_interrupts_that_are_off_for_nobody_are_left_out() -> None:
    protocol = checked("""protocol off
spinlock l
shared x = 0
thread a { spin_lock_irq(l) x = 1 spin_unlock_irq(l) }
never bad: x > 1 always
bounds a 2
""")
    told = "; ".join(leaves_out(protocol, "sc"))
    assert "interrupts of a lanes, which switch them off for nobody" in told
