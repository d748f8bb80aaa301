"""The blocks of a document on a page, and the sentences in them."""

from collections.abc import Iterable
from typing import assert_never

from smtmodel.documents import document as doc
from smtmodel.documents.document import text_of
from smtmodel.documents.plain import command
from smtmodel.documents.table import Table, before_rows
from smtmodel.formats.html_run import run, still
from smtmodel.formats.markup import Child, Markup, element
from smtmodel.verdict import Verdict

# ---------------------------------------------------------------- sentences


def _spans(text: doc.Spans) -> list[Child]:
    return [_span(one) for one in text]


def _span(span: doc.Inline) -> Child:
    match span:
        case doc.TextSpan(text=text):
            return text
        case doc.CodeSpan(text=text) | doc.StepSpan(text=text):
            return element("code", text)
        case doc.VerdictSpan(verdict=verdict):
            return element("span", verdict.value, class_=verdict.value.lower())
        case doc.PlaceSpan():
            return element("span", f" {text_of((span,))}", class_="dim")


def verdict_element(verdict: Verdict, *, expected: bool = False) -> Markup:
    kind = " expected" if expected else ""
    return element("strong", verdict.value, class_=f"verdict {verdict.value.lower()}{kind}")


# ---------------------------------------------------------------- blocks


def block_element(block: doc.Block, level: str) -> Child:
    match block:
        case doc.Title(word=word, text=text):
            return element(level, f"{word} ", _spans(text))
        case doc.Say(text=text, label=label):
            before = element("strong", f"{label}: ") if label else ""
            return element("p", before, _spans(text))
        case doc.Rows(heading=heading, rows=rows):
            columns = max((len(row.cells) for row in rows), default=0)
            body = element("tbody", [_row(row, columns) for row in rows])
            return [_heading(heading), table_element(body, "grid rows")]
        case doc.Grid(heading=heading, heads=heads, rows=cells):
            head = element("tr", [element("th", _spans(one), scope="col") for one in heads])
            body = element("tbody", [element("tr", _cells(row)) for row in cells])
            return [_heading(heading), table_element([element("thead", head), body], "grid")]
        case doc.Commands(heading=heading, lines=lines):
            return [_heading(heading), element("pre", "\n".join(map(command, lines)))]
        case doc.Ordering():
            return [_again(block) or _ordering(block.table), _below(block, "banner")]
        case doc.Evidence():
            return _finding(block)
        case doc.Proof():
            return _proof(block)
        case doc.Lines(lines=lines):
            return [element("p", _spans(line)) for line in lines]
        case doc.Picture(scene=scene, legend=legend):
            return still(scene, legend)
        case doc.Listing():
            return ""  # it stands beside the reports
        case _:
            assert_never(block)


def _heading(text: doc.Spans) -> Child:
    return element("p", _spans(text), class_="heading") if text else ""


def _row(row: doc.Row, columns: int) -> list[Markup]:
    """A row, and rows for what stands below it; one cell alone takes all columns."""
    if len(row.cells) == 1 and columns > 1:
        first = element("tr", element("td", _spans(row.cells[0]), colspan=columns))
    else:
        first = element("tr", _cells(row.cells))
    below = [
        element(
            "tr",
            element("td"),
            element("td", _spans(text), colspan=max(1, columns - 1)),
            class_="below",
        )
        for text in row.below
    ]
    return [first, *below]


def _cells(cells: Iterable[doc.Spans]) -> list[Markup]:
    return [element("td", _spans(cell)) for cell in cells]


def table_element(parts: Child, kind: str) -> Markup:
    """A table that scrolls by itself where it is too wide."""
    return element("div", element("table", parts, class_=kind), class_="wide")


def _ordering(table: Table) -> Child:
    """A run: a column for each lane, what a step changed below it."""
    rows = []
    for row in table.rows:
        number = element("th", "" if row.number is None else str(row.number), scope="row")
        changes = [element("span", change, class_="change") for change in row.changes]
        lane = element("span", table.lanes[row.lane], class_="lane")
        step = element("td", lane, element("code", row.text), changes)
        cells = [step if one == row.lane else element("td") for one in range(len(table.heads))]
        rows.append(element("tr", number, cells))
    heads = [element("th", one, scope="col") for one in ("", *table.heads)]
    head = element("thead", element("tr", heads))
    first = before_rows(table)
    shown = table_element([head, element("tbody", rows)], "ordering") if table.rows else ""
    return [element("p", first) if first else "", shown]


def _again(ordering: doc.Ordering) -> Child:
    """Where an earlier finding has the same run, the sentence that says so."""
    return element("p", f"The run is the one of {ordering.same_as}.") if ordering.same_as else ""


def _below(ordering: doc.Ordering, kind: str) -> Child:
    """What stands below a run: its facts, why it goes wrong, the command that runs it."""
    banner, replay = ordering.banner, command(ordering.replay)
    return [
        element("p", element("code", ordering.stated)) if ordering.stated else "",
        element("p", banner, class_=kind) if banner else "",
        [element("p", _spans(text)) for text in ordering.why],
        element("p", "Replay: ", element("code", replay), class_="replay") if replay else "",
    ]


def _finding(finding: doc.Evidence) -> Markup:
    names = [
        [", " if number else " ", element("code", name)]
        for number, name in enumerate(finding.names)
    ]
    ordering = finding.run
    return element(
        "section",
        element("h2", verdict_element(finding.verdict), names, _spans(finding.scope)),
        [element("p", _spans(note)) for note in finding.notes],
        "" if ordering is None else _again(ordering),
        "" if finding.scene is None else run(finding.scene),
        "" if ordering is None else _below(ordering, f"banner {finding.verdict.value.lower()}"),
        class_="finding",
    )


def _proof(proof: doc.Proof) -> Markup:
    heads = [
        element(
            "h2",
            verdict_element(Verdict.PROVED),
            " ",
            element("code", head.name),
            _spans(head.scope),
        )
        for head in proof.heads
    ]
    parts = [
        (
            element("dt", part.aspect.value),
            [element("dd", _spans(line)) for line in part.lines],
        )
        for part in proof.parts
    ]
    return element("section", heads, element("dl", parts), class_="proof")
