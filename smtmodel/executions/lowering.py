"""How the steps of a block become operations: steps, branches and loops.

Takes steps and the program being made, appends to it. Each step begins with a local operation
that notes that control has reached it.
"""

from typing import assert_never

from smtmodel.executions import event_actions, local_actions
from smtmodel.executions.expressions import (
    computed,
    lower,
    lower_address,
    lower_lock,
    lower_read,
    lower_value,
)
from smtmodel.executions.program import Assembler
from smtmodel.executions.rendering import expression_text
from smtmodel.executions.terms import Absolute, Computed, Immediate, Register, Term
from smtmodel.executions.values import EMPTY
from smtmodel.language.checked import (
    RCU,
    Assert,
    Assume,
    Atomic,
    Branch,
    Constant,
    Each,
    Element,
    Enter,
    Evaluate,
    Expression,
    Fence,
    Free,
    If,
    Leave,
    Local,
    Mark,
    MaskInterrupts,
    Opening,
    ReleaseLock,
    Retry,
    Return,
    SetLocal,
    Step,
    Store,
    Synchronize,
    TakeLock,
    UnmaskInterrupts,
    Wake,
    Where,
    While,
    Zap,
)
from smtmodel.language.locals import says_whether_again
from smtmodel.language.walk import is_sleep, steps_in


def lower_steps(assembler: Assembler, steps: tuple[Step, ...], end: int) -> None:
    """Append steps; the label `end` is where the round ends."""
    for index, step in enumerate(steps):
        top = assembler.top
        goes_on = _goes_on(steps[:index], step)
        enters = isinstance(step, While | Retry | Each | Atomic) or (
            isinstance(step, If) and not _decides(step.condition)
        )
        _arrive(assembler, step.where, goes_on=goes_on, enters=enters)
        _step(assembler, step, end)
        assembler.top = top


def _goes_on(before: tuple[Step, ...], step: Step) -> bool:
    """Whether a step belongs to the text of the last of the steps before it."""
    return bool(before) and before[-1].where.place == step.where.place


def _arrive(
    assembler: Assembler, where: Where, *, goes_on: bool = False, enters: bool = False
) -> None:
    assembler.where = where
    assembler.emit(local_actions.Arrive(goes_on, enters))


def _step(assembler: Assembler, step: Step, end: int) -> None:
    match step:
        case SetLocal(name=name, value=value):
            term = lower_value(assembler, value)
            assembler.emit(local_actions.Compute(assembler.names[name], term, name))
            if says_whether_again(name) and not isinstance(value, Constant):
                _test(assembler, Register(assembler.names[name]))
        case Store():
            _store(assembler, step)
        case Evaluate(expression=expression):
            if is_sleep(step):
                _check_sleep(assembler)
            lower(assembler, expression)
        case Enter(domain=domain, cookie=cookie):
            _enter(assembler, domain, cookie)
        case Leave(domain=domain, cookie=cookie):
            _leave(assembler, domain, cookie)
        case Synchronize(domain=domain):
            _check_sleep(assembler)
            assembler.emit(event_actions.BeginGracePeriod(domain))
            assembler.emit(event_actions.EndGracePeriod(domain))
        case MaskInterrupts(saved=saved):
            _mask(assembler, saved)
        case UnmaskInterrupts(saved=saved):
            _unmask(assembler, saved)
        case TakeLock(lock=lock, shared=shared, at=at):
            kinds = {one.name: one.kind for one in assembler.protocol.locks}
            if kinds[lock].sleeps:
                _check_sleep(assembler)
            side = assembler.side(lock, lower_lock(assembler, lock, at), shared=shared)
            assembler.emit(event_actions.Acquire(side))
        case ReleaseLock(lock=lock, shared=shared, at=at):
            side = assembler.side(lock, lower_lock(assembler, lock, at), shared=shared)
            assembler.emit(event_actions.Release(side))
        case Wake(queue=queue):
            assembler.emit(event_actions.WakeAll(queue))
        case Fence(kind=kind):
            assembler.emit(event_actions.Barrier(kind))
        case Zap(variable=variable, index=None):
            _zap(assembler, variable)
        case Zap(variable=variable, index=index):
            assert index is not None
            entry = lower_address(assembler, Element(variable, index))
            assembler.emit(event_actions.Write(entry, Immediate(EMPTY), Mark.PLAIN))
        case Free():
            _free(assembler, step)
        case If():
            _if(assembler, step, end)
        case While():
            _while(assembler, step, end)
        case Retry():
            _retry(assembler, step, end)
        case Each():
            _each(assembler, step, end)
        case Branch():
            _branch(assembler, step, end)
        case Return():
            assembler.emit(local_actions.Jump(end))
        case Opening():
            pass
        case Assert():
            _assert(assembler, step)
        case Assume(condition=condition):
            assembler.emit(local_actions.Require(lower(assembler, condition)))
        case Atomic(body=body):
            _atomic(assembler, body, end)
        case _:
            assert_never(step)


