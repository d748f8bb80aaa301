"""What gets out of the program: text on its streams, refusals and requests for a report."""

import os
import sys
from typing import IO

import click

from smtmodel.commands.sinks import Show
from smtmodel.reports.answer import refusal_lines
from smtmodel.source.refusal import Refusal
from smtmodel.verdict import Status


def put(text: str, stream: IO[str]) -> None:
    """Write; a reader that has gone is no error, a full disk is told and changes nothing."""
    try:
        stream.write(text)
        stream.flush()
    except OSError as error:
        # What is still to be written to this stream goes nowhere.
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, stream.fileno())
        os.close(null)
        if not isinstance(error, BrokenPipeError) and stream is not sys.stderr:
            put(f"error: cannot write: {error.strerror}\n", sys.stderr)


def usage(error: click.ClickException) -> str:
    context = getattr(error, "ctx", None)
    if context is None or isinstance(error, click.exceptions.NoArgsIsHelpError):
        return error.format_message()
    hint = f"Try '{context.command_path} --help' for help."
    return f"{context.get_usage()}\n{hint}\n\nError: {error.format_message()}"


def verbosity(arguments: list[str]) -> int:
    short = sum(word.count("v") for word in arguments if word.strip("-qv") == "")
    return short + arguments.count("--verbose")


def bug(message: str, traceback: str, verbose: int) -> None:
    """Ask for a report of a bug of ours; how it came about only for those who want it."""
    if verbose >= 2 and traceback:
        put(traceback, sys.stderr)
    hint = "" if verbose >= 2 else "; `-v -v` shows where it happened"
    put(f"error: this is a bug of smtmodel: {message}\n", sys.stderr)
    put(f"  please report it, with the command and the file{hint}\n", sys.stderr)


def refused(refusal: Refusal | str, show: Show | None = None) -> Status:
    """Say on standard error why a command does nothing."""
    style = (show or Show()).style(terminal=sys.stderr.isatty())
    given = Refusal("", refusal) if isinstance(refusal, str) else refusal
    put("\n".join(refusal_lines(given, "human", style)) + "\n", sys.stderr)
    return Status.BAD_INPUT
