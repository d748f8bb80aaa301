"""One update more than was asked for: the question, for those who must not import the solver.

`further` is the work of a job; what it does is in `smtmodel.solving.beyond`.
"""

from collections.abc import Iterator

from smtmodel.language.checked import Bounds, Checked
from smtmodel.language.lanes import MOST
from smtmodel.models import Model
from smtmodel.solving.result import Further, Limits, Started
from smtmodel.source.record import replace


def larger(bounds: Bounds) -> Bounds | None:
    """The bounds with one update more; None where there are no updates, or can be no more."""
    return replace(bounds, updates=bounds.updates + 1) if 0 < bounds.updates < MOST else None


def further(
    protocol: Checked, model: Model, bounds: Bounds, limits: Limits, only: frozenset[str]
) -> Iterator[Started | Further]:
    """What is known of each property of these names at these bounds."""
    from smtmodel.solving.beyond import beyond

    yield Started("the same with one update more")
    yield from beyond(protocol, model, bounds, limits, only)
