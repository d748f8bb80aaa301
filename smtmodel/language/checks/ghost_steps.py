"""Refuses ghosts that would need an event of their own.

A ghost is read and assigned together with the lane's event before it. So a value, an index or
a pointer that reads shared memory cannot stand in an assignment to one: there would be an event
between the two. And where no event of the block comes first, nothing says when it happens.

Takes the checked steps of a block. What is known at a place: whether some event has happened
on every path to it.
"""

from smtmodel.language import codes
from smtmodel.language.ast import BlockKind
from smtmodel.language.checked import (
    And,
    Assert,
    Assume,
    Atomic,
    Block,
    Branch,
    Choose,
    Each,
    Evaluate,
    Expression,
    Free,
    If,
    LaneKind,
    Load,
    Mark,
    Opening,
    Or,
    Retry,
    Return,
    SetLocal,
    Settled,
    Step,
    Store,
    While,
)
from smtmodel.language.walk import expressions_of, followed, inside, is_event, operands_of, steps_in
from smtmodel.source import Diagnostic, Span
from smtmodel.source.record import replace

_Happened = bool | None
"""None where no path comes: after a `return`."""


def ghost_step_errors(block: Block, kind: LaneKind | None) -> list[Diagnostic]:
    """The errors of one block; `kind` is that of its lanes."""
    wrong: dict[Diagnostic, None] = {}
    begins = block.kind is BlockKind.UPDATE or (kind is not None and kind.interrupts is not None)
    _sequence(block.steps, begins, wrong)
    if wrong and not any(map(_makes_event, steps_in(block.steps))):
        suggestion = "no step of this block touches what other lanes see: it needs one that does"
        wrong = dict.fromkeys(replace(one, suggestion=suggestion) for one in wrong)
    for step in steps_in(block.steps):
        if isinstance(step, Store) and step.mark is Mark.GHOST:
            _judge(step, wrong)
    return list(wrong)


def _judge(step: Store, wrong: dict[Diagnostic, None]) -> None:
    """Refuse an assignment to a ghost that reads memory, or that chooses."""
    for expression in expressions_of(step):
        for one in inside(expression):
            if is_event(one) or isinstance(one, Choose):
                message = "a ghost changes together with the event before it; this reads memory"
                if isinstance(one, Choose):
                    message = "a ghost is not chosen freely"
                span = one.span if isinstance(one, Load) else step.where.span
                suggestion = "assign it to a local first"
                found = Diagnostic(codes.GHOST_VALUE, message, span, suggestion=suggestion)
                wrong[found] = None
                return


# ---------------------------------------------------------------- the event before it


def _sequence(
    steps: tuple[Step, ...], happened: _Happened, wrong: dict[Diagnostic, None]
) -> _Happened:
    return followed(steps, happened, lambda step, before: _step(step, before, wrong))


def _step(step: Step, happened: bool, wrong: dict[Diagnostic, None]) -> _Happened:
    match step:
        case Retry(condition=condition, body=body):
            last = _sequence(body, happened, wrong)
            return None if last is None else _evaluate(condition, last, wrong)
        case _:
            for expression in expressions_of(step):
                happened = _evaluate(expression, happened, wrong)
    match step:
        case If(then=then, otherwise=otherwise):
            return _join(_sequence(then, happened, wrong), _sequence(otherwise, happened, wrong))
        case While(body=body):
            _sequence(body, happened, wrong)
            return happened
        case Branch(branches=branches):
            after: _Happened = None
            for branch in branches:
                after = _join(after, _sequence(branch, happened, wrong))
            return after
        case Atomic(body=body) | Each(body=body):
            return _sequence(body, happened, wrong)
        case Return():
            return None
        case Store(mark=Mark.GHOST):
            if not happened:
                _refuse(step.where.span, wrong)
            return happened
        case _:
            return happened or _is_event(step)


def _is_event(step: Step) -> bool:
    """Whether the step, apart from its expressions, is an event whatever its values."""
    match step:
        case Store(mark=Mark.GHOST) | SetLocal() | Evaluate() | Assert() | Assume():
            return False
        case If() | While() | Retry() | Each() | Branch() | Atomic() | Return() | Opening():
            return False
        case Free(null_safe=True):
            return False  # what is freed may be null: then that is no event
        case _:
            return True


def _makes_event(step: Step) -> bool:
    """Whether an event comes of the step or of its expressions, on some path."""
    return _is_event(step) or any(
        is_event(one) for root in expressions_of(step) for one in inside(root)
    )


def _join(left: _Happened, right: _Happened) -> _Happened:
    if left is None or right is None:
        return right if left is None else left
    return left and right


def _evaluate(expression: Expression, happened: bool, wrong: dict[Diagnostic, None]) -> bool:
    """Whether an event has happened after the expression, whatever its values."""
    match expression:
        case And(left, right) | Or(left, right):
            happened = _evaluate(left, happened, wrong)
            _evaluate(right, happened, wrong)
            return happened
        case Settled():
            return True
        case Load(mark=Mark.GHOST, span=span):
            for operand in operands_of(expression):
                happened = _evaluate(operand, happened, wrong)
            if not happened:
                _refuse(
                    span, wrong, "; to read it first, begin with `smp_rmb()`, an event all the same"
                )
            return happened
        case _:
            for operand in operands_of(expression):
                happened = _evaluate(operand, happened, wrong)
            return happened or is_event(expression)


def _refuse(span: Span, wrong: dict[Diagnostic, None], more: str = "") -> None:
    message = "on some path no event of this block comes before this ghost"
    suggestion = f"put it behind the step that it belongs to{more}"
    wrong[Diagnostic(codes.GHOST_FIRST, message, span, suggestion=suggestion)] = None
