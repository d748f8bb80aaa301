"""What variables, objects and caches are: their types, their lengths, what they hold at first.

Takes the declarations of the text and the table of all names; enters each into the table, and says
what is wrong with it.
"""

from smtmodel.language import ast, codes
from smtmodel.language.arrays import initials_of, length_of
from smtmodel.language.checked import InitialObject, ObjectReference, Shape, Value, Variable
from smtmodel.language.lanes import find_kinds
from smtmodel.language.suggest import suggest
from smtmodel.language.symbols import (
    ONE_OF_A_NAME,
    Symbols,
    claim_item,
    claim_struct,
    field_types,
    fields_of,
    held_by,
    unknown_constant,
    unknown_struct,
)
from smtmodel.language.types import Bits, Plain, Pointer, Type, in_words, is_number
from smtmodel.source import Code, Diagnostic, Span
from smtmodel.source.record import replace


def declare(protocol: ast.Protocol) -> tuple[Symbols, list[Diagnostic]]:
    """The table of names, and the errors of the declarations."""
    symbols = Symbols()
    wrong: list[Diagnostic] = []
    for item in protocol.items:
        if isinstance(item, ast.Struct):
            claim_struct(symbols, item, wrong)
    for struct in protocol.items:
        if isinstance(struct, ast.Struct):
            types = tuple(fields_of(symbols, struct.fields, wrong, in_struct=True).values())
            first = symbols.structs[struct.name]
            symbols.structs[struct.name] = first if first.types else replace(first, types=types)
    for item in protocol.items:
        claim_item(symbols, item, wrong)
    kind_errors: list[Diagnostic]
    symbols.kinds, kind_errors = find_kinds(protocol, symbols.blocks)
    wrong += kind_errors
    for item in protocol.items:
        if isinstance(item, ast.Lanes) and item.name in symbols.constants:
            wrong.append(Diagnostic(codes.TWICE, f"`{item.name}` is declared twice", item.span))
        _define(symbols, item, wrong)
    return symbols, wrong


def _define(symbols: Symbols, item: ast.Item, wrong: list[Diagnostic]) -> None:
    match item:
        case ast.Variable():
            if symbols.places.get(item.name) is item.span:
                _variable(symbols, item, wrong)
        case ast.Cache():
            if symbols.places.get(item.name) is item.span:
                _cache(symbols, item, wrong)
        case ast.GuardDeclaration(kind, name, length) if length is not None:
            symbols.lengths[name] = _length(symbols, item, wrong)
            if kind in ONE_OF_A_NAME:
                message = f"there are no arrays of this: `{name}` is {kind.words}"
                _wrong(wrong, codes.WRONG_KIND, message, item.span)
        case ast.ObjectDeclaration() if symbols.places.get(item.name) is item.span:
            if item.struct not in symbols.structs:
                wrong.append(unknown_struct(symbols, item.struct, item.span))
                return
            _object(symbols, item.name, item.struct, item.initial, wrong)
        case _:
            pass


def _variable(symbols: Symbols, item: ast.Variable, wrong: list[Diagnostic]) -> None:
    problem = _form(item)
    if problem:
        code = codes.GHOST_DECLARED if item.form is ast.Form.GHOST else codes.INITIAL
        wrong.append(Diagnostic(code, problem, item.span))
    length, lanes = _length(symbols, item, wrong)
    given = initials_of(item, length, lanes, wrong)
    if item.fields:
        _with_fields(symbols, item, (length, lanes), given, wrong)
        return
    type_ = held_by(symbols, item.target, item.width, item.span, wrong)
    ghost = item.form is ast.Form.GHOST
    if len(given) == 1:
        values = (_initial(symbols, item, given[0], type_, wrong),) * (length or 1)
    else:
        values = tuple(_element(symbols, one, type_, wrong) for one in given)
    shape = Shape.SCALAR if item.length is None else Shape.ARRAY
    symbols.variables[item.name] = Variable(
        item.name, shape, (type_,), (), length, values, ghost=ghost, lanes=lanes, span=item.span
    )


