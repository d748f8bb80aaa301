"""An answer as one HTML file: no network, readable without scripts, steps with the arrow keys.

Every text goes through `smtmodel.formats.markup`. Nothing is embedded but elements: the script
reads numbers from `data-` attributes and writes with `textContent`. The page's own policy
forbids everything but this style sheet and this script.
"""

import os
from base64 import b64encode
from collections.abc import Iterable, Sequence
from hashlib import sha256
from typing import assert_never

from smtmodel.documents import document as doc
from smtmodel.documents.answer import Answer, not_tried
from smtmodel.documents.document import script_line, text_of, versions_line
from smtmodel.documents.plain import command
from smtmodel.documents.report import documents_of
from smtmodel.documents.table import Table, before_rows
from smtmodel.formats import human
from smtmodel.formats.html_run import run
from smtmodel.formats.human import Style
from smtmodel.formats.markup import Child, Markup, constant, element
from smtmodel.formats.picture import style
from smtmodel.source import Text
from smtmodel.source.record import replace
from smtmodel.verdict import Verdict


def rendered(answer: Answer) -> str:
    """The page. A review shows no runs that reach the goals."""
    left = not_tried(answer.parts)  # the summary counts them
    tried = tuple(one for one in answer.parts if one.context.given not in left)
    documents = documents_of(
        replace(answer, parts=tried), witnesses=answer.review is None, scenes=True
    )
    wrong = [line for one in answer.refusals for line in human.refusal_lines(one, Style())]
    refused = element("pre", "\n".join(wrong), class_="refused") if wrong else ""
    last = [element("p", line, class_="summary") for line in answer.summary.splitlines()]
    shown = [_review(one) if one.parts else _article(one) for one in documents]
    return _page(_title(documents), [refused, shown], last)


def _page(name: str, main: Child, last: Child) -> str:
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


def _own(name: str) -> str:
    with open(os.path.join(os.path.dirname(__file__), name), encoding="utf-8") as file:
        return file.read()


def _hash(text: str) -> str:
    return f"sha256-{b64encode(sha256(text.encode()).digest()).decode()}"


def _title(documents: Sequence[doc.Document]) -> str:
    """What a page is called: the verdicts of reports, or what an analysis says first."""
    if any(one.parts for one in documents):
        return f"review of {_title([part for one in documents for part in _reports(one)])}"
    titles = [block for one in documents for block in one.blocks if isinstance(block, doc.Title)]
    if titles:
        return f"{titles[0].word} {text_of(titles[0].text)} - smtmodel"
    verdicts = [
        one.verdict
        for document in documents
        for one in document.results
        if isinstance(one, doc.ResultLine)
    ]
    counts = [(verdicts.count(one), one.value) for one in Verdict]
    told = ", ".join(f"{count} {word}" for count, word in counts if count)
    names = ", ".join(dict.fromkeys(one.about.file for one in documents if one.about is not None))
    return f"{names}: {told} - smtmodel" if names else "smtmodel: nothing was decided"


def _reports(review: doc.Document) -> list[doc.Document]:
    """The reports in a review."""
    own = [one for one in review.parts if one.about is not None]
    return own + [one for part in review.parts for one in _reports(part)]


# ---------------------------------------------------------------- documents


def _review(document: doc.Document, level: str = "h1") -> list[Child]:
    """A document and the documents in it; those of a chapter have smaller titles."""
    parts: list[Child] = []
    for part in document.parts:
        if part.about is not None:
            parts.append(_report(part))
        elif part.parts:
            parts.append(_review(part, "h2"))
        else:
            parts.append(_section(part, level))
    return [_section(document, "h1"), parts]


def _article(document: doc.Document) -> Markup:
    """A document that stands alone, beside the texts that it is about."""
    if document.about is not None:
        return _report(document)
    listings = [_listing(text) for text in document.sources]
    aside = element("aside", listings, class_="source") if listings else ""
    told = element("div", _section(document, "h1"), class_="told")
    return element("article", element("div", told, aside, class_="two"), class_="report")


