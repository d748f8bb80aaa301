"""`cases`: all orderings of one fault against one update, by what they read and lead to."""

from collections.abc import Sequence
from functools import partial

from smtmodel import __version__
from smtmodel.analysis.cases import Case, Claim, Complete, one_of_each
from smtmodel.analysis.needed import verdicts as decide_only
from smtmodel.analysis.subjects import beyond, cases, subjects
from smtmodel.commands.analysing import Analysing, subject
from smtmodel.commands.prove import Ask
from smtmodel.documents.answer import Context
from smtmodel.documents.cases import Enumerated, cases_document
from smtmodel.language.checked import Checked
from smtmodel.language.numbered import numbers_lanes
from smtmodel.pipeline import Subject
from smtmodel.solving.question import question
from smtmodel.solving.result import Result
from smtmodel.source.refusal import Refusal
from smtmodel.verdict import Cause, Status, Verdict, status_of
from smtmodel.work.engine import Trouble
from smtmodel.work.session import Answered

NOTHING = "has no `never` that is judged at these bounds, and no assertion outside of updates"
NUMBERED = "numbers its lanes, and in a case one lane of each kind stands for the others"


def without_cases(protocol: Checked, only: frozenset[str] | None) -> str:
    """Why there are no cases of a protocol; nothing if there are."""
    if numbers_lanes(protocol):
        return NUMBERED
    return "" if subjects(protocol, only) else NOTHING


def answer(analysing: Analysing, name: str, ask: Ask, *, tables: bool) -> Status:
    """Enumerate the cases; REFUTED if one of them violates a property of its subject, or if it
    is violated at the bounds that were asked for, which may be larger."""
    found = subject(name, ask)
    if isinstance(found, Refusal):
        return analysing.refuse(found)
    protocol = found.checked
    reason = without_cases(protocol, found.only)
    if reason:
        return analysing.refuse(Refusal(name, f"{name} {reason}"))
    answered = submitted(analysing, found, ask)
    larger = frozenset(beyond(protocol, found.only))
    work = partial(decide_only, shrink=False)
    job = question(protocol, ask.model, ask.limits, larger, work) if larger else None
    verdicts = None if job is None else analysing.session.submit(job)
    analysing.session.gather()
    enumerated, statuses = gathered(analysing, found, answered)
    whole: tuple[Result, ...] = ()
    if verdicts is not None:
        whole = analysing.outcome(verdicts, protocol, ask.model, larger).results
        statuses += [one.status for one in whole if one.verdict is Verdict.REFUTED]
    context = Context(found.name, __version__, analysing.session.version)
    return analysing.finish(
        lambda: cases_document(protocol, ask.model, context, enumerated, whole, tables=tables),
        statuses,
    )


def submitted(analysing: Analysing, found: Subject, ask: Ask) -> Answered:
    """The enumeration handed over."""
    job = question(found.checked, ask.model, ask.limits, found.only, cases)
    return analysing.session.submit(job)


def gathered(
    analysing: Analysing, found: Subject, answered: Answered
) -> tuple[list[Enumerated], list[Status]]:
    """What was enumerated, and the statuses that it amounts to."""
    analysing.note(answered)
    enumerated, statuses = _collected(answered.found, answered.trouble)
    if answered.trouble is not None:
        known = {one.subject.names for one in enumerated}
        bounds = one_of_each(found.checked, found.checked.bounds)
        enumerated += [
            Enumerated(Claim(names, (), bounds), (), Complete(answered.trouble.reason))
            for names in subjects(found.checked, found.only)
            if names not in known
        ]
    analysing.bugs += [(one.end.broken, "") for one in enumerated if one.end.broken]
    return enumerated, statuses


def _collected(
    found: Sequence[object], trouble: Trouble | None
) -> tuple[list[Enumerated], list[Status]]:
    """What was found, subject by subject; one that was not finished is not complete."""
    enumerated: list[Enumerated] = []
    statuses = [status_of(Verdict.UNKNOWN, trouble.cause)] if trouble is not None else []
    about: Claim | None = None
    cases_: list[Case] = []
    reason = "" if trouble is None else trouble.reason
    for one in (*found, Complete(reason)):
        match one:
            case Claim():
                about, cases_ = one, []
            case Case():
                cases_.append(one)
            case Complete() if about is not None:
                enumerated.append(Enumerated(about, tuple(cases_), one))
                if one.unknown and trouble is None:
                    statuses.append(status_of(Verdict.UNKNOWN, Cause.BUDGET))
                statuses += [Status.REFUTED for case in cases_ if case.violates]
                about = None
            case _:
                pass
    return enumerated, statuses
