"""The state of a protocol as Promela variables that all lanes share.

A place is a variable. A whole entry is several: whether it is filled, then its fields, which are
`NOTHING` where it is empty. A field of a struct is an array over the objects of the struct, and a
pointer is the number of an object, counted from 1; null is 0.
"""

from functools import partial

from smtmodel.executions.event_actions import (
    BeginGracePeriod,
    BeginUpdate,
    EnterSection,
    Recall,
    TakeToken,
)
from smtmodel.executions.layout import Layout, room
from smtmodel.executions.program import Program
from smtmodel.executions.snapshot import kept_locals
from smtmodel.executions.terms import Absolute, Address, Indexed, InObject
from smtmodel.executions.values import PointerValue, Value
from smtmodel.language.ast import When
from smtmodel.language.checked import (
    TOKEN_BASE,
    Expression,
    Lane,
    Never,
    ObjectReference,
    Reach,
    Shape,
    Struct,
    Variable,
)
from smtmodel.language.types import Pointer, Type
from smtmodel.promela.names import Naming
from smtmodel.promela.traits import Spread, Trait
from smtmodel.source.record import field, record
from smtmodel.systems.system import NotCoveredError

LIMIT = 1 << 30
"""Numbers of a model are smaller; the n-th token is LIMIT + n."""

UNITS = ("byte", "short", "int")


def counter(most: int) -> str:
    """The type of what counts so far at most."""
    return "byte" if most < 256 else "int"


@record
class Variables:
    """The variables that hold a value: one, or those of a `whole` entry; none for what is not
    kept."""

    names: tuple[str, ...]
    whole: bool = False

    def at(self, index: str) -> "Variables":
        """The elements with this index."""
        return Variables(tuple(f"{name}[{index}]" for name in self.names), self.whole)


@record
class Declared:
    """A variable and its value at first, with what that is of each element where they differ."""

    type: str
    name: str
    length: int
    initial: int | str
    others: tuple[tuple[int, int | str], ...] = ()

    def line(self) -> str:
        size = f"[{self.length}]" if self.length else ""
        start = f" = {self.initial}" if self.initial else ""
        return f"{self.type} {self.name}{size}{start};"

    def assignments(self) -> list[str]:
        """What makes the elements that differ what they are at first."""
        return [f"{self.name}[{place}] = {value}" for place, value in self.others]


@record(frozen=False)
class ModelMemory:
    """Made by `furnish`: what there is, and which variables hold it.

    `held` has the variables of each variable of the protocol, by `v` or `v.f`; `fields` the array
    of each field, `free` the array that says which objects are free, by their structs; `pools`
    the first new object of each lane, by struct; `locks`, `readers` and `reading` those of a lock,
    by its number; `open` the lanes inside a section, `awaited` those that a lane's grace period
    waits for, by domain and kind; `later` the objects that are freed later and the lanes that each
    waits for, by struct and domain; `saved` what `settled(E)` is while an update is in progress;
    `kept` the locals that properties name.
    """

    layout: Layout
    programs: tuple[Program, ...]
    traits: dict[Trait, Spread]
    names: Naming
    declared: list[Declared] = field(default_factory=list)
    held: dict[str, Variables] = field(default_factory=dict)
    fields: dict[tuple[str, str], str] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)
    pools: dict[tuple[str, int], int] = field(default_factory=dict)
    free: dict[str, str] = field(default_factory=dict)
    locks: dict[int, str] = field(default_factory=dict)
    readers: dict[int, tuple[str, str]] = field(default_factory=dict)
    open: dict[str, str] = field(default_factory=dict)
    awaited: dict[tuple[str, str], str] = field(default_factory=dict)
    later: dict[tuple[str, str], tuple[str, str]] = field(default_factory=dict)
    saved: dict[tuple[Expression, int], str] = field(default_factory=dict)
    kept: dict[tuple[str, str], str] = field(default_factory=dict)
    counted: bool = False

    def declare(self, type_: str, wanted: str, initial: int | str = 0, length: int = 0) -> str:
        """A new variable."""
        name = self.names.new(wanted)
        self.declared.append(Declared(type_, name, length, initial))
        return name

    def unsure(self, place: str) -> bool:
        """Whether a place may hold nothing."""
        return place in self.traits[Trait.NOTHING].places

    def first(self, kind: str) -> int:
        """The number of the first lane of a kind among all lanes."""
        return next(n for n, lane in enumerate(self.layout.lanes) if lane.kind.name == kind)

    def width(self, kind: str) -> int:
        """How many lanes a kind has."""
        return sum(lane.kind.name == kind for lane in self.layout.lanes)

    def own(self, lane: Lane) -> str:
        """The index of a lane among those of its kind, as the lane writes it."""
        before = self.first(lane.kind.name)
        return f"me - {before}" if before else "me"

    def mask(self) -> str:
        """The type of what has a bit for each lane."""
        lanes = len(self.layout.lanes)
        return UNITS[(lanes > 8) + (lanes > 15)]

    def pointers(self, *structs: str) -> str:
        """The type of a pointer."""
        return counter(max(self.counts.get(one, 0) for one in structs))

    def number(self, value: Value) -> int:
        """A value of the protocol as a number of Promela."""
        match value:
            case None:
                return 0
            case PointerValue():
                return self._object(value)
            case int() if value >= TOKEN_BASE:
                return value - TOKEN_BASE + LIMIT
            case int():
                return value
            case _:
                raise AssertionError(value)

    def _object(self, location: int) -> int:
        index = self.layout.objects.index(location)
        objects = self.layout.protocol.objects
        return 1 + [
            n for n, one in enumerate(objects) if one.struct == objects[index].struct
        ].index(index)

    def place(self, address: Address, lane: Lane | None, pointer: str) -> Variables:
        """The variables of an address, as a lane names them; `pointer` is that or the index."""
        match address:
            case InObject(struct=struct, field=name):
                return Variables((self.fields[struct, name],)).at(pointer)
            case Indexed(variable=name):
                return self.held[name].at(pointer)
            case Absolute(name=name, location=location):
                found = self.held[name]
                variable = self.layout.protocol.variable(name.partition(".")[0])
                if variable.shape is not Shape.CACHE:
                    return found
                return self.entry(variable, location - self.layout.variables[name], lane)

    def entry(self, cache: Variable, index: int, lane: Lane | None) -> Variables:
        """The entry of a cache of the lane with this index in its kind; `lane` looks."""
        mine = lane is not None and (lane.kind.name, lane.index) == (cache.owner, index)
        return self.held[cache.name].at(self.own(lane) if mine and lane else str(index))


