"""What events do to a way.

Takes a way at an event, gives the ways after it; none where it cannot happen. A way after an
error of the run stands at `STOPPED`. A step that may sleep is judged where nothing before it asks
whether it may: then the lane has nothing inside of which it must not. The cases stand in the order
of the union in `executions/event_actions.py`; `docs/semantics.md` is the law.
"""

from collections.abc import Iterator
from typing import assert_never

from smtmodel.executions import event_actions
from smtmodel.executions.event_actions import EventAction, Modify
from smtmodel.executions.terms import (
    Absolute,
    Address,
    Computed,
    Conjunction,
    Disjunction,
    Immediate,
    Indexed,
    InObject,
    Register,
    Term,
)
from smtmodel.executions.values import NOTHING, PARTIAL, UNWRITTEN
from smtmodel.language.checked import LOCK_MISUSE, UNWRITTEN_READ, Rmw, Where, Yields
from smtmodel.language.types import Entry
from smtmodel.source.record import parts, replace
from smtmodel.systems import freeing, locking
from smtmodel.systems.room import Room
from smtmodel.systems.snapshots import cases
from smtmodel.systems.system import STOPPED, NotCoveredError
from smtmodel.systems.ways import (
    NOBODY,
    ONE,
    ZERO,
    Way,
    Ways,
    equals,
    folded,
    given,
    negative,
    same_entry,
)


def located(room: Room, path: Way, address: Address) -> Iterator[tuple[Way, int]]:
    """The quantities that may lie at an address. Pointers and indices were looked at before: should
    one be none all the same, the run goes beyond the system."""
    match address:
        case Absolute(location=location):
            yield path, room.memory[location]
        case Indexed(variable=name, index=index):
            first, length = room.layout.variables[name], room.layout.protocol.variable(name).length
            elements = [room.memory[first + number] for number in range(length)]
            yield from _chosen(path, path.term(index), 0, elements)
        case InObject(pointer=pointer, struct=struct, field=field):
            offset = room.layout.offset(struct, field)
            fields = [slot.fields[offset] for slot in room.slots[struct]]
            yield from _chosen(path, path.term(pointer), 1, fields)


def _chosen(path: Way, term: Term, first: int, numbers: list[int]) -> Iterator[tuple[Way, int]]:
    for case, value in path.among(term, range(first, first + len(numbers))):
        if value is None:
            limit = "an access to something that is no object and no element"
            yield freeing.beyond(case, limit), -1
        else:
            yield case, numbers[value - first]


def happen(room: Room, lane: int, path: Way, action: EventAction, where: Where | None) -> Ways:
    """The ways after the event."""
    on = path.at(path.place + 1)
    match action:
        case event_actions.Read() | event_actions.Write() | event_actions.AwaitValue() | Modify():
            for at, number in located(room, on, action.address):
                if at.limit:
                    yield at
                    continue
                for using in freeing.using(room, at, room.homes.get(number)):
                    yield from _access(room, using, action, number, where)
        case event_actions.Acquire(side=side) if side.lock.kind.sleeps:
            yield from locking.happen(room, lane, on.judge(LOCK_MISUSE), action)
        case event_actions.Acquire() | event_actions.TryAcquire() | event_actions.Release():
            yield from locking.happen(room, lane, on, action)
        case event_actions.Barrier() | event_actions.WakeAll():
            yield on  # who sleeps could as well stand there: only `deadlock` tells
        case event_actions.EnterSection(into=into, domain=domain):
            yield from _enter(room, lane, on, domain, into)
        case event_actions.LeaveSection(domain=domain):
            yield _leave(room, lane, on, domain)
        case event_actions.BeginGracePeriod(domain=domain):
            waits = _waits(room, lane, domain)
            begun = on.put_all({q: on.value(room.open[of, domain]) for of, q in waits})
            yield begun.judge(LOCK_MISUSE)
        case event_actions.EndGracePeriod(domain=domain):
            yield from given(on, [equals(on.value(q), ZERO) for _, q in _waits(room, lane, domain)])
        case event_actions.TakeToken(into=into):
            if path.draws:
                raise NotCoveredError(where, "takes a second token in one atomic block")
            drawn = Register(room.drawn)
            yield replace(on.put(room.fresh, drawn).set(into, drawn), draws=True)
        case event_actions.Recall(into=into):
            yield from _recall(room, on, action)
        case event_actions.BeginUpdate():
            yield from _begin(room, on)
        case event_actions.ReturnUpdate():
            yield from _return(room, on)
        case event_actions.FreeObject() | event_actions.FreeLater():
            yield from freeing.free(room, on, action)
        case event_actions.HaveObject():
            yield on  # which object, is chosen right after it
        case event_actions.BeginInterrupt(lane=other):
            free = equals(on.value(room.masks[other]), NOBODY)
            yield from (path.put(room.masks[other], Immediate(lane)) for path in given(on, [free]))
        case event_actions.EndInterrupt(lane=other):
            yield on.put(room.masks[other], NOBODY)
        case event_actions.InterruptsOff():
            yield on.put(room.masks[lane], Immediate(lane))
        case event_actions.InterruptsOn():
            yield on.put(room.masks[lane], NOBODY)
        case _:
            assert_never(action)


