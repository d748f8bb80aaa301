"""What a command asks of an engine, within one limit of time for all of it, until Ctrl-C.

Takes jobs; gives for each what its work yielded and, if it was not finished, why.
"""

from collections.abc import Callable

from smtmodel import work
from smtmodel.source.record import field, record
from smtmodel.verdict import Cause
from smtmodel.work.engine import CANCELLED, Ended, Engine, Found, Job, Trouble, timeout
from smtmodel.work.interrupts import Interrupts

TICK = 0.1
"""Seconds between two looks at the clock for those who watch."""

Notice = Callable[[object], None]
"""What those who watch are told with: what a job yielded, `Counted`, or None, a tick of the
clock."""


@record
class Counted:
    """How many questions are answered, of how many."""

    done: int
    of: int


@record(frozen=False)
class Answered:
    """What came of a job, once it has ended. `seconds` is how long it was worked on."""

    found: list[object] = field(default_factory=list)
    trouble: Trouble | None = None
    seconds: float = 0.0


class Session:
    """The jobs of one command. The time limit counts from the making of this object.

    `expected` is how many jobs there will be in all, where that is known before they are
    submitted; `stopped` is why no more jobs are taken up. Within the context `interrupts` Ctrl-C
    stops the jobs and not the command; `run` and `gather` enter it.
    """

    def __init__(
        self, engine: Engine, seconds: float | None = None, notice: Notice | None = None
    ) -> None:
        self.interrupts = Interrupts()
        self.stopped: Trouble | None = None
        self.version = ""
        self.expected = 0
        self._engine = engine
        self._seconds = seconds
        self._end = None if seconds is None else work.now() + seconds
        self._notice = notice
        self._open: dict[str, Answered] = {}
        self._keys = self._submitted = self._done = 0

    def run(self, job: Job) -> Answered:
        """Do one job, telling what it yields as it is found."""
        with self.interrupts:
            answered = self._begun(job)
            while self._open:
                match self._next():
                    case Found(value=value):
                        self._tell(value)
                    case None:
                        self._tell(None)
        return answered

    def submit(self, job: Job) -> Answered:
        """Hand over a job; its answer is whole after `gather`."""
        self._submitted += 1
        return self._begun(job)

    def gather(self) -> None:
        """Wait for all jobs, telling how many are done."""
        with self.interrupts:
            while self._open:
                match self._next():
                    case Ended(trouble=None):
                        self._count()
                    case _:
                        self._tell(None)

    def close(self) -> None:
        """End all processes."""
        self._engine.close()

    def _begun(self, job: Job) -> Answered:
        self._look()
        answered = Answered(trouble=self.stopped)
        if self.stopped is None:
            self._keys += 1
            self._open[str(self._keys)] = answered
            self._engine.submit(str(self._keys), job)
        return answered

    def _next(self) -> Found | Ended | None:
        """What happens next, or a tick of the clock; takes down what came of a job."""
        left = self._look()
        waits = [one for one in (left, TICK if self._notice else None) if one is not None]
        alarm = None if self.stopped else self.interrupts.alarm
        event = self._engine.next(min(waits, default=None), alarm=alarm)
        if isinstance(event, Ended):
            self._take(event)
        return event

    def _look(self) -> float | None:
        """The seconds that are left; stops everything if there are none, or after Ctrl-C."""
        left = None if self._end is None else self._end - work.now()
        if self.stopped is not None:
            return None
        if self.interrupts.seen:
            self.stopped = Trouble(Cause.INTERRUPTED, "interrupted")
        elif left is not None and left <= 0:
            assert self._seconds is not None
            self.stopped = timeout(self._seconds)
        if self.stopped is None:
            return left
        self._engine.cancel()
        return None

    def _take(self, ended: Ended) -> None:
        answered = self._open.pop(ended.key)
        answered.found += ended.found
        answered.seconds = ended.seconds
        answered.trouble = ended.trouble
        if ended.trouble == CANCELLED:
            answered.trouble = self.stopped
        self.version = ended.version or self.version

    def _count(self) -> None:
        self._done += 1
        of = max(self.expected, self._submitted)
        self._tell(Counted(self._done, of) if of > 1 else None)

    def _tell(self, what: object) -> None:
        if self._notice is not None:
            self._notice(what)
