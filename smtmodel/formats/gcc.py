"""An outcome for editors: one line per property that does not hold, at its place."""

from smtmodel.documents.annotations import further, problems
from smtmodel.documents.plain import one_line
from smtmodel.solving.result import Outcome
from smtmodel.verdict import Verdict


def gcc_lines(
    path: str, outcome: Outcome, expected: tuple[Verdict, ...] | None = None
) -> list[str]:
    """`file:line:col: error: REFUTED … [name]`; VACUOUS and UNKNOWN are warnings.

    With `expected`, a line for each result that is not as expected.
    """
    lines: list[str] = []
    results = outcome.results
    for one in (*problems(results, outcome.model, expected), *further(results)):
        result = results[one.number]
        place = f"{one_line(path)}:{result.span.line}:{result.span.column}"
        lines.append(f"{place}: {one.severity.value}: {one.sentence} [{result.name}]")
    return lines
