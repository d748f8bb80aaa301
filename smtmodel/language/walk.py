"""What stands inside checked steps and expressions, in the order in which it happens."""

from collections.abc import Callable, Iterator
from typing import TypeVar

from smtmodel.language.checked import (
    And,
    Assert,
    Assume,
    Atomic,
    Await,
    Block,
    Branch,
    Copy,
    Each,
    Element,
    EntryValue,
    Evaluate,
    Expression,
    Filled,
    Free,
    Fresh,
    If,
    Load,
    Mark,
    Operation,
    Or,
    Part,
    Place,
    ReadModifyWrite,
    ReleaseLock,
    Retry,
    SetLocal,
    Settled,
    Step,
    Store,
    TakeLock,
    Through,
    TryLock,
    Where,
    While,
    Zap,
)
from smtmodel.source import Span

T = TypeVar("T")


def steps_in(steps: tuple[Step, ...]) -> Iterator[Step]:
    """All steps, each before those inside it."""
    for step in steps:
        yield step
        for body in bodies(step):
            yield from steps_in(body)


def bodies(step: Step) -> tuple[tuple[Step, ...], ...]:
    """The sequences of steps directly inside a step."""
    match step:
        case If(then=then, otherwise=otherwise):
            return then, otherwise
        case While(body=body) | Retry(body=body) | Each(body=body) | Atomic(body=body):
            return (body,)
        case Branch(branches=branches):
            return branches
        case _:
            return ()


def followed(
    steps: tuple[Step, ...], state: T | None, after: Callable[[Step, T], T | None]
) -> T | None:
    """The state after a sequence of steps, of which each makes one of the one before it; None
    from where no path goes on."""
    for step in steps:
        if state is None:
            return None
        state = after(step, state)
    return state


def written(blocks: tuple[Block, ...]) -> dict[Where, frozenset[int]]:
    """The steps of the text, in its order, each with the numbers of the steps that it is: more
    than one where it calls a definition, or stands in one."""
    every = {step.where.number: step.where for b in blocks for step in steps_in(b.steps)}
    alike: dict[Span, list[Where]] = {}
    for where in every.values():
        alike.setdefault(where.span, []).append(where)
    return {own[0]: frozenset(one.number for one in own) for own in alike.values()}


def expressions_of(step: Step) -> tuple[Expression, ...]:
    """The expressions of the step itself, not of steps inside it, in the order they happen in."""
    match step:
        case SetLocal(value=value):
            return (value,)
        case Store(place=place, value=value, place_first=True):
            return (*expressions_of_place(place), value)
        case Store(place=place, value=value):
            return (value, *expressions_of_place(place))
        case Evaluate(expression=expression):
            return (expression,)
        case Free(pointer=pointer):
            return (pointer,)
        case Zap(index=index) if index is not None:
            return (index,)
        case TakeLock(at=at) | ReleaseLock(at=at) if at is not None:
            return (at,)
        case If(condition=condition) | While(condition=condition) | Retry(condition=condition):
            return (condition,)
        case Assert(condition=condition) | Assume(condition=condition):
            return (condition,)
        case _:
            return ()


def expressions_of_place(place: Place) -> tuple[Expression, ...]:
    """The expressions that a place's address needs."""
    match place:
        case Element(index=index):
            return (index,)
        case Through(pointer=pointer):
            return (pointer,)
        case _:
            return ()


def operands_of(expression: Expression) -> tuple[Expression, ...]:
    """The expressions directly inside an expression."""
    match expression:
        case Part(entry=inner) | Filled(entry=inner):
            return (inner,)
        case Load(place=place):
            return expressions_of_place(place)
        case Operation(operands=operands):
            return operands
        case Await(load, condition):
            return load, condition
        case And(left, right) | Or(left, right):
            return left, right
        case ReadModifyWrite(operands=operands, place=place, place_first=True):
            return (*expressions_of_place(place), *operands)
        case ReadModifyWrite(operands=operands, place=place):
            return (*operands, *expressions_of_place(place))
        case Copy(pointer=pointer):
            return (pointer,)
        case TryLock(at=at) if at is not None:
            return (at,)
        case EntryValue(values=values):
            return values
        case Settled(expression=inner):
            return (inner,)
        case _:
            return ()


def inside(expression: Expression) -> Iterator[Expression]:
    """The expression and all expressions inside it, what is evaluated first coming first."""
    for operand in operands_of(expression):
        yield from inside(operand)
    yield expression


def within(steps: tuple[Step, ...]) -> Iterator[Expression]:
    """All expressions of all steps, those inside others included."""
    for step in steps_in(steps):
        for expression in expressions_of(step):
            yield from inside(expression)


def has_event(expression: Expression) -> bool:
    """Whether evaluating the expression touches shared state."""
    return any(is_event(one) for one in inside(expression))


def is_event(expression: Expression) -> bool:
    """Whether the expression itself, without its operands, touches shared state."""
    if isinstance(expression, Load):
        return expression.mark is not Mark.GHOST
    return isinstance(expression, ReadModifyWrite | TryLock | Fresh | Copy | Settled)


def is_sleep(step: object) -> bool:
    """Whether a step waits asleep, at a wait queue."""
    return (
        isinstance(step, Evaluate)
        and isinstance(step.expression, Await)
        and step.expression.queue is not None
    )
