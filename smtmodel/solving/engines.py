"""The two engines that decide: the solver, and the explorer beside it.

Takes a protocol, a model and limits; says of a question what both make of it. The solver is the
judge. Where the explorer has visited all states, the solver has `UNITS` units of work for all
questions of the protocol, and formulas of `CLAUSES` clauses at most; what it has not decided then,
the explorer decides. Where it has not, the solver has as many units to say what is violated; then
the explorer looks at more states, and only where that does not decide either the solver goes on
alone. Where both have an answer they are compared, and who finished first does not matter. All
limits are counts, so that the same input gives the same answer on every machine. With limits of its
own (`--budget`, `--memory`), to which the explorer cannot be held, the solver is asked alone.
"""

from collections.abc import Callable

from smtmodel.language.checked import Bounds, Checked, Property
from smtmodel.models import Model
from smtmodel.solving.asking import Asking
from smtmodel.solving.bounds import told
from smtmodel.solving.explored import Excludes, Explored, Smallest
from smtmodel.solving.result import EXPLORER, Coverage, Limits, Opinion
from smtmodel.solving.solver import Answer, Sat, Unknown, Unsat
from smtmodel.solving.witness import Contradiction

UNITS = 2_000_000
"""About a second's work."""

CLAUSES = 25_000
"""A larger formula takes longer to build than all states take to visit."""


Known = Callable[[Explored], bool | None]
"""A question to the explorer."""


class Engines:
    """What both know of one protocol under one model. `alone` are the names of the properties
    that the explorer has decided alone, `agreed` of those of which both say that nothing shows
    them."""

    def __init__(self, protocol: Checked, model: Model, limits: Limits, *, both: bool) -> None:
        self.asking = Asking(protocol, model, limits)
        self.alone: set[str] = set()
        self.agreed: set[str] = set()
        limited = limits.budget is not None or limits.memory is not None
        explores = both and not limited
        self.explored = Explored(protocol, model, self.alone) if explores else None
        self.limited = False

    def limit(self, bounds: Bounds) -> None:
        """Limit the solver, whether or not the explorer knows all about these bounds yet."""
        if self.explored is not None:
            self.limited = self.explored.finished(bounds)
            self.asking.most = CLAUSES
            self.asking.allowance.left = UNITS

    def lift(self, bounds: Bounds) -> bool:
        """Let the explorer look further because neither knows, or else the solver; whether one of
        them can do more."""
        if self.explored is not None and self.explored.go_on():
            self.limited = self.explored.finished(bounds)
            return True
        limited = self.asking.most is not None
        self.limited = False
        self.release()
        return limited

    def release(self) -> None:
        """Limit the solver no more, unless the explorer knows all."""
        if not self.limited:
            self.asking.most = None
            self.asking.refused.clear()
            self.unlimited()

    def grant(self) -> None:
        """Let the solver have its units once more, for what is asked from here on."""
        self.asking.allowance.left = UNITS if self.limited else None

    def unlimited(self) -> None:
        """Let the solver have as many units as it takes, for what nobody else can do."""
        self.asking.allowance.left = None

    def known(self, bounds: Bounds, ask: Known, *, anyway: bool) -> bool | None:
        """What the explorer knows at these bounds; unless `anyway`, only if it has looked there."""
        if self.explored is None or not (anyway or bounds in self.explored.seen):
            return None
        return ask(self.explored)

    def coverage(self, bounds: Bounds) -> Coverage | None:
        """What the explorer knows of what executions there are."""
        return None if self.explored is None else self.explored.coverage(bounds)

    def opinions(self, item: Property, bounds: Bounds) -> tuple[Opinion, ...]:
        """Who decided what the solver did not, and who says the same as the solver."""
        if self.explored is None or item.name not in self.alone | self.agreed:
            return ()
        where, states = told(self.asking.protocol, bounds), self.explored.at(bounds).states
        if item.name in self.agreed:
            return (Opinion(EXPLORER, True, f"{states:,} states at {where}"),)
        left = f"not within {UNITS:,} units of work and {CLAUSES:,} clauses"
        return Opinion(EXPLORER, True, f"all {states:,} states at {where}"), Opinion(
            "z3", None, left
        )

    def smallest(
        self,
        item: Property,
        bounds: Bounds,
        enough: Bounds,
        excludes: Excludes,
        *,
        shrinkable: bool,
    ) -> Smallest | None:
        """The smallest run, if the explorer may say which that is: with store buffers it counts
        moves, which is another order, and is asked only where the solver has none."""
        if self.explored is None:
            return None
        if self.asking.model.store_buffers and item.name not in self.alone:
            return None
        return self.explored.smallest(item, bounds, enough, excludes, shrinkable=shrinkable)


def compared(
    answer: Answer | Contradiction, known: bool | None, what: str
) -> bool | Unknown | Contradiction:
    """Whether there is what was asked for, given what the explorer knows."""
    match answer:
        case Contradiction():
            return answer
        case Unknown():
            return answer if known is None else known
        case Sat():
            return confirmed(True, known, what)
        case Unsat():
            return confirmed(False, known, what)


def confirmed(there: bool, known: bool | None, what: str) -> bool | Contradiction:
    """Whether there is what was asked for, if the explorer says nothing else."""
    if known is not None and known is not there:
        says = {True: "there is one", False: "there is none"}
        return Contradiction(f"{what}: z3 says: {says[there]}; the explorer says: {says[known]}")
    return there
