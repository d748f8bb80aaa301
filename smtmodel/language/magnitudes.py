"""Whether a number of the protocol can get too large, as far as its steps alone tell.

Takes the initial values and the blocks of a protocol, whatever its bounds. Every place, local and
operation has a size, in bits, that no value of it exceeds. Values flow from one to the other;
what flows back to where it came from may be added to again and again. No run that is looked at
has 2^TIMES additions: long before, there are more events and branches than an event graph takes.
Conservative: conditions are not looked at, all places begin as the largest of them, and an entry
is as large as the largest of its fields.
"""

from collections.abc import Iterable

from smtmodel.language.checked import (
    ADDS,
    GROWING,
    TOKEN_BASE,
    Block,
    Choose,
    Constant,
    Each,
    EntryValue,
    Expression,
    InitialObject,
    LaneNumber,
    Load,
    Local,
    Operation,
    Part,
    ReadModifyWrite,
    SetLocal,
    Settled,
    Step,
    Store,
    Variable,
    Yields,
)
from smtmodel.language.checks.tokens import Holder, place_holder
from smtmodel.language.lanes import MOST
from smtmodel.language.walk import expressions_of, expressions_of_place, operands_of, steps_in
from smtmodel.source.record import record

TIMES = 30
LIMIT = TOKEN_BASE.bit_length() - 1
"""The bits of the largest number."""
ENDLESS = LIMIT + 1

_Size = int | Holder
"""Bits, or as many as a holder has."""


@record
class _Flow:
    """What a holder may get: the only operand, or what +, * or << makes of two; `shift` is << by a
    number that is no literal."""

    operator: str
    operands: tuple[_Size, ...]


def may_overflow(
    variables: Iterable[Variable], objects: Iterable[InitialObject], blocks: tuple[Block, ...]
) -> bool:
    """Whether some operation of GROWING, or an atomic addition, may have too large a result."""
    held = [*(one.initial for one in variables), *(one.values for one in objects)]
    initial = [value for values in held for value in values]
    flows = _Flows()
    for block in blocks:
        for step in steps_in(block.steps):
            flows.step(step, block.name)
    start = max((value.bit_length() for value in initial if isinstance(value, int)), default=0)
    return any(size > LIMIT for size in _sizes(flows.found, start))


class _Flows:
    """All flows of values of the blocks."""

    def __init__(self) -> None:
        self.found: dict[Holder, list[_Flow]] = {}

    def step(self, step: Step, block: str) -> None:
        match step:
            case SetLocal(name=name, value=value):
                self._flow(_local(block, name), "", self._size(value, block))
            case Store(place=place, value=value, operator=operator, width=width):
                size = self._size(value, block)
                for expression in expressions_of_place(place):
                    self._size(expression, block)
                target = place_holder(place)
                if operator:
                    size = self._made(operator, target, size)
                self._flow(target, "", size if width is None else width)
            case Each(name=name):
                self._flow(_local(block, name), "", MOST.bit_length())
            case _:
                for expression in expressions_of(step):
                    self._size(expression, block)

    def _flow(self, target: Holder, operator: str, *operands: _Size) -> None:
        self.found.setdefault(target, []).append(_Flow(operator, operands))
        for operand in operands:
            if isinstance(operand, Holder):
                self.found.setdefault(operand, [])

    def _made(self, operator: str, *operands: _Size) -> Holder:
        """What an operator makes, as a holder of its own."""
        made = Holder(("made", str(len(self.found))))
        self._flow(made, "+" if operator == "-" else operator, *operands)
        return made

    def _size(self, expression: Expression, block: str) -> _Size:
        """The size of an expression; notes what flows inside it."""
        sizes = [self._size(operand, block) for operand in operands_of(expression)]
        match expression:
            case Constant(value):
                return value.bit_length()
            case Choose(low, high):
                return max(low.bit_length(), high.bit_length())
            case LaneNumber():
                return MOST.bit_length()
            case Local(name):
                return _local(block, name)
            case Load(place=place):
                return place_holder(place)
            case Part() | Settled():
                return sizes[0]
            case EntryValue():
                entry = self._made("", 0)
                for size in sizes:
                    self._flow(entry, "", size)
                return entry
            case Operation("negate" | "/" | ">>" | "&~"):
                return sizes[0]
            case Operation("%" | "wrap" | "&"):
                return sizes[1]
            case Operation("|" | "^"):
                either = self._made("", sizes[0])
                self._flow(either, "", sizes[1])
                return either
            case Operation("<<", (_, Constant(places))):
                return self._made("<<", sizes[0], places)
            case Operation("<<"):
                return self._made("shift", *sizes)
            case Operation(operator) if operator in GROWING:
                return self._made(operator, *sizes)
            case ReadModifyWrite():
                return self._modified(expression, block)
            case _:  # 0 or 1, or nothing that is ever computed with
                return 1

    def _modified(self, expression: ReadModifyWrite, block: str) -> _Size:
        target, adds = place_holder(expression.place), expression.operation in ADDS
        size = self._size(expression.operands[0 if adds else -1], block)
        if adds:
            size = self._made("+", target, size)
        size = size if expression.width is None else expression.width
        self._flow(target, "", size)
        match expression.yields:
            case Yields.BEFORE:
                return target
            case Yields.AFTER:
                return size
            case Yields.SUCCESS:
                return 1


