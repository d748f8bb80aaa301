"""The closest call of a proof: the run that comes nearest to a violation, and what stops it.

Takes what the proofs of a protocol need; gives for a property the smallest run that violates it
once one needed part is left out, followed in the protocol itself by the interpreter. Nothing is
asked of the solver. "Nearest" is among the runs that were found: one for each part left out.
"""

from enum import Enum

from smtmodel.analysis.comparison import corresponding
from smtmodel.analysis.following import Followed, follow
from smtmodel.analysis.needed import Needs, effect
from smtmodel.analysis.variants import Variant
from smtmodel.analysis.words import Mutation, Necessity
from smtmodel.language.checked import DEADLOCK
from smtmodel.models import model
from smtmodel.solving.result import Run
from smtmodel.source.record import record

LEAVES_OUT = frozenset(Mutation) - {
    Mutation.SWAP,
    Mutation.LATER,
    Mutation.EARLIER,
    Mutation.TWICE,
}
"""Changes after which something is missing, and nothing else is different."""


@record
class Closest:
    """A run that violates the property of that name once a part is left out, and how far the
    protocol as it is makes it; `made` counts the steps of that."""

    name: str
    model: str
    without: Variant
    run: Run
    followed: Followed

    @property
    def made(self) -> int:
        """The steps that the protocol as it is makes of the run, and between them of its own."""
        return 0 if self.followed.run is None else self.followed.run.step_count


class Absence(Enum):
    """Why there is no closest call of a proof, in words."""

    NOT_ASKED = "what its proof needs was not asked"
    NOT_FOLLOWED = "a run into a deadlock is not followed"
    NO_RUNS = "not asked: executions under this model have no order of steps to follow"
    NOT_KNOWN = "not known, because of some parts it is not known whether they are needed"
    NONE_NEEDED = "none of the parts that were left out, one at a time, is needed"


def closest(needs: Needs, name: str) -> Closest | None:
    """The closest call of a property: among equally small runs the one that is followed
    furthest, then the first in the file. None where there is none: see `absence`."""
    runs = _runs(needs, name)
    least = min((run.steps for run, _ in runs), default=0)
    found = [_followed(needs, name, variant, run) for run, variant in runs if run.steps == least]
    return max(found, key=lambda one: one.made, default=None)


def absence(needs: Needs, name: str) -> Absence | None:
    """Why a property has no closest call; None if it has one."""
    if name == DEADLOCK:
        return Absence.NOT_FOLLOWED
    if name not in needs.names:
        return Absence.NOT_ASKED
    if model(needs.outcome.model).machine is None:
        return Absence.NO_RUNS
    if _runs(needs, name):
        return None
    tried = [one for one in needs.attempts if one.variant.change in LEAVES_OUT]
    results = [one.of(name) for one in tried if one.variant.protocol is not None]
    known = [effect(one) for one in results if one is not None]  # an assertion may be gone
    if Necessity.UNKNOWN in known or Necessity.NEEDED in known:
        return Absence.NOT_KNOWN
    return Absence.NONE_NEEDED


def _runs(needs: Needs, name: str) -> list[tuple[Run, Variant]]:
    """The runs that violate a property once a needed part is left out; what a lane waits for in
    a deadlock is no step of a run that could be followed."""
    if name == DEADLOCK or name not in needs.names:
        return []
    return [
        (result.run, attempt.variant)
        for attempt in needs.attempts
        if attempt.variant.change in LEAVES_OUT
        and (result := attempt.of(name)) is not None
        and effect(result) is Necessity.NEEDED
        and result.run is not None
    ]


def _followed(needs: Needs, name: str, variant: Variant, run: Run) -> Closest:
    assert variant.protocol is not None
    steps = corresponding(variant.protocol, needs.protocol)
    buffers = model(needs.outcome.model).store_buffers
    there = follow(
        variant.protocol,
        run.trace,
        run.bounds,
        needs.protocol,
        name,
        steps,
        store_buffers=buffers,
    )
    return Closest(name, needs.outcome.model, variant, run, there)
