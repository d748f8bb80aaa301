"""Decides the properties of a protocol at given bounds: the strategy.

Takes a checked protocol, a model, bounds and limits; yields what was started, what the
executions cover, and one result per property in the order of the file. The questions, each
its own query:

1. Is there a complete execution? Which steps begin, which loop bounds are used up?
2. Does each `reach` goal have a witness?
3. For each property: is it violated? First at the smallest bounds, then at those asked for;
   if there, the smallest bounds that do are looked for (not for `finally` and `deadlock`,
   which are about all that the bounds allow). If not: can its condition be met?

Nothing is REFUTED or reached here before the interpreter has replayed the run, nothing is
PROVED unless every query behind it was unsatisfiable or, for vacuity, satisfiable.
"""

import time
from collections.abc import Callable, Iterator

from smtmodel.encoding import queries, smtlib
from smtmodel.encoding.decode import Reader
from smtmodel.encoding.domains import TooManyValues
from smtmodel.encoding.encode import encode
from smtmodel.encoding.queries import Query
from smtmodel.encoding.state import Encoding
from smtmodel.events.building import TooLarge
from smtmodel.events.unroll import unroll
from smtmodel.executions.evaluate import accepts
from smtmodel.executions.replay import Impossible, Replayed, replay
from smtmodel.language.ast import When
from smtmodel.language.checked import (
    DEADLOCK,
    Bounds,
    BuiltIn,
    Checked,
    Never,
    Property,
    Reach,
    ReachStep,
    Where,
)
from smtmodel.models import Model
from smtmodel.solving.execution import execution
from smtmodel.solving.result import Coverage, Limits, Result, Run, Started, sort_of
from smtmodel.solving.shrink import smallest
from smtmodel.solving.solver import Answer, Sat, Solver, Unknown, Unsat
from smtmodel.source.record import parts, record, replace
from smtmodel.verdict import Cause, Verdict

TOO_LARGE = "the protocol is too large at these bounds"
TOO_MANY_VALUES = "some value has too many possibilities at these bounds"


@record
class _Problem:
    """An encoding at some bounds, loaded into a solver."""

    bounds: Bounds
    encoding: Encoding
    solver: Solver


@record
class _Finding:
    """An answer about a query and, where it is satisfiable, the query and problem it is for."""

    answer: Answer
    problem: _Problem
    query: Query | None = None


@record
class _Contradiction:
    """The interpreter does not confirm what the solver found."""

    reason: str


def decide(
    protocol: Checked, model: Model, bounds: Bounds, limits: Limits, only: frozenset[str] | None
) -> Iterator[Started | Coverage | Result]:
    """Everything that is found out, as it is; `only` names the properties to decide."""
    return _Decider(protocol, model, bounds, limits, only).run()


