"""Why a run goes wrong, in a sentence.

Takes a run; gives lines of plain text, each a paragraph. The text of a place is a step as it
was written, or the words for one of its events, which quote the step.
"""

from smtmodel.documents.scope import ranges
from smtmodel.solving.result import Missing, Place, Run


def why_texts(run: Run) -> tuple[str, ...]:
    """The sentence, and the steps that it does not name; nothing if nobody knows why.

    That a limit was reached before it was known is said."""
    unfinished = run.unfinished
    if unfinished is not None and unfinished.missing is Missing.WHY:
        return (f"Why: not worked out: {unfinished.reason}.",)
    if run.why is None or not run.why.facts:
        return ()
    chains = _chains(list(run.why.facts))
    lanes: dict[str, set[str]] = {}
    places = [place for chain in chains for place in chain]
    for place in places:
        lanes.setdefault(_step(place), set()).add(place.lane)
    effects = {_step(place) for place in places if place.number is None}
    for moment in run.trace.moments:
        if moment.where is not None and moment.where.text in effects:
            lanes[moment.where.text].add(moment.lane)  # no number says which one is meant
    several = frozenset(step for step, names in lanes.items() if len(names) > 1)
    texts = [f"Why: {'; '.join(_sentence(chain, several) for chain in chains)}."]
    if run.why.free:
        others = ", ".join(ranges(sorted(run.why.free)))
        texts.append(f"Where the other steps stand does not matter: {others}.")
    return tuple(texts)


def _step(place: Place) -> str:
    """The step of a place."""
    return place.text.split("`")[1] if "`" in place.text else place.text


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


def _sentence(chain: list[Place], several: frozenset[str]) -> str:
    """The chain in words; a step of `several` lanes is told with its lane.

    Numbers are a chain too where it is about whole steps; else each stands by its event. There
    are none where something has its place between the steps.
    """
    whole = all("`" not in place.text for place in chain)
    numbered = all(place.number is not None for place in chain)
    words = []
    for place in chain:
        word = f"`{place.text}`" if "`" not in place.text else place.text
        word += f" of {place.lane}" if _step(place) in several else ""
        words.append(f"{word} ({place.number})" if numbered and not whole else word)
    numbers = f" ({' < '.join(str(place.number) for place in chain)})" if whole else ""
    return f"{words[0]} comes before {', and that before '.join(words[1:])}{numbers}"
