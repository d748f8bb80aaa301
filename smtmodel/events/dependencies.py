"""Address, data and control dependencies of an event graph, each with the paths on which it is one.

A value that was selected depends on the reads of the value that was taken, and not on those that
decided which. A control dependency comes from a branch that the protocol writes, and ends where
the branches join; that a lane would stop at an error of the run (a null pointer, say), or that the
write of a read-modify-write happens only where it succeeds, is none.
"""

from smtmodel.events.graph import Event, EventGraph, FieldOf, ItemOf, Kind
from smtmodel.events.terms import AnyOf, Apply, Guard, Holds, Passes, Returned, Select, Term
from smtmodel.language.checked import BUILT_INS

Way = frozenset[tuple[Guard, bool]]
"""Guards that hold, or do not, where a dependency is one."""

Ways = frozenset[Way]
"""A dependency is one where everything in some way is so."""

ALWAYS: Ways = frozenset({frozenset()})


def dependencies(graph: EventGraph, name: str) -> dict[tuple[int, int], Ways]:
    """The pairs of a read and an event that depends on it; `name` is addr, data or ctrl.

    Each holds where both events happen and one of its ways is open.
    """
    finder = _Finder(graph)
    return {
        (read, event.number): ways
        for event in graph.events
        for read, found in sorted(finder.reads(event, name).items())
        if (ways := _under(event.guard, found))
    }


def _under(guard: Guard, ways: Ways) -> Ways:
    """The ways that are open where a guard holds, without what it says anyway."""
    kept = set()
    for way in ways:
        judged = [(_decided(guard, asked), asked, holds) for asked, holds in way]
        if all(known is None or known == holds for known, _, holds in judged):
            kept.add(frozenset((asked, holds) for known, asked, holds in judged if known is None))
    return _simple(frozenset(kept))


def _decided(guard: Guard, asked: Guard) -> bool | None:
    """Whether a guard holds where another does, if that is known."""
    if all(literal in guard for literal in asked):
        return True
    return False if any(-literal in guard for literal in asked) else None


def _simple(ways: Ways) -> Ways:
    """The same ways, two that differ in one guard only taken together."""
    for way in ways:
        for condition in way:
            guard, holds = condition
            rest = way - {condition}
            if rest in ways:
                return _simple(ways - {way})
            if rest | {(guard, not holds)} in ways:
                return _simple((ways - {way, rest | {(guard, not holds)}}) | {rest})
    return ways


Reads = dict[int, Ways]


def _together(parts: list[Reads]) -> Reads:
    found: Reads = {}
    for part in parts:
        for read, ways in part.items():
            found[read] = _simple(found[read] | ways) if read in found else ways
    return found


def _where(guard: Guard, holds: bool, reads: Reads) -> Reads:
    """The same where a guard holds, or does not."""
    condition = (guard, holds)
    return {read: frozenset(way | {condition} for way in ways) for read, ways in reads.items()}


class _Finder:
    """The reads that a term or an atom is computed from, kept per term."""

    def __init__(self, graph: EventGraph) -> None:
        self.graph = graph
        self._terms: dict[Term, Reads] = {}
        self._atoms: dict[int, Reads] = {}
        self._errors = {
            abs(literal)
            for stop in graph.stops
            if stop.name in BUILT_INS
            for literal in set(stop.passed) - set(stop.guard)
        }

    def reads(self, event: Event, name: str) -> Reads:
        match name, event.address:
            case "addr", FieldOf(term, _) | ItemOf(_, term):
                return self.term(term)
            case "addr", _ if event.pointer is not None:
                return self.term(event.pointer)
            case "data", _:
                parts = [*event.values, *([event.success] if event.success else [])]
                found = _together([self.term(part) for part in parts])
                return {read: ways for read, ways in found.items() if read != event.number}
            case "ctrl", _:
                return self.guard(self._branch(event))
        return {}

    def _branch(self, event: Event) -> Guard:
        """The guard of the branch that an event is in."""
        if event.kind is Kind.WRITE and event.partners:
            return self.graph.events[event.partners[0]].guard
        return event.guard

    def guard(self, guard: Guard) -> Reads:
        atoms = sorted({abs(literal) for literal in guard} - self._errors)
        return _together([self.atom(atom) for atom in atoms])

    def atom(self, number: int) -> Reads:
        if number not in self._atoms:
            match self.graph.atoms[number - 1]:
                case Holds(term):
                    found = self.term(term)
                case AnyOf(guards):
                    found = _together([_where(g, True, self.guard(g)) for g in guards])
                case Passes():
                    found = {}
            self._atoms[number] = found
        return self._atoms[number]

    def term(self, term: Term) -> Reads:
        if term not in self._terms:
            match term:
                case Returned(event, _):
                    found = {event: ALWAYS}
                case Apply(_, operands):
                    found = _together([self.term(operand) for operand in operands])
                case Select(guard, then, otherwise):
                    taken = _where(guard, True, self.term(then))
                    found = _together([taken, _where(guard, False, self.term(otherwise))])
                case _:
                    found = {}
            self._terms[term] = found
        return self._terms[term]
