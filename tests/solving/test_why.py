"""Why a run goes wrong: the facts force it, and each is needed."""

import json
import sys
from pathlib import Path

import pytest

from smtmodel.documents.document import text_of
from smtmodel.documents.why import why_texts
from smtmodel.encoding.domains import Domains, TooManyValues
from smtmodel.events.unroll import unroll
from smtmodel.language.checked import Checked
from smtmodel.models import model
from smtmodel.solving.result import Result, Run, Why
from smtmodel.solving.witness import Contradiction
from smtmodel.verdict import Verdict
from tests.support.examples import CHECK_THEN_ACT, FOUNDING, ROOT, checked, results, shipped
from tests.support.lengths import long_but
from tests.support.program import run
from tests.support.random_small import small
from tests.support.why_oracle import Oracle, TooMany, can_ask
from tests.support.why_printed import ANY_ORDER


def explained(name: str) -> tuple[Checked, list[tuple[Result, Run, Why]]]:
    """The refutations of a shipped protocol."""
    protocol = shipped(name)
    _, found = results(protocol)
    refuted = [one for one in found.values() if one.verdict is Verdict.REFUTED]
    every = []
    for one in refuted:
        assert one.run is not None
        assert one.run.why is not None
        every.append((one, one.run, one.run.why))
    return protocol, every


def numbers(why: Why) -> list[tuple[int | None, int | None]]:
    return [(first.number, second.number) for first, second in why.facts]


def test_the_slot_is_read_before_the_publish_and_the_generation_after_it() -> None:
    _, found = explained("original")
    for _, _, why in found:
        assert numbers(why) == [(2, 7), (7, 8)]
        texts = [place.text for pair in why.facts for place in pair]
        assert texts[0] == "slot = rcu_dereference(slots).slot"
        assert texts[1] == texts[2] == "rcu_assign_pointer(slots, new)"
        assert texts[3] == "gen = rcu_dereference(slots).generation"


def test_in_xiaos_patch_it_is_enough_that_the_slot_is_old() -> None:
    _, ((result, _, why),) = explained("xiao")
    assert result.name == "stale_at_any_time"
    assert numbers(why) == [(2, 8)]


def test_steps_that_are_in_no_fact_are_named() -> None:
    _, found = explained("original")
    _, one, why = found[0]
    used = {place.number for pair in why.facts for place in pair}
    assert set(why.free) | used == set(range(1, one.steps + 1))
    assert not set(why.free) & used


def test_the_report_has_a_sentence_and_the_document_the_facts() -> None:
    told = run("prove", "original.dsl", "--only", "stale_after_return").stdout
    assert "Why: `slot = rcu_dereference(slots).slot` of fault0 comes before" in told
    assert "it does not matter where the other steps stand: 1, 3-6, 9-11." in " ".join(told.split())
    process = run("prove", "original.dsl", "--format", "json", "--only", "stale_after_return")
    (result,) = json.loads(process.stdout)["outcomes"][0]["results"]
    facts = result["run"]["why"]["facts"]
    assert [(one["first"]["number"], one["second"]["number"]) for one in facts] == [(2, 7), (7, 8)]


def test_every_step_is_told_with_its_lane() -> None:
    told = " ".join(run("prove", "tests/golden/lanes.dsl").stdout.split())
    assert "`seen = n` of adder0 comes before `n = seen + 1` of adder2 (1 < 5)" in told


def sentences(text: str) -> str:
    """The explanations of a protocol's refutations, on one line."""
    _, found = results(checked(text))
    runs = [one.run for one in found.values() if one.verdict is Verdict.REFUTED]
    return " ".join(text_of(one) for run in runs if run is not None for one in why_texts(run))


def test_the_check_that_came_too_early_is_told() -> None:
    check = "`if (flag == 1)` of reader0 comes before `flag = 1` of writer0 (1 < 2)"
    act = "`x = 1` of writer0 comes before `v = x` of reader0 (3 < 4)"
    assert sentences(CHECK_THEN_ACT) == f"Why: {check}; {act}."


def test_a_number_that_is_sampled_late_is_told() -> None:
    assert "`seq = 1` of writer0 comes before `s = seq` of reader0 (3 < 5)" in sentences(SAMPLED)
    assert sentences(SAMPLED).endswith("it does not matter where the other steps stand: 6.")
    told = " ".join(run("prove", "protocols/mmu-notifier/k12.dsl:sampled_late").stdout.split())
    late = "`notifier_seq++` of update0 comes before `seq = notifier_seq` of fault0 (8 < 12)"
    assert told.count(late) == 2


