"""Conditions of Promela, which are texts; empty is one that never holds, or that is not needed."""

import re


def both(*conditions: str) -> str:
    """All of them; those that are empty are not needed."""
    return _joined("&&", conditions)


def either(*conditions: str) -> str:
    """Any of them; those that are empty never hold."""
    return _joined("||", conditions)


def negation(condition: str) -> str:
    """That it does not hold; of one that never holds, nothing that is needed."""
    return f"!({condition})" if condition else ""


def _joined(word: str, conditions: tuple[str, ...]) -> str:
    kept = list(dict.fromkeys(one for one in conditions if one))
    return kept[0] if len(kept) == 1 else f" {word} ".join(_within(word, one) for one in kept)


def _within(word: str, condition: str) -> str:
    """A condition that stands beside `&&` or `||`; those of the same word need no brackets."""
    loose = {"&&": ("||", "->"), "||": ("&&", "->")}[word]
    return f"({condition})" if any(sign in _outer(condition) for sign in loose) else condition


def bracketed(text: str) -> str:
    """A text that can stand beside any operator."""
    return text if re.fullmatch(r"\w*(\[\])?(\(\))?", _outer(text)) else f"({text})"


def _outer(text: str) -> str:
    """A text without what stands in its brackets."""
    kept, depth = "", 0
    for sign in text:
        depth -= sign in ")]"
        kept += sign if depth == 0 else ""
        depth += sign in "(["
    return kept


def same_name(name: str, text: str) -> bool:
    """Whether a variable stands in a text."""
    return name in re.findall(r"\w+", text)
