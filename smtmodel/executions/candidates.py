"""All executions of a litmus test, before any memory model but coherence: for small tests.

Takes the parsed test, gives candidates: what each lane does, which write each read returns, the
order of the writes to each variable. They are coherent, read-modify-writes are not divided, and
locks are taken and released by the rules of the kernel's tools/memory-model/lock.cat. Knows
neither event graphs nor formulas: this is what the encoder is compared with.
"""

from collections.abc import Callable, Iterator, Mapping
from itertools import product
from typing import TypeVar

from smtmodel.executions.c_operators import Datum, Held, at_start, computed, is_true
from smtmodel.executions.evaluate import Execution
from smtmodel.executions.matrices import Rows, members, rows
from smtmodel.executions.paths import Act, Path, paths
from smtmodel.litmus.program import (
    AddressOf,
    AllHold,
    Condition,
    EndValue,
    Equals,
    FinalValue,
    Integer,
    IsTrue,
    LitmusTest,
    Negated,
    Operand,
    RegisterOf,
    SomeHolds,
)
from smtmodel.source.record import record

LOCKS = ("LKR", "LKW", "UL", "LF", "RL", "RU")


class NotJudged(Exception):
    """Something that the rules for locks do not cover, said in a sentence."""


@record
class Happening:
    """An act of a lane; `place` is its number in it."""

    lane: int
    place: int
    act: Act


@record
class Candidate:
    """An execution. The acts are numbered from 0, after them the initial writes of `initial`.

    `orders`: for each variable the writes to it in coherence order, the initial one first;
    `sources`: what each read returns.
    """

    happenings: tuple[Happening, ...]
    initial: dict[str, int]
    orders: dict[str, tuple[int, ...]]
    sources: dict[int, int]
    registers: tuple[dict[str, Datum], ...]
    memory: dict[str, Held]

    def satisfies(self, condition: Condition) -> bool:
        """Whether a condition holds at the end."""
        match condition:
            case AllHold(parts):
                return all(map(self.satisfies, parts))
            case SomeHolds(parts):
                return any(map(self.satisfies, parts))
            case Negated(inner):
                return not self.satisfies(inner)
            case Equals(left, right):
                return self.final(left) == self.final(right)
            case IsTrue(value):
                return is_true(self.computed(value))

    def computed(self, what: Operand) -> Datum:
        """What is computed from registers at the end."""
        match what:
            case EndValue(operator, operands):
                return computed(operator, [self.computed(one) for one in operands])
            case _:
                return self.final(what)

    def final(self, what: RegisterOf | FinalValue | Integer | AddressOf) -> Datum:
        match what:
            case RegisterOf(thread, name):
                return self.registers[thread].get(name, 0)
            case FinalValue(name):
                held = self.memory[name]
                assert not isinstance(held, tuple), "no condition is about an entry"
                return held
            case Integer(value):
                return value
            case AddressOf():
                return what


def candidates(test: LitmusTest) -> Iterator[Candidate]:
    """The executions that satisfy the test's `filter`."""
    for chosen in product(*paths(test)):
        for candidate in _Combined(test, chosen).candidates():
            if test.required is None or candidate.satisfies(test.required):
                yield candidate


Located = tuple[tuple[int, ...], dict[int, int]]
"""Of one variable: the order of its writes and what its reads return."""


