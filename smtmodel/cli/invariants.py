"""`check-invariant`, and where `prove` writes an invariant to."""

import sys

import click

from smtmodel.cli import completion
from smtmodel.cli.options import protocol
from smtmodel.cli.writing import bug, put, refused
from smtmodel.documents.plain import one_line
from smtmodel.source.refusal import Refusal
from smtmodel.verdict import Status
from smtmodel.work.crew import Crew
from smtmodel.work.session import Session
from smtmodel.work.worker import Worker

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

    wrong = Outputs(inputs, sys.stdout).claim(paths[0])
    if wrong:
        raise click.UsageError(wrong)
    return paths[0], tuple(one for one in out if not one.startswith(KIND))


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


@click.command("check-invariant")
@protocol("file")
@click.argument("invariant", shell_complete=completion.paths)
@click.pass_obj
def check_invariant(worker: Worker | None, file: str, invariant: str) -> Status:
    """Check the INVARIANT that `prove --unbounded` wrote about FILE.

    What has to be shown is made anew from FILE. Exit status: 0 if the invariant proves all that it
    claims, 5 if not.
    """
    from smtmodel.commands.check_invariant import checked_invariant

    session = Session(Crew(worker))
    found = checked_invariant(session, file, invariant)
    session.close()
    if isinstance(found, Refusal):
        return refused(found)
    for line in found.lines:
        put(f"{line}\n", sys.stdout)
    if found.bug:
        bug(*found.bug, 0)
    return found.status


COMMANDS = {check_invariant.name: check_invariant}
