"""An outcome for editors: one line per property that does not hold, at its place."""

from smtmodel.reports.view import banner
from smtmodel.solving.result import Outcome, Result
from smtmodel.verdict import Verdict


def gcc_lines(
    path: str, outcome: Outcome, expected: tuple[Verdict, ...] | None = None
) -> list[str]:
    """`file:line:col: error: REFUTED … [name]`; VACUOUS and UNKNOWN are warnings.

    With `expected`, a line for each result that is not as expected.
    """
    lines: list[str] = []
    for number, result in enumerate(outcome.results):
        ending = "" if outcome.model == "sc" else f" under {outcome.model}"
        if expected is not None:
            if result.verdict is expected[number]:
                continue
            ending += f", expected {expected[number].value}"
        elif result.verdict is Verdict.PROVED:
            continue
        lines.append(_line(path, result, ending, wrong=expected is not None))
    return lines


def _line(path: str, result: Result, ending: str, *, wrong: bool) -> str:
    why = result.reason or banner(result)
    text = f"{result.verdict.value}{ending}" + (f": {why}" if why else "")
    severity = "error" if wrong or result.verdict is Verdict.REFUTED else "warning"
    place = f"{path}:{result.span.line}:{result.span.column}"
    return f"{place}: {severity}: {' '.join(text.split())} [{result.name}]"
