"""The answers of analyses as one HTML file, and sheets as parts of other pages.

Every text goes through `smtmodel.formats.markup`. The text of what was analysed stands beside
the answer, which speaks of its lines.
"""

from collections.abc import Iterable, Sequence
from typing import assert_never

from smtmodel.documents.plain import command
from smtmodel.documents.sheet import (
    Block,
    Commands,
    Grid,
    Ordering,
    Row,
    Rows,
    Say,
    Sheet,
    Title,
    is_step,
)
from smtmodel.documents.table import Table
from smtmodel.formats.html import listing, page, refused
from smtmodel.formats.markup import Child, Markup, element, quoted
from smtmodel.verdict import Verdict


def document(sheets: Sequence[Sheet], wrong: Sequence[str]) -> str:
    """The page about these answers; `wrong` are the lines about inputs that were refused."""
    return page(_title(sheets), [refused(wrong), [_article(sheet) for sheet in sheets]])


def _title(sheets: Sequence[Sheet]) -> str:
    """What the page is called: what the first answer says first."""
    blocks = [block for sheet in sheets for block in sheet.blocks]
    told = next((f"{one.word} {one.text}" for one in blocks if isinstance(one, Title)), "")
    return f"{told} - smtmodel" if told else "smtmodel"


def _article(sheet: Sheet) -> Markup:
    listings = [listing(text.name, text.content) for text in sheet.sources]
    aside = element("aside", listings, class_="source") if listings else ""
    told = element("div", section(sheet, "h1"), class_="told")
    return element("article", element("div", told, aside, class_="two"), class_="report")


def section(sheet: Sheet, level: str) -> Markup:
    """A sheet; `level` is the element of its title."""
    results = element("pre", "\n".join(sheet.results)) if sheet.results else ""
    blocks = [_block(block, level) for block in sheet.blocks]
    return element("section", blocks, results, class_="sheet")


def _block(block: Block, level: str) -> Child:
    match block:
        case Title(word=word, text=text):
            return element(level, f"{word} {text}")
        case Say(text=text, label=label):
            before = element("strong", f"{label}: ") if label else ""
            return element("p", before, quoted(text))
        case Rows(heading=heading, rows=rows):
            columns = max((len(row.cells) for row in rows), default=0)
            body = element("tbody", [_row(row, columns) for row in rows])
            return [_heading(heading), _table(body, "grid rows")]
        case Grid(heading=heading, heads=heads, rows=cells):
            head = element("tr", [element("th", one, scope="col") for one in heads])
            body = element("tbody", [element("tr", _cells(row)) for row in cells])
            return [_heading(heading), _table([element("thead", head), body], "grid")]
        case Commands(heading=heading, lines=lines):
            return [_heading(heading), element("pre", "\n".join(map(command, lines)))]
        case Ordering(table=table, banner=banner, replay=replay):
            return [
                _ordering(table),
                element("p", f"*** {banner} ***", class_="banner") if banner else "",
                _replay(command(replay)) if replay else "",
            ]
        case _:
            assert_never(block)


def _heading(text: str) -> Child:
    return element("p", quoted(text), class_="heading") if text else ""


def _replay(command: str) -> Markup:
    return element("p", "Replay: ", element("code", command), class_="replay")


def _row(row: Row, columns: int) -> list[Markup]:
    """A row, and rows for what stands below it; one cell alone takes all columns."""
    if len(row.cells) == 1 and columns > 1:
        first = element("tr", element("td", quoted(row.cells[0]), colspan=columns))
    else:
        first = element("tr", _cells(row.cells))
    below = [
        element(
            "tr",
            element("td"),
            element("td", quoted(text), colspan=max(1, columns - 1)),
            class_="below",
        )
        for text in row.below
    ]
    return [first, *below]


def _cells(cells: Iterable[str]) -> list[Markup]:
    return [element("td", _cell(cell)) for cell in cells]


def _cell(text: str) -> Child:
    if text in Verdict.__members__:
        return element("span", text, class_=text.lower())
    return element("code", text) if is_step(text) else quoted(text)


def _table(parts: Child, kind: str) -> Markup:
    """A table that scrolls by itself where it is too wide."""
    return element("div", element("table", parts, class_=kind), class_="wide")


def _ordering(table: Table) -> Markup:
    """A run: a column for each lane, what a step changed below it."""
    rows = []
    for row in table.rows:
        number = element("th", "" if row.number is None else str(row.number), scope="row")
        changes = [element("span", change, class_="change") for change in row.changes]
        lane = element("span", table.heads[row.lane].partition(" ")[0], class_="lane")
        step = element("td", lane, element("code", row.text), changes)
        cells = [step if one == row.lane else element("td") for one in range(len(table.heads))]
        rows.append(element("tr", number, cells))
    heads = [element("th", one, scope="col") for one in ("", *table.heads)]
    head = element("thead", element("tr", heads))
    return _table([head, element("tbody", rows)], "ordering")
