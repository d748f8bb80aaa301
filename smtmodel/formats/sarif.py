"""An answer as SARIF 2.1.0, which code scanning and editors read.

A result for each property that is not proved (under `check`: not as expected) and for each
diagnostic. A run is a code flow with a thread flow for each lane; `executionOrder` says how the
lanes interleave.
"""

from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import quote

from smtmodel.documents.answer import Answer
from smtmodel.documents.document import (
    About,
    Annotation,
    Document,
    Ordering,
    text_of,
)
from smtmodel.documents.plain import command, plain
from smtmodel.documents.report import documents_of
from smtmodel.documents.table import TableRow
from smtmodel.source import Diagnostic, Severity, Span
from smtmodel.source.refusal import Refusal

Json = dict[str, Any]

SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
INPUT = "input"
BEYOND = "beyond"
RULES = {
    "refuted": "An execution within the bounds violates the property.",
    "vacuous": "Nothing violates the property, but it is never put to the test.",
    "unknown": "It is not known whether the property holds.",
    "proved": "The property is proved at its bounds, and its file expects something else.",
    BEYOND: "The property is proved, and violated with one update more.",
    INPUT: "The input is not worked on.",
}
"""What each rule of ours finds. The others are the codes of diagnostics."""


def rendered(answer: Answer) -> str:
    """The document."""
    import json

    results = [one for refusal in answer.refusals for one in _refused(refusal)]
    results += [one for report in documents_of(answer) for one in _results(report)]
    titles = RULES | {
        one.code.name: one.code.title for refusal in answer.refusals for one in refusal.diagnostics
    }
    used = dict.fromkeys(one["ruleId"] for one in results)
    rules = [{"id": name, "shortDescription": _message(titles[name])} for name in used]
    run = {
        "tool": {"driver": {"name": "smtmodel", "version": answer.tool, "rules": rules}},
        "invocations": [{"executionSuccessful": not answer.refusals, "exitCode": answer.status}],
        "columnKind": "unicodeCodePoints",
        "results": results,
    }
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, indent=1)


def _message(text: str) -> Json:
    return {"text": plain(text) or " "}


def _place(path: str, span: Span | None) -> Json:
    uri = quote(path.removeprefix("./"), errors="surrogateescape")
    place: Json = {"artifactLocation": {"uri": uri}}
    if span is not None:
        place["region"] = {
            "startLine": span.line,
            "startColumn": span.column,
            "endLine": span.end_line,
            "endColumn": span.end_column,
        }
    return place


def _result(rule: str, severity: Severity, text: str, location: Json) -> Json:
    return {
        "ruleId": rule,
        "level": severity.value,
        "message": _message(text),
        "locations": [location],
    }


# ---------------------------------------------------------------- refused inputs


def _refused(refusal: Refusal) -> Iterator[Json]:
    """A result for each diagnostic."""
    if not refusal.diagnostics or refusal.text is None:
        place = {"physicalLocation": _place(refusal.name, None)}
        yield _result(INPUT, Severity.ERROR, refusal.message, place)
        return
    for one in refusal.diagnostics:
        place = {"physicalLocation": _place(refusal.text.name, one.span)}
        yield _result(one.code.name, one.severity, _sentence(one), place)


def _sentence(one: Diagnostic) -> str:
    return "; ".join(part for part in (one.message, one.label, one.suggestion) if part)


# ---------------------------------------------------------------- properties


def _results(report: Document) -> Iterator[Json]:
    """A result for each annotation, with the run of its property."""
    assert report.about is not None
    runs = report.runs
    for one in report.annotations:
        rule = BEYOND if one.further else one.verdict.value.lower()
        run = runs.get(one.name)
        location = _property(report.about, one)
        result = _result(rule, one.severity, "\n".join(_told(one, run)), location)
        if run is not None:
            result["codeFlows"] = [_flow(report.about.path, run)]
        yield result


def _told(one: Annotation, run: Ordering | None) -> list[str]:
    """The sentence, why the run goes wrong, and the command that runs it again."""
    sentence = f"{one.name}: {one.sentence}"
    if run is None:
        return [sentence]
    return [sentence, *map(text_of, run.why), f"Replay: {command(run.replay)}"]


def _property(about: About, one: Annotation) -> Json:
    names = (about.protocol, about.variant, one.name)
    name = {"name": one.name, "fullyQualifiedName": ".".join(filter(None, names))}
    return {"physicalLocation": _place(about.path, one.span), "logicalLocations": [name]}


def _flow(path: str, run: Ordering) -> Json:
    """The run, lane by lane."""
    rows = list(enumerate(run.table.rows, 1))
    flows = [
        _thread(path, head, ((order, row) for order, row in rows if row.lane == lane))
        for lane, head in enumerate(run.table.heads)
        if any(row.lane == lane for _, row in rows)
    ]
    return {"message": _message(run.banner), "threadFlows": flows}


def _thread(path: str, head: str, rows: Iterable[tuple[int, TableRow]]) -> Json:
    locations = [{"executionOrder": order, "location": _step(path, row)} for order, row in rows]
    return {"id": plain(head), "locations": locations}


def _step(path: str, row: TableRow) -> Json:
    """Where a row of a run stands in the file, what it does and what it changes."""
    place = _place(path, None)
    if row.line is not None:
        place["region"] = {"startLine": row.line}
    told = f"{row.text}   {', '.join(row.changes)}".rstrip()
    return {"physicalLocation": place, "message": _message(told)}
