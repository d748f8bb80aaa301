"""What names, fields and indices mean: the places and values that they stand for.

Takes expressions of the text; gives checked places and loads. An error is reported once to
the scope; what could not be resolved has the type UNKNOWN, which fits everywhere.
"""

from smtmodel.language import ast, codes, symbols
from smtmodel.language.checked import (
    Cell,
    Constant,
    Element,
    Expression,
    LaneLocal,
    LaneNumber,
    Load,
    Local,
    Mark,
    Member,
    NamedObject,
    Part,
    Place,
    Shape,
    Through,
    Variable,
)
from smtmodel.language.scope import Scope, Stand
from smtmodel.language.suggest import suggest
from smtmodel.language.symbols import Symbols, field_types
from smtmodel.language.types import Cookie, Entry, Plain, Pointer, Type, in_words
from smtmodel.source import Span

Typed = tuple[Expression, Type]
ENTRIES = (Shape.WORD, Shape.CACHE, Shape.SHARED_CACHE)
"""Variables of one location that holds all fields together."""
NOTHING: Typed = (Constant(0), Plain.UNKNOWN)
"""What an expression that was refused counts as."""


def is_local(scope: Scope, name: str) -> bool:
    """Whether the name is that of a local of this block."""
    return name not in scope.symbols.places and name in scope.known


def access(scope: Scope, expression: ast.Expression, mark: Mark) -> Typed:
    """The value of a name, field or element; `mark` is that of the last access."""
    match expression:
        case ast.Name(symbols.LANE):
            return _lane_number(scope, expression, mark)
        case ast.Name(name) if name in scope.symbols.objects and mark is Mark.PLAIN:
            index = scope.symbols.indices[name]
            return NamedObject(index, name), Pointer(scope.symbols.objects[name])
        case ast.Name(name) if is_local(scope, name):
            return _local(scope, expression, mark)
        case ast.Field(base, name):
            lane_local = _lane_local(scope, expression)
            if lane_local is not None:
                return lane_local
            if shape_of(scope, base) is not Shape.STRUCT:
                return _field(scope, expression, mark)
        case _:
            pass
    found = place(scope, expression)
    if found is None:
        return NOTHING
    return Load(found[0], marked(scope, found[0], mark, expression.span), expression.span), found[1]


def marked(scope: Scope, place: Place, mark: Mark, span: Span) -> Mark:
    """The mark of an access to the place that is written with this mark."""
    if not is_ghost(scope.symbols, place):
        return mark
    if mark is not Mark.PLAIN:
        message = "a ghost is read and assigned plainly: no lane touches it with a machine's access"
        scope.refuse(codes.GHOST_ACCESS, message, span, "write the plain name")
    return Mark.GHOST


def is_ghost(declared: Symbols, place: Place) -> bool:
    """Whether the place is a ghost variable, an element of one, or a ghost field."""
    match place:
        case Through(_, struct, field):
            return field in declared.structs[struct].ghosts
        case Cell(variable) | Member(variable, _) | Element(variable, _):
            return declared.variables[variable].ghost


def _local(scope: Scope, name: ast.Name, mark: Mark) -> Typed:
    type_ = scope.known[name.name]
    if mark is not Mark.PLAIN:
        message = f"`{name.name}` is a local; no other lane sees it"
        scope.refuse(codes.NOT_SHARED, message, name.span)
    if isinstance(type_, Cookie) or type_ is Plain.FLAGS:
        _refuse_handle(scope, name.name, type_, name.span)
        return NOTHING
    if scope.stand is Stand.SETTLED:
        message = "`settled` speaks of shared memory, not of locals"
        scope.refuse(codes.NOT_SNAPSHOT, message, name.span)
    return Local(name.name), type_


def _refuse_handle(scope: Scope, name: str, type_: Type, span: Span) -> None:
    """A local that stands for something and has no value of its own is used as one."""
    code = codes.FLAGS if type_ is Plain.FLAGS else codes.COOKIE
    scope.refuse(code, f"`{name}` is {in_words(type_)} and has no value", span)


