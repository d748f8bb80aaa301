"""What makes up a final state, up to the names of objects.

Takes a checked protocol, gives named snapshot expressions that yield numbers: every shared
number, and for every place that holds a pointer whether it is null and the fields of the
object behind it, two objects deep. Which places hold pointers, and to what, is not written
in the checked protocol; it follows from initial values, assignments and dereferences.
"""

from collections.abc import Iterator

from smtmodel.language.checked import (
    Allocate,
    Block,
    Cell,
    Checked,
    Constant,
    Copy,
    Element,
    EntryValue,
    Expression,
    Filled,
    Load,
    Local,
    Mark,
    Member,
    NullPointer,
    ObjectReference,
    Operation,
    Part,
    Place,
    ReadModifyWrite,
    SetLocal,
    Settled,
    Shape,
    Store,
    Through,
    Value,
    Variable,
)
from smtmodel.source.record import field, parts, record

DEPTH = 2
"""How many objects deep pointers are followed."""

Key = tuple[str, str, str]
"""A place's type variable: (`variable`, name, field), (`struct`, name, field) or
(`local`, block, name)."""

Observable = tuple[str, Expression]


def observables(protocol: Checked) -> tuple[Observable, ...]:
    """The named expressions over shared state, in the order of the declarations."""
    pointees = _pointees(protocol)
    found: list[Observable] = []
    for variable in protocol.variables:
        if variable.shape is Shape.SHARED_CACHE:
            found.append(_filled(variable))
        if variable.shape is not Shape.CACHE:
            for name, key, expression in _places(variable):
                found.extend(_observe(protocol, pointees, name, key, expression, DEPTH))
    return tuple(found)


def private_observables(protocol: Checked) -> tuple[tuple[str, Observable], ...]:
    """(kind, named expression) for the caches of each lane, in the order of the declarations.

    Lanes of one kind are alike: compare these as a multiset over the lanes of the kind.
    """
    pointees = _pointees(protocol)
    found: list[tuple[str, Observable]] = []
    for variable in protocol.variables:
        if variable.shape is Shape.CACHE and variable.owner is not None:
            found.append((variable.owner, _filled(variable)))
            for name, key, expression in _places(variable):
                for seen in _observe(protocol, pointees, name, key, expression, DEPTH):
                    found.append((variable.owner, seen))
    return tuple(found)


def _filled(variable: Variable) -> Observable:
    return f"filled({variable.name})", Filled(Load(Cell(variable.name), Mark.PLAIN))


def _places(variable: Variable) -> Iterator[tuple[str, Key, Expression]]:
    """Each separately named value of a variable: its name, type variable and expression."""
    name, mark = variable.name, Mark.GHOST if variable.ghost else Mark.PLAIN
    match variable.shape:
        case Shape.SCALAR:
            yield name, ("variable", name, ""), Load(Cell(name), mark)
        case Shape.STRUCT:
            for part in variable.fields:
                load = Load(Member(name, part), Mark.PLAIN)
                yield f"{name}.{part}", ("variable", name, part), load
        case Shape.ARRAY:
            for index in range(variable.length):
                load = Load(Element(name, Constant(index)), mark)
                yield f"{name}[{index}]", ("variable", name, ""), load
        case Shape.WORD | Shape.CACHE | Shape.SHARED_CACHE:
            for part in variable.fields:
                whole = Part(Load(Cell(name), Mark.PLAIN), part)
                yield f"{name}.{part}", ("variable", name, part), whole


def _observe(
    protocol: Checked,
    pointees: dict[Key, str],
    name: str,
    key: Key,
    expression: Expression,
    depth: int,
) -> Iterator[Observable]:
    if key not in pointees:
        yield name, expression
        return
    yield f"{name} == null", Operation("==", (expression, NullPointer()))
    struct = pointees[key]
    if struct and depth:
        declared = protocol.struct(struct)
        for part in declared.fields:
            mark = Mark.GHOST if part in declared.ghosts else Mark.PLAIN
            inner = Load(Through(expression, struct, part), mark)
            yield from _observe(
                protocol, pointees, f"{name}.{part}", ("struct", struct, part), inner, depth - 1
            )


