"""Which larger bounds would reach what the bounds asked for do not, found by trying.

Takes a protocol at some bounds and a property that is judged, or a goal that is reached, nowhere
within them; says why, and at which bounds it is. One round, one lane of a kind or one update more
is tried, one at a time, and then all of it at once. A run is replayed before it is told. All that
is tried for one protocol may cost `UNITS` of the solver's units: that is a count and no time, so
that every machine says the same.
"""

from collections.abc import Callable, Iterator, Sequence

from smtmodel.encoding import queries
from smtmodel.encoding.decode import Reader
from smtmodel.encoding.domains import TooManyValues
from smtmodel.encoding.query import Query
from smtmodel.encoding.state import Encoding
from smtmodel.events.building import TooLarge
from smtmodel.executions.replay import Replayed
from smtmodel.language.checked import Bounds, Checked, Property, Reach, ReachStep
from smtmodel.language.lanes import MOST
from smtmodel.solving import vacuity, witness
from smtmodel.solving.asking import Asking
from smtmodel.solving.solver import Sat, Unsat
from smtmodel.solving.witness import Contradiction
from smtmodel.source.record import record, replace

UNITS = 2_000_000

Queries = Callable[[Encoding], Sequence[Query]]
Check = Callable[[Replayed], Contradiction | None]


@record
class _Larger:
    """At which larger bounds it is otherwise; else those at which it is not. Neither has bounds
    of which it is not known."""

    reached: str = ""
    tried: tuple[str, ...] = ()


class Reaching:
    """What is not reached at these bounds, in sentences; larger ones are tried where `tries`."""

    def __init__(self, asking: Asking, bounds: Bounds, *, tries: bool) -> None:
        self.asking = asking
        self.bounds = bounds
        self.left = UNITS if tries else 0

    def unreached(self, goal: Reach | ReachStep) -> str | Contradiction:
        """That no execution reaches a goal."""
        found = self._at_larger(
            lambda base: queries.goal(base, goal), lambda run: witness.shown(run, goal)
        )
        return _sentence("no execution reaches it", found, "one does")

    def unmet(self, item: Property) -> str | Contradiction:
        """That a property is judged nowhere."""
        if not vacuity.can_be_met(self.asking.protocol, item):
            return vacuity.unmet(self.asking.protocol, item)
        found = self._at_larger(
            lambda base: queries.premise(base, item), lambda run: witness.judged(run, item)
        )
        return _sentence(vacuity.unmet(self.asking.protocol, item), found, "it is")

    def _at_larger(self, asked: Queries, check: Check) -> _Larger | Contradiction:
        tried: list[str] = []
        for words, bounds in _larger(self.asking.protocol, self.bounds):
            found = self._reached(bounds, asked, check)
            if isinstance(found, Contradiction):
                return found
            if found:
                return _Larger(reached=words)
            tried += [] if found is None else [words]
        return _Larger(tried=tuple(tried))

    def _reached(self, bounds: Bounds, asked: Queries, check: Check) -> bool | Contradiction | None:
        """Whether it is otherwise at these bounds; None where that is not known."""
        if self.left <= 0:
            return None
        try:
            problem = self.asking.problem(bounds)
        except (TooLarge, TooManyValues):
            return None
        before, limits = problem.solver.spent, self.asking.limits
        budget = self.left if limits.budget is None else min(self.left, limits.budget)
        problem.solver.restrict(replace(limits, budget=budget))
        finding = self.asking.ask(problem, asked(problem.encoding))
        self.left -= problem.solver.spent - before
        match finding.answer:
            case Sat(assignment) if finding.query is not None:
                reader = Reader(finding.query, assignment)
                run = witness.rerun(self.asking.protocol, self.asking.model, bounds, reader, check)
                return run if isinstance(run, Contradiction) else True
            case Unsat():
                return False
            case _:
                return None


def _sentence(what: str, found: _Larger | Contradiction, so: str) -> str | Contradiction:
    """What is not, and what is known of larger bounds."""
    if isinstance(found, Contradiction):
        return found
    if found.reached:
        return f"{what}; with `{found.reached}` {so}"
    listed = ", ".join(f"`{words}`" for words in found.tried)
    return f"{what}; nor with {listed}" if listed else what


def _larger(protocol: Checked, bounds: Bounds) -> Iterator[tuple[str, Bounds]]:
    """Bounds with one more of something, and with one more of everything; each with the words
    that a file has for what is more."""
    several, words = bounds, []
    if bounds.rounds < MOST:
        several = replace(bounds, rounds=bounds.rounds + 1)
        words = [f"rounds {several.rounds}"]
        yield words[0], several
    for kind in protocol.kinds:
        count = bounds.count(kind.bound) + 1
        if count > MOST:
            continue
        words.append(f"{kind.bound} {count}")
        yield words[-1], _with(bounds, kind.bound, count)
        several = _with(several, kind.bound, count)
    if words[1:]:
        yield ", ".join(words), several


def _with(bounds: Bounds, name: str, count: int) -> Bounds:
    if name == "updates":
        return replace(bounds, updates=count)
    lanes = tuple((own, count if own == name else number) for own, number in bounds.lanes)
    return replace(bounds, lanes=lanes)
