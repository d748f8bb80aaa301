"""Protocols under the kernel's memory model: verdicts that are known, and what is refused."""

from pathlib import Path

import pytest

from smtmodel import pipeline
from smtmodel.litmus.unroll import unroll
from smtmodel.litmus.written.protocol import View, Wanted, WrittenProtocol
from smtmodel.litmus.written.waits import may_wait_for_good
from smtmodel.models import Model
from smtmodel.models.terms import PO, Defined, Difference
from smtmodel.solving.ends import LitmusQuestions
from smtmodel.solving.result import Limits
from smtmodel.solving.weakly import MODELS
from smtmodel.source import Text
from smtmodel.source.record import replace
from smtmodel.source.refusal import Refusal
from tests.support.lengths import long_but
from tests.support.weak import results, verdicts

ROOT = Path(__file__).parents[2]
PLACES = [parent / "shared" / "inputs" / "weak" for parent in (ROOT.parent, ROOT.parent.parent)]


# ---------------------------------------------------------------- barriers


def passing(writer: str = "", reader: str = "", flag: str = "WRITE_ONCE(flag, 1)") -> str:
    """A message passed: data, then a flag; who sees the flag has to see the data."""
    return f"""protocol passing
shared data = 0
shared flag = 0
thread a {{
    WRITE_ONCE(data, 1)
    {writer}
    {flag}
}}
thread b {{
    seen = READ_ONCE(flag)
    {reader}
    value = READ_ONCE(data)
    told: assert seen == 0 || value == 1
}}
never late: data == 0 when flag == 1 always
bounds a 1, b 1
"""


@pytest.mark.parametrize(
    ("writer", "reader", "late", "told"),
    [
        ("", "", "REFUTED", "REFUTED"),
        ("smp_wmb()", "", "PROVED", "REFUTED"),
        ("", "smp_rmb()", "REFUTED", "REFUTED"),
        ("smp_wmb()", "smp_rmb()", "PROVED", "PROVED"),
        ("smp_mb()", "smp_mb()", "PROVED", "PROVED"),
    ],
)
def test_each_barrier_of_a_message_is_needed(
    writer: str, reader: str, late: str, told: str
) -> None:
    found = verdicts(passing(writer, reader))
    assert found == {"told": told, "late": late, "data_race": "PROVED"} or found == {
        "late": late,
        "told": told,
        "data_race": "PROVED",
    }


def test_a_plain_flag_races() -> None:
    found = results(passing("smp_wmb()", "smp_rmb()", "flag = 1"))
    assert not isinstance(found, str)
    race = found["data_race"]
    assert (race.verdict.value, race.reason) == (
        "REFUTED",
        "line 7 and line 10 access the same in no order",
    )
    assert found["told"].verdict.value == "REFUTED"
    assert found["told"].reason == (
        "this execution itself has a data race; proved if lines 7 and 10, which race, were"
        " READ_ONCE and WRITE_ONCE"
    )


STORE_BUFFERING = """protocol store_buffering
shared x = 0
shared y = 0
thread left {{
    WRITE_ONCE(x, 1)
    {barrier}
    r = READ_ONCE(y)
}}
thread right {{
    WRITE_ONCE(y, 1)
    {barrier}
    r = READ_ONCE(x)
}}
never both_missed: left[0].r == 0 && right[0].r == 0 finally
bounds left 1, right 1
"""


@pytest.mark.parametrize(
    ("barrier", "verdict"), [("", "REFUTED"), ("smp_wmb()", "REFUTED"), ("smp_mb()", "PROVED")]
)
def test_only_a_full_barrier_keeps_a_load_behind_a_store(barrier: str, verdict: str) -> None:
    found = verdicts(STORE_BUFFERING.format(barrier=barrier))
    assert found == {"both_missed": verdict, "data_race": "PROVED"}


# ---------------------------------------------------------------- stopping


def test_what_happens_on_the_way_into_a_deadlock_counts() -> None:
    found = verdicts("""protocol crossed
spinlock A
spinlock B
shared x = 0
shared y = 0
thread a {
    spin_lock(A)
    WRITE_ONCE(x, 1)
    spin_lock(B)
    WRITE_ONCE(x, 0)
    spin_unlock(B)
    spin_unlock(A)
}
thread b {
    spin_lock(B)
    WRITE_ONCE(y, 1)
    spin_lock(A)
    WRITE_ONCE(y, 0)
    spin_unlock(A)
    spin_unlock(B)
}
never both: x == 1 && y == 1 always
bounds a 1, b 1
""")
    assert found == {"both": "REFUTED", "data_race": "PROVED"}