def _lane_number(scope: Scope, name: ast.Name, mark: Mark) -> Typed:
    if mark is not Mark.PLAIN:
        message = f"`{name.name}` is a number that no lane changes, and no location"
        scope.refuse(codes.NOT_SHARED, message, name.span)
    if scope.stand is Stand.SETTLED:
        message = (
            f"`settled` speaks of shared memory, not of the lane: `{name.name}` is no part of it"
        )
        scope.refuse(codes.NOT_SNAPSHOT, message, name.span, "write a number, once for each lane")
    elif scope.stand is not Stand.STEP:
        scope.numbered.append(name.span)
    return LaneNumber(), Plain.NUMBER


def shape_of(scope: Scope, base: ast.Expression) -> Shape | None:
    """The shape of the variable, or of the element of one, that an expression names, if any."""
    indexed = isinstance(base, ast.Index)
    name = base.base if isinstance(base, ast.Index) else base
    variable = scope.symbols.variables.get(name.name) if isinstance(name, ast.Name) else None
    if variable is None or (indexed and not variable.is_array):
        return None
    return Shape.ARRAY if variable.is_array and not indexed else variable.shape


def _field(scope: Scope, expression: ast.Field, mark: Mark) -> Typed:
    """A field of an entry, or of the object that a pointer points to."""
    entry = shape_of(scope, expression.base) in ENTRIES
    base, type_ = value_of(scope, expression.base, mark if entry else Mark.PLAIN)
    if isinstance(type_, Entry):
        part = type_.type_of(expression.name)
        if part is None:
            _unknown_field(scope, expression, type_.fields)
            return NOTHING
        if mark is not Mark.PLAIN and not entry:
            message = "this is a part of a local; no other lane sees it"
            scope.refuse(codes.NOT_SHARED, message, expression.span)
        return Part(base, expression.name), part
    found = _through(scope, expression, base, type_)
    if found is None:
        return NOTHING
    return Load(found[0], marked(scope, found[0], mark, expression.span), expression.span), found[1]


def value_of(scope: Scope, expression: ast.Expression, mark: Mark) -> Typed:
    """The value of any expression; the mark counts only for names, fields and elements."""
    from smtmodel.language.expressions import value

    if isinstance(expression, ast.Name | ast.Field | ast.Index):
        return access(scope, expression, mark)
    return value(scope, expression)


# ---------------------------------------------------------------- places


def place(scope: Scope, expression: ast.Expression) -> tuple[Place, Type] | None:
    """The shared location that an expression names, with the type of what it holds."""
    match expression:
        case ast.Name():
            return _variable(scope, expression)
        case ast.Field(base, name):
            if shape_of(scope, base) is Shape.STRUCT:
                if isinstance(base, ast.Index):
                    return _element(scope, base, expression)
                assert isinstance(base, ast.Name)
                return _member(scope, expression, base.name)
            if shape_of(scope, base) in ENTRIES:
                named = base.base if isinstance(base, ast.Index) else base
                assert isinstance(named, ast.Name)
                text = f"{named.name}[…]" if named is not base else named.name
                message = f"`{text}` is one location, written only as a whole"
                suggestion = f"write `{text} = {{ … }}`"
                scope.refuse(codes.ENTRY_FIELD, message, expression.span, suggestion)
                return None
            pointer, type_ = value_of(scope, base, Mark.PLAIN)
            if isinstance(type_, Entry):
                message = f"`{name}` is a part of a local entry, which is written as a whole"
                scope.refuse(codes.ENTRY_FIELD, message, expression.span)
                return None
            return _through(scope, expression, pointer, type_)
        case ast.Index():
            return _element(scope, expression)
        case _:
            message = "this is not a location"
            scope.refuse(codes.NOT_SHARED, message, expression.span)
            return None


