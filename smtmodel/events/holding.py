"""What a lane holds at a place of its program, as far as that is known before any execution.

Locks, read sections and interrupts that are off, each with the events that may have begun it. The
checking pass has made sure that all paths to a place agree in what is held; they differ in which
event it was.
"""

from smtmodel.language.checked import Expression
from smtmodel.source.record import record

Events = tuple[int, ...]

Key = tuple[str, Expression | None]
"""A lock by its name, and what says which of several it is."""

Held = dict[Key, tuple[Events, ...]]
"""The locks held, each with the events that may have taken it, once for each time that a reader
has taken it and not released it."""

Sections = list[tuple[str, str | None, Events]]
"""The open read sections: domain, cookie, and the events that may have entered it."""

Masks = Events | None
"""None where interrupts are on; else the events that may have switched them off, none where nothing
interrupts the lane."""


@record
class Holding:
    """`saved` has for each local that remembers how interrupts were what it remembers."""

    locks: Held
    sections: Sections
    masks: Masks
    saved: dict[str, Masks]

    def joined(self, other: "Holding") -> "Holding":
        """What is held after one of two paths."""
        locks = {
            name: tuple(_either(*both) for both in zip(held, other.locks[name], strict=True))
            for name, held in self.locks.items()
        }
        sections = [
            (domain, cookie, _either(ours, theirs))
            for (domain, cookie, ours), (_, _, theirs) in zip(
                self.sections, other.sections, strict=True
            )
        ]
        saved = {
            name: _masks(kept, other.saved[name])
            for name, kept in self.saved.items()
            if name in other.saved
        }
        return Holding(locks, sections, _masks(self.masks, other.masks), saved)


def _either(ours: Events, theirs: Events) -> Events:
    return tuple(sorted({*ours, *theirs}))


def _masks(ours: Masks, theirs: Masks) -> Masks:
    return None if ours is None or theirs is None else _either(ours, theirs)
