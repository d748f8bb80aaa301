"""An answer as a JSON document for programs, and for `show`; `smtmodel schema` describes it."""

from collections.abc import Iterable

from smtmodel.documents import json as saved
from smtmodel.documents.answer import Answer
from smtmodel.documents.wire.analyses import SavedAnalysis
from smtmodel.documents.wire.answer import FORMAT, SavedAnswer, SavedSource
from smtmodel.documents.wire.codec import encode
from smtmodel.source import Text
from smtmodel.source.record import replace
from smtmodel.verdict import Status


def rendered(answer: Answer) -> str:
    """The document, ASCII only."""
    import json

    return json.dumps(encode(_saved(answer)), indent=1)


def _saved(answer: Answer) -> SavedAnswer:
    outcomes = (
        saved.saved_outcome(part.protocol, part.outcome, part.context, part.expected)
        for part in answer.parts
    )
    wrong = (
        saved.saved_diagnostic(refusal.text, one, refusal.name)
        for refusal in answer.refusals
        for one in (refusal.diagnostics or (refusal.message,))
    )
    return SavedAnswer(
        answer.tool,
        FORMAT,
        answer.command,
        Status(answer.status),
        tuple(outcomes),
        tuple(wrong),
        answer.summary,
        tuple(SavedSource(one.name, one.digest, one.content) for one in _texts(answer)),
        _analyses(answer),
    )


def _analyses(answer: Answer) -> tuple[SavedAnalysis, ...]:
    """A review shows what it asked about its files itself."""
    if answer.review is not None:
        return (answer.review.value, *(one.value for one in answer.analyses))
    return tuple(
        replace(one.value, sheet=saved.saved_sheet(one.document)) for one in answer.analyses
    )


def _texts(answer: Answer) -> Iterable[Text]:
    """Every text that the answer is about, once."""
    texts = [part.protocol.text for part in answer.parts]
    texts += [text for one in answer.analyses for text in one.document.sources]
    texts += [refusal.text for refusal in answer.refusals if refusal.text is not None]
    return dict.fromkeys(texts)
