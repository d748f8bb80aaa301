"""What holds for any number of updates and rounds: the question, for those who must not import
the solver.

`any_number` is the work of a job; what it does is in `smtmodel.solving.unbounded`. How much it may
cost is an `Effort`: counts, so that every machine has the same answer.
"""

import sys
from collections.abc import Iterator

from smtmodel.language.checked import Bounds, Checked
from smtmodel.models import Model
from smtmodel.solving.result import Limits, Started, Unbounded
from smtmodel.source.record import record
from smtmodel.verdict import Cause


@record
class Effort:
    """The most that may be looked at: events in the programs of the lanes, edges of the transition
    system, its closed states, and questions to z3 in search of an invariant.

    `more`: there is a larger effort to ask for, so that nothing is tried twice, and what is left
    open has the cause BUDGET.
    """

    events: int
    edges: int
    states: int
    questions: int
    more: bool = False

    @property
    def cause(self) -> Cause:
        """Why something is not known that this effort leaves open."""
        return Cause.BUDGET if self.more else Cause.NONE


LARGE = Effort(sys.maxsize, sys.maxsize, 30_000, 60_000)
"""What may be looked at where somebody asks: `--unbounded`, or a file that expects it."""

CHEAP = Effort(40, 300, 300, 800, more=True)
"""What nobody asked for may cost: a fraction of a second."""


@record
class KnownBeyond:
    """What is known of the property of that name."""

    name: str
    known: Unbounded


def any_number(
    protocol: Checked,
    model: Model,
    bounds: Bounds,
    limits: Limits,
    only: frozenset[str],
    *,
    effort: Effort,
) -> Iterator[Started | KnownBeyond]:
    """What is known of each property of these names; models and bounds do not matter."""
    from smtmodel.solving.unbounded import shown

    yield Started("the same for any number of updates and rounds")
    for name, known in shown(protocol, only, effort):
        yield KnownBeyond(name, known)


def checked_again(
    protocol: Checked,
    model: Model,
    bounds: Bounds,
    limits: Limits,
    only: frozenset[str] | None,
    *,
    text: str,
) -> Iterator[KnownBeyond | str]:
    """What an invariant in a text shows of each property that it claims; a sentence where the text
    has none."""
    from smtmodel.encoding.certificate import UnreadableError
    from smtmodel.solving.unbounded import claim_checked

    try:
        for name, known in claim_checked(protocol, text):
            yield KnownBeyond(name, known)
    except UnreadableError as error:
        yield str(error)
