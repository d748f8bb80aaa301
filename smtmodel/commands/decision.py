"""One protocol decided: the question asked in a session, and what its answer amounts to."""

from collections.abc import Callable, Iterator, Mapping
from functools import partial

from smtmodel.language.checked import Checked
from smtmodel.models import KERNEL
from smtmodel.solving.answered import outcome
from smtmodel.solving.cross_check import with_obligations
from smtmodel.solving.larger_bounds import decided_and_further
from smtmodel.solving.question import question, verdicts
from smtmodel.solving.result import Further, Limits, Outcome, Started
from smtmodel.source.record import record
from smtmodel.verdict import Cause, Verdict
from smtmodel.work.aside import spare
from smtmodel.work.session import Answered, Session


@record
class Decision:
    """An outcome, the solver's version, and what a bug report needs where one is due. `further` is
    what was found out on the way of larger bounds."""

    outcome: Outcome
    solver: str
    bug: str = ""
    traceback: str = ""
    further: tuple[Further, ...] = ()


def decided(
    session: Session,
    protocol: Checked,
    model: str,
    limits: Limits,
    only: frozenset[str] | None,
    *,
    told: bool = False,
    beyond: bool = False,
    awaited: Mapping[str, Verdict] | None = None,
) -> Decision:
    """Every property of the protocol (or of `only`) at the protocol's bounds.

    With `told` the outcome has the obligations, which there are none of under the kernel's model.
    With `beyond` one update more is looked at meanwhile, where nothing else is to be told and a
    processor is free. Else results that are `awaited` have no run.
    """
    work: Callable[..., Iterator[object]] | None
    if model == KERNEL:
        work = None
    elif told:
        work = with_obligations
    elif beyond and spare():
        work = decided_and_further
    else:
        work = partial(verdicts, awaited=awaited or {})
    answered = session.run(question(protocol, model, limits, only, work))
    found = outcome(protocol, model, only, answered, _where(answered))
    bugs = [one.reason for one in found.results if one.cause is Cause.CONTRADICTION]
    trouble = answered.trouble
    if trouble is not None and trouble.cause is Cause.CONTRADICTION:
        bugs.append(trouble.reason)
    traceback = "" if trouble is None else trouble.traceback
    further = tuple(one for one in answered.found if isinstance(one, Further))
    return Decision(found, session.version, bugs[0] if bugs else "", traceback, further)


def _where(answered: Answered) -> str:
    """What was being done at the end, in a few words."""
    doing = [one.what for one in answered.found if isinstance(one, Started)]
    return f" while deciding {doing[-1]}" if doing else " before anything was decided"
