"""Says in words where a text stops being a protocol and what could stand there instead.

Takes what the parser would have accepted; gives one diagnostic. Never names a terminal.
"""

import re

from smtmodel.language import codes
from smtmodel.language.recovery import ITEMS, STEPS
from smtmodel.language.scan import Scan
from smtmodel.source import Diagnostic, Text

_ONLY = frozenset(("in", "not"))
_OPERATORS = frozenset(
    ("EQUAL", "ORDER", "SHIFT", "SUM", "PRODUCT", "&&", "||", "&", "|", "^", "?")
)
_EXPRESSION = frozenset(("NAME", "INT", "null", "!", "~", "-", "("))
_MODES = frozenset(("always", "settled", "finally"))
_NAMED = {
    "NAME": "a name",
    "INT": "a number",
    "SIGNED": "a number",
    "STRING": "a title in quotes",
    "ASSIGN": "`=`",
    "$END": "the end of the file",
}
MOST = 4


def unexpected(
    text: Text,
    scanned: Scan,
    offset: int,
    accepted: tuple[str, ...],
    before: tuple[int, tuple[str, ...]] | None,
) -> Diagnostic:
    """The diagnostic for the place `offset`, where only `accepted` could stand.

    `before` is the offset of the word or symbol just before and, if it is a name, what could
    have stood there: a mistyped keyword is read as a name and fails one word later.
    """
    if offset >= len(text.content):
        return _end(text, scanned, accepted, before)
    end = scanned.words.get(offset, offset + _symbol(text.content, offset))
    found = text.content[offset : min(end, offset + 40)]
    span = scanned.span(offset, end)
    like_c = _like_c(text, scanned, offset, accepted, before)
    if like_c is not None:
        return like_c
    if found in ITEMS and set(accepted) >= STEPS:
        return _open_block(scanned, offset, found)
    meant = _meant(found, accepted) if offset in scanned.words else ""
    if not meant and before is not None and before[0] in scanned.words and before[1]:
        word = text.content[before[0] : scanned.words[before[0]]]
        meant = _meant(word, before[1])
        if word in ITEMS and "NAME" in before[1] and set(before[1]) >= STEPS:
            return _open_block(scanned, before[0], word)
        if meant:
            span = scanned.span(before[0], scanned.words[before[0]])
            message = f"`{word}` is no keyword"
            return Diagnostic(
                codes.UNEXPECTED, message, span, suggestion=f"did you mean `{meant}`?"
            )
    suggestion = f"did you mean `{meant}`?" if meant else ""
    if before is not None:
        from smtmodel.language.habits import inside

        word = text.content[before[0] : scanned.words.get(before[0], before[0])]
        habit = inside(text.content, before[0], offset, accepted)
        if habit and not (word in _ONLY and found == "="):
            suggestion = habit
        else:
            suggestion = _of_variants(found, accepted, word, before[1]) or suggestion
    if not suggestion and found == "=" and "EQUAL" in accepted:
        suggestion = "did you mean `==`?"
    message = f"unexpected `{found}`; expected {in_words(accepted)}"
    return Diagnostic(codes.UNEXPECTED, message, span, suggestion=suggestion)


def _of_variants(found: str, accepted: tuple[str, ...], word: str, could: tuple[str, ...]) -> str:
    """What to do about a word of variants that cannot stand there; as a step could begin with a
    name, `in` and `not` are seen to be none by what follows."""
    if found == "variant" and set(accepted) >= ITEMS:
        return "variants are declared first, right below `protocol`"
    if word in _ONLY and set(could) >= STEPS:
        return f"`{word}` cannot stand here: put it and what it holds into braces"
    if word in _ONLY and accepted in (("NAME",), ("in",)):
        return f"`{word}` begins what only some variants have: a name there is called otherwise"
    return ""


