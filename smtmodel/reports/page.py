"""An answer as one HTML file: no network, readable without scripts, steps with the arrow keys.

Every text goes through `smtmodel.reports.markup`. Nothing is embedded but elements: the script
reads numbers from `data-` attributes and writes with `textContent`. The page's own policy
forbids everything but this style sheet and this script.
"""

import os
from base64 import b64encode
from collections.abc import Sequence
from hashlib import sha256

from smtmodel.reports.markup import Child, Markup, constant, element, quoted
from smtmodel.reports.picture import draw, style, told
from smtmodel.reports.plain import command
from smtmodel.reports.scene import Scene
from smtmodel.reports.view import Evidence, Proof, Report, alike
from smtmodel.verdict import Verdict


def document(reports: Sequence[Report], wrong: Sequence[str], summary: str) -> str:
    """The page; `wrong` are the lines about inputs that were refused."""
    last = "".join(element("p", line, class_="summary") for line in summary.splitlines())
    return page(title(reports), [refused(wrong), [article(report) for report in reports]], last)


def page(name: str, main: Child, last: Child = "") -> str:
    """A page of that title: what is on it, and what stands below."""
    sheet, script = style() + _own("page.css"), _own("page.js")
    policy = f"default-src 'none'; style-src '{_hash(sheet)}'; script-src '{_hash(script)}'"
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", http_equiv="Content-Security-Policy", content=f"{policy}; img-src data:"),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="color-scheme", content="light dark"),
        element("title", name),
        element("link", rel="icon", href="data:,"),  # or a browser asks the server for one
        element("style", constant(sheet)),
    )
    body = element("body", element("main", main), last, element("script", constant(script)))
    return f"<!doctype html>\n{element('html', head, body, lang='en')}\n"


def refused(wrong: Sequence[str]) -> Child:
    """The lines about inputs that were refused."""
    return element("pre", "\n".join(wrong), class_="refused") if wrong else ""


def _own(name: str) -> str:
    with open(os.path.join(os.path.dirname(__file__), name), encoding="utf-8") as file:
        return file.read()


def _hash(text: str) -> str:
    return f"sha256-{b64encode(sha256(text.encode()).digest()).decode()}"


def title(reports: Sequence[Report]) -> str:
    """What a page about reports is called."""
    verdicts = [one.verdict.value for report in reports for one in report.results]
    counted = [f"{verdicts.count(one.value)} {one.value}" for one in Verdict]
    found = ", ".join(one for one in counted if not one.startswith("0 "))
    names = ", ".join(dict.fromkeys(report.file for report in reports))
    return f"{names}: {found} - smtmodel" if names else "smtmodel: nothing was decided"


# ---------------------------------------------------------------- one report


def article(report: Report) -> Markup:
    """Everything about one report, beside the text of its protocol."""
    good = [one for one in report.findings if one.result.verdict is Verdict.PROVED]
    told_ = [
        [_finding(*one) for one in alike(one for one in report.findings if one not in good)],
        [_proof(proof) for proof in report.proofs],
        [_finding(finding) for finding in good],
    ]
    return element(
        "article",
        element("h1", report.file, " ", element("small", _model(report))),
        _results(report),
        element("div", element("div", told_, class_="told"), _source(report), class_="two"),
        element("p", report.versions, class_="dim") if report.versions else "",
        class_="report",
    )


def _model(report: Report) -> str:
    return "" if report.model == "sc" else f"under {report.model}"


def _verdict(verdict: Verdict) -> Markup:
    return element("strong", verdict.value, class_=f"verdict {verdict.value.lower()}")


def _results(report: Report) -> Markup:
    rows = [
        element(
            "tr",
            element("th", element("code", result.name), scope="row"),
            element("td", _verdict(result.verdict), f" {ending}" if ending else ""),
            element("td", f"{result.seconds:.2f} s", class_="dim"),
        )
        for result, ending in zip(report.results, report.endings, strict=True)
    ]
    return element("table", element("tbody", rows), class_="results")


def _source(report: Report) -> Markup:
    slot = element("div", class_="slot")
    return element("aside", slot, listing(report.path, report.text.content), class_="source")


def listing(name: str, content: str) -> list[Markup]:
    """The text of a protocol under its name, with the numbers of its lines."""
    lines = [
        element("span", element("i", str(number)), text, class_="line", data_line=number)
        for number, text in enumerate(content.rstrip("\n").split("\n"), 1)
    ]
    return [element("h2", name), element("pre", element("code", lines))]


def _told(text: str) -> list[Markup | str]:
    """A line of a proof; what stands in a column of its own, a place, is set apart."""
    said, _, place = text.partition("   ")
    return [*quoted(said), element("span", f" {place.strip()}", class_="dim") if place else ""]


