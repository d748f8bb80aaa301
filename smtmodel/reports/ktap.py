"""An answer in the kernel's test protocol, KTAP version 1.

A test per protocol and model with a subtest per property; what there is to show of a property
stands before its line. A name or sentence holds no `#`, which would begin a directive.
"""

from collections.abc import Sequence

from smtmodel.reports import beyond
from smtmodel.reports.human import Style, finding_lines
from smtmodel.reports.plain import one_line, plain
from smtmodel.reports.problems import Annotation, problems
from smtmodel.reports.view import Report
from smtmodel.solving.result import Result
from smtmodel.verdict import Cause, Verdict

TEXT = Style(width=100)
VERSION = "KTAP version 1"


def document(reports: Sequence[Report], refused: Sequence[tuple[str, Sequence[str]]]) -> str:
    """The document; `refused` has (name of the input, lines about it) pairs."""
    lines = [VERSION, f"1..{len(refused) + len(reports)}"]
    number = 0
    for name, told in refused:
        number += 1
        lines += [*_told(told), f"not ok {number} {_name(name)} # ERROR not a usable protocol"]
    for report in reports:
        number += 1
        found = {one.number: one for one in problems(report.results, report.model, report.expected)}
        lines += [f"  {line}" for line in _subtests(report, found)]
        model = "" if report.model == "sc" else f" under {report.model}"
        lines.append(f"{_ok(not found)} {number} {_name(report.called)}{model}")
    return "".join(f"{line}\n" for line in lines)


def _subtests(report: Report, found: dict[int, Annotation]) -> list[str]:
    lines = [VERSION, f"1..{len(report.results)}"]
    for number, result in enumerate(report.results):
        shown = [one for one in report.findings if one.result.name == result.name]
        if number in found:
            lines += _told([line for one in shown for line in finding_lines(report, one, TEXT)])
        told = f"{_ok(number not in found)} {number + 1} {_name(result.name)}"
        lines.append(told + _ending(result, found.get(number)))
    return lines


def _ending(result: Result, problem: Annotation | None) -> str:
    """What stands behind `#`: a directive for what was not decided, else the verdict."""
    if problem is None and result.verdict is Verdict.PROVED:
        further = beyond.ending(result)
        return f" # {further}" if further else ""
    if problem is None:
        return f" # {result.verdict.value} as expected"
    sentence = one_line(problem.sentence).replace("#", "?")
    if result.verdict is not Verdict.UNKNOWN:
        return f" # {sentence}"
    return f" # {'TIMEOUT' if result.cause is Cause.TIMEOUT else 'ERROR'} {sentence}"


def _ok(good: bool) -> str:
    return "ok" if good else "not ok"


def _name(text: str) -> str:
    return one_line(text).replace("#", "?")


def _told(lines: Sequence[str]) -> list[str]:
    """Diagnostic lines."""
    return [f"# {line}".rstrip() for text in lines for line in plain(text).split("\n")]
