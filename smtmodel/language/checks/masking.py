"""Refuses blocks whose paths do not leave interrupts as they found them.

A block that ends with interrupts off would leave its lane without interrupts for good: the
executions in which one comes do not exist, and the proof says nothing about them. The check is
syntactic, as that of locks and sections: all paths count. At each place of a path it is known
whether interrupts are off, and what each local remembers of it.
"""

from smtmodel.language import codes
from smtmodel.language.checked import (
    Atomic,
    Block,
    Branch,
    If,
    LaneKind,
    MaskInterrupts,
    Retry,
    Return,
    Step,
    UnmaskInterrupts,
    Where,
    While,
)
from smtmodel.language.walk import followed
from smtmodel.source import Code, Diagnostic, Span
from smtmodel.source.record import field, record, replace

UNKNOWN = None
"""How interrupts are where an error about it has been reported."""


@record
class _Interrupts:
    """`off`: whether they are; `since`: the last step that changed it, as far as one did. `saved`:
    the locals that remember how they were, and whether that was off."""

    off: bool | None
    saved: tuple[tuple[str, bool | None], ...] = ()
    since: Span | None = field(compare=False, default=None)

    def saving(self, name: str) -> "_Interrupts":
        others = tuple(one for one in self.saved if one[0] != name)
        return replace(self, saved=(*others, (name, self.off)))


class _Path:
    """One block: what it begins with, and what is wrong with it."""

    def __init__(self, begins_off: bool) -> None:
        self.begins_off = begins_off
        self.wrong: list[Diagnostic] = []

    def sequence(self, steps: tuple[Step, ...], now: _Interrupts) -> _Interrupts | None:
        return followed(steps, now, self._step)

    def _step(self, step: Step, now: _Interrupts) -> _Interrupts | None:
        match step:
            case MaskInterrupts(where, saved):
                kept = now if saved is None else now.saving(saved)
                return replace(kept, off=True, since=where.span)
            case UnmaskInterrupts(where, saved):
                off = False if saved is None else dict(now.saved).get(saved, UNKNOWN)
                return replace(now, off=off, since=where.span)
            case Return(where):
                self.ends(now, where.span)
                return None
            case If(where=where, then=then, otherwise=otherwise):
                return self._join(where, [self.sequence(one, now) for one in (then, otherwise)])
            case Branch(where, branches):
                return self._join(where, [self.sequence(one, now) for one in branches])
            case While(where=where, body=body) | Retry(where=where, body=body):
                after = self.sequence(body, now)
                if after is None:
                    return now if isinstance(step, While) else None
                return self._agreed(where, codes.LOOP, now, after)
            case Atomic(body=body):
                return self.sequence(body, now)
            case _:
                return now

    def ends(self, now: _Interrupts, at: Span) -> None:
        """The block is left here."""
        if now.off not in (UNKNOWN, self.begins_off):
            states = ("off", "on") if now.off else ("on", "off")
            message = "interrupts are {} where the block ends, and {} where it begins"
            suggestion = _IN_INTERRUPT if self.begins_off else ""
            span = now.since or at
            self.wrong.append(
                Diagnostic(codes.MASKED, message.format(*states), span, suggestion=suggestion)
            )

    def _join(self, where: Where, ends: list[_Interrupts | None]) -> _Interrupts | None:
        reached = [one for one in ends if one is not None]
        if not reached:
            return None
        joined = reached[0]
        for other in reached[1:]:
            joined = self._agreed(where, codes.BRANCHES, joined, other)
        return joined

    def _agreed(
        self, where: Where, code: Code, left: _Interrupts, right: _Interrupts
    ) -> _Interrupts:
        """What is known after two paths have met, one of them perhaps a round of a loop."""
        off = left.off
        if left.off != right.off:
            if UNKNOWN not in (left.off, right.off):
                self._refuse(code, _DIFFER[code], where.span)
            off = UNKNOWN
        return replace(left, off=off, saved=self._remembered(where, left, right))

    def _remembered(
        self, where: Where, left: _Interrupts, right: _Interrupts
    ) -> tuple[tuple[str, bool | None], ...]:
        """What locals remember on both paths."""
        ours, theirs = dict(left.saved), dict(right.saved)
        kept: list[tuple[str, bool | None]] = []
        for name in sorted(ours.keys() & theirs.keys()):
            known = ours[name] if ours[name] == theirs[name] else UNKNOWN
            if known is UNKNOWN and UNKNOWN not in (ours[name], theirs[name]):
                message = f"what `{name}` remembers of interrupts differs by the way to here"
                self._refuse(codes.FLAGS, message, where.span)
            kept.append((name, known))
        return tuple(kept)

    def _refuse(self, code: Code, message: str, span: Span) -> None:
        self.wrong.append(Diagnostic(code, message, span))


_IN_INTERRUPT = "in an interrupt they are off: save and restore them (`spin_lock_irqsave`)"
_DIFFER = {
    codes.BRANCHES: "the branches differ in whether interrupts are off",
    codes.LOOP: "a round of this loop changes whether interrupts are off",
}


def masking_errors(block: Block, kind: LaneKind | None) -> list[Diagnostic]:
    """The errors of one block; one that interrupts begins with interrupts off."""
    begins_off = kind is not None and kind.interrupts is not None
    path = _Path(begins_off)
    after = path.sequence(block.steps, _Interrupts(begins_off))
    if after is not None:
        path.ends(after, block.span)
    return path.wrong
