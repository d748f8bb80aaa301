"""The neutral form: clauses over integer literals, each with the reason it is there.

A variable is a positive integer, a literal a variable or its negation, `TRUE` the literal
that always holds. An order atom is a variable that stands for `a < b` on one of the clocks.
Every definition is exact (`if and only if`), so that its literal may be negated.
"""

from collections.abc import Iterable

from smtmodel.events.building import TooLarge
from smtmodel.source import Span
from smtmodel.source.record import record

TRUE = 1
FALSE = -1

Literal = int
Clause = tuple[Literal, ...]
Node = int | str
"""A point on a clock: an event's number, or the name of a snapshot."""


@record
class Reason:
    """Why a clause is there: one sentence, and the step it comes from if there is one."""

    sentence: str
    span: Span | None = None


DEFINITION = Reason("names a combination of conditions")


class TooManyClauses(TooLarge):
    """The formula would have more clauses than it may."""


class Formula:
    """Clauses under construction. `fork` gives an extension that leaves this one alone.

    `most` is how many clauses there may be, None for as many as it takes.
    """

    def __init__(self, most: int | None = None) -> None:
        self.most = most
        self.names: list[str] = ["", "always"]
        self.clauses: list[Clause] = [(TRUE,)]
        self.reasons: list[Reason] = [DEFINITION]
        self.orders: dict[int, tuple[str, Node, Node]] = {}
        self._order: dict[tuple[str, Node, Node], int] = {}
        self.conjunctions: dict[int, tuple[Literal, ...]] = {}
        self._all: dict[tuple[int, ...], int] = {}

    def fork(self) -> "Formula":
        """A copy that can be added to; the first clauses are those of this formula."""
        copy = Formula(self.most)
        copy.names, copy.clauses = list(self.names), list(self.clauses)
        copy.reasons, copy.orders = list(self.reasons), dict(self.orders)
        copy.conjunctions = dict(self.conjunctions)
        copy._order, copy._all = dict(self._order), dict(self._all)
        return copy

    def new(self, name: str) -> Literal:
        """A fresh variable; `name` must be of letters, digits and `_`, and be unique."""
        self.names.append(name)
        return len(self.names) - 1

    def before(self, clock: str, first: Node, second: Node) -> Literal:
        """The literal that `first` is before `second` on a clock."""
        key = (clock, first, second)
        if key not in self._order:
            self._order[key] = self.new("")
            self.orders[self._order[key]] = key
        return self._order[key]

    def add(self, clause: Iterable[Literal], reason: Reason) -> None:
        """States that one of the literals holds; clauses that hold anyway are left out."""
        literals = dict.fromkeys(clause)
        if TRUE in literals or not literals.keys().isdisjoint([-one for one in literals]):
            return
        literals.pop(FALSE, None)
        if self.most is not None and len(self.clauses) >= self.most:
            raise TooManyClauses
        self.clauses.append(tuple(literals))
        self.reasons.append(reason)

    def implies(self, body: Iterable[Literal], head: Iterable[Literal], reason: Reason) -> None:
        """States that where all of the body holds, one of the head does."""
        self.add([*(-literal for literal in body), *head], reason)

    def all_of(self, literals: Iterable[Literal]) -> Literal:
        """The literal that all of these hold."""
        parts = set(literals)
        parts.discard(TRUE)
        if FALSE in parts or not parts.isdisjoint([-one for one in parts]):
            return FALSE
        if not parts:
            return TRUE
        if len(parts) == 1:
            return parts.pop()
        key = tuple(sorted(parts))
        if key not in self._all:
            literal = self.new(f"d{len(self.names)}")
            self._all[key] = literal
            self.conjunctions[literal] = key
            # None of these holds anyway: the literal is new, and no part is another's negation.
            self.clauses += [(-literal, part) for part in key]
            self.clauses.append((literal, *[-part for part in key]))
            self.reasons += [DEFINITION] * (len(key) + 1)
        return self._all[key]

    def any_of(self, literals: Iterable[Literal]) -> Literal:
        """The literal that one of these holds."""
        return -self.all_of(-literal for literal in literals)
