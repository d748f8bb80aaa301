"""What becomes of objects that are freed, now or later, and had again.

An object of a struct that some step frees is in use or free, and a deferred free of it may wait for
its grace period; a second does not begin while one waits. A free object that pointers reach keeps
its fields and may be had again. One that nothing reaches is forgotten, and who has it again has a
new one: all that could tell is what its fields held before, and nothing may read a field that was
not written since.
"""

from collections.abc import Iterator

from smtmodel.executions.event_actions import FreeLater, FreeObject
from smtmodel.executions.terms import Computed, Immediate, Term
from smtmodel.language.checked import LOCK_MISUSE, RCU, USE_AFTER_FREE
from smtmodel.source.record import replace
from smtmodel.systems.room import FREE, IN_USE, LEAVING, LEAVING_FREE, Room, Thing, deferred
from smtmodel.systems.system import HOME, STOPPED, Edge
from smtmodel.systems.ways import ONE, ZERO, Way, Ways, any_of, equals, folded, given


def beyond(path: Way, limit: str) -> Way:
    """The run goes beyond the system."""
    return replace(path.at(STOPPED), limit=limit)


def using(room: Room, path: Way, thing: Thing | None) -> Ways:
    """The ways on which an object is used: a free one is an error, and the lane goes on. Free
    memory that a read section keeps may be used."""
    if thing is None or thing not in room.lives:
        yield path
        return
    free, other = path.split(_is(room, path, thing, FREE, LEAVING_FREE))
    if other is not None:
        yield other
    for flag in (flag for (known, _), flag in room.kept.items() if known == thing):
        if free is not None:
            kept, free = free.split(equals(free.value(flag), ONE))
            yield from () if kept is None else (kept,)
    if free is not None:
        yield free.blame(USE_AFTER_FREE)


def unwritten(room: Room, number: int) -> str:
    """What lies beyond the system where such a field is read before it is written."""
    return f"{room.homes[number][0]} objects are freed, and one is read before it is written again"


def free(room: Room, on: Way, action: FreeObject | FreeLater) -> Ways:
    """The object is freed, or the grace period begins after which it is."""
    slots = range(1, len(room.slots[action.struct]) + 1)
    for case, slot in on.among(on.term(action.thing), slots):
        if slot is None:
            yield beyond(case, "something that is no object is freed")
            continue
        thing = (action.struct, slot)
        if isinstance(action, FreeLater):
            yield from _later(room, case, thing, action.domain)
            continue
        for path in _locked(room, case, thing):
            yield from _at_once(room, path, thing)


def _locked(room: Room, on: Way, thing: Thing) -> Ways:
    """To free an object of which a lane holds a lock is a misuse."""
    held, rest = on.split(any_of(holding(room, on, thing)))
    if held is not None:
        yield held.blame(LOCK_MISUSE)
    if rest is not None:
        yield rest


def holding(room: Room, on: Way, thing: Thing) -> Iterator[Term]:
    """Of each lock of the object, whether a lane holds it."""
    for number, least in room.guards.get(thing, ()):
        yield folded(Computed(">=", (on.value(number), Immediate(least))))


def _at_once(room: Room, on: Way, thing: Thing) -> Ways:
    again, first = on.split(_is(room, on, thing, FREE, LEAVING_FREE))
    if again is not None:
        yield again.blame(USE_AFTER_FREE)
    for case, life in _among(room, first, thing, (IN_USE, LEAVING)):
        yield case.put_all(_freed(room, case, thing, FREE if life == IN_USE else LEAVING_FREE))


def _among(
    room: Room, on: Way | None, thing: Thing, lives: tuple[int, ...]
) -> Iterator[tuple[Way, int]]:
    """The ways on which the object is one of these."""
    for life in lives if on is not None else ():
        assert on is not None
        case = on.split(_is(room, on, thing, life))[0]
        if case is not None:
            yield case, life


