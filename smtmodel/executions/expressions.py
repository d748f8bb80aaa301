"""How expressions become operations of a program.

Takes an expression and the program being made; appends the events that evaluating it needs,
in the order of `docs/semantics.md`, and whatever can stop the lane (a null pointer, an index
outside its array, a negative operand, a number that is too large) as local operations of its own
at the place where it happens. What is left is a pure function of the registers. The cases stand
in the order of the union in `checked/expressions.py`.
"""

from smtmodel.executions import freeing, locking, operations
from smtmodel.executions.frame import Frame, Pure, Run
from smtmodel.executions.program import (
    Awaits,
    Builder,
    ForValue,
    ForWake,
    Kind,
    Label,
    Operand,
)
from smtmodel.executions.snapshot import Snapshot, composed, reads_cache
from smtmodel.executions.values import (
    EMPTY,
    NOTHING,
    PARTIAL,
    UNSET,
    Value,
    binary,
    holds,
    too_large,
    unary,
)
from smtmodel.executions.wording import expression_text
from smtmodel.language.ast import GuardKind
from smtmodel.language.checked import (
    GROWING,
    NEGATIVE_OPERAND,
    NULL_DEREFERENCE,
    OUT_OF_BOUNDS,
    OVERFLOW,
    Allocate,
    Await,
    Both,
    Cell,
    Choose,
    Constant,
    Copy,
    Element,
    EntryValue,
    Expression,
    Filled,
    Fresh,
    Load,
    Local,
    Mark,
    Member,
    NullPointer,
    OneOf,
    Operation,
    Part,
    Place,
    ReadModifyWrite,
    Settled,
    Shape,
    Through,
    TryLock,
)
from smtmodel.language.writers import wakers, writers
from smtmodel.source.record import parts


def held(register: int) -> Operand:
    """The value of a register."""
    return Operand(lambda registers: registers[register], (register,))


def constant(value: Value) -> Operand:
    return Operand(lambda registers: value)


def lower_value(builder: Builder, expression: Expression) -> Operand:
    """The right side of an assignment: also what may stand only there."""
    match expression:
        case Fresh():
            register = builder.register()
            builder.emit(
                Kind.EVENT, operations.fresh(builder.site(), register), defines=(register,)
            )
            return held(register)
        case Choose(low=low, high=high):
            return _choose(builder, low, high)
        case Copy():
            return _copy(builder, expression)
        case Allocate(struct=struct):
            return held(_allocate(builder, struct))
        case EntryValue(values=values):
            operands = tuple(lower(builder, value) for value in values)
            pures = tuple(operand.pure for operand in operands)
            return Operand(
                lambda registers: tuple(pure(registers) for pure in pures), _uses(*operands)
            )
        case Settled(expression=inner):
            register = builder.register()
            lane = builder.lane.index if reads_cache(builder.protocol, inner) else 0
            which = builder.settled[inner, lane]
            builder.emit(
                Kind.EVENT, operations.settled(builder.site(), which, register), defines=(register,)
            )
            return held(register)
        case _:
            return lower(builder, expression)


def lower(builder: Builder, expression: Expression) -> Operand:
    """Append the events of an expression; gives its value."""
    match expression:
        case Constant(value=number):
            return constant(number)
        case NullPointer():
            return constant(None)
        case Local(name=name):
            return _leaf(builder, expression, held(builder.names[name]))
        case Part(entry=entry, field=field):
            place = builder.protocol.fields(entry, builder.block).index(field)
            return _part(lower(builder, entry), place)
        case Filled(entry=entry):
            return _filled(lower(builder, entry))
        case Load() if builder.awaited is not None and expression == builder.awaited[0]:
            return builder.awaited[1]
        case Load(place=place, mark=mark):
            read = lower_read(builder, place, mark, lower_address(builder, place))
            return _leaf(builder, expression, read)
        case Operation(operator=operator, operands=operands):
            return _operation(builder, operator, operands)
        case Both(left=left, right=right):
            return _short_circuit(builder, left, right, stops_at=0)
        case OneOf(left=left, right=right):
            return _short_circuit(builder, left, right, stops_at=1)
        case ReadModifyWrite():
            return _modify(builder, expression)
        case Await():
            return _await(builder, expression)
        case TryLock(lock=lock, shared=shared):
            side, register = side_of(builder, lock, shared=shared), builder.register()
            if side.lock.kind is GuardKind.MUTEX and builder.lane.interrupts is not None:
                builder.emit(Kind.LOCAL, locking.misuse(builder.site()))
            run = locking.try_lock(builder.site(), side, register)
            builder.emit(Kind.EVENT, run, (), (register,))
            return held(register)
        case _:
            raise TypeError(f"not an expression of a step: {expression}")


