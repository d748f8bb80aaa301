"""One answer of a command, in any format.

Takes what was found out about each protocol and what was refused; gives lines of text. A
format is added here: its name in `FORMATS`, and a case in `part_lines` and `refusal_lines` or,
if it is one document that is complete only at the end, in `document`.
"""

from collections.abc import Sequence
from importlib import import_module
from typing import TYPE_CHECKING

from smtmodel.language.checked import Checked
from smtmodel.reports.human import Style
from smtmodel.reports.plain import one_line, plain
from smtmodel.reports.sheet import Sheet
from smtmodel.reports.view import Context, Report
from smtmodel.solving.result import Outcome
from smtmodel.source.record import record
from smtmodel.source.refusal import Refusal
from smtmodel.verdict import Verdict

if TYPE_CHECKING:
    from smtmodel.reports.json import Value
    from smtmodel.reports.proof import Page, PageText
    from smtmodel.reports.review import Review

MODULES = {
    "human": "human",
    "email": "email",
    "markdown": "markdown",
    "json": "json",
    "html": "page",
    "svg": "svg",
    "gcc": "gcc",
    "github": "github",
    "junit": "junit",
    "ktap": "ktap",
    "smt2": "smt2",
}
"""Every format, and the module beside this one that makes it."""

FORMATS = tuple(MODULES)
SAVED = tuple(form for form in FORMATS if form != "smt2")
"""Formats that can be made of a saved result, which has no questions in it."""

DOCUMENTS = ("json", "html", "svg", "junit", "ktap")
"""Formats that are one document, which is made when everything is known."""

ANALYSES = ("human", "email", "markdown", "html", "json")
"""Formats of the commands that analyse a protocol, whose answers are sheets."""

REVIEWS = ("markdown", "html", "email", "human", "json")
"""Formats of a review, which is one document about many protocols."""

DRAWN = ("html", "svg")
"""Formats with pictures, which also show the runs that reach the goals, unless in a review."""


@record
class ReportPart:
    """What was found out about one protocol under one model.

    `expected` has for each result the verdict that the file expects of it, under `check`; `page`
    what a review knows of the proofs besides, `told` what a saved one says of them.
    """

    protocol: Checked
    outcome: Outcome
    context: Context
    expected: tuple[Verdict, ...] | None = None
    page: "Page | None" = None
    told: "PageText | None" = None


@record
class Answer:
    """All that a command has to say: `status` is the exit status, `summary` its last line."""

    command: str
    tool: str
    status: int
    parts: tuple[ReportPart, ...]
    refusals: tuple[Refusal, ...]
    summary: str = ""
    sheets: tuple[Sheet, ...] = ()
    review: "Review | None" = None


def load(form: str) -> None:
    """Import what a format needs, so that nothing can be missing once there is a verdict."""
    import_module(f"smtmodel.reports.{MODULES[form]}")


def _report(part: ReportPart, *, witnesses: bool, scenes: bool = False) -> Report:
    from smtmodel.reports.view import view

    report = view(
        part.protocol,
        part.outcome,
        part.context,
        expected=part.expected,
        witnesses=witnesses,
        scenes=scenes,
    )
    if part.page is None and part.told is None:
        return report
    from smtmodel.reports.proof import completed, told_of

    if part.page is not None:
        return completed(report, told_of(report, part.page))
    assert part.told is not None
    return completed(report, part.told)


def part_lines(
    part: ReportPart, form: str, style: Style, *, quiet: bool = False, witnesses: bool = False
) -> list[str]:
    """The report of one part; nothing for the formats that are one document."""
    if form in DOCUMENTS:
        return []
    if form == "gcc":
        from smtmodel.reports.gcc import gcc_lines

        return gcc_lines(part.protocol, part.outcome, part.expected)
    if form == "smt2":
        from smtmodel.reports import smt2

        return smt2.lines_of(part.outcome, smt2.stem(part.protocol))
    report = _report(part, witnesses=witnesses)
    match form:
        case "email":
            from smtmodel.reports.email import email_lines

            return email_lines(report, quiet=quiet)
        case "markdown":
            from smtmodel.reports import markdown

            return markdown.lines_of(report, quiet=quiet)
        case "github":
            from smtmodel.reports import github

            return github.lines_of(report)
        case _:
            from smtmodel.reports.human import lines_of

            return lines_of(report, style, quiet=quiet)


