"""An outcome for editors: one line per property that does not hold, at its place."""

from smtmodel.documents.document import Document
from smtmodel.documents.plain import one_line
from smtmodel.formats.human import Style
from smtmodel.source.refusal import Refusal


def lines_of(document: Document, style: Style | None = None, *, quiet: bool = False) -> list[str]:
    """`file:line:col: error: REFUTED … [name]`; VACUOUS and UNKNOWN are warnings.

    Under `check` a line for each result that is not as expected.
    """
    (source,) = document.sources
    lines: list[str] = []
    for one in document.annotations:
        place = f"{one_line(source.name)}:{one.span.line}:{one.span.column}"
        lines.append(f"{place}: {one.severity.value}: {one.sentence} [{one.name}]")
    return lines


def refusal_lines(refusal: Refusal, style: Style) -> list[str]:
    """A line for each diagnostic."""
    if not refusal.diagnostics or refusal.text is None:
        return [f"{one_line(refusal.name)}:1:1: error: {one_line(refusal.message)}"]
    from smtmodel.formats import diagnostics

    return diagnostics.gcc_lines(refusal.text, refusal.diagnostics)
