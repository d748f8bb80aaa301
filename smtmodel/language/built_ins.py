"""Which built-in properties a protocol has.

A built-in property applies where the protocol has what it speaks of; deciding the others
would only add lines that say nothing. The tests here look at no bounds and are never too narrow:
what is left out cannot be violated.
"""

from smtmodel.language import ast
from smtmodel.language.checked import (
    DEADLOCK,
    LOCK_MISUSE,
    NEGATIVE_OPERAND,
    NULL_DEREFERENCE,
    OUT_OF_BOUNDS,
    OVERFLOW,
    RCU,
    UNWRITTEN_READ,
    USE_AFTER_FREE,
    Allocate,
    Await,
    Block,
    BuiltIn,
    Choose,
    Constant,
    Copy,
    Element,
    Enter,
    Expression,
    Free,
    LaneNumber,
    Load,
    MaskInterrupts,
    NullPointer,
    Operation,
    ReadModifyWrite,
    Step,
    Store,
    Synchronize,
    TakeLock,
    Through,
    TryLock,
    Value,
)
from smtmodel.language.magnitudes import may_overflow
from smtmodel.language.symbols import Symbols
from smtmodel.language.walk import expressions_of, is_sleep, operands_of, steps_in, within

_PARTIAL = ("/", "%", "&", "&~", "|", "^", "<<", ">>")
"""The operators that have no meaning for a negative left operand."""


def built_ins(
    protocol: ast.Protocol, blocks: tuple[Block, ...], symbols: Symbols
) -> tuple[BuiltIn, ...]:
    """The built-in properties that apply, in their order."""
    steps = [step for block in blocks for step in steps_in(block.steps)]
    expressions = [one for block in blocks for one in within(block.steps)]
    places = [step.place for step in steps if isinstance(step, Store)]
    places += [one.place for one in expressions if isinstance(one, Load | ReadModifyWrite)]
    waits = any(isinstance(one, TryLock | Await) for one in expressions)
    blocks_on = any(isinstance(step, TakeLock | Synchronize) for step in steps)
    frees = any(isinstance(step, Free) for step in steps)
    through = (
        any(isinstance(step, Free) and not step.null_safe for step in steps)
        or any(isinstance(one, Through) for one in places)
        or any(isinstance(one, Copy) for one in expressions)
        or any("." in lock for lock in _locks(steps, expressions))
    )
    held = [*(one.initial for one in symbols.variables.values())]
    held += [one.values for one in symbols.initial]
    first = tuple(value for values in held for value in values)
    applies = (
        (DEADLOCK, waits or blocks_on),
        (NULL_DEREFERENCE, through and (None in first or _null_value(blocks))),
        (OUT_OF_BOUNDS, any(_may_miss(block, symbols) for block in blocks)),
        (NEGATIVE_OPERAND, _divides(expressions) and _negative(first, steps, expressions)),
        (OVERFLOW, may_overflow(symbols.variables.values(), symbols.initial, blocks)),
        (UNWRITTEN_READ, any(isinstance(one, Allocate) for one in expressions)),
        (USE_AFTER_FREE, frees),
        (
            LOCK_MISUSE,
            (_sleeps(steps, symbols) and _must_not(steps, expressions, symbols))
            or _tries_in_interrupt(blocks, symbols)
            or _frees_locks(steps, expressions),
        ),
    )
    return tuple(BuiltIn(name, protocol.span) for name, does in applies if does)


def _may_miss(block: Block, symbols: Symbols) -> bool:
    """Whether an index of the block may be outside its array.

    A literal of an array of stated length is not, nor the number of a lane of the kind that the
    array has an element for each of.
    """
    kind = symbols.kinds.of_block(block.name)
    own = None if kind is None else kind.interrupts or kind.name
    places = [step.place for step in steps_in(block.steps) if isinstance(step, Store)]
    accesses = (Load, ReadModifyWrite)
    places += [one.place for one in within(block.steps) if isinstance(one, accesses)]
    for place in places:
        if not isinstance(place, Element):
            continue
        lanes = symbols.variables[place.variable].lanes
        if not _inside(place.index, lanes, own):
            return True
    steps = steps_in(block.steps)
    locks: list[TakeLock | TryLock] = [one for one in steps if isinstance(one, TakeLock)]
    locks += [one for one in within(block.steps) if isinstance(one, TryLock)]
    indexed = [one for one in locks if one.at is not None and "." not in one.lock]
    return any(not _inside(one.at, symbols.lengths[one.lock][1], own) for one in indexed)


