"""What a run shows: the facts at its end, and why it goes wrong, in a sentence."""

from smtmodel.documents.document import CodeSpan, Spans, joined, spans
from smtmodel.documents.scope import ranges
from smtmodel.language.checked import (
    DEADLOCK,
    LOCK_MISUSE,
    NEGATIVE_OPERAND,
    NULL_DEREFERENCE,
    OUT_OF_BOUNDS,
    OVERFLOW,
    UNWRITTEN_READ,
    USE_AFTER_FREE,
    Asserted,
    BuiltIn,
    Checked,
)
from smtmodel.language.quote import quotes
from smtmodel.solving.result import Missing, Place, Result, Run


def why_texts(run: Run) -> tuple[Spans, ...]:
    """The sentence, and the steps that it does not name; nothing if nobody knows why.

    That a limit was reached before it was known is said."""
    unfinished = run.unfinished
    if unfinished is not None and unfinished.missing is Missing.WHY:
        return (spans(f"Why: not worked out: {unfinished.reason}."),)
    if run.why is None or not run.why.facts:
        return ()
    chains = _chains(list(run.why.facts))
    lanes: dict[str, set[str]] = {}
    places = [place for chain in chains for place in chain]
    for place in places:
        lanes.setdefault(place.text, set()).add(place.lane)
    effects = {place.text for place in places if place.number is None}
    for moment in run.trace.moments:
        if moment.where is not None and moment.where.text in effects:
            lanes[moment.where.text].add(moment.lane)  # no number says which one is meant
    several = frozenset(step for step, names in lanes.items() if len(names) > 1)
    sentences = joined("; ", (_sentence(chain, several) for chain in chains))
    texts = [spans("Why: ", sentences, ".")]
    if run.why.free:
        others = ", ".join(ranges(sorted(run.why.free)))
        texts.append(spans(f"Where the other steps stand does not matter: {others}."))
    return tuple(texts)


def _chains(facts: list[tuple[Place, Place]]) -> list[list[Place]]:
    """The facts, those joined where one ends at the place at which another begins."""
    chains: list[list[Place]] = []
    for first, second in facts:
        for chain in chains:
            if chain[-1] == first:
                chain.append(second)
                break
        else:
            chains.append([first, second])
    return chains


def _sentence(chain: list[Place], several: frozenset[str]) -> Spans:
    """The chain in words; a step of `several` lanes is told with its lane.

    Numbers are a chain too where it is about whole steps; else each stands by its event. There
    are none where something has its place between the steps.
    """
    whole = not any(place.part for place in chain)
    each = not whole and all(place.number is not None for place in chain)
    words = [_place(place, several, numbered=each) for place in chain]
    numbers = f" ({' < '.join(str(place.number) for place in chain)})" if whole else ""
    return spans(words[0], " comes before ", joined(", and that before ", words[1:]), numbers)


def _place(place: Place, several: frozenset[str], *, numbered: bool) -> Spans:
    part = f"{place.part} " if place.part else ""
    lane = f" of {place.lane}" if place.text in several else ""
    number = f" ({place.number})" if numbered else ""
    return spans(part, CodeSpan(place.text), lane + number)


BUILT_IN_TEXTS = {
    DEADLOCK: "some lanes wait, each for what only they, or lanes that have ended, could give",
    NULL_DEREFERENCE: "a null pointer is followed",
    OUT_OF_BOUNDS: "an index lies outside its array",
    NEGATIVE_OPERAND: "the left side of an operator that takes none is negative",
    OVERFLOW: "a result is too large",
    UNWRITTEN_READ: "a field of an object is read before it is written",
    USE_AFTER_FREE: "a freed object is used",
    LOCK_MISUSE: "a step that may sleep is reached where the lane must not sleep",
}
"""What it is that happens where a built-in property is violated."""


def stated(protocol: Checked, name: str) -> str:
    """The property of that name as the text states it; a built-in one in words."""
    for one in protocol.properties:
        if one.name == name:
            built_in = isinstance(one, BuiltIn)
            text = BUILT_IN_TEXTS[name] if built_in else quotes(protocol.text).at(one.span)
            return f"{name}: {text}" if isinstance(one, BuiltIn | Asserted) else text
    return ""


def banner(result: Result) -> str:
    """The facts at the end of a result's run, on one line; nothing without a run."""
    run = result.run
    if run is None:
        return ""
    if result.name == DEADLOCK:
        return ", ".join(f"{lane} waits at {step}" for lane, step in run.facts)
    return run.claim or ", ".join(f"{what} == {value}" for what, value in run.facts)
