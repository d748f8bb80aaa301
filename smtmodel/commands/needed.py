"""`needed`: which parts of a protocol its proofs need."""

from smtmodel import __version__
from smtmodel.analysis.closest import Closest, closest
from smtmodel.analysis.needed import Attempt, Needs, proved, verdicts
from smtmodel.analysis.variants import Variant, variants
from smtmodel.commands.analysing import Analysing, subject, unknown_statuses
from smtmodel.commands.expectations import expected
from smtmodel.commands.prove import Ask
from smtmodel.documents.answer import Context
from smtmodel.documents.needed import needed_document
from smtmodel.language.checked import Checked, Reach, ReachStep
from smtmodel.models import KERNEL, model
from smtmodel.pipeline import Subject
from smtmodel.solving.question import question
from smtmodel.solving.result import Outcome, Result
from smtmodel.source.refusal import Refusal
from smtmodel.verdict import Status, Verdict
from smtmodel.work.session import Answered

Tried = list[tuple[Variant, list[Answered]]]
"""Variants, and what was asked about each."""


def answer(analysing: Analysing, name: str, ask: Ask, *, calls: bool = False) -> Status:
    """Try every variant of the protocol, and say what became of the proofs; with `calls` also
    how close a run comes.

    Gives the status of proving the protocol, or if it is worse, that of what is not known.
    """
    if ask.model == KERNEL:
        from smtmodel.commands import barriers

        return barriers.answer(analysing, name, ask)
    found = subject(name, ask)
    if isinstance(found, Refusal):
        return analysing.refuse(found)
    session, protocol = analysing.session, found.checked
    whole = session.submit(question(protocol, ask.model, ask.limits, found.only))
    # What the file expects to be proved will be: nobody waits for it.
    early = _expected(protocol, ask.model, found.only)
    tried = submitted(analysing, found, ask, early)
    session.gather()
    outcome = analysing.outcome(whole, protocol, ask.model, found.only)
    wanted = proved(outcome.results)
    rest = frozenset(wanted) - early
    if rest:
        for variant, answers in tried:
            answers += _asked(analysing, found, ask, variant, rest)
        session.gather()
    needs = gathered(analysing, found, ask, outcome, tried, wanted)
    statuses = [*unknown(needs), *(one.status for one in outcome.results)]
    context = Context(found.name, __version__, session.version)
    close = closest_calls(analysing, needs) if calls else ()
    return analysing.finish(lambda: needed_document(needs, context, close, every=calls), statuses)


def submitted(analysing: Analysing, found: Subject, ask: Ask, names: frozenset[str]) -> Tried:
    """Every variant of a protocol, and the questions about these properties handed over."""
    return [
        (variant, _asked(analysing, found, ask, variant, names))
        for variant in variants(found.parsed, found.text, found.checked, model(ask.model))
    ]


def gathered(
    analysing: Analysing,
    found: Subject,
    ask: Ask,
    outcome: Outcome,
    tried: Tried,
    names: tuple[str, ...],
) -> Needs:
    """What the proofs of these properties need, when everything that was asked is answered."""
    attempts = tuple(_attempt(analysing, ask, *one, names) for one in tried)
    return Needs(found.checked, outcome, names, attempts)


def closest_calls(analysing: Analysing, needs: Needs) -> tuple[Closest, ...]:
    """The closest calls of the proofs, those that have one."""
    found = [call for name in needs.names if (call := closest(needs, name)) is not None]
    analysing.bugs += [
        (f"{call.name} is proved, and a run of the interpreter violates it", "")
        for call in found
        if call.followed.violated
    ]
    return tuple(found)


def unknown(needs: Needs) -> list[Status]:
    """The statuses of what is not known about the variants."""
    return unknown_statuses([result for one in needs.attempts for result in one.results])


def _expected(protocol: Checked, model: str, only: frozenset[str] | None) -> frozenset[str]:
    """The properties that the file expects to be proved, without goals."""
    return frozenset(
        one.name
        for one in protocol.properties
        if not isinstance(one, Reach | ReachStep)
        and (only is None or one.name in only)
        and expected(protocol, one.name, model) is Verdict.PROVED
    )


def _asked(
    analysing: Analysing, found: Subject, ask: Ask, variant: Variant, names: frozenset[str]
) -> list[Answered]:
    """What is asked about a variant; nothing if it is no protocol."""
    if variant.protocol is None or not names:
        return []
    asked = variant.protocol, ask.model, ask.limits, names, verdicts
    return [analysing.session.submit(question(*asked, bounds=found.checked.bounds))]


def _attempt(
    analysing: Analysing,
    ask: Ask,
    variant: Variant,
    answers: list[Answered],
    names: tuple[str, ...],
) -> Attempt:
    """The results for the properties that are proved of the protocol itself."""
    if variant.protocol is None or not answers:
        return Attempt(variant, ())
    whole = Answered()
    for one in answers:
        whole.found += [r for r in one.found if not isinstance(r, Result) or r.name in names]
        whole.trouble = whole.trouble or one.trouble
        whole.seconds += one.seconds
    outcome = analysing.outcome(whole, variant.protocol, ask.model, frozenset(names))
    return Attempt(variant, outcome.results)
