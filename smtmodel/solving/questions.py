"""The questions about a protocol that verdicts rest on, each asked once of both engines.

Takes the engines and the bounds asked for; gives what both make of each question. What that
amounts to is `smtmodel.solving.decide`'s.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager

from smtmodel.encoding import queries
from smtmodel.encoding.domains import TooManyValues
from smtmodel.events.building import TooLarge
from smtmodel.executions.replay import Replayed
from smtmodel.language.checked import Bounds, Property, Reach, ReachStep
from smtmodel.solving import witness
from smtmodel.solving.asking import Finding
from smtmodel.solving.bounds import is_about_ends, stronger, with_one_lane
from smtmodel.solving.coverage import coverage
from smtmodel.solving.engines import Engines, Known, compared, confirmed
from smtmodel.solving.explored import Explored, Smallest
from smtmodel.solving.obligations import Question
from smtmodel.solving.result import Coverage
from smtmodel.solving.runs import first_run
from smtmodel.solving.solver import Answer, Sat, Unknown, Unsat
from smtmodel.solving.witness import Contradiction
from smtmodel.source.record import replace

Check = Callable[[Replayed], Contradiction | None]


class Questions:
    """What is known so far. `found` has the first finding about each violation or witness, and the
    search that goes on from there to smaller bounds. `met` has the properties that some run judges,
    with the bounds of the run. `charged` says whose time is used."""

    def __init__(
        self,
        engines: Engines,
        bounds: Bounds,
        wanted: Sequence[Property],
        charged: Callable[[Property], AbstractContextManager[None]],
        *,
        any_number: bool,
        survey: bool,
    ) -> None:
        self.engines = engines
        self.asking = engines.asking
        self.protocol, self.model = self.asking.protocol, self.asking.model
        self.bounds = bounds
        self.wanted = wanted
        self.charged = charged
        self.any_number = any_number
        self.survey = survey
        self.one_lane = with_one_lane(self.protocol, bounds) if any_number else bounds
        self.found: dict[str, tuple[Finding, Iterator[Finding]]] = {}
        self.met: set[tuple[str, Bounds]] = set()
        self.completed: bool | Unknown | Contradiction | None = None
        self.completion = Question(
            "a complete execution", self.one_lane, lambda base: [queries.complete(base)]
        )

    def explore(self) -> None:
        """Let the explorer look first; then it is known how much the solver may use."""
        self.engines.limit(self.one_lane)

    def enough(self, item: Property) -> Bounds:
        """The bounds that show all that those asked for do, as far as the property sees."""
        return with_one_lane(self.protocol, self.bounds, item) if self.any_number else self.bounds

    def decisive(self, item: Property) -> Question:
        """Whether a goal is reached, or a property violated."""
        bounds = self.enough(item)
        if isinstance(item, Reach | ReachStep):
            asks = f"an execution that reaches {item.name}"
            return Question(asks, bounds, lambda base: queries.goal(base, item))
        asks = f"an execution that violates {item.name}"
        return Question(asks, bounds, lambda base: queries.violation(base, item))

    def premise(self, item: Property) -> Question:
        """Whether there is anything that a property says something of."""
        asks = f"an execution in which {item.name} is judged"
        return Question(asks, self.enough(item), lambda base: queries.premise(base, item))

    def shows(self, item: Property) -> Finding | bool | Unknown | Contradiction:
        """Whether a property is violated or a goal reached; with the solver's finding, if there is
        one that shows it. What the explorer decides alone is noted."""
        asked = self.decisive(item)
        answer, known = self._both(
            lambda: self._violation(item),
            asked.bounds,
            lambda explorer: explorer.shows(item, asked.bounds),
        )
        if answer is None or isinstance(answer.answer, Unknown):
            if known is not None:
                self.engines.alone.add(item.name)
                return known
            if self.engines.lift(self.one_lane):
                self.found.pop(item.name, None)
                return self.shows(item)
        answer = answer or self._violation(item)  # which is too large, whoever asks
        shows = compared(answer.answer, known, asked.asks)
        if shows is known is False:
            self.engines.agreed.add(item.name)
        return answer if isinstance(answer.answer, Sat) and shows is True else shows

    def _both(
        self, ask: Callable[[], Finding], bounds: Bounds, explorer: Known
    ) -> tuple[Finding | None, bool | None]:
        """The solver's finding, None where it is too large, and what the explorer knows: that looks
        only where the solver needs it to, or has looked before."""
        try:
            finding = ask()
        except (TooLarge, TooManyValues):
            finding = None
        needed = finding is None or isinstance(finding.answer, Unknown)
        return finding, self.engines.known(bounds, explorer, anyway=needed)

    def _violation(self, item: Property) -> Finding:
        """Whether a property is violated or a goal reached, found out once."""
        if isinstance(item, Reach | ReachStep):
            return self._first(item, shrinkable=not is_about_ends(item))
        other = stronger(item, self.wanted)
        if other is not None and item.name not in self.found:
            with self.charged(other):
                finding = self._violation(other)
            if isinstance(finding.answer, Unsat):
                return finding
        return self._first(item, shrinkable=not is_about_ends(item))

    def _first(self, item: Property, *, shrinkable: bool) -> Finding:
        """The first finding, which decides; the search has those at smaller bounds, where the
        explorer has not seen that there is nothing."""
        if item.name not in self.found:
            asked = self.decisive(item)
            shows = self.engines.known(
                asked.bounds, lambda explorer: explorer.shows(item, asked.bounds), anyway=False
            )
            search = self.asking.smallest(
                self.bounds,
                asked.bounds,
                lambda problem: self.asking.ask(problem, asked.queries(problem.encoding)),
                shrinkable=shrinkable and shows is not False,
            )
            self.found[item.name] = next(search), search
        return self.found[item.name][0]

    def complete(self) -> bool | Unknown | Contradiction:
        """Whether there is a complete execution."""
        if self.completed is None:
            self.completed = self.whether(
                self.completion,
                witness.complete,
                lambda explorer: explorer.completes(self.one_lane),
            )
        return self.completed

    def judged(self, item: Property, premise: Question) -> bool | Unknown | Contradiction:
        """Whether a property is judged at all: by a run that was looked at for something else, or
        by one that is asked for."""

        def explorer(explored: Explored) -> bool | None:
            return explored.judges(item, premise.bounds)

        if (item.name, premise.bounds) in self.met:
            known = self.engines.known(premise.bounds, explorer, anyway=False)
            return confirmed(True, known, premise.asks)
        return self.whether(premise, lambda run: witness.judged(run, item), explorer)

    def note(self, bounds: Bounds, run: Replayed) -> None:
        """What a run that the interpreter has made, and the model allows, judges."""
        for item in self.wanted:
            if witness.judged(run, item) is None:
                self.met.add((item.name, bounds))

    def coverage(self) -> Coverage:
        """What executions there are; whether one is complete decides about every proof."""
        explored = self.engines.coverage(self.one_lane)
        if explored is not None:
            complete = self.complete()
            known = complete if isinstance(complete, bool) else None
            return replace(explored, complete=known)
        finding = self.ask(self.completion)
        self.completed = self._compared(finding, witness.complete, self.completion, None)
        known = self.completed if isinstance(self.completed, bool) else None
        return coverage(self.asking, finding.problem, finding, known)

    def whether(
        self,
        question: Question,
        check: Check,
        explorer: Known,
    ) -> bool | Unknown | Contradiction:
        """Whether there is what a question asks for, given what the explorer knows."""
        finding, known = self._both(lambda: self.ask(question), question.bounds, explorer)
        undecided = finding is None or isinstance(finding.answer, Unknown)
        if undecided and known is None and self.engines.lift(self.one_lane):
            return self.whether(question, check, explorer)
        if finding is None and known is not None:
            return known
        return self._compared(finding or self.ask(question), check, question, known)

    def ask(self, question: Question) -> Finding:
        """The answer at the bounds that decide."""
        problem = self.asking.problem(question.bounds)
        return self.asking.ask(problem, question.queries(problem.encoding))

    def at(self, item: Property, bounds: Bounds) -> Finding:
        """What the solver says of a property at these bounds, which may not be those that decide:
        its first answer, if that was about them."""
        first = self.found[item.name][0] if item.name in self.found else None
        answered = first is not None and not isinstance(first.answer, Unknown)
        if first is not None and answered and first.problem.bounds == bounds:
            return first
        return self.ask(replace(self.decisive(item), bounds=bounds))

    def _compared(
        self,
        finding: Finding,
        check: Check,
        question: Question,
        known: bool | None,
    ) -> bool | Unknown | Contradiction:
        return compared(self._seen(finding, check), known, question.asks)

    def _seen(self, finding: Finding, check: Check) -> Answer | Contradiction:
        """The answer; of a satisfiable query only if the interpreter confirms it."""
        if not isinstance(finding.answer, Sat) or not self.survey:
            return finding.answer
        reader = first_run(finding).reader
        bounds = finding.problem.bounds
        run = witness.rerun(self.protocol, self.model, bounds, reader, check)
        if isinstance(run, Contradiction):
            return run
        self.note(bounds, run)
        return finding.answer

    def smallest(self, item: Property) -> Smallest | None:
        """The smallest run, where the explorer knows it."""
        shrinkable = not is_about_ends(item)
        asked = item, self.bounds, self.enough(item), self.excludes
        return self.engines.smallest(*asked, shrinkable=shrinkable)

    def excludes(self, item: Property, bounds: Bounds) -> bool:
        """Whether the solver says that nothing shows a property at smaller bounds."""
        try:
            return isinstance(self.at(item, bounds).answer, Unsat)
        except (TooLarge, TooManyValues):
            return False
