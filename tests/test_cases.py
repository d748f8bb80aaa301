"""The cases of one fault against one update: complete, and what the machine finds too."""

import re
from unittest.mock import patch

import pytest
from case_oracle import Oracle, Told, TooMany, told
from differential import _as_found as as_found
from differential import checked as parsed
from differential import crowded
from random_protocols import text

from smtmodel.analysis import enumeration as analysis
from smtmodel.analysis.cases import Case, Complete, Outcome, Subject, cases, subjects
from smtmodel.analysis.enumeration import Finder
from smtmodel.language.checked import Checked, Free
from smtmodel.models import SC
from smtmodel.solving.result import Limits
from smtmodel.source.record import parts
from tests.examples import FOUNDING, shipped
from tests.processes import PROTOCOLS, run

STATES = 1_500


def found(protocol: Checked) -> list[tuple[Subject, list[Case], Complete]]:
    """Subjects, their cases and their ends."""
    answer: list[tuple[Subject, list[Case], Complete]] = []
    about: Subject | None = None
    own: list[Case] = []
    for one in cases(protocol, SC, protocol.bounds, Limits(), None):
        if isinstance(one, Subject):
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


def of_machine(protocol: Checked) -> list[frozenset[Told]]:
    """What the machine finds for each subject."""
    every = []
    for names, item in subjects(protocol, None).items():
        finder = Finder(protocol, SC, protocol.bounds, Limits(), names, item)
        oracle = Oracle(finder.protocol, finder.bounds, finder.kinds)
        every.append(oracle.run(STATES))
    return every


def comparable(own: list[Case], machine: frozenset[Told]) -> tuple[set[Told], set[Told]]:
    """The two with the values of pointers left out where the solver's trace knows them."""
    values = {told(one) for one in own}
    stars = {
        (len(reads), place)
        for reads, _ in values
        for place, (_, value) in enumerate(reads)
        if value == "*"
    }

    def plain(one: Told) -> Told:
        reads = tuple(
            (line, "*" if (len(one[0]), place) in stars else value)
            for place, (line, value) in enumerate(one[0])
        )
        return reads, one[1]

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
    assert Outcome.STALE_DURING in outcomes
    assert Outcome.STALE_AFTER not in outcomes


def test_with_the_low_bit_they_are_misses_or_not_cached() -> None:
    ((_, own, end),) = found(shipped("paolo"))
    assert end == Complete()
    outcomes: dict[tuple[str, ...], set[Outcome]] = {}
    for one in own:
        read = tuple(r.told for r in one.reads if not r.pointer)
        outcomes.setdefault(read, set()).add(one.outcome)
    assert outcomes == {
        ("A.slot -> 0", "A.generation -> 0"): {Outcome.FRESH, Outcome.MISS},
        ("A.slot -> 0", "B.generation -> 1"): {Outcome.EMPTY},
        ("B.slot -> fresh1", "B.generation -> 1"): {Outcome.EMPTY},
        ("B.slot -> fresh1", "B.generation -> 2"): {Outcome.FRESH},
    }


def test_the_race_of_the_original_is_one_case() -> None:
    ((_, own, _),) = found(shipped("original"))
    (stale,) = [one for one in own if one.outcome is Outcome.STALE_AFTER]
    assert stale.cached == "mmio = { slot: 0, generation: 1 }"
    assert stale.run.steps == 11


@pytest.mark.parametrize("name", FOUNDING)
def test_the_machine_finds_the_same_cases_of_founding_protocols(name: str) -> None:
    protocol = shipped(name)
    for (_, own, end), machine in zip(found(protocol), of_machine(protocol), strict=True):
        assert end == Complete()
        solver, walked = comparable(own, machine)
        assert solver == walked


def test_the_machine_finds_the_same_cases_of_random_protocols() -> None:
    """Their runs are replayed as the solver finds them: that asks more of the reader."""
    compared = 0
    for seed in range(24):
        protocol = parsed(text(seed, weak=False))
        assert isinstance(protocol, Checked), seed
        frees = any(isinstance(part, Free) for part in parts(protocol.blocks))
        if frees or crowded(protocol, SC):
            continue
        try:
            machines = of_machine(protocol)
        except TooMany:
            continue
        with patch.object(analysis, "smallest", as_found):
            answers = found(protocol)
        for (_, own, end), machine in zip(answers, machines, strict=True):
            assert end == Complete(), seed
            solver, walked = comparable(own, machine)
            assert solver == walked, f"seed {seed}\n{text(seed, weak=False)}"
            compared += 1
    assert compared > 10


def test_the_command_says_that_these_are_all_and_ends_like_prove() -> None:
    process = run("cases", "paolo.dsl")
    assert process.returncode == 0
    assert "These are all" in process.stdout
    assert "no stale hit" in process.stdout
    assert run("cases", "xiao.dsl", "-q").returncode == 10
    assert run("cases", "xiao.dsl", "-q", "--only", "stale_after_return").returncode == 0
    short = run("cases", "xiao.dsl", "--timeout", "0.01")
    assert short.returncode == 124


def test_a_protocol_without_such_a_property_is_refused() -> None:
    process = run("cases", "g1-seqcount.dsl")
    assert process.returncode == 2
    assert "to judge what an access gets" in process.stderr


def test_kinds_that_do_not_run_are_not_counted() -> None:
    told = run("cases", "kvm/k5-before.dsl", "-v", "--width", "300", cwd=PROTOCOLS)
    assert told.returncode in (0, 10), told.stderr
    assert "for 1 update and 1 vcpu lane (sc)" in told.stdout
    replay = re.findall(r"smtmodel (replay .*)", told.stdout)[0]
    assert run(*replay.split(), cwd=PROTOCOLS).returncode in (0, 10)
