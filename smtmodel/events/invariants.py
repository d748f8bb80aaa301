"""What holds of every event graph: checked by the tests after every unroll.

Each law is one function that yields a sentence per breach.
"""

from collections.abc import Iterator

from smtmodel.events.graph import Event, EventGraph, FieldOf, ItemOf, Kind
from smtmodel.events.terms import (
    AnyOf,
    Apply,
    Chosen,
    Guard,
    Holds,
    Observed,
    Passes,
    Returned,
    Select,
    Term,
    Token,
)


def breaches(graph: EventGraph) -> list[str]:
    """Every breach of every law; nothing for a good graph."""
    laws = (_numbers, _guards, _terms, _partners, _shapes)
    return [sentence for law in laws for sentence in law(graph)]


def _numbers(graph: EventGraph) -> Iterator[str]:
    """Events are numbered lane by lane, in program order."""
    for number, event in enumerate(graph.events):
        if event.number != number:
            yield f"event {number} calls itself {event.number}"
        lane = graph.lanes[event.lane]
        if not lane.first <= number < lane.last:
            yield f"event {number} is outside its lane {event.lane}"
    ends = [0, *(lane.last for lane in graph.lanes)]
    for lane, end in zip(graph.lanes, ends, strict=False):
        if lane.first != end:
            yield f"lane {lane.lane.name} does not start where the one before it ends"


def _guards(graph: EventGraph) -> Iterator[str]:
    """Guards are sorted, consistent, and name atoms that exist."""
    for guard, what in _all_guards(graph):
        if list(guard) != sorted(set(guard)):
            yield f"the guard of {what} is not sorted"
        if any(-literal in guard for literal in guard):
            yield f"the guard of {what} contradicts itself"
        if any(not 1 <= abs(literal) <= len(graph.atoms) for literal in guard):
            yield f"the guard of {what} names an atom that does not exist"


def _all_guards(graph: EventGraph) -> Iterator[tuple[Guard, str]]:
    for event in graph.events:
        yield event.guard, f"event {event.number}"
    for lane in graph.lanes:
        yield lane.end, f"the end of {lane.lane.name}"
    for number, atom in enumerate(graph.atoms):
        if isinstance(atom, AnyOf):
            for guard in atom.guards:
                yield guard, f"atom {number + 1}"
    for wait in graph.waits:
        yield wait.guard, f"the wait at event {wait.event}"
    for stop in graph.stops:
        yield stop.guard, f"a stop at {stop.name}"
        yield stop.passed, f"the way past a stop at {stop.name}"


def _terms(graph: EventGraph) -> Iterator[str]:
    """A term is over earlier events of its own lane only."""
    for event in graph.events:
        for term in _terms_of(graph, event):
            for other in _events_in(term):
                limit = event.number + (event.kind in (Kind.RMW, Kind.READ))
                lane = graph.lanes[event.lane]
                home = event if lane.defers is None else graph.events[lane.defers]
                if graph.events[other].lane != home.lane or other >= limit:
                    yield f"event {event.number} depends on event {other}"


def _terms_of(graph: EventGraph, event: Event) -> Iterator[Term]:
    yield from event.values
    for term in (event.success, event.condition, event.pointer):
        if term is not None:
            yield term
    match event.address:
        case FieldOf(pointer, _):
            yield pointer
        case ItemOf(_, index):
            yield index
    for literal in event.guard:
        atom = graph.atoms[abs(literal) - 1]
        if isinstance(atom, Holds):
            yield atom.term


def _events_in(term: Term) -> Iterator[int]:
    match term:
        case Returned(event, _) | Token(event) | Observed(event):
            yield event
        case Apply(_, operands):
            for operand in operands:
                yield from _events_in(operand)
        case Select(_, then, otherwise):
            yield from _events_in(then)
            yield from _events_in(otherwise)


def _partners(graph: EventGraph) -> Iterator[str]:
    """What closes something names what opened it, earlier in the lane, of the same name.

    So does the write of a read-modify-write that is two events.
    """
    opens = {
        Kind.UNLOCK: (Kind.LOCK, Kind.TRY),
        Kind.LEAVE: (Kind.ENTER,),
        Kind.GRACE_END: (Kind.GRACE_BEGIN,),
        Kind.RESUME: (Kind.INTERRUPT,),
        Kind.UNMASK: (Kind.MASK,),
        Kind.FREE: (Kind.DEFER,),
        Kind.WRITE: (Kind.READ,),
    }
    for event in graph.events:
        deferred = graph.lanes[event.lane].defers is not None
        closing = event.kind in opens and event.kind is not Kind.WRITE
        if closing and bool(event.partners) != (event.kind is not Kind.FREE or deferred):
            yield f"event {event.number} closes nothing"
        for number in event.partners:
            other = graph.events[number]
            good = other.kind in opens[event.kind] and other.name == event.name
            if not good or (other.lane == event.lane) == deferred or number >= event.number:
                yield f"event {event.number} cannot close event {number}"


def _shapes(graph: EventGraph) -> Iterator[str]:
    """Accesses have addresses, writes have values, waits have their own atom."""
    accesses = (Kind.READ, Kind.WRITE, Kind.RMW)
    for event in graph.events:
        if (event.address is not None) != (event.kind in accesses):
            yield f"event {event.number} has an address only if it is an access"
        if bool(event.values) != (event.kind in (Kind.WRITE, Kind.RMW)):
            yield f"event {event.number} has values only if it writes"
        locks = event.kind in (Kind.LOCK, Kind.TRY, Kind.UNLOCK)
        if not locks and (event.pointer is not None) != _points(event):
            yield f"event {event.number} has a pointer only if it frees or has an object"
        if event.outer and event.kind not in (Kind.LOCK, Kind.TRY):
            yield f"event {event.number} takes no lock"
    passes = {atom.event for atom in graph.atoms if isinstance(atom, Passes)}
    if passes != {wait.event for wait in graph.waits}:
        yield "waits and the atoms that lanes pass them do not match"
    chosen = [a.term for a in graph.atoms if isinstance(a, Holds)]
    for term in chosen:
        if isinstance(term, Chosen) and term.choice >= len(graph.choices):
            yield f"choice {term.choice} does not exist"


def _points(event: Event) -> bool:
    """Whether an event has a pointer that is no address."""
    return event.kind in (Kind.FREE, Kind.HAVE) or event.tag == "sync-srcu"
