"""A protocol in its one canonical layout.

Takes the tree of a text and the text; gives a text with the same tokens, comments and single
blank lines, laid out like the examples of docs/language.md. Only semicolons are dropped, so the
result has the same tree, with the branches of all variants, and formatting it again changes
nothing.
"""

from smtmodel.language.layout import BLOCKS, Lexeme, TextLayout, lay_out, tokens_of
from smtmodel.source import Text
from smtmodel.source.record import field, record
from smtmodel.source.tree import Node

WIDTH = 100
INDENT = "    "

_TIGHT_BEFORE = frozenset((")", "]", ",", ":", ".", "->", "..", "[", "++", "--"))
_TIGHT_AFTER = frozenset(("(", "[", "!", "~", ".", "->", ".."))
_BEFORE_EXPRESSION = frozenset(
    ("if", "while", "until", "assert", "assume", "yield", "when", "choose", "into")
)
_ENDS_OPERAND = frozenset((")", "]"))
_STATE = frozenset(("const", "variable", "guard", "cache", "shared_cache", "object"))


@record(frozen=False)
class _Line:
    """One line: its depth, its text up to a column that is aligned, the rest, its comment."""

    depth: int
    words: list[str] = field(default_factory=list)
    head: int = 0  # words that stand before the aligned column
    align: str = ""  # lines with the same mark are aligned with each other
    trailing: str = ""
    blank: bool = False  # an empty line stands before
    comment: bool = False
    item: bool = False
    opens: bool = False  # what follows is only in some variants
    wraps: bool = False
    rows: list[str] = field(default_factory=list)


def format_protocol(root: Node, text: Text) -> str:
    """The canonical text; it ends with a line end."""
    every = tokens_of(text)
    code = [one for one in every if not one.comment]
    layout = lay_out(root, code, _commented(every))
    lines = _lines(every, code, layout)
    _separate(lines, layout)
    _render(lines)
    _align_comments(lines)
    out: list[str] = []
    for line in lines:
        if line.blank and out:
            out.append("")
        out += line.rows
    return "\n".join(out) + "\n"


def _commented(tokens: list[Lexeme]) -> set[int]:
    """The tokens, counted without comments, that directly follow a comment."""
    found: set[int] = set()
    index = 0
    for token in tokens:
        if not token.comment:
            index += 1
        else:
            found.add(index)
    return found


# ---------------------------------------------------------------- tokens to lines


def _lines(every: list[Lexeme], code: list[Lexeme], layout: TextLayout) -> list[_Line]:
    lines: list[_Line] = []
    index = -1  # of the last token that is not a comment
    before: Lexeme | None = None
    for token in every:
        if token.comment:
            _comment(lines, token, before, index, code, layout)
        else:
            index += 1
            if index == 0 or index in layout.depth:
                line = _Line(layout.depth.get(index, 0), blank=_gap(before, token))
                line.blank &= not _begins_body(code, index - 1, layout) and token.text != "}"
                line.opens = index in layout.opening
                _mark(line, layout.items.get(index), prefixed=index in layout.prefixed)
                lines.append(line)
            line = _current(lines)
            line.words.append(_spaced(code, index, layout, fresh=not line.words))
        before = token
    return lines


def _current(lines: list[_Line]) -> _Line:
    """The line that code is added to; comments below it do not count."""
    return next(line for line in reversed(lines) if not line.comment)


def _gap(before: Lexeme | None, token: Lexeme) -> bool:
    return before is not None and token.line - before.end_line > 1


def _begins_body(code: list[Lexeme], index: int, layout: TextLayout) -> bool:
    return index in layout.bodies and code[index].text == "{"


def _mark(line: _Line, item: str | None, *, prefixed: bool) -> None:
    """How the first line of an item is aligned with its neighbours; behind `in NAME:` it is
    not."""
    line.item = item is not None
    line.wraps = item in ("never", "reach")
    if prefixed:
        return
    if item in _STATE:
        line.head, line.align = 1, "state"
    elif item in ("never", "reach"):
        line.head, line.align = 3, item
    elif item == "expect":
        line.head, line.align = 2, item


