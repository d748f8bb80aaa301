"""The page in a real browser: keys, state, source, no errors, nothing asked of anybody.

Skipped where playwright or Chromium is not installed. `--screenshots` makes those in docs anew.
"""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from smtmodel.reports import answer as answers
from smtmodel.reports.answer import Part
from tests.answers import HOSTILE, answer, hostile, part
from tests.processes import ROOT

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
CHROMIUM = next((path for path in map(shutil.which, NAMES) if path), None)
pytestmark = [
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed"),
    pytest.mark.xdist_group("browser"),
]
LARGEST_PICTURE = 160_000
"""Bytes of a screenshot in docs."""


@pytest.fixture(scope="module")
def browser() -> Iterator["Browser"]:
    with playwright.sync_playwright() as driver:
        made = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield made
        made.close()


Open = Callable[..., "Page"]


@pytest.fixture
def opened(browser: "Browser", tmp_path: Path) -> Iterator[Open]:
    """Opens the page about a part; at the end nothing may have gone wrong in it."""
    told: list[str] = []
    asked: list[str] = []
    contexts = []

    def open_(found: Part, *, width: int = 1300, height: int = 800, **options: object) -> "Page":
        path = tmp_path / "page.html"
        path.write_text(answers.document("html", answer(found)), encoding="utf-8")
        viewport = {"width": width, "height": height}
        context = browser.new_context(viewport=viewport, **options)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: told.append(message.text))
        page.on("pageerror", lambda error: told.append(str(error)))
        page.on("dialog", lambda dialog: told.append(f"dialog: {dialog.message}"))
        page.on("request", lambda request: asked.append(request.url))
        page.goto(path.as_uri())
        return page

    yield open_
    for context in contexts:
        context.close()
    assert told == []
    assert {url.rpartition("/")[2] for url in asked} <= {"page.html", "data:,", ","}


def _now(page: "Page") -> list[str]:
    """The values that the state of the chosen run shows, by name."""
    beside = page.locator(".source .state")
    state = beside if beside.count() else page.locator(".state").first
    rows = state.locator("tr:has(td)")
    return [" ".join(row.split()) for row in rows.all_inner_texts()]


def test_arrow_keys_step_and_the_state_and_the_source_follow(opened: Open) -> None:
    page = opened(part("original"))
    where = page.locator("output").first
    assert where.inner_text() == "13 rows"
    page.keyboard.press("ArrowRight")
    assert where.inner_text() == "1 of 13"
    assert "slots A A" in _now(page)
    for _ in range(7):
        page.keyboard.press("ArrowRight")
    assert where.inner_text() == "8 of 13"
    assert "slots A B" in _now(page)
    assert page.locator(".source .changed").all_inner_texts() == ["B"]
    assert "rcu_assign_pointer(slots, new)" in page.locator(".line.lit").inner_text()
    assert "rcu_dereference(slots).slot" in page.locator(".line.here").all_inner_texts()[1]
    page.keyboard.press("ArrowRight")
    assert page.locator(".run").first.locator(".link.now").count() == 2
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    assert where.inner_text() == "7 of 13"
    assert "slots A A" in _now(page)


def test_other_keys_step_only_where_a_run_has_the_focus(opened: Open) -> None:
    page = opened(part("original"))
    where = page.locator("output").first
    page.keyboard.press("ArrowDown")
    assert where.inner_text() == "13 rows"
    page.locator(".run").first.focus()
    page.keyboard.press("End")
    assert where.inner_text() == "13 of 13"
    page.keyboard.press("ArrowRight")
    assert where.inner_text() == "13 of 13"
    page.keyboard.press("Home")
    page.keyboard.press("ArrowDown")
    assert where.inner_text() == "1 of 13"
    page.locator("text=back").first.click()
    assert where.inner_text() == "0 of 13"
    assert page.locator("[data-go='-1']").first.is_disabled()


