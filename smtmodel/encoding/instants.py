"""What lies on the clock of the instants besides accesses: grace periods, locks, interrupts,
atomic blocks, tokens, and the instants at which no update is in progress.

All of it is stated with order atoms of the axiom that the model names as its instants; every
order is stated positively, so that events with equal clocks may be run in any order.
"""

from smtmodel.encoding.adjacency import together
from smtmodel.encoding.formula import FALSE, TRUE, Literal, Node, Reason
from smtmodel.encoding.objects import Objects
from smtmodel.encoding.snapshot import Snapshot
from smtmodel.encoding.state import Encoding, Literals
from smtmodel.events.graph import LOCAL_KINDS, Event, Kind
from smtmodel.events.terms import Apply, Special, Term
from smtmodel.language.checked import TOKEN_BASE

SECTION = "a grace period ends after every read section that began before it has been left"
EXCLUSION = "critical sections of one lock do not overlap"
TRY = "a try fails only while another lane holds the lock"
DEFERRED = "a deferred free comes after the step that asks for it"
INTERRUPTED = "a lane has no event while it is interrupted"
ONE_INTERRUPT = "interrupts of one lane do not overlap"
MASKED = "nothing interrupts a lane that keeps interrupts off"
ATOMIC = "no other lane's event lies inside an atomic block, or between a ghost and its event"
TOKENS = "tokens are numbered in the order of their fresh events"
SETTLED = "settled(E) is E at the latest instant with no update in progress"


def excludes(first: Event, second: Event) -> bool:
    """Whether two events of different lanes cannot hold the same lock, or interrupt, at once."""
    apart = first.name == second.name and first.lane != second.lane
    return apart and not (first.shared and second.shared)


