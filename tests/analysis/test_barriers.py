"""Which barriers and marks proofs need under the kernel's model, and what weaker would do."""

import json
import re
from pathlib import Path

import pytest

from smtmodel import pipeline
from smtmodel.analysis.barriers import Orderer, Weakening
from smtmodel.language.checked import Checked, Load, Store
from smtmodel.source.record import parts
from smtmodel.source.refusal import Refusal
from smtmodel.verdict import Status
from tests.support.lengths import long
from tests.support.program import run

ROOT = Path(__file__).parents[2]
RETRY = ROOT / "docs" / "weak" / "retry.dsl"

PASSING = """\
protocol passing
shared data = 0
shared flag = 0
update write {
    WRITE_ONCE(data, 1)
    smp_mb()
    smp_store_release(flag, 1)
}
fault read {
    seen = smp_load_acquire(flag)
    smp_mb()
    value = READ_ONCE(data)
    told: assert seen == 0 || value == 1
}
bounds updates 1, faults 1
"""


def weakening(text: str, folder: Path) -> Weakening:
    file = folder / "made.dsl"
    file.write_text(text)
    found = pipeline.subject(str(file), "lkmm", (), machine=False)
    assert not isinstance(found, Refusal), found
    return Weakening(found.parsed, found.text, found.checked)


def weaker(orderer: Orderer) -> list[list[str]]:
    return [[one.text for one in level] for level in orderer.levels]


# ---------------------------------------------------------------- what is weaker

STEPS = {
    "smp_mb()": [[""], ["smp_rmb()", "smp_wmb()"]],
    "smp_wmb()": [[""]],
    "smp_mb__after_atomic()": [[""]],
    "synchronize_rcu()": [[""]],
    "WRITE_ONCE(x, 1)": [["x = 1"]],
    "smp_store_release(&x, 1)": [["x = 1"], ["WRITE_ONCE(&x, 1)"]],
    "atomic_set_release(x, 1)": [["atomic_set(x, 1)"]],
    "atomic_set(x, 1)": None,
    "rcu_assign_pointer(p, q)": [["p = q"], ["RCU_INIT_POINTER(p, q)"]],
    "a = READ_ONCE(x)": [["x"]],
    "a = smp_load_acquire(&x)": [["x"], ["READ_ONCE(&x)"]],
    "a = atomic_read_acquire(x)": [["atomic_read(x)"]],
    "a = atomic_read(x)": None,
    "b = rcu_dereference(p)": [["p"]],
    "a = xchg(x, 1)": [["xchg_relaxed(x, 1)"], ["xchg_acquire(x, 1)", "xchg_release(x, 1)"]],
    "a = cmpxchg_acquire(x, 0, 1)": [["cmpxchg_relaxed(x, 0, 1)"]],
    "a = atomic_add_return(2, x)": [
        ["atomic_add_return_relaxed(2, x)"],
        ["atomic_add_return_acquire(2, x)", "atomic_add_return_release(2, x)"],
    ],
    "atomic_inc(x)": None,
    "a = smp_cond_load_acquire(x, VAL == 1)": [["smp_cond_load_relaxed(x, VAL == 1)"]],
    "spin_lock(l)": None,
}
LAST = {"spin": "spin_unlock(l)", "a = ": "y = a", "b = ": "y = b.f"}


@pytest.mark.parametrize("step", STEPS)
def test_what_is_weaker_than_a_step(step: str, tmp_path: Path) -> None:
    last = LAST.get(step[:4], "")
    text = f"""protocol one
struct s {{ f }}
rcu p: s = {{ f: 0 }}
rcu q: s = {{ f: 0 }}
shared x = 0
shared y = 0
spinlock l
thread t {{
    atomic_inc(x)
    {step}
    {last}
}}
never odd: x == 9 finally
bounds t 1
"""
    found = [*weakening(text, tmp_path).orderings()]
    assert [weaker(one) for one in found] == ([] if STEPS[step] is None else [STEPS[step]])


def test_a_read_section_goes_with_its_end(tmp_path: Path) -> None:
    text = """protocol section
shared x = 0
srcu s
thread t {
    i = srcu_read_lock(s)
    WRITE_ONCE(x, 1)
    srcu_read_unlock(s, i)
}
never odd: x == 9 finally
bounds t 1
"""
    found = weakening(text, tmp_path)
    first, mark = found.orderings()
    assert [one.text for one in first.ends] == ["srcu_read_unlock(s, i)"]
    assert mark.is_mark
    made = found.variant(first, first.levels[0][0]).protocol
    assert made is not None
    assert len(made.blocks[0].steps) == 1


def test_accesses_inside_accesses_are_weakened_one_by_one_and_together(tmp_path: Path) -> None:
    text = """protocol nested
shared x = 0
shared y = 0
thread t {
    WRITE_ONCE(x, READ_ONCE(y) + READ_ONCE(x))
}
never odd: x == 9 finally
bounds t 1
"""
    found = weakening(text, tmp_path)
    every = [*found.orderings()]
    assert [one.place.text for one in every] == [
        "WRITE_ONCE(x, READ_ONCE(y) + READ_ONCE(x))",
        "READ_ONCE(y)",
        "READ_ONCE(x)",
    ]
    alone = found.variant(every[1], every[1].levels[0][0]).protocol
    assert marks(alone) == ["once", "plain", "once"]
    both = found.weakened([one.levels[0][0] for one in every])
    assert isinstance(both, Checked)
    assert marks(both) == ["plain", "plain", "plain"]


