"""`replay`: one ordering run in the interpreter, as a table and what it shows."""

from smtmodel import __version__, pipeline
from smtmodel.commands.sinks import Show
from smtmodel.documents.answer import Context
from smtmodel.documents.replay import replay_document
from smtmodel.formats import FORMATS
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
    context = Context(subject.name, __version__, "")
    document = replay_document(protocol, model, context, found)
    style = show.style(terminal=show.terminal)
    lines: list[str] = FORMATS[show.form].function("lines_of")(document, style)
    return lines, Status.REFUTED if found.violated else Status.GOOD
