"""The quantities of a system: what shared memory, objects, locks, sections and lanes consist of."""

from collections.abc import Collection

from smtmodel.executions import event_actions
from smtmodel.executions.actions import EVENT, kind_of
from smtmodel.executions.layout import Layout
from smtmodel.executions.local_actions import Compute, EndRound
from smtmodel.executions.program import Program
from smtmodel.executions.snapshot import kept_locals
from smtmodel.executions.values import NOTHING, UNSET, UNWRITTEN, PointerValue, Value
from smtmodel.language.checked import (
    RCU,
    TOKEN_BASE,
    Expression,
    Load,
    Lock,
    Shape,
)
from smtmodel.language.quote import quotes
from smtmodel.language.types import Entry
from smtmodel.source.record import field, record, replace
from smtmodel.systems.system import HOME, Finite, Quantity, Slot, Sort
from smtmodel.systems.webs import Spot, Webs, expressed, plain, stored, webs_of

Recalled = tuple[Expression, int]
"""An expression of `settled(E)`, and the lane whose caches it reads."""

Thing = tuple[str, int]
"""An object: its struct, and the number of its slot."""

LockAt = tuple[int, int]
"""A lock: the number of the first of its array or of all objects, and its index or slot."""

IN_USE, FREE, LEAVING, LEAVING_FREE = 0, 1, 2, 3
"""What an object of a struct that is freed may be; LEAVING where a deferred free of it waits."""


@record(frozen=False)
class Room:
    """All quantities, and where to find which.

    `memory` has that of each location of a variable, `slots` those of each struct, `open` and
    `depth` the sections of a lane in a domain and the RCU sections inside of another, `waits`
    whether the grace period of a lane in a domain waits for another lane, `saved` what
    `settled(E)` is while an update is in progress; `guards` those of an object's locks, each with
    the least value that says that a lane holds it; `masks` who interrupts a lane. Of the objects of
    structs that are freed `lives` has whether each is in use, `late` whether its deferred free
    waits for the sections of a lane in a domain, `kept` whether those of a lane keep the memory of
    a free object, `homes` the object that a field belongs to. Where it is asked who has ended
    `updated` is whether an update has returned, `rounds` whether a lane has had a round (the same,
    where it updates), `last` what a local of a lane was at the end of a round, by its place among
    `kept_locals`.
    """

    layout: Layout
    programs: tuple[Program, ...]
    webs: tuple[Webs, ...]
    live: tuple[tuple[tuple[int, ...], ...], ...]
    quantities: list[Quantity] = field(default_factory=list)
    places: list[int] = field(default_factory=list)
    memory: dict[int, int] = field(default_factory=dict)
    slots: dict[str, list[Slot]] = field(default_factory=dict)
    writers: dict[LockAt, int] = field(default_factory=dict)
    readers: dict[tuple[LockAt, int], int] = field(default_factory=dict)
    guards: dict[Thing, list[tuple[int, int]]] = field(default_factory=dict)
    masks: dict[int, int] = field(default_factory=dict)
    open: dict[tuple[int, str], int] = field(default_factory=dict)
    depth: dict[int, int] = field(default_factory=dict)
    waits: dict[tuple[int, int, str], int] = field(default_factory=dict)
    saved: dict[Recalled, int] = field(default_factory=dict)
    held: dict[tuple[int, Spot], int] = field(default_factory=dict)
    lives: dict[Thing, int] = field(default_factory=dict)
    late: dict[tuple[Thing, int, str], int] = field(default_factory=dict)
    kept: dict[tuple[Thing, int], int] = field(default_factory=dict)
    homes: dict[int, Thing] = field(default_factory=dict)
    last: dict[tuple[int, int], int] = field(default_factory=dict)
    rounds: dict[int, int] = field(default_factory=dict)
    progress: int = -1
    updated: int = -1
    fresh: int = -1
    drawn: int = -1

    def add(self, name: str, sort: Sort, initial: Value, parts: tuple[str, ...] = ()) -> int:
        self.quantities.append(Quantity(name, sort, initial, parts))
        return len(self.quantities) - 1

    def finite(self, name: str, initial: int = 0) -> int:
        return self.add(name, Finite(), initial)

    def register(self, lane: int, place: int, register: int) -> int:
        """The quantity that holds a register that is live at a place where the lane rests."""
        return self.held[lane, self.webs[lane].of[place, register]]

    def location(self, location: int) -> Value:
        """What a location of the layout is called as a pointer: its slot."""
        protocol = self.layout.protocol
        index = self.layout.objects.index(location)
        struct = protocol.objects[index].struct
        return 1 + sum(thing.struct == struct for thing in protocol.objects[:index])


