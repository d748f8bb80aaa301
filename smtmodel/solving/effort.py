"""How much it may cost to find out what holds for any number of updates and rounds.

All limits are counts, so that every machine has the same answer.
"""

import sys

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

CHEAP = Effort(40, 300, 300, 1_000, more=True)
"""What nobody asked for may cost: a fraction of a second."""
