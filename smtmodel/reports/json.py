"""What was found, as a document for programs; `result.schema.json` says what it looks like.

Takes the parts of an answer; gives values that `json.dumps` takes, and the schema's text.
"""

import os
from collections.abc import Sequence

from smtmodel.language.checked import Bounds, Checked, Where
from smtmodel.reports import assumptions, opinions
from smtmodel.reports.scope import scope_text
from smtmodel.reports.view import Context, replay_command, source
from smtmodel.solving.result import (
    Beyond,
    Extent,
    Outcome,
    Place,
    Result,
    Run,
    Unfinished,
    Why,
)
from smtmodel.source import Diagnostic, Span, Text
from smtmodel.verdict import Verdict

Value = None | bool | int | float | str | list["Value"] | dict[str, "Value"]


def schema_text() -> str:
    """The JSON Schema of the documents that `document` makes."""
    path = os.path.join(os.path.dirname(__file__), "result.schema.json")
    with open(path, encoding="utf-8") as file:
        return file.read()


def dumped(value: Value) -> str:
    """The document as text, ASCII only, keys in the order in which they were made."""
    import json

    return json.dumps(value, indent=1)


def document(
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


def diagnostic_value(text: Text | None, one: Diagnostic | str, name: str) -> Value:
    """A diagnostic, or a sentence about the file of that name."""
    if isinstance(one, str) or text is None:
        message = one if isinstance(one, str) else one.message
        return {"code": None, "severity": "error", "message": message, "file": name, "place": None}
    return {
        "code": one.code.name,
        "severity": one.severity.value,
        "message": one.message,
        "label": one.label,
        "suggestion": one.suggestion,
        "file": text.name,
        "place": _place(one.span),
    }


def outcome_value(
    protocol: Checked,
    outcome: Outcome,
    context: Context,
    expected: tuple[Verdict, ...] | None,
) -> Value:
    """An outcome; `expected` has for each result the verdict that was expected of it."""
    coverage = outcome.coverage
    wanted: list[str | None] = [one.value for one in expected] if expected else []
    wanted += [None] * (len(outcome.results) - len(wanted))
    return {
        "file": file_value(protocol),
        "protocol": protocol.name,
        "versions": {"smtmodel": context.tool, "z3": context.solver or None},
        "model": outcome.model,
        "bounds": bounds_value(outcome.bounds),
        "coverage": None
        if coverage is None
        else {
            "steps": coverage.steps,
            "unreached": [_step(where) for where in coverage.unreached],
            "cuts": [_step(where) for where in coverage.cuts],
            "complete": coverage.complete,
            "undecided": [_step(where) for where in coverage.undecided],
        },
        "trusts": [
            {"text": text, "place": place or None}
            for text, place in assumptions.trusted(
                protocol, outcome.bounds, outcome.model, source(protocol)
            )
        ],
        "leaves_out": "; ".join(assumptions.leaves_out(protocol, outcome.model)),
        "results": [
            _result(protocol, outcome, context, result, verdict)
            for result, verdict in zip(outcome.results, wanted, strict=True)
        ],
    }


def _result(
    protocol: Checked,
    outcome: Outcome,
    context: Context,
    result: Result,
    expected: str | None,
) -> Value:
    return {
        "name": result.name,
        "sort": result.sort.value,
        "verdict": result.verdict.value,
        "expected": expected,
        "place": _place(result.span),
        "reason": result.reason,
        "cause": result.cause.value,
        "scope": scope_text(protocol, outcome.bounds, result.extents)
        if result.verdict is Verdict.PROVED
        else None,
        "extents": [_extent(one) for one in result.extents],
        "opinions": [dict(opinions.value(one)) for one in result.opinions],
        "beyond": None
        if result.beyond is None
        else _beyond(protocol, outcome, context, result.beyond),
        "seconds": result.seconds,
        "run": None if result.run is None else _run(protocol, outcome, context, result.run),
    }


def _beyond(protocol: Checked, outcome: Outcome, context: Context, beyond: Beyond) -> Value:
    return {
        "bounds": bounds_value(beyond.bounds),
        "reason": beyond.reason,
        "cause": beyond.cause.value,
        "run": None if beyond.run is None else _run(protocol, outcome, context, beyond.run),
    }


def _extent(extent: Extent) -> Value:
    return {
        "bound": extent.bound,
        "any_number": extent.any_number,
        "reason": extent.reason,
        "couplings": [
            {
                "step": None if coupling.where is None else _step(coupling.where),
                "sentence": coupling.sentence,
            }
            for coupling in extent.couplings
        ],
    }


def _run(protocol: Checked, outcome: Outcome, context: Context, run: Run) -> Value:
    trace = run.trace
    return {
        "bounds": bounds_value(run.bounds),
        "steps": run.steps,
        "claim": run.claim,
        "facts": [{"what": what, "value": value} for what, value in run.facts],
        "lanes": [{"name": name, "blocks": list(blocks)} for name, blocks in trace.lanes],
        "moments": [
            {
                "lane": moment.lane,
                "block": moment.block,
                "step": None if moment.where is None else _step(moment.where),
                "event": moment.event,
                "detail": moment.detail,
                "location": moment.location,
                "changes": [
                    {"what": one.what, "before": one.before, "after": one.after}
                    for one in moment.changes
                ],
            }
            for moment in trace.moments
        ],
        "schedule": {
            "moves": [
                {"lane": move.lane, "flush": move.flush, "callback": move.callback}
                for move in trace.schedule.moves
            ],
            "choices": [
                {"lane": lane, "chosen": list(chosen)} for lane, chosen in trace.schedule.choices
            ],
        },
        "replay": list(replay_command(protocol, context, run, outcome.model)),
        "why": None if run.why is None else _why(run.why),
        "unfinished": None if run.unfinished is None else _unfinished(run.unfinished),
    }


def _why(why: Why) -> Value:
    def place(one: Place) -> Value:
        return {"number": one.number, "lane": one.lane, "text": one.text}

    facts = [{"first": place(first), "second": place(second)} for first, second in why.facts]
    return {"facts": list(facts), "free": list(why.free)}


def _unfinished(unfinished: Unfinished) -> Value:
    return {
        "missing": unfinished.missing.value,
        "cause": unfinished.cause.value,
        "reason": unfinished.reason,
    }


def file_value(protocol: Checked) -> Value:
    """The file of a protocol, and which of its variants it is where it has several."""
    text = protocol.text
    own: dict[str, Value] = {"name": text.name, "digest": text.digest}
    return own | {"variant": protocol.variant} if protocol.variant else own


def bounds_value(bounds: Bounds) -> Value:
    """The bounds as the schema has them."""
    lanes: dict[str, Value] = dict(bounds.lanes)
    return {"updates": bounds.updates, "lanes": lanes, "rounds": bounds.rounds}


def _step(where: Where) -> Value:
    return {
        "number": where.number,
        "block": where.block,
        "label": where.label,
        "text": where.text,
        "line": where.span.line,
    }


def _place(span: Span) -> Value:
    return {
        "line": span.line,
        "column": span.column,
        "end_line": span.end_line,
        "end_column": span.end_column,
    }