def test_a_click_chooses_a_row_and_a_run(opened: Open) -> None:
    page = opened(part("original"))
    second = page.locator(".run").nth(1)
    second.locator("svg text", has_text="new.slot = fresh").click()
    assert second.locator("output").inner_text() == "6 of 10"
    assert page.locator("output").first.inner_text() == "13 rows"
    page.keyboard.press("ArrowRight")
    assert second.locator("output").inner_text() == "7 of 10"
    assert page.locator(".source .state").count() == 1


def test_the_end_of_the_run_is_the_state_without_scripts(opened: Open) -> None:
    page = opened(part("original"), java_script_enabled=False)
    assert page.locator(".picture svg").first.is_visible()
    assert page.locator(".keys").first.is_hidden()
    assert "slots A B" in _now(page)
    assert page.locator(".state thead").first.inner_text().split("\t")[2].strip() == "at the end"
    assert page.locator(".source .line").count() > 40


@pytest.mark.parametrize("scripts", [True, False])
def test_narrow_screens_get_a_list_and_never_scroll_sideways(opened: Open, scripts: bool) -> None:
    page = opened(part("original"), width=360, height=640, java_script_enabled=scripts)
    assert page.locator(".picture").first.is_hidden()
    assert page.locator(".steps li", has_text="rcu_assign_pointer").first.is_visible()
    if scripts:
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        page.keyboard.press("ArrowRight")
        assert page.locator(".steps li.now").first.is_visible()
        assert page.locator(".run").first.locator(".state").count() == 1


def test_what_is_chosen_is_in_sight(opened: Open) -> None:
    page = opened(part("original"), width=980, height=400)
    inside = """(inner, outer) => {
        const a = document.querySelector(inner).getBoundingClientRect();
        const b = document.querySelector(outer).getBoundingClientRect();
        return a.top >= b.top - 1 && a.bottom <= b.bottom + 1 && a.left >= b.left - 1
            && a.left <= b.right;
    }"""
    pairs = ((".row.now .dot", ".picture"), (".line.lit", ".source pre"), (".changed", ".slot"))
    for step in range(13):
        page.keyboard.press("ArrowRight")
        for inner, outer in pairs:
            if page.locator(f"{outer} {inner}").count():
                assert page.evaluate(f"({inside})('{outer} {inner}', '{outer}')"), (step, inner)
        top = page.evaluate("document.querySelector('.row.now').getBoundingClientRect().top")
        assert 0 <= top <= 400


def test_light_and_dark_follow_the_reader(opened: Open) -> None:
    light = opened(part("original"), color_scheme="light")
    dark = opened(part("original"), color_scheme="dark")
    ground = "getComputedStyle(document.body).backgroundColor"
    ink = "getComputedStyle(document.querySelector('.drawing text')).fill"
    assert (light.evaluate(ground), dark.evaluate(ground)) == (
        "rgb(255, 255, 255)",
        "rgb(13, 17, 23)",
    )
    assert light.evaluate(ink) != dark.evaluate(ink)


@pytest.mark.parametrize("text", HOSTILE[:5])
def test_a_hostile_protocol_does_nothing_in_a_browser(opened: Open, text: str) -> None:
    page = opened(hostile(text))
    for _ in range(14):
        page.keyboard.press("ArrowRight")
    assert page.evaluate("[document.scripts.length, document.images.length]") == [1, 0]
    assert page.locator("output").first.inner_text() == "13 of 13"


def test_a_proof_without_runs_has_no_errors(opened: Open) -> None:
    found = part("paolo")
    page = opened(found)
    page.keyboard.press("ArrowRight")
    assert page.locator("dt", has_text="Trusts").first.is_visible()


@pytest.mark.parametrize(("name", "steps"), [("original", 9), ("paolo", 0)])
def test_the_screenshots_in_docs(
    name: str, steps: int, opened: Open, request: pytest.FixtureRequest
) -> None:
    path = ROOT / "docs" / f"page-{name}.png"
    if request.config.getoption("--screenshots"):
        page = opened(part(name), width=1240, height=640)
        for _ in range(steps):
            page.keyboard.press("ArrowRight")
        page.screenshot(path=path)
    assert path.read_bytes().startswith(b"\x89PNG")
    assert path.stat().st_size < LARGEST_PICTURE
