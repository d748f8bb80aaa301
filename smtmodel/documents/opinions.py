"""What second judges said of the verdicts, in words.

Takes results; gives lines. A judge who came to no answer has confirmed nothing.
"""

from collections.abc import Iterable

from smtmodel.documents.document import Spans, spans
from smtmodel.solving.cross_check import rests_on_unsat
from smtmodel.solving.result import EXPLORER, Result


def checked(results: Iterable[Result]) -> tuple[Spans, ...]:
    """Who confirmed the proofs, and which of them nobody did; nothing if nobody was asked."""
    agreed: dict[tuple[str, str], list[str]] = {}
    open_: dict[tuple[str, str], list[str]] = {}
    for result in results:
        for one in result.opinions if rests_on_unsat(result) else ():
            told = one.told if one.agrees is None or "states" in one.told else ""
            groups = open_ if one.agrees is None else agreed
            groups.setdefault((one.judge, told), []).append(result.name)
    return (
        *(
            spans(f"{judge} agrees{_in(told)} on {', '.join(names)}")
            for (judge, told), names in agreed.items()
        ),
        *(
            spans(f"not confirmed by {judge}: {', '.join(names)}{_in(told)}")
            for (judge, told), names in open_.items()
        ),
    )


def _in(told: str) -> str:
    return f" ({told})" if told else ""


def ending(result: Result) -> str:
    """What a result's line adds: who confirmed a verdict that no run shows, or who did not. Nothing
    where only the explorer beside the solver did: it looks at all that it can, and the proof says
    what it saw."""
    if not rests_on_unsat(result) or not result.opinions:
        return ""
    agreed = [one.judge for one in result.opinions if one.agrees]
    if agreed == [EXPLORER] and len(result.opinions) == 1:
        return ""
    open_ = [one.judge for one in result.opinions if one.agrees is None]
    found = [f"confirmed by {' and '.join(agreed)}"] if agreed else []
    found += [f"not confirmed by {' and '.join(open_)}"] if open_ else []
    return ", ".join(found)
