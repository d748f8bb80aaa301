"""Deadlock: lanes that wait, each for what only they or lanes that have ended could give.

Takes a machine and a state of it; gives the largest set of lanes of which each waits for another
of the set. Whatever the other lanes do, these wait for ever. A lane that stands at an `assume`, a
used-up bound or an error does not belong to the set, and nobody waits in vain for what it holds:
the code that it stands for may have gone on.
"""

from itertools import product

from smtmodel.executions.actions import Action
from smtmodel.executions.event_actions import (
    Acquire,
    AwaitValue,
    BeginInterrupt,
    EndGracePeriod,
    Side,
)
from smtmodel.executions.frame import BLOCKED, ENDED, NOBODY, RUNNING, Frame, State
from smtmodel.executions.interrupting import interrupter
from smtmodel.executions.machine import Machine
from smtmodel.executions.terms import name_of
from smtmodel.language.checked import Where

WAITS = (Acquire, EndGracePeriod, BeginInterrupt, AwaitValue)
"""Actions that may have to wait for other lanes."""


def passes(machine: Machine) -> bool:
    """Whether a lane that is kept waiting for ever may yet be seen to move: a reader of a
    reader/writer lock comes before or after a writer that waits, and a lane that has not begun
    may choose another beginning."""
    start = machine.initial()
    return any(lock.kind.sided for lock in machine.protocol.locks) or any(
        len(machine.standing(start.shared, index, lane)) > 1
        for index, lane in enumerate(start.lanes)
    )


def stuck(machine: Machine, state: State) -> dict[int, Where | None]:
    """The lanes of a deadlock, and the step that each waits at (None: to interrupt)."""
    standing = {
        index: machine.standing(state.shared, index, lane)
        for index, lane in enumerate(state.lanes)
        if lane.status == RUNNING and not lane.buffer and _may_wait(machine, state, index)
    }
    if not standing:
        return {}
    # Each lane begins in one way only, though what keeps another lane waiting may be another way.
    waiting = _waiting(machine, state, standing)
    ways = (dict(zip(waiting, way, strict=True)) for way in product(*waiting.values()))
    sets = [_waiting(machine, state, {i: [frame] for i, frame in way.items()}) for way in ways]
    most = max(sets, key=len)
    return {i: machine.programs[i].ops[frames[0].pc].where for i, frames in most.items()}


def _may_wait(machine: Machine, state: State, index: int) -> bool:
    """Whether a lane that runs stands where lanes ever wait, as far as its place tells; one that
    has not begun may stand before several events."""
    place, interrupted = state.lanes[index].pc, state.shared.rare.interrupted
    if place == 0 or (interrupted and interrupted[index] != NOBODY):
        return True
    return isinstance(machine.programs[index].ops[place].action, WAITS)


def _waiting(
    machine: Machine, state: State, waiting: dict[int, list[Frame]]
) -> dict[int, list[Frame]]:
    """Of lanes, and of the places where each may stand, those that wait for one another."""
    while True:
        kept: dict[int, list[Frame]] = {}
        for index, frames in waiting.items():
            hopeless = [frame for frame in frames if _hopeless(machine, state, frame, waiting)]
            if hopeless:
                kept[index] = hopeless
        if [*map(len, kept.values())] == [*map(len, waiting.values())]:
            return kept
        waiting = kept


def _hopeless(
    machine: Machine, state: State, frame: Frame, waiting: dict[int, list[Frame]]
) -> bool:
    """Whether a lane at this place waits for a lane that waits, or for no lane at all."""
    rare = state.shared.rare
    if interrupter(state.shared, frame.index) in waiting:
        return True
    match _action(machine, frame):
        case Acquire(side=side):
            holder = frame.locks[side.of(frame.registers)]
            holders = holder if isinstance(holder, tuple) else (holder,)
            held = side.after(holder, frame.index) is None
            return (held and any(lane in waiting for lane in holders)) or _queued(
                machine, frame, side, waiting
            )
        case EndGracePeriod():
            return any(lane in waiting for lane, _ in frame.waits[frame.index])
        case BeginInterrupt(lane=target):
            return rare.interrupted[target] != NOBODY and rare.interrupted[target] in waiting
        case AwaitValue(queue=None, address=address):
            name = name_of(address)
            writers = [p.index for p in machine.programs if name in p.written]
            if not _over(state, frame, writers, waiting):
                return False
            return machine.compiled[frame.index].runs[frame.pc](frame.fork()) == BLOCKED
        case AwaitValue(queue=queue):
            wakers = [p.index for p in machine.programs if queue in p.woken]
            return rare.asleep[frame.index] == queue and _over(state, frame, wakers, waiting)
        case _:
            return False


def _over(state: State, frame: Frame, lanes: list[int], waiting: dict[int, list[Frame]]) -> bool:
    """Whether each of these lanes, the own lane left out, waits or has ended."""
    others = [lane for lane in lanes if lane != frame.index and lane not in waiting]
    return all(state.lanes[n].status == ENDED and not state.lanes[n].buffer for n in others)


def _action(machine: Machine, frame: Frame) -> Action:
    return machine.programs[frame.index].ops[frame.pc].action


def _queued(machine: Machine, frame: Frame, side: Side, waiting: dict[int, list[Frame]]) -> bool:
    """Whether a reader comes after a writer that waits; an interrupt does not queue."""
    if not side.shared or machine.layout.lanes[frame.index].interrupts is not None:
        return False
    number = side.of(frame.registers)
    for other in (one for frames in waiting.values() for one in frames):
        match _action(machine, other):
            case Acquire(Side(shared=False) as writer) if writer.of(other.registers) == number:
                return True
            case _:
                pass
    return False
