"""Where `prove` writes an invariant to."""

import errno
import os
import sys

import click

from smtmodel.cli.writing import put
from smtmodel.documents.plain import one_line
from smtmodel.verdict import Status

KIND = "invariant="


def invariant_path(
    out: tuple[str, ...], inputs: tuple[str, ...], *, unbounded: bool
) -> tuple[str, tuple[str, ...]]:
    """The path of `--out invariant=FILE`, if it is asked for, and the other outputs."""
    paths = [one.removeprefix(KIND) for one in out if one.startswith(KIND)]
    if not paths:
        return "", out
    if not unbounded or len(paths) > 1 or len(inputs) > 1 or not paths[0]:
        what = "--out invariant=FILE takes one file for one protocol, and needs --unbounded"
        raise click.UsageError(what)
    from smtmodel.commands.outputs import Outputs

    wrong = Outputs(inputs, sys.stdout).claim(paths[0]) or _unwritable(paths[0])
    if wrong:
        raise click.UsageError(wrong)
    return paths[0], tuple(one for one in out if not one.startswith(KIND))


def _unwritable(path: str) -> str:
    """Why no file of that path can be written. None is made: perhaps there will be no invariant."""
    folder = os.path.dirname(path) or "."
    if os.path.isdir(path):
        number = errno.EISDIR
    elif not os.path.isdir(folder):
        number = errno.ENOENT
    elif not os.access(path if os.path.exists(path) else folder, os.W_OK):
        number = errno.EACCES
    else:
        return ""
    return f"cannot write {path}: {os.strerror(number)}"


def write_invariant(path: str, texts: list[str]) -> Status:
    """Write what was found, one text after another; a file that is there is replaced."""
    if not texts:
        put("note: no invariant was found, and none is written\n", sys.stderr)
        return Status.GOOD
    from smtmodel.encoding.certificate import joined

    try:
        with open(path, "w", encoding="utf-8") as file:
            file.write(joined(texts))
    except OSError as error:
        put(one_line(f"error: cannot write {path}: {error.strerror}") + "\n", sys.stderr)
        return Status.BAD_INPUT
    return Status.GOOD
