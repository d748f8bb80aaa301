"""The cases of one fault against one update: complete, and what the machine finds too."""

import json
import re
from pathlib import Path
from unittest.mock import patch

import pytest

from smtmodel.analysis import enumeration as analysis
from smtmodel.analysis.cases import (
    Case,
    CaseOutcome,
    Claim,
    Complete,
    one_of_each,
)
from smtmodel.analysis.enumeration import Finder
from smtmodel.analysis.outcomes import asked
from smtmodel.analysis.subjects import cases, subjects
from smtmodel.encoding import smtlib
from smtmodel.encoding.encode import encode
from smtmodel.encoding.formula import Reason
from smtmodel.events.graph import Kind
from smtmodel.events.unroll import unroll
from smtmodel.language.ast import When
from smtmodel.language.checked import Bounds, Checked, Never
from smtmodel.models import SC
from smtmodel.solving.decide import decide
from smtmodel.solving.result import Limits, Result
from smtmodel.solving.solver import Sat, Solver, Unsat
from smtmodel.source.record import replace
from smtmodel.verdict import Verdict
from tests.support import processes
from tests.support.case_oracle import Oracle, Told, TooMany, is_beyond, told
from tests.support.differential import as_found, crowded
from tests.support.differential import checked as parsed
from tests.support.examples import FOUNDING, checked, shipped
from tests.support.lengths import long, long_but
from tests.support.processes import PROTOCOLS
from tests.support.program import run
from tests.support.random_protocols import text

STATES = 1_500
MANY = 60


def found(protocol: Checked) -> list[tuple[Claim, list[Case], Complete]]:
    """Subjects, their cases and their ends."""
    answer: list[tuple[Claim, list[Case], Complete]] = []
    about: Claim | None = None
    own: list[Case] = []
    for one in cases(protocol, SC, protocol.bounds, Limits(), None):
        if isinstance(one, Claim):
            about, own = one, []
        elif isinstance(one, Case):
            own.append(one)
        elif isinstance(one, Complete):
            assert about is not None
            answer.append((about, own, one))
    return answer


def reads_of(own: list[Case]) -> list[tuple[tuple[str, int | None], ...]]:
    """What is read in each case, the values with the lines that wrote them, without repetition."""
    every = (tuple((r.told, r.source) for r in one.reads if not r.pointer) for one in own)
    return list(dict.fromkeys(every))


def of_machine(protocol: Checked, states: int) -> list[frozenset[Told]]:
    """What the machine finds for each subject."""
    every = []
    for names, item in subjects(protocol, None).items():
        finder = Finder(protocol, SC, protocol.bounds, Limits(), names, item)
        every.append(Oracle(finder).run(states))
    return every


def comparable(own: list[Case], machine: frozenset[Told]) -> tuple[set[Told], set[Told]]:
    """The two with the values of pointers left out where the solver's trace knows them."""
    values = {told(one) for one in own if not is_beyond(one)}
    stars = {
        (len(reads), place)
        for reads, _, _ in values
        for place, (_, value) in enumerate(reads)
        if value == "*"
    }

    def plain(one: Told) -> Told:
        reads = tuple(
            (line, "*" if (len(one[0]), place) in stars else value)
            for place, (line, value) in enumerate(one[0])
        )
        return reads, one[1], one[2]

    return set(map(plain, values)), set(map(plain, machine))


def test_the_three_cases_of_the_mail_and_the_one_after_the_update() -> None:
    ((about, own, end),) = found(shipped("xiao"))
    assert about.names == ("stale_after_return", "stale_at_any_time")
    assert end == Complete()
    assert reads_of(own) == [
        (("A.slot -> 0", None), ("A.generation -> 0", None)),
        (("A.slot -> 0", None), ("B.generation -> 0", 20)),
        (("B.slot -> fresh1", 21), ("B.generation -> 0", 20)),
        (("B.slot -> fresh1", 21), ("B.generation -> 1", 24)),
    ]
    outcomes = {one.outcome for one in own}
    assert CaseOutcome.STALE_DURING in outcomes
    assert CaseOutcome.STALE_AFTER not in outcomes


