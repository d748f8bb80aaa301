"""Where the lines of a formatted protocol begin, and how far they are indented.

Takes the tokens of a text and the protocol it says; gives for each token whether it begins a
line and at which depth. Comments and blank lines are the business of
`smtmodel.language.format`.
"""

import re

from smtmodel.language import ast
from smtmodel.language.scan import line_starts
from smtmodel.source import Span, Text
from smtmodel.source.record import field, record

_PIECES = re.compile(
    r"""//[^\n]*|/\*[^*]*\*+(?:[^/*][^*]*\*+)*/
      | "[^"\n]*" | [A-Za-z0-9_]+
      | ==|!=|<=|>=|<<|>>|&&|\|\||->|\.\.|\+\+|--|\+=|-= | [^\s]""",
    re.VERBOSE,
)


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


@record(frozen=False)
class TextLayout:
    """For each token without comments: `depth` where it begins a line, and what it belongs to.

    `items` has the item that begins at a token; `bodies` the braces that hold steps, and
    `exploded` those of fields or records that are written one field per line.
    """

    depth: dict[int, int] = field(default_factory=dict)
    items: dict[int, ast.Item] = field(default_factory=dict)
    bodies: set[int] = field(default_factory=set)
    exploded: set[int] = field(default_factory=set)


def lay_out(protocol: ast.Protocol, tokens: list[Lexeme], commented: set[int]) -> TextLayout:
    """The layout of the tokens, comments left out; `commented` tokens follow a comment."""
    layout = TextLayout()
    places = {(one.line, one.column): index for index, one in enumerate(tokens)}
    steps: dict[int, int] = {}
    elses: dict[int, int] = {}
    for item in protocol.items:
        first = _at(places, item.span)
        if isinstance(item, ast.Block):
            first -= 1
            _place_steps(item.steps, 1, tokens, places, steps, elses)
        layout.items[first] = item
    layout.depth = dict.fromkeys(layout.items, 0)
    _place_braces(tokens, layout, commented)
    _walk(tokens, layout, steps, elses, commented)
    return layout


def _at(places: dict[tuple[int, int], int], span: Span) -> int:
    return places[(span.line, span.column)]


def _first(step: ast.Step, places: dict[tuple[int, int], int]) -> int:
    """The first token of a step: its label if it has one."""
    return _at(places, step.span) - (2 if step.label is not None else 0)


def _place_steps(
    steps: tuple[ast.Step, ...],
    depth: int,
    tokens: list[Lexeme],
    places: dict[tuple[int, int], int],
    found: dict[int, int],
    elses: dict[int, int],
) -> None:
    """The depth of each step, and of each `else`; `else if` stays on one line."""
    for step in steps:
        found.setdefault(_first(step, places), depth)
        inner: tuple[tuple[ast.Step, ...], ...] = ()
        match step:
            case ast.If(then=then, otherwise=otherwise):
                inner = (then,)
                if otherwise:
                    first = _first(otherwise[0], places)
                    chained = tokens[first - 1].text == "else" and isinstance(otherwise[0], ast.If)
                    if chained:
                        found[first] = -1
                    elses[first - (1 if tokens[first - 1].text == "else" else 2)] = depth
                    below = depth if chained else depth + 1
                    _place_steps(otherwise, below, tokens, places, found, elses)
            case ast.While(body=body) | ast.Retry(body=body) | ast.Atomic(body=body):
                inner = (body,)
            case ast.Either(branches=branches):
                inner = branches
            case _:
                pass
        for body in inner:
            _place_steps(body, depth + 1, tokens, places, found, elses)


def _place_braces(tokens: list[Lexeme], layout: TextLayout, commented: set[int]) -> None:
    """Which braces hold steps, and which others have a comment inside."""
    block = False
    open_braces: list[int] = []
    for index, token in enumerate(tokens):
        if index in layout.items:
            block = isinstance(layout.items[index], ast.Block)
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
    steps: dict[int, int],
    elses: dict[int, int],
    commented: set[int],
) -> None:
    """Give each token that begins a line its depth."""
    current = 0
    owners: list[tuple[int, int]] = []  # of the open braces: token and depth
    for index, token in enumerate(tokens):
        before = tokens[index - 1].text if index else ""
        inside = owners[-1] if owners else (-1, 0)
        depth: int | None = None
        if index in layout.items:
            depth = 0
        elif index in steps:
            depth = steps[index] if steps[index] >= 0 or index in commented else None
            if depth is not None and depth < 0:
                depth = current + 1
        elif token.text == "}" and (index in layout.bodies or index in layout.exploded):
            depth = inside[1] if inside[0] != index - 1 or index in commented else None
        elif inside[0] in layout.exploded and (inside[0] == index - 1 or before == ","):
            depth = inside[1] + 1
        elif token.text == "else" and (before != "}" or index in commented):
            if index in elses or _opens(tokens, index):
                depth = elses.get(index, max(current - 1, 1))
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


def _opens(tokens: list[Lexeme], index: int) -> bool:
    return index + 1 < len(tokens) and tokens[index + 1].text == "{"
