"""From a text to a protocol: the only file that knows the parser generator.

`parse` takes any text and gives the protocol it says or what is wrong with it; it raises
nothing whatever the text is. Names are not looked up here (`smtmodel.language.check`).
`parse_prelude` is for the one text of ours that is no protocol.
"""

import pickle
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

import lark

from smtmodel.language import codes, expected
from smtmodel.language.ast import Definition, Protocol
from smtmodel.language.build import build, build_prelude
from smtmodel.language.grammar import cache_file, grammar_text, keep, load
from smtmodel.language.scan import DEPTH, Scan, scan
from smtmodel.source import Diagnostic, Span, Text
from smtmodel.source.codes import EMPTY
from smtmodel.source.tree import Node, Word

if TYPE_CHECKING:
    from lark.parsers.lalr_interactive_parser import InteractiveParser

_NESTING = frozenset(
    (
        *("if", "while", "retry", "either", "atomic", "copy", "record"),
        *("or", "and", "merge", "mask", "equal", "order", "shift", "sum", "product"),
        *("not", "minus"),
        *("access", "index", "call", "target_access", "target_index"),
    )
)


def parse(text: Text) -> Protocol | tuple[Diagnostic, ...]:
    """The protocol that a text says, or at least one diagnostic."""
    scanned = scan(text)
    if isinstance(scanned, tuple):
        return scanned
    if scanned.empty:
        message = "the text has no protocol"
        suggestion = "begin with `protocol NAME`"
        return (Diagnostic(EMPTY, message, Span(1, 1, 1, 1), suggestion=suggestion),)
    derived = _derive(text, scanned, "start")
    if isinstance(derived, Diagnostic):
        return (derived,)
    neutral = _neutral(derived)
    if isinstance(neutral, Diagnostic):
        return (neutral,)
    return build(neutral)


def parse_prelude(text: Text) -> tuple[Definition, ...]:
    """The definitions of the prelude; ValueError if the text, which is ours, is none.

    The tree is kept between runs like the tables, which are then not needed a second time.
    """
    file = cache_file(grammar_text(), text.content, sys.version, "prelude 1")
    content = load(file) if file else None
    if content is not None:
        try:
            return build_prelude(pickle.loads(content))
        except Exception:  # a damaged cache can fail in any way, and must not matter
            content = None
    scanned = scan(text)
    if isinstance(scanned, tuple):
        raise ValueError(scanned[0].message)
    derived = _derive(text, scanned, "prelude")
    neutral = derived if isinstance(derived, Diagnostic) else _neutral(derived)
    if isinstance(neutral, Diagnostic):
        raise ValueError(f"{text.name}:{neutral.span.line}: {neutral.message}")
    if file:
        keep(file, pickle.dumps(neutral))
    return build_prelude(neutral)


# ---------------------------------------------------------------- tables


def _tables() -> lark.Lark:
    """The parser; its tables come from the cache where there is one."""
    text = grammar_text()
    file = cache_file(text, lark.__version__, sys.version, "1")
    content = load(file) if file else None
    if content is not None:
        try:
            return _thaw(content)
        except Exception:  # a damaged cache can fail in any way, and must not matter
            content = None
    made = lark.Lark(
        text,
        parser="lalr",
        start=["start", "prelude"],
        propagate_positions=True,
        maybe_placeholders=False,
    )
    if file:
        keep(file, _freeze(made))
    return made


def _freeze(parser: lark.Lark) -> bytes:
    from io import BytesIO

    stream = BytesIO()
    parser.save(stream)
    return stream.getvalue()


def _thaw(content: bytes) -> lark.Lark:
    from io import BytesIO

    return lark.Lark.load(BytesIO(content))


# ---------------------------------------------------------------- derivation


