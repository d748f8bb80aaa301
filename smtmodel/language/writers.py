"""Which lanes could change what a lane waits to read, or wake one that sleeps.

Takes a checked protocol and a place or a queue; gives kinds of lanes. By name alone: elements of
an array and objects of a struct are not told apart, and whether a step is ever reached is not
asked. So a lane outside of it cannot change the place or wake anybody, and one inside of it
perhaps never does.
"""

from smtmodel.language.checked import (
    Checked,
    Copy,
    Place,
    ReadModifyWrite,
    Store,
    Wake,
    Zap,
)
from smtmodel.language.checks.tokens import Holder, place_holder
from smtmodel.source.record import parts


def writers(protocol: Checked, place: Place) -> frozenset[str]:
    """The names of the kinds of lanes with a step that may write the place."""
    wanted = place_holder(place)
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


def _written(protocol: Checked, block: object) -> set[Holder]:
    found: set[Holder] = set()
    for part in parts(block):
        match part:
            case Store(place=place) | ReadModifyWrite(place=place):
                found.add(place_holder(place))
            case Zap(variable=name):
                found.add(Holder(("variable", name)))
            case Copy(struct=name):
                fields = protocol.struct(name).fields
                found.update(Holder(("struct", name), field) for field in fields)
            case _:
                pass
    return found
