"""An answer as one HTML file: no network, readable without scripts, steps with the arrow keys.

Every text goes through `smtmodel.formats.markup`. Nothing is embedded but elements: the script
reads numbers from `data-` attributes and writes with `textContent`. The page's own policy
forbids everything but this style sheet and this script.
"""

import os
from base64 import b64encode
from collections.abc import Iterable, Sequence
from hashlib import sha256
from itertools import groupby

from smtmodel.documents import document as doc
from smtmodel.documents.answer import Answer, not_tried
from smtmodel.documents.document import script_line, text_of
from smtmodel.documents.report import documents_of
from smtmodel.documents.versions import versions_line
from smtmodel.formats import human
from smtmodel.formats.html_blocks import block_element, table_element, verdict_element
from smtmodel.formats.html_source import listing
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
    wrong = [line for one in answer.refusals for line in human.wrong_lines(one, Style())]
    refused = element("pre", "\n".join(wrong), class_="refused") if wrong else ""
    last = [element("p", line, class_="summary") for line in answer.summary.splitlines()]
    names = _names(documents)
    contents = _contents(documents, names) if len(names) > 1 else ""
    if answer.review is not None:
        shown: Child = [_review(one, names, contents) for one in documents]
    else:
        shown = [last[-1:] if contents else "", contents, _articles(documents, names)]
    return _page(_title(documents), [refused, shown], last[:-1] if contents else last)


def page(documents: Sequence[doc.Document]) -> str:
    """A page of documents that are about no protocol."""
    return _page(_title(documents), _articles(documents, {}), [])


_Names = dict[int, str]
"""The names of reports as places of a page, by the identity of their documents."""


def _names(documents: Iterable[doc.Document]) -> _Names:
    return {id(one): f"report-{number}" for number, one in enumerate(_reports(documents), 1)}


def _contents(documents: Iterable[doc.Document], names: _Names) -> Markup:
    """A line for each report, with its verdicts, which leads to it."""
    heads = [element("th", one, scope="col") for one in ("protocol", "model", "verdicts", "")]
    rows = [_content(one, names[id(one)]) for one in _reports(documents)]
    head = element("thead", element("tr", heads))
    return table_element([head, element("tbody", rows)], "grid contents")


def _content(report: doc.Document, name: str) -> Markup:
    assert report.about is not None
    results = [one for one in report.results if isinstance(one, doc.ResultLine)]
    verdicts = [one.verdict for one in results]
    counts = [(verdicts.count(one), one) for one in Verdict]
    told = [
        element("span", f"{count} {one.value} ", class_=one.value.lower())
        for count, one in counts
        if count
    ]
    wrong = sum("expected" in one.ending for one in results)
    judged = any(one.expected for one in results) or wrong
    words = f"{wrong} not as expected" if wrong else "as expected"
    return element(
        "tr",
        element("td", element("a", element("code", report.about.called), href=f"#{name}")),
        element("td", report.about.model),
        element("td", told),
        element("td", words if judged else "", class_="refuted" if wrong else "dim"),
    )


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
        return f"review of {_title(_reports(documents))}"
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


def _reports(documents: Iterable[doc.Document]) -> list[doc.Document]:
    """The reports among the documents and in those of them that have parts."""
    return [
        report
        for one in documents
        for report in ([one] if one.about is not None else _reports(one.parts))
    ]


# ---------------------------------------------------------------- documents


def _review(
    document: doc.Document, names: _Names, contents: Child, level: str = "h1"
) -> list[Child]:
    """A document and the documents in it; those of a chapter have smaller titles.

    The contents stand below the title.
    """
    shown: list[Child] = [_section(document, "h1", contents)]
    for reported, parts in groupby(document.parts, key=lambda one: one.about is not None):
        if reported:
            shown += _articles([*parts], names)
            continue
        for part in parts:
            shown += _review(part, names, "", "h2") if part.parts else [_section(part, level)]
    return shown


