"""How the steps of a block become operations: steps, branches and loops.

Takes steps and the program being made, appends to it. Each step begins with a local operation
that notes that control has reached it.
"""

from typing import assert_never

from smtmodel.executions import freeing, locking, operations
from smtmodel.executions.expressions import (
    calculated,
    constant,
    firsts_of,
    lower,
    lower_address,
    lower_read,
    lower_value,
    side_of,
)
from smtmodel.executions.frame import AT_ASSUME, AT_CUT, Assigned, Began, Failed, Frame, Pure, Run
from smtmodel.executions.program import Builder, ForReaders, Kind, Label, Operand
from smtmodel.executions.values import EMPTY, Value, holds
from smtmodel.language.ast import GuardKind
from smtmodel.language.checked import (
    RCU,
    Assert,
    Assume,
    Atomic,
    Branch,
    Enter,
    Evaluate,
    Fence,
    Free,
    If,
    Leave,
    Mark,
    ReleaseLock,
    Retry,
    Return,
    SetLocal,
    Step,
    Store,
    Synchronize,
    TakeLock,
    Wake,
    Where,
    While,
    Zap,
)
from smtmodel.language.walk import is_sleep, steps_in


def lower_steps(builder: Builder, steps: tuple[Step, ...], end: Label) -> None:
    """Append steps; `end` is where the round ends."""
    for index, step in enumerate(steps):
        top = builder.top
        goes_on = index > 0 and steps[index - 1].where.span == step.where.span
        _begin(builder, step.where, goes_on=goes_on)
        _step(builder, step, end)
        builder.top = top


def _begin(builder: Builder, where: Where, *, goes_on: bool = False) -> None:
    """Note that control has reached a step."""
    builder.where = where
    after, number, note = len(builder.ops) + 1, where.number, Began(where, goes_on)

    def run(frame: Frame) -> int:
        frame.begun.add(number)
        if frame.notes is not None:
            frame.notes.append(note)
        return after

    builder.emit(Kind.LOCAL, run)


def _step(builder: Builder, step: Step, end: Label) -> None:
    event = Kind.EVENT
    match step:
        case SetLocal(name=name, value=value):
            _set_local(builder, name, lower_value(builder, value))
        case Store():
            _store(builder, step)
        case Evaluate(expression=expression):
            if is_sleep(step):
                _may_sleep(builder)
            lower(builder, expression)
        case Enter(domain=domain, cookie=cookie):
            _enter(builder, domain, cookie)
        case Leave(domain=domain, cookie=cookie):
            _leave(builder, domain, cookie)
        case Synchronize(domain=domain):
            _may_sleep(builder)
            number = builder.domain(domain)
            builder.emit(event, locking.begin_grace_period(builder.site(), domain, number))
            run = locking.end_grace_period(builder.site(), domain)
            builder.emit(event, run, awaits=ForReaders())
        case TakeLock(lock=lock, shared=shared):
            side = side_of(builder, lock, shared=shared)
            if side.lock.kind is GuardKind.MUTEX:
                _may_sleep(builder)
            builder.emit(event, locking.take_lock(builder.site(), side), awaits=side)
        case ReleaseLock(lock=lock, shared=shared):
            side = side_of(builder, lock, shared=shared)
            builder.emit(event, locking.release_lock(builder.site(), side))
        case Wake(queue=queue):
            builder.emit(event, locking.wake(builder.site(), queue))
        case Fence(kind=kind):
            builder.emit(event, operations.fence(builder.site(), kind))
        case Zap(variable=variable):
            _zap(builder, variable)
        case Free():
            _free(builder, step)
        case If():
            _if(builder, step, end)
        case While():
            _while(builder, step, end)
        case Retry():
            _retry(builder, step, end)
        case Branch():
            _branch(builder, step, end)
        case Return():
            builder.emit(Kind.LOCAL, _jump(end), targets=(end,))
        case Assert():
            _assert(builder, step)
        case Assume(condition=condition):
            operand = lower(builder, condition)
            _unless(builder, operand, _stand(AT_ASSUME, len(builder.ops)))
        case Atomic(body=body):
            _atomic(builder, body, end)
        case _:
            assert_never(step)


def _jump(label: Label) -> Run:
    return lambda frame: label.pc


def _set_local(builder: Builder, name: str, operand: Operand) -> None:
    register, pure, after = builder.names[name], operand.pure, len(builder.ops) + 1

    def run(frame: Frame) -> int:
        value = pure(frame.registers)
        if frame.notes is not None:
            frame.notes.append(Assigned(name, frame.registers[register], value))
        frame.registers[register] = value
        return after

    builder.emit(Kind.LOCAL, run, operand.uses, (register,))