def _variable(scope: Scope, name: ast.Name) -> tuple[Place, Type] | None:
    variable = scope.symbols.variables.get(name.name)
    if variable is None:
        if is_local(scope, name.name):
            message = f"`{name.name}` is a local; no other lane sees it"
            scope.refuse(codes.NOT_SHARED, message, name.span)
        else:
            _unknown(scope, name)
        return None
    if variable.is_array:
        message = f"`{name.name}` is an array and is not used as a whole"
        scope.refuse(codes.ARRAY, message, name.span, f"write `{name.name}[0]`")
        return None
    match variable.shape:
        case Shape.SCALAR | Shape.ARRAY:
            return Cell(name.name), variable.types[0]
        case Shape.WORD | Shape.SHARED_CACHE:
            return Cell(name.name), Entry(variable.fields, variable.types)
        case Shape.CACHE:
            return _cache(scope, name, variable)
        case Shape.STRUCT:
            message = f"`{name.name}` has one location per field and is not used as a whole"
            field = next(iter(variable.fields), "field")
            scope.refuse(codes.WHOLE_STRUCT, message, name.span, f"write `{name.name}.{field}`")
    return None


def _unknown(scope: Scope, name: ast.Name) -> None:
    what = scope.symbols.what(name.name)
    if what:
        scope.refuse(codes.WRONG_KIND, f"`{name.name}` is {what}, not a value", name.span)
        return
    if name.name in scope.symbols.places:
        return  # declared, but the declaration itself was refused
    known = {*scope.known, *scope.symbols.variables, *scope.symbols.constants}
    message = f"unknown name `{name.name}`"
    if scope.stand is not Stand.STEP and any(name.name in one for one in scope.locals_of.values()):
        message = f"`{name.name}` is a local of a block and unknown here"
    from smtmodel.language import habits

    suggestion = habits.variable(name.name) or suggest(name.name, known)
    scope.refuse(codes.UNKNOWN_NAME, message, name.span, suggestion)


def _cache(scope: Scope, name: ast.Name, variable: Variable) -> tuple[Place, Type] | None:
    owner = variable.owner
    if scope.stand is Stand.SETTLED:
        message = "`settled` speaks of shared memory, not of private caches"
        scope.refuse(codes.NOT_SNAPSHOT, message, name.span)
        return None
    if scope.stand is Stand.STEP:
        if owner is not None and (scope.kind is None or scope.kind.name != owner):
            message = f"`{name.name}` is the private cache of `{owner}` lanes"
            suggestion = f"what others look at is a `shared cache {name.name}[{owner}]`"
            suggestion += f", in their steps `{name.name}[lane]`"
            scope.refuse(codes.FOREIGN_CACHE, message, name.span, suggestion)
            return None
    elif owner is not None:
        scope.owners.setdefault(owner, name.span)
    return Cell(name.name), Entry(variable.fields, variable.types)


def _member(scope: Scope, expression: ast.Field, variable: str) -> tuple[Place, Type] | None:
    types = field_types(scope.symbols.variables[variable])
    if expression.name not in types:
        _unknown_field(scope, expression, tuple(types))
        return None
    return Member(variable, expression.name), types[expression.name]


def _through(
    scope: Scope, expression: ast.Field, pointer: Expression, type_: Type
) -> tuple[Place, Type] | None:
    if type_ is Plain.UNKNOWN:
        return None
    if not isinstance(type_, Pointer):
        message = f"this is {in_words(type_)} and has no field `{expression.name}`"
        scope.refuse(codes.OPERAND, message, expression.base.span)
        return None
    types = field_types(scope.symbols.structs[type_.struct])
    if expression.name not in types:
        _unknown_field(scope, expression, tuple(types), type_.struct)
        return None
    return Through(pointer, type_.struct, expression.name), types[expression.name]


def _unknown_field(
    scope: Scope, expression: ast.Field, fields: tuple[str, ...], struct: str = ""
) -> None:
    lock = scope.symbols.guards.get(f"{struct}.{expression.name}")
    if lock is not None:
        message = f"`{expression.name}` is {lock.words}, not a value"
        scope.refuse(codes.WRONG_KIND, message, expression.name_span)
        return
    message = f"unknown field `{expression.name}`"
    suggestion = suggest(expression.name, fields)
    scope.refuse(codes.UNKNOWN_FIELD, message, expression.name_span, suggestion)


