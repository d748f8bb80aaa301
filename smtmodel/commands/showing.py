"""`show`: a saved result, rendered again.

Takes the name of a file; gives the answer in it and its status, or why it is none. The status
is worked out anew from the results, by the functions that every command uses. Of an analysis,
whose variants and cases are not decided again, it has to be one that its verdicts allow: which
limit left something unknown, and that two parts of the tool disagreed, is the file's word. So
it is of a review whether something that was asked besides stayed unknown.
"""

import re
from collections.abc import Sequence
from itertools import product
from typing import Any

from smtmodel import __version__, pipeline
from smtmodel.commands.expectations import judged
from smtmodel.commands.sinks import Sink
from smtmodel.language.checked import Checked
from smtmodel.reports import saved
from smtmodel.reports.answer import ANALYSES, REVIEWS, SAVED, Answer, ReportPart
from smtmodel.reports.plain import one_line
from smtmodel.reports.saved import Document
from smtmodel.reports.sheet import Sheet
from smtmodel.reports.view import Context, view
from smtmodel.solving.result import Sort, sort_of
from smtmodel.source import Diagnostic, Text
from smtmodel.source.read import read
from smtmodel.source.record import replace
from smtmodel.source.refusal import Refusal
from smtmodel.verdict import Status, Verdict, status_of, worst

LIMIT = 64 * 1024 * 1024
"""Bytes of the longest result."""


def shown(name: str) -> Answer | Refusal:
    """The answer that a file holds (`-`: standard input)."""
    text = read(name, LIMIT)
    if isinstance(text, Diagnostic):
        return Refusal(name, diagnostics=(text,), text=Text(name, ""))
    document = saved.read(text.content, __version__)
    if isinstance(document, str):
        return Refusal(name, one_line(f"{name}: {document}"))
    answer = _answer(document)
    return Refusal(name, one_line(f"{name}: {answer}")) if isinstance(answer, str) else answer


def _answer(document: Document) -> Answer | str:
    """The answer of a document, or what is wrong with it."""
    parts: list[ReportPart] = []
    for number, value in enumerate(document["outcomes"]):
        part = _part(document, value)
        if isinstance(part, str):
            return f"outcome {number + 1}: {part}"
        parts.append(part)
    refusals = saved.refusals(document)
    analyses = document.get("analyses", [])
    if not (parts or refusals or analyses):
        return "there is no answer in it"
    status = _status(parts, refusals)
    made = Answer(
        document["command"],
        document["smtmodel"],
        document["status"],
        tuple(parts),
        refusals,
        document["summary"],
    )
    if analyses:
        return _analysed(document, made, status)
    return _wrong_status(document, [status]) or made


def _wrong_status(document: Document, able: Sequence[Status]) -> str:
    """What is wrong with the status of a document whose results allow these."""
    if document["status"] in able:
        return ""
    words = " or ".join(str(int(one)) for one in dict.fromkeys(able))
    return f"its status is {document['status']}, but its results make it {words}"


def formats(answer: Answer) -> tuple[str, ...]:
    """The formats that an answer has."""
    if answer.review is not None:
        return REVIEWS
    return ANALYSES if answer.sheets else SAVED


def tell(answer: Answer, sinks: Sequence[Sink]) -> Status:
    """Put an answer into every sink; gives its status."""
    status = Status(answer.status)
    for sink in sinks:
        for refusal in answer.refusals:
            sink.refuse(refusal)
        if answer.review is not None:
            sink.tell_review(answer.review, list(answer.parts), list(answer.sheets))
        else:
            for part in answer.parts:
                sink.add(part)
            for sheet in answer.sheets:
                sink.tell(sheet)
        sink.end(answer.command, status, answer.summary, answer.tool)
    return status


def _status(parts: list[ReportPart], refusals: tuple[Refusal, ...]) -> Status:
    statuses = [Status.BAD_INPUT] if refusals else []
    for part in parts:
        results = part.outcome.results
        if part.expected is None:
            statuses += [one.status for one in results]
        else:
            statuses += [judged(*pair) for pair in zip(results, part.expected, strict=True)]
    return worst(statuses)


# ---------------------------------------------------------------- analyses


UNKNOWN = (Status.UNKNOWN, Status.TIMEOUT, Status.INTERRUPTED, Status.CONTRADICTION)
"""The statuses of what is not known, which a document does not give the causes of."""


