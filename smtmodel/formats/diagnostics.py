"""What is wrong with an input, shown at its place: for people, and for editors.

Takes diagnostics and their text; gives lines. Tabs become blanks, what else is no character of
its own `?`, and of a long line the part around the place is shown.
"""

import unicodedata
from collections.abc import Iterable

from smtmodel.documents.plain import one_line
from smtmodel.source import Diagnostic, Severity, Text

TAB = 4
ELLIPSIS = "..."
SECOND = "\0"
"""Stands for the second column of a character that is two wide, while columns are counted."""


def human_lines(
    text: Text, found: Iterable[Diagnostic], width: int, *, color: bool = False
) -> list[str]:
    """The diagnostics with the lines they are about, a blank line between two."""
    lines: list[str] = []
    for one in found:
        lines += ([""] if lines else []) + _shown(text, one, width, color=color)
    return lines


def gcc_lines(text: Text, found: Iterable[Diagnostic]) -> list[str]:
    """`file:line:col: error: text [E102]`, as editors parse it."""
    lines = []
    for one in found:
        place = f"{one_line(text.name)}:{one.span.line}:{one.span.column}"
        hint = f"; {one.suggestion}" if one.suggestion else ""
        message = " ".join(f"{one.message}{hint}".split())
        lines.append(f"{place}: {one.severity.value}: {message} [{one.code.name}]")
    return lines


def _shown(text: Text, one: Diagnostic, width: int, *, color: bool) -> list[str]:
    word = f"{one.severity.value}[{one.code.name}]"
    if color:
        word = _painted(word, one)
    number = str(one.span.line)
    bar = " " * (len(number) + 2) + "|"
    head = [
        f"{word}: {one_line(one.message)}",
        f"{' ' * (len(number) + 1)}--> {one_line(text.name)}:{one.span.line}:{one.span.column}",
    ]
    help_ = "; ".join(part for part in (one.label, one.suggestion) if part)
    if not text.content:
        return head + ([f"{bar} {help_}"] if help_ else [])
    source, column, length = window(text.line(one.span.line), one, width - len(bar) - 1)
    source = source.replace(SECOND, "")
    marked = f"{'^' * length} {help_}".rstrip()
    caret = f"{bar} {' ' * column}{_painted(marked, one) if color else marked}"
    return [*head, bar, f" {number} | {source}".rstrip(), caret]


def _painted(words: str, one: Diagnostic) -> str:
    """The words in the colour of the diagnostic."""
    return f"\x1b[{'31' if one.severity is Severity.ERROR else '33'}m{words}\x1b[0m"


def window(line: str, one: Diagnostic, width: int) -> tuple[str, int, int]:
    """The part of a line around a place: a character for each column (SECOND for the second one
    of a wide character), and the caret's column and length in it."""
    start = min(one.span.column - 1, len(line))
    same = one.span.end_line == one.span.line
    end = max(start + 1, min(one.span.end_column - 1 if same else len(line), len(line)))
    # Only the neighbourhood is looked at: a line may be a megabyte long.
    first = max(0, start - width)
    before = _plain(line[first:start])
    marked = _plain(line[start:end][:width], len(before)) or " "
    after = _plain(line[end : end + width], len(before) + len(marked))
    whole = before + marked + after
    if first == 0 and len(whole) <= width and end + width >= len(line):
        return whole.rstrip(), len(before), len(marked)
    room = max(width, 24)
    left = max(0, len(before) - room // 3)
    shown = _cut(whole, left, left + room - 2 * len(ELLIPSIS))
    column = len(before) - left
    length = max(1, min(len(marked), len(shown) - column))
    lead = ELLIPSIS if left or first else ""
    tail = ELLIPSIS if left + len(shown) < len(whole) or end + width < len(line) else ""
    return f"{lead}{shown}{tail}", column + len(lead), length


def _cut(whole: str, start: int, end: int) -> str:
    """Those columns; a character that is only half among them is `?`."""
    shown = whole[start:end]
    if shown.startswith(SECOND):
        shown = "?" + shown[1:]
    return shown[:-1] + "?" if whole.startswith(SECOND, end) else shown


def _plain(part: str, column: int = 0) -> str:
    """One character for each column, printable ones and SECOND; tabs count from `column`."""
    shown: list[str] = []
    for one in part:
        if one == "\t":
            shown += " " * (TAB - (column + len(shown)) % TAB)
        else:
            shown.append(one if one.isprintable() and not unicodedata.combining(one) else "?")
            shown += [SECOND] * (unicodedata.east_asian_width(one) in "WF")
    return "".join(shown)
