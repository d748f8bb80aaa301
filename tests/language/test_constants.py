"""Named constants mean what the literals in their place would, wherever one may stand."""

import re

import pytest

from smtmodel.analysis.variants import variants
from smtmodel.analysis.words import Mutation
from smtmodel.language.ast import Protocol
from smtmodel.language.checked import Checked
from smtmodel.language.parse import parse
from smtmodel.language.walk import within
from smtmodel.models import SC
from smtmodel.source import Text
from tests.support.front import accepted, codes, diagnose, form

NAMED = """\
protocol named

const FLAG = 4
const LOW = -3
const LENGTH = 2
const WANT = 1

struct node { data }

object one: node = { data: LOW }
rcu p: node = { data: FLAG }
shared a[LENGTH]: bits 3 = FLAG
shared b { x, y } = { x: LOW, y: FLAG }
word w { n } = { n: WANT }
shared x = LOW

thread t {
    x = x & FLAG | FLAG
    x = x << LENGTH
    x = x % FLAG + -LOW - (-(LOW))
    a[WANT] = FLAG
    c = choose LOW..FLAG
    w = { n: c }
    d = cmpxchg(&x, FLAG, LOW)
    smp_store_mb(x, FLAG)
    r = read_seqcount_begin(&a[WANT])
    want = settled(a[WANT] + FLAG)
    assert (x | FLAG) == LENGTH || want == d + r
}

never bad: a[WANT] == FLAG when x == LOW always
never end: t[WANT].c == FLAG finally
reach goal: b.x != LOW
bounds t 2
"""


def literal(text: str) -> str:
    """The same protocol without names."""
    values = re.findall(r"^const (\w+) = (-?\d+)\n", text, re.M)
    text = re.sub(r"^const .*\n", "", text, flags=re.M)
    for name, value in values:
        text = re.sub(rf"\b{name}\b", value, text)
    return text


def meaning(protocol: Checked) -> tuple[object, ...]:
    """Everything but the words of the steps and where they stand."""
    return (
        protocol.variables,
        protocol.objects,
        protocol.properties,
        [(block.name, list(within(block.steps))) for block in protocol.blocks],
    )


def test_a_constant_is_its_literal_wherever_one_may_stand() -> None:
    plain = literal(NAMED)
    assert not re.search(r"FLAG|LOW|LENGTH|WANT", plain)
    assert meaning(accepted(NAMED)) == meaning(accepted(plain))


def test_what_a_step_says_in_reports_is_what_the_text_says() -> None:
    (block,) = accepted(NAMED).blocks
    assert block.steps[0].where.text == "x = x & FLAG | FLAG"


@pytest.mark.parametrize("place", ["bounds t WANT", "x: bits WANT = 0", "retry WANT { } until (x)"])
def test_bounds_widths_and_loops_are_written_out(place: str) -> None:
    text = NAMED.replace("bounds t 2", place) if "bounds" in place else NAMED
    text = text.replace("shared x = LOW", f"shared {place}") if "x: " in place else text
    text = text.replace("    w = {", f"    {place}\n    w = {{") if "retry" in place else text
    assert text != NAMED
    assert codes(text) == ["E101"]


def test_a_misspelt_constant_is_told_which_one_was_meant() -> None:
    for use in ("x & FLAG", "LOW..FLAG", "a[LENGTH]", "{ x: LOW", "x == LOW always"):
        wrong = NAMED.replace(use, re.sub(r"([A-Z])([A-Z]+)", r"\1Q\2", use))
        found = [one for one in diagnose(wrong) if one.code.name == "E201"]
        assert found, use
        assert all(one.suggestion.startswith("did you mean `") for one in found), use


def test_a_constant_that_nothing_uses_is_an_error() -> None:
    assert codes(NAMED.replace("const WANT", "const MANY = 1\nconst WANT")) == ["E212"]
    twice = codes(NAMED.replace("thread t", "const x = 1\nthread t"))
    assert twice == ["E202"]


def test_a_variant_without_its_last_use_is_still_a_protocol() -> None:
    text = Text(
        "v",
        "protocol v\nconst FLAG = 4\nshared x = 0\nshared y = 0\n"
        "thread t {\n    x = FLAG\n    y = 1\n}\nnever bad: x == 9 always\nbounds t 1\n",
    )
    parsed = parse(text)
    assert isinstance(parsed, Protocol)
    found = list(variants(parsed, text, accepted(text.content), SC))
    dropped = {one.texts: one.refused for one in found if one.change is Mutation.DROP}
    assert dropped == {("x = FLAG",): "", ("y = 1",): ""}


def test_the_form_of_constants() -> None:
    text = Text("f", "protocol p const A=-  3 const LONG = 4 shared a[ A ]=A|1 bounds t 1")
    assert isinstance(parse(text), tuple)
    text = Text(
        "f", "protocol p const A=-  3 const LONG = 4 shared a[ A ]=A never n: a|A==1 always"
    )
    assert form(text) == (
        "protocol p\n\nconst  A = -3\nconst  LONG = 4\nshared a[A] = A\n"
        "never n: a | A == 1 always\n"
    )
