"""Sheets as values for programs, and read back.

What is written here is all that a sheet shows, so that `show` makes the same of it in every
format. What is read keeps to the schema; its texts may say anything, and end up on one line
without control characters.
"""

from typing import Any

from smtmodel.documents.json import Value
from smtmodel.documents.plain import one_line
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
)
from smtmodel.documents.table import Table, TableRow


def sheet_value(sheet: Sheet) -> dict[str, Value]:
    """What the sheet shows."""
    return {
        "blocks": [_block_value(one) for one in sheet.blocks],
        "results": list(sheet.results),
    }


def _block_value(block: Block) -> Value:
    match block:
        case Title(word=word, text=text):
            return {"block": "title", "word": word, "text": text}
        case Say(text=text, label=label):
            return {"block": "say", "label": label, "text": text}
        case Rows(heading=heading, rows=rows):
            told: list[Value] = [{"cells": [*row.cells], "below": [*row.below]} for row in rows]
            return {"block": "rows", "heading": heading, "rows": told}
        case Ordering(table=table, banner=banner, replay=replay):
            steps: list[Value] = [
                {
                    "number": row.number,
                    "lane": row.lane,
                    "text": row.text,
                    "changes": [*row.changes],
                }
                for row in table.rows
            ]
            return {
                "block": "ordering",
                "heads": [*table.heads],
                "rows": steps,
                "banner": banner,
                "replay": [*replay],
            }
        case Grid(heading=heading, heads=heads, rows=cells):
            lines: list[Value] = [[*row] for row in cells]
            return {"block": "grid", "heading": heading, "heads": [*heads], "rows": lines}
        case Commands(heading=heading, lines=commands):
            return {"block": "commands", "heading": heading, "lines": [[*one] for one in commands]}


# ---------------------------------------------------------------- read back


def sheet(value: dict[str, Any], command: str) -> Sheet | str:
    """The sheet of a value, or what is wrong with it."""
    for one in value["blocks"]:
        if one["block"] == "ordering":
            lanes = len(one["heads"])
            if any(row["lane"] >= lanes for row in one["rows"]):
                return "a step of an ordering is in no lane"
    return Sheet(command, tuple(map(_block, value["blocks"])), texts(value["results"]), None)


def texts(values: list[str]) -> tuple[str, ...]:
    """Texts that somebody else wrote, fit for a line each."""
    return tuple(map(one_line, values))


def _block(value: dict[str, Any]) -> Block:
    match value["block"]:
        case "title":
            return Title(one_line(value["word"]), one_line(value["text"]))
        case "say":
            return Say(one_line(value["text"]), one_line(value["label"]))
        case "rows":
            rows = tuple(Row(texts(one["cells"]), texts(one["below"])) for one in value["rows"])
            return Rows(one_line(value["heading"]), rows)
        case "ordering":
            steps = tuple(
                TableRow(one["number"], one["lane"], one_line(one["text"]), texts(one["changes"]))
                for one in value["rows"]
            )
            table = Table(texts(value["heads"]), steps)
            return Ordering(table, one_line(value["banner"]), texts(value["replay"]))
        case "grid":
            cells = tuple(map(texts, value["rows"]))
            return Grid(one_line(value["heading"]), texts(value["heads"]), cells)
        case _:
            return Commands(one_line(value["heading"]), tuple(map(texts, value["lines"])))
