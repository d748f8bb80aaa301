"""Refuses atomic blocks that no machine could mean.

`atomic { }` says that no other lane's event lies between its events. A step in it that waits
for another lane could never go on, and one that loops would hide interleavings behind a word;
such a block would make a proof hold because bad executions do not exist. It may branch: then
every path through it is straight.

Outside sequential consistency only what a machine can do at one instant is left: some reads,
or one read-modify-write (`atomic_outside_sc`; `smtmodel.language.checks.outside_sc` asks all
questions of the kind).
"""

from smtmodel.language import codes
from smtmodel.language.checked import (
    Assert,
    Atomic,
    Await,
    Block,
    Branch,
    Checked,
    Evaluate,
    Expression,
    Fence,
    Free,
    If,
    Load,
    Opening,
    ReadModifyWrite,
    SetLocal,
    Settled,
    Shape,
    Step,
    Store,
    TryLock,
    Wake,
    Zap,
)
from smtmodel.language.symbols import Symbols
from smtmodel.language.walk import expressions_of, inside, is_event, steps_in
from smtmodel.source import Diagnostic
from smtmodel.source.record import parts


def atomic_errors(symbols: Symbols, block: Block) -> list[Diagnostic]:
    """The errors of one block."""
    wrong: list[Diagnostic] = []
    for step in steps_in(block.steps):
        if not isinstance(step, Atomic):
            continue
        if not step.body:
            message = "this atomic block is empty"
            wrong.append(Diagnostic(codes.ATOMIC_EMPTY, message, step.where.span))
        for inner in steps_in(step.body):
            message = _refused(symbols, inner)
            if message:
                wrong.append(Diagnostic(codes.ATOMIC, message, inner.where.span))
    return wrong


def _refused(symbols: Symbols, step: Step) -> str:
    """Why the step may not stand in an atomic block, or nothing."""
    if isinstance(step, Zap):
        if symbols.variables[step.variable].shape is Shape.SHARED_CACHE:
            return ""
        return f"`zap({step.variable})` empties the entry of each lane, one after another"
    if isinstance(step, Free):
        return "no object is freed in an atomic block"
    if isinstance(step, Wake):
        return "no lane is woken in an atomic block"
    waits = any(isinstance(part, Await | TryLock) for part in parts(expressions_of(step)))
    straight = SetLocal | Store | Evaluate | Assert | Fence | If | Branch | Opening
    if waits or not isinstance(step, straight):
        return f"`{_word(step)}` cannot stand in an atomic block, which neither waits nor loops"
    if isinstance(step, SetLocal) and isinstance(step.value, Settled):
        return "`settled` cannot stand in an atomic block: no instant lies inside"
    return ""


def _word(step: Step) -> str:
    head = step.where.text.split("(")[0].split("{")[0].split("=")[-1]
    return head.strip().split(" ")[0] or "this step"


def atomic_outside_sc(checked: Checked) -> tuple[Diagnostic, ...]:
    """The atomic blocks that only sequential consistency gives a meaning.

    For the memory models in which stores are not seen by all lanes at once; not applied
    under `sc`.
    """
    wrong: list[Diagnostic] = []
    for block in checked.blocks:
        for step in steps_in(block.steps):
            if isinstance(step, Atomic) and not _one_instant(step):
                message = "under a weak memory model an atomic block is only reads, or one "
                message += "read-modify-write"
                wrong.append(Diagnostic(codes.ATOMIC_MODEL, message, step.where.span))
    return tuple(wrong)


def _one_instant(step: Atomic) -> bool:
    """Whether the block only reads, or is one read-modify-write."""
    events: list[Expression] = []
    for inner in steps_in(step.body):
        if isinstance(inner, Store | Fence | Zap):
            return False
        for expression in expressions_of(inner):
            events += [one for one in inside(expression) if is_event(one)]
    if any(isinstance(one, ReadModifyWrite) for one in events):
        return len(events) == 1
    return all(isinstance(one, Load) for one in events)