def test_the_return_of_an_update_is_told() -> None:
    returned = "the return of u0 comes before `want = settled(a)` of cached0"
    assert returned.replace("u0", "update0") in sentences(RETURNED)


def test_where_orders_do_not_force_the_branches_it_is_said_what_is_known() -> None:
    told = sentences(CIRCLE)
    assert told.startswith("Why: `x = 1` of writes0 comes before `r = x` of reads0 (2 < 3). Known")
    assert told.endswith("Known of runs in which each lane makes all these steps, no others.")


def test_a_lock_that_is_held_at_the_end_hides_no_order() -> None:
    told = sentences(HELD)
    assert "`x = 1` of writer0 comes before `v = x` of reader0 (2 < 5)" in told


def test_what_is_held_where_a_run_ends_hides_no_order() -> None:
    assert sentences(SECTIONS).startswith(
        "Why: `x = 1` of writer0 comes before `v = x` of reader0 (2 < 5)."
    )


def test_an_interrupt_that_has_not_returned_hides_no_order() -> None:
    told = sentences(NESTED)
    assert "`n = 1` of first0 comes before `v = n` of second0" in told


def test_what_goes_wrong_in_every_order_is_said_to() -> None:
    text = "protocol p shared x = 0 thread t { x = 1 } thread u { assert x < 2 assert 0 == 1 }"
    told = sentences(text + " bounds t 1, u 1")
    assert told == ANY_ORDER


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        (
            "rcu/g3.dsl:no_grace_period",
            "only values are explained, not deadlocks and errors of the run",
        ),
    ],
)
def test_that_there_is_no_explanation_is_said(name: str, reason: str) -> None:
    told = " ".join(run("prove", f"protocols/{name}").stdout.split())
    assert f"Why: not worked out: {reason}." in told


def test_an_order_that_the_interpreter_does_not_confirm_is_not_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("smtmodel.solving.witness.kept", lambda _run, _item: Contradiction("no"))
    told = sentences(CHECK_THEN_ACT)
    assert told.startswith(
        "Why: not worked out: the interpreter does not confirm it; this is a bug"
    )


# ---------------------------------------------------------------- against all executions

LOST = """protocol lost
shared x = 0
shared y = 0
thread a { x = y + x }
thread b { y = 1  x = 2 }
never bad: x == 1 finally
bounds a 1, b 1
"""
TWICE = """protocol twice
shared x = 0
thread a { x++ }
thread b { x++ }
never bad: x == 1 finally
bounds a 1, b 1
"""
LATER = """protocol later "the other lane's assertion fails too, but later"
shared x = 0
shared y = 0
thread t {
    r = x
    ok: assert r == 0 || y == 0
    y = 1
}
thread u { x = 1 }
bounds t 2, u 1
"""
SAMPLED = """protocol sampled "the sequence number is sampled after the data"
shared data = 0
shared seq = 0
shared kept = 0
thread writer {
    data = 1
    seq = 1
    kept = 1
}
thread reader {
    d = data
    s = seq
    if (seq == s && s == 1)
        kept = d
}
never stale: kept == 0 when seq == 1 finally
bounds writer 1, reader 1
"""
TRIED = """protocol tried "who gets the lock goes on"
spinlock l
shared x = 0
thread holder {
    spin_lock(l)
    x = 1
    spin_unlock(l)
}
thread other {
    if (!spin_trylock(l))
        return
    ok: assert x == 1
    spin_unlock(l)
}
bounds holder 1, other 1
"""
RETURNED = """protocol returned "what settled() yields rests on the update's return"
shared a = 0
update u { a = fresh }
thread cached {
    old = a
    want = settled(a)
    ok: assert old >= want
}
bounds updates 1, cached 1
"""
CIRCLE = """protocol circle "the write is made because the read came after it, and the other way"
shared x = 0
shared z = 0
thread reads {
    r = x
    if (r == 0)
        z = 1
    ok: assert r == 0
}
thread writes {
    if (z == 0)
        x = 1
}
bounds reads 1, writes 1
"""
HELD = """protocol held "who fails holds the lock that the other needs"
spinlock l
shared x = 0
thread writer {
    spin_lock(l)
    x = 1
    spin_unlock(l)
}
thread reader {
    spin_lock(l)
    v = x
    ok: assert v == 0
    spin_unlock(l)
}
bounds writer 1, reader 1
"""
SECTIONS = """protocol sections "the run ends inside the second section"
mutex m
shared x = 0
shared z = 0
thread writer {
    mutex_lock(m)
    x = 1
    mutex_unlock(m)
}
thread reader {
    mutex_lock(m)
    v = x
    z = v
    mutex_unlock(m)
}
never seen: z == 1 always
bounds writer 1, reader 1
"""
NESTED = """protocol nested "the run ends before the second interrupt returns"
shared n = 0
shared z = 0
thread task { t = n  assert t < 2 }
thread first on task { n = 1 }
thread second on task {
    v = n
    z = v
}
never seen: z == 1 always
bounds task 1, first 1, second 1
"""