class _Combined:
    """The lanes together, each on one of its paths."""

    def __init__(self, test: LitmusTest, chosen: tuple[Path, ...]) -> None:
        self.chosen = chosen
        self.happenings = tuple(
            Happening(lane, place, act)
            for lane, path in enumerate(chosen)
            for place, act in enumerate(path.acts)
        )
        self.values = {name: at_start(value) for name, value in test.variables}
        self.accesses: dict[str, list[int]] = {}
        for number, one in enumerate(self.happenings):
            if one.act.kind != "F" and one.act.location is not None:
                self.accesses.setdefault(one.act.location, []).append(number)
        first = len(self.happenings)
        self.initial = {name: first + n for n, name in enumerate(sorted(self.accesses))}

    def candidates(self) -> Iterator[Candidate]:
        if not all(map(self._returnable, self.accesses)):
            return
        located = [list(self._located(name)) for name in self.accesses]
        for choice in product(*located):
            orders = {name: order for name, (order, _) in zip(self.accesses, choice, strict=True)}
            sources = {read: write for _, found in choice for read, write in found.items()}
            yield Candidate(
                self.happenings,
                self.initial,
                orders,
                sources,
                tuple(path.registers for path in self.chosen),
                self.values | {name: self._value(order[-1]) for name, order in orders.items()},
            )

    def _act(self, number: int) -> Act:
        return self.happenings[number].act

    def _value(self, write: int) -> Held:
        if write < len(self.happenings):
            return self._act(write).value
        (name,) = (x for x, number in self.initial.items() if number == write)
        return self.values[name]

    def _returnable(self, name: str) -> bool:
        """Whether some write has the value of each read: most combinations end here."""
        numbers = self.accesses[name]
        written = {self._act(n).value for n in numbers if self._act(n).kind == "W"}
        written.add(self.values[name])
        return all(self._act(n).value in written for n in numbers)

    def _located(self, name: str) -> Iterator[Located]:
        """The ways in which the accesses to one variable may fit together."""
        numbers = self.accesses[name]
        locks = [self._act(n).tag in LOCKS for n in numbers]
        if any(locks) and not all(locks):
            raise NotJudged(f"`{name}` is a lock and accessed as memory too")
        lanes: dict[int, list[int]] = {}
        for number in numbers:
            lanes.setdefault(self.happenings[number].lane, []).append(number)
        sequences = list(lanes.values())
        orders = self._handovers(sequences) if any(locks) else self._interleaved(sequences)
        for writes in orders:
            order = (self.initial[name], *writes)
            ways = [list(self._returning(sequence, order)) for sequence in sequences]
            for choice in product(*ways):
                sources = {read: write for found in choice for read, write in found.items()}
                if self._undivided(numbers, order, sources):
                    yield order, sources

    def _interleaved(self, sequences: list[list[int]]) -> Iterator[tuple[int, ...]]:
        """The orders of the writes in which those of a lane stay in program order."""
        yield from _merges([[n for n in one if self._act(n).kind == "W"] for one in sequences])

    def _returning(self, sequence: list[int], order: tuple[int, ...]) -> Iterator[dict[int, int]]:
        """What the reads of one lane may return, if accesses never go back in coherence order."""
        ways: list[tuple[int, dict[int, int]]] = [(0, {})]
        for number in sequence:
            further = []
            for position, sources in ways:
                if self._act(number).kind == "W":
                    place = order.index(number)
                    if place > position:
                        further.append((place, sources))
                    continue
                for place in range(position, len(order)):
                    if self._may_return(number, order[place]):
                        further.append((place, {**sources, number: order[place]}))
            ways = further
        for _, sources in ways:
            yield sources

    def _undivided(
        self, numbers: list[int], order: tuple[int, ...], sources: dict[int, int]
    ) -> bool:
        """Whether no other lane writes between the read and the write of a read-modify-write."""
        for number in numbers:
            one = self.happenings[number]
            if one.act.pair is not None:
                read = number - one.place + one.act.pair
                between = order[order.index(sources[read]) + 1 : order.index(number)]
                if any(self.happenings[write].lane != one.lane for write in between):
                    return False
        return True

    # ------------------------------------------------------------ locks

    def _may_return(self, read: int, write: int) -> bool:
        """Whether a read may return a write; taking a lock is covered by `_undivided`."""
        if self._value(write) != self._act(read).value:
            return False
        if self._act(read).tag not in ("LF", "RL", "RU"):
            return True
        if (
            write >= len(self.happenings)
            or self.happenings[write].lane != self.happenings[read].lane
        ):
            return self._act(read).tag == "RU" or not self._inside(read)
        return write < read

    def _inside(self, read: int) -> bool:
        """Whether the lane itself has the lock at a try or look at it."""
        one = self.happenings[read]
        held = False
        for number in range(read - one.place, read):
            if self._act(number).location == one.act.location:
                held = self._act(number).tag == "LKW" or (held and self._act(number).tag != "UL")
        return held

    def _handovers(self, sequences: list[list[int]]) -> Iterator[tuple[int, ...]]:
        """The orders of the critical sections.

        That nobody takes a lock that is held follows from the values: it would read 1.
        """
        for order in _merges([self._sections(sequence) for sequence in sequences]):
            yield tuple(write for section in order for write in section)

    def _sections(self, sequence: list[int]) -> list[tuple[int, ...]]:
        """A lane's critical sections: taking the lock, and releasing it if the lane does."""
        found: list[tuple[int, ...]] = []
        for number in sequence:
            match self._act(number).tag:
                case "LKW":
                    found.append((number,))
                case "UL":
                    if not found or len(found[-1]) == 2:
                        raise NotJudged(f"`{self._act(number).location}` is released, not held")
                    found[-1] = (*found[-1], number)
        return found


