"""The tables of the grammar as plain data, and how they are kept between runs.

The parser generator makes them once (`smtmodel.language.parse`); `smtmodel.language.derive` runs
them. Knows neither the generator nor the language.
"""

import marshal
from typing import Any

from smtmodel.source.record import record

END = "$END"
"""The terminal after the last one of a text."""


@record
class Terminal:
    """A terminal: `text` is how it is written if that is one way only, else `pattern` says how.

    `words` are the texts of the pattern that are other terminals where those can stand: a keyword
    is also a name.
    """

    name: str
    text: str
    pattern: str
    words: dict[str, str]


@record
class Rule:
    """A rule of so many parts; `kept` are the places of those that the derivation keeps.

    With `single` a part that is kept alone stands for the whole.
    """

    name: str
    origin: str
    size: int
    kept: tuple[int, ...]
    single: bool


@record
class Tables:
    """What to do in each state of the parser.

    An action for a terminal is the next state, or if negative `~` the number of the rule that ends
    there; `gotos` give the next state after a rule. `readers` has for each state the numbers of the
    terminals to look for, the first that fits counts.
    """

    terminals: tuple[Terminal, ...]
    ignored: frozenset[str]
    rules: tuple[Rule, ...]
    starts: dict[str, int]
    actions: tuple[dict[str, int], ...]
    gotos: tuple[dict[str, int], ...]
    readers: tuple[tuple[int, ...], ...]


def freeze(tables: Tables) -> bytes:
    """The tables as bytes, for this version of Python only."""
    return marshal.dumps(_plain(tables))


def thaw(content: bytes) -> Tables:
    """The tables that were frozen."""
    terminals, ignored, rules, *rest = marshal.loads(content)
    words = tuple(Terminal(*one) for one in terminals)
    return Tables(words, ignored, tuple(Rule(*one) for one in rules), *rest)


def _plain(tables: Tables) -> tuple[Any, ...]:
    terminals = [(one.name, one.text, one.pattern, one.words) for one in tables.terminals]
    rules = [(one.name, one.origin, one.size, one.kept, one.single) for one in tables.rules]
    return (
        *(terminals, tables.ignored, rules),
        *(tables.starts, tables.actions, tables.gotos, tables.readers),
    )
