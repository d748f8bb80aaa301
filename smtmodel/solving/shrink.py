"""The canonical smallest run of a satisfiable query.

Fewest events before the end, then fewest switches between lanes, then fewest steps that are
interrupted, then the order in which lanes of lower number and each lane's earlier events go
first, then the earliest choices, then as few lanes that fall asleep as can be, each as early as it
can: the same run whatever the solver's seed. Where the solver gives up on the way, what was found
so far is given, with that doubt. Where the explorer has found the smallest run
(`smtmodel.executions.shortest`), the solver is asked for that one, and only choices and sleeps are
left to be settled.
"""

from collections.abc import Iterator
from itertools import combinations, pairwise

from smtmodel.encoding import smtlib
from smtmodel.encoding.decode import Assignment, Reader
from smtmodel.encoding.formula import Literal, Reason
from smtmodel.encoding.queries import narrowed
from smtmodel.encoding.query import Query
from smtmodel.events.graph import Event
from smtmodel.events.terms import Chosen
from smtmodel.executions.trace import Trace
from smtmodel.solving.places import same_events
from smtmodel.solving.solver import Sat, Solver, Unknown, Unsat
from smtmodel.source.record import record

APART = Reason("of two events one is before the other")
SWITCH = Reason("counts the switches between lanes")


@record
class Shrunk:
    """A run that a query allows; `doubt` is the solver's word why it may not be the smallest."""

    reader: Reader
    doubt: str = ""


STILL = "smaller ones are still looked for"


def smallest(solver: Solver, query: Query, found: Assignment) -> Shrunk:
    """The smallest run; `found` is any assignment that satisfies the query."""
    *_, last = shrinking(solver, query, found)
    return last


def shrinking(
    solver: Solver, query: Query, found: Assignment, run: Trace | None = None
) -> Iterator[Shrunk]:
    """Ever smaller runs, in few steps; the last one is the smallest. `run` is the smallest where
    it is known."""
    return _Shrinker(solver, query, found).run(run)