def sheet_lines(sheet: Sheet, form: str, style: Style, *, quiet: bool = False) -> list[str]:
    """The answer of an analysis; nothing for the formats that are one document."""
    if form in DOCUMENTS:
        return []
    from smtmodel.reports.sheet import sheet_lines as lines_of

    match form:
        case "email":
            from smtmodel.reports.email import STYLE, harmless

            return harmless(lines_of(sheet, STYLE, quiet=quiet))
        case "markdown":
            from smtmodel.reports import markdown

            return markdown.sheet_lines(sheet, quiet=quiet)
        case _:
            return lines_of(sheet, style, quiet=quiet)


def review_lines(
    review: "Review", parts: Sequence[ReportPart], form: str, style: Style, *, quiet: bool = False
) -> list[str]:
    """A review about these parts; nothing for the formats that are one document."""
    if form in DOCUMENTS:
        return []
    from smtmodel.reports.review import lines_of

    reports = [_report(part, witnesses=False) for part in parts]
    return lines_of(review, reports, form, style, quiet=quiet)


def refusal_lines(refusal: Refusal, form: str, style: Style) -> list[str]:
    """Why there is no answer about an input; nothing for the formats that are one document."""
    if form in DOCUMENTS:
        return []
    match form:
        case "gcc":
            return _gcc_lines(refusal)
        case "github":
            from smtmodel.reports import github

            return github.refusal_lines(refusal)
        case "email":
            from smtmodel.reports.email import harmless

            return harmless(_human_lines(refusal, style))
        case "markdown":
            from smtmodel.reports import markdown

            return markdown.fenced(_human_lines(refusal, style))
        case "smt2":
            return [f"; {line}".rstrip() for line in _human_lines(refusal, style)]
        case _:
            return _human_lines(refusal, style)


def _gcc_lines(refusal: Refusal) -> list[str]:
    if not refusal.diagnostics or refusal.text is None:
        return [f"{one_line(refusal.name)}:1:1: error: {one_line(refusal.message)}"]
    from smtmodel.reports import diagnostics

    return diagnostics.gcc_lines(refusal.text, refusal.diagnostics)


def _human_lines(refusal: Refusal, style: Style) -> list[str]:
    if not refusal.diagnostics or refusal.text is None:
        return [f"error: {plain(refusal.message)}"]
    from smtmodel.reports import diagnostics

    return diagnostics.human_lines(
        refusal.text, refusal.diagnostics, style.width, color=style.color
    )


def document(form: str, answer: Answer) -> str:
    """The whole answer in one of the formats that are one document."""
    if form == "json":
        return _json(answer)
    drawn = form in DRAWN
    witnesses = drawn and answer.review is None
    reports = [_report(part, witnesses=witnesses, scenes=drawn) for part in answer.parts]
    refused = [(one.name, _human_lines(one, Style())) for one in answer.refusals]
    wrong = [line for _, lines in refused for line in lines]
    match form:
        case "html" if answer.review is not None:
            from smtmodel.reports import review_page

            return review_page.document(answer.review, reports, wrong)
        case "html" if answer.sheets:
            from smtmodel.reports import sheet_page

            return sheet_page.document(answer.sheets, wrong)
        case "html":
            from smtmodel.reports import page

            return page.document(reports, wrong, answer.summary)
        case "svg":
            from smtmodel.reports import svg

            return svg.document(reports, wrong)
        case "junit":
            from smtmodel.reports import junit

            return junit.document(reports, refused)
        case "ktap":
            from smtmodel.reports import ktap

            return ktap.document(reports, refused)
        case _:
            raise ValueError(form)


def _analysis(sheet: Sheet) -> "Value":
    from smtmodel.reports.sheet_json import sheet_value

    assert isinstance(sheet.value, dict)
    return {**sheet.value, "sheet": sheet_value(sheet)}


def _json(answer: Answer) -> str:
    from smtmodel.reports import json

    outcomes = [
        json.outcome_value(part.protocol, part.outcome, part.context, part.expected)
        for part in answer.parts
    ]
    wrong = [
        json.diagnostic_value(refusal.text, one, refusal.name)
        for refusal in answer.refusals
        for one in (refusal.diagnostics or (refusal.message,))
    ]
    if answer.review is not None:
        analyses = [answer.review.value, *(sheet.value for sheet in answer.sheets)]
    else:
        analyses = [_analysis(sheet) for sheet in answer.sheets]
    texts = [part.protocol.text for part in answer.parts]
    texts += [text for sheet in answer.sheets for text in sheet.sources]
    texts += [refusal.text for refusal in answer.refusals if refusal.text is not None]
    return json.dumped(
        json.document(
            answer.command,
            answer.tool,
            answer.status,
            outcomes,
            wrong,
            analyses,
            summary=answer.summary,
            sources=texts,
        )
    )
