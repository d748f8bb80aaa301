"""How the blocks of a lane become its program: rounds, steps, branches and loops.

Takes a protocol, a lane and its layout; gives the lane's `Program`. Each step begins with a
local operation that notes that control has reached it.
"""

from typing import assert_never

from smtmodel.executions import operations
from smtmodel.executions.entries import entries_of
from smtmodel.executions.expressions import lower, lower_address, lower_value
from smtmodel.executions.frame import (
    AT_ASSUME,
    AT_CUT,
    ENDED,
    Assigned,
    Began,
    Failed,
    Frame,
    Pure,
    Ran,
    Run,
)
from smtmodel.executions.layout import Layout
from smtmodel.executions.program import Builder, Kind, Label, Operand, Program
from smtmodel.executions.snapshot import kept_locals
from smtmodel.executions.values import UNSET, Value, holds
from smtmodel.language.ast import GuardKind
from smtmodel.language.checked import (
    RCU,
    Assert,
    Assume,
    Atomic,
    Block,
    Branch,
    Enter,
    Evaluate,
    Expression,
    Fence,
    If,
    Leave,
    ReleaseLock,
    Retry,
    Return,
    SetLocal,
    Step,
    Store,
    Synchronize,
    TakeLock,
    Where,
    While,
)


def lower_lane(
    layout: Layout,
    index: int,
    ghosts: dict[tuple[Expression, int], int],
    *,
    buffered: bool,
    forget: bool,
) -> Program:
    """The program of the lane with this index among all lanes."""
    protocol, lane = layout.protocol, layout.lanes[index]
    builder = Builder(protocol, layout, lane, index, buffered, ghosts)
    blocks = [protocol.block(name) for name in lane.kind.blocks]
    entries = [Label() for _ in blocks]
    _start(builder, blocks, entries)
    for block, entry in zip(blocks, entries, strict=True):
        builder.here(entry)
        _block(builder, block)
    return builder.finish(forget=forget)


def _start(builder: Builder, blocks: list[Block], entries: list[Label]) -> None:
    """A round starts: choose a block, forget all locals."""

    def enter_block(block: Block, entry: Label) -> Run:
        def run(frame: Frame) -> int:
            frame.registers = [UNSET] * builder.size
            if frame.notes is not None:
                frame.notes.append(Ran(block.name))
            return entry.pc

        return run

    options = tuple(
        (block.name, enter_block(block, entry))
        for block, entry in zip(blocks, entries, strict=True)
    )
    targets = tuple(entries)
    # Every register is set here; the numbers are not known yet, and none is live before.
    if len(options) == 1:
        builder.emit(Kind.LOCAL, options[0][1], targets=targets)
    else:
        builder.emit(Kind.CHOICE, options[0][1], targets=targets, options=options)


def _block(builder: Builder, block: Block) -> None:
    builder.block = block.name
    builder.names = {name: register for register, name in enumerate(block.locals)}
    builder.entries = entries_of(builder.protocol, block)
    builder.top = len(block.locals)
    builder.size = max(builder.size, builder.top)
    builder.where = None
    updates = builder.lane.kind.updates
    if updates:
        serial = builder.protocol.updaters is None
        builder.emit(Kind.EVENT, operations.begin_update(builder.site(), serial=serial))
    end = Label()
    _steps(builder, block.steps, end)
    builder.here(end)
    builder.where = None
    if updates:
        builder.emit(Kind.EVENT, operations.return_update(builder.site()))
    _end(builder, block)


def _end(builder: Builder, block: Block) -> None:
    """A round ends: keep the locals that properties name, go on with the next round."""
    kept = tuple(
        (place, builder.names[name])
        for place, (of, name) in enumerate(kept_locals(builder.protocol))
        if of == block.name and name in builder.names
    )
    here, rounds = len(builder.ops), builder.lane.rounds

    def run(frame: Frame) -> int:
        if kept:
            values = list(frame.kept)
            for place, register in kept:
                values[place] = frame.registers[register]
            frame.kept = tuple(values)
        frame.region = 0
        frame.round += 1
        if frame.round < rounds:
            return 0
        frame.status = ENDED
        return here

    builder.emit(Kind.LOCAL, run, tuple(register for _, register in kept), targets=())


def _steps(builder: Builder, steps: tuple[Step, ...], end: Label) -> None:
    for step in steps:
        top = builder.top
        _begin(builder, step.where)
        _step(builder, step, end)
        builder.top = top


def _begin(builder: Builder, where: Where) -> None:
    """Note that control has reached a step."""
    builder.where = where
    after, number, note = len(builder.ops) + 1, where.number, Began(where)

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
        case Store(place=place, value=value):
            operand = lower_value(builder, value)
            address = lower_address(builder, place)
            run = operations.write(builder.site(), address.pure, operand.pure)
            builder.emit(event, run, (*address.uses, *operand.uses))
        case Evaluate(expression=expression):
            lower(builder, expression)
        case Enter(domain=domain, cookie=cookie):
            _enter(builder, domain, cookie)
        case Leave(domain=domain, cookie=cookie):
            _leave(builder, domain, cookie)
        case Synchronize(domain=domain):
            number = builder.domain(domain)
            builder.emit(event, operations.begin_grace_period(builder.site(), domain, number))
            builder.emit(event, operations.end_grace_period(builder.site(), domain))
        case TakeLock(lock=lock):
            builder.emit(event, operations.take_lock(builder.site(), lock, builder.lock(lock)))
        case ReleaseLock(lock=lock):
            number = builder.lock(lock)
            spins = builder.protocol.locks[number].kind is GuardKind.SPINLOCK
            run = operations.release_lock(builder.site(), lock, number, spins=spins)
            builder.emit(event, run)
        case Fence(kind=kind):
            builder.emit(event, operations.fence(builder.site(), kind))
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


def _enter(builder: Builder, domain: str, cookie: str | None) -> None:
    number = builder.domain(domain)
    if domain == RCU:
        after = len(builder.ops) + 1
        run = operations.enter_nested(builder.site(), number)
        builder.emit(Kind.LOCAL, run, targets=(after, after + 1))
    register = None if cookie is None else builder.names[cookie]
    defines = () if register is None else (register,)
    run = operations.enter(builder.site(), domain, number, register)
    builder.emit(Kind.EVENT, run, (), defines)


def _leave(builder: Builder, domain: str, cookie: str | None) -> None:
    number = builder.domain(domain)
    if domain == RCU:
        after = len(builder.ops) + 1
        run = operations.leave_nested(builder.site(), number)
        builder.emit(Kind.LOCAL, run, targets=(after, after + 1))
    register = None if cookie is None else builder.names[cookie]
    uses = () if register is None else (register,)
    run = operations.leave(builder.site(), domain, number, register)
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
    _steps(builder, step.then, end)
    if step.otherwise:
        builder.emit(Kind.LOCAL, _jump(after), targets=(after,))
    builder.here(otherwise)
    _steps(builder, step.otherwise, end)
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
    _steps(builder, step.body, end)
    builder.emit(Kind.LOCAL, _jump(head), targets=(head,))
    builder.here(after)


def _retry(builder: Builder, step: Retry, end: Label) -> None:
    counter, head, after = builder.register(), Label(), Label()
    _count(builder, counter, reset=True)
    builder.here(head)
    _count(builder, counter, reset=False)
    _steps(builder, step.body, end)
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
        _steps(builder, branch, end)
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
    _steps(builder, body, end)
    builder.region = 0
    after = len(builder.ops) + 1

    def run(frame: Frame) -> int:
        frame.region = 0
        return after

    builder.emit(Kind.LOCAL, run)
