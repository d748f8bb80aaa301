"""The files that an answer goes to, opened before anything is decided.

Takes what `--out` asks for; gives the sinks, or a sentence why there is none. Nothing is emptied
before all files are open, and no two outputs go to one file, however it is spelled.
"""

import os
import stat
import sys
from collections.abc import Iterable
from typing import IO

from smtmodel import pipeline
from smtmodel.commands.sinks import Put, Show, Sink
from smtmodel.formats import FORMATS

_Identity = tuple[int, int]


class Outputs:
    """The files so far, and who writes to them or reads them."""

    def __init__(self, inputs: Iterable[str], out: IO[str]) -> None:
        self._inputs = {one: name for name in inputs for one in _of_input(name)}
        self._taken = dict.fromkeys(_of_stream(out), "standard output")
        self._files: list[IO[str]] = []

    def open(self, path: str) -> IO[str] | str:
        """The file of that path, which is not emptied yet."""
        wrong = self.claim(path)
        if wrong:
            return wrong
        try:
            file = open(path, "w", encoding="utf-8", opener=_keeping)  # noqa: SIM115
        except OSError as error:
            return f"cannot write {path}: {error.strerror}"
        self._taken |= dict.fromkeys(_of_stream(file), path)
        self._files.append(file)
        return file

    def claim(self, path: str) -> str:
        """Take a path, if it exists, for one output; what is wrong with that."""
        if path == "-":
            return "--out takes a file, and `-` is standard output: --format says what goes there"
        for one in _of_path(path):
            if one in self._inputs:
                return f"--out would overwrite the protocol {path}"
            if one in self._taken:
                return f"two outputs would go to {path}: to {self._taken[one]} goes one already"
            self._taken[one] = path
        return ""

    def empty(self) -> None:
        """Take away what stood in the files before."""
        for file in self._files:
            if stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                file.truncate(0)


def _keeping(path: str, flags: int) -> int:
    return os.open(path, flags & ~os.O_TRUNC, 0o666)


def _of_path(path: str) -> list[_Identity]:
    try:
        return _identity(os.stat(path))
    except (OSError, ValueError):  # it is not there yet, or can be no file: `open` says so
        return []


def _of_input(name: str) -> list[_Identity]:
    located = pipeline.locate(pipeline.parted(name)[0])
    if located == "-":
        return _of_path("/dev/stdin")
    return _of_path(located) if isinstance(located, str) else []


def _of_stream(stream: IO[str]) -> list[_Identity]:
    try:
        return _identity(os.fstat(stream.fileno()))
    except (OSError, ValueError):  # in a test, for one, it is none of the system's
        return []


def _identity(found: os.stat_result) -> list[_Identity]:
    """What makes a file the same one under every name; nothing of the null device, which takes
    anything from anybody."""
    null = os.stat(os.devnull)
    same = stat.S_ISCHR(found.st_mode) and found.st_rdev == null.st_rdev
    return [] if same else [(found.st_dev, found.st_ino)]


def sinks(
    put: Put, show: Show, inputs: tuple[str, ...], formats: tuple[str, ...] = tuple(FORMATS)
) -> list[Sink] | str:
    """Where the answer goes; files are opened here, before anything is decided.

    A sentence if a file cannot be written, would overwrite one of the inputs or is asked for twice.
    """
    made = [Sink(put, show.form, None, show)]
    outputs = Outputs(inputs, sys.stdout)
    for asked in show.out:
        form, path = _form(asked)
        if not path or form not in formats:
            return _unclear(asked, formats)
        sink = _sink(put, form, path, show, outputs)
        if isinstance(sink, str):
            return sink
        made.append(sink)
    if show.width is not None and not any(one.format.width for one in made):
        able = " or ".join(one.name for one in FORMATS.values() if one.width)
        return f"--width is for --format {able}: {show.form} has no width that could be asked for"
    outputs.empty()
    return made


def _form(asked: str) -> tuple[str, str]:
    """The format and the path of `FORMAT=PATH`, or of a path whose ending is that of one format."""
    form, equals, path = asked.partition("=")
    if equals:
        return form, path
    ending = os.path.splitext(asked)[1]
    of_ending = [one.name for one in FORMATS.values() if ending and one.ending == ending]
    return (of_ending[0] if len(of_ending) == 1 else ""), asked


def _unclear(asked: str, formats: tuple[str, ...]) -> str:
    """Why it cannot be told which of the formats is asked for."""
    forms = [FORMATS[one] for one in formats]
    known = [f"{one.name} ({one.ending})" if one.ending else one.name for one in forms]
    takes = "--out takes FORMAT=PATH, or PATH with an ending that one format has"
    return f"{takes}: not `{asked}`; the formats are {', '.join(known)}"


def _sink(put: Put, form: str, path: str, show: Show, outputs: Outputs) -> Sink | str:
    if form != "smt2" or path.endswith(".smt2"):
        file = outputs.open(path)
        return file if isinstance(file, str) else Sink(put, form, file, show)
    from smtmodel.commands.scripts import folder

    made = folder(put, path, show)
    return made if isinstance(made, str) else outputs.claim(path) or made
