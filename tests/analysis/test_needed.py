"""Which parts of a protocol its proofs need: what the thread said, and what the explorer says."""

import json
import re
from pathlib import Path

import pytest

from smtmodel.analysis.closest import Absence, absence
from smtmodel.analysis.needed import Attempt, Needs, effect, verdicts
from smtmodel.analysis.variants import Variant, variants
from smtmodel.analysis.words import Mutation, Necessity
from smtmodel.documents.answer import Context
from smtmodel.documents.document import Title, text_of
from smtmodel.documents.needed import needed_document
from smtmodel.executions.explore import explore
from smtmodel.executions.explore import verdicts as explored_verdicts
from smtmodel.formats.human import Style, lines_of
from smtmodel.language.ast import Protocol
from smtmodel.language.check import check
from smtmodel.language.checked import Checked
from smtmodel.language.parse import parse
from smtmodel.models import SC
from smtmodel.solving.result import Limits, Outcome, Result
from smtmodel.source import Text
from smtmodel.source.record import replace
from smtmodel.verdict import Verdict
from tests.support import processes
from tests.support.examples import ROOT, at, checked
from tests.support.lengths import long, long_but
from tests.support.program import run

LOCKS = """\
protocol locks
shared x = 0
shared y = 0
shared seen = 0
mutex m
spinlock l
update change {
    mutex_lock(m)
    x = 1
    mutex_unlock(m)
    spin_lock(l)
    y = 1
    spin_unlock(l)
}
fault look {
    a = x
    b = y
    if (a == 1 && b == 1)
        seen = 1
    else
        seen = 2
}
never both: seen == 3 always
reach one: seen == 1
bounds updates 1, faults 1
"""


GRACE = """\
protocol grace
shared x = 0
shared done = 0
shared seen = 0
srcu s
update change {
    x = 1
    synchronize_srcu(s)
    done = 1
}
fault look {
    srcu_read_lock(s)
    a = x
    b = done
    if (a == 0 && b == 1)
        seen = 1
    srcu_read_unlock(s)
}
never old: seen == 1 always
bounds updates 1, faults 1
"""


def varied(text: str, name: str = "test.dsl") -> tuple[Checked, list[Variant]]:
    """A protocol and its variants."""
    source = Text(name, text)
    parsed = parse(source)
    assert isinstance(parsed, Protocol)
    base = check(parsed, source)
    assert isinstance(base, Checked)
    return base, list(variants(parsed, source, base, SC))


def shipped_variants(name: str) -> tuple[Checked, list[Variant]]:
    """A shipped protocol and its variants."""
    return varied((ROOT / "protocols" / f"{name}.dsl").read_text(), f"{name}.dsl")


def of_change(found: list[Variant], change: Mutation) -> list[Variant]:
    return [one for one in found if one.change is change]


@long
def test_variants_are_what_the_same_edits_of_the_text_would_give() -> None:
    path = ROOT / "protocols" / "paolo.dsl"
    text = path.read_text()
    _, found = shipped_variants("paolo")
    dropped = {one.lines[0]: one for one in of_change(found, Mutation.DROP)}
    lines = text.splitlines(keepends=True)
    for number in (22, 23, 24, 25, 26):
        without = "".join(lines[: number - 1] + lines[number:])
        assert dropped[number].protocol == checked(without)
    (always,) = of_change(found, Mutation.ALWAYS)
    assert always.protocol == checked(text.replace("if (gen % 2 == 0)\n", ""))
    swapped = next(one for one in of_change(found, Mutation.SWAP) if one.lines == (24, 25))
    order = [*lines[:23], lines[24], lines[23], *lines[25:]]
    assert swapped.protocol == checked("".join(order))


def test_a_lock_goes_with_its_release_and_a_condition_by_its_parts() -> None:
    _, found = varied(LOCKS)
    pairs = [one.lines for one in of_change(found, Mutation.PAIR)]
    assert pairs == [(8, 10), (11, 13)]
    parts = [one.part for one in of_change(found, Mutation.PART)]
    assert parts == ["a == 1", "b == 1"]
    assert all(one.also for one in of_change(found, Mutation.PART))


def test_what_nothing_reads_any_more_goes_too() -> None:
    _, found = shipped_variants("paolo")
    (never,) = of_change(found, Mutation.NEVER)
    assert never.protocol is not None
    assert [one.line for one in never.also] == [31, 32]


def test_a_variant_that_is_no_protocol_says_why() -> None:
    _, found = shipped_variants("paolo")
    refused = {one.lines[0]: one.refused for one in found if one.protocol is None}
    assert refused[21].endswith("[E401]")
    assert all(one.endswith("]") for one in refused.values())


