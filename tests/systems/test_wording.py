"""Invariants in the names of the protocol."""

import re

import pytest

from smtmodel.systems.arithmetic import WHOLE, Compound, Formula, negated, variable
from smtmodel.systems.wording import implies, lines_of, said, text_of
from tests.support import certified
from tests.support.examples import checked

OBJECTS = """\
protocol objects
struct node { gen }
shared list: node = { gen: 0 }
cache c { g }
update u {
    old = list
    p = alloc node
    p.gen = old.gen + 1
    list = p
}
thread r {
    q = list
    e = c
    seen = q.gen
    if (filled(e))
        behind: assert e.g <= seen
    c = { g: seen }
}
bounds updates 2, r 1
"""


def test_numbers_are_called_as_in_the_protocol() -> None:
    protocol = checked(OBJECTS)
    made, one = certified.system(protocol), certified.claim(protocol)
    lines = list(lines_of(made, one.invariant))
    clauses = [line.split("`")[1] for line in lines if line.startswith("    ")]
    assert "c.g <= list->gen" in clauses
    assert lines[0] == "places: between rounds of update0 and before a round of update0 ends"
    assert lines[1] == "at all of them:"


N = (0, WHOLE)
M = (1, WHOLE)
CALLED = {N: "n", M: "m", (2, WHOLE): "value 1 at 2"}


def _less(left: Formula, right: Formula) -> Formula:
    return Compound("<", (left, right))


def _equal(left: Formula, right: Formula) -> Formula:
    return Compound("=", (left, right))


n, m = variable(N), variable(M)


@pytest.mark.parametrize(
    ("formula", "told"),
    [
        (negated(_less(n, m)), "m <= n"),
        (negated(_equal(n, m)), "m != n"),
        (negated(_less(n, 1)), "n >= 1"),
        (Compound("or", (negated(_equal(n, m)), _less(n, 3))), "m == n only if n < 3"),
        (Compound("or", (_less(m, n), _less(n, m))), "m < n or n < m"),
        (_equal(Compound("mod", (n, 2)), 1), "n % 2 == 1"),
    ],
)
def test_clauses_are_written_as_people_write_them(formula: Formula, told: str) -> None:
    assert text_of(said(formula, CALLED)) == told


@pytest.mark.parametrize(
    ("more", "less", "known"),
    [
        (_less(n, m), negated(_less(m, n)), True),
        (_less(n, m), negated(_equal(m, n)), True),
        (_equal(n, m), negated(_less(n, m)), True),
        (_equal(n, 4), _equal(Compound("mod", (n, 2)), 0), True),
        (_equal(n, 4), negated(_less(n, 5)), False),
        (_equal(n, 4), _less(n, 5), True),
        (_less(n, m), Compound("or", (_less(n, m), _equal(n, 1))), True),
        (Compound("or", (_less(n, m), _equal(n, 1))), _less(n, m), False),
        (negated(_less(m, n)), _less(n, m), False),
        (_less(n, m), _less(n, m), False),
    ],
)
def test_a_clause_that_says_more_is_known_as_such(
    more: Formula, less: Formula, known: bool
) -> None:
    assert implies(said(more, CALLED), said(less, CALLED)) == known


def test_no_more_groups_are_named_than_there_are() -> None:
    protocol = checked(certified.COUNTED)
    made, one = certified.system(protocol), certified.claim(protocol)
    lines = list(lines_of(made, one.invariant))
    shares = [re.search(r"\((\d+) of (\d+) groups\)", line) for line in lines]
    known = [(int(share[1]), int(share[2])) for share in shares if share is not None]
    assert known
    assert all(0 < holding < there <= len(one.invariant.clauses) for holding, there in known)
    assert "before `m = n`:" in lines
    assert re.fullmatch(r"\(and \d+ that say less, or the same of .*\)", lines[-1])


STOPPING = """\
protocol stopping
shared n = 0
shared m = 0
update u {
    n = n + 1
    m = n
    assume(m < 4)
}
never ahead: m > n always
bounds updates 2
"""


def test_lanes_that_have_stopped_stand_somewhere() -> None:
    protocol = checked(STOPPING)
    made, one = certified.system(protocol), certified.claim(protocol)
    lines = list(lines_of(made, one.invariant))
    assert "where update0 has stopped" in lines[0]
    assert ":" not in lines
