"""One answer of a command, in any format.

Takes what was found out about each protocol and what was refused; gives lines of text. A
format is added here: in `part_lines` and `refusal_lines`.
"""

from collections.abc import Iterable, Sequence

from smtmodel.language.checked import Checked
from smtmodel.reports.human import Style
from smtmodel.reports.view import Context
from smtmodel.solving.result import Outcome
from smtmodel.source.record import record
from smtmodel.source.refusal import Refusal
from smtmodel.verdict import Verdict

FORMATS = ("human", "email", "json", "gcc")


@record
class Part:
    """What was found out about one protocol under one model.

    `expected` has for each result the verdict that the file expects of it, under `check`.
    """

    protocol: Checked
    outcome: Outcome
    context: Context
    expected: tuple[Verdict, ...] | None = None


def load(form: str) -> None:
    """Import what a format needs, so that nothing can be missing once there is a verdict."""
    match form:
        case "json":
            import smtmodel.reports.json
        case "gcc":
            import smtmodel.reports.gcc
        case "email":
            import smtmodel.reports.email
        case _:
            import smtmodel.reports.view  # noqa: F401


def part_lines(
    part: Part, form: str, style: Style, *, quiet: bool = False, witnesses: bool = False
) -> list[str]:
    """The report of one part; nothing for JSON, which is one document at the end."""
    if form == "json":
        return []
    if form == "gcc":
        from smtmodel.reports.gcc import gcc_lines

        return gcc_lines(part.protocol.text.name, part.outcome, part.expected)
    from smtmodel.reports.view import view

    report = view(
        part.protocol, part.outcome, part.context, expected=part.expected, witnesses=witnesses
    )
    if form == "email":
        from smtmodel.reports.email import email_lines

        return email_lines(report, quiet=quiet)
    from smtmodel.reports.human import lines_of

    return lines_of(report, style, quiet=quiet)


def refusal_lines(refusal: Refusal, form: str, style: Style) -> list[str]:
    """Why there is no answer about an input; nothing for JSON."""
    if form == "json":
        return []
    if not refusal.diagnostics or refusal.text is None:
        sentence = refusal.message
        return [f"{refusal.name}:1:1: error: {sentence}" if form == "gcc" else f"error: {sentence}"]
    from smtmodel.reports import diagnostics

    if form == "gcc":
        return diagnostics.gcc_lines(refusal.text, refusal.diagnostics)
    lines = diagnostics.human_lines(
        refusal.text, refusal.diagnostics, style.width, color=style.color
    )
    if form == "email":
        from smtmodel.reports.email import harmless

        return harmless(lines)
    return lines


def document(
    command: str, tool: str, status: int, parts: Sequence[Part], refusals: Iterable[Refusal]
) -> str:
    """The whole answer as JSON."""
    from smtmodel.reports import json

    outcomes = [
        json.outcome_value(part.protocol, part.outcome, part.context, part.expected)
        for part in parts
    ]
    wrong = [
        json.diagnostic_value(refusal.text, one, refusal.name)
        for refusal in refusals
        for one in (refusal.diagnostics or (refusal.message,))
    ]
    return json.dumped(json.document(command, tool, status, outcomes, wrong))
