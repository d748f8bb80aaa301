"""Steps as one line of text, for reports."""

import re

from smtmodel.source import Span, Text
from smtmodel.source.record import record

_COMMENT = re.compile(r"//[^\n]*|/\*[^*]*\*+(?:[^/*][^*]*\*+)*/")


@record
class Quotes:
    """The lines of a text, split once."""

    lines: tuple[str, ...]

    def at(self, span: Span) -> str:
        """The characters of a span without comments, blanks collapsed."""
        picked = list(self.lines[span.line - 1 : span.end_line])
        if not picked:
            return ""
        picked[-1] = picked[-1][: span.end_column - 1]
        picked[0] = picked[0][span.column - 1 :]
        return " ".join(_COMMENT.sub(" ", "\n".join(picked)).split())

    def head(self, step: Span, condition: Span) -> tuple[str, Span]:
        """A step up to the end of its condition, and the place of that part."""
        span = step.to(condition)
        return closed(self.at(span)), span

    def word(self, step: Span) -> Span:
        """The place of the first word of a step."""
        line = self.lines[step.line - 1] if step.line <= len(self.lines) else ""
        end = step.column - 1
        while end < len(line) and line[end].isalpha():
            end += 1
        return first_word(step, line[step.column - 1 : end])


def closed(text: str) -> str:
    """The text with the parentheses that it leaves open closed at its end."""
    return text + ")" * (text.count("(") - text.count(")"))


def first_word(step: Span, word: str) -> Span:
    """The place of a step's first word."""
    return Span(step.line, step.column, step.line, step.column + len(word))


def quotes(text: Text) -> Quotes:
    """The quotes of a text."""
    return Quotes(tuple(text.content.split("\n")))
