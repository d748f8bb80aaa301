"""An outcome as workflow commands, which GitHub shows as annotations of the changed files.

One line each: `::error file=…,line=…::message`. Data and properties are escaped as GitHub's
own toolkit does it, so that no text can begin a command or end a property.
"""

from smtmodel.documents.document import Document, text_of
from smtmodel.documents.plain import command, plain
from smtmodel.formats.human import Style
from smtmodel.source import Severity, Span
from smtmodel.source.refusal import Refusal


def lines_of(document: Document, style: Style | None = None, *, quiet: bool = False) -> list[str]:
    """A line for each property that is not proved or, under `check`, not as expected."""
    assert document.about is not None
    runs = document.runs
    lines: list[str] = []
    for one in document.annotations:
        told = [one.sentence]
        run = runs.get(one.name)
        if run is not None:
            told += [*map(text_of, run.why), f"Replay: {command(run.replay)}"]
        message = "\n".join(told)
        lines.append(_line(one.severity, document.about.path, one.span, one.name, message))
    return lines


def refusal_lines(refusal: Refusal, style: Style) -> list[str]:
    """A line for each diagnostic."""
    if not refusal.diagnostics or refusal.text is None:
        return [_line(Severity.ERROR, refusal.name, None, "", refusal.message)]
    return [
        _line(
            one.severity,
            refusal.text.name,
            one.span,
            one.code.name,
            "; ".join(part for part in (one.message, one.label, one.suggestion) if part),
        )
        for one in refusal.diagnostics
    ]


def _line(severity: Severity, path: str, span: Span | None, title: str, message: str) -> str:
    properties = {"file": path.removeprefix("./")}
    if span is not None:
        properties |= {"line": str(span.line), "endLine": str(span.end_line)}
        if span.line == span.end_line:  # GitHub takes columns within one line only
            properties |= {"col": str(span.column), "endColumn": str(span.end_column)}
    if title:
        properties["title"] = title
    told = ",".join(f"{name}={_property(value)}" for name, value in properties.items())
    return f"::{severity.value} {told}::{_data(message)}"


def _data(text: str) -> str:
    return plain(text).replace("%", "%25").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