def _store(builder: Builder, step: Store) -> None:
    early = lower_address(builder, step.place) if step.place_first else None
    value = lower_value(builder, step.value)
    address = early or lower_address(builder, step.place)
    if step.operator:
        old = lower_read(builder, step.place, step.mark, address)
        value = calculated(builder, step.operator, old, value)
        if step.width is not None:
            value = calculated(builder, "wrap", value, constant(1 << step.width))
    site = builder.site()
    if step.mark is Mark.GHOST:
        kind, run = Kind.LOCAL, operations.mark(site, address.pure, value.pure)
    else:
        firsts = firsts_of(builder, step.place)
        kind, run = Kind.EVENT, operations.write(site, address.pure, value.pure, firsts)
    builder.emit(kind, run, (*address.uses, *value.uses))


def _zap(builder: Builder, variable: str) -> None:
    """Empty every entry of a cache, one write each."""
    first = builder.layout.variables[variable]
    owner = builder.protocol.variable(variable).owner
    owned = sum(lane.kind.name == owner for lane in builder.layout.lanes)
    for location in range(first, first + (1 if owner is None else owned)):
        address, empty = constant(location), constant(EMPTY)
        builder.emit(Kind.EVENT, operations.write(builder.site(), address.pure, empty.pure))


def _free(builder: Builder, step: Free) -> None:
    pointer = lower(builder, step.pointer)
    register, struct = builder.register(), builder.layout.number(step.struct)
    safe, after = step.null_safe, len(builder.ops) + 1
    found = freeing.find_object(builder.site(), pointer.pure, register, null_safe=safe)
    targets = (after, after + 1) if safe else None
    builder.emit(Kind.LOCAL, found, pointer.uses, (register,), targets)
    if step.domain is None:
        run = freeing.free(builder.site(), register, struct)
    else:
        domain = builder.domain(step.domain)
        run = freeing.free_later(builder.site(), register, struct, domain)
    builder.emit(Kind.EVENT, run, (register,))


def _may_sleep(builder: Builder) -> None:
    """A step that may sleep is reached: judge it where there is anything to judge."""
    protocol, interrupts = builder.protocol, builder.lane.interrupts is not None
    locks = tuple(
        number for number, lock in enumerate(protocol.locks) if lock.kind is not GuardKind.MUTEX
    )
    sections = any(
        isinstance(step, Enter) and step.domain == RCU
        for name in builder.lane.kind.blocks
        for step in steps_in(protocol.block(name).steps)
    )
    if locks or sections or interrupts:
        domain = builder.domain(RCU)
        run = locking.may_sleep(builder.site(), locks, domain, interrupts=interrupts)
        builder.emit(Kind.LOCAL, run)


def _enter(builder: Builder, domain: str, cookie: str | None) -> None:
    number = builder.domain(domain)
    if domain == RCU:
        after = len(builder.ops) + 1
        run = locking.enter_nested(builder.site(), number)
        builder.emit(Kind.LOCAL, run, targets=(after, after + 1))
    register = None if cookie is None else builder.names[cookie]
    defines = () if register is None else (register,)
    run = locking.enter(builder.site(), domain, number, register)
    builder.emit(Kind.EVENT, run, (), defines)


def _leave(builder: Builder, domain: str, cookie: str | None) -> None:
    number = builder.domain(domain)
    if domain == RCU:
        after = len(builder.ops) + 1
        run = locking.leave_nested(builder.site(), number)
        builder.emit(Kind.LOCAL, run, targets=(after, after + 1))
    register = None if cookie is None else builder.names[cookie]
    uses = () if register is None else (register,)
    run = locking.leave(builder.site(), domain, number, register)
    builder.emit(Kind.EVENT, run, uses)


def _when(builder: Builder, operand: Operand, target: Label, *, holding: bool) -> None:
    """Jump if the operand is true (`holding`) or false; else go on."""
    pure, after = operand.pure, len(builder.ops) + 1

    def run(frame: Frame) -> int:
        return target.pc if holds(pure(frame.registers)) == holding else after

    builder.emit(Kind.LOCAL, run, operand.uses, (), (after, target))


