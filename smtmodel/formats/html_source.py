"""The text of a protocol on a page: numbered lines, words of the language in colour."""

import re
from collections.abc import Iterator

from smtmodel.formats.markup import Child, Markup, element
from smtmodel.language.grammar import grammar_text
from smtmodel.language.layout import Lexeme, tokens_of
from smtmodel.source import Text
from smtmodel.source.record import record


@record
class Colored:
    """Characters of a line, from an index up to an index, and the class of their element."""

    begin: int
    end: int
    kind: str


def listing(text: Text) -> Markup:
    """The lines of a text; each has its number as `data-line`."""
    colored = _colored(text)
    lines = text.content.rstrip("\n").split("\n")
    rows = [
        element("span", element("i", str(n)), _pieces(line, colored[n]), class_="line", data_line=n)
        for n, line in enumerate(lines, 1)
    ]
    return element("pre", element("code", rows))


def _colored(text: Text) -> dict[int, list[Colored]]:
    """What has a colour in each line, from left to right."""
    words = frozenset(re.findall(r'"([a-z_]+)"', grammar_text()))
    count = text.content.count("\n") + 1
    found: dict[int, list[Colored]] = {line: [] for line in range(1, count + 1)}
    for one in tokens_of(text):
        kind = _kind(one, words)
        begin = one.column - 1
        for line, part in enumerate(one.text.split("\n") if kind else (), one.line):
            found[line].append(Colored(begin, begin + len(part), kind))
            begin = 0
    return found


def _kind(one: Lexeme, words: frozenset[str]) -> str:
    """The class of a token's element; nothing for what is black."""
    if one.comment:
        return "comment"
    if one.text.startswith('"'):
        return "string"
    if one.text[0].isdigit():
        return "number"
    return "keyword" if one.text in words else ""


def _pieces(line: str, colored: list[Colored]) -> Iterator[Child]:
    """A line in its parts."""
    last = 0
    for one in colored:
        yield line[last : one.begin]
        yield element("span", line[one.begin : one.end], class_=one.kind)
        last = one.end
    yield line[last:]