# ---------------------------------------------------------------- what points to what


@record(frozen=False)
class _Types:
    """`structs` has the pointers known so far, with the struct they point to or nothing yet;
    `same` the pairs of type variables between which values flow."""

    structs: dict[Key, str] = field(default_factory=dict)
    same: list[tuple[Key, Key]] = field(default_factory=list)

    def points(self, key: Key | None, struct: str) -> bool:
        """Note a pointer; whether that was news."""
        if key is None or (key in self.structs and (self.structs[key] or not struct)):
            return False
        self.structs[key] = struct
        return True


def _pointees(protocol: Checked) -> dict[Key, str]:
    """The struct that each place with a pointer points to; "" where nothing tells."""
    types = _Types()
    for variable in protocol.variables:
        _initial(protocol, types, variable)
    for thing in protocol.objects:
        for part, value in zip(protocol.struct(thing.struct).fields, thing.values, strict=True):
            _value(protocol, types, ("struct", thing.struct, part), value)
    for block in protocol.blocks:
        for node in parts(block):
            _node(protocol, types, block, node)
    for prop in protocol.properties:
        for node in parts(prop):
            _node(protocol, types, None, node)
    changed = True
    while changed:
        changed = False
        for one, other in types.same:
            for left, right in ((one, other), (other, one)):
                if left in types.structs and types.points(right, types.structs[left]):
                    changed = True
    return types.structs


def _initial(protocol: Checked, types: _Types, variable: Variable) -> None:
    parts = variable.fields or ("",) * len(variable.initial)
    for part, value in zip(parts, variable.initial, strict=False):
        _value(protocol, types, ("variable", variable.name, part), value)


def _value(protocol: Checked, types: _Types, key: Key, value: Value) -> None:
    if isinstance(value, ObjectReference):
        types.points(key, protocol.objects[value.index].struct)
    elif value is None:
        types.points(key, "")


def _node(protocol: Checked, types: _Types, block: Block | None, node: object) -> None:
    match node:
        case Store(place=place, value=EntryValue(fields=names, values=values)):
            for name, value in zip(names, values, strict=True):
                _flows(types, block, _part_key(place, name), value)
        case Store(place=place, value=value):
            _flows(types, block, _place_key(place), value)
        case SetLocal(name=name, value=value) if block is not None:
            _flows(types, block, ("local", block.name, name), value)
        case ReadModifyWrite(place=place, operands=operands):
            for operand in operands:
                _flows(types, block, _place_key(place), operand)
        case Operation(operator="==" | "!=", operands=(left, right)):
            _flows(types, block, _key(block, left), right)
            _flows(types, block, _key(block, right), left)
        case Through(pointer=pointer, struct=struct):
            types.points(_key(block, pointer), struct)
        case Copy(pointer=pointer, struct=struct):
            types.points(_key(block, pointer), struct)
        case _:
            pass


def _flows(types: _Types, block: Block | None, key: Key | None, value: Expression) -> None:
    match value:
        case Copy(struct=struct) | Allocate(struct=struct):
            types.points(key, struct)
        case NullPointer():
            types.points(key, "")
        case _:
            source = _key(block, value)
            if key is not None and source is not None:
                types.same.append((key, source))


def _key(block: Block | None, expression: Expression) -> Key | None:
    match expression:
        case Local(name=name) if block is not None:
            return "local", block.name, name
        case Load(place=place) | ReadModifyWrite(place=place):
            return _place_key(place)
        case Part(entry=Load(place=place), field=name):
            return _part_key(place, name)
        case Part(entry=Local(name=local), field=name) if block is not None:
            return "local", block.name, f"{local}.{name}"
        case Settled(expression=inner):
            return _key(block, inner)
        case _:
            return None


def _place_key(place: Place) -> Key:
    match place:
        case Cell(variable=name) | Element(variable=name):
            return "variable", name, ""
        case Member(variable=name, field=part):
            return "variable", name, part
        case Through(struct=struct, field=part):
            return "struct", struct, part


def _part_key(place: Place, name: str) -> Key | None:
    return ("variable", place.variable, name) if isinstance(place, Cell) else None
