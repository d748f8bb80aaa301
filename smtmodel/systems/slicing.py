"""The part of a system that properties depend on.

Takes a system and the properties that are asked about. Left out are what other properties ask of an
edge or a state; a guard, where an edge does the same whether it holds or not; and what becomes of a
quantity that nothing else of the part reads. What is left goes on as the whole system does, as far
as the properties can tell: nothing that decides whether an edge is taken is left out.
"""

from collections.abc import Collection, Iterable, Iterator

from smtmodel.executions.terms import registers_in
from smtmodel.executions.values import UNWRITTEN
from smtmodel.language.checked import DEADLOCK
from smtmodel.source.record import replace
from smtmodel.systems.system import Edge, Guard, System

Guards = tuple[Guard, ...]


def sliced(system: System, names: Collection[str]) -> System:
    """The part of a system that these properties depend on."""
    kept = replace(
        system,
        edges=tuple(_asked(edge, names) for edge in system.edges),
        bad=tuple(bad for bad in system.bad if bad.name in names),
        waits=system.waits if DEADLOCK in names else (),
    )
    return _forgotten(_smallest(kept))


def _asked(edge: Edge, names: Collection[str]) -> Edge:
    """The edge with what it says of these properties."""
    violates = tuple(name for name in edge.violates if name in names)
    return replace(edge, violates=violates, judges=tuple(n for n in edge.judges if n in names))


def _smallest(system: System) -> System:
    """Guards that do not matter make quantities matter less, and those guards again."""
    edges: tuple[Edge, ...] = ()
    while edges != system.edges:
        edges = system.edges
        system = replace(system, edges=tuple(_merged(edges)))
        system = replace(system, edges=tuple(_reading(system)))
    return system


# ---------------------------------------------------------------- guards


def _merged(edges: Iterable[Edge]) -> Iterator[Edge]:
    """The edges without guards of which it does not matter whether they hold."""
    alike: dict[Edge, list[Edge]] = {}
    for edge in edges:
        alike.setdefault(replace(edge, guards=(), where=None), []).append(edge)
    for same in alike.values():
        for guards in _weakest(edge.guards for edge in same):
            yield replace(same[0], guards=guards)


def _weakest(known: Iterable[Guards]) -> Iterable[Guards]:
    """Guards of edges that are alike otherwise, without those that may hold or not."""
    left = dict.fromkeys(known)
    waiting = list(left)
    while waiting:
        guards = waiting.pop()
        for place, other in enumerate(_flipped(guards)):
            if guards in left and other in left:
                del left[guards], left[other]
                shorter = guards[:place] + guards[place + 1 :]
                left[shorter] = None
                waiting.append(shorter)
    return left


def _flipped(guards: Guards) -> Iterator[Guards]:
    """The guards with each of them in turn the other way round."""
    for place, guard in enumerate(guards):
        other = replace(guard, holding=not guard.holding)
        yield (*guards[:place], other, *guards[place + 1 :])


# ---------------------------------------------------------------- quantities


def _reading(system: System) -> Iterator[Edge]:
    """The edges without what becomes of quantities that nothing reads."""
    needed = _needed(system)
    for edge in system.edges:
        updates = tuple((number, term) for number, term in edge.updates if number in needed)
        yield replace(edge, updates=updates)


def _needed(system: System) -> frozenset[int]:
    """The quantities that guards, properties and waiting lanes read, and what these come of. A
    field matters in all objects of a struct or in none."""
    fields = _fields(system)
    sources: dict[int, set[int]] = {system.drawn: {system.fresh}}
    for edge in system.edges:
        for number, term in edge.updates:
            sources.setdefault(number, set()).update(registers_in(term))
    needed: set[int] = set()
    waiting = list(_read(system))
    while waiting:
        number = waiting.pop()
        if number not in needed:
            needed.add(number)
            waiting += [*sources.get(number, ()), *fields.get(number, ())]
    return frozenset(needed)


def _read(system: System) -> Iterator[int]:
    yield from (*system.places, system.progress)
    yield from (number for slot in system.slots for number, _ in slot.pins)
    guarded = (system.edges, system.bad, system.waits)
    yield from registers_in(tuple(one.guards for some in guarded for one in some))
    for wait in system.waits:
        yield from (number for number, _ in wait.flags)
        yield from (number for _, number in wait.givers or ())
        yield from (wait.holder,) if wait.holder >= 0 else ()


def _fields(system: System) -> dict[int, tuple[int, ...]]:
    """Each quantity of an object with those of all objects of its struct that are the same
    field."""
    alike: dict[tuple[str, int], list[int]] = {}
    for slot in system.slots:
        for place, number in enumerate(slot.quantities):
            alike.setdefault((slot.struct, place), []).append(number)
    return {number: tuple(numbers) for numbers in alike.values() for number in numbers}


def _forgotten(system: System) -> System:
    """Fields that nothing reads tell no objects apart."""
    needed = _needed(system)
    fields = {number for slot in system.slots for number in slot.fields} - needed
    quantities = tuple(
        replace(quantity, initial=UNWRITTEN) if number in fields else quantity
        for number, quantity in enumerate(system.quantities)
    )
    return replace(system, quantities=quantities)
