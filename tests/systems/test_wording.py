"""Invariants in the names of the protocol."""

from smtmodel.systems.wording import lines_of
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
    clauses = [line.partition("   (")[0] for line in lines]
    assert "c.g of r0 <= list->gen" in clauses
    assert "list->gen < p->gen of update0" in clauses
    assert "seen of r0 <= list->gen" in clauses
    assert len(set(clauses)) == len(clauses)
    assert any("before `list = p`" in line for line in lines)
