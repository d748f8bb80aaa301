"""The commands that need no solver: `replay`, `show`, `fmt`, `select`, `new` and the like."""

import sys
from typing import Any

import click

from smtmodel import pipeline
from smtmodel.cli.options import asked_bounds, bounds, looks, named, outputs, variants
from smtmodel.cli.writing import put, refused
from smtmodel.commands.outputs import sinks
from smtmodel.commands.sinks import Show
from smtmodel.reports.answer import SAVED
from smtmodel.reports.plain import command, one_line
from smtmodel.source.refusal import Refusal
from smtmodel.verdict import Status, worst


@click.command()
@click.argument("file")
@click.argument("step", nargs=-1)
@variants
@bounds
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
    """Run one ordering of FILE, lane by lane, without the solver.

    STEPs: `fault0` one event of that lane, `fault0/4` four, `update0@publish` up to and with the
    step of that label or line, `update0.flush` a store takes effect (tso), `update0.free0` its
    first deferred free is carried out (they count from 0), `vcpu0:page_fault,2` the lane's
    choices.
    """
    from smtmodel.commands.replaying import replayed

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
@click.argument("result")
@outputs
@looks(*SAVED)
def show_again(result: str, **looks: Any) -> Status:
    """Render a result that `--format json` made, without the solver.

    RESULT is its file (`-`: standard input). The runs in it are replayed. Exit status:
    that of the command that made it.
    """
    from smtmodel.commands.showing import formats, shown, tell

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
@click.argument("file", nargs=-1, required=True)
@click.option("--check", "only_check", is_flag=True, help="Change nothing; status 10 if it would.")
@click.option("--diff", is_flag=True, help="Change nothing; print what would change.")
@click.option("--stdout", "to_stdout", is_flag=True, help="Print the result; change nothing.")
def fmt(file: tuple[str, ...], only_check: bool, diff: bool, to_stdout: bool) -> Status:
    """Bring protocols into their one form, comments and all.

    Of a folder every protocol below it.
    """
    names = pipeline.protocols(file)
    if isinstance(names, Refusal):
        return refused(names)
    return worst([_fmt(name, only_check, diff, to_stdout) for name in names])


def _fmt(name: str, only_check: bool, diff: bool, to_stdout: bool) -> Status:
    from smtmodel.commands.rewrite import difference, formatted, rewrite

    text = pipeline.read_text(name)
    made = text if isinstance(text, Refusal) else formatted(text)
    if isinstance(text, Refusal) or isinstance(made, Refusal):
        assert isinstance(made, Refusal)
        return refused(made)
    before = pipeline.raw(name, text)
    if diff:
        put(difference(name, before, made), sys.stdout)
    elif to_stdout or (name == "-" and not only_check):
        put(made, sys.stdout)
    elif made != before and not only_check:
        try:
            rewrite(name, made)
        except OSError as error:
            return refused(f"cannot write {name}: {error.strerror}")
    if only_check and made != before:
        put(f"{one_line(name)} would change\n", sys.stderr)
        return Status.REFUTED
    return Status.GOOD


@click.command()
@click.argument("file")
@variants
def select(file: str, variant: str | None) -> Status:
    """Print one variant of FILE as a protocol of its own.

    `diff -u` of two is the patch between them.
    """
    from smtmodel.commands.flattening import selected

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
@click.argument("name")
@click.option("--out", "path", metavar="PATH", help="Where to (`-`: standard output).")
def new(name: str, path: str | None) -> Status:
    """Write a commented protocol to begin with, by default to NAME.dsl."""
    from smtmodel.commands.template import near, protocol_name, template

    called = protocol_name(name)
    if not called:
        hint = f"; try `smtmodel new {near(name)}`" if near(name) else ""
        what = "a name begins with a letter and has letters, digits, `_` and `-`"
        return refused(f"{what}: not `{name}`{hint}")
    if path == "-":
        put(template(called), sys.stdout)
        return Status.GOOD
    target = path or f"{name}{pipeline.ENDING}"
    try:
        with open(target, "x", encoding="utf-8") as file:
            file.write(template(called))
    except FileExistsError:
        return refused(f"{target} exists, and is left alone")
    except OSError as error:
        return refused(f"cannot write {target}: {error.strerror}")
    put(f"wrote {one_line(target)}; now: {command(('smtmodel', 'prove', target))}\n", sys.stdout)
    return Status.GOOD


@click.command()
@click.argument("code")
def explain(code: str) -> Status:
    """Explain a diagnostic's CODE, such as E201, or `all` of them."""
    from smtmodel.language.codes import TABLE, lookup, page

    one = lookup(code)
    if one is None and code != "all":
        from smtmodel.language.suggest import suggest

        hint = suggest(code.upper(), [known.name for known in TABLE])
        return refused(f"no code `{code}`; {hint or 'try `smtmodel explain all`'}")
    chosen = TABLE if one is None else (one,)
    try:
        put("\n".join(page(known) for known in chosen), sys.stdout)
    except OSError as error:
        return refused(f"cannot read {error.filename}: {error.strerror}")
    return Status.GOOD


@click.command()
def schema() -> Status:
    """Print the JSON Schema of `--format json`."""
    from smtmodel.reports.json import schema_text

    put(schema_text(), sys.stdout)
    return Status.GOOD