def _report(document: doc.Document) -> Markup:
    """Everything about one protocol, beside its text: what is proved below what is not."""
    assert document.about is not None
    blocks = sorted(document.blocks, key=_is_reached)
    slot = element("div", class_="slot")
    source = [_listing(Text(document.about.path, one.content)) for one in document.sources]
    made = document.versions
    under = document.about.under
    return element(
        "article",
        element("h1", document.about.file, " ", element("small", under)),
        _results(document),
        element(
            "div",
            element("div", [_block(one, "h2") for one in blocks], class_="told"),
            element("aside", slot, source, class_="source"),
            class_="two",
        ),
        element("p", versions_line(made), class_="dim") if made is not None else "",
        class_="report",
    )


def _is_reached(block: doc.Block) -> bool:
    """Whether a block is about a goal that is reached, or otherwise good."""
    return isinstance(block, doc.Evidence) and block.verdict is Verdict.PROVED


def _section(document: doc.Document, level: str) -> Markup:
    """A document with the lines that scripts look for; `level` is the element of its title."""
    lines = [script_line(one) for one in document.results]
    made = document.versions
    return element(
        "section",
        [_block(block, level) for block in document.blocks],
        element("p", versions_line(made)) if made is not None else "",
        element("pre", "\n".join(lines)) if lines else "",
        class_="sheet",
    )


def _results(document: doc.Document) -> Markup:
    rows = [
        element(
            "tr",
            element("th", element("code", one.name), scope="row"),
            element("td", _verdict(one.verdict), f" {one.ending}" if one.ending else ""),
            element("td", f"{one.seconds:.2f} s", class_="dim"),
        )
        for one in document.results
        if isinstance(one, doc.ResultLine)
    ]
    return element("table", element("tbody", rows), class_="results")


def _listing(text: Text) -> list[Markup]:
    """The text of a protocol under its name, with the numbers of its lines."""
    lines = [
        element("span", element("i", str(number)), line, class_="line", data_line=number)
        for number, line in enumerate(text.content.rstrip("\n").split("\n"), 1)
    ]
    return [element("h2", text.name), element("pre", element("code", lines))]


# ---------------------------------------------------------------- sentences


def _spans(text: doc.Spans) -> list[Child]:
    return [_span(one) for one in text]


def _span(span: doc.Inline) -> Child:
    match span:
        case doc.TextSpan(text=text):
            return text
        case doc.CodeSpan(text=text) | doc.StepSpan(text=text):
            return element("code", text)
        case doc.VerdictSpan(verdict=verdict):
            return element("span", verdict.value, class_=verdict.value.lower())
        case doc.PlaceSpan():
            return element("span", f" {text_of((span,))}", class_="dim")


def _verdict(verdict: Verdict) -> Markup:
    return element("strong", verdict.value, class_=f"verdict {verdict.value.lower()}")


# ---------------------------------------------------------------- blocks


def _block(block: doc.Block, level: str) -> Child:
    match block:
        case doc.Title(word=word, text=text):
            return element(level, f"{word} ", _spans(text))
        case doc.Say(text=text, label=label):
            before = element("strong", f"{label}: ") if label else ""
            return element("p", before, _spans(text))
        case doc.Rows(heading=heading, rows=rows):
            columns = max((len(row.cells) for row in rows), default=0)
            body = element("tbody", [_row(row, columns) for row in rows])
            return [_heading(heading), _table(body, "grid rows")]
        case doc.Grid(heading=heading, heads=heads, rows=cells):
            head = element("tr", [element("th", _spans(one), scope="col") for one in heads])
            body = element("tbody", [element("tr", _cells(row)) for row in cells])
            return [_heading(heading), _table([element("thead", head), body], "grid")]
        case doc.Commands(heading=heading, lines=lines):
            return [_heading(heading), element("pre", "\n".join(map(command, lines)))]
        case doc.Ordering():
            return [_again(block) or _ordering(block.table), _below(block, "banner")]
        case doc.Evidence():
            return _finding(block)
        case doc.Proof():
            return _proof(block)
        case doc.Lines(lines=lines):
            return [element("p", _spans(line)) for line in lines]
        case doc.Listing():
            return ""  # it stands beside the reports
        case _:
            assert_never(block)


