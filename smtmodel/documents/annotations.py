"""What of an outcome deserves a mark at a place in a file: for editors and for machines.

Takes results and, under `check`, what was expected of them; gives a sentence for each that is
not good, and for what is proved but falls with one update more.
"""

from collections.abc import Iterator

from smtmodel.documents import beyond, unbounded
from smtmodel.documents.answer import Expected
from smtmodel.documents.document import Annotation
from smtmodel.documents.why import banner
from smtmodel.models import unless_default
from smtmodel.solving.result import Result
from smtmodel.source import Severity
from smtmodel.verdict import Verdict


def annotations(
    results: tuple[Result, ...],
    model: str,
    expected: tuple[Expected, ...] | None,
    variant: str = "",
) -> Iterator[Annotation]:
    """The failures, then the warnings about what lies beyond the bounds; the place of neither
    tells the variant."""
    where = f" in {variant}" if variant else ""
    for number, result in enumerate(results):
        wanted = None if expected is None else expected[number]
        if not (wanted or Expected(Verdict.PROVED)).met(result):
            yield _failure(result, where + unless_default(model, f" under {model}"), wanted)
    for result in results:
        if further := beyond.ending(result):
            sentence = f"{result.verdict.value}{where}, {further}"
            yield _annotation(result, Severity.WARNING, sentence, further)


def _failure(result: Result, where: str, wanted: Expected | None) -> Annotation:
    ending = where if wanted is None else f"{where}, expected {wanted.text}"
    bad = wanted is not None or result.verdict is Verdict.REFUTED
    why = result.reason or unbounded.lacking(result) or banner(result)
    doubt = "" if result.run is None else result.run.doubt
    text = f"{result.verdict.value}{ending}" + (f": {why}" if why else "")
    text += f"; the run is {doubt}" if doubt else ""
    severity = Severity.ERROR if bad else Severity.WARNING
    return _annotation(result, severity, " ".join(text.split()))


def _annotation(result: Result, severity: Severity, sentence: str, further: str = "") -> Annotation:
    place = result.span
    return Annotation(result.name, result.verdict, result.cause, place, severity, sentence, further)
