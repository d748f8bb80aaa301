"""A process of its own for the solver, so that whatever it does can be stopped.

Gives the parent's end: fork it early, send a job, receive what it finds as it is found, kill
it. The parent process never imports the solver. Assumes POSIX (`fork`), and that the parent
has no threads when it forks. Decides nothing itself: that is `smtmodel.solving.decide`.

The answers are `Ready`, then for each job whatever its work yields (of `decide`, its default:
any number of Started, Coverage and Result), and `Done` or `Failed`. The parent adds `Died`
where the process has gone.
"""

import os
import pickle
import select
import signal
import time
from collections.abc import Callable, Iterable

from smtmodel.language.checked import Bounds, Checked
from smtmodel.solving.result import Coverage, Limits, Result, Started
from smtmodel.source.record import record
from smtmodel.verdict import Cause

COLLECT = (100_000, 20, 20)
"""When a worker looks for cycles: with Python's own numbers a sixth of its time goes there."""


@record
class Job:
    """A question: about the properties of these names (None: all), at these bounds.

    `work` is a function at the top of a module, which the process imports when it gets the
    job. It takes the fields above it, the model itself in the place of its name, and yields
    answers that can be pickled. None is `smtmodel.solving.decide.decide`.
    """

    protocol: Checked
    model: str
    bounds: Bounds
    limits: Limits
    only: frozenset[str] | None = None
    work: Callable[..., Iterable[object]] | None = None


SLACK = 256
"""MB of address space that a worker may use beyond its memory limit: the solver's own limit
is to be met first, because it leaves a sentence behind and not a corpse."""

CRASHES = (signal.SIGSEGV, signal.SIGABRT, signal.SIGBUS, signal.SIGFPE, signal.SIGILL)
"""Signals that a process brings upon itself."""

NO_MEMORY = 101
"""The status with which z3 ends a process when there is no more memory."""


@record
class Ready:
    """The solver is imported, in this version."""

    solver: str


@record
class Done:
    """A job is finished."""


@record
class Failed:
    """A job ended with an exception: out of memory, or a bug of ours."""

    message: str
    traceback: str
    memory: bool


@record
class Died:
    """The process is gone; `message` says how.

    `cause`: CONTRADICTION where it crashed, BUDGET where it was stopped or starved.
    """

    message: str
    cause: Cause = Cause.BUDGET


Answer = Ready | Started | Coverage | Result | Done | Failed | Died | object
"""Anything else is what the work of a job yielded."""


class Worker:
    """The parent's end. Not reusable after `kill` or `Died`.

    Without `solver` the process does not load it; then every job must bring its work.
    """

    def __init__(self, *, solver: bool = True) -> None:
        jobs, self._jobs = os.pipe()
        self._answers, answers = os.pipe()
        # The child must never see a Ctrl-C, not even before it ignores the signal.
        before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        self.pid = os.fork()
        if self.pid == 0:
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            signal.pthread_sigmask(signal.SIG_SETMASK, before)
            os.close(self._jobs)
            os.close(self._answers)
            _child(jobs, answers, solver=solver)
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
        os.close(jobs)
        os.close(answers)
        self._buffer = b""
        self._memory: int | None = None
        self.solver = ""
        self.alive = True

    def send(self, job: Job) -> None:
        """Hand over a job; if the process has gone, `receive` will say so."""
        self._memory = job.limits.memory
        try:
            _write(self._jobs, pickle.dumps(job, pickle.HIGHEST_PROTOCOL))
        except BrokenPipeError:
            return

    def receive(self, seconds: float | None, *, alarm: int | None = None) -> Answer | None:
        """The next answer, or None if there is none within so many seconds (None: wait).

        Also None as soon as there is something to read from the descriptor `alarm`.
        """
        limit = None if seconds is None else time.monotonic() + seconds
        sources = [self._answers] if alarm is None else [self._answers, alarm]
        while (answer := self._whole()) is None:
            left = None if limit is None else max(0.0, limit - time.monotonic())
            if self._answers not in select.select(sources, [], [], left)[0]:
                return None
            part = os.read(self._answers, 1 << 20)
            if not part:
                return self._reap()
            self._buffer += part
        if isinstance(answer, Ready):
            self.solver = answer.solver
        return answer

    def fileno(self) -> int:
        """The descriptor that answers come from, for `select`; nothing else may read it."""
        return self._answers

    def kill(self) -> None:
        """End the process at once; a second call does nothing."""
        if self.alive:
            os.kill(self.pid, signal.SIGKILL)
            self._reap()

    def _whole(self) -> Answer | None:
        if len(self._buffer) < 8:
            return None
        end = 8 + int.from_bytes(self._buffer[:8], "big")
        if len(self._buffer) < end:
            return None
        content, self._buffer = self._buffer[8:end], self._buffer[end:]
        answer: Answer = pickle.loads(content)
        return answer

    def _reap(self) -> Died:
        if not self.alive:
            return Died("the solver process has ended")
        self.alive = False
        os.close(self._jobs)
        os.close(self._answers)
        _, status, used = os.wait4(self.pid, 0)
        starved = self._memory is not None and used.ru_maxrss >= self._memory * 2**10
        if not os.WIFSIGNALED(status):
            code = os.waitstatus_to_exitcode(status)
            starved = starved or code == NO_MEMORY
            cause = Cause.BUDGET if starved else Cause.CONTRADICTION
            return Died(f"the solver process ended with status {code}", cause)
        number = os.WTERMSIG(status)
        name = signal.Signals(number).name
        if number in CRASHES and not starved:
            return Died(f"the solver crashed ({name})", Cause.CONTRADICTION)
        hint = ", perhaps for want of memory" if starved or number == signal.SIGKILL else ""
        return Died(f"the solver process was ended by {name}{hint}")


