"""Faults put into the encoder of litmus tests on purpose.

The comparison with the enumerator, or the repetition of what the solver finds, notices each.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any
from unittest.mock import patch

import pytest

from smtmodel.encoding import complete, nodes
from smtmodel.encoding.definitions import Definitions
from smtmodel.encoding.extents import Extents
from smtmodel.encoding.forms import EncodingForm
from smtmodel.encoding.formula import TRUE
from smtmodel.encoding.nodes import Nodes
from smtmodel.events import dependencies
from smtmodel.events.terms import Select
from smtmodel.executions.enumerated import enumerated
from smtmodel.litmus import unroll
from smtmodel.models import terms
from smtmodel.models.lkmm import LKMM
from smtmodel.solving.ends import Contradicted, solved
from smtmodel.solving.result import Limits
from smtmodel.source import Text
from tests.litmus.test_solved import observing_all, read

PARAMETERS = "int *x, int *y, int *z, int *p, spinlock_t *l"
DOMAINS = "struct srcu_struct *s, struct srcu_struct *t"


def text(*bodies: str, start: str = "") -> str:
    lanes = [
        f"P{number}({PARAMETERS}, {DOMAINS}) {{ {body} }}" for number, body in enumerate(bodies)
    ]
    return f"C t\n{{ {start} }}\n" + "\n".join(lanes) + "\nexists (x=0)\n"


def noticed(content: str, form: EncodingForm) -> bool:
    test = observing_all(read(Text("test", content)))
    try:
        found = solved(test, unroll.unroll(test), LKMM, Limits(), every=True, form=form)
        return found != enumerated(test, LKMM, every=True)
    except Contradicted:
        return True


BUFFERING = (
    "WRITE_ONCE(*x, 1); {} r0 = READ_ONCE(*y);",
    "WRITE_ONCE(*y, 1); {} r0 = READ_ONCE(*x);",
)
FENCED = text(*(body.format("smp_mb();") for body in BUFFERING))
SOMETIMES_FENCED = text(
    *(body.format("if (READ_ONCE(*z)) smp_mb();") for body in BUFFERING), "WRITE_ONCE(*z, 1);"
)
READER = "rcu_read_lock(); WRITE_ONCE(*x, 1); r0 = READ_ONCE(*y); rcu_read_unlock();"
NESTED = (
    "rcu_read_lock(); r0 = READ_ONCE(*y); rcu_read_lock(); rcu_read_unlock(); r1 = READ_ONCE(*x);"
    " rcu_read_unlock();"
)
UPDATER = "WRITE_ONCE(*y, 1); {} r0 = READ_ONCE(*x);"
DOMAIN = "r1 = srcu_read_lock(s); WRITE_ONCE(*x, 1); r0 = READ_ONCE(*y); srcu_read_unlock(s, r1);"
RELEASED = "*x = 1; smp_store_release(y, 1);"
MESSAGE = text(RELEASED, "r0 = smp_load_acquire(y); r1 = *x;")
MARKED = text(
    "WRITE_ONCE(*x, 1); smp_store_release(y, 1);", "r0 = smp_load_acquire(y); r1 = READ_ONCE(*x);"
)
PRIVATE = text(
    RELEASED,
    "r0 = smp_load_acquire(y); if (r0) smp_store_release(z, 1);",
    "r0 = smp_load_acquire(z); if (r0) r1 = *x;",
)
LOCKED = "spin_lock(l); r0 = *x; *x = r0 + 1; spin_unlock(l);"
PATHS = text(
    "r0 = READ_ONCE(*x); r1 = 1; if (READ_ONCE(*z)) r1 = r0; if (r1) WRITE_ONCE(*y, 1);",
    "r0 = READ_ONCE(*y); smp_mb(); WRITE_ONCE(*x, 1);",
)
ELSEWHERE = text(
    "WRITE_ONCE(*p, x);", "r0 = READ_ONCE(*p); if (r0 == y) *r0 = 1;", "*x = 1;", start="p=y;"
)
CIRCLE = text("r0 = *x; *y = r0 & 1;", "r0 = *y; *x = r0 & 1;", start="y=1;")
COPIES = text("r0 = *x; *y = r0;", "r0 = *y; *x = r0;")
POINTED = text("WRITE_ONCE(*p, x);", "r0 = READ_ONCE(*p); r1 = READ_ONCE(*r0);")

Fault = Callable[[], AbstractContextManager[object]]


def without(*names: str) -> Fault:
    kept = Definitions.require

    def require(self: Definitions, axiom: terms.Axiom) -> None:
        if axiom.name not in names:
            kept(self, axiom)

    return lambda: patch.object(Definitions, "require", require)


def one_polarity(self: Definitions, term: Any, pair: Any, covers: bool, kept: Any) -> Any:
    if isinstance(term, terms.Difference):
        left, right = (self.pair(one, pair, covers) for one in (term.left, term.right))
        return nodes.simple([(left, -right)])
    return kept(self, term, pair, covers)


def instead(owner: Any, name: str, other: Callable[..., Any]) -> Fault:
    """A function instead of one, which it is given as `kept`."""
    kept = getattr(owner, name)
    return lambda: patch.object(owner, name, lambda *given: other(*given, kept=kept))


def both_arms(self: Any, term: Any, kept: Any) -> Any:
    if isinstance(term, Select):
        return dependencies._together([self.term(term.then), self.term(term.otherwise)])
    return kept(self, term)


def anywhere(self: Nodes, first: int, second: int, kept: Any) -> Any:
    known = self.encoding.co.get((first, second))
    return kept(self, first, second) if known is None else (known,)


def written_by_lanes(self: Nodes, read: int, kept: Any) -> Any:
    return {node: x for node, x in kept(self, read).items() if node < len(self.events)}


def first_in_first_out(self: Extents, first: int, opening: int, closing: int, kept: Any) -> Any:
    lane = [e.number for e in self.nodes.events if e.lane == self.nodes.events[first].lane]
    place = [n for n in lane if opening >> n & 1].index(first)
    return [((first, [n for n in lane if closing >> n & 1][place]), TRUE)]


def everywhere(self: Nodes, pointer: Any, field: str, kept: Any) -> Any:
    return dict.fromkeys(self.initial, TRUE)


def nothing(*_: Any, kept: Any) -> None:
    """Instead of what states something."""


FAULTS: dict[str, tuple[Fault, str]] = {
    "a node between others need not happen": (
        instead(Definitions, "_between", lambda *_, kept: TRUE),
        SOMETIMES_FENCED,
    ),
    "a pair holds through a node that need not happen": (
        instead(Extents, "certainly", lambda self, a, b, kept: self._made.sequence(a, b)),
        SOMETIMES_FENCED,
    ),
    "what follows in program order is not even implied": (
        instead(Definitions, "implied", lambda self, least, kept: least & self.nodes.most("po")),
        MARKED,
    ),
    "a read may return no value": (
        instead(complete.CompleteExecutions, "_one_each", nothing),
        CIRCLE,
    ),
    "nothing is copied in a circle": (
        instead(complete.Domains, "_circular", lambda self, kept: set()),
        COPIES,
    ),
    "a lane goes on through what is no address": (
        instead(unroll._TestUnroller, "_require", nothing),
        POINTED,
    ),
    "a lock is taken though it is held": (
        instead(complete.waiting, "constrain", nothing),
        text(LOCKED, LOCKED),
    ),
    "initial writes are not returned": (
        instead(Nodes, "_sources", written_by_lanes),
        FENCED,
    ),
    "what is denied need not be so": (instead(Definitions, "ways", one_polarity), PRIVATE),
    "a value depends on what was not taken": (
        instead(dependencies._Finder, "term", both_arms),
        PATHS,
    ),
    "coherence orders writes to two locations": (instead(Nodes, "_ordered", anywhere), ELSEWHERE),
    "sections end as they begin": (
        instead(Extents, "_closings", first_in_first_out),
        text(NESTED, "WRITE_ONCE(*y, 1); synchronize_rcu(); WRITE_ONCE(*x, 1);"),
    ),
    "a grace period of any domain": (
        instead(Nodes, "_pointed", everywhere),
        text(DOMAIN, UPDATER.format("synchronize_srcu(t);")),
    ),
    "a grace period of no domain": (
        instead(Nodes, "_pointed", lambda self, pointer, field, kept: {}),
        text(DOMAIN, UPDATER.format("synchronize_srcu(s);")),
    ),
    "not coherent": (
        without("coherence"),
        text("WRITE_ONCE(*x, 1);", "r0 = READ_ONCE(*x); r1 = READ_ONCE(*x);"),
    ),
    "divided": (without("atomic", "undivided"), text("atomic_inc(x);", "atomic_inc(x);")),
    "no happens-before": (without("happens-before"), MARKED),
    "no propagation": (without("propagation"), FENCED),
    "no rcu": (without("rcu"), text(READER, UPDATER.format("synchronize_rcu();"))),
    "no plain coherence": (without("plain-coherence"), MESSAGE),
}


@pytest.mark.parametrize("name", FAULTS)
def test_faults_are_noticed(name: str) -> None:
    fault, content = FAULTS[name]
    assert not noticed(content, EncodingForm.LITERAL)
    with fault():
        assert noticed(content, EncodingForm.LITERAL)