def _proof(proof: Proof) -> Markup:
    heads = [
        element("h2", _verdict(Verdict.PROVED), " ", element("code", name), scope)
        for name, scope in zip(proof.names, proof.scopes, strict=True)
    ]
    parts = [
        (element("dt", heading), [element("dd", _told(text)) for text in texts])
        for heading, texts in proof.parts
    ]
    return element("section", heads, element("dl", parts), class_="proof")


# ---------------------------------------------------------------- one finding


def _finding(finding: Evidence, *others: Evidence) -> Markup:
    """A finding; `others` are those of which the same is said."""
    result = finding.result
    names = [
        [", " if number else " ", element("code", one.result.name)]
        for number, one in enumerate((finding, *others))
    ]
    again = finding.table is not None and finding.same_as
    kind = f"banner {result.verdict.value.lower()}"
    banner = element("p", f"*** {finding.banner} ***", class_=kind) if finding.banner else ""
    replay = command(finding.replay)
    return element(
        "section",
        element("h2", _verdict(result.verdict), names, finding.scope),
        [element("p", quoted(note)) for note in finding.notes],
        element("p", f"The run is the one of {finding.same_as}.") if again else "",
        _run(finding.scene) if finding.scene is not None else "",
        banner,
        [element("p", quoted(text)) for text in finding.why],
        element("p", "Replay: ", element("code", replay), class_="replay") if replay else "",
        class_="finding",
    )


WIDE = 640
"""Pixels from which on a picture may shrink to the width of its column."""


def _run(scene: Scene) -> Markup:
    picture = draw(scene)
    drawn = element(
        "svg",
        picture.markup,
        viewBox=f"0 0 {picture.width:g} {picture.height:g}",
        width=picture.width,
        height=picture.height,
        class_="wide" if picture.width > WIDE else None,
        role="img",
        aria_label="The run, lanes side by side; the list of steps says the same",
    )
    count = len(scene.table.rows)
    # The buttons do nothing without the script, which shows them.
    keys = element(
        "div",
        element("button", "◀ back", type="button", data_go=-1),
        element("output", f"{count} rows", aria_live="polite"),
        element("button", "on ▶", type="button", data_go=1),
        element("span", "or the arrow keys", class_="dim"),
        class_="keys",
        hidden=True,
    )
    return element(
        "div",
        keys,
        element("div", drawn, class_="picture"),
        _steps(scene),
        _legend(scene),
        _state(scene),
        class_="run",
        tabindex=0,
        data_rows=count,
    )


def _steps(scene: Scene) -> Markup:
    """The run as a list: for narrow screens, and for those who listen."""
    rows = []
    for number, row in enumerate(scene.table.rows):
        sets = [
            element("span", data_item=item, data_value=value) for item, value in scene.sets[number]
        ]
        changes = [element("span", change, class_="change") for change in row.changes]
        arrows = [
            element("span", told(scene, arrow), class_="why")
            for arrow in scene.arrows
            if arrow.target == number
        ]
        rows.append(
            element(
                "li",
                element("b", "" if row.number is None else str(row.number)),
                element("span", scene.table.heads[row.lane].partition(" ")[0], class_="lane"),
                element("code", row.text),
                changes,
                arrows,
                sets,
                data_row=number,
                data_lane=row.lane,
                data_line=scene.lines[number],
            )
        )
    heads = [element("li", head) for head in scene.table.heads]
    return element("div", element("ul", heads), element("ol", rows), class_="steps")


def _legend(scene: Scene) -> Markup | str:
    if not scene.arrows:
        return ""
    told_ = "Arrows: solid, a read of what another lane wrote; dashed, what ends a grace period."
    return element("p", told_, class_="legend dim")


def _state(scene: Scene) -> Markup:
    """Every value at the start and at the end; the script shows those of the step."""
    end = {number: item.start for number, item in enumerate(scene.items)}
    for sets in scene.sets:
        end |= dict(sets)
    groups: dict[int | None, list[int]] = {}
    for number, item in enumerate(scene.items):
        groups.setdefault(item.column, []).append(number)
    bodies = []
    for column, numbers in groups.items():
        head = "shared" if column is None else scene.table.heads[column]
        rows = [element("tr", element("th", head, colspan=3, scope="rowgroup"))]
        for number in numbers:
            item = scene.items[number]
            changed = "" if end[number] == item.start else "changed"
            rows.append(
                element(
                    "tr",
                    element("th", item.name, scope="row"),
                    element("td", item.start),
                    element("td", end[number], class_=changed or None, data_item=number),
                )
            )
        bodies.append(element("tbody", rows))
    heads = [element("th", text, scope="col") for text in ("", "at the start", "at the end")]
    return element(
        "table",
        element("caption", "State"),
        element("thead", element("tr", heads)),
        bodies,
        class_="state",
    )
