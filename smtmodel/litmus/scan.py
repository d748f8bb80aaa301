"""The words and symbols of a litmus test, one after another.

Written by hand because a folder has thousands of tests: a parser generator reads some 30 kB of
such text in a second, this some 2 MB. Characters are looked at once, on demand: `(*` begins a
comment outside of lane bodies only, and which of the two it is only the parser knows.
"""

import re
from typing import NoReturn

from smtmodel.language import codes
from smtmodel.source import Code, Diagnostic, Span, Text

DEPTH = 100
"""Levels of nesting that the later stages can recurse."""

DIGITS = 18
"""A number of so many has a place in 64 bits."""

_TOKEN = re.compile(
    r"""(?P<word>[A-Za-z_]\w*)
      | (?P<number>\d\w*)
      | (?P<symbol>/\\|\\/|=>|&&|\|\||==|!=|<=|>=|<<|>>|->|\+\+|--|[-+*/%&|^~!<>=(){}\[\];,:.?])
      | (?P<end>\Z)
      | (?P<other>.)""",
    re.VERBOSE | re.DOTALL,
)
_BLANK = re.compile(r"(?:\s+|//[^\n]*|/\*.*?\*/)*", re.DOTALL)
_PARENTHESIS = re.compile(r"\(\*|\*\)")
_BEFORE_STATE = re.compile(r'\(\*|//[^\n]*|/\*.*?\*/|"[^"]*"|\{', re.DOTALL)


class Wrong(Exception):
    """What is wrong with a text; caught where parsing begins."""

    def __init__(self, diagnostic: Diagnostic) -> None:
        super().__init__(diagnostic.message)
        self.diagnostic = diagnostic


class Tokens:
    """The token at hand (`kind`, `text`) and where it is; `inside` a lane's body or not."""

    def __init__(self, text: Text) -> None:
        self.content = text.content
        self.inside = False
        self.kind = "end"
        self.text = ""
        self.start = self.end = 0
        self.depth = 0

    def advance(self) -> str:
        """Goes on to the next token; returns the text of the one at hand."""
        text = self.text
        self._find(self._blank(self.end))
        return text

    def _find(self, position: int) -> None:
        found = _TOKEN.match(self.content, position)
        assert found is not None
        self.kind, self.text = found.lastgroup or "", found.group()
        self.start, self.end = found.span()
        if self.kind == "other":
            self.refuse(codes.CHARACTER, f"unexpected character {self.text!a}")

    def _blank(self, position: int) -> int:
        """Where blanks and comments that begin at the position end."""
        while True:
            found = _BLANK.match(self.content, position)
            assert found is not None
            position = found.end()
            if self.content.startswith("/*", position):
                self._refuse_open(position)
            if self.inside or not self.content.startswith("(*", position):
                return position
            position = self._comment(position)

    def _comment(self, start: int) -> int:
        """Where the comment that begins with `(*` ends; others may be inside it."""
        depth = 0
        for found in _PARENTHESIS.finditer(self.content, start):
            depth += 1 if found.group() == "(*" else -1
            if depth == 0:
                return found.end()
        self._refuse_open(start)

    def _refuse_open(self, start: int) -> NoReturn:
        self.start, self.end = start, start + 2
        self.refuse(codes.OPEN_COMMENT, "this comment is never closed")

    def first_brace(self, position: int) -> None:
        """Goes to the `{` of the initial state, past titles, comments and lines of remarks."""
        while True:
            found = _BEFORE_STATE.search(self.content, position)
            if found is None:
                self._find(len(self.content))
                self.refuse(codes.LITMUS_SYNTAX, "there is no initial state, not even `{}`")
            if found.group() == "{":
                return self._find(found.start())
            begins = found.group() == "(*"
            position = self._comment(found.start()) if begins else found.end()

    # ------------------------------------------------------------ what a parser asks

    def at(self, text: str) -> bool:
        return self.text == text

    def skip(self, text: str) -> bool:
        """Goes past the token if it is this one."""
        if self.text != text:
            return False
        self.advance()
        return True

    def expect(self, text: str) -> None:
        if self.text != text:
            self.unexpected(f"`{text}`")
        self.advance()

    def word(self, what: str) -> str:
        """The word at hand; `what` it is a name of."""
        if self.kind != "word":
            self.unexpected(what)
        return self.advance()

    def number(self) -> int:
        """The number at hand, decimal or hexadecimal."""
        if self.kind != "number":
            self.unexpected("a number")
        digits = self.text.rstrip("uUlL")
        if len(digits) > DIGITS:
            self.refuse(codes.LITMUS_SUBSET, "numbers of so many digits are not read")
        try:
            value = int(digits, 16 if digits[:2] in ("0x", "0X") else 10)
        except ValueError:
            self.refuse(codes.MALFORMED, f"`{self.text}` is neither a number nor a name")
        if digits[0] == "0" and digits.isdigit() and value:
            self.refuse(codes.LITMUS_SUBSET, "numbers in octal notation are not read")
        self.advance()
        return value

    # ------------------------------------------------------------ what is wrong

    def span(self, start: int | None = None) -> Span:
        """From the offset, or the token's first character, to the end of the token."""
        first = self._point(self.start if start is None else start)
        return Span(*first, *self._point(self.end))

    def _point(self, offset: int) -> tuple[int, int]:
        line = self.content.count("\n", 0, offset) + 1
        return line, offset - self.content.rfind("\n", 0, offset)

    def refuse(self, code: Code, message: str, span: Span | None = None) -> NoReturn:
        raise Wrong(Diagnostic(code, message, span or self.span()))

    def unexpected(self, wanted: str) -> NoReturn:
        found = "the text ends" if self.kind == "end" else f"`{self.text}` stands"
        self.refuse(codes.LITMUS_SYNTAX, f"{found} where {wanted} is expected")

    def deeper(self) -> None:
        """One level of nesting more; whoever asks takes it back."""
        self.depth += 1
        if self.depth > DEPTH:
            self.refuse(codes.TOO_DEEP, f"this is nested more than {DEPTH} levels deep")