class Instants:
    """States the constraints over one encoding."""

    def __init__(self, encoding: Encoding) -> None:
        self.encoding = encoding
        self.formula = encoding.formula
        self.events = encoding.graph.events
        assert encoding.model.instants is not None
        self.clock = encoding.model.instants
        self.observations: list[tuple[Event, list[tuple[int, Snapshot, Term]]]] = []

    def before(self, first: Node, second: Node) -> Literal:
        return self.formula.before(self.clock, first, second)

    def _of(self, *kinds: Kind) -> list[Event]:
        return [event for event in self.events if event.kind in kinds]

    def ended(self, event: int, ends: list[Event], by: Node) -> Literal:
        """The literal that one of the ends of what `event` began happens before `by`."""
        every = self.formula.all_of
        return self.formula.any_of(
            [
                every((self.encoding.happens(end.number), self.before(end.number, by)))
                for end in ends
                if event in end.partners
            ]
        )

    # ------------------------------------------------------------ before the reads

    def allocate(self) -> None:
        """Gives literals to tokens and to what `settled` may yield."""
        for event in self._of(Kind.FRESH):
            self.encoding.tokens[event.number] = self._token(event)
        for event in self._of(Kind.SETTLED):
            self._observe(event)

    def _token(self, event: Event) -> Literals:
        fresh = self._of(Kind.FRESH)
        if all(e.lane == event.lane for e in fresh):
            earlier = [e for e in fresh if e.number < event.number]
            if all(set(e.guard) <= set(event.guard) for e in earlier):
                return {TOKEN_BASE + len(earlier) + 1: TRUE}
        return {
            TOKEN_BASE + n + 1: self.formula.new(f"token_{event.number}_{n + 1}")
            for n in range(len(fresh))
        }

    def _observe(self, event: Event) -> None:
        """The instants at which E may be taken: at this event, or as an update begins."""
        assert event.observed is not None
        lane = self.encoding.graph.lanes[event.lane].lane.name
        views: list[tuple[int, Snapshot, Term]] = []
        for at in [event, *self._of(Kind.BEGIN)]:
            snapshot = Snapshot(self.encoding, lane)
            term = snapshot.term(event.observed)
            views.append((at.number, snapshot, term))
        found = self.encoding.domains.settled[event.number]
        constants = [constant for constant in found if constant is not Special.NOTHING]
        literals: Literals = {
            constant: self.formula.new(f"settled_{event.number}_{index}")
            for index, constant in enumerate(constants)
        }
        literals[Special.NOTHING] = -self.formula.any_of(literals.values())
        self.encoding.settled[event.number] = literals
        self.observations.append((event, views))

    # ------------------------------------------------------------ after the reads

    def constrain(self) -> None:
        """States everything."""
        self._grace_periods()
        self._locks()
        self._tries()
        self._interrupts()
        self._atomic()
        self._tokens()
        Objects(self.encoding).constrain()
        for event, views in self.observations:
            self._settled(event, views)

    def _grace_periods(self) -> None:
        leaves = self._of(Kind.LEAVE)
        deferred = [event for event in self._of(Kind.FREE) if event.partners]
        for free in deferred:
            happens = self.encoding.happens(free.number)
            asked = self.before(free.partners[0], free.number)
            self.formula.implies([happens], [asked], Reason(DEFERRED, free.span))
        for end in [*self._of(Kind.GRACE_END), *deferred]:
            reason = Reason(SECTION, end.span)
            for enter in self._of(Kind.ENTER):
                if enter.name == end.name and enter.lane != end.lane:
                    both = (
                        self.encoding.happens(end.number),
                        self.encoding.happens(enter.number),
                    )
                    left = self.ended(enter.number, leaves, end.number)
                    later = self.before(end.partners[0], enter.number)
                    self.formula.implies(both, [left, later], reason)

    def taken(self, event: Event) -> Literal:
        """The literal that a LOCK or TRY takes its lock."""
        return self.formula.all_of(
            (self.encoding.happens(event.number), self.encoding.succeeds(event))
        )

    def alike(self, first: Event, second: Event) -> Literal:
        """The literal that two events name one lock of several, or one object."""
        if first.pointer is None or second.pointer is None:
            return TRUE
        ours, theirs = self.encoding.of(first.pointer), self.encoding.of(second.pointer)
        pairs = [(ours[one], theirs[one]) for one in ours if one in theirs]
        return self.formula.any_of([self.formula.all_of(pair) for pair in pairs])

    def own(self, event: Event) -> list[Literal]:
        """For each event of the lane that may have taken the lock which `event` wants, by another
        name, the literal that it has."""
        outer = [self.events[number] for number in event.outer]
        return [
            self.formula.all_of((self.taken(one), self.alike(one, event)))
            for one in outer
            if not (one.shared and event.shared)
        ]

    def _locks(self) -> None:
        taking = self._of(Kind.LOCK, Kind.TRY)
        releases = self._of(Kind.UNLOCK)
        for event in taking:
            for held in self.own(event):
                reason = Reason(EXCLUSION, event.span)
                self.formula.implies([self.taken(event)], [-held], reason)
        for index, first in enumerate(taking):
            for second in taking[index + 1 :]:
                if excludes(first, second):
                    ways = [
                        self.ended(first.number, releases, second.number),
                        self.ended(second.number, releases, first.number),
                    ]
                    both = (self.taken(first), self.taken(second), self.alike(first, second))
                    self.formula.implies(both, ways, Reason(EXCLUSION, second.span))

    def _tries(self) -> None:
        releases = self._of(Kind.UNLOCK)
        for event in self._of(Kind.TRY):
            failed = (self.encoding.happens(event.number), -self.encoding.succeeds(event))
            holders = [
                self.formula.all_of(
                    (self.holding(other, releases, event.number), self.alike(other, event))
                )
                for other in self._of(Kind.LOCK, Kind.TRY)
                if excludes(other, event)
            ]
            holders += self.own(event)
            self.formula.implies(failed, holders, Reason(TRY, event.span))

    def holding(self, event: Event, releases: list[Event], at: int) -> Literal:
        """The literal that the lock that `event` takes is held at `at`."""
        later = [
            self.formula.any_of(
                (-self.encoding.happens(release.number), self.before(at, release.number))
            )
            for release in releases
            if event.number in release.partners
        ]
        return self.formula.all_of((self.taken(event), self.before(event.number, at), *later))

    def _interrupts(self) -> None:
        """Rounds that interrupt a lane, and what that lane does with interrupts off, lie apart;
        the `name` of each of these events is that lane."""
        ends = self._of(Kind.RESUME, Kind.UNMASK)
        interrupts = self._of(Kind.INTERRUPT)
        masks = self._of(Kind.MASK)
        lanes = self.encoding.graph.lanes
        for index, begin in enumerate(interrupts):
            for event in self.events:
                if lanes[event.lane].lane.name == begin.name and event.kind not in LOCAL_KINDS:
                    both = self.encoding.happens(begin.number), self.encoding.happens(event.number)
                    ways = [
                        self.before(event.number, begin.number),
                        self.ended(begin.number, ends, event.number),
                    ]
                    self.formula.implies(both, ways, Reason(INTERRUPTED, event.span))
            for other in (*interrupts[index + 1 :], *masks):
                if excludes(begin, other):
                    both = self.encoding.happens(begin.number), self.encoding.happens(other.number)
                    ways = [
                        self.ended(begin.number, ends, other.number),
                        self.ended(other.number, ends, begin.number),
                    ]
                    masked = other.kind is Kind.MASK
                    self.formula.implies(both, ways, Reason(MASKED if masked else ONE_INTERRUPT))

    def _atomic(self) -> None:
        for pair in together(self.encoding):
            event = self.events[pair.first]
            reason = Reason(ATOMIC, event.span)
            for other in self.events:
                if other.lane != event.lane:
                    ways = [
                        self.before(other.number, pair.first),
                        self.before(pair.second, other.number),
                    ]
                    happens = self.encoding.happens(other.number)
                    self.formula.implies((*pair.body, happens), ways, reason)

    # ------------------------------------------------------------ tokens

    def _tokens(self) -> None:
        fresh = self._of(Kind.FRESH)
        for event in fresh:
            literals = self.encoding.tokens[event.number]
            if TRUE in literals.values():
                continue
            reason = Reason(TOKENS, event.span)
            counts = self._count([self._earlier(e, event) for e in fresh if e is not event])
            happens = self.encoding.happens(event.number)
            for number, literal in enumerate(literals.values()):
                self.formula.implies((happens, literal), [counts[number]], reason)
                self.formula.implies((happens, counts[number]), [literal], reason)

    def _earlier(self, first: Event, second: Event) -> Literal:
        """The literal that `first` happens, and before `second`; one is before the other."""
        happens = self.encoding.happens(first.number)
        if first.lane == second.lane:
            return happens if first.number < second.number else FALSE
        self._apart(first.number, second.number)
        return self.formula.all_of((happens, self.before(first.number, second.number)))

    def _apart(self, first: int, second: int) -> None:
        """Two events are one before the other, so that an order atom may be negated."""
        ways = (self.before(first, second), self.before(second, first))
        self.formula.add(ways, Reason("of two events one is before the other"))

    def _count(self, literals: list[Literal]) -> list[Literal]:
        """The literals that exactly 0, 1, 2, … of these hold."""
        every, some = self.formula.all_of, self.formula.any_of
        counts = [TRUE]
        for literal in literals:
            more = [FALSE, *(every((c, literal)) for c in counts)]
            same = [*(every((c, -literal)) for c in counts), FALSE]
            counts = [some(pair) for pair in zip(more, same, strict=True)]
        return counts

    # ------------------------------------------------------------ settled

    def quiet(self, at: int) -> Literal:
        """The literal that no update is in progress just before `at` (an event)."""
        returns = self._of(Kind.RETURN)
        parts = []
        for begin in self._of(Kind.BEGIN):
            if begin.number != at:
                self._apart(begin.number, at)
                end = next(r for r in returns if r.lane == begin.lane and r.round == begin.round)
                if end.number != at:
                    self._apart(end.number, at)
                done = self.formula.all_of(
                    (self.encoding.happens(end.number), self.before(end.number, at))
                )
                absent = -self.encoding.happens(begin.number)
                parts.append(self.formula.any_of((absent, self.before(at, begin.number), done)))
        return self.formula.all_of(parts)

    def _settled(self, event: Event, views: list[tuple[int, Snapshot, Term]]) -> None:
        """Exactly one view is taken: the latest quiet one not after the event."""
        reason = Reason(SETTLED, event.span)
        happens = self.encoding.happens(event.number)
        latest: list[tuple[int, Literal]] = []
        for at, _, _ in views:
            parts = [self.quiet(at)]
            if at != event.number:
                self._apart(at, event.number)
                parts += [self.encoding.happens(at), self.before(at, event.number)]
            latest.append((at, self.formula.all_of(parts)))
        for (at, snapshot, term), (_, usable) in zip(views, latest, strict=True):
            overtaken = [
                self.formula.all_of((other, self._later(at, event.number, then)))
                for then, other in latest
                if then != at
            ]
            taken = self.formula.all_of((happens, usable, *(-o for o in overtaken)))
            self._view(event, at, snapshot, term, taken, reason)

    def _later(self, at: int, last: int, then: int) -> Literal:
        """That view `then` is later than view `at`; the event itself is the latest."""
        if then == last:
            return TRUE
        if at == last:
            return FALSE
        self._apart(at, then)
        return self.before(at, then)

    def _view(
        self,
        event: Event,
        at: int,
        snapshot: Snapshot,
        term: Term,
        taken: Literal,
        reason: Reason,
    ) -> None:
        """Where a view is taken, memory is as it is just before `at`, and E is its value."""
        formula = self.formula
        node = snapshot.node
        formula.implies([taken], [formula.before(self.clock, node, at)], reason)
        writers = {
            write
            for read in snapshot.reads
            for location in self.encoding.domains.locations[read.number]
            for write in self.encoding.domains.writers.get(location, ())
        }
        for write in sorted(writers - {at}):
            ways = [formula.before(self.clock, write, node), self.before(at, write)]
            formula.implies((taken, self.encoding.happens(write)), ways, reason)
        snapshot.constrain(taken)
        values = self.encoding.of(Apply("kept", (term,)))
        for constant, literal in self.encoding.settled[event.number].items():
            if constant is not Special.NOTHING:
                here = values.get(constant, FALSE)
                formula.implies((taken, here), [literal], reason)
                formula.implies((taken, literal), [here], reason)
