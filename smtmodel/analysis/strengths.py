"""How weak what orders in a protocol may be.

Takes the results of a protocol with something weaker in one place, or in several; gives for each
place the weakest that leaves every proof as it is. Every claim is a verdict of
`smtmodel.solving.weakly`.
"""

from collections.abc import Iterable, Iterator

from smtmodel.analysis.barriers import Orderer, Weaker
from smtmodel.analysis.needed import Attempt, effect
from smtmodel.analysis.words import Necessity
from smtmodel.language.checked import DATA_RACE, Bounds, Checked
from smtmodel.models import Model
from smtmodel.solving.result import Limits, Result, Started
from smtmodel.source.record import record
from smtmodel.verdict import Verdict


@record
class Attempted:
    """Something weaker, and what became of the proofs."""

    weaker: Weaker
    attempt: Attempt

    @property
    def effect(self) -> Necessity | None:
        """What it does to the proofs taken together; None if the rest is no protocol."""
        return combined(self.attempt.results)


@record
class Strength:
    """What was tried in the place of something that orders, from the weakest to what suffices."""

    orderer: Orderer
    tried: tuple[Attempted, ...] = ()

    def having(self, wanted: Necessity) -> tuple[Attempted, ...]:
        """What has that effect."""
        return tuple(one for one in self.tried if one.effect is wanted)

    @property
    def suffices(self) -> tuple[Weaker, ...]:
        """What is weaker and leaves every proof as it is: the weakest that was tried."""
        return tuple(one.weaker for one in self.having(Necessity.NOT_NEEDED))

    @property
    def is_needed(self) -> bool:
        """Whether everything weaker breaks a proof or leaves a goal unreached."""
        breaking = (Necessity.NEEDED, Necessity.USELESS)
        effects = [one.effect for one in self.tried if one.effect is not None]
        return bool(effects) and all(one in breaking for one in effects)


@record
class AtOnce:
    """Places in which something weaker leaves every proof as it is, in all of them at once;
    `others` suffice alone, and were tried beside those of `places` that come before them."""

    places: tuple[tuple[Orderer, Weaker], ...]
    others: tuple[tuple[Orderer, Weaker, Necessity | None], ...] = ()


@record
class Strengths:
    """All that orders in a protocol; `at_once` is None where less than two may be weaker."""

    places: tuple[Strength, ...]
    at_once: AtOnce | None

    @property
    def attempts(self) -> tuple[Attempt, ...]:
        """What was tried, place by place."""
        return tuple(tried.attempt for one in self.places for tried in one.tried)


def first_violation(
    protocol: Checked, model: Model, bounds: Bounds, limits: Limits, only: frozenset[str] | None
) -> Iterator[Started | Result]:
    """The verdicts under the kernel's model up to the first property that is refuted. Races come
    first: with one little else is known."""
    from smtmodel.solving.weakly import decide_weakly

    race = frozenset({DATA_RACE})
    for asked in (race, only - race if only is not None else None):
        for told in decide_weakly(protocol, model, bounds, limits, asked):
            yield told
            if isinstance(told, Result) and told.verdict is Verdict.REFUTED:
                return


def combined(results: Iterable[Result]) -> Necessity | None:
    """What a change does to all proofs; None if the rest is no protocol."""
    effects = [effect(one) for one in results]
    for worst in (Necessity.NEEDED, Necessity.USELESS, Necessity.UNKNOWN):
        if worst in effects:
            return worst
    return Necessity.NOT_NEEDED if effects else None
