"""Reads-from and coherence: which write each read returns, and the order of writes.

Takes the domains, fills `rf`, `co` and `returned` of an encoding. Which of these are allowed
together is the model's affair, stated in `smtmodel.encoding.relations`.
"""

from smtmodel.encoding.domains import INITIAL
from smtmodel.encoding.formula import TRUE, Literal, Reason
from smtmodel.encoding.state import Encoding, Literals
from smtmodel.events.graph import Event, Kind
from smtmodel.events.terms import Constant

Body = tuple[Literal, ...]
"""A conjunction of literals."""


def _reason(sentence: str, event: Event) -> Reason:
    return Reason(sentence, event.span)


def allocate(encoding: Encoding) -> None:
    """Gives literals to what every read of the lanes may return, in program order."""
    for event in encoding.domains.accesses:
        if event.kind is not Kind.WRITE and not _alias(encoding, event):
            _allocate(encoding, event)


def _alias(encoding: Encoding, read: Event) -> bool:
    """A read with one possible source in its own lane returns that write's value."""
    domains = encoding.domains
    candidates = domains.candidates[read.number]
    if len(candidates) != 1 or len(domains.locations[read.number]) != 1:
        return False
    source = candidates[0]
    location = encoding.graph.locations[domains.locations[read.number][0]]
    if source == INITIAL:
        for component, constant in enumerate(location.initial):
            encoding.returned[read.number, component] = {constant: TRUE}
    else:
        write = encoding.graph.events[source]
        certain = write.success is None and domains.implied(write.guard, read.guard)
        alone = len(domains.locations[source]) == 1
        if write.lane != read.lane or not certain or not alone:
            return False
        for component, value in enumerate(write.values):
            encoding.returned[read.number, component] = encoding.of(value)
    encoding.rf[read.number] = {source: encoding.happens(read.number)}
    return True


def _allocate(encoding: Encoding, read: Event) -> None:
    domains, formula = encoding.domains, encoding.formula
    number = read.number
    encoding.rf[number] = {
        source: formula.new(f"rf_{number}_{'init' if source == INITIAL else source}")
        for source in domains.candidates[number]
    }
    components = [k for (event, k) in domains.returned if event == number]
    for component in sorted(components):
        constants = domains.returned[number, component]
        literals: Literals
        if len(constants) == 1:
            literals = {constants[0]: TRUE}
        else:
            literals = {
                constant: formula.new(f"value_{number}_{component}_{index}")
                for index, constant in enumerate(constants)
            }
        encoding.returned[number, component] = literals


def constrain(encoding: Encoding) -> None:
    """States what reads-from and coherence mean, for all lanes."""
    for event in encoding.domains.accesses:
        if event.kind is not Kind.WRITE:
            sources(encoding, event, encoding.happens(event.number))
            _values(encoding, event)
    _coherence(encoding)


def sources(encoding: Encoding, read: Event, happens: Literal) -> None:
    """A read that happens returns a write that happens, to the location that it reads."""
    formula = encoding.formula
    assert read.address is not None
    locations = encoding.domains.locations[read.number]
    touched = encoding.located(read.address, locations)
    found = encoding.rf[read.number]
    one = _reason("a read that happens returns some write", read)
    formula.implies([happens], found.values(), one)
    agree = _reason("a read returns a write to the location that it reads", read)
    for source, literal in found.items():
        if literal == happens:
            continue
        formula.implies([literal], [happens], one)
        if source == INITIAL:
            readable = encoding.domains.readable(read)
            unreadable = [lit for x, lit in touched.items() if x not in readable]
            for other in unreadable:
                formula.add((-literal, -other), agree)
            continue
        formula.implies([literal], [encoding.writes(source)], one)
        theirs = encoding.touches(source)
        for location, ours in touched.items():
            head = [theirs[location]] if location in theirs else []
            formula.implies([literal, ours], head, agree)
        for location, other in theirs.items():
            head = [touched[location]] if location in touched else []
            formula.implies([literal, other], head, agree)


