"""Refuses waiting for a field of objects that some step frees.

A lane that spins reads in every round, and each of these reads would use the object; but rounds
in which the condition is false are no events.
"""

from smtmodel.language import codes
from smtmodel.language.checked import Await, Checked, Through, freed_structs
from smtmodel.source import Diagnostic
from smtmodel.source.record import parts


def awaited_errors(checked: Checked) -> list[Diagnostic]:
    """The errors of a protocol."""
    freed = freed_structs(checked)
    wrong = []
    for part in parts(checked.blocks):
        if isinstance(part, Await) and isinstance(part.load.place, Through):
            struct = part.load.place.struct
            if struct in freed:
                message = f"a lane cannot wait for a field of a {struct}, which some step frees"
                wrong.append(Diagnostic(codes.WAIT, message, part.span))
    return wrong
