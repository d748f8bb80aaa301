"""What is wrong with the variants of a text, before any of them is looked at by itself.

Takes the neutral tree; gives the names of the variants, none if the text is one protocol, and
the errors. What no variant has nobody would look at, so that is an error too.
"""

from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations

from smtmodel.language import codes
from smtmodel.language.selection import (
    AROUND,
    FOR_ALL,
    ONLY,
    Family,
    claim,
    declared,
    family,
    for_any_number,
    has,
    kept,
    named,
    rank,
    select,
)
from smtmodel.language.suggest import suggest
from smtmodel.source import Diagnostic, Span
from smtmodel.source.record import replace
from smtmodel.source.tree import Node

EVERY = "all"
"""What commands call all variants: none has that name."""

ANY = "any"
"""What behind `for` is read as a word of the language."""


def variants(root: Node) -> tuple[tuple[Diagnostic, ...], tuple[str, ...]]:
    """What is wrong with the variants, and their names."""
    found = family(root)
    wrong = [*_declarations(root), *_uses(root.nodes(), found)]
    if not wrong and found.names:
        chosen = {name: select(root, name) for name in found.names}
        wrong = [*_nowhere(root.nodes(), found, found.names), *_lines(root, found, chosen)]
        wrong += _alike(root, chosen)
    return tuple(sorted(wrong, key=lambda one: (one.span, one.code.name))), found.names


def listed(found: Iterable[str]) -> str:
    """Variants in words."""
    return ", ".join(f"`{one}`" for one in found)


# ---------------------------------------------------------------- names


def _declarations(root: Node) -> Iterator[Diagnostic]:
    """What is wrong with the declarations."""
    above: list[str] = []
    every = [one.words()[0].text for one in declared(root)]
    for one in declared(root):
        name = one.words()[0]
        if name.text == EVERY:
            message = f"`{EVERY}` stands for all variants, and is the name of none"
            yield Diagnostic(codes.RESERVED_NAME, message, name.span)
        if name.text == ANY:
            message = f"`for {ANY} number` begins with it, so that it is the name of no variant"
            yield Diagnostic(codes.RESERVED_NAME, message, name.span)
        if name.text in above:
            message = f"the variant `{name.text}` is declared twice"
            yield Diagnostic(codes.VARIANT_TWICE, message, name.span)
        for other in named(one):
            if other.text not in above and other.text in every:
                message = f"the variant `{other.text}` does not stand above this one"
                yield Diagnostic(codes.UNKNOWN_VARIANT, message, other.span)
        yield from _repeated(one)
        yield from _unknown(one, every)
        above.append(name.text)


def _uses(nodes: Iterable[Node], found: Family) -> Iterator[Diagnostic]:
    """What is wrong with the names in `in`, `not in` and `for`."""
    for one in nodes:
        if one.rule in ONLY or one.rule == "for":
            yield from _repeated(one)
            yield from _unknown(one, found.names)
        if one.rule in AROUND or one.rule == "expect":
            yield from _uses(one.nodes(), found)


def _repeated(node: Node) -> Iterator[Diagnostic]:
    """The names that stand there a second time."""
    before: set[str] = set()
    for one in named(node):
        if one.text in before:
            message = f"`{one.text}` is named twice here"
            yield Diagnostic(codes.VARIANT_TWICE, message, one.span)
        before.add(one.text)


def _unknown(node: Node, known: Iterable[str]) -> Iterator[Diagnostic]:
    """The names that are no variants."""
    every = tuple(known)
    for one in named(node):
        if one.text not in every:
            hint = suggest(one.text, every) or (f"there are {listed(every)}" if every else "")
            hint = hint or "declare it first: `variant NAME`, below `protocol`"
            message = f"unknown variant `{one.text}`"
            yield Diagnostic(codes.UNKNOWN_VARIANT, message, one.span, suggestion=hint)


# ---------------------------------------------------------------- what nobody has, or all have


def _nowhere(nodes: Iterable[Node], found: Family, able: Iterable[str]) -> Iterator[Diagnostic]:
    """The parts that stand in none of the variants that have what is around them."""
    around = tuple(able)
    for one in nodes:
        inside = around
        if one.rule in ONLY:
            inside = tuple(name for name in around if has(one, found.held[name]))
            if not inside:
                message = "no variant has this"
                hint = f"around it are only {listed(around)}" if around != found.names else ""
                yield Diagnostic(codes.NOWHERE, message, _head(one), suggestion=hint)
                continue
        if one.rule in AROUND:
            yield from _nowhere(one.nodes(), found, inside)


def _head(part: Node) -> Span:
    """Where a part says which variants have it."""
    return part.span.to(named(part)[-1].span)


def _alike(root: Node, chosen: Mapping[str, Node]) -> Iterator[Diagnostic]:
    """The variants that say the same; what is expected of them and their titles tell nothing."""
    said = {name: _said(one) for name, one in chosen.items()}
    places = {one.words()[0].text: one.words()[0].span for one in declared(root)}
    for first, second in combinations(said, 2):
        if said[first] == said[second]:
            message = f"nothing tells `{second}` from `{first}`"
            hint = f"say with `in {second}:` what it changes"
            yield Diagnostic(codes.ALIKE, message, places[second], suggestion=hint)


def _said(root: Node) -> Node:
    return replace(root, parts=tuple(one for one in root.nodes() if one.rule != "expect"))


# ---------------------------------------------------------------- what is expected


def _lines(root: Node, found: Family, chosen: Mapping[str, Node]) -> Iterator[Diagnostic]:
    """The expectations that contradict each other, and those that decide nothing."""
    told = {one.span: one for one in _contradictions(root, found)}
    yield from told.values()
    deciding = {one.span for own in chosen.values() for one in own.nodes()}
    every = (one for name in found.names for one in kept(root, found.held[name]))
    for line in dict.fromkeys(one.span for one in every if one.rule == "expect"):
        if line not in deciding and line not in told:
            message = "this line decides nothing: others are nearer to every variant"
            yield Diagnostic(codes.DECIDES_NOTHING, message, line)


def _contradictions(root: Node, found: Family) -> Iterator[Diagnostic]:
    """The lines that are as near to a variant as one above and expect something else of it, and
    those that like one above speak for all."""
    for name in reversed(found.names):
        first: dict[object, Node] = {}
        for line in kept(root, found.held[name]):
            place = rank(line, name, found.held[name]) if line.rule == "expect" else None
            if place is None:
                continue
            above = first.setdefault((claim(line), place), line)
            what = claim(line)[0]
            if _verdict(above) != _verdict(line):
                message = f"line {above.span.line} expects something else of `{what}` in `{name}`"
                hint = "a line whose `for` names the variant goes first" if place else ""
                yield Diagnostic(codes.EXPECT_TWICE, message, line.span, suggestion=hint)
            elif above is not line and place == FOR_ALL:
                message = f"`{what}` has an expectation already"
                yield Diagnostic(codes.EXPECT_TWICE, message, line.span)


def _verdict(line: Node) -> tuple[str, bool]:
    return line.words()[1].text.lower(), for_any_number(line)