def _articles(documents: Iterable[doc.Document], names: _Names) -> list[Markup]:
    """Documents beside the texts that they are about; reports about one text stand together."""
    groups = [[*group] for _, group in groupby(documents, key=_subject)]
    return [
        _article(group[0]) if group[0].about is None else _reported(group, names)
        for group in groups
    ]


def _subject(document: doc.Document) -> tuple[object, ...]:
    """What makes reports stand together: the file and its text."""
    if document.about is None:
        return (id(document),)
    return (document.about.path, *(one.content for one in document.sources))


def _article(document: doc.Document) -> Markup:
    """An analysis that stands alone."""
    listings = [_listing(text) for text in document.sources]
    aside = element("aside", listings, class_="source") if listings else ""
    told = element("div", _section(document, "h1"), class_="told")
    return element("article", element("div", told, aside, class_="two"), class_="report")


def _reported(reports: Sequence[doc.Document], names: _Names) -> Markup:
    """Everything about one text, beside it."""
    first = reports[0]
    assert first.about is not None
    about = first.about
    several = len(reports) > 1
    name = about.path.rsplit("/", 1)[-1] if several else about.file
    source: list[Child] = [_listing(Text(about.path, one.content)) for one in first.sources]
    slot = element("div", class_="slot")
    under = "" if several else about.under
    small = element("small", ", ".join(filter(None, (about.title, under))))
    shown = [_report(one, names, several=several) for one in reports]
    if not any(one.blocks for one in reports):
        source = [element("details", element("summary", "its text"), source)]
    aside = element("aside", slot, source, class_="source")
    return element(
        "article",
        element("h1", name, " ", small),
        element("div", element("div", shown, class_="told"), aside, class_="two"),
        class_="report",
    )


def _report(document: doc.Document, names: _Names, *, several: bool) -> Markup:
    """Everything about one protocol under one model: what is proved below what is not."""
    assert document.about is not None
    about, made = document.about, document.versions
    blocks = sorted(document.blocks, key=_is_reached)
    called = f"{about.variant} {about.under}".strip() or about.model
    return element(
        "div",
        element("h2", called, class_="part") if several else "",
        _results(document),
        [block_element(one, "h2") for one in blocks],
        element("p", versions_line(made), class_="dim") if made is not None else "",
        id=names[id(document)],
    )


def _is_reached(block: doc.Block) -> bool:
    """Whether a block is about a goal that is reached, or otherwise good."""
    return isinstance(block, doc.Evidence) and block.verdict is Verdict.PROVED


def _section(document: doc.Document, level: str, contents: Child = "") -> Markup:
    """A document with the lines that scripts look for; `level` is the element of its title, and
    `contents` stand below that."""
    lines = [script_line(one) for one in document.results]
    made = document.versions
    return element(
        "section",
        [block_element(block, level) for block in document.blocks[:1]],
        contents,
        [block_element(block, level) for block in document.blocks[1:]],
        element("p", versions_line(made)) if made is not None else "",
        element("pre", "\n".join(lines)) if lines else "",
        class_="sheet",
    )


def _results(document: doc.Document) -> Markup:
    rows = [
        element(
            "tr",
            element("th", element("code", one.name), scope="row"),
            element("td", verdict_element(one.verdict, expected=one.expected), _told(one)),
            element("td", f"{one.seconds:.2f} s", class_="dim"),
        )
        for one in document.results
        if isinstance(one, doc.ResultLine)
    ]
    return element("table", element("tbody", rows), class_="results")


def _told(line: doc.ResultLine) -> str:
    """What stands behind a verdict."""
    as_expected = line.expected and line.verdict is not Verdict.PROVED
    words = filter(None, ("as expected" if as_expected else "", line.ending))
    return f" {', '.join(words)}".rstrip()


def _listing(text: Text) -> list[Markup]:
    """The text of a protocol under its name, with the numbers of its lines."""
    return [element("h2", text.name), listing(text)]
