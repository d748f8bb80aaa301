"""A source text and places in it.

Takes characters, gives lines and spans. Lines and columns count from 1, a column counts
characters, the end of a span is exclusive. Does not read files.
"""

from smtmodel.source.record import record


@record(order=True)
class Span:
    """A place: from (line, column) up to, not including, (end_line, end_column)."""

    line: int
    column: int
    end_line: int
    end_column: int

    def to(self, other: "Span") -> "Span":
        """The span from the start of this one to the end of the other."""
        return Span(self.line, self.column, other.end_line, other.end_column)


@record
class Text:
    """A named source text; the name is what reports call it (a file name, or `-`)."""

    name: str
    content: str

    @property
    def lines(self) -> list[str]:
        """The lines without their ends; at least one, so that every span has a line."""
        return self.content.split("\n") or [""]

    def line(self, number: int) -> str:
        """Line `number` (from 1), or nothing where the text has no such line."""
        lines = self.lines
        return lines[number - 1].rstrip("\r") if 0 < number <= len(lines) else ""

    def at(self, span: Span) -> str:
        """The characters of a span; line ends inside it become one blank each."""
        if span.line == span.end_line:
            return self.line(span.line)[span.column - 1 : span.end_column - 1]
        first = self.line(span.line)[span.column - 1 :]
        middle = [self.line(n) for n in range(span.line + 1, span.end_line)]
        last = self.line(span.end_line)[: span.end_column - 1]
        return " ".join(part.strip() for part in [first, *middle, last])

    @property
    def sha256(self) -> str:
        """The SHA-256 of the text in UTF-8, in hexadecimal digits."""
        from hashlib import sha256  # the library behind it takes long to load

        return sha256(self.content.encode()).hexdigest()

    @property
    def digest(self) -> str:
        """Its first eight digits."""
        return self.sha256[:8]
