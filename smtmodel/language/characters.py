"""Characters and numbers that the language does not have, and what to write instead.

Takes what the first look at a text refuses; gives a suggestion, or nothing. Loaded only where
something is wrong.
"""

import re

_HASHES = {
    "#": "a comment begins with `//`",
    "#define": "a name for a number is declared by `const NAME = …`",
    "#include": "leave it out: a protocol is one file",
    **dict.fromkeys(
        ("#if", "#ifdef", "#ifndef", "#else", "#endif"),
        "leave it out: no part of a text is left out by a condition",
    ),
}
_CHARACTERS = {
    "\\": "leave it out: line ends mean nothing",
    **dict.fromkeys("“”„‟«»″", 'write `"`'),
    **dict.fromkeys("‘’‚‛′'`", 'leave it out: only a title has quotes, and those are `"`'),
    **dict.fromkeys("‐‑‒–—−", "write `-`"),
    "…": "write `..`",
    "≤": "write `<=`",
    "≥": "write `>=`",
    "≠": "write `!=`",
    "→": "write `->`",
    "×": "write `*`",
    "¬": "write `!`",
    "∧": "write `&&`",
    "∨": "write `||`",
}
"""Of characters that the language does not have: what to write instead."""

_NUMERAL = re.compile(
    r"(?:(?P<hex>0x[0-9a-f]+)|0b(?P<bin>[01]+)|(?P<oct>0[0-7]+)|(?P<dec>0|[1-9][0-9]*))"
    r"(?:u?l{0,2}|l{1,2}u)",
    re.IGNORECASE,
)
_BASES = {"hex": 16, "bin": 2, "oct": 8, "dec": 10}
_DIGITS = 40
"""Characters of a number of C that is translated."""


def character(found: str) -> str:
    """What to write instead of a text that begins with a character that has no meaning."""
    if found[0] == "#":
        return _HASHES.get(found.split()[0], _HASHES["#"])
    if found[0].isspace():
        return "write a blank"
    if not found[0].isprintable():
        return "leave it out: it is not seen"
    return _CHARACTERS.get(found[0], "")


def numeral(word: str, limit: int) -> str:
    """What to write instead of a word that begins with a digit and is no number; a literal
    is smaller than the limit."""
    number = _NUMERAL.fullmatch(word[:_DIGITS])
    if word.isdigit() and number is None:
        return "leave out the zeros before it"
    if number is None or number.lastgroup is None or len(word) > _DIGITS:
        return "a number has only digits, and a name begins with a letter or `_`"
    digits, base = number[number.lastgroup], _BASES[number.lastgroup]
    value = int(digits, base)
    reason = "numbers are without a suffix" if base != 2 else "numbers are not binary"
    shown = digits if base != 2 else hex(value)
    return f"write `{shown}`: {reason}" if value < limit else f"{reason} and smaller than {limit}"
