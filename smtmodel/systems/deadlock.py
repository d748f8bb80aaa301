"""Lanes that wait for each other for ever.

In a system a lane waits at a lock that is held or for a grace period that has not ended. A deadlock
is a set of lanes of which each waits for another of the set. All of that is finite in a state. A
lane between two rounds is in no such set: it holds nothing, so that nobody waits for it, and the
others of the set wait for each other without it.
"""

from collections.abc import Iterator, Sequence

from smtmodel.executions.event_actions import Acquire, AwaitValue, EndGracePeriod
from smtmodel.language.checked import DEADLOCK, BuiltIn
from smtmodel.language.independence import about_all_lanes
from smtmodel.systems.room import Room
from smtmodel.systems.system import WaitingPlace


def why_undecided(room: Room, alone: Sequence[str]) -> str:
    """Why waiting is not looked at; empty if it is. `alone` are the bounds of the kinds of which
    one lane stands for any number."""
    protocol = room.layout.protocol
    for item in protocol.properties:
        if isinstance(item, BuiltIn) and item.name == DEADLOCK:
            for kind in protocol.kinds:
                about = about_all_lanes(protocol, kind, item) if kind.bound in alone else ""
                if about:
                    return f"it is {about}"
    if any(lock.kind.sided for lock in protocol.locks):
        return "readers may queue behind a writer"
    if room.masks:
        return "a lane may wait for another that interrupts it"
    for program in room.programs:
        for op in program.ops:
            match op.action:
                case AwaitValue():
                    return "lanes wait for values"
                case Acquire() | EndGracePeriod() if op.region:
                    return "an atomic block may wait"
                case _:
                    pass
    return ""


def waits_of(room: Room) -> Iterator[WaitingPlace]:
    """Where lanes may have to wait, and for whom."""
    for lane, program in enumerate(room.programs):
        for place, op in enumerate(program.ops):
            match op.action:
                case Acquire(side=side):
                    at = -1 if side.at is None else room.register(lane, place, side.at.number)
                    holders = [
                        (index, writer)
                        for (number, index), writer in room.writers.items()
                        if number == side.number
                    ]
                    yield WaitingPlace(lane, place, tuple(holders), at, ())
                case EndGracePeriod(domain=domain):
                    flags = [
                        (number, of)
                        for (by, of, known), number in room.waits.items()
                        if (by, known) == (lane, domain)
                    ]
                    yield WaitingPlace(lane, place, (), -1, tuple(flags))
                case _:
                    pass


def deadlocked(
    waits: Sequence[WaitingPlace], places: Sequence[int], state: Sequence[object]
) -> bool:
    """Whether some lanes wait for each other, in a state whose finite values are known."""
    standing = {one.lane: one for one in waits if state[places[one.lane]] == one.place}
    while standing:
        kept = {n: one for n, one in standing.items() if _hopeless(one, state, standing)}
        if len(kept) == len(standing):
            return True
        standing = kept
    return False


def _hopeless(
    wait: WaitingPlace, state: Sequence[object], standing: dict[int, WaitingPlace]
) -> bool:
    which = state[wait.at] if wait.at >= 0 else None
    for index, holder in wait.holders:
        # of a number that is not known it may be any of the locks
        if (index == which or not isinstance(which, int)) and state[holder] in standing:
            return True
    return any(state[number] and of in standing for number, of in wait.flags)
