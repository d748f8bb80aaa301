"""Parts of the kernel's model, each with a litmus test that is forbidden only by it.

Without the part the test's end is reached, by the solver and by looking at each execution. Not
every part has such a test: what is also in `prop` within a lane is in `hb` twice.
"""

import pytest

from smtmodel.executions.enumerated import enumerated
from smtmodel.litmus.answer import Frequency
from smtmodel.litmus.instructions import kernel
from smtmodel.litmus.parse import parse
from smtmodel.litmus.program import LitmusTest
from smtmodel.litmus.unroll import unroll
from smtmodel.models import Model
from smtmodel.models.lkmm import LKMM
from smtmodel.models.terms import Defined, Group, Union
from smtmodel.solving.ends import solved
from smtmodel.solving.result import Limits
from smtmodel.source import Text
from smtmodel.source.record import replace

PARAMETERS = "int *x, int *y, int *z, spinlock_t *l, spinlock_t *m"
BOTH = "exists (0:r0=0 /\\ 1:r0=0)"
ROUND = "exists (0:r0=1 /\\ 1:r0=1)"
STALE = "exists (1:r1=1 /\\ 1:r0=0)"
BUFFERING = "WRITE_ONCE(*y, 1); smp_mb(); r0 = READ_ONCE(*x);"
BACK = "r0 = READ_ONCE(*y); if (r0) WRITE_ONCE(*x, 1);"
WRITER = "WRITE_ONCE(*x, 1); smp_wmb(); WRITE_ONCE(*y, 1);"


def without(name: str, place: int) -> Model:
    """The model with one term less in a definition that is a union."""

    def changed(group: Group) -> Group:
        if not isinstance(group, Defined) or group.name != name:
            return group
        assert isinstance(group.term, Union)
        terms = group.term.terms
        return replace(group, term=Union((*terms[:place], *terms[place + 1 :])))

    return replace(LKMM, definitions=tuple(map(changed, LKMM.definitions)))


def without_axiom(name: str) -> Model:
    return replace(LKMM, axioms=tuple(one for one in LKMM.axioms if one.name != name))


PARTS: dict[str, tuple[Model, str, tuple[str, ...]]] = {
    "what is behind a full read-modify-write comes after it": (
        without("mb", 2),
        BOTH,
        ("r1 = xchg(x, 1); r0 = READ_ONCE(*y);", BUFFERING),
    ),
    "a lane overwrites after it has read": (
        without("to-w", 1),
        ROUND,
        (
            "r0 = READ_ONCE(*y); smp_rmb(); r1 = READ_ONCE(*x); WRITE_ONCE(*x, 1);",
            "r0 = READ_ONCE(*x); if (r0) WRITE_ONCE(*y, 1);",
        ),
    ),
    "a plain write's address is known before a write barrier": (
        without("to-w", 2),
        ROUND,
        (
            "r0 = READ_ONCE(*x); *(z + (r0 & 2)) = 1; smp_wmb(); WRITE_ONCE(*y, 1);",
            BACK,
        ),
    ),
    "a lane reads what it wrote after it was known": (
        without("to-r", 1),
        STALE,
        (
            WRITER,
            "r1 = READ_ONCE(*y); WRITE_ONCE(*z, r1); r2 = smp_load_acquire(z); r0 = READ_ONCE(*x);",
        ),
    ),
    "plain accesses see what is visible": (
        without_axiom("plain-coherence"),
        STALE,
        ("*x = 1; smp_store_release(y, 1);", "r1 = smp_load_acquire(y); r0 = *x;"),
    ),
}


@pytest.mark.parametrize("name", PARTS)
def test_what_only_one_part_forbids(name: str) -> None:
    weaker, end, bodies = PARTS[name]
    lanes = [f"P{number}({PARAMETERS}) {{ {body} }}" for number, body in enumerate(bodies)]
    test = parse(Text("test", "\n".join(("C t\n{}", *lanes, end, ""))), kernel())
    assert isinstance(test, LitmusTest), test
    for model, expected in ((LKMM, Frequency.NEVER), (weaker, Frequency.SOMETIMES)):
        found = solved(test, unroll(test), model, Limits(), every=True)
        assert found.frequency is expected
        assert found == enumerated(test, model, every=True)