def _with_fields(
    symbols: Symbols,
    item: ast.Variable,
    length: tuple[int, str | None],
    given: tuple[ast.Single, ...],
    wrong: list[Diagnostic],
) -> None:
    """A word, a struct variable, or an array of them."""
    types = fields_of(symbols, item.fields, wrong)
    records = _records(symbols, item.name, types, given, length[0], wrong)
    shape = Shape.WORD if item.form is ast.Form.WORD else Shape.STRUCT
    apart = shape is Shape.STRUCT and item.length is not None
    values = () if apart else tuple(value for one in records for value in one)
    made = Variable(
        item.name,
        shape,
        tuple(types.values()),
        tuple(types),
        length[0],
        values,
        lanes=length[1],
        span=item.span,
    )
    symbols.variables[item.name] = made
    for place, (name, type_) in enumerate(types.items()) if apart else ():
        field, first = f"{item.name}.{name}", tuple(one[place] for one in records)
        symbols.variables[field] = replace(
            made, name=field, shape=Shape.ARRAY, types=(type_,), fields=(), initial=first
        )


def _records(
    symbols: Symbols,
    name: str,
    types: dict[str, Type],
    given: tuple[ast.Single, ...],
    length: int,
    wrong: list[Diagnostic],
) -> tuple[tuple[Value, ...], ...]:
    """The initial values of the fields, element by element."""
    found: list[tuple[Value, ...]] = []
    for one in given:
        if isinstance(one, ast.Record):
            found.append(_record(symbols, one, types, wrong))
            continue
        message = f"`{name}` needs an initial value for each field"
        suggestion = "name each field: `{ field: 0 }`"
        wrong.append(Diagnostic(codes.INITIAL, message, one.span, suggestion=suggestion))
        found.append((0,) * len(types))
    return tuple(found) * (length or 1) if len(found) == 1 else tuple(found)


def _element(symbols: Symbols, given: ast.Single, type_: Type, wrong: list[Diagnostic]) -> Value:
    """The initial value of one element of several."""
    if isinstance(given, ast.Record):
        message = "in a list an object is given by its name"
        suggestion = "declare it: `object NAME: STRUCT = { … }`"
        wrong.append(Diagnostic(codes.INITIAL, message, given.span, suggestion=suggestion))
        return 0
    return _constant(symbols, given, type_, wrong)


def _length(
    symbols: Symbols,
    item: ast.Variable | ast.Cache | ast.GuardDeclaration,
    wrong: list[Diagnostic],
) -> tuple[int, str | None]:
    """How many elements an array has, or the kind with as many lanes; 0 if it is none."""
    if item.length is None:
        return 0, None
    found = length_of(symbols.kinds, item.length, wrong)
    if found is None:
        assert isinstance(item.length, ast.Name)
        name, kinds = item.length.name, symbols.kinds.names()
        message = f"`{name}` is neither a constant nor a kind of lanes"
        suggestion = suggest(name, [*symbols.constants, *kinds])
        span = item.length.span
        wrong.append(Diagnostic(codes.UNKNOWN_NAME, message, span, suggestion=suggestion))
    return found or (1, None)


def _form(item: ast.Variable) -> str:
    """Why the declaration does not fit its keyword, or nothing."""
    if item.form is ast.Form.RCU and item.target is None:
        return f"an `rcu` variable is a pointer: write `rcu {item.name}: STRUCT = …`"
    if item.form is ast.Form.GHOST and (item.fields or item.target or item.width):
        return f"a ghost is a number without a width: write `ghost {item.name} = 0`"
    if item.form is ast.Form.WORD and not item.fields:
        return f"a `word` has fields: write `word {item.name} {{ a, b }} = …`, or `shared`"
    return ""


def _initial(
    symbols: Symbols, item: ast.Variable, given: ast.Single, type_: Type, wrong: list[Diagnostic]
) -> Value:
    if isinstance(given, ast.Record):
        if isinstance(type_, Pointer):
            return _object(symbols, item.name, type_.struct, given, wrong)
        if type_ is not Plain.UNKNOWN:
            message = f"`{item.name}` has no fields; its initial value is a number"
            _wrong(wrong, codes.INITIAL, message, given.span)
        return 0
    return _constant(symbols, given, type_, wrong)


