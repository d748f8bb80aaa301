"""SPIN's searcher for a Promela text: made with spin and a C compiler, then run.

Takes a text, compiler options and limits; gives the verdict, the states and the cost. What is
measured is the searcher alone; making it is a figure of its own. `missing` says what of the
tools is not installed.
"""

import re
import shutil
import subprocess
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from benchmarks.measure import run

MEMORY = 8192
"""MB that a searcher may use."""

FLAGS = ("-O2", "-DSAFETY", "-DNOFAIR", f"-DMEMLIM={MEMORY}")
"""Always given: only assertions and end states are searched for, no cycles."""

OPTIONS = {
    "partial-order reduction": (),
    "no reduction": ("-DNOREDUCE",),
    "no reduction, collapse": ("-DNOREDUCE", "-DCOLLAPSE"),
}
"""What a user would try; all are exhaustive. In these models nearly every step is an access
to shared memory, so the reduction finds nothing to leave out."""

FASTEST = "no reduction"
"""What is tried where the options make no difference worth a row."""

EXHAUSTING = (FASTEST, "no reduction, collapse")
"""What to try where memory may not suffice."""

SHORTEST = ("-DNOREDUCE", "-DBFS")
"""Breadth first: the first error is a shortest one."""


class Ending(Enum):
    """How a search ended."""

    HOLDS = "no error"
    ERROR = "error"
    OUT_OF_TIME = "out of time"
    OUT_OF_MEMORY = "out of memory"


@dataclass(frozen=True, slots=True)
class Search:
    """One run of a searcher. `depth` is the number of transitions to the error, with it."""

    ending: Ending
    seconds: float
    megabytes: float
    states: int
    depth: int | None = None


def missing() -> str:
    """What is not installed, in a sentence; empty if nothing is missing."""
    absent = [name for name in ("spin", "gcc") if shutil.which(name) is None]
    return f"{' and '.join(absent)} not installed" if absent else ""


def build(text: str, folder: Path, options: tuple[str, ...] = ()) -> Path:
    """Make the searcher in an empty folder; an error of the tools is a bug of ours."""
    (folder / "model.pml").write_text(text, encoding="ascii")
    subprocess.run(["spin", "-a", "model.pml"], cwd=folder, check=True, capture_output=True)
    command = ["gcc", *FLAGS, *options, "-o", "pan", "pan.c"]
    subprocess.run(command, cwd=folder, check=True, capture_output=True)
    return folder / "pan"


def search(pan: Path, limit: float = 600, *options: str) -> Search:
    """Run a searcher for so many seconds at most."""
    found = run([str(pan), *options], pan.parent, limit)
    text = found.output
    if not found.in_time:
        return Search(Ending.OUT_OF_TIME, found.seconds, found.megabytes, 0)
    states = re.search(r"(\d+) states, stored", text)
    errors = re.search(r"errors: (\d+)", text)
    if "MEMLIM" in text or "out of memory" in text or states is None or errors is None:
        return Search(Ending.OUT_OF_MEMORY, found.seconds, found.megabytes, 0)
    if "max search depth too small" in text or "invalid end state" in text.split("Full", 1)[0]:
        raise AssertionError(f"the Promela model is wrong:\n{text}")
    ending = Ending.ERROR if int(errors[1]) else Ending.HOLDS
    at = re.search(r"assertion violated .*\(at depth (\d+)\)", text)
    depth = int(at[1]) + 1 if at else None
    return Search(ending, found.seconds, found.megabytes, int(states[1]), depth)
