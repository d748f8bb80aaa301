"""The tables are run as the parser generator would run them: the same derivations, the same stops.

The generator's own parser reads shipped, broken and mutated texts once more.
"""

import random
from functools import cache

import lark
import pytest

from smtmodel.language import parse as parsing
from smtmodel.language.derive import DeadEnd
from smtmodel.language.grammar import grammar_text, prelude_text
from smtmodel.language.scan import Scan, scan
from smtmodel.source import Span, Text
from smtmodel.source.tree import Node, Word
from tests.language.test_fuzz_front import WORDS, sources

Refused = tuple[int, int, tuple[str, ...]]
"""Where a text stops, where the terminal before it begins (-1: nowhere), what could stand there."""


@cache
def generator() -> lark.Lark:
    return lark.Lark(
        grammar_text(),
        parser="lalr",
        start=["start", "prelude"],
        propagate_positions=True,
        maybe_placeholders=False,
    )


def expected(content: str, scanned: Scan, start: str) -> Node | Refused:
    """What the generator makes of a text, if words are read as a whole."""
    state = generator().parse_interactive(content, start)
    before = -1
    try:
        for token in state.lexer_thread.lex(state.parser_state):
            offset = token.start_pos
            if scanned.words.get(offset, token.end_pos) != token.end_pos:
                return offset, before, tuple(sorted(state.accepts()))
            state.feed_token(token)
            before = offset
        return neutral(state.feed_eof())
    except lark.UnexpectedToken as error:
        offset = len(content) if error.token.type == "$END" else error.token.start_pos
    except lark.UnexpectedCharacters as error:
        offset = error.pos_in_stream
    return offset, before, tuple(sorted(state.accepts()))


def neutral(tree: lark.Tree[lark.Token]) -> Node:
    parts = tuple(
        neutral(part) if isinstance(part, lark.Tree) else Word(str(part), span(part))
        for part in tree.children
    )
    return Node(str(tree.data), parts, span(tree.meta))


def span(place: lark.Token | lark.tree.Meta) -> Span:
    if getattr(place, "line", None) is None:
        return Span(1, 1, 1, 1)
    return Span(place.line, place.column, place.end_line, place.end_column)


def derived(content: str, scanned: Scan, start: str) -> Node | Refused:
    found = parsing._deriver().derive(content, scanned, start)
    if isinstance(found, DeadEnd):
        before = -1 if found.before is None else found.before.start
        return found.offset, before, tuple(sorted(found.accepted))
    return found


def agreed(content: str, start: str = "start") -> bool | None:
    """Whether there is a derivation, on which both agree; None if the text is refused earlier."""
    scanned = scan(Text("test", content))
    if isinstance(scanned, tuple):
        return None
    found = derived(content, scanned, start)
    # Equality ignores places, of which nothing may differ here.
    assert repr(found) == repr(expected(content, scanned, start)), content
    return isinstance(found, Node)


def test_shipped_and_broken_protocols_and_the_prelude() -> None:
    found = [agreed(content) for content in sources()]
    assert found.count(True) > 100
    assert found.count(False) > 10
    assert agreed(prelude_text(), "prelude")
    assert not agreed(prelude_text() + "}", "prelude")


def mutated(content: str, chooser: random.Random) -> str:
    """The text with a word more, a word less, another one or none after it."""
    place, end = sorted(chooser.randrange(len(content) + 1) for _ in range(2))
    end = min(end, place + chooser.randrange(1, 12))
    match chooser.randrange(4):
        case 0:
            return content[:place] + content[end:]
        case 1:
            return f"{content[:place]}{chooser.choice(WORDS)}{content[place:]}"
        case 2:
            return f"{content[:place]} {chooser.choice(WORDS)} {content[end:]}"
        case _:
            return content[:place]


@pytest.mark.parametrize("seed", range(3))
def test_mutated_protocols(seed: int) -> None:
    chooser = random.Random(seed)
    every = sources()
    found = [agreed(mutated(chooser.choice(every), chooser)) for _ in range(80)]
    assert found.count(True) > 3
    assert found.count(False) > 30


@pytest.mark.parametrize(
    "content",
    ["protocol p", "protocol", "protocol protocol", "protocol p ; ; shared x = 0", "protocolp"],
)
def test_the_smallest_texts(content: str) -> None:
    assert agreed(content) is not None


def test_a_large_file_of_one_protocol() -> None:
    """Repetitions are derived in place: neither deep nor slow."""
    steps = "\n".join(f"x{number} = {number}" for number in range(3000))
    assert agreed(f"protocol p thread t {{ {steps} }}")
