"""Waiting for a value: `wait until (…)`, and the kernel's names for it, asleep or not.

Takes conditions of the text; gives reads that happen only when their value satisfies them. A
condition reads one shared location, once, whatever its locals are: then the lane waits for one
event, and an execution needs no trace of the rounds in which the condition was false.
"""

from smtmodel.language import ast, codes
from smtmodel.language.checked import (
    And,
    Await,
    Expression,
    Load,
    Local,
    Mark,
    Or,
)
from smtmodel.language.expressions import condition
from smtmodel.language.places import NOTHING, Typed, marked, place
from smtmodel.language.primitives import AWAITED, Awaiting
from smtmodel.language.scope import Scope
from smtmodel.language.walk import inside, is_event, operands_of
from smtmodel.source import Span
from smtmodel.source.record import replace, rewritten


def slept(scope: Scope, call: ast.Call, queue: str) -> Expression:
    """The read of `wait_event(queue, condition)`; its condition alone after an error."""
    found = wait(scope, call.arguments[1])
    return replace(found, queue=queue, span=call.span) if isinstance(found, Await) else found


def wait(scope: Scope, expression: ast.Expression) -> Expression:
    """The read that `wait until` makes; its condition alone, where an error was reported."""
    errors = len(scope.wrong)
    found = condition(scope, expression)
    loads = [one for one in inside(found) if isinstance(one, Load) and is_event(one)]
    if len(scope.wrong) > errors:
        return found
    if len(loads) != 1 or not _only(found, loads[0]):
        message = "a lane waits for one shared read, and this condition "
        message += "makes none" if not loads else "does more" if len(loads) == 1 else "makes more"
        scope.refuse(codes.WAIT, message, expression.span)
        return found
    return Await(loads[0], found, span=expression.span)


def _only(found: Expression, load: Load) -> bool:
    """Whether the load is the only event, and happens in every case."""
    if any(is_event(one) and one is not load for one in inside(found)):
        return False
    return _always(found, load)


def _always(found: Expression, load: Load) -> bool:
    """Whether evaluating the expression evaluates the load, whatever the values are."""
    if found is load:
        return True
    decided = operands_of(found)[:1] if isinstance(found, And | Or) else operands_of(found)
    return any(_always(one, load) for one in decided)


def awaited(scope: Scope, call: ast.Call, meaning: Awaiting) -> Typed:
    """A call like `smp_cond_load_acquire(&x, VAL == 1)`."""
    target, tested = call.arguments
    location = place(scope, target)
    if location is None:
        return NOTHING
    where, held = location
    load = Load(where, marked(scope, where, meaning.mark, target.span), target.span)
    inner = replace(scope, known={**scope.known, AWAITED: held})
    found = rewritten(
        (condition(inner, tested),), lambda one: load if one == Local(AWAITED) else None
    )[0]
    if load.mark is Mark.GHOST:  # reported by `marked`
        return NOTHING
    if any(is_event(one) and one != load for one in inside(found)):
        _refuse(scope, f"the condition reads shared state besides `{AWAITED}`", tested.span)
    elif not any(one == load for one in inside(found)):
        _refuse(scope, f"the condition does not look at `{AWAITED}`, the value read", tested.span)
    return Await(load, found, span=call.span), held


def _refuse(scope: Scope, message: str, span: Span) -> None:
    scope.refuse(codes.WAIT, message, span)