def lower_address(builder: Builder, place: Place) -> Operand:
    """Append the events of an address; gives the location."""
    layout = builder.layout
    match place:
        case Cell(variable=name):
            cached = builder.protocol.variable(name).shape is Shape.CACHE
            return constant(layout.variables[name] + (builder.lane.index if cached else 0))
        case Member(variable=name, field=field):
            offset = builder.protocol.variable(name).fields.index(field)
            return constant(layout.variables[name] + offset)
        case Element(variable=name, index=index):
            length = builder.protocol.variable(name).length
            operand = lower(builder, index)
            register = builder.register()
            run = _element(builder, operand.pure, layout.variables[name], length, register)
            builder.emit(Kind.LOCAL, run, operand.uses, (register,))
            return held(register)
        case Through(pointer=pointer, struct=struct, field=field):
            operand = lower(builder, pointer)
            register = builder.register()
            run = _through(builder, operand.pure, layout.offset(struct, field), register)
            builder.emit(Kind.LOCAL, run, operand.uses, (register,))
            return held(register)


def side_of(builder: Builder, lock: str, *, shared: bool) -> locking.Side:
    """A lock, or the side of it that a step takes or releases."""
    number = builder.lock(lock)
    return locking.Side(number, builder.protocol.locks[number], shared)


def firsts_of(builder: Builder, place: Place) -> dict[int, int] | None:
    """What an access needs to find out whether its object is free, where it could be."""
    return builder.layout.checked(place.struct) if isinstance(place, Through) else None


def lower_read(builder: Builder, place: Place, mark: Mark, address: Operand) -> Operand:
    """Append the read of a place whose address is known."""
    register, site = builder.register(), builder.site()
    if mark is Mark.GHOST:
        kind, run = Kind.LOCAL, operations.look(site, address.pure, register)
    else:
        firsts = firsts_of(builder, place)
        kind, run = Kind.EVENT, operations.read(site, address.pure, register, firsts)
    builder.emit(kind, run, address.uses, (register,))
    return held(register)


def _uses(*operands: Operand) -> tuple[int, ...]:
    return tuple(register for operand in operands for register in operand.uses)


def _leaf(builder: Builder, expression: Expression, operand: Operand) -> Operand:
    """Remember a read of an assertion's condition for reports."""
    if builder.leaves is not None:
        builder.leaves.append((expression_text(expression), operand))
    return operand


def _part(entry: Operand, place: int) -> Operand:
    pure = entry.pure

    def value(registers: list[Value]) -> Value:
        whole = pure(registers)
        return whole[place] if isinstance(whole, tuple) else NOTHING

    return Operand(value, entry.uses)


def _filled(entry: Operand) -> Operand:
    pure = entry.pure

    def value(registers: list[Value]) -> Value:
        whole = pure(registers)
        return 0 if whole is EMPTY or whole is NOTHING else 1

    return Operand(value, entry.uses)


def _element(builder: Builder, index: Pure, first: int, length: int, register: int) -> Run:
    where, after = builder.where, len(builder.ops) + 1

    def run(frame: Frame) -> int:
        value = index(frame.registers)
        if isinstance(value, int) and 0 <= value < length:
            frame.registers[register] = first + value
        else:
            frame.fail(OUT_OF_BOUNDS, where)
        return after

    return run


