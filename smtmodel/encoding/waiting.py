"""Reads that wait for a value, awake or asleep, and lanes that wait for one another for ever.

Takes an encoding and its reads that wait, or a question under construction; gives literals. A
deadlock is a set of lanes of which each stands at a step that waits for another of the set, or
for a value that only lanes of the set, or lanes that have ended, could write, or sleeps until one
of these wakes it. Falling asleep is no event: an execution without a sleep that has come to an end
is an execution too, so only this question asks whether and when a lane has fallen asleep.
"""

from collections.abc import Iterable

from smtmodel.encoding.formula import FALSE, Literal, Node, Reason
from smtmodel.encoding.instants import excludes
from smtmodel.encoding.query import Draft, Query, Sleep
from smtmodel.encoding.snapshot import Snapshot
from smtmodel.encoding.state import Encoding
from smtmodel.events.graph import Event, FieldOf, Kind, Wait
from smtmodel.events.operators import NATURAL
from smtmodel.events.terms import Apply, Returned, Select, Term
from smtmodel.language import checked as lang
from smtmodel.language.writers import wakers, writers

AWAITED = "a read that waits happens only when its value satisfies the condition"
STUCK = Reason("a lane of a deadlock waits for another, or for no lane at all")


def constrain(encoding: Encoding) -> None:
    """States that no read that waits returns what it does not wait for."""
    for event in encoding.graph.events:
        if event.kind is Kind.READ and event.condition is not None:
            false = _false(encoding, event, event.number)
            encoding.formula.implies(
                [encoding.happens(event.number)], [-false], Reason(AWAITED, event.span)
            )


def _false(encoding: Encoding, event: Event, read: int) -> Literal:
    """The literal that the condition of `event` is defined and false of what `read` returns."""
    assert event.condition is not None
    term = _about(event.condition, event, read)
    return encoding.split(term)[1]


def _about(term: Term, event: Event, read: int) -> Term:
    """A condition about another read than that of the event, and undefined where it is an error
    of the run."""
    match term:
        case Returned(number, component) if number == event.number:
            value = Returned(read, component)
            return Apply("judged", (value,)) if isinstance(event.address, FieldOf) else value
        case Apply(operator, (left, right)) if operator in NATURAL:
            natural = Apply("natural", (_about(left, event, read),))
            return Apply(operator, (natural, _about(right, event, read)))
        case Apply(operator, operands):
            return Apply(operator, tuple(_about(one, event, read) for one in operands))
        case Select(guard, then, otherwise):
            return Select(guard, _about(then, event, read), _about(otherwise, event, read))
        case _:
            return term


# ---------------------------------------------------------------- deadlock


def deadlock(base: Encoding) -> Query:
    """The executions in which some lanes wait for ever; the others may be anywhere."""
    return _Deadlock(base).query()