def _store(assembler: Assembler, step: Store) -> None:
    early = lower_address(assembler, step.place) if step.place_first else None
    value = lower_value(assembler, step.value)
    address = early or lower_address(assembler, step.place)
    if step.operator:
        old = lower_read(assembler, step.mark, address)
        value = computed(assembler, step.operator, old, value)
        if step.width is not None:
            value = Computed("wrap", (value, Immediate(1 << step.width)))
    if step.mark is Mark.GHOST:
        assembler.emit(local_actions.WriteGhost(address, value))
    else:
        assembler.emit(event_actions.Write(address, value, step.mark))


def _zap(assembler: Assembler, variable: str) -> None:
    """Empty every entry of a cache, one write each."""
    first = assembler.layout.variables[variable]
    owner = assembler.protocol.variable(variable).owner
    owned = sum(lane.kind.name == owner for lane in assembler.layout.lanes)
    for location in range(first, first + (1 if owner is None else owned)):
        address = Absolute(variable, location)
        assembler.emit(event_actions.Write(address, Immediate(EMPTY), Mark.PLAIN))


def _free(assembler: Assembler, step: Free) -> None:
    pointer = lower(assembler, step.pointer)
    thing, skip = Register(assembler.register()), assembler.label()
    null = skip if step.null_safe else None
    text = expression_text(step.pointer)
    assembler.emit(local_actions.Dereference(thing.number, pointer, text, null))
    if step.domain is None:
        assembler.emit(event_actions.FreeObject(thing, step.struct))
    else:
        assembler.emit(event_actions.FreeLater(thing, step.struct, step.domain))
    assembler.here(skip)


def _check_sleep(assembler: Assembler) -> None:
    """A step that may sleep is reached: judge it where there is anything to judge."""
    protocol, interrupts = assembler.protocol, assembler.lane.interrupts is not None
    ends = (*assembler.layout.locks[1:], assembler.layout.held)
    spans = zip(protocol.locks, assembler.layout.locks, ends, strict=False)
    locks = tuple(
        number for lock, first, end in spans if not lock.kind.sleeps for number in range(first, end)
    )
    sections = any(
        isinstance(step, Enter) and step.domain == RCU
        for name in assembler.lane.kind.blocks
        for step in steps_in(protocol.block(name).steps)
    )
    if locks or sections or interrupts or assembler.off is not None:
        off = None if interrupts else assembler.off
        assembler.emit(local_actions.CheckSleep(locks, RCU, interrupts, off))


def _mask(assembler: Assembler, saved: str | None) -> None:
    """Interrupts off, and before that how they are into the local `saved`."""
    assert assembler.off is not None
    if saved is not None:
        assembler.emit(local_actions.Compute(assembler.names[saved], assembler.off))
    _switch(assembler, Immediate(1))


def _unmask(assembler: Assembler, saved: str | None) -> None:
    """Interrupts on, or off as the local `saved` remembers."""
    if saved is None:
        _switch(assembler, Immediate(0))
        return
    was_on, after = assembler.label(), assembler.label()
    kept = Register(assembler.names[saved])
    assembler.emit(local_actions.JumpIf(kept, holding=False, target=was_on))
    _switch(assembler, Immediate(1))
    assembler.emit(local_actions.Jump(after))
    assembler.here(was_on)
    _switch(assembler, Immediate(0))
    assembler.here(after)


def _switch(assembler: Assembler, to: Immediate) -> None:
    """Interrupts off (1) or on (0): an event where that changes them and something interrupts."""
    off, skip = assembler.off, assembler.label()
    assert off is not None
    assembler.emit(local_actions.JumpIf(off, holding=bool(to.value), target=skip))
    if any(lane.interrupts == assembler.lane.name for lane in assembler.layout.lanes):
        event = event_actions.InterruptsOff() if to.value else event_actions.InterruptsOn()
        assembler.emit(event)
    assembler.emit(local_actions.Compute(off.number, to))
    assembler.here(skip)


def _enter(assembler: Assembler, domain: str, cookie: str | None) -> None:
    skip = assembler.label()
    if domain == RCU:
        assembler.emit(local_actions.EnterInner(domain, skip))
    register = None if cookie is None else assembler.names[cookie]
    assembler.emit(event_actions.EnterSection(register, domain))
    assembler.here(skip)


