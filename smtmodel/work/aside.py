"""A part of a job that a copy of its process does meanwhile.

The copy begins with all that the process has loaded and worked out. It ends with the process at
the latest, however that ends. Assumes POSIX (`fork`), and of other threads of the process that
they only wait.
"""

import os
import signal
from collections.abc import Callable, Iterable
from typing import NoReturn

from smtmodel.work.worker import Pipe, watch


def spare() -> bool:
    """Whether a copy would have a processor of its own."""
    return len(os.sched_getaffinity(0)) > 1


class Aside:
    """Work that a copy of this process does from here on: for what may be left undone."""

    def __init__(self, work: Callable[[], Iterable[object]]) -> None:
        receive, send = os.pipe()
        ends, lives = os.pipe()  # nothing is written there: it ends with the last who could
        self.pid = os.fork()
        if self.pid == 0:
            _copy(work, Pipe(ends, send), lives)
        os.close(send)
        os.close(ends)
        self._pipe = Pipe(receive, lives)

    def found(self) -> tuple[object, ...]:
        """Wait for what the work yields; nothing if it fails."""
        try:
            found: tuple[object, ...] = self._pipe.receive()
        except EOFError:
            return ()
        return found

    def end(self) -> None:
        """End the copy, whether it has finished or not."""
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        self._pipe.close()


def _copy(work: Callable[[], Iterable[object]], pipe: Pipe, lives: int) -> NoReturn:
    """Never returns: what goes wrong here must not wander into the code of the process."""
    try:
        os.close(lives)
        watch(pipe.reads)
        pipe.send(tuple(work()))
    finally:
        os._exit(0)
