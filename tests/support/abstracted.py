"""States of the interpreter's machine as states of a protocol's system.

The machine runs a protocol at finite bounds, the system at none: every state that the machine
comes to, taken up to names and distances, has to be among the closed states of the system.
"""

from collections.abc import Iterator
from itertools import combinations, product

from smtmodel.executions.actions import EVENT, kind_of
from smtmodel.executions.frame import ENDED as OVER
from smtmodel.executions.frame import NOBODY, RUNNING, LaneState, State
from smtmodel.executions.machine import Machine, build
from smtmodel.executions.program import Program
from smtmodel.executions.values import NOTHING, UNWRITTEN, PointerValue, Value
from smtmodel.language.checked import RCU, TOKEN_BASE, Bounds, Checked
from smtmodel.language.types import Entry, Pointer
from smtmodel.systems.canonical import Canon, canon
from smtmodel.systems.canonical import State as Canonical
from smtmodel.systems.classes import classes_of
from smtmodel.systems.lanes import exchanged
from smtmodel.systems.room import FREE, IN_USE, LEAVING, LEAVING_FREE, Room, Thing
from smtmodel.systems.system import ENDED, HOME, STOPPED, Sort, System
from smtmodel.systems.translate import SLOTS, begins_alone, judged, lanes_of, room_of

LIVES = {
    (False, False): IN_USE,
    (True, False): FREE,
    (False, True): LEAVING,
    (True, True): LEAVING_FREE,
}
"""What an object may be that is free, and that a deferred free waits for."""

FORGOTTEN = 2
"""Up to how many fields of objects that were had again may be unwritten at once."""


def bounded(protocol: Checked, updates: int, rounds: int) -> Bounds:
    """The lanes of the system of a protocol, at finite bounds."""
    return Bounds(max(updates, protocol.updaters or 1), lanes_of(protocol).lanes, rounds)


def machine_states(machine: Machine, limit: int) -> Iterator[State]:
    """The states that the machine comes to, up to a number of them."""
    start = machine.initial()
    known, waiting = {start}, [start]
    while waiting:
        state = waiting.pop()
        yield state
        for index in range(len(state.lanes)):
            for successor in machine.successors(state, index):
                if successor.state not in known and len(known) < limit:
                    known.add(successor.state)
                    waiting.append(successor.state)


def missing(
    protocol: Checked, system: System, states: frozenset[Canonical], bounds: Bounds, limit: int
) -> tuple[int, list[Canonical]]:
    """How many states of the machine were looked at, and those that are not among the states: of
    a system in which every event is an edge of its own."""
    machine = build(judged(protocol), bounds, store_buffers=False)
    reading = Reading(protocol, system, machine)
    count, wrong = 0, []
    for state in machine_states(machine, limit):
        count += 1
        if not any(way in states for way in reading.canonical(state)):
            wrong.append(next(reading.canonical(state)))
    return count, wrong


def exchanged_states(known: Canon, state: Canonical) -> list[Canonical]:
    """The state, and those in which lanes that stand at one place have changed places."""
    places, made = known.system.places, [state]
    for one in made:  # grows
        for exchange in known.exchanges:
            if one[places[exchange.first]] == one[places[exchange.second]]:
                other = known.state(exchanged(exchange, one))
                if other not in made:
                    made.append(other)
    return made


