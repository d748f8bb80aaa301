"""The program as its users start it: real processes."""

import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
PROTOCOLS = ROOT / "protocols"
COMMAND = [sys.executable, "-m", "smtmodel"]


def environment(**more: str) -> dict[str, str]:
    """The environment with this checkout in front."""
    kept = {name: value for name, value in os.environ.items() if name != "NO_COLOR"}
    return kept | {"PYTHONPATH": str(ROOT)} | more


def run(
    *arguments: str, cwd: Path = ROOT, given: str | None = None, **more: str
) -> subprocess.CompletedProcess[str]:
    """A finished process; nothing on standard input unless `given`."""
    return subprocess.run(
        [*COMMAND, *arguments],
        cwd=cwd,
        input=given if given is not None else "",
        capture_output=True,
        text=True,
        timeout=120,
        env=environment(**more),
    )


def start(*arguments: str, cwd: Path = ROOT) -> subprocess.Popen[str]:
    """A process that runs."""
    return subprocess.Popen(
        [*COMMAND, *arguments],
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment(),
    )


def normal(text: str) -> str:
    """The text with times and versions of dependencies in their places."""
    text = re.sub(r"\b\d+\.\d\ds\b", "0.00s", text)
    text = re.sub(r"\bcvc5 \d[\d.]*\d", "cvc5 0.0.0", text)
    text = re.sub(r"\bPython \d[\d.]*\d", "Python 0.0.0", text)
    text = re.sub(r'time="\d+\.\d+"', 'time="0.000"', text)
    return re.sub(r", z3 [0-9.]+,", ", z3 0.0.0,", text)
