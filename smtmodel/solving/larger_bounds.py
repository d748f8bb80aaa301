"""One update more than was asked for: the question, for those who must not import the solver.

`further` is the work of a job, and `decided_and_further` of one that has something to decide
before that; what they do is in `smtmodel.solving.beyond`.
"""

from collections.abc import Iterator
from functools import partial

from smtmodel.language.checked import Bounds, Checked
from smtmodel.language.lanes import MOST
from smtmodel.models import Model
from smtmodel.solving.result import Further, Limits, Started
from smtmodel.source.record import replace
from smtmodel.work.aside import Aside

LOOKING = Started("the same with one update more")
"""Told while that is waited for."""


def larger(bounds: Bounds) -> Bounds | None:
    """The bounds with one update more; None where there are no updates, or can be no more."""
    return replace(bounds, updates=bounds.updates + 1) if 0 < bounds.updates < MOST else None


def decided_and_further(
    protocol: Checked, model: Model, bounds: Bounds, limits: Limits, only: frozenset[str] | None
) -> Iterator[object]:
    """All that `decide` finds, and at the end what is known with one update more of whatever
    nothing violates: that is found out while the rest is decided."""
    from smtmodel.solving.beyond import beyond
    from smtmodel.solving.decide import decide

    more = larger(bounds)
    asides: list[Aside] = []

    def ask(names: frozenset[str]) -> None:
        if more is not None and names:
            asides.append(Aside(partial(beyond, protocol, model, more, limits, names)))

    try:
        yield from decide(protocol, model, bounds, limits, only, kept=ask)
        for aside in asides:
            yield LOOKING
            yield from aside.found()
    finally:
        for aside in asides:
            aside.end()


def further(
    protocol: Checked, model: Model, bounds: Bounds, limits: Limits, only: frozenset[str]
) -> Iterator[Started | Further]:
    """What is known of each property of these names at these bounds."""
    from smtmodel.solving.beyond import beyond

    yield LOOKING
    yield from beyond(protocol, model, bounds, limits, only)