@pytest.mark.parametrize("name", long_but(["locks"], ["locks", "paolo", "xiao"]))
def test_the_explorer_agrees_about_every_variant(name: str) -> None:
    base, found = varied(LOCKS) if name == "locks" else shipped_variants(name)
    bounds = at(base, 1, 1)
    names = frozenset(one.name for one in base.properties)
    for variant in found:
        if variant.protocol is None:
            continue
        walked = explore(variant.protocol, bounds, store_buffers=False)
        expected = explored_verdicts(walked, variant.protocol)
        answers = verdicts(variant.protocol, SC, bounds, Limits(), names)
        results = {one.name: one.verdict for one in answers if isinstance(one, Result)}
        assert results == expected, (variant.change, variant.lines)


BODIES = """\
protocol bodies
shared x = 0
shared y = 0
shared z = 0
shared w = 0
thread t {
    c = choose 0..1
    if (c == 1)
        x = 1
    else
        y = 1
    either { z = 1 } or { z = 2 }
    atomic { w = 1 }
    retry 3 { w = 2 } until (w == 2)
}
never none: z == 0 finally
never nothing: x == 0 && y == 0 finally
bounds t 1
expect none proved
"""


def test_a_step_that_stands_alone_in_a_body_is_tried_too() -> None:
    base, found = varied(BODIES)
    dropped = [one.lines[0] for one in of_change(found, Mutation.DROP)]
    assert dropped == [7, 9, 11, 12, 12, 12, 13, 14]
    (split,) = of_change(found, Mutation.SPLIT)
    assert split.lines == (13,)
    names = frozenset({"none", "nothing"})
    refuted = []
    for variant in found:
        if variant.protocol is not None:
            answers = verdicts(variant.protocol, SC, base.bounds, Limits(), names)
            results = [one for one in answers if isinstance(one, Result)]
            if any(one.verdict is Verdict.REFUTED for one in results):
                refuted.append(variant.lines[0])
    assert refuted == [9, 11, 12, 12, 12]


def test_the_only_step_of_an_if_is_tried_as_its_condition() -> None:
    _, found = varied(LOCKS.replace("    else\n        seen = 2\n", ""))
    assert 19 not in [one.lines[0] for one in of_change(found, Mutation.DROP)]
    assert [one.lines for one in of_change(found, Mutation.NEVER)] == [(18,)]


def test_what_a_condition_does_is_done_whatever_it_is_taken_for() -> None:
    text = """\
protocol taking
shared owner = 0
thread t {
    if (try_cmpxchg(owner, 0, 1))
        own: assert owner == 1
}
bounds t 1
"""
    _, found = varied(text)
    (always,) = of_change(found, Mutation.ALWAYS)
    kept = text.replace("if (try_cmpxchg(owner, 0, 1))", "try_cmpxchg(owner, 0, 1)")
    assert always.protocol == checked(kept)


def test_a_part_of_a_condition_does_what_it_does_too() -> None:
    text = """\
protocol parts
shared x = 0
shared b = 0
shared y = 0
thread t {
    if (x == 0 && try_cmpxchg(b, 0, 1))
        y = 1
}
never bad: b == 0 && y == 1 always
reach done: y == 1
bounds t 1
"""
    base, found = varied(text)
    names = frozenset({"bad"})
    verdicts_ = {}
    for variant in of_change(found, Mutation.PART):
        assert variant.protocol is not None
        answers = verdicts(variant.protocol, SC, base.bounds, Limits(), names)
        verdicts_[variant.part] = [r.verdict for r in answers if isinstance(r, Result)]
    assert verdicts_ == {
        "x == 0": [Verdict.PROVED],
        "try_cmpxchg(b, 0, 1)": [Verdict.PROVED],
    }


def test_the_only_step_of_a_loop_is_tried_too() -> None:
    text = """\
protocol loop
shared x = 0
thread t { while 3 (x < 2) { x++ } }
never low: x < 2 finally
bounds t 1
"""
    _, found = varied(text)
    assert [one.texts for one in of_change(found, Mutation.DROP)] == [("x++",)]


def test_a_change_that_takes_the_claim_away_is_told() -> None:
    text = """\
protocol claim
shared x = 0
thread t {
    x = 1
    r = x
    if (r == 1) { ok: assert x == 1 }
}
never bad: x == 2 always
bounds t 1
"""
    base, found = varied(text)
    attempts = []
    for one in found:
        own = (
            () if one.protocol is None else verdicts(one.protocol, SC, base.bounds, Limits(), None)
        )
        attempts.append(Attempt(one, tuple(r for r in own if isinstance(r, Result))))
    whole = [r for r in verdicts(base, SC, base.bounds, Limits(), None) if isinstance(r, Result)]
    outcome = Outcome("sc", base.bounds, None, tuple(whole))
    needs = Needs(base, outcome, ("ok", "bad"), tuple(attempts))
    made = needed_document(needs, Context("t.dsl", "0", "4"))
    told = "\n".join(lines_of(made.document, Style(100)))
    assert "not claimed any more with this change:" in told
    assert not re.search("with it .* bad$", told, re.MULTILINE)
    assert absence(needs, "ok") is Absence.NONE_NEEDED
    every = needed_document(needs, Context("t.dsl", "0", "4"), every=True)
    same = "\n".join(lines_of(every.document, Style(100))).split("no difference to any proof:")
    assert "as if never true" in same[0]
    assert "as if never true" not in same[1]


