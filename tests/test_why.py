"""Why a run goes wrong: the facts force it, and each is needed."""

import json
import random

import pytest

from smtmodel.executions.replay import Impossible, replay
from smtmodel.executions.trace import Schedule
from smtmodel.language.checked import Checked
from smtmodel.solving.result import Place, Result, Run, Why
from smtmodel.verdict import Verdict
from tests.examples import results, shipped
from tests.processes import run

REFUTED = ("original", "xiao", "paolo-no-low-bit-test", "paolo-no-grace-period")
SAMPLES = 400


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


def shuffled(one: Run, seed: int) -> list[int]:
    """The moves of the run by their places in it, neighbours of different lanes exchanged."""
    chance = random.Random(seed)
    moves = one.trace.schedule.moves
    mixed = list(range(len(moves)))
    for _ in range(chance.randrange(1, 3 * len(moves))):
        at = chance.randrange(len(moves) - 1)
        if moves[mixed[at]].lane != moves[mixed[at + 1]].lane:
            mixed[at], mixed[at + 1] = mixed[at + 1], mixed[at]
    return mixed


def rows(one: Run) -> list[int | None]:
    """For each move the number of its step in the table."""
    found: list[int | None] = []
    steps = 0
    latest: dict[str, int] = {}
    for moment in one.trace.moments:
        if moment.where is None:
            found.append(None)
            continue
        if moment.begins:
            steps += 1
            latest[moment.lane] = steps
        found.append(latest[moment.lane])
    return found


def keeps(order: list[int], own: list[int | None], fact: tuple[Place, Place]) -> bool:
    """Whether all events of the one step come before all of the other."""
    first = [at for at, move in enumerate(order) if own[move] == fact[0].number]
    second = [at for at, move in enumerate(order) if own[move] == fact[1].number]
    return max(first) < min(second)


@pytest.mark.parametrize("name", REFUTED)
def test_whatever_keeps_the_facts_goes_wrong(name: str) -> None:
    protocol, found = explained(name)
    for result, one, why in found:
        own = rows(one)
        went = 0
        for seed in range(SAMPLES):
            order = shuffled(one, seed)
            if not all(keeps(order, own, fact) for fact in why.facts):
                continue
            moves = tuple(one.trace.schedule.moves[place] for place in order)
            made = replay(
                protocol,
                one.bounds,
                store_buffers=False,
                schedule=Schedule(moves, one.trace.schedule.choices),
            )
            if not isinstance(made, Impossible):
                went += 1
                assert result.name in made.violated, (result.name, order)
        assert went


def turned(one: Run, own: list[int | None], fact: tuple[Place, Place]) -> list[int]:
    """The run with the second step of a fact, and its lane up to there, before the first."""
    moves = one.trace.schedule.moves
    places = list(range(len(moves)))
    start = next(at for at in places if own[at] == fact[0].number)
    last = max(at for at in places if own[at] == fact[1].number)
    sooner = [at for at in places[start : last + 1] if moves[at].lane == fact[1].lane]
    rest = [at for at in places[start:] if at not in sooner]
    return [*places[:start], *sooner, *rest]


@pytest.mark.parametrize("name", ["original", "xiao", "paolo-no-low-bit-test"])
def test_without_any_one_of_the_facts_it_can_go_right(name: str) -> None:
    protocol, found = explained(name)
    for result, one, why in found:
        own = rows(one)
        for fact in why.facts:
            order = turned(one, own, fact)
            assert not keeps(order, own, fact)
            assert all(keeps(order, own, other) for other in why.facts if other is not fact)
            moves = tuple(one.trace.schedule.moves[place] for place in order)
            schedule = Schedule(moves, one.trace.schedule.choices)
            made = replay(protocol, one.bounds, store_buffers=False, schedule=schedule)
            assert not isinstance(made, Impossible)
            assert result.name not in made.violated


def test_steps_that_are_in_no_fact_are_named() -> None:
    _, found = explained("original")
    _, one, why = found[0]
    used = {place.number for pair in why.facts for place in pair}
    assert set(why.free) | used == set(range(1, one.steps + 1))
    assert not set(why.free) & used


def test_the_report_has_a_sentence_and_the_document_the_facts() -> None:
    told = run("prove", "original.dsl", "--only", "stale_after_return").stdout
    assert "Why: `slot = rcu_dereference(slots).slot` comes before" in told
    assert "Steps whose place follows from these or is free: 1, 3-6, 9-11." in told
    process = run("prove", "original.dsl", "--format", "json", "--only", "stale_after_return")
    (result,) = json.loads(process.stdout)["outcomes"][0]["results"]
    facts = result["run"]["why"]["facts"]
    assert [(one["first"]["number"], one["second"]["number"]) for one in facts] == [(2, 7), (7, 8)]


def test_a_text_of_several_lanes_is_told_with_its_lane() -> None:
    told = run("prove", "tests/golden/lanes.dsl").stdout
    assert "`seen = n` of adder0 comes before `n = seen + 1` of adder2 (1 < 5)" in told
    assert "slots, new)` of" not in run("prove", "original.dsl").stdout
