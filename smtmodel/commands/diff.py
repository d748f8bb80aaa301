"""`diff`: what the second version of a protocol mends, breaks, and leaves as it was."""

from collections.abc import Sequence

from smtmodel import __version__, pipeline
from smtmodel.analysis.comparison import common_bounds, corresponding, declarations
from smtmodel.analysis.following import Followed, follow
from smtmodel.commands.analysing import Analysing, subject, unknown_statuses
from smtmodel.commands.prove import Ask
from smtmodel.documents.answer import Context
from smtmodel.documents.diff import Comparison, Version, diff_document
from smtmodel.pipeline import Subject
from smtmodel.solving.question import question
from smtmodel.source.record import replace
from smtmodel.source.refusal import Refusal
from smtmodel.verdict import Status, Verdict


def answer(analysing: Analysing, names: tuple[str, str], ask: Ask) -> Status:
    """Decide both versions at the same bounds and compare; gives the status of proving the new
    one there, or that of what is not known of the old one."""
    subjects: list[Subject] = []
    for name in names:
        found = subject(name, replace(ask, only=()), machine=False)
        if isinstance(found, Refusal):
            return analysing.refuse(found)
        subjects.append(found)
    chosen = _chosen(subjects, ask.only)
    if isinstance(chosen, Refusal):
        return analysing.refuse(chosen)
    protocols = [
        replace(one.checked, bounds=bounds)
        for one, bounds in zip(
            subjects, common_bounds(*(one.checked for one in subjects)), strict=True
        )
    ]
    jobs = [
        analysing.session.submit(question(one, ask.model, ask.limits, only))
        for one, only in zip(protocols, chosen, strict=True)
    ]
    analysing.session.gather()
    old, new = (
        Version(
            protocol,
            analysing.outcome(job, protocol, ask.model, only),
            Context(one.name, __version__, analysing.session.version),
        )
        for one, protocol, job, only in zip(subjects, protocols, jobs, chosen, strict=True)
    )
    comparison = compared(old, new, subjects)
    statuses = [
        *unknown_statuses(old.outcome.results),
        *(one.status for one in new.outcome.results),
    ]
    return analysing.finish(lambda: diff_document(comparison), statuses)


def _chosen(
    subjects: list[Subject], only: tuple[str, ...]
) -> list[frozenset[str] | None] | Refusal:
    """For each version the properties to decide; a name needs to be known in one of them."""
    if not only:
        return [None, None]
    known = [{one.name for one in found.checked.properties} for found in subjects]
    for name in only:
        if not any(name in names for names in known):
            refusal = pipeline.chosen(subjects[1].checked, [name])
            assert isinstance(refusal, Refusal)
            return refusal
    return [frozenset(only) & names for names in known]


def compared(old: Version, new: Version, subjects: Sequence[Subject]) -> Comparison:
    """What is different, and how far the old counterexamples come in the new version."""
    from smtmodel.models import model

    steps = corresponding(old.protocol, new.protocol)
    under = model(new.outcome.model)
    stated = {one.name for one in new.protocol.properties}
    followed: list[tuple[str, Followed]] = []
    for one in old.outcome.results:
        if one.verdict is Verdict.REFUTED and one.run is not None and one.name in stated:
            there = follow(
                old.protocol,
                one.run.trace,
                one.run.bounds,
                new.protocol,
                one.name,
                steps,
                store_buffers=under.store_buffers,
            )
            followed.append((one.name, there))
    before, after = subjects
    return Comparison(
        old,
        new,
        steps,
        tuple(followed),
        own=(before.checked.bounds, after.checked.bounds),
        declared=declarations(before.parsed, before.text, after.parsed, after.text),
    )
