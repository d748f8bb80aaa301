"""Queries put to the solver, at one or several bounds.

Takes a protocol, a model and limits; keeps an encoding and a solver for every bounds that are
asked about. Says what the solver says; what that amounts to is `smtmodel.solving.decide`'s.
"""

from collections.abc import Callable, Iterable, Iterator

from smtmodel.encoding import smtlib
from smtmodel.encoding.domains import TooManyValues
from smtmodel.encoding.encode import encode
from smtmodel.encoding.query import Query
from smtmodel.encoding.state import Encoding
from smtmodel.events.building import TooLarge
from smtmodel.events.unroll import unroll
from smtmodel.language.checked import Bounds, Checked
from smtmodel.models import Model
from smtmodel.solving.bounds import least, smaller
from smtmodel.solving.result import Limits
from smtmodel.solving.solver import Allowance, Answer, Sat, Solver, Unknown, Unsat
from smtmodel.source.record import record, replace


@record
class Problem:
    """An encoding at some bounds, loaded into a solver."""

    bounds: Bounds
    encoding: Encoding
    solver: Solver


@record
class Finding:
    """An answer about a query and, where it is satisfiable, the query and problem it is for.

    `doubt` is the solver's word why it may be satisfiable at smaller bounds too.
    """

    answer: Answer
    problem: Problem
    query: Query | None = None
    doubt: str = ""


class Asking:
    """One protocol under one model; problems are kept per bounds. `allowance` is what all
    questions may cost, `most` how many clauses a formula may have.

    Raises TooLarge and TooManyValues where there can be no problem at some bounds.
    """

    def __init__(self, protocol: Checked, model: Model, limits: Limits) -> None:
        self.protocol = protocol
        self.model = model
        self.limits = limits
        self.allowance = Allowance()
        self.most: int | None = None
        self.problems: dict[Bounds, Problem] = {}
        self.refused: dict[Bounds, TooLarge | TooManyValues] = {}

    def problem(self, bounds: Bounds) -> Problem:
        """The problem at these bounds."""
        if bounds in self.refused:
            raise self.refused[bounds].with_traceback(None)
        if bounds not in self.problems:
            try:
                encoding = encode(unroll(self.protocol, bounds), self.model, self.most)
            except (TooLarge, TooManyValues) as refusal:
                self.refused[bounds] = refusal  # found out once, though it is asked for again
                raise
            solver = Solver(smtlib.script(encoding.formula), self.limits, self.allowance)
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
    ) -> Iterator[Finding]:
        """The finding at the bounds that are enough; where satisfiable, ever smaller bounds.

        The first one decides whether it is satisfiable, the last one is at the smallest bounds.
        Larger bounds allow all that smaller ones do, lanes that are counted apart, so the smallest
        are found one kind of lane after another: fewest updates first, then fewest lanes, then
        fewest rounds.
        """
        start, doubt = least(self.protocol, bounds), ""
        if shrinkable and start != enough:
            finding = ask(self.problem(start))
            if isinstance(finding.answer, Sat):
                yield finding
                return
            doubt = _doubt(finding)
        finding = ask(self.problem(enough))
        yield finding
        if not shrinkable or not isinstance(finding.answer, Sat):
            return
        for position in range(len(bounds.lanes) + 2):
            for fewer in smaller(self.protocol, enough, position):
                if fewer == start:
                    continue
                attempt = ask(self.problem(fewer))
                if isinstance(attempt.answer, Sat):
                    enough, finding = fewer, attempt
                    yield finding
                    break
                doubt = doubt or _doubt(attempt)
        if doubt:
            yield replace(finding, doubt=doubt)


def _doubt(finding: Finding) -> str:
    return finding.answer.reason if isinstance(finding.answer, Unknown) else ""
