"""Decides the properties of a protocol at given bounds: the strategy.

Takes a checked protocol, a model, bounds and limits; yields what was started, what the
executions cover, and one result per property in the order of the file. The questions, each
its own query:

1. Is there a complete execution? Which steps begin, which loop bounds are used up?
2. Does each `reach` goal have a witness?
3. For each property: is it violated? First at the smallest bounds, then at those asked for;
   if there, the smallest bounds that do are looked for (not for `finally` and `deadlock`,
   which are about all that the bounds allow). If not: can its condition be met?

Where lanes of a kind are independent, one of them stands for any number (`language.independence`
says why): what the executions cover, goals and properties about one lane are then looked at with
one lane of the kind. A result says for which kinds it holds for any number.

Nothing is REFUTED or reached here before the interpreter has replayed the run, nothing is
PROVED unless every query behind it was unsatisfiable or, for vacuity, satisfiable.
"""

import time
from collections.abc import Callable, Iterator

from smtmodel.encoding import queries
from smtmodel.encoding.decode import Reader
from smtmodel.encoding.domains import TooManyValues
from smtmodel.events.building import TooLarge
from smtmodel.executions.replay import Replayed
from smtmodel.language.ast import When
from smtmodel.language.checked import (
    Bounds,
    Checked,
    Never,
    Property,
    Reach,
    ReachStep,
    Where,
)
from smtmodel.models import Model
from smtmodel.solving import vacuity, witness
from smtmodel.solving.asking import Asking, Finding, Problem
from smtmodel.solving.bounds import extents, is_about_ends, with_one_lane
from smtmodel.solving.obligations import Question, obligations, questions
from smtmodel.solving.result import Coverage, Limits, Obligation, Result, Run, Started, sort_of
from smtmodel.solving.shrink import smallest
from smtmodel.solving.solver import Answer, Sat, Unknown, Unsat
from smtmodel.solving.why import explain
from smtmodel.solving.witness import Contradiction
from smtmodel.source.record import parts, replace
from smtmodel.verdict import Cause, Verdict

TOO_LARGE = "the protocol is too large at these bounds"
TOO_MANY_VALUES = "some value has too many possibilities at these bounds"


def decide(
    protocol: Checked,
    model: Model,
    bounds: Bounds,
    limits: Limits,
    only: frozenset[str] | None,
    *,
    any_number: bool = True,
    survey: bool = True,
    shrink: bool = True,
) -> Iterator[Started | Coverage | Result]:
    """Everything that is found out, as it is; `only` names the properties to decide.

    Without `any_number` everything is decided with all the lanes that the bounds allow, and
    nothing is said about more of them. Without `survey` nothing is said about what the
    executions cover, only what the verdicts need is asked, and witnesses are as the solver
    finds them: of goals not the smallest, of proofs that are not vacuous not run again. Without
    `shrink` counterexamples are not the smallest either.
    """
    asked = (protocol, model, bounds, limits, only)
    return _Decider(*asked, any_number=any_number, survey=survey, shrink=shrink).run()


def decide_with_obligations(
    protocol: Checked, model: Model, bounds: Bounds, limits: Limits, only: frozenset[str] | None
) -> Iterator[Started | Coverage | Obligation | Result]:
    """All that `decide` finds, and before each result what it needs to be unsatisfiable."""
    decider = _Decider(
        protocol, model, bounds, limits, only, any_number=True, survey=True, shrink=True
    )
    for found in decider.run():
        if isinstance(found, Result):
            yield from obligations(protocol, model, found.name, decider.behind(found))
        yield found


