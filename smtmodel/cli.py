"""The command line: arguments in, text and an exit status out. The only file that prints.

Every status comes from `smtmodel.verdict`; nothing that happens while writing changes it.
"""

import os
import sys
from collections.abc import Callable
from typing import IO, Any

import click

from smtmodel import __version__, pipeline
from smtmodel.commands.analysing import Analysing
from smtmodel.commands.crew import Crew
from smtmodel.commands.decide import Ask, Deciding
from smtmodel.commands.sinks import Progress, Show, sinks
from smtmodel.pipeline import Decider
from smtmodel.reports.answer import ANALYSES, FORMATS, SAVED, refusal_lines
from smtmodel.solving.result import Limits
from smtmodel.solving.worker import Worker
from smtmodel.source.refusal import Refusal
from smtmodel.verdict import Status, worst

# ---------------------------------------------------------------- one run, and writing


def run(arguments: list[str], worker: Worker | None) -> int:
    """Run a command and give the exit status of the process."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    try:
        status = root.main(arguments, "smtmodel", standalone_mode=False, obj=worker)
        return int(status or 0)
    except click.ClickException as error:
        _put(_usage(error) + "\n", sys.stderr)
        return Status.BAD_INPUT
    except (click.Abort, KeyboardInterrupt):
        _put("interrupted\n", sys.stderr)
        return Status.INTERRUPTED
    except SystemExit:  # click's own answer to a reader that has gone
        return Status.GOOD
    except Exception as error:
        import traceback

        told = "".join(traceback.format_exception(error))
        _bug(f"{type(error).__name__}: {error}", told, _verbosity(arguments))
        return Status.CONTRADICTION
    finally:
        if worker is not None:
            worker.kill()


def _put(text: str, stream: IO[str]) -> None:
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
            _put(f"error: cannot write: {error.strerror}\n", sys.stderr)


def _usage(error: click.ClickException) -> str:
    context = getattr(error, "ctx", None)
    if context is None or isinstance(error, click.exceptions.NoArgsIsHelpError):
        return error.format_message()
    hint = f"Try '{context.command_path} --help' for help."
    return f"{context.get_usage()}\n{hint}\n\nError: {error.format_message()}"


def _verbosity(arguments: list[str]) -> int:
    short = sum(word.count("v") for word in arguments if word.strip("-qv") == "")
    return short + arguments.count("--verbose")


def _bug(message: str, traceback: str, verbose: int) -> None:
    """Ask for a report of a bug of ours; how it came about only for those who want it."""
    if verbose >= 2 and traceback:
        _put(traceback, sys.stderr)
    hint = "" if verbose >= 2 else "; `-v -v` shows where it happened"
    _put(f"error: this is a bug of smtmodel: {message}\n", sys.stderr)
    _put(f"  please report it, with the command and the file{hint}\n", sys.stderr)


def _refused(refusal: Refusal | str, show: Show | None = None) -> Status:
    """Say on standard error why a command does nothing."""
    style = (show or Show()).style(terminal=sys.stderr.isatty())
    given = Refusal("", refusal) if isinstance(refusal, str) else refusal
    _put("\n".join(refusal_lines(given, "human", style)) + "\n", sys.stderr)
    return Status.BAD_INPUT


# ---------------------------------------------------------------- options

Command = Callable[..., Any]


def _looks(*formats: str) -> Callable[[Command], Command]:
    """The options for the format and the width of an answer."""
    choice = click.Choice(formats)

    def add(command: Command) -> Command:
        form = click.option(
            "--format", "form", type=choice, default="human", help="Default: human."
        )
        return form(
            click.option("--width", type=click.IntRange(40, 1000), help="Columns.")(command)
        )

    return add


def _outputs(command: Command) -> Command:
    """The options for where an answer goes, how much of it, and in which colours."""
    for option in (
        click.option("-v", "--verbose", count=True, help="Say what is done, and show witnesses."),
        click.option("-q", "--quiet", is_flag=True, help="Print the result lines only."),
        click.option("--color", type=click.Choice(["auto", "always", "never"]), default="auto"),
        click.option("--out", multiple=True, metavar="FORMAT=PATH", help="Also write to a file."),
    ):
        command = option(command)
    return command


def _second(command: Command) -> Command:
    """The option for a second opinion."""
    text = "Have every proof confirmed by cvc5 and by the explorer."
    return click.option("--cross-check", is_flag=True, help=text)(command)


def _limits(command: Command) -> Command:
    """The options that bound what deciding may use."""
    for option in (
        click.option("--seed", type=int, default=0, hidden=True),
        click.option("--memory", type=click.IntRange(1), metavar="MB", help="Memory, per query."),
        click.option(
            "--timeout", type=click.FloatRange(0, min_open=True), metavar="S", help="Time in all."
        ),
        click.option(
            "--budget", type=click.IntRange(1), metavar="N", help="Solver steps, per query."
        ),
    ):
        command = option(command)
    return command


def _bounds(command: Command) -> Command:
    """The options for other bounds than those of the file, and the memory model."""
    count = click.IntRange(1)
    for option in (
        click.option("--model", default="sc", metavar="M", help="Memory model: sc (default), tso."),
        click.option("--bound", multiple=True, metavar="NAME=N", help="Any other bound."),
        click.option("--faults", type=count, metavar="N", help="Lanes of faults."),
        click.option("--updates", type=count, metavar="N", help="Updates in all."),
    ):
        command = option(command)
    return command


def _asked_bounds(
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


def _deciding(
    show: Show,
    inputs: tuple[str, ...],
    timeout: float | None,
    worker: Worker | None,
    *,
    cross_check: bool = False,
) -> Deciding:
    if cross_check:
        from smtmodel.solving.second_solver import HINT, installed

        if not installed():
            raise click.ClickException(f"error: --cross-check needs cvc5: {HINT}")
    made = sinks(_put, show, inputs)
    if isinstance(made, str):
        raise click.UsageError(made)
    progress = Progress(_put, show)
    return Deciding(Decider(worker, timeout), made, progress, [], cross_check)


def _closed(deciding: Deciding, status: Status, show: Show) -> Status:
    deciding.decider.close()
    for message, traceback in deciding.bugs:
        _bug(message, traceback, show.verbose)
    return status


# ---------------------------------------------------------------- commands


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="smtmodel")
def root() -> None:
    """Prove or refute, within bounds, that no interleaving of a protocol goes wrong.

    Exit status: 0 proved, 2 bad input, 5 unknown, 6 a bug of smtmodel, 10 refuted, 11 vacuous,
    124 time limit, 130 interrupted.
    """


@root.command()
@click.argument("file")
@click.option("--only", multiple=True, metavar="PROPERTY", help="Decide this property.")
@_bounds
@_second
@_limits
@_outputs
@_looks(*FORMATS)
@click.pass_obj
def prove(
    worker: Worker | None,
    /,
    file: str,
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
    **looks: Any,
) -> Status:
    """Decide every property of FILE (`-`: standard input) and report."""
    show = Show(**looks)
    ask = Ask(model, _asked_bounds(updates, faults, bound), only, Limits(budget, memory, seed))
    deciding = _deciding(show, (file,), timeout, worker, cross_check=cross_check)
    return _closed(deciding, deciding.prove(file, ask), show)


@root.command()
@click.argument("path", nargs=-1)
@_second
@_limits
@_outputs
@_looks(*FORMATS)
@click.pass_obj
def check(
    worker: Worker | None,
    /,
    path: tuple[str, ...],
    budget: int | None,
    timeout: float | None,
    memory: int | None,
    seed: int,
    cross_check: bool,
    **looks: Any,
) -> Status:
    """Decide the protocols at PATH (default: the folder protocols) and compare with their
    `expect` lines."""
    show = Show(**looks)
    names = pipeline.protocols(path)
    inputs = () if isinstance(names, Refusal) else names
    deciding = _deciding(show, inputs, timeout, worker, cross_check=cross_check)
    return _closed(deciding, deciding.check(path, Limits(budget, memory, seed)), show)


def _analysing(
    show: Show,
    inputs: tuple[str, ...],
    timeout: float | None,
    worker: Worker | None,
    *,
    size: int | None = None,
) -> Analysing:
    made = sinks(_put, show, inputs, ANALYSES)
    if isinstance(made, str):
        raise click.UsageError(made)
    progress = Progress(_put, show)
    crew = Crew(worker, timeout, progress if progress.wanted else None, size=size)
    return Analysing(crew, made, progress, [])


def _analysed(analysing: Analysing, status: Status, show: Show) -> Status:
    analysing.crew.close()
    for message, traceback in dict.fromkeys(analysing.bugs):
        _bug(message, traceback, show.verbose)
    return status


def _analysis(command: Command) -> Command:
    """The options that all analyses of one protocol take."""
    for add in (_looks(*ANALYSES), _outputs, _limits, _bounds):
        command = add(command)
    only = click.option("--only", multiple=True, metavar="PROPERTY", help="About this property.")
    return click.pass_obj(only(command))


def _given(given: dict[str, Any]) -> tuple[Show, Ask]:
    """How an analysis is to look, and what it is asked."""
    take = given.pop
    limits = Limits(take("budget"), take("memory"), take("seed"))
    bounds = _asked_bounds(take("updates"), take("faults"), take("bound"))
    ask = Ask(take("model"), bounds, take("only", ()), limits)
    return Show(**given), ask


@root.command()
@click.argument("file")
@_analysis
def needed(worker: Worker | None, /, file: str, timeout: float | None, **given: Any) -> Status:
    """Say which steps, locks, sections, conditions and orders the proofs of FILE need.

    Each is left out, repeated or put after its neighbour, and everything is decided again.
    Exit status: 0 if a property is proved and all about its proof is known.
    """
    from smtmodel.commands.needed import answer

    show, ask = _given(given)
    analysing = _analysing(show, (file,), timeout, worker)
    return _analysed(analysing, answer(analysing, file, ask), show)


@root.command()
@click.argument("file")
@_analysis
def cases(worker: Worker | None, /, file: str, timeout: float | None, **given: Any) -> Status:
    """Enumerate how one fault of FILE can run against one update, and what comes of it.

    Cases differ in what the fault reads, and in what a later access gets: a fresh hit, a stale
    hit (while the update runs, or after it returned), a miss. `-v` shows each as a table.
    """
    from smtmodel.commands.cases import answer

    show, ask = _given(given)
    analysing = _analysing(show, (file,), timeout, worker, size=1)
    return _analysed(analysing, answer(analysing, file, ask, tables=show.verbose > 0), show)


@root.command()
@click.argument("file")
@click.option("--block", metavar="NAME", help="Of this block; default: the first update.")
@click.option("--limit", type=click.IntRange(1), default=500, metavar="N", help="Try N at most.")
@_analysis
def orders(
    worker: Worker | None,
    /,
    file: str,
    block: str | None,
    limit: int,
    timeout: float | None,
    **given: Any,
) -> Status:
    """Try every order of a block's steps in FILE that respects the data they use.

    Says which orders are safe and useful, which are safe but reach a goal no longer, and which
    are racy, with the smallest run; `-v` lists them all.
    """
    from smtmodel.commands.orders import answer

    show, ask = _given(given)
    analysing = _analysing(show, (file,), timeout, worker)
    every = show.verbose > 0
    return _analysed(analysing, answer(analysing, file, ask, block, limit, every=every), show)


@root.command()
@click.argument("old")
@click.argument("new")
@_analysis
def diff(
    worker: Worker | None, /, old: str, new: str, timeout: float | None, **given: Any
) -> Status:
    """Say what the protocol NEW changes about the protocol OLD.

    Which verdicts change, where the old counterexamples stop in the new version, which steps
    were added, removed or changed, and what is newly refuted. The exit status is NEW's.
    """
    from smtmodel.commands.diff import answer

    show, ask = _given(given)
    analysing = _analysing(show, (old, new), timeout, worker)
    return _analysed(analysing, answer(analysing, (old, new), ask), show)


@root.command()
@click.argument("file")
@click.argument("step", nargs=-1)
@_bounds
@_looks("human", "email")
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
    from smtmodel.commands.replaying import replayed

    show = Show(**looks)
    asked = _asked_bounds(updates, faults, bound)
    found = replayed(file, step, model, asked, show)
    if isinstance(found, Refusal):
        return _refused(found, show)
    lines, status = found
    _put("\n".join(lines) + "\n", sys.stdout)
    return status


@root.command()
@click.argument("file", nargs=-1, required=True)
@click.option("--check", "only_check", is_flag=True, help="Change nothing; status 10 if it would.")
@click.option("--diff", is_flag=True, help="Change nothing; print what would change.")
@click.option("--stdout", "to_stdout", is_flag=True, help="Print the result; change nothing.")
def fmt(file: tuple[str, ...], only_check: bool, diff: bool, to_stdout: bool) -> Status:
    """Bring protocols into their one form, comments and all."""
    return worst([_fmt(name, only_check, diff, to_stdout) for name in file])


def _fmt(name: str, only_check: bool, diff: bool, to_stdout: bool) -> Status:
    from smtmodel.commands.rewrite import difference, formatted, rewrite

    text = pipeline.read_text(name)
    made = text if isinstance(text, Refusal) else formatted(text)
    if isinstance(text, Refusal) or isinstance(made, Refusal):
        assert isinstance(made, Refusal)
        return _refused(made)
    before = pipeline.raw(name, text)
    if diff:
        _put(difference(name, before, made), sys.stdout)
    elif to_stdout or (name == "-" and not only_check):
        _put(made, sys.stdout)
    elif made != before and not only_check:
        try:
            rewrite(name, made)
        except OSError as error:
            return _refused(f"cannot write {name}: {error.strerror}")
    if only_check and made != before:
        _put(f"{name} would change\n", sys.stderr)
        return Status.REFUTED
    return Status.GOOD


@root.command()
@click.argument("code")
def explain(code: str) -> Status:
    """Explain a diagnostic's CODE, such as E201, or `all` of them."""
    from smtmodel.language.codes import TABLE, lookup

    one = lookup(code)
    if one is None and code != "all":
        from smtmodel.language.suggest import suggest

        hint = suggest(code.upper(), [known.name for known in TABLE])
        return _refused(f"no code `{code}`; {hint or 'try `smtmodel explain all`'}")
    chosen = TABLE if one is None else (one,)
    texts = [f"{known.name}: {known.title}\n\n{known.explanation.strip()}\n" for known in chosen]
    _put("\n".join(texts), sys.stdout)
    return Status.GOOD