def _local(block: str, name: str) -> Holder:
    return Holder(("local", block, name))


# ---------------------------------------------------------------- sizes


def _sizes(flows: dict[Holder, list[_Flow]], start: int) -> list[int]:
    """The size of every holder, ENDLESS at most; `start` is the least."""
    into = {holder: _sources(flows[holder]) for holder in flows}
    sizes: dict[Holder, int] = {}
    for circle in _circles(into):
        inner = [flow for holder in circle for flow in flows[holder]]
        size = _size_of(inner, circle, sizes, start)
        sizes |= dict.fromkeys(circle, size)
    return list(sizes.values())


def _size_of(
    flows: list[_Flow], circle: frozenset[Holder], sizes: dict[Holder, int], start: int
) -> int:
    """The size of holders that flow into each other, from those that flow into them."""
    most, added = start, -1
    for flow in flows:
        outer = [
            sizes[one] if isinstance(one, Holder) else one
            for one in flow.operands
            if one not in circle
        ]
        match flow.operator, outer:
            case _, outer if len(outer) == len(flow.operands):
                most = max(most, _result(flow.operator, outer))
            case "", _:
                pass
            case "+", [other]:
                added = max(added, other)
            case "*", [0 | 1]:
                pass
            case "<<", [0]:
                pass
            case _:
                return ENDLESS
    return min(ENDLESS, most if added < 0 else max(most, added + TIMES) + 1)


def _result(operator: str, sizes: list[int]) -> int:
    """The size of a result."""
    match operator:
        case "+":
            return max(sizes) + 1
        case "*" | "<<":
            return sum(sizes)
        case "shift":  # by a number of that size
            return sizes[0] + (1 << min(sizes[1], LIMIT.bit_length())) - 1
        case _:
            return sizes[0]


def _sources(flows: list[_Flow]) -> set[Holder]:
    return {one for flow in flows for one in flow.operands if isinstance(one, Holder)}


def _circles(into: dict[Holder, set[Holder]]) -> list[frozenset[Holder]]:
    """The sets of holders that flow into each other, each behind all that flow into it."""
    before: dict[Holder, set[Holder]] = {}
    for holder in into:
        waiting, found = [*into[holder]], set(into[holder])
        while waiting:
            more = into[waiting.pop()] - found
            found |= more
            waiting += more
        before[holder] = found
    circles = {frozenset({h, *(o for o in before[h] if h in before[o])}) for h in into}
    return sorted(circles, key=lambda circle: len(before[min(circle, key=str)] | circle))
