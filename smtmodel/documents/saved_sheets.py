"""Analyses and reviews read back from JSON, for `show`. Needs no solver.

Takes a document that keeps to the schema; gives the documents in it, or a sentence that says why
it cannot. What an analysis says is the document's word, as is the value for programs beside it:
nothing of an analysis is decided or replayed again. The outcomes of a review are those that
`smtmodel.documents.saved` reads, and of the pages of its proofs only what they need and how close
a run comes is the document's word.
"""

from collections.abc import Sequence
from typing import Any

from smtmodel.documents import document as doc
from smtmodel.documents import saved, sheet_json
from smtmodel.documents.answer import Analysis, Chapter, PageText, ReportPart, Review
from smtmodel.documents.proof import proved
from smtmodel.documents.saved import Document as Saved
from smtmodel.source import Text
from smtmodel.source.record import replace


def analysis(document: Saved) -> Analysis | str:
    """The one analysis of an answer that is no review."""
    command = document["command"]
    (value, *others) = document["analyses"]
    if others or document["outcomes"] or value["kind"] != command:
        return f"it is no answer of `smtmodel {command}`"
    if "sheet" not in value:
        return "the sheet of its analysis is not in it"
    found = sheet_json.shown(value["sheet"], command)
    if isinstance(found, str):
        return found
    texts: list[Text] = []
    for file in files(value):
        text = saved.source(document, file["name"], file["digest"])
        if text is None:
            return f"the text of {file['name']} is not in it"
        texts.append(text)
    return Analysis(replace(found, sources=tuple(texts)), _bare(value))


def files(value: dict[str, Any]) -> list[dict[str, str]]:
    """The files that an analysis is about."""
    if value["kind"] == "diff":
        return [value["old"]["file"], value["new"]["file"]]
    return [value["file"]]


def _bare(value: dict[str, Any]) -> dict[str, Any]:
    return {name: one for name, one in value.items() if name != "sheet"}


# ---------------------------------------------------------------- reviews


def review(document: Saved) -> tuple[Review, tuple[Analysis, ...]] | str:
    """The pieces of a review, and its analyses for programs."""
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
    analyses = tuple(Analysis(doc.Document(one["kind"], ()), one) for one in others)
    return Review(whole[0], tuple(chapters), whole[1], value), analyses


def _chapter(document: Saved, file: dict[str, Any]) -> Chapter | str:
    outcomes = tuple(file["outcomes"])
    names = {document["outcomes"][place]["file"]["name"] for place in outcomes}
    if names != {file["file"]["name"]}:
        return f"its outcomes about {file['file']['name']} are about another file"
    ends, analyses = _sheets([file["front"], file["end"]]), _sheets(file["sheets"])
    if isinstance(ends, str) or isinstance(analyses, str):
        return ends if isinstance(ends, str) else str(analyses)
    front, end = ends
    return Chapter(front, outcomes, tuple(analyses), end)


def _sheets(values: Sequence[dict[str, Any]]) -> list[doc.Document] | str:
    found: list[doc.Document] = []
    for value in values:
        one = sheet_json.shown(value, "review")
        if isinstance(one, str):
            return one
        found.append(one)
    return found


def pages(document: Saved, parts: Sequence[ReportPart]) -> list[PageText] | str:
    """For each part of a review what its proofs' pages say besides."""
    found: list[PageText] = []
    for file in document["analyses"][0]["files"]:
        if len(file["pages"]) != len(file["outcomes"]):
            return "the pages of its proofs are not those of its outcomes"
        for page in file["pages"]:
            names = [tuple(one["names"]) for one in page["proofs"]]
            part = parts[len(found)]
            if names != [one.names for one in proved(part.outcome)]:
                return f"the pages of its proofs are not those of {part.context.file}"
            told = (tuple(map(sheet_json.part, proof["parts"])) for proof in page["proofs"])
            found.append(PageText(tuple(told), page["judged"]))
    return found
