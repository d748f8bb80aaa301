"""Several questions at once, in as many worker processes as there are processors to use.

Takes jobs, gives for each what its work yielded and, if it was not finished, why. One limit of
time holds for all of them together. A worker that was stopped or has died is replaced for the
next job, unless the time is up or the user interrupted: then the jobs that are left get that
as their trouble.
"""

import os
import select
from collections import deque
from collections.abc import Callable

from smtmodel import pipeline
from smtmodel.pipeline import TICK, Notice
from smtmodel.solving.keyboard import Interrupts
from smtmodel.solving.result import Started
from smtmodel.solving.worker import Died, Done, Failed, Job, Ready, Worker
from smtmodel.source.record import field, record
from smtmodel.verdict import Cause

MOST = 4
"""Workers at once: each keeps a solver in memory."""


@record
class Trouble:
    """Why a job was not finished: the cause of an UNKNOWN, and a sentence."""

    cause: Cause
    reason: str
    traceback: str = ""


@record(frozen=False)
class Answered:
    """What came of a job, so far or in all. `began` is when a worker took it up; `seconds` is
    how long one was at it when it was given up."""

    found: list[object] = field(default_factory=list)
    trouble: Trouble | None = None
    done: bool = False
    began: float | None = None
    seconds: float = 0.0


class Crew:
    """Workers, the jobs they are at, and those that wait; until `close` Ctrl-C stops them.

    `seconds` counts from the making of this object; `limit` is what it is called, where some of
    it was spent before. `notice` is told how many jobs are done,
    and called with None from time to time. `expected` is how many there will be in all, where
    that is known before they are handed over; `stopped` why no more are taken up.
    """

    def __init__(
        self,
        worker: Worker | None,
        seconds: float | None,
        notice: Callable[[Notice], None] | None = None,
        *,
        size: int | None = None,
        limit: float | None = None,
    ) -> None:
        self._seconds = seconds if limit is None else limit
        self._end = None if seconds is None else pipeline.now() + seconds
        self._interrupts = Interrupts().__enter__()
        self._notice = notice
        usable = min(MOST, len(os.sched_getaffinity(0))) if size is None else size
        self._idle = [worker if worker is not None else Worker()]
        self._idle += [Worker() for _ in range(usable - 1)]
        self._busy: dict[int, tuple[Worker, Answered]] = {}
        self._waiting: deque[tuple[Job, Answered]] = deque()
        self.stopped: Trouble | None = None
        self.expected = 0
        self._submitted = self._finished = 0
        self.solver = ""

    def submit(self, job: Job) -> Answered:
        """Hand over a job; its answer is whole after `gather`."""
        answered = Answered()
        self._submitted += 1
        self._waiting.append((job, answered))
        self._go_on()
        return answered

    def gather(self) -> None:
        """Wait for all jobs."""
        while self._busy or self._waiting:
            if not self._go_on():
                self._wait()

    def _go_on(self) -> bool:
        """Take what is there, hand out what waits; gives whether there was anything."""
        if self.stopped is None and self._interrupts.seen:
            self.stopped = Trouble(Cause.INTERRUPTED, "interrupted")
        if self.stopped is None and self._end is not None and pipeline.now() >= self._end:
            limit = f"the time limit of {self._seconds:g} s was reached"
            self.stopped = Trouble(Cause.TIMEOUT, limit)
        if self.stopped is not None:
            self._stop(self.stopped)
            return True
        taken = self._take()
        self._hand_out()
        return taken

    def close(self) -> None:
        """End all workers, and let Ctrl-C be what it was."""
        self._end_workers()
        self._interrupts.__exit__(None, None, None)

    def _end_workers(self) -> None:
        for worker in (*self._idle, *(worker for worker, _ in self._busy.values())):
            worker.kill()
        self._idle, self._busy = [], {}

    def _hand_out(self) -> None:
        while self._waiting and self._idle:
            job, answered = self._waiting.popleft()
            worker = self._idle.pop(0)
            self._busy[worker.pid] = (worker, answered)
            answered.began = pipeline.now()
            worker.send(job)

    def _wait(self) -> None:
        left = None if self._end is None else max(0.0, self._end - pipeline.now())
        if self._notice is not None:
            self._notice(None)
            left = TICK if left is None else min(left, TICK)
        workers = [worker.fileno() for worker, _ in self._busy.values()]
        select.select([*workers, self._interrupts.alarm], [], [], left)

    def _take(self) -> bool:
        """Take all that is there; gives whether there was anything."""
        taken = False
        for worker, answered in list(self._busy.values()):
            while worker.pid in self._busy and (found := worker.receive(0)) is not None:
                taken = True
                self._note(worker, answered, found)
        return taken

    def _note(self, worker: Worker, answered: Answered, found: object) -> None:
        match found:
            case Ready(solver=solver):
                self.solver = solver
            case Done():
                del self._busy[worker.pid]
                answered.done = True
                self._idle.append(worker)
                self._finished += 1
                count = max(self.expected, self._submitted)
                if self._notice is not None and count > 1:
                    self._notice(Started(f"{self._finished} of {count} questions"))
            case Died(message=message, cause=cause):
                self._lost(worker, answered, Trouble(cause, message))
            case Failed(memory=True):
                self._lost(worker, answered, Trouble(Cause.BUDGET, "the memory limit was reached"))
            case Failed(message=message, traceback=traceback):
                trouble = Trouble(Cause.CONTRADICTION, message, traceback)
                self._lost(worker, answered, trouble)
            case _:
                answered.found.append(found)

    def _lost(self, worker: Worker, answered: Answered, trouble: Trouble) -> None:
        """Put a new worker in the place of one that cannot go on."""
        del self._busy[worker.pid]
        worker.kill()
        self._over(answered, trouble)
        self._idle.append(Worker())

    def _over(self, answered: Answered, trouble: Trouble) -> None:
        answered.trouble = trouble
        answered.done = True
        if answered.began is not None:
            answered.seconds = pipeline.now() - answered.began

    def _stop(self, trouble: Trouble) -> None:
        """End everything; what was found before that is kept."""
        self._take()
        for _, answered in (*self._busy.values(), *self._waiting):
            if not answered.done:
                self._over(answered, trouble)
        self._waiting.clear()
        self._end_workers()
