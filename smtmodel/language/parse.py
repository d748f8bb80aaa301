"""From a text to a protocol: the only file that knows the parser generator.

`parse` takes any text and gives the protocol it says or what is wrong with it; it raises
nothing whatever the text is. Names are not looked up here (`smtmodel.language.check`).
`parse_prelude` is for the one text of ours that is no protocol.

The generator is imported only to make the tables of a grammar that it has not read before.
"""

import re
import sys
from collections.abc import Iterator, Set
from functools import cache
from typing import TYPE_CHECKING

from smtmodel.language import codes, families, selection
from smtmodel.language.ast import Definition, Protocol
from smtmodel.language.build import build, build_prelude
from smtmodel.language.derive import DeadEnd, Deriver
from smtmodel.language.grammar import cache_file, generator, grammar_text, keep, load
from smtmodel.language.scan import DEPTH, Scan, scan
from smtmodel.language.tables import END, Rule, Tables, Terminal, freeze, thaw
from smtmodel.source import Diagnostic, Span, Text
from smtmodel.source.codes import EMPTY
from smtmodel.source.tree import Node

if TYPE_CHECKING:
    from lark.grammar import Rule as GrammarRule
    from lark.lexer import TerminalDef

_NESTING = frozenset(
    (
        *("if", "while", "retry", "each", "either", "atomic", "copy", "record"),
        *("or", "and", "merge", "differ", "mask", "equal", "order", "shift", "sum", "product"),
        *("not", "minus", "complement", "conditional"),
        *("access", "index", "call", "target_access", "target_index"),
    )
)

MOST = 5
"""Errors of the grammar that are told of a text."""


def parse(text: Text, variant: str = "") -> Protocol | tuple[Diagnostic, ...]:
    """The protocol that a text says, or at least one diagnostic.

    Of a text with variants the protocol of one of them, or of the first.
    """
    root = derivation(text)
    if isinstance(root, tuple):
        return root
    wrong, names = families.variants(root)
    if wrong:
        return wrong
    return build(selection.select(root, variant or names[0]) if names else root)


def derivation(text: Text) -> Node | tuple[Diagnostic, ...]:
    """The words of a text as the grammar puts them together, or at least one diagnostic."""
    scanned = scan(text)
    if isinstance(scanned, tuple):
        return scanned
    if scanned.empty:
        message = "the text has no protocol"
        suggestion = "begin with `protocol NAME`"
        return (Diagnostic(EMPTY, message, Span(1, 1, 1, 1), suggestion=suggestion),)
    return _derived(text, scanned, "start")


def parse_prelude(text: Text) -> tuple[Definition, ...]:
    """The definitions of the prelude; ValueError if the text, which is ours, is none."""
    scanned = scan(text)
    if isinstance(scanned, tuple):
        raise ValueError(scanned[0].message)
    derived = _derived(text, scanned, "prelude")
    if isinstance(derived, tuple):
        raise ValueError(f"{text.name}:{derived[0].span.line}: {derived[0].message}")
    return build_prelude(derived)


# ---------------------------------------------------------------- derivation


def _derived(text: Text, scanned: Scan, start: str) -> Node | tuple[Diagnostic, ...]:
    """The derivation of the text, or why there is none."""
    deriver = _deriver()
    derived = deriver.derive(text.content, scanned, start)
    if isinstance(derived, Node):
        deep = _too_deep(derived)
        return derived if deep is None else (deep,)
    first = _unexpected(deriver, text, scanned, derived)
    return (first, *_others(deriver, text, scanned, derived)) if start == "start" else (first,)


def _others(deriver: Deriver, text: Text, scanned: Scan, stop: DeadEnd) -> Iterator[Diagnostic]:
    """Why the text stops later, without the step or item where it stops now."""
    from smtmodel.language import recovery

    sure = True
    for _ in range(MOST - 1):
        rest = recovery.without(text, scanned, stop, whole=not sure)
        again = None if rest is None else scan(rest)
        if rest is None or not isinstance(again, Scan):
            return
        derived = deriver.derive(rest.content, again, "start")
        if isinstance(derived, Node):
            return
        sure = not recovery.dependent(rest.content, again, derived, stop)
        text, scanned, stop = rest, again, derived
        if sure:
            yield _unexpected(deriver, text, scanned, stop)


def _unexpected(deriver: Deriver, text: Text, scanned: Scan, stop: DeadEnd) -> Diagnostic:
    """Why the text cannot go on where it stops."""
    from smtmodel.language import expected

    before = None
    if stop.before is not None:
        offset, earlier = stop.before.start, tuple[str, ...]()
        if stop.before.name == "NAME":
            could = deriver.accepted(text.content, scanned, "start", offset)
            earlier = _written(deriver, could)
        before = offset, earlier
    accepted = _written(deriver, stop.accepted)
    return expected.unexpected(text, scanned, stop.offset, accepted, before)


