"""`cases`: all orderings of one fault against one update, by what they read and lead to."""

from collections.abc import Sequence

from smtmodel import __version__
from smtmodel.analysis.cases import Case, Complete, Outcome, Subject, cases, subjects
from smtmodel.commands.analysing import Analysing, subject
from smtmodel.commands.crew import Trouble
from smtmodel.commands.decide import Ask
from smtmodel.language.ast import When
from smtmodel.language.checked import Checked, Never
from smtmodel.reports.cases import Enumerated, cases_sheet
from smtmodel.reports.view import Context
from smtmodel.solving.worker import Job
from smtmodel.source.refusal import Refusal
from smtmodel.verdict import Cause, Status, Verdict, status_of


def answer(analysing: Analysing, name: str, ask: Ask, *, tables: bool) -> Status:
    """Enumerate the cases; REFUTED if one of them violates a property that judges it."""
    found = subject(name, ask)
    if isinstance(found, Refusal):
        return analysing.refuse("cases", found)
    protocol = found.checked
    if not subjects(protocol, found.only):
        message = f"{name} has no `never … settled` or `always` to judge what an access gets"
        return analysing.refuse("cases", Refusal(name, message))
    job = Job(protocol, ask.model, protocol.bounds, ask.limits, found.only, cases)
    answered = analysing.crew.submit(job)
    analysing.crew.gather()
    analysing.note(answered)
    enumerated, statuses = _collected(protocol, answered.found, answered.trouble)
    analysing.bugs += [(one.end.broken, "") for one in enumerated if one.end.broken]
    context = Context(name, __version__, analysing.crew.solver)
    return analysing.finish(
        lambda: cases_sheet(protocol, ask.model, context, enumerated, tables=tables), statuses
    )


def _collected(
    protocol: Checked, found: Sequence[object], trouble: Trouble | None
) -> tuple[list[Enumerated], list[Status]]:
    """What was found, subject by subject; one that was not finished is not complete."""
    enumerated: list[Enumerated] = []
    statuses = [status_of(Verdict.UNKNOWN, trouble.cause)] if trouble is not None else []
    about: Subject | None = None
    cases_: list[Case] = []
    reason = "" if trouble is None else trouble.reason
    for one in (*found, Complete(reason)):
        match one:
            case Subject():
                about, cases_ = one, []
            case Case():
                cases_.append(one)
            case Complete() if about is not None:
                enumerated.append(Enumerated(about, tuple(cases_), one))
                if one.unknown and trouble is None:
                    statuses.append(status_of(Verdict.UNKNOWN, Cause.BUDGET))
                statuses += [Status.REFUTED for case in cases_ if _violates(protocol, about, case)]
                about = None
            case _:
                pass
    return enumerated, statuses


def _violates(protocol: Checked, about: Subject, case: Case) -> bool:
    """Whether the case violates one of the properties that judge it."""
    whens = {p.when for p in protocol.properties if isinstance(p, Never) and p.name in about.names}
    stale = {Outcome.STALE_AFTER}
    if When.ALWAYS in whens:
        stale.add(Outcome.STALE_DURING)
    return case.outcome in stale