def test_with_the_low_bit_they_are_misses_or_not_cached() -> None:
    ((_, own, end),) = found(shipped("paolo"))
    assert end == Complete()
    outcomes: dict[tuple[str, ...], set[CaseOutcome]] = {}
    for one in own:
        read = tuple(r.told for r in one.reads if not r.pointer)
        outcomes.setdefault(read, set()).add(one.outcome)
    assert outcomes == {
        ("A.slot -> 0", "A.generation -> 0"): {CaseOutcome.FRESH, CaseOutcome.MISS},
        ("A.slot -> 0", "B.generation -> 1"): {CaseOutcome.EMPTY},
        ("B.slot -> fresh1", "B.generation -> 1"): {CaseOutcome.EMPTY},
        ("B.slot -> fresh1", "B.generation -> 2"): {CaseOutcome.FRESH},
    }


def test_the_race_of_the_original_is_one_case() -> None:
    ((_, own, _),) = found(shipped("original"))
    (stale,) = [one for one in own if one.outcome is CaseOutcome.STALE_AFTER]
    assert stale.cached == "mmio = { slot: 0, generation: 1 }"
    assert stale.run.steps == 11


def agreeing(protocol: Checked, states: int) -> int:
    """Compares the cases with the machine's and their violations with the prover's verdicts;
    gives how many subjects were compared, and raises `TooMany`."""
    compared = 0
    bounds = one_of_each(protocol, protocol.bounds)
    machines = of_machine(protocol, states)
    if max(map(len, machines), default=0) > MANY:
        raise TooMany
    for (about, own, end), machine in zip(found(protocol), machines, strict=True):
        assert end == Complete()
        solver, walked = comparable(own, machine)
        assert solver == walked, about.names
        violated = {name for case in own for name in case.violates}
        assert violated == refuted(protocol, bounds, about.names), about.names
        compared += 1
    return compared


def with_one_ending(protocol: Checked) -> Checked:
    """The protocol with only the first of its claims about final states, which have many cases."""
    ending = [p for p in protocol.properties if isinstance(p, Never) and p.when is When.FINALLY]
    kept = tuple(p for p in protocol.properties if p not in ending[1:])
    return replace(protocol, properties=kept)


def refuted(protocol: Checked, bounds: Bounds, names: tuple[str, ...]) -> set[str]:
    """Which of the properties the prover refutes."""
    only = frozenset(names)
    results = decide(protocol, SC, bounds, Limits(), only, survey=False, shrink=False)
    return {r.name for r in results if isinstance(r, Result) and r.verdict is Verdict.REFUTED}


@pytest.mark.parametrize("name", long_but(["original", "paolo", "paolo-no-grace-period"], FOUNDING))
def test_founding_protocols_agree_with_the_machine_and_the_prover(name: str) -> None:
    assert agreeing(shipped(name), STATES) == 1


@pytest.mark.parametrize(
    "name",
    [
        "seqcount/g1:no_second_check",
        "rcu/g3:double_dereference",
        "fuse/f7:outside_the_lock",
        "ipv6/n2:raised_first",
        "slub/m9:head_only",
    ],
)
def test_protocols_with_assertions_agree_with_the_machine_and_the_prover(name: str) -> None:
    assert agreeing(shipped(name), 20_000) > 0


@long
def test_random_protocols_agree_with_the_machine_and_the_prover() -> None:
    """Their runs are replayed as the solver finds them: that asks more of the reader."""
    compared = 0
    with patch.object(analysis, "smallest", as_found):
        for seed in range(40):
            protocol = parsed(text(seed, weak=False))
            assert isinstance(protocol, Checked), seed
            if crowded(protocol, SC):
                continue
            try:
                compared += agreeing(with_one_ending(protocol), STATES)
            except TooMany:
                continue
    assert compared > 30


# ---------------------------------------------------------------- what is told


def told_of(content: str) -> list[tuple[str, str, str | None]]:
    """Reads, outcomes and entries of the cases of a protocol without errors."""
    return [
        (", ".join(r.told for r in one.reads), one.told, one.cached)
        for _, own, end in found(checked(content))
        for one in own
        if end == Complete()
    ]


def outcomes_of(content: str) -> set[str]:
    """The outcomes of the cases of a protocol, of which there are no others, in words."""
    return {outcome for _, outcome, _ in told_of(content)}