def test_a_proof_without_a_complete_execution_is_vacuous() -> None:
    found = verdicts("""protocol stuck
shared x = 0
thread a {
    r = READ_ONCE(x)
    assume r == 1
}
thread b {
    s = READ_ONCE(x)
    none: assert s == 0
}
bounds a 1, b 1
""")
    assert found == {"none": "VACUOUS", "data_race": "PROVED"}


# ---------------------------------------------------------------- refusals


@pytest.mark.parametrize(
    ("declared", "step", "reason"),
    [
        ("", "atomic {\nWRITE_ONCE(x, 1)\nr = x\n}\n_r = r", "in an atomic block"),
        ("shared b[2] = 0", "r = READ_ONCE(x)\nWRITE_ONCE(b[r], 1)", "not known before the run"),
        ("", "x = x * x", "a product or shift that may get too large"),
        ("", "x = x + x\natomic_inc(x)", "an atomic addition where a number may get too large"),
        ("ghost seen = 0", "WRITE_ONCE(x, 1)\nseen = 1", "a ghost variable"),
        (
            "struct s { spinlock l, f }\nobject o: s = { f: 0 }\nshared p: s = o",
            "q = p\nspin_lock(&q->l)\nspin_unlock(&q->l)",
            "a lock of an object",
        ),
    ],
)
def test_what_has_no_meaning_yet_is_refused_with_a_reason(
    declared: str, step: str, reason: str
) -> None:
    found = verdicts(f"""protocol small
{declared}
shared x = 0
thread a {{
{step}
}}
never bad: x == 2 always
bounds a 1
""")
    assert isinstance(found, str)
    assert reason in found


# ---------------------------------------------------------------- protocols from elsewhere

KNOWN: dict[str, dict[str, str] | str] = {
    "abba": {"both": "REFUTED", "data_race": "PROVED"},
    "abba2": {"both": "REFUTED", "data_race": "PROVED"},
    "lockcs": {"both": "PROVED", "data_race": "PROVED"},
    "mp": {"torn": "PROVED", "usedold": "REFUTED", "data_race": "PROVED"},
    "open1": {"torn": "PROVED", "bad": "PROVED", "lock_misuse": "PROVED", "data_race": "PROVED"},
    **{
        name: {"bad": "PROVED", "lock_misuse": "PROVED", "data_race": "PROVED"}
        for name in ("open2", "open3", "openlock")
    },
    "private": {"order": "PROVED", "data_race": "PROVED"},
    "relacq": {"ok": "PROVED", "both": "REFUTED", "data_race": "PROVED"},
    "told3": {"ok": "REFUTED", "both": "REFUTED", "data_race": "PROVED"},
    "tornpub": {"ahead": "PROVED", "data_race": "PROVED"},
    "wrc": {"bad": "REFUTED", "data_race": "PROVED"},
    "wwc": {"late": "REFUTED", "data_race": "PROVED"},
    "oota": {"bad": "REFUTED", "data_race": "REFUTED"},
    "once": {"bad": "REFUTED", "null_dereference": "UNKNOWN", "data_race": "REFUTED"},
    "told": "a greater one does not only refute",
    "told2": "other lanes than updates write",
    "trap": "an order of numbers where several lanes draw `fresh`",
    "uaf": "an order of numbers where several lanes draw `fresh`",
}


def _designed(name: str) -> Path:
    path = next((x for place in PLACES if (x := place / f"{name}.dsl").exists()), None)
    if path is None:
        pytest.skip("the protocols that were written against the design are not at hand")
    return path


@pytest.mark.parametrize(
    ("name", "code"), [("selfgp", "E503"), ("selfsrcu", "E503"), ("nullcs", "E402")]
)
def test_three_of_them_are_wrong_under_any_model(name: str, code: str) -> None:
    path = _designed(name)
    found = pipeline.checked(Text(path.name, path.read_text(encoding="utf-8")))
    assert isinstance(found, Refusal)
    assert [one.code.name for one in found.diagnostics] == [code]


def test_a_null_pointer_under_a_lock_is_found_where_its_value_is_unused() -> None:
    path = _designed("nullcs")
    found = verdicts(path.read_text(encoding="utf-8").replace(" z =", " _z ="), path.name)
    assert not isinstance(found, str)
    assert (found["null_dereference"], found["done"]) == ("REFUTED", "PROVED")


@pytest.mark.parametrize("name", long_but(("wrc", "mp", "tornpub", "open2"), KNOWN))
def test_protocols_that_were_written_against_the_design(name: str) -> None:
    path = _designed(name)
    found = verdicts(path.read_text(encoding="utf-8"), path.name)
    known = KNOWN[name]
    if isinstance(known, str):
        assert isinstance(found, str)
        assert known in found
    else:
        assert found == known


# ---------------------------------------------------------------- the founding protocols

