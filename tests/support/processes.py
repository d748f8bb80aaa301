"""The program as its users start it: real processes, by a clock of the test's.

None of them has a limit of time: what has to end is waited for.
"""

import os
import re
import subprocess
import sys
import time
from pathlib import Path

from tests.support.clocked import VARIABLE

ROOT = Path(__file__).parents[2]
PROTOCOLS = ROOT / "protocols"
COMMAND = [sys.executable, "-m", "tests.support.clocked"]


def environment(**more: str) -> dict[str, str]:
    """The environment with this checkout in front."""
    kept = {name: value for name, value in os.environ.items() if name != "NO_COLOR"}
    return kept | {"PYTHONPATH": str(ROOT)} | more


def run(
    *arguments: str, cwd: Path = ROOT, given: str | None = None, clock: str = "", **more: str
) -> subprocess.CompletedProcess[str]:
    """A finished process; nothing on standard input unless `given`."""
    return subprocess.run(
        [*COMMAND, *arguments],
        cwd=cwd,
        input=given if given is not None else "",
        capture_output=True,
        text=True,
        env=environment(**{VARIABLE: clock}, **more),
    )


def start(
    *arguments: str, cwd: Path = ROOT, clock: str = "", new_session: bool = False
) -> subprocess.Popen[str]:
    """A process that runs."""
    return subprocess.Popen(
        [*COMMAND, *arguments],
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment(**{VARIABLE: clock}),
        start_new_session=new_session,
    )


def wait_until_it_says(words: str, process: subprocess.Popen[str]) -> None:
    """Wait for words on standard error, where a `ticking` clock makes a process tell of progress.

    A process that ends without them fails the test.
    """
    assert process.stderr is not None
    told = iter(process.stderr.readline, "")
    assert any(words in line for line in told), f"it ended without saying: {words}"


def wait_until_it_has_ended(pid: int) -> None:
    """Wait until a process is gone, or dead and only waits for its parent; else for ever."""
    while True:
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except OSError:
            return
        if state == "Z":
            return
        time.sleep(0.02)


def normal(text: str) -> str:
    """The text with times and versions of dependencies in their places."""
    text = re.sub(r"\b\d+\.\d\ds\b", "0.00s", text)
    text = re.sub(r"\bcvc5 \d[\d.]*\d", "cvc5 0.0.0", text)
    text = re.sub(r"\bPython \d[\d.]*\d", "Python 0.0.0", text)
    text = re.sub(r'time="\d+\.\d+"', 'time="0.000"', text)
    return re.sub(r", z3 [0-9.]+,", ", z3 0.0.0,", text)
