"""A report for people: for a terminal, a pipe or, narrower and plainer, a mail.

Takes a `Report`; gives lines. Nothing is said by colour alone.
"""

from collections.abc import Sequence

from smtmodel.documents.plain import command
from smtmodel.documents.report import Evidence, Proof, Report, alike, result_line
from smtmodel.formats.layout import hung, table_lines, wrapped
from smtmodel.source.record import record
from smtmodel.verdict import Verdict

COLORS = {
    Verdict.PROVED: "\x1b[32m",
    Verdict.REFUTED: "\x1b[31m",
    Verdict.VACUOUS: "\x1b[33m",
    Verdict.UNKNOWN: "\x1b[33m",
}
RESET = "\x1b[0m"
IN = " " * 5


@record
class Style:
    """How wide, whether the width is a law (`hard`), and whether there is colour.

    With `whole` the law does not hold for the lines that scripts look for.
    """

    width: int = 100
    hard: bool = False
    color: bool = False
    whole: bool = False

    def for_scripts(self, line: str) -> list[str]:
        """A line that scripts look for."""
        return wrapped(line, "  ", self.width, hard=self.hard and not self.whole, first="")

    def paint(self, verdict: Verdict) -> str:
        """The word of a verdict."""
        word = verdict.value
        return f"{COLORS[verdict]}{word}{RESET}" if self.color else word


def lines_of(report: Report, style: Style, *, quiet: bool = False) -> list[str]:
    """The whole report; with `quiet` only the lines that scripts look for."""
    lines: list[str] = []
    if not quiet:
        for findings in alike(report.findings):
            lines += [*finding_lines(report, findings[0], style, findings[1:]), ""]
        for proof in report.proofs:
            lines += [*proof_lines(report, proof, style), ""]
        if report.versions:
            lines += [*wrapped(report.versions, IN, style.width, hard=style.hard), ""]
    for number, result in enumerate(report.results):
        parts = style.for_scripts(result_line(report, number))
        word = result.verdict.value
        lines += [parts[0].replace(f" {word} ", f" {style.paint(result.verdict)} ", 1), *parts[1:]]
    return lines


def _headline(
    report: Report, verdict: Verdict, rest: str, style: Style, *, hard: bool = False
) -> list[str]:
    text = f"{verdict.value} {report.file}: {rest}"
    lines = wrapped(text, IN, style.width, hard=style.hard or hard, first="")
    return [lines[0].replace(verdict.value, style.paint(verdict), 1), *lines[1:]]


def finding_lines(
    report: Report, finding: Evidence, style: Style, others: Sequence[Evidence] = ()
) -> list[str]:
    """A property, and its run where it has one; `others` are those that are alike."""
    result = finding.result
    names = ", ".join(one.result.name for one in (finding, *others))
    lines = _headline(report, result.verdict, f"{names}{finding.scope}", style, hard=bool(others))
    for note in finding.notes:
        lines += wrapped(note, IN, style.width, hard=style.hard)
    if finding.table is None:
        return lines
    lines.append("")
    if finding.same_as:
        lines.append(f"{IN}The run is the one of {finding.same_as}.")
    else:
        lines += table_lines(finding.table, style.width, hard=style.hard)
    if finding.banner:
        indent = f"{IN}    "
        text = f"*** {finding.banner} ***"
        lines += wrapped(text, f"{indent}    ", style.width, hard=style.hard, first=indent)
    lines += [""] if finding.why else []
    for text in finding.why:
        lines += wrapped(text, f"{IN}  ", style.width, hard=True, first=IN)
    return [*lines, "", *replay_lines(command(finding.replay), style)]


def replay_lines(command: str, style: Style) -> list[str]:
    """The command that runs an ordering again, in lines that a shell takes as one."""
    indent = IN + " " * 11
    return wrapped(command, indent, style.width, hard=style.hard, first=f"{IN}Replay:  ", end=" \\")


def proof_lines(report: Report, proof: Proof, style: Style) -> list[str]:
    """What was proved, and what it is worth."""
    lines: list[str] = []
    for name, scope in zip(proof.names, proof.scopes, strict=True):
        lines += _headline(report, Verdict.PROVED, f"{name}{scope}", style)
    lines.append("")
    column = 1 + max(len(heading) for heading, _ in proof.parts)
    for heading, texts in proof.parts:
        first = f"{IN}{heading + ':':{column}} "
        lines += hung(texts, first, " " * len(first), style.width)
    return lines