def _heading(text: doc.Spans) -> Child:
    return element("p", _spans(text), class_="heading") if text else ""


def _row(row: doc.Row, columns: int) -> list[Markup]:
    """A row, and rows for what stands below it; one cell alone takes all columns."""
    if len(row.cells) == 1 and columns > 1:
        first = element("tr", element("td", _spans(row.cells[0]), colspan=columns))
    else:
        first = element("tr", _cells(row.cells))
    below = [
        element(
            "tr",
            element("td"),
            element("td", _spans(text), colspan=max(1, columns - 1)),
            class_="below",
        )
        for text in row.below
    ]
    return [first, *below]


def _cells(cells: Iterable[doc.Spans]) -> list[Markup]:
    return [element("td", _spans(cell)) for cell in cells]


def _table(parts: Child, kind: str) -> Markup:
    """A table that scrolls by itself where it is too wide."""
    return element("div", element("table", parts, class_=kind), class_="wide")


def _ordering(table: Table) -> Child:
    """A run: a column for each lane, what a step changed below it."""
    rows = []
    for row in table.rows:
        number = element("th", "" if row.number is None else str(row.number), scope="row")
        changes = [element("span", change, class_="change") for change in row.changes]
        lane = element("span", table.lanes[row.lane], class_="lane")
        step = element("td", lane, element("code", row.text), changes)
        cells = [step if one == row.lane else element("td") for one in range(len(table.heads))]
        rows.append(element("tr", number, cells))
    heads = [element("th", one, scope="col") for one in ("", *table.heads)]
    head = element("thead", element("tr", heads))
    first = before_rows(table)
    shown = _table([head, element("tbody", rows)], "ordering") if table.rows else ""
    return [element("p", first) if first else "", shown]


def _again(ordering: doc.Ordering) -> Child:
    """Where an earlier finding has the same run, the sentence that says so."""
    return element("p", f"The run is the one of {ordering.same_as}.") if ordering.same_as else ""


def _below(ordering: doc.Ordering, kind: str) -> Child:
    """What stands below a run: its facts, why it goes wrong, the command that runs it."""
    banner, replay = ordering.banner, command(ordering.replay)
    return [
        element("p", element("code", ordering.stated)) if ordering.stated else "",
        element("p", f"*** {banner} ***", class_=kind) if banner else "",
        [element("p", _spans(text)) for text in ordering.why],
        element("p", "Replay: ", element("code", replay), class_="replay") if replay else "",
    ]


def _finding(finding: doc.Evidence) -> Markup:
    names = [
        [", " if number else " ", element("code", name)]
        for number, name in enumerate(finding.names)
    ]
    ordering = finding.run
    return element(
        "section",
        element("h2", _verdict(finding.verdict), names, _spans(finding.scope)),
        [element("p", _spans(note)) for note in finding.notes],
        "" if ordering is None else _again(ordering),
        "" if finding.scene is None else run(finding.scene),
        "" if ordering is None else _below(ordering, f"banner {finding.verdict.value.lower()}"),
        class_="finding",
    )


def _proof(proof: doc.Proof) -> Markup:
    heads = [
        element("h2", _verdict(Verdict.PROVED), " ", element("code", head.name), _spans(head.scope))
        for head in proof.heads
    ]
    parts = [
        (
            element("dt", part.aspect.value),
            [element("dd", _spans(line)) for line in part.lines],
        )
        for part in proof.parts
    ]
    return element("section", heads, element("dl", parts), class_="proof")
