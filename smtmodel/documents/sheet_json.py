"""Documents of analyses as values for programs, and read back.

What is written here is all that a document shows, so that `show` makes the same of it in every
format. What is read keeps to the schema; its texts may say anything, and end up on one line
without control characters.
"""

import re
from enum import Enum
from typing import Any

from smtmodel.documents import document as doc
from smtmodel.documents.plain import one_line
from smtmodel.documents.table import Table, TableRow
from smtmodel.verdict import Verdict

RECORDS: tuple[type, ...] = (
    *(doc.TextSpan, doc.CodeSpan, doc.StepSpan, doc.VerdictSpan, doc.PlaceSpan),
    *(doc.Title, doc.Say, doc.Row, doc.Rows, doc.Grid, doc.Commands, doc.Ordering, Table, TableRow),
    *(doc.ProofPart, doc.ResultLine, doc.TallyLine, doc.Versions, doc.SourceFile),
)


def kind_of(record: type) -> str:
    """What a record is called: a `TextSpan` is a `text_span`."""
    return re.sub(r"\B(?=[A-Z])", "_", record.__name__).lower()


def shown_value(document: doc.Document) -> dict[str, doc.Value]:
    """What the document shows."""
    return {
        "blocks": _value(document.blocks),
        "results": _value(document.results),
        "versions": _value(document.versions),
    }


def part_value(part: doc.ProofPart) -> doc.Value:
    """A part of a proof."""
    return _value(part)


def _value(item: Any) -> doc.Value:
    if type(item) in RECORDS:
        fields = {name: _value(getattr(item, name)) for name in item.__record__}
        return {"kind": kind_of(type(item)), **fields}
    if isinstance(item, tuple):
        return [_value(one) for one in item]
    return item.value if isinstance(item, Enum) else item  # type: ignore[no-any-return]


# ---------------------------------------------------------------- read back


def shown(value: dict[str, Any], command: str) -> doc.Document | str:
    """The document of a value, or what is wrong with it."""
    blocks = tuple(map(_record, value["blocks"]))
    for one in blocks:
        if isinstance(one, doc.Ordering):
            lanes = len(one.table.heads)
            if any(row.lane >= lanes for row in one.table.rows):
                return "a step of an ordering is in no lane"
    made = None if value["versions"] is None else _record(value["versions"])
    return doc.Document(command, blocks, tuple(map(_record, value["results"])), made)


def part(value: dict[str, Any]) -> doc.ProofPart:
    """A part of a proof."""
    made: doc.ProofPart = _record(value)
    return made


def _record(value: Any) -> Any:
    if isinstance(value, str):
        return one_line(value)
    if isinstance(value, list):
        return tuple(map(_record, value))
    if not isinstance(value, dict):
        return value
    kind = next(one for one in RECORDS if kind_of(one) == value["kind"])
    fields = {name: _record(one) for name, one in value.items() if name != "kind"}
    for name, of in (("verdict", Verdict), ("aspect", doc.Aspect)):
        if name in fields:
            fields[name] = of(fields[name])
    return kind(**fields)