def _comment(
    lines: list[_Line],
    token: Lexeme,
    before: Lexeme | None,
    index: int,
    code: list[Lexeme],
    layout: TextLayout,
) -> None:
    """Put a comment on its own line, behind its line, or where it stands in it."""
    following = index + 1
    breaks = following >= len(code) or following in layout.depth
    own = before is None or before.end_line < token.line
    if index < 0 or (own and breaks):
        depth = layout.depth.get(following, 0)
        if following < len(code) and code[following].text == "}" and index >= 0:
            depth += 1
        blank = _gap(before, token) and not _begins_body(code, index, layout)
        first = before is not None and before.comment and before.end_line == token.line
        if first and lines and lines[-1].comment:
            lines[-1].words.append(" " + token.text)
        else:
            lines.append(_Line(depth, [token.text], blank=blank, comment=True))
    elif breaks:
        line = lines[-1]
        if line.comment:
            line.words.append(" " + token.text)
        else:
            line.trailing = f"{line.trailing} {token.text}".strip()
    elif token.text.startswith("/*") and "\n" not in token.text:
        _current(lines).words.append(" " + token.text)
    else:
        line = _current(lines)
        place = next(i for i, one in enumerate(lines) if one is line)
        depth = line.depth + (line.words[0] == "}")
        hoisted = _Line(depth, [token.text], blank=line.blank, comment=True)
        line.blank = False
        lines.insert(place, hoisted)


def _spaced(code: list[Lexeme], index: int, layout: TextLayout, fresh: bool) -> str:
    """The token with the blank that stands before it, if any."""
    token = code[index].text
    if fresh:
        return token
    return token if _tight(code, index, layout) else " " + token


def _tight(code: list[Lexeme], index: int, layout: TextLayout) -> bool:
    """Whether the token follows the one before without a blank."""
    before, token = code[index - 1].text, code[index].text
    if before == "-" == token[0] or token == before == "&":
        return False
    if token in _TIGHT_BEFORE:
        return index not in layout.choosing
    if before in _TIGHT_AFTER:
        return True
    if before in ("-", "&"):
        return _unary(code, index - 1)
    if token == "(":
        return before not in _BEFORE_EXPRESSION and (before[0].isalpha() or before[0] == "_")
    return False


def _unary(code: list[Lexeme], index: int) -> bool:
    """Whether the minus (or `&`) at the index has no left operand."""
    before = code[index - 1].text
    if before in _BEFORE_EXPRESSION:
        return True
    return not (before in _ENDS_OPERAND or before[0].isalnum() or before[0] == "_")


# ---------------------------------------------------------------- lines to text


def _separate(lines: list[_Line], layout: TextLayout) -> None:
    """An empty line around each block, after the first line and after the variants, above
    their comments."""
    items = iter(layout.items[index] for index in sorted(layout.items))
    before = ""
    for place, line in enumerate(lines):
        if not line.item:
            continue
        item = next(items)
        apart = item in BLOCKS or before in BLOCKS
        if not before or apart or (before == "variant") > (item == "variant"):
            top = place
            while (
                top > 1
                and not lines[top].blank
                and (lines[top - 1].comment or lines[top - 1].opens)
            ):
                top -= 1
            lines[top].blank = True
        before = item


def _render(lines: list[_Line]) -> None:
    """Give each line its text, heads of neighbours that are aligned padded to one width."""
    start = 0
    for place, line in enumerate([*lines, _Line(0)]):
        if place == len(lines) or line.align != lines[start].align or line.blank:
            run = lines[start:place]
            width = max((len("".join(one.words[: one.head])) for one in run), default=0)
            for one in run:
                _render_line(one, width)
            start = place


def _render_line(line: _Line, width: int) -> None:
    pad = INDENT * line.depth
    head = "".join(line.words[: line.head]).ljust(width if line.align else 0)
    line.rows = [(pad + head + "".join(line.words[line.head :])).rstrip()]
    if line.wraps and len(line.rows[0]) > WIDTH and " when" in line.words:
        at = line.words.index(" when")
        first = pad + head + "".join(line.words[line.head : at])
        line.rows = [first, pad + INDENT + "".join(line.words[at:]).strip()]


def _align_comments(lines: list[_Line]) -> None:
    """Comments behind neighbouring lines begin in one column."""
    run: list[_Line] = []
    for line in [*lines, _Line(0)]:
        if line.trailing and not (line.blank and run):
            run.append(line)
            continue
        column = max((len(one.rows[-1]) for one in run), default=0) + 2
        for one in run:
            one.rows[-1] = one.rows[-1].ljust(column) + one.trailing
        run = [line] if line.trailing else []