def _through(builder: Builder, pointer: Pure, offset: int, register: int) -> Run:
    where, after = builder.where, len(builder.ops) + 1

    def run(frame: Frame) -> int:
        value = pointer(frame.registers)
        if isinstance(value, int):
            frame.registers[register] = value + offset
        else:
            frame.fail(NULL_DEREFERENCE, where)
        return after

    return run


def _operation(builder: Builder, operator: str, operands: tuple[Expression, ...]) -> Operand:
    if len(operands) == 1:
        operand = lower(builder, operands[0])
        inner, single = operand.pure, unary(operator)
        return Operand(lambda registers: single(inner(registers)), operand.uses)
    return calculated(builder, operator, lower(builder, operands[0]), lower(builder, operands[1]))


def calculated(builder: Builder, operator: str, left: Operand, right: Operand) -> Operand:
    """The value of a binary operator; the lane stops where there is none."""
    first, second, double = left.pure, right.pure, binary(operator)
    if operator not in (*PARTIAL, *GROWING):
        return Operand(
            lambda registers: double(first(registers), second(registers)), _uses(left, right)
        )
    register, partial = builder.register(), operator in PARTIAL
    where, after = builder.where, len(builder.ops) + 1

    def run(frame: Frame) -> int:
        value = first(frame.registers)
        if partial and isinstance(value, int) and value < 0:
            frame.fail(NEGATIVE_OPERAND, where)
            return after
        made = double(value, second(frame.registers))
        if too_large(made):
            frame.fail(OVERFLOW, where)
        else:
            frame.registers[register] = made
        return after

    builder.emit(Kind.LOCAL, run, _uses(left, right), (register,))
    return held(register)


def _quiet(expression: Expression) -> bool:
    """Whether evaluating makes no event and cannot stop the lane."""
    return not any(
        isinstance(part, Load | ReadModifyWrite | TryLock | Await)
        or (isinstance(part, Operation) and part.operator in (*PARTIAL, *GROWING))
        for part in parts(expression)
    )


def _short_circuit(
    builder: Builder, left: Expression, right: Expression, *, stops_at: int
) -> Operand:
    """`&&` (stops at 0) and `||` (stops at 1): the right side only where the left says so."""
    first = lower(builder, left)
    if _quiet(right):
        second = lower(builder, right)
        one, two = first.pure, second.pure

        def value(registers: list[Value]) -> Value:
            if holds(one(registers)) == bool(stops_at):
                return stops_at
            return int(holds(two(registers)))

        return Operand(value, _uses(first, second))
    register, end = builder.register(), Label()
    after, early = len(builder.ops) + 1, first.pure

    def stop(frame: Frame) -> int:
        if holds(early(frame.registers)) == bool(stops_at):
            frame.registers[register] = stops_at
            return end.pc
        return after

    # The register counts as set only by the second operation: on the way past it it stays set.
    builder.emit(Kind.LOCAL, stop, first.uses, (register,), (after, end))
    second = lower(builder, right)
    late, last = second.pure, len(builder.ops) + 1

    def go_on(frame: Frame) -> int:
        frame.registers[register] = int(holds(late(frame.registers)))
        return last

    builder.emit(Kind.LOCAL, go_on, second.uses, (register,))
    builder.here(end)
    return held(register)


def _modify(builder: Builder, expression: ReadModifyWrite) -> Operand:
    early = lower_address(builder, expression.place) if expression.place_first else None
    operands = tuple(
        (lower_value if isinstance(operand, EntryValue) else lower)(builder, operand)
        for operand in expression.operands
    )
    address = early or lower_address(builder, expression.place)
    register = builder.register()
    pures = tuple(operand.pure for operand in operands)
    firsts = firsts_of(builder, expression.place)
    run = operations.modify(builder.site(), expression, address.pure, pures, register, firsts)
    builder.emit(Kind.EVENT, run, _uses(address, *operands), (register,))
    return held(register)


