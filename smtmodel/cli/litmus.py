"""The command `litmus`."""

import sys
from typing import Any

import click

from smtmodel.cli import completion
from smtmodel.cli.options import limits
from smtmodel.cli.writing import bug, put, refused
from smtmodel.solving.result import Limits
from smtmodel.source.refusal import Refusal
from smtmodel.verdict import Status, worst
from smtmodel.work.crew import Crew
from smtmodel.work.session import Session
from smtmodel.work.worker import Worker


@click.command()
@click.argument("file", nargs=-1, required=True, shell_complete=completion.paths)
@click.option(
    "--model",
    multiple=True,
    default=("lkmm",),
    metavar="M",
    help="Memory model: lkmm (default), sc, or a .cat file; a .bell file before it.",
)
@click.option("--states", is_flag=True, help="Find and print all final states.")
@click.option("--judge", is_flag=True, help="Compare with the `Result:` remark of each test.")
@click.option("--why", is_flag=True, help="Say which axioms forbid what is never observed.")
@click.option(
    "--format",
    "form",
    default="herd",
    metavar="F",
    help="herd (default), json, markdown, html or svg.",
)
@click.option("--functions", metavar="FILE", help="The kernel's functions, as linux-kernel.def.")
@click.option("--cross-check", is_flag=True, help="Also look at every execution, and compare.")
@limits
@click.pass_obj
def litmus(
    worker: Worker | None,
    /,
    file: tuple[str, ...],
    model: tuple[str, ...],
    states: bool,
    judge: bool,
    why: bool,
    form: str,
    functions: str | None,
    cross_check: bool,
    timeout: float | None,
    **given: Any,
) -> Status:
    """Say what litmus tests show under the kernel's model.

    Each FILE is a test in C, or a folder of such. Every execution that is found is repeated lane
    by lane and judged by the model once more.
    Exit status: 0 if all tests are decided, 10 if one is not as its remark says (`--judge`).
    """
    from smtmodel.commands import litmus as command
    from smtmodel.solving.observing import AskedTests

    found = command.model_of(model)
    known = command.functions_of(functions)
    for one in (found, known, command.form_of(form)):
        if isinstance(one, Refusal):
            return refused(one)
    assert not isinstance(found, Refusal)
    assert not isinstance(known, Refusal)
    read = [one for name in file for one in command.given(name, known)]
    statuses = [refused(one) for one in read if isinstance(one, Refusal)]
    most = Limits(given["budget"], given["memory"], given["seed"])
    asked = AskedTests(found, most, states, why, cross_check)
    session = Session(Crew(worker), timeout)
    tests = [one for one in read if isinstance(one, command.GivenTest)]
    answers = []
    for told in command.told(session, tests, asked, judge=judge):
        if form == "herd":
            put("\n".join((*told.lines, "")) + "\n", sys.stdout)
        answers.append(told)
        if told.bug:
            bug(told.bug, "", 0)
        statuses.append(told.status)
    session.close()
    if form != "herd":
        put(command.shown(answers, form), sys.stdout)
    return worst(statuses)


COMMANDS = {litmus.name: litmus}