REPLACED = """\
protocol replaced
struct node { data }
rcu list: node = { data: 0 }
update exchange {
    new = alloc node
    new.data = 7
    old = rcu_replace_pointer(list, new)
    synchronize_rcu()
    kfree(old)
}
thread reader {
    rcu_read_lock()
    p = rcu_dereference(list)
    early = p.data
    same: assert early == p.data
    rcu_read_unlock()
}
reach seven: reader[0].early == 7 finally
bounds updates 1, reader 1
expect use_after_free proved
"""


def test_a_step_whose_value_nobody_reads_any_more_is_still_done() -> None:
    """Nor does an `expect` about what is freed forbid that it is not freed."""
    base, found = varied(REPLACED)
    (dropped,) = [one for one in of_change(found, Mutation.DROP) if one.lines == (9,)]
    assert dropped.protocol is not None
    assert dropped.also == ()
    names = frozenset({"same", "seven"})
    answers = verdicts(dropped.protocol, SC, base.bounds, Limits(), names)
    results = {one.name: one.verdict for one in answers if isinstance(one, Result)}
    assert results == {"same": Verdict.PROVED, "seven": Verdict.PROVED}


def test_the_first_increment_is_not_strictly_necessary() -> None:
    """As the merged commit says: for what holds after the update has returned."""
    base, found = shipped_variants("paolo")
    after, always = "stale_after_return", "stale_at_any_time"
    effects = {
        (variant.change, variant.lines[0], result.name): effect(result)
        for variant in found
        if variant.lines in ((23,), (25,), (26,)) or variant.lines[0] == 33
        if variant.protocol is not None
        for result in verdicts(variant.protocol, SC, base.bounds, Limits(), {after, always})
        if isinstance(result, Result)
    }
    drop = Mutation.DROP
    assert base.bounds == at(base, 2, 2)
    assert effects[drop, 23, after] is Necessity.NOT_NEEDED
    assert effects[drop, 23, always] is Necessity.NEEDED
    assert effects[drop, 25, after] is effects[drop, 25, always] is Necessity.NEEDED
    assert effects[drop, 26, after] is Necessity.NEEDED
    assert effects[Mutation.ALWAYS, 33, after] is Necessity.NOT_NEEDED
    assert effects[Mutation.ALWAYS, 33, always] is Necessity.NEEDED
    assert effects[Mutation.NEVER, 33, after] is Necessity.USELESS


def test_every_need_has_an_ordering_that_shows_it(tmp_path: Path) -> None:
    (tmp_path / "locks.dsl").write_text(LOCKS)
    process = run("needed", "locks.dsl", "--format", "json", cwd=tmp_path)
    assert process.returncode == 0
    (answer,) = json.loads(process.stdout)["analyses"]
    assert answer["bounds"] == {"updates": 1, "lanes": {"faults": 1}, "rounds": 1}
    orderings = [
        result["ordering"]
        for one in answer["variants"]
        for result in one["results"]
        if result["effect"] == "needed"
    ]
    assert orderings
    assert all("update0" in one for one in orderings)


def test_a_limit_leaves_what_is_not_known_unknown(tmp_path: Path) -> None:
    (tmp_path / "locks.dsl").write_text(LOCKS)
    process = processes.run(
        "needed", "locks.dsl", "--timeout", "1", "--format", "json", cwd=tmp_path, clock="questions"
    )
    assert process.returncode == 124
    process = run("needed", "locks.dsl", "--budget", "10", cwd=tmp_path)
    assert process.returncode == 5
    assert "PROVED" not in process.stdout


def test_what_is_not_known_is_not_called_needless(tmp_path: Path) -> None:
    (tmp_path / "locks.dsl").write_text(LOCKS)
    process = run("needed", "locks.dsl", "--budget", "10", cwd=tmp_path)
    assert "nothing is known of it" in process.stdout
    assert "needs none" not in process.stdout
    assert "Nothing is proved" not in process.stdout


