"""The formatter: the same protocol, the same comments, and nothing more to do."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smtmodel.language import parse as parsing
from smtmodel.language.ast import Protocol
from smtmodel.language.format import format_protocol
from smtmodel.language.layout import tokens_of
from smtmodel.source import Text
from smtmodel.source.tree import Node
from tests.support import texts

ROOT = Path(__file__).parents[2]
FILES = sorted((ROOT / "protocols").glob("*.dsl"))
BROKEN = sorted((Path(__file__).parents[1] / "broken").glob("*.dsl"))


def formatted(content: str) -> str:
    """The canonical text, after all laws have been checked on the way."""
    text = Text("test", content)
    root = parsing.derivation(text)
    assert isinstance(root, Node), root
    result = format_protocol(root, text)
    again = Text("test", result)
    reparsed = parsing.derivation(again)
    assert isinstance(reparsed, Node)
    assert reparsed == root
    assert parsing.parse(again) == parsing.parse(text)
    assert format_protocol(root, text) == result
    assert format_protocol(reparsed, again) == result
    comments = [sorted(t.text for t in tokens_of(one) if t.comment) for one in (text, again)]
    assert comments[0] == comments[1]
    assert not any(line != line.rstrip() for line in result.splitlines() if "/*" not in line)
    return result


@settings(max_examples=200)
@given(st.integers(0, 10**9))
def test_the_laws_hold_for_random_texts(seed: int) -> None:
    formatted(texts.text(seed))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_shipped_protocols_keep_their_meaning(path: Path) -> None:
    formatted(path.read_text(encoding="utf-8"))


def test_broken_protocols_that_parse_are_formatted_too() -> None:
    count = 0
    for path in BROKEN:
        content = path.read_text(encoding="utf-8")
        if isinstance(parsing.parse(Text("test", content)), Protocol):
            formatted(content)
            count += 1
    assert count > 50


SPRAWLING = """\
// about p
protocol   p "title"   // first
struct s{ a, // one
  b,c:s }
struct t {a,b}
shared x=0 // shared
word yy { a ,b }={a:1,b:-2}
mutex m
update u {   // begins

   l1: x=x-1; if(x==1){ } else if (x==2) x = 3
   else
     x= - 4
   // end


   // of it

}
thread v { retry 2 { y = f( &x )+ 1 } until (y== 2)
 either { x=1 } or { x--
 } if (x) { y = x } else { y=2 } x[ -1 ]->b = { a:1,b : choose1 } }
// said of n
never n: x==1 when x ==2 always
never longer: x==1 && y==1 settled
bounds updates 2,v 3 expect n proved
expect longer   proved for  any
number under sc
expect longer proved under tso
"""

CANONICAL = """\
// about p
protocol p "title"  // first

struct s {
    a,  // one
    b,
    c: s
}
struct t { a, b }
shared x = 0  // shared
word   yy { a, b } = { a: 1, b: -2 }
mutex  m

update u {  // begins
    l1: x = x - 1
    if (x == 1) { } else if (x == 2)
        x = 3
    else
        x = -4
    // end

    // of it
}

thread v {
    retry 2 {
        y = f(&x) + 1
    } until (y == 2)
    either {
        x = 1
    } or {
        x--
    }
    if (x) {
        y = x
    } else {
        y = 2
    }
    x[-1]->b = { a: 1, b: choose1 }
}

// said of n
never n:      x == 1 when x == 2 always
never longer: x == 1 && y == 1 settled
bounds updates 2, v 3
expect n      proved
expect longer proved for any number under sc
expect longer proved under tso
"""


def test_the_canonical_layout() -> None:
    assert formatted(SPRAWLING) == CANONICAL


def test_a_long_property_goes_on_in_a_second_line() -> None:
    long = " && ".join(f"value{n} == {n}" for n in range(8))
    result = formatted(f"protocol p\nnever n: {long} when x == 1 always")
    assert result.splitlines()[-1] == "    when x == 1 always"


def test_carriage_returns_are_dropped() -> None:
    assert formatted("protocol p\r\n\r\nshared x = 0 // a\r\n") == (
        "protocol p\n\nshared x = 0  // a\n"
    )
