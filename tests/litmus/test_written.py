"""Protocols written as litmus tests: with the explorer under sc, under lkmm by both readings."""

from collections.abc import Iterator
from math import prod
from unittest.mock import patch

import pytest

from smtmodel.encoding.domains import TooManyValues
from smtmodel.executions.candidates import NotJudged
from smtmodel.executions.enumerated import enumerated
from smtmodel.executions.paths import EntryInCircle, TooManyPaths, paths
from smtmodel.language.checked import Checked, Expression, LaneNumber
from smtmodel.litmus.program import Performed
from smtmodel.litmus.unroll import unroll
from smtmodel.litmus.written.guards import Held
from smtmodel.litmus.written.instants import InstantWriter
from smtmodel.litmus.written.lanes import LaneWriter
from smtmodel.litmus.written.protocol import View, Wanted, WrittenProtocol
from smtmodel.litmus.written.supported import supported
from smtmodel.models.lkmm.freed import FLAG, FREED
from smtmodel.solving.ends import LitmusQuestions
from smtmodel.solving.result import Limits
from smtmodel.solving.weakly import MODELS
from smtmodel.source import Diagnostic
from smtmodel.source.record import parts, replace
from tests.support import weak_sc
from tests.support.differential import checked
from tests.support.lengths import long_but
from tests.support.random_freed import freed
from tests.support.random_numbered import numbered
from tests.support.random_protocols import text
from tests.support.random_small import small

STATES = 3_000
EACH = 4
COMBINATIONS = 60
ACCESSES = 16


def _able(written: str) -> Checked | None:
    """A protocol that can be written as a test."""
    protocol = checked(written)
    assert isinstance(protocol, Checked)
    found = supported(protocol)
    return None if isinstance(found, Diagnostic) else found


def _differences(able: Checked) -> list[str] | None:
    """Where the two say other things; None where one of them has too much to look at."""
    try:
        found = weak_sc.differences(able, STATES)
        return None if found is None else list(found)
    except TooManyValues:
        return None


@pytest.mark.parametrize("chunk", long_but((0,), range(40)))
def test_what_is_written_is_so_under_sc_as_the_explorer_says(chunk: int) -> None:
    compared = 0
    for seed in range(chunk * EACH, (chunk + 1) * EACH):
        for written in (small(seed), small(500 + seed), text(seed, weak=False), numbered(seed)):
            able = _able(written)
            if able is None or not weak_sc.comparable(able):
                continue
            found = _differences(able)
            if found is not None:
                assert found == [], f"seed {seed}\n{written}"
                compared += 1
    assert compared


def test_the_comparison_notices_that_only_the_first_cache_is_asked() -> None:
    protocol = _able("""protocol one_gets_it
shared taken = 0
cache c { v }
fault f {
    x = xchg(taken, 1)
    c = { v: x }
}
never odd: c.v == 0 when f[1].x == 0 finally
bounds faults 2
""")
    assert protocol is not None
    assert list(weak_sc.differences(protocol, STATES) or "") == []
    owners = WrittenProtocol._owners
    with patch.object(WrittenProtocol, "_owners", lambda self, item: owners(self, item)[:1]):
        assert list(weak_sc.differences(protocol, STATES) or "") != []


def _own(writer: LaneWriter, expression: Expression) -> int | None:
    return 0 if isinstance(expression, LaneNumber) else KNOWN(writer, expression)


def _one_word(writer: LaneWriter, lock: Held) -> list[str]:
    return WORDS(writer, lock)[:1]


KNOWN, WORDS = LaneWriter.known, LaneWriter._words
FAULTS = {
    "every lane is the first": patch.object(LaneWriter, "known", _own),
    "a writer keeps one reader out": patch.object(LaneWriter, "_words", _one_word),
    "no index is outside": patch.object(InstantWriter, "outside", lambda writer, span: None),
}


@pytest.mark.parametrize(("fault", "seed"), list(zip(FAULTS, (1, 87, 3), strict=True)))
def test_the_comparison_notices_faults_in_what_lanes_have(fault: str, seed: int) -> None:
    able = _able(numbered(seed))
    assert able is not None
    assert _differences(able) == []
    with FAULTS[fault]:
        assert _differences(able)


def _shown(asked: Wanted) -> bool:
    model = replace(MODELS[asked.view], flags=())
    return LitmusQuestions(asked.test, unroll(asked.test), model, Limits()).violating() is not None


def _solved(asked: Wanted) -> bool | None:
    """What the solver says; None where a place may hold too many values."""
    try:
        return _shown(asked)
    except TooManyValues:
        return None


def _enumerated(asked: Wanted) -> bool | None:
    """What enumeration says; None where it would take too long."""
    if sum(isinstance(one, Performed) for one in parts(asked.test)) > ACCESSES:
        return None
    try:
        if prod(map(len, paths(asked.test))) > COMBINATIONS:
            return None
        found = enumerated(asked.test, replace(MODELS[asked.view], flags=()), every=False)
    except (TooManyPaths, NotJudged, EntryInCircle):
        return None
    return bool(found.holding)


@pytest.mark.parametrize("chunk", long_but((1,), range(20)))
def test_the_enumeration_of_executions_finds_what_the_solver_finds(chunk: int) -> None:
    views: set[View] = set()
    for seed in range(chunk * EACH, (chunk + 1) * EACH):
        for made in (small(seed), numbered(seed)):
            able = _able(made)
            for item, asked in _asked(able) if able is not None else ():
                known = _enumerated(asked)
                solved = None if known is None else _solved(asked)
                if solved is not None:
                    views.add(asked.view)
                    assert solved == known, f"{item}, {asked.view}\n{made}"
    assert views


def _asked(able: Checked) -> Iterator[tuple[str, Wanted]]:
    written = WrittenProtocol(able)
    for item in able.properties:
        for asked in () if item.name == "data_race" else written.violations(item):
            yield item.name, asked


@pytest.mark.parametrize("chunk", long_but((0,), range(20)))
def test_what_is_freed_is_used_afterwards_as_the_explorer_says(chunk: int) -> None:
    known: set[bool] = set()
    for seed in range(chunk * 8, chunk * 8 + 8):
        able = _able(freed(seed, waits=False))
        assert able is not None
        found = weak_sc.differences(able, STATES)
        assert found is not None
        assert list(found) == [], f"seed {seed}\n{freed(seed, waits=False)}"
        known.add(weak_sc.shown(WrittenProtocol(able).freeing()))
    assert known == {True, False}


@pytest.mark.parametrize("chunk", long_but((0,), range(20)))
def test_the_enumeration_finds_what_is_used_after_it_is_freed(chunk: int) -> None:
    compared = 0
    for seed in range(chunk * EACH, (chunk + 1) * EACH):
        able = _able(freed(seed, waits=True))
        assert able is not None
        asked = WrittenProtocol(able).freeing()
        graph = unroll(asked.test)
        solved = LitmusQuestions(asked.test, graph, FREED, Limits()).raised(FLAG) is not None
        enumeration = enumerated(asked.test, FREED, every=False)
        assert (FLAG in enumeration.flags) == solved, f"seed {seed}\n{freed(seed, waits=True)}"
        compared += 1
    assert compared
