"""The page of several reports: its contents, its texts, what was expected, what `Why` names."""

import re
from html import unescape

from smtmodel.documents.answer import Expected
from smtmodel.documents.scene import scene_of
from smtmodel.language.layout import tokens_of
from smtmodel.source.record import replace
from smtmodel.verdict import Verdict
from tests.support.answers import answer, part, rendered, unexpected


def page(name: str) -> str:
    return rendered("html", answer(part(name)))


def test_the_contents_lead_to_every_report() -> None:
    text = rendered("html", answer(part("original"), part("original", "tso"), part("paolo")))
    targets = re.findall(r'href="#([^"]+)"', text)
    assert len(targets) == 3
    assert all(text.count(f'id="{target}"') == 1 for target in targets)
    contents = text[text.index("contents") : text.index("</table>")]
    assert contents.count("2 REFUTED") == 2
    assert contents.count("4 PROVED") == 1


def test_one_report_needs_no_contents() -> None:
    assert "contents" not in page("original").partition("<body>")[2]


def test_a_text_stands_once_however_many_reports_are_about_it() -> None:
    one = page("original")
    both = rendered("html", answer(part("original"), part("original", "tso")))
    listing = 'class="line" data-line="1"'
    assert one.count(listing) == both.count(listing) == 1


def test_what_was_expected_is_marked_and_what_was_not_is_counted() -> None:
    found = part("original")
    verdicts = tuple(result.verdict for result in found.outcome.results)
    met = replace(found, expected=tuple(map(Expected, verdicts)))
    text = rendered("html", answer(met, part("paolo")))
    assert text.count("as expected") == 1 + verdicts.count(Verdict.REFUTED)
    wrong = rendered("html", answer(unexpected(found), part("paolo")))
    assert "not as expected" in wrong


def test_the_colours_change_no_character_of_the_text() -> None:
    found = part("paolo")
    listing = rendered("html", answer(found)).partition("<pre><code>")[2].partition("</code>")[0]
    line = r'<span class="line" data-line="\d+"><i>\d+</i>(.*?)</span>(?=<span class="line"|$)'
    rows = re.findall(line, listing)
    plain = [re.sub("<[^>]+>", "", row) for row in rows]
    assert [unescape(row) for row in plain] == found.protocol.text.content.rstrip("\n").split("\n")
    assert '<span class="keyword">update</span>' in listing
    comments = [one for one in tokens_of(found.protocol.text) if one.comment]
    assert listing.count('<span class="comment">') == len(comments)


def test_the_steps_that_the_explanation_names_are_marked() -> None:
    found = part("original")
    run = found.outcome.results[0].run
    assert run is not None
    assert run.why is not None
    scene = scene_of(found.protocol, run, buffers=False)
    numbers = {scene.table.rows[row].number for row in scene.named}
    assert numbers == {place.number for fact in run.why.facts for place in fact}
    marked = rendered("svg", answer(found)).count('class="row named"')
    assert marked >= len(numbers) > 0


def test_a_page_has_no_art_of_terminals() -> None:
    assert "***" not in page("original").partition("<body>")[2]