class _Decider:
    """One protocol under one model; problems are kept per bounds."""

    def __init__(
        self,
        protocol: Checked,
        model: Model,
        bounds: Bounds,
        limits: Limits,
        only: frozenset[str] | None,
    ) -> None:
        self.protocol = protocol
        self.model = model
        self.bounds = bounds
        self.limits = limits
        self.only = only
        self.problems: dict[Bounds, _Problem] = {}
        self.goals: dict[str, Result] = {}
        self.complete: Answer = Unknown("not asked")

    def run(self) -> Iterator[Started | Coverage | Result]:
        started = time.perf_counter()
        try:
            yield Started("what executions there are")
            yield self._coverage()
        except TooLarge:
            yield from self._all_unknown(TOO_LARGE, started)
            return
        except TooManyValues:
            yield from self._all_unknown(TOO_MANY_VALUES, started)
            return
        for item in self.protocol.properties:
            if isinstance(item, Reach | ReachStep):
                yield Started(item.name)
                self.goals[item.name] = self._timed(item, self._goal)
        for item in self.protocol.properties:
            if self.only is None or item.name in self.only:
                if isinstance(item, Reach | ReachStep):
                    yield self.goals[item.name]
                else:
                    yield Started(item.name)
                    yield self._timed(item, self._property)

    def _all_unknown(self, reason: str, started: float) -> Iterator[Result]:
        for item in self.protocol.properties:
            if self.only is None or item.name in self.only:
                result = self._unknown(item, reason)
                yield replace(result, seconds=time.perf_counter() - started)

    def _timed(self, item: Property, decide: Callable[[Property], Result]) -> Result:
        started = time.perf_counter()
        try:
            result = decide(item)
        except TooManyValues:  # of a snapshot: it may see more values than any lane
            result = self._unknown(item, TOO_MANY_VALUES)
        return replace(result, seconds=time.perf_counter() - started)

    # ------------------------------------------------------------ results

    def _result(
        self,
        item: Property,
        verdict: Verdict,
        reason: str = "",
        cause: Cause = Cause.NONE,
        run: Run | None = None,
    ) -> Result:
        return Result(item.name, sort_of(item), verdict, item.span, reason, cause, run)

    def _unknown(self, item: Property, reason: str) -> Result:
        return self._result(item, Verdict.UNKNOWN, reason, Cause.BUDGET)

    def _broken(self, item: Property, contradiction: _Contradiction) -> Result:
        return self._result(item, Verdict.UNKNOWN, contradiction.reason, Cause.CONTRADICTION)

    # ------------------------------------------------------------ asking

    def _problem(self, bounds: Bounds) -> _Problem:
        if bounds not in self.problems:
            encoding = encode(unroll(self.protocol, bounds), self.model)
            solver = Solver(smtlib.script(encoding.formula), self.limits)
            self.problems[bounds] = _Problem(bounds, encoding, solver)
        return self.problems[bounds]

    def _ask(self, problem: _Problem, asked: list[Query]) -> _Finding:
        """Whether one of the queries is satisfiable; unknown if none is, but one is unknown."""
        finding = _Finding(Unsat(), problem)
        for query in asked:
            text = smtlib.script(query.encoding.formula, query.first)
            answer = problem.solver.ask(text)
            if isinstance(answer, Sat):
                return _Finding(answer, problem, query)
            if isinstance(answer, Unknown):
                finding = _Finding(answer, problem, query)
        return finding

    # ------------------------------------------------------------ coverage

    def _coverage(self) -> Coverage:
        """What executions there are; whether one is complete decides about every proof."""
        problem = self._problem(self.bounds)
        finding = self._ask(problem, [queries.complete(problem.encoding)])
        places = [p for p in parts(self.protocol.blocks) if isinstance(p, Where)]
        steps = {where.number: where for where in places}
        unseen = set(steps)
        if isinstance(finding.answer, Sat) and finding.query is not None:
            unseen -= Reader(finding.query, finding.answer.assignment).begun()
        known = True
        while unseen:
            query = queries.steps(problem.encoding, frozenset(unseen))
            more = self._ask(problem, [query])
            if not isinstance(more.answer, Sat):
                known = isinstance(more.answer, Unsat)
                break
            unseen -= Reader(query, more.answer.assignment).begun()
        rest = tuple(steps[number] for number in sorted(unseen))
        self.complete = finding.answer
        return Coverage(
            steps=len(steps),
            unreached=rest if known else (),
            cuts=self._cuts(problem),
            complete=None if isinstance(self.complete, Unknown) else isinstance(self.complete, Sat),
            undecided=() if known else rest,
        )

    def _cuts(self, problem: _Problem) -> tuple[Where, ...]:
        stops = problem.encoding.graph.stops
        loops = {s.where.number: s.where for s in stops if s.name == "bound" and s.where}
        found = []
        for number in sorted(loops):
            answer = self._ask(problem, [queries.cut(problem.encoding, number)]).answer
            if not isinstance(answer, Unsat):
                found.append(loops[number])
        return tuple(found)

    # ------------------------------------------------------------ goals

    def _goal(self, item: Property) -> Result:
        assert isinstance(item, Reach | ReachStep)
        finding = self._smallest_bounds(
            lambda problem: self._ask(problem, queries.goal(problem.encoding, item)),
            shrinkable=isinstance(item, ReachStep) or item.when is not When.FINALLY,
        )
        if isinstance(finding.answer, Unsat):
            return self._result(item, Verdict.VACUOUS, "no execution reaches it")
        if isinstance(finding.answer, Unknown):
            return self._unknown(item, f"whether it is reached: {finding.answer.reason}")
        run = self._run(item, finding)
        if isinstance(run, _Contradiction):
            return self._broken(item, run)
        return self._result(item, Verdict.PROVED, run=run)

    # ------------------------------------------------------------ properties

    def _property(self, item: Property) -> Result:
        finding = self._smallest_bounds(
            lambda problem: self._ask(problem, queries.violation(problem.encoding, item)),
            shrinkable=not _about_ends(item),
        )
        if isinstance(finding.answer, Sat):
            run = self._run(item, finding)
            if isinstance(run, _Contradiction):
                return self._broken(item, run)
            return self._result(item, Verdict.REFUTED, run=run)
        if isinstance(finding.answer, Unknown):
            return self._unknown(item, f"whether it is violated: {finding.answer.reason}")
        return self._not_violated(item)

    def _not_violated(self, item: Property) -> Result:
        """PROVED, unless the proof would be vacuous or that is not known."""
        asked = queries.premise(self._problem(self.bounds).encoding, item)
        if asked:
            answer = self._ask(self._problem(self.bounds), asked).answer
            if isinstance(answer, Unsat):
                return self._result(item, Verdict.VACUOUS, self._unmet(item))
            if isinstance(answer, Unknown):
                reason = f"nothing violates it, but {asked[0].what}: {answer.reason}"
                return self._unknown(item, reason)
        if isinstance(self.complete, Unsat):
            return self._result(item, Verdict.VACUOUS, self._incomplete())
        if isinstance(self.complete, Unknown):
            reason = f"nothing violates it, but a complete execution: {self.complete.reason}"
            return self._unknown(item, reason)
        for goal in self.goals.values():
            if goal.verdict is Verdict.VACUOUS:
                return self._result(item, Verdict.VACUOUS, f"goal {goal.name} is never reached")
            if goal.verdict is not Verdict.PROVED:
                reason = f"goal {goal.name}: {goal.reason}"
                return self._result(item, goal.verdict, reason, goal.cause)
        return self._result(item, Verdict.PROVED)

    def _unmet(self, item: Property) -> str:
        match item:
            case Never(when=When.SETTLED) if not any(kind.updates for kind in self.protocol.kinds):
                return "no update ever returns: the protocol has no update block"
            case Never(when=When.SETTLED):
                return "it is judged at no instant after an update has returned"
            case Never(when=When.FINALLY):
                return "it is judged in no final state"
            case Never():
                return "it is never judged: its condition is never met"
            case _:
                return "its step is never reached"

    def _incomplete(self) -> str:
        """That no execution is complete, and where lanes may stop for good."""
        stops = self._problem(self.bounds).encoding.graph.stops
        places = {
            stop.where.span.line: stop.where.text
            for stop in stops
            if stop.where and stop.name in ("assume", "bound")
        }
        found = [f"`{places[line]}` in line {line}" for line in sorted(places)]
        hint = f"; lanes may stop at {', '.join(found)}" if found else ""
        return f"no execution is complete{hint}"

    # ------------------------------------------------------------ bounds

    def _smallest_bounds(
        self, ask: Callable[[_Problem], _Finding], *, shrinkable: bool
    ) -> _Finding:
        """The finding at the bounds asked for, or where satisfiable at the smallest ones.

        Larger bounds allow all that smaller ones do, so the smallest are found one kind of
        lane after another: fewest updates first, then fewest lanes, then fewest rounds.
        """
        least = Bounds(1, tuple((name, 1) for name, _ in self.bounds.lanes), 1)
        if shrinkable and least != self.bounds:
            finding = ask(self._problem(least))
            if isinstance(finding.answer, Sat):
                return finding
        finding = ask(self._problem(self.bounds))
        if not shrinkable or not isinstance(finding.answer, Sat):
            return finding
        smallest = self.bounds
        for position in range(len(self.bounds.lanes) + 2):
            for bounds in _smaller(smallest, position):
                if bounds == least:
                    continue
                attempt = ask(self._problem(bounds))
                if isinstance(attempt.answer, Sat):
                    smallest, finding = bounds, attempt
                    break
        return finding

    # ------------------------------------------------------------ runs

    def _run(self, item: Property, finding: _Finding) -> Run | _Contradiction:
        """The smallest run of a satisfiable query, replayed by the interpreter."""
        assert isinstance(finding.answer, Sat)
        assert finding.query is not None
        problem = finding.problem
        reader = smallest(problem.solver, finding.query, finding.answer.assignment)
        replayed = replay(
            self.protocol,
            problem.bounds,
            store_buffers=self.model.store_buffers,
            schedule=reader.schedule(),
        )
        if isinstance(replayed, Impossible):
            move = replayed.move
            return _Contradiction(f"the interpreter cannot make move {move}: {replayed.reason}")
        if item.name not in (*replayed.violated, *replayed.reached):
            return _Contradiction("the interpreter runs the ordering, but nothing goes wrong")
        broken = accepts(self.model, execution(reader))
        if broken is not None:
            return _Contradiction(f"the run breaks the axiom {broken} of {self.model.name}")
        return _told(problem.bounds, replayed, item)


def _told(bounds: Bounds, replayed: Replayed, item: Property) -> Run:
    facts = replayed.facts(item.name)
    claim = ", ".join(f"{name} {value}" for name, value in facts)
    return Run(bounds, replayed.step_count, replayed.trace, facts, claim)


def _about_ends(item: Property) -> bool:
    """Whether a property is about all that the bounds allow, not about what has happened."""
    match item:
        case Never(when=when):
            return when is When.FINALLY
        case BuiltIn(name=name):
            return name == DEADLOCK
        case _:
            return False


def _smaller(bounds: Bounds, position: int) -> list[Bounds]:
    """The bounds with one count lowered: 0 the updates, then the lane kinds, then rounds."""
    if position == 0:
        return [replace(bounds, updates=n) for n in range(1, bounds.updates)]
    if position <= len(bounds.lanes):
        name, count = bounds.lanes[position - 1]
        before, after = bounds.lanes[: position - 1], bounds.lanes[position:]
        return [replace(bounds, lanes=(*before, (name, n), *after)) for n in range(1, count)]
    return [replace(bounds, rounds=n) for n in range(1, bounds.rounds)]