def _access(
    room: Room,
    on: Way,
    action: event_actions.Read | event_actions.Write | event_actions.AwaitValue | Modify,
    number: int,
    where: Where | None,
) -> Ways:
    match action:
        case event_actions.Read(into=into):
            yield from _read(room, on, number, into)
        case event_actions.Write(value=value):
            yield on.put(number, on.term(value))
        case event_actions.AwaitValue():
            yield from _await(room, on, action, number, where)
        case Modify():
            yield from _modify(room, on, action, number)


def stopped(path: Way, name: str) -> Way:
    """The lane stops for good at an error of the run."""
    return path.blame(name).at(STOPPED)


def _read(room: Room, on: Way, number: int, into: int) -> Ways:
    missing, there = on.split_mark(on.value(number), UNWRITTEN)
    if missing is not None:
        yield _unwritten(room, missing, number)
    if there is not None:
        yield there.set(into, on.value(number))


def _unwritten(room: Room, path: Way, number: int) -> Way:
    """Nothing was written there since the object was had. What lies in it from before, where it was
    free, the system has forgotten."""
    wrong = stopped(path, UNWRITTEN_READ)
    if number in room.homes:
        return freeing.beyond(wrong, freeing.unwritten(room, number))
    return wrong


def _await(
    room: Room, on: Way, action: event_actions.AwaitValue, number: int, where: Where | None
) -> Ways:
    """The read happens where the condition is true or has no value."""
    for read in _read(room, on, number, action.into):
        if read.place == STOPPED:
            yield read
            continue
        known: Way | None = read
        for left in _natural(action.condition, where):
            if known is not None:
                wrong, known = known.split(negative(known.term(left)))
                yield from () if wrong is None else (wrong,)
        true = None if known is None else known.split(known.term(action.condition))[0]
        if true is not None:
            yield true


def kept_waiting(
    room: Room, on: Way, action: event_actions.AwaitValue, where: Where | None
) -> Ways:
    """The ways on which a read does not happen: its condition has a value, and is false."""
    for at, number in located(room, on, action.address):
        known = None if at.limit else at.split_mark(at.value(number), UNWRITTEN)[1]
        known = known and known.set(action.into, known.value(number))
        for left in _natural(action.condition, where):
            known = known and known.split(negative(known.term(left)))[1]
        false = known and known.split(known.term(action.condition))[1]
        if false is not None:
            yield false


def _natural(condition: Term, where: Where | None) -> list[Term]:
    """The terms in a condition that must not be negative for it to have a value."""
    partial = [p for p in parts(condition) if isinstance(p, Computed) and p.operator in PARTIAL]
    lazy = [p for p in parts(condition) if isinstance(p, Conjunction | Disjunction)]
    if partial and lazy:
        raise NotCoveredError(where, "waits for a condition whose parts may have no value")
    return [part.operands[0] for part in partial]


# ---------------------------------------------------------------- read-modify-writes


def _modify(room: Room, on: Way, action: Modify, number: int) -> Ways:
    before = on.value(number)
    missing, there = on.split_mark(before, UNWRITTEN)
    if missing is not None:
        yield _unwritten(room, missing, number)
    if there is None:
        return
    given = tuple(on.term(operand) for operand in action.operands)
    succeeds, fails = there.split(_succeeds(room, number, action, before, given))
    if succeeds is not None:
        new = _stored(action, before, given)
        yielded = {Yields.BEFORE: before, Yields.AFTER: new, Yields.SUCCESS: ONE}[action.yields]
        yield succeeds.put(number, new).set(action.into, yielded)
    if fails is not None:
        yield fails.set(action.into, ZERO if action.yields is Yields.SUCCESS else before)