def furnish(
    layout: Layout,
    programs: tuple[Program, ...],
    slots: int,
    *,
    ends: bool,
    givers: Collection[int],
) -> Room:
    """The quantities of these programs, with a number of slots for each struct; `ends`: complete
    executions are judged; for the values that `givers` write others wait."""
    webs = tuple(webs_of(program, layout) for program in programs)
    room = Room(layout, programs, webs, tuple(program.live() for program in programs))
    for lane in layout.lanes:
        room.places.append(room.finite(f"place of {lane.name}", HOME))
    _variables(room)
    _objects(room, slots)
    _locks(room)
    _masks(room)
    _sections(room)
    _lives(room)
    room.progress = room.finite("updates in progress")
    room.fresh = room.finite("last token", TOKEN_BASE)
    room.drawn = room.add("token drawn", Finite(), UNSET)
    _saved(room)
    for index, program in enumerate(programs):
        _registers(room, index, program)
        if ends:
            _last(room, index, program)
    _ended(room, givers, ends=ends)
    return room


def _ended(room: Room, givers: Collection[int], *, ends: bool) -> None:
    """Whether lanes have had a round."""
    lanes = room.layout.lanes
    if ends or any(lanes[index].kind.updates for index in givers):
        room.updated = room.finite("an update has returned")
    for index in sorted(givers):
        once = f"{lanes[index].name} has had a round"
        room.rounds[index] = room.updated if lanes[index].kind.updates else room.finite(once)


def _variables(room: Room) -> None:
    layout = room.layout
    for variable in layout.protocol.variables:
        first = layout.variables[variable.name]
        owned = sum(lane.kind.name == variable.owner for lane in layout.lanes)
        fields = variable.fields if variable.shape is Shape.STRUCT else ("",)
        count = owned if variable.shape is Shape.CACHE else max(len(fields), variable.length)
        for offset in range(count):
            part = fields[offset] if variable.shape is Shape.STRUCT else ""
            owner = layout.owners.get(first + offset)
            called = layout.names[first + offset] + (f" of {owner}" if owner else "")
            value = _initial(room, layout.initial[first + offset])
            sort = stored(layout.protocol, variable.name, part)
            parts = variable.fields if isinstance(sort, Entry) else ()
            room.memory[first + offset] = room.add(called, sort, value, parts)


def _initial(room: Room, value: Value) -> Value:
    match value:
        case PointerValue():
            return room.location(value)
        case tuple():
            return tuple(_initial(room, part) for part in value)
        case _:
            return value


def _objects(room: Room, slots: int) -> None:
    layout = room.layout
    for struct in layout.protocol.structs:
        existing = [
            first
            for first, thing in zip(layout.objects, layout.protocol.objects, strict=True)
            if thing.struct == struct.name
        ]
        made: list[Slot] = []
        for number in range(max(slots, len(existing))):
            fields: list[int] = []
            for offset, (name, type_) in enumerate(zip(struct.fields, struct.types, strict=True)):
                value: Value = UNWRITTEN
                if number < len(existing):
                    value = _initial(room, layout.initial[existing[number] + offset])
                fields.append(room.add(f"{struct.name}{number + 1}.{name}", plain(type_), value))
            made.append(Slot(struct.name, tuple(fields)))
        room.slots[struct.name] = made


def _locks(room: Room) -> None:
    layout = room.layout
    for first, lock in zip(layout.locks, layout.protocol.locks, strict=True):
        if lock.struct:
            for number in range(1, len(room.slots[lock.struct]) + 1):
                thing = (lock.struct, number)
                made = _holders(
                    room, (first, number), lock, f"{lock.name} of {lock.struct}{number}"
                )
                room.guards.setdefault(thing, []).extend(made)
        elif lock.length:
            for index in range(lock.length):
                _holders(room, (first, index), lock, f"{lock.name}[{index}]")
        else:
            _holders(room, (first, 0), lock, lock.name)


def _holders(room: Room, at: LockAt, lock: Lock, name: str) -> list[tuple[int, int]]:
    """The quantities that say who holds a lock, each with the least value that says somebody."""
    room.writers[at] = room.finite(f"holder of {name}", -1)
    made = [(room.writers[at], 0)]
    for index, lane in enumerate(room.layout.lanes if lock.kind.sided else ()):
        room.readers[at, index] = room.finite(f"{lane.name} reads {name}")
        made.append((room.readers[at, index], 1))
    return made


def _masks(room: Room) -> None:
    """Who interrupts a lane: itself where it keeps interrupts off."""
    lanes = room.layout.lanes
    if any(lane.interrupts for lane in lanes):
        for index, lane in enumerate(lanes):
            room.masks[index] = room.finite(f"who interrupts {lane.name}", -1)


