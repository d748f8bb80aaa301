"""An answer in the kernel's test protocol, KTAP version 1.

A test per protocol and model with a subtest per property; what there is to show of a property
stands before its line. A name or sentence holds no `#`, which would begin a directive.
"""

from collections.abc import Sequence

from smtmodel.documents.answer import Answer
from smtmodel.documents.document import Annotation, Document, ResultLine
from smtmodel.documents.plain import one_line, plain
from smtmodel.documents.report import documents_of
from smtmodel.formats import human
from smtmodel.formats.human import Style, finding_lines
from smtmodel.models import unless_default
from smtmodel.verdict import Cause, Verdict

TEXT = Style(width=100)
VERSION = "KTAP version 1"


def rendered(answer: Answer) -> str:
    """The document."""
    documents = documents_of(answer)
    lines = [VERSION, f"1..{len(answer.refusals) + len(documents)}"]
    for number, refusal in enumerate(answer.refusals, 1):
        lines += _told(human.wrong_lines(refusal, Style()))
        lines.append(f"not ok {number} {_name(refusal.name)} # ERROR not a usable protocol")
    for number, report in enumerate(documents, 1 + len(answer.refusals)):
        assert report.about is not None
        lines += [f"  {line}" for line in _subtests(report)]
        good = all(one.further for one in report.annotations)
        model = unless_default(report.about.model, f" under {report.about.model}")
        lines.append(f"{_ok(good)} {number} {_name(report.about.called)}{model}")
    return "".join(f"{line}\n" for line in lines)


def _subtests(report: Document) -> list[str]:
    results = [one for one in report.results if isinstance(one, ResultLine)]
    lines = [VERSION, f"1..{len(results)}"]
    for number, result in enumerate(results, 1):
        own = next((one for one in report.annotations if one.name == result.name), None)
        good = own is None or own.further != ""
        lines += [] if good else _told(finding_lines(report, result.name, TEXT))
        lines.append(f"{_ok(good)} {number} {_name(result.name)}{_ending(result, own)}")
    return lines


def _ending(result: ResultLine, own: Annotation | None) -> str:
    """What stands behind `#`: a directive for what was not decided, else the verdict."""
    if own is None:
        proved = result.verdict is Verdict.PROVED
        return "" if proved else f" # {result.verdict.value} as expected"
    if own.further:
        return f" # {own.further}"
    sentence = one_line(own.sentence).replace("#", "?")
    if own.verdict is not Verdict.UNKNOWN:
        return f" # {sentence}"
    return f" # {'TIMEOUT' if own.cause is Cause.TIMEOUT else 'ERROR'} {sentence}"


def _ok(good: bool) -> str:
    return "ok" if good else "not ok"


def _name(text: str) -> str:
    return one_line(text).replace("#", "?")


def _told(lines: Sequence[str]) -> list[str]:
    """Diagnostic lines."""
    return [f"# {line}".rstrip() for text in lines for line in plain(text).split("\n")]
