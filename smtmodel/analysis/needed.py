"""Which parts of a protocol its proofs need.

Takes the results of a protocol and of its variants; gives for each property that was proved
what became of its proof in each variant. Decides nothing itself: `verdicts` is the work to be
done for one protocol, and every claim here is a verdict of `smtmodel.solving.decide`.
"""

from collections.abc import Iterable, Iterator, Sequence

from smtmodel.analysis.variants import Variant, Written
from smtmodel.analysis.words import Necessity
from smtmodel.language.checked import Bounds, Checked
from smtmodel.models import Model
from smtmodel.solving.result import Coverage, Early, Limits, Outcome, Result, Sort, Started
from smtmodel.source.record import record
from smtmodel.verdict import Cause, Verdict


@record
class Attempt:
    """A variant and its results; none if it is no protocol."""

    variant: Variant
    results: tuple[Result, ...]

    def of(self, name: str) -> Result | None:
        """The result of the property of that name."""
        return next((one for one in self.results if one.name == name), None)


@record
class Needs:
    """What the proofs of `names` need; `outcome` is that of the protocol as it is."""

    protocol: Checked
    outcome: Outcome
    names: tuple[str, ...]
    attempts: tuple[Attempt, ...]


def verdicts(
    protocol: Checked,
    model: Model,
    bounds: Bounds,
    limits: Limits,
    only: frozenset[str] | None,
    *,
    shrink: bool = True,
) -> Iterator[Started | Coverage | Early | Result]:
    """The verdicts of a protocol and nothing about what its executions cover."""
    from smtmodel.solving.decide import decide

    return decide(protocol, model, bounds, limits, only, survey=False, shrink=shrink)


def proved(results: Iterable[Result]) -> tuple[str, ...]:
    """The properties whose proofs are looked at: all that are proved, but goals."""
    return tuple(
        one.name for one in results if one.verdict is Verdict.PROVED and one.sort is not Sort.REACH
    )


def effect(result: Result) -> Necessity:
    """What a variant's result says about the part that it lacks."""
    match result.verdict:
        case Verdict.REFUTED:
            return Necessity.NEEDED
        case Verdict.VACUOUS:
            return Necessity.USELESS
        case Verdict.PROVED:
            return Necessity.NOT_NEEDED
        case Verdict.UNKNOWN:
            return Necessity.UNKNOWN


Order = frozenset[tuple[Written, Written]]
"""Pairs of steps, each in the order of the text, of which a proof needs one to stay as it is."""


def orders(attempts: Sequence[Attempt], name: str) -> tuple[tuple[Order, Variant], ...]:
    """The orders that the proof of a property leans on, with the change that shows it.

    A change of order counts unless another one that turns only some of the same pairs breaks the
    proof as well. Of the pairs that it turns one is enough where the proof survives that all the
    others are turned; it says nothing new where such pairs are among those of another change.
    """
    moved = [one for one in attempts if one.variant.turned]
    effects = {one.variant.turned: effect(r) for one in moved if (r := one.of(name)) is not None}
    broken = [one for one, found in effects.items() if found is Necessity.NEEDED]
    found: dict[Order, Variant] = {}
    for attempt in moved:
        turned = attempt.variant.turned
        if turned not in broken or any(other < turned for other in broken):
            continue
        kept: Order = frozenset(
            pair for pair in turned if effects.get(turned - {pair}) is Necessity.NOT_NEEDED
        )
        found.setdefault(kept or turned, attempt.variant)
    return tuple(
        (order, variant)
        for order, variant in found.items()
        if not any(other < order for other in found)
    )


def causes(needs: Needs) -> list[tuple[Verdict, Cause]]:
    """The verdicts and causes that the answer is not known for."""
    every = [*needs.outcome.results, *(r for one in needs.attempts for r in one.results)]
    return [(one.verdict, one.cause) for one in every if one.verdict is Verdict.UNKNOWN]