ASSUMED = """
protocol assumed
shared x = 0
cache mmio { a, g }
update u {
    x = 1
}
fault f {
    g = x
    mmio = { a: 6, g: g }
    h = x
    assume h != g
    mmio = { a: 5, g: g }
}
never stale: mmio.a == 6 when mmio.g == x settled
bounds updates 1, faults 1
"""
CUT = """
protocol cut
shared x = 0
cache mmio { a }
update u {
    x = 1
}
fault f {
    v = x
    mmio = { a: v }
    retry 1 {
        w = x
    } until (w != v)
    zap(mmio)
}
never stale: mmio.a != x when filled(mmio) settled
bounds updates 1, faults 1
"""
ENDING = CUT.replace("retry 1 {\n        w = x\n    } until (w != v)", "w = x\n    assert w == v")
"""The stale entry is there only before the fault is over."""
TWO_BLOCKS = """
protocol two_blocks
shared x = 0
shared y = 0
cache c { a } per vcpu
update u {
    y = 1
}
fault f {
    v = x
    c = { a: v }
}
thread clear {
    zap(c)
}
thread w {
    x = 2
}
lanes vcpu: f, clear
never stale: c.a != x settled
bounds updates 1, vcpu 1, w 1
"""
"""The entry is stale only where `w` runs, which fills no cache."""
WAITING = """
protocol waiting
shared x = 0
mutex m
update u {
    mutex_lock(m)
    x = 1
    assume x == 2
    mutex_unlock(m)
}
thread t {
    v = x
    zero: assert v == 0
    mutex_lock(m)
    mutex_unlock(m)
}
bounds updates 1, t 1
"""
"""The assertion fails only where the thread then waits for ever."""
OTHER_BLOCK = """
protocol other_block
shared x = 0
thread one {
    v = x
    one: assert v == 0
}
thread two {
    x = 1
}
thread three {
    w = x
    three: assert w == 0
}
lanes cpu: one, two
bounds cpu 1, three 1
"""
INTERRUPT = """
protocol interrupt
shared x = 0
shared y = 0
shared cache c { a }
update u {
    x = 1
}
thread task {
    y = 1
    y = 2
}
thread irq on task {
    v = x
    c = { a: v }
}
never stale: c.a != x when filled(c) settled
bounds updates 1, task 1, irq 1
"""
EITHER = """
protocol either
shared x = 0
cache mmio { a, g }
update u {
    x = 1
}
fault f {
    g = x
    either {
        mmio = { a: 5, g: g }
    } or {
        mmio = { a: 6, g: g }
    } or {
    }
}
never stale: mmio.a == 6 when mmio.g == x settled
bounds updates 1, faults 1
"""
UPDATE_ONLY = """
protocol update_only
shared x = 0
shared cache c { a }
update u {
    x = 1
    c = { a: 1 }
    x = 2
}
never stale: c.a != x when filled(c) settled
bounds updates 1
"""
PLAIN = """
protocol plain
shared x = 0
shared y = 0
update u {
    x = 1
    x = 0
}
thread t {
    v = x
    y = v
}
never odd: y != x when x == 0 settled
never last: y == 1 finally
bounds updates 1, t 1
"""
TIE = """
protocol tie
shared x = -1
shared y = 0
update u {
    y++
    r0 = y
    r1 = y
    assert r0 == r1
}
thread t {
    r0 = y
    x = r0 + 1
}
thread irq on u {
    y++
    x++
}
never high: x <= 3 always
bounds updates 1, t 1, irq 1
"""
ENDS_WITH_ANOTHER = """\
protocol ends_with_another
shared x = 0
shared flag = 0
shared cache c { value }
update u { x = 1 }
fault f {
    v = x
    c = { value: v }
}
thread t { flag = 1 }
never bad: c.value == 0 when flag == 1 finally
bounds updates 1, faults 1, t 1
"""

EVERY = (
    ENDS_WITH_ANOTHER,
    *(ASSUMED, CUT, ENDING, TWO_BLOCKS, WAITING, OTHER_BLOCK),
    *(INTERRUPT, EITHER, UPDATE_ONLY, PLAIN, TIE),
)