def _analysed(document: Document, made: Answer, status: Status) -> Answer | str:
    """The answer of an analysis or a review; `status` is that of what was decided."""
    from smtmodel.reports import saved_sheets

    value = document["analyses"][0]
    if value["kind"] != "review":
        sheets = saved_sheets.analyses(document)
        if isinstance(sheets, str):
            return sheets
        able = _able_of(document["analyses"], sheets, status)
        if isinstance(able, str):
            return able
        return _wrong_status(document, able) or replace(made, sheets=sheets)
    found = saved_sheets.review(document)
    if isinstance(found, str):
        return found
    told = saved_sheets.pages(
        document, [view(p.protocol, p.outcome, p.context) for p in made.parts]
    )
    if isinstance(told, str):
        return told
    review, sheets = found
    parts = tuple(replace(one, told=page) for one, page in zip(made.parts, told, strict=True))
    able = [status, *(worst([status, one]) for one in UNKNOWN)]
    wrong = _wrong_status(document, able)
    return wrong or replace(made, parts=parts, sheets=sheets, review=review)


def _able_of(
    values: Sequence[dict[str, Any]], sheets: Sequence[Sheet], status: Status
) -> list[Status] | str:
    """The statuses that an answer with these analyses may have, besides what was refused."""
    able = [status]
    for value, sheet in zip(values, sheets, strict=True):
        own = _able(value, sheet)
        if isinstance(own, str):
            return own
        able = list(dict.fromkeys(worst(pair) for pair in product(able, own)))
    return able


def _able(value: dict[str, Any], sheet: Sheet) -> list[Status] | str:
    """The statuses that an analysis may have."""
    if value["kind"] == "cases":
        known = _of_cases(value, sheet)
        if isinstance(known, str):
            return known
        open_ = not value["subjects"] or not all(one["complete"] for one in value["subjects"])
    else:
        verdicts = [Verdict(one) for one in RESULT.findall("\n".join(sheet.results))]
        known = [status_of(one) for one in verdicts if one is not Verdict.UNKNOWN]
        open_ = Verdict.UNKNOWN.value in _verdicts(value) or len(known) < len(verdicts)
    status = worst(known)
    if open_:
        return [worst([status, one]) for one in UNKNOWN]
    return [status, Status.CONTRADICTION]


RESULT = re.compile(r"^Result .* (PROVED|REFUTED|VACUOUS|UNKNOWN) \d+\.\d\ds\b", re.M)
"""The line of a result, whose verdict counts."""


def _verdicts(value: Any) -> set[str]:
    """The verdicts anywhere in the value of an analysis."""
    if isinstance(value, list):
        return {one for item in value for one in _verdicts(item)}
    if not isinstance(value, dict):
        return set()
    own = {value[name] for name in ("verdict", "old", "new") if isinstance(value.get(name), str)}
    return own | {one for item in value.values() for one in _verdicts(item)}


def _of_cases(value: dict[str, Any], sheet: Sheet) -> list[Status] | str:
    """The statuses of the cases, of which the file says what they violate."""
    protocol = pipeline.checked(sheet.sources[0], value["file"].get("variant", ""))
    if isinstance(protocol, Refusal):
        return _said(protocol)
    sorts = (Sort.NEVER, Sort.ASSERT)
    judges = {one.name for one in protocol.properties if sort_of(one) in sorts}
    found: list[Status] = []
    for subject in value["subjects"]:
        unknown = [name for name in subject["properties"] if name not in judges]
        if unknown:
            return f"{protocol.name} has no such property to judge cases as {unknown[0]}"
        found += [Status.REFUTED for one in subject["cases"] if one["violates"]]
    return found


# ---------------------------------------------------------------- outcomes


def _part(document: Document, value: Document) -> ReportPart | str:
    name, digest = value["file"]["name"], value["file"]["digest"]
    text = saved.source(document, name, digest)
    if text is None:
        return f"the text of {name} is not in it"
    protocol = _protocol(pipeline.checked(text, value["file"].get("variant", "")), value)
    if isinstance(protocol, str):
        return protocol
    outcome = saved.outcome(value, protocol)
    if isinstance(outcome, str):
        return outcome
    versions = value["versions"]
    context = Context(protocol.called, versions["smtmodel"], versions["z3"] or "")
    return ReportPart(protocol, outcome, context, saved.expected(value))


def _protocol(found: Checked | Refusal, value: Document) -> Checked | str:
    """The protocol with the model and the bounds of the outcome."""
    able = found if isinstance(found, Refusal) else pipeline.for_model(found, value["model"])
    if isinstance(able, Refusal):
        return _said(able)
    limits = saved.bounds(value["bounds"], able)
    if isinstance(limits, str):
        return limits
    asked = {kind.bound: limits.count(kind.bound) for kind in able.kinds}
    bounded = pipeline.with_bounds(able, asked | {"rounds": limits.rounds})
    if isinstance(bounded, Refusal):
        return _said(bounded)
    return replace(bounded, bounds=limits)


def _said(refusal: Refusal) -> str:
    """A refusal in one sentence."""
    if not refusal.diagnostics:
        return refusal.message
    first = refusal.diagnostics[0]
    return f"{refusal.name}:{first.span.line}: {first.message} [{first.code.name}]"