def marks(protocol: Checked | None) -> list[str]:
    """How the accesses of a protocol are marked, the written one first."""
    assert protocol is not None
    own = parts(protocol.blocks[0].steps)
    return [one.mark.value for one in own if isinstance(one, Store | Load)]


# ---------------------------------------------------------------- what is said


def told(file: Path, *more: str) -> dict[str, str]:
    """The paragraphs of the answer by their labels, each on one line."""
    found = run("needed", str(file), "--model", "lkmm", "--width", "1000", *more)
    assert found.returncode == Status.GOOD, found.stdout + found.stderr
    return dict(re.findall(r"^ {5}(\S[^:\n]*):  +(.*)$", found.stdout, re.M))


def test_superfluous_barriers_and_marks_that_are_too_strong(tmp_path: Path) -> None:
    file = tmp_path / "passing.dsl"
    file.write_text(PASSING)
    said = told(file, "--only", "told")  # a race is looked for all the same
    assert said["Needed"] == "5 `WRITE_ONCE(data, 1)`; 12 `READ_ONCE(data)`."
    assert said["Superfluous"].startswith("6 `smp_mb()`; 11 `smp_mb()` (each alone")
    assert "7 `smp_store_release(flag, 1)` as `WRITE_ONCE(flag, 1)`; " in said["Too strong"]
    assert "10 `smp_load_acquire(flag)` as `READ_ONCE(flag)` " in said["Too strong"]
    kept, others = said["Together"].split("; beside them not: ")
    assert "6 `smp_mb()` left out; 10 `smp_load_acquire(flag)` as `READ_ONCE(flag)`" in kept
    assert others.startswith("7 `smp_store_release(flag, 1)` as `WRITE_ONCE(flag, 1)`; 11 ")


def test_a_weaker_barrier_does_where_only_reads_are_to_be_ordered(tmp_path: Path) -> None:
    file = tmp_path / "passing.dsl"
    file.write_text(PASSING.replace("smp_load_acquire", "READ_ONCE"))
    said = told(file)
    assert "11 `smp_mb()` as `smp_rmb()`" in said["Too strong"]
    assert "10 `READ_ONCE(flag)`" in said["Needed"]


def test_what_is_not_decided_stays_unknown(tmp_path: Path) -> None:
    file = tmp_path / "passing.dsl"
    file.write_text(PASSING)
    found = run("needed", str(file), "--model", "lkmm", "--budget", "1")
    assert found.returncode not in (Status.GOOD, Status.REFUTED)
    assert "Needed" not in found.stdout
    assert "not asked about" in found.stdout


def test_a_protocol_that_races_needs_nothing(tmp_path: Path) -> None:
    file = tmp_path / "passing.dsl"
    file.write_text(PASSING.replace("READ_ONCE(data)", "data"))
    found = run("needed", str(file), "--model", "lkmm")
    assert "nothing is known of it: told: proved if lines 5 and 12, which race" in found.stdout


def test_what_is_saved_says_what_stands_in_the_place_of_a_mark(tmp_path: Path) -> None:
    file = tmp_path / "passing.dsl"
    file.write_text(PASSING)
    found = run("needed", str(file), "--model", "lkmm", "--format", "json")
    (answer,) = json.loads(found.stdout)["analyses"]
    weaker = [one for one in answer["variants"] if one["change"] == "weaker"]
    assert ["smp_load_acquire(flag)"] in [one["steps"] for one in weaker]
    dropped = [one["steps"] for one in answer["variants"] if one["change"] == "drop"]
    assert dropped == [["smp_mb()"], ["smp_mb()"]]
    assert ["smp_mb()"] not in [one["steps"] for one in weaker]  # the weakest does
    assert {one["part"] for one in weaker} >= {"READ_ONCE(flag)", "flag", "data = 1"}
    saved = tmp_path / "saved.json"
    saved.write_text(found.stdout)
    assert "Superfluous:  6 `smp_mb()`" in run("show", str(saved)).stdout


@long
def test_of_the_barriers_of_the_retry_three_are_needed_and_one_more_is_superfluous(
    tmp_path: Path,
) -> None:
    file = tmp_path / "retry.dsl"
    end = "    spin_unlock(pte_lock)\n}\n\nnever"
    text = RETRY.read_text()
    assert end in text
    file.write_text(text.replace(end, end.replace("}", "    smp_mb()\n}")))
    said = told(file)
    barriers = re.findall(r"\d+ `(smp_\w+)\(\)`", said["Needed"])
    assert barriers == ["smp_wmb", "smp_rmb", "smp_rmb"]
    assert re.match(r"\d+ `smp_mb\(\)` \(", said["Superfluous"])


SECTION = """\
protocol section
shared x = 0
shared y = 0
srcu s
update write {
    WRITE_ONCE(x, 1)
    synchronize_srcu(s)
    WRITE_ONCE(y, 1)
}
fault read {
    i = srcu_read_lock(s)
    b = READ_ONCE(y)
    a = READ_ONCE(x)
    srcu_read_unlock(s, i)
    told: assert b == 0 || a == 1
}
bounds updates 1, faults 1
"""


def test_a_grace_period_and_its_section_are_needed_like_barriers(tmp_path: Path) -> None:
    file = tmp_path / "section.dsl"
    file.write_text(SECTION)
    needed = told(file)["Needed"]
    assert needed.startswith("7 `synchronize_srcu(s)`; 11 `i = srcu_read_lock(s)` with 14; 6 ")
