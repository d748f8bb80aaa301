"""The commands that decide: `prove`, `check`, `demo`, `doctor`."""

import sys
from typing import Any

import click

from smtmodel import pipeline
from smtmodel.cli import completion
from smtmodel.cli.invariants import invariant_path, write_invariant
from smtmodel.cli.options import (
    any_number,
    asked_bounds,
    asked_effort,
    bounds,
    each_variant,
    limits,
    looks,
    named,
    of_each,
    only,
    outputs,
    protocol,
    second,
    variants,
)
from smtmodel.cli.writing import bug, put, refused
from smtmodel.commands.outputs import sinks
from smtmodel.commands.prove import Ask, Deciding
from smtmodel.commands.sinks import Progress, Show
from smtmodel.formats import FORMATS
from smtmodel.models import NAMES
from smtmodel.solving.effort import CHEAP, Effort
from smtmodel.solving.result import Limits
from smtmodel.source.refusal import Refusal
from smtmodel.verdict import Status, worst
from smtmodel.work.crew import Crew
from smtmodel.work.session import Session
from smtmodel.work.worker import Worker


def at_work(
    show: Show,
    inputs: tuple[str, ...],
    timeout: float | None,
    worker: Worker | None,
    *,
    cross_check: bool = False,
    effort: Effort | None = None,
    formats: tuple[str, ...] = tuple(FORMATS),
) -> Deciding:
    """What a command that decides needs; its outputs are open, its worker runs."""
    if cross_check:
        from smtmodel.solving.cvc5_solver import HINT, installed

        if not installed():
            raise click.ClickException(f"error: --cross-check needs cvc5: {HINT}")
    made = sinks(put, show, inputs, formats)
    if isinstance(made, str):
        raise click.UsageError(made)
    progress = Progress(put, show)
    session = Session(Crew(worker), timeout, progress if progress.wanted else None)
    return Deciding(session, made, progress, [], cross_check, effort)


def closed(deciding: Deciding, status: Status, show: Show) -> Status:
    """End it, and report bugs of ours."""
    deciding.session.close()
    for message, traceback in deciding.bugs:
        bug(message, traceback, show.verbose)
    return status


@click.command()
@protocol("file")
@variants
@only("Decide this property.")
@bounds(*NAMES)
@second
@any_number
@limits
@outputs
@looks(*FORMATS)
@click.pass_obj
def prove(
    worker: Worker | None,
    /,
    file: str,
    variant: str | None,
    only: tuple[str, ...],
    model: str,
    updates: int | None,
    faults: int | None,
    bound: tuple[str, ...],
    budget: int | None,
    timeout: float | None,
    memory: int | None,
    seed: int,
    cross_check: bool,
    unbounded: bool | None,
    **looks: Any,
) -> Status:
    """Decide every property of FILE and report.

    FILE `-` is standard input. With --unbounded `--out invariant=FILE` writes the invariant that
    shows what holds for any number of updates and rounds.
    """
    effort = asked_effort(model, unbounded=unbounded)
    names = named(file, variant, only)
    path, looks["out"] = invariant_path(looks["out"], names, unbounded=unbounded is True)
    show = Show(**looks)
    ask = Ask(model, asked_bounds(updates, faults, bound), only, Limits(budget, memory, seed))
    deciding = at_work(show, names, timeout, worker, cross_check=cross_check, effort=effort)
    status = deciding.prove(names, ask)
    if path:
        status = worst([status, write_invariant(path, deciding.invariants)])
    return closed(deciding, status, show)


def _no_model(context: click.Context, option: click.Parameter, given: str | None) -> None:
    if given is not None:
        line = f"`expect PROPERTY proved under {given}`"
        raise click.UsageError(f"check takes the memory models from the files: write {line}")


@click.command()
@protocol("path", nargs=-1)
@click.option("--model", hidden=True, expose_value=False, callback=_no_model)
@each_variant
@only("Decide this property, of what has it.")
@second
@limits
@outputs
@looks(*FORMATS)
@click.pass_obj
def check(
    worker: Worker | None,
    /,
    path: tuple[str, ...],
    variant: str | None,
    only: tuple[str, ...],
    budget: int | None,
    timeout: float | None,
    memory: int | None,
    seed: int,
    cross_check: bool,
    **looks: Any,
) -> Status:
    """Decide protocols and compare with their `expect` lines.

    PATH is a file, or a folder for all below it; default: the folder protocols.
    """
    show = Show(**looks)
    path = of_each(path, variant)
    names = pipeline.protocols(path)
    inputs = () if isinstance(names, Refusal) else names
    deciding = at_work(show, inputs, timeout, worker, cross_check=cross_check)
    return closed(deciding, deciding.check(path, Limits(budget, memory, seed), only), show)


@click.command()
@click.pass_obj
def demo(worker: Worker | None) -> Status:
    """Refute and prove the two protocols of the beginning."""
    from smtmodel.commands.demo import NARRATION

    show = Show()
    statuses: list[Status] = []
    for number, (told, name, expected) in enumerate(NARRATION):
        put(("\n" if number else "") + f"{told}\n\n$ smtmodel prove {name}\n", sys.stdout)
        own = worker if number == 0 else None
        deciding = at_work(show, (name,), None, own, effort=CHEAP)
        status = closed(deciding, deciding.prove((name,), Ask()), show)
        statuses.append(Status.GOOD if status is expected else status or Status.CONTRADICTION)
    return worst(statuses)


@click.command()
@click.pass_obj
def doctor(worker: Worker | None) -> Status:
    """Say what is installed, and whether it works."""
    from smtmodel.commands.doctor import lines

    session = Session(Crew(worker), 60)
    status = Status.CONTRADICTION
    for line in lines(session):
        if isinstance(line, Status):
            status = line
        else:
            put(f"{line}\n", sys.stdout)
    session.close()
    return status


@click.command("check-invariant")
@protocol("file")
@click.argument("invariant", shell_complete=completion.paths)
@click.option(
    "--format",
    "form",
    metavar="F",
    type=click.Choice(("human", "markdown", "json")),  # others mark lines or show runs: none here
    default="human",
    help="human, markdown or json.",
)
@click.option("-v", "--verbose", is_flag=True, help="Say what the invariant says.")
@click.pass_obj
def check_invariant(
    worker: Worker | None, file: str, invariant: str, form: str, verbose: bool
) -> Status:
    """Judge an INVARIANT of `prove --unbounded` by FILE.

    What has to be shown is made anew from FILE. Exit status: 0 if the invariant proves all that it
    claims, 5 if not.
    """
    from smtmodel.commands.check_invariant import checked_invariant

    session = Session(Crew(worker))
    found = checked_invariant(session, file, invariant)
    session.close()
    if isinstance(found, Refusal):
        return refused(found)
    put(found.shown(form, words=verbose), sys.stdout)
    if found.bug:
        bug(*found.bug, 0)
    return found.status


COMMANDS = {one.name: one for one in (prove, check, demo, doctor, check_invariant)}
