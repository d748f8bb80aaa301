"""Documents in Markdown and on pages: what they look like, and that texts stay texts."""

import json
import re
from html.parser import HTMLParser

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from smtmodel.documents.answer import Analysis, Answer
from smtmodel.documents.document import (
    Block,
    CodeSpan,
    Commands,
    Document,
    Grid,
    Inline,
    Ordering,
    PlaceSpan,
    ResultLine,
    Row,
    Rows,
    Say,
    Spans,
    StepSpan,
    TallyLine,
    TextSpan,
    Title,
    VerdictSpan,
    spans,
    text_of,
)
from smtmodel.documents.json import saved_sheet
from smtmodel.documents.plain import one_line
from smtmodel.documents.table import Table, TableRow
from smtmodel.documents.wire.analyses import SavedCases, SavedFile, SavedSheet
from smtmodel.documents.wire.codec import decode, encode
from smtmodel.documents.wire.outcomes import SavedBounds
from smtmodel.formats import ANALYSES, html
from smtmodel.formats.markdown import lines_of, prose
from smtmodel.source import Text
from smtmodel.verdict import Verdict
from tests.support.answers import HOSTILE, rendered
from tests.support.commonmark import tokens

SENTENCES = {
    "CASES old.dsl: never_old, seen_new, for 1 update (sc)": (
        "CASES old.dsl: `never_old`, `seen_new`, for 1 update (sc)"
    ),
    "has another outcome (unsat).": "has another outcome (unsat).",
    "they write only their own mmio (page_fault)": "they write only their own mmio (`page_fault`)",
    "a (b_c, d), e_f.": "a (`b_c`, d), `e_f`.",
    "stops at `x = 1`: it is there, because of `if (y)`.": (
        "stops at `x = 1`: it is there, because of `if (y)`."
    ),
    "(`a`), (`b`) `c`d": "(`a`), (`b`) `c`d",
    "`a``b`": "`a` `b`",
    "x_y`a`": "`x_y` `a`",
    "old.dsl -> new.dsl, for 1 update": "old.dsl -> new.dsl, for 1 update",
    "(2 < 7 < 8)": "(2 < 7 < 8)",
    "steps 1, 3-6, 9-11; 50% of all": "steps 1, 3-6, 9-11; 50% of all",
    '"mm_x: avoid a y", in "x_y"': '"`mm_x`: avoid a y", in "`x_y`"',
    "1. that": "`1`. that",
    "see www.example.org, x@y.z, GH-12, ns/me#3 and 0123abc": (
        "see `www.example.org`, `x@y.z`, `GH-12`, `ns/me#3` and `0123abc`"
    ),
    "a `b": "a `` `b ``",
    "": "",
}


@pytest.mark.parametrize("text", SENTENCES)
def test_of_words_only_what_might_be_markup_is_code(text: str) -> None:
    assert prose(spans(text)) == SENTENCES[text]


EVERY: tuple[tuple[Inline, str, str], ...] = (
    (TextSpan("a b"), "a b", "a b"),
    (CodeSpan("x = 1"), "`x = 1`", "`x = 1`"),
    (StepSpan("x = 1"), "x = 1", "`x = 1`"),
    (StepSpan("x"), "x", "`x`"),
    (VerdictSpan(Verdict.PROVED), "PROVED", "PROVED"),
    (PlaceSpan("a.dsl", (1, 2)), "a.dsl:1, 2", "`a.dsl:1, 2`"),
    (PlaceSpan("", ()), "(built in)", "(built in)"),
)


@pytest.mark.parametrize(("span", "plain", "marked"), EVERY)
def test_a_span_says_what_it_is(span: Inline, plain: str, marked: str) -> None:
    assert text_of((span,)) == plain
    assert prose((span,)) == marked


SIGNS = "ab1 .,;:!?()[]{}<>=-+*_`~#|\\/'\"&@%$^\n"
TEXTS = st.one_of(st.text(max_size=60), st.text(SIGNS, max_size=60), st.sampled_from(HOSTILE))
SAFE = re.compile(r"(?:[A-Za-z0-9 .,;:()/'\"%-]|->|<(?=[ .,;:)\"']|$))*")
LINK = re.compile(r"(?i)www\.|://|[a-z]-[0-9]|(?<![a-z0-9])[0-9a-f]{7,}(?![a-z0-9])")


@example(":``")
@example('<"')
@settings(max_examples=150)
@given(TEXTS)
def test_any_sentence_is_words_and_code_and_nothing_is_lost(text: str) -> None:
    told = prose((TextSpan(text),))
    marked = tokens(told)
    kinds = {"paragraph_open", "inline", "paragraph_close", "text", "code_inline"}
    assert {kind for kind, _ in marked} <= kinds
    for kind, content in marked:
        if kind == "text":
            assert SAFE.fullmatch(content), content
            assert not LINK.search(content), content
    whole = "".join(content for kind, content in marked if kind in ("text", "code_inline"))
    assert whole.replace(" ", "") == re.sub(r"\s", "", one_line(text))


