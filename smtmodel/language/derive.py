"""From a text to its derivation by the grammar, or to the place at which there is none.

Runs the tables of an LALR parser (`smtmodel.language.tables`): which rule ends where is theirs.
Which terminals are looked for depends on the state, so that a keyword is one only where it can
stand. A word is read as a whole: `sharedx` is not `shared x`.
"""

import re
from collections.abc import Callable, Iterator

from smtmodel.language.scan import Scan
from smtmodel.language.tables import END, Rule, Tables, Terminal
from smtmodel.source import Span
from smtmodel.source.record import record
from smtmodel.source.tree import Node, Word

NOWHERE = Span(1, 1, 1, 1)
"""The place of a rule that has no parts."""

_STEPS = ("RETURN", "RBRACE")
"""Where both can stand, steps follow each other."""

_Kept = Node | Word | list["Node | Word"] | None
"""What a rule amounts to, or the parts that stand in its place; None of a terminal until it is
kept."""

_Value = tuple[_Kept, int, int]
"""With the offsets of begin and end, or -1 of nothing."""

_Match = Callable[[str, int], int]
"""Gives where a terminal ends that begins at the offset; -1 if none does."""


@record
class Occurrence:
    """A terminal of the text, from one offset to another."""

    name: str
    start: int
    end: int


@record
class DeadEnd:
    """Where a text cannot go on, after which terminal, and what could stand there.

    `begin` is the offset of the step or item that it is in, `in_block` tells which; `anew`: what
    stands there could begin another.
    """

    offset: int
    before: Occurrence | None
    accepted: tuple[str, ...]
    begin: int
    in_block: bool
    anew: bool


class Deriver:
    """The tables with what was worked out of them so far, for any number of texts."""

    def __init__(self, tables: Tables) -> None:
        self.tables = tables
        self._matches = [_written(one.text) if one.text else None for one in tables.terminals]
        self._readers: dict[tuple[tuple[int, ...], str], list[tuple[Terminal, _Match]]] = {}

    def derive(self, content: str, scanned: Scan, start: str) -> Node | DeadEnd:
        """The derivation of a whole text from the rule `start`."""
        stack = _Stack(self.tables, content, scanned, start)
        before: Occurrence | None = None
        for here in self._occurrences(stack):
            whole = scanned.words.get(here.start, here.end) == here.end
            if not (whole and here.name and stack.take(here)):
                return DeadEnd(here.start, before, stack.accepted(), *stack.unfinished(here))
            before = here
        return stack.root()

    def accepted(self, content: str, scanned: Scan, start: str, offset: int) -> tuple[str, ...]:
        """What could stand at the offset, where the derivation gets as far as that."""
        stack = _Stack(self.tables, content, scanned, start)
        for here in self._occurrences(stack):
            if here.start >= offset:
                break
            stack.take(here)
        return stack.accepted()

    def _occurrences(self, stack: "_Stack") -> Iterator[Occurrence]:
        """The terminals of the text, one without a name where there is none."""
        offset, size, ignored = 0, len(stack.content), self.tables.ignored
        while offset < size:
            name, end = self._next(stack, offset)
            if name not in ignored:
                yield Occurrence(name, offset, end)
            offset = end
        yield Occurrence(END, size, size)

    def _next(self, stack: "_Stack", offset: int) -> tuple[str, int]:
        """The terminal at an offset and where it ends."""
        content, top = stack.content, stack.states[-1]
        for terminal, match in self._candidates(top, content[offset]):
            end = match(content, offset)
            if end >= 0:
                word = terminal.words.get(content[offset:end]) if terminal.words else None
                return (word if word in self.tables.actions[top] else terminal.name), end
        return "", offset

    def _candidates(self, top: int, first: str) -> list[tuple[Terminal, _Match]]:
        """The terminals that may begin with a character in a state."""
        key = self.tables.readers[top], first
        if key not in self._readers:
            there = [(number, self.tables.terminals[number]) for number in key[0]]
            able = [(n, one) for n, one in there if not one.text or one.text[0] == first]
            self._readers[key] = [(one, self._match(number)) for number, one in able]
        return self._readers[key]

    def _match(self, number: int) -> _Match:
        match = self._matches[number]
        if match is None:
            match = self._matches[number] = _fitting(self.tables.terminals[number].pattern)
        return match


