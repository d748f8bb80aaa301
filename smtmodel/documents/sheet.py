"""The answer of an analysis, before it is known how it will be shown.

A sheet is a title, paragraphs, rows, orderings and the lines that scripts look for, all plain
text, and the same as a value for programs. Gives the lines of a sheet for people; knows
nothing of what was analysed.
"""

import re
from collections.abc import Iterator, Sequence
from typing import assert_never

from smtmodel.documents.json import Value
from smtmodel.documents.plain import command
from smtmodel.documents.scope import ranges
from smtmodel.documents.table import Table
from smtmodel.executions.trace import Trace
from smtmodel.formats.human import IN, Style, replay_lines
from smtmodel.formats.layout import table_lines, wrapped
from smtmodel.source import Text
from smtmodel.source.record import record

STEP = "  "


@record
class Title:
    """The first line of a sheet: a word for scripts and eyes, and what it is about."""

    word: str
    text: str


@record
class Say:
    """A paragraph; `label` stands before it where the sheet has several."""

    text: str
    label: str = ""


@record
class Row:
    """Cells side by side, and what stands below them."""

    cells: tuple[str, ...]
    below: tuple[str, ...] = ()


@record
class Rows:
    """Rows under a heading."""

    heading: str
    rows: tuple[Row, ...]


@record
class Ordering:
    """A run as a table, the facts at its end, and the command that runs it."""

    table: Table
    banner: str
    replay: tuple[str, ...]


@record
class Grid:
    """A table with a head, under a heading."""

    heading: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@record
class Commands:
    """Command lines, each word by word, under a heading."""

    heading: str
    lines: tuple[tuple[str, ...], ...]


Block = Title | Say | Rows | Ordering | Grid | Commands


@record
class Sheet:
    """One answer. `results` are the lines that scripts look for; `value` says all of it;
    `sources` are the texts that it is about."""

    command: str
    blocks: tuple[Block, ...]
    results: tuple[str, ...]
    value: Value
    sources: tuple[Text, ...] = ()


def sheet_lines(sheet: Sheet, style: Style, *, quiet: bool = False) -> list[str]:
    """The whole sheet; with `quiet` only the lines that scripts look for."""
    lines: list[str] = []
    for block in () if quiet else sheet.blocks:
        lines += [*block_lines(block, style), ""]
    for line in sheet.results:
        lines += style.for_scripts(line)
    return lines


def block_lines(block: Block, style: Style) -> Iterator[str]:
    """One block of a sheet."""
    match block:
        case Title(word=word, text=text):
            yield from wrapped(f"{word} {text}", IN, style.width, hard=style.hard, first="")
        case Say(text=text, label=label):
            first = f"{IN}{label}:  " if label else IN
            indent = " " * len(first) if label else IN
            yield from wrapped(text, indent, style.width, hard=True, first=first)
        case Rows(heading=heading, rows=rows):
            yield from wrapped(heading, IN + STEP, style.width, hard=True, first=IN)
            yield from _rows(rows, style)
        case Ordering(table=table, banner=banner, replay=replay):
            yield from table_lines(table, style.width, hard=style.hard)
            if banner:
                indent = f"{IN}    "
                text = f"*** {banner} ***"
                yield from wrapped(
                    text, f"{indent}    ", style.width, hard=style.hard, first=indent
                )
            if replay:
                yield ""
                yield from replay_lines(command(replay), style)
        case Grid(heading=heading, heads=heads, rows=rows):
            if heading:
                yield from wrapped(heading, IN + STEP, style.width, hard=True, first=IN)
            yield from _rows([Row(heads), *map(Row, rows)], style)
        case Commands(heading=heading, lines=lines):
            if heading:
                yield from wrapped(heading, IN + STEP, style.width, hard=True, first=IN)
            for words in lines:
                begin = IN + STEP
                text = command(words)
                yield from wrapped(
                    text, begin + STEP, style.width, hard=style.hard, first=begin, end=" \\"
                )
        case _:
            assert_never(block)


def _rows(rows: Sequence[Row], style: Style) -> Iterator[str]:
    """The rows in columns, or where these do not fit with later cells below the first two."""
    begin = IN + STEP
    columns = max((len(row.cells) for row in rows), default=0)
    widths = [0] * columns
    for row in rows:
        for place, cell in enumerate(row.cells if len(row.cells) > 1 else ()):
            widths[place] = max(widths[place], len(cell))
    beside = len(begin) + sum(widths) + 2 * max(0, columns - 1) <= style.width
    inside = begin + " " * min(4, widths[0] + 2 if widths else 0)
    for row in rows:
        padded = [f"{cell:{width}}" for cell, width in zip(row.cells, widths, strict=False)]
        if beside:
            yield f"{begin}{STEP.join(padded)}".rstrip()
        else:
            first = STEP.join([*padded[:1], *row.cells[1:2]]).rstrip()
            yield from wrapped(first, inside, style.width, hard=True, first=begin)
            rest = "  ".join(cell for cell in row.cells[2:] if cell)
            if rest:
                indent = inside + STEP
                yield from wrapped(rest, indent + STEP, style.width, hard=True, first=indent)
        for text in row.below:
            indent = inside + STEP
            yield from wrapped(text, indent + STEP, style.width, hard=True, first=indent)


def is_step(cell: str) -> bool:
    """Whether a cell is a step as it was written, and no sentence: by its signs."""
    return "`" not in cell and re.search(r"[=<>{}]|\w[\[(]", cell) is not None


def in_lines(trace: Trace) -> str:
    """A run by the lines of its steps: `fault0 31, update0 20-25, fault0 32 34`."""
    runs: list[tuple[str, list[int]]] = []
    for moment in trace.moments:
        if moment.where is None:
            continue
        line = moment.where.span.line
        if not runs or runs[-1][0] != moment.lane:
            runs.append((moment.lane, []))
        lines = runs[-1][1]
        if moment.begins or not lines or lines[-1] != line:
            lines.append(line)
    return ", ".join(f"{lane} {' '.join(ranges(lines))}" for lane, lines in runs)
