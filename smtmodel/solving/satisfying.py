"""Questions about complete executions: what of them can hold together.

Takes an encoding whose clauses are stated. A SAT solver is asked where only cycles of order atoms
have to be excluded, and not too many: on formulas of some hundred clauses that takes a fifth of
the time. With limits of its own (`--budget`, `--memory`, a seed), to which the SAT solver is not
held, and where python-sat is not installed, z3 is asked.
"""

from typing import Protocol

from smtmodel.encoding.acyclic import acyclic
from smtmodel.encoding.decode import Assignment, Truths
from smtmodel.encoding.formula import Clause, Literal
from smtmodel.encoding.smtlib import clauses, script
from smtmodel.encoding.state import Encoding
from smtmodel.solving.result import Limits

CLAUSES = 60_000
"""More are not made: what excludes cycles may become many times what was stated."""

NOTHING = Assignment({}, {})
"""Of what the SAT solver was not told, nothing holds."""


class NotKnown(Exception):
    """The solver's words why it does not know."""


class Satisfying(Protocol):
    """What is asked."""

    def require(self, clause: Clause) -> None:
        """From here on a clause holds."""

    def holding(self, literals: list[Literal]) -> Truths | None:
        """Where these literals hold, if they can."""


def satisfying(encoding: Encoding, limits: Limits) -> Satisfying:
    """Who is asked about an encoding."""
    stated = acyclic(encoding.formula, CLAUSES) if limits == Limits() else None
    return ByClauses(encoding, stated) if stated and installed() else ByOrder(encoding, limits)


def installed() -> bool:
    """Whether there is the SAT solver, which is loaded then."""
    try:
        import pysat.solvers  # noqa: F401
    except ImportError:
        return False
    return True


class ByClauses:
    """MiniSat. Literals are numbers there as here."""

    def __init__(self, encoding: Encoding, stated: list[Clause]) -> None:
        from pysat.solvers import Minisat22

        self.encoding = encoding
        self.solver = Minisat22(bootstrap_with=stated)

    def require(self, clause: Clause) -> None:
        self.solver.add_clause(clause)

    def holding(self, literals: list[Literal]) -> Truths | None:
        # Other threads go on meanwhile: one of them waits for the end of the parent process.
        found = self.solver.solve_limited(assumptions=literals, expect_interrupt=True)
        if found is None:
            raise NotKnown("the SAT solver was interrupted")
        return Truths(self.encoding, NOTHING, self.solver.get_model()) if found else None


class ByOrder:
    """z3."""

    def __init__(self, encoding: Encoding, limits: Limits) -> None:
        from smtmodel.solving.solver import Solver

        self.encoding = encoding
        self.solver = Solver(script(encoding.formula), limits)
        self.required: list[Clause] = []

    def require(self, clause: Clause) -> None:
        self.required.append(clause)

    def holding(self, literals: list[Literal]) -> Truths | None:
        from smtmodel.solving.solver import Sat, Unknown, Unsat

        asked = [*((literal,) for literal in literals), *self.required]
        match self.solver.ask(clauses(self.encoding.formula, asked)):
            case Sat(assignment):
                return Truths(self.encoding, assignment)
            case Unsat():
                return None
            case Unknown(reason):
                raise NotKnown(reason)
