"""A formula with what keeps its order atoms free of cycles as clauses: no clock is left.

Where no clause says that something is not before something else, more is not asked of them: what
has no cycle can be put on a clock, where further atoms that hold do no harm. Points are left out
one after another, that with the fewest ways through it first; each way through it becomes an atom
of its own. A cycle lives on without the first of its points that is left out, until two are left,
and these are excluded (Rankooh and Rintanen, Propositional Encodings of Acyclicity and Reachability
by Using Vertex Elimination).
"""

from collections.abc import Iterator

from smtmodel.encoding.formula import Clause, Formula, Literal, Node


def acyclic(formula: Formula, most: int) -> list[Clause] | None:
    """The clauses, or None if it would be more than so many, or if atoms are denied."""
    used = {literal for clause in formula.clauses for literal in clause}
    orders = {atom: order for atom, order in formula.orders.items() if atom in used}
    if any(-atom in used for atom in formula.orders):
        return None
    clauses = list(formula.clauses)
    for clock in dict.fromkeys(clock for clock, _, _ in orders.values()):
        points = _Points(formula)
        for atom, (name, first, second) in orders.items():
            if name == clock:
                points.join(first, second, atom)
        for clause in points.clauses():
            clauses.append(clause)
            if len(clauses) > most:
                return None
    return clauses


class _Points:
    """The points of one clock that are left."""

    def __init__(self, formula: Formula) -> None:
        self.formula = formula
        self.after: dict[Node, dict[Node, Literal]] = {}
        self.before: dict[Node, dict[Node, Literal]] = {}

    def join(self, first: Node, second: Node, atom: Literal) -> None:
        """An atom says that the first is before the second."""
        self.after.setdefault(first, {})[second] = atom
        self.before.setdefault(second, {})[first] = atom
        self.after.setdefault(second, {})
        self.before.setdefault(first, {})

    def clauses(self) -> Iterator[Clause]:
        """What excludes all cycles."""
        while self.after:
            yield from self._without(min(self.after, key=self._ways))

    def _ways(self, point: Node) -> int:
        return len(self.before[point]) * len(self.after[point])

    def _without(self, point: Node) -> Iterator[Clause]:
        """Leaves out a point: each way through it is one from its start to its end."""
        before, after = self.before.pop(point), self.after.pop(point)
        if point in before:
            yield (-before.pop(point),)
            del after[point]
        for first in before:
            del self.after[first][point]
        for second in after:
            del self.before[second][point]
        for first, one in before.items():
            for second, other in after.items():
                if first == second:
                    yield -one, -other
                else:
                    yield -one, -other, self._atom(first, second)

    def _atom(self, first: Node, second: Node) -> Literal:
        if second not in self.after[first]:
            self.join(first, second, self.formula.new(""))
        return self.after[first][second]