def _values(encoding: Encoding, read: Event) -> None:
    """A read that returns a write returns the value written."""
    formula = encoding.formula
    reason = _reason("a read returns the value of the write that it reads from", read)
    found, happens = encoding.rf[read.number], encoding.happens(read.number)
    if list(found.values()) == [happens]:
        return  # what it returns is another name for what that write writes
    components = [k for (event, k) in encoding.domains.returned if event == read.number]
    for component in sorted(components):
        values = encoding.returned[read.number, component]
        producers: dict[Constant, list[Literal]] = {constant: [] for constant in values}
        for source, literal in found.items():
            for constant, written in _written(encoding, read, source, component).items():
                if constant not in values:
                    formula.add((-literal, -written), reason)
                    continue
                producers[constant].append(literal)
                formula.implies([literal, written], [values[constant]], reason)
                if written != TRUE:
                    formula.implies([literal, values[constant]], [written], reason)
        for constant, literals in producers.items():
            formula.implies([values[constant], happens], literals, reason)


def _written(encoding: Encoding, read: Event, source: int, component: int) -> Literals:
    """For each constant the literal that the source, if it is the source, gives it."""
    if source != INITIAL:
        return encoding.of(encoding.graph.events[source].values[component])
    assert read.address is not None
    touched = encoding.located(read.address, encoding.domains.locations[read.number])
    ways: dict[Constant, list[Literal]] = {}
    for location in encoding.domains.readable(read):
        constant = encoding.graph.locations[location].initial[component]
        ways.setdefault(constant, []).append(touched.get(location, -TRUE))
    return {constant: encoding.formula.any_of(ls) for constant, ls in ways.items()}


def observed(encoding: Encoding, read: Event) -> None:
    """What a read of memory at an instant returns; none of its literals if undefined."""
    number = read.number
    components = [k for (event, k) in encoding.domains.returned if event == number]
    for component in sorted(components):
        ways: dict[Constant, list[Literal]] = {}
        for source, literal in encoding.rf[number].items():
            for constant, written in _written(encoding, read, source, component).items():
                both = encoding.formula.all_of((literal, written))
                ways.setdefault(constant, []).append(both)
        encoding.returned[number, component] = {
            constant: encoding.formula.any_of(literals) for constant, literals in ways.items()
        }


# ---------------------------------------------------------------- coherence


def _coherence(encoding: Encoding) -> None:
    """Two writes to one location by different lanes are in one order or the other."""
    writers = [e for e in encoding.domains.accesses if e.kind is not Kind.READ]
    for index, first in enumerate(writers):
        for second in writers[index + 1 :]:
            if first.lane == second.lane or not _meet(encoding, first, second):
                continue
            ways = (first.number, second.number), (second.number, first.number)
            for way in ways:
                encoding.co[way] = encoding.formula.new(f"co_{way[0]}_{way[1]}")
            both = [encoding.writes(first.number), encoding.writes(second.number)]
            both.append(encoding.same(first.number, second.number))
            reason = _reason("two writes to one location are ordered", second)
            encoding.formula.implies(both, [encoding.co[way] for way in ways], reason)


def _meet(encoding: Encoding, first: Event, second: Event) -> bool:
    ours = encoding.domains.locations[first.number]
    return any(location in ours for location in encoding.domains.locations[second.number])


def coherent(encoding: Encoding, first: int, second: int) -> Body | None:
    """The condition under which `first` is co-before `second`; None where it never is.

    Within a lane coherence follows program order, as every model here demands.
    """
    if (first, second) in encoding.co:
        return (encoding.co[first, second],)
    events = encoding.graph.events
    if events[first].lane != events[second].lane or first >= second:
        return None
    if not _meet(encoding, events[first], events[second]):
        return None
    parts = (encoding.writes(first), encoding.writes(second), encoding.same(first, second))
    return None if -TRUE in parts else parts


def overwritten(encoding: Encoding, read: Event) -> dict[int, list[Body]]:
    """For each write the conditions under which it is co-after what the read returns."""
    formula = encoding.formula
    assert read.address is not None
    touched = encoding.located(read.address, encoding.domains.locations[read.number])
    found: dict[int, list[Body]] = {}
    writers = sorted({w for x in touched for w in encoding.domains.writers.get(x, ())})
    for source, literal in encoding.rf[read.number].items():
        for write in writers:
            if write in (source, read.number):
                continue
            if source == INITIAL:
                theirs = encoding.touches(write)
                same = formula.any_of(
                    [formula.all_of((touched[x], theirs[x])) for x in touched if x in theirs]
                )
                found.setdefault(write, []).append((literal, encoding.writes(write), same))
            else:
                body = coherent(encoding, source, write)
                if body is not None:
                    found.setdefault(write, []).append((literal, *body))
    return found
