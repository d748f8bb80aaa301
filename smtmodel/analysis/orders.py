"""All orders of a block's steps that respect the data they depend on.

Takes a protocol as parsed; gives the orders of the steps at the top of one block, each as a
protocol that is checked again. A step stays behind another one if it uses a local that the
other assigns, if both touch the same place as it is written in the text and one writes it, or
if both are about the same lock or section; asserts, ghosts' steps and steps that may return
stay where they are among all others. So every order does the same when nothing else runs.
"""

from collections.abc import Iterator
from functools import cache

from smtmodel.analysis.variants import Claims, head
from smtmodel.language import ast
from smtmodel.language.check import check
from smtmodel.language.checked import Checked
from smtmodel.language.names_in import names_in, parts_of, reads_of
from smtmodel.language.primitives import (
    PRIMITIVES,
    Entering,
    Leaving,
    Modifying,
    Reading,
    Releasing,
    Taking,
    Testing,
    Trying,
    Waiting,
)
from smtmodel.language.quote import quotes
from smtmodel.language.steps import ast_bodies
from smtmodel.source import Text
from smtmodel.source.record import record, replace

Pairs = frozenset[tuple[int, int]]
"""Steps by their index in the block: the first of a pair stays before the second."""


@record
class Order:
    """An order of a block's steps, as their indices in the text; `refused` says why it is no
    protocol, if it is none."""

    steps: tuple[int, ...]
    protocol: Checked | None
    refused: str = ""


@record
class Ordered:
    """The block whose steps are put in order. `lines` and `texts` are those of its steps,
    `depends` what stays in order, `count` the number of orders in all."""

    block: str
    lines: tuple[int, ...]
    texts: tuple[str, ...]
    depends: Pairs
    count: int


def ordered(protocol: ast.Protocol, text: Text, name: str) -> Ordered:
    """What there is to know about the orders of a block before any is made."""
    block = _block(protocol, name)
    quoted = quotes(text)
    depends = dependencies(protocol, block)
    return Ordered(
        name,
        tuple(step.span.line for step in block.steps),
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
        found = check(replace(protocol, items=items), text)
        if isinstance(found, Checked):
            yield Order(steps, replace(found, bounds=base.bounds))
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


# ---------------------------------------------------------------- dependencies


@record
class _Touched:
    """What a step, with those inside it, assigns, reads and writes.

    Places are as written: a field of a pointer's object is the pointer's text and the name,
    all its fields are the pointer's text and `*`.
    `subjects`: locks and sections. `fixed`: it stays where it is.
    """

    assigned: frozenset[str]
    used: frozenset[str]
    read: frozenset[str]
    written: frozenset[str]
    subjects: frozenset[str]
    fixed: bool


def dependencies(protocol: ast.Protocol, block: ast.Block) -> Pairs:
    """The pairs of steps of a block that stay in order."""
    shared = frozenset(
        item.name for item in protocol.items if isinstance(item, ast.Variable | ast.Cache)
    )
    claims = Claims(protocol)
    touched = [_Touching(shared, claims).of(step) for step in block.steps]
    return frozenset(
        (first, second)
        for first in range(len(touched))
        for second in range(first + 1, len(touched))
        if _conflict(touched[first], touched[second])
    )


def _conflict(first: _Touched, second: _Touched) -> bool:
    return bool(
        first.fixed
        or second.fixed
        or first.assigned & (second.used | second.assigned)
        or first.used & second.assigned
        or _overlap(first.written, second.read | second.written)
        or _overlap(first.read, second.written)
        or first.subjects & second.subjects
    )


def _overlap(some: frozenset[str], others: frozenset[str]) -> bool:
    """Whether two places are the same, or one is all fields of an object and the other one."""
    return any(a == b or _covers(a, b) or _covers(b, a) for a in some for b in others)


def _covers(whole: str, part: str) -> bool:
    return whole.endswith(".*") and part.startswith(whole[:-1])


class _Touching:
    """What one step touches."""

    def __init__(self, shared: frozenset[str], claims: Claims) -> None:
        self.shared = shared
        self.claims = claims
        self.assigned: set[str] = set()
        self.used: set[str] = set()
        self.read: set[str] = set()
        self.written: set[str] = set()
        self.subjects: set[str] = set()
        self.fixed = False

    def of(self, step: ast.Step) -> _Touched:
        self._step(step)
        return _Touched(
            frozenset(self.assigned),
            frozenset(self.used),
            frozenset(self.read),
            frozenset(self.written),
            frozenset(self.subjects),
            self.fixed,
        )

    def _step(self, step: ast.Step) -> None:
        self.fixed |= isinstance(step, ast.Return | ast.Assume) or self.claims.has(step)
        for expression in reads_of(step):
            self._expression(expression)
        match step:
            case ast.Assign(target=target):
                self._target(target)
            case ast.Overwrite(source=source, target=target):
                self.read.add(f"{_path(source)}.*")
                self.written.add(f"{_path(target)}.*")
            case _:
                pass
        for body in ast_bodies(step):
            for inner in body:
                self._step(inner)

    def _target(self, target: ast.Expression) -> None:
        if isinstance(target, ast.Name) and target.name not in self.shared:
            self.assigned.add(target.name)
        else:
            self.written.add(_path(target))

    def _expression(self, expression: ast.Expression) -> None:
        self.used |= {one.name for one in names_in(expression)} - self.shared
        waiting = [expression]
        while waiting:
            one = waiting.pop()
            if isinstance(one, ast.Call):
                self._call(one)
            elif isinstance(one, ast.Copy):
                self.read.add(f"{_path(one.pointer)}.*")
            elif isinstance(one, ast.Field | ast.Index) or (
                isinstance(one, ast.Name) and one.name in self.shared
            ):
                self.read.add(_path(one))
            waiting.extend(parts_of(one))

    def _call(self, call: ast.Call) -> None:
        """What a call writes, or which lock or section it is about."""
        match PRIMITIVES.get(call.name):
            case Reading() | Testing() | Waiting():
                return
            case Entering() | Leaving() | Taking() | Releasing() | Trying():
                arguments = call.arguments[:1]
                self.subjects.add(" ".join(_path(one) for one in arguments) or "rcu")
            case Modifying(place=place):
                self.written.add(_path(call.arguments[place]))
            case _:
                self.written |= {_path(one) for one in call.arguments[:1]}


def _path(place: ast.Expression) -> str:
    """A place as it is written, of an array the array; nothing that is no place has one."""
    match place:
        case ast.Name(name=name):
            return name
        case ast.Field(base=base, name=name):
            return f"{_path(base)}.{name}"
        case ast.Index(base=base):
            return _path(base)
        case ast.Call(arguments=arguments):
            return _path(arguments[0]) if arguments else "?"
        case _:
            return "?"
