"""Refuses to compute with a field of an entry that may be empty.

The fields of an empty entry equal nothing: `==` is false and `!=` is true. In any other place
an empty entry would need a value, and a verdict would speak of the one that the tool chose. So
before such a field is ordered, computed with, stored or tested, the path must have asked
`filled(e)`, found a field of it equal to something, or assigned the whole entry. What was found
of a private cache that no block zaps stays true, because only its lane writes it. A shared
cache, and a private one that some block zaps, may be emptied between a test and the next read:
there only an entry in a local is known. A cache that begins filled and that no block zaps is
never empty, because nothing stores an entry that may be.

Takes the checked steps of a block. What is known at a place: the locals and caches that may be
empty (for a local that holds a number: that may have come from an empty entry).
"""

from collections.abc import Iterable

from smtmodel.language import codes
from smtmodel.language.checked import (
    And,
    Assume,
    Atomic,
    Await,
    Block,
    Branch,
    Cell,
    Constant,
    Each,
    Element,
    EntryValue,
    Evaluate,
    Expression,
    Filled,
    If,
    Load,
    Local,
    Operation,
    Or,
    Part,
    ReadModifyWrite,
    Retry,
    Return,
    Rmw,
    SetLocal,
    Settled,
    Shape,
    Step,
    Store,
    While,
    Yields,
    Zap,
)
from smtmodel.language.symbols import Symbols
from smtmodel.language.walk import (
    expressions_of,
    expressions_of_place,
    followed,
    operands_of,
    steps_in,
)
from smtmodel.source import Diagnostic, Span

_Unsure = frozenset[str] | None
"""The locals, and caches (as `cache NAME`), that may be empty; None where no path comes.

`always NAME` is a cache that others may empty at any time: no test removes it.
"""


def zapped_caches(blocks: Iterable[Block]) -> frozenset[str]:
    """The caches that some block empties."""
    steps = (step for block in blocks for step in steps_in(block.steps))
    return frozenset(step.variable for step in steps if isinstance(step, Zap))


def entry_errors(symbols: Symbols, block: Block, zapped: frozenset[str]) -> list[Diagnostic]:
    """The errors of one block; `zapped` are the `zapped_caches` of the whole protocol."""
    wrong: dict[Diagnostic, None] = {}
    unsure = frozenset(
        f"{'always' if name in zapped or one.shape is Shape.SHARED_CACHE else 'cache'} {name}"
        for name, one in symbols.variables.items()
        if one.shape in (Shape.CACHE, Shape.SHARED_CACHE) and (name in zapped or not one.initial)
    )
    if unsure:
        _sequence(block.steps, unsure, wrong)
    return list(wrong)


def _sequence(steps: tuple[Step, ...], unsure: _Unsure, wrong: dict[Diagnostic, None]) -> _Unsure:
    return followed(steps, unsure, lambda step, before: _step(step, before, wrong))


def _step(step: Step, unsure: frozenset[str], wrong: dict[Diagnostic, None]) -> _Unsure:
    span = step.where.span
    match step:
        case SetLocal(name=name, value=value):
            if _may_be_empty(value, unsure):
                _exchange(value, unsure, span, wrong)
                return unsure | {name}
            _use(value, unsure, span, wrong)
            return unsure - {name}
        case Store(place=place, value=value):
            for expression in (value, *expressions_of_place(place)):
                _use(expression, unsure, span, wrong)
            return unsure - {f"cache {place.variable}"} if isinstance(place, Cell) else unsure
        case If(condition=condition, then=then, otherwise=otherwise):
            _use(condition, unsure, span, wrong)
            return _join(
                _sequence(then, unsure - _found(condition, True), wrong),
                _sequence(otherwise, unsure - _found(condition, False), wrong),
            )
        case While(condition=condition, body=body):
            return _while(condition, body, unsure, span, wrong)
        case Retry(condition=condition, body=body):
            return _retry(condition, body, unsure, span, wrong)
        case Each(body=body):  # at least once
            return _retry(Constant(0), body, unsure, span, wrong)
        case Branch(branches=branches):
            after: _Unsure = None
            for branch in branches:
                after = _join(after, _sequence(branch, unsure, wrong))
            return after
        case Atomic(body=body):
            return _sequence(body, unsure, wrong)
        case Return():
            return None
        case Evaluate(expression=expression) if _may_be_empty(expression, unsure):
            _exchange(expression, unsure, span, wrong)
            return unsure
        case Assume(condition=condition):
            _use(condition, unsure, span, wrong)
            return unsure - _found(condition, True)
        case _:
            for expression in expressions_of(step):
                _use(expression, unsure, span, wrong)
            return unsure


def _join(left: _Unsure, right: _Unsure) -> _Unsure:
    if left is None or right is None:
        return right if left is None else left
    return left | right


