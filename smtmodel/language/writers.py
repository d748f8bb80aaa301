"""Which lanes could change what a lane waits to read, or wake one that sleeps.

Takes a checked protocol and a place or a queue; gives kinds of lanes. By name alone: elements of
an array and objects of a struct are not told apart, and whether a step is ever reached is not
asked. So a lane outside of it cannot change the place or wake anybody, and one inside of it
perhaps never does.
"""

from smtmodel.language.checked import (
    Cell,
    Checked,
    Copy,
    Element,
    Member,
    Place,
    ReadModifyWrite,
    Store,
    Through,
    Wake,
    Zap,
)
from smtmodel.source.record import parts

_Target = tuple[str, str]
"""A variable or struct, and the field, if it has any that are written by themselves."""


def writers(protocol: Checked, place: Place) -> frozenset[str]:
    """The names of the kinds of lanes with a step that may write the place."""
    wanted = _target(place)
    return frozenset(
        kind.name
        for kind in protocol.kinds
        if any(wanted in _written(protocol, protocol.block(name)) for name in kind.blocks)
    )


def wakers(protocol: Checked, queue: str) -> frozenset[str]:
    """The names of the kinds of lanes with a step that wakes who sleeps at the queue."""
    return frozenset(
        kind.name
        for kind in protocol.kinds
        for name in kind.blocks
        for part in parts(protocol.block(name))
        if isinstance(part, Wake) and part.queue == queue
    )


def _written(protocol: Checked, block: object) -> set[_Target]:
    found: set[_Target] = set()
    for part in parts(block):
        match part:
            case Store(place=place) | ReadModifyWrite(place=place):
                found.add(_target(place))
            case Zap(variable=name):
                found.add((name, ""))
            case Copy(struct=name):
                found.update((name, field) for field in protocol.struct(name).fields)
            case _:
                pass
    return found


def _target(place: Place) -> _Target:
    match place:
        case Cell(variable=name) | Element(variable=name):
            return name, ""
        case Member(variable=name, field=field) | Through(struct=name, field=field):
            return name, field
