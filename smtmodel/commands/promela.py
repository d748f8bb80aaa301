"""`promela`: a protocol as a model for SPIN."""

from smtmodel import pipeline
from smtmodel.source.refusal import Refusal


def exported(name: str, bounds: tuple[tuple[str, int], ...]) -> str | Refusal:
    """The model of a protocol at these bounds, or what cannot be exported."""
    subject = pipeline.subject(name, "sc", bounds)
    if isinstance(subject, Refusal):
        return subject
    from smtmodel.promela.export import promela_of
    from smtmodel.systems.system import NotCovered

    made = promela_of(subject.checked)
    if not isinstance(made, NotCovered):
        return made
    called, where = subject.checked.called, made.where
    step = f":{where.span.line}: `{where.text}`" if where else ""
    return Refusal(name, f"{called}{step}: no model for SPIN: {made.reason}")
