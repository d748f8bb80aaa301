"""`show`: a saved result, rendered again.

Takes the name of a file; gives the answer in it and its status, or why it is none. The status
is worked out anew from the results, by the functions that every command uses.
"""

from collections.abc import Sequence

from smtmodel import __version__, pipeline
from smtmodel.commands.expectations import judged
from smtmodel.commands.sinks import Sink
from smtmodel.language.checked import Checked
from smtmodel.reports import saved
from smtmodel.reports.answer import Answer, Part
from smtmodel.reports.saved import Document
from smtmodel.reports.view import Context
from smtmodel.source import Diagnostic, Text
from smtmodel.source.read import read
from smtmodel.source.record import replace
from smtmodel.source.refusal import Refusal
from smtmodel.verdict import Status, worst

LIMIT = 64 * 1024 * 1024
"""Bytes of the longest result."""


def shown(name: str) -> Answer | Refusal:
    """The answer that a file holds (`-`: standard input)."""
    text = read(name, LIMIT)
    if isinstance(text, Diagnostic):
        return Refusal(name, diagnostics=(text,), text=Text(name, ""))
    document = saved.read(text.content, __version__)
    if isinstance(document, str):
        return Refusal(name, f"{name}: {document}")
    if document.get("analyses"):
        command = document["command"]
        message = f"{name}: it is an answer of `smtmodel {command}`, which is not shown again"
        return Refusal(name, message)
    parts: list[Part] = []
    for number, value in enumerate(document["outcomes"]):
        part = _part(document, value)
        if isinstance(part, str):
            return Refusal(name, f"{name}: outcome {number + 1}: {part}")
        parts.append(part)
    refusals = saved.refusals(document)
    status = _status(parts, refusals)
    if int(status) != document["status"]:
        said = document["status"]
        message = f"{name}: its status is {said}, but its results make it {int(status)}"
        return Refusal(name, message)
    return Answer(
        document["command"],
        document["smtmodel"],
        int(status),
        tuple(parts),
        refusals,
        document["summary"],
    )


def tell(answer: Answer, sinks: Sequence[Sink]) -> Status:
    """Put an answer into every sink; gives its status."""
    status = Status(answer.status)
    for sink in sinks:
        for refusal in answer.refusals:
            sink.refuse(refusal)
        for part in answer.parts:
            sink.add(part)
        sink.end(answer.command, status, answer.summary, answer.tool)
    return status


def _status(parts: list[Part], refusals: tuple[Refusal, ...]) -> Status:
    statuses = [Status.BAD_INPUT] if refusals else []
    for part in parts:
        results = part.outcome.results
        if part.expected is None:
            statuses += [one.status for one in results]
        else:
            statuses += [judged(*pair) for pair in zip(results, part.expected, strict=True)]
    return worst(statuses)


def _part(document: Document, value: Document) -> Part | str:
    name, digest = value["file"]["name"], value["file"]["digest"]
    text = saved.source(document, name, digest)
    if text is None:
        return f"the text of {name} is not in it"
    protocol = _protocol(pipeline.checked(text), value)
    if isinstance(protocol, str):
        return protocol
    outcome = saved.outcome(value, protocol)
    if isinstance(outcome, str):
        return outcome
    versions = value["versions"]
    context = Context(name, versions["smtmodel"], versions["z3"] or "")
    return Part(protocol, outcome, context, saved.expected(value))


def _protocol(found: Checked | Refusal, value: Document) -> Checked | str:
    """The protocol with the model and the bounds of the outcome."""
    able = found if isinstance(found, Refusal) else pipeline.for_model(found, value["model"])
    if isinstance(able, Refusal):
        return _said(able)
    limits = saved.bounds(value["bounds"], able)
    if isinstance(limits, str):
        return limits
    asked = {kind.bound: limits.count(kind.bound) for kind in able.kinds}
    bounded = pipeline.with_bounds(able, asked | {"rounds": limits.rounds})
    if isinstance(bounded, Refusal):
        return _said(bounded)
    return replace(bounded, bounds=limits)


def _said(refusal: Refusal) -> str:
    """A refusal in one sentence."""
    if not refusal.diagnostics:
        return refusal.message
    first = refusal.diagnostics[0]
    return f"{refusal.name}:{first.span.line}: {first.message} [{first.code.name}]"
