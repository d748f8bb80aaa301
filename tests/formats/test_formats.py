"""Every format, read back by a parser of its own; texts of a protocol break out of none."""

import json
import re
import xml.etree.ElementTree as ET
from html.parser import HTMLParser

import junitparser
import pytest
from jsonschema import Draft202012Validator

from smtmodel.documents.answer import Answer, Expected, ReportPart
from smtmodel.documents.json import schema_text
from smtmodel.documents.plain import plain
from smtmodel.formats import FORMATS, github
from smtmodel.formats.human import Style
from smtmodel.formats.layout import hung
from smtmodel.formats.markdown import code
from smtmodel.solving.result import Result
from smtmodel.source.record import replace
from smtmodel.source.refusal import Refusal
from smtmodel.verdict import Cause, Verdict
from tests.support.answers import HOSTILE, answer, hostile, part, unexpected
from tests.support.answers import rendered as shown
from tests.support.commonmark import tokens
from tests.support.ktap import read
from tests.support.processes import ROOT

LARGEST = 150_000
"""Bytes of a page about one protocol."""
SVG = "{http://www.w3.org/2000/svg}"


def rendered(form: str, *parts: ReportPart) -> str:
    """The answer about these parts."""
    return shown(form, answer(*parts))


@pytest.mark.parametrize("form", FORMATS)
def test_every_format_names_the_verdicts_and_is_the_same_each_time(form: str) -> None:
    text = rendered(form, part("original"), part("paolo"))
    assert "REFUTED" in text
    assert "stale_after_return" in text
    assert text == rendered(form, part("original"), part("paolo"))


@pytest.mark.parametrize("form", FORMATS)
def test_only_formats_that_say_so_have_runs_of_what_is_as_expected(form: str) -> None:
    one = part("original")
    results = one.outcome.results
    assert any(result.run is not None for result in results)
    without = replace(one.outcome, results=tuple(replace(result, run=None) for result in results))
    met = replace(one, expected=tuple(Expected(result.verdict) for result in results))
    same = rendered(form, met) == rendered(form, replace(met, outcome=without))
    assert same is not FORMATS[form].runs


@pytest.mark.parametrize("form", FORMATS)
def test_every_format_says_why_an_input_is_refused(form: str) -> None:
    refused = Answer("prove", "0.0.0", 2, (), (Refusal("x.dsl", "it is not there"),))
    assert "it is not there" in shown(form, refused)


@pytest.mark.parametrize("form", ["human", "email", "markdown", "html", "svg", "github", "junit"])
def test_a_refutation_says_why_where_its_run_is_shown(form: str) -> None:
    text = rendered(form, part("original"))
    if form in ("html", "svg", "junit"):
        text = " ".join(Page(text).texts) if form == "html" else " ".join(_texts_of(text))
    told = " ".join(_unescaped(text).replace("`", "").split())
    assert "Why: slot = rcu_dereference(slots).slot of fault0 comes before rcu_assign" in told
    assert "it does not matter where the other steps stand: 1, 3-6, 9-11." in told


def _texts_of(text: str) -> list[str]:
    return ["".join(one.itertext()) for one in ET.fromstring(text).iter() if one.text]


def test_ktap_says_why_above_the_result() -> None:
    lines = rendered("ktap", part("original")).splitlines()
    (why, *_) = [place for place, one in enumerate(lines) if "#      Why: `slot = " in one]
    assert why < lines.index(next(one for one in lines if "not ok 1 stale_after_return" in one))


def test_the_page_of_formats_names_them_all() -> None:
    page = (ROOT / "docs" / "formats.md").read_text()
    assert re.findall(r"^## (\w+)", page, re.M) == list(FORMATS)
    assert set(re.findall(r"--(?:format |out )([a-z0-9]+)", page)) == set(FORMATS)


# ---------------------------------------------------------------- html


