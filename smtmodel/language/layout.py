"""Where the lines of a formatted protocol begin, and how far they are indented.

Takes the tokens of a text and its tree, with the branches of all variants; gives for each token
whether it begins a line and at which depth. Comments and blank lines are the business of
`smtmodel.language.format`.
"""

import re

from smtmodel.language.scan import line_starts
from smtmodel.language.selection import ONLY, content, named
from smtmodel.source import Span, Text
from smtmodel.source.record import field, record
from smtmodel.source.tree import Node

_PIECES = re.compile(
    r"""//[^\n]*|/\*[^*]*\*+(?:[^/*][^*]*\*+)*/
      | "[^"\n]*" | [A-Za-z0-9_]+
      | ==|!=|<=|>=|<<|>>|&&|\|\||->|\.\.|\+\+|--|\+=|-= | [^\s]""",
    re.VERBOSE,
)


BLOCKS = ("block", "define")
"""The rules of items that have steps."""


@record
class Lexeme:
    """A word, a symbol or a comment, with the lines of the text it stands on."""

    text: str
    line: int
    column: int
    end_line: int

    @property
    def comment(self) -> bool:
        """Whether this is a comment."""
        return self.text.startswith(("//", "/*"))


def tokens_of(text: Text) -> list[Lexeme]:
    """All tokens and comments of a text, semicolons left out."""
    starts = line_starts(text.content)
    found: list[Lexeme] = []
    line = 1
    for piece in _PIECES.finditer(text.content):
        if piece.group() == ";":
            continue
        offset = piece.start()
        while line < len(starts) and starts[line] <= offset:
            line += 1
        content = piece.group().rstrip("\r")
        column = offset - starts[line - 1] + 1
        found.append(Lexeme(content, line, column, line + content.count("\n")))
    return found


def without_semicolons(text: Text) -> str:
    """The text with blanks in their places: they mean nothing."""
    return _PIECES.sub(lambda piece: " " if piece[0] == ";" else piece[0], text.content)


@record(frozen=False)
class TextLayout:
    """For each token without comments: `depth` where it begins a line, and what it belongs to.

    `items` has the rule of the item that begins at a token; `bodies` the braces that hold steps
    or items, and `exploded` those of fields or records that are written one field per line.
    `prefixed` are the items behind `in NAME:`, `opening` the braces that hold items, `choosing` the
    colons of `c ? a : b`.
    """

    depth: dict[int, int] = field(default_factory=dict)
    items: dict[int, str] = field(default_factory=dict)
    bodies: set[int] = field(default_factory=set)
    exploded: set[int] = field(default_factory=set)
    prefixed: set[int] = field(default_factory=set)
    choosing: set[int] = field(default_factory=set)
    opening: set[int] = field(default_factory=set)


def lay_out(root: Node, tokens: list[Lexeme], commented: set[int]) -> TextLayout:
    """The layout of the tokens, comments left out; `commented` tokens follow a comment."""
    layout = TextLayout()
    places = {(one.line, one.column): index for index, one in enumerate(tokens)}
    placing = _Placing(tokens, places, layout)
    for item in root.nodes():
        placing.item(item, 0)
    _place_braces(tokens, layout, commented)
    _walk(tokens, layout, placing, commented)
    layout.choosing |= _choosing(tokens)
    return layout


def _choosing(tokens: list[Lexeme]) -> set[int]:
    """The colons that belong to a `?`."""
    found: set[int] = set()
    waiting = 0
    for index, token in enumerate(tokens):
        if token.text == "?":
            waiting += 1
        elif token.text == ":" and waiting:
            waiting -= 1
            found.add(index)
    return found


