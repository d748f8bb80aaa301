"""Decides the properties of a protocol at given bounds: the strategy.

Takes a checked protocol, a model, bounds and limits; yields what was started, what the
executions cover, what is known early of each property, and one result per property as soon as
there is one. The questions, each its own query, in an order in which a limit costs least:

1. For each property: is it violated? First at the smallest bounds, then at those asked for.
   The first run is told early.
2. For each that is: the smallest bounds at which it is (not for `finally` and `deadlock`, which
   are about all that the bounds allow), the smallest run there, and why it goes wrong.
3. Is there a complete execution? Which steps begin, which loop bounds are used up?
4. Does each `reach` goal have a witness? The first one is told early.
5. For each property that is not violated: can its condition be met?
6. For each goal: its smallest witness.

Where lanes of a kind are independent, one of them stands for any number (`language.independence`
says why): what the executions cover, goals and properties about one lane are then looked at with
one lane of the kind. A result says for which kinds it holds for any number.

Each question goes to both engines (`smtmodel.solving.engines` says who decides). Nothing is REFUTED
or reached here before the interpreter has replayed the run. Nothing is PROVED unless every query
behind it was unsatisfiable or, for vacuity, satisfiable, or the explorer has seen all states.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext, suppress
from typing import TypeVar

from smtmodel.encoding.domains import TooManyValues
from smtmodel.events.building import TooLarge
from smtmodel.events.unroll import unroll
from smtmodel.language.checked import Bounds, Checked, Property, Reach, ReachStep
from smtmodel.models import Model
from smtmodel.solving import vacuity
from smtmodel.solving.asking import Finding
from smtmodel.solving.bounds import extents
from smtmodel.solving.engines import Engines, compared
from smtmodel.solving.explored import Smallest
from smtmodel.solving.how import How
from smtmodel.solving.obligations import Question, obligations
from smtmodel.solving.questions import Questions
from smtmodel.solving.reaching import Reaching
from smtmodel.solving.result import (
    Coverage,
    Early,
    Limits,
    Obligation,
    Result,
    Run,
    Started,
    sort_of,
)
from smtmodel.solving.runs import Runs, first_run, known_smallest, smaller
from smtmodel.solving.shrink import STILL, Shrunk
from smtmodel.solving.solver import Sat, Unknown, Unsat
from smtmodel.solving.stopwatch import Stopwatch
from smtmodel.solving.witness import Contradiction
from smtmodel.source.record import replace
from smtmodel.verdict import Cause, Verdict

TOO_LARGE = "the protocol is too large at these bounds"
TOO_MANY_STATES = "it shows in some state, but the smallest run that leads there was not found"

_T = TypeVar("_T")
Told = Started | Coverage | Early | Result


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
    first: bool = False,
    kept: Callable[[frozenset[str]], None] = lambda names: None,
    awaited: Mapping[str, Verdict] | None = None,
) -> Iterator[Told]:
    """Everything that is found out, as it is; `only` names the properties to decide.

    Without `any_number` everything is decided with all the lanes that the bounds allow, and
    nothing is said about more of them. Without `survey` nothing is said about what the
    executions cover, only what the verdicts need is asked, and witnesses are as the solver finds
    them: of goals not the smallest, of proofs that are not vacuous not run again. Without `shrink`
    counterexamples are not the smallest either. With `first` there are results only up to the first
    property that is refuted. Where a verdict is as `awaited`, the run is left out. `kept` is called
    with the names of what nothing violates, once all are known.
    """
    how = How(any_number, survey, shrink, first, kept, awaited or {})
    return _Decider(protocol, model, bounds, limits, only, how).run()


def decide_with_obligations(
    protocol: Checked, model: Model, bounds: Bounds, limits: Limits, only: frozenset[str] | None
) -> Iterator[Started | Coverage | Early | Obligation | Result]:
    """All that `decide` finds, and before each result what it needs to be unsatisfiable."""
    decider = _Decider(protocol, model, bounds, limits, only, How())
    for found in decider.run():
        if not isinstance(found, Result):
            yield found
            continue
        with decider.watch.on(found.name):
            yield from obligations(decider.engines.asking, found.name, decider.behind[found.name])
        yield replace(found, seconds=decider.watch.spent(found.name))


class _Decider:
    """One protocol under one model. `goals` is what is known of the goals, `behind` the questions
    that each result needs to be without an answer."""

    def __init__(
        self,
        protocol: Checked,
        model: Model,
        bounds: Bounds,
        limits: Limits,
        only: frozenset[str] | None,
        how: How,
    ) -> None:
        self.protocol = protocol
        self.model = model
        self.bounds = bounds
        self.limits = limits
        self.how = how
        self.wanted = [p for p in protocol.properties if only is None or p.name in only]
        self.engines = Engines(protocol, model, limits, both=how.survey)
        asked = self.engines, bounds, self.wanted, self._charged
        self.questions = Questions(*asked, any_number=how.any_number, survey=how.survey)
        self.reaching = Reaching(self.engines.asking, bounds, tries=how.survey)
        self.runs = Runs(protocol, model, limits, self.questions.note)
        self.watch = Stopwatch()
        self.goals: dict[str, Result] = {}
        self.behind: dict[str, tuple[Question, ...]] = {}

    def run(self) -> Iterator[Told]:
        if self.wanted:
            with self._charged(self.wanted[0]):
                self.questions.explore()
        refuted: list[Property] = []
        kept: list[Property] = []
        for item in self.wanted:
            if isinstance(item, Reach | ReachStep):
                continue
            yield Started(item.name)
            result = self._within(item, self._claim)
            if result is None:
                kept.append(item)
                yield self._early(self._unknown(item, "nothing violates it"))
            elif self.how.is_awaited(result):
                yield self._timed(replace(result, run=None))
            elif result.verdict is Verdict.REFUTED:
                refuted.append(item)
                yield self._early(result)
            else:
                yield self._timed(result)
            if refuted and self.how.first:
                self.wanted = self.wanted[: self.wanted.index(item) + 1]
                break
        self.engines.release()
        self.how.kept(frozenset(item.name for item in kept))
        for item in refuted:
            yield Started(item.name)
            yield from self._made_smallest(item, Verdict.REFUTED)
        if self.how.survey and self.wanted:
            yield from self._survey()
        for item in kept:
            yield Started(item.name)
            yield self._timed(self._within(item, self._not_violated))
        for item in self.wanted:
            if isinstance(item, Reach | ReachStep):
                yield Started(item.name)
                result = self._reached(item)
                if self.how.is_awaited(result):
                    yield self._timed(replace(result, run=None))
                elif result.verdict is Verdict.PROVED:
                    yield from self._made_smallest(item, Verdict.PROVED)
                else:
                    yield self._timed(result)

    def _survey(self) -> Iterator[Told]:
        """What the executions cover, and the goals; what nobody has a result of is charged to
        the first property."""
        with self.watch.on(self.wanted[0].name):
            yield Started("what executions there are")
            with suppress(TooLarge, TooManyValues):  # then no proof is known, which each says
                yield self.questions.coverage()
            for item in self.protocol.properties:
                if isinstance(item, Reach | ReachStep):
                    yield Started(item.name)
                    result = self._reached(item)
                    if item in self.wanted and result.verdict is Verdict.PROVED:
                        yield self._early(result)

    # ------------------------------------------------------------ time and size

    def _within(self, item: Property, decide: Callable[[Property], _T]) -> _T | Result:
        """What is found out about a property in its own time; UNKNOWN where it is too large."""
        with self._charged(item):
            try:
                return decide(item)
            except TooLarge:
                return self._unknown(item, TOO_LARGE)
            except TooManyValues as found:  # of a snapshot too, which sees more than any lane
                return self._unknown(item, str(found))

    def _charged(self, item: Property) -> AbstractContextManager[None]:
        """Charge the time to a property that has a result, else to whom it was charged before."""
        return self.watch.on(item.name) if item in self.wanted else nullcontext()

    def _timed(self, result: Result) -> Result:
        """The result with the time so far."""
        return replace(result, seconds=self.watch.spent(result.name))

    def _early(self, result: Result) -> Early:
        return Early(self._timed(result))

    # ------------------------------------------------------------ results

    def _result(
        self,
        item: Property,
        verdict: Verdict,
        reason: str = "",
        cause: Cause = Cause.NONE,
        run: Run | None = None,
        behind: tuple[Question, ...] = (),
    ) -> Result:
        self.behind[item.name] = behind
        reach = self.how.any_number and verdict is Verdict.PROVED
        return Result(
            item.name,
            sort_of(item),
            verdict,
            item.span,
            reason,
            cause,
            run,
            extents=extents(self.protocol, self.bounds, item) if reach else (),
            opinions=self.engines.opinions(item, self.questions.enough(item)),
        )

    def _vacuous(self, item: Property, reason: str | Contradiction, *behind: Question) -> Result:
        if isinstance(reason, Contradiction):
            return self._broken(item, reason)
        return self._result(item, Verdict.VACUOUS, reason, behind=behind)

    def _unknown(self, item: Property, reason: str) -> Result:
        return self._result(item, Verdict.UNKNOWN, reason, Cause.BUDGET)

    def _broken(self, item: Property, contradiction: Contradiction) -> Result:
        return self._result(item, Verdict.UNKNOWN, contradiction.reason, Cause.CONTRADICTION)

    # ------------------------------------------------------------ goals

    def _reached(self, item: Property) -> Result:
        """What is known of a goal: its verdict, decided once, and if it is reached a run."""
        if item.name not in self.goals:
            self.goals[item.name] = self._within(item, self._goal)
        return self.goals[item.name]

    def _goal(self, item: Property) -> Result:
        assert isinstance(item, Reach | ReachStep)
        shows = self.questions.shows(item)
        if shows is False:
            return self._vacuous(item, self.reaching.unreached(item), *self._behind(item))
        return self._first_shown(item, Verdict.PROVED, shows, "whether it is reached")

    # ------------------------------------------------------------ properties

    def _claim(self, item: Property) -> Result | None:
        """Whether a property is violated, with the first run that does; None if nothing does."""
        shows = self.questions.shows(item)
        if shows is False:
            return None
        return self._first_shown(item, Verdict.REFUTED, shows, "whether it is violated")

    def _first_shown(
        self,
        item: Property,
        verdict: Verdict,
        shows: Finding | bool | Unknown | Contradiction,
        what: str,
    ) -> Result:
        """The verdict with the first run that shows it, or why there is none."""
        match shows:
            case Contradiction():
                return self._broken(item, shows)
            case Unknown():
                return self._unknown(item, f"{what}: {shows.reason}")
            case Finding():
                return self._shown(item, verdict, shows, first_run(shows))
            case _:
                return self._explored(item, verdict, self.questions.smallest(item))

    def _explored(self, item: Property, verdict: Verdict, smallest: Smallest | None) -> Result:
        """The verdict with the smallest run, as the explorer found it."""
        explored = self.engines.explored
        if explored is None or smallest is None:
            return self._unknown(item, TOO_MANY_STATES)
        run = explored.run(item, smallest)
        if isinstance(run, Contradiction):
            return self._broken(item, run)
        return self._result(item, verdict, run=run)

    def _not_violated(self, item: Property) -> Result:
        """PROVED, unless the proof would be vacuous or that is not known."""
        if vacuity.has_premise(item):
            premise = self.questions.premise(item)
            judged = self.questions.judged(item, premise)
            if judged is False:
                reason = self.reaching.unmet(item)
                return self._vacuous(item, reason, *self._behind(item, premise))
            if judged is not True:
                return self._open(item, vacuity.premise(item), judged)
        complete = self.questions.complete()
        if complete is False:
            stops = unroll(self.protocol, self.questions.one_lane).stops
            behind = self._behind(item, self.questions.completion)
            return self._vacuous(item, vacuity.incomplete(stops), *behind)
        if complete is not True:
            return self._open(item, "a complete execution", complete)
        goals = [one for one in self.protocol.properties if isinstance(one, Reach | ReachStep)]
        for goal in map(self._reached, goals):
            if goal.verdict is Verdict.VACUOUS:
                reason = f"goal {goal.name} is never reached"
                behind = (*self._behind(item), *self.behind[goal.name])
                return self._vacuous(item, reason, *behind)
            if goal.verdict is not Verdict.PROVED:
                reason = f"goal {goal.name}: {goal.reason}"
                return self._result(item, goal.verdict, reason, goal.cause)
        return self._result(item, Verdict.PROVED, behind=self._behind(item))

    def _behind(self, item: Property, *more: Question) -> tuple[Question, ...]:
        """The questions that the solver has answered with no; none of what it was not the judge."""
        return () if item.name in self.engines.alone else (self.questions.decisive(item), *more)

    def _open(self, item: Property, what: str, answer: Unknown | Contradiction) -> Result:
        """That it is not known whether a proof is vacuous."""
        if isinstance(answer, Contradiction):
            return self._broken(item, answer)
        return self._unknown(item, f"nothing violates it, but {what}: {answer.reason}")

    # ------------------------------------------------------------ runs

    def _shown(self, item: Property, verdict: Verdict, finding: Finding, shrunk: Shrunk) -> Result:
        """The verdict that a run shows."""
        run = self.runs.shown(item, finding, shrunk)
        if isinstance(run, Contradiction):
            return self._broken(item, run)
        return self._result(item, verdict, run=run)

    def _made_smallest(self, item: Property, verdict: Verdict) -> Iterator[Early | Result]:
        """Ever smaller runs that show the verdict, and the result with the smallest."""
        shrink = self.how.shrink if verdict is Verdict.REFUTED else self.how.survey
        with self._charged(item):
            self.engines.grant()
            asked = shrink or item.name in self.engines.alone  # which has no other run
            smallest = self.questions.smallest(item) if asked else None
            if smallest is not None:
                yield from self._known_smallest(item, verdict, smallest)
                return
            self.engines.unlimited()
            for finding, shrunk in smaller(*self.questions.found[item.name], shrink=shrink):
                result = self._shown(item, verdict, finding, shrunk)
                if result.run is None:
                    break
                if shrunk.doubt == STILL:
                    yield self._early(result)
            yield from self._explained(item, result, finding, shrunk, shrink=shrink)

    def _known_smallest(
        self, item: Property, verdict: Verdict, smallest: Smallest
    ) -> Iterator[Early | Result]:
        """The result with the smallest run, which the explorer has found: as the solver tells it,
        if it comes to the same run."""
        result = self._explored(item, verdict, smallest)
        if result.run is None:
            yield self._timed(result)
            return
        yield self._early(replace(result, run=self.runs.unexplained(result.run)))
        try:
            finding = self.questions.at(item, smallest.bounds)
            if isinstance(finding.answer, Sat):
                *_, (finding, shrunk) = known_smallest(finding, result.run.trace)
                told = self._shown(item, verdict, finding, shrunk)
                if not shrunk.doubt:
                    yield from self._explained(item, told, finding, shrunk, shrink=True)
                    return
            elif isinstance(finding.answer, Unsat):
                shown = compared(finding.answer, True, self.questions.decisive(item).asks)
                assert isinstance(shown, Contradiction)
                yield self._timed(self._broken(item, shown))
                return
        except (TooLarge, TooManyValues):
            pass
        if verdict is Verdict.REFUTED:
            result = replace(result, run=self.runs.without_solver(result.run))
        yield self._timed(result)

    def _explained(
        self, item: Property, result: Result, finding: Finding, shrunk: Shrunk, *, shrink: bool
    ) -> Iterator[Early | Result]:
        """The result with why the run goes wrong, if it does and that is asked for."""
        asked = shrink and self.how.survey and result.verdict is Verdict.REFUTED
        if asked and result.run is not None:
            yield self._early(replace(result, run=self.runs.unexplained(result.run)))
            self.engines.grant()
            run = self.runs.explained(item, result.run, finding.problem, shrunk.reader)
            result = replace(result, run=run)
        yield self._timed(result)