class Page(HTMLParser):
    """Checks that elements are closed in order; collects elements, attributes and texts."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.texts: list[str] = []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]
        if tag not in ("meta", "link"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts.append(data)

    def handle_comment(self, data: str) -> None:
        raise AssertionError(f"a comment: {data}")


@pytest.mark.parametrize("name", ["original", "xiao", "paolo", "paolo-no-grace-period"])
def test_a_page_is_small_and_asks_for_nothing(name: str) -> None:
    text = rendered("html", part(name))
    assert text.isascii()
    assert len(text) < LARGEST
    page = Page(text)
    assert page.tags.count("script") == page.tags.count("style") == 1
    policies = [v for name_, v in page.attributes if name_ == "content" and "src" in v]
    assert [one.split(" 'sha256-")[0] for one in policies] == ["default-src 'none'; style-src"]
    for name_, value in page.attributes:
        assert name_ not in ("src", "srcset", "action", "style"), name_
        assert not name_.startswith("on")
        assert name_ != "href" or value == "data:,"
    assert not re.search(r"url\(|@import|fetch\(|XMLHttpRequest|innerHTML|eval\(", text)


def test_a_page_has_the_run_without_the_script() -> None:
    page = Page(rendered("html", part("original")))
    texts = " ".join(page.texts)
    for said in ("rcu_assign_pointer(slots, new)", "B.slot: 0 -> fresh1", "at the end", "Replay:"):
        assert said in texts
    assert "step 8 reads slots from step 7" in texts
    assert part("original").protocol.text.line(28).strip() in texts


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("form", ["html", "svg", "junit"])
def test_texts_stay_texts_in_markup(form: str, text: str) -> None:
    harmless = rendered(form, hostile("harmless"))
    made = rendered(form, hostile(text))
    if form == "html":
        before, after = Page(harmless), Page(made)
        assert sorted(set(before.tags)) == sorted(set(after.tags))
        assert {n for n, _ in after.attributes} == {n for n, _ in before.attributes}
        assert any(plain(text).split("\n")[0] in one for one in after.texts)
        return
    before_, after_ = (ET.fromstring(one) for one in (harmless, made))
    assert {one.tag for one in after_.iter()} == {one.tag for one in before_.iter()}
    names = [{name for one in root.iter() for name in one.attrib} for root in (before_, after_)]
    assert names[0] == names[1]


# ---------------------------------------------------------------- svg


def test_a_picture_has_every_step_as_text_inside_its_borders() -> None:
    root = ET.fromstring(rendered("svg", part("original")))
    _, _, width, height = map(float, root.attrib["viewBox"].split())
    texts = list(root.iter(f"{SVG}text"))
    said = [one.text for one in texts]
    for head in ("update0 set_memory_region", "fault0 page_fault", "new = copy old"):
        assert head in said
    for one in texts:
        end = float(one.attrib["x"]) + float(one.attrib.get("textLength", 0))
        assert 0 <= float(one.attrib["x"]) <= end <= width
        assert 0 <= float(one.attrib["y"]) <= height
    titles = [one.text for one in root.iter(f"{SVG}title")]
    assert titles.count("step 8 reads slots from step 7") == 2


# ---------------------------------------------------------------- markdown


@pytest.mark.parametrize("text", HOSTILE)
def test_texts_stay_code_in_markdown(text: str) -> None:
    kinds = [kind for kind, _ in tokens(rendered("markdown", hostile(text)))]
    wanted = [kind for kind, _ in tokens(rendered("markdown", hostile("harmless_")))]
    assert kinds.count("fence") == wanted.count("fence")
    assert kinds.count("td_open") == wanted.count("td_open")
    assert not {"image", "link_open", "html_block", "html_inline", "code_block"} & set(kinds)


@pytest.mark.parametrize("text", [*HOSTILE, "", " ", "`", "a`", "``a", "|", "\\|"])
@pytest.mark.parametrize("cell", [False, True])
def test_a_span_of_code_holds_the_text(text: str, cell: bool) -> None:
    span = code(text, cell=cell)
    lines = f"| a | b |\n| - | - |\n| {span} | x |" if cell else f"x {span}"
    codes = [content for kind, content in tokens(lines) if kind == "code_inline"]
    assert len(codes) == 1
    wanted = plain(text).replace("\n", " ").replace("\\|", "\\ |" if cell else "\\|")
    assert codes[0].strip() == wanted.strip()


def test_a_proof_in_markdown_is_a_list() -> None:
    marked = tokens(rendered("markdown", part("paolo")))
    assert ("text", "Scope:") in marked
    assert [content for kind, content in marked if kind == "heading_open"] != []
    assert sum(kind == "tr_open" for kind, _ in marked) == 1 + len(part("paolo").outcome.results)


# ---------------------------------------------------------------- github

COMMAND = re.compile(r"::(error|warning|notice) ([^:]*)::(.*)")


def _unescaped(text: str) -> str:
    for code_, one in (("%0A", "\n"), ("%0D", "\r"), ("%3A", ":"), ("%2C", ","), ("%25", "%")):
        text = text.replace(code_, one)
    return text


@pytest.mark.parametrize("text", ["harmless", *HOSTILE])
def test_an_annotation_is_one_line_and_has_its_place(text: str) -> None:
    refused = github.refusal_lines(Refusal(text, text), Style())
    for line in [*rendered("github", hostile(text)).splitlines(), *refused]:
        match = COMMAND.fullmatch(line)
        assert match, line
        properties = dict(one.split("=", 1) for one in match[2].split(","))
        assert _unescaped(properties["file"]) == plain(text)
        assert set(properties) <= {"file", "line", "endLine", "col", "endColumn", "title"}
        assert plain(text).split("\n")[0].rstrip("?") in _unescaped(match[3])


def test_annotations_stand_where_properties_do() -> None:
    lines = rendered("github", part("original")).splitlines()
    assert lines[0].startswith("::error file=original.dsl,line=35,")
    assert "%0AReplay: smtmodel replay original.dsl " in lines[0]
    assert rendered("github", part("paolo")) == ""
    assert ", expected REFUTED" in rendered("github", unexpected(part("paolo")))


# ---------------------------------------------------------------- junit and ktap

ATTRIBUTES = {
    "testsuites": {"name", "time", "tests", "failures", "errors"},
    "testsuite": {"name", "tests", "failures", "errors", "skipped", "time", "file"},
    "properties": set[str](),
    "property": {"name", "value"},
    "testcase": {"name", "time", "classname"},
    "failure": {"type", "message"},
    "error": {"type", "message"},
}
"""What the schema of Jenkins' xUnit plugin allows, of what is used here."""
INSIDE = {
    "testsuites": {"testsuite"},
    "testsuite": {"properties", "testcase"},
    "properties": {"property"},
    "testcase": {"failure", "error"},
}


