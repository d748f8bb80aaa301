"""The document about a series of protocols as one HTML file.

Every text goes through `smtmodel.reports.markup`, as on `smtmodel.reports.page`, whose page and
articles these are.
"""

import shlex
from collections.abc import Iterable, Sequence
from typing import assert_never

from smtmodel.reports.layout import table_lines
from smtmodel.reports.markup import Child, Markup, element
from smtmodel.reports.page import article, page, refused, title
from smtmodel.reports.review import Review
from smtmodel.reports.sheet import Block, Commands, Grid, Ordering, Rows, Say, Sheet, Title
from smtmodel.reports.view import Report

WIDTH = 100


def document(review: Review, reports: Sequence[Report], wrong: Sequence[str]) -> str:
    """The page."""
    chapters = [
        [
            _sheet(chapter.front, "h1"),
            [article(reports[number]) for number in chapter.outcomes],
            [_sheet(one, "h2") for one in (*chapter.sheets, chapter.end)],
        ]
        for chapter in review.chapters
    ]
    whole = [refused(wrong), _sheet(review.front, "h1"), chapters, _sheet(review.end, "h1")]
    return page(title(reports), whole)


def _sheet(sheet: Sheet, level: str) -> Markup:
    return element("section", [_block(block, level) for block in sheet.blocks], class_="sheet")


def _block(block: Block, level: str) -> Child:
    match block:
        case Title(word=word, text=text):
            return element(level, f"{word} {text}")
        case Say(text=text, label=label):
            before = element("strong", f"{label}: ") if label else ""
            return element("p", before, text)
        case Rows(heading=heading, rows=rows):
            told = [
                [_row(row.cells), [_row(("", text), wide=True) for text in row.below]]
                for row in rows
            ]
            return [element("p", heading), element("table", element("tbody", told), class_="grid")]
        case Grid(heading=heading, heads=heads, rows=cells):
            head = element("tr", [element("th", one, scope="col") for one in heads])
            body = element("tbody", [_row(row) for row in cells])
            table = element("table", element("thead", head), body, class_="grid")
            return [element("p", heading) if heading else "", table]
        case Commands(heading=heading, lines=lines):
            commands = "\n".join(" ".join(map(shlex.quote, words)) for words in lines)
            return [element("p", heading) if heading else "", element("pre", commands)]
        case Ordering(table=table, banner=banner):
            shown = table_lines(table, WIDTH, hard=False)
            return element("pre", "\n".join([*shown, f"*** {banner} ***" if banner else ""]))
        case _:
            assert_never(block)


def _row(cells: Iterable[str], *, wide: bool = False) -> Markup:
    return element(
        "tr", [element("td", cell, colspan=9 if wide and cell else None) for cell in cells]
    )
