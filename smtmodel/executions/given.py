"""A lane of a litmus test run with what its reads return given, instead of every value.

Takes a parsed test and, for each lane, values in the order in which it reads, and how its looks at
locks turn out. Gives the paths; it is how an execution that was found elsewhere is repeated.
"""

from collections.abc import Iterator

from smtmodel.executions.c_operators import DeadPath, Held
from smtmodel.executions.paths import LaneRun, Path, Reads, Target
from smtmodel.litmus.program import LitmusTest, Thread
from smtmodel.source.record import record


@record
class Given:
    """What one lane's reads return, and for each try or look at a lock whether it was taken."""

    values: tuple[Held, ...]
    outcomes: tuple[int, ...]


def given_paths(test: LitmusTest, given: tuple[Given, ...]) -> tuple[Path, ...] | None:
    """Each lane's path; None where a lane cannot run so, or does not read all of it."""
    runs = [_GivenRun(thread, one) for thread, one in zip(test.threads, given, strict=True)]
    for run in runs:
        run.finish()
    found = [path for run in runs if (path := run.path) is not None and run.used]
    return tuple(found) if len(found) == len(runs) else None


class _GivenRun(LaneRun):
    """One run."""

    def __init__(self, thread: Thread, given: Given) -> None:
        super().__init__(thread, {}, [])
        self._values: Iterator[Held] = iter(given.values)
        self._outcomes: Iterator[int] = iter(given.outcomes)

    @property
    def used(self) -> bool:
        """Whether nothing that was given is left."""
        return next(self._values, None) is None and next(self._outcomes, None) is None

    def _read(self, place: Target, tag: str, modifies: bool = False) -> tuple[Held, Reads]:
        value = next(self._values, None)
        if value is None:
            raise DeadPath
        self._act("R", tag, place, value, modifies)
        return value, frozenset({len(self.acts) - 1})

    def _choose(self, offered: int) -> int:
        outcome = next(self._outcomes, None)
        if outcome is None or not 0 <= outcome < offered:
            raise DeadPath
        return outcome
