"""The interface of an engine: jobs go in under keys, and what they yield comes out.

`smtmodel.work.crew` is the engine of this machine. Whoever asks (`smtmodel.work.session`) knows
nothing else of it, so that a cluster can stand behind the same four functions.
"""

from collections.abc import Callable, Collection, Iterable
from typing import Protocol

from smtmodel.source.record import record
from smtmodel.verdict import Cause


@record
class Job:
    """Work for another process. It is pickled, and so is everything that it yields.

    `load` prepares a process for jobs like this one, before it has any, and gives the version of
    what it loaded. `memory` is the limit of the work in MB.
    """

    work: Callable[[], Iterable[object]]
    load: Callable[[], str] | None = None
    memory: int | None = None


@record
class Trouble:
    """Why a job was not finished: the cause of an UNKNOWN, and a sentence."""

    cause: Cause
    reason: str
    traceback: str = ""


def timeout(seconds: float) -> Trouble:
    """The trouble of what reached its limit of seconds."""
    return Trouble(Cause.TIMEOUT, f"the time limit of {seconds:g} s was reached")


CANCELLED = Trouble(Cause.INTERRUPTED, "cancelled")
"""The trouble of a job that was cancelled."""


@record
class Found:
    """Something that a job yielded, as early as it is known: for whoever watches, not for results.

    An engine that begins a job again, because the machine that worked on it is lost, tells what it
    yields again too.
    """

    key: str
    value: object


@record
class Ended:
    """What came of a job: all that one attempt at it yielded, in order, and no more will come.

    `trouble` is None if it was finished. `seconds` is how long it was worked on, not counting
    what was loaded before. `version` is what `load` gave, empty if it did not come to that.
    """

    key: str
    found: tuple[object, ...]
    trouble: Trouble | None
    seconds: float
    version: str


class Engine(Protocol):
    """Works on jobs, several at once, and tells what comes of them.

    Each key that was submitted ends exactly once, whatever becomes of the process that works on
    it, and with everything that was yielded before.
    """

    def submit(self, key: str, job: Job, *, seconds: float | None = None) -> None:
        """Take a job, and return at once; no other job has this key.

        The time limit counts from when the work on this job begins. A job that reaches it ends
        with a trouble whose cause is TIMEOUT.
        """

    def next(self, seconds: float | None, *, alarm: int | None = None) -> Found | Ended | None:
        """What happens next, in the order in which it happens, not in that of the keys.

        None if that is nothing for so many seconds (None: wait), if there is something to read
        from the descriptor `alarm`, or if no job is left; and now and then without a reason.
        Never raises for what a job did.
        """

    def cancel(self, keys: Collection[str] | None = None) -> None:
        """Stop these jobs (None: all), and return at once.

        `next` goes on to give what they had yielded, and how they end: with the trouble `CANCELLED`
        unless they were finished before.
        """

    def close(self) -> None:
        """End all processes; nothing may be called after this."""
