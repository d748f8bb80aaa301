"""How expressions become operations of a program.

Takes an expression and the program being made; appends the events that evaluating it needs,
in the order of `docs/semantics.md`, and whatever can stop the lane (a null pointer, an index
outside its array, a negative operand, a number that is too large) as local operations of its own
at the place where it happens. What is left is a term over the registers. The cases stand
in the order of the union in `checked/expressions.py`.
"""

from smtmodel.executions import event_actions, local_actions
from smtmodel.executions.program import Assembler
from smtmodel.executions.rendering import expression_text
from smtmodel.executions.snapshot import reads_cache
from smtmodel.executions.terms import (
    Absolute,
    Address,
    Component,
    Computed,
    Conjunction,
    Disjunction,
    Immediate,
    Indexed,
    InObject,
    IsFilled,
    Register,
    Term,
    WholeEntry,
    truth,
)
from smtmodel.executions.values import PARTIAL, PointerValue
from smtmodel.language.ast import GuardKind
from smtmodel.language.checked import (
    GROWING,
    Allocate,
    And,
    Await,
    Cell,
    Choose,
    Constant,
    Copy,
    Element,
    EntryValue,
    Expression,
    Filled,
    Fresh,
    LaneNumber,
    Load,
    Local,
    Mark,
    Member,
    NamedObject,
    NullPointer,
    Operation,
    Or,
    Part,
    Place,
    ReadModifyWrite,
    Settled,
    Shape,
    Through,
    TryLock,
)
from smtmodel.source.record import parts


def lower_value(assembler: Assembler, expression: Expression) -> Term:
    """The right side of an assignment: also what may stand only there."""
    match expression:
        case Fresh():
            register = assembler.register()
            assembler.emit(event_actions.TakeToken(register))
            return Register(register)
        case Choose(low=low, high=high):
            register = assembler.register()
            assembler.emit(local_actions.ChooseValue(register, low, high))
            return Register(register)
        case Copy():
            return _copy(assembler, expression)
        case Allocate(struct=struct):
            return _allocate(assembler, struct)
        case EntryValue(values=values):
            return WholeEntry(tuple([lower(assembler, value) for value in values]))
        case Settled(expression=inner):
            register = assembler.register()
            lane = assembler.lane.index if reads_cache(assembler.protocol, inner) else 0
            assembler.emit(event_actions.Recall(register, inner, lane))
            return Register(register)
        case _:
            return lower(assembler, expression)


def lower(assembler: Assembler, expression: Expression) -> Term:
    """Append the events of an expression; gives its value."""
    match expression:
        case Constant(value=number, name=name):
            constant = Immediate(number)
            return _fact(assembler, expression, constant) if name else constant
        case NullPointer():
            return Immediate(None)
        case NamedObject(index=index):
            return Immediate(PointerValue(assembler.layout.objects[index]))
        case Local(name=name):
            return _fact(assembler, expression, Register(assembler.names[name]))
        case LaneNumber():
            return _fact(assembler, expression, Immediate(assembler.lane.number))
        case Part(entry=entry, field=field):
            place = assembler.protocol.fields(entry, assembler.block).index(field)
            component = Component(_unread(assembler, entry), place)
            return _fact(assembler, expression, component)
        case Filled(entry=entry):
            whole = _unread(assembler, entry)
            _fact(assembler, expression, whole)
            return IsFilled(whole)
        case Load() if assembler.awaited is not None and expression == assembler.awaited[0]:
            return assembler.awaited[1]
        case Load(place=place, mark=mark):
            read = lower_read(assembler, mark, lower_address(assembler, place))
            return _fact(assembler, expression, read)
        case Operation(operator=operator, operands=operands):
            return computed(assembler, operator, *[lower(assembler, one) for one in operands])
        case And(left=left, right=right):
            return _short_circuit(assembler, left, right, stops_at=False)
        case Or(left=left, right=right):
            return _short_circuit(assembler, left, right, stops_at=True)
        case ReadModifyWrite():
            return _modify(assembler, expression)
        case Await():
            return _await(assembler, expression)
        case TryLock(lock=lock, shared=shared, at=at):
            kinds = {one.name: one.kind for one in assembler.protocol.locks}
            if kinds[lock] is GuardKind.MUTEX and assembler.lane.interrupts is not None:
                assembler.emit(local_actions.Misuse())
            side = assembler.side(lock, lower_lock(assembler, lock, at), shared=shared)
            register = assembler.register()
            assembler.emit(event_actions.TryAcquire(register, side))
            return Register(register)
        case _:
            raise TypeError(f"not an expression of a step: {expression}")


def lower_address(assembler: Assembler, place: Place) -> Address:
    """Append the events of an address, and the check of its pointer or index."""
    layout = assembler.layout
    match place:
        case Cell(variable=name):
            cached = assembler.protocol.variable(name).shape is Shape.CACHE
            offset = assembler.lane.index if cached else 0
            return Absolute(name, layout.variables[name] + offset)
        case Member(variable=name, field=field):
            offset = assembler.protocol.variable(name).fields.index(field)
            return Absolute(f"{name}.{field}", layout.variables[name] + offset)
        case Element(variable=name, index=index):
            length = assembler.protocol.variable(name).length
            term, register = lower(assembler, index), assembler.register()
            assembler.emit(local_actions.CheckIndex(register, term, name, length))
            return Indexed(name, Register(register))
        case Through(pointer=pointer, struct=struct, field=field):
            return InObject(_pointed(assembler, pointer), struct, field)


