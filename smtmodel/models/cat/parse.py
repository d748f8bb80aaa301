"""From the text of a `.cat` or `.bell` file to its derivation.

Takes any text; gives the tree of grammar/cat.lark or the first thing that is wrong. Comments become
blanks before, for they nest, and so does a first line that is no statement: authors put a title
there. Does not look names up.
"""

import re
from functools import cache

import lark
from lark.visitors import Transformer_NonRecursive

from smtmodel.models.cat import codes
from smtmodel.source import Diagnostic, Span, Text
from smtmodel.source.installed import installed
from smtmodel.source.tree import Node, Word

STATEMENT = re.compile(
    r"\s*(?:\"|(?:acyclic|call|empty|enum|flag|forall|include|instructions|irreflexive|let"
    r"|procedure|show|undefined_unless|unshow|with)(?![\w.-])|~|$)"
)
MARKS = re.compile(r"\"[^\"\n]*\"|(?://|#)[^\n]*|\(\*|\*\)|\n")


def parse(text: Text) -> Node | Diagnostic:
    """The derivation of a text, or why there is none."""
    blanked = _without_comments(text.content)
    if isinstance(blanked, Diagnostic):
        return blanked
    try:
        root = _Neutral().transform(_parser().parse(_without_title(blanked)))
    except lark.UnexpectedToken as error:
        if error.token.type == "$END":
            last = len(text.lines)
            end = Span(last, 1, last, 2)
            return Diagnostic(codes.SYNTAX, "the text ends inside of a statement", end)
        return _unexpected(str(error.token), error.line, error.column)
    except lark.UnexpectedCharacters as error:
        return _unexpected(error.char, error.line, error.column)
    assert isinstance(root, Node)
    return root


@cache
def _parser() -> lark.Lark:
    """Made once: a model and the files that it includes are read together."""
    return lark.Lark(
        installed("grammar", "cat.lark"),
        parser="lalr",
        lexer="basic",
        propagate_positions=True,
        maybe_placeholders=False,
    )


def _unexpected(word: str, line: int, column: int) -> Diagnostic:
    span = Span(line, column, line, column + len(word))
    return Diagnostic(codes.SYNTAX, f"`{word}` cannot stand here", span)


def _without_comments(content: str) -> str | Diagnostic:
    """The text with blanks in the place of its comments, which nest."""
    made: list[str] = []
    opened: list[int] = []
    after = 0
    for match in MARKS.finditer(content):
        between = content[after : match.start()]
        made.append(" " * len(between) if opened else between)
        word = match[0]
        if word == "(*":
            opened.append(match.start())
        elif word == "*)" and opened:
            opened.pop()
            word = "  "
        comment = opened or word.startswith(("//", "#"))
        made.append(" " * len(word) if comment and word != "\n" else word)
        after = match.end()
    if opened:
        line = content.count("\n", 0, opened[0]) + 1
        column = opened[0] - content.rfind("\n", 0, opened[0])
        message = "the comment that begins here is not closed"
        return Diagnostic(codes.COMMENT, message, Span(line, column, line, column + 2))
    return "".join([*made, content[after:]])


def _without_title(content: str) -> str:
    """The text with blanks in the place of a first line that is no statement."""
    lines = content.split("\n")
    first = next((n for n, line in enumerate(lines) if line.strip()), 0)
    if not STATEMENT.match(lines[first]):
        lines[first] = ""
    return "\n".join(lines)


class _Neutral(Transformer_NonRecursive[lark.Token, Node]):
    """The same tree without the generator's types."""

    def __default__(self, data: object, children: list[Node | Word], meta: lark.tree.Meta) -> Node:
        if meta.empty:
            return Node(str(data), tuple(children), Span(1, 1, 1, 1))
        span = Span(meta.line, meta.column, meta.end_line, meta.end_column)
        return Node(str(data), tuple(children), span)

    def __default_token__(self, token: lark.Token) -> Word:
        start = Span(token.line or 1, token.column or 1, token.line or 1, token.column or 1)
        width = len(token)
        return Word(str(token), Span(start.line, start.column, start.line, start.column + width))
