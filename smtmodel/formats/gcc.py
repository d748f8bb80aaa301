"""An outcome for editors: one line per property that does not hold, at its place."""

from smtmodel.documents.document import Document
from smtmodel.documents.plain import one_line
from smtmodel.documents.table import Table
from smtmodel.formats.human import Style
from smtmodel.source.refusal import Refusal


def lines_of(document: Document, style: Style | None = None, *, quiet: bool = False) -> list[str]:
    """`file:line:col: error: REFUTED … [name]`; VACUOUS and UNKNOWN are warnings.

    Under `check` a line for each result that is not as expected. Behind a refutation its run: a
    note for each row, at the line that it runs.
    """
    (source,) = document.sources
    runs = document.runs
    lines: list[str] = []
    for one in document.annotations:
        place = f"{one_line(source.name)}:{one.span.line}:{one.span.column}"
        lines.append(f"{place}: {one.severity.value}: {one.sentence} [{one.name}]")
        run = runs.get(one.name)
        lines += [] if run is None else _notes(one_line(source.name), run.table)
    return lines


def _notes(file: str, table: Table) -> list[str]:
    """The rows of a run that stand at a line, each with what it changed."""
    lines: list[str] = []
    for row in table.rows:
        if row.line is not None:
            step = "" if row.number is None else f"{row.number} "
            changed = f"; {', '.join(row.changes)}" if row.changes else ""
            told = f"{step}{table.lanes[row.lane]} {one_line(row.text)}{changed}"
            lines.append(f"{file}:{row.line}:1: note: {told}")
    return lines


def refusal_lines(refusal: Refusal, style: Style) -> list[str]:
    """A line for each diagnostic."""
    if not refusal.diagnostics or refusal.text is None:
        return [f"{one_line(refusal.name)}:1:1: error: {one_line(refusal.message)}"]
    from smtmodel.formats import diagnostics

    return diagnostics.gcc_lines(refusal.text, refusal.diagnostics)