def undecided(found: ReportPart, cause: Cause) -> ReportPart:
    """The same with nothing decided."""
    told: list[Result] = [
        replace(one, verdict=Verdict.UNKNOWN, cause=cause, reason="too # hard", run=None)
        for one in found.outcome.results
    ]
    return replace(found, outcome=replace(found.outcome, results=tuple(told)))


CASES = {
    "original": (part("original"), 2, 0),
    "paolo": (part("paolo"), 0, 0),
    "paolo under tso": (part("paolo", "tso"), 0, 0),
    "unexpected": (unexpected(part("paolo")), 4, 0),
    "timeout": (undecided(part("paolo"), Cause.TIMEOUT), 0, 4),
    "budget": (undecided(part("paolo"), Cause.BUDGET), 0, 4),
    **{f"hostile {number}": (hostile(text), 2, 0) for number, text in enumerate(HOSTILE)},
}


@pytest.mark.parametrize("case", CASES)
def test_junit_keeps_to_the_schema_and_counts(case: str) -> None:
    found, failures, errors = CASES[case]
    text = rendered("junit", found)
    for one in ET.fromstring(text).iter():
        assert set(one.attrib) <= ATTRIBUTES[one.tag], one.tag
        assert {child.tag for child in one} <= INSIDE.get(one.tag, set()), one.tag
    (suite,) = junitparser.JUnitXml.fromstring(text.encode())
    assert (suite.tests, suite.failures, suite.errors) == (4, failures, errors)
    verdicts = [type(one).__name__ for case_ in suite for one in case_.result]
    assert (verdicts.count("Failure"), verdicts.count("Error")) == (failures, errors)
    assert [one.name for one in suite] == [one.name for one in found.outcome.results]


@pytest.mark.parametrize("case", CASES)
def test_ktap_keeps_to_the_grammar_and_counts(case: str) -> None:
    found, failures, errors = CASES[case]
    (test,) = read(rendered("ktap", found))
    assert test.good == (failures + errors == 0)
    assert [one.name for one in test.subtests] == [one.name for one in found.outcome.results]
    assert sum(not one.good for one in test.subtests) == failures + errors
    wanted = {"timeout": "TIMEOUT", "budget": "ERROR"}.get(case, "")
    assert {one.directive for one in test.subtests} == {wanted}


@pytest.mark.parametrize("text", HOSTILE)
def test_refused_inputs_are_errors(text: str) -> None:
    refused = replace(answer(part("paolo")), refusals=(Refusal(text, text),))
    suites = list(junitparser.JUnitXml.fromstring(shown("junit", refused).encode()))
    assert [one.errors for one in suites] == [1, 0]
    tests = read(shown("ktap", refused))
    assert [(one.good, one.directive) for one in tests] == [(False, "ERROR"), (True, "")]
    assert Page(shown("html", refused)).tags.count("pre") == 2
    ET.fromstring(shown("svg", refused))


# ---------------------------------------------------------------- json


@pytest.mark.parametrize("text", HOSTILE)
def test_json_keeps_to_the_schema_whatever_the_texts(text: str) -> None:
    made = json.loads(rendered("json", hostile(text)))
    Draft202012Validator(json.loads(schema_text())).validate(made)
    assert made["sources"][0]["name"] == text


def test_blanks_before_a_text_stay_in_all_of_its_lines() -> None:
    first, *others = hung([("    " + "word " * 10, "")], "About: ", " " * 7, 30)
    assert first == "About:     word word word word"
    assert others
    assert all(line.startswith(" " * 13 + "word") for line in others)
