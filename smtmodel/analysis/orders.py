"""All orders of a block's steps that respect the data they depend on.

Takes a protocol as parsed; gives the orders of the steps at the top of one block, each as a
protocol that is checked again. Which steps stay in order `smtmodel.analysis.dependencies` says.
"""

from collections.abc import Iterator
from functools import cache

from smtmodel.analysis.dependencies import Pairs, dependencies
from smtmodel.analysis.variants import head
from smtmodel.language import ast
from smtmodel.language.check import check
from smtmodel.language.checked import Checked
from smtmodel.language.quote import quotes
from smtmodel.language.step_names import StepNames
from smtmodel.source import Text
from smtmodel.source.record import record, replace


@record
class Order:
    """An order of a block's steps, as their indices in the text; `refused` says why it is no
    protocol, if it is none."""

    steps: tuple[int, ...]
    protocol: Checked | None
    refused: str = ""


@record
class Ordered:
    """The block whose steps are put in order. `lines`, `names` and `texts` are those of its steps,
    `depends` what stays in order, `count` the number of orders in all."""

    block: str
    lines: tuple[int, ...]
    names: tuple[str, ...]
    texts: tuple[str, ...]
    depends: Pairs
    count: int


def ordered(protocol: ast.Protocol, text: Text, base: Checked, name: str) -> Ordered:
    """What there is to know about the orders of a block before any is made."""
    block = _block(protocol, name)
    quoted, names = quotes(text), StepNames(base)
    depends = dependencies(protocol, block)
    return Ordered(
        name,
        tuple(step.span.line for step in block.steps),
        tuple(names.at(step.span) for step in block.steps),
        tuple(head(quoted, step) for step in block.steps),
        depends,
        _count(len(block.steps), depends),
    )


def orders(
    protocol: ast.Protocol, text: Text, base: Checked, about: Ordered, most: int
) -> Iterator[Order]:
    """The orders, that of the text first, at most so many; all at the bounds of `base`."""
    block = _block(protocol, about.block)
    for made, steps in enumerate(_extensions(len(block.steps), about.depends)):
        if made == most:
            return
        moved = replace(block, steps=tuple(block.steps[index] for index in steps))
        items = tuple(moved if item is block else item for item in protocol.items)
        found = check(replace(protocol, items=items), text, base.excused)
        if isinstance(found, Checked):
            yield Order(steps, replace(found, bounds=base.bounds, variant=base.variant))
        else:
            yield Order(steps, None, f"{found[0].message} [{found[0].code.name}]")


def _block(protocol: ast.Protocol, name: str) -> ast.Block:
    """The block of that name, which exists."""
    return next(b for b in protocol.items if isinstance(b, ast.Block) and b.name == name)


def in_common(found: list[tuple[int, ...]], depends: Pairs) -> Pairs:
    """What is in the same order in all of these, beyond what depends on each other."""
    if not found:
        return frozenset()
    pairs = {(a, b) for i, a in enumerate(found[0]) for b in found[0][i + 1 :]}
    for steps in found[1:]:
        place = {step: index for index, step in enumerate(steps)}
        pairs = {(a, b) for a, b in pairs if place[a] < place[b]}
    known = _closure(depends)
    return _reduced(frozenset(pairs)) - known


def satisfies(steps: tuple[int, ...], pairs: Pairs) -> bool:
    """Whether an order has all of these pairs in order."""
    place = {step: index for index, step in enumerate(steps)}
    return all(place[a] < place[b] for a, b in pairs)


def _closure(pairs: Pairs) -> Pairs:
    found = set(pairs)
    while True:
        more = {(a, d) for a, b in found for c, d in found if b == c} - found
        if not more:
            return frozenset(found)
        found |= more


def _reduced(pairs: Pairs) -> Pairs:
    """The pairs that do not follow from two others."""
    return frozenset(
        (a, c) for a, c in pairs if not any((a, b) in pairs and (b, c) in pairs for b, _ in pairs)
    )


# ---------------------------------------------------------------- extensions


def _extensions(size: int, depends: Pairs) -> Iterator[tuple[int, ...]]:
    """All orders of 0, 1, … that respect the pairs, in lexicographic order."""
    before = {step: {a for a, b in depends if b == step} for step in range(size)}

    def extend(taken: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
        if len(taken) == size:
            yield taken
        for step in range(size):
            if step not in taken and before[step] <= set(taken):
                yield from extend((*taken, step))

    yield from extend(())


def _count(size: int, depends: Pairs) -> int:
    """How many orders there are."""
    before = {step: frozenset(a for a, b in depends if b == step) for step in range(size)}

    @cache
    def ways(taken: frozenset[int]) -> int:
        if len(taken) == size:
            return 1
        free = (s for s in range(size) if s not in taken and before[s] <= taken)
        return sum(ways(taken | {step}) for step in free)

    return ways(frozenset())