@pytest.mark.parametrize("content", EVERY, ids=lambda text: text.split()[1])
def test_small_protocols_agree_with_the_machine_and_the_prover(content: str) -> None:
    assert agreeing(checked(content), 20_000) > 0


@pytest.mark.parametrize("content", [ASSUMED, CUT])
def test_a_fault_that_stands_for_good_is_over(content: str) -> None:
    assert "hit stale after the update returned" in outcomes_of(content)


def test_what_is_stale_only_before_the_fault_is_over_is_told() -> None:
    assert outcomes_of(ENDING) == {
        "nothing cached",
        "hit stale before the fault is over",
        "assert_1 fails",
        "no assertion fails",
    }


def test_what_is_stale_only_when_other_blocks_run_is_told() -> None:
    assert outcomes_of(TWO_BLOCKS) == {"hit fresh", "hit stale when other blocks run"}


def test_an_assertion_that_fails_only_in_a_fault_that_waits_for_ever_is_told() -> None:
    assert outcomes_of(WAITING) == {"no assertion fails", "zero fails before the fault is over"}


def test_an_assertion_that_fails_only_when_another_block_runs_is_told() -> None:
    assert outcomes_of(OTHER_BLOCK) == {"no assertion fails", "three fails when other blocks run"}


def test_the_lane_that_is_interrupted_stays_and_reads_nothing_of_interest() -> None:
    ((about, own, end),) = found(checked(INTERRUPT))
    assert (about.blocks, end) == (("irq",), Complete())
    assert {lane for lane, _ in about.bounds.lanes} == {"task", "irq"}
    assert {r.line for one in own for r in one.reads} == {14}


def test_no_update_begins_or_returns_at_the_very_instant_that_is_judged() -> None:
    """Else what is not known to be over would count as in progress."""
    protocol = checked(TIE)
    ((_, about),) = [(n, a) for n, a in subjects(protocol, None).items() if n == ("high",)]
    base = encode(unroll(protocol, protocol.bounds), SC)
    query = asked(base, about, frozenset({"t", "irq"})).query
    solver = Solver(smtlib.script(base.formula), Limits())
    assert isinstance(solver.ask(smtlib.script(query.encoding.formula, query.first)), Sat)
    ends = [e.number for e in base.graph.events if e.kind in (Kind.BEGIN, Kind.RETURN)]
    assert len(ends) == 2
    for event in ends:
        formula = query.encoding.formula.fork()
        for pair in ((event, query.end), (query.end, event)):
            formula.add((-formula.before(str(SC.instants), *pair),), Reason("at the same time"))
        assert isinstance(solver.ask(smtlib.script(formula, query.first)), Unsat)


def test_before_the_update_and_after_it_are_told_apart() -> None:
    told = told_of(EITHER)
    assert ("x -> 0", "hit stale before the update begins", "mmio = { a: 6, g: 0 }") in told
    assert ("x -> 0", "hit stale after the update returned", "mmio = { a: 6, g: 0 }") not in told
    assert ("x -> 1", "hit stale after the update returned", "mmio = { a: 6, g: 1 }") in told


def test_entries_are_those_at_the_end_whoever_filled_them() -> None:
    assert {(outcome, cached) for _, outcome, cached in told_of(UPDATE_ONLY)} == {
        ("hit stale after the update returned", "c = { a: 1 }"),
        ("hit stale while the update runs, when it is not judged", "c = { a: 1 }"),
        ("hit fresh", "c = { a: 1 }"),
        ("nothing cached", ""),
    }


def test_a_property_that_reads_no_cache_is_violated_or_not() -> None:
    ((_, odd, _), (last, ended, _)) = found(checked(PLAIN))
    assert {one.told for one in odd} == {
        "violated after the update returned",
        "bad while the update runs, when it is not judged",
        "not violated",
    }
    assert last.names == ("last",)
    assert [(one.told, [r.told for r in one.reads]) for one in ended] == [
        ("not violated", ["x -> 0"]),
        ("violated", ["x -> 1"]),
        ("not violated", ["x -> 0"]),
    ]
    assert all(one.cached is None for one in (*odd, *ended))


