"""The changes that `needed` tries, and what becomes of the proofs, in tables."""

from collections.abc import Iterable, Sequence

from smtmodel.analysis.needed import Attempt, Needs, effect, orders
from smtmodel.analysis.variants import Variant
from smtmodel.analysis.words import Mutation, Necessity
from smtmodel.documents import document as doc
from smtmodel.documents.document import CodeSpan, Spans, StepSpan, joined, spans
from smtmodel.documents.scope import in_words, size_text
from smtmodel.solving.result import Result, Sort

COMPACT = {Mutation.SWAP: "order of neighbours", Mutation.TWICE: "once only, not twice"}
"""Changes that are listed by their steps alone where they make no difference."""


def attempted(needs: Needs, *, every: bool) -> list[doc.Block]:
    """What became of the proofs, with `every` also where nothing did."""
    tables = _Tables(needs, every=every)
    return [
        *tables.refuted(),
        *tables.vacuous(),
        *tables.unclaimed(),
        *tables.unknown(),
        *tables.the_same(),
    ]


class _Tables:
    """The tables about one protocol. Of a built-in property it is said what its proof needs and
    what is not known, no more."""

    def __init__(self, needs: Needs, *, every: bool) -> None:
        self.needs = needs
        self.every = every
        built_in = {one.name for one in needs.outcome.results if one.sort is Sort.BUILT_IN}
        self.stated = [name for name in needs.names if name not in built_in]
        self.showing = {id(one) for name in needs.names for _, one in orders(needs.attempts, name)}

    def _of(self, attempt: Attempt, wanted: Necessity, names: Iterable[str]) -> list[Result]:
        found = [attempt.of(name) for name in names]
        return [one for one in found if one is not None and effect(one) is wanted]

    # ------------------------------------------------------------ what goes wrong

    def refuted(self) -> list[doc.Block]:
        """What is refuted by each change; orders that turn more than others do with `every`."""
        rows, more = [], 0
        for attempt in self.needs.attempts:
            results = self._of(attempt, Necessity.NEEDED, self.needs.names)
            if results and not self.every and self._is_implied(attempt.variant):
                more += 1
            elif results:
                rows.append(self._refuted(attempt.variant, results))
        blocks: list[doc.Block] = []
        if rows:
            blocks.append(doc.Rows(spans("refuted with this change:"), tuple(rows)))
        if more:
            what = "1 further order is" if more == 1 else f"{more} further orders are"
            words = f"{what} refuted: what is named above is turned there too (-v lists them)."
            blocks.append(doc.say(words))
        return blocks

    def _is_implied(self, variant: Variant) -> bool:
        return bool(variant.turned) and id(variant) not in self.showing

    def _refuted(self, variant: Variant, results: Sequence[Result]) -> doc.Row:
        runs = [(one.name, one.run) for one in results if one.run is not None]
        shown = runs if self.every else sorted(runs, key=lambda one: one[1].steps)[:1]
        below: dict[str, list[str]] = {}
        for name, run in shown:
            assert variant.protocol is not None
            model = self.needs.outcome.model
            words = in_words(variant.protocol, run.bounds, run.trace, model)
            below.setdefault(words, []).append(name)
        alone = len(self.needs.names) == 1
        told = tuple(
            spans(words if alone or len(results) == 1 else f"{', '.join(names)}: {words}")
            for words, names in below.items()
        )
        return doc.Row((*cells(variant), spans(_sizes(results, alone=alone))), told)

    def vacuous(self) -> list[doc.Block]:
        """Of which changes nothing is said any more."""
        rows = []
        for attempt in self.needs.attempts:
            results = self._of(attempt, Necessity.USELESS, self.stated)
            if results:
                told = _by_reason(results, self.stated)
                rows.append(doc.row(*cells(attempt.variant), told))
        heading = spans("VACUOUS with this change:")
        return [doc.Rows(heading, tuple(rows))] if rows else []

    def unclaimed(self) -> list[doc.Block]:
        """The changes that take away what is claimed."""
        rows = []
        for attempt in self.needs.attempts:
            names = [name for name in self.stated if attempt.results and attempt.of(name) is None]
            if names:
                rows.append(doc.row(*cells(attempt.variant), ", ".join(names)))
        return (
            [doc.Rows(spans("not claimed any more with this change:"), tuple(rows))] if rows else []
        )

    # ------------------------------------------------------------ the rest

    def unknown(self) -> list[doc.Block]:
        """The changes of which it is not known what they do to a proof, property by property."""
        groups: dict[tuple[doc.Row, ...], list[str]] = {}
        for name in self.needs.names:
            pairs = [
                (attempt.variant, one)
                for attempt in self.needs.attempts
                for one in self._of(attempt, Necessity.UNKNOWN, [name])
            ]
            if pairs:
                groups.setdefault(_not_known(pairs), []).append(name)
        return [
            doc.Rows(spans(f"not known for {', '.join(names)}:"), rows)
            for rows, names in groups.items()
        ]

    def the_same(self) -> list[doc.Block]:
        """The changes that make no difference to any proof."""
        same = [
            attempt.variant
            for attempt in self.needs.attempts
            if attempt.results
            and all(effect(one) is Necessity.NOT_NEEDED for one in attempt.results)
            and all(attempt.of(name) is not None for name in self.stated)
        ]
        if not same or not self.stated:
            return []
        if not self.every:
            count = "1 change makes" if len(same) == 1 else f"{len(same)} changes make"
            return [doc.say(f"{count} no difference to any proof (-v lists them).")]
        rows = [doc.row(*cells(one)) for one in same if one.change not in COMPACT]
        for change, words in COMPACT.items():
            own = ["/".join(one.names) for one in same if one.change is change]
            rows += [doc.row("", words, " ".join(dict.fromkeys(own)))] if own else []
        return [doc.Rows(spans("no difference to any proof:"), tuple(rows))]


