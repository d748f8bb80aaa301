"""Which quantities hold the registers of a lane.

A register is used for one thing after another, an address here and a number there. A *web* is
all that one value can be seen through: a register at the places between its being set and its
being read. A web has a type, and becomes a quantity where the lane can rest inside of it.
"""

from collections.abc import Callable, Iterator
from functools import partial

from smtmodel.executions import event_actions, local_actions
from smtmodel.executions.actions import Action, sets_of
from smtmodel.executions.layout import Layout
from smtmodel.executions.program import Program
from smtmodel.executions.terms import (
    Absolute,
    Address,
    Component,
    Immediate,
    Indexed,
    InObject,
    Register,
    Term,
    WholeEntry,
)
from smtmodel.executions.values import EMPTY
from smtmodel.language.checked import (
    Cell,
    Checked,
    Element,
    Expression,
    Load,
    Member,
    NullPointer,
    Part,
    Place,
    Shape,
    Through,
    Yields,
)
from smtmodel.language.types import Entry, Plain, Pointer, Type, join
from smtmodel.source.record import record
from smtmodel.systems.system import Finite, NotCoveredError, Sort

Spot = tuple[int, int]
"""A place, and a register that is live there."""


@record
class Webs:
    """`of` gives the web of each live register, by one spot in it, `sorts` the sort of each."""

    of: dict[Spot, Spot]
    sorts: dict[Spot, Sort]


def webs_of(program: Program, layout: Layout) -> Webs:
    """The webs of a program."""
    live = program.live()
    spots = {spot: spot for spot in _spots(live)}
    for place, op in enumerate(program.ops):
        sets = sets_of(op.action)
        for after in program.following(place):
            for register in live[after]:
                if register not in sets and (place, register) in spots:
                    _union(spots, (place, register), (after, register))
    of = {spot: _root(spots, spot) for spot in spots}
    return Webs(of, _sorts(program, layout, of))


def _spots(live: tuple[tuple[int, ...], ...]) -> Iterator[Spot]:
    for place, registers in enumerate(live):
        yield from ((place, register) for register in registers)


def _root(parents: dict[Spot, Spot], spot: Spot) -> Spot:
    while parents[spot] != spot:
        spot = parents[spot]
    return spot


def _union(parents: dict[Spot, Spot], left: Spot, right: Spot) -> None:
    parents[_root(parents, left)] = _root(parents, right)


def _sorts(program: Program, layout: Layout, of: dict[Spot, Spot]) -> dict[Spot, Sort]:
    """The sorts of webs, found by going round until nothing changes."""
    sorts: dict[Spot, Sort] = dict.fromkeys(of.values(), Plain.UNKNOWN)
    changed = True
    while changed:
        changed = False
        for place, op in enumerate(program.ops):
            for register in sets_of(op.action):
                made = _made(layout, op.action, partial(_known, sorts, of, place))
                for after in program.following(place):
                    web = of.get((after, register))
                    if web is not None and (joined := join_sorts(sorts[web], made)) != sorts[web]:
                        sorts[web] = joined
                        changed = True
    return sorts


def _known(sorts: dict[Spot, Sort], of: dict[Spot, Spot], place: int, register: int) -> Sort:
    return sorts[of[place, register]]


def join_sorts(left: Sort, right: Sort) -> Sort:
    """The sort of what may be of either."""
    if isinstance(left, Finite) or isinstance(right, Finite):
        if left in (right, Plain.UNKNOWN):
            return right
        raise NotCoveredError(None, "a local that is a cookie and something else")
    return _join(left, right)


def _join(left: Type, right: Type) -> Type:
    joined = join(left, right)
    if joined is None:
        raise NotCoveredError(None, "a local that is a pointer and a number")
    return joined


def _entry(types: tuple[Type, ...]) -> Entry:
    return Entry(tuple(map(str, range(len(types)))), types)


def plain(type_: Type) -> Type:
    """The type with neither widths nor the names of fields."""
    match type_:
        case Pointer() | Plain.NULL | Plain.UNKNOWN:
            return type_
        case Entry(types=types):
            return _entry(tuple(map(plain, types)))
        case _:
            return Plain.NUMBER


def _made(layout: Layout, action: Action, sort: Callable[[int], Sort]) -> Sort:
    """The sort of what an action sets its register to."""
    match action:
        case local_actions.Compute(value=value) | local_actions.Dereference(pointer=value):
            return _sort_of(value, sort)
        case (
            event_actions.Read(address=address)
            | event_actions.AwaitValue(address=address)
            | local_actions.ReadGhost(address=address)
        ):
            return addressed(layout.protocol, address)
        case event_actions.Modify(yields=Yields.SUCCESS):
            return Plain.NUMBER
        case event_actions.Modify(address=address):
            return addressed(layout.protocol, address)
        case local_actions.MakeObject(struct=struct) | local_actions.ChooseObject(struct=struct):
            return Pointer(struct)
        case event_actions.EnterSection():
            return Finite()
        case event_actions.Recall(expression=expression):
            return expressed(layout.protocol, expression)
        case _:  # a token, whether a try succeeded, a choice, an index
            return Plain.NUMBER


def _sort_of(term: Term, sort: Callable[[int], Sort]) -> Sort:
    match term:
        case Register(number=number):
            return sort(number)
        case Immediate(value=None):
            return Plain.NULL
        case Immediate(value=value) if value is EMPTY:
            return Plain.UNKNOWN
        case Component(entry=entry, place=place):
            inner = _sort_of(entry, sort)
            return inner.types[place] if isinstance(inner, Entry) else Plain.UNKNOWN
        case WholeEntry(values=values):
            sorts = [_sort_of(value, sort) for value in values]
            return _entry(tuple(known for known in sorts if not isinstance(known, Finite)))
        case _:
            return Plain.NUMBER


def addressed(protocol: Checked, address: Address) -> Sort:
    """The sort of what lies at an address."""
    match address:
        case InObject(struct=struct, field=field):
            declared = protocol.struct(struct)
            return plain(declared.types[declared.fields.index(field)])
        case Indexed(variable=name):
            return stored(protocol, name)
        case Absolute(name=name):
            variable, _, field = name.partition(".")
            return stored(protocol, variable, field)


def stored(protocol: Checked, name: str, field: str = "") -> Sort:
    """The sort of a variable, an element of it, or a field of a STRUCT variable."""
    variable = protocol.variable(name)
    match variable.shape:
        case Shape.WORD | Shape.CACHE | Shape.SHARED_CACHE:
            return _entry(tuple(map(plain, variable.types)))
        case Shape.STRUCT:
            return plain(variable.types[variable.fields.index(field)])
        case Shape.SCALAR | Shape.ARRAY:
            return plain(variable.types[0])


def expressed(protocol: Checked, expression: Expression) -> Sort:
    """The sort of a snapshot expression."""
    match expression:
        case NullPointer():
            return Plain.NULL
        case Load(place=place):
            return _placed(protocol, place)
        case Part(entry=Load(place=Cell(variable=name) | Element(variable=name)), field=field):
            variable = protocol.variable(name)
            return plain(variable.types[variable.fields.index(field)])
        case _:
            return Plain.NUMBER


def _placed(protocol: Checked, place: Place) -> Sort:
    match place:
        case Member(variable=name, field=field):
            return stored(protocol, name, field)
        case Through(struct=struct, field=field):
            declared = protocol.struct(struct)
            return plain(declared.types[declared.fields.index(field)])
        case Cell(variable=name):
            return stored(protocol, name)
        case _:
            return stored(protocol, place.variable)
