"""States taken up to the names of objects and the exact distances of large numbers.

A canonical state stands for all states that go on alike. Objects are numbered in the order in
which pointers reach them, and what nothing reaches is forgotten. Of a class of numbers those up
to `exact` stay; the others keep their order, and the distance of neighbours modulo `modulus`.
Tokens keep their order. `representatives` gives states that between them go on in every way in
which any state does that a canonical state stands for: no edge moves two numbers against each
other by more than `motion`, so a distance beyond it is as good as any larger one.
"""

from collections.abc import Iterator
from itertools import product

from smtmodel.executions.values import UNSET, UNWRITTEN, Value
from smtmodel.language.checked import TOKEN_BASE
from smtmodel.language.types import Entry, Pointer
from smtmodel.source.record import record
from smtmodel.systems.arithmetic import WHOLE, Cell
from smtmodel.systems.classes import NumberClass
from smtmodel.systems.lanes import exchanged, same
from smtmodel.systems.system import Exchange, NotCoveredError, Slot, System

State = tuple[Value, ...]

Numbering = dict[tuple[str, int], int]
"""For each struct and slot that pointers reach, its number in their order."""


@record
class Canon:
    """`pointers` are those of the quantities that have any, with their structs; `roots` those of
    them that belong to no object. `numbers` are the cells of all classes, `growing` the classes
    with numbers that are not told apart. `exchanges` leave the system as it is."""

    system: System
    growing: tuple[NumberClass, ...]
    numbers: tuple[Cell, ...]
    pointers: dict[int, tuple[tuple[int, str], ...]]
    roots: tuple[int, ...]
    slots: dict[str, list[Slot]]
    exchanges: tuple[Exchange, ...]

    def state(self, values: list[Value]) -> State:
        """The canonical state of a state; NotCoveredError where a number is too large for what is
        computed with it."""
        values = self.renamed(values)
        for known in self.growing:
            large = _large(values, known)
            if large and known.refused is not None:
                raise NotCoveredError(known.refused.where, known.refused.reason)
            _replace(values, known.cells, _lowered(known, large))
        self._tokens(values)
        values[self.system.drawn] = UNSET
        return tuple(values)

    def representatives(self, state: State) -> Iterator[list[Value]]:
        """States that go on in all ways in which those go on that the state stands for."""
        changes: list[list[tuple[NumberClass, dict[int, int]]]] = []
        for known in self.growing:
            large = _large(list(state), known)
            longer = -(-known.motion // known.modulus)
            if large and longer:
                changes.append([(known, moved) for moved in _stretched(large, known, longer)])
        for choice in product(*changes):
            values = list(state)
            for known, moved in choice:
                _replace(values, known.cells, moved)
            yield values

    def renamed(self, values: list[Value]) -> list[Value]:
        """The same with lanes that may change places sorted by where they stand, and with objects
        by the order in which pointers reach them, those alone that are reached. Of numbers nothing
        is looked at."""
        made = self._sorted(list(values))
        if not self.slots:
            return made
        order = self._reached(made)
        before = list(made)
        for number in self.pointers:
            before[number] = self._pointing(number, before[number], order)
            made[number] = before[number]
        for slots in self.slots.values():
            for slot in slots:
                for number in slot.fields:
                    made[number] = UNWRITTEN
                for number in slot.life:
                    made[number] = self.system.quantities[number].initial
        for (struct, old), new in order.items():
            source, target = self.slots[struct][old - 1], self.slots[struct][new - 1]
            for one, other in zip(source.quantities, target.quantities, strict=True):
                made[other] = before[one]
        return made

    def _sorted(self, values: list[Value]) -> list[Value]:
        places = self.system.places
        again = bool(self.exchanges)
        while again:
            again = False
            for one in self.exchanges:
                if values[places[one.first]] > values[places[one.second]]:  # type: ignore[operator]
                    values = exchanged(one, values)
                    again = True
        return values

    def _reached(self, values: list[Value]) -> Numbering:
        order: Numbering = {}
        self._meet(values, order, list(self.roots))
        for struct, slots in self.slots.items():
            for number, slot in enumerate(slots, 1):
                if (struct, number) not in order and _pinned(values, slot):
                    order[struct, number] = 1 + sum(known == struct for known, _ in order)
                    self._meet(values, order, list(slot.fields))
        return order

    def _meet(self, values: list[Value], order: Numbering, waiting: list[int]) -> None:
        """Number the objects that pointers in these quantities reach."""
        counts = dict.fromkeys(self.slots, 0)
        for struct, _ in order:
            counts[struct] += 1
        for number in waiting:  # grows: the fields of each object that is met
            for place, struct in self.pointers.get(number, ()):
                value = _part(values[number], place)
                if isinstance(value, int) and (struct, value) not in order:
                    counts[struct] += 1
                    order[struct, value] = counts[struct]
                    waiting += self.slots[struct][value - 1].fields

    def _pointing(self, number: int, value: Value, order: Numbering) -> Value:
        for place, struct in self.pointers[number]:
            old = _part(value, place)
            if isinstance(old, int):
                value = _put(value, place, order.get((struct, old)))
        return value

    def _tokens(self, values: list[Value]) -> None:
        drawn = {value for value in _values(values, self.numbers) if value > TOKEN_BASE}
        order = {old: TOKEN_BASE + n for n, old in enumerate(sorted(drawn), 1)}
        values[self.system.fresh] = TOKEN_BASE + len(order)
        _replace(values, self.numbers, order)


def canon(system: System, classes: tuple[NumberClass, ...]) -> Canon:
    """What makes the states of a system canonical."""
    slots: dict[str, list[Slot]] = {}
    for slot in system.slots:
        slots.setdefault(slot.struct, []).append(slot)
    inside = {number for slot in system.slots for number in slot.quantities}
    known = ((n, _pointers(quantity.sort)) for n, quantity in enumerate(system.quantities))
    pointers = {number: pointing for number, pointing in known if pointing}
    roots = tuple(number for number in pointers if number not in inside)
    growing = tuple(one for one in classes if one.motion or one.refused)
    numbers = tuple(cell for one in classes for cell in one.cells)
    return Canon(system, growing, numbers, pointers, roots, slots, same(system))


def _pinned(values: list[Value], slot: Slot) -> bool:
    """Whether an object is kept although no pointer reaches it."""
    pins = ((values[number], least) for number, least in slot.pins)
    return any(isinstance(value, int) and value >= least for value, least in pins)


def _pointers(sort: object) -> tuple[tuple[int, str], ...]:
    match sort:
        case Pointer(struct=struct):
            return ((WHOLE, struct),)
        case Entry(types=types):
            return tuple((n, t.struct) for n, t in enumerate(types) if isinstance(t, Pointer))
        case _:
            return ()


def _part(value: Value, place: int) -> Value:
    if place == WHOLE:
        return value
    return value[place] if isinstance(value, tuple) else UNSET


def _put(value: Value, place: int, new: Value) -> Value:
    if place == WHOLE or not isinstance(value, tuple):
        return new
    return (*value[:place], new, *value[place + 1 :])


def _values(values: list[Value], cells: list[Cell] | tuple[Cell, ...]) -> Iterator[int]:
    for number, place in cells:
        value = _part(values[number], place)
        if isinstance(value, int):
            yield value


def _large(values: list[Value], known: NumberClass) -> list[int]:
    """The numbers of a class that are not told apart, sorted."""
    found = _values(values, known.cells)
    return sorted({value for value in found if known.exact < value < TOKEN_BASE})


def _lowered(known: NumberClass, large: list[int]) -> dict[int, int]:
    """Each distance becomes the smallest positive one with its residue."""
    moved: dict[int, int] = {}
    before = after = known.exact
    for value in large:
        after += (value - before - 1) % known.modulus + 1
        before = value
        moved[value] = after
    return moved


def _stretched(large: list[int], known: NumberClass, longer: int) -> Iterator[dict[int, int]]:
    """Each distance becomes longer by up to so many times the modulus."""
    for times in product(range(longer + 1), repeat=len(large)):
        moved: dict[int, int] = {}
        shift = 0
        for value, more in zip(large, times, strict=True):
            shift += more * known.modulus
            moved[value] = value + shift
        yield moved


def _replace(
    values: list[Value], cells: list[Cell] | tuple[Cell, ...], moved: dict[int, int]
) -> None:
    if not moved:
        return
    for number, place in cells:
        value = _part(values[number], place)
        if isinstance(value, int) and value in moved:
            values[number] = _put(values[number], place, moved[value])
