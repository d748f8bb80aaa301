"""What gets out of the program: text on its streams, refusals and requests for a report.

Remembers whether something did not get out: then no status says that all is well.
"""

import os
import sys
from typing import IO, TYPE_CHECKING

import click

from smtmodel.documents.plain import one_line, plain
from smtmodel.source.refusal import Refusal
from smtmodel.verdict import Status, worst

if TYPE_CHECKING:
    from smtmodel.commands.sinks import Show

_lost: list[str] = []
"""The streams that did not take all that was to be written to them, by name."""


def put(text: str, stream: IO[str]) -> None:
    """Write; a reader that has gone is no error, a full disk is told and remembered."""
    try:
        stream.write(text)
        stream.flush()
    except OSError as error:
        # What is still to be written to this stream goes nowhere.
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, stream.fileno())
        os.close(null)
        if not isinstance(error, BrokenPipeError) and stream is not sys.stderr:
            not_written("standard output" if stream is sys.stdout else str(stream.name), error)


def not_written(name: str, error: OSError) -> None:
    """Say that something could not be written, and remember it."""
    _lost.append(name)
    put(f"error: cannot write {one_line(name)}: {error.strerror}\n", sys.stderr)


def with_losses(status: Status) -> Status:
    """The status of a command; BAD_INPUT, if it is not worse, where not all of its output could
    be written. What is remembered is forgotten."""
    lost = bool(_lost)
    _lost.clear()
    return worst([status, Status.BAD_INPUT]) if lost else status


def usage(error: click.ClickException) -> str:
    context = getattr(error, "ctx", None)
    if context is None or isinstance(error, click.exceptions.NoArgsIsHelpError):
        return plain(error.format_message())
    hint = f"Try '{context.command_path} --help' for help."
    return plain(f"{context.get_usage()}\n{hint}\n\nError: {error.format_message()}")


def verbosity(arguments: list[str]) -> int:
    short = sum(word.count("v") for word in arguments if word.strip("-qv") == "")
    return short + arguments.count("--verbose")


def bug(message: str, traceback: str, verbose: int) -> None:
    """Ask for a report of a bug of ours; how it came about only for those who want it."""
    if verbose >= 2 and traceback:
        put(traceback, sys.stderr)
    hint = "" if verbose >= 2 else "; `-v -v` shows where it happened"
    put(f"error: this is a bug of smtmodel: {one_line(message)}\n", sys.stderr)
    put(f"  please report it, with the command and the file{hint}\n", sys.stderr)


def refused(refusal: Refusal | str, show: "Show | None" = None) -> Status:
    """Say on standard error why a command does nothing."""
    from smtmodel.commands.sinks import Show
    from smtmodel.formats.human import refusal_lines

    style = (show or Show()).style(terminal=sys.stderr.isatty())
    given = Refusal("", refusal) if isinstance(refusal, str) else refusal
    put("\n".join(refusal_lines(given, style)) + "\n", sys.stderr)
    return Status.BAD_INPUT
