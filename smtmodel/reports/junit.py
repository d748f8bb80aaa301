"""An answer as JUnit XML: a suite per protocol and model, a case per property.

A property that is not PROVED (under `check`: not as expected) is a failure, one that was not
decided and an input that was refused an error. Keeps to the schema that Jenkins' xUnit plugin
calls junit-10.
"""

from collections.abc import Sequence

from smtmodel.reports import beyond
from smtmodel.reports.human import Style, finding_lines
from smtmodel.reports.markup import Markup, element
from smtmodel.reports.problems import Annotation, problems
from smtmodel.reports.view import Report
from smtmodel.verdict import Verdict

TEXT = Style(width=100)


def document(reports: Sequence[Report], refused: Sequence[tuple[str, Sequence[str]]]) -> str:
    """The document; `refused` has (name of the input, lines about it) pairs."""
    suites = [_refused(name, lines) for name, lines in refused]
    suites += [_suite(report) for report in reports]
    made = element("testsuites", _lines(suites))
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{made}\n'


def _lines(parts: Sequence[Markup]) -> Markup:
    """Elements on lines of their own, where blanks mean nothing."""
    return Markup("\n" + "".join(f"{part}\n" for part in parts))


def _refused(name: str, lines: Sequence[str]) -> Markup:
    error = element("error", "\n".join(lines), type="input", message=lines[0] if lines else "")
    case = element("testcase", error, name="input", classname=name)
    return element("testsuite", _lines([case]), name=name, tests=1, failures=0, errors=1)


def _suite(report: Report) -> Markup:
    found = {one.number: one for one in problems(report.results, report.model, report.expected)}
    name = report.called if report.model == "sc" else f"{report.called} ({report.model})"
    undecided = [n for n in found if report.results[n].verdict is Verdict.UNKNOWN]
    cases = [_case(report, name, n, found.get(n)) for n in range(len(report.results))]
    properties = element("properties", element("property", name="made by", value=report.versions))
    return element(
        "testsuite",
        _lines([*([properties] if report.versions else []), *cases]),
        name=name,
        tests=len(report.results),
        failures=len(found) - len(undecided),
        errors=len(undecided),
        skipped=0,
        time=f"{sum(one.seconds for one in report.results):.3f}",
        file=report.path,
    )


def _case(report: Report, suite: str, number: int, problem: Annotation | None) -> Markup:
    result = report.results[number]
    inside: list[Markup] = []
    if problem is not None:
        shown = [one for one in report.findings if one.result.name == result.name]
        lines = [line for one in shown for line in finding_lines(report, one, TEXT)]
        place = f"{report.path}:{result.span.line}:{result.span.column}"
        sort = "error" if result.verdict is Verdict.UNKNOWN else "failure"
        text = "\n".join([place, *lines])
        inside = [element(sort, text, type=result.verdict.value, message=problem.sentence)]
    elif further := beyond.ending(result):
        inside = [element("system-out", further)]
    return element(
        "testcase", inside, name=result.name, classname=suite, time=f"{result.seconds:.3f}"
    )
