"""Why a proof says less than it seems to, in a sentence."""

from collections.abc import Iterable

from smtmodel.events.graph import Stop
from smtmodel.language.ast import When
from smtmodel.language.checked import Asserted, Bounds, Checked, Never, Property, ReachStep, Where
from smtmodel.source.record import parts


def premise(item: Property) -> str:
    """What there must be for a property to be judged at all."""
    return (
        f"the step of {item.name}"
        if isinstance(item, Asserted)
        else f"the condition of {item.name}"
    )


def unmet(protocol: Checked, item: Property, bounds: Bounds) -> str:
    """That a property is judged nowhere within bounds."""
    match item:
        case Never(when=When.SETTLED) if not any(kind.updates for kind in protocol.kinds):
            return "no update ever returns: the protocol has no update block"
        case Never(when=When.SETTLED):
            return "it is judged at no instant after an update has returned"
        case Never(when=When.FINALLY):
            return "it is judged in no final state"
        case Never():
            return "it is never judged: its condition is never met"
        case _:
            return f"its step is never reached{_rounds(protocol, item, bounds)}"


def unreached(protocol: Checked, goal: Property, bounds: Bounds) -> str:
    """That no execution within bounds reaches a goal."""
    return f"no execution reaches it{_rounds(protocol, goal, bounds)}"


def _rounds(protocol: Checked, item: Property, bounds: Bounds) -> str:
    """A hint that lanes of one round run one block, where others may have to run before."""
    if bounds.rounds != 1 or not isinstance(item, Asserted | ReachStep):
        return ""
    places = [one for one in parts(protocol.blocks) if isinstance(one, Where)]
    own = next((one.block for one in places if one.number == item.step), "")
    for kind in protocol.kinds:
        if own in kind.blocks and len(kind.blocks) > 1 and not kind.updates:
            one = f"{', '.join(kind.blocks[:-1])} or {kind.blocks[-1]}"
            return f"; with `rounds 1` each lane runs {one} and nothing else: try `rounds 2`"
    return ""


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
