"""Why a run goes wrong, in a sentence.

Takes a run; gives lines of plain text, each a paragraph.
"""

from smtmodel.solving.result import Place, Run


def why_texts(run: Run) -> tuple[str, ...]:
    """The sentence, and the steps that it does not name; nothing if nobody knows why."""
    if run.why is None or not run.why.facts:
        return ()
    chains = _chains(list(run.why.facts))
    named = {(place.text, place.lane) for chain in chains for place in chain}
    all_texts = [text for text, _ in named]
    several = frozenset(text for text in all_texts if all_texts.count(text) > 1)
    told = "; ".join(f"{_sentence(chain, several)}{_numbers(chain)}" for chain in chains)
    texts = [f"Why: {told}."]
    if run.why.free:
        texts.append(f"Steps whose place follows from these or is free: {_ranges(run.why.free)}.")
    return tuple(texts)


def _chains(facts: list[tuple[Place, Place]]) -> list[list[Place]]:
    """The facts, those joined where one ends at the step at which another begins."""
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
    """The chain in words; a text of `several` lanes is told with its lane."""
    words = [
        (f"`{place.text}`" if place.number is not None else place.text)
        + (f" of {place.lane}" if place.text in several else "")
        for place in chain
    ]
    return f"{words[0]} comes before {', and that before '.join(words[1:])}"


def _numbers(chain: list[Place]) -> str:
    """The numbers of the steps, where all have one."""
    numbers = [place.number for place in chain if place.number is not None]
    return f" ({' < '.join(map(str, numbers))})" if len(numbers) == len(chain) else ""


def _ranges(numbers: tuple[int, ...]) -> str:
    """`1, 3-6`."""
    found: list[list[int]] = []
    for number in sorted(numbers):
        if found and number == found[-1][1] + 1:
            found[-1][1] = number
        else:
            found.append([number, number])
    return ", ".join(str(a) if a == b else f"{a}-{b}" for a, b in found)