def _await(builder: Builder, expression: Await) -> Operand:
    """Append a read that waits; then judge its condition for errors of the run."""
    load = expression.load
    address = lower_address(builder, load.place)
    register = builder.register()
    value = held(register)

    def leaf(part: Expression) -> Snapshot:
        pure = value.pure if part == load else lower(builder, part).pure
        return lambda memory, kept: pure(memory)  # type: ignore[arg-type]

    within = builder.protocol, builder.block
    accepts = composed(expression.condition, leaf, *within, undefined=UNSET)
    run = operations.await_value(builder.site(), address.pure, accepts, register)
    awaits: Awaits = ForValue(_others(builder, writers(builder.protocol, load.place)))
    if expression.queue is not None:
        run = locking.sleep(builder.site(), expression.queue, run)
        by = wakers(builder.protocol, expression.queue)
        awaits = ForWake(expression.queue, _others(builder, by))
    uses = (*address.uses, *_locals_of(builder, expression.condition))
    builder.emit(Kind.EVENT, run, uses, (register,), awaits=awaits)
    builder.awaited = load, value
    lower(builder, expression.condition)
    builder.awaited = None
    return value


def _others(builder: Builder, kinds: frozenset[str]) -> frozenset[int]:
    """The other lanes of these kinds."""
    lanes = enumerate(builder.layout.lanes)
    return frozenset(n for n, lane in lanes if lane.kind.name in kinds and n != builder.index)


def _locals_of(builder: Builder, expression: Expression) -> tuple[int, ...]:
    """The registers of the locals that an expression reads."""
    return tuple(builder.names[one.name] for one in parts(expression) if isinstance(one, Local))


def _choose(builder: Builder, low: int, high: int) -> Operand:
    register = builder.register()
    site = builder.site()
    options = tuple(
        (str(value), operations.choose(site, register, value)) for value in range(low, high + 1)
    )
    builder.emit(Kind.CHOICE, options[0][1], (), (register,), None, options)
    return held(register)


def _allocate(builder: Builder, struct: str) -> int:
    """Append the having of an object; gives the register that holds its pointer.

    Where objects of the struct are freed it is an event, with the choice of one of them.
    """
    register, layout, lane = builder.register(), builder.layout, builder.index
    if struct not in layout.freed:
        run = freeing.new_object(layout, builder.site(), lane, struct, register)
        builder.emit(Kind.LOCAL, run, (), (register,))
        return register
    start = freeing.begin_having(builder.site())
    builder.emit(Kind.EVENT, start)
    offer = freeing.have(layout, builder.site(), lane, struct, register)
    builder.emit(Kind.CHOICE, start, (), (register,), None, offer)
    return register


def _copy(builder: Builder, expression: Copy) -> Operand:
    old = lower(builder, expression.pointer)
    start = builder.register()
    run = _through(builder, old.pure, 0, start)
    builder.emit(Kind.LOCAL, run, old.uses, (start,))
    new = _allocate(builder, expression.struct)
    struct = builder.protocol.struct(expression.struct)
    firsts = builder.layout.checked(struct.name)
    for offset, name in enumerate(struct.fields):
        if name in struct.ghosts:
            continue
        register = builder.register()
        source, target = _shifted(start, offset), _shifted(new, offset)
        run = operations.read(builder.site(), source, register, firsts)
        builder.emit(Kind.EVENT, run, (start,), (register,))
        run = operations.write(builder.site(), target, held(register).pure, firsts)
        builder.emit(Kind.EVENT, run, (new, register))
    return held(new)


def _shifted(register: int, offset: int) -> Pure:
    def location(registers: list[Value]) -> Value:
        first = registers[register]
        assert isinstance(first, int)
        return first + offset

    return location
