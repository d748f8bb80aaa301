"""Expressions of properties, of `settled(E)` and of final states, evaluated in memory.

Takes a snapshot expression (`smtmodel.language.checked`), gives a function of the memory and
of what finished lanes kept of their locals. Its value is `NOTHING` where it is undefined: it
goes through null, through an unwritten field, through an index outside its array, a negative
operand, a result that is too large or a field of an empty entry, or a local that has no value.
The cases stand in the order of the union in `checked/expressions.py`.
"""

from collections.abc import Callable

from smtmodel.executions.layout import Layout
from smtmodel.executions.values import (
    EMPTY,
    NOTHING,
    PARTIAL,
    UNSET,
    UNWRITTEN,
    Memory,
    PointerValue,
    Value,
    binary,
    holds,
    too_large,
    unary,
)
from smtmodel.language.checked import (
    GROWING,
    And,
    Cell,
    Checked,
    Constant,
    Element,
    Expression,
    Filled,
    LaneLocal,
    LaneNumber,
    Load,
    Member,
    NamedObject,
    Never,
    NullPointer,
    Operation,
    Or,
    Part,
    Place,
    Reach,
    Shape,
    Through,
)
from smtmodel.source.latest import latest
from smtmodel.source.record import parts

Kept = tuple[tuple[Value, ...], ...]
"""For each lane, the values of the locals in `kept_locals` when their block last ended."""

Snapshot = Callable[[Memory, Kept], Value]

Address = Callable[[Memory, Kept], int]
"""Gives a location, or -1 where there is none."""


@latest(2)
def kept_locals(protocol: Checked) -> tuple[tuple[str, str], ...]:
    """The (block, local) pairs whose last values properties read, without repetition, sorted."""
    pairs: set[tuple[str, str]] = set()
    for prop in protocol.properties:
        if isinstance(prop, Never | Reach):
            pairs.update((p.block, p.name) for p in parts(prop) if isinstance(p, LaneLocal))
    return tuple(sorted(pairs))


def reads_cache(protocol: Checked, expression: Expression) -> bool:
    """Whether an expression reads a private cache, so that its value depends on the lane."""
    return any(
        isinstance(part, Cell) and protocol.variable(part.variable).shape is Shape.CACHE
        for part in parts(expression)
    )


def snapshot(expression: Expression, layout: Layout, lane: int = 0) -> Snapshot:
    """The function for an expression; `lane` is the index, within its kind, whose caches count."""

    def made(part: Expression) -> Snapshot:
        match part:
            case Constant(value=number):
                return lambda memory, kept: number
            case NullPointer():
                return lambda memory, kept: None
            case LaneNumber():
                return lambda memory, kept: lane
            case NamedObject(index=index):
                pointer = PointerValue(layout.objects[index])
                return lambda memory, kept: pointer
            case LaneLocal():
                return _lane_local(part, layout)
            case Part(entry=inner, field=field):
                return _part(made(inner), layout.protocol.fields(inner, "").index(field))
            case Filled(entry=inner):
                return _filled(made(inner))
            case Load(place=place):
                return _load(_address(place, layout, lane))
            case Operation(operator=operator, operands=operands):
                return _operation(operator, tuple(map(made, operands)))
            case And(left=left, right=right):
                return _both(made(left), made(right))
            case Or(left=left, right=right):
                return _one_of(made(left), made(right))
            case _:
                raise TypeError(f"not a snapshot expression: {part}")

    return made(expression)


def _lane_local(expression: LaneLocal, layout: Layout) -> Snapshot:
    place = kept_locals(layout.protocol).index((expression.block, expression.name))
    columns = [
        column
        for column, lane in enumerate(layout.lanes)
        if expression.block in lane.kind.blocks and lane.index == expression.index
    ]

    def run(memory: Memory, kept: Kept) -> Value:
        value = kept[columns[0]][place] if columns and kept else UNSET
        return NOTHING if value is UNSET else value

    return run


def _part(entry: Snapshot, place: int) -> Snapshot:
    def run(memory: Memory, kept: Kept) -> Value:
        value = entry(memory, kept)
        return value[place] if isinstance(value, tuple) else NOTHING

    return run


def _filled(entry: Snapshot) -> Snapshot:
    def run(memory: Memory, kept: Kept) -> Value:
        value = entry(memory, kept)
        if value is NOTHING:
            return NOTHING
        return 0 if value is EMPTY else 1

    return run


def _load(address: Address) -> Snapshot:
    def run(memory: Memory, kept: Kept) -> Value:
        location = address(memory, kept)
        if location < 0 or memory[location] is UNWRITTEN:
            return NOTHING
        return memory[location]

    return run


def _address(place: Place, layout: Layout, lane: int) -> Address:
    match place:
        case Cell(variable=name):
            cached = layout.protocol.variable(name).shape is Shape.CACHE
            location = layout.variables[name] + (lane if cached else 0)
            return lambda memory, kept: location
        case Member(variable=name, field=field):
            fixed = layout.variables[name] + layout.protocol.variable(name).fields.index(field)
            return lambda memory, kept: fixed
        case Element(variable=name, index=index):
            first, length = layout.variables[name], layout.protocol.variable(name).length
            number = snapshot(index, layout, lane)

            def element(memory: Memory, kept: Kept) -> int:
                value = number(memory, kept)
                return first + value if isinstance(value, int) and 0 <= value < length else -1

            return element
        case Through(pointer=pointer, struct=struct, field=field):
            offset = layout.offset(struct, field)
            target = snapshot(pointer, layout, lane)

            def through(memory: Memory, kept: Kept) -> int:
                value = target(memory, kept)
                return value + offset if isinstance(value, int) else -1

            return through


def _operation(operator: str, operands: tuple[Snapshot, ...]) -> Snapshot:
    if len(operands) == 1:
        (operand,) = operands
        single = unary(operator)

        def alone(memory: Memory, kept: Kept) -> Value:
            value = operand(memory, kept)
            return NOTHING if value is NOTHING else single(value)

        return alone
    first, second = operands
    double = binary(operator)
    partial, grows = operator in PARTIAL, operator in GROWING

    def pair(memory: Memory, kept: Kept) -> Value:
        left, right = first(memory, kept), second(memory, kept)
        if left is NOTHING or right is NOTHING:
            return NOTHING
        if partial and isinstance(left, int) and left < 0:
            return NOTHING
        made = double(left, right)
        return NOTHING if grows and too_large(made) else made

    return pair


def _both(first: Snapshot, second: Snapshot) -> Snapshot:
    def run(memory: Memory, kept: Kept) -> Value:
        left = first(memory, kept)
        if left is NOTHING or not holds(left):
            return NOTHING if left is NOTHING else 0
        right = second(memory, kept)
        return NOTHING if right is NOTHING else int(holds(right))

    return run


def _one_of(first: Snapshot, second: Snapshot) -> Snapshot:
    def run(memory: Memory, kept: Kept) -> Value:
        left = first(memory, kept)
        if left is NOTHING or holds(left):
            return NOTHING if left is NOTHING else 1
        right = second(memory, kept)
        return NOTHING if right is NOTHING else int(holds(right))

    return run
