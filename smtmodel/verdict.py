"""The verdicts, why one is missing, and the exit status they amount to. Nothing else."""

from collections.abc import Iterable
from enum import Enum, IntEnum


class Verdict(Enum):
    """What was found out about a property, within its bounds."""

    PROVED = "PROVED"  # no execution violates it, and the proof is not vacuous
    REFUTED = "REFUTED"  # an execution violates it, and was replayed
    VACUOUS = "VACUOUS"  # nothing violates it, but the proof says less than it seems to
    UNKNOWN = "UNKNOWN"  # not decided


class Cause(Enum):
    """Why a verdict is UNKNOWN."""

    NONE = "none"
    BUDGET = "budget"  # --budget or a memory limit is used up, or the solver gave up
    TIMEOUT = "timeout"  # --timeout
    INTERRUPTED = "interrupted"  # Ctrl-C
    CONTRADICTION = "contradiction"  # two parts of the tool disagree: our bug


class Status(IntEnum):
    """Exit statuses. 1 is never used on purpose: crashes and closed pipes give it."""

    GOOD = 0
    BAD_INPUT = 2
    UNKNOWN = 5
    CONTRADICTION = 6
    REFUTED = 10
    VACUOUS = 11
    TIMEOUT = 124
    INTERRUPTED = 130


WORST_FIRST = (
    Status.CONTRADICTION,
    Status.INTERRUPTED,
    Status.BAD_INPUT,
    Status.REFUTED,
    Status.VACUOUS,
    Status.TIMEOUT,
    Status.UNKNOWN,
    Status.GOOD,
)


def status_of(verdict: Verdict, cause: Cause = Cause.NONE) -> Status:
    """The status of one result."""
    match verdict:
        case Verdict.PROVED:
            return Status.GOOD
        case Verdict.REFUTED:
            return Status.REFUTED
        case Verdict.VACUOUS:
            return Status.VACUOUS
        case Verdict.UNKNOWN:
            return {
                Cause.TIMEOUT: Status.TIMEOUT,
                Cause.INTERRUPTED: Status.INTERRUPTED,
                Cause.CONTRADICTION: Status.CONTRADICTION,
            }.get(cause, Status.UNKNOWN)


def worst(statuses: Iterable[Status]) -> Status:
    """The worst of the statuses; GOOD if there are none."""
    return min(statuses, key=WORST_FIRST.index, default=Status.GOOD)
