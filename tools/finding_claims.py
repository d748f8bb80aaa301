"""Has the explorer decide the claims of docs/findings.md.

Takes a protocol and what was found out about it; gives how many claims the explorer confirms,
how many it had to leave open, and what it says otherwise. `make findings-check` asks it about
every protocol and compares the page with what is found out today.
"""

import sys
from multiprocessing import Pool

from smtmodel.analysis.enumeration import Finder
from smtmodel.analysis.subjects import subjects
from smtmodel.executions.explore import explore
from smtmodel.executions.explore import verdicts as explored
from smtmodel.language.checked import Bounds, Checked
from smtmodel.models import SC
from smtmodel.source.record import field, record
from smtmodel.verdict import Verdict
from tests.support.case_oracle import Oracle, TooMany, is_beyond
from tests.support.examples import SHIPPED
from tools.findings import (
    LIMITS,
    PATH,
    Answers,
    Source,
    ask,
    bounds_of,
    entry,
    on_page,
    order_bounds,
    source,
)

STATES = 200_000
"""States per question of `make findings-check`: about a few seconds each."""


@record(frozen=False)
class Survey:
    """What the explorer says: claims confirmed and left open, and where it disagrees."""

    confirmed: int = 0
    left_open: int = 0
    wrong: list[str] = field(default_factory=list)

    def compare(self, what: str, told: Verdict, seen: Verdict) -> None:
        """Count a claim."""
        if Verdict.UNKNOWN in (told, seen):
            self.left_open += 1
        elif told is seen:
            self.confirmed += 1
        else:
            self.wrong.append(f"{what}: {told.value}, but the explorer says {seen.value}")


def survey(of: Source, found: Answers, limit: int) -> Survey:
    """Every claim, with at most so many states for each protocol that is explored."""
    told, bounds = Survey(), bounds_of(of.checked)
    for one in found.needed.attempts:
        assert one.variant.protocol is not None
        what = f"{of.name} {one.variant.change.value} {one.variant.lines}"
        verdicts = tuple((result.name, result.verdict) for result in one.results)
        _explored(told, what, one.variant.protocol, bounds, verdicts, limit)
    for order in found.tried:
        assert order.order.protocol is not None
        what, bounds = f"{of.name} {order.order.steps}", order_bounds(of.checked)
        _explored(told, what, order.order.protocol, bounds, order.verdicts, limit)
    _cases(told, of, found, limit)
    return told


def _explored(
    told: Survey,
    what: str,
    protocol: Checked,
    bounds: Bounds,
    claims: tuple[tuple[str, Verdict], ...],
    limit: int,
) -> None:
    walked = explore(protocol, bounds, store_buffers=False, limit=limit)
    seen = explored(walked, protocol)
    for name, verdict in claims:
        told.compare(f"{what} {name}", verdict, seen[name])


def _cases(told: Survey, of: Source, found: Answers, limit: int) -> None:
    """The outcomes that are possible; tests/analysis/test_cases.py compares what is read too."""
    for one, item in zip(found.cases, subjects(of.checked, None).values(), strict=True):
        finder = Finder(of.checked, SC, of.checked.bounds, LIMITS, one.names, item)
        try:
            seen = {outcome for _, outcome, _ in Oracle(finder).run(limit)}
        except TooMany:
            told.left_open += 1
            continue
        if seen == {case.outcome for case in one.cases if not is_beyond(case)}:
            told.confirmed += 1
        else:
            told.wrong.append(f"{of.name} {one.names}: the explorer finds other outcomes")


def _line(name: str) -> tuple[str, bool]:
    """What is said about a protocol, and whether all is well."""
    of = source(name)
    found = ask(of)
    told = survey(of, found, STATES)
    current = on_page(PATH.read_text(), of) == entry(of, found)
    wrong = told.wrong if current else [*told.wrong, "the page says otherwise: `make findings`"]
    words = f"{name}: {told.confirmed} confirmed, {told.left_open} left open"
    return "\n  ".join([words, *wrong]), not wrong


def main() -> None:
    """Ask about every protocol, two at a time; fails where anything is wrong."""
    well = True
    with Pool(2) as pool:
        for words, good in pool.imap(_line, SHIPPED, 1):
            print(words, flush=True)
            well &= good
    sys.exit(not well)


if __name__ == "__main__":
    main()