def furnish(
    layout: Layout, programs: tuple[Program, ...], traits: dict[Trait, Spread], names: Naming
) -> ModelMemory:
    """All that lanes share."""
    protocol = layout.protocol
    if any(lock.is_several for lock in protocol.locks):
        raise NotCoveredError(None, "there are locks in arrays or objects")
    if any(struct.typesafe for struct in protocol.structs):
        raise NotCoveredError(None, "freed objects of a `typesafe` struct keep their memory")
    if any(variable.is_array and variable.fields for variable in protocol.variables):
        raise NotCoveredError(None, "there are arrays of entries")
    memory = ModelMemory(layout, programs, traits, names)
    _count(memory)
    for variable in layout.protocol.variables:
        _variable(memory, variable)
    for struct in layout.protocol.structs:
        _struct(memory, struct)
    _locks(memory)
    _sections(memory)
    _updates(memory)
    for block, local in kept_locals(layout.protocol):
        lanes = len(layout.lanes)
        memory.kept[block, local] = memory.declare("int", f"{block}_{local}", "NOTHING", lanes)
    if any(lane.interrupts for lane in layout.lanes):
        memory.declared.append(Declared("bit", "interrupted", len(layout.lanes), 0))
    if any(isinstance(op.action, TakeToken) for program in programs for op in program.ops):
        memory.declared.append(Declared("int", "fresh", 0, 0))
    judged = [one for one in layout.protocol.properties if isinstance(one, Never | Reach)]
    if any(one.when is When.FINALLY for one in judged):
        memory.declared.append(Declared("byte", "ended", 0, 0))
    return memory


def _count(memory: ModelMemory) -> None:
    """The objects of each struct: those that exist at the start, then room for those of each
    lane."""
    protocol = memory.layout.protocol
    for struct in protocol.structs:
        count = sum(one.struct == struct.name for one in protocol.objects)
        for index, lane in enumerate(memory.layout.lanes):
            memory.pools[struct.name, index] = count + 1
            count += lane.rounds * max(
                room(protocol.block(name).steps, partial(_one_of, struct.name), memory.layout.lanes)
                for name in lane.kind.blocks
            )
        memory.counts[struct.name] = count


def _one_of(struct: str, made: str) -> int:
    return int(made == struct)


