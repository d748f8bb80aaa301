"""What the proofs of a protocol need, as a sheet."""

from collections.abc import Sequence

from smtmodel.analysis.closest import Closest
from smtmodel.analysis.needed import Attempt, Necessity, Needs, effect
from smtmodel.analysis.variants import Mutation, Variant
from smtmodel.reports.diff import followed_run, stop_text
from smtmodel.reports.json import Value, bounds_value, file_value
from smtmodel.reports.scope import bounds_text, counted, size_text
from smtmodel.reports.sheet import Block, Row, Rows, Say, Sheet, Title, in_lines
from smtmodel.reports.view import Context, versions
from smtmodel.solving.result import Extent, Result, Sort
from smtmodel.verdict import Verdict

COMPACT = (Mutation.SWAP, Mutation.TWICE)
"""Changes that are listed by their lines alone where they make no difference."""

LIMITED = (
    "With more updates or lanes more may be needed; and a step may have a purpose that no `reach`"
    " goal states."
)


def needed_sheet(needs: Needs, context: Context, calls: Sequence[Closest] = ()) -> Sheet:
    """The sheet about what was found, and the closest `calls` of the proofs."""
    protocol, outcome = needs.protocol, needs.outcome
    scope = bounds_text(protocol, outcome.bounds, _extents(needs))
    title = Title("NEEDED", f"{context.file}: what its proofs need, for {scope} ({outcome.model})")
    blocks: list[Block] = [title, *_unproved(needs)]
    for name in needs.names:
        blocks += _property(needs, name)
    blocks += _only_one(needs)
    refused = [one.variant for one in needs.attempts if one.variant.protocol is None]
    if refused:
        rows = tuple(Row((*_cells(one), one.refused)) for one in refused)
        blocks.append(Rows("not tried, because the rest is no protocol:", rows))
    for call in calls:
        blocks += _call(call, context)
    if needs.names:
        blocks.append(Say(LIMITED, "At these bounds"))
    runs = [r.run for one in needs.attempts for r in one.results if r.verdict is Verdict.REFUTED]
    blocks.append(Say(versions(protocol, context, replayed=bool(runs))))
    lines = tuple(
        f"Result {context.file} {one.name} {one.verdict.value} {one.seconds:.2f}s"
        for one in outcome.results
    )
    return Sheet("needed", tuple(blocks), lines, _value(needs, context), (protocol.text,))


def _extents(needs: Needs) -> tuple[Extent, ...]:
    """How far the proofs reach, if all reach as far."""
    found = {one.extents for one in needs.outcome.results if one.name in needs.names}
    return next(iter(found)) if len(found) == 1 else ()


def _unproved(needs: Needs) -> list[Block]:
    """What is not known to be proved, and so was not asked about."""
    open_ = [r for r in needs.outcome.results if r.verdict is Verdict.UNKNOWN]
    if open_:
        names = ", ".join(one.name for one in open_)
        return [Say(f"not asked about, because nothing is known of it: {names}: {open_[0].reason}")]
    return [] if needs.names else [Say("Nothing is proved, so that no proof needs anything.")]


def _property(needs: Needs, name: str) -> list[Block]:
    """What the proof of one property needs and, unless it is built in, what it does not."""
    stated = {one.name for one in needs.outcome.results if one.sort is not Sort.BUILT_IN}
    found: dict[Necessity, list[tuple[Variant, Result]]] = {one: [] for one in Necessity}
    gone: list[Row] = []
    for attempt in needs.attempts:
        result = attempt.of(name)
        if result is not None:
            found[effect(result)].append((attempt.variant, result))
        elif attempt.results:
            gone.append(Row((*_cells(attempt.variant), "what it claims goes with it")))
    parts = [
        (f"{name} needs:", found[Necessity.NEEDED], COMPACT[:0]),
        (f"{name} would be VACUOUS:", found[Necessity.USELESS], COMPACT),
        (f"{name} does not need:", found[Necessity.NOT_NEEDED], COMPACT),
    ]
    blocks: list[Block] = []
    for heading, pairs, compact in parts:
        rows = [_row(variant, result) for variant, result in pairs if variant.change not in compact]
        for change in compact:
            lines = [v.lines for v, _ in pairs if v.change is change]
            rows += [_compact(change, lines)] if lines else []
        if rows:
            blocks.append(Rows(heading, tuple(rows)))
    blocks += [Rows(f"{name} would not be claimed:", tuple(gone))] if gone else []
    unknown = _unknown(name, found[Necessity.UNKNOWN])
    if not found[Necessity.NEEDED] and any(found.values()) and not unknown:
        blocks.insert(0, Say(f"{name} needs none of what was changed."))
    elif not found[Necessity.NEEDED] and name not in stated:
        blocks = []
    return [*(blocks if name in stated else blocks[:1]), *unknown]