def test_of_larger_bounds_what_holds_finally_is_not_asked() -> None:
    larger = checked(PLAIN.replace("t 1", "t 2"))
    assert list(subjects(larger, None)) == [("odd",)]


def test_entries_stand_where_they_differ(tmp_path: Path) -> None:
    for name, content in (("either", EITHER), ("update_only", UPDATE_ONLY)):
        (tmp_path / f"{name}.dsl").write_text(content)
    told = run("cases", "either.dsl", "--width", "120", cwd=tmp_path).stdout
    assert "     Case 1: x -> 0 (at the start)\n" in told
    assert re.search(r"hit fresh +2 steps  mmio = \{ a: 5, g: 0 \}  fault0@", told)
    assert "nothing is cached" not in told
    told = run("cases", "update_only.dsl", "--width", "120", cwd=tmp_path).stdout
    assert "     Case 1: nothing is read\n" in told
    assert re.search(r"nothing cached +0 steps\n", told)


def test_what_is_beyond_the_cases_has_a_run_that_replays(tmp_path: Path) -> None:
    for content, words in ((ENDING, "before the fault is over"), (TWO_BLOCKS, "when other")):
        (tmp_path / "beyond.dsl").write_text(content)
        process = run("cases", "beyond.dsl", "-v", "--width", "200", cwd=tmp_path)
        assert process.returncode == 10
        assert "The others are all in which the fault comes to its end" in process.stdout
        after = process.stdout.partition(f"*** hit stale {words}")[2]
        replay = re.findall(r"smtmodel (replay .*)", after)[0]
        replayed = run(*replay.split(), cwd=tmp_path)
        assert replayed.returncode == 10, replayed.stdout


def test_pointers_are_told_where_nothing_else_tells_two_cases_apart() -> None:
    told = run("cases", "slub/m9.dsl:head_only", "--width", "200", cwd=PROTOCOLS).stdout
    headings = re.findall(r"Case \d+: (.*)", told.partition("taken_once")[2])
    assert len(headings) == len(set(headings)) == 4
    assert not headings[0].startswith("freelist -> a")
    assert headings[2].startswith("freelist -> a")


def test_that_no_assertion_is_reached_is_said_in_a_word() -> None:
    told = run("cases", "n2:raised_last", "--only", "hit")
    assert told.returncode == 0
    assert "In one round of each lane no assertion is reached" in told.stdout
    assert "Case 1" not in told.stdout
    assert "COMPLETE no assertion is reached for 1 update and 1 socket lane" in told.stdout


def test_where_several_lanes_read_they_are_named() -> None:
    told = " ".join(
        run("cases", "protocols/fuse/f7.dsl", "--only", "older_after_write").stdout.split()
    )
    assert "cached_size -> 0 (at the start); stat0: cached_size -> fresh1 (line 39)" in told
    assert "Case 1: getattr0: attr_version -> 0 (at the start), server_size" in told


def test_the_command_says_that_these_are_all_and_ends_like_prove() -> None:
    process = run("cases", "paolo.dsl")
    assert process.returncode == 0
    assert "These are all" in process.stdout
    assert "no stale hit" in process.stdout
    assert run("cases", "xiao.dsl", "-q").returncode == 10
    assert run("cases", "xiao.dsl", "-q", "--only", "stale_after_return").returncode == 0
    short = processes.run("cases", "xiao.dsl", "--timeout", "1", clock="ticking")
    assert short.returncode == 124


def test_a_protocol_without_anything_to_judge_is_refused(tmp_path: Path) -> None:
    (tmp_path / "goal.dsl").write_text(
        "protocol goal\nshared x = 0\nupdate u {\n    x = 1\n    assert x == 1\n}\n"
        "reach one: x == 1\nbounds updates 1\n"
    )
    process = run("cases", "goal.dsl", cwd=tmp_path)
    assert process.returncode == 2
    assert "no assertion outside of updates" in process.stderr


def test_kinds_that_do_not_run_are_not_counted() -> None:
    told = run("cases", "kvm/k5.dsl:before", "-v", "--width", "300", cwd=PROTOCOLS)
    assert told.returncode in (0, 10), told.stderr
    assert "for 1 update and 1 vcpu lane (sc)" in told.stdout
    replay = re.findall(r"smtmodel (replay .*)", told.stdout)[0]
    assert run(*replay.split(), cwd=PROTOCOLS).returncode in (0, 10)


