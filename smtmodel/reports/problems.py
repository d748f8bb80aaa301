"""What of an outcome deserves a mark at a place in a file: for editors and for machines.

Takes results and, under `check`, what was expected of them; gives a sentence for each that is
not good. Renders nothing.
"""

from collections.abc import Iterator

from smtmodel.reports import beyond
from smtmodel.reports.view import banner
from smtmodel.solving.result import Result
from smtmodel.source import Severity
from smtmodel.source.record import record
from smtmodel.verdict import Verdict


@record
class Annotation:
    """The index of a result, how bad it is, and a sentence that begins with its verdict."""

    number: int
    severity: Severity
    sentence: str


def further(results: tuple[Result, ...], variant: str = "") -> Iterator[Annotation]:
    """What is PROVED and falls with one update more: a warning, and no failure of a test."""
    where = f" in {variant}" if variant else ""
    for number, result in enumerate(results):
        if ending := beyond.ending(result):
            yield Annotation(number, Severity.WARNING, f"{result.verdict.value}{where}, {ending}")


def problems(
    results: tuple[Result, ...],
    model: str,
    expected: tuple[Verdict, ...] | None,
    variant: str = "",
) -> Iterator[Annotation]:
    """What is not PROVED or, with `expected`, not as expected; `variant` is said where the place
    does not tell it."""
    for number, result in enumerate(results):
        ending = f" in {variant}" if variant else ""
        ending += "" if model == "sc" else f" under {model}"
        if expected is not None:
            if result.verdict is expected[number]:
                continue
            ending += f", expected {expected[number].value}"
        elif result.verdict is Verdict.PROVED:
            continue
        bad = expected is not None or result.verdict is Verdict.REFUTED
        why = result.reason or banner(result)
        doubt = "" if result.run is None else result.run.doubt
        text = f"{result.verdict.value}{ending}" + (f": {why}" if why else "")
        text += f"; the run is {doubt}" if doubt else ""
        severity = Severity.ERROR if bad else Severity.WARNING
        yield Annotation(number, severity, " ".join(text.split()))
