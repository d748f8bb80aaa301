"""`select`: one variant of a file as a text of its own."""

from smtmodel import pipeline
from smtmodel.commands.fmt import FormatterBug
from smtmodel.language import codes
from smtmodel.source import Text
from smtmodel.source.record import record, replace
from smtmodel.source.refusal import Refusal


@record
class Selected:
    """The text, and why it would be refused as a file of its own."""

    text: str
    notes: tuple[str, ...]


def selected(name: str) -> Selected | Refusal:
    """The text of a protocol; `FormatterBug` rather than one that says something else."""
    from smtmodel.language.flatten import flat
    from smtmodel.language.parse import parse

    found = pipeline.load(name)
    if isinstance(found, Refusal):
        return found
    one, protocol = found[0], found[0].checked
    made = flat(protocol.text, one)
    unused = {wrong.span for wrong in protocol.excused if wrong.code == codes.UNUSED}
    items = tuple(item for item in one.parsed.items if item.span not in unused)
    if parse(Text(name, made)) != replace(one.parsed, items=items):
        raise FormatterBug(f"the text of {protocol.called} would say something else")
    notes = tuple(
        f"{protocol.text.name}:{wrong.span.line}: {wrong.message} [{wrong.code.name}]"
        for wrong in protocol.excused
        if wrong.code == codes.NEVER_READ
    )
    return Selected(made, notes)
