"""Clauses about the numbers of a group of states.

A literal says of one number or of two how they compare, or what residue one has; a clause is one
literal or a few. Whether a clause holds in a group is seen from its canonical states, in which
order, small numbers and residues are those of all states that they stand for.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations

from smtmodel.systems.arithmetic import (
    Cell,
    Compound,
    Formula,
    InCell,
    disjunction,
    equal,
    less,
    literals,
    negated,
    residue,
    value_of,
    variable,
)
from smtmodel.systems.classes import NumberClass

Values = Mapping[Cell, int]


class Vocabulary:
    """The literals of a group. `holding` has of each the states in which it holds, as bits.

    `last` is the last token. In canonical states it is the largest that is left, elsewhere larger
    ones may have been forgotten: all that they show of it is that none is above.
    """

    def __init__(
        self, classes: Sequence[NumberClass], states: Sequence[Values], last: Cell
    ) -> None:
        self.states = states
        self.last = variable(last)
        self.every = (1 << len(states)) - 1
        self.numbers = set(states[0]) if states else set()
        self.classes = classes
        self.holding: dict[Formula, int] = {}
        known = dict.fromkeys(self._literals())
        self.literals = tuple(one for one in known if self._shown(one))

    def _literals(self) -> Iterator[Formula]:
        """Those that say most come first."""
        known = [
            (one, [variable(c) for c in one.cells if c in self.numbers]) for one in self.classes
        ]
        pairs = [pair for _, variables in known for pair in combinations(variables, 2)]
        yield from (equal(*pair) for pair in pairs)
        for one, variables in known:
            for number in variables:
                yield from (equal(number, value) for value in range(one.exact + 1))
        for left, right in pairs:
            yield less(left, right)
            yield less(right, left)
        for one, variables in known:
            for number in variables if one.modulus > 1 else ():
                residues = range(one.modulus)
                yield from (equal(residue(number, one.modulus), value) for value in residues)
        for one, variables in known:
            for number in variables:
                for value in range(1, one.exact + 2):
                    yield less(number, value)
                    yield negated(less(number, value))
        for left, right in pairs:
            yield negated(less(left, right))
            yield negated(less(right, left))
        yield from (negated(equal(*pair)) for pair in pairs)
        for one, variables in known:
            for number in variables:
                yield from (negated(equal(number, value)) for value in range(one.exact + 1))

    def states_with(self, literal: Formula) -> int:
        """The states in which a literal holds, as bits."""
        found = self.holding.get(literal)
        if found is None:
            found = 0
            for number, state in enumerate(self.states):
                found |= value_of(literal, state) << number
            self.holding[literal] = found
        return found

    def holds(self, clause: Formula) -> bool:
        """Whether a clause holds in every state; False also where it says something that
        canonical states do not show."""
        found = 0
        for literal in literals(clause):
            if not self._shown(literal):
                return False
            found |= self.states_with(literal)
        return found == self.every

    def _shown(self, literal: Formula) -> bool:
        match literal:
            case Compound("not", (Compound("<", (self.last, InCell(cell=cell))),)):
                return cell in self.numbers
            case Compound(_, operands) if self.last in operands:
                return False
            case Compound("not", (inner,)):
                return self._shown(inner)
            case Compound("=" | "<", (InCell(cell=cell), InCell(cell=other))):
                return {cell, other} <= self.numbers
            case Compound("=" | "<", (InCell(cell=cell), int(value))):
                return 0 <= value <= self._exact(cell) + 1
            case Compound("=", (Compound("mod", (InCell(cell=cell), int(modulus))), int())):
                return self._modulus(cell) % modulus == 0
            case _:
                return False

    def _exact(self, cell: Cell) -> int:
        return max((one.exact for one in self.classes if cell in one.cells), default=-2)

    def _modulus(self, cell: Cell) -> int:
        return max((one.modulus for one in self.classes if cell in one.cells), default=1)

    def clauses_against(self, model: Values) -> Iterator[Formula]:
        """Clauses that hold in every state and not in the model: all of one literal, all of two,
        and one of more."""
        false = [literal for literal in self.literals if not value_of(literal, model)]
        yield from (one for one in false if self.states_with(one) == self.every)
        for left, right in combinations(false, 2):
            if self.states_with(left) | self.states_with(right) == self.every:
                yield disjunction((left, right))
        longer = self._covering(false)
        if longer:
            yield disjunction(longer)

    def _covering(self, able: Sequence[Formula]) -> list[Formula]:
        """Literals of which one holds in every state, always the one that holds in most of those
        left; none where that is not possible."""
        chosen: list[Formula] = []
        left = self.every
        while left:
            best = max(able, key=lambda one: (self.states_with(one) & left).bit_count(), default=0)
            if not self.states_with(best) & left:
                return []
            chosen.append(best)
            left &= ~self.states_with(best)
        return chosen
