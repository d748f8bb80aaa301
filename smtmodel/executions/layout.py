"""Where everything lies in memory, at given bounds.

Takes a checked protocol and its lanes. Memory is one flat tuple: location 0 is never used,
then come the variables in their order (a private cache has one location per lane of its owner),
the objects that exist at the start, and for each lane room for every object that it can make.
An object's place depends only on its lane and on how many the lane has made, so that the
order in which different lanes allocate does not tell states apart. Where objects are freed,
all in a lane's room take the same room, so that a place tells the number of its object.
"""

from collections.abc import Callable

from smtmodel.executions.values import EMPTY, UNWRITTEN, Memory, PointerValue, Value
from smtmodel.language.checked import (
    RCU,
    Allocate,
    Atomic,
    Bounds,
    Branch,
    Checked,
    Copy,
    Each,
    If,
    Lane,
    ObjectReference,
    Retry,
    SetLocal,
    Shape,
    Step,
    Store,
    Variable,
    While,
    element,
    freed_structs,
    furnished,
    lanes,
)
from smtmodel.language.checked import Value as Initial
from smtmodel.source.record import record


@record
class Layout:
    """`variables` gives the first location of each, `objects` that of each initial object.

    `pools` is the first location of each lane's own room; `names` says what the location of
    a variable is called, `owners` which lane a location of a private cache belongs to;
    `initial` is the memory at the start. Where objects are freed, `slot` is the room of one
    object in a pool (else 0), `called` the name of each object, by its first location, among
    the choices of `alloc`, and `firsts` the first location of the object of each location.
    `locks` is the number of the first of each lock of the protocol; those of an array follow each
    other, and that of an object is further by the object's first location. `held` is how many there
    are, `guards` what those of a struct's objects begin with, by the number of the struct.
    `typesafe` has, by their numbers, the structs of which freed objects keep their memory, each
    with the domain whose read sections they keep it for.
    """

    protocol: Checked
    lanes: tuple[Lane, ...]
    variables: dict[str, int]
    objects: tuple[int, ...]
    pools: tuple[int, ...]
    names: dict[int, str]
    owners: dict[int, str]
    initial: Memory
    freed: tuple[str, ...]
    slot: int
    called: dict[int, str]
    firsts: dict[int, int]
    locks: tuple[int, ...]
    held: int
    guards: dict[int, tuple[int, ...]]
    typesafe: dict[int, int]

    def offset(self, struct: str, field: str) -> int:
        """The distance of a field from the start of its object."""
        return self.protocol.struct(struct).fields.index(field)

    def number(self, struct: str) -> int:
        """The number of a struct."""
        return [known.name for known in self.protocol.structs].index(struct)

    def lock_name(self, number: int) -> str:
        """What a report calls the lock of this number; that of an object without the object."""
        place = max(n for n, first in enumerate(self.locks) if first <= number)
        lock = self.protocol.locks[place]
        if not lock.length:
            return lock.name
        return element(lock.name, str(number - self.locks[place]))

    def domain(self, name: str) -> int:
        """The number of a domain of read sections."""
        return _domains(self.protocol).index(name)


def _domains(protocol: Checked) -> list[str]:
    return sorted({RCU, *protocol.domains})


def lay_out(protocol: Checked, bounds: Bounds) -> Layout:
    """The memory of a protocol at these bounds."""
    protocol = furnished(protocol, bounds)
    columns = lanes(protocol, bounds)
    owners: dict[str, int] = {}
    for lane in columns:
        owners[lane.kind.name] = owners.get(lane.kind.name, 0) + 1
    free = 1
    variables: dict[str, int] = {}
    names: dict[int, str] = {}
    private: dict[int, str] = {}
    for variable in protocol.variables:
        variables[variable.name] = free
        if variable.shape is Shape.CACHE:
            owned = [lane.name for lane in columns if lane.kind.name == variable.owner]
            private.update(enumerate(owned, free))
        for name in _locations(variable, owners.get(variable.owner or "", 0)):
            names[free] = name
            free += 1
    objects: list[int] = []
    for thing in protocol.objects:
        objects.append(free)
        free += len(thing.values)
    freed = freed_structs(protocol)
    slot = max(len(struct.fields) for struct in protocol.structs) if freed else 0
    pools: list[int] = []
    for lane in columns:
        pools.append(free)
        blocks = (protocol.block(name) for name in lane.kind.blocks)
        size = _size(protocol, slot)
        free += lane.rounds * max(room(block.steps, size, columns) for block in blocks)
    memory = _initial(protocol, variables, tuple(objects), owners, free)
    called, firsts = _objects(protocol, tuple(objects), columns, (*pools, free), slot)
    locks, held = _numbered(protocol, free)
    numbered = [*zip(locks, protocol.locks, strict=True)]
    guards = {
        number: tuple(first for first, lock in numbered if lock.struct == struct.name)
        for number, struct in enumerate(protocol.structs)
    }
    return Layout(
        protocol,
        columns,
        variables,
        tuple(objects),
        tuple(pools),
        names,
        private,
        memory,
        freed,
        slot,
        called,
        firsts,
        locks,
        held,
        guards,
        {
            number: _domains(protocol).index(RCU)
            for number, struct in enumerate(protocol.structs)
            if struct.typesafe
        },
    )