def _written(text: str) -> _Match:
    return lambda content, offset: offset + len(text) if content.startswith(text, offset) else -1


def _fitting(pattern: str) -> _Match:
    match = re.compile(pattern).match

    def end(content: str, offset: int) -> int:
        found = match(content, offset)
        return -1 if found is None else found.end()

    return end


class _Stack:
    """A text that is derived up to some place: the states of the parser, and what was derived."""

    def __init__(self, tables: Tables, content: str, scanned: Scan, start: str) -> None:
        self.tables = tables
        self.content = content
        self.scanned = scanned
        self.states = [tables.starts[start]]
        self._values: list[_Value] = []

    def root(self) -> Node:
        """What was derived, once the end was taken."""
        root, _, _ = self._values[0]
        assert isinstance(root, Node)
        return root

    def take(self, here: Occurrence) -> bool:
        """Go on by a terminal, after the rules that end before it; whether it can stand here."""
        tables, states, values = self.tables, self.states, self._values
        while (action := tables.actions[states[-1]].get(here.name)) is not None:
            if action >= 0:
                states.append(action)
                values.append((None, here.start, here.end))
                return True
            rule = tables.rules[~action]
            _reduce(tables, states, rule)
            first = len(values) - rule.size
            values[first:] = [self._made(rule, values[first:])]
        return False

    def accepted(self) -> tuple[str, ...]:
        """The terminals that could be taken next."""
        return tuple(name for name in self.tables.actions[self.states[-1]] if self._takes(name))

    def unfinished(self, here: Occurrence) -> tuple[int, bool, bool]:
        """Where the innermost step or item begins, whether it is a step, and whether `here` could
        begin another."""
        states, actions = self.states, self.tables.actions
        lists = (n for n in reversed(range(len(states))) if _is_list(actions[states[n]]))
        level = next(lists, 0)
        there = actions[states[level]]
        in_block = _shifts(there, "RETURN")
        complete = all(self._takes(name) for name in (_STEPS if in_block else ("NEVER",)))
        inside = level < len(self._values) and not complete
        begin = self._values[level][1] if inside else here.start
        return begin, in_block, _shifts(there, here.name)

    def _takes(self, name: str) -> bool:
        states = [*self.states]
        while (action := self.tables.actions[states[-1]].get(name)) is not None:
            if action >= 0:
                return True
            _reduce(self.tables, states, self.tables.rules[~action])
        return False

    def _made(self, rule: Rule, parts: list[_Value]) -> _Value:
        """What the parts of a rule amount to."""
        inside = rule.origin[0] == "_"
        if inside and len(parts) == 1 and isinstance(parts[0][0], list):
            return parts[0]
        begin = next((start for _, start, _ in parts if start >= 0), -1)
        end = next((stop for _, _, stop in reversed(parts) if stop >= 0), -1)
        kept: list[Node | Word] = []
        for place in rule.kept:
            value, start, stop = parts[place]
            if value is None:
                kept.append(self._word(start, stop))
            elif not isinstance(value, list):
                kept.append(value)
            elif kept:
                kept += value
            else:
                kept = value  # what is repeated from its left grows in place
        if inside:
            return kept, begin, end
        if rule.single and len(kept) == 1:
            return kept[0], begin, end
        span = NOWHERE if begin < 0 else self.scanned.span(begin, end)
        return Node(rule.name, tuple(kept), span), begin, end

    def _word(self, start: int, end: int) -> Word:
        return Word(self.content[start:end], self.scanned.span(start, end))


def _is_list(actions: dict[str, int]) -> bool:
    """Whether steps or items follow each other in a state: one could begin there, or none."""
    items = _shifts(actions, "NEVER") or _shifts(actions, "PROTOCOL")
    return items or all(_shifts(actions, name) for name in _STEPS)


def _shifts(actions: dict[str, int], name: str) -> bool:
    """Whether a terminal can stand in a state before any rule ends."""
    return actions.get(name, -1) >= 0


def _reduce(tables: Tables, states: list[int], rule: Rule) -> None:
    """Leave the states of a rule's parts, for that of the rule."""
    del states[len(states) - rule.size :]
    states.append(tables.gotos[states[-1]][rule.origin])