@root.command()
@click.pass_obj
def demo(worker: Worker | None) -> Status:
    """Refute and prove the two protocols that all this began with."""
    from smtmodel.commands.narration import NARRATION

    show = Show()
    statuses: list[Status] = []
    for number, (told, name, expected) in enumerate(NARRATION):
        _put(("\n" if number else "") + f"{told}\n\n$ smtmodel prove {name}\n", sys.stdout)
        deciding = _deciding(show, (name,), None, worker if number == 0 else None)
        status = _closed(deciding, deciding.prove(name, Ask()), show)
        statuses.append(Status.GOOD if status is expected else status or Status.CONTRADICTION)
    return worst(statuses)


@root.command()
@click.pass_obj
def doctor(worker: Worker | None) -> Status:
    """Say what is installed here, and whether it works."""
    from smtmodel.commands.doctor import lines

    decider = Decider(worker, 60)
    status = Status.CONTRADICTION
    for line in lines(decider):
        if isinstance(line, Status):
            status = line
        else:
            _put(f"{line}\n", sys.stdout)
    decider.close()
    return status


@root.command()
@click.argument("name")
@click.option("--out", "path", metavar="PATH", help="Where to; default: NAME.dsl.")
def new(name: str, path: str | None) -> Status:
    """Write a commented protocol to begin with."""
    from smtmodel.commands.template import is_name, template

    if not is_name(name):
        return _refused(f"a protocol's name has letters, digits and `_`: not `{name}`")
    target = path or f"{name}{pipeline.ENDING}"
    try:
        with open(target, "x", encoding="utf-8") as file:
            file.write(template(name))
    except FileExistsError:
        return _refused(f"{target} exists, and is left alone")
    except OSError as error:
        return _refused(f"cannot write {target}: {error.strerror}")
    _put(f"wrote {target}; now: smtmodel prove {target}\n", sys.stdout)
    return Status.GOOD


@root.command("show")
@click.argument("result")
@_outputs
@_looks(*SAVED)
def show_again(result: str, **looks: Any) -> Status:
    """Render RESULT (`-`: standard input), which `--format json` made, without the solver.

    The runs in it are replayed. Exit status: that of the command that made it.
    """
    from smtmodel.commands.showing import shown, tell

    show = Show(**looks)
    answer = shown(result)
    if isinstance(answer, Refusal):
        return _refused(answer, show)
    made = sinks(_put, show, (result,), SAVED)
    if isinstance(made, str):
        raise click.UsageError(made)
    return tell(answer, made)


@root.command()
def schema() -> Status:
    """Print the JSON Schema of `--format json`."""
    from smtmodel.reports.json import schema_text

    _put(schema_text(), sys.stdout)
    return Status.GOOD