MARKED = {
    "new.generation = new.generation + 1": ("WRITE_ONCE(new.generation, new.generation + 1)"),
    "gen = rcu_dereference(slots).generation": (
        "again = rcu_dereference(slots)\n    gen = READ_ONCE(again.generation)"
    ),
}
TABLE = {
    "paolo": ("PROVED", "PROVED"),
    "original": ("REFUTED", "REFUTED"),
    "xiao": ("PROVED", "REFUTED"),
    "paolo-no-low-bit-test": ("PROVED", "REFUTED"),
    "single-dereference": ("PROVED", "PROVED"),
    "paolo-no-grace-period": ("REFUTED", "REFUTED"),
}


def _shipped(name: str) -> str:
    return (ROOT / "protocols" / f"{name}.dsl").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", long_but(("original", "single-dereference"), TABLE))
def test_with_marked_accesses_the_founding_protocols_are_judged_as_designed(name: str) -> None:
    text = _shipped(name)
    for plain, marked in MARKED.items():
        text = text.replace(plain, marked)
    found = verdicts(text, updates=1, faults=1)
    assert not isinstance(found, str)
    assert (found["stale_after_return"], found["stale_at_any_time"]) == TABLE[name]
    assert found["data_race"] == "PROVED"


def test_the_second_raise_of_the_generation_races_with_the_load_of_the_fault() -> None:
    found = results(_shipped("paolo"), updates=1, faults=1)
    assert not isinstance(found, str)
    assert found["data_race"].verdict.value == "REFUTED"
    assert "line 26 and line 32" in found["data_race"].reason
    assert found["stale_after_return"].verdict.value == "UNKNOWN"
    assert found["stale_after_return"].reason == (
        "proved if lines 26 and 32, which race, were READ_ONCE and WRITE_ONCE (see data_race)"
    )


def test_what_is_never_judged_would_be_no_proof_without_a_race() -> None:
    found = results(
        """protocol vain
shared x = 0
shared y = 0
thread w { x = 1 }
thread r { a = x if (y == 1) { here: assert a < 2 } }
bounds w 1, r 1
"""
    )
    assert not isinstance(found, str)
    assert found["here"].reason.startswith("vacuous if lines 4 and 5, which race, were ")


# ---------------------------------------------------------------- copied objects

COPIED = """protocol copied
struct node {{ value, next: node }}
object last: node = {{ value: 1, next: null }}
shared list: node = {{ value: 1, next: last }}
update change {{
    old = list
    new = copy old
    {publish}
}}
thread reader {{
    p = rcu_dereference(list)
    {read}
    right: assert v == 1
}}
bounds updates 1, reader 1
"""


@pytest.mark.parametrize(
    ("publish", "verdict", "race"),
    [
        ("rcu_assign_pointer(list, new)", "PROVED", "PROVED"),
        ("WRITE_ONCE(list, new)", "REFUTED", "REFUTED"),
    ],
)
def test_an_object_is_seen_unwritten_unless_it_is_released(
    publish: str, verdict: str, race: str
) -> None:
    text = COPIED.format(publish=publish, read="v = READ_ONCE(p.value)")
    found = verdicts(text)
    assert not isinstance(found, str)
    assert (found["right"], found["data_race"]) == (verdict, race)


def test_whoever_reads_an_unwritten_field_may_also_follow_it() -> None:
    read = "q = READ_ONCE(p.next)\n    if (q) { v = READ_ONCE(q.value) } else { v = 1 }"
    found = verdicts(COPIED.format(publish="WRITE_ONCE(list, new)", read=read))
    assert not isinstance(found, str)
    assert found["right"] == "REFUTED"


# ---------------------------------------------------------------- each part earns its keep


def _written(text: str) -> WrittenProtocol:
    found = pipeline.checked(Text("made.dsl", text))
    assert not isinstance(found, Refusal), found
    able = pipeline.for_model(found, "lkmm")
    assert not isinstance(able, Refusal), able
    return WrittenProtocol(able)


def _shown(asked: Wanted, under: Model | None = None) -> bool:
    weaker = replace(under or MODELS[asked.view], flags=())
    return LitmusQuestions(asked.test, unroll(asked.test), weaker, Limits()).violating() is not None


RELAYED = (ROOT / "docs" / "weak" / "relayed.dsl").read_text(encoding="utf-8")


def test_memory_does_not_see_what_a_third_cpu_may_see() -> None:
    written = _written(RELAYED)
    asked = written.violations(written.protocol.properties[0])
    assert [(one.view, _shown(one)) for one in asked] == [
        (View.INSTANT, False),
        (View.OBSERVED, True),
    ]


ENTRIES = """protocol entries
cache first { v }
cache second { v }
fault f {
    first = { v: 1 }
    second = { v: 1 }
}
never turned: !filled(first) when second.v == 1 always
bounds faults 1
"""


