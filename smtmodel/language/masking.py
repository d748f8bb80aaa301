"""Interrupts switched off and on, alone or together with a lock.

`spin_lock_irqsave(l, flags)` is two steps of one text: interrupts off, then the lock is taken. Its
end is the reverse. What the local `flags` remembers, and that each path leaves interrupts as it
found them, `smtmodel.language.checks.masking` asks.
"""

from smtmodel.language import ast, codes
from smtmodel.language.assign import refuse_taken, settle_type
from smtmodel.language.checked import (
    MaskInterrupts,
    ReleaseLock,
    Step,
    TakeLock,
    UnmaskInterrupts,
    Where,
)
from smtmodel.language.primitives import PRIMITIVES, Masking, Releasing, Taking, Unmasking
from smtmodel.language.scope import Scope
from smtmodel.language.types import Plain


def masks(scope: Scope, call: ast.Call, meaning: Masking | Unmasking, where: Where) -> Step:
    """The step that switches interrupts off or on."""
    if isinstance(meaning, Masking):
        return MaskInterrupts(where, _saved(scope, call) if meaning.saves else None)
    return UnmaskInterrupts(where, _restored(scope, call) if meaning.restores else None)


def with_masks(scope: Scope, step: ast.Step, made: Step | None) -> tuple[Step, ...]:
    """The steps that a step of the text is: with one on a lock, what it does to interrupts."""
    match step, made:
        case ast.Do(call=call), TakeLock(where=where):
            meaning = PRIMITIVES[call.name]
            if isinstance(meaning, Taking) and meaning.masks is not None:
                return masks(scope, call, meaning.masks, where), made
        case ast.Do(call=call), ReleaseLock(where=where):
            meaning = PRIMITIVES[call.name]
            if isinstance(meaning, Releasing) and meaning.unmasks is not None:
                return made, masks(scope, call, meaning.unmasks, where)
        case _:
            pass
    return () if made is None else (made,)


def _saved(scope: Scope, call: ast.Call) -> str | None:
    """The local that remembers from here on how interrupts were."""
    local = _local(scope, call)
    if local is None:
        return None
    refuse_taken(scope, local)
    settle_type(scope, local, Plain.FLAGS)
    return local.name


def _restored(scope: Scope, call: ast.Call) -> str | None:
    """The local that remembers how interrupts were."""
    local = _local(scope, call)
    if local is None or scope.known.get(local.name) in (Plain.UNKNOWN, Plain.FLAGS):
        return None if local is None else local.name
    message = f"`{call.name}` takes a local that `local_irq_save` or `spin_lock_irqsave` has saved"
    scope.refuse(codes.FLAGS, message, call.arguments[-1].span)
    scope.lost = True
    return None


def _local(scope: Scope, call: ast.Call) -> ast.Name | None:
    """The local that a call gives last."""
    given = call.arguments[-1]
    if isinstance(given, ast.Name) and given.name not in scope.symbols.places:
        return given
    message = f"`{call.name}` takes a local for the flags, which remembers how interrupts were"
    scope.refuse(codes.FLAGS, message, given.span)
    scope.lost = True
    return None
