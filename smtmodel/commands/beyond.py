"""What `prove` proved, asked again with one update more, by the worker that proved it.

That was asked by nobody, so that a limit of time or Ctrl-C takes no verdict away: it only says
that this is not known.
"""

from collections.abc import Callable

from smtmodel.commands.crew import Crew, Trouble
from smtmodel.language.checked import Bounds, Checked
from smtmodel.pipeline import Decided, Decider, Notice
from smtmodel.solving.further import further, larger
from smtmodel.solving.result import Beyond, Further, Limits, Result, Sort, Started
from smtmodel.solving.worker import Job
from smtmodel.source.record import replace
from smtmodel.verdict import Cause, Verdict


def asked_beyond(
    protocol: Checked,
    decided: Decided,
    limits: Limits,
    decider: Decider,
    notice: Callable[[Notice], None] | None = None,
) -> Decided:
    """The same, and what is known of each proved property with one update more."""
    outcome = decided.outcome
    bounds = larger(outcome.bounds)
    names = frozenset(one.name for one in outcome.results if _wanted(one))
    if bounds is None or not names:
        return decided
    job = Job(protocol, outcome.model, bounds, limits, names, further)
    found, trouble = _asked(job, decider, notice)
    known = {one.name: one for one in found}
    rest = Further("", _unknown(bounds, trouble), 0.0)
    results = tuple(
        _known(one, known.get(one.name, rest)) if one.name in names else one
        for one in outcome.results
    )
    bugs = [
        one.beyond.reason for one in results if one.beyond and one.beyond.cause is not Cause.NONE
    ]
    return replace(
        decided,
        outcome=replace(outcome, results=results),
        bug=decided.bug or (bugs[0] if bugs else ""),
        traceback=decided.traceback or ("" if trouble is None else trouble.traceback),
    )


def _wanted(result: Result) -> bool:
    """A goal that is reached is reached with more updates too."""
    return result.verdict is Verdict.PROVED and result.sort is not Sort.REACH


def _asked(
    job: Job, decider: Decider, notice: Callable[[Notice], None] | None
) -> tuple[list[Further], Trouble | None]:
    """What was found, and why there is no more of it."""
    if decider.stopped is not None:
        return [], Trouble(*decider.stopped)
    if notice is not None:
        notice(Started("the same with one update more"))
    crew = Crew(decider.hand_over(), decider.left, notice, size=1, limit=decider.seconds)
    answered = crew.submit(job)
    crew.gather()
    crew.close()
    return [one for one in answered.found if isinstance(one, Further)], answered.trouble


def _unknown(bounds: Bounds, trouble: Trouble | None) -> Beyond:
    if trouble is None:
        return Beyond(bounds, reason="no answer", cause=Cause.CONTRADICTION)
    bug = trouble.cause is Cause.CONTRADICTION
    return Beyond(bounds, None, trouble.reason, Cause.CONTRADICTION if bug else Cause.NONE)


def _known(result: Result, found: Further) -> Result:
    return replace(result, beyond=found.beyond, seconds=result.seconds + found.seconds)