@record
class _Placing:
    """Finds which tokens begin lines: `begins` has the depth of each item, step and part of
    variants, where that of an `if` behind `else` is -1, and `elses` that of each `else`."""

    tokens: list[Lexeme]
    places: dict[tuple[int, int], int]
    layout: TextLayout
    begins: dict[int, int] = field(default_factory=dict)
    elses: dict[int, int] = field(default_factory=dict)

    def item(self, node: Node, depth: int) -> None:
        """An item, or a part of some variants that holds items."""
        first = self._at(node.span)
        self.begins[first] = depth
        if node.rule not in ONLY:
            self._item(first, node, depth)
        elif self._braced(node):
            self.layout.opening.add(first)
            for one in content(node):
                self.item(one, depth + 1)
        else:
            self.layout.prefixed.add(first)
            self._item(first, content(node)[0], depth)

    def _item(self, first: int, node: Node, depth: int) -> None:
        self.layout.items[first] = node.rule
        if node.rule in BLOCKS:
            self._steps(node.nodes()[-1], depth + 1)

    def _steps(self, body: Node, depth: int) -> None:
        """The steps of a body, of a branch, or of a part of some variants."""
        for one in content(body):
            self.begins.setdefault(self._at(one.span), depth)
            if one.rule == "step":
                self._step(one, depth)
            elif self._braced(one):
                self._steps(one, depth + 1)
            else:
                self._step(content(one)[0], depth)

    def _step(self, node: Node, depth: int) -> None:
        """What is inside a step of that depth."""
        (inner,) = node.nodes()
        if inner.rule == "if":
            _, then, *otherwise = inner.nodes()
            self._steps(then, depth + 1)
            for branch in otherwise:
                self._otherwise(branch, depth)
        else:
            for one in inner.nodes():
                if one.rule == "body":
                    self._steps(one, depth + 1)

    def _otherwise(self, branch: Node, depth: int) -> None:
        """What stands behind `else`; `else if` stays on one line."""
        first = self._at(branch.span)
        chained = branch.rule == "single" and branch.nodes()[0].nodes()[0].rule == "if"
        if chained:
            self.begins[first] = -1
        self.elses[first - 1] = depth
        self._steps(branch, depth if chained else depth + 1)

    def _at(self, span: Span) -> int:
        """The token that begins there."""
        return self.places[(span.line, span.column)]

    def _braced(self, part: Node) -> bool:
        """Whether a part is in braces, which are then those of a body."""
        following = self._at(named(part)[-1].span) + 1
        braced = self.tokens[following].text == "{"
        if braced:
            self.layout.bodies.add(following)
        return braced


def _place_braces(tokens: list[Lexeme], layout: TextLayout, commented: set[int]) -> None:
    """Which braces hold steps, and which others have a comment inside."""
    block = False
    open_braces: list[int] = []
    for index, token in enumerate(tokens):
        if index in layout.items:
            block = layout.items[index] in BLOCKS
        if token.text == "{":
            open_braces.append(index)
            if block and tokens[index - 1].text not in ("=", "(", ","):
                layout.bodies.add(index)
        elif token.text == "}":
            start = open_braces.pop()
            if start in layout.bodies:
                layout.bodies.add(index)
            elif any(place in commented for place in range(start + 1, index + 1)):
                layout.exploded |= {start, index}


def _walk(
    tokens: list[Lexeme],
    layout: TextLayout,
    placing: _Placing,
    commented: set[int],
) -> None:
    """Give each token that begins a line its depth."""
    begins, elses = placing.begins, placing.elses
    current = 0
    owners: list[tuple[int, int]] = []  # of the open braces: token and depth
    for index, token in enumerate(tokens):
        before = tokens[index - 1].text if index else ""
        inside = owners[-1] if owners else (-1, 0)
        depth: int | None = None
        if index in begins:
            depth = begins[index] if begins[index] >= 0 or index in commented else None
            if depth is not None and depth < 0:
                depth = current + 1
        elif token.text == "}" and (index in layout.bodies or index in layout.exploded):
            depth = inside[1] if inside[0] != index - 1 or index in commented else None
        elif inside[0] in layout.exploded and (inside[0] == index - 1 or before == ","):
            depth = inside[1] + 1
        elif token.text == "else" and (index - 1 not in layout.bodies or index in commented):
            depth = elses.get(index)
        elif before == "}" and index - 1 in layout.bodies and index in commented:
            depth = current
        if depth is not None:
            layout.depth[index] = current = depth
        if token.text == "else" and index in elses:
            current = elses[index]
        if token.text == "{":
            owners.append((index, current))
        elif token.text == "}" and owners:
            current = owners.pop()[1]