class _Deadlock:
    """`lanes` has for each lane the literal that it is one of those that wait for ever."""

    def __init__(self, base: Encoding) -> None:
        self.draft = Draft(base, lang.DEADLOCK)
        self.encoding, self.formula = self.draft.encoding, self.draft.formula
        self.graph = base.graph
        self.waits: dict[int, list[Wait]] = {}
        for wait in self.graph.waits:
            lane = self.graph.events[wait.event].lane
            if self.graph.lanes[lane].defers is None:
                self.waits.setdefault(lane, []).append(wait)
        self.lanes = {lane: self.formula.new(f"waits_{lane}") for lane in self.waits}
        self.asleep: dict[int, Snapshot] = {}

    def query(self) -> Query:
        formula, snapshot = self.formula, self.draft.snapshot
        for lane, waits in self.waits.items():
            ways = [formula.all_of((self._at(wait), self._hopeless(wait))) for wait in waits]
            formula.implies([self.lanes[lane]], ways, STUCK)
            self._over(lane, self.lanes[lane])
        self.draft.require(formula.any_of(self.lanes.values()))
        self.draft.final = True
        snapshot.outside_atomic()
        return self.draft.query()

    def _over(self, lane: int, literal: Literal) -> None:
        """States that where the literal holds the lane has no event after the end."""
        graph = self.graph.lanes[lane]
        for number in range(graph.first, graph.last):
            both = literal, self.encoding.happens(number)
            self.formula.implies(both, [self.draft.happened(number)], STUCK)

    def _at(self, wait: Wait) -> Literal:
        """The literal that a lane comes to a step at which it may wait, and no further."""
        encoding = self.encoding
        return self.formula.all_of((encoding.holds(wait.guard), -encoding.happens(wait.event)))

    def _hopeless(self, wait: Wait) -> Literal:
        """The literal that what the lane waits for will not come."""
        event = self.graph.events[wait.event]
        ways = list(self._interrupted(event))
        match event.kind:
            case Kind.LOCK:
                ways += self._locked(event)
            case Kind.INTERRUPT:
                ways += self._occupied(event)
            case Kind.GRACE_END:
                ways += self._read(event)
            case Kind.READ if event.name:
                ways.append(self._sleeps(wait))
            case Kind.READ if event.condition is not None:
                ways.append(self._unwritten(event))
            case _:
                pass
        return self.formula.any_of(ways)

    def _open(self, start: Event, end: Kind) -> Literal:
        """The literal that what an event of a waiting lane began has no end."""
        if start.lane not in self.lanes:
            return FALSE
        ends = [e for e in self.graph.events if e.kind is end and start.number in e.partners]
        over = [-self.encoding.happens(e.number) for e in ends]
        return self.formula.all_of((self.lanes[start.lane], *over))

    def _others(self, event: Event, *kinds: Kind) -> Iterable[Event]:
        for other in self.graph.events:
            if other.kind in kinds and other.lane != event.lane and other.name == event.name:
                yield other

    def _interrupted(self, event: Event) -> Iterable[Literal]:
        """By a round of an interrupt that does not end."""
        lane = self.graph.lanes[event.lane].lane.name
        for other in self.graph.events:
            if other.kind is Kind.INTERRUPT and other.name == lane:
                happens = self.encoding.happens(other.number)
                yield self.formula.all_of((happens, self._open(other, Kind.RESUME)))

    def _occupied(self, event: Event) -> Iterable[Literal]:
        """The lane to interrupt is interrupted, by a round that does not end, or keeps interrupts
        off for ever."""
        for other in self._others(event, Kind.INTERRUPT, Kind.MASK):
            end = Kind.RESUME if other.kind is Kind.INTERRUPT else Kind.UNMASK
            happens = self.encoding.happens(other.number)
            yield self.formula.all_of((happens, self._open(other, end)))

    def _locked(self, event: Event) -> Iterable[Literal]:
        """The lock is held; or, for a reader that does not interrupt, a writer waits for it."""
        for other in self._others(event, Kind.LOCK, Kind.TRY):
            if excludes(other, event):
                taken, same = self.draft.instants.taken(other), self._same(other, event)
                yield self.formula.all_of((taken, same, self._open(other, Kind.UNLOCK)))
        yield from self.draft.instants.own(event)
        if event.shared and self.graph.lanes[event.lane].lane.interrupts is None:
            for wait in (one for waits in self.waits.values() for one in waits):
                other = self.graph.events[wait.event]
                writes = other.kind is Kind.LOCK and not other.shared
                if writes and other.name == event.name and other.lane != event.lane:
                    same = self._same(other, event)
                    yield self.formula.all_of((self.lanes[other.lane], same, self._at(wait)))

    def _same(self, first: Event, second: Event) -> Literal:
        return self.draft.instants.alike(first, second)

    def _read(self, event: Event) -> Iterable[Literal]:
        """A section that the grace period found open is not left."""
        for other in self._others(event, Kind.ENTER):
            entered = self.draft.instants.before(other.number, event.partners[0])
            happens = self.encoding.happens(other.number)
            yield self.formula.all_of((happens, entered, self._open(other, Kind.LEAVE)))

    def _unwritten(self, event: Event) -> Literal:
        """The condition is false, and no lane is left that could write what it reads."""
        assert event.awaited is not None
        assert event.address is not None
        read = self.draft.snapshot.observe(event.address)
        self.draft.snapshot.constrain()
        over = self._none_left(event, writers(self.graph.protocol, event.awaited))
        return self.formula.all_of((over, _false(self.encoding, event, read)))

    def _none_left(self, event: Event, kinds: frozenset[str]) -> Literal:
        """The literal that each other lane of these kinds waits for ever or has ended."""
        return self.formula.all_of(
            self.formula.any_of((self.lanes.get(number, FALSE), self._ended(number)))
            for number, graph in enumerate(self.graph.lanes)
            if graph.lane.kind.name in kinds and number != event.lane
        )

    def _sleeps(self, wait: Wait) -> Literal:
        """The literal that the lane has found the condition false and fallen asleep, after all that
        could wake it, and that no lane is left that could."""
        event = self.graph.events[wait.event]
        assert event.address is not None
        asleep = self._falling_asleep(event.lane)
        read = asleep.observe(event.address)
        asleep.constrain()
        literal = self.formula.all_of(
            (
                self.lanes[event.lane],
                self._at(wait),
                self._none_left(event, wakers(self.graph.protocol, event.name)),
                _false(self.encoding, event, read),
                self.draft.instants.before(asleep.node, self.draft.node),
                *self._earlier(event, asleep.node),
                *self._uninterrupted(event, asleep.node),
            )
        )
        self.draft.sleeps = (*self.draft.sleeps, Sleep(event.lane, str(asleep.node), literal))
        return literal

    def _earlier(self, event: Event, asleep: Node) -> Iterable[Literal]:
        """That its own events and its queue's wake-ups come before the lane falls asleep."""
        lane = self.graph.lanes[event.lane]
        for other in self.graph.events:
            own = lane.first <= other.number < lane.last
            if own or (other.kind is Kind.WAKE and other.name == event.name):
                before = self.draft.instants.before(other.number, asleep)
                yield self.formula.any_of((-self.encoding.happens(other.number), before))

    def _falling_asleep(self, lane: int) -> Snapshot:
        """The point on the clock at which a lane falls asleep for the last time, if it does."""
        if lane not in self.asleep:
            self.asleep[lane] = Snapshot(self.encoding, None)
            self.asleep[lane].outside_atomic()
        return self.asleep[lane]

    def _uninterrupted(self, event: Event, asleep: Node) -> Iterable[Literal]:
        """That no round interrupts the lane as it falls asleep."""
        lane = self.graph.lanes[event.lane].lane.name
        ends = [e for e in self.graph.events if e.kind is Kind.RESUME]
        for begin in self.graph.events:
            if begin.kind is Kind.INTERRUPT and begin.name == lane:
                yield self.formula.any_of(
                    (
                        -self.encoding.happens(begin.number),
                        self.draft.instants.before(asleep, begin.number),
                        self.draft.instants.ended(begin.number, ends, asleep),
                    )
                )

    def _ended(self, lane: int) -> Literal:
        """The literal that a lane has run to its end at the end."""
        graph = self.graph.lanes[lane]
        events = range(graph.first, graph.last)
        done = [
            self.formula.any_of((-self.encoding.happens(e), self.draft.happened(e))) for e in events
        ]
        return self.formula.all_of((self.encoding.holds(graph.end), *done))
