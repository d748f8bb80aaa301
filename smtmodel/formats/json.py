"""An answer as a JSON document for programs, and for `show`; `smtmodel schema` describes it."""

from collections.abc import Sequence

from smtmodel.documents import json as values
from smtmodel.documents.answer import Analysis, Answer
from smtmodel.documents.document import Value
from smtmodel.documents.sheet_json import shown_value
from smtmodel.source import Text


def rendered(answer: Answer) -> str:
    """The document."""
    outcomes = [
        values.outcome_value(part.protocol, part.outcome, part.context, part.expected)
        for part in answer.parts
    ]
    wrong = [
        values.diagnostic_value(refusal.text, one, refusal.name)
        for refusal in answer.refusals
        for one in (refusal.diagnostics or (refusal.message,))
    ]
    if answer.review is not None:
        analyses = [answer.review.value, *(one.value for one in answer.analyses)]
    else:
        analyses = [_analysis(one) for one in answer.analyses]
    texts = [part.protocol.text for part in answer.parts]
    texts += [text for one in answer.analyses for text in one.document.sources]
    texts += [refusal.text for refusal in answer.refusals if refusal.text is not None]
    return _dumped(
        _document(
            answer.command,
            answer.tool,
            answer.status,
            outcomes,
            wrong,
            analyses,
            summary=answer.summary,
            sources=texts,
        )
    )


def _analysis(analysis: Analysis) -> Value:
    assert isinstance(analysis.value, dict)
    return {**analysis.value, "sheet": shown_value(analysis.document)}


def _dumped(value: Value) -> str:
    """The document as text, ASCII only, keys in the order in which they were made."""
    import json

    return json.dumps(value, indent=1)


def _document(
    command: str,
    tool: str,
    status: int,
    outcomes: Sequence[Value],
    diagnostics: Sequence[Value],
    analyses: Sequence[Value] = (),
    *,
    summary: str = "",
    sources: Sequence[Text] = (),
) -> Value:
    """One answer of one command; `sources` are the texts that it is about."""
    more: dict[str, Value] = {"analyses": list(analyses)} if analyses else {}
    texts = {(one.name, one.digest): one.content for one in sources}
    return {
        "smtmodel": tool,
        "command": command,
        "status": status,
        "outcomes": list(outcomes),
        "diagnostics": list(diagnostics),
        "summary": summary,
        "sources": [
            {"name": name, "digest": digest, "text": text} for (name, digest), text in texts.items()
        ],
        **more,
    }
