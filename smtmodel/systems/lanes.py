"""Lanes that may change places: what one of them is and does, the other could be and do.

An exchange is looked for by names and then compared with the system itself: every edge, every bad
state and every place where a lane waits, with the two lanes exchanged, has to be one of the system
again. Then states in which such lanes have changed places go on alike, and only those are looked at
in which they are sorted by the places where they stand.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import TypeVar

from smtmodel.executions.terms import Computed, Conjunction, Disjunction, Immediate, Register, Term
from smtmodel.executions.values import Value
from smtmodel.language.checked import Shape
from smtmodel.source.record import replace, rewritten
from smtmodel.systems.room import Room
from smtmodel.systems.system import Bad, Edge, Exchange, Guard, System, WaitingPlace

Key = TypeVar("Key")
T = TypeVar("T")
V = TypeVar("V")


def candidates(room: Room) -> tuple[Exchange, ...]:
    """Neighbours among the lanes of a kind that have the same quantities."""
    lanes = room.layout.lanes
    pairs = enumerate(pairwise(lanes))
    numbers = ((n, n + 1) for n, (one, other) in pairs if one.kind == other.kind)
    known = [] if room.masks else [_between(room, *both) for both in numbers]
    return tuple(one for one in known if one is not None)


def _between(room: Room, first: int, second: int) -> Exchange | None:
    """What becomes of each quantity; None where one lane has what the other has not."""
    other = {first: second, second: first}

    def of(lane: int) -> int:
        return other.get(lane, lane)

    within = {room.layout.lanes[n].index: room.layout.lanes[m].index for n, m in other.items()}
    instead = list(range(len(room.quantities)))
    try:
        for lane, number in enumerate(room.places[: len(room.programs)]):
            instead[number] = room.places[of(lane)]
        _move(instead, room.readers, lambda key: (key[0], of(key[1])))
        _move(instead, room.open, lambda key: (of(key[0]), key[1]))
        _move(instead, room.depth, of)
        _move(instead, room.waits, lambda key: (of(key[0]), of(key[1]), key[2]))
        _move(instead, room.held, lambda key: (of(key[0]), key[1]))
        _move(instead, room.last, lambda key: (of(key[0]), key[1]))
        _move(instead, room.rounds, of)
        _move(instead, room.late, lambda key: (key[0], of(key[1]), key[2]))
        _move(instead, room.kept, lambda key: (key[0], of(key[1])))
        _move(instead, entries(room, first), lambda key: (key[0], within.get(key[1], key[1])))
    except KeyError:
        return None
    return Exchange(first, second, tuple(instead), frozenset(room.writers.values()))


def _move(instead: list[int], known: Mapping[Key, int], moved: Callable[[Key], Key]) -> None:
    for key, number in known.items():
        instead[number] = known[moved(key)]


def entries(room: Room, first: int) -> dict[tuple[str, int], int]:
    """The entries of caches that the lanes of the kind have of their own, and what is saved of
    them, by their index within the kind."""
    layout, kind = room.layout, room.layout.lanes[first].kind
    mine = [one for one in layout.lanes if one.kind == kind]
    made: dict[tuple[str, int], int] = {}
    for variable in layout.protocol.variables:
        if variable.shape is Shape.CACHE and variable.owner == kind.name:
            at = layout.variables[variable.name]
            made |= {(variable.name, one.index): room.memory[at + one.index] for one in mine}
    for (expression, index), number in room.saved.items():
        if any((expression, one.index) not in room.saved for one in mine):
            continue
        made[repr(expression), index] = number
    return made


def same(system: System) -> tuple[Exchange, ...]:
    """Those exchanges after which the system is as before."""
    return tuple(one for one in system.exchanges if _is_same(system, one))


def _is_same(system: System, exchange: Exchange) -> bool:
    edges = {edge_form(one) for one in system.edges}
    bad = {bad_form(one) for one in system.bad}
    start = [quantity.initial for quantity in system.quantities]
    waits = set(map(_wait_form, system.waits))
    return (
        exchanged(exchange, start) == start
        and all(_wait_form(_waiting(exchange, one)) in waits for one in system.waits)
        and all((_other(exchange, lane), place) in system.passing for lane, place in system.passing)
        and all(edge_form(_moved(exchange, one)) in edges for one in system.edges)
        and all(
            bad_form(replace(one, guards=_put(exchange, one.guards))) in bad for one in system.bad
        )
    )


def exchanged(exchange: Exchange, values: Sequence[V]) -> list[V]:
    """A state in which the lanes have changed places."""
    made = [values[number] for number in exchange.quantities]
    for number in exchange.holders:
        made[number] = _other(exchange, made[number])  # type: ignore[assignment,arg-type]
    return made


def _waiting(exchange: Exchange, wait: WaitingPlace) -> WaitingPlace:
    """Where the other lane waits where this one does."""
    instead = exchange.quantities
    flags = tuple((instead[number], _lane(exchange, of)) for number, of in wait.flags)
    givers = wait.givers and tuple((instead[q], _lane(exchange, of)) for q, of in wait.givers)
    guards, lane = _put(exchange, wait.guards), _lane(exchange, wait.lane)
    return replace(wait, lane=lane, guards=guards, flags=flags, givers=givers)


def _other(exchange: Exchange, lane: Value) -> Value:
    if lane == exchange.first:
        return exchange.second
    return exchange.first if lane == exchange.second else lane


def _lane(exchange: Exchange, lane: int) -> int:
    other = _other(exchange, lane)
    assert isinstance(other, int)
    return other


def _moved(exchange: Exchange, edge: Edge) -> Edge:
    """What the other lane does where this one takes the edge."""
    updates: list[tuple[int, Term]] = []
    for number, term in edge.updates:
        made = _put(exchange, (term,))[0]
        if number in exchange.holders:
            assert isinstance(made, Immediate), made
            made = Immediate(_other(exchange, made.value))
        updates.append((exchange.quantities[number], made))
    lane = _other(exchange, edge.lane)
    guards = _put(exchange, edge.guards)
    assert isinstance(lane, int)
    return replace(edge, lane=lane, guards=guards, updates=tuple(updates))


def _put(exchange: Exchange, terms: T) -> T:
    """Terms in which the quantities of the lanes are exchanged, and the numbers of lanes where it
    is asked who holds a lock."""

    def instead(part: object) -> object:
        match part:
            case Register(number=number):
                return Register(exchange.quantities[number])
            case Computed("==", (Register(number=number), Immediate(value=value))) if (
                number in exchange.holders
            ):
                return Computed("==", (Register(number), Immediate(_other(exchange, value))))
            case _:
                return None

    return rewritten(terms, instead)


# ---------------------------------------------------------------- texts that compare


def edge_form(edge: Edge) -> object:
    """An edge but for the order in which things are said."""
    updates = frozenset((number, _term(term)) for number, term in edge.updates)
    rest = replace(edge, guards=(), updates=(), where=None)
    return (rest, updates, _guards(edge.guards))


def bad_form(bad: Bad) -> object:
    return (bad.name, bad.when, _guards(bad.guards))


def _wait_form(wait: WaitingPlace) -> object:
    """A place to wait but for the order in which things are said."""
    givers = None if wait.givers is None else frozenset(wait.givers)
    rest = replace(wait, guards=(), flags=(), givers=None)
    return (rest, frozenset(wait.flags), givers, _guards(wait.guards))


def _guards(guards: tuple[Guard, ...]) -> object:
    return frozenset(
        (type(one), getattr(one, "mark", None), one.holding, _term(one.term)) for one in guards
    )


def _term(term: Term) -> object:
    match term:
        case Disjunction() | Conjunction():
            return (type(term), frozenset(_joined(term, type(term))))
        case Computed(operator=operator, operands=operands):
            return (operator, tuple(map(_term, operands)))
        case _:
            return term


def _joined(term: Term, kind: type[Disjunction | Conjunction]) -> Iterator[object]:
    """The parts of a disjunction of disjunctions, or of a conjunction of conjunctions."""
    if isinstance(term, kind):
        yield from _joined(term.left, kind)
        yield from _joined(term.right, kind)
    else:
        yield _term(term)
