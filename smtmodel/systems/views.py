"""What one lane of a kind sees of a system with any number of lanes of that kind.

A view is a state without what belongs to the other lanes of the kind. Of them it knows only that
one of them holds a lock. In a system with two lanes of the kind one is `seen`; the other is
`unseen`: it stands for all others, has no edges and never begins, and holds a lock where any of
them does. Guards about what is not seen are left out, so that more may happen in views than in any
state. What the others do to a view is in `smtmodel.systems.interference`.

That more lanes add nothing else is not taken on trust. The system with three lanes, without what
belongs to the third, has to be the one with two: the same edges, word by word.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import product

from smtmodel.executions.terms import Computed, Immediate, Register, Term, registers_in
from smtmodel.executions.values import Value
from smtmodel.language.ast import When
from smtmodel.language.checked import (
    DEADLOCK,
    Checked,
    LaneKind,
    LaneNumber,
    Never,
    Property,
)
from smtmodel.language.independence import Independent, independence
from smtmodel.language.numbered import counted
from smtmodel.language.types import Pointer
from smtmodel.source.record import parts, record, replace, rewritten
from smtmodel.systems.canonical import State
from smtmodel.systems.lanes import bad_form, edge_form, entries, exchanged, same
from smtmodel.systems.room import Room
from smtmodel.systems.slicing import sliced
from smtmodel.systems.system import Bad, Edge, Exchange, NotCovered, Quantity, Sort, System
from smtmodel.systems.translate import room_of, system_of

ENDS = "it is about the end of all lanes of a kind"
WAITS = "it is about all lanes of a kind, of which one is looked at"
SEVERAL = "it is about several lanes of a kind at once"


@record
class Viewed:
    """A kind of lanes, by its bound: the exchange of the lane that is seen with the one that stands
    for all others, and the quantities that the one that is seen has to itself."""

    bound: str
    exchange: Exchange
    own: frozenset[int]

    @property
    def seen(self) -> int:
        return self.exchange.first

    @property
    def unseen(self) -> int:
        return self.exchange.second


@record
class Views:
    """`pair` is a system with two lanes of each of the kinds; `system` is what one of each sees of
    any number. In states of it the quantities in `hidden` are as they begin."""

    pair: System
    system: System
    kinds: tuple[Viewed, ...]
    hidden: frozenset[int]

    def about(self, names: Collection[str]) -> "Views":
        """The views of the part of the systems that these properties depend on."""
        pair, system = sliced(self.pair, names), sliced(self.system, names)
        return replace(self, pair=pair, system=system)

    def of(self, states: Iterable[State]) -> Iterator[State]:
        """What single lanes see of states of the pair."""
        start = [quantity.initial for quantity in self.system.quantities]
        for state in states:
            for which in product((False, True), repeat=len(self.kinds)):
                values: Sequence[Value] = state
                for kind, other in zip(self.kinds, which, strict=True):
                    values = exchanged(kind.exchange, values) if other else values
                pairs = enumerate(zip(values, start, strict=True))
                yield tuple(first if n in self.hidden else value for n, (value, first) in pairs)


@record
class NotSeen:
    """Why lanes of a protocol are not looked at one by one."""

    reason: str


class NotSeenError(Exception):
    """Ends the making of views."""


def views_of(protocol: Checked) -> Views | NotSeen:
    """The views of a protocol by one lane of each kind whose lanes something couples, be it not
    their numbers."""
    kinds = tuple(kind for kind in protocol.kinds if _is_viewed(protocol, kind))
    if not kinds:
        return NotSeen("nothing but their numbers couples lanes")
    try:
        return _views(protocol, kinds)
    except NotSeenError as error:
        return NotSeen(str(error))


def _is_viewed(protocol: Checked, kind: LaneKind) -> bool:
    """Whether lanes of the kind are coupled, and neither steps nor properties know their number."""
    judged = [one for one in protocol.properties if getattr(one, "lanes", None) == kind.name]
    blocks = tuple(protocol.block(name) for name in kind.blocks)
    numbered = any(isinstance(one, LaneNumber) for one in parts((tuple(judged), blocks)))
    free = isinstance(independence(protocol, kind), Independent)
    runs = protocol.bounds.count(kind.bound) > 0
    return runs and not (kind.updates or free or numbered or kind.name in counted(protocol))


def _at_end(prop: Property) -> bool:
    return isinstance(prop, Never) and prop.when is When.FINALLY


def _views(protocol: Checked, kinds: Sequence[LaneKind]) -> Views:
    kept = tuple(one for one in protocol.properties if not _at_end(one))
    judged = replace(protocol, properties=kept)
    two, three = (_counting(judged, kinds, count) for count in (2, 3))
    room = room_of(two)
    for kind in kinds:
        _refuse(room, kind)
    pair = _system(two)
    known = same(pair)
    viewed = tuple(_viewed(room, known, kind) for kind in kinds)
    for one in viewed:
        _refuse_steps(room, pair, one)
    hidden = belonging(room, {kind.unseen for kind in viewed})
    _compare(pair, _without_third(room_of(three), _system(three), kinds))
    seen = _seen(pair, viewed, hidden)
    ends = tuple((one.name, ENDS) for one in protocol.properties if _at_end(one))
    return Views(pair, replace(seen, undecided=seen.undecided + ends), viewed, hidden)


def _counting(protocol: Checked, kinds: Sequence[LaneKind], count: int) -> Checked:
    """The protocol with so many lanes of each of the kinds."""
    bounds, names = protocol.bounds, {kind.bound for kind in kinds}
    lanes = tuple((name, count if name in names else known) for name, known in bounds.lanes)
    return replace(protocol, bounds=replace(bounds, lanes=lanes))


def _system(protocol: Checked) -> System:
    system = system_of(protocol)
    if isinstance(system, NotCovered):
        raise NotSeenError(system.reason)
    return system


def _viewed(room: Room, known: Iterable[Exchange], kind: LaneKind) -> Viewed:
    first = _first(room, kind)
    for exchange in known:
        if exchange.first == first:
            own = belonging(room, {first}) - belonging(room, {exchange.second})
            return Viewed(kind.bound, exchange, own)
    raise NotSeenError(f"{kind.name} lanes do not change places")


def _first(room: Room, kind: LaneKind) -> int:
    return next(n for n, lane in enumerate(room.layout.lanes) if lane.kind == kind)


def belonging(room: Room, lanes: Collection[int]) -> frozenset[int]:
    """The quantities that belong to one of these lanes, be it together with another."""
    owners = [(n, lane) for lane, n in enumerate(room.places)]
    owners += [(n, lane) for (_, lane), n in room.readers.items()]
    owners += [(n, lane) for (lane, _), n in room.open.items()]
    owners += [(n, lane) for lane, n in (*room.depth.items(), *room.rounds.items())]
    owners += [(n, lane) for key, n in room.waits.items() for lane in key[:2]]
    owners += [(n, lane) for (lane, _), n in room.held.items()]
    owners += [(n, lane) for (_, lane, _), n in room.late.items()]
    owners += [(n, lane) for (_, lane), n in room.kept.items()]
    for kind in {lane.kind for lane in room.layout.lanes}:
        known = entries(room, _first(room, kind))
        owners += [(n, _first(room, kind) + index) for (_, index), n in known.items()]
    return frozenset(number for number, lane in owners if lane in lanes)


def _refuse(room: Room, kind: LaneKind) -> None:
    """NotSeenError where what a lane of the kind has is no matter of its own: pointers, sides of
    locks, what objects know of lanes."""
    mine = belonging(room, {_first(room, kind)})
    inside = {n for slots in room.slots.values() for slot in slots for n in slot.quantities}
    if any(_points(room.quantities[number].sort) for number in mine):
        raise NotSeenError(f"{kind.name} lanes hold pointers")
    if mine & inside:
        raise NotSeenError(f"objects wait for sections of {kind.name} lanes")
    if mine & set(room.readers.values()):
        raise NotSeenError(f"{kind.name} lanes take sides of locks")


def _refuse_steps(room: Room, pair: System, kind: Viewed) -> None:
    """NotSeenError where what a lane of the kind does reaches further than what it sees."""
    name = pair.lanes[kind.seen].kind.name
    others = belonging(room, {kind.unseen}) - belonging(room, {kind.seen})
    inside = {number for slot in pair.slots for number in slot.quantities}
    for edge in pair.edges:
        changed = {number for number, _ in edge.updates}
        if edge.lane == kind.seen and changed & others:
            raise NotSeenError(f"{name} lanes change what other {name} lanes have")
        if edge.lane == kind.seen and changed & inside & kind.exchange.holders:
            raise NotSeenError(f"{name} lanes take locks of objects")


def _points(sort: Sort) -> bool:
    """Whether a value of the sort may be or have a pointer."""
    return any(isinstance(one, Pointer) for one in getattr(sort, "types", (sort,)))


# ---------------------------------------------------------------- without some lanes


def _seen(pair: System, kinds: Sequence[Viewed], hidden: frozenset[int]) -> System:
    """The pair without edges of lanes that are not seen, and without all that is about them."""
    gone = {kind.unseen for kind in kinds}
    if any(registers_in(one.guards) & holders_of(pair) for one in pair.bad):
        raise NotSeenError("a property tells who holds a lock")
    several = {one.name for one in pair.bad if not _covered(one, kinds, hidden)}
    undecided = dict(pair.undecided)
    undecided |= dict.fromkeys(several, SEVERAL) | {DEADLOCK: WAITS}
    return replace(
        pair,
        edges=tuple(_narrowed(pair, edge, hidden) for edge in pair.edges if edge.lane not in gone),
        bad=tuple(one for one in pair.bad if not registers_in(one.guards) & hidden),
        passing=frozenset((lane, place) for lane, place in pair.passing if lane not in gone),
        waits=(),
        undecided=tuple(undecided.items()),
        exchanges=tuple(one for one in pair.exchanges if not {one.first, one.second} & gone),
    )


def _covered(bad: Bad, kinds: Sequence[Viewed], hidden: frozenset[int]) -> bool:
    """Whether with some lanes exchanged it is about what is seen, where it stands once more."""
    for which in product((False, True), repeat=len(kinds)):
        numbers = registers_in(bad.guards)
        for kind, other in zip(kinds, which, strict=True):
            if other:
                numbers = frozenset(kind.exchange.quantities[number] for number in numbers)
        if not numbers & hidden:
            return True
    return False


def _narrowed(system: System, edge: Edge, hidden: frozenset[int]) -> Edge:
    """An edge without what is about hidden quantities. To leave guards out lets more happen."""
    _only_itself(system, edge)
    updates = tuple((number, term) for number, term in edge.updates if number not in hidden)
    if registers_in(tuple(term for _, term in updates)) & hidden:
        raise NotSeenError("what a step does depends on lanes that are not seen")
    guards = tuple(guard for guard in edge.guards if not registers_in(guard) & hidden)
    return replace(edge, guards=guards, updates=updates)


def _only_itself(system: System, edge: Edge) -> None:
    """NotSeenError where a step tells more of who holds a lock than whether anybody or its own lane
    does."""
    holders = holders_of(system)
    known = (Immediate(-1), Immediate(edge.lane))

    def instead(part: object) -> object:
        match part:
            case Computed("==", (Register(number=number), Immediate() as who)) if number in holders:
                return who if who in known else None
            case Computed(">=", (Register(number=number), Immediate(value=0))) if number in holders:
                return Immediate(0)
            case _:
                return None

    terms = (tuple(one.term for one in edge.guards), tuple(term for _, term in edge.updates))
    if registers_in(rewritten(terms, instead)) & holders:
        raise NotSeenError("a step tells apart who holds a lock")
    if any(number in holders and term not in known for number, term in edge.updates):
        raise NotSeenError("a step gives a lock to another lane")


def holders_of(system: System) -> frozenset[int]:
    """The quantities that say which lane holds a lock."""
    return frozenset().union(*(one.holders for one in system.exchanges))


# ---------------------------------------------------------------- one lane more


@record
class _Narrow:
    """A system without a lane of each kind: quantities, edges, forbidden states and places where a
    lane never waits, with the numbers that they have without those lanes."""

    quantities: tuple[Quantity, ...]
    edges: frozenset[object]
    bad: frozenset[object]
    passing: frozenset[tuple[int, int]]


def _without_third(room: Room, system: System, kinds: Iterable[LaneKind]) -> _Narrow:
    firsts = {_first(room, kind) for kind in kinds}
    gone = {first + 2 for first in firsts}
    exchanged_ = {one.first for one in same(system)}
    if not firsts | {first + 1 for first in firsts} <= exchanged_:
        raise NotSeenError("three lanes of a kind do not change places")
    hidden = belonging(room, gone)
    return _numbered(system, hidden, gone)


class _Numbering:
    """The numbers that quantities and lanes have when some of them are left out."""

    def __init__(self, system: System, hidden: frozenset[int], gone: Collection[int]) -> None:
        kept = [number for number in range(len(system.quantities)) if number not in hidden]
        left = [lane for lane in range(len(system.lanes) + 1) if lane not in gone]
        self.numbers = {old: new for new, old in enumerate(kept)}
        self.lanes = {old: new for new, old in enumerate(left)} | {-1: -1}
        self.holders = holders_of(system)

    def edge(self, edge: Edge) -> Edge:
        updates = tuple(
            (self.numbers[number], self._given(number, x)) for number, x in edge.updates
        )
        guards = rewritten(edge.guards, self._instead)
        return replace(edge, lane=self.lanes[edge.lane], guards=guards, updates=updates)

    def bad(self, bad: Bad) -> Bad:
        return replace(bad, guards=rewritten(bad.guards, self._instead))

    def _given(self, number: int, term: Term) -> Term:
        """What a quantity is given."""
        match term:
            case Immediate(value=int(who)) if number in self.holders:
                return Immediate(self.lanes[who])
            case _:
                return rewritten((term,), self._instead)[0]

    def _instead(self, part: object) -> object:
        match part:
            case Computed("==", (Register(number=number), Immediate(value=int(who)))) if (
                number in self.holders
            ):
                return Computed("==", (Register(self.numbers[number]), Immediate(self.lanes[who])))
            case Register(number=number):
                return Register(self.numbers[number])
            case _:
                return None


def _numbered(system: System, hidden: frozenset[int], gone: Collection[int]) -> _Narrow:
    numbering = _Numbering(system, hidden, gone)
    edges = (_narrowed(system, edge, hidden) for edge in system.edges if edge.lane not in gone)
    seen = (one for one in system.bad if not registers_in(one.guards) & hidden)
    passing = ((lane, place) for lane, place in system.passing if lane not in gone)
    return _Narrow(
        tuple(system.quantities[number] for number in numbering.numbers),
        frozenset(edge_form(numbering.edge(edge)) for edge in edges),
        frozenset(bad_form(numbering.bad(one)) for one in seen),
        frozenset((numbering.lanes[lane], place) for lane, place in passing),
    )


def _compare(pair: System, narrow: _Narrow) -> None:
    """NotSeenError unless the third lanes change nothing."""
    if _numbered(pair, frozenset(), ()) != narrow:
        raise NotSeenError("a step depends on how many lanes there are")
