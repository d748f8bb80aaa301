"""Why a proof says less than it seems to, in a sentence."""

from collections.abc import Iterable

from smtmodel.events.graph import Stop
from smtmodel.language.ast import When
from smtmodel.language.checked import Assert, Asserted, BuiltIn, Checked, Constant, Never, Property
from smtmodel.language.walk import steps_in


def has_premise(item: Property) -> bool:
    """Whether a proof of a property is empty where nothing is there to judge."""
    match item:
        case BuiltIn() | Asserted(unreachable=True):
            return False
        case _:
            return True


def premise(item: Property) -> str:
    """What there must be for a property to be judged at all."""
    return (
        f"the step of {item.name}"
        if isinstance(item, Asserted)
        else f"the condition of {item.name}"
    )


def can_be_met(protocol: Checked, item: Property) -> bool:
    """Whether a property might be judged at some bounds: after an update there must be one."""
    settled = isinstance(item, Never) and item.when is When.SETTLED
    return not settled or any(kind.updates for kind in protocol.kinds)


def unmet(protocol: Checked, item: Property) -> str:
    """That a property is judged nowhere."""
    match item:
        case Never() if not can_be_met(protocol, item):
            return "no update ever returns: the protocol has no update block"
        case Never(when=When.SETTLED):
            return "it is judged at no instant after an update has returned"
        case Never(when=When.FINALLY):
            return "it is judged in no final state"
        case Never():
            return "it is never judged: its condition is never met"
        case Asserted(steps=steps) if not _always_false(protocol).isdisjoint(steps):
            return "its step is never reached (`unreachable` says that this is right)"
        case _:
            return "its step is never reached"


def _always_false(protocol: Checked) -> set[int]:
    """The numbers of the assertions of 0."""
    steps = (step for block in protocol.blocks for step in steps_in(block.steps))
    return {s.where.number for s in steps if isinstance(s, Assert) and s.condition == Constant(0)}


def incomplete(stops: Iterable[Stop]) -> str:
    """That no execution is complete, and where lanes may stop for good."""
    places = {
        stop.where.span.line: stop.where.text
        for stop in stops
        if stop.where and stop.name in ("assume", "bound")
    }
    found = [f"`{places[line]}` in line {line}" for line in sorted(places)]
    hint = f"; lanes may stop at {', '.join(found)}" if found else ""
    return f"no execution is complete{hint}"
