"""What the proofs of a protocol need: the answer of `needed`.

First, property by property, the sentence that somebody would send on; then what was changed, and
what became of the proofs. Properties that the same is said of share a sentence and a row.
"""

from collections.abc import Sequence

from smtmodel.analysis.closest import Closest
from smtmodel.analysis.needed import Attempt, Needs, effect
from smtmodel.analysis.variants import Variant
from smtmodel.documents import document as doc
from smtmodel.documents.answer import Analysis, Context, versions_of
from smtmodel.documents.assumptions import without_effect
from smtmodel.documents.changes import attempted, cells, changed
from smtmodel.documents.diff import followed_run, stop_text
from smtmodel.documents.document import joined, spans
from smtmodel.documents.json import saved_bounds, saved_file
from smtmodel.documents.leaning import leaning, listed
from smtmodel.documents.scope import bounds_text, counted, in_words, size_text
from smtmodel.documents.wire import analyses as wire
from smtmodel.solving.result import Extent, Result, Sort
from smtmodel.verdict import Verdict

LIMITED = (
    "With more updates or lanes more may be needed; and a step may have a purpose that no `reach`"
    " goal states."
)


def needed_document(
    needs: Needs, context: Context, calls: Sequence[Closest] = (), *, every: bool = False
) -> Analysis:
    """The answer about what was found, and the closest `calls` of the proofs; with `every` also
    the changes that make no difference."""
    protocol, outcome = needs.protocol, needs.outcome
    scope = bounds_text(protocol, outcome.bounds, extents(needs))
    title = spans(f"{context.file}: what its proofs need, for {scope} ({outcome.model})")
    blocks: list[doc.Block] = [doc.Title("NEEDED", title), *unproved(needs)]
    blocks += leaning(needs)
    blocks += attempted(needs, every=every)
    blocks += _refused([one.variant for one in needs.attempts], every=every)
    for call in calls:
        blocks += _call(call, context)
    if needs.names:
        blocks += [doc.say(one, label="Leaves out") for one in _idle(needs)]
        blocks.append(doc.say(LIMITED, label="At these bounds"))
    runs = [r.run for one in needs.attempts for r in one.results if r.verdict is Verdict.REFUTED]
    made = versions_of(protocol, context, replayed=bool(runs))
    lines = tuple(
        doc.ResultLine(context.file, one.name, one.verdict, one.seconds) for one in outcome.results
    )
    document = doc.Document("needed", tuple(blocks), lines, made, (protocol.text,))
    return Analysis(document, saved_needs(needs))


def _idle(needs: Needs) -> tuple[str, ...]:
    """The barriers that were not taken away, because the model knows nothing of them."""
    return without_effect(needs.protocol, needs.outcome.model)


def extents(needs: Needs) -> tuple[Extent, ...]:
    """How far the proofs reach, if all reach as far."""
    found = {one.extents for one in needs.outcome.results if one.name in needs.names}
    return next(iter(found)) if len(found) == 1 else ()


def unproved(needs: Needs) -> list[doc.Block]:
    """What is not known to be proved, and so was not asked about."""
    open_ = [r for r in needs.outcome.results if r.verdict is Verdict.UNKNOWN]
    if open_:
        names = ", ".join(one.name for one in open_)
        why = f"not asked about, because nothing is known of it: {names}: {open_[0].reason}"
        return [doc.say(why)]
    if not needs.names:
        return [doc.say("Nothing is proved, so that no proof needs anything.")]
    stated = {r.name for r in needs.outcome.results if r.sort not in (Sort.BUILT_IN, Sort.REACH)}
    if not stated or stated & set(needs.names):
        return []
    words = f"None of its claims is proved: this is about {listed(needs.names)} alone."
    return [doc.say(words)]


def _refused(variants: Sequence[Variant], *, every: bool) -> list[doc.Block]:
    """The changes of which the rest is no protocol."""
    refused = [one for one in variants if one.protocol is None]
    if not refused:
        return []
    if not every:
        count = "1 change was" if len(refused) == 1 else f"{len(refused)} changes were"
        return [doc.say(f"{count} not tried, because the rest is no protocol (-v lists them).")]
    rows = tuple(doc.row(*cells(one), one.refused) for one in refused)
    return [doc.Rows(spans("not tried, because the rest is no protocol:"), rows)]


def call_texts(call: Closest, file: str) -> tuple[doc.Spans, doc.Spans]:
    """How a run comes close to violating a property, and what stops it."""
    size = size_text(call.run)
    violated = f", {call.name} is violated in {size} ({call_words(call)})"
    made = f"after {counted(call.made, 'steps')} " if call.followed.stopped and call.made else ""
    return (
        spans("with ", changed(call.without), violated),
        spans(f"{made}that run", stop_text(call.followed, file)),
    )


def call_words(call: Closest) -> str:
    """The run that violates a property once a part is left out."""
    assert call.without.protocol is not None
    return in_words(call.without.protocol, call.run.bounds, call.run.trace, call.model)


def _call(call: Closest, context: Context) -> list[doc.Block]:
    """The same, and the run as far as the protocol makes it."""
    told = doc.say(joined("; ", call_texts(call, context.file)), ".", label="Closest call")
    return [told, *followed_run(call.followed)]


# ---------------------------------------------------------------- for programs


def saved_needs(needs: Needs) -> wire.SavedNeeded:
    """What was tried, and what became of the proofs."""
    outcome = needs.outcome
    return wire.SavedNeeded(
        saved_file(needs.protocol),
        outcome.model,
        saved_bounds(outcome.bounds),
        needs.names,
        tuple(_variant(one, outcome.model) for one in needs.attempts),
    )


def _variant(attempt: Attempt, model: str) -> wire.SavedVariant:
    variant = attempt.variant
    return wire.SavedVariant(
        variant.change.name.lower(),
        variant.block,
        variant.lines,
        variant.texts,
        variant.part or None,
        tuple(one.line for one in variant.also),
        variant.refused or None,
        tuple(_effect(variant, one, model) for one in attempt.results),
    )


def _effect(variant: Variant, result: Result, model: str) -> wire.SavedEffect:
    run, protocol = result.run, variant.protocol
    return wire.SavedEffect(
        result.name,
        result.verdict,
        effect(result),
        result.reason,
        run.steps if run else None,
        in_words(protocol, run.bounds, run.trace, model) if run and protocol else None,
    )
