"""What the explorer knows of the properties that the solver is asked about.

Takes a protocol, a model and bounds; says what an exploration found, and which run is the
smallest. All limits are numbers of states: what is known is the same on every machine. What is
seen in some states holds, however many there are; that nothing is there to be seen is known only
where all of them were visited. `language.independence` speaks of executions, whoever looks at
them: one lane stands for any number here as it does for the solver.
"""

from collections.abc import Callable, Set
from functools import cache
from sys import maxsize

from smtmodel.executions.explore import Exploration, explore
from smtmodel.executions.replay import Impossible, replay
from smtmodel.executions.shortest import NOWHERE, Shortest
from smtmodel.executions.trace import Schedule
from smtmodel.language.checked import Bounds, Checked, Property
from smtmodel.language.walk import steps_in, written
from smtmodel.models import Model
from smtmodel.solving import witness
from smtmodel.solving.bounds import least, smaller
from smtmodel.solving.result import Coverage, Run
from smtmodel.solving.witness import Contradiction
from smtmodel.source.record import record

STATES = 12_000
"""How many states are visited at most, at each bounds, to know all about them."""

NEAR = 150_000
"""How many states are visited at most, at each bounds, to find smallest runs: once for all
properties, and it is dear to make the solver's runs smaller. So many too where neither knows what
is violated."""

FEW = 2_000
"""So many states cost less to visit than a formula to build. Where more are needed to look for a
run at smaller bounds, the solver is asked first whether there is one."""

BEGINNINGS = 40_000
"""How many beginnings of runs the search for the smallest looks at, if nobody else knows a run."""

Excludes = Callable[[Property, Bounds], bool]
"""Whether the solver says that nothing shows a property at some bounds."""


@record
class Smallest:
    """The smallest run that shows a property, and the smallest bounds at which there is one."""

    bounds: Bounds
    schedule: Schedule


class Explored:
    """Explorations of one protocol under one model, each made when it is first asked for. `alone`
    are the names of the properties that nobody else decides."""

    def __init__(self, protocol: Checked, model: Model, alone: Set[str]) -> None:
        self.protocol = protocol
        self.model = model
        self.alone = alone
        self.states = STATES
        self.seen: set[Bounds] = set()
        self.at = cache(self._at)
        self.shortest = cache(self._shortest)
        self.smallest = cache(self._smallest)

    def _at(self, bounds: Bounds) -> Exploration:
        """What the executions do, as far as they were followed."""
        self.seen.add(bounds)
        buffers = self.model.store_buffers
        return explore(self.protocol, bounds, store_buffers=buffers, limit=self.states)

    def go_on(self) -> bool:
        """Look at more states from here on; whether that is more than before."""
        before, self.states = self.states, max(self.states, NEAR)
        if before < self.states:
            self.at.cache_clear()
        return before < self.states

    def _shortest(self, bounds: Bounds) -> Shortest:
        return Shortest(self.protocol, bounds, store_buffers=self.model.store_buffers)

    def finished(self, bounds: Bounds) -> bool:
        """Whether all states were visited."""
        return self.at(bounds).finished

    def shows(self, item: Property, bounds: Bounds) -> bool | None:
        """Whether some execution violates a property or reaches a goal; None if not known."""
        found = self.at(bounds)
        return _known(found, item.name in found.violated | found.reached)

    def judges(self, item: Property, bounds: Bounds) -> bool | None:
        """Whether a property is judged in some execution."""
        found = self.at(bounds)
        return _known(found, item.name in found.conditions)

    def completes(self, bounds: Bounds) -> bool | None:
        """Whether there is a complete execution."""
        found = self.at(bounds)
        return _known(found, found.complete)

    def coverage(self, bounds: Bounds) -> Coverage | None:
        """What executions there are, where all were followed."""
        found = self.at(bounds)
        if not found.finished:
            return None
        steps = written(self.protocol.blocks)
        every = [one.where for block in self.protocol.blocks for one in steps_in(block.steps)]
        return Coverage(
            steps=len(steps),
            unreached=tuple(where for where, own in steps.items() if own.isdisjoint(found.begun)),
            cuts=tuple(where for where in every if where.number in found.cuts),
            complete=found.complete,
        )

    def _smallest(
        self,
        item: Property,
        bounds: Bounds,
        enough: Bounds,
        excludes: Excludes,
        *,
        shrinkable: bool,
    ) -> Smallest | None:
        """The smallest run at the smallest bounds, which are looked for as
        `smtmodel.solving.asking` does; None where that takes too many states."""
        if shrinkable:
            start = least(self.protocol, bounds)
            schedule = self._nearest(item, start, excludes)
            if schedule is None:
                return None
            if schedule is not NOWHERE:
                return Smallest(start, schedule)
            return self._with_smaller_bounds(item, enough, excludes)
        return self._there(item, enough)

    def _with_smaller_bounds(
        self, item: Property, bounds: Bounds, excludes: Excludes
    ) -> Smallest | None:
        """The smallest run at bounds of which none can be lowered, where it shows at these."""
        found = None
        for position in range(len(bounds.lanes) + 2):
            for fewer in smaller(self.protocol, bounds, position):
                schedule = self._nearest(item, fewer, excludes)
                if schedule is None:
                    return None
                if schedule is not NOWHERE:
                    bounds, found = fewer, Smallest(fewer, schedule)
                    break
        return found or self._there(item, bounds)

    def _there(self, item: Property, bounds: Bounds) -> Smallest | None:
        """The smallest run at these bounds."""
        schedule = self._run(item, bounds, NEAR)
        return None if schedule is None or schedule is NOWHERE else Smallest(bounds, schedule)

    def _nearest(self, item: Property, bounds: Bounds, excludes: Excludes) -> Schedule | None:
        """The smallest run at these bounds, NOWHERE if there is none, None if that is not known."""
        schedule = self._run(item, bounds, FEW)
        if schedule is None and item.name not in self.alone and excludes(item, bounds):
            return NOWHERE
        return schedule or self._run(item, bounds, NEAR)

    def _run(self, item: Property, bounds: Bounds, states: int) -> Schedule | None:
        """The same, of so many states at most: but of all where nobody else knows a run."""
        shortest = self.shortest(bounds)
        if item.name in self.alone:
            return shortest.run(item, maxsize, None)
        return shortest.run(item, min(states, NEAR), BEGINNINGS)

    def run(self, item: Property, smallest: Smallest) -> Run | Contradiction:
        """The run, as the interpreter tells it."""
        replayed = replay(
            self.protocol,
            smallest.bounds,
            store_buffers=self.model.store_buffers,
            schedule=smallest.schedule,
        )
        if isinstance(replayed, Impossible):
            return Contradiction(f"the interpreter cannot make move {replayed.move}")
        broken = witness.shown(replayed, item)
        return broken or witness.told(smallest.bounds, replayed, item)


def _known(found: Exploration, seen: bool) -> bool | None:
    return True if seen else False if found.finished else None
