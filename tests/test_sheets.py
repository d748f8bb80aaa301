"""Sheets and sentences in Markdown and on pages: what they look like, and that texts stay texts."""

import re
from html.parser import HTMLParser

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from smtmodel.documents.sheet import (
    Block,
    Commands,
    Grid,
    Ordering,
    Row,
    Rows,
    Say,
    Sheet,
    Title,
    is_step,
)

from smtmodel.documents import sheet_json, sheet_page
from smtmodel.documents.plain import one_line
from smtmodel.documents.table import Table, TableRow
from smtmodel.formats.markdown import prose, sheet_lines
from smtmodel.source import Text
from tests.answers import HOSTILE
from tests.commonmark import tokens

SENTENCES = {
    "CASES old.dsl: never_old, seen_new, for 1 update (sc)": (
        "CASES old.dsl: `never_old`, `seen_new`, for 1 update (sc)"
    ),
    "has another outcome (unsat).": "has another outcome (unsat).",
    "they write only their own mmio (page_fault)": "they write only their own mmio (`page_fault`)",
    "a (b_c, d), e_f.": "a (`b_c`, d), `e_f`.",
    "Case 1: A.slot -> 0 (at the start); mmio = { slot: 0, gen: 0 }": (
        "Case 1: `A.slot -> 0` (at the start); `mmio = { slot: 0, gen: 0 }`"
    ),
    "stops at `x = 1`: it is there, because of `if (y)`.": (
        "stops at `x = 1`: it is there, because of `if (y)`."
    ),
    "(`a`), (`b`) `c`d": "(`a`), (`b`) `c` d",
    "without publish(slots, new), it waits": "without `publish(slots, new)`, it waits",
    "(x + y) is even": "(`x + y`) is even",
    "old.dsl -> new.dsl, for 1 update": "`old.dsl -> new.dsl`, for 1 update",
    "steps 1, 3-6, 9-11; 50% of all": "steps 1, 3-6, 9-11; 50% of all",
    "1. that": "`1`. that",
    "see www.example.org, x@y.z, GH-12, ns/me#3 and 0123abc": (
        "see `www.example.org`, `x@y.z`, `GH-12`, `ns/me#3` and `0123abc`"
    ),
    "a `b": "a `b`",
    "": "",
}


@pytest.mark.parametrize("text", SENTENCES)
def test_only_what_might_be_markup_is_code(text: str) -> None:
    assert prose(text) == SENTENCES[text]


SIGNS = "ab1 .,;:!?()[]{}<>=-+*_`~#|\\/'\"&@%$^\n"
TEXTS = st.one_of(st.text(max_size=60), st.text(SIGNS, max_size=60), st.sampled_from(HOSTILE))
LINK = re.compile(r"(?i)www\.|://|[a-z]-[0-9]|(?<![a-z0-9])[0-9a-f]{7,}(?![a-z0-9])")


@example(":``")
@settings(max_examples=400)
@given(TEXTS)
def test_any_sentence_is_words_and_code_and_nothing_is_lost(text: str) -> None:
    told = prose(text)
    marked = tokens(told)
    kinds = {"paragraph_open", "inline", "paragraph_close", "text", "code_inline"}
    assert {kind for kind, _ in marked} <= kinds
    for kind, content in marked:
        if kind == "text":
            assert re.fullmatch(r"[A-Za-z0-9 .,;:()/'%-]*", content), content
            assert not LINK.search(content), content
    whole = "".join(content for kind, content in marked if kind in ("text", "code_inline"))
    assert whole.replace(" ", "") == re.sub(r"[\s`]", "", one_line(text))


@settings(max_examples=200)
@given(TEXTS, TEXTS)
def test_any_cell_stays_in_its_table(left: str, right: str) -> None:
    sheet = Sheet("x", (Rows("", (Row((left, right), ("below",)), Row(("a", "b")))),), (), None)
    marked = tokens("\n".join(sheet_lines(sheet)))
    kinds = [kind for kind, _ in marked]
    assert (kinds.count("th_open"), kinds.count("td_open")) == (3, 6)
    assert not {"link_open", "image", "html_inline", "em_open", "strong_open"} & set(kinds)


