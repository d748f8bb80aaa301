"""The text of one variant, as its author would have written it without the others.

Takes the text of several variants and what one of them means; gives a text in the one form, with
the comments of what it has, in which nothing speaks of variants. The comment above a variant goes
with it; one above another part that it does not have stays.
"""

import re
from collections.abc import Iterable, Iterator

from smtmodel.language import codes, selection
from smtmodel.language.format import format_protocol
from smtmodel.language.layout import Lexeme, tokens_of, without_semicolons
from smtmodel.language.meanings import Meaning
from smtmodel.language.parse import derivation
from smtmodel.language.scan import line_starts
from smtmodel.source import Span, Text
from smtmodel.source.record import record
from smtmodel.source.tree import Node

_CUT = "\0"
"""Where something was cut out; no text has this character."""

_COMMENT = re.compile(r"[ \t]*//[^\n]*")

_Change = tuple[int, int, str]
"""The offsets of a part, and what stands there instead."""


def flat(text: Text, meaning: Meaning) -> str:
    """The text of the variant."""
    root = _tree(text)
    if not meaning.variant:
        return format_protocol(root, text)
    held = selection.family(root).held[meaning.variant]
    code = [one for one in tokens_of(text) if not one.comment]
    cuts = _Cuts(without_semicolons(text), line_starts(text.content), code)
    made = Text(text.name, _changed(cuts.content, _changes(cuts, root, meaning, held)))
    return format_protocol(_tree(made), made)


def _tree(text: Text) -> Node:
    root = derivation(text)
    assert isinstance(root, Node), root
    return root


def _changed(content: str, changes: Iterable[_Change]) -> str:
    """The text after its changes, without the lines of which nothing is left."""
    made: list[str] = []
    end = 0
    for start, stop, instead in sorted(changes):
        made += [content[end:start], _CUT, instead]
        end = stop
    lines = "".join((*made, content[end:])).split("\n")
    left = (line for line in lines if _CUT not in line or line.replace(_CUT, "").strip())
    return "\n".join(left).replace(_CUT, "")


# ---------------------------------------------------------------- what is changed


def _changes(
    cuts: "_Cuts", root: Node, meaning: Meaning, held: frozenset[str]
) -> Iterator[_Change]:
    for one in selection.declared(root):
        yield cuts.whole(one.span)
        if one.words()[0].text != meaning.variant:
            yield from cuts.above(one.span)
        elif one.words()[1:]:
            yield cuts.title(root, one.words()[1].text)
    yield from _expectations(cuts, root, meaning, held)
    unused = {one.span for one in meaning.checked.excused if one.code == codes.UNUSED}
    yield from _parts(cuts, root.nodes(), held, unused)


def _expectations(
    cuts: "_Cuts", root: Node, meaning: Meaning, held: frozenset[str]
) -> Iterator[_Change]:
    """What is left of the expectations, each without what it says of variants."""
    items = selection.kept(root, held)
    deciding = selection.deciding(items, meaning.variant, held)
    met = {one.span for one in meaning.checked.expectations}
    for line in (one for one in items if one.rule == "expect"):
        own = deciding.get(id(line))
        if own is None or own.span not in met:
            yield cuts.whole(line.span)
        else:
            words = [one.text for one in own.words()]
            words += ["for any number"] if selection.for_any_number(own) else []
            words += [f"under {one.words()[0].text}" for one in own.nodes() if one.rule == "under"]
            start, end = cuts.offsets(line.span)
            yield start, end, " ".join(("expect", *words))


def _parts(
    cuts: "_Cuts", nodes: Iterable[Node], held: frozenset[str], unused: set[Span]
) -> Iterator[_Change]:
    """What goes of the parts that some variants have; of those that stay their heads and ends."""
    for one in nodes:
        if (one.rule in selection.ONLY and not selection.has(one, held)) or one.span in unused:
            yield cuts.whole(one.span)
        elif one.rule in selection.ONLY:
            yield from cuts.around(one)
            yield from _parts(cuts, selection.content(one), held, unused)
        elif one.rule in selection.AROUND:
            yield from _parts(cuts, one.nodes(), held, unused)


@record
class _Cuts:
    """A text, the offsets of its lines, and its tokens without comments."""

    content: str
    starts: tuple[int, ...]
    code: list[Lexeme]

    def offsets(self, span: Span) -> tuple[int, int]:
        """Where a part begins and ends."""
        return (
            self.starts[span.line - 1] + span.column - 1,
            self.starts[span.end_line - 1] + span.end_column - 1,
        )

    def whole(self, span: Span) -> _Change:
        """That a part goes, with the comment behind it."""
        start, end = self.offsets(span)
        comment = _COMMENT.match(self.content, end)
        return start, comment.end() if comment else end, ""

    def above(self, span: Span) -> Iterator[_Change]:
        """That the lines of comment go that stand right above a part."""
        end = self.starts[span.line - 1]
        for start in reversed(self.starts[: span.line - 1]):
            if not _COMMENT.match(self.content, start):
                break
            yield start, end - 1, ""
            end = start

    def title(self, root: Node, title: str) -> _Change:
        """That the protocol has this title."""
        name, *others = root.words()
        start, end = self.offsets(name.span.to(others[0].span) if others else name.span)
        return start, end, f"{name.text} {title}"

    def around(self, part: Node) -> Iterator[_Change]:
        """That only what is inside a part is left."""
        last = selection.named(part)[-1].span
        mark = next(
            one
            for one in self.code
            if (one.line, one.column) >= (last.end_line, last.end_column) and one.text in (":", "{")
        )
        start, end = self.offsets(part.span)
        yield start, self.starts[mark.line - 1] + mark.column, ""
        if mark.text == "{":
            yield end - 1, end, ""