def _succeeds(
    room: Room, number: int, action: Modify, before: Term, given: tuple[Term, ...]
) -> Term:
    match action.operation:
        case Rmw.COMPARE_EXCHANGE:
            sort = room.quantities[number].sort
            if isinstance(sort, Entry):
                return same_entry(before, given[0], len(sort.types))
            return equals(before, given[0])
        case Rmw.ADD_NOT_ZERO:
            return folded(Computed("!", (equals(before, ZERO),)))
        case Rmw.ADD_UNLESS:
            return folded(Computed("!", (equals(before, given[1]),)))
        case Rmw.ADD_POSITIVE:
            return folded(Computed(">", (before, ZERO)))
        case Rmw.ADD | Rmw.EXCHANGE | Rmw.OR | Rmw.AND | Rmw.XOR | Rmw.CLEAR:
            return ONE


def _stored(action: Modify, before: Term, given: tuple[Term, ...]) -> Term:
    match action.operation:
        case Rmw.COMPARE_EXCHANGE | Rmw.EXCHANGE:
            return given[-1]
        case Rmw.ADD | Rmw.ADD_NOT_ZERO | Rmw.ADD_UNLESS | Rmw.ADD_POSITIVE:
            total = folded(Computed("+", (before, given[0])))
        case Rmw.OR | Rmw.AND | Rmw.XOR | Rmw.CLEAR:
            total = folded(Computed(action.operation.value, (before, given[0])))
    if action.width is None:
        return total
    return folded(Computed("wrap", (total, Immediate(1 << action.width))))


# ---------------------------------------------------------------- sections


def _enter(room: Room, lane: int, on: Way, domain: str, into: int | None) -> Ways:
    number = room.open[lane, domain]
    outer, second = on.split(equals(on.value(number), ZERO))
    if outer is not None:
        yield outer.put(number, ONE).set(into, ZERO)
    if second is not None:
        limit = f"a lane is inside two sections of {domain} at once"
        yield freeing.beyond(second, limit)


def _leave(room: Room, lane: int, on: Way, domain: str) -> Way:
    """No grace period of the domain waits for the section any more."""
    changes: dict[int, Term] = {
        q: ZERO for (_, of, known), q in room.waits.items() if (of, known) == (lane, domain)
    }
    changes |= freeing.left(room, lane, domain)
    return on.put_all(changes | {room.open[lane, domain]: ZERO})


def _waits(room: Room, lane: int, domain: str) -> list[tuple[int, int]]:
    """The lanes that the lane's grace period may wait for, with the quantity that says it does."""
    return [(of, q) for (by, of, known), q in room.waits.items() if (by, known) == (lane, domain)]


# ---------------------------------------------------------------- updates


def _recall(room: Room, on: Way, action: event_actions.Recall) -> Ways:
    """While no update is in progress, `settled(E)` is what E is now."""
    saved = room.saved[action.expression, action.lane]
    now, before = on.split(equals(on.value(room.progress), ZERO))
    if before is not None:
        yield before.set(action.into, before.value(saved))
    if now is not None:
        for case, term in cases(room, now, action.expression, action.lane):
            kept = case.set(action.into, Immediate(NOTHING) if term is None else term)
            yield kept.at(STOPPED) if kept.limit else kept


def _begin(room: Room, on: Way) -> Ways:
    progress = on.value(room.progress)
    more = folded(Computed("+", (progress, ONE)))
    first, other = on.split(equals(progress, ZERO))
    if other is not None:
        yield other.put(room.progress, more)
    if first is not None:
        for path in _saving(room, first):
            yield path.at(STOPPED) if path.limit else path.put(room.progress, more)


def _saving(room: Room, path: Way) -> Ways:
    """The instant ends at which no update is in progress: what it shows is kept."""
    ways: list[Way] = [path]
    for (expression, lane), number in room.saved.items():
        longer: list[Way] = []
        for way in ways:
            if way.limit:
                longer.append(way)
                continue
            for case, term in cases(room, way, expression, lane):
                longer.append(case.put(number, Immediate(NOTHING) if term is None else term))
        ways = longer
    yield from ways


def _return(room: Room, on: Way) -> Ways:
    progress = on.value(room.progress)
    fewer = folded(Computed("-", (progress, ONE)))
    last, other = on.split(equals(progress, ONE))
    if other is not None:
        yield other.put(room.progress, fewer)
    if last is not None:
        forgotten: dict[int, Term] = {q: Immediate(NOTHING) for q in room.saved.values()}
        yield last.put_all(forgotten | {room.progress: fewer})