def test_of_variants_that_are_not_known_nothing_is_said_but_that() -> None:
    base, found = shipped_variants("paolo")
    name = "stale_after_return"
    result = replace(
        _result(Verdict.UNKNOWN), name=name, reason="the time limit of 1 s was reached", run=None
    )
    outcome = Outcome("sc", base.bounds, None, (replace(result, verdict=Verdict.PROVED),))
    attempts = tuple(Attempt(one, () if one.protocol is None else (result,)) for one in found)
    needs = Needs(base, outcome, (name,), attempts)
    made = needed_document(needs, Context("paolo.dsl", "0.1.0", "4"))
    told = "\n".join(lines_of(made.document, Style(100)))
    count = sum(one.protocol is not None for one in found)
    assert f"{count} changes  the time limit of 1 s was reached" in told
    assert "needs none" not in told


def test_the_scope_is_that_of_all_proofs() -> None:
    text = """\
protocol reach_of_two
shared x = 0
cache mmio { a }
update set {
    x = 1
}
fault look {
    v = x
    mmio = { a: v }
}
never one: mmio.a == 2 always
never two: x == 2 finally
bounds updates 1, faults 2
"""
    base, _ = varied(text)
    results = [
        one for one in verdicts(base, SC, base.bounds, Limits(), None) if isinstance(one, Result)
    ]
    assert {one.extents[0].any_number for one in results} == {True, False}
    names = tuple(one.name for one in results)
    needs = Needs(base, Outcome("sc", base.bounds, None, tuple(results)), names, ())
    title = needed_document(needs, Context("t.dsl", "0.1.0", "4")).document.blocks[0]
    assert isinstance(title, Title)
    assert text_of(title.text).endswith("for 1 update and 2 faults (sc)")


def test_nothing_is_said_about_the_needs_of_what_is_refuted() -> None:
    process = run("needed", "original.dsl", "--only", "stale_after_return")
    assert process.returncode == 10
    assert "Nothing is proved" in process.stdout
    whole = run("needed", "original.dsl").stdout
    assert "None of its claims is proved: this is about deadlock alone." in whole


def test_effects() -> None:
    names = {verdict: effect(_result(verdict)) for verdict in Verdict}
    assert names == {
        Verdict.PROVED: Necessity.NOT_NEEDED,
        Verdict.REFUTED: Necessity.NEEDED,
        Verdict.VACUOUS: Necessity.USELESS,
        Verdict.UNKNOWN: Necessity.UNKNOWN,
    }


def _result(verdict: Verdict) -> Result:
    base, _ = shipped_variants("paolo")
    answers = verdicts(base, SC, at(base, 1, 1), Limits(), frozenset({"hits_new"}))
    found = next(one for one in answers if isinstance(one, Result))
    return replace(found, verdict=verdict)


def test_with_v_it_says_how_close_a_run_comes(tmp_path: Path) -> None:
    (tmp_path / "grace.dsl").write_text(GRACE)
    told = run("needed", "grace.dsl", "-v", cwd=tmp_path).stdout
    told = " ".join(told.split())
    assert "Closest call: with 15 `if (a == 0 && b == 1)` as if always true" in told
    assert "stops in grace.dsl: fault0 does not come to `seen = 1`" in told
    assert "*** here it stops ***" in told


def test_what_proofs_lean_on_stands_first_and_what_they_share_is_said_once() -> None:
    brief = run("needed", "n2.dsl:raised_last", "--width", "200").stdout
    whole = run("needed", "n2.dsl:raised_last", "--width", "200", "-v").stdout
    lines = [line.strip() for line in brief.splitlines() if line.strip()]
    assert lines[1] == (
        "hit and stale_after_return lean on 35 `sernum++`; the order 32 before 35, 41 before 44."
    )
    assert lines[2] == "hit leans also on `e.cookie == now` in 57."
    assert lines[3] == "refuted with this change:"
    assert "9 changes make no difference to any proof (-v lists them)." in lines
    assert "8 changes were not tried, because the rest is no protocol (-v lists them)." in lines
    assert "once only, not twice" not in brief
    assert "no difference to any proof:" in whole
    assert "once only, not twice" in whole
    assert "unknown name `cookie` [E201]" in whole
    assert len(brief.splitlines()) < 45


FENCED = """\
protocol fenced
shared data = 0
shared ready = 0
thread writer {
    data = 1
    smp_mb()
    ready = 1
}
thread reader {
    if (READ_ONCE(ready) == 1)
        there: assert data == 1
}
bounds writer 1, reader 1
"""


def test_a_barrier_that_the_model_knows_nothing_of_is_not_said_to_be_unneeded() -> None:
    _, found = varied(FENCED)
    assert found
    assert not any("smp_mb()" in one.texts for one in found)
    told = run("needed", "-", "-v", given=FENCED).stdout
    assert "smp_mb: no effect under sc, so nothing is said about it" in told
    under_tso = run("needed", "-", "-v", "--model", "tso", given=FENCED).stdout
    assert re.search(r"smp_mb\(\) +dropped", under_tso)
    assert "so nothing is said about" not in under_tso
