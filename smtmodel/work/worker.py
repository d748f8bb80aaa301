"""A process of its own, so that whatever its work does can be stopped.

Gives the parent's end: fork it early, send a job, receive what it yields as it is found, kill
it. The parent never imports what a worker loads. Assumes POSIX (`fork`), and that the parent
has no threads when it forks.

The messages are `Ready`, if something was to be loaded; then for each job whatever its work
yields, and `Over`. They are framed here, because the import of `multiprocessing.connection` alone
takes more than 10 ms.
"""

import os
import pickle
import select
import signal
from collections.abc import Callable
from typing import Any, NoReturn

from smtmodel.source.record import record
from smtmodel.verdict import Cause
from smtmodel.work.engine import Job, Trouble

SLACK = 256
"""MB of address space that a worker may use beyond its memory limit: the solver's own limit
is to be met first, because it leaves a sentence behind and not a corpse."""

CRASHES = (signal.SIGSEGV, signal.SIGABRT, signal.SIGBUS, signal.SIGFPE, signal.SIGILL)
"""Signals that a process brings upon itself."""

NO_MEMORY = 101
"""The status with which z3 ends a process when there is no more memory."""


@record
class Ready:
    """What jobs need is loaded, in this version."""

    version: str


@record
class Over:
    """A job is finished if there is no trouble; with some, it or the whole process has failed."""

    trouble: Trouble | None = None


class Pipe:
    """One end of a connection between two processes, for whole messages."""

    def __init__(self, reads: int, writes: int) -> None:
        self.reads, self.writes = reads, writes

    def send(self, message: object) -> None:
        """Write a message; a BrokenPipeError says that nobody is there."""
        content = pickle.dumps(message, pickle.HIGHEST_PROTOCOL)
        rest = memoryview(len(content).to_bytes(8, "big") + content)
        while rest:
            rest = rest[os.write(self.writes, rest) :]

    def receive(self) -> Any:
        """Wait for a message; an EOFError says that there will be none."""
        return pickle.loads(self._read(int.from_bytes(self._read(8), "big")))

    def _read(self, size: int) -> bytes:
        content = b""
        while len(content) < size:
            part = os.read(self.reads, size - len(content))
            if not part:
                raise EOFError
            content += part
        return content

    def close(self) -> None:
        """Close this end."""
        os.close(self.reads)
        os.close(self.writes)


class Worker:
    """The parent's end. Not reusable once it is not `alive`.

    `load` is what the process does before it has a job, as `Job.load` says.
    """

    def __init__(self, load: Callable[[], str] | None = None) -> None:
        jobs, send = os.pipe()
        receive, messages = os.pipe()
        self._pipe = Pipe(receive, send)
        theirs = Pipe(jobs, messages)
        # The child must never see a Ctrl-C, not even before it ignores the signal.
        before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        self.pid = os.fork()
        if self.pid == 0:
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            signal.pthread_sigmask(signal.SIG_SETMASK, before)
            self._pipe.close()
            _child(theirs, load)
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
        theirs.close()
        self._memory: int | None = None
        self.load = load
        self.version = ""
        self.alive = True

    def send(self, job: Job) -> None:
        """Hand over a job; if the process has gone, `receive` will say so."""
        self._memory = job.memory
        try:
            self._pipe.send((job.work, job.memory))
        except BrokenPipeError:
            return

    def receive(self) -> object:
        """Wait for the next message."""
        try:
            message: object = self._pipe.receive()
        except EOFError:
            return Over(self._reap())
        if isinstance(message, Ready):
            self.version = message.version
        return message

    def fileno(self) -> int:
        """The descriptor that messages come from, for `select`; nothing else may read it."""
        return self._pipe.reads

    def stop(self) -> None:
        """End the process; what it told before can still be received, and then `Over`."""
        if self.alive:
            os.kill(self.pid, signal.SIGKILL)

    def kill(self) -> None:
        """End the process at once; a second call does nothing."""
        self.stop()
        self._reap()

    def _reap(self) -> Trouble | None:
        """Why the process ended; None if that was asked before."""
        if not self.alive:
            return None
        self.alive = False
        self._pipe.close()
        _, status, used = os.wait4(self.pid, 0)
        starved = self._memory is not None and used.ru_maxrss >= self._memory * 2**10
        if not os.WIFSIGNALED(status):
            code = os.waitstatus_to_exitcode(status)
            starved = starved or code == NO_MEMORY
            ended = f"the solver process ended with status {code}"
            if starved:
                return Trouble(Cause.BUDGET, f"{ended}, perhaps for want of memory")
            return Trouble(Cause.CONTRADICTION, ended)
        number = os.WTERMSIG(status)
        name = signal.Signals(number).name
        if number in CRASHES and not starved:
            return Trouble(Cause.CONTRADICTION, f"the solver crashed ({name})")
        hint = ", perhaps for want of memory" if starved or number == signal.SIGKILL else ""
        return Trouble(Cause.BUDGET, f"the solver process was ended by {name}{hint}")


# ---------------------------------------------------------------- the child's end


def _child(pipe: Pipe, load: Callable[[], str] | None) -> NoReturn:
    """Never returns: an exception must not wander into the parent's code."""
    try:
        # A child that held the parent's output open would keep `| head -1` waiting.
        null = os.open(os.devnull, os.O_RDWR)
        for standard in (0, 1, 2):
            os.dup2(null, standard)
        if load is not None:
            pipe.send(Ready(load()))
        watch(pipe.reads)
        while True:
            _work(pipe)
    except (BrokenPipeError, EOFError):
        os._exit(0)
    except BaseException as error:
        pipe.send(Over(_failure(error)))
    finally:
        os._exit(0)


def _work(pipe: Pipe) -> None:
    """Do one job."""
    work, memory = pipe.receive()
    if memory is not None:
        _restrict(memory)
    try:
        for found in work():
            pipe.send(found)
    except BrokenPipeError:
        raise
    except Exception as error:
        pipe.send(Over(_failure(error)))
    else:
        pipe.send(Over())


def watch(lives: int) -> None:
    """End this process when the last writer of this descriptor has gone, even in the middle of a
    query: for one that lasts as long as another.

    z3 lets other threads run meanwhile.
    """
    import threading

    def wait() -> None:
        gone = select.poll()
        gone.register(lives, 0)  # reports nothing but the end of the last writer
        gone.poll()
        os._exit(0)

    threading.Thread(target=wait, daemon=True).start()


def _restrict(memory: int) -> None:
    """Bound the address space where the system says how much of it is used already."""
    import resource

    try:
        with open("/proc/self/statm", encoding="ascii") as statm:
            used = int(statm.read().split()[0]) * resource.getpagesize()
        most = used + (memory + SLACK) * 2**20
        hard = resource.getrlimit(resource.RLIMIT_AS)[1]
        if hard != resource.RLIM_INFINITY:
            most = min(most, hard)
        resource.setrlimit(resource.RLIMIT_AS, (most, hard))
    except (OSError, ValueError):
        return


def _failure(error: BaseException) -> Trouble:
    """Out of memory, or a bug of ours."""
    if isinstance(error, MemoryError) or "out of memory" in str(error):
        return Trouble(Cause.BUDGET, "the memory limit was reached")
    import traceback

    message = f"{type(error).__name__}: {error}"
    return Trouble(Cause.CONTRADICTION, message, "".join(traceback.format_exception(error)))
