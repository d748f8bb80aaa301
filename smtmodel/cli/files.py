"""The commands that answer without the solver: `replay`, `show`."""

import sys
from typing import Any

import click

from smtmodel.cli.options import asked_bounds, bounds, looks, outputs
from smtmodel.cli.writing import put, refused
from smtmodel.commands.outputs import sinks
from smtmodel.commands.sinks import Show
from smtmodel.formats import SAVED
from smtmodel.source.refusal import Refusal
from smtmodel.verdict import Status


@click.command()
@click.argument("file")
@click.argument("step", nargs=-1)
@bounds
@looks("human", "email")
def replay(
    file: str,
    step: tuple[str, ...],
    model: str,
    updates: int | None,
    faults: int | None,
    bound: tuple[str, ...],
    **looks: Any,
) -> Status:
    """Run one ordering of FILE, lane by lane, without the solver.

    STEPs: `fault0` one event of that lane, `fault0/4` four, `update0@publish` up to and with the
    step of that label or line, `update0.flush` a store takes effect (tso), `update0.free0` its
    first deferred free is carried out (they count from 0), `vcpu0:page_fault,2` the lane's
    choices.
    """
    from smtmodel.commands.replay import replayed

    show = Show(**looks)
    asked = asked_bounds(updates, faults, bound)
    found = replayed(file, step, model, asked, show)
    if isinstance(found, Refusal):
        return refused(found, show)
    lines, status = found
    put("\n".join(lines) + "\n", sys.stdout)
    return status


@click.command("show")
@click.argument("result")
@outputs
@looks(*SAVED)
def show_again(result: str, **looks: Any) -> Status:
    """Render a result that `--format json` made, without the solver.

    RESULT is its file (`-`: standard input). The runs in it are replayed. Exit status:
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


COMMANDS = {one.name: one for one in (replay, show_again)}
