"""Address, data and control dependencies of an event graph, as relations.

A control dependency comes from a branch that the protocol writes; that a lane would stop at
an error of the run (a null pointer, say) is none.
"""

from smtmodel.events.graph import Event, EventGraph, FieldOf, ItemOf
from smtmodel.events.terms import AnyOf, Apply, Guard, Holds, Passes, Returned, Select, Term
from smtmodel.language.checked import BUILT_INS


def dependencies(graph: EventGraph, name: str) -> list[int]:
    """Row r has bit e where event e depends on read r; `name` is addr, data or ctrl."""
    rows = [0] * len(graph.events)
    finder = _Finder(graph)
    for event in graph.events:
        for read in finder.reads(event, name):
            rows[read] |= 1 << event.number
    return rows


class _Finder:
    """The reads that a term or guard is computed from, kept per term."""

    def __init__(self, graph: EventGraph) -> None:
        self.graph = graph
        self._terms: dict[Term, frozenset[int]] = {}
        self._atoms: dict[int, frozenset[int]] = {}
        self._errors = {
            abs(literal)
            for stop in graph.stops
            if stop.name in BUILT_INS
            for literal in set(stop.passed) - set(stop.guard)
        }

    def reads(self, event: Event, name: str) -> frozenset[int]:
        match name, event.address:
            case "addr", FieldOf(term, _) | ItemOf(_, term):
                return self.term(term)
            case "addr", _ if event.pointer is not None:
                return self.term(event.pointer)
            case "data", _:
                parts = [*event.values, *([event.success] if event.success else [])]
                found = frozenset().union(*map(self.term, parts))
                return found - {event.number}
            case "ctrl", _:
                return self.guard(event.guard)
        return frozenset()

    def guard(self, guard: Guard) -> frozenset[int]:
        atoms = {abs(literal) for literal in guard} - self._errors
        return frozenset().union(*(self.atom(atom) for atom in atoms))

    def atom(self, number: int) -> frozenset[int]:
        if number not in self._atoms:
            match self.graph.atoms[number - 1]:
                case Holds(term):
                    found = self.term(term)
                case AnyOf(guards):
                    found = frozenset().union(*map(self.guard, guards))
                case Passes():
                    found = frozenset()
            self._atoms[number] = found
        return self._atoms[number]

    def term(self, term: Term) -> frozenset[int]:
        if term not in self._terms:
            match term:
                case Returned(event, _):
                    found = frozenset({event})
                case Apply(_, operands):
                    found = frozenset().union(*map(self.term, operands))
                case Select(guard, then, otherwise):
                    found = self.guard(guard) | self.term(then) | self.term(otherwise)
                case _:
                    found = frozenset()
            self._terms[term] = found
        return self._terms[term]
