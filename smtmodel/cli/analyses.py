"""The commands for a review: `needed`, `cases`, `orders`, `diff`, `review`."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import click

from smtmodel.cli import completion
from smtmodel.cli.options import (
    Command,
    any_number,
    asked,
    asked_effort,
    bounds,
    compared,
    counts,
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
from smtmodel.cli.verdicts import at_work, closed
from smtmodel.cli.writing import bug
from smtmodel.commands.analysing import Analysing
from smtmodel.commands.sinks import Show
from smtmodel.formats import ANALYSES
from smtmodel.models import MACHINES, NAMES
from smtmodel.verdict import Status
from smtmodel.work.worker import Worker


@contextmanager
def _analysing(
    show: Show, inputs: tuple[str, ...], timeout: float | None, worker: Worker | None
) -> Iterator[Analysing]:
    """A command at work, which Ctrl-C stops but does not end; then bugs of ours are reported."""
    begun = at_work(show, inputs, timeout, worker, formats=ANALYSES)
    analysing = Analysing(begun.session, begun.sinks, begun.progress, begun.bugs)
    with begun.session.interrupts:
        yield analysing
        begun.session.close()
    for message, traceback in dict.fromkeys(analysing.bugs):
        bug(message, traceback, show.verbose)


def _analysis(*models: str) -> Callable[[Command], Command]:
    """The options that all analyses of one protocol take, under these models."""

    def add(command: Command) -> Command:
        for option in (looks(*ANALYSES), outputs, limits, bounds(*models)):
            command = option(command)
        return click.pass_obj(only("About this property.")(command))

    return add


@click.command()
@protocol("file")
@variants
@_analysis(*NAMES)
def needed(
    worker: Worker | None,
    /,
    file: str,
    variant: str | None,
    timeout: float | None,
    **given: Any,
) -> Status:
    """Say which steps, locks, tests and orders the proofs need.

    Each of FILE is left out, repeated or put after its neighbour, and everything is decided
    again. Under lkmm: which barriers and marks they need, and what weaker would do.
    `-v` shows how close a run comes to violating each proved property, and what stops it.
    Exit status: 0 if a property is proved and all about its proof is known.
    """
    from smtmodel.commands.needed import answer

    show, ask = asked(given)
    names = named(file, variant, ask.only)
    with _analysing(show, names, timeout, worker) as analysing:
        calls = show.verbose > 0
        return analysing.end("needed", [answer(analysing, one, ask, calls=calls) for one in names])


@click.command()
@protocol("file")
@variants
@_analysis(*MACHINES)
def cases(
    worker: Worker | None,
    /,
    file: str,
    variant: str | None,
    timeout: float | None,
    **given: Any,
) -> Status:
    """Enumerate how one fault of FILE can meet one update.

    Cases differ in what the fault reads, and in what a later access gets: a fresh hit, a stale
    hit (while the update runs, or after it returned), a miss; or in which assertions fail.
    `-v` shows each as a table.
    """
    from smtmodel.commands.cases import answer

    show, ask = asked(given)
    names = named(file, variant, ask.only)
    with _analysing(show, names, timeout, worker) as analysing:
        tables = show.verbose > 0
        return analysing.end("cases", [answer(analysing, one, ask, tables=tables) for one in names])


@click.command()
@protocol("file")
@click.option("--block", metavar="NAME", help="Of this block; default: the first update.")
@click.option("--limit", type=click.IntRange(1), default=600, metavar="N", help="Try N at most.")
@variants
@_analysis(*NAMES)
def orders(
    worker: Worker | None,
    /,
    file: str,
    variant: str | None,
    block: str | None,
    limit: int,
    timeout: float | None,
    **given: Any,
) -> Status:
    """Try the orders of a block's steps that keep their data.

    Says which orders are safe and useful, which are safe but reach a goal no longer, and which
    are racy, with the smallest run; `-v` lists them all.
    """
    from smtmodel.commands.orders import answer

    show, ask = asked(given)
    names = named(file, variant, ask.only)
    with _analysing(show, names, timeout, worker) as analysing:
        every = show.verbose > 0
        found = [answer(analysing, one, ask, block, limit, every=every) for one in names]
        return analysing.end("orders", found)


@click.command()
@protocol("old")
@protocol("new", required=False)
@click.option("--variant", nargs=2, metavar="OLD NEW", help="Of two variants of one file.")
@_analysis(*NAMES)
def diff(
    worker: Worker | None,
    /,
    old: str,
    new: str | None,
    variant: tuple[str, str] | None,
    timeout: float | None,
    **given: Any,
) -> Status:
    """Say what the protocol NEW changes about the protocol OLD.

    Without NEW, OLD is a variant, FILE:NAME, and NEW the default of that file; or OLD is a file
    and --variant names both.

    Which verdicts change, where the old counterexamples stop in the new version, which steps
    were added, removed or changed, and what is newly refuted. The exit status is NEW's.
    """
    from smtmodel.commands.diff import answer

    show, ask = asked(given)
    names = compared(old, new, variant)
    with _analysing(show, names, timeout, worker) as analysing:
        return analysing.end("diff", [answer(analysing, names, ask)])


@click.command()
@protocol("file", nargs=-1, required=True)
@click.option("--needed/--no-needed", "wanted", default=None, help="Default: for small files.")
@each_variant
@click.option("--no-cases", is_flag=True, help="Leave the cases out.")
@only("About this property.")
@counts
@click.option(
    "--model",
    metavar="M",
    help="Default: those that FILE expects something under.",
    shell_complete=completion.models(*NAMES),
)
@second
@any_number
@limits
@outputs
@looks(*ANALYSES, default="markdown")
@click.pass_obj
def review(
    worker: Worker | None,
    /,
    file: tuple[str, ...],
    variant: str | None,
    wanted: bool | None,
    no_cases: bool,
    timeout: float | None,
    cross_check: bool,
    unbounded: bool | None,
    **given: Any,
) -> Status:
    """Write one document about the protocols of a patch series.

    Each FILE is a protocol. The verdicts of all, and of each the proof or the counterexample,
    its cases, what the proof needs, and the commands that show every part again. The exit status
    is that of `prove` for the worst of them.
    """
    from smtmodel.commands.review import Extras, answer

    file = of_each(file, variant)
    model = given["model"]
    effort = asked_effort(model, unbounded=unbounded)
    show, ask = asked(given)
    deciding = at_work(
        show, file, timeout, worker, cross_check=cross_check, effort=effort, formats=ANALYSES
    )
    extras = Extras(not no_cases, wanted)
    return closed(deciding, answer(deciding, file, ask, model, extras), show)


COMMANDS = {one.name: one for one in (needed, cases, orders, diff, review)}
