"""What somebody who writes C may have meant, and how it is written here.

Takes the place at which a text stops being a protocol, or the name of a variable that is
unknown; gives a suggestion, or nothing where the text is not like C. Loaded only where
something is wrong.
"""

import re

from smtmodel.language.recovery import STEPS
from smtmodel.source.record import record

_NUMBER = r"unsigned|signed|long|short|int|char|bool|void|(?:__)?[us](?:8|16|32|64)|[a-z]\w*_t"
_DECLARED = re.compile(
    rf"(?:(?:static|extern|volatile|const)\s+)*"
    rf"(?P<type>struct\s+\w+|(?:{_NUMBER})(?:\s+(?:{_NUMBER}))*)\b"
    rf"(?P<star>[\s*]+)(?P<name>[A-Za-z_]\w*)\s*(?P<length>\[\w*\])?\s*(?P<then>=\s*\d*|\(|)"
)
_TYPE = re.compile(rf"(?:{_NUMBER})\b")
_WIDTHS = {
    **dict.fromkeys(("u8", "__u8", "uint8_t", "unsigned char"), 8),
    **dict.fromkeys(("u16", "__u16", "uint16_t", "unsigned short"), 16),
}
"""The types of C that wrap at a width that a place can have here."""
_DEFINED = re.compile(
    r"(?:DEFINE_(?:STATIC_)?|DECLARE_)"
    r"(SPINLOCK|MUTEX|RWLOCK|SRCU|RWSEM|WAIT_QUEUE_HEAD)\((\w+)\)"
)
_GUARDS = {
    "spinlock_t": "spinlock",
    "raw_spinlock_t": "spinlock",
    "rwlock_t": "rwlock",
    "struct mutex": "mutex",
    "struct rw_semaphore": "rwsem",
    "struct srcu_struct": "srcu",
    "wait_queue_head_t": "waitqueue",
}
_ABSENT = {
    "struct semaphore": (
        "there are no counting semaphores: `mutex` is one of 1, and `rwsem` has two sides"
    ),
    "struct completion": "there are no completions: write `shared done = 0` and `waitqueue q`",
}
"""Types of the kernel that have no counterpart of their own."""

_BOUNDED = "a loop has a bound: write `{}`"
_STEPS = {
    "do": _BOUNDED.format("retry N { … } until (…)"),
    "for": _BOUNDED.format("while N (…) { … }"),
    "while": _BOUNDED.format("while N (…) { … }"),
    "retry": _BOUNDED.format("retry N { … } until (…)"),
    "goto": "there are no jumps: write it with `if` and `else`, or end the block with `return`",
    "continue": "write the rest of the round in `if (…) { … }`",
    "switch": "write it with `if` and `else if`",
}
_SEQUENCES = {
    "=>": "at least is `>=`; that `a` implies `b` is `!a || b`",
    "=<": "at most is `<=`",
    "<>": "did you mean `!=`?",
    ":=": "did you mean `=`?",
    "|=": "write `x = x | …`",
    "&=": "write `x = x & …`",
}
_WORDS = {
    "and": "`and` is written `&&`",
    "or": "`or` is written `||`",
    "not": "`not` is written `!`",
    "then": "leave `then` out",
    "elif": "`elif` is written `else if`",
    "elsif": "`elsif` is written `else if`",
    "unreachable": "leave `()` out: `unreachable` stands alone",
}
_INITIAL = {
    "shared": "write `shared {} = 0`: a variable has a value from the start",
    "ghost": "write `ghost {} = 0`: a variable has a value from the start",
    "rcu": "write `rcu {}: STRUCT = null`: it is a pointer, and has a value from the start",
    "word": "write `word {} {{ … }} = {{ … }}`: its fields have values from the start",
    "const": "write `const {} = …`",
}
"""Where a declaration ends before its value, by its first word."""

_NAMES = {"NULL": "null", "true": "1", "false": "0", "TRUE": "1", "FALSE": "0"}
LONGEST = 160
"""Characters of a declaration that are looked at."""


@record
class Habit:
    """Where the text begins to be like C (an offset), what it is, and what to write."""

    start: int
    message: str
    suggestion: str


def variable(name: str) -> str:
    """What to write instead of a name of C."""
    return f"write `{_NAMES[name]}`" if name in _NAMES else ""


def in_items(content: str, offset: int) -> Habit | None:
    """At a place where a declaration could begin."""
    defined = _DEFINED.match(content[offset : offset + LONGEST])
    if defined is not None:
        kind, name = defined[1].lower().replace("wait_queue_head", "waitqueue"), defined[2]
        return Habit(offset, f"`{defined[0]}` is no declaration", f"write `{kind} {name}`")
    found = _DECLARED.match(content[offset : offset + LONGEST])
    return None if found is None else Habit(offset, *_declared(found))


