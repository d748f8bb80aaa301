"""Which parts of a protocol its proofs need: what the thread said, and what the explorer says."""

import json

import pytest

from smtmodel.analysis.needed import Effect, effect, verdicts
from smtmodel.analysis.variants import Change, Variant, variants
from smtmodel.executions.explore import explore
from smtmodel.executions.explore import verdicts as explored_verdicts
from smtmodel.language.ast import Protocol
from smtmodel.language.check import check
from smtmodel.language.checked import Checked
from smtmodel.language.parse import parse
from smtmodel.models import SC
from smtmodel.solving.result import Limits, Result
from smtmodel.source import Text
from smtmodel.verdict import Verdict
from tests.examples import ROOT, at, checked
from tests.processes import run

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


def varied(text: str, name: str = "test.dsl") -> tuple[Checked, list[Variant]]:
    """A protocol and its variants."""
    source = Text(name, text)
    parsed = parse(source)
    assert isinstance(parsed, Protocol)
    base = check(parsed, source)
    assert isinstance(base, Checked)
    return base, list(variants(parsed, source, base))


def shipped_variants(name: str) -> tuple[Checked, list[Variant]]:
    """A shipped protocol and its variants."""
    return varied((ROOT / "protocols" / f"{name}.dsl").read_text(), f"{name}.dsl")


def of_change(found: list[Variant], change: Change) -> list[Variant]:
    return [one for one in found if one.change is change]


def test_variants_are_what_the_same_edits_of_the_text_would_give() -> None:
    path = ROOT / "protocols" / "paolo.dsl"
    text = path.read_text()
    _, found = shipped_variants("paolo")
    dropped = {one.lines[0]: one for one in of_change(found, Change.DROP)}
    lines = text.splitlines(keepends=True)
    for number in (22, 23, 24, 25, 26):
        without = "".join(lines[: number - 1] + lines[number:])
        assert dropped[number].protocol == checked(without)
    (always,) = of_change(found, Change.ALWAYS)
    assert always.protocol == checked(text.replace("if (gen % 2 == 0)\n", ""))
    swapped = next(one for one in of_change(found, Change.SWAP) if one.lines == (24, 25))
    order = [*lines[:23], lines[24], lines[23], *lines[25:]]
    assert swapped.protocol == checked("".join(order))


def test_a_lock_goes_with_its_release_and_a_condition_by_its_parts() -> None:
    _, found = varied(LOCKS)
    pairs = [one.lines for one in of_change(found, Change.PAIR)]
    assert pairs == [(8, 10), (11, 13)]
    parts = [one.part for one in of_change(found, Change.PART)]
    assert parts == ["a == 1", "b == 1"]
    assert all(one.also for one in of_change(found, Change.PART))


def test_what_nothing_reads_any_more_goes_too() -> None:
    _, found = shipped_variants("paolo")
    (never,) = of_change(found, Change.NEVER)
    assert never.protocol is not None
    assert [line for line, _ in never.also] == [31, 32]


def test_a_variant_that_is_no_protocol_says_why() -> None:
    _, found = shipped_variants("paolo")
    refused = {one.lines[0]: one.refused for one in found if one.protocol is None}
    assert refused[21].endswith("[E401]")
    assert all(one.endswith("]") for one in refused.values())


@pytest.mark.parametrize("name", ["paolo", "xiao"])
def test_the_explorer_agrees_about_every_variant(name: str) -> None:
    base, found = shipped_variants(name)
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


def test_the_first_increment_is_not_strictly_necessary() -> None:
    """As the merged commit says: for what holds after the update has returned."""
    process = run("needed", "paolo.dsl", "--format", "json")
    assert process.returncode == 0
    (answer,) = json.loads(process.stdout)["analyses"]
    assert answer["bounds"] == {"updates": 2, "lanes": {"faults": 2}, "rounds": 1}
    effects = {
        (one["change"], one["lines"][0], result["name"]): result["effect"]
        for one in answer["variants"]
        for result in one["results"]
    }
    after, always = "stale_after_return", "stale_at_any_time"
    assert effects["drop", 23, after] == "not needed"
    assert effects["drop", 23, always] == "needed"
    assert effects["drop", 25, after] == effects["drop", 25, always] == "needed"
    assert effects["drop", 26, after] == "needed"
    assert effects["always", 33, after] == "not needed"
    assert effects["always", 33, always] == "needed"
    assert effects["never", 33, after] == "useless"
    orderings = [
        result["ordering"]
        for one in answer["variants"]
        for result in one["results"]
        if result["effect"] == "needed"
    ]
    assert orderings
    assert all("fault0" in one for one in orderings)


def test_a_limit_leaves_what_is_not_known_unknown() -> None:
    process = run("needed", "paolo.dsl", "--timeout", "0.7", "--format", "json")
    assert process.returncode == 124
    process = run("needed", "paolo.dsl", "--budget", "10")
    assert process.returncode == 5
    assert "PROVED" not in process.stdout


def test_nothing_is_said_about_the_needs_of_what_is_refuted() -> None:
    process = run("needed", "original.dsl", "--only", "stale_after_return")
    assert process.returncode == 10
    assert "Nothing is proved" in process.stdout


def test_effects() -> None:
    names = {verdict: effect(_result(verdict)) for verdict in Verdict}
    assert names == {
        Verdict.PROVED: Effect.NOT_NEEDED,
        Verdict.REFUTED: Effect.NEEDED,
        Verdict.VACUOUS: Effect.USELESS,
        Verdict.UNKNOWN: Effect.UNKNOWN,
    }


def _result(verdict: Verdict) -> Result:
    base, _ = shipped_variants("paolo")
    answers = verdicts(base, SC, at(base, 1, 1), Limits(), frozenset({"caches"}))
    found = next(one for one in answers if isinstance(one, Result))
    from smtmodel.source.record import replace

    return replace(found, verdict=verdict)


def test_with_v_it_says_how_close_a_run_comes() -> None:
    told = run("needed", "paolo.dsl", "--updates", "1", "--faults", "1", "-v").stdout
    told = " ".join(told.split())
    assert "Closest call: with 25 `synchronize_srcu(srcu)` dropped, stale_after_return" in told
    assert "stops in paolo.dsl: update0 must wait at `synchronize_srcu(srcu)`" in told
    assert "*** here it stops ***" in told
