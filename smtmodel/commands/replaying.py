"""`replay`: one ordering run in the interpreter, as a table and what it shows."""

from smtmodel import __version__, pipeline
from smtmodel.commands.sinks import Show
from smtmodel.reports.email import STYLE, harmless
from smtmodel.reports.run import Shown, run_lines
from smtmodel.reports.view import Context
from smtmodel.source.refusal import Refusal
from smtmodel.verdict import Status


def replayed(
    name: str,
    words: tuple[str, ...],
    model: str,
    bounds: tuple[tuple[str, int], ...],
    show: Show,
) -> tuple[list[str], Status] | Refusal:
    """The lines about a run and the status: REFUTED if it violates something."""
    subject = pipeline.subject(name, model, bounds)
    if isinstance(subject, Refusal):
        return subject
    protocol = subject.checked
    from smtmodel.executions.replay import Impossible, replay
    from smtmodel.executions.schedule import BadStep, parse_schedule
    from smtmodel.models import model as find

    plan = parse_schedule(words, protocol, protocol.bounds)
    if isinstance(plan, BadStep):
        return Refusal(name, f"step `{plan.word}`: {plan.message}")
    buffers = find(model).store_buffers
    found = replay(protocol, protocol.bounds, store_buffers=buffers, schedule=plan)
    if isinstance(found, Impossible):
        return Refusal(name, f"event {found.index + 1} of the ordering: {found.reason}")
    shown = Shown(Context(subject.name, __version__, "").file, __version__, model, protocol)
    email = show.form == "email"
    lines = run_lines(shown, found, STYLE if email else show.style(terminal=show.terminal))
    return (harmless(lines) if email else lines), (
        Status.REFUTED if found.violated else Status.GOOD
    )