def _while(
    condition: Expression,
    body: tuple[Step, ...],
    unsure: frozenset[str],
    span: Span,
    wrong: dict[Diagnostic, None],
) -> frozenset[str]:
    """What may be empty after some rounds: grows until a further round adds nothing."""
    while True:
        _use(condition, unsure, span, wrong)
        after = _sequence(body, unsure - _found(condition, True), wrong)
        grown = unsure if after is None else unsure | after
        if grown == unsure:
            return unsure - _found(condition, False)
        unsure = grown


def _retry(
    condition: Expression,
    body: tuple[Step, ...],
    unsure: frozenset[str],
    span: Span,
    wrong: dict[Diagnostic, None],
) -> _Unsure:
    while True:
        after = _sequence(body, unsure, wrong)
        if after is None:
            return None
        _use(condition, after, span, wrong)
        grown = unsure | (after - _found(condition, False))
        if grown == unsure:
            return after - _found(condition, True)
        unsure = grown


# ---------------------------------------------------------------- expressions


def _key(expression: Expression) -> str | None:
    """The local or cache whose emptiness decides whether the expression has a value."""
    match expression:
        case Local(name):
            return name
        case Load(place=Cell(variable) | Element(variable)):
            return f"cache {variable}"
        case ReadModifyWrite(place=Cell(variable) | Element(variable), yields=Yields.BEFORE):
            return f"cache {variable}"
        case Part(entry=inner) | Await(load=inner):
            return _key(inner)
        case _:
            return None


def _may_be_empty(expression: Expression, unsure: frozenset[str]) -> bool:
    key = _key(expression)
    return key is not None and (key in unsure or key.replace("cache ", "always ", 1) in unsure)


def _found(condition: Expression, truth: bool) -> frozenset[str]:
    """What is known not to be empty once the condition has come out as `truth`."""
    match condition:
        case Filled(entry=entry) if truth:
            keys = {_key(entry)}
        case Operation("==", operands) if truth:
            keys = {_key(one) for one in operands}
        case Operation("!=", operands) if not truth:
            keys = {_key(one) for one in operands}
        case Operation("!", (operand,)):
            return _found(operand, not truth)
        case And(left, right) if truth:
            return _found(left, True) | _found(right, True)
        case Or(left, right) if not truth:
            return _found(left, False) | _found(right, False)
        case _:
            keys = set()
    return frozenset(key for key in keys if key is not None)


def _use(
    expression: Expression, unsure: frozenset[str], span: Span, wrong: dict[Diagnostic, None]
) -> None:
    """Report each operand that needs a value and may have none."""
    if _may_be_empty(expression, unsure):
        wrong[_refusal(expression, span)] = None
        return
    match expression:
        case Settled():
            return
        case Filled(entry=entry):
            _exchange(entry, unsure, span, wrong)
        case And(left, right):
            _use(left, unsure, span, wrong)
            _use(right, unsure - _found(left, True), span, wrong)
        case Or(left, right):
            _use(left, unsure, span, wrong)
            _use(right, unsure - _found(left, False), span, wrong)
        case Operation("==" | "!=", operands):
            for operand in operands:
                if _may_be_empty(operand, unsure):
                    _exchange(operand, unsure, span, wrong)
                else:
                    _use(operand, unsure, span, wrong)
        case Operation(operands=operands, span=place):
            for operand in operands:
                _use(operand, unsure, place, wrong)
        case ReadModifyWrite():
            _exchange(expression, unsure, span, wrong)
        case EntryValue(values=values):
            for value in values:
                _use(value, unsure, span, wrong)
        case _:
            for operand in operands_of(expression):
                _use(operand, unsure, span, wrong)


def _exchange(
    expression: Expression, unsure: frozenset[str], span: Span, wrong: dict[Diagnostic, None]
) -> None:
    """Report operands of an exchange whose own value may be empty, or is not looked at."""
    match expression:
        case Part(entry=entry):
            _exchange(entry, unsure, span, wrong)
        case ReadModifyWrite(Rmw.COMPARE_EXCHANGE, operands=(old, *rest)):
            if not _may_be_empty(old, unsure):  # what is compared may be an empty entry
                _use(old, unsure, span, wrong)
            for operand in (*rest, *expressions_of_place(expression.place)):
                _use(operand, unsure, span, wrong)
        case ReadModifyWrite():
            for operand in operands_of(expression):
                _use(operand, unsure, span, wrong)
        case _:
            pass


def _refusal(expression: Expression, span: Span) -> Diagnostic:
    key = (_key(expression) or "this").removeprefix("cache ")
    message = f"`{key}` may be empty here"
    if not isinstance(expression, Part):
        message = f"`{key}` may come from an empty entry here"
    suggestion = "ask `filled(…)` first"
    return Diagnostic(codes.EMPTY_ENTRY, message, span, suggestion=suggestion)
