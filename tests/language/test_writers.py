"""Who could write what a lane waits for: the same by what the steps say and by the operations that
the interpreter makes of them."""

import pytest

from smtmodel.executions.event_actions import AwaitValue
from smtmodel.executions.machine import build
from smtmodel.executions.terms import name_of
from smtmodel.language.checked import Await
from smtmodel.language.writers import writers
from smtmodel.source.record import parts
from tests.support.front import accepted

STATE = """\
protocol waits
struct node { f, g }
object o: node = { f: 0, g: 0 }
shared p: node = o
shared x = 0
shared s { u, v } = { u: 0, v: 0 }
shared a[2] = 0
shared cache c { one }
"""


@pytest.mark.parametrize(
    ("awaited", "step", "writes"),
    [
        ("x == 1", "x = 1", True),
        ("x == 1", "x++", True),
        ("x == 1", "WRITE_ONCE(x, 1)", True),
        ("x == 1", "atomic_inc(x)", True),
        ("x == 1", "n = xchg(x, 1) assert n == 0", True),
        ("x == 1", "if (a[0] == 1) { retry 1 { x = 1 } until (a[1] == 0) }", True),
        ("x == 1", "n = x a[0] = n", False),
        ("s.u == 1", "s.u = 1", True),
        ("s.u == 1", "s.v = 1", False),
        ("a[0] == 1", "a[1] = 1", True),
        ("filled(c)", "c = { one: 1 }", True),
        ("!filled(c)", "zap(c)", True),
        ("q.f == 1", "r = p r.f = 1", True),
        ("q.f == 1", "r = p r.g = 1", False),
        ("q.f == 1", "r = copy p p = r", True),
        ("q.f == 1", "r = p t = p copy r into t", True),
        ("q.f == 1", "r = p p = r", False),
    ],
)
def test_a_kind_of_lanes_writes_what_one_of_its_steps_writes(
    awaited: str, step: str, writes: bool
) -> None:
    lanes = f"thread waits {{ q = p assert q == p wait until ({awaited}) }}\n"
    lanes += f"thread other {{ {step} }}\n"
    protocol = accepted(f"{STATE}{lanes}never bad: x == 9 always\nbounds waits 1, other 1\n")
    (found,) = [part for part in parts(protocol.blocks) if isinstance(part, Await)]
    assert writers(protocol, found.load.place) == ({"other"} if writes else frozenset())
    waits, other = build(protocol, protocol.bounds, store_buffers=False).programs
    (read,) = [op.action for op in waits.ops if isinstance(op.action, AwaitValue)]
    assert waits.written == frozenset()
    assert (name_of(read.address) in other.written) == writes