class _Shrinker:
    """The query with everything definite, and the best assignment so far."""

    def __init__(self, solver: Solver, query: Query, found: Assignment) -> None:
        self.solver = solver
        self.query = narrowed(query)
        self.encoding = self.query.encoding
        self.formula = self.encoding.formula
        self.graph = self.encoding.graph
        self.reader = Reader(self.query, found)
        self.events = [e for e in self.graph.events if not e.is_local]
        assert self.encoding.model.instants is not None
        self.clock: str = self.encoding.model.instants
        self.inside = {e.number: self._inside(e) for e in self.graph.events}
        self.sent = 0
        self.doubt = ""

    def _inside(self, event: Event) -> Literal:
        """The literal that an event happens before the end."""
        number, end = event.number, self.query.end
        ways = (self.before(number, end), self.formula.before(self.clock, end, number))
        self.formula.add(ways, APART)
        happens = self.encoding.happens(number)
        return self.formula.all_of((happens, self.before(number, end)))

    def before(self, first: int, second: int | str) -> Literal:
        return self.formula.before(self.clock, first, second)

    def run(self, known: Trace | None) -> Iterator[Shrunk]:
        text = smtlib.script(self.formula, self.query.first)
        self.sent = len(self.formula.clauses)
        with self.solver.extended(text):
            if known is None or not self._is(known):
                yield from self._ever_smaller()
            self._first_choices()
            self._first_sleeps()
        yield Shrunk(self.reader, self.doubt)

    def _is(self, known: Trace) -> bool:
        """Whether the run is one that the solver has too; then it is kept to."""
        events = same_events(self.graph, known)
        if events is None:
            return False
        inside = [(self.inside[e.number] * (1 if e.number in events else -1),) for e in self.events]
        order = [(self.before(*pair),) for pair in pairwise(events)]
        text = smtlib.clauses(self.formula, [*inside, *order])
        if not self._try(text):
            self.doubt = ""
            return False
        self.solver.keep(text)
        return True

    def _ever_smaller(self) -> Iterator[Shrunk]:
        """Fewest events, then fewest switches, and so on to the order of the lanes."""
        self._fewest([self.inside[e.number] for e in self.events], len(self._order()))
        yield Shrunk(self.reader, STILL)
        self._leave_out()
        if len({e.lane for e in self.events}) > 1:
            self._fewest_switches()
            yield Shrunk(self.reader, STILL)
        self._first_events()
        self._first_lanes()

    def _leave_out(self) -> None:
        """Where the events that happen are the only ones that can, looks at no others."""
        chosen = set(self._order())
        others = [self.inside[e.number] for e in self.events if e.number not in chosen]
        if others and isinstance(self.solver.ask(self._any(others)), Unsat):
            self.solver.keep(smtlib.clauses(self.formula, [(-x,) for x in others]))
            self.events = [e for e in self.events if e.number in chosen]

    def _fewest_switches(self) -> None:
        """Fewest switches between lanes, then fewest within steps."""
        self._apart()
        runs, steps = self._runs()
        self._define()
        # The literals just defined are not in the assignment that was found before.
        if self._try(smtlib.clauses(self.formula, [])):
            self._fewest(runs, self._count(runs))
            self._fewest(steps, self._count(steps))

    # ------------------------------------------------------------ asking

    def _define(self) -> None:
        """Hands the solver the definitions that were made since the last question."""
        if self.sent < len(self.formula.clauses):
            self.solver.keep(smtlib.script(self.formula, self.sent))
            self.sent = len(self.formula.clauses)

    def _try(self, text: smtlib.Script) -> bool:
        """Whether the text can hold too; then the assignment that does so is kept.

        What is not known counts as no, which leaves a doubt."""
        answer = self.solver.ask(text)
        if isinstance(answer, Sat):
            self.reader = Reader(self.query, answer.assignment)
            return True
        if isinstance(answer, Unknown):
            self.doubt = answer.reason
        return False

    def _any(self, literals: list[Literal]) -> smtlib.Script:
        """The text that one of the literals holds."""
        self._define()
        return smtlib.clauses(self.formula, [tuple(literals)])

    def _fewest(self, literals: list[Literal], count: int) -> None:
        """Makes as few of the literals true as can be, by halving; `count` of them are now."""
        self._define()
        too_few = -1
        while count - too_few > 1:
            middle = (count + too_few) // 2
            if self._try(smtlib.at_most(self.formula, middle, literals)):
                count = self._count(literals)
            else:
                too_few = middle
        self.solver.keep(smtlib.at_most(self.formula, count, literals))

    def _count(self, literals: list[Literal]) -> int:
        return sum(self.reader.holds(literal) for literal in literals)

    # ------------------------------------------------------------ switches

    def _apart(self) -> None:
        for first, second in combinations(self.events, 2):
            if first.lane != second.lane:
                ways = (
                    self.before(first.number, second.number),
                    self.before(second.number, first.number),
                )
                self.formula.add(ways, APART)

    def _runs(self) -> tuple[list[Literal], list[Literal]]:
        """A literal per lane that moves and per place where it is interrupted; those of the
        places that lie within a step once more."""
        found: list[Literal] = []
        inside: list[Literal] = []
        for number in range(len(self.graph.lanes)):
            own = [e for e in self.events if e.lane == number]
            others = [e for e in self.events if e.lane != number]
            moves = self.formula.new(f"moves_{number}")
            found.append(moves)
            for event in own:
                self.formula.implies([self.inside[event.number]], [moves], SWITCH)
            for index, event in enumerate(own):
                broken = self._broken(event, own[index + 1 :], others)
                found.append(broken)
                if any(e.where is event.where for e in own[index + 1 : index + 2] if e.where):
                    inside.append(broken)
        return found, inside

    def _broken(self, event: Event, later: list[Event], others: list[Event]) -> Literal:
        """The literal that another lane moves before the lane's next event after `event`."""
        broken = self.formula.new(f"broken_{event.number}")
        between: list[Literal] = []
        for following in later:
            body = [self.inside[event.number], self.inside[following.number]]
            for other in others:
                inside = [self.before(event.number, other.number)]
                inside += [self.before(other.number, following.number), self.inside[other.number]]
                self.formula.implies([*body, *inside], [*between, broken], SWITCH)
            between.append(self.inside[following.number])
            if set(following.guard) <= set(event.guard):
                break
        return broken

    # ------------------------------------------------------------ order

    def _first_events(self) -> None:
        """Settles which events happen: where there is a choice, those of lower number."""
        chosen = set(self._order())
        if chosen == {e.number for e in self.events}:
            return
        for event in self.events:
            literal = self.inside[event.number]
            if event.number not in self._order() and not self._try(self._any([literal])):
                literal = -literal
            self.solver.keep(self._any([literal]))

    def _first_lanes(self) -> None:
        """Gives each position of the run to the lowest lane that can have it, and within the
        lane to the event that comes first in program order."""
        remaining = sorted(self._order())
        for position in range(len(remaining)):
            event = self._order()[position]
            for other in remaining:
                if other >= event:
                    break
                if self._may_precede(other, remaining) and self._try(self._first(other, remaining)):
                    event = other
                    break
            self.solver.keep(self._first(event, remaining))
            remaining.remove(event)

    def _may_precede(self, event: int, remaining: list[int]) -> bool:
        """Whether an event can be the next: without store buffers only a lane's first one."""
        lane = self.graph.events[event].lane
        first = next(e for e in remaining if self.graph.events[e].lane == lane)
        return event == first or self.encoding.model.store_buffers

    def _first(self, event: int, remaining: list[int]) -> smtlib.Script:
        """The text that an event is the first of those that remain."""
        orders = [(self.before(event, other),) for other in remaining if other != event]
        return smtlib.clauses(self.formula, orders)

    def _order(self) -> list[int]:
        return [e.number for e in self.reader.events() if not e.is_local]

    # ------------------------------------------------------------ choices

    def _first_choices(self) -> None:
        """Makes each choice that matters to the run the earliest one possible."""
        for number, choice in enumerate(self.graph.choices):
            if not choice.scheduled or not self.reader.guard(choice.guard):
                continue
            for literal in self.encoding.of(Chosen(number)).values():
                if self.reader.holds(literal) or self._try(self._any([literal])):
                    self.solver.keep(self._any([literal]))
                    break

    # ------------------------------------------------------------ sleeps

    def _first_sleeps(self) -> None:
        """Lets a lane fall asleep only where the run needs it, and then before the earliest event
        that it can."""
        for sleep in self.query.sleeps:
            if not self.reader.holds(sleep.literal) or self._try(self._any([-sleep.literal])):
                self.solver.keep(self._any([-sleep.literal]))
                continue
            self.solver.keep(self._any([sleep.literal]))
            for event in self._order():
                earlier = self.formula.before(self.clock, sleep.node, event)
                if self._try(self._any([earlier])):
                    self.solver.keep(self._any([earlier]))
                    break
