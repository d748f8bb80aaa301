"""Fits the parts of a report into lines of text.

`width` is a wish that tables follow by choosing another layout; with `hard` it is a law, and
what is too long is wrapped. Lines have no trailing blanks.
"""

from collections.abc import Iterator, Sequence

from smtmodel.documents.plain import plain
from smtmodel.documents.table import Table, TableRow, before_rows
from smtmodel.source import Text

INDENT = 5
GAP = 3
PAD = 2
"""The least number of blanks between a text and the place beside it."""
MOST_COLUMNS = 3
BELOW = "    "
"""What a change is set in by where it stands below its step."""
MORE = "  "
"""What the rest of a step that is too long for a line is set in by."""


def table_lines(table: Table, width: int, *, hard: bool) -> list[str]:
    """The table in the first of four layouts that fits, and what is said before it.

    Side by side with a column of changes; side by side with each change below its step; the same
    in narrow columns, whose texts go on in further lines; one column with the lane before each
    step.
    """
    margin = " " * INDENT
    first = before_rows(table)
    said = wrapped(first, margin + MORE, width, hard=hard, first=margin) if first else []
    if not table.rows:
        return said
    return [*said, *([""] if said else []), *_laid_out(table, width, hard=hard)]


def _laid_out(table: Table, width: int, *, hard: bool) -> list[str]:
    if len(table.heads) <= MOST_COLUMNS:
        for layout in (_side_by_side, _changes_below):
            lines = layout(table, width)
            if max(map(len, lines)) <= width:
                return lines
        narrow = _narrow_columns(table, width)
        if narrow:
            return narrow
    return _one_column(table, width, hard=hard)


def _number(row: TableRow, table: Table) -> str:
    """The number of a row in its column, with the margin."""
    width = max(2, len(str(len(table.rows))))
    return f"{' ' * (INDENT - 1)}{'' if row.number is None else row.number:>{width}}"


def _widths(table: Table, *, below: bool) -> list[int]:
    """The width of each lane's column, with the changes `below` the steps or elsewhere."""
    widths = [len(head) for head in table.heads]
    for row in table.rows:
        needs = [len(row.text), *(len(BELOW) + len(one) for one in row.changes if below)]
        widths[row.lane] = max(widths[row.lane], *needs)
    return widths


def _packed(changes: Sequence[str], width: int) -> list[str]:
    """The changes, separated by commas, on as few lines of the width as their order allows."""
    lines: list[str] = []
    for change in changes:
        if lines and len(lines[-1]) + 2 + len(change) < width:
            lines[-1] += f", {change}"
        else:
            lines[-1:] = [f"{lines[-1]},", change] if lines else [change]
    return lines


def _line(
    first: str, cells: Sequence[str], widths: Sequence[int], change: str = "", gap: int = GAP
) -> str:
    placed = (f"{cell:{width}}" for cell, width in zip(cells, widths, strict=True))
    return (" " * gap).join((first, *placed, change)).rstrip()


def _heads(table: Table, widths: Sequence[int]) -> list[str]:
    margin = " " * len(_number(TableRow(None, 0, "", ()), table))
    rules = ["-" * len(head) for head in table.heads]
    return [_line(margin, table.heads, widths), _line(margin, rules, widths)]


def _cells(table: Table, row: TableRow, text: str) -> list[str]:
    return [text if column == row.lane else "" for column in range(len(table.heads))]


def _side_by_side(table: Table, width: int) -> list[str]:
    widths = _widths(table, below=False)
    lines = _heads(table, widths)
    room = width - len(_line("", table.heads, widths, "|"))
    for row in table.rows:
        first, cells = _number(row, table), _cells(table, row, row.text)
        changes = _packed(row.changes, room - len(first)) or [""]
        lines.append(_line(first, cells, widths, changes[0]))
        empty = _cells(table, row, "")
        lines += [_line(" " * len(first), empty, widths, change) for change in changes[1:]]
    return lines


def _changes_below(table: Table, width: int) -> list[str]:
    widths = _widths(table, below=True)
    lines = _heads(table, widths)
    for row in table.rows:
        first = _number(row, table)
        lines.append(_line(first, _cells(table, row, row.text), widths))
        for change in _packed(row.changes, widths[row.lane] - len(BELOW)):
            cells = _cells(table, row, f"{BELOW}{change}")
            lines.append(_line(" " * len(first), cells, widths))
    return lines


def _narrow_columns(table: Table, width: int) -> list[str]:
    """Lanes side by side, texts in as many lines as they need; nothing where a word is too long."""
    digits = max(2, len(str(len(table.rows))))
    room = width - digits - PAD * len(table.heads)
    least = [_longest_word("", head) for head in table.heads]
    for row in table.rows:
        words = [_longest_word(BELOW, change) for change in row.changes]
        least[row.lane] = max(least[row.lane], _longest_word("", row.text), *words)
    if sum(least) > room:
        return []
    widths = _widened(table, least, room)
    heads = [wrapped(head, MORE, wide, hard=True, first="") for head, wide in _with(table, widths)]
    rules = [["-" * min(len(head), wide)] for head, wide in _with(table, widths)]
    lines = _beside("", digits, widths, heads) + _beside("", digits, widths, rules)
    for row in table.rows:
        number = "" if row.number is None else str(row.number)
        cells: list[list[str]] = [[] for _ in widths]
        cells[row.lane] = _cell(row, widths[row.lane])
        lines += _beside(number, digits, widths, cells)
    return lines


