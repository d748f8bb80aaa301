"""A process of its own for the solver, so that whatever it does can be stopped.

Gives the parent's end: fork it early, send a job, receive what it finds as it is found, kill
it. The parent process never imports the solver. Assumes POSIX (`fork`), and that the parent
has no threads when it forks. Decides nothing itself: that is `smtmodel.solving.decide`.

A job is (protocol, model name, bounds, limits, names of properties or None). The answers are
`Ready`, then for each job any number of Started, Coverage and Result, and `Done` or `Failed`.
The parent adds `Died` where the process has gone.
"""

import os
import pickle
import select
import signal
import time

from smtmodel.language.checked import Bounds, Checked
from smtmodel.solving.result import Coverage, Limits, Result, Started
from smtmodel.source.record import record

Job = tuple[Checked, str, Bounds, Limits, frozenset[str] | None]

SLACK = 256
"""MB of address space that a worker may use beyond its memory limit: the solver's own limit
is to be met first, because it leaves a sentence behind and not a corpse."""


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
    """The process is gone; `message` says how."""

    message: str


Answer = Ready | Started | Coverage | Result | Done | Failed | Died


class Worker:
    """The parent's end. Not reusable after `kill` or `Died`."""

    def __init__(self) -> None:
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
            _child(jobs, answers)
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
        os.close(jobs)
        os.close(answers)
        self._buffer = b""
        self._bounded = False
        self.solver = ""
        self.alive = True

    def send(self, job: Job) -> None:
        """Hand over a job; if the process has gone, `receive` will say so."""
        self._bounded = job[3].memory is not None
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
                return Died(self._reap())
            self._buffer += part
        if isinstance(answer, Ready):
            self.solver = answer.solver
        return answer

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

    def _reap(self) -> str:
        if not self.alive:
            return "the solver process has ended"
        self.alive = False
        os.close(self._jobs)
        os.close(self._answers)
        _, status = os.waitpid(self.pid, 0)
        if os.WIFSIGNALED(status):
            number = os.WTERMSIG(status)
            name = signal.Signals(number).name
            starved = number == signal.SIGKILL or self._bounded
            hint = ", perhaps for want of memory" if starved else ""
            return f"the solver process was ended by {name}{hint}"
        return f"the solver process ended with status {os.waitstatus_to_exitcode(status)}"


def _write(descriptor: int, content: bytes) -> None:
    message = memoryview(len(content).to_bytes(8, "big") + content)
    while message:
        message = message[os.write(descriptor, message) :]


# ---------------------------------------------------------------- the child's end


def _child(jobs: int, answers: int) -> None:
    """Never returns: an exception must not wander into the parent's code."""
    try:
        # A child that held the parent's output open would keep `| head -1` waiting.
        null = os.open(os.devnull, os.O_RDWR)
        for standard in (0, 1, 2):
            os.dup2(null, standard)
        _serve(jobs, answers)
    except BrokenPipeError:
        os._exit(0)
    except BaseException as error:
        _fail(answers, error)
    finally:
        os._exit(0)


def _serve(jobs: int, answers: int) -> None:
    import z3

    from smtmodel.models import model
    from smtmodel.solving.decide import decide

    _answer(answers, Ready(z3.get_version_string()))
    _watch(jobs)
    while (job := _read(jobs)) is not None:
        protocol, name, bounds, limits, only = job
        _restrict(limits)
        try:
            for found in decide(protocol, model(name), bounds, limits, only):
                _answer(answers, found)
        except BrokenPipeError:
            raise
        except Exception as error:
            _fail(answers, error)
        else:
            _answer(answers, Done())


def _watch(jobs: int) -> None:
    """Leave as soon as the parent has gone, even in the middle of a query."""
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
