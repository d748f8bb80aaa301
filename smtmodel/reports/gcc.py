"""An outcome for editors: one line per property that does not hold, at its place."""

from smtmodel.language.checked import Checked
from smtmodel.reports.plain import one_line
from smtmodel.reports.problems import further, problems
from smtmodel.solving.result import Outcome
from smtmodel.verdict import Verdict


def gcc_lines(
    protocol: Checked, outcome: Outcome, expected: tuple[Verdict, ...] | None = None
) -> list[str]:
    """`file:line:col: error: REFUTED … [name]`; VACUOUS and UNKNOWN are warnings.

    With `expected`, a line for each result that is not as expected.
    """
    lines: list[str] = []
    results = outcome.results
    found = problems(results, outcome.model, expected, protocol.variant)
    for one in (*found, *further(results, protocol.variant)):
        result = results[one.number]
        place = f"{one_line(protocol.text.name)}:{result.span.line}:{result.span.column}"
        lines.append(f"{place}: {one.severity.value}: {one.sentence} [{result.name}]")
    return lines