MORE_LANES = """\
protocol more_lanes
shared cache c { live }
spinlock l
update u { spin_lock(l) zap(c) spin_unlock(l) }
fault f { either { spin_lock(l) c = { live: 1 } spin_unlock(l) }
    or { spin_lock(l) e = c
        ok: assert !filled(e)
        spin_unlock(l) } }
never unused: c.live == 2 always
bounds updates 1, faults 2
"""


def test_what_cases_do_not_cover_stands_beside_them(tmp_path: Path) -> None:
    """Two faults break what one does not: the answer says so, and its status is that of prove."""
    (tmp_path / "more.dsl").write_text(MORE_LANES)
    process = run("cases", "more.dsl", "--width", "200", cwd=tmp_path)
    assert process.returncode == 10
    covered = "Cases are about 1 update and 1 fault and nothing more. For 1 update and 2 faults"
    assert f"{covered} unused is PROVED." in process.stdout
    (asked,) = re.findall(rf"{covered} ok is REFUTED, see `smtmodel (.*)`\.", process.stdout)
    assert run(*asked.split(), cwd=tmp_path).returncode == 10
    tallies = process.stdout.splitlines()[-2:]
    assert tallies == [
        "Result more.dsl unused COMPLETE 3 cases for 1 update and 1 fault; PROVED for 1 update and"
        " 2 faults",
        "Result more.dsl ok COMPLETE 3 cases for 1 update and 1 fault; REFUTED for 1 update and"
        " 2 faults",
    ]
    (answer,) = json.loads(run("cases", "more.dsl", "--format", "json", cwd=tmp_path).stdout)[
        "analyses"
    ]
    whole = [one for subject in answer["subjects"] for one in subject["whole"]]
    assert [(one["name"], one["verdict"]) for one in whole] == [
        ("unused", "PROVED"),
        ("ok", "REFUTED"),
    ]


def test_at_the_bounds_of_the_cases_nothing_is_left_to_say(tmp_path: Path) -> None:
    (tmp_path / "more.dsl").write_text(MORE_LANES)
    process = run("cases", "more.dsl", "--faults", "1", cwd=tmp_path)
    assert process.returncode == 0
    assert "nothing more" not in process.stdout
    assert process.stdout.endswith("Result more.dsl ok COMPLETE 3 cases\n")


def test_kinds_that_the_cases_leave_out_are_no_reason_to_say_less(tmp_path: Path) -> None:
    (tmp_path / "more.dsl").write_text(
        "protocol more\nshared x = 0\ncache c { d } per fault\nupdate u { x = 1 }\n"
        "fault f { a = x  c = { d: a } }\nthread other { x = 5 }\n"
        "never five: c.d == 5 settled\nbounds updates 1, faults 1, other 1\n"
    )
    process = run("cases", "more.dsl", "--width", "200", cwd=tmp_path)
    assert process.returncode == 10
    covered = "Cases are about 1 update and 1 fault and nothing more."
    assert f"{covered} For 1 update, 1 fault and 1 other lane five is REFUTED" in process.stdout


def test_a_write_on_a_line_of_several_steps_is_named(tmp_path: Path) -> None:
    (tmp_path / "more.dsl").write_text(MORE_LANES)
    told = run("cases", "more.dsl", "--width", "200", cwd=tmp_path).stdout
    assert "Case 3: c -> empty (line 4b)" in told
    assert "update0@4a,4b,4c fault0@6a,6b,8:2" in told


UNSETTLED = """\
protocol unsettled
shared x = 0
shared y = 0
update u {
    x = 1
    x = 2
}
thread t {
    y = 1
}
never odd: x == 1 && y == 1 settled
bounds updates 1, t 1
"""


def test_what_is_not_judged_is_not_called_violated(tmp_path: Path) -> None:
    (tmp_path / "unsettled.dsl").write_text(UNSETTLED)
    process = run("cases", "unsettled.dsl", "--width", "200", cwd=tmp_path)
    assert process.returncode == 0
    assert "bad while the update runs, when it is not judged" in process.stdout
    assert "violated while" not in process.stdout
