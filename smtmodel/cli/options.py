"""The options that commands share, as decorators, and what they say."""

import sys
from collections.abc import Callable
from math import isfinite
from typing import Any

import click

from smtmodel import pipeline
from smtmodel.cli import completion
from smtmodel.cli.writing import put
from smtmodel.commands.prove import Ask
from smtmodel.commands.sinks import Show
from smtmodel.documents.plain import one_line
from smtmodel.solving.effort import CHEAP, LARGE, Effort
from smtmodel.solving.result import Limits
from smtmodel.source.refusal import Refusal

Command = Callable[..., Any]


def looks(*formats: str, default: str = "human") -> Callable[[Command], Command]:
    """The options for the format and the width of an answer."""
    choice = click.Choice(formats)

    def add(command: Command) -> Command:
        form = click.option(
            "--format", "form", type=choice, default=default, help=f"Default: {default}."
        )
        return form(
            click.option("--width", type=click.IntRange(40, 1000), help="Columns.")(command)
        )

    return add


def outputs(command: Command) -> Command:
    """The options for where an answer goes, how much of it, and in which colours."""
    for option in (
        click.option(
            "-v", "--verbose", count=True, help="Say what is done; show witnesses and invariants."
        ),
        click.option("-q", "--quiet", is_flag=True, help="Print the result lines only."),
        click.option("--color", type=click.Choice(["auto", "always", "never"]), default="auto"),
        click.option("--out", multiple=True, metavar="[FORMAT=]PATH", help="Also write to a file."),
    ):
        command = option(command)
    return command


def second(command: Command) -> Command:
    """The option for a second opinion."""
    text = "Have every proof confirmed by cvc5 and by the explorer."
    return click.option("--cross-check", is_flag=True, help=text)(command)


def any_number(command: Command) -> Command:
    """The option for how much is asked for any number of updates and rounds."""
    text = "Ask for any number of updates and rounds whatever it costs, or not; default: if cheap."
    return click.option("--unbounded/--bounded", default=None, help=text)(command)


def asked_effort(model: str | None, *, unbounded: bool | None) -> Effort | None:
    """How hard that is asked for; None if not. `model` is None for those of the files."""
    if unbounded and model not in (None, "sc"):
        raise click.UsageError(f"--unbounded is for the model sc: not {model}")
    if unbounded is None:
        return CHEAP
    return LARGE if unbounded else None


def _finite(
    context: click.Context, parameter: click.Parameter, value: float | None
) -> float | None:
    """Refuses what no clock gets to; comparisons with NaN would let it through."""
    if value is not None and not isfinite(value):
        raise click.BadParameter(f"{value} is not a number of seconds.")
    return value


def limits(command: Command) -> Command:
    """The options that bound what deciding may use."""
    for option in (
        click.option("--seed", type=int, default=0, hidden=True),
        click.option("--memory", type=click.IntRange(1), metavar="MB", help="Memory, per query."),
        click.option(
            "--timeout",
            type=click.FloatRange(0, min_open=True),
            callback=_finite,
            metavar="S",
            help="Time in all.",
        ),
        click.option(
            "--budget", type=click.IntRange(1), metavar="N", help="Solver steps, per query."
        ),
    ):
        command = option(command)
    return command


def bounds(*names: str) -> Callable[[Command], Command]:
    """The options for other bounds than those of the file, and the memory model, one of these."""
    default, *others = names
    text = f"Memory model: {default} (default), {', '.join(others)}."
    model = click.option(
        "--model", default=default, metavar="M", help=text, shell_complete=completion.models(*names)
    )
    return lambda command: counts(model(command))


def only(text: str) -> Callable[[Command], Command]:
    """The option for some of the properties; `text` is its help."""
    complete = completion.properties
    return click.option(
        "--only", multiple=True, metavar="PROPERTY", help=text, shell_complete=complete
    )


def protocol(name: str, **more: Any) -> Callable[[Command], Command]:
    """An argument that names a protocol, or several."""
    return click.argument(name, shell_complete=completion.files, **more)


def variants(command: Command) -> Command:
    """The option for a variant of a file that has several."""
    return _variant("This variant of FILE, as FILE:NAME, or `all`; default: the first.")(command)


def each_variant(command: Command) -> Command:
    """The same for several files."""
    return _variant("This variant, as FILE:NAME; default: all.")(command)


def _variant(text: str) -> Callable[[Command], Command]:
    complete = completion.variants
    return click.option("--variant", metavar="NAME", help=text, shell_complete=complete)


def of_each(files: tuple[str, ...], variant: str | None) -> tuple[str, ...]:
    """The names of that variant of each file; of the files themselves, for all that they hold."""
    from smtmodel.language.families import EVERY

    return files if variant in (None, EVERY) else tuple(f"{one}:{variant}" for one in files)


def named(file: str, variant: str | None, only: tuple[str, ...] = ()) -> tuple[str, ...]:
    """The names of the protocols that a file and the option mean; of all of them those that have
    the properties, and says which have not."""
    if variant is None:
        return (file,)
    from smtmodel.language.families import EVERY

    if variant == EVERY and file == "-":
        raise click.UsageError(f"standard input is read once: --variant {EVERY} takes a file")
    if variant != EVERY:
        return (f"{file}:{variant}",)
    found = pipeline.load(file)
    if isinstance(found, Refusal):
        return (file,)
    having = pipeline.having(file, found, only)
    if isinstance(having, Refusal):
        raise click.ClickException(f"error: {having.message}")
    if having.others:
        put(f"note: {one_line(having.left_out(only))}\n", sys.stderr)
    return tuple(one.checked.called for one in having.able)


def compared(old: str, new: str | None, variants: tuple[str, str] | None) -> tuple[str, str]:
    """The names of the two protocols that are compared: without a second one those of two variants
    of a file, or a variant and the file itself, which means its first."""
    if variants is not None:
        if new is not None:
            raise click.UsageError("--variant OLD NEW takes one file, of which these are variants")
        before, after = variants
        return f"{old}:{before}", f"{old}:{after}"
    if new is not None:
        return old, new
    file, name = pipeline.parted(old)
    if not name:
        told = "diff takes OLD and NEW, or FILE --variant OLD NEW"
        raise click.UsageError(f"{old} is compared with what? {told}")
    return old, file


def counts(command: Command) -> Command:
    """The options for other bounds than those of the file."""
    count = click.IntRange(1)
    for option in (
        click.option("--bound", multiple=True, metavar="NAME=N", help="Any other bound."),
        click.option("--faults", type=count, metavar="N", help="Lanes of faults."),
        click.option("--updates", type=count, metavar="N", help="Updates in all."),
    ):
        command = option(command)
    return command


def asked_bounds(
    updates: int | None, faults: int | None, bound: tuple[str, ...]
) -> tuple[tuple[str, int], ...]:
    asked: dict[str, int] = {}
    for word in bound:
        name, _, count = word.partition("=")
        if not name or not (count.isascii() and count.isdecimal() and len(count) < 10):
            raise click.UsageError(f"--bound takes NAME=N: not `{word}`")
        asked[name] = int(count)
    given = {"updates": updates, "faults": faults}
    asked |= {name: count for name, count in given.items() if count is not None}
    return tuple(asked.items())


def asked(given: dict[str, Any]) -> tuple[Show, Ask]:
    """How an analysis is to look, and what it is asked."""
    take = given.pop
    most = Limits(take("budget"), take("memory"), take("seed"))
    wanted = asked_bounds(take("updates"), take("faults"), take("bound"))
    ask = Ask(take("model"), wanted, take("only", ()), most)
    return Show(**given), ask
