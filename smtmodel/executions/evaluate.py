"""Memory models over concrete executions: the other reading of their terms.

Takes finite sets of events and pairs, evaluates an axiom's term to a finite set, and says
which axiom fails. Knows neither formulas nor solvers; goes through the cases in the order of
`smtmodel.encoding.relations`.
"""

from collections.abc import Mapping

from smtmodel.models.terms import (
    AnyIn,
    Axiom,
    Base,
    Both,
    Closure,
    Events,
    EventSet,
    Except,
    Form,
    Inverse,
    Minus,
    Model,
    On,
    Product,
    Relation,
    Sequence,
    Union,
)
from smtmodel.source.record import record

Pairs = frozenset[tuple[int, int]]


@record
class Execution:
    """A concrete execution: its events by number, the event sets and the base relations.

    Initial writes take part as events of no lane. Sets and relations that are missing are
    empty.
    """

    events: frozenset[int]
    sets: Mapping[str, frozenset[int]]
    relations: Mapping[str, Pairs]


def accepts(model: Model, execution: Execution) -> str | None:
    """None if every axiom of the model holds, else the name of the first that does not."""
    for axiom in model.axioms:
        if not holds(axiom, execution):
            return axiom.name
    return None


def holds(axiom: Axiom, execution: Execution) -> bool:
    """Whether an axiom holds of an execution."""
    pairs = relation(axiom.relation, execution)
    match axiom.form:
        case Form.ACYCLIC:
            return acyclic(pairs)
        case Form.IRREFLEXIVE:
            return all(first != second for first, second in pairs)
        case Form.EMPTY:
            return not pairs


def events(term: EventSet, execution: Execution) -> frozenset[int]:
    """The events of a set."""
    match term:
        case Events("All"):
            return execution.events
        case Events(name):
            return execution.sets.get(name, frozenset())
        case AnyIn(sets):
            return frozenset().union(*(events(part, execution) for part in sets))
        case Except(kept, removed):
            return events(kept, execution) - events(removed, execution)


def relation(term: Relation, execution: Execution) -> Pairs:
    """The pairs of a relation."""
    match term:
        case Base("id"):
            return frozenset((event, event) for event in execution.events)
        case Base(name):
            return execution.relations.get(name, frozenset())
        case Union(terms):
            return frozenset().union(*(relation(part, execution) for part in terms))
        case Both(left, right):
            return relation(left, execution) & relation(right, execution)
        case Minus(left, right):
            return relation(left, execution) - relation(right, execution)
        case Sequence(left, right):
            return _sequence(relation(left, execution), relation(right, execution))
        case Inverse(inner):
            return frozenset((b, a) for a, b in relation(inner, execution))
        case Closure(inner):
            found = relation(inner, execution)
            while not (longer := _sequence(found, found)) <= found:
                found |= longer
            return found
        case On(inside):
            return frozenset((event, event) for event in events(inside, execution))
        case Product(left_set, right_set):
            firsts, seconds = events(left_set, execution), events(right_set, execution)
            return frozenset((a, b) for a in firsts for b in seconds)


def _sequence(left: Pairs, right: Pairs) -> Pairs:
    following: dict[int, list[int]] = {}
    for first, second in right:
        following.setdefault(first, []).append(second)
    return frozenset((a, c) for a, b in left for c in following.get(b, ()))


def acyclic(pairs: Pairs) -> bool:
    """Whether no event reaches itself: events without predecessors are taken away in turn."""
    following: dict[int, list[int]] = {}
    missing: dict[int, int] = {}
    for first, second in pairs:
        following.setdefault(first, []).append(second)
        missing[second] = missing.get(second, 0) + 1
    ready = [event for event in following if not missing.get(event)]
    left = len(pairs)
    while ready:
        for event in following.get(ready.pop(), ()):
            left -= 1
            missing[event] -= 1
            if not missing[event]:
                ready.append(event)
    return left == 0