def lower_lock(assembler: Assembler, name: str, at: Expression | None) -> Register | None:
    """Append the check of what says which of several locks is meant."""
    if at is None:
        return None
    (lock,) = (one for one in assembler.protocol.locks if one.name == name)
    if lock.struct:
        return _pointed(assembler, at)
    term, register = lower(assembler, at), assembler.register()
    assembler.emit(local_actions.CheckIndex(register, term, name, lock.length))
    return Register(register)


def _pointed(assembler: Assembler, pointer: Expression) -> Register:
    """A pointer that is not null."""
    term, register = lower(assembler, pointer), assembler.register()
    assembler.emit(local_actions.Dereference(register, term, expression_text(pointer)))
    return Register(register)


def lower_read(assembler: Assembler, mark: Mark, address: Address) -> Register:
    """Append a read."""
    register = assembler.register()
    if mark is Mark.GHOST:
        assembler.emit(local_actions.ReadGhost(register, address))
    else:
        assembler.emit(event_actions.Read(register, address, mark))
    return Register(register)


def _fact(assembler: Assembler, expression: Expression, term: Term) -> Term:
    """Remember a read of an assertion's condition for reports."""
    if assembler.reads is not None:
        assembler.reads.append((expression, term))
    return term


def _unread(assembler: Assembler, entry: Expression) -> Term:
    """An entry of which reports show a field, or whether it is filled."""
    reads, assembler.reads = assembler.reads, None
    term = lower(assembler, entry)
    assembler.reads = reads
    return term


def computed(assembler: Assembler, operator: str, *operands: Term) -> Term:
    """The value of an operator; the lane stops where there is none."""
    term = Computed(operator, operands)
    if len(operands) == 1 or operator not in (*PARTIAL, *GROWING):
        return term
    register = assembler.register()
    assembler.emit(local_actions.Compute(register, term))
    return Register(register)


def _is_quiet(expression: Expression) -> bool:
    """Whether evaluating makes no event and cannot stop the lane."""
    return not any(
        isinstance(part, Load | ReadModifyWrite | TryLock | Await)
        or (isinstance(part, Operation) and part.operator in (*PARTIAL, *GROWING))
        for part in parts(expression)
    )


def _short_circuit(
    assembler: Assembler, left: Expression, right: Expression, *, stops_at: bool
) -> Term:
    """`&&` (stops at false) and `||` (at true): the right side only where the left says so."""
    first = lower(assembler, left)
    if _is_quiet(right):
        second = lower(assembler, right)
        return Disjunction(first, second) if stops_at else Conjunction(first, second)
    register, end = assembler.register(), assembler.label()
    assembler.emit(local_actions.Compute(register, truth(first)))
    assembler.emit(local_actions.JumpIf(Register(register), stops_at, end))
    second = lower(assembler, right)
    assembler.emit(local_actions.Compute(register, truth(second)))
    assembler.here(end)
    return Register(register)


def _modify(assembler: Assembler, expression: ReadModifyWrite) -> Register:
    place = expression.place
    early = lower_address(assembler, place) if expression.place_first else None
    operands = tuple(
        [
            (lower_value if isinstance(operand, EntryValue) else lower)(assembler, operand)
            for operand in expression.operands
        ]
    )
    address = early or lower_address(assembler, place)
    register = assembler.register()
    assembler.emit(
        event_actions.Modify(
            register,
            address,
            expression.operation,
            operands,
            expression.yields,
            expression.width,
            expression.mark,
        )
    )
    return Register(register)


def _await(assembler: Assembler, expression: Await) -> Register:
    """Append a read that waits; then judge its condition for errors of the run."""
    load = expression.load
    address = lower_address(assembler, load.place)
    value = Register(assembler.register())
    condition = _condition(assembler, expression.condition, value)
    assembler.emit(
        event_actions.AwaitValue(value.number, address, load.mark, condition, expression.queue)
    )
    assembler.awaited = load, value
    lower(assembler, expression.condition)
    assembler.awaited = None
    return value


def _condition(assembler: Assembler, expression: Expression, value: Register) -> Term:
    """The condition of a read that waits, in which `value` stands for what it reads."""

    def term(part: Expression) -> Term:
        match part:
            case Load():
                return value
            case Part(entry=entry, field=field):
                place = assembler.protocol.fields(entry, assembler.block).index(field)
                return Component(term(entry), place)
            case Filled(entry=entry):
                return IsFilled(term(entry))
            case Operation(operator=operator, operands=operands):
                return Computed(operator, tuple(map(term, operands)))
            case And(left=left, right=right):
                return Conjunction(term(left), term(right))
            case Or(left=left, right=right):
                return Disjunction(term(left), term(right))
            case _:
                return lower(assembler, part)

    return term(expression)


def _allocate(assembler: Assembler, struct: str) -> Register:
    """Append the having of an object; gives its pointer.

    Where objects of the struct are freed it is an event, with the choice of an object.
    """
    register = assembler.register()
    if struct in assembler.layout.freed:
        assembler.emit(event_actions.HaveObject())
        assembler.emit(local_actions.ChooseObject(register, struct))
    else:
        assembler.emit(local_actions.MakeObject(register, struct))
    return Register(register)


def _copy(assembler: Assembler, expression: Copy) -> Register:
    old = _pointed(assembler, expression.pointer)
    new = _allocate(assembler, expression.struct)
    struct = assembler.protocol.struct(expression.struct)
    for name in struct.fields:
        if name not in struct.ghosts:
            register = assembler.register()
            source = InObject(old, struct.name, name)
            target = InObject(new, struct.name, name)
            assembler.emit(event_actions.Read(register, source, Mark.PLAIN))
            assembler.emit(event_actions.Write(target, Register(register), Mark.PLAIN))
    return new