def broken_claims(protocol: Checked, memory_model: str = "sc") -> tuple[int, list[str]]:
    """How many explanations were looked at, and which of them say what is not so."""
    _, found = results(protocol, None, memory_model)
    asked, wrong = 0, list[str]()
    for result in found.values():
        one = result.run
        if result.verdict is not Verdict.REFUTED or one is None or one.why is None:
            continue
        if not can_ask(protocol, one):
            continue
        oracle = Oracle(protocol, result.name, one, memory_model)
        facts = range(len(oracle.printed.facts))
        free = set(one.why.free) if facts and not one.why.paths else set()
        if oracle.printed.others != (free or None):
            wrong.append(f"{result.name} speaks of {oracle.printed.others}, not of {free}")
        try:
            ends = list(oracle.ends(facts))
            if not ends or not all(ends):
                wrong.append(f"{result.name} is kept in spite of {one.why.facts}")
            for fact in facts:
                if all(oracle.ends(other for other in facts if other != fact)):
                    wrong.append(f"{result.name} does not need {oracle.printed.facts[fact]}")
        except TooMany:
            continue
        asked += 1
    return asked, wrong


@pytest.mark.parametrize(
    "text",
    [LOST, TWICE, LATER, CHECK_THEN_ACT, SAMPLED, TRIED, RETURNED, CIRCLE, HELD, SECTIONS, NESTED],
)
def test_small_protocols_are_explained_as_they_are(text: str) -> None:
    assert broken_claims(checked(text)) == (1, [])


# In the first the run ends in the midst of a step, and other events of it come later.
REUSED = ("mmu-notifier/k12:seq_only", "slub/m9:head_only")
SAMPLES = ("mmu-notifier/k12:sampled_late", "ipv6/n2:raised_last", "fuse/f7:no_check")


@pytest.mark.parametrize(
    "name",
    long_but(
        ["original", "paolo-no-grace-period", *REUSED, SAMPLES[0]], [*FOUNDING, *REUSED, *SAMPLES]
    ),
)
def test_the_explanations_of_shipped_protocols_are_so(name: str) -> None:
    _, wrong = broken_claims(shipped(name))
    assert not wrong


@pytest.mark.parametrize(
    ("memory_model", "least"), long_but([("tso", 10)], [("sc", 1), ("tso", 10)])
)
def test_the_explanations_of_litmus_tests_are_so(memory_model: str, least: int) -> None:
    asked = 0
    for path in sorted((ROOT / "tests" / "litmus").glob("*.dsl")):
        count, wrong = broken_claims(checked(path.read_text(), path.name), memory_model)
        assert not wrong, path
        asked += count
    assert asked >= least


@pytest.mark.parametrize("memory_model", ["sc", "tso"])
@pytest.mark.parametrize("seeds", long_but([range(1, 9)], [range(1), range(1, 9), range(9, 30)]))
def test_the_explanations_of_random_protocols_are_so(seeds: range, memory_model: str) -> None:
    asked = 0
    for seed in seeds:
        protocol = checked(small(seed))
        if largest(protocol, memory_model) <= 7:
            count, wrong = broken_claims(protocol, memory_model)
            assert not wrong, small(seed)
            asked += count
    assert asked >= len(seeds) // 4


def largest(protocol: Checked, memory_model: str) -> int:
    """The most values that a read may return: with many the solver takes long."""
    try:
        domains = Domains(unroll(protocol, protocol.bounds), model(memory_model)).analyse()
    except TooManyValues:
        return sys.maxsize
    return max(len(values) for values in domains.returned.values())


def test_an_event_of_a_step_is_told_where_the_step_is_not_in_order(tmp_path: Path) -> None:
    (tmp_path / "lost.dsl").write_text(LOST)
    (tmp_path / "twice.dsl").write_text(TWICE)
    told = " ".join(run("prove", str(tmp_path / "lost.dsl")).stdout.split())
    assert "Why: `y = 1` of b0 comes before `x = y + x` of a0 (1 < 2); the read of x in" in told
    assert "the read of x in `x = y + x` of a0 (2) comes before `x = 2` of b0 (3)" in told
    assert "and that before the write of x in `x = y + x` of a0 (2)." in told
    told = " ".join(run("prove", str(tmp_path / "twice.dsl")).stdout.split())
    assert "Why: the read of x in `x++` of a0 (1) comes before `x++` of b0 (2)," in told
