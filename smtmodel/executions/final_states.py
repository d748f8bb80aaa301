"""What makes up a final state, up to the names of objects.

Takes a checked protocol, gives named snapshot expressions that yield numbers: every shared
number, and for every place that holds a pointer whether it is null and the fields of the
object behind it, two objects deep. An `Observer` gives their values in memory.
"""

from collections.abc import Iterator, Sequence

from smtmodel.executions.layout import Layout
from smtmodel.executions.snapshot import Snapshot, snapshot
from smtmodel.executions.values import Memory, Value
from smtmodel.language.checked import (
    Cell,
    Checked,
    Constant,
    Element,
    Expression,
    Filled,
    Load,
    Mark,
    Member,
    NullPointer,
    Operation,
    Part,
    Place,
    Shape,
    Through,
    Variable,
    element,
)
from smtmodel.language.types import Pointer, Type

DEPTH = 2
"""How many objects deep pointers are followed."""

Observable = tuple[str, Expression]

Seen = tuple[int | None, ...]
"""The values of some observables, None where one is undefined."""

FinalState = tuple[Seen, tuple[tuple[str, tuple[Seen, ...]], ...]]
"""The values of `observables`, and for each lane kind that has caches the values of its
`private_observables`, one tuple per lane, sorted."""


def observables(protocol: Checked) -> tuple[Observable, ...]:
    """The named expressions over shared state, in the order of the declarations."""
    named: list[Observable] = []
    for variable in protocol.variables:
        if variable.shape is Shape.SHARED_CACHE:
            named.extend(_filled(variable))
        if variable.shape is not Shape.CACHE:
            for name, type_, expression in _places(variable):
                named.extend(_observe(protocol, name, type_, expression, DEPTH))
    return tuple(named)


def private_observables(protocol: Checked) -> tuple[tuple[str, Observable], ...]:
    """(kind, named expression) for the caches of each lane, in the order of the declarations.

    Lanes of one kind are alike: compare these as a multiset over the lanes of the kind.
    """
    named: list[tuple[str, Observable]] = []
    for variable in protocol.variables:
        if variable.shape is Shape.CACHE and variable.owner is not None:
            named += [(variable.owner, seen) for seen in _filled(variable)]
            for name, type_, expression in _places(variable):
                for seen in _observe(protocol, name, type_, expression, DEPTH):
                    named.append((variable.owner, seen))
    return tuple(named)


def _filled(variable: Variable) -> Iterator[Observable]:
    """Whether each entry is filled."""
    for name, place in _entries(variable):
        yield f"filled({name})", Filled(Load(place, Mark.PLAIN))


def _entries(variable: Variable) -> Iterator[tuple[str, Place]]:
    """The entries of a word or a cache."""
    if not variable.length:
        yield variable.name, Cell(variable.name)
    for index in range(variable.length):
        yield element(variable.name, str(index)), Element(variable.name, Constant(index))


def _places(variable: Variable) -> Iterator[tuple[str, Type, Expression]]:
    """Each separately named value of a variable: its name, type and expression."""
    name, mark = variable.name, Mark.GHOST if variable.ghost else Mark.PLAIN
    match variable.shape:
        case Shape.SCALAR:
            yield name, variable.types[0], Load(Cell(name), mark)
        case Shape.STRUCT:
            for part, type_ in zip(variable.fields, variable.types, strict=True):
                yield f"{name}.{part}", type_, Load(Member(name, part), Mark.PLAIN)
        case Shape.ARRAY:
            for index in range(variable.length):
                load = Load(Element(name, Constant(index)), mark)
                yield element(name, str(index)), variable.types[0], load
        case Shape.WORD | Shape.CACHE | Shape.SHARED_CACHE:
            for entry, place in _entries(variable):
                for part, type_ in zip(variable.fields, variable.types, strict=True):
                    yield f"{entry}.{part}", type_, Part(Load(place, Mark.PLAIN), part)


def _observe(
    protocol: Checked, name: str, type_: Type, expression: Expression, depth: int
) -> Iterator[Observable]:
    if not isinstance(type_, Pointer):
        yield name, expression
        return
    yield f"{name} == null", Operation("==", (expression, NullPointer()))
    if depth:
        declared = protocol.struct(type_.struct)
        for part, held in zip(declared.fields, declared.types, strict=True):
            mark = Mark.GHOST if part in declared.ghosts else Mark.PLAIN
            inner = Load(Through(expression, type_.struct, part), mark)
            yield from _observe(protocol, f"{name}.{part}", held, inner, depth - 1)


class Observer:
    """Projects final states."""

    def __init__(self, layout: Layout) -> None:
        self.shared = [snapshot(e, layout) for _, e in observables(layout.protocol)]
        private = private_observables(layout.protocol)
        self.private: list[tuple[str, list[list[Snapshot]]]] = []
        for kind in sorted({kind for kind, _ in private}):
            of_kind = [lane.index for lane in layout.lanes if lane.kind.name == kind]
            expressions = [e for owner, (_, e) in private if owner == kind]
            lanes = [[snapshot(e, layout, lane) for e in expressions] for lane in of_kind]
            self.private.append((kind, lanes))

    def project(self, memory: Memory) -> FinalState:
        shared = _values(self.shared, memory)
        private = tuple(
            (kind, tuple(sorted((_values(lane, memory) for lane in lanes), key=_order)))
            for kind, lanes in self.private
        )
        return shared, private


def _values(snapshots: Sequence[Snapshot], memory: Memory) -> Seen:
    return tuple(_number(run(memory, ())) for run in snapshots)


def _number(value: Value) -> int | None:
    return value if isinstance(value, int) else None


def _order(seen: Seen) -> list[tuple[bool, int]]:
    return [(value is not None, value or 0) for value in seen]