@settings(max_examples=200)
@given(TEXTS, TEXTS)
def test_any_cell_stays_in_its_table(left: str, right: str) -> None:
    rows = (
        Row((spans(left), spans(StepSpan(right))), (spans("below"),)),
        Row((spans("a"), spans("b"))),
    )
    marked = tokens("\n".join(lines_of(Document("x", (Rows((), rows),)))))
    kinds = [kind for kind, _ in marked]
    assert (kinds.count("th_open"), kinds.count("td_open")) == (3, 6)
    assert not {"link_open", "image", "html_inline", "em_open", "strong_open"} & set(kinds)


# ---------------------------------------------------------------- whole documents


def whole(text: str = "x = 1") -> Document:
    """A document with every sort of block of an analysis, with this text wherever one can be."""
    table = Table(
        ("a0", "b0"),
        (f"a0 {text}", "b0 b"),
        (TableRow(1, 0, text, (text,)), TableRow(None, 1, text, ())),
        (text,),
    )
    words, step = spans(TextSpan(text)), spans(StepSpan(text))
    blocks: tuple[Block, ...] = (
        Title("WORD", words),
        Say(words),
        Say(spans(CodeSpan(text)), "Label"),
        Rows(words, (Row((step, spans("2"), spans("3")), (step,)), Row((words,)))),
        Ordering(table, text, ("smtmodel", "replay", text)),
        Grid(words, (step, spans("head")), ((step, spans(VerdictSpan(Verdict.PROVED))),)),
        Commands(words, (("smtmodel", text),)),
    )
    results = (ResultLine("f", text, Verdict.PROVED, 1.0), TallyLine("Orders", "f", "b", ": 1"))
    return Document("cases", blocks, results, None, (Text(text, text),))


NOTHING = SavedCases(SavedFile("f", "00000000", None), "sc", SavedBounds(1, {}, 1), ())


def page(document: Document) -> str:
    """The page about it."""
    return html.rendered(Answer("cases", "0", 0, (), (), "", (Analysis(document, NOTHING),)))


@pytest.mark.parametrize("form", ANALYSES)
def test_every_format_of_analyses_shows_every_block(form: str) -> None:
    found = Answer("cases", "0", 0, (), (), "", (Analysis(whole("marked"), NOTHING),))
    assert rendered(form, found).count("marked") >= 12


def test_a_document_in_markdown_has_headings_tables_and_fences() -> None:
    text = "\n".join(lines_of(whole()))
    kinds = [kind for kind, _ in tokens(text)]
    assert kinds.count("heading_open") == 1
    assert kinds.count("table_open") == 2
    assert "| `x = 1` | 2 | 3 | `x = 1` |" in text
    assert "| `x = 1` | PROVED |" in text
    fences = [content for kind, content in tokens(text) if kind == "fence"]
    assert [one.split("\n")[0] for one in fences][1:] == [
        "smtmodel replay 'x = 1'",
        "smtmodel 'x = 1'",
        "Result f x = 1 PROVED 1.00s",
    ]
    assert "*** x = 1 ***" in fences[0]


def test_a_quiet_document_is_its_results() -> None:
    assert lines_of(whole(), quiet=True) == [
        "```text",
        "Result f x = 1 PROVED 1.00s",
        "Orders f b: 1",
        "```",
        "",
    ]


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_document_has_the_shape_of_a_harmless_one(text: str) -> None:
    bad = {"image", "link_open", "html_block", "html_inline", "em_open", "strong_open"}
    kinds = []
    for one in (whole("harmless"), whole(text)):
        marked = [kind for kind, _ in tokens("\n".join(lines_of(one)))]
        assert marked.count("strong_open") == 1  # the label is ours
        assert not (bad - {"strong_open"}) & set(marked)
        kinds.append([kind for kind in marked if kind.startswith(("t", "fence", "heading"))])
    shapes = [[one for one in found if one != "text"] for found in kinds]
    assert shapes[0] == shapes[1]


class _Tags(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags += [tag, *(name for name, _ in attrs)]


@pytest.mark.parametrize("text", HOSTILE)
def test_a_page_about_a_hostile_document_has_no_other_elements(text: str) -> None:
    pages = [page(one) for one in (whole("harmless"), whole(text))]
    tags = [set(_Tags(one).tags) - {"code"} for one in pages]
    assert tags[0] == tags[1]
    assert pages[1].count("<script") == 1
    assert pages[1].isascii()


def test_a_page_is_called_what_it_says_first() -> None:
    made = page(whole("old.dsl: stale"))
    assert "<title>WORD old.dsl: stale - smtmodel</title>" in made
    assert '<span class="proved">PROVED</span>' in made
    assert "Replay: <code>smtmodel replay &#x27;old.dsl: stale&#x27;</code>" in made


@pytest.mark.parametrize("text", ["harmless", *HOSTILE])
def test_a_document_comes_back_as_it_was(text: str) -> None:
    there = whole(one_line(text))
    shown = saved_sheet(there)
    assert decode(json.loads(json.dumps(encode(shown))), SavedSheet) == shown


@given(TEXTS)
def test_a_message_is_read_as_it_is_written(text: str) -> None:
    made: Spans = spans(text)
    quoted = len([one for one in made if isinstance(one, CodeSpan)])
    assert text_of(made).replace("`", "") == text.replace("`", "")
    assert quoted <= text.count("`") // 2