def _variable(memory: ModelMemory, variable: Variable) -> None:
    name = variable.name
    initial = [_initial(memory, one) for one in variable.initial]
    empty: list[int | str] = ["NOTHING"] * len(variable.fields)
    match variable.shape:
        case Shape.SCALAR:
            type_ = _type(memory, variable.types[0], name)
            memory.held[name] = Variables((memory.declare(type_, name, initial[0]),))
        case Shape.STRUCT:
            for own, kind, value in zip(variable.fields, variable.types, initial, strict=True):
                type_ = _type(memory, kind, f"{name}.{own}")
                made = memory.declare(type_, f"{name}_{own}", value)
                memory.held[f"{name}.{own}"] = Variables((made,))
        case Shape.ARRAY:
            type_ = _type(memory, variable.types[0], name)
            wanted = name.replace(".", "_")
            memory.held[name] = Variables((_array(memory, type_, wanted, 0, initial),))
        case Shape.WORD:
            _entry(memory, variable, 0, 1, initial)
        case Shape.SHARED_CACHE:
            _entry(memory, variable, 0, int(bool(initial)), initial or empty)
        case Shape.CACHE:
            assert variable.owner is not None
            width = memory.width(variable.owner)
            _entry(memory, variable, width, int(bool(initial)), initial or empty)


def _initial(memory: ModelMemory, value: object) -> int | str:
    if isinstance(value, ObjectReference):
        return memory.number(PointerValue(memory.layout.objects[value.index]))
    assert value is None or isinstance(value, int)
    return memory.number(value)


def _type(memory: ModelMemory, type_: Type, place: str) -> str:
    if isinstance(type_, Pointer) and not memory.unsure(place):
        return memory.pointers(type_.struct)
    return "int"


def _array(
    memory: ModelMemory, type_: str, wanted: str, start: int, values: list[int | str]
) -> str:
    """An array whose elements from `start` on have these values at first."""
    name = memory.names.new(wanted)
    usual = values[-1] if values else 0
    others = tuple((n, v) for n, v in enumerate(values, start) if v != usual)
    memory.declared.append(Declared(type_, name, start + len(values), usual, others))
    return name


def _entry(
    memory: ModelMemory, variable: Variable, length: int, filled: int, values: list[int | str]
) -> None:
    names = [memory.declare("bit", f"{variable.name}_filled", filled, length)]
    for own, value in zip(variable.fields, values, strict=True):
        names.append(memory.declare("int", f"{variable.name}_{own}", value, length))
    memory.held[variable.name] = Variables(tuple(names), whole=True)


def _struct(memory: ModelMemory, struct: Struct) -> None:
    objects = [one for one in memory.layout.protocol.objects if one.struct == struct.name]
    new = memory.counts[struct.name] - len(objects)
    for place, own in enumerate(struct.fields):
        values = [_initial(memory, one.values[place]) for one in objects]
        name = _array(memory, "int", f"{struct.name}_{own}", 1, [*values, *["UNWRITTEN"] * new])
        memory.fields[struct.name, own] = name
    if struct.name in memory.layout.freed:
        count = memory.counts[struct.name] + 1
        memory.free[struct.name] = memory.declare("bit", f"{struct.name}_free", 0, count)


def _locks(memory: ModelMemory) -> None:
    lanes = len(memory.layout.lanes)
    for number, lock in enumerate(memory.layout.protocol.locks):
        memory.locks[number] = memory.declare("byte", lock.name)
        if lock.kind.sided:
            each = memory.declare("byte", f"{lock.name}_readers", 0, lanes)
            memory.readers[number] = each, memory.declare("byte", f"{lock.name}_reading")


def _sections(memory: ModelMemory) -> None:
    for program in memory.programs:
        for op in program.ops:
            match op.action:
                case EnterSection(domain=domain) if domain not in memory.open:
                    memory.open[domain] = memory.declare(memory.mask(), f"{domain}_open")
    for program in memory.programs:
        kind = program.lane.kind.name
        for op in program.ops:
            match op.action:
                case BeginGracePeriod(domain=domain) if (domain, kind) not in memory.awaited:
                    wanted = f"{domain}_awaited_{kind}"
                    made = memory.declare(memory.mask(), wanted, 0, memory.width(kind))
                    memory.awaited[domain, kind] = made


def _updates(memory: ModelMemory) -> None:
    actions = [op.action for program in memory.programs for op in program.ops]
    for action in actions:
        match action:
            case Recall(expression=expression, lane=lane) if (expression, lane) not in memory.saved:
                name = memory.declare("int", f"settled_{len(memory.saved) + 1}")
                memory.saved[expression, lane] = name
    if memory.saved or any(isinstance(action, BeginUpdate) for action in actions):
        memory.counted = True
        memory.declared.append(Declared("byte", "progress", 0, 0))