def _inside(index: Expression | None, lanes: str | None, own: str | None) -> bool:
    """Whether an index is inside its array, whatever the bounds."""
    if lanes is None:
        return isinstance(index, Constant)
    return isinstance(index, LaneNumber) and lanes == own


def _sleeps(steps: list[Step], symbols: Symbols) -> bool:
    """Whether some step may sleep: a grace period that is waited for, a mutex, a
    semaphore, a wait queue."""
    return any(
        isinstance(step, Synchronize)
        or is_sleep(step)
        or (isinstance(step, TakeLock) and symbols.guards[step.lock].sleeps)
        for step in steps
    )


def _must_not(steps: list[Step], expressions: list[Expression], symbols: Symbols) -> bool:
    """Whether there is anything inside of which a lane must not sleep."""
    taken = _locks(steps, expressions)
    return (
        any(not symbols.guards[lock].sleeps for lock in taken)
        or any(isinstance(step, Enter) and step.domain == RCU for step in steps)
        or any(isinstance(step, MaskInterrupts) for step in steps)
        or any(kind.interrupts is not None for kind in symbols.kinds.kinds)
    )


def _locks(steps: list[Step], expressions: list[Expression]) -> list[str]:
    """The locks that some step takes or tries to take."""
    taken = [step.lock for step in steps if isinstance(step, TakeLock)]
    return taken + [one.lock for one in expressions if isinstance(one, TryLock)]


def _frees_locks(steps: list[Step], expressions: list[Expression]) -> bool:
    """Whether an object may be freed whose lock somebody holds."""
    freed = {step.struct for step in steps if isinstance(step, Free)}
    owners = [lock.partition(".") for lock in _locks(steps, expressions)]
    return any(struct in freed for struct, dot, _ in owners if dot)


def _tries_in_interrupt(blocks: tuple[Block, ...], symbols: Symbols) -> bool:
    """Whether an interrupt tries to take a mutex."""
    interrupting = {
        name for kind in symbols.kinds.kinds if kind.interrupts is not None for name in kind.blocks
    }
    return any(
        isinstance(one, TryLock) and symbols.guards[one.lock] is ast.GuardKind.MUTEX
        for block in blocks
        if block.name in interrupting
        for one in within(block.steps)
    )


def _null_value(blocks: tuple[Block, ...]) -> bool:
    """Whether `null` stands anywhere but in a comparison."""
    for block in blocks:
        for step in steps_in(block.steps):
            if any(isinstance(one, NullPointer) for one in expressions_of(step)):
                return True
        for one in within(block.steps):
            compares = isinstance(one, Operation) and one.operator in ("==", "!=", "!")
            null = any(isinstance(part, NullPointer) for part in operands_of(one))
            if null and not compares:
                return True
    return False


def _divides(expressions: list[Expression]) -> bool:
    return any(isinstance(one, Operation) and one.operator in _PARTIAL for one in expressions)


def _negative(first: tuple[Value, ...], steps: list[Step], expressions: list[Expression]) -> bool:
    """Whether anything could make a negative number; `first` are all initial values."""
    if any(isinstance(step, Store) and step.operator == "-" for step in steps):
        return True
    for one in expressions:
        match one:
            case Operation("-" | "negate"):
                return True
            case Constant(value) if value < 0:
                return True
            case Choose(low, _) if low < 0:
                return True
            case _:
                pass
    return any(isinstance(value, int) and value < 0 for value in first)