def test_a_lane_writes_its_own_entries_in_its_order() -> None:
    written = _written(ENTRIES)
    cut, observed = written.violations(written.protocol.properties[0])
    assert not _shown(cut)
    assert not _shown(observed)
    assert _shown(cut, _without(MODELS[View.INSTANT], "cut-order"))
    weaker = _without(_without(MODELS[View.OBSERVED], "strong-or-rcu"), "fence-or-rcu")
    assert _shown(observed, weaker)


def _without(model: Model, name: str) -> Model:
    """The same with nothing in the relation of that name."""
    nothing = Difference(PO, PO)
    return replace(
        model,
        definitions=tuple(
            replace(one, term=nothing) if isinstance(one, Defined) and one.name == name else one
            for one in model.definitions
        ),
    )


@pytest.mark.parametrize("kept", [True, False])
def test_the_messages_of_updates_say_which_of_them_are_over(kept: bool) -> None:
    text = """protocol twice
shared x = 0
shared y = 0
update u {
    WRITE_ONCE(x, 1)
    WRITE_ONCE(y, 1)
}
never torn: x != y settled
bounds updates 1
"""
    written = _written(text)
    quiet, told = written.violations(written.protocol.properties[0])
    assert (quiet.view, told.view) == (View.QUIET, View.TOLD)
    for asked, needed in ((quiet, "cut-order"), (told, "in-update")):
        model = MODELS[asked.view]
        assert _shown(asked, model if kept else _without(model, needed)) is not kept


@pytest.mark.parametrize("asked", ["never odd: c.v == 0 when f[{}].x == 0", "never odd: c.v == 0"])
def test_a_property_that_names_a_lane_is_about_the_caches_of_all(asked: str) -> None:
    """One fault gets the 0, whichever it is, and caches it."""
    text = """protocol one_gets_it
shared taken = 0
cache c { v }
fault f {
    x = xchg(taken, 1)
    c = { v: x }
}
ASKED finally
reach second: f[1].x == 0 && c.v == 0 finally
bounds faults 2
"""
    for lane in (0, 1):
        found = verdicts(text.replace("ASKED", asked.format(lane)))
        assert (found["odd"], found["second"]) == ("REFUTED", "PROVED")


# ---------------------------------------------------------------- who may wait for good


@pytest.mark.parametrize(
    ("first", "second", "waits"),
    [
        ("spin_lock(l)\nspin_unlock(l)", "spin_lock(l)\nspin_unlock(l)", False),
        ("spin_lock(l)\nspin_lock(k)\nspin_unlock(k)\nspin_unlock(l)", "x = 1", False),
        (
            "spin_lock(l)\nspin_lock(k)\nspin_unlock(k)\nspin_unlock(l)",
            "spin_lock(k)\nspin_lock(l)\nspin_unlock(l)\nspin_unlock(k)",
            True,
        ),
        ("spin_lock(l)\nassume x == 1\nspin_unlock(l)", "x = 1", True),
        ("rcu_read_lock()\nrcu_read_unlock()", "synchronize_rcu()", False),
        (
            "rcu_read_lock()\nspin_lock(l)\nspin_unlock(l)\nrcu_read_unlock()",
            "spin_lock(l)\nsynchronize_rcu()\nspin_unlock(l)",
            True,
        ),
        (
            "spin_lock(l)\neither {\nspin_unlock(l)\n} or {\nspin_lock(k)\nspin_unlock(k)\n"
            "spin_unlock(l)\n}",
            "spin_lock(k)\nspin_lock(l)\nspin_unlock(l)\nspin_unlock(k)",
            True,
        ),
    ],
)
def test_lanes_wait_for_good_where_what_they_hold_forms_a_circle(
    first: str, second: str, waits: bool
) -> None:
    text = f"""protocol waiting
spinlock l
spinlock k
shared x = 0
thread a {{
{first}
}}
thread b {{
{second}
}}
never bad: x == 2 always
bounds a 1, b 1
"""
    found = pipeline.checked(Text("made.dsl", text))
    assert not isinstance(found, Refusal), found
    assert may_wait_for_good(found, stops=False) is waits


def test_a_local_that_was_not_assigned_matters_only_where_it_is_asked_for() -> None:
    found = verdicts("""protocol branches
shared x = 0
thread a {
    if (READ_ONCE(x) == 0) {
        r = 1
    } else {
        s = 1
    }
}
never either: a[0].r == 1 || a[0].s == 1 finally
never other: a[0].s == 1 || a[0].r == 1 finally
bounds a 1
""")
    assert found == {"either": "REFUTED", "other": "VACUOUS", "data_race": "PROVED"}
