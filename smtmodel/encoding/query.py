"""A question about executions under construction, and the query that it becomes.

A query is satisfiable where some execution does what it asks. It names the point on the
clock at which this has happened (`end`): what comes after it need not be looked at.
"""

from smtmodel.encoding.formula import Literal, Reason
from smtmodel.encoding.instants import Instants
from smtmodel.encoding.snapshot import Snapshot
from smtmodel.encoding.state import Encoding
from smtmodel.events.graph import Event, Kind, Stop
from smtmodel.language import checked as lang
from smtmodel.language.ast import When
from smtmodel.source.record import record

GOAL = Reason("the question that is asked")


@record
class Sleep:
    """Where the literal holds, a lane falls asleep at a point on the clock."""

    lane: int
    node: str
    literal: Literal


@record
class Query:
    """`first` is the number of the first clause that the question adds to the encoding.

    `final`: lanes that run to their end without any event have done so. `judged`: the local
    events of which one must have happened, `stop` the built-in property at which a lane must
    have stopped. `sleeps`: the moves of lanes that fall asleep, which are no events.
    """

    what: str
    encoding: Encoding
    first: int
    end: str
    final: bool = False
    judged: tuple[int, ...] = ()
    stop: str = ""
    sleeps: tuple[Sleep, ...] = ()


class Draft:
    """A query under construction."""

    def __init__(self, base: Encoding, what: str, lane: str | None = None) -> None:
        self.what = what
        self.first = len(base.formula.clauses)
        self.encoding = base.fork()
        self.formula = self.encoding.formula
        self.graph = self.encoding.graph
        self.instants = Instants(self.encoding)
        self.snapshot = Snapshot(self.encoding, lane)
        self.node = str(self.snapshot.node)
        self.final = False
        self.judged: tuple[int, ...] = ()
        self.stop = ""
        self.sleeps: tuple[Sleep, ...] = ()

    def require(self, *literals: Literal) -> None:
        """States that each of these holds."""
        for literal in literals:
            self.formula.add((literal,), GOAL)

    def true(self, expression: lang.Expression) -> Literal:
        """The literal that a snapshot expression is defined and true."""
        term = self.snapshot.term(expression)
        self.snapshot.constrain()
        return self.encoding.split(term)[0]

    def defined(self, expression: lang.Expression) -> Literal:
        """The literal that a snapshot expression is defined."""
        term = self.snapshot.term(expression)
        self.snapshot.constrain()
        return self.formula.any_of(self.encoding.split(term))

    def happened(self, event: int) -> Literal:
        """The literal that an event happens, at the latest at the end."""
        before = self.formula.before(self.instants.clock, event, self.node)
        return self.formula.all_of((self.encoding.happens(event), before))

    def complete(self) -> list[Literal]:
        """The literals that every lane runs to its end."""
        return [self.encoding.holds(lane.end) for lane in self.graph.lanes]

    def stopped(self, stop: Stop) -> Literal:
        """The literal that a lane comes to a stop and no further, whatever the end."""
        return self.formula.all_of(
            (self.encoding.holds(stop.guard), -self.encoding.holds(stop.passed))
        )

    def settled(self) -> Literal:
        """The literal that no update is in progress at the end.

        Its negation says that one is only where no begin or return has the end's clock.
        """
        parts = []
        for begin, end in self.updates():
            later = self.formula.before(self.instants.clock, self.node, begin.number)
            absent = -self.encoding.happens(begin.number)
            parts.append(self.formula.any_of((absent, later, self.happened(end.number))))
        return self.formula.all_of(parts)

    def returned(self) -> Literal:
        """The literal that some update has returned at the end."""
        return self.formula.any_of([self.happened(end.number) for _, end in self.updates()])

    def updates(self) -> list[tuple[Event, Event]]:
        """The begin and the return of each update."""
        begins = [e for e in self.graph.events if e.kind is Kind.BEGIN]
        ends = {(e.lane, e.round): e for e in self.graph.events if e.kind is Kind.RETURN}
        return [(begin, ends[begin.lane, begin.round]) for begin in begins]

    def when(self, when: When) -> None:
        """Places the end at an instant at which a property of this kind is judged."""
        match when:
            case When.ALWAYS:
                self.snapshot.outside_atomic()
            case When.SETTLED:
                self.snapshot.outside_atomic()
                self.require(self.settled())
            case When.FINALLY:
                self.final = True
                self.require(*self.complete())
                self.snapshot.after_everything()

    def query(self) -> Query:
        return Query(
            self.what,
            self.encoding,
            self.first,
            self.node,
            self.final,
            self.judged,
            self.stop,
            self.sleeps,
        )

    def one_of(self, judged: list[Event]) -> None:
        """States that one of these local events happens, at the latest at the end."""
        self.judged = tuple(event.number for event in judged)
        self.require(self.formula.any_of([self.local(event) for event in judged]))

    def local(self, event: Event) -> Literal:
        """The literal that a local event has happened, with the event that it belongs to.

        That is the lane's event before it, or its first one; a lane without any must have come
        to its end or have stopped.
        """
        encoding, lane = self.encoding, self.graph.lanes[event.lane]
        own = [e for e in self.graph.events[lane.first : lane.last] if not e.is_local]
        earlier = [e for e in own if e.number < event.number]
        if any(encoding.domains.implied(e.guard, event.guard) for e in earlier):
            return self.happened(event.number)
        still = [encoding.holds(lane.end)]
        for stop in self.graph.stops:
            if stop.lane == event.lane:
                still.append(self.stopped(stop))
        none = [-encoding.happens(e.number) for e in own]
        ways = [encoding.happens(e.number) for e in earlier]
        ways += [self.happened(e.number) for e in own if e not in earlier]
        ways.append(self.formula.all_of((*none, self.formula.any_of(still))))
        return self.formula.all_of((self.happened(event.number), self.formula.any_of(ways)))