def _with(table: Table, widths: Sequence[int]) -> Iterator[tuple[str, int]]:
    """The head of each column with its width."""
    return zip(table.heads, widths, strict=True)


def _longest_word(indent: str, text: str) -> int:
    """The columns that the text needs at least, in lines of which all but the first hang."""
    first, *others = text.split() or [""]
    return len(indent) + max([len(first), *(len(MORE) + len(word) for word in others)])


def _cell(row: TableRow, width: int) -> list[str]:
    """A step and below it what it changed, in lines of the width."""
    lines = wrapped(row.text, MORE, width, hard=True, first="")
    for change in row.changes:
        lines += wrapped(change, BELOW + MORE, width, hard=True, first=BELOW)
    return lines


def _widened(table: Table, least: Sequence[int], room: int) -> list[int]:
    """The widths, with the rest of the room where each column of text saves most lines."""
    widths = list(least)
    while True:
        ways = [
            (_saved(table, lane, widths[lane], more) / more, -more, lane)
            for lane in range(len(widths))
            for more in range(1, room - sum(widths) + 1)
        ]
        saved, more, lane = max(ways, default=(0.0, 0, 0))
        if not saved:
            return widths
        widths[lane] -= more


def _saved(table: Table, lane: int, width: int, more: int) -> int:
    """How many lines fewer the steps of a lane take if its column is wider by `more`."""
    rows = [row for row in table.rows if row.lane == lane]
    return sum(len(_cell(row, width)) - len(_cell(row, width + more)) for row in rows)


def _beside(
    number: str, digits: int, widths: Sequence[int], cells: Sequence[Sequence[str]]
) -> list[str]:
    """Cells of several lines beside each other; the number of the row is before the first line."""
    lines = []
    for depth in range(max(map(len, cells))):
        texts = [cell[depth] if depth < len(cell) else "" for cell in cells]
        lines.append(_line(f"{'' if depth else number:>{digits}}", texts, widths, gap=PAD))
    return lines


def _one_column(table: Table, width: int, *, hard: bool) -> list[str]:
    prefix = max(map(len, table.lanes))
    firsts = [f"{_number(row, table)}  {table.lanes[row.lane]:{prefix}}  " for row in table.rows]
    before = max(map(len, firsts), default=0)
    longest = max((len(row.text) for row in table.rows), default=0)
    told = [", ".join(row.changes) for row in table.rows]
    beside = before + longest + GAP + max(map(len, told), default=0) <= width
    margin = " " * INDENT
    lines = [
        line
        for head in table.heads
        for line in wrapped(head, margin + BELOW, width, hard=hard, first=margin)
    ]
    lines.append("")
    for first, row, change in zip(firsts, table.rows, told, strict=True):
        if beside:
            lines.append(f"{first}{row.text:{longest}}{' ' * GAP}{change}".rstrip())
            continue
        if hard and len(first) > width // 2:  # names that leave no room have lines of their own
            lines += wrapped(first, margin + BELOW, width, hard=True, first="")
            first = margin + BELOW
        lines += wrapped(row.text, " " * len(first) + MORE, width, hard=hard, first=first)
        if change:
            lines += wrapped(change, " " * len(first) + BELOW, width, hard=hard)
    return lines


def hung(lines: Sequence[tuple[str, str]], first: str, indent: str, width: int) -> list[str]:
    """Texts below each other, the first after `first`; some have a place in a column of its own.

    Where that makes any line too long, all places end at the right edge instead; a text that
    leaves no room for its place is wrapped without it, and the place stands in the last line of
    it or in one of its own.
    """
    column = max((len(text) for text, place in lines if place), default=0) + GAP
    flush = any(place and len(indent) + column + len(place) > width for _, place in lines)
    shown: list[str] = []
    for number, (text, place) in enumerate(lines):
        begin = indent if number else first
        if not place or not flush:
            whole = f"{text:{column}}{place}" if place else text
            told = whole.lstrip()  # blanks before a text stay in all of its lines
            begin += whole[: -len(told)] if told else ""
            below = " " * len(begin)
            shown += wrapped(told, f"{below}  ", width, hard=True, first=begin)
            continue
        room = width - len(place)
        if len(begin) + len(text) + PAD <= room:
            shown.append(f"{begin + text:{room}}{place}")
            continue
        shown += wrapped(text, f"{indent}  ", width, hard=True, first=begin)
        if len(shown[-1]) + PAD <= room:
            shown[-1] = f"{shown[-1]:{room}}{place}"
        elif len(indent) <= room:
            shown.append(f"{place:>{width}}")
        else:
            shown += wrapped(place, f"{indent}  ", width, hard=True)
    return shown


def listing(text: Text, width: int, margin: str, *, hard: bool) -> list[str]:
    """A text with the numbers of its lines."""
    found: list[str] = []
    for number, line in enumerate(text.content.rstrip("\n").split("\n"), 1):
        told = plain(line).rstrip()
        blanks = len(told) - len(told.lstrip())
        first = f"{margin}{number:>3}  {' ' * blanks}" if told else f"{margin}{number:>3}"
        if len(first) + len(told) - blanks <= width or not hard:
            found.append(f"{first}{told[blanks:]}")
        else:
            indent = " " * (len(first) + 4)
            found += wrapped(told[blanks:], indent, width, hard=True, first=first)
    return found


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
        while word and len(line) + (not empty) + len(word) > room:
            take = max(1, room - len(line))
            lines.append(f"{line}{word[:take]}{end}")
            word, line = word[take:], indent
        line, empty = (line + word if empty else f"{line} {word}"), False
    return [*lines, line.rstrip()]