def _derive(text: Text, scanned: Scan, start: str) -> "lark.Tree[lark.Token] | Diagnostic":
    """The derivation of the text, or the first place at which there is none."""
    parser = _tables()
    state = parser.parse_interactive(text.content, start)
    before: lark.Token | None = None
    try:
        for token in _tokens(state):
            if not _whole(token, scanned):
                return _unexpected(parser, text, scanned, before, token.start_pos or 0, state)
            state.feed_token(token)
            before = token
        tree: lark.Tree[lark.Token] = state.feed_eof(before)  # type: ignore[no-untyped-call]
        return tree
    except lark.UnexpectedToken as error:
        end = error.token.type == "$END"
        offset = len(text.content) if end else error.token.start_pos or 0
    except lark.UnexpectedCharacters as error:
        offset = error.pos_in_stream
    return _unexpected(parser, text, scanned, before, offset, state)


def _tokens(state: "InteractiveParser") -> Iterator[lark.Token]:
    """The tokens of the text; which words are keywords depends on the parser's state."""
    tokens: Iterator[lark.Token] = state.lexer_thread.lex(state.parser_state)  # type: ignore[no-untyped-call]
    return tokens


def _whole(token: lark.Token, scanned: Scan) -> bool:
    """A word is read as a whole: `sharedx` is not `shared x`."""
    start = token.start_pos
    return start not in scanned.words or scanned.words[start] == token.end_pos


def _unexpected(
    parser: lark.Lark,
    text: Text,
    scanned: Scan,
    before: lark.Token | None,
    offset: int,
    state: "InteractiveParser",
) -> Diagnostic:
    """Why the text cannot go on at the offset."""
    earlier: tuple[str, ...] = ()
    if before is not None and before.type == "NAME":
        earlier = _accepted(parser, _rewind(parser, text, before.start_pos or 0))
    return expected.unexpected(
        text,
        scanned,
        offset,
        _accepted(parser, state),
        (before.start_pos or 0, earlier) if before is not None else None,
    )


def _rewind(parser: lark.Lark, text: Text, offset: int) -> "InteractiveParser":
    """The state of the parser of protocols just before the token at the offset."""
    state = parser.parse_interactive(text.content, "start")
    for token in _tokens(state):
        if (token.start_pos or 0) >= offset:
            break
        state.feed_token(token)
    return state


def _accepted(parser: lark.Lark, state: "InteractiveParser") -> tuple[str, ...]:
    """What could come next: literal terminals as they are written, others by name."""
    words: set[str] = set()
    accepted: set[str] = state.accepts()  # type: ignore[no-untyped-call]
    for name in accepted:
        if name == "$END":
            words.add("$END")
            continue
        pattern = parser.get_terminal(name).pattern
        words.add(pattern.value if pattern.type == "str" else name)
    return tuple(sorted(words))


# ---------------------------------------------------------------- the neutral tree


def _span(meta: "lark.tree.Meta | lark.Token", default: Span) -> Span:
    line, column = getattr(meta, "line", None), getattr(meta, "column", None)
    end_line, end_column = getattr(meta, "end_line", None), getattr(meta, "end_column", None)
    if line is None or column is None or end_line is None or end_column is None:
        return default
    return Span(line, column, end_line, end_column)


def _neutral(root: "lark.Tree[lark.Token]") -> Node | Diagnostic:
    """The same tree without the generator's types, or a diagnostic if it is too deep.

    Works with a stack of its own: the tree of `1 + 1 + …` is as deep as the text is long.
    """
    start = Span(1, 1, 1, 1)
    order: list[lark.Tree[lark.Token]] = []
    waiting: list[tuple[lark.Tree[lark.Token], int]] = [(root, 0)]
    while waiting:
        tree, depth = waiting.pop()
        order.append(tree)
        depth += tree.data in _NESTING
        if depth > DEPTH:
            message = f"steps and expressions are nested more than {DEPTH} levels deep"
            return Diagnostic(codes.TOO_DEEP, message, _span(tree.meta, start))
        waiting.extend((c, depth) for c in tree.children if isinstance(c, lark.Tree))
    made: dict[int, Node] = {}
    for tree in reversed(order):
        parts = tuple(
            made[id(child)]
            if isinstance(child, lark.Tree)
            else Word(str(child), _span(child, start))
            for child in tree.children
        )
        made[id(tree)] = Node(str(tree.data), parts, _span(tree.meta, start))
    return made[id(root)]
