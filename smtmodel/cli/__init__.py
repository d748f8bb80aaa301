"""The command line: arguments in, text and an exit status out. The only folder that prints.

Every status comes from `smtmodel.verdict`. A reader that has gone does not change it; what could
not be written for another reason makes it that of bad input, unless it is worse.
"""

import sys

import click

from smtmodel import __version__
from smtmodel.cli import analyses, files, verdicts
from smtmodel.cli.writing import bug, not_written, put, usage, verbosity, with_losses
from smtmodel.verdict import Status
from smtmodel.work.worker import Worker


def run(arguments: list[str], worker: Worker | None) -> int:
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


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="smtmodel")
def root() -> None:
    """Prove or refute, within bounds, that no interleaving of a protocol goes wrong.

    Exit status: 0 proved, 2 bad input, 5 unknown, 6 a bug of smtmodel, 10 refuted, 11 vacuous,
    124 time limit, 130 interrupted.
    """


COMMANDS = (
    verdicts.prove,
    verdicts.check,
    analyses.needed,
    analyses.cases,
    analyses.orders,
    analyses.diff,
    analyses.review,
    files.replay,
    files.show_again,
    files.fmt,
    files.select,
    files.new,
    files.explain,
    files.schema,
    verdicts.demo,
    verdicts.doctor,
)
for command in COMMANDS:
    root.add_command(command)