def _numbered(protocol: Checked, size: int) -> tuple[tuple[int, ...], int]:
    """The number of the first of each lock, and how many locks there are."""
    firsts: list[int] = []
    number = 0
    for lock in protocol.locks:
        firsts.append(number)
        number += size if lock.struct else lock.length or 1
    return tuple(firsts), number


def _objects(
    protocol: Checked,
    objects: tuple[int, ...],
    columns: tuple[Lane, ...],
    pools: tuple[int, ...],
    slot: int,
) -> tuple[dict[int, str], dict[int, int]]:
    """`called` and `firsts`; nothing where no slots are needed."""
    called: dict[int, str] = {}
    firsts: dict[int, int] = {}
    if not slot:
        return called, firsts
    for first, thing in zip(objects, protocol.objects, strict=True):
        called[first] = thing.name
        firsts.update((first + offset, first) for offset in range(len(thing.values)))
    for lane, start, end in zip(columns, pools[:-1], pools[1:], strict=True):
        for number, first in enumerate(range(start, end, slot), 1):
            called[first] = f"{lane.name}#{number}"
            firsts.update((first + offset, first) for offset in range(slot))
    return called, firsts


def _size(protocol: Checked, slot: int) -> Callable[[str], int]:
    """How much room a new object of a struct takes in a pool."""
    return lambda struct: slot or len(protocol.struct(struct).fields)


def _locations(variable: Variable, owned: int) -> list[str]:
    match variable.shape:
        case Shape.STRUCT:
            return [f"{variable.name}.{field}" for field in variable.fields]
        case Shape.SCALAR | Shape.ARRAY | Shape.WORD | Shape.SHARED_CACHE:
            indices = map(str, range(variable.length))
            return [element(variable.name, one) for one in indices] or [variable.name]
        case Shape.CACHE:
            return [variable.name] * owned


def _initial(
    protocol: Checked,
    variables: dict[str, int],
    objects: tuple[int, ...],
    owners: dict[str, int],
    size: int,
) -> Memory:
    def value(initial: Initial) -> Value:
        if isinstance(initial, ObjectReference):
            return PointerValue(objects[initial.index])
        return initial

    memory: list[Value] = [UNWRITTEN] * size
    memory[0] = None
    for variable in protocol.variables:
        first = variables[variable.name]
        values = tuple(value(v) for v in variable.initial)
        match variable.shape:
            case Shape.WORD | Shape.SHARED_CACHE:
                entries = [tuple(map(value, one)) for one in variable.entries]
                memory[first : first + len(entries)] = [one or EMPTY for one in entries]
            case Shape.CACHE:
                count = owners.get(variable.owner or "", 0)
                memory[first : first + count] = [values or EMPTY] * count
            case Shape.SCALAR | Shape.STRUCT | Shape.ARRAY:
                memory[first : first + len(values)] = values
    for first, thing in zip(objects, protocol.objects, strict=True):
        memory[first : first + len(thing.values)] = [value(v) for v in thing.values]
    return tuple(memory)


def room(steps: tuple[Step, ...], size: Callable[[str], int], columns: tuple[Lane, ...]) -> int:
    """How many locations the objects take that these steps can make at most."""
    total = 0
    for step in steps:
        match step:
            case (
                SetLocal(value=Copy(struct=struct) | Allocate(struct=struct))
                | Store(value=Copy(struct=struct) | Allocate(struct=struct))
            ):
                total += size(struct)
            case If(then=then, otherwise=otherwise):
                total += max(room(then, size, columns), room(otherwise, size, columns))
            case Branch(branches=branches):
                total += max(room(branch, size, columns) for branch in branches)
            case While(bound=bound, body=body) | Retry(bound=bound, body=body):
                total += bound * room(body, size, columns)
            case Each(length=length, lanes=kind, body=body):
                count = length or sum(lane.kind.name == kind for lane in columns)
                total += count * room(body, size, columns)
            case Atomic(body=body):
                total += room(body, size, columns)
            case _:
                pass
    return total
