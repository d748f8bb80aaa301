"""The program inside of the process that tests it, for tests of what it says.

Arguments, streams, files, variables and the exit status are those of a process (`processes.run`).
What needs one of its own has none here: limits, signals, terminals, and what is imported when.
"""

import io
import os
import subprocess
import sys
from contextlib import chdir
from pathlib import Path
from unittest.mock import patch

from smtmodel import cli
from tests.support.alone import Remembering
from tests.support.processes import ROOT, environment


def run(
    *arguments: str,
    cwd: Path = ROOT,
    given: str | None = None,
    joined: bool = False,
    **more: str,
) -> subprocess.CompletedProcess[str]:
    """What the program answers, by a clock that stands; `more` are variables of the environment.
    With `joined` its two streams are one, as on a terminal.

    The engine remembers the answers of earlier runs. What it is asked depends on the whole text of
    a protocol, so that no file that changes meanwhile is mistaken for what it was. A test that
    puts faults into the prover must not ask here: their answers would be remembered too.
    """
    out = _stream()
    err = out if joined else _stream()
    with (
        chdir(cwd),
        patch.dict(os.environ, environment(**more), clear=True),
        patch.object(sys, "stdin", _stream(given or "")),
        patch.object(sys, "stdout", out),
        patch.object(sys, "stderr", err),
        patch("smtmodel.work.now", lambda: 0.0),
        patch("smtmodel.cli.verdicts.Crew", lambda worker: Remembering()),
    ):
        status = cli.run(list(arguments), None)
    return subprocess.CompletedProcess(arguments, status, _text(out), "" if joined else _text(err))


def _stream(text: str = "") -> io.TextIOWrapper:
    return io.TextIOWrapper(io.BytesIO(text.encode()), "utf-8", write_through=True)


def _text(stream: io.TextIOWrapper) -> str:
    stream.seek(0)
    return stream.read()
