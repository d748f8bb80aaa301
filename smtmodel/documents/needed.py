"""What the proofs of a protocol need: the answer of `needed`."""

from collections.abc import Sequence

from smtmodel.analysis.closest import Closest
from smtmodel.analysis.needed import Attempt, Needs, effect
from smtmodel.analysis.variants import Variant
from smtmodel.analysis.words import Mutation, Necessity
from smtmodel.documents import document as doc
from smtmodel.documents.answer import Analysis, Context, versions_of
from smtmodel.documents.diff import followed_run, stop_text
from smtmodel.documents.document import joined, spans
from smtmodel.documents.json import saved_bounds, saved_file
from smtmodel.documents.scope import bounds_text, counted, in_lines, size_text
from smtmodel.documents.wire import analyses as wire
from smtmodel.solving.result import Extent, Result, Sort
from smtmodel.verdict import Verdict

COMPACT = (Mutation.SWAP, Mutation.TWICE)
"""Changes that are listed by their lines alone where they make no difference."""

LIMITED = (
    "With more updates or lanes more may be needed; and a step may have a purpose that no `reach`"
    " goal states."
)


def needed_document(needs: Needs, context: Context, calls: Sequence[Closest] = ()) -> Analysis:
    """The answer about what was found, and the closest `calls` of the proofs."""
    protocol, outcome = needs.protocol, needs.outcome
    scope = bounds_text(protocol, outcome.bounds, _extents(needs))
    title = spans(f"{context.file}: what its proofs need, for {scope} ({outcome.model})")
    blocks: list[doc.Block] = [doc.Title("NEEDED", title), *_unproved(needs)]
    for name in needs.names:
        blocks += _property(needs, name)
    blocks += _only_one(needs)
    refused = [one.variant for one in needs.attempts if one.variant.protocol is None]
    if refused:
        rows = tuple(doc.row(*_cells(one), one.refused) for one in refused)
        blocks.append(doc.Rows(spans("not tried, because the rest is no protocol:"), rows))
    for call in calls:
        blocks += _call(call, context)
    if needs.names:
        blocks.append(doc.say(LIMITED, label="At these bounds"))
    runs = [r.run for one in needs.attempts for r in one.results if r.verdict is Verdict.REFUTED]
    made = versions_of(protocol, context, replayed=bool(runs))
    lines = tuple(
        doc.ResultLine(context.file, one.name, one.verdict, one.seconds) for one in outcome.results
    )
    document = doc.Document("needed", tuple(blocks), lines, made, (protocol.text,))
    return Analysis(document, _value(needs, context))


def _extents(needs: Needs) -> tuple[Extent, ...]:
    """How far the proofs reach, if all reach as far."""
    found = {one.extents for one in needs.outcome.results if one.name in needs.names}
    return next(iter(found)) if len(found) == 1 else ()


def _unproved(needs: Needs) -> list[doc.Block]:
    """What is not known to be proved, and so was not asked about."""
    open_ = [r for r in needs.outcome.results if r.verdict is Verdict.UNKNOWN]
    if open_:
        names = ", ".join(one.name for one in open_)
        why = f"not asked about, because nothing is known of it: {names}: {open_[0].reason}"
        return [doc.say(why)]
    nothing = doc.say("Nothing is proved, so that no proof needs anything.")
    return [] if needs.names else [nothing]


def _property(needs: Needs, name: str) -> list[doc.Block]:
    """What the proof of one property needs and, unless it is built in, what it does not."""
    stated = {one.name for one in needs.outcome.results if one.sort is not Sort.BUILT_IN}
    found: dict[Necessity, list[tuple[Variant, Result]]] = {one: [] for one in Necessity}
    gone: list[doc.Row] = []
    for attempt in needs.attempts:
        result = attempt.of(name)
        if result is not None:
            found[effect(result)].append((attempt.variant, result))
        elif attempt.results:
            gone.append(doc.row(*_cells(attempt.variant), "what it claims goes with it"))
    parts = [
        (f"{name} needs:", found[Necessity.NEEDED], COMPACT[:0]),
        (f"{name} would be VACUOUS:", found[Necessity.USELESS], COMPACT),
        (f"{name} does not need:", found[Necessity.NOT_NEEDED], COMPACT),
    ]
    blocks: list[doc.Block] = []
    for heading, pairs, compact in parts:
        rows = [_row(variant, result) for variant, result in pairs if variant.change not in compact]
        for change in compact:
            lines = [v.lines for v, _ in pairs if v.change is change]
            rows += [_compact(change, lines)] if lines else []
        if rows:
            blocks.append(doc.Rows(spans(heading), tuple(rows)))
    blocks += [doc.Rows(spans(f"{name} would not be claimed:"), tuple(gone))] if gone else []
    unknown = _unknown(name, found[Necessity.UNKNOWN])
    if not found[Necessity.NEEDED] and any(found.values()) and not unknown:
        blocks.insert(0, doc.say(f"{name} needs none of what was changed."))
    elif not found[Necessity.NEEDED] and name not in stated:
        blocks = []
    return [*(blocks if name in stated else blocks[:1]), *unknown]


