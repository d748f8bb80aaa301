"""Which parts of a protocol its proofs need.

Takes the results of a protocol and of its variants; gives for each property that was proved
what became of its proof in each variant. Decides nothing itself: `verdicts` is the work to be
done for one protocol, and every claim here is a verdict of `smtmodel.solving.decide`.
"""

from collections.abc import Iterable, Iterator

from smtmodel.analysis.variants import Variant
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
    protocol: Checked, model: Model, bounds: Bounds, limits: Limits, only: frozenset[str] | None
) -> Iterator[Started | Coverage | Early | Result]:
    """The verdicts of a protocol and nothing about what its executions cover."""
    from smtmodel.solving.decide import decide

    return decide(protocol, model, bounds, limits, only, survey=False)


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


def causes(needs: Needs) -> list[tuple[Verdict, Cause]]:
    """The verdicts and causes that the answer is not known for."""
    every = [*needs.outcome.results, *(r for one in needs.attempts for r in one.results)]
    return [(one.verdict, one.cause) for one in every if one.verdict is Verdict.UNKNOWN]