def _leave(assembler: Assembler, domain: str, cookie: str | None) -> None:
    skip = assembler.label()
    if domain == RCU:
        assembler.emit(local_actions.LeaveInner(domain, skip))
    held = None if cookie is None else Register(assembler.names[cookie])
    assembler.emit(event_actions.LeaveSection(domain, held))
    assembler.here(skip)


def _jump_unless(assembler: Assembler, condition: Expression, target: int, part: str = "") -> None:
    term, decides = lower(assembler, condition), _decides(condition)
    assembler.emit(local_actions.JumpIf(term, False, target, decides, part))


def _test(assembler: Assembler, condition: Term) -> None:
    """Nothing but the note how the test of a loop comes out, which a `break` may end without it."""
    after = assembler.label()
    assembler.emit(local_actions.JumpIf(condition, holding=True, target=after, decides=True))
    assembler.here(after)


def _decides(condition: Expression) -> bool:
    """Whether this is the condition as it is written, and not what has become of it before."""
    return not (isinstance(condition, Local) and says_whether_again(condition.name))


def _if(assembler: Assembler, step: If, end: int) -> None:
    otherwise, after = assembler.label(), assembler.label()
    _jump_unless(assembler, step.condition, otherwise, step.part)
    lower_steps(assembler, step.then, end)
    if step.otherwise:
        assembler.emit(local_actions.Jump(after))
    assembler.here(otherwise)
    lower_steps(assembler, step.otherwise, end)
    assembler.here(after)


def _count(assembler: Assembler, rounds: Register) -> None:
    """Add 1 to the rounds of a loop."""
    more = Computed("+", (rounds, Immediate(1)))
    assembler.emit(local_actions.Compute(rounds.number, more))


def _while(assembler: Assembler, step: While, end: int) -> None:
    rounds, head, after = Register(assembler.register()), assembler.label(), assembler.label()
    assembler.emit(local_actions.Compute(rounds.number, Immediate(0)))
    assembler.here(head)
    goes_on, decides = _goes_on(step.body, step), _decides(step.condition)
    _arrive(assembler, step.where, goes_on=goes_on, enters=not decides)
    top = assembler.top
    _jump_unless(assembler, step.condition, after)
    assembler.top = top
    assembler.emit(local_actions.CutOff(rounds, step.bound))
    _count(assembler, rounds)
    lower_steps(assembler, step.body, end)
    assembler.emit(local_actions.Jump(head))
    assembler.here(after)


def _retry(assembler: Assembler, step: Retry, end: int) -> None:
    rounds, head, after = Register(assembler.register()), assembler.label(), assembler.label()
    assembler.emit(local_actions.Compute(rounds.number, Immediate(0)))
    assembler.here(head)
    _count(assembler, rounds)
    lower_steps(assembler, step.body, end)
    goes_on, decides = _goes_on(step.body, step), _decides(step.condition)
    _arrive(assembler, step.where, goes_on=goes_on, enters=not decides)
    term = lower(assembler, step.condition)
    assembler.emit(local_actions.JumpIf(term, holding=True, target=after, decides=decides))
    assembler.emit(local_actions.CutOff(rounds, step.bound))
    assembler.emit(local_actions.Jump(head))
    assembler.here(after)


def _each(assembler: Assembler, step: Each, end: int) -> None:
    lanes = [lane for lane in assembler.layout.lanes if lane.kind.name == step.lanes]
    for number in range(step.length or len(lanes)):
        if number:
            _arrive(assembler, step.where, goes_on=_goes_on(step.body, step))
        element = Immediate(number)
        assembler.emit(local_actions.Compute(assembler.names[step.name], element, step.name))
        lower_steps(assembler, step.body, end)


def _branch(assembler: Assembler, step: Branch, end: int) -> None:
    starts = tuple([assembler.label() for _ in step.branches])
    after = assembler.label()
    assembler.emit(local_actions.ChooseBranch(starts))
    for start, branch in zip(starts, step.branches, strict=True):
        assembler.here(start)
        lower_steps(assembler, branch, end)
        assembler.emit(local_actions.Jump(after))
    assembler.here(after)


def _assert(assembler: Assembler, step: Assert) -> None:
    reads: list[tuple[Expression, Term]] = []
    assembler.reads = reads
    condition = lower(assembler, step.condition)
    assembler.reads = None
    assembler.emit(local_actions.CheckAssert(step.name, condition, tuple(reads)))


def _atomic(assembler: Assembler, body: tuple[Step, ...], end: int) -> None:
    assembler.regions += 1
    assembler.region = assembler.regions
    lower_steps(assembler, body, end)
    assembler.region = 0
    assembler.emit(local_actions.EndAtomic())