def _unknown(name: str, pairs: list[tuple[Variant, Result]]) -> list[Block]:
    """The changes of which it is not known what they do to a proof."""
    heading = f"{name}, not known:"
    reasons = {result.reason for _, result in pairs}
    if len(pairs) > 1 and len(reasons) == 1:
        return [Rows(heading, (Row((f"{len(pairs)} changes", *reasons)),))]
    rows = tuple(_row(*one) for one in pairs)
    return [Rows(heading, rows)] if rows else []


def _row(variant: Variant, result: Result) -> Row:
    told = {
        Necessity.USELESS: result.reason,
        Necessity.NOT_NEEDED: "",
        Necessity.UNKNOWN: result.reason,
    }
    if result.run is None or result.verdict is not Verdict.REFUTED:
        return Row((*_cells(variant), told.get(effect(result), "")))
    size = size_text(result.run)
    ordering = in_lines(result.run.trace)
    return Row((*_cells(variant), f"refuted in {size}"), (ordering,) if ordering else ())


def _compact(change: Mutation, lines: list[tuple[int, ...]]) -> Row:
    """The lines of changes that make no difference."""
    pairs = " ".join(dict.fromkeys("/".join(map(str, one)) for one in lines))
    words = "order of neighbours" if change is Mutation.SWAP else "once only, not twice"
    return Row(("", words, pairs))


def _cells(variant: Variant) -> tuple[str, ...]:
    """The line, the step, and what was done to it."""
    return str(variant.lines[0]), variant.texts[0], done(variant)


def done(variant: Variant) -> str:
    """What a variant does to its step, in words."""
    match variant.change:
        case Mutation.PAIR:
            ends = " ".join(map(str, variant.lines[1:]))
            words = f"dropped with {ends}" if ends else "dropped"
        case Mutation.SWAP:
            words = f"after {variant.lines[1]}"
        case Mutation.PART:
            words = f"without `{variant.part}`"
        case change:
            words = change.value
    if variant.also:
        words += f", and with it {' '.join(str(line) for line, _ in variant.also)}"
    return words


def _only_one(needs: Needs) -> list[Block]:
    """What only one of several proofs needs."""
    needing = [name for name in needs.names if any(_needs(one, name) for one in needs.attempts)]
    if len(needing) < 2:
        return []
    rows: list[Row] = []
    for attempt in needs.attempts:
        names = [name for name in needs.names if _needs(attempt, name)]
        if len(names) == 1:
            rows.append(Row((*_cells(attempt.variant), names[0])))
    return [Rows("changes that one proof alone does not survive:", tuple(rows))] if rows else []


def _needs(attempt: Attempt, name: str) -> bool:
    result = attempt.of(name)
    return result is not None and effect(result) is Necessity.NEEDED


def changed(variant: Variant) -> str:
    """A change: ``25 `synchronize_srcu(srcu)` dropped``."""
    return f"{variant.lines[0]} `{variant.texts[0]}` {done(variant)}"


def call_texts(call: Closest, file: str) -> tuple[str, ...]:
    """How a run comes close to violating a property, and what stops it."""
    size = size_text(call.run)
    what = f"with {changed(call.without)}, {call.name} is violated in {size}"
    made = f"after {counted(call.made, 'steps')} " if call.followed.stopped and call.made else ""
    return (
        f"{what} ({in_lines(call.run.trace)})",
        f"{made}that run{stop_text(call.followed, file)}",
    )


def _call(call: Closest, context: Context) -> list[Block]:
    """The same, and the run as far as the protocol makes it."""
    told = Say(f"{'; '.join(call_texts(call, context.file))}.", "Closest call")
    return [told, *followed_run(call.followed)]


# ---------------------------------------------------------------- for programs


def _value(needs: Needs, context: Context) -> Value:
    outcome = needs.outcome
    return {
        "kind": "needed",
        "file": file_value(needs.protocol),
        "model": outcome.model,
        "bounds": bounds_value(outcome.bounds),
        "properties": list(needs.names),
        "variants": [_variant(one) for one in needs.attempts],
    }


def _variant(attempt: Attempt) -> Value:
    variant = attempt.variant
    return {
        "change": variant.change.name.lower(),
        "block": variant.block,
        "lines": list(variant.lines),
        "steps": list(variant.texts),
        "part": variant.part or None,
        "also": [line for line, _ in variant.also],
        "refused": variant.refused or None,
        "results": [
            {
                "name": one.name,
                "verdict": one.verdict.value,
                "effect": effect(one).value,
                "reason": one.reason,
                "steps": one.run.steps if one.run else None,
                "ordering": in_lines(one.run.trace) if one.run else None,
            }
            for one in attempt.results
        ],
    }
