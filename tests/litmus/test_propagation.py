"""The kernel's axioms on one clock say what they say pair by pair.

Compared on random tests and cycles and on the public tests that are not too large; faults put into
the clock on purpose are noticed.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Any
from unittest.mock import patch

import pytest

from smtmodel.encoding import propagation
from smtmodel.encoding.components import components
from smtmodel.encoding.forms import ON_THE_CLOCK, EncodingForm, on_the_clock
from smtmodel.encoding.propagation import Propagation, Section
from smtmodel.litmus.ends import Ends
from smtmodel.litmus.program import LitmusTest
from smtmodel.litmus.unroll import unroll
from smtmodel.models import SC, Model
from smtmodel.models.lkmm import LKMM
from smtmodel.solving.ends import Contradicted, solved
from smtmodel.solving.result import Limits
from smtmodel.source import Text
from smtmodel.source.record import replace
from tests.litmus.test_disjuncts import without
from tests.litmus.test_solved import observing_all, read
from tests.support.lengths import long, long_but
from tests.support.litmus_corpus import needs_corpus, published
from tests.support.model_published import needs_published
from tests.support.model_published import published as published_model
from tests.support.random_cycles import random_cycle
from tests.support.random_litmus import random_test


def found(
    test: LitmusTest, form: EncodingForm, *, every: bool = False, model: Model = LKMM
) -> Ends:
    return solved(test, unroll(test), model, Limits(), every=every, form=form)


def agree(test: LitmusTest, model: Model = LKMM) -> bool:
    """Whether the end is as frequent in both forms, and the flags are the same."""
    fast, literal = (
        found(test, form, model=model) for form in (EncodingForm.FAST, EncodingForm.LITERAL)
    )
    return (fast.frequency, fast.flags) == (literal.frequency, literal.flags)


@pytest.mark.parametrize("sections", [False, True])
@pytest.mark.parametrize("seed", long_but(range(150, 153), range(150, 300)))
def test_random_tests_end_alike(seed: int, sections: bool) -> None:
    test = observing_all(read(Text("test", random_test(seed, sections=sections))))
    fast, literal = (
        found(test, form, every=True) for form in (EncodingForm.FAST, EncodingForm.LITERAL)
    )
    assert fast == literal


@pytest.mark.parametrize("seed", long_but(range(10), range(1000)))
def test_random_cycles_are_forbidden_alike(seed: int) -> None:
    assert agree(read(Text("test", random_cycle(seed, 4))))


@long
@pytest.mark.parametrize("kept", [1, 2])
@pytest.mark.parametrize("seed", range(100))
def test_fewer_axioms_forbid_alike(seed: int, kept: int) -> None:
    """As `--why` asks, with axioms left out."""
    names = ("coherence", "atomic", *ON_THE_CLOCK[:kept])
    model = replace(LKMM, axioms=tuple(one for one in LKMM.axioms if one.name in names))
    assert tuple(on_the_clock(model)) == ON_THE_CLOCK[:kept]
    assert agree(read(Text("test", random_cycle(seed, 4))), model)


@long
@needs_corpus
def test_public_tests_are_answered_alike() -> None:
    small = 0
    for text, _ in published(1):
        test = read(text)
        if len(unroll(test).events) < 25:
            small += 1
            assert agree(test), text.name
    assert small > 600


@long
@needs_corpus
def test_public_tests_end_alike() -> None:
    for text, _ in published(20):
        test = read(text)
        if len(unroll(test).events) < 25:
            fast, literal = (
                found(test, form, every=True) for form in (EncodingForm.FAST, EncodingForm.LITERAL)
            )
            assert fast == literal, text.name


# ---------------------------------------------------------------- which form


def test_what_is_not_the_kernels_is_stated_pair_by_pair() -> None:
    assert tuple(on_the_clock(LKMM)) == ON_THE_CLOCK
    assert not on_the_clock(SC)
    fewer = tuple(one for one in LKMM.axioms if one.name != "propagation")
    assert tuple(on_the_clock(replace(LKMM, axioms=fewer))) == ("happens-before",)


@pytest.mark.parametrize(
    ("name", "place"), [("mb", 0), ("ppo", 2), ("fence", 1), ("strong-fence", 1), ("overwrite", 0)]
)
def test_a_part_less_is_another_model(name: str, place: int) -> None:
    assert not on_the_clock(without(name, place))


@needs_published
def test_the_published_model_is_the_kernels_whatever_its_names() -> None:
    given = published_model("linux-kernel.bell", "linux-kernel.cat")
    assert tuple(on_the_clock(given)) == ON_THE_CLOCK
    for seed in range(3):
        assert agree(read(Text("test", random_cycle(seed))), given)


def test_points_on_cycles_together() -> None:
    edges = [(0, 1), (1, 2), (2, 0), (2, 3), (3, 4), (4, 3), (4, 5), (6, 6)]
    number = components(edges)
    together = [(a, b) for a in range(7) for b in range(a) if number[a] == number[b]]
    assert together == [(1, 0), (2, 0), (2, 1), (4, 3)]


# ---------------------------------------------------------------- faults

PARAMETERS = "int *x, int *y, int *z, spinlock_t *l, struct srcu_struct *s, struct srcu_struct *t"
STALE = "1:r0=1 /\\ 1:r1=0"
THIRD = "1:r0=1 /\\ 2:r0=1 /\\ 2:r1=0"
BUFFERED = "0:r0=0 /\\ 1:r0=0"
READER = "r0 = READ_ONCE(*y); smp_rmb(); r1 = READ_ONCE(*x);"
UPDATER = "WRITE_ONCE(*y, 1); {} r0 = READ_ONCE(*x);"
SECTION = "rcu_read_lock(); WRITE_ONCE(*x, 1); r0 = READ_ONCE(*y); rcu_read_unlock();"
DOMAIN = "r1 = srcu_read_lock(s); WRITE_ONCE(*x, 1); r0 = READ_ONCE(*y); srcu_read_unlock(s, r1);"


def ending(condition: str, *bodies: str) -> LitmusTest:
    lanes = [f"P{number}({PARAMETERS}) {{ {body} }}" for number, body in enumerate(bodies)]
    return read(Text("test", "\n".join(("C t\n{}", *lanes, f"exists ({condition})\n"))))


BUFFERING = ending(
    BUFFERED,
    "WRITE_ONCE(*x, 1); smp_mb(); r0 = READ_ONCE(*y);",
    UPDATER.format("smp_mb();"),
)
MESSAGE = ending(STALE, "WRITE_ONCE(*x, 1); smp_wmb(); WRITE_ONCE(*y, 1);", READER)
RELEASED = ending(STALE, "WRITE_ONCE(*x, 1); smp_store_release(y, 1);", READER)
PASSED_ON = ending(
    THIRD, "WRITE_ONCE(*x, 1);", "r0 = READ_ONCE(*x); smp_store_release(y, 1);", READER
)
EXCHANGED = ending(
    "1:r0=1 /\\ 2:r0=2 /\\ 2:r1=0",
    "WRITE_ONCE(*x, 1); smp_store_release(y, 1);",
    "r0 = xchg_relaxed(y, 2);",
    READER,
)
LOCKED = ending(
    THIRD,
    "spin_lock(l); WRITE_ONCE(*x, 1); WRITE_ONCE(*z, 1); spin_unlock(l);",
    "spin_lock(l); r0 = READ_ONCE(*z); WRITE_ONCE(*y, 1); spin_unlock(l);",
    READER,
)
GRACE = ending(BUFFERED, SECTION, UPDATER.format("synchronize_rcu();"))
EARLIER = ending("0:r0=0 /\\ 1:r0=1", SECTION, UPDATER.format("synchronize_rcu();"))
OTHER_DOMAIN = ending(BUFFERED, DOMAIN, UPDATER.format("synchronize_srcu(t);"))
NOT_CUMULATIVE = ending(
    "1:r0=1 /\\ 2:r0=1 /\\ 2:r1=0",
    "WRITE_ONCE(*x, 1); smp_wmb(); WRITE_ONCE(*y, 1);",
    "r0 = READ_ONCE(*y); WRITE_ONCE(*z, r0);",
    "r0 = READ_ONCE(*z); smp_rmb(); r1 = READ_ONCE(*x);",
)

Fault = Callable[[], AbstractContextManager[object]]


def dropped(method: str, *relations: object) -> Fault:
    """Without the edges of a method; of these relations only, if some are given."""
    kept = getattr(Propagation, method)

    def edges(self: Propagation, *given: Any) -> Iterator[Any]:
        return (edge for edge in kept(self, *given) if relations and edge[2] not in relations)

    return lambda: patch.object(Propagation, method, edges)


def instead(owner: Any, name: str, other: Any) -> Fault:
    return lambda: patch.object(owner, name, other)


FAULTS: dict[str, tuple[Fault, LitmusTest]] = {
    "what overwrites need not come later": (
        dropped("_reaching", propagation.OVERWRITTEN),
        BUFFERING,
    ),
    "what is read need not have come": (dropped("_reaching", propagation.READ), MESSAGE),
    "write barriers order nothing": (dropped("_reaching", propagation.WRITES), MESSAGE),
    "releases order nothing": (dropped("_behind_seen"), RELEASED),
    "no read-modify-write carries on": (dropped("_reaching", propagation.MODIFIED), EXCHANGED),
    "no order for what was read": (dropped("_seeing", propagation.READ), PASSED_ON),
    "full barriers order nothing": (dropped("_strong"), BUFFERING),
    "a lock handed over orders nothing": (dropped("_handed_over"), LOCKED),
    "nothing is in front of a grace period": (dropped("_surrounding"), GRACE),
    "a grace period may lie in a section": (
        instead(Propagation, "law", lambda self, section: ()),
        GRACE,
    ),
    "a grace period of any domain": (
        instead(
            propagation,
            "KINDS",
            tuple((*kind[:2], None) for kind in propagation.KINDS),
        ),
        OTHER_DOMAIN,
    ),
    "what has reached a lane has reached all": (
        instead(Propagation, "reached", lambda self, lane, event: f"reached_{event}"),
        NOT_CUMULATIVE,
    ),
    "sections begin after every grace period": (
        instead(
            Section,
            "ways",
            property(lambda self: ((f"before_{self.grace}", f"after_{self.start}"),) * 2),
        ),
        EARLIER,
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_faults_are_noticed(name: str) -> None:
    fault, test = FAULTS[name]
    assert agree(test)
    with fault():
        assert not still(test)


def still(test: LitmusTest) -> bool:
    """Whether it is so with a fault."""
    try:
        return agree(test)
    except Contradicted:
        return False