class Reading:
    """Reads states of a machine as states of a system."""

    def __init__(self, protocol: Checked, system: System, machine: Machine) -> None:
        self.room: Room = room_of(protocol)
        self.canon: Canon = canon(system, classes_of(system))
        self.machine = machine
        self.late = [begins_alone(program) for program in machine.programs]
        self.entries = [_entries(program) for program in machine.programs]
        self.slots: dict[tuple[str, int], int] = {}

    def canonical(self, state: State) -> Iterator[Canonical]:
        """What a state may be: a lane that stands at the first event of a later round may stand
        between rounds in the system."""
        for places in product(*map(self._places, range(len(state.lanes)), state.lanes)):
            values = self._values(state, places)
            if values is not None:
                for made in map(self.canon.state, self._forgetting(values)):
                    yield from exchanged_states(self.canon, made)

    def _forgetting(self, values: list[Value]) -> Iterator[list[Value]]:
        """The values, and those in which fields of objects that may have been had again are not
        written: what lay in a free object that nothing reached, the system forgets."""
        fields = [number for number in self.room.homes if values[number] is not UNWRITTEN]
        for size in range(min(len(fields), FORGOTTEN) + 1):
            for forgotten in combinations(fields, size):
                made = list(values)
                for number in forgotten:
                    made[number] = UNWRITTEN
                yield made

    def _places(self, index: int, lane: LaneState) -> list[int]:
        if lane.status == OVER:
            return [HOME if self.late[index] else ENDED]
        if lane.status != RUNNING:
            return [STOPPED]
        again = self.late[index] and lane.round > 0 and lane.pc in self.entries[index]
        return [lane.pc, HOME] if again else [lane.pc]

    def _values(self, state: State, places: tuple[int, ...]) -> list[Value] | None:
        """The values of all quantities; None where there is no room for all objects."""
        room, shared = self.room, state.shared
        self.slots = {}
        values = [quantity.initial for quantity in room.quantities]
        for slots in room.slots.values():
            for slot in slots:
                for number in slot.fields:
                    values[number] = UNWRITTEN
        self.values = values
        for number, place in zip(room.places, places, strict=False):
            values[number] = place
        for location, number in room.memory.items():
            self._put(number, shared.memory[location])
        self._shared(state)
        for index, place in enumerate(places):
            if place > HOME:
                lane = state.lanes[index]
                for register, value in zip(room.live[index][place], lane.registers, strict=True):
                    self._put(room.register(index, place, register), value)
        for late in shared.rare.pending:  # an error that is still to come, whoever knows the object
            if late.location in {location for location, _ in shared.rare.free}:
                struct = self.machine.layout.protocol.structs[late.struct].name
                self._value(PointerValue(late.location), Pointer(struct))
        for struct, location in self._held(state):
            self._value(PointerValue(location), Pointer(struct))
        return values if self._objects(state) else None

    def _held(self, state: State) -> Iterator[tuple[str, int]]:
        """The objects of which a lane holds a lock."""
        layout, locks = self.machine.layout, state.shared.locks
        for first, lock in zip(layout.locks, layout.protocol.locks, strict=True):
            for location in range(len(state.shared.memory) if lock.struct else 0):
                if locks[first + location] != NOBODY:
                    yield lock.struct, location

    def _put(self, number: int, value: Value) -> None:
        self.values[number] = self._value(value, self.room.quantities[number].sort)

    def _value(self, value: Value, sort: Sort) -> Value:
        match sort, value:
            case Pointer(struct=struct), int():
                order = [known for known in self.slots if known[0] == struct]
                return self.slots.setdefault((struct, int(value)), len(order) + 1)
            case Entry(types=types), tuple():
                return tuple(self._value(*pair) for pair in zip(value, types, strict=True))
            case _:
                return value

    def _objects(self, state: State) -> bool:
        """Fill the slots of the objects that were met, and of those that their fields meet."""
        room, layout = self.room, self.machine.layout
        done: set[tuple[str, int]] = set()
        while left := [known for known in self.slots if known not in done]:
            for struct, first in left:
                done.add((struct, first))
                number = self.slots[struct, first]
                if number > SLOTS:
                    return False
                for offset, quantity in enumerate(room.slots[struct][number - 1].fields):
                    self._put(quantity, state.shared.memory[first + offset])
                if struct in layout.freed:
                    self._life(state, (struct, number), first)
        return True

    def _lock(self, number: int, index: int) -> int:
        """The number of a lock; that of an object which is not known is held by nobody."""
        layout = self.machine.layout
        struct = layout.protocol.locks[layout.locks.index(number)].struct
        if not struct:
            return number + index
        met = [at for (known, at), slot in self.slots.items() if (known, slot) == (struct, index)]
        return number + (met[0] if met else 0)

    def _life(self, state: State, thing: Thing, first: int) -> None:
        """Whether the object that begins there is in use, and who keeps it from being free."""
        room, shared, domain = self.room, state.shared, self.machine.layout.domain
        late = [known for known in shared.rare.pending if known.location == first]
        free = first in {location for location, _ in shared.rare.free}
        self.values[room.lives[thing]] = LIVES[free, bool(late)]
        kept = {lane for at, by in shared.rare.kept if at == first for lane, _ in by}
        for (known, lane), number in room.kept.items():
            if known == thing:
                self.values[number] = int(lane in kept)
        for (known, lane, name), number in room.late.items():
            if known == thing:
                of = {section: number for number, section in shared.open[lane]}
                waits = [section for one in late for by, section in one.waits if by == lane]
                self.values[number] = sum(of[section] == domain(name) for section in waits)

    def _shared(self, state: State) -> None:
        room, shared, values = self.room, state.shared, self.values
        for (number, index), quantity in room.writers.items():
            holder = shared.locks[self._lock(number, index)]
            values[quantity] = -1 if isinstance(holder, tuple) else holder
        for ((number, slot), index), quantity in room.readers.items():
            holder = shared.locks[self._lock(number, slot)]
            values[quantity] = holder.count(index) if isinstance(holder, tuple) else 0
        for index, quantity in room.masks.items():
            values[quantity] = shared.rare.interrupted[index]
        domain = self.machine.layout.domain
        for (index, name), quantity in room.open.items():
            values[quantity] = sum(of == domain(name) for of, _ in shared.open[index])
        for index, quantity in room.depth.items():
            values[quantity] = state.lanes[index].sections.count((domain(RCU), -1))
        for (by, of, name), quantity in room.waits.items():
            known = {number: known for known, number in shared.open[of]}
            values[quantity] = sum(
                lane == of and known[number] == domain(name) for lane, number in shared.waits[by]
            )
        values[room.progress] = shared.progress
        if room.updated >= 0:
            values[room.updated] = shared.returned
        for index, quantity in room.rounds.items():
            lane = state.lanes[index]
            if quantity != room.updated:
                values[quantity] = int(lane.round > 0 or lane.status == OVER)
        for (index, place), quantity in room.last.items():
            self._put(quantity, state.lanes[index].kept[place])
        values[room.fresh] = TOKEN_BASE + shared.fresh
        for value, quantity in zip(shared.settled, room.saved.values(), strict=True):
            self._put(quantity, value if shared.progress else NOTHING)


def _entries(program: Program) -> set[int]:
    """The events that a round may begin with."""
    opening = program.until_event([HOME])
    return {place for place in opening if kind_of(program.ops[place].action) == EVENT}