def _declared(found: re.Match[str]) -> tuple[str, str]:
    type_, name = " ".join(found["type"].split()), found["name"]
    message = f"`{type_}` cannot begin a declaration"
    if found["then"] == "(":
        return message, f"code is a block: write `update {name} {{ … }}`, or `fault` or `thread`"
    if type_ in _GUARDS:
        return message, f"write `{_GUARDS[type_]} {name}`"
    if type_ in _ABSENT and "*" not in found["star"]:
        return message, _ABSENT[type_]
    length = found["length"] or ""
    if type_.startswith("struct ") and "*" not in found["star"]:
        return message, f"write `shared {name} {{ … }} = {{ … }}`, with its fields"
    if type_.startswith("struct "):
        return message, f"write `shared {name}{length}: {type_.split()[1]} = null`"
    value = found["then"].removeprefix("=").strip() or "0"
    width = f": bits {_WIDTHS[type_]}" if type_ in _WIDTHS else ""
    return message, f"write `shared {name}{length}{width} = {value}`"


def in_steps(content: str, offset: int) -> Habit | None:
    """At a place where a step could begin."""
    found = _DECLARED.match(content[offset : offset + LONGEST])
    if found is not None:
        name = found["name"]
        if found["then"].startswith("="):
            first = f"write `{name} = …`, without a type"
            wraps = "; it has no end here" if found["type"] in _WIDTHS else ""
            return Habit(offset, "a local is not declared", first + wraps)
        first = f"leave it out: `{name}` begins with its first assignment"
        return Habit(offset, "a local is not declared", first)
    word = re.match(r"\w+", content[offset : offset + 20])
    if word is not None and word[0] in _STEPS:
        return Habit(offset, f"there is no `{word[0]}`", _STEPS[word[0]])
    returned = re.search(r"\breturn[ \t]+$", content[max(0, offset - 40) : offset])
    if returned is not None and content[offset] != "=":
        start = max(0, offset - 40) + returned.start()
        what = "write `return`, which ends the block; what a `define` gives it says by `yield`"
        return Habit(start, "`return` has no value", what)
    return None


def inside(content: str, before: int, offset: int, accepted: tuple[str, ...]) -> str:
    """What to write at a place inside of a step or a declaration, after the word at `before`."""
    word = re.match(r"\w*", content[before:offset])
    first = "" if word is None else word[0]
    if first in ("while", "retry") and "INT" in accepted:
        return _STEPS[first]
    lead = content[max(0, offset - 80) : offset]
    head = re.search(r"\b(for|switch)\s*\([^;{}]*$", lead)
    if head is not None:
        return _STEPS[head[1]]
    if accepted == ("{",) and content[offset : offset + 1] == "[":
        return "a private cache has an entry for each lane; an array is a `shared cache`"
    if accepted == ("(",):
        return "a condition stands in parentheses: `(…)`"
    if first in _WORDS:
        return _WORDS[first]
    return (
        _symbol(content, offset, first, accepted)
        or _in_record(content, before, offset, accepted)
        or _in_declaration(content, before, first, accepted)
    )


def _symbol(content: str, offset: int, before: str, accepted: tuple[str, ...]) -> str:
    """At a symbol that cannot stand there, behind the word `before`."""
    found = content[offset : offset + 2]
    if found[:1] == "*" and "NAME" in accepted:
        return "a pointer is followed by naming the field: `p.f`"
    if found == "==" and "ASSIGN" in accepted:
        return "did you mean `=`?"
    if found[:1] == "=" and before in STEPS:
        return f"`{before}` begins a step: choose another name"
    if found[:1] == ";" and {",", "}"} <= set(accepted):
        return "write `,`"
    return _SEQUENCES.get(found) or _SEQUENCES.get(content[offset - 1 : offset + 1], "")


def _in_record(content: str, before: int, offset: int, accepted: tuple[str, ...]) -> str:
    """Among the values of an entry or an object."""
    behind = ":" in accepted  # of a name; the braces may also be those of a list
    named = re.match(r"\.?(\w+)\s*=(?!=)", content[before if behind else offset :][:LONGEST])
    opens = content[before] == "{" and "NAME" in accepted
    if (opens or accepted == ("NAME",) or {*accepted} <= {":", ",", "}"}) and named is not None:
        return f"write `{named[1]}: …`"
    if accepted == ("NAME",) and content[before] == "{":
        return "name each field: `{ field: 0 }`"
    return ""


def _in_declaration(content: str, before: int, word: str, accepted: tuple[str, ...]) -> str:
    """Behind the word of a declaration that begins at `before`."""
    pointer = re.match(r"struct\s+(\w+)[\s*]+(\w+)", content[before : before + 200])
    if pointer is not None and ":" in accepted:
        return f"write `{pointer[2]}: {pointer[1]}`"
    if _TYPE.fullmatch(word) and ":" in accepted:
        if word in _WIDTHS:
            return f"write `: bits {_WIDTHS[word]}` behind the name, and no type before it"
        return "leave the type out: a number has none"
    if "=" not in accepted:
        return ""
    form = re.search(r"\b([a-z]+)\s+$", content[max(0, before - LONGEST) : before])
    if form is not None and form[1] in _INITIAL:
        return _INITIAL[form[1]].format(word)
    return "write `= …` behind it: what is declared has a value from the start"