def _write(descriptor: int, content: bytes) -> None:
    message = memoryview(len(content).to_bytes(8, "big") + content)
    while message:
        message = message[os.write(descriptor, message) :]


# ---------------------------------------------------------------- the child's end


def _child(jobs: int, answers: int, *, solver: bool) -> None:
    """Never returns: an exception must not wander into the parent's code."""
    try:
        # A child that held the parent's output open would keep `| head -1` waiting.
        null = os.open(os.devnull, os.O_RDWR)
        for standard in (0, 1, 2):
            os.dup2(null, standard)
        if solver:
            _load(answers)
        _serve(jobs, answers)
    except BrokenPipeError:
        os._exit(0)
    except BaseException as error:
        _fail(answers, error)
    finally:
        os._exit(0)


def _load(answers: int) -> None:
    """Be ready to decide before there is a job."""
    import gc

    import z3

    import smtmodel.solving.decide  # noqa: F401

    # What is here lives as long as the process; a job makes few cycles, and large structures.
    gc.freeze()
    gc.set_threshold(*COLLECT)
    _answer(answers, Ready(z3.get_version_string()))


def _serve(jobs: int, answers: int) -> None:
    from smtmodel.models import model

    _watch(jobs)
    while (job := _read(jobs)) is not None:
        _restrict(job.limits)
        work = _deciding() if job.work is None else job.work
        asked = (job.protocol, model(job.model), job.bounds, job.limits, job.only)
        try:
            for found in work(*asked):
                _answer(answers, found)
        except BrokenPipeError:
            raise
        except Exception as error:
            _fail(answers, error)
        else:
            _answer(answers, Done())


def _deciding() -> Callable[..., Iterable[object]]:
    from smtmodel.solving.decide import decide

    return decide


def _watch(jobs: int) -> None:
    """Leave as soon as the parent has gone, even in the middle of a query.

    z3 lets other threads run meanwhile.
    """
    import threading

    def wait() -> None:
        gone = select.poll()
        gone.register(jobs, 0)  # reports nothing but the end of the last writer
        gone.poll()
        os._exit(0)

    threading.Thread(target=wait, daemon=True).start()


def _restrict(limits: Limits) -> None:
    """Bound the address space where the system says how much of it is used already."""
    if limits.memory is None:
        return
    import resource

    try:
        with open("/proc/self/statm", encoding="ascii") as statm:
            used = int(statm.read().split()[0]) * resource.getpagesize()
        most = used + (limits.memory + SLACK) * 2**20
        hard = resource.getrlimit(resource.RLIMIT_AS)[1]
        if hard != resource.RLIM_INFINITY:
            most = min(most, hard)
        resource.setrlimit(resource.RLIMIT_AS, (most, hard))
    except (OSError, ValueError):
        return


def _fail(answers: int, error: BaseException) -> None:
    import traceback

    message = f"{type(error).__name__}: {error}"
    memory = isinstance(error, MemoryError) or "out of memory" in str(error)
    told = "" if memory else "".join(traceback.format_exception(error))
    _answer(answers, Failed(message, told, memory))


def _answer(answers: int, found: Answer) -> None:
    _write(answers, pickle.dumps(found, pickle.HIGHEST_PROTOCOL))


def _read(jobs: int) -> Job | None:
    head = _exactly(jobs, 8)
    if head is None:
        return None
    content = _exactly(jobs, int.from_bytes(head, "big"))
    if content is None:
        return None
    job: Job = pickle.loads(content)
    return job


def _exactly(descriptor: int, size: int) -> bytes | None:
    parts: list[bytes] = []
    while size:
        part = os.read(descriptor, min(size, 1 << 20))
        if not part:
            return None
        parts.append(part)
        size -= len(part)
    return b"".join(parts)
