"""What becomes of objects that are freed, now or later, and had again.

An object of a struct that some step frees is in use, free, or waits for the grace period of a
deferred free. A free object that pointers reach keeps its fields and may be had again. One that
nothing reaches is forgotten, and who has it again has a new one: all that could tell is what its
fields held before, and nothing may read a field that was not written since.
"""

from collections.abc import Iterator

from smtmodel.executions.event_actions import FreeLater, FreeObject
from smtmodel.executions.terms import Immediate, Term
from smtmodel.language.checked import RCU, USE_AFTER_FREE
from smtmodel.source.record import replace
from smtmodel.systems.room import FREE, IN_USE, LEAVING, Room, Thing, deferred
from smtmodel.systems.system import HOME, STOPPED, Edge
from smtmodel.systems.ways import Way, equals

Ways = Iterator[Way]


def beyond(path: Way, limit: str) -> Way:
    """The run goes beyond the system."""
    return replace(path.at(STOPPED), limit=limit)


def using(room: Room, path: Way, number: int) -> Ways:
    """The ways on which the object of a field is used: a free one is an error, and the lane goes
    on. Free memory that a read section keeps may be used."""
    thing = room.homes.get(number)
    if thing is None:
        yield path
        return
    free, other = path.split(_is(room, path, thing, FREE))
    if other is not None:
        yield other
    for flag in (flag for (known, _), flag in room.kept.items() if known == thing):
        if free is not None:
            kept, free = free.split(equals(free.value(flag), Immediate(1)))
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
        waits, rest = case.split(_is(room, case, thing, LEAVING))
        if waits is not None:
            yield beyond(waits, f"a {action.struct} is freed while a deferred free of it waits")
        if rest is not None and isinstance(action, FreeObject):
            yield from _at_once(room, rest, thing)
        elif rest is not None and isinstance(action, FreeLater):
            yield from _later(room, rest, thing, action.domain)


def _at_once(room: Room, on: Way, thing: Thing) -> Ways:
    again, first = on.split(_is(room, on, thing, FREE))
    if again is not None:
        yield again.blame(USE_AFTER_FREE)
    if first is not None:
        yield first.put_all(_freed(room, first, thing))


def _freed(room: Room, on: Way, thing: Thing) -> dict[int, Term]:
    """What changes where an object becomes free."""
    flags = ((flag, lane) for (known, lane), flag in room.kept.items() if known == thing)
    kept = {flag: on.value(room.open[lane, RCU]) for flag, lane in flags}
    return {room.lives[thing]: Immediate(FREE), **kept}


def _later(room: Room, on: Way, thing: Thing, domain: str) -> Ways:
    again, first = on.split(_is(room, on, thing, FREE))
    if again is not None:
        yield beyond(again, f"a deferred free begins of a {thing[0]} that is free")
    if first is not None:
        flags = (
            (flag, lane)
            for (known, lane, of), flag in room.late.items()
            if (known, of) == (thing, domain)
        )
        waits = {flag: on.value(room.open[lane, domain]) for flag, lane in flags}
        yield first.put_all({room.lives[thing]: Immediate(LEAVING), **waits})


def left(room: Room, lane: int, domain: str) -> dict[int, Term]:
    """What changes where a lane leaves its section: no free waits for it, and it keeps nothing."""
    late = [q for (_, of, known), q in room.late.items() if (of, known) == (lane, domain)]
    kept = [q for (_, of), q in room.kept.items() if (of, domain) == (lane, RCU)]
    return dict.fromkeys(late + kept, Immediate(0))


def again(room: Room, on: Way, struct: str, into: int) -> Ways:
    """Any free object of the struct that pointers reach is had again; its fields stay."""
    for number in range(1, len(room.slots[struct]) + 1):
        thing = (struct, number)
        had = on.split(_is(room, on, thing, FREE))[0]
        if had is not None:
            yield had.put_all(renewed(room, thing)).set(into, Immediate(number))


def renewed(room: Room, thing: Thing) -> dict[int, Term]:
    """What changes where an object is had, besides its fields."""
    kept = [q for (known, _), q in room.kept.items() if known == thing]
    known = {room.lives[thing]: Immediate(IN_USE)} if thing in room.lives else {}
    return {**known, **dict.fromkeys(kept, Immediate(0))}


def leaving(room: Room, on: Way, thing: Thing) -> list[Term]:
    """Whether a deferred free of the object waits: then its slot is taken, whoever names it."""
    return [_is(room, on, thing, LEAVING)] if thing in room.lives else []


def _is(room: Room, on: Way, thing: Thing, life: int) -> Term:
    return equals(on.value(room.lives[thing]), Immediate(life))


def carried_out(room: Room) -> Iterator[Edge]:
    """The edges on which deferred frees happen: no step of a lane, at any time after the grace
    period."""
    for struct in deferred(room):
        for number in range(1, len(room.slots[struct]) + 1):
            thing, path = (struct, number), Way(HOME)
            flags = [flag for (known, _, _), flag in room.late.items() if known == thing]
            terms = [_is(room, path, thing, LEAVING)]
            terms += [equals(path.value(flag), Immediate(0)) for flag in flags]
            for term in terms:
                path = path.split(term)[0] or path
            changes = tuple(_freed(room, path, thing).items())
            yield Edge(len(room.programs), HOME, HOME, path.guards, changes, None)
