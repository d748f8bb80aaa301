"""An invariant in the names of the protocol, for people.

Takes a system and an invariant; gives lines. Objects are called by how they are reached. What many
groups of states have is said once, below the steps before which it holds; a clause may be left out
where others say as much, and how many are is said: the invariant itself has them all.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from operator import eq, ge, lt, ne

from smtmodel.executions.values import Value
from smtmodel.source.record import record
from smtmodel.systems.arithmetic import (
    WHOLE,
    Cell,
    Compound,
    Formula,
    InCell,
    literals,
    variables_in,
)
from smtmodel.systems.canonical import canon
from smtmodel.systems.groups import NUMBER, TOKEN, Shape, part
from smtmodel.systems.invariant import Invariant
from smtmodel.systems.system import ENDED, HOME, STOPPED, System

MOST = 3
"""How many steps are named that a heading leaves out; of more those are named that it has."""

TEMPORARY = "value "
"""What the names of values begin with that have none in the protocol."""

ELSEWHERE = "elsewhere"
"""Where a lane has nothing to do and is at none of the places with a name."""

Clause = frozenset[tuple[str, str, str]]
"""A clause in words: of each literal the left side, the sign and the right side."""

Places = frozenset[str]


@record
class _Group:
    """A group of states: the steps before which lanes stand, its clauses, and the names of what has
    a number in it."""

    places: Places
    clauses: frozenset[Clause]
    numbers: frozenset[str]


@record
class _Said:
    """All clauses with the names that are in each. `repeated` are those about values without a name
    of which the same is said of a named one."""

    groups: tuple[_Group, ...]
    names: Mapping[Clause, frozenset[str]]
    repeated: frozenset[Clause]

    def share(self, clause: Clause, places: Places) -> tuple[int, int]:
        """In how many groups of these places it holds, be it that another clause says it, and in
        how many there are its numbers."""
        there = [
            one
            for one in self.groups
            if not places.isdisjoint(one.places) and self.names[clause] <= one.numbers
        ]
        stronger = {one for one in self.names if one == clause or implies(one, clause)}
        return sum(not stronger.isdisjoint(one.clauses) for one in there), len(there)


def lines_of(system: System, invariant: Invariant) -> Iterator[str]:
    """The places at which lanes may stand; the clauses below headings, those of most groups first,
    and how many are left out."""
    told, steps = _told(system, invariant), _steps(system)
    met = {place for one in told.groups for place in one.places}
    order = [one for one in dict.fromkeys((*steps.values(), ELSEWHERE)) if one in met]
    if order:
        yield f"places: {_listed(order)}"
    headings: dict[Places, dict[Clause, tuple[int, int]]] = {}
    for clause in told.names.keys() - told.repeated:
        having = [one for one in told.groups if clause in one.clauses]
        places = frozenset(place for one in having for place in one.places)
        headings.setdefault(places, {})[clause] = told.share(clause, places)
    count = 0
    for places, shares in sorted(headings.items(), key=lambda one: _rank(one[0], one[1], order)):
        kept = [one for one in shares if not _covered(one, shares)]
        count += len(kept)
        yield f"{_heading(places, order)}:"
        for clause in sorted(kept, key=lambda one: (-shares[one][0], text_of(one))):
            yield f"    `{text_of(clause)}`   ({_share(*shares[clause])})"
    if len(told.names) > count:
        left = len(told.names) - count
        yield f"(and {left} that say less, or the same of values that have no name)"


def _covered(clause: Clause, shares: Mapping[Clause, tuple[int, int]]) -> bool:
    """Whether a clause that says more holds in as many groups."""
    own = shares[clause][0]
    return any(share[0] >= own and implies(more, clause) for more, share in shares.items())


def _rank(
    places: Places, shares: Mapping[Clause, tuple[int, int]], order: Sequence[str]
) -> tuple[int, list[int]]:
    """Headings of most groups go first, then those of earlier steps."""
    most = max(holding for holding, _ in shares.values())
    return -most, [number for number, one in enumerate(order) if one in places]


def _heading(places: Places, order: Sequence[str]) -> str:
    others = [one for one in order if one not in places]
    if not others:
        return "at all of them"
    if len(others) <= MOST and len(others) < len(places):
        return f"at all but {_listed(others)}"
    return _listed([one for one in order if one in places])


def _listed(places: Sequence[str]) -> str:
    *most, last = places
    return f"{', '.join(most)} and {last}" if most else last


def _share(holding: int, groups: int) -> str:
    share = f"all {groups}" if holding == groups else f"{holding} of {groups}"
    return "the only group" if groups == 1 else f"{share} groups"


def _told(system: System, invariant: Invariant) -> _Said:
    """What is said of each group of states."""
    called_by, steps = _Names(system), _steps(system)
    groups: list[_Group] = []
    names: dict[Clause, frozenset[str]] = {}
    others: dict[Clause, set[Clause]] = {}
    for shape, clauses in invariant.clauses.items():
        called = called_by.of(shape)
        made = {said(one, called): one for one in clauses}
        for clause in made.keys() - names.keys():
            names[clause] = frozenset(called.get(one, "") for one in variables_in(made[clause]))
            others[clause] = set(_renamed(made[clause], called))
        numbers = frozenset(
            name for cell, name in called.items() if part(shape, cell) in (NUMBER, TOKEN)
        )
        groups.append(_Group(_where(system, shape, steps), frozenset(made), numbers))
    repeated = (one for one, named in others.items() if not named.isdisjoint(names))
    return _Said(tuple(groups), names, frozenset(repeated))


def _renamed(formula: Formula, called: Mapping[Cell, str]) -> Iterator[Clause]:
    """The same clause about each named value instead of one that has no name."""
    unnamed = [one for one in variables_in(formula) if called.get(one, "").startswith(TEMPORARY)]
    if len(unnamed) == 1:
        for name in called.values():
            if not name.startswith(TEMPORARY):
                yield said(formula, {**called, unnamed[0]: name})


def _steps(system: System) -> dict[tuple[int, Value], str]:
    """What is said of the places of the lanes that update; where none updates, of all lanes that
    move."""
    updates = [lane.kind.updates for lane in system.lanes]
    moving = {edge.lane for edge in system.edges}
    found: dict[tuple[int, Value], str] = {}
    for lane, one in enumerate(system.lanes):
        if lane in moving and (updates[lane] or not any(updates)):
            found[lane, HOME] = f"between rounds of {one.name}"
            found[lane, ENDED] = f"after the rounds of {one.name}"
            found[lane, STOPPED] = f"where {one.name} has stopped"
            edges = {edge.source: edge.where for edge in system.edges if edge.lane == lane}
            for place, where in sorted(edges.items()):
                step = f"`{where.text}`" if where else f"a round of {one.name} ends"
                found.setdefault((lane, place), f"before {step}")
    return found


def _where(system: System, shape: Shape, steps: Mapping[tuple[int, Value], str]) -> Places:
    places = enumerate(system.places[: len(system.lanes)])
    told = {lane for lane, _ in steps}
    return frozenset(
        steps.get((lane, shape[number]), ELSEWHERE) for lane, number in places if lane in told
    )


class _Names:
    """What the numbers of a shape are called."""

    def __init__(self, system: System) -> None:
        self.system = system
        self.alike = Counter(one.name.partition(" of ")[0] for one in system.quantities)
        made = canon(system, ())
        self.pointers, self.roots, self.slots = made.pointers, made.roots, made.slots

    def of(self, shape: Shape) -> dict[Cell, str]:
        """The name of each cell; of the field of an object by a pointer that reaches it."""
        called = {n: self._short(one.name) for n, one in enumerate(self.system.quantities)}
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

    def _short(self, name: str) -> str:
        """The name without its lane, where no other lane has one of that name."""
        own = name.partition(" of ")[0]
        return own if self.alike[own] == 1 else name

    def _cells(self, called: dict[int, str]) -> Iterator[tuple[Cell, str]]:
        for number, name in called.items():
            yield (number, WHOLE), name
            own, of, owner = name.partition(" of ")
            for place, field in enumerate(self.system.quantities[number].parts):
                yield (number, place), f"{own}.{field}{of}{owner}"


def _part(value: Value, place: int) -> Value:
    if place == WHOLE:
        return value
    return value[place] if isinstance(value, tuple) else None


SIGNS = {"=": "==", "<": "<"}
OPPOSITE = {"=": "!=", "<": ">="}
EITHER_WAY = ("==", "!=")
COMPARED = {"==": eq, "!=": ne, "<": lt, ">=": ge}


def said(clause: Formula, called: Mapping[Cell, str]) -> Clause:
    """A clause in words."""
    return frozenset(_literal(one, called) for one in literals(clause))


def text_of(clause: Clause) -> str:
    """A clause as people write it: `a == b only if c < d` is `a != b or c < d`."""
    unequal = [one for one in clause if one[1] == "!="]
    if len(clause) == 2 and len(unequal) == 1:
        (left, _, right), (other,) = unequal[0], clause - set(unequal)
        return f"{left} == {right} only if {_text(other)}"
    return " or ".join(sorted(map(_text, clause)))


def _text(literal: tuple[str, str, str]) -> str:
    return " ".join(filter(None, literal))


def implies(more: Clause, less: Clause) -> bool:
    """Whether another clause says as much as this one, as far as single literals show."""
    return more != less and all(any(_at_least(one, other) for other in less) for one in more)


def _at_least(more: tuple[str, str, str], less: tuple[str, str, str]) -> bool:
    if more == less:
        return True
    left, sign, right = more
    match sign:
        case "<":
            return less in ((left, "<=", right), _ordered(left, "!=", right))
        case "==" if right.isdigit():
            return _true(int(right), less[1:]) if less[0] == left else _leaves(more, less)
        case "==":
            return less in ((left, "<=", right), (right, "<=", left))
        case _:
            return False


def _leaves(more: tuple[str, str, str], less: tuple[str, str, str]) -> bool:
    """Whether a number leaves that rest when it is divided."""
    left, _, modulus = less[0].rpartition(" % ")
    return left == more[0] and _true(int(more[2]) % int(modulus), less[1:])


def _true(number: int, compared: tuple[str, str]) -> bool:
    sign, right = compared
    compare = COMPARED.get(sign)
    return compare is not None and right.isdigit() and compare(number, int(right))


def _literal(formula: Formula, called: Mapping[Cell, str]) -> tuple[str, str, str]:
    match formula:
        case Compound("not", (Compound("<", (left, right)),)) if not isinstance(right, int):
            return _term(right, called), "<=", _term(left, called)
        case Compound("not", (Compound(("=" | "<") as sign, (left, right)),)):
            return _ordered(_term(left, called), OPPOSITE[sign], _term(right, called))
        case Compound(("=" | "<") as sign, (left, right)):
            return _ordered(_term(left, called), SIGNS[sign], _term(right, called))
        case Compound("and", parts):
            inside = " and ".join(_text(_literal(one, called)) for one in parts)
            return "", "", f"({inside})" if parts else "true"
        case _:
            return "", "", f"({_term(formula, called)})"


def _ordered(left: str, sign: str, right: str) -> tuple[str, str, str]:
    """What is the same either way is said in one, numbers last."""
    turned = sign in EITHER_WAY and not right.isdigit() and right < left
    return (right, sign, left) if turned else (left, sign, right)


def _term(formula: Formula, called: Mapping[Cell, str]) -> str:
    match formula:
        case int():
            return str(formula)
        case InCell(cell=cell):
            return called.get(cell, f"field {cell[1] + 1} of {called[cell[0], WHOLE]}")
        case Compound("mod", (left, right)):
            return f"{_term(left, called)} % {_term(right, called)}"
        case Compound(operator=operator, operands=operands):
            return f" {operator} ".join(_term(one, called) for one in operands)
