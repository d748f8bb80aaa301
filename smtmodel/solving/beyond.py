"""What is proved, asked again with one update more: whether the proof is one of its bounds.

Takes a protocol, a model, larger bounds and the names of what is proved; yields what is known of
each property there. Only violations are looked for: a run is replayed before it is told, but not
made smaller, and whether a proof would be vacuous there is not asked. All of it may cost `UNITS`
of the solver's units. That is a count and no time, so that every machine finds the same. What is
asked first has one lane of each kind and one round (of lanes that are counted, all): larger bounds
allow what smaller ones do, and what goes wrong with few lanes is found for little.
"""

import time
from collections.abc import Iterator

from smtmodel.encoding import queries
from smtmodel.encoding.decode import Reader
from smtmodel.encoding.domains import TooManyValues
from smtmodel.events.building import TooLarge
from smtmodel.language.checked import Bounds, Checked, Property
from smtmodel.models import Model
from smtmodel.solving import witness
from smtmodel.solving.asking import Asking, Finding
from smtmodel.solving.bounds import is_about_ends, least, stronger, with_one_lane
from smtmodel.solving.decide import TOO_LARGE
from smtmodel.solving.result import Beyond, Further, Limits
from smtmodel.solving.solver import Sat, Unknown
from smtmodel.solving.witness import Contradiction
from smtmodel.source.record import replace
from smtmodel.verdict import Cause

UNITS = 250_000


def beyond(
    protocol: Checked, model: Model, bounds: Bounds, limits: Limits, only: frozenset[str]
) -> Iterator[Further]:
    """What is known of each property of these names at these bounds."""
    items = [item for item in protocol.properties if item.name in only]
    looking = _Looking(Asking(protocol, model, limits), bounds, items)
    few = replace(least(protocol, bounds), updates=bounds.updates)
    for item in items:
        if not is_about_ends(item):
            looking.look(item, few)
    for item in items:
        looking.look(item, with_one_lane(protocol, bounds, item))
    for item in items:
        known = looking.known.get(item.name, Beyond(bounds))
        yield Further(item.name, known, looking.seconds[item.name])


class _Looking:
    """What is known so far; what is not in `known` was violated nowhere."""

    def __init__(self, asking: Asking, bounds: Bounds, items: list[Property]) -> None:
        self.asking = asking
        self.bounds = bounds
        self.items = items
        self.left = UNITS
        self.known: dict[str, Beyond] = {}
        self.seconds: dict[str, float] = {}
        self.asked: set[tuple[str, Bounds]] = set()

    def look(self, item: Property, some: Bounds) -> None:
        """Ask about a property, unless that is known, was asked or follows from another."""
        other = stronger(item, self.items)
        if other is not None:
            self.look(other, some)
        started = time.perf_counter()
        if item.name not in self.known and (item.name, some) not in self.asked:
            self.asked.add((item.name, some))
            follows = other is not None and other.name not in self.known
            found = None if follows else self._found(item, some)
            if found is not None:
                self.known[item.name] = found
        passed = time.perf_counter() - started
        self.seconds[item.name] = self.seconds.get(item.name, 0.0) + passed

    def _found(self, item: Property, some: Bounds) -> Beyond | None:
        """None if nothing violates the property at these bounds."""
        try:
            finding = self._asked(item, some)
        except TooLarge:
            return Beyond(self.bounds, reason=TOO_LARGE)
        except TooManyValues as found:
            return Beyond(self.bounds, reason=str(found))
        if finding is None or (isinstance(finding.answer, Unknown) and self.left <= 0):
            return Beyond(self.bounds, reason=f"not decided within {UNITS:,} units of work")
        match finding:
            case Finding(Sat(assignment), _, query) if query is not None:
                return self._violated(item, some, Reader(query, assignment))
            case Finding(Unknown(reason)):
                return Beyond(self.bounds, reason=f"not decided: {reason}")
            case _:
                return None

    def _asked(self, item: Property, some: Bounds) -> Finding | None:
        """The answer, paid for; None if nothing is left to pay with."""
        if self.left <= 0:
            return None
        problem, limits = self.asking.problem(some), self.asking.limits
        before = problem.solver.spent
        budget = self.left if limits.budget is None else min(self.left, limits.budget)
        problem.solver.restrict(replace(limits, budget=budget))
        finding = self.asking.ask(problem, queries.violation(problem.encoding, item))
        self.left -= problem.solver.spent - before
        return finding

    def _violated(self, item: Property, some: Bounds, reader: Reader) -> Beyond:
        """A violation, if the interpreter makes it."""
        protocol, model = self.asking.protocol, self.asking.model
        run = witness.rerun(protocol, model, some, reader, lambda run: witness.shown(run, item))
        if isinstance(run, Contradiction):
            return Beyond(self.bounds, reason=run.reason, cause=Cause.CONTRADICTION)
        return Beyond(self.bounds, witness.told(some, run, item))
