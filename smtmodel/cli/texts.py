"""The commands about texts, which ask no engine: `fmt`, `new`, `explain`, `schema`."""

import sys

import click

from smtmodel import pipeline
from smtmodel.cli import completion
from smtmodel.cli.writing import put, refused
from smtmodel.documents.plain import command, one_line
from smtmodel.source.installed import installed
from smtmodel.source.refusal import Refusal
from smtmodel.verdict import Status, Verdict, worst


@click.command()
@click.argument("file", nargs=-1, required=True, shell_complete=completion.paths)
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
    from smtmodel.commands.fmt import difference, formatted, rewrite

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
@click.argument("name")
@click.option("--out", "path", metavar="PATH", help="Where to (`-`: standard output).")
def new(name: str, path: str | None) -> Status:
    """Write a commented protocol, by default to NAME.dsl."""
    from smtmodel.commands.new import near, protocol_name, template

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
@click.argument("code", shell_complete=completion.codes)
def explain(code: str) -> Status:
    """Explain a CODE such as E201, `all` of them, or a VERDICT."""
    from smtmodel.language.codes import TABLE, lookup, page

    one = lookup(code)
    verdict = next((known for known in Verdict if known.value == code.upper()), None)
    if one is None and verdict is None and code != "all":
        from smtmodel.language.suggest import suggest

        hint = suggest(
            code.upper(), [*(known.value for known in Verdict), *(known.name for known in TABLE)]
        )
        return refused(f"no code `{code}`; {hint or 'try `smtmodel explain all`'}")
    chosen = TABLE if one is None else (one,)
    try:
        pages = [_verdict_page(verdict)] if verdict else [page(known) for known in chosen]
        put("\n".join(pages), sys.stdout)
    except OSError as error:
        return refused(f"cannot read {error.filename}: {error.strerror}")
    return Status.GOOD


def _verdict_page(verdict: Verdict) -> str:
    """What is said of a verdict: its page without the mark of its heading."""
    return installed("docs", "verdicts", f"{verdict.value}.md").removeprefix("# ")


@click.command()
def schema() -> Status:
    """Print the JSON Schema of `--format json`."""
    from smtmodel.documents.json import schema_text

    put(schema_text(), sys.stdout)
    return Status.GOOD


COMMANDS = {one.name: one for one in (fmt, new, explain, schema)}