def _sizes(results: Sequence[Result], *, alone: bool) -> str:
    """What is refuted, in how many steps."""
    sizes: dict[str, list[str]] = {}
    for one in results:
        size = "" if one.run is None else f" in {size_text(one.run)}"
        sizes.setdefault(size, []).append(one.name)
    if alone:
        return "".join(f"refuted{size}" for size in sizes)
    return ", ".join(f"{', '.join(names)}{size}" for size, names in sizes.items())


def _by_reason(results: Sequence[Result], stated: Sequence[str]) -> str:
    """Why nothing is said; of which properties, where not of all."""
    reasons: dict[str, list[str]] = {}
    for one in results:
        reasons.setdefault(one.reason, []).append(one.name)
    if len(reasons) == 1 and len(results) == len(stated):
        return results[0].reason
    return "; ".join(f"{', '.join(names)}: {reason}" for reason, names in reasons.items())


def _not_known(pairs: Sequence[tuple[Variant, Result]]) -> tuple[doc.Row, ...]:
    reasons = {result.reason for _, result in pairs}
    if len(pairs) > 1 and len(reasons) == 1:
        return (doc.Row((spans(f"{len(pairs)} changes"), *map(spans, reasons))),)
    return tuple(doc.row(*cells(variant), result.reason) for variant, result in pairs)


# ---------------------------------------------------------------- one change


def cells(variant: Variant) -> tuple[Spans, ...]:
    """The step, its text, and what was done to it."""
    return spans(variant.names[0]), spans(StepSpan(variant.texts[0])), done(variant)


def done(variant: Variant) -> Spans:
    """What a variant does to its step, in words."""
    words = _done(variant)
    if variant.also:
        also = " ".join(one.name for one in variant.also)
        return spans(words, f", and with it {also}")
    return words


def _done(variant: Variant) -> Spans:
    match variant.change:
        case Mutation.PAIR:
            ends = " ".join(variant.names[1:])
            return spans(f"dropped with {ends}" if ends else "dropped")
        case Mutation.SWAP | Mutation.LATER | Mutation.EARLIER as change:
            side = "before" if change is Mutation.EARLIER else "after"
            others = f", with {' '.join(variant.names[2:])}" if variant.names[2:] else ""
            return spans(f"{side} {variant.names[1]}{others}")
        case Mutation.PART:
            return spans("without ", CodeSpan(variant.part))
        case Mutation.WEAKER:
            return spans("as ", CodeSpan(variant.part))
        case change:
            return spans(change.value)


def changed(variant: Variant) -> Spans:
    """A change: ``25 `synchronize_srcu(srcu)` dropped``."""
    name, text = variant.names[0], variant.texts[0]
    return joined(" ", (spans(name), spans(CodeSpan(text)), done(variant)))
