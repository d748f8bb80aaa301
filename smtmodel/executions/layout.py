"""Where everything lies in memory, at given bounds.

Takes a checked protocol and its lanes. Memory is one flat tuple: location 0 is never used,
then come the variables in their order (a cache has one location per lane of its owner), the
objects that exist at the start, and for each lane room for every object that it can make.
An object's place depends only on its lane and on how many the lane has made, so that the
order in which different lanes allocate does not tell states apart.
"""

from smtmodel.executions.values import EMPTY, UNWRITTEN, Memory, Pointer, Value
from smtmodel.language.checked import (
    Allocate,
    Atomic,
    Bounds,
    Branch,
    Checked,
    Copy,
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
    lanes,
)
from smtmodel.language.checked import Value as Initial
from smtmodel.source.record import record


@record
class Layout:
    """`variables` gives the first location of each, `objects` that of each initial object.

    `pools` is the first location of each lane's own room; `names` says what the location of
    a variable is called; `initial` is the memory at the start.
    """

    protocol: Checked
    lanes: tuple[Lane, ...]
    variables: dict[str, int]
    objects: tuple[int, ...]
    pools: tuple[int, ...]
    names: dict[int, str]
    initial: Memory

    def offset(self, struct: str, field: str) -> int:
        """The distance of a field from the start of its object."""
        return self.protocol.struct(struct).fields.index(field)


def lay_out(protocol: Checked, bounds: Bounds) -> Layout:
    """The memory of a protocol at these bounds."""
    columns = lanes(protocol, bounds)
    owners: dict[str, int] = {}
    for lane in columns:
        owners[lane.kind.name] = owners.get(lane.kind.name, 0) + 1
    free = 1
    variables: dict[str, int] = {}
    names: dict[int, str] = {}
    for variable in protocol.variables:
        variables[variable.name] = free
        for name in _locations(variable, owners.get(variable.owner or "", 0)):
            names[free] = name
            free += 1
    objects: list[int] = []
    for thing in protocol.objects:
        objects.append(free)
        free += len(thing.values)
    pools: list[int] = []
    for lane in columns:
        pools.append(free)
        free += lane.rounds * max(
            _room(protocol, protocol.block(b).steps) for b in lane.kind.blocks
        )
    memory = _initial(protocol, variables, tuple(objects), owners, free)
    return Layout(protocol, columns, variables, tuple(objects), tuple(pools), names, memory)


def _locations(variable: Variable, owned: int) -> list[str]:
    match variable.shape:
        case Shape.SCALAR | Shape.WORD:
            return [variable.name]
        case Shape.STRUCT:
            return [f"{variable.name}.{field}" for field in variable.fields]
        case Shape.ARRAY:
            return [f"{variable.name}[{index}]" for index in range(variable.length)]
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
            return Pointer(objects[initial.index])
        return initial

    memory: list[Value] = [UNWRITTEN] * size
    memory[0] = None
    for variable in protocol.variables:
        first = variables[variable.name]
        values = tuple(value(v) for v in variable.initial)
        match variable.shape:
            case Shape.WORD:
                memory[first] = values
            case Shape.CACHE:
                count = owners.get(variable.owner or "", 0)
                memory[first : first + count] = [EMPTY] * count
            case Shape.SCALAR | Shape.STRUCT | Shape.ARRAY:
                memory[first : first + len(values)] = values
    for first, thing in zip(objects, protocol.objects, strict=True):
        memory[first : first + len(thing.values)] = [value(v) for v in thing.values]
    return tuple(memory)


def _room(protocol: Checked, steps: tuple[Step, ...]) -> int:
    """How many locations the objects take that these steps can make at most."""
    total = 0
    for step in steps:
        match step:
            case (
                SetLocal(value=Copy(struct=struct) | Allocate(struct=struct))
                | Store(value=Copy(struct=struct) | Allocate(struct=struct))
            ):
                total += len(protocol.struct(struct).fields)
            case If(then=then, otherwise=otherwise):
                total += max(_room(protocol, then), _room(protocol, otherwise))
            case Branch(branches=branches):
                total += max(_room(protocol, branch) for branch in branches)
            case While(bound=bound, body=body) | Retry(bound=bound, body=body):
                total += bound * _room(protocol, body)
            case Atomic(body=body):
                total += _room(protocol, body)
            case _:
                pass
    return total
