"""Refuses what has a meaning under sequential consistency alone.

Where stores wait in buffers, nobody has said what a ghost next to a store means, or whose
buffer an interrupt writes to; and an atomic block is only what a machine does at one instant.
`outside_sc` is asked before a protocol is taken to any memory model but `sc`.
"""

from smtmodel.language import codes
from smtmodel.language.checked import Checked, Load, Mark, Store, Through
from smtmodel.language.checks.atomic import atomic_outside_sc
from smtmodel.source import Diagnostic, Span
from smtmodel.source.record import parts


def outside_sc(checked: Checked) -> tuple[Diagnostic, ...]:
    """Everything in the protocol that only `sc` gives a meaning, in the order of the text."""
    found = (*atomic_outside_sc(checked), *_ghosts(checked), *_interrupts(checked))
    return tuple(sorted(found, key=lambda one: (one.span, one.code.name)))


def _ghosts(checked: Checked) -> list[Diagnostic]:
    """The ghost variables where they are declared, ghost fields where they are first used."""
    found = {one.name: one.span for one in checked.variables if one.ghost}
    for part in parts((checked.blocks, checked.properties)):
        match part:
            case Store(where, Through() as place, Mark.GHOST):
                found.setdefault(_field(place), where.span)
            case Load(Through() as place, Mark.GHOST, span):
                found.setdefault(_field(place), span)
            case _:
                pass
    return [_refusal(name, span) for name, span in found.items()]


def _field(place: Through) -> str:
    return f"{place.struct}.{place.field}"


def _refusal(ghost: str, span: Span) -> Diagnostic:
    message = f"under a weak memory model the ghost `{ghost}` has no meaning"
    return Diagnostic(codes.GHOST_MODEL, message, span)


def _interrupts(checked: Checked) -> list[Diagnostic]:
    """The blocks that interrupt."""
    return [
        Diagnostic(
            codes.INTERRUPT_MODEL,
            f"under a weak memory model `{name}` cannot interrupt `{kind.interrupts}` lanes",
            checked.block(name).span,
        )
        for kind in checked.kinds
        if kind.interrupts is not None
        for name in kind.blocks
    ]
