"""Analyses and reviews read back from JSON, for `show`. Needs no solver.

Takes a document that keeps to the schema; gives the sheets in it, or a sentence that says why
it cannot. What a sheet says is the document's word, as is the value for programs beside it:
nothing of an analysis is decided or replayed again. The outcomes of a review are those that
`smtmodel.reports.saved` reads, and of the pages of its proofs only what they need and how close
a run comes is the document's word.
"""

from collections.abc import Sequence
from typing import Any

from smtmodel.reports import saved, sheet_json
from smtmodel.reports.proof import PageText
from smtmodel.reports.review import Chapter, Review
from smtmodel.reports.saved import Document
from smtmodel.reports.sheet import Sheet
from smtmodel.reports.view import Report
from smtmodel.source import Text
from smtmodel.source.record import replace


def analyses(document: Document) -> tuple[Sheet, ...] | str:
    """The sheets of an answer that is no review: one, or one for each variant of a file."""
    command, values = document["command"], document["analyses"]
    foreign = document["outcomes"] or any(one["kind"] != command for one in values)
    if foreign or not _of_variants(values):
        return f"it is no answer of `smtmodel {command}`"
    found: list[Sheet] = []
    for value in values:
        sheet = _analysis(document, value)
        if isinstance(sheet, str):
            return sheet
        found.append(sheet)
    return tuple(found)


def _of_variants(values: Sequence[dict[str, Any]]) -> bool:
    """Whether there is one answer, or one about each of several variants of a file."""
    about = [file for value in values for file in files(value)]
    names = {file.get("variant") for file in about}
    texts = {(file["name"], file["digest"]) for file in about}
    several = None not in names and len(names) == len(values) == len(about) and len(texts) == 1
    return len(values) == 1 or several


def _analysis(document: Document, value: dict[str, Any]) -> Sheet | str:
    if "sheet" not in value:
        return "the sheet of its analysis is not in it"
    found = sheet_json.sheet(value["sheet"], document["command"])
    if isinstance(found, str):
        return found
    texts: list[Text] = []
    for file in files(value):
        text = saved.source(document, file["name"], file["digest"])
        if text is None:
            return f"the text of {file['name']} is not in it"
        texts.append(text)
    return replace(found, value=_bare(value), sources=tuple(texts))


def files(value: dict[str, Any]) -> list[dict[str, str]]:
    """The files that an analysis is about."""
    if value["kind"] == "diff":
        return [value["old"]["file"], value["new"]["file"]]
    return [value["file"]]


def _bare(value: dict[str, Any]) -> dict[str, Any]:
    return {name: one for name, one in value.items() if name != "sheet"}


# ---------------------------------------------------------------- reviews


def review(document: Document) -> tuple[Review, tuple[Sheet, ...]] | str:
    """The document about a series, and its analyses for programs."""
    value, *others = document["analyses"]
    if document["command"] != "review" or any(one["kind"] == "review" for one in others):
        return f"it is no answer of `smtmodel {document['command']}`"
    places = [place for file in value["files"] for place in file["outcomes"]]
    if places != list(range(len(document["outcomes"]))):
        return "its files are not those of its outcomes"
    whole = _sheets([value["front"], value["end"]])
    if isinstance(whole, str):
        return whole
    chapters: list[Chapter] = []
    for file in value["files"]:
        chapter = _chapter(document, file)
        if isinstance(chapter, str):
            return chapter
        chapters.append(chapter)
    sheets = tuple(Sheet(one["kind"], (), (), one) for one in others)
    return Review(whole[0], tuple(chapters), whole[1], value), sheets


def _chapter(document: Document, file: dict[str, Any]) -> Chapter | str:
    outcomes = tuple(file["outcomes"])
    if any(document["outcomes"][place]["file"] != file["file"] for place in outcomes):
        return f"its outcomes about {file['file']['name']} are about another file"
    found = _sheets([file["front"], *file["sheets"], file["end"]])
    if isinstance(found, str):
        return found
    return Chapter(found[0], outcomes, tuple(found[1:-1]), found[-1])


def _sheets(values: Sequence[dict[str, Any]]) -> list[Sheet] | str:
    found: list[Sheet] = []
    for value in values:
        one = sheet_json.sheet(value, "review")
        if isinstance(one, str):
            return one
        found.append(one)
    return found


def pages(document: Document, reports: Sequence[Report]) -> list[PageText] | str:
    """For each report of a review what its proofs' pages say besides."""
    found: list[PageText] = []
    for file in document["analyses"][0]["files"]:
        if len(file["pages"]) != len(file["outcomes"]):
            return "the pages of its proofs are not those of its outcomes"
        for page in file["pages"]:
            names = [tuple(one["names"]) for one in page["proofs"]]
            report = reports[len(found)]
            if names != [one.names for one in report.proofs]:
                return f"the pages of its proofs are not those of {report.file}"
            parts = (
                tuple((one["heading"], sheet_json.texts(one["lines"])) for one in proof["parts"])
                for proof in page["proofs"]
            )
            found.append(PageText(tuple(parts), page["judged"]))
    return found
