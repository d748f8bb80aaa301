"""Fits the parts of a report into lines of text.

`width` is a wish that tables follow by choosing another layout; with `hard` it is a law, and
what is too long is wrapped, or cut inside a table. Lines have no trailing blanks.
"""

from collections.abc import Sequence

from smtmodel.reports.table import Row, Table

INDENT = 5
GAP = 3
MOST_COLUMNS = 3


def table_lines(table: Table, width: int, *, hard: bool) -> list[str]:
    """The table side by side if it fits, else as one column with the lane before each step."""
    if len(table.heads) <= MOST_COLUMNS:
        lines = _side_by_side(table)
        if max(map(len, lines)) <= width:
            return lines
    return _one_column(table, width, hard=hard)


def _side_by_side(table: Table) -> list[str]:
    number = max(2, len(str(len(table.rows))))
    widths = [
        max([len(head), *(len(row.text) for row in table.rows if row.lane == column)])
        for column, head in enumerate(table.heads)
    ]

    def line(first: str, cells: Sequence[str], change: str) -> str:
        placed = (f"{cell:{width}}" for cell, width in zip(cells, widths, strict=True))
        gap = " " * GAP
        return f"{' ' * (INDENT - 1)}{first:>{number}}{gap}{gap.join(placed)}{gap}{change}".rstrip()

    lines = [line("", table.heads, ""), line("", ["-" * len(head) for head in table.heads], "")]
    for place, row in enumerate(table.rows, 1):
        cells = ["" for _ in table.heads]
        cells[row.lane] = row.text
        lines.append(line(str(place), cells, row.change))
    return lines


def _one_column(table: Table, width: int, *, hard: bool) -> list[str]:
    number = max(2, len(str(len(table.rows))))
    short = [head.partition(" ")[0] for head in table.heads]
    prefix = max(map(len, short))
    before = INDENT - 1 + number + 2 + prefix + 2
    longest = max((len(row.text) for row in table.rows), default=0)
    changes = max((len(row.change) for row in table.rows), default=0)
    column = longest if before + longest + GAP + changes <= width else 0
    lines = [" " * INDENT + head for head in table.heads]
    lines.append("")
    for place, row in enumerate(table.rows, 1):
        first = f"{' ' * (INDENT - 1)}{place:>{number}}  {short[row.lane]:{prefix}}  "
        lines += _row(first, row, column, width, hard=hard)
    return lines


def _row(first: str, row: Row, column: int, width: int, *, hard: bool) -> list[str]:
    """One row; its change stands in a column of its own, or where it fits."""
    if column:
        return [f"{first}{row.text:{column}}{' ' * GAP}{row.change}".rstrip()]
    text = cut(row.text, width - len(first)) if hard else row.text
    line = f"{first}{text}"
    if not row.change:
        return [line]
    if len(line) + GAP + len(row.change) <= width:
        return [f"{line}{' ' * GAP}{row.change}"]
    return [line, *wrapped(row.change, " " * (len(first) + 4), width, hard=hard)]


def cut(text: str, width: int) -> str:
    """The text, or its beginning with `...` where it is longer than the width."""
    return text if len(text) <= width else text[: max(0, width - 3)].rstrip() + "..."


def wrapped(
    text: str, indent: str, width: int, *, hard: bool, first: str | None = None, end: str = ""
) -> list[str]:
    """The text in lines that begin with `indent` (the first one with `first`).

    Breaks at blanks, and inside a word that is too long for a line of its own; every line but
    the last gets `end`. Without `hard` there is one line however long it is.
    """
    begin = indent if first is None else first
    if not hard or len(begin) + len(text) <= width:
        return [f"{begin}{text}".rstrip()]
    lines: list[str] = []
    line, empty = begin, True
    for word in text.split():
        room = width - len(end)
        if not empty and len(line) + 1 + len(word) > room:
            lines.append(f"{line}{end}")
            line, empty = indent, True
        while len(line) + (not empty) + len(word) > room:
            take = max(1, room - len(line))
            lines.append(f"{line}{word[:take]}{end}")
            word, line = word[take:], indent
        line, empty = (line + word if empty else f"{line} {word}"), False
    return [*lines, line.rstrip()]
