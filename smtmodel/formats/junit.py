"""An answer as JUnit XML: a suite per protocol and model, a case per property.

A property that is not PROVED (under `check`: not as expected) is a failure, one that was not
decided and an input that was refused an error. Keeps to the schema that Jenkins' xUnit plugin
calls junit-10.
"""

from collections.abc import Sequence

from smtmodel.documents.answer import Answer
from smtmodel.documents.document import Annotation, Document, ResultLine
from smtmodel.documents.report import documents_of
from smtmodel.documents.versions import versions_line
from smtmodel.formats import human
from smtmodel.formats.human import Style, finding_lines
from smtmodel.formats.markup import Markup, element
from smtmodel.models import unless_default
from smtmodel.source.refusal import Refusal
from smtmodel.verdict import Verdict

TEXT = Style(width=100)


def rendered(answer: Answer) -> str:
    """The document."""
    suites = [_refused(one) for one in answer.refusals]
    suites += [_suite(one) for one in documents_of(answer)]
    made = element("testsuites", _lines(suites))
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{made}\n'


def _lines(parts: Sequence[Markup]) -> Markup:
    """Elements on lines of their own, where blanks mean nothing."""
    return Markup("\n" + "".join(f"{part}\n" for part in parts))


def _refused(refusal: Refusal) -> Markup:
    lines = human.wrong_lines(refusal, Style())
    error = element("error", "\n".join(lines), type="input", message=lines[0] if lines else "")
    case = element("testcase", error, name="input", classname=refusal.name)
    return element("testsuite", _lines([case]), name=refusal.name, tests=1, failures=0, errors=1)


def _suite(report: Document) -> Markup:
    about, made = report.about, report.versions
    assert about is not None
    name = about.called + unless_default(about.model, f" ({about.model})")
    failures = [one for one in report.annotations if not one.further]
    undecided = [one for one in failures if one.verdict is Verdict.UNKNOWN]
    results = [one for one in report.results if isinstance(one, ResultLine)]
    cases = [_case(report, name, one) for one in results]
    versions = versions_line(made) if made is not None else ""
    properties = element("properties", element("property", name="made by", value=versions))
    return element(
        "testsuite",
        _lines([*([properties] if versions else []), *cases]),
        name=name,
        tests=len(results),
        failures=len(failures) - len(undecided),
        errors=len(undecided),
        skipped=0,
        time=f"{sum(one.seconds for one in results):.3f}",
        file=about.path,
    )


def _case(report: Document, suite: str, result: ResultLine) -> Markup:
    own = next((one for one in report.annotations if one.name == result.name), None)
    inside: list[Markup] = []
    if own is not None and own.further:
        inside = [element("system-out", own.further)]
    elif own is not None:
        inside = [_failure(report, own)]
    return element(
        "testcase", inside, name=result.name, classname=suite, time=f"{result.seconds:.3f}"
    )


def _failure(report: Document, problem: Annotation) -> Markup:
    assert report.about is not None
    place = f"{report.about.path}:{problem.span.line}:{problem.span.column}"
    text = "\n".join([place, *finding_lines(report, problem.name, TEXT)])
    sort = "error" if problem.verdict is Verdict.UNKNOWN else "failure"
    return element(sort, text, type=problem.verdict.value, message=problem.sentence)