def _written(deriver: Deriver, names: tuple[str, ...]) -> tuple[str, ...]:
    """Terminals with one way to write them as they are written, others by name."""
    texts = {one.name: one.text for one in deriver.tables.terminals if one.text}
    return tuple(sorted({texts.get(name, name) for name in names}))


def _too_deep(root: Node) -> Diagnostic | None:
    """That a derivation is too deep.

    Works with a stack of its own: the tree of `1 + 1 + …` is as deep as the text is long.
    """
    waiting = [(root, 0)]
    while waiting:
        node, depth = waiting.pop()
        depth += node.rule in _NESTING
        if depth > DEPTH:
            message = f"steps and expressions are nested more than {DEPTH} levels deep"
            return Diagnostic(codes.TOO_DEEP, message, node.span)
        waiting.extend((part, depth) for part in node.parts if isinstance(part, Node))
    return None


# ---------------------------------------------------------------- tables


@cache
def _deriver() -> Deriver:
    """What derives texts; its tables come from the cache where there are some."""
    text = grammar_text()
    file = cache_file(text, generator(), sys.version, "tables 1")
    content = load(file) if file else None
    if content is not None:
        return Deriver(thaw(content))
    tables = _made(text)
    if file:
        keep(file, freeze(tables))
    return Deriver(tables)


def _made(grammar: str) -> Tables:
    """The tables of a grammar, as the parser generator makes them."""
    import lark
    from lark.parsers.lalr_analysis import Shift

    options = {"parser": "lalr", "start": ["start", "prelude"], "maybe_placeholders": False}
    made = lark.Lark(grammar, **options)
    ignored = frozenset(map(str, made.ignore_tokens))
    table = made.parser.parser._parse_table
    terminals = sorted(made.terminals, key=_rank)
    numbers = {rule: number for number, rule in enumerate(made.rules)}
    actions: list[dict[str, int]] = []
    gotos: list[dict[str, int]] = []
    origins = {str(rule.origin.name) for rule in made.rules}
    for state in range(len(table.states)):
        does = {
            str(name): what if kind is Shift else ~numbers[what]
            for name, (kind, what) in table.states[state].items()
        }
        gotos.append({name: what for name, what in does.items() if name in origins})
        actions.append({name: what for name, what in does.items() if name not in origins})
    for state in table.end_states.values():
        actions[state][END] = state
    return Tables(
        tuple(_terminal(one, terminals) for one in terminals),
        ignored,
        tuple(_rule(one) for one in made.rules),
        dict(table.start_states),
        tuple(actions),
        tuple(gotos),
        tuple(_reader(terminals, actions[state].keys() | ignored) for state in range(len(actions))),
    )


def _rank(terminal: "TerminalDef") -> tuple[object, ...]:
    """Its place among those that are looked for, as the generator has it."""
    pattern = terminal.pattern
    return -terminal.priority, -pattern.max_width, -len(pattern.value), terminal.name


def _terminal(terminal: "TerminalDef", others: "list[TerminalDef]") -> Terminal:
    name, pattern = str(terminal.name), terminal.pattern
    if pattern.type == "str":
        return Terminal(name, str(pattern.value), "", {})
    words = {str(one.pattern.value): str(one.name) for one in others if _is_word(one, terminal)}
    return Terminal(name, "", str(pattern.to_regexp()), words)


def _is_word(terminal: "TerminalDef", of: "TerminalDef") -> bool:
    """Whether the text of a terminal is a word of another one, a pattern."""
    if (terminal.pattern.type, of.pattern.type) != ("str", "re"):
        return False
    text = terminal.pattern.value
    found = re.match(of.pattern.to_regexp(), text)
    return terminal.priority == of.priority and found is not None and found.group() == text


def _reader(terminals: "list[TerminalDef]", able: Set[str]) -> tuple[int, ...]:
    """The numbers of the terminals to look for where these can stand, without the words of
    another."""
    there = [one for one in terminals if one.name in able]
    return tuple(
        number
        for number, one in enumerate(terminals)
        if one in there and not any(_is_word(one, other) for other in there)
    )


def _rule(rule: "GrammarRule") -> Rule:
    from lark.grammar import Terminal as Symbol

    kept = tuple(
        place
        for place, part in enumerate(rule.expansion)
        if rule.options.keep_all_tokens or not (isinstance(part, Symbol) and part.filter_out)
    )
    origin, alias = str(rule.origin.name), str(rule.alias or "")
    single = bool(rule.options.expand1 and not alias)
    return Rule(alias or origin, origin, len(rule.expansion), kept, single)
