"""Refuses `smp_mb__before_atomic` and `smp_mb__after_atomic` where they order nothing.

They give a read-modify-write the order of `smp_mb`: the one before it, the one after it. Where
no path of the block leads to a read-modify-write after the first, or comes from one before the
second, they are taken for a barrier that they are not. How near it has to stand is not judged
here: the kernel's documents and its memory model differ in that.
"""

from smtmodel.language import codes
from smtmodel.language.checked import (
    Block,
    Fence,
    FenceKind,
    If,
    ReadModifyWrite,
    Retry,
    Step,
    While,
)
from smtmodel.language.walk import bodies, inside, within
from smtmodel.source import Diagnostic


def barrier_errors(block: Block) -> list[Diagnostic]:
    """The errors of one block."""
    wrong: list[Diagnostic] = []
    _sequence(block.steps, before=False, after=False, wrong=wrong)
    return wrong


def _sequence(
    steps: tuple[Step, ...], *, before: bool, after: bool, wrong: list[Diagnostic]
) -> None:
    """Judge a sequence; `before` and `after`: whether some path has an atomic on that side."""
    modifies = [any(isinstance(one, ReadModifyWrite) for one in within((s,))) for s in steps]
    for place, step in enumerate(steps):
        earlier, later = before or any(modifies[:place]), after or any(modifies[place + 1 :])
        match step:
            case Fence(kind=FenceKind.BEFORE_ATOMIC) if not later:
                wrong.append(_refusal(step, "comes before"))
            case Fence(kind=FenceKind.AFTER_ATOMIC) if not earlier:
                wrong.append(_refusal(step, "comes after"))
            case While() | Retry():  # what stands in a round is on both sides of the others
                earlier, later = earlier or modifies[place], later or modifies[place]
            case If(condition=condition):
                tested = any(isinstance(one, ReadModifyWrite) for one in inside(condition))
                earlier = earlier or tested
            case _:
                pass
        for body in bodies(step):
            _sequence(body, before=earlier, after=later, wrong=wrong)


def _refusal(step: Fence, where: str) -> Diagnostic:
    message = f"`{step.kind.value}` {where} no read-modify-write of this block"
    suggestion = "write `smp_mb()` for a barrier of its own"
    return Diagnostic(codes.BARRIER, message, step.where.span, suggestion=suggestion)
