"""An invariant in the names of the protocol, for people.

Takes a system and an invariant; gives lines. Objects are called by how they are reached, and a
clause that many groups of states have is said once, with the steps before which it holds.
"""

from collections.abc import Iterable, Iterator

from smtmodel.executions.values import Value
from smtmodel.systems.arithmetic import WHOLE, Cell, Compound, Formula, InCell, literals
from smtmodel.systems.canonical import canon
from smtmodel.systems.groups import Shape
from smtmodel.systems.invariant import Invariant
from smtmodel.systems.system import HOME, System

MOST = 3
"""How many steps are named for a clause; of more it is said how many there are."""


def lines_of(system: System, invariant: Invariant) -> Iterator[str]:
    """A line for each clause, those of most groups first, and the steps where it is needed."""
    places: dict[str, dict[str, None]] = {}
    counts: dict[str, int] = {}
    names = _Names(system)
    for shape, clauses in invariant.clauses.items():
        called = names.of(shape)
        where = _where(system, shape)
        for clause in clauses:
            text = said(clause, called)
            counts[text] = counts.get(text, 0) + 1
            places.setdefault(text, {}).update(dict.fromkeys(where))
    for text in sorted(places, key=lambda one: (-counts[one], one)):
        groups = "1 group" if counts[text] == 1 else f"{counts[text]} groups"
        yield f"{text}   ({groups}: {_listed(places[text])})"


def _listed(places: Iterable[str]) -> str:
    known = list(places)
    if len(known) > MOST:
        return f"{len(known)} steps"
    return "; ".join(known)


def _where(system: System, shape: Shape) -> list[str]:
    """The steps before which the lanes that update stand; where none updates, those of all."""
    updates = [lane.kind.updates for lane in system.lanes]
    steps = {(edge.lane, edge.source): edge.where for edge in system.edges}
    found: list[str] = []
    for lane, number in enumerate(system.places[: len(system.lanes)]):
        if updates[lane] or not any(updates):
            place = shape[number]
            step = steps.get((lane, place)) if isinstance(place, int) else None
            name = system.lanes[lane].name
            if place == HOME:
                found.append(f"{name} between rounds")
            elif step is not None:
                found.append(f"before `{step.text}`")
    return found


class _Names:
    """What the numbers of a shape are called."""

    def __init__(self, system: System) -> None:
        self.system = system
        made = canon(system, ())
        self.pointers, self.roots, self.slots = made.pointers, made.roots, made.slots

    def of(self, shape: Shape) -> dict[Cell, str]:
        """The name of each cell; of the field of an object by a pointer that reaches it."""
        called = {number: one.name for number, one in enumerate(self.system.quantities)}
        reached: set[tuple[str, int]] = set()
        waiting = sorted(self.roots, key=lambda number: "." in called[number])
        for number in waiting:  # grows: the fields of each object that is met
            for place, struct in self.pointers.get(number, ()):
                slot = _part(shape[number], place)
                if isinstance(slot, int) and (struct, slot) not in reached:
                    reached.add((struct, slot))
                    fields = self.slots[struct][slot - 1].fields
                    for field in fields:
                        _, _, name = self.system.quantities[field].name.partition(".")
                        own, of, owner = called[number].partition(" of ")
                        called[field] = f"{own}->{name}{of}{owner}"
                    waiting += fields
        return dict(self._cells(called))

    def _cells(self, called: dict[int, str]) -> Iterator[tuple[Cell, str]]:
        for number, name in called.items():
            yield (number, WHOLE), name
            own, of, owner = name.partition(" of ")
            for place, part in enumerate(self.system.quantities[number].parts):
                yield (number, place), f"{own}.{part}{of}{owner}"


def _part(value: Value, place: int) -> Value:
    if place == WHOLE:
        return value
    return value[place] if isinstance(value, tuple) else None


SIGNS = {"=": "==", "<": "<"}
OPPOSITE = {"=": "!=", "<": ">="}


def said(clause: Formula, called: dict[Cell, str]) -> str:
    """A clause as people write it."""
    return " or ".join(_literal(one, called) for one in literals(clause))


def _literal(formula: Formula, called: dict[Cell, str]) -> str:
    match formula:
        case Compound("not", (Compound("<", (left, right)),)) if not isinstance(right, int):
            return f"{_term(right, called)} <= {_term(left, called)}"
        case Compound("not", (Compound(("=" | "<") as sign, (left, right)),)):
            return f"{_term(left, called)} {OPPOSITE[sign]} {_term(right, called)}"
        case Compound(("=" | "<") as sign, (left, right)):
            return f"{_term(left, called)} {SIGNS[sign]} {_term(right, called)}"
        case Compound("and", parts):
            return f"({' and '.join(_literal(one, called) for one in parts)})" if parts else "true"
        case _:
            return f"({_term(formula, called)})"


def _term(formula: Formula, called: dict[Cell, str]) -> str:
    match formula:
        case int():
            return str(formula)
        case InCell(cell=cell):
            return called.get(cell, f"field {cell[1] + 1} of {called[cell[0], WHOLE]}")
        case Compound("mod", (left, right)):
            return f"{_term(left, called)} % {_term(right, called)}"
        case Compound(operator=operator, operands=operands):
            return f" {operator} ".join(_term(one, called) for one in operands)