class _Decider:
    """One protocol under one model; problems are kept per bounds."""

    def __init__(
        self,
        protocol: Checked,
        model: Model,
        bounds: Bounds,
        limits: Limits,
        only: frozenset[str] | None,
        *,
        any_number: bool,
        survey: bool,
        shrink: bool,
    ) -> None:
        self.protocol = protocol
        self.model = model
        self.bounds = bounds
        self.limits = limits
        self.only = only
        self.any_number = any_number
        self.survey = survey
        self.shrink = shrink
        self.one_lane = with_one_lane(protocol, bounds) if any_number else bounds
        self.asking = Asking(protocol, model, limits)
        self.goals: dict[str, Result] = {}
        self.completed: Answer | Contradiction | None = None
        self.violations: dict[str, Finding] = {}
        self.unmet: set[str] = set()

    def run(self) -> Iterator[Started | Coverage | Result]:
        started = time.perf_counter()
        try:
            if self.survey:
                yield Started("what executions there are")
                yield self._coverage()
        except TooLarge:
            yield from self._all_unknown(TOO_LARGE, started)
            return
        except TooManyValues:
            yield from self._all_unknown(TOO_MANY_VALUES, started)
            return
        for item in self.protocol.properties:
            if self.survey and isinstance(item, Reach | ReachStep):
                yield Started(item.name)
                self._reached(item)
        for item in self.protocol.properties:
            if self.only is None or item.name in self.only:
                if isinstance(item, Reach | ReachStep):
                    yield self._reached(item)
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
        except TooLarge:  # with all lanes
            result = self._unknown(item, TOO_LARGE)
        except TooManyValues:  # with all lanes, or of a snapshot, which sees more than any lane
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
        reach = self.any_number and verdict is Verdict.PROVED
        return Result(
            item.name,
            sort_of(item),
            verdict,
            item.span,
            reason,
            cause,
            run,
            extents=extents(self.protocol, self.bounds, item) if reach else (),
        )

    def _unknown(self, item: Property, reason: str) -> Result:
        return self._result(item, Verdict.UNKNOWN, reason, Cause.BUDGET)

    def _broken(self, item: Property, contradiction: Contradiction) -> Result:
        return self._result(item, Verdict.UNKNOWN, contradiction.reason, Cause.CONTRADICTION)

    # ------------------------------------------------------------ coverage

    def _coverage(self) -> Coverage:
        """What executions there are; whether one is complete decides about every proof."""
        problem = self.asking.problem(self.one_lane)
        finding = self.asking.ask(problem, [queries.complete(problem.encoding)])
        places = [p for p in parts(self.protocol.blocks) if isinstance(p, Where)]
        steps = {where.number: where for where in places}
        unseen = set(steps)
        if isinstance(finding.answer, Sat) and finding.query is not None:
            unseen -= Reader(finding.query, finding.answer.assignment).begun()
        known = True
        while unseen:
            query = queries.steps(problem.encoding, frozenset(unseen))
            more = self.asking.ask(problem, [query])
            if not isinstance(more.answer, Sat):
                known = isinstance(more.answer, Unsat)
                break
            unseen -= Reader(query, more.answer.assignment).begun()
        rest = tuple(steps[number] for number in sorted(unseen))
        self.completed = self._seen(finding, witness.complete)
        known_complete = isinstance(self.completed, Sat | Unsat)
        return Coverage(
            steps=len(steps),
            unreached=rest if known else (),
            cuts=self._cuts(problem),
            complete=isinstance(self.completed, Sat) if known_complete else None,
            undecided=() if known else rest,
        )

    def _complete(self) -> Answer | Contradiction:
        """Whether there is a complete execution."""
        if self.completed is None:
            problem = self.asking.problem(self.one_lane)
            finding = self.asking.ask(problem, [queries.complete(problem.encoding)])
            self.completed = self._seen(finding, witness.complete)
        return self.completed

    def _cuts(self, problem: Problem) -> tuple[Where, ...]:
        stops = problem.encoding.graph.stops
        loops = {s.where.number: s.where for s in stops if s.name == "bound" and s.where}
        found = []
        for number in sorted(loops):
            answer = self.asking.ask(problem, [queries.cut(problem.encoding, number)]).answer
            if not isinstance(answer, Unsat):
                found.append(loops[number])
        return tuple(found)

    # ------------------------------------------------------------ goals

    def _reached(self, item: Reach | ReachStep) -> Result:
        """The result of a goal, decided once."""
        if item.name not in self.goals:
            self.goals[item.name] = self._timed(item, self._goal)
        return self.goals[item.name]

    def _goal(self, item: Property) -> Result:
        assert isinstance(item, Reach | ReachStep)
        finding = self.asking.smallest(
            self.bounds,
            self._enough(item),
            lambda problem: self.asking.ask(problem, queries.goal(problem.encoding, item)),
            shrinkable=isinstance(item, ReachStep) or item.when is not When.FINALLY,
        )
        if isinstance(finding.answer, Unsat):
            reason = vacuity.unreached(self.protocol, item, self.bounds)
            return self._result(item, Verdict.VACUOUS, reason)
        if isinstance(finding.answer, Unknown):
            return self._unknown(item, f"whether it is reached: {finding.answer.reason}")
        run = self._run(item, finding)
        if isinstance(run, Contradiction):
            return self._broken(item, run)
        return self._result(item, Verdict.PROVED, run=run)

    # ------------------------------------------------------------ properties

    def _property(self, item: Property) -> Result:
        finding = self._violation(item)
        if isinstance(finding.answer, Sat):
            run = self._run(item, finding)
            if isinstance(run, Contradiction):
                return self._broken(item, run)
            return self._result(item, Verdict.REFUTED, run=run)
        if isinstance(finding.answer, Unknown):
            return self._unknown(item, f"whether it is violated: {finding.answer.reason}")
        return self._not_violated(item)

    def _violation(self, item: Property) -> Finding:
        """Whether a property is violated, found out once.

        What is bad at no instant is not bad while no update is in progress either.
        """
        if item.name not in self.violations:
            stronger = self._stronger(item)
            if stronger is not None:
                finding = self._violation(stronger)
                if isinstance(finding.answer, Unsat):
                    return finding
            self.violations[item.name] = self.asking.smallest(
                self.bounds,
                self._enough(item),
                lambda problem: self.asking.ask(problem, queries.violation(problem.encoding, item)),
                shrinkable=not is_about_ends(item),
            )
        return self.violations[item.name]

    def _stronger(self, item: Property) -> Never | None:
        """The property that says `always` what this one says `settled`, if it is asked for."""
        if not isinstance(item, Never) or item.when is not When.SETTLED:
            return None
        for other in self.protocol.properties:
            if isinstance(other, Never) and other == replace(
                item, name=other.name, when=When.ALWAYS
            ):
                return other if self.only is None or other.name in self.only else None
        return None

    def _not_violated(self, item: Property) -> Result:
        """PROVED, unless the proof would be vacuous or that is not known."""
        problem = self.asking.problem(self._enough(item))
        asked = queries.premise(problem.encoding, item)
        if asked:
            answer = self._seen(
                self.asking.ask(problem, asked), lambda run: witness.judged(run, item)
            )
            if isinstance(answer, Unsat):
                self.unmet.add(item.name)
                return self._result(
                    item, Verdict.VACUOUS, vacuity.unmet(self.protocol, item, self.bounds)
                )
            if not isinstance(answer, Sat):
                return self._open(item, asked[0].what, answer)
        complete = self._complete()
        if isinstance(complete, Unsat):
            stops = self.asking.problem(self.one_lane).encoding.graph.stops
            return self._result(item, Verdict.VACUOUS, vacuity.incomplete(stops))
        if not isinstance(complete, Sat):
            return self._open(item, "a complete execution", complete)
        goals = [one for one in self.protocol.properties if isinstance(one, Reach | ReachStep)]
        for goal in map(self._reached, goals):
            if goal.verdict is Verdict.VACUOUS:
                return self._result(item, Verdict.VACUOUS, f"goal {goal.name} is never reached")
            if goal.verdict is not Verdict.PROVED:
                reason = f"goal {goal.name}: {goal.reason}"
                return self._result(item, goal.verdict, reason, goal.cause)
        return self._result(item, Verdict.PROVED)

    def _open(self, item: Property, what: str, answer: Unknown | Contradiction) -> Result:
        """That it is not known whether a proof is vacuous."""
        if isinstance(answer, Contradiction):
            return self._broken(item, answer)
        return self._unknown(item, f"nothing violates it, but {what}: {answer.reason}")

    def behind(self, result: Result) -> list[Question]:
        """What is unsatisfiable if the result is right; nothing where it rests on a run."""
        if result.verdict not in (Verdict.PROVED, Verdict.VACUOUS) or result.run is not None:
            return []
        item = next(one for one in self.protocol.properties if one.name == result.name)
        bounds = self._enough(item)
        encoding = self.asking.problem(bounds).encoding
        if isinstance(item, Reach | ReachStep):
            asks = f"an execution that reaches {item.name}"
            return questions(asks, bounds, queries.goal(encoding, item))
        asks = f"an execution that violates {item.name}"
        found = questions(asks, bounds, queries.violation(encoding, item))
        if result.verdict is Verdict.PROVED:
            return found
        if item.name in self.unmet:
            asks = f"an execution in which {item.name} is judged"
            return [*found, *questions(asks, bounds, queries.premise(encoding, item))]
        if isinstance(self.completed, Unsat):
            query = queries.complete(self.asking.problem(self.one_lane).encoding)
            return [*found, *questions("a complete execution", self.one_lane, [query])]
        goals = [one for one in self.protocol.properties if isinstance(one, Reach | ReachStep)]
        reached = map(self._reached, goals)
        return [*found, *self.behind(next(o for o in reached if o.verdict is Verdict.VACUOUS))]

    # ------------------------------------------------------------ bounds

    def _enough(self, item: Property) -> Bounds:
        """The bounds that show all that those asked for do, as far as the property sees."""
        return with_one_lane(self.protocol, self.bounds, item) if self.any_number else self.bounds

    # ------------------------------------------------------------ runs

    def _seen(
        self, finding: Finding, check: Callable[[Replayed], Contradiction | None]
    ) -> Answer | Contradiction:
        """The answer; of a satisfiable query only if the interpreter confirms it."""
        if not isinstance(finding.answer, Sat) or finding.query is None or not self.survey:
            return finding.answer
        reader = Reader(finding.query, finding.answer.assignment)
        run = witness.rerun(self.protocol, self.model, finding.problem.bounds, reader, check)
        return run if isinstance(run, Contradiction) else finding.answer

    def _run(self, item: Property, finding: Finding) -> Run | Contradiction:
        """The smallest run of a satisfiable query, replayed by the interpreter."""
        assert isinstance(finding.answer, Sat)
        assert finding.query is not None
        problem = finding.problem
        goal = isinstance(item, Reach | ReachStep)
        if self.survey if goal else self.shrink:
            reader = smallest(problem.solver, finding.query, finding.answer.assignment)
        else:
            reader = Reader(finding.query, finding.answer.assignment)
        run = witness.rerun(
            self.protocol, self.model, problem.bounds, reader, lambda run: witness.shown(run, item)
        )
        if isinstance(run, Contradiction):
            return run
        told = witness.told(problem.bounds, run, item)
        if goal or not (self.survey and self.shrink):
            return told
        return replace(told, why=explain(problem, item, reader, run.trace))
