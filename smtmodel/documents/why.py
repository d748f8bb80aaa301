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
    """The sentence, and what is said of the steps that it does not name; or for what reason
    there is none. Nothing of a run that nobody was to explain."""
    unfinished, why = run.unfinished, run.why
    if unfinished is not None and unfinished.missing is Missing.WHY:
        return (spans(f"Why: not worked out: {unfinished.reason}."),)
    if why is None:
        return ()
    sentences = joined("; ", map(_sentence, _chains(list(why.facts))))
    any_order = "it goes wrong in every order in which the lanes come this far, and no farther"
    texts = [spans("Why: ", sentences if why.facts else any_order, ".")]
    if why.paths:
        texts.append(spans("Known of runs in which each lane makes all these steps, no others."))
    elif why.free and why.facts:
        others = ", ".join(ranges(sorted(why.free)))
        far = "With each lane this far and no farther"
        texts.append(spans(f"{far}, it does not matter where the other steps stand: {others}."))
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


def _sentence(chain: list[Place]) -> Spans:
    """The chain in words. Its numbers are a chain too where it is about whole steps; else each
    stands by its event."""
    whole = all(place.number is not None and not place.part for place in chain)
    words = [_place(place, numbered=not whole) for place in chain]
    numbers = f" ({' < '.join(str(place.number) for place in chain)})" if whole else ""
    return spans(words[0], " comes before ", joined(", and that before ", words[1:]), numbers)


def _place(place: Place, *, numbered: bool) -> Spans:
    number = f" ({place.number})" if numbered and place.number is not None else ""
    if not place.text:
        return spans(f"{place.part} of {place.lane}")
    part = f"{place.part} " if place.part else ""
    return spans(part, CodeSpan(place.text), f" of {place.lane}{number}")


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
            if name == LOCK_MISUSE and any(lock.struct for lock in protocol.locks):
                text += ", or an object is freed while a lock of it is held"
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