def _unknown(name: str, pairs: list[tuple[Variant, Result]]) -> list[doc.Block]:
    """The changes of which it is not known what they do to a proof."""
    heading = spans(f"{name}, not known:")
    reasons = {result.reason for _, result in pairs}
    if len(pairs) > 1 and len(reasons) == 1:
        return [
            doc.Rows(heading, (doc.Row((spans(f"{len(pairs)} changes"), *map(spans, reasons))),))
        ]
    rows = tuple(_row(*one) for one in pairs)
    return [doc.Rows(heading, rows)] if rows else []


def _row(variant: Variant, result: Result) -> doc.Row:
    told = {
        Necessity.USELESS: result.reason,
        Necessity.NOT_NEEDED: "",
        Necessity.UNKNOWN: result.reason,
    }
    if result.run is None or result.verdict is not Verdict.REFUTED:
        return doc.row(*_cells(variant), told.get(effect(result), ""))
    size = size_text(result.run)
    ordering = spans(in_lines(result.run.trace))
    return doc.Row((*_cells(variant), spans(f"refuted in {size}")), (ordering,) if ordering else ())


def _compact(change: Mutation, lines: list[tuple[int, ...]]) -> doc.Row:
    """The lines of changes that make no difference."""
    pairs = " ".join(dict.fromkeys("/".join(map(str, one)) for one in lines))
    words = "order of neighbours" if change is Mutation.SWAP else "once only, not twice"
    return doc.row("", words, pairs)


def _cells(variant: Variant) -> tuple[doc.Spans, ...]:
    """The line, the step, and what was done to it."""
    return spans(str(variant.lines[0])), spans(doc.StepSpan(variant.texts[0])), done(variant)


def done(variant: Variant) -> doc.Spans:
    """What a variant does to its step, in words."""
    match variant.change:
        case Mutation.PAIR:
            ends = " ".join(map(str, variant.lines[1:]))
            words = spans(f"dropped with {ends}" if ends else "dropped")
        case Mutation.SWAP:
            words = spans(f"after {variant.lines[1]}")
        case Mutation.PART:
            words = spans("without ", doc.CodeSpan(variant.part))
        case change:
            words = spans(change.value)
    if variant.also:
        also = " ".join(str(line) for line, _ in variant.also)
        return spans(words, f", and with it {also}")
    return words


def _only_one(needs: Needs) -> list[doc.Block]:
    """What only one of several proofs needs."""
    needing = [name for name in needs.names if any(_needs(one, name) for one in needs.attempts)]
    if len(needing) < 2:
        return []
    rows: list[doc.Row] = []
    for attempt in needs.attempts:
        names = [name for name in needs.names if _needs(attempt, name)]
        if len(names) == 1:
            rows.append(doc.row(*_cells(attempt.variant), names[0]))
    heading = spans("changes that one proof alone does not survive:")
    return [doc.Rows(heading, tuple(rows))] if rows else []


def _needs(attempt: Attempt, name: str) -> bool:
    result = attempt.of(name)
    return result is not None and effect(result) is Necessity.NEEDED


def changed(variant: Variant) -> doc.Spans:
    """A change: ``25 `synchronize_srcu(srcu)` dropped``."""
    return spans(f"{variant.lines[0]} ", doc.CodeSpan(variant.texts[0]), " ", done(variant))


def call_texts(call: Closest, file: str) -> tuple[doc.Spans, doc.Spans]:
    """How a run comes close to violating a property, and what stops it."""
    size = size_text(call.run)
    violated = f", {call.name} is violated in {size} ({in_lines(call.run.trace)})"
    made = f"after {counted(call.made, 'steps')} " if call.followed.stopped and call.made else ""
    return (
        spans("with ", changed(call.without), violated),
        spans(f"{made}that run", stop_text(call.followed, file)),
    )


def _call(call: Closest, context: Context) -> list[doc.Block]:
    """The same, and the run as far as the protocol makes it."""
    told = doc.say(joined("; ", call_texts(call, context.file)), ".", label="Closest call")
    return [told, *followed_run(call.followed)]


# ---------------------------------------------------------------- for programs


def _value(needs: Needs, context: Context) -> wire.SavedNeeded:
    outcome = needs.outcome
    return wire.SavedNeeded(
        saved_file(needs.protocol),
        outcome.model,
        saved_bounds(outcome.bounds),
        needs.names,
        tuple(map(_variant, needs.attempts)),
    )


def _variant(attempt: Attempt) -> wire.SavedVariant:
    variant = attempt.variant
    return wire.SavedVariant(
        variant.change.name.lower(),
        variant.block,
        variant.lines,
        variant.texts,
        variant.part or None,
        tuple(line for line, _ in variant.also),
        variant.refused or None,
        tuple(map(_effect, attempt.results)),
    )


def _effect(result: Result) -> wire.SavedEffect:
    return wire.SavedEffect(
        result.name,
        result.verdict,
        effect(result),
        result.reason,
        result.run.steps if result.run else None,
        in_lines(result.run.trace) if result.run else None,
    )
