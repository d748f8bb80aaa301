"""What `prove` proved, asked again with one update more, unless that was done meanwhile.

That was asked by nobody, so that a limit of time or Ctrl-C takes no verdict away: it only says
that this is not known.
"""

from smtmodel.commands.decision import Decision
from smtmodel.language.checked import Bounds, Checked
from smtmodel.solving.larger_bounds import further, larger
from smtmodel.solving.question import question
from smtmodel.solving.result import Beyond, Further, Limits, Result, Sort
from smtmodel.source.record import replace
from smtmodel.verdict import Cause, Verdict
from smtmodel.work.engine import Trouble
from smtmodel.work.session import Session


def asked_beyond(
    protocol: Checked, decision: Decision, limits: Limits, session: Session
) -> Decision:
    """The same, and what is known of each proved property with one update more."""
    outcome = decision.outcome
    bounds = larger(outcome.bounds)
    names = frozenset(one.name for one in outcome.results if _wanted(one))
    if bounds is None or not names:
        return decision
    # What was not proved in the end may have cost the others units there.
    trouble, known = None, {one.name: one for one in decision.further}
    if known.keys() != names:
        job = question(protocol, outcome.model, limits, names, further, bounds=bounds)
        answered = session.run(job)
        trouble = answered.trouble
        known = {one.name: one for one in answered.found if isinstance(one, Further)}
    rest = Further("", _unknown(bounds, trouble), 0.0)
    results = tuple(
        _known(one, known.get(one.name, rest)) if one.name in names else one
        for one in outcome.results
    )
    bugs = [
        one.beyond.reason for one in results if one.beyond and one.beyond.cause is not Cause.NONE
    ]
    return replace(
        decision,
        outcome=replace(outcome, results=results),
        bug=decision.bug or (bugs[0] if bugs else ""),
        traceback=decision.traceback or ("" if trouble is None else trouble.traceback),
    )


def _wanted(result: Result) -> bool:
    """A goal that is reached is reached with more updates too."""
    return result.verdict is Verdict.PROVED and result.sort is not Sort.REACH


def _unknown(bounds: Bounds, trouble: Trouble | None) -> Beyond:
    if trouble is None:
        return Beyond(bounds, reason="no answer", cause=Cause.CONTRADICTION)
    bug = trouble.cause is Cause.CONTRADICTION
    return Beyond(bounds, None, trouble.reason, Cause.CONTRADICTION if bug else Cause.NONE)


def _known(result: Result, found: Further) -> Result:
    return replace(result, beyond=found.beyond, seconds=result.seconds + found.seconds)
