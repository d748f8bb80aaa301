"""What the proofs of a protocol lean on, in sentences."""

from collections.abc import Iterable, Sequence

from smtmodel.analysis.closest import LEAVES_OUT
from smtmodel.analysis.needed import Needs, Order, effect, orders
from smtmodel.analysis.variants import Variant
from smtmodel.analysis.words import Mutation, Necessity
from smtmodel.documents import document as doc
from smtmodel.documents.document import CodeSpan, Spans, joined, spans, text_of
from smtmodel.solving.result import Sort
from smtmodel.source.record import record


def leaning(needs: Needs) -> list[doc.Block]:
    """The sentences: what several properties lean on is said once, what most do first."""
    parts = {name: _supports(needs, name) for name in needs.names}
    sharing: dict[tuple[str, ...], list[_Support]] = {}
    for part in dict.fromkeys(one for own in parts.values() for one in own):
        names = tuple(name for name, own in parts.items() if part in own)
        sharing.setdefault(names, []).append(part)
    told: set[str] = set()
    blocks: list[doc.Block] = []
    for names in sorted(sharing, key=len, reverse=True):
        blocks.append(_sentence(names, sharing[names], besides=told >= set(names)))
        told.update(names)
    stated = {one.name for one in needs.outcome.results if one.sort is not Sort.BUILT_IN}
    nothing = [n for n in needs.names if not parts[n] and n in stated and _is_known(needs, n)]
    if nothing:
        verb = "need" if nothing[1:] else "needs"
        blocks.append(doc.say(f"{listed(nothing)} {verb} none of what was changed."))
    return blocks


@record
class _Support:
    """Something that a proof leans on; `sort` says in which part of the sentence it stands."""

    sort: str
    text: Spans


STEP, ONCE, ORDER = "", "that", "the order"


def _is_known(needs: Needs, name: str) -> bool:
    """Whether it is known of a property, for every change, that it does not need it."""
    found = [effect(r) for one in needs.attempts if (r := one.of(name)) is not None]
    return bool(found) and Necessity.UNKNOWN not in found


def _sentence(names: Sequence[str], parts: Sequence[_Support], *, besides: bool) -> doc.Say:
    verb = "lean" if names[1:] else "leans"
    also = " also" if besides else ""
    told = [one.text for one in parts if one.sort == STEP]
    once = [text_of(one.text) for one in parts if one.sort == ONCE]
    order = [one.text for one in parts if one.sort == ORDER]
    if once:
        told.append(spans(f"that {listed(once)} {'are' if once[1:] else 'is'} done only once"))
    if order:
        told.append(spans("the order ", joined(", ", order)))
    return doc.say(f"{listed(names)} {verb}{also} on ", joined("; ", told), ".")


def listed(words: Iterable[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    *most, last = words
    return f"{', '.join(most)} and {last}" if most else last


def _supports(needs: Needs, name: str) -> list[_Support]:
    """What a property needs: the parts, that some are done only once, and their order."""
    needed = [
        attempt.variant
        for attempt in needs.attempts
        if (result := attempt.of(name)) is not None and effect(result) is Necessity.NEEDED
    ]
    found = [_Support(STEP, _part(one)) for one in needed if one.change in LEAVES_OUT]
    found += [_Support(ONCE, spans(v.names[0])) for v in needed if v.change is Mutation.TWICE]
    found += [_Support(ORDER, spans(order_text(one))) for one, _ in orders(needs.attempts, name)]
    return [*dict.fromkeys(found)]


def _part(variant: Variant) -> Spans:
    """A part that is left out, as it is written."""
    if variant.change is Mutation.PART:
        return spans(CodeSpan(variant.part), f" in {variant.names[0]}")
    return spans(f"{variant.names[0]} ", CodeSpan(variant.texts[0]))


def order_text(order: Order) -> str:
    """`19 before 21`; of several pairs that one of them is enough."""
    pairs = sorted(order, key=lambda pair: (pair[0].line, pair[0].name, pair[1].line, pair[1].name))
    return " or ".join(f"{first.name} before {second.name}" for first, second in pairs)
