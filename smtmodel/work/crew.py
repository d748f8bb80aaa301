"""The engine of this machine: as many worker processes as there are processors to use.

A process is begun when there is a job for it. It is used again for jobs that have loaded the
same, and replaced when it has died or was stopped.
"""

import os
import select
from collections import deque
from collections.abc import Collection

from smtmodel import work
from smtmodel.source.record import field, record
from smtmodel.work.engine import CANCELLED, Ended, Found, Job, Trouble, timeout
from smtmodel.work.worker import Over, Ready, Worker

MOST = 4
"""Workers at once: each keeps a solver in memory."""


@record(frozen=False)
class _Task:
    """A job that has not ended. `began` counts once a worker has it; `stopped` is why it is not
    to be finished."""

    key: str
    job: Job
    seconds: float | None
    found: list[object] = field(default_factory=list)
    began: float = 0.0
    stopped: Trouble | None = None

    @property
    def left(self) -> float | None:
        """The seconds that its own limit leaves; None for as many as it takes."""
        if self.seconds is None or self.stopped is not None:
            return None
        return self.began + self.seconds - work.now()


class Crew:
    """An `Engine`. `worker` is one that was begun before, if there is one."""

    def __init__(self, worker: Worker | None = None, size: int | None = None) -> None:
        self._size = min(MOST, len(os.sched_getaffinity(0))) if size is None else size
        self._idle = [] if worker is None else [worker]
        self._busy: dict[Worker, _Task] = {}
        self._waiting: deque[_Task] = deque()
        self._events: deque[Found | Ended] = deque()

    def submit(self, key: str, job: Job, *, seconds: float | None = None) -> None:
        """Take a job; who is finished with another begins it at once."""
        self._waiting.append(_Task(key, job, seconds))
        while self._take(0):
            pass
        self._hand_out()

    def next(self, seconds: float | None, *, alarm: int | None = None) -> Found | Ended | None:
        """What happens next; None if that is nothing for so many seconds."""
        if not self._events and self._busy:
            self._take(self._patience(seconds), alarm)
        return self._events.popleft() if self._events else None

    def cancel(self, keys: Collection[str] | None = None) -> None:
        """Stop these jobs; what a worker has told before is still taken."""
        for task in [one for one in self._waiting if keys is None or one.key in keys]:
            self._waiting.remove(task)
            self._events.append(Ended(task.key, (), CANCELLED, 0.0, ""))
        for worker, task in self._busy.items():
            if keys is None or task.key in keys:
                _stop(worker, task, CANCELLED)

    def close(self) -> None:
        """End all workers."""
        for worker in (*self._idle, *self._busy):
            worker.kill()
        self._idle, self._busy = [], {}

    def _patience(self, seconds: float | None) -> float | None:
        """How long to wait; stops those whose own limit is reached."""
        waits = [] if seconds is None else [seconds]
        for worker, task in self._busy.items():
            if (left := task.left) is None:
                continue
            if left <= 0:
                assert task.seconds is not None
                _stop(worker, task, timeout(task.seconds))
            else:
                waits.append(left)
        return min(waits, default=None)

    def _take(self, seconds: float | None, alarm: int | None = None) -> bool:
        """Take what each worker has told next, as soon as one has; whether one had."""
        sources = {worker.fileno(): worker for worker in self._busy}
        alarms = [] if alarm is None else [alarm]
        ready = select.select([*sources, *alarms], [], [], seconds)[0]
        told = [sources[one] for one in ready if one != alarm]
        for worker in told:
            self._note(worker, self._busy[worker])
        return bool(told)

    def _note(self, worker: Worker, task: _Task) -> None:
        match worker.receive():
            case Ready():
                task.began = work.now()
            case Over(trouble=trouble):
                self._end(worker, trouble if worker.alive else task.stopped or trouble)
            case found:
                task.found.append(found)
                self._events.append(Found(task.key, found))

    def _end(self, worker: Worker, trouble: Trouble | None) -> None:
        task = self._busy.pop(worker)
        if trouble is None and task.stopped is None:
            self._idle.append(worker)
        else:
            worker.kill()
        seconds = work.now() - task.began
        found = tuple(task.found)
        self._events.append(Ended(task.key, found, trouble, seconds, worker.version))
        self._hand_out()

    def _hand_out(self) -> None:
        while self._waiting and len(self._busy) < self._size:
            task = self._waiting.popleft()
            worker = self._worker(task.job)
            self._busy[worker] = task
            task.began = work.now()
            worker.send(task.job)

    def _worker(self, job: Job) -> Worker:
        """An idle worker that has loaded what the job needs, or a new one."""
        for worker in self._idle:
            if worker.load == job.load:
                self._idle.remove(worker)
                return worker
        return Worker(job.load)


def _stop(worker: Worker, task: _Task, trouble: Trouble) -> None:
    """Stop what works on a task; the task ends when all that was told before is taken."""
    task.stopped = task.stopped or trouble
    worker.stop()
