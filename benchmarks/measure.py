"""Runs a command and measures it.

Takes a command line; gives wall-clock seconds, memory and what it printed. Assumes POSIX; the
memory of several processes together is known on Linux only.
"""

import os
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Measured:
    """One run. `seconds` are wall-clock seconds; `megabytes` is the most that its largest
    process had resident; `in_time` is False where it was ended at the time limit."""

    seconds: float
    megabytes: float
    status: int
    output: str
    in_time: bool = True


def run(command: list[str], folder: Path, limit: float = 600) -> Measured:
    """Run a command in a folder, for so many seconds at most; then its process group ends."""
    with tempfile.TemporaryFile() as output:
        started = time.perf_counter()
        late = threading.Event()
        with _undisturbed() as before:
            process = subprocess.Popen(
                command,
                cwd=folder,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=lambda: signal.pthread_sigmask(signal.SIG_SETMASK, before),
            )
            timer = threading.Timer(limit, _end, (process.pid, late))
            timer.start()
            try:
                signal.pthread_sigmask(signal.SIG_SETMASK, before)
                # Not reaped yet: the timer must not meet a number that belongs to someone else.
                os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
            except BaseException:
                # A search in a session of its own would go on for ever, with all its memory.
                os.killpg(process.pid, signal.SIGKILL)
                raise
            finally:
                seconds = time.perf_counter() - started
                timer.cancel()
                timer.join()
                _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        text = output.read().decode(errors="replace")
    return Measured(seconds, usage.ru_maxrss / 1024, process.returncode, text, not late.is_set())


@contextmanager
def _undisturbed() -> Iterator[set[signal.Signals]]:
    """Hold back signals that end this program, which could leave a search just begun behind.

    Gives the mask that was there before; at the end it is there again.
    """
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
    try:
        yield before
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _end(pid: int, late: threading.Event) -> None:
    late.set()
    os.killpg(pid, signal.SIGKILL)


def megabytes_of_all(command: list[str], folder: Path) -> float | None:
    """The peaks of the resident memory of a command's processes, added up, in MB.

    An upper bound of what they use together: pages that they share count for each of them,
    and the peaks need not coincide. Sampled, so this run is not to be timed.
    """
    process = subprocess.Popen(
        command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    peaks: dict[int, int] = {}
    while process.poll() is None:
        for pid in _tree(process.pid):
            peaks[pid] = max(peaks.get(pid, 0), _peak(pid))
        time.sleep(0.002)
    return sum(peaks.values()) / 1024 or None


def _tree(pid: int) -> list[int]:
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    except OSError:
        children = []
    return [pid, *(found for child in children for found in _tree(int(child)))]


def _peak(pid: int) -> int:
    """The peak of a process so far, in KB; 0 where it is not known."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("VmHWM:")), 0)
