"""Lanes that wait for each other for ever.

A deadlock is a set of lanes of which each waits for what only lanes of the set, or lanes that have
ended, could give: a lock that one of them holds, or waits to take as a writer; the end of a section
of one of them; a value that no other lane has a step to write. Whatever other lanes do, such a set
stays as it is: it is there too where they have gone on to the end of what happens together.

A lane between two rounds has ended, if it had one. It holds nothing that others could wait for. But
it may as well be about to begin, and wait where its next round does: then it keeps readers waiting
that queue behind it.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import product

from smtmodel.executions.event_actions import Acquire, AwaitValue, EndGracePeriod, EnterSection
from smtmodel.executions.program import Program
from smtmodel.executions.terms import name_of
from smtmodel.language.checked import DEADLOCK, BuiltIn, Checked
from smtmodel.language.independence import about_all_lanes
from smtmodel.source.record import replace
from smtmodel.systems import effects, locking
from smtmodel.systems.arithmetic import FALSE, TRUE, Formula, conjunction, disjunction
from smtmodel.systems.moves import Mover
from smtmodel.systems.room import LockAt, Room
from smtmodel.systems.system import ENDED, HOME, Guard, WaitingPlace
from smtmodel.systems.ways import Way

Holds = Callable[[tuple[Guard, ...]], Formula]
"""Whether guards hold in a state."""

Option = tuple[WaitingPlace | None, Formula]
"""Where a lane waits, and where in the state it does; or that it does not."""

Standing = Mapping[tuple[int, object], Sequence[WaitingPlace]]

WAITS = Acquire | AwaitValue | EndGracePeriod


def why_undecided(protocol: Checked, programs: Iterable[Program], alone: Sequence[str]) -> str:
    """Why waiting is not looked at; empty if it is. `alone` are the bounds of the kinds of which
    one lane stands for any number: nobody waits for them, unless they have sections."""
    for program in programs:
        kind, actions = program.lane.kind, [op.action for op in program.ops]
        inside = any(isinstance(one, EnterSection) for one in actions)
        about = about_all_lanes(protocol, kind, BuiltIn(DEADLOCK))
        if kind.bound in alone and inside and about:
            return f"it is {about}"
        if kind.interrupts is not None:
            return "a lane may wait for another that interrupts it"
        if any(isinstance(one, AwaitValue) and one.queue is not None for one in actions):
            return "lanes sleep, and a wakeup may come before they do"
        if any(isinstance(op.action, WAITS) and op.region for op in program.ops):
            return "an atomic block may wait"
    return ""


def givers(programs: Sequence[Program]) -> dict[str, tuple[int, ...]]:
    """The lanes that have a step which writes what some lane waits for, by its name."""
    actions = [op.action for program in programs for op in program.ops]
    names = {name_of(one.address) for one in actions if isinstance(one, AwaitValue)}
    return {name: tuple(p.index for p in programs if name in p.written) for name in names}


# ---------------------------------------------------------------- where lanes wait


def waits_of(room: Room, mover: Mover) -> Iterator[WaitingPlace]:
    """Where a lane may have to wait, and for whom."""
    ops = mover.program.ops
    places = [place for place, op in enumerate(ops) if isinstance(op.action, WAITS)]
    for place in (HOME, *places):
        for path in mover.before_event(place):
            if path.place > HOME:
                yield from _waits(room, mover, place, path)


def _waits(room: Room, mover: Mover, place: int, path: Way) -> Iterator[WaitingPlace]:
    op, lane = mover.program.ops[path.place], mover.lane
    match op.action:
        case Acquire(side=side):
            for case, lock in locking.named(room, path, side):
                if not case.limit:
                    wait = WaitingPlace(lane, place, case.guards)
                    yield _for_lock(room, wait, lock, shared=side.shared)
        case EndGracePeriod(domain=domain):
            known = ((q, of, key) for (by, of, key), q in room.waits.items() if by == lane)
            flags = tuple((q, of) for q, of, key in known if key == domain)
            yield WaitingPlace(lane, place, path.guards, flags=flags)
        case AwaitValue(address=address):
            names = givers(room.programs)[name_of(address)]
            known_givers = tuple((room.rounds[of], of) for of in names if of != lane)
            for case in effects.kept_waiting(room, path, op.action, op.where):
                yield WaitingPlace(lane, place, case.guards, givers=known_givers)
        case _:
            pass


def _for_lock(room: Room, wait: WaitingPlace, lock: LockAt, *, shared: bool) -> WaitingPlace:
    """A writer waits for readers too; a reader comes after a writer that waits."""
    wait = replace(wait, holder=room.writers[lock])
    if shared:
        return replace(wait, reads=lock)
    flags = tuple((q, of) for (known, of), q in room.readers.items() if known == lock)
    return replace(wait, flags=flags, writes=lock)


# ---------------------------------------------------------------- whether they wait in vain


def by_place(waits: Iterable[WaitingPlace]) -> Standing:
    """Where lanes may wait, by the lane and where it stands."""
    known: dict[tuple[int, object], list[WaitingPlace]] = {}
    for wait in waits:
        known.setdefault((wait.lane, wait.place), []).append(wait)
    return known


def deadlocked(
    known: Standing, places: Sequence[int], state: Sequence[object], holds: Holds
) -> Formula:
    """Whether some lanes wait for each other, in a state whose finite values are known."""
    every: list[list[Option]] = []
    for lane, number in enumerate(places):
        options = [(wait, holds(wait.guards)) for wait in known.get((lane, state[number]), ())]
        able: list[Option] = [(wait, holding) for wait, holding in options if holding != FALSE]
        if able:
            unsure = any(holding != TRUE for _, holding in able)
            every.append([*able, *((None, TRUE),) * unsure])
    return disjunction(_in_vain(choice, places, state) for choice in product(*every))


def _in_vain(choice: Iterable[Option], places: Sequence[int], state: Sequence[object]) -> Formula:
    """Where the lanes of these that wait for each other do wait. Each begins in one way only."""
    standing = {wait.lane: (wait, holding) for wait, holding in choice if wait is not None}
    while standing:
        waits = {lane: wait for lane, (wait, _) in standing.items()}
        kept = {n: one for n, one in standing.items() if _hopeless(one[0], waits, places, state)}
        if len(kept) == len(standing):
            return conjunction(holding for _, holding in kept.values())
        standing = kept
    return FALSE


def _hopeless(
    wait: WaitingPlace,
    standing: Mapping[int, WaitingPlace],
    places: Sequence[int],
    state: Sequence[object],
) -> bool:
    if wait.holder >= 0 and state[wait.holder] in standing:
        return True
    if any(state[number] and of in standing for number, of in wait.flags):
        return True
    if wait.reads is not None:
        return any(other.writes == wait.reads for other in standing.values())
    if wait.givers is None:
        return False
    return all(
        of in standing or (state[number] == 1 and state[places[of]] in (HOME, ENDED))
        for number, of in wait.givers
    )
