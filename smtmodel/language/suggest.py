"""What a misspelt name may have meant."""

from collections.abc import Iterable

ALIKE = 0.75
"""How much of two words is the same, from 0 to 1, where one is a misspelling of the other."""
LONGEST = 60
"""Longer names get no suggestion: comparing them takes time quadratic in their length."""


def suggest(name: str, known: Iterable[str]) -> str:
    """`did you mean …?` for a name close to a known one, else nothing."""
    if len(name) > LONGEST:
        return ""
    from difflib import get_close_matches

    near = sorted(one for one in known if len(one) <= LONGEST and one != name)
    close = get_close_matches(name, near, n=1, cutoff=0.6)
    return f"did you mean `{close[0]}`?" if close else ""


def suggest_call(name: str, known: Iterable[str]) -> str:
    """The same for what is called, where each word of the name is spelt nearly as the known one.

    The kernel has many names that differ from one of these in a word and mean something else:
    `refcount_add` is no `refcount_read`, `kref_put` the opposite of `kref_get`.
    """
    return suggest(name, (one for one in known if _misspelt(name, one)))


def _misspelt(name: str, known: str) -> bool:
    from difflib import SequenceMatcher

    ours, theirs = name.split("_"), known.split("_")
    return len(ours) == len(theirs) and all(
        one == other or SequenceMatcher(None, one, other).ratio() >= ALIKE
        for one, other in zip(ours, theirs, strict=True)
    )
