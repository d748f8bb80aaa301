"""Engines without processes, for tests of what is not about processes."""

import pickle
from collections import deque
from collections.abc import Collection

from smtmodel.work.engine import CANCELLED, Ended, Found, Job


class Alone:
    """An `Engine` that works in the process that asks: the simplest that keeps the promises.

    It has no limits, and an exception of a job is one of its own.
    """

    def __init__(self) -> None:
        self._waiting: deque[tuple[str, Job]] = deque()
        self._events: deque[Found | Ended] = deque()

    def submit(self, key: str, job: Job, *, seconds: float | None = None) -> None:
        """Take a job; nothing is done before `next`."""
        assert seconds is None
        assert job.memory is None, "nothing bounds the memory of this process"
        self._waiting.append((key, job))

    def next(self, seconds: float | None, *, alarm: int | None = None) -> Found | Ended | None:
        """What happens next, in the order of submission."""
        if not self._events and self._waiting:
            key, job = self._waiting.popleft()
            found = self._found(job)
            version = "" if job.load is None else job.load()
            self._events += [Found(key, one) for one in found]
            self._events.append(Ended(key, found, None, 0.0, version))
        return self._events.popleft() if self._events else None

    def cancel(self, keys: Collection[str] | None = None) -> None:
        """End what has not begun."""
        ended = [key for key, _ in self._waiting if keys is None or key in keys]
        self._waiting = deque(one for one in self._waiting if one[0] not in ended)
        self._events += [Ended(key, (), CANCELLED, 0.0, "") for key in ended]

    def close(self) -> None:
        """Forget what has not begun."""
        self._waiting.clear()

    def _found(self, job: Job) -> tuple[object, ...]:
        return tuple(job.work())


class Remembering(Alone):
    """Works on a question once, whichever test asks it again.

    Jobs and what they yield are pickled, as they are between processes. A job says all that its
    answer depends on, so one that is pickled alike has the same answer.
    """

    answers: dict[bytes, bytes] = {}  # noqa: RUF012

    def _found(self, job: Job) -> tuple[object, ...]:
        asked = pickle.dumps(job.work)
        if asked not in self.answers:
            self.answers[asked] = pickle.dumps(tuple(pickle.loads(asked)()))
        found: tuple[object, ...] = pickle.loads(self.answers[asked])
        return found