def _freed(room: Room, on: Way, thing: Thing, life: int) -> dict[int, Term]:
    """What changes where an object becomes free."""
    flags = ((flag, lane) for (known, lane), flag in room.kept.items() if known == thing)
    kept = {flag: on.value(room.open[lane, RCU]) for flag, lane in flags}
    return {room.lives[thing]: Immediate(life), **kept}


def _later(room: Room, on: Way, thing: Thing, domain: str) -> Ways:
    waits, first = on.split(_is(room, on, thing, LEAVING, LEAVING_FREE))
    if waits is not None:
        yield beyond(waits, f"two deferred frees of a {thing[0]} wait at once")
    for case, life in _among(room, first, thing, (IN_USE, FREE)):
        flags = (
            (q, of) for (one, of, known), q in room.late.items() if (one, known) == (thing, domain)
        )
        waiting = {flag: case.value(room.open[lane, domain]) for flag, lane in flags}
        now = LEAVING if life == IN_USE else LEAVING_FREE
        yield case.put_all({room.lives[thing]: Immediate(now), **waiting})


def left(room: Room, lane: int, domain: str) -> dict[int, Term]:
    """What changes where a lane leaves its section: no free waits for it, and it keeps nothing."""
    late = [q for (_, of, known), q in room.late.items() if (of, known) == (lane, domain)]
    kept = [q for (_, of), q in room.kept.items() if (of, domain) == (lane, RCU)]
    return dict.fromkeys(late + kept, ZERO)


def again(room: Room, on: Way, struct: str, into: int) -> Ways:
    """A free object of the struct is had again; its fields stay, and what waits to free it."""
    for number in range(1, len(room.slots[struct]) + 1):
        thing = (struct, number)
        for had, life in _among(room, on, thing, (FREE, LEAVING_FREE)):
            now = IN_USE if life == FREE else LEAVING
            changes = renewed(room, thing) | {room.lives[thing]: Immediate(now)}
            yield had.put_all(changes).set(into, Immediate(number))


def renewed(room: Room, thing: Thing) -> dict[int, Term]:
    """What changes where a new object is had, besides its fields."""
    kept = [q for (known, _), q in room.kept.items() if known == thing]
    known = {room.lives[thing]: Immediate(IN_USE)} if thing in room.lives else {}
    return {**known, **dict.fromkeys(kept, ZERO)}


def pinned(room: Room, on: Way, thing: Thing) -> list[Term]:
    """Whether the slot of the object is taken, whoever names it: a deferred free of it waits, or
    somebody holds a lock of it."""
    leaving = [_is(room, on, thing, LEAVING, LEAVING_FREE)] if thing in room.lives else []
    return [*leaving, *holding(room, on, thing)]


def _is(room: Room, on: Way, thing: Thing, *lives: int) -> Term:
    return any_of(equals(on.value(room.lives[thing]), Immediate(life)) for life in lives)


def carried_out(room: Room) -> Iterator[Edge]:
    """The edges on which deferred frees happen: no step of a lane, at any time after the grace
    period. To free what is free is an error."""
    for struct in deferred(room):
        for number in range(1, len(room.slots[struct]) + 1):
            thing, path = (struct, number), Way(HOME)
            flags = [flag for (known, _, _), flag in room.late.items() if known == thing]
            for known, life in _among(room, path, thing, (LEAVING, LEAVING_FREE)):
                for case in given(known, [equals(known.value(q), ZERO) for q in flags]):
                    for late in _locked(room, case, thing):
                        yield _free(room, late, thing, twice=life == LEAVING_FREE)


def _free(room: Room, path: Way, thing: Thing, *, twice: bool) -> Edge:
    changes = {room.lives[thing]: Immediate(FREE)} if twice else _freed(room, path, thing, FREE)
    blamed = (*path.violates, USE_AFTER_FREE) if twice else path.violates
    lane, updates = len(room.programs), tuple(changes.items())
    return Edge(lane, HOME, HOME, path.guards, updates, None, violates=blamed)
