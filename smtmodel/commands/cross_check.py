"""`--cross-check`: what was decided is judged again, in a process that never meets z3."""

from functools import partial

from smtmodel.commands.decision import Decision
from smtmodel.language.checked import Checked
from smtmodel.solving.cross_check import Judged, contested, opinions, rests_on_unsat
from smtmodel.solving.question import question
from smtmodel.solving.result import Limits, Opinion, Result
from smtmodel.source.record import replace
from smtmodel.verdict import Cause
from smtmodel.work.engine import Trouble
from smtmodel.work.session import Session

NOBODY = "cvc5 and the explorer"


def cross_checked(
    protocol: Checked, decision: Decision, limits: Limits, session: Session
) -> Decision:
    """The same with opinions on every verdict, and without those that are contested."""
    outcome = decision.outcome
    work = partial(opinions, results=outcome.results, obligations=outcome.obligations)
    job = question(protocol, outcome.model, limits, None, work, ready=False)
    answered = session.run(job)
    found = [one for one in answered.found if isinstance(one, Judged)]
    trouble = answered.trouble
    if trouble is not None and trouble.cause is Cause.CONTRADICTION and not trouble.traceback:
        trouble = Trouble(Cause.BUDGET, f"second opinions: {trouble.reason}")  # not by us
    results = tuple(_judged(one, found, trouble, decision.solver) for one in outcome.results)
    bug = "" if trouble is None or trouble.cause is not Cause.CONTRADICTION else trouble.reason
    bugs = [one.reason for one in results if one.cause is Cause.CONTRADICTION]
    return replace(
        decision,
        outcome=replace(outcome, results=results),
        bug=decision.bug or bug or (bugs[0] if bugs else ""),
        traceback=decision.traceback or ("" if trouble is None else trouble.traceback),
    )


def _judged(result: Result, found: list[Judged], trouble: Trouble | None, solver: str) -> Result:
    own = [one.opinion for one in found if one.name == result.name]
    if trouble is not None and rests_on_unsat(result) and len(own) < 2:
        own.append(
            Opinion(NOBODY if not own else own[0].judge, None, trouble.reason, trouble.cause)
        )
    return contested(replace(result, opinions=tuple(own)), f"z3 {solver}".strip())
