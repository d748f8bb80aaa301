"""An outcome as workflow commands, which GitHub shows as annotations of the changed files.

One line each: `::error file=…,line=…::message`. Data and properties are escaped as GitHub's
own toolkit does it, so that no text can begin a command or end a property.
"""

from smtmodel.reports.plain import command, plain
from smtmodel.reports.problems import further, problems
from smtmodel.reports.view import Report
from smtmodel.source import Severity, Span
from smtmodel.source.refusal import Refusal


def lines_of(report: Report) -> list[str]:
    """A line for each property that is not proved or, under `check`, not as expected."""
    findings = {one.result.name: one for one in report.findings}
    lines: list[str] = []
    results = report.results
    wrong = problems(results, report.model, report.expected, report.variant)
    for one in (*wrong, *further(results, report.variant)):
        result = results[one.number]
        told = [one.sentence]
        finding = findings.get(result.name)
        if finding is not None:
            told += finding.why
            told += [f"Replay: {command(finding.replay)}"] if finding.replay else []
        message = "\n".join(told)
        lines.append(_line(one.severity, report.path, result.span, result.name, message))
    return lines


def refusal_lines(refusal: Refusal) -> list[str]:
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