def _object(
    symbols: Symbols, name: str, struct: str, record: ast.Record, wrong: list[Diagnostic]
) -> ObjectReference:
    """A further object; the records of pointer variables are objects named like them."""
    declared = symbols.structs[struct]
    values = _record(symbols, record, field_types(declared), wrong, declared.ghosts)
    symbols.initial.append(InitialObject(name, struct, values))
    return ObjectReference(len(symbols.initial) - 1)


def _record(
    symbols: Symbols,
    record: ast.Record,
    types: dict[str, Type],
    wrong: list[Diagnostic],
    ghosts: tuple[str, ...] = (),
) -> tuple[Value, ...]:
    """The values of a record of constants in the order of the declared fields.

    Those of `ghosts` that are not given are 0.
    """
    found: dict[str, Value] = {}
    for name, value in record.values:
        if name not in types:
            message, suggestion = f"unknown field `{name}`", suggest(name, list(types))
            wrong.append(
                Diagnostic(codes.UNKNOWN_FIELD, message, value.span, suggestion=suggestion)
            )
            continue
        if name in found:
            _wrong(wrong, codes.FIELD_TWICE, f"field `{name}` is given twice", value.span)
        found[name] = _constant(symbols, value, types[name], wrong)
    missing = [name for name in types if name not in found and name not in ghosts]
    if missing:
        message = f"no initial value for `{missing[0]}`"
        _wrong(wrong, codes.RECORD, message, record.span)
    return tuple(found.get(name, 0) for name in types)


def _constant(
    symbols: Symbols, value: ast.Expression, type_: Type, wrong: list[Diagnostic]
) -> Value:
    match value:
        case ast.Number(number) if is_number(type_):
            if isinstance(type_, Bits) and not 0 <= number < 2**type_.width:
                message = f"{number} does not fit here: the place holds {in_words(type_)}"
                _wrong(wrong, codes.FITS, message, value.span)
            return number
        case ast.Null() if isinstance(type_, Pointer):
            return None
        case ast.Name(name) if isinstance(type_, Pointer):
            if name not in symbols.objects:
                message = f"`{name}` is not an object"
                from smtmodel.language.habits import variable

                suggestion = variable(name) or suggest(name, list(symbols.objects))
                wrong.append(
                    Diagnostic(codes.UNKNOWN_NAME, message, value.span, suggestion=suggestion)
                )
            elif symbols.objects[name] != type_.struct:
                message = f"`{name}` is no `{type_.struct}`"
                _wrong(wrong, codes.INITIAL, message, value.span)
            return ObjectReference(symbols.indices.get(name, 0))
        case ast.Name() if is_number(type_):
            wrong.append(unknown_constant(symbols, value))
            return 0
    if type_ is not Plain.UNKNOWN:
        wanted = "a pointer: an object, or null" if isinstance(type_, Pointer) else "a number"
        _wrong(wrong, codes.INITIAL, f"this initial value must be {wanted}", value.span)
    return 0


def _wrong(wrong: list[Diagnostic], code: Code, message: str, span: Span) -> None:
    wrong.append(Diagnostic(code, message, span))


def _cache(symbols: Symbols, item: ast.Cache, wrong: list[Diagnostic]) -> None:
    held = fields_of(symbols, item.fields, wrong)
    fields, types = tuple(held), tuple(held.values())
    length, lanes = _length(symbols, item, wrong)
    given = () if item.initial is None else initials_of(item, length, lanes, wrong)
    records = _records(symbols, item.name, held, given, length, wrong) if given else ()
    first = tuple(value for one in records for value in one)
    if item.shared:
        symbols.variables[item.name] = Variable(
            item.name,
            Shape.SHARED_CACHE,
            types,
            fields,
            length,
            first,
            lanes=lanes,
            span=item.span,
        )
        return
    owner = item.owner or symbols.kinds.owner
    if owner is None or owner not in symbols.kinds.names():
        message = (
            f"`{owner}` is no kind of lanes"
            if owner
            else f"nothing says whose private cache `{item.name}` is"
        )
        suggestion = (
            suggest(owner, symbols.kinds.names())
            if owner
            else f"write `cache {item.name} {{ … }} per KIND`"
        )
        wrong.append(Diagnostic(codes.CACHE_OWNER, message, item.span, suggestion=suggestion))
        owner = None
    symbols.variables[item.name] = Variable(
        item.name, Shape.CACHE, types, fields, initial=first, owner=owner, span=item.span
    )
