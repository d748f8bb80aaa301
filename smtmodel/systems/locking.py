"""What becomes of locks: one by itself, of an array, or in an object.

A lock is one of several by what a register holds, an index or a pointer. That of an object stays as
it is when the object is freed and had again.
"""

from collections.abc import Iterator
from typing import assert_never

from smtmodel.executions.event_actions import Acquire, Release, Side, TryAcquire
from smtmodel.executions.terms import Computed, Immediate, Term
from smtmodel.systems.freeing import beyond, using
from smtmodel.systems.room import LockAt, Room
from smtmodel.systems.ways import NOBODY, ONE, ZERO, Way, Ways, equals, folded, given


def happen(room: Room, lane: int, on: Way, action: Acquire | TryAcquire | Release) -> Ways:
    """The ways after a lock is taken, tried or released."""
    for path, lock in named(room, on, action.side):
        if path.limit:
            yield path
            continue
        match action:
            case Acquire(side=side):
                yield from _take(room, lane, path, lock, shared=side.shared)
            case TryAcquire(into=into, side=side):
                for taken in _take(room, lane, path, lock, shared=side.shared):
                    yield taken.set(into, ONE)
                for failed in _in_the_way(room, path, lock, shared=side.shared):
                    yield failed.set(into, ZERO)
            case Release(side=side):
                yield _release(room, lane, path, lock, shared=side.shared)
            case _:
                assert_never(action)


def named(room: Room, on: Way, side: Side) -> Iterator[tuple[Way, LockAt]]:
    """The lock that a side names; to use that of a free object is an error."""
    indices = [index for number, index in room.writers if number == side.number]
    if side.at is None:
        yield on, (side.number, indices[0])
        return
    for case, index in on.among(on.term(side.at), range(indices[0], indices[-1] + 1)):
        if index is None:
            yield beyond(case, "a lock of something that is no object and no element"), (-1, 0)
            continue
        thing = (side.lock.struct, index)
        yield from ((path, (side.number, index)) for path in using(room, case, thing))


def _free(room: Room, on: Way, lock: LockAt, *, shared: bool) -> list[Term]:
    """What holds where nobody is in the way, the lane itself included."""
    readers = [] if shared else [q for (known, _), q in room.readers.items() if known == lock]
    zero = [equals(on.value(reader), ZERO) for reader in readers]
    return [equals(on.value(room.writers[lock]), NOBODY), *zero]


def _take(room: Room, lane: int, on: Way, lock: LockAt, *, shared: bool) -> Ways:
    for path in given(on, _free(room, on, lock, shared=shared)):
        if shared:
            yield _counted(room, lane, path, lock, "+")
        else:
            yield path.put(room.writers[lock], Immediate(lane))


def _in_the_way(room: Room, on: Way, lock: LockAt, *, shared: bool) -> Ways:
    rest: Way | None = on
    for term in _free(room, on, lock, shared=shared):
        if rest is not None:
            rest, held = rest.split(term)
            yield from () if held is None else (held,)


def _release(room: Room, lane: int, on: Way, lock: LockAt, *, shared: bool) -> Way:
    return _counted(room, lane, on, lock, "-") if shared else on.put(room.writers[lock], NOBODY)


def _counted(room: Room, lane: int, on: Way, lock: LockAt, operator: str) -> Way:
    """A reader more, or less."""
    mine = room.readers[lock, lane]
    return on.put(mine, folded(Computed(operator, (on.value(mine), ONE))))