def _sections(room: Room) -> None:
    for index, program in enumerate(room.programs):
        name = room.layout.lanes[index].name
        for op in program.ops:
            match op.action:
                case event_actions.EnterSection(domain=domain) if (index, domain) not in room.open:
                    room.open[index, domain] = room.finite(f"{name} is inside {domain}")
                    if domain == RCU:
                        room.depth[index] = room.finite(f"{name} is deeper inside {domain}")
                case _:
                    pass
    for index, program in enumerate(room.programs):
        name = room.layout.lanes[index].name
        for op in program.ops:
            if isinstance(op.action, event_actions.BeginGracePeriod):
                for other, domain in room.open:
                    key = (index, other, domain)
                    if domain == op.action.domain and key not in room.waits:
                        other_name = room.layout.lanes[other].name
                        room.waits[key] = room.finite(f"{name} waits for {other_name} in {domain}")


def _lives(room: Room) -> None:
    """What is known of objects besides their fields: of their locks, and where they are freed."""
    protocol = room.layout.protocol
    domains = deferred(room)
    for name in room.layout.freed:
        for number, slot in enumerate(room.slots[name], 1):
            thing, called = (name, number), f"{name}{number}"
            room.lives[thing] = room.finite(f"life of {called}", IN_USE)
            room.homes |= dict.fromkeys(slot.fields, thing)
            for lane, domain in room.open:
                reader = room.layout.lanes[lane].name
                if domain in domains.get(name, ()):
                    flag = f"the free of {called} waits for {reader} in {domain}"
                    room.late[thing, lane, domain] = room.finite(flag)
                if domain == RCU and protocol.struct(name).typesafe:
                    room.kept[thing, lane] = room.finite(f"{reader} keeps {called}")
    for name, slots in room.slots.items():
        for number, slot in enumerate(slots, 1):
            thing = (name, number)
            pins = [*room.guards.get(thing, ())]
            life = [held for held, _ in pins]
            if thing in room.lives:
                # a deferred free of what is free already is an error that is still to come
                pins.append((room.lives[thing], LEAVING_FREE))
                life += _life(room, thing)
            slots[number - 1] = replace(slot, life=tuple(life), pins=tuple(pins))
    if domains:
        room.places.append(room.finite("place of deferred frees", HOME))


def _life(room: Room, thing: Thing) -> tuple[int, ...]:
    late = (number for (known, _, _), number in room.late.items() if known == thing)
    kept = (number for (known, _), number in room.kept.items() if known == thing)
    return (room.lives[thing], *late, *kept)


def deferred(room: Room) -> dict[str, set[str]]:
    """The structs whose objects are freed later, each with the domains of the grace periods."""
    found: dict[str, set[str]] = {}
    for program in room.programs:
        for op in program.ops:
            match op.action:
                case event_actions.FreeLater(struct=struct, domain=domain):
                    found.setdefault(struct, set()).add(domain)
                case _:
                    pass
    return found


def _saved(room: Room) -> None:
    for program in room.programs:
        for op in program.ops:
            match op.action:
                case event_actions.Recall(expression=expression, lane=lane):
                    if (expression, lane) not in room.saved:
                        sort = expressed(room.layout.protocol, expression)
                        name = _settled(room, expression, lane)
                        room.saved[expression, lane] = room.add(name, sort, NOTHING)
                case _:
                    pass


def _settled(room: Room, expression: Expression, lane: int) -> str:
    """What `settled(E)` of a lane is called: by its text where E is one place."""
    match expression:
        case Load(span=span):
            return f"settled({quotes(room.layout.protocol.text).at(span)}) of lane {lane}"
        case _:
            return f"settled {len(room.saved)}"


def _registers(room: Room, index: int, program: Program) -> None:
    """A quantity for every web in which the lane can rest: before an event."""
    webs, name = room.webs[index], room.layout.lanes[index].name
    locals_ = _locals(program, webs)
    for place, op in enumerate(program.ops):
        if kind_of(op.action) == EVENT:
            for register in room.live[index][place]:
                web = webs.of[place, register]
                if (index, web) not in room.held:
                    called = locals_.get(web, f"value {register} at {place}")
                    room.held[index, web] = room.add(f"{called} of {name}", webs.sorts[web], UNSET)


def _last(room: Room, index: int, program: Program) -> None:
    """What the end of a lane's rounds leaves for properties of complete executions."""
    name, webs = room.layout.lanes[index].name, room.webs[index]
    locals_ = kept_locals(room.layout.protocol)
    for place, op in enumerate(program.ops):
        match op.action:
            case EndRound(kept=kept):
                for number, register in kept:
                    called = f"last {locals_[number][1]} of {name}"
                    sort = webs.sorts[webs.of[place, register.number]]
                    room.last[index, number] = room.add(called, sort, UNSET)
            case _:
                pass


def _locals(program: Program, webs: Webs) -> dict[Spot, str]:
    """What the program calls the values that locals have."""
    named = [(place + 1, op.action) for place, op in enumerate(program.ops)]
    return {
        webs.of[after, action.into]: action.name
        for after, action in named
        if isinstance(action, Compute) and action.name and (after, action.into) in webs.of
    }
