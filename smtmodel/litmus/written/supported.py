"""Whether a protocol can be asked under the kernel's memory model, and what is then asked of it."""

from smtmodel.language import codes
from smtmodel.language.checked import (
    DATA_RACE,
    DEADLOCK,
    BuiltIn,
    Checked,
    Property,
)
from smtmodel.litmus.written.protocol import WrittenProtocol
from smtmodel.litmus.written.refused import NotWritten
from smtmodel.source import Diagnostic, Span
from smtmodel.source.record import replace


def supported(protocol: Checked) -> Checked | Diagnostic:
    """The protocol with the properties that are judged under lkmm, or what it has too much.

    Whether it can come to a deadlock is not judged; whether accesses race is.
    """
    race = BuiltIn(DATA_RACE, protocol.blocks[0].span)
    able = replace(protocol, properties=(*filter(_judged, protocol.properties), race))
    try:
        WrittenProtocol(able)
    except NotWritten as refused:
        return _refusal(refused.span, refused.reason)
    return able


def _judged(item: Property) -> bool:
    return not isinstance(item, BuiltIn) or item.name not in (DEADLOCK, DATA_RACE)


def _refusal(span: Span, what: str) -> Diagnostic:
    return Diagnostic(codes.KERNEL_MODEL, f"under lkmm there is no meaning yet for {what}", span)
