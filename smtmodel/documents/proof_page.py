"""What a review says of a proof besides: what it needs, and the closest call.

Takes what is known of the proofs of a protocol besides the verdicts; gives parts of proofs. Asks
nothing and decides nothing.
"""

from collections.abc import Sequence

from smtmodel.analysis.closest import LEAVES_OUT, Closest, absence
from smtmodel.analysis.needed import Attempt, Needs, effect, orders
from smtmodel.analysis.words import Mutation, Necessity
from smtmodel.documents.answer import Page, PageText
from smtmodel.documents.changes import changed
from smtmodel.documents.document import Aspect, ProofPart, Spans, spans
from smtmodel.documents.leaning import order_text
from smtmodel.documents.needed import call_texts
from smtmodel.documents.scope import size_text
from smtmodel.solving.result import Result

Names = tuple[str, ...]
Lines = tuple[Spans, ...]
Tried = list[tuple[Attempt, list[Result]]]


def page_text(page: Page, file: str, proofs: Sequence[Names]) -> PageText:
    """What the page says of each proof, given the properties that head each."""
    if page.needs is None:
        return PageText(tuple(() for _ in proofs), page.judged)
    headed = {name for names in proofs for name in names}
    besides = tuple(name for name in page.needs.names if name not in headed)
    return PageText(
        tuple(
            (
                *_needs(page.needs, names, (*names, *besides)),
                *_part(Aspect.CLOSEST_CALL, _calls(page.calls, page.needs, names, file)),
            )
            for names in proofs
        ),
        page.judged,
    )


def _part(aspect: Aspect, lines: Lines) -> tuple[ProofPart, ...]:
    return (ProofPart(aspect, lines),) if lines else ()


# ---------------------------------------------------------------- needed


def _needs(needs: Needs, headed: Names, names: Names) -> tuple[ProofPart, ...]:
    """What is needed for one of these properties, or for none of them; `headed` are those that
    the page is about."""
    stated = [name for name in names if name in needs.names]
    tried: dict[Necessity, Tried] = {one: [] for one in Necessity}
    for attempt in needs.attempts:
        results = [one for name in stated if (one := attempt.of(name)) is not None]
        lost = any(attempt.of(name) is None for name in headed if name in needs.names)
        if lost and attempt.results and not any(effect(r) is Necessity.NEEDED for r in results):
            tried[Necessity.USELESS].append((attempt, results))
            continue
        for sort in (Necessity.NEEDED, Necessity.UNKNOWN, Necessity.USELESS, Necessity.NOT_NEEDED):
            there = [one for one in results if effect(one) is sort]
            if there:
                tried[sort].append((attempt, there))
                break
    unknown = [results[0] for _, results in tried[Necessity.UNKNOWN]]
    spare = _without(tried[Necessity.NOT_NEEDED])
    bounds = (spans("at these bounds; with more updates or lanes more may be needed"),)
    lacks = (
        *_needed(tried[Necessity.NEEDED], headed, stated),
        *_orders(needs, tuple(stated), tried[Necessity.NEEDED]),
    )
    if not lacks and spare and not unknown:
        lacks = (spans("none of what was changed"),)
    return (
        *_part(Aspect.NEEDED, lacks),
        *_part(Aspect.VACUOUS_WITHOUT, _without(tried[Necessity.USELESS])),
        *_part(Aspect.NOT_NEEDED, (*spare, *bounds) if spare else ()),
        *_part(Aspect.NOT_KNOWN, _unknown(unknown)),
    )


def _needed(tried: Tried, headed: Names, stated: list[str]) -> Lines:
    """What is missed where it is left out, with the size of the smallest violation."""
    return tuple(
        spans(changed(attempt.variant), ": refuted", _whose(attempt, results, headed, stated))
        for attempt, results in tried
        if attempt.variant.change in LEAVES_OUT
    )


def _whose(attempt: Attempt, results: list[Result], headed: Names, stated: list[str]) -> str:
    """In how many steps; and which properties, where not all that the page is about, or not in
    as many."""
    sizes: dict[str, list[str]] = {}
    for one in results:
        size = "" if one.run is None else f" in {size_text(one.run)}"
        sizes.setdefault(size, []).append(one.name)
    names = [one.name for one in results]
    if len(sizes) == 1 and set(headed) <= set(names):
        return next(iter(sizes))
    told = ",".join(f" for {', '.join(own)}{size}" for size, own in sizes.items())
    others = [found for name in stated if name not in names and (found := attempt.of(name))]
    unknown = [found.name for found in others if effect(found) is Necessity.UNKNOWN]
    return told + (f"; not known for {', '.join(unknown)}" if unknown else "")


def _orders(needs: Needs, names: Names, tried: Tried) -> Lines:
    """The pairs of steps whose order matters, and the steps that must not be done twice."""
    variants = [attempt.variant for attempt, _ in tried]
    pairs = dict.fromkeys(
        order_text(one) for name in names for one, _ in orders(needs.attempts, name)
    )
    twice = [v.names[0] for v in variants if v.change is Mutation.TWICE]
    lines = [spans(f"the order {', '.join(pairs)}")] if pairs else []
    return (*lines, *([spans(f"once only, not twice: {', '.join(twice)}")] if twice else []))


def _without(tried: Tried) -> Lines:
    return tuple(changed(one.variant) for one, _ in tried if one.variant.change in LEAVES_OUT)


def _unknown(results: list[Result]) -> Lines:
    reasons = dict.fromkeys(one.reason for one in results)
    return tuple(
        spans(f"{sum(one.reason == reason for one in results)} changes: {reason}")
        for reason in reasons
    )


# ---------------------------------------------------------------- the closest call


def _calls(calls: Sequence[Closest], needs: Needs, names: Names, file: str) -> Lines:
    lines = [line for call in calls if call.name in names for line in call_texts(call, file)]
    known = {call.name for call in calls}
    reasons = [(name, absence(needs, name)) for name in names if name not in known]
    lines += [spans(f"{name}: {why.value}") for name, why in reasons if why is not None]
    return tuple(lines)
