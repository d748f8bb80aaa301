"""The page in a real browser: keys, state, source, no errors, nothing asked of anybody.

Skipped where playwright or Chromium is not installed. `--screenshots` makes those in docs anew.
"""

import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from smtmodel.documents.answer import ReportPart
from tests.support.answers import HOSTILE, answer, hostile, part, rendered
from tests.support.processes import ROOT, run

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
        made = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"], timeout=0)
        yield made
        made.close()


Open = Callable[..., "Page"]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The pages that the commands for a review make, by the command."""
    folder = tmp_path_factory.mktemp("pages")
    small = ("--updates", "1", "--faults", "1")
    commands = {
        "review": ("review", "original.dsl", "xiao.dsl", "paolo.dsl"),
        "cases": ("cases", "original.dsl", "-v"),
        "needed": ("needed", "paolo.dsl", "-v", *small),
        "orders": ("orders", "xiao.dsl", *small),
        "diff": ("diff", "original.dsl", "paolo.dsl", *small),
    }
    for name, words in commands.items():
        run(*words, "-q", "--out", f"html={folder / name}.html")
    return {name: folder / f"{name}.html" for name in commands}


@pytest.fixture
def opened(browser: "Browser", tmp_path: Path) -> Iterator[Open]:
    """Opens the page about a part, or a page; at the end nothing may have gone wrong in it."""
    told: list[str] = []
    asked: list[str] = []
    contexts = []

    def open_(
        found: ReportPart | Path, *, width: int = 1300, height: int = 800, **options: object
    ) -> "Page":
        path = tmp_path / "page.html"
        if isinstance(found, Path):
            shutil.copy(found, path)
        else:
            path.write_text(rendered("html", answer(found)), encoding="utf-8")
        viewport = {"width": width, "height": height}
        context = browser.new_context(viewport=viewport, **options)
        context.set_default_timeout(0)
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


# ---------------------------------------------------------------- reviews and analyses

LARGEST = 150_000
"""Bytes of a page about the three protocols that all this began with."""
PAGES = ("review", "cases", "needed", "orders", "diff")


def test_a_review_is_small_and_steps_through_each_of_its_runs(
    opened: Open, made: dict[str, Path]
) -> None:
    assert made["review"].stat().st_size < LARGEST
    page = opened(made["review"])
    runs = page.locator(".run")
    assert runs.count() == 6  # of two refuted protocols, under two models
    page.keyboard.press("ArrowRight")
    assert runs.nth(0).locator("output").inner_text() == "1 of 13"
    for number in (2, 5):
        run_ = runs.nth(number)
        run_.focus()
        page.keyboard.press("End")
        total = run_.get_attribute("data-rows")
        assert run_.locator("output").inner_text() == f"{total} of {total}"
        own = run_.locator("xpath=ancestor::article")
        assert own.locator(".source .state").count() == 1
        page.keyboard.press("ArrowLeft")
        assert own.locator(".line.lit").count() == 1
        assert run_.locator("output").inner_text() == f"{int(total or 0) - 1} of {total}"
    assert runs.nth(0).locator("output").inner_text() == "1 of 13"


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_of_a_review_fit_narrow_screens(
    name: str, scheme: str, opened: Open, made: dict[str, Path]
) -> None:
    page = opened(made[name], width=400, height=700, color_scheme=scheme)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    ground, ink = page.evaluate(
        "(({backgroundColor, color}) => [backgroundColor, color])(getComputedStyle(document.body))"
    )
    bright = [sum(map(int, re.findall(r"\d+", one))) / 3 for one in (ground, ink)]
    assert (bright[0] > 200 > 60 > bright[1]) == (scheme == "light")
    assert abs(bright[0] - bright[1]) > 150
    outside = page.evaluate(
        """[...document.querySelectorAll('.sheet p, .sheet h1, .rows td, .ordering td')].filter(
            one => one.getBoundingClientRect().right > innerWidth + 1).length"""
    )
    assert outside == 0


@pytest.mark.parametrize("name", PAGES[1:])
def test_the_page_of_an_analysis_has_its_title_and_the_text_beside_it(
    name: str, opened: Open, made: dict[str, Path]
) -> None:
    page = opened(made[name])
    assert page.title().startswith(f"{name.upper()} ")
    assert page.title().endswith(" - smtmodel")
    assert page.locator("h1").first.inner_text() == page.title().removesuffix(" - smtmodel")
    assert page.locator(".source pre").count() == (2 if name == "diff" else 1)
    told = page.locator(".told").bounding_box()
    source = page.locator(".source").bounding_box()
    assert told is not None
    assert source is not None
    assert told["x"] + told["width"] <= source["x"]
    page.keyboard.press("ArrowRight")


def test_a_run_of_an_analysis_has_its_lanes_side_by_side_or_named(
    opened: Open, made: dict[str, Path]
) -> None:
    wide, narrow = (opened(made["diff"], width=width) for width in (1300, 400))
    for page in (wide, narrow):
        assert page.locator(".ordering td", has_text="new = copy old").is_visible()
    assert wide.locator(".ordering thead").first.is_visible()
    assert wide.locator(".ordering .lane").first.is_hidden()
    assert narrow.locator(".ordering .lane").first.is_visible()


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
