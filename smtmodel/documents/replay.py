"""A run of the interpreter that somebody asked for: its table, and what it shows."""

from collections.abc import Iterator

from smtmodel.documents.answer import Context, versions_of
from smtmodel.documents.document import Block, Document, Lines, Ordering, Title, spans
from smtmodel.documents.scope import bounds_text, counted
from smtmodel.documents.table import table_of
from smtmodel.executions.replay import Replayed
from smtmodel.language.checked import Checked


def replay_document(protocol: Checked, model: str, context: Context, run: Replayed) -> Document:
    """The document about a run."""
    bounds = bounds_text(protocol, protocol.bounds)
    size = counted(run.step_count, "steps")
    title = spans(f"of {context.file} at {bounds} ({model}): {size}")
    blocks: list[Block] = [Title("Replay", title)]
    if run.trace.moments:
        blocks.append(Ordering(table_of(run.trace), "", ()))
    blocks.append(Lines(tuple(map(spans, _shown(run)))))
    made = versions_of(protocol, context)
    return Document("replay", tuple(blocks), (), made, (protocol.text,))


def _shown(run: Replayed) -> Iterator[str]:
    """What the run violates and reaches, and how it ends."""
    for verb, names in (("violates", run.violated), ("reaches", run.reached)):
        for name in names:
            facts = ", ".join(f"{what} == {value}" for what, value in run.facts(name))
            yield f"{verb} {name}: {facts}" if facts else f"{verb} {name}"
    if run.complete:
        yield "every lane has run to its end"
    else:
        yield "nothing can go on" if run.over else "the run could go on"
