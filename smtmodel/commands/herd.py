"""`herd`: a property of a protocol as a litmus test in C."""

from collections.abc import Sequence

from smtmodel import __version__, pipeline
from smtmodel.documents.answer import source
from smtmodel.documents.scope import bounds_text
from smtmodel.language.checked import Checked, Property, Reach, ReachStep
from smtmodel.models import KERNEL
from smtmodel.source.refusal import Refusal


def exported_test(
    name: str, bounds: tuple[tuple[str, int], ...], only: Sequence[str]
) -> str | Refusal:
    """The test about the property of that name, or the only one that there is a test of."""
    subject = pipeline.subject(name, KERNEL, bounds, only, machine=False)
    if isinstance(subject, Refusal):
        return subject
    protocol, chosen = subject.checked, subject.only
    made, refused = _texts(protocol, [x for x in protocol.properties if _is_in(x, chosen)])
    if len(made) > 1:
        names = ", ".join(made)
        return Refusal(name, f"{protocol.called}: a test is about one property: --only {names}")
    if not made:
        return Refusal(name, "\n".join(refused))
    return next(iter(made.values()))


def _is_in(item: Property, chosen: frozenset[str] | None) -> bool:
    return chosen is None or item.name in chosen


def _texts(protocol: Checked, items: Sequence[Property]) -> tuple[dict[str, str], list[str]]:
    """The texts by the names of the properties, and why there is none of the others."""
    from smtmodel.litmus.written.exported import exported
    from smtmodel.litmus.written.refused import NotWritten

    made: dict[str, str] = {}
    refused: list[str] = []
    for item in items:
        try:
            made[item.name] = exported(protocol, item, _remarks(protocol, item))
        except NotWritten as wrong:
            where = f"{protocol.called}:{wrong.span.line}"
            refused.append(f"{where}: no litmus test of {item.name}: {wrong.reason}")
    return made, refused


def _remarks(protocol: Checked, item: Property) -> tuple[str, ...]:
    """What the test is about."""
    does = "reaches" if isinstance(item, Reach | ReachStep) else "violates"
    scope = bounds_text(protocol, protocol.bounds)
    return (
        f"{source(protocol)}, for {scope}: an execution that ends so {does} {item.name}.",
        f"Made by smtmodel {__version__}.",
    )
