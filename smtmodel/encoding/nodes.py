"""Base sets and relations over a litmus test's events and initial writes, as literals.

Takes an encoding whose reads-from and coherence are stated. A node is an event, or after these the
initial write of a location. A pair is in `most` of a relation if it may be in it, in `least`
if it is wherever both of its nodes happen; in between `ways` says when. All of them take for
granted that both nodes happen, and the ways are exact, so that they may be asserted and denied.
"""

from functools import cache

from smtmodel.encoding.domains import INITIAL
from smtmodel.encoding.formula import FALSE, TRUE, Literal
from smtmodel.encoding.memory import Body
from smtmodel.encoding.state import Encoding, Literals
from smtmodel.events.dependencies import dependencies
from smtmodel.events.graph import Kind
from smtmodel.events.sets import OF_PROTOCOLS, OF_TESTS, member
from smtmodel.events.terms import Reference, Returned, Term
from smtmodel.executions.matrices import Matrices, Pair, rows
from smtmodel.source.bits import bits


@cache
def _opposed(first: tuple[int, ...], second: tuple[int, ...]) -> bool:
    """Whether two guards never hold together."""
    return any(-literal in second for literal in first)


class Nodes:
    """The nodes of one encoding."""

    def __init__(self, encoding: Encoding) -> None:
        self.encoding = encoding
        self.events = encoding.graph.events
        touched = {x for places in encoding.domains.locations.values() for x in places}
        first = len(self.events)
        self.initial = {place: first + n for n, place in enumerate(sorted(touched))}
        self.size = first + len(self.initial)
        self.matrices = Matrices(self.size)
        self.everything = (1 << self.size) - 1
        self._located = self._locations()
        self._existing = {node: self._exists(place) for place, node in self.initial.items()}
        self._ways: dict[tuple[str, int, int], list[Body]] = {}
        self._most: dict[str, int] = {}
        self._least: dict[str, int] = {}
        self._depending: dict[str, dict[Pair, list[Body]]] = {}
        self._guards()

    def _guards(self) -> None:
        """`implied`: pairs whose second node happens if the first does, `implying` the other way
        round; `together`: may both."""
        implied, together = [0] * self.size, [0] * self.size
        initial = sum(1 << node for node, literal in self._existing.items() if literal == TRUE)
        domains = self.encoding.domains
        for a in self.events:
            implied[a.number] = initial
            together[a.number] = self.everything & ~((1 << len(self.events)) - 1)
            for b in self.events:
                if domains.implied(b.guard, a.guard):
                    implied[a.number] |= 1 << b.number
                if not _opposed(a.guard, b.guard):
                    together[a.number] |= 1 << b.number
        always = sum(1 << e.number for e in self.events if self.happens(e.number) == TRUE)
        for node in self.initial.values():
            implied[node], together[node] = initial | always | 1 << node, self.everything
        self.implied = self.matrices.joined(tuple(implied))
        self.implying = self.matrices.inverse(self.implied)
        self.together = self.matrices.joined(tuple(together))
        self.certain = [implied[n] for n in range(self.size)]

    def _locations(self) -> dict[int, dict[int, Literal]]:
        """For each node at a location, the literals that it is at each."""
        found: dict[int, dict[int, Literal]] = {}
        for event in self.events:
            if event.address is not None:
                found[event.number] = self.encoding.touches(event.number)
            elif event.pointer is not None:
                found[event.number] = self._pointed(event.pointer, event.name)
        for place, node in self.initial.items():
            found[node] = {place: TRUE}
        return found

    def _pointed(self, pointer: Term, field: str) -> dict[int, Literal]:
        """Of a fence that is about a location."""
        fields = self.encoding.domains.fields
        return {
            fields[value.object][field]: literal
            for value, literal in self.encoding.of(pointer).items()
            if isinstance(value, Reference) and field in fields[value.object]
        }

    def happens(self, node: int) -> Literal:
        """The literal that a node happens."""
        return self.encoding.happens(node) if node < len(self.events) else self._existing[node]

    def _exists(self, place: int) -> Literal:
        """That some access touches a location: the initial write of another is no node."""
        formula = self.encoding.formula
        touching = [
            formula.all_of(
                (self.encoding.happens(event.number), self._located[event.number][place])
            )
            for event in self.encoding.domains.accesses
            if place in self._located[event.number]
        ]
        return TRUE if TRUE in touching else formula.any_of(touching)

    # ------------------------------------------------------------ sets

    def members(self, name: str) -> int:
        """The nodes of a set; none of a set that litmus tests know nothing of."""
        initial = sum(1 << node for node in self.initial.values())
        if name not in OF_TESTS and name not in OF_PROTOCOLS:
            return 0
        found = sum(1 << e.number for e in self.events if member(e, name))
        return found | initial if name in ("All", "W", "IW") else found

    # ------------------------------------------------------------ relations

    def most(self, name: str) -> int:
        """The pairs that may be in a relation."""
        if name not in self._most:
            self._most[name] = self._possible(name) & self.together
        return self._most[name]

    def least(self, name: str) -> int:
        """The pairs that are in a relation wherever both nodes happen."""
        if name not in self._least:
            if name in ("po", "id", "int", "ext"):
                self._least[name] = self.most(name)
            else:
                found = pairs(self.matrices, self.most(name))
                if name == "fr":  # of several sources each is a condition
                    found = [pair for pair in found if len(self._sources(pair[0])) == 1]
                sure = [pair for pair in found if () in self.ways(name, pair)]
                self._least[name] = self.matrices.joined(rows(sure, self.size))
        return self._least[name]

    def _possible(self, name: str) -> int:
        made = self.matrices
        match name:
            case "id":
                return made.identity(self.everything)
            case "po":
                lanes = self._lanes()
                return made.joined(tuple(row & -(2 << node) for node, row in enumerate(lanes)))
            case "int":
                return made.joined(self._lanes())
            case "ext":
                every = made.product(self.everything, self.everything)
                return every & ~made.joined(self._lanes())
            case "rf":
                found = [
                    (write, read) for read in self.encoding.rf for write in self._sources(read)
                ]
            case "co":
                found = self._coherent()
            case "fr":
                reads = [e.number for e in self.events if e.kind is Kind.READ]
                writes = [e.number for e in self.events if e.kind is Kind.WRITE]
                found = [(r, w) for r in reads for w in writes if self._meet(r, w)]
            case "loc":
                places = self._located
                found = [(a, b) for a in places for b in places if self._meet(a, b)]
            case "rmw":
                modifying = [e for e in self.events if e.kind is Kind.WRITE]
                found = [(read, write.number) for write in modifying for read in write.partners]
            case "different-values":
                carrying = [e.number for e in self.events if e.address is not None]
                found = [(a, b) for a in carrying for b in carrying if a != b]
            case "addr" | "data" | "ctrl":
                found = list(self._dependencies(name))
            case _:
                raise KeyError(name)
        return made.joined(rows(found, self.size))

    def _lanes(self) -> tuple[int, ...]:
        """For each event those of its lane; nothing for initial writes."""
        lanes = [0] * len(self.encoding.graph.lanes)
        for event in self.events:
            lanes[event.lane] |= 1 << event.number
        return (*(lanes[event.lane] for event in self.events), *(0 for _ in self.initial))

    def _sources(self, read: int) -> dict[int, Literal]:
        """The nodes that a read may return, with the literals that it does."""
        found: dict[int, Literal] = {}
        for source, literal in self.encoding.rf[read].items():
            if source != INITIAL:
                found[source] = literal
                continue
            for place, touched in self._located[read].items():
                found[self.initial[place]] = self.encoding.formula.all_of((literal, touched))
        return found

    def _meet(self, first: int, second: int) -> bool:
        return not self._located[first].keys().isdisjoint(self._located[second])

    def _coherent(self) -> list[Pair]:
        writes = [e for e in self.events if e.kind is Kind.WRITE]
        found = [
            (a.number, b.number)
            for a in writes
            for b in writes
            if a is not b
            and self._meet(a.number, b.number)
            and (a.lane != b.lane or a.number < b.number)
        ]
        first = [(n, w.number) for n in self.initial.values() for w in writes]
        return found + [(n, w) for n, w in first if self._meet(n, w)]

    # ------------------------------------------------------------ when

    def ways(self, name: str, pair: Pair) -> list[Body]:
        """The conditions of which one holds where the pair is in the relation."""
        key = (name, *pair)
        if key not in self._ways:
            self._ways[key] = self._given(pair, self._conditions(name, *pair))
        return self._ways[key]

    def _given(self, pair: Pair, bodies: list[Body]) -> list[Body]:
        """The same where both nodes happen, without what never holds."""
        known = {TRUE, self.happens(pair[0]), self.happens(pair[1])}
        kept = [tuple(x for x in body if x not in known) for body in bodies if FALSE not in body]
        return [()] if () in kept else kept

    def _conditions(self, name: str, first: int, second: int) -> list[Body]:
        match name:
            case "po" | "id" | "int" | "ext" | "rmw":
                return [()]
            case "rf":
                return [(self._sources(second).get(first, FALSE),)]
            case "co":
                return [self._ordered(first, second)]
            case "fr":
                return [
                    (literal, *self._ordered(source, second))
                    for source, literal in self._sources(first).items()
                    if source != second and self._is_coherent(source, second)
                ]
            case "loc":
                return [(self._same(first, second),)]
            case "different-values":
                return [(-self._equal(first, second),)]
            case "addr" | "data" | "ctrl":
                return self._dependencies(name)[first, second]
        raise KeyError(name)

    def _is_coherent(self, first: int, second: int) -> bool:
        return bool(self.most("co") >> first * self.matrices.width >> second & 1)

    def _ordered(self, first: int, second: int) -> Body:
        """That a write comes before another in coherence order.

        Of two lanes' writes the literal means something only where they touch one location.
        """
        same = self._same(first, second)
        known = self.encoding.co.get((first, second))
        return (same,) if known is None else (known, same)

    def _same(self, first: int, second: int) -> Literal:
        ours, theirs, formula = self._located[first], self._located[second], self.encoding.formula
        ways = [(ours[x], theirs[x]) for x in ours if x in theirs]
        return TRUE if (TRUE, TRUE) in ways else formula.any_of(map(formula.all_of, ways))

    def _value(self, node: int) -> Literals:
        event = self.events[node]
        read = event.kind is Kind.READ
        return self.encoding.of(Returned(node, 0) if read else event.values[0])

    def _equal(self, first: int, second: int) -> Literal:
        ours, theirs, formula = self._value(first), self._value(second), self.encoding.formula
        return formula.any_of([formula.all_of((ours[x], theirs[x])) for x in ours if x in theirs])

    def _dependencies(self, name: str) -> dict[Pair, list[Body]]:
        if name not in self._depending:
            holds = self.encoding.holds
            self._depending[name] = {
                pair: [
                    tuple(holds(g) if so else -holds(g) for g, so in sorted(way))
                    for way in sorted(sorted(way) for way in ways)
                ]
                for pair, ways in dependencies(self.encoding.graph, name).items()
            }
        return self._depending[name]


def pairs(matrices: Matrices, relation: int) -> list[Pair]:
    """The pairs of a relation, in order."""
    return [(a, b) for a, row in enumerate(matrices.rows(relation)) if row for b in bits(row)]


def simple(bodies: list[Body]) -> list[Body]:
    """Without what holds anyway, and without what never does."""
    kept = [tuple(x for x in body if x != TRUE) for body in bodies if FALSE not in body]
    return [()] if () in kept else list(dict.fromkeys(kept))
