"""The commands that answer without the solver: `replay`, `show`, `select`, `promela`,
`herd`."""

import sys
from typing import Any

import click

from smtmodel.cli import completion
from smtmodel.cli.options import (
    asked_bounds,
    bounds,
    counts,
    looks,
    named,
    only,
    outputs,
    protocol,
    variants,
)
from smtmodel.cli.writing import put, refused
from smtmodel.commands.outputs import Outputs, sinks
from smtmodel.commands.sinks import Show
from smtmodel.documents.plain import one_line
from smtmodel.formats import SAVED
from smtmodel.models import MACHINES
from smtmodel.source.refusal import Refusal
from smtmodel.verdict import Status, worst


@click.command()
@protocol("file")
@click.argument("step", nargs=-1)
@variants
@bounds(*MACHINES)
@looks("human", "email")
def replay(
    file: str,
    step: tuple[str, ...],
    variant: str | None,
    model: str,
    updates: int | None,
    faults: int | None,
    bound: tuple[str, ...],
    **looks: Any,
) -> Status:
    """Run one ordering of FILE without the solver.

    STEPs: `fault0` one event of that lane, `fault0/4` four, `fault0/*` all up to its end,
    `update0@publish` up to and with the step of that label or line (`update0@18b`: the second
    one on the line), `update0@18-20,24` the steps on these lines, `update0.flush` a store takes
    effect (tso), `update0.free0` its first deferred free is carried out (they count from 0),
    `vcpu0:page_fault,2` the lane's choices.
    """
    from smtmodel.commands.replay import replayed

    show = Show(**looks)
    asked = asked_bounds(updates, faults, bound)
    statuses: list[Status] = []
    for number, name in enumerate(named(file, variant)):
        found = replayed(name, step, model, asked, show)
        if isinstance(found, Refusal):
            statuses.append(refused(found, show))
            continue
        lines, status = found
        put("\n" * (number > 0) + "\n".join(lines) + "\n", sys.stdout)
        statuses.append(status)
    return worst(statuses)


@click.command("show")
@click.argument("result", shell_complete=completion.paths)
@outputs
@looks(*SAVED)
def show_again(result: str, **looks: Any) -> Status:
    """Render again what `--format json` made.

    RESULT is its file (`-`: standard input). No solver is asked; runs are replayed. Exit status:
    that of the command that made it.
    """
    from smtmodel.commands.show import formats, shown, tell

    show = Show(**looks)
    answer = shown(result)
    if isinstance(answer, Refusal):
        return refused(answer, show)
    able = formats(answer)
    if show.form not in able:
        message = f"an answer of `{answer.command}` has the formats {', '.join(able)}"
        return refused(f"{result}: {message}: not `{show.form}`", show)
    made = sinks(put, show, (result,), able)
    if isinstance(made, str):
        raise click.UsageError(made)
    return tell(answer, made)


@click.command()
@protocol("file")
@variants
def select(file: str, variant: str | None) -> Status:
    """Print one variant of FILE as a protocol of its own.

    `diff -u` of two is the patch between them.
    """
    from smtmodel.commands.select import selected

    statuses: list[Status] = []
    for name in named(file, variant):
        found = selected(name)
        if isinstance(found, Refusal):
            statuses.append(refused(found))
            continue
        put(found.text, sys.stdout)
        for note in found.notes:
            put(f"note: a file of its own is refused: {one_line(note)}\n", sys.stderr)
    return worst(statuses)


@click.command()
@protocol("file")
@variants
@counts
@click.option("--out", "path", metavar="PATH", help="Where to; default: standard output.")
def promela(
    file: str,
    variant: str | None,
    updates: int | None,
    faults: int | None,
    bound: tuple[str, ...],
    path: str | None,
) -> Status:
    """Print FILE as a Promela model for SPIN (sc).

    It begins with the properties and how each is asked.
    """
    from smtmodel.commands.promela import exported

    asked, names = asked_bounds(updates, faults, bound), named(file, variant)
    if len(names) > 1:
        raise click.UsageError("a model is of one protocol: --variant takes one of them")
    return _written(exported(names[0], asked), names, path)


@click.command()
@protocol("file")
@variants
@counts
@only("About this property, one of those that speak of the end or of what a lane read.")
@click.option("--out", "path", metavar="PATH", help="Where to; default: standard output.")
def herd(
    file: str,
    variant: str | None,
    updates: int | None,
    faults: int | None,
    bound: tuple[str, ...],
    only: tuple[str, ...],
    path: str | None,
) -> Status:
    """Print a property of FILE as a litmus test in C (lkmm).

    It is for herd7 and klitmus7: an execution that it asks for violates the property, or reaches
    the goal.
    """
    from smtmodel.commands.herd import exported_test

    asked, names = asked_bounds(updates, faults, bound), named(file, variant)
    if len(names) > 1:
        raise click.UsageError("a test is of one protocol: --variant takes one of them")
    return _written(exported_test(names[0], asked, only), names, path)


def _written(made: str | Refusal, names: tuple[str, ...], path: str | None) -> Status:
    """Put a text where it was asked for."""
    if isinstance(made, Refusal):
        return refused(made)
    if path is None:
        put(made, sys.stdout)
        return Status.GOOD
    files = Outputs(names, sys.stdout)
    stream = files.open(path)
    if isinstance(stream, str):
        return refused(stream)
    files.empty()
    put(made, stream)
    return Status.GOOD


COMMANDS = {one.name: one for one in (replay, show_again, select, promela, herd)}