def _element(
    scope: Scope, expression: ast.Index, whole: ast.Field | None = None
) -> tuple[Place, Type] | None:
    """An element of an array, or of an array of structs the field of one."""
    from smtmodel.language.expressions import number

    base = expression.base
    if isinstance(base, ast.Name) and base.name in scope.symbols.blocks:
        message = "a lane's local is written `block[0].local`"
        scope.refuse(codes.LANE_LOCAL, message, expression.span)
        return None
    variable = scope.symbols.variables.get(base.name) if isinstance(base, ast.Name) else None
    if variable is None or not variable.is_array:
        if isinstance(base, ast.Name) and variable is None and base.name not in scope.known:
            _unknown(scope, base)
        else:
            scope.refuse(codes.ARRAY, "only arrays have elements", base.span)
        return None
    index = number(scope, expression.index)
    known = variable.lanes is None
    if isinstance(index, Constant) and known and not 0 <= index.value < variable.length:
        message = f"`{variable.name}` has elements 0 to {variable.length - 1}"
        scope.refuse(codes.INDEX, message, expression.index.span)
        return None
    if isinstance(index, LaneNumber) and scope.stand is not Stand.STEP:
        _own_element(scope, expression, variable)
    if variable.shape is Shape.ARRAY:
        return Element(variable.name, index), variable.types[0]
    if variable.shape in ENTRIES:
        return Element(variable.name, index), Entry(variable.fields, variable.types)
    if whole is None:
        message = f"an element of `{variable.name}` has one location per field"
        suggestion = f"write `{variable.name}[…].{next(iter(variable.fields), 'field')}`"
        scope.refuse(codes.WHOLE_STRUCT, message, expression.span, suggestion)
        return None
    types = field_types(variable)
    if whole.name not in types:
        _unknown_field(scope, whole, variable.fields)
        return None
    return Element(f"{variable.name}.{whole.name}", index), types[whole.name]


def _own_element(scope: Scope, expression: ast.Index, variable: Variable) -> None:
    """In a property `lane` is in turn the number of each lane that the array has an element for."""
    if variable.lanes is not None:
        scope.owners.setdefault(variable.lanes, expression.span)
        return
    message = f"in a property `{symbols.LANE}` is the number of each lane of a kind,"
    message += f" and `{variable.name}` has {variable.length} elements whatever the bounds"
    suggestion = f"declare it with the kind for its length, `{variable.name}[KIND]`"
    scope.refuse(codes.LANE_INDEX, message, expression.span, suggestion)
    scope.numbered.clear()


# ---------------------------------------------------------------- locals of lanes


def _lane_local(scope: Scope, expression: ast.Field) -> Typed | None:
    """`reader[0].r`, or None if this is something else."""
    match expression.base:
        case ast.Index(base=ast.Name(block), index=index) if block in scope.symbols.blocks:
            pass
        case _:
            return None
    if scope.stand is not Stand.FINAL:
        message = "locals of lanes are only named by `finally` properties"
        scope.refuse(codes.LANE_LOCAL, message, expression.span)
        return NOTHING
    if not isinstance(index, ast.Number):
        message = "the lane is given by a number"
        scope.refuse(codes.LANE_INDEX, message, index.span)
        return NOTHING
    types = scope.locals_of.get(block, {})
    type_ = types.get(expression.name)
    if type_ is None:
        message = f"`{block}` has no local `{expression.name}`"
        suggestion = suggest(expression.name, types)
        scope.refuse(codes.UNKNOWN_NAME, message, expression.name_span, suggestion)
        return NOTHING
    if isinstance(type_, Cookie) or type_ is Plain.FLAGS:
        _refuse_handle(scope, expression.name, type_, expression.span)
        return NOTHING
    scope.lane_locals.append((block, index.value, index.span))
    return LaneLocal(block, index.value, expression.name), type_
