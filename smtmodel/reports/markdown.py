"""A report that can be pasted into GitHub or GitLab.

Text of the protocol stands in code only, in spans and fences that are longer than any run of
backticks in it: there nothing is a link, a mention or markup. In tables `|` is escaped too.
"""

import re
import shlex
from collections.abc import Iterable, Sequence

from smtmodel.reports.layout import table_lines
from smtmodel.reports.plain import one_line, plain
from smtmodel.reports.view import Finding, Proof, Report
from smtmodel.verdict import Verdict

WIDTH = 100
HARMLESS = re.compile(r"(?!www\.)\(?[A-Za-z0-9][A-Za-z0-9.,;/'%-]*\)?[,;:]?")
"""Words that no renderer makes anything of; others, a name with `_` for one, are set as code."""


def grid(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """A table whose cells are code, and a blank line after it."""
    told = [[code(cell, cell=True) if cell else "" for cell in row] for row in (heads, *rows)]
    lines = [f"| {' | '.join(cells)} |" for cells in told]
    return [lines[0], f"|{' --- |' * len(heads)}", *lines[1:], ""]


def lines_of(report: Report, *, quiet: bool = False) -> list[str]:
    """The report; with `quiet` only the table of results."""
    lines: list[str] = []
    if not quiet:
        for finding in report.findings:
            lines += _finding(report, finding)
        for proof in report.proofs:
            lines += _proof(report, proof)
    lines += [f"| {code(report.file, cell=True)} | verdict | time |", "| --- | --- | ---: |"]
    for result, ending in zip(report.results, report.endings, strict=True):
        told = f"**{result.verdict.value}**" + (f" {ending}" if ending else "")
        lines.append(f"| {code(result.name, cell=True)} | {told} | {result.seconds:.2f}s |")
    lines.append("")
    return [*lines, code(report.versions), ""] if report.versions and not quiet else lines


def fenced(lines: list[str], language: str = "text") -> list[str]:
    """Lines of code, with a blank line after them."""
    texts = [line for one in lines for line in plain(one).split("\n")]
    fence = "`" * max(3, 1 + _longest(texts))
    return [f"{fence}{language}", *texts, fence, ""]


def code(text: str, *, cell: bool = False) -> str:
    """A span of code, also inside a `cell` of a table."""
    shown = one_line(text)
    if cell:
        shown = shown.replace("\\|", "\\ |").replace("|", "\\|")
    ticks = "`" * (1 + _longest([shown]))
    blank = " " if shown[:1] in ("`", " ") or shown[-1:] in ("`", " ") or not shown else ""
    return f"{ticks}{blank}{shown}{blank}{ticks}"


def prose(text: str) -> str:
    """A sentence, its harmless words as they are and the others as code, as is what stands
    between backticks."""
    found: list[str] = []
    for number, part in enumerate(plain(text).split("`")):
        if number % 2:
            found += [code(part)] if part.strip() else []
        else:
            sign = re.match("[,;:.]*(?= |$)", part)
            if found and sign is not None:  # it belongs to the span before it
                found[-1] += sign[0]
                part = part[sign.end() :]
            found += [word if HARMLESS.fullmatch(word) else code(word) for word in part.split()]
    return " ".join(found)


def _longest(texts: list[str]) -> int:
    """The length of the longest run of backticks."""
    return max((len(run) for text in texts for run in re.findall("`+", text)), default=0)


def _headline(report: Report, verdict: Verdict, name: str, scope: str) -> list[str]:
    comma = "," if scope.startswith(",") else ""
    about = prose(scope.removeprefix(","))
    return [f"### {verdict.value} {code(report.file)}: {code(name)}{comma} {about}".rstrip(), ""]


def _finding(report: Report, finding: Finding) -> list[str]:
    result = finding.result
    lines = _headline(report, result.verdict, result.name, finding.scope)
    for note in finding.notes:
        lines += [prose(note), ""]
    if finding.same_as:
        lines += [f"The run is the one of {code(finding.same_as)}.", ""]
    table = finding.table if not finding.same_as else None
    shown = table_lines(table, WIDTH, hard=False) if table is not None else []
    shown += ["", f"*** {finding.banner} ***"] if finding.banner else []
    lines += fenced(shown) if shown else []
    return [*lines, *(fenced([shlex.join(finding.replay)], "sh") if finding.replay else [])]


def _proof(report: Report, proof: Proof) -> list[str]:
    lines: list[str] = []
    for name in proof.names:
        lines += _headline(report, Verdict.PROVED, name, proof.scope)
    for heading, texts in proof.parts:
        first = f"- **{heading}:**"
        if len(texts) == 1:
            lines.append(f"{first} {prose(texts[0])}")
        else:
            lines += [first, *(f"  - {prose(text)}" for text in texts)]
    return [*lines, ""]