def _like_c(
    text: Text,
    scanned: Scan,
    offset: int,
    accepted: tuple[str, ...],
    before: tuple[int, tuple[str, ...]] | None,
) -> Diagnostic | None:
    """The diagnostic for a declaration or a step of C, at the place or at the word before it."""
    from smtmodel.language import habits

    places = [(offset, accepted)] if before is None else [(offset, accepted), before]
    for start, could in places:
        found = None
        if set(could) >= STEPS:
            found = habits.in_steps(text.content, start)
        elif set(could) >= ITEMS:
            found = habits.in_items(text.content, start)
        elif could == ("{",) and before is not None:
            # After the name of a struct that is the type of something.
            lead = re.search(r"\bstruct\s+$", text.content[: before[0]])
            found = habits.in_items(text.content, lead.start()) if lead is not None else None
        if found is not None:
            first = re.compile(r"\w+|.", re.DOTALL).match(text.content, found.start)
            span = scanned.span(found.start, first.end() if first else found.start + 1)
            return Diagnostic(codes.UNEXPECTED, found.message, span, suggestion=found.suggestion)
    return None


def in_words(accepted: tuple[str, ...]) -> str:
    """What could stand there: at most four things, in words."""
    left = set(accepted) - {";", ".", "->", "[", "INCREMENT"}
    words: list[str] = []
    if left >= STEPS:
        words.append("a step")
        left -= STEPS | _ONLY | {"NAME"}
    if left >= ITEMS:
        words += ["a declaration", "a block of steps", "a property"]
        left -= ITEMS | _ONLY
    if left >= _EXPRESSION:
        words.append("an expression")
        left -= _EXPRESSION | {"fresh", "choose", "copy", "alloc", "{", "&"}
    if left >= _MODES:
        words.append("one of `always`, `settled`, `finally`")
        left -= _MODES
    if left & _OPERATORS:
        if not left - _OPERATORS or len(left) < 8:
            words.append("an operator")
        left -= _OPERATORS
    literal = sorted(left - set(_NAMED))
    words += [_NAMED[name] for name in sorted(left & set(_NAMED)) if name != "$END"]
    words += [f"`{one}`" for one in literal]
    if "$END" in left:
        words.append(_NAMED["$END"])
    words = words[:MOST]
    if len(words) < 2:
        return words[0] if words else "something else"
    return ", ".join(words[:-1]) + " or " + words[-1]


def _symbol(content: str, offset: int) -> int:
    """The length of the symbol at the offset."""
    if content[offset] == '"':
        return content.find('"', offset + 1) + 1 - offset
    two = content[offset : offset + 2]
    pairs = ("==", "!=", "<=", ">=", "<<", ">>", "&&", "||", "->", "..", "++", "--")
    return 2 if two in pairs else 1


def _meant(word: str, accepted: tuple[str, ...]) -> str:
    """The keyword that the word may be a misspelling of, or nothing."""
    keywords = [one for one in accepted if one.isalpha() and one.islower()]
    if not keywords or len(word) > 40:
        return ""
    from difflib import get_close_matches

    return next(iter(get_close_matches(word, keywords, n=1, cutoff=0.7)), "")


def _end(
    text: Text,
    scanned: Scan,
    accepted: tuple[str, ...],
    before: tuple[int, tuple[str, ...]] | None,
) -> Diagnostic:
    """The text ends too early: at the bracket left open, or at the last word."""
    if scanned.open:
        at = scanned.open[-1]
        message = f"this `{text.content[at]}` is never closed"
        return Diagnostic(codes.UNCLOSED, message, scanned.span(at, at + 1))
    last = len(text.content.rstrip())
    message = f"the text ends too early; expected {in_words(accepted)}"
    from smtmodel.language.habits import inside

    suggestion = "" if before is None else inside(text.content, before[0], last, accepted)
    span = scanned.span(max(last - 1, 0), last)
    return Diagnostic(codes.UNEXPECTED, message, span, suggestion=suggestion)


def _open_block(scanned: Scan, offset: int, word: str) -> Diagnostic:
    """A keyword of the top level among steps: the block before it was not closed."""
    message = f"`{word}` cannot stand among steps"
    suggestion = "close the block before it with `}`"
    left = [one for one in scanned.open if one < offset]
    if left:
        line = scanned.span(left[-1], left[-1] + 1).line
        suggestion += f": what line {line} opens is never closed"
    return Diagnostic(
        codes.UNEXPECTED,
        message,
        scanned.span(offset, offset + len(word)),
        suggestion=suggestion,
    )
