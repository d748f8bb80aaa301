"""The command line: arguments in, text and an exit status out. The only folder that prints.

Every status comes from `smtmodel.verdict`. A reader that has gone does not change it; what could
not be written for another reason makes it that of bad input, unless it is worse.
"""

import sys
from importlib import import_module
from typing import TYPE_CHECKING

import click

from smtmodel import __version__
from smtmodel.cli.writing import bug, not_written, put, usage, verbosity, with_losses
from smtmodel.verdict import Status

if TYPE_CHECKING:
    from smtmodel.work.worker import Worker

MODULES = {
    **dict.fromkeys(("prove", "check", "demo", "doctor", "check-invariant"), "verdicts"),
    **dict.fromkeys(("needed", "cases", "orders", "diff", "review"), "analyses"),
    **dict.fromkeys(("replay", "show", "select", "promela", "herd"), "files"),
    "litmus": "litmus",
    **dict.fromkeys(("fmt", "new", "explain", "schema"), "texts"),
}
"""Every command, and the module beside this one that has it; imported when it is called for."""


class ByName(click.Group):
    """The commands by name, each with its module only."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(MODULES)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        # Where there is none of that name, click suggests one of these.
        for name in [cmd_name] if cmd_name in MODULES else MODULES:
            self.add_command(import_module(f"smtmodel.cli.{MODULES[name]}").COMMANDS[name])
        return self.commands.get(cmd_name)


def run(arguments: list[str], worker: "Worker | None") -> int:
    """Run a command and give the exit status of the process."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    try:
        status = root.main(arguments, "smtmodel", standalone_mode=False, obj=worker)
        return with_losses(Status(status or 0))
    except click.ClickException as error:
        put(usage(error) + "\n", sys.stderr)
        return Status.BAD_INPUT
    except (click.Abort, KeyboardInterrupt):
        put("interrupted\n", sys.stderr)
        return Status.INTERRUPTED
    except SystemExit:  # click's own answer to a reader that has gone
        return Status.GOOD
    except OSError as error:  # click's own texts, which do not go through `put`
        not_written("standard output", error)
        return with_losses(Status.GOOD)
    except Exception as error:
        import traceback

        told = "".join(traceback.format_exception(error))
        bug(f"{type(error).__name__}: {error}", told, verbosity(arguments))
        return Status.CONTRADICTION
    finally:
        if worker is not None:
            worker.kill()


@click.group(cls=ByName, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="smtmodel")
def root() -> None:
    """Prove or refute, within bounds, that no interleaving of a protocol goes wrong.

    Exit status: 0 proved, 2 bad input, 5 unknown, 6 a bug of smtmodel, 10 refuted, 11 vacuous,
    124 time limit, 130 interrupted.
    """