def _unless(builder: Builder, operand: Operand, otherwise: Run) -> None:
    """Do something where the operand is false; else go on."""
    pure, after = operand.pure, len(builder.ops) + 1

    def run(frame: Frame) -> int:
        return after if holds(pure(frame.registers)) else otherwise(frame)

    builder.emit(Kind.LOCAL, run, operand.uses)


def _stand(status: int, here: int) -> Run:
    """The lane goes no further."""

    def run(frame: Frame) -> int:
        frame.status = status
        return here

    return run


def _if(builder: Builder, step: If, end: Label) -> None:
    otherwise, after = Label(), Label()
    _when(builder, lower(builder, step.condition), otherwise, holding=False)
    lower_steps(builder, step.then, end)
    if step.otherwise:
        builder.emit(Kind.LOCAL, _jump(after), targets=(after,))
    builder.here(otherwise)
    lower_steps(builder, step.otherwise, end)
    builder.here(after)


def _count(builder: Builder, counter: int, *, reset: bool) -> None:
    """Set a loop's counter to 0, or add 1."""
    after = len(builder.ops) + 1

    def run(frame: Frame) -> int:
        count = frame.registers[counter]
        assert reset or isinstance(count, int)
        frame.registers[counter] = count + 1 if isinstance(count, int) and not reset else 0
        return after

    builder.emit(Kind.LOCAL, run, () if reset else (counter,), (counter,))


def _cut(builder: Builder, where: Where, counter: int, bound: int) -> None:
    """Stand here for good if the rounds of a loop are used up."""
    here = len(builder.ops)
    number = where.number

    def run(frame: Frame) -> int:
        if frame.registers[counter] == bound:
            frame.cuts.add(number)
            frame.status = AT_CUT
            return here
        return here + 1

    builder.emit(Kind.LOCAL, run, (counter,))


def _while(builder: Builder, step: While, end: Label) -> None:
    counter, head, after = builder.register(), Label(), Label()
    _count(builder, counter, reset=True)
    builder.here(head)
    _begin(builder, step.where)
    top = builder.top
    _when(builder, lower(builder, step.condition), after, holding=False)
    builder.top = top
    _cut(builder, step.where, counter, step.bound)
    _count(builder, counter, reset=False)
    lower_steps(builder, step.body, end)
    builder.emit(Kind.LOCAL, _jump(head), targets=(head,))
    builder.here(after)


def _retry(builder: Builder, step: Retry, end: Label) -> None:
    counter, head, after = builder.register(), Label(), Label()
    _count(builder, counter, reset=True)
    builder.here(head)
    _count(builder, counter, reset=False)
    lower_steps(builder, step.body, end)
    _begin(builder, step.where)
    _when(builder, lower(builder, step.condition), after, holding=True)
    _cut(builder, step.where, counter, step.bound)
    builder.emit(Kind.LOCAL, _jump(head), targets=(head,))
    builder.here(after)


def _branch(builder: Builder, step: Branch, end: Label) -> None:
    starts = [Label() for _ in step.branches]
    after = Label()
    options = tuple((str(n), _jump(start)) for n, start in enumerate(starts, 1))
    builder.emit(Kind.CHOICE, options[0][1], targets=tuple(starts), options=options)
    for start, branch in zip(starts, step.branches, strict=True):
        builder.here(start)
        lower_steps(builder, branch, end)
        builder.emit(Kind.LOCAL, _jump(after), targets=(after,))
    builder.here(after)


def _assert(builder: Builder, step: Assert) -> None:
    leaves: list[tuple[str, Operand]] = []
    builder.leaves = leaves
    operand = lower(builder, step.condition)
    builder.leaves = None
    where, name = step.where, step.name
    pure, after = operand.pure, len(builder.ops) + 1
    read: tuple[tuple[str, Pure], ...] = tuple((text, leaf.pure) for text, leaf in leaves)

    def run(frame: Frame) -> int:
        registers: list[Value] = frame.registers
        frame.judged.add(name)
        if not holds(pure(registers)):
            frame.violated.append(name)
            if frame.notes is not None:
                facts = tuple((text, leaf(registers)) for text, leaf in read)
                frame.notes.append(Failed(name, where, facts))
        return after

    builder.emit(Kind.LOCAL, run, operand.uses)


def _atomic(builder: Builder, body: tuple[Step, ...], end: Label) -> None:
    builder.regions += 1
    builder.region = builder.regions
    lower_steps(builder, body, end)
    builder.region = 0
    after = len(builder.ops) + 1

    def run(frame: Frame) -> int:
        frame.region = 0
        return after

    builder.emit(Kind.LOCAL, run)
