"""Events of one lane between which nothing comes: atomic blocks, and ghosts with their event.

What is kept apart from such a pair (other lanes' events, instants) is up to the caller.
"""

from smtmodel.encoding.formula import Literal
from smtmodel.encoding.state import Encoding
from smtmodel.events.graph import LOCAL_KINDS, Event
from smtmodel.source.record import record


@record
class Together:
    """Nothing comes between the two events where the body holds."""

    first: int
    second: int
    body: tuple[Literal, ...]


def together(encoding: Encoding) -> list[Together]:
    """All such pairs, each of two events that may follow one another."""
    found: list[Together] = []
    for event in encoding.graph.events:
        if event.atomic is not None:
            found += _in_block(encoding, event)
        if event.ghost:
            found += _with_event(encoding, event)
    return found


def _in_block(encoding: Encoding, first: Event) -> list[Together]:
    """Of an atomic block: an event and each that may be the next.

    Events between them may not happen: the right side of `&&`, say. The last pair of an event
    is with one that happens whenever it does.
    """
    found: list[Together] = []
    for second in encoding.graph.events[first.number + 1 :]:
        if second.atomic != first.atomic:
            break
        body = (encoding.happens(first.number), encoding.happens(second.number))
        found.append(Together(first.number, second.number, body))
        if encoding.domains.implied(second.guard, first.guard):
            break
    return found


def _with_event(encoding: Encoding, ghost: Event) -> list[Together]:
    """An access to a ghost and the event before it, whichever that is on the lane's path."""
    found: list[Together] = []
    absent: list[Literal] = []
    lane = encoding.graph.lanes[ghost.lane]
    for earlier in reversed(encoding.graph.events[lane.first : ghost.number]):
        if earlier.kind in LOCAL_KINDS:
            continue
        happens = encoding.happens(earlier.number)
        body = (encoding.happens(ghost.number), happens, *absent)
        found.append(Together(earlier.number, ghost.number, body))
        if encoding.domains.implied(earlier.guard, ghost.guard):
            break
        absent.append(-happens)
    return found