T = TypeVar("T")


def _merges(sequences: list[list[T]]) -> Iterator[tuple[T, ...]]:
    """All sequences that keep the order of each of these."""
    if not any(sequences):
        yield ()
    for index, sequence in enumerate(sequences):
        if sequence:
            rest = [*sequences[:index], sequence[1:], *sequences[index + 1 :]]
            for later in _merges(rest):
                yield (sequence[0], *later)


# ---------------------------------------------------------------- for the models


def execution(candidate: Candidate) -> Execution:
    """The sets and relations of a candidate by the names that herd7 gives them."""
    last = len(candidate.happenings) + len(candidate.initial)
    everything = (1 << last) - 1
    numbered = list(enumerate(candidate.happenings))
    inside = _alike({number: one.lane for number, one in numbered}, last)
    where = {n: one.act.location for n, one in numbered if one.act.location is not None}
    where |= {number: name for name, number in candidate.initial.items()}
    value = {n: one.act.value for n, one in numbered if one.act.kind != "F"}
    carrying = members(value)
    co = {
        (earlier, later)
        for order in candidate.orders.values()
        for place, earlier in enumerate(order)
        for later in order[place + 1 :]
    }
    rf = {(write, read) for read, write in candidate.sources.items()}
    pairs = {
        "rf": rf,
        "co": co,
        "fr": {(read, b) for write, read in rf for a, b in co if a == write},
        "rmw": {
            (n - one.place + one.act.pair, n) for n, one in numbered if one.act.pair is not None
        },
        "addr": _depends(numbered, lambda act: act.address),
        "data": _depends(numbered, lambda act: act.data),
        "ctrl": _depends(numbered, lambda act: act.control),
    }
    relations = {name: rows(found, last) for name, found in pairs.items()} | {
        "po": tuple([row & -(2 << number) for number, row in enumerate(inside)]),
        "int": inside,
        "ext": tuple([everything & ~row for row in inside]),
        "loc": _alike(where, last),
        "different-values": tuple([row and carrying & ~row for row in _alike(value, last)]),
    }
    return Execution(everything, _sets(candidate), relations)


def _alike(found: Mapping[int, object], size: int) -> Rows:
    """For each number those that have the same as it, if it has anything."""
    having: dict[object, int] = {}
    for number, one in found.items():
        having[one] = having.get(one, 0) | 1 << number
    return tuple([having[found[number]] if number in found else 0 for number in range(size)])


def _depends(
    numbered: list[tuple[int, Happening]], reads: Callable[[Act], frozenset[int]]
) -> set[tuple[int, int]]:
    return {(n - one.place + read, n) for n, one in numbered for read in reads(one.act)}


def _sets(candidate: Candidate) -> dict[str, int]:
    initial = members(candidate.initial.values())
    found = {"W": initial, "IW": initial}
    found["FW"] = members(order[-1] for order in candidate.orders.values())
    for number, one in enumerate(candidate.happenings):
        for name in _memberships(one.act):
            found[name] = found.get(name, 0) | 1 << number
    return found


def _memberships(act: Act) -> Iterator[str]:
    yield act.kind
    yield act.tag if act.tag in LOCKS else act.tag.capitalize()
    if act.modifies:
        yield "RMW"
