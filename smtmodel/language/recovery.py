"""How a text is read on behind an error: without the step or the item that has it.

Takes the place at which a derivation stops; gives the text with blanks for that step or item, so
that every other place stays where it is. What an error makes of the rest is a guess, so more is
left out where the brackets do not say what belongs together: up to the next declaration, block or
property at the begin of a line.
"""

import re
from bisect import bisect_left, bisect_right

from smtmodel.language.derive import DeadEnd
from smtmodel.language.scan import Scan, pieces
from smtmodel.source import Text
from smtmodel.source.record import record, replace

ITEMS = frozenset(
    (
        *("struct", "typesafe", "const", "shared", "rcu", "word", "ghost", "object", "cache"),
        *("mutex", "spinlock", "rwlock", "rwsem", "srcu", "waitqueue"),
        *("define", "update", "fault", "thread", "lanes", "updaters"),
        *("never", "reach", "bounds", "expect"),
    )
)
"""The words that begin an item; none of them and a word behind it begin a step."""

STEPS = frozenset(
    (
        *("if", "while", "retry", "each", "either", "return", "yield", "break"),
        *("assert", "unreachable", "assume", "wait", "atomic", "copy"),
    )
)
"""The words that begin a step, and so no variable."""

CONTINUING = frozenset(("else", "or", "until"))
"""The words that go on with a step behind the end of a line."""

_PAIRS = {")": "(", "}": "{", "]": "["}
_BRACES = frozenset("{}")
_ITEM = re.compile(
    r"(?:(?:not[ \t]+)?in[ \t][\w \t,]+:[ \t]*)?(?!struct\s+\w+\s*\*)([a-z]+)[ \t]+\w"
)
"""The begin of an item; `struct node *p` of C is none."""


@record
class _Token:
    """A word or symbol with the number of brackets open behind it, or -1 where they do not match.

    `breaks`: a line ends behind it.
    """

    text: str
    start: int
    end: int
    depth: int
    breaks: bool


def dependent(content: str, scanned: Scan, stop: DeadEnd, earlier: DeadEnd) -> bool:
    """Whether an error may come of an earlier one: of a brace that is missing there, or of leaving
    a step out."""
    if stop.begin < earlier.offset or (stop.offset >= len(content) and scanned.open):
        return True
    word = content[stop.begin : scanned.words.get(stop.begin, stop.begin + 1)]
    return word == "}" or word in CONTINUING or _leaves_a_block(content, stop)


def without(text: Text, scanned: Scan, stop: DeadEnd, *, whole: bool) -> Text | None:
    """The text without the step or item that cannot go on, or without the `whole` item around it;
    None if nothing sure is left."""
    content, begins = text.content, _items(text.content, scanned)
    start, end = stop.begin, -1
    if not whole and not _leaves_a_block(content, stop):
        end = _end(content, stop, begins)
    if end < 0:
        start, end = _whole(content, stop, begins)
    if start <= min(scanned.words, default=len(content)):
        return None
    blank = re.sub(r"[^\n]", " ", content[start:end])
    return replace(text, content=content[:start] + blank + content[end:])


def _items(content: str, scanned: Scan) -> list[int]:
    """Where an item begins at the begin of a line."""
    return [at for at in scanned.words if content[at - 1 : at] == "\n" and _is_item(content, at)]


def _is_item(content: str, at: int) -> bool:
    found = _ITEM.match(content, at)
    return found is not None and (found[1] in ITEMS or found[1] == "variant")


def _leaves_a_block(content: str, stop: DeadEnd) -> bool:
    """Whether the stop seems to be outside of the block or the item that it is derived in.

    A brace is missing then, or one too many, and what follows is not read as it was meant.
    """
    if stop.in_block:
        return _is_item(content, stop.begin)
    indented = content[stop.begin - 1 : stop.begin] != "\n"
    return indented or (stop.begin == stop.offset and content[: stop.begin].rstrip()[-1:] == "}")


def _whole(content: str, stop: DeadEnd, begins: list[int]) -> tuple[int, int]:
    """From the begin of the item with the stop to that of the next one."""
    opened = stop.in_block and _is_item(content, stop.begin)
    find = bisect_left if opened else bisect_right
    number = find(begins, stop.begin) - 1
    start = begins[number] if number >= 0 else stop.begin
    least = max(start + 1, stop.begin if opened else stop.offset)
    after = bisect_left(begins, least)
    return start, begins[after] if after < len(begins) else len(content)


def _end(content: str, stop: DeadEnd, begins: list[int]) -> int:
    """Where the step or item ends with no bracket of it open; -1 if that is not sure."""
    tokens = _tokens(content, stop.begin, begins)
    before = [one for one in tokens if one.start < stop.offset]
    rest = tokens[len(before) :]
    anew = bool(stop.anew and before and before[-1].breaks)
    if anew and before[-1].depth == 0:
        return before[-1].end
    for number, one in enumerate(rest, 1):
        continued = number < len(rest) and rest[number].text in CONTINUING
        if one.depth == 0 and one.breaks and not continued:
            return one.end
    line = before if anew else before + _line(rest)
    if not line or any(one.text in _BRACES for one in line):
        return -1
    # A round bracket that is missing on the line, and no other line has to do with it.
    return line[-1].end if anew or line[-1].depth < 0 else -1


def _line(tokens: list[_Token]) -> list[_Token]:
    """Those up to the end of a line."""
    last = next((number for number, one in enumerate(tokens, 1) if one.breaks), len(tokens))
    return tokens[:last]


def _tokens(content: str, begin: int, begins: list[int]) -> list[_Token]:
    """The words and symbols from a place up to the next item at the begin of a line."""
    after = bisect_right(begins, begin)
    stop = begins[after] if after < len(begins) else len(content)
    tokens: list[_Token] = []
    opened: list[str] = []
    matched = True
    for kind, start, end in pieces(content, begin, stop):
        text = content[start:end]
        if kind not in ("space", "comment"):
            if kind == "opening":
                opened.append(text)
            elif kind == "closing":
                matched = matched and bool(opened) and opened.pop() == _PAIRS[text]
            tokens.append(_Token(text, start, end, len(opened) if matched else -1, False))
        elif "\n" in text and tokens:
            tokens[-1] = replace(tokens[-1], breaks=True)
    if tokens:
        tokens[-1] = replace(tokens[-1], breaks=True)
    return tokens
