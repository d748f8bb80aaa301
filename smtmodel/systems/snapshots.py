"""Snapshot expressions as cases of guards and terms.

A case is a way on which guards were collected and the value of the expression there, None where
it is undefined. The cases of an expression exclude each other and leave out no state. They
stand in the order of the union in `checked/expressions.py`.
"""

from collections.abc import Iterator

from smtmodel.executions.snapshot import kept_locals
from smtmodel.executions.terms import Component, Computed, Immediate, IsFilled, Term
from smtmodel.executions.values import NOTHING, PARTIAL, UNSET, UNWRITTEN, Absent
from smtmodel.language.checked import (
    And,
    Cell,
    Constant,
    Element,
    Expression,
    Filled,
    LaneLocal,
    LaneNumber,
    Load,
    Member,
    NullPointer,
    Operation,
    Or,
    Part,
    Place,
    Shape,
    Through,
)
from smtmodel.source.record import replace
from smtmodel.systems.freeing import unwritten
from smtmodel.systems.room import Room
from smtmodel.systems.system import Marked, NotCoveredError
from smtmodel.systems.ways import Way, folded, negative

Case = tuple[Way, Term | None]


def cases(room: Room, path: Way, expression: Expression, lane: int) -> Iterator[Case]:
    """The cases of an expression; `lane` is the index, within its kind, whose caches count. A case
    with a limit meets something that the system has forgotten."""
    match expression:
        case Constant(value=number):
            yield path, Immediate(number)
        case NullPointer():
            yield path, Immediate(None)
        case LaneNumber():
            yield path, Immediate(lane)
        case Part(entry=inner, field=field):
            at = room.layout.protocol.fields(inner, "").index(field)
            for case, entry in cases(room, path, inner, lane):
                yield from _part(case, entry, at)
        case Filled(entry=inner):
            for case, entry in cases(room, path, inner, lane):
                yield case, None if entry is None else folded(IsFilled(entry))
        case Load(place=place):
            for case, found in _quantities(room, path, place, lane):
                yield from _loaded(room, case, found)
        case Operation(operator=operator, operands=operands):
            yield from _operation(room, path, operator, operands, lane)
        case And(left=left, right=right):
            yield from _short(room, path, (left, right), lane, stops_at=False)
        case Or(left=left, right=right):
            yield from _short(room, path, (left, right), lane, stops_at=True)
        case LaneLocal():
            last = _last(room, expression)
            yield from _defined(path, None if last is None else path.value(last), (NOTHING, UNSET))
        case _:
            raise NotCoveredError(None, "a property speaks of what no state shows")


def holding(room: Room, path: Way, expression: Expression, lane: int) -> Iterator[Way]:
    """The ways on which the expression is defined and true, or is not known."""
    for case, term in cases(room, path, expression, lane):
        if case.limit:
            yield case
        true = None if term is None else case.split(term)[0]
        if true is not None:
            yield true


def _last(room: Room, local: LaneLocal) -> int | None:
    """The quantity of a local at the end of a round, None where no lane has it."""
    place = kept_locals(room.layout.protocol).index((local.block, local.name))
    for column, lane in enumerate(room.layout.lanes):
        if local.block in lane.kind.blocks and lane.index == local.index:
            return room.last.get((column, place))
    return None


def _loaded(room: Room, path: Way, number: int | None) -> Iterator[Case]:
    """What lies in a quantity. Of an object that was free before, a field that was not written
    since may be anything."""
    if number is None:
        yield path, None
        return
    term = path.value(number)
    if number not in room.homes:
        yield from _defined(path, term)
        return
    forgotten, written = path.split_mark(term, UNWRITTEN)
    if forgotten is not None:
        yield replace(forgotten, limit=unwritten(room, number)), None
    if written is not None:
        yield from _defined(written, term)


def _defined(
    path: Way, term: Term | None, marks: tuple[Absent, ...] = (UNWRITTEN, NOTHING)
) -> Iterator[Case]:
    """The term where it has a value; else it is undefined."""
    if term is None:
        yield path, None
        return
    for mark in marks:
        absent = path.given(Marked(term, mark, True))
        if absent is not None:
            yield absent, None
    known = path.given(*(Marked(term, mark, False) for mark in marks))
    if known is not None:
        yield known, term


def _part(path: Way, entry: Term | None, place: int) -> Iterator[Case]:
    if entry is None:
        yield path, None
        return
    filled, empty = path.split(folded(IsFilled(entry)))
    if empty is not None:
        yield empty, None
    if filled is not None:
        yield from _defined(filled, folded(Component(entry, place)))


def _quantities(room: Room, path: Way, place: Place, lane: int) -> Iterator[tuple[Way, int | None]]:
    """The quantity at a place, None where there is none."""
    layout = room.layout
    match place:
        case Cell(variable=name):
            cached = layout.protocol.variable(name).shape is Shape.CACHE
            yield path, room.memory[layout.variables[name] + (lane if cached else 0)]
        case Member(variable=name, field=field):
            offset = layout.protocol.variable(name).fields.index(field)
            yield path, room.memory[layout.variables[name] + offset]
        case Element(variable=name, index=index):
            first, length = layout.variables[name], layout.protocol.variable(name).length
            for case, term in cases(room, path, index, lane):
                if term is None:
                    yield case, None
                    continue
                for at, number in case.among(term, range(length)):
                    yield at, None if number is None else room.memory[first + number]
        case Through(pointer=pointer, struct=struct, field=field):
            offset, slots = layout.offset(struct, field), room.slots[struct]
            for case, term in cases(room, path, pointer, lane):
                if term is None:
                    yield case, None
                    continue
                for at, number in case.among(term, range(1, len(slots) + 1)):
                    yield at, None if number is None else slots[number - 1].fields[offset]


def _operation(
    room: Room, path: Way, operator: str, operands: tuple[Expression, ...], lane: int
) -> Iterator[Case]:
    ways: list[tuple[Way, tuple[Term, ...] | None]] = [(path, ())]
    for operand in operands:
        longer: list[tuple[Way, tuple[Term, ...] | None]] = []
        for way, terms in ways:
            if terms is None:
                longer.append((way, None))
                continue
            for case, term in cases(room, way, operand, lane):
                longer.append((case, None if term is None else (*terms, term)))
        ways = longer
    for way, terms in ways:
        if terms is None:
            yield way, None
        elif operator in PARTIAL:
            wrong, fine = way.split(negative(terms[0]))
            if wrong is not None:
                yield wrong, None
            if fine is not None:
                yield fine, folded(Computed(operator, terms))
        else:
            yield way, folded(Computed(operator, terms))


def _short(
    room: Room, path: Way, both: tuple[Expression, Expression], lane: int, *, stops_at: bool
) -> Iterator[Case]:
    """`&&` stops at false, `||` at true."""
    left, right = both
    for case, term in cases(room, path, left, lane):
        if term is None:
            yield case, None
            continue
        true, false = case.split(term)
        stopped, goes_on = (true, false) if stops_at else (false, true)
        if stopped is not None:
            yield stopped, Immediate(int(stops_at))
        if goes_on is not None:
            yield from _truth(cases(room, goes_on, right, lane))


def _truth(given: Iterator[Case]) -> Iterator[Case]:
    for case, term in given:
        if term is None:
            yield case, None
            continue
        for way, value in zip(case.split(term), (1, 0), strict=True):
            if way is not None:
                yield way, Immediate(value)
