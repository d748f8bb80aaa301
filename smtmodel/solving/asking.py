"""Queries put to the solver, at one or several bounds.

Takes a protocol, a model and limits; keeps an encoding and a solver for every bounds that are
asked about. Says what the solver says; what that amounts to is `smtmodel.solving.decide`'s.
"""

from collections.abc import Callable, Iterable

from smtmodel.encoding import smtlib
from smtmodel.encoding.encode import encode
from smtmodel.encoding.query import Query
from smtmodel.encoding.state import Encoding
from smtmodel.events.unroll import unroll
from smtmodel.language.checked import Bounds, Checked
from smtmodel.models import Model
from smtmodel.solving.bounds import least, smaller
from smtmodel.solving.result import Limits
from smtmodel.solving.solver import Answer, Sat, Solver, Unknown, Unsat
from smtmodel.source.record import record


@record
class Problem:
    """An encoding at some bounds, loaded into a solver."""

    bounds: Bounds
    encoding: Encoding
    solver: Solver


@record
class Finding:
    """An answer about a query and, where it is satisfiable, the query and problem it is for."""

    answer: Answer
    problem: Problem
    query: Query | None = None


class Asking:
    """One protocol under one model; problems are kept per bounds.

    Raises TooLarge and TooManyValues where there can be no problem at some bounds.
    """

    def __init__(self, protocol: Checked, model: Model, limits: Limits) -> None:
        self.protocol = protocol
        self.model = model
        self.limits = limits
        self.problems: dict[Bounds, Problem] = {}

    def problem(self, bounds: Bounds) -> Problem:
        """The problem at these bounds."""
        if bounds not in self.problems:
            encoding = encode(unroll(self.protocol, bounds), self.model)
            solver = Solver(smtlib.script(encoding.formula), self.limits)
            self.problems[bounds] = Problem(bounds, encoding, solver)
        return self.problems[bounds]

    def ask(self, problem: Problem, asked: Iterable[Query]) -> Finding:
        """Whether one of the queries is satisfiable; unknown if none is, but one is unknown."""
        finding = Finding(Unsat(), problem)
        for query in asked:
            text = smtlib.script(query.encoding.formula, query.first)
            answer = problem.solver.ask(text)
            if isinstance(answer, Sat):
                return Finding(answer, problem, query)
            if isinstance(answer, Unknown):
                finding = Finding(answer, problem, query)
        return finding

    def smallest(
        self,
        bounds: Bounds,
        enough: Bounds,
        ask: Callable[[Problem], Finding],
        *,
        shrinkable: bool,
    ) -> Finding:
        """The finding at the bounds that are enough, or where satisfiable at the smallest.

        Larger bounds allow all that smaller ones do, so the smallest are found one kind of
        lane after another: fewest updates first, then fewest lanes, then fewest rounds.
        """
        start = least(bounds)
        if shrinkable and start != enough:
            finding = ask(self.problem(start))
            if isinstance(finding.answer, Sat):
                return finding
        finding = ask(self.problem(enough))
        if not shrinkable or not isinstance(finding.answer, Sat):
            return finding
        for position in range(len(bounds.lanes) + 2):
            for fewer in smaller(enough, position):
                if fewer == start:
                    continue
                attempt = ask(self.problem(fewer))
                if isinstance(attempt.answer, Sat):
                    enough, finding = fewer, attempt
                    break
        return finding
