"""`--cross-check`: what was decided is judged again, in a process that never meets z3."""

from collections.abc import Callable
from functools import partial

from smtmodel.commands.crew import Crew, Trouble
from smtmodel.language.checked import Checked
from smtmodel.pipeline import Decided, Decider, Notice
from smtmodel.solving.result import Limits, Opinion, Result, Started
from smtmodel.solving.second import Judged, contested, opinions, rests_on_unsat
from smtmodel.solving.worker import Job, Worker
from smtmodel.source.record import replace
from smtmodel.verdict import Cause

NOBODY = "cvc5 and the explorer"


def cross_checked(
    protocol: Checked,
    decided: Decided,
    limits: Limits,
    decider: Decider,
    notice: Callable[[Notice], None] | None = None,
) -> Decided:
    """The same with opinions on every verdict, and without those that are contested.

    It counts towards the time of the decider, which is stopped if this is.
    """
    outcome = decided.outcome
    work = partial(opinions, results=outcome.results, obligations=outcome.obligations)
    job = Job(protocol, outcome.model, outcome.bounds, limits, None, work)
    if decider.stopped is None:
        found, trouble = _asked(job, decider.left, notice)
    else:
        found, trouble = [], Trouble(*decider.stopped)
    if trouble is not None and trouble.cause in (Cause.TIMEOUT, Cause.INTERRUPTED):
        decider.stopped = (trouble.cause, trouble.reason)
    results = tuple(_judged(one, found, trouble, decided.solver) for one in outcome.results)
    bug = "" if trouble is None or trouble.cause is not Cause.CONTRADICTION else trouble.reason
    bugs = [one.reason for one in results if one.cause is Cause.CONTRADICTION]
    return replace(
        decided,
        outcome=replace(outcome, results=results),
        bug=decided.bug or bug or (bugs[0] if bugs else ""),
        traceback=decided.traceback or ("" if trouble is None else trouble.traceback),
    )


def _asked(
    job: Job, seconds: float | None, notice: Callable[[Notice], None] | None
) -> tuple[list[Judged], Trouble | None]:
    """The opinions, and why there are no more of them."""

    def note(found: object) -> None:
        if notice is not None and (found is None or isinstance(found, Started)):
            notice(found)

    crew = Crew(Worker(solver=False), seconds, note if notice else None, size=1)
    answered = crew.submit(job)
    crew.gather()
    crew.close()
    trouble = answered.trouble
    if trouble is not None and trouble.cause is Cause.TIMEOUT:
        trouble = Trouble(Cause.TIMEOUT, "the time limit was reached")
    elif trouble is not None and trouble.cause is Cause.CONTRADICTION and not trouble.traceback:
        trouble = Trouble(Cause.BUDGET, f"second opinions: {trouble.reason}")  # not by us
    return [one for one in answered.found if isinstance(one, Judged)], trouble


def _judged(result: Result, found: list[Judged], trouble: Trouble | None, solver: str) -> Result:
    own = [one.opinion for one in found if one.name == result.name]
    if trouble is not None and rests_on_unsat(result) and len(own) < 2:
        own.append(
            Opinion(NOBODY if not own else own[0].judge, None, trouble.reason, trouble.cause)
        )
    return contested(replace(result, opinions=tuple(own)), f"z3 {solver}".strip())