# ---------------------------------------------------------------- whole sheets


def sheet(text: str = "x = 1") -> Sheet:
    """A sheet with every sort of block, with this text wherever a text can be."""
    table = Table(
        (f"CPU0 {text}", "CPU1 b"), (TableRow(1, 0, text, (text,)), TableRow(None, 1, text, ()))
    )
    blocks: tuple[Block, ...] = (
        Title("WORD", text),
        Say(text),
        Say(text, "Label"),
        Rows(text, (Row((text, "2", "3"), (text,)), Row((text,)))),
        Ordering(table, text, ("smtmodel", "replay", text)),
        Grid(text, (text, "head"), ((text, "PROVED"),)),
        Commands(text, (("smtmodel", text),)),
    )
    return Sheet("cases", blocks, (f"Result {text}",), {}, (Text(text, text),))


def test_a_sheet_in_markdown_has_headings_tables_and_fences() -> None:
    text = "\n".join(sheet_lines(sheet()))
    kinds = [kind for kind, _ in tokens(text)]
    assert kinds.count("heading_open") == 1
    assert kinds.count("table_open") == 2
    assert "| `x = 1` | 2 | 3 | `x = 1` |" in text
    assert "| `x = 1` | PROVED |" in text
    fences = [content for kind, content in tokens(text) if kind == "fence"]
    assert [one.split("\n")[0] for one in fences][1:] == [
        "smtmodel replay 'x = 1'",
        "smtmodel 'x = 1'",
        "Result x = 1",
    ]
    assert "*** x = 1 ***" in fences[0]


def test_a_quiet_sheet_is_its_results() -> None:
    assert sheet_lines(sheet(), quiet=True) == ["```text", "Result x = 1", "```", ""]


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_sheet_has_the_shape_of_a_harmless_one(text: str) -> None:
    bad = {"image", "link_open", "html_block", "html_inline", "em_open", "strong_open"}
    kinds = []
    for one in (sheet("harmless"), sheet(text)):
        marked = [kind for kind, _ in tokens("\n".join(sheet_lines(one)))]
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
def test_a_page_about_a_hostile_sheet_has_no_other_elements(text: str) -> None:
    pages = [sheet_page.document([one], []) for one in (sheet("harmless"), sheet(text))]
    tags = [set(_Tags(one).tags) - {"code"} for one in pages]
    assert tags[0] == tags[1]
    assert pages[1].count("<script") == 1
    assert pages[1].isascii()


def test_a_page_is_called_what_it_says_first() -> None:
    page = sheet_page.document([sheet("old.dsl: stale")], [])
    assert "<title>WORD old.dsl: stale - smtmodel</title>" in page
    assert '<span class="proved">PROVED</span>' in page
    assert "Replay: <code>smtmodel replay &#x27;old.dsl: stale&#x27;</code>" in page


@pytest.mark.parametrize("text", ["harmless", *HOSTILE])
def test_a_sheet_comes_back_as_it_was(text: str) -> None:
    there = sheet(one_line(text))
    back = sheet_json.sheet(sheet_json.sheet_value(there), there.command)
    assert isinstance(back, Sheet)
    assert (back.blocks, back.results) == (there.blocks, there.results)


def test_steps_are_told_from_sentences_by_their_signs() -> None:
    steps = ("x = 1", "synchronize_srcu(srcu)", "if (gen % 2 == 0)", "a[1]", "c = { x: 1 }")
    others = (
        "dropped with 35",
        "5 steps",
        "no stale hit",
        "without `x = 1`",
        "19 20  (as written)",
    )
    assert all(map(is_step, steps))
    assert not any(map(is_step, others))
