"""What a misspelt name may have meant."""

from collections.abc import Iterable

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
