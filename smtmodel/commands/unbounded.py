"""What is proved, asked again for any number of updates and rounds.

`prove` and `review` ask so much as is cheap, and say first what they have; `--unbounded` asks
whatever it costs.
What an invariant does not show, because states that more updates come to may violate it, is asked
at some larger bounds; only what a run violates there is refuted.
"""

from collections.abc import Iterator
from functools import partial

from smtmodel.commands.decision import Decision
from smtmodel.documents.proof import proved
from smtmodel.language.checked import Bounds, Checked
from smtmodel.language.lanes import MOST
from smtmodel.solving.any_number import KnownBeyond, any_number
from smtmodel.solving.effort import Effort
from smtmodel.solving.larger_bounds import further
from smtmodel.solving.question import question
from smtmodel.solving.result import Further, Limits, Outcome, Result, Sort, Unbounded
from smtmodel.source.record import replace
from smtmodel.verdict import Cause, Verdict
from smtmodel.work.engine import Trouble
from smtmodel.work.session import Session

ENDS = "no answer"


def worth_asking(outcome: Outcome, effort: Effort) -> frozenset[str]:
    """What is proved and may hold for any number of updates and rounds: goals that are reached are
    reached with more too. Where more can be asked for, only what heads a proof or stands in one,
    and nothing that a run with more updates violates."""
    known = [one for one in outcome.results if one.verdict is Verdict.PROVED]
    if effort.more:
        known = [one for group in proved(outcome) for one in group.every if not _falls(one)]
    return frozenset(one.name for one in known if one.sort is not Sort.REACH)


def decided_before(outcome: Outcome, expected: frozenset[str]) -> frozenset[str]:
    """Of what is expected for any number that of which an invariant has something to say: also
    what is refuted, which none may show."""
    verdicts = (Verdict.PROVED, Verdict.REFUTED)
    return frozenset(
        one.name
        for one in outcome.results
        if one.name in expected and one.verdict in verdicts and one.sort is not Sort.REACH
    )


def asked_unbounded(
    protocol: Checked,
    decision: Decision,
    limits: Limits,
    session: Session,
    names: frozenset[str],
    effort: Effort,
) -> Decision:
    """The same, and what is known for any number of updates and rounds of the properties of these
    names."""
    outcome = decision.outcome
    work = partial(any_number, effort=effort)
    answered = session.run(question(protocol, outcome.model, limits, names, work))
    trouble = answered.trouble
    known = {one.name: one.known for one in answered.found if isinstance(one, KnownBeyond)}
    rest = _unknown(trouble)
    results = tuple(
        replace(one, unbounded=_compared(one, known.get(one.name, rest)))
        if one.name in names
        else one
        for one in outcome.results
    )
    bugs = [one.unbounded.reason for one in results if one.unbounded and one.unbounded.contradicts]
    return replace(
        decision,
        outcome=replace(outcome, results=results),
        bug=decision.bug or (bugs[0] if bugs else ""),
        traceback=decision.traceback or ("" if trouble is None else trouble.traceback),
    )


def _compared(result: Result, known: Unbounded) -> Unbounded | None:
    """What is known, unless a run contradicts it; of what is refuted nothing else."""
    refuted = result.verdict is Verdict.REFUTED
    if known.proved and (refuted or _falls(result)):
        run = "a run" if refuted else "a run with more updates"
        reason = f"an invariant shows it, and {run} violates it"
        return Unbounded(reason, cause=Cause.CONTRADICTION)
    return None if refuted and not known.contradicts else known


def _unknown(trouble: Trouble | None) -> Unbounded:
    if trouble is None:
        return Unbounded(ENDS, cause=Cause.CONTRADICTION)
    return Unbounded(trouble.reason, cause=trouble.cause)


def falling(
    protocol: Checked, decision: Decision, limits: Limits, session: Session
) -> Iterator[tuple[Bounds, frozenset[str]]]:
    """Larger bounds, and what a run violates there of what may be violated by more updates."""
    results = decision.outcome.results
    open_ = {one.name: one for one in results if one.unbounded and one.unbounded.violated}
    for bounds in _larger(decision.outcome.bounds):
        known = {name for name, one in open_.items() if one.beyond and one.beyond.bounds == bounds}
        fallen = {name for name in known if _falls(open_[name])}
        left = frozenset(open_.keys() - known)
        if left:
            job = question(protocol, decision.outcome.model, limits, left, further, bounds=bounds)
            found = [one for one in session.run(job).found if isinstance(one, Further)]
            fallen |= {one.name for one in found if one.beyond.run is not None}
        if fallen:
            yield bounds, frozenset(fallen)
        open_ = {name: one for name, one in open_.items() if name not in fallen}


def _falls(result: Result) -> bool:
    return result.beyond is not None and result.beyond.run is not None


def _larger(bounds: Bounds) -> Iterator[Bounds]:
    """One update more, one round more, both."""
    more = min(bounds.updates + 1, MOST) if bounds.updates else 0
    rounds = min(bounds.rounds + 1, MOST)
    for updates, count in ((more, bounds.rounds), (bounds.updates, rounds), (more, rounds)):
        larger = replace(bounds, updates=updates, rounds=count)
        if larger != bounds:
            yield larger
