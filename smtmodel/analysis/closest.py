"""The closest call of a proof: the run that comes nearest to a violation, and what stops it.

Takes what the proofs of a protocol need; gives for a property the smallest run that violates it
once one needed part is left out, followed in the protocol itself by the interpreter. Nothing is
asked of the solver. "Nearest" is among the runs that were found: one for each part left out.
"""

from smtmodel.analysis.comparison import Followed, corresponding, follow
from smtmodel.analysis.needed import Effect, Needs, effect
from smtmodel.analysis.variants import Change, Variant
from smtmodel.language.checked import Never
from smtmodel.models import model
from smtmodel.solving.result import Run
from smtmodel.source.record import record

LEAVES_OUT = frozenset(Change) - {Change.SWAP, Change.TWICE}
"""Changes after which something is missing, and nothing else is different."""


@record
class Closest:
    """A run that violates the property of that name once a part is left out, and how far the
    protocol as it is makes it; `made` counts the steps of that."""

    name: str
    without: Variant
    run: Run
    followed: Followed

    @property
    def made(self) -> int:
        """The steps that the protocol as it is makes of the run, and between them of its own."""
        return 0 if self.followed.run is None else self.followed.run.step_count


def closest(needs: Needs, name: str) -> Closest | None:
    """The closest call of a property: among equally small runs the one that is followed
    furthest, then the first in the file. None if no part that can be left out is needed, and
    for what is not a `never`."""
    if not any(isinstance(one, Never) and one.name == name for one in needs.protocol.properties):
        return None
    runs = [
        (result.run, attempt.variant)
        for attempt in needs.attempts
        if attempt.variant.change in LEAVES_OUT
        and (result := attempt.of(name)) is not None
        and effect(result) is Effect.NEEDED
        and result.run is not None
    ]
    least = min((run.steps for run, _ in runs), default=0)
    found = [_followed(needs, name, variant, run) for run, variant in runs if run.steps == least]
    return max(found, key=lambda one: one.made, default=None)


def _followed(needs: Needs, name: str, variant: Variant, run: Run) -> Closest:
    assert variant.protocol is not None
    steps = corresponding(variant.protocol, needs.protocol)
    buffers = model(needs.outcome.model).store_buffers
    there = follow(run.trace, run.bounds, needs.protocol, name, steps, store_buffers=buffers)
    return Closest(name, variant, run, there)
