"""The first look at a text: its words, its brackets, and what no grammar is needed to refuse.

Takes a text; gives where each word begins and ends, the brackets that stay open, or the
diagnostics that make parsing pointless. Knows no keyword.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator
from itertools import pairwise

from smtmodel.language import codes
from smtmodel.source import Diagnostic, Span, Text
from smtmodel.source.record import record

DEPTH = 100
"""Levels of nesting, of brackets or of steps and expressions, that later stages can recurse."""

LARGEST = 2**30
"""Literals are smaller than this: tokens begin here."""

SHOWN = 20
"""Characters of a piece that a message quotes and that a hint looks at."""

_PIECES = re.compile(
    r"""(?P<space>[ \t\r\n\f]+)
      | (?P<comment>//[^\n]*|/\*[^*]*\*+(?:[^/*][^*]*\*+)*/)
      | (?P<open_comment>/\*)
      | (?P<string>"[^"\n]*")
      | (?P<open_string>")
      | (?P<word>[A-Za-z0-9_]++(?![\w\u0300-\u036f]))
      | (?P<foreign>\w[\w\u0300-\u036f]*)
      | (?P<hash>\#[^\n]*)
      | (?P<opening>[({\[])
      | (?P<closing>[)}\]])
      | (?P<symbol>[-+*/%<>=!&|^~?.,:;])
      | (?P<other>.)""",
    re.VERBOSE | re.DOTALL,
)


_LITERAL = re.compile(r"0[xX][0-9a-fA-F]+|0[0-7]*|[1-9][0-9]*")
"""A number of C without a suffix."""

_HIDING = re.compile(
    r"\r(?!\n)|[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]"
)
"""What makes a text look different from what it says, in comments and titles too: ends of lines
for some readers only, control characters, and those that turn the direction of writing."""


@record
class Scan:
    """`words` maps the offset of each word to that of its end; `open` are unclosed brackets."""

    words: dict[int, int]
    open: tuple[int, ...]
    lines: tuple[int, ...]
    empty: bool

    def span(self, start: int, end: int) -> Span:
        """The place of the characters from offset start up to end."""
        line, column = self._point(start)
        end_line, end_column = self._point(end)
        return Span(line, column, end_line, end_column)

    def _point(self, offset: int) -> tuple[int, int]:
        line = bisect_right(self.lines, offset)
        return line, offset - self.lines[line - 1] + 1


def pieces(content: str, start: int, end: int) -> Iterator[tuple[str, int, int]]:
    """What the text is made of from one offset to another: a kind, with its begin and end."""
    for piece in _PIECES.finditer(content, start, end):
        yield piece.lastgroup or "", *piece.span()


def line_starts(content: str) -> tuple[int, ...]:
    """The offset of the first character of each line."""
    starts = [0]
    position = content.find("\n")
    while position >= 0:
        starts.append(position + 1)
        position = content.find("\n", position + 1)
    return tuple(starts)


def scan(text: Text) -> Scan | tuple[Diagnostic, ...]:
    """The words of a text, or what is wrong with it below the level of the grammar."""
    words: dict[int, int] = {}
    open_brackets: list[int] = []
    wrong: list[tuple[str, int, int]] = []
    empty = True
    for piece in _PIECES.finditer(text.content):
        kind = piece.lastgroup
        start, end = piece.span()
        if kind in ("space", "comment"):
            continue
        empty = False
        if kind == "word":
            words[start] = end
            if text.content[start].isdigit() and not _LITERAL.fullmatch(piece.group()):
                wrong.append(("malformed", start, end))
            elif text.content[start].isdigit() and _too_large(piece.group()):
                wrong.append(("too_large", start, end))
        elif kind == "opening":
            open_brackets.append(start)
            if len(open_brackets) == DEPTH + 1:
                wrong.append(("too_deep", start, end))
        elif kind == "closing" and open_brackets:
            open_brackets.pop()
        elif kind in ("open_comment", "open_string", "foreign", "hash", "other"):
            wrong.append((kind, start, end))
            if kind == "open_comment":
                break
    strange = {start for kind, start, _ in wrong if kind == "other"}
    hiding = [one.span() for one in _HIDING.finditer(text.content) if one.start() not in strange]
    wrong = sorted(wrong + [("hiding", *span) for span in hiding], key=lambda one: one[1])
    found = Scan(words, tuple(open_brackets), line_starts(text.content), empty)
    if not wrong:
        return found
    return _refuse(text, found, wrong)


def literal(word: str) -> int:
    """The number that a literal is: hexadecimal, octal or decimal, as in C."""
    if word[:2] in ("0x", "0X"):
        return int(word, 16)
    return int(word, 8 if word.startswith("0") else 10)


def _too_large(word: str) -> bool:
    return len(word.lstrip("0xX")) > 11 or literal(word) >= LARGEST


def _refuse(text: Text, found: Scan, wrong: list[tuple[str, int, int]]) -> tuple[Diagnostic, ...]:
    """One diagnostic for each of the first twenty, runs of strange characters counted as one."""
    merged = wrong[:1]
    for before, here in pairwise(wrong):
        if here[0] == before[0] == "other" and here[1] == before[2]:
            merged[-1] = ("other", merged[-1][1], here[2])
        else:
            merged.append(here)
    return tuple(_describe(text, found, *one) for one in merged[:20])


def _describe(text: Text, found: Scan, kind: str, start: int, end: int) -> Diagnostic:
    shown = text.content[start : min(end, start + SHOWN)]
    span = found.span(start, end)
    match kind:
        case "malformed":
            from smtmodel.language.characters import numeral

            message = f"`{shown}` is neither a number nor a name"
            if shown.isdigit():
                message = f"`{shown}` begins with a zero, as octal numbers do, and is none"
            return Diagnostic(
                codes.MALFORMED, message, span, suggestion=numeral(text.content[start:end], LARGEST)
            )
        case "foreign":
            message = f"`{shown}` is no name"
            suggestion = "names are made of the letters a to z and A to Z, digits and `_`"
            return Diagnostic(codes.CHARACTER, message, span, suggestion=suggestion)
        case "too_large":
            message = "this number is too large; literals are smaller than 2^30"
            return Diagnostic(codes.TOO_LARGE, message, span)
        case "too_deep":
            message = f"brackets are nested more than {DEPTH} levels deep"
            return Diagnostic(codes.TOO_DEEP, message, span)
        case "open_comment":
            message = "this comment is never closed"
            return Diagnostic(codes.OPEN_COMMENT, message, span, suggestion="end it with `*/`")
        case "open_string":
            message = "this title is not closed on its line"
            return Diagnostic(codes.OPEN_STRING, message, span, suggestion='end it with `"`')
        case "hiding" if shown == "\r":
            message = "a lone carriage return ends a line for some readers only"
            return Diagnostic(codes.HIDING, message, span, suggestion="end lines with LF or CRLF")
        case "hiding":
            message = f"the character U+{ord(shown):04X} changes how the text looks and is not seen"
            return Diagnostic(codes.HIDING, message, span, suggestion="leave it out")
        case _:
            from smtmodel.language.characters import character

            message = f"unexpected character {shown[0]!r}"
            return Diagnostic(codes.CHARACTER, message, span, suggestion=character(shown))
