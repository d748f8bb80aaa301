"""`needed` under the kernel's model: which barriers and marks the proofs need, and how strong."""

from collections.abc import Iterator, Sequence

from smtmodel import __version__
from smtmodel.analysis.barriers import Orderer, Weakening, Weaker
from smtmodel.analysis.needed import Attempt, Needs, proved
from smtmodel.analysis.strengths import (
    AtOnce,
    Attempted,
    Strength,
    Strengths,
    combined,
    first_violation,
)
from smtmodel.analysis.variants import Variant
from smtmodel.analysis.words import Necessity
from smtmodel.commands.analysing import Analysing, subject, unknown_statuses
from smtmodel.commands.orders import first_refuted
from smtmodel.commands.prove import Ask
from smtmodel.documents.answer import Context
from smtmodel.documents.barriers import barriers_document
from smtmodel.language.checked import DATA_RACE, Checked
from smtmodel.pipeline import Subject
from smtmodel.solving.question import question
from smtmodel.solving.result import Result
from smtmodel.source.record import replace
from smtmodel.source.refusal import Refusal
from smtmodel.verdict import Status
from smtmodel.work.session import Answered

Places = tuple[tuple[Orderer, Weaker], ...]


def answer(analysing: Analysing, name: str, ask: Ask) -> Status:
    """Try what is weaker in every place that orders, and say what became of the proofs.

    Gives the status of proving the protocol, or if it is worse, that of what is not known.
    """
    found = subject(name, ask, machine=False)
    if isinstance(found, Refusal):
        return analysing.refuse(found)
    protocol = found.checked
    whole = analysing.session.submit(question(protocol, ask.model, ask.limits, found.only))
    analysing.session.gather()
    outcome = analysing.outcome(whole, protocol, ask.model, found.only)
    names = proved(outcome.results)
    strengths = asked(analysing, found, ask, names)
    needs = Needs(protocol, outcome, names, strengths.attempts)
    statuses = [*unknown(strengths), *(one.status for one in outcome.results)]
    context = Context(found.name, __version__, analysing.session.version)
    return analysing.finish(lambda: barriers_document(needs, strengths, context), statuses)


def asked(analysing: Analysing, found: Subject, ask: Ask, names: tuple[str, ...]) -> Strengths:
    """How strong everything that orders has to be for the proofs of these properties."""
    trying = _Trying(analysing, found, ask, names)
    if not names:
        return Strengths((), None)
    places = tuple(trying.strengths())
    return Strengths(places, trying.together(places))


def changes(found: Subject) -> int:
    """How many questions there may be about something weaker in one place."""
    weakening = Weakening(found.parsed, found.text, found.checked)
    return sum(len(level) for one in weakening.orderings() for level in one.levels)


def unknown(strengths: Strengths) -> list[Status]:
    """The statuses of what is not known."""
    return unknown_statuses([result for one in strengths.attempts for result in one.results])


class _Trying:
    """Weaker protocols of one protocol, decided.

    A race is looked for with every property, for a place may be marked for no other reason.
    """

    def __init__(
        self, analysing: Analysing, found: Subject, ask: Ask, names: tuple[str, ...]
    ) -> None:
        self.analysing = analysing
        self.session = analysing.session
        self.ask = ask
        self.names = frozenset(names) | {DATA_RACE}
        self.weakening = Weakening(found.parsed, found.text, found.checked)

    def strengths(self) -> Iterator[Strength]:
        """Of each place, level by level until something suffices; refuting takes less than
        proving, so the weakest comes first."""
        found = [Strength(one) for one in self.weakening.orderings()]
        for level in range(max((len(one.orderer.levels) for one in found), default=0)):
            open_ = [
                (number, one)
                for number, one in enumerate(found)
                if level < len(one.orderer.levels) and not one.suffices
            ]
            jobs = [
                (number, weaker, *self._submitted(one.orderer, weaker))
                for number, one in open_
                for weaker in one.orderer.levels[level]
            ]
            self.session.gather()
            for number, weaker, variant, job in jobs:
                one = found[number]
                tried = Attempted(weaker, self._attempt(variant, job))
                found[number] = replace(one, tried=(*one.tried, tried))
        return iter(found)

    def _submitted(self, ordering: Orderer, weaker: Weaker) -> tuple[Variant, Answered | None]:
        variant = self.weakening.variant(ordering, weaker)
        if variant.protocol is None:
            return variant, None
        return variant, self._asked(variant.protocol)

    def _asked(self, protocol: Checked) -> Answered:
        job = question(protocol, self.ask.model, self.ask.limits, self.names, first_violation)
        return self.session.submit(job)

    def _attempt(self, variant: Variant, job: Answered | None) -> Attempt:
        if variant.protocol is None or job is None:
            return Attempt(variant, ())
        return Attempt(variant, self._results(variant.protocol, job))

    def _results(self, protocol: Checked, job: Answered) -> tuple[Result, ...]:
        """What was found out up to the first refutation, after which nothing was asked."""
        known = frozenset(one.name for one in protocol.properties) & self.names
        outcome = self.analysing.outcome(job, protocol, self.ask.model, known)
        return first_refuted(job, outcome.results)

    # ------------------------------------------------------------ in several places

    def together(self, strengths: Sequence[Strength]) -> AtOnce | None:
        """What may be weaker in several places at once: all, or each beside those before it."""
        every = tuple((one.orderer, one.suffices[0]) for one in strengths if one.suffices)
        if len(every) < 2:
            return None
        if self._effect(every) is Necessity.NOT_NEEDED:
            return AtOnce(every)
        kept, others = every[:1], []
        for ordering, weaker in every[1:]:
            effect = self._effect((*kept, (ordering, weaker)))
            if effect is Necessity.NOT_NEEDED:
                kept = (*kept, (ordering, weaker))
            else:
                others.append((ordering, weaker, effect))
        return AtOnce(kept, tuple(others))

    def _effect(self, places: Places) -> Necessity | None:
        """What becomes of the proofs; None if the rest is no protocol."""
        made = self.weakening.weakened([weaker for _, weaker in places])
        if isinstance(made, tuple):
            return None
        job = self._asked(made)
        self.session.gather()
        return combined(self._results(made, job))
