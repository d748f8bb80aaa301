"""What the declarations of a protocol declare.

Takes the items of a protocol; gives the table of names that the later checks look up, and
what is wrong with the declarations themselves. Two names of one meaning would make a report
ambiguous, so all names but those of structs, fields, locals and properties are one family.
"""

from smtmodel.language import ast, codes
from smtmodel.language.checked import (
    NEW,
    RCU,
    InitialObject,
    ObjectReference,
    Shape,
    Struct,
    Value,
    Variable,
)
from smtmodel.language.lanes import Kinds, find_kinds
from smtmodel.language.primitives import PRIMITIVES
from smtmodel.language.suggest import suggest
from smtmodel.language.types import Bits, Entry, Plain, Pointer, Type, in_words, is_number
from smtmodel.source import Code, Diagnostic, Span
from smtmodel.source.record import field, record, replace

KEYWORDS = frozenset(("null", "fresh", "choose", "copy", "alloc"))
LENGTH = 64
"""Elements of the longest array."""
WIDEST = 16
"""Bits of the widest field of stated width."""


@record(frozen=False)
class Symbols:
    """The names of a protocol.

    Grows while the declarations are read and is only read afterwards.
    """

    structs: dict[str, Struct] = field(default_factory=dict)
    variables: dict[str, Variable] = field(default_factory=dict)
    guards: dict[str, ast.GuardKind] = field(default_factory=dict)
    constants: set[str] = field(default_factory=set)
    objects: dict[str, str] = field(default_factory=dict)
    initial: list[InitialObject] = field(default_factory=list)
    indices: dict[str, int] = field(default_factory=dict)  # of the objects in `initial`
    blocks: dict[str, ast.Block] = field(default_factory=dict)
    kinds: Kinds = field(default_factory=Kinds)
    places: dict[str, Span] = field(default_factory=dict)

    def entry(self, target: ast.Expression) -> Entry | None:
        """The type of the word or cache, as a whole, that an expression names."""
        variable = self.variables.get(target.name) if isinstance(target, ast.Name) else None
        if variable is None or variable.shape not in (Shape.WORD, Shape.CACHE, Shape.SHARED_CACHE):
            return None
        return Entry(variable.fields, variable.types)

    def what(self, name: str) -> str:
        """What a message calls the thing of that name, or nothing if there is none."""
        if name in self.variables and self.variables[name].ghost:
            return "a ghost"
        if name in self.variables:
            return f"a {self.variables[name].shape.value} variable"
        if name in self.guards:
            return self.guards[name].words
        if name in self.objects:
            return "an object"
        if name in self.constants:
            return "a constant"
        if name in self.blocks:
            return "a block"
        return ""


def declare(protocol: ast.Protocol) -> tuple[Symbols, list[Diagnostic]]:
    """The table of names, and the errors of the declarations."""
    symbols = Symbols()
    wrong: list[Diagnostic] = []
    for item in protocol.items:
        if isinstance(item, ast.Struct):
            _struct(symbols, item, wrong)
    for struct in protocol.items:
        if isinstance(struct, ast.Struct):
            types = tuple(_fields(symbols, struct.fields, wrong, in_struct=True).values())
            first = symbols.structs[struct.name]
            symbols.structs[struct.name] = first if first.types else replace(first, types=types)
    for item in protocol.items:
        _claim_item(symbols, item, wrong)
    kind_errors: list[Diagnostic]
    symbols.kinds, kind_errors = find_kinds(protocol, symbols.blocks)
    wrong += kind_errors
    for item in protocol.items:
        _define(symbols, item, wrong)
    return symbols, wrong


def field_types(holder: Struct | Variable) -> dict[str, Type]:
    """The fields with their types."""
    return dict(zip(holder.fields, holder.types, strict=True))


def _struct(symbols: Symbols, item: ast.Struct, wrong: list[Diagnostic]) -> None:
    if item.name in symbols.structs:
        wrong.append(Diagnostic(codes.TWICE, f"struct `{item.name}` is declared twice", item.span))
        return
    fields = tuple(dict.fromkeys(one.name for one in item.fields))
    ghosts = tuple(name for name in fields if _declared(item, name).ghost)
    symbols.structs[item.name] = Struct(item.name, fields, (), ghosts, item.typesafe)


def _declared(struct: ast.Struct, field: str) -> ast.FieldDeclaration:
    """The first declaration of the field."""
    return next(one for one in struct.fields if one.name == field)


def _fields(
    symbols: Symbols,
    fields: tuple[ast.FieldDeclaration, ...],
    wrong: list[Diagnostic],
    *,
    in_struct: bool = False,
) -> dict[str, Type]:
    types: dict[str, Type] = {}
    for one in fields:
        if one.name in types:
            message = f"field `{one.name}` is declared twice"
            wrong.append(Diagnostic(codes.FIELD_TWICE, message, one.span))
            continue
        if one.ghost and not in_struct:
            message = "only a `struct` has ghost fields"
            suggestion = f"declare a variable of its own: `ghost {one.name} = 0`"
            wrong.append(Diagnostic(codes.GHOST_DECLARED, message, one.span, suggestion=suggestion))
        types[one.name] = _held(symbols, one.target, one.width, one.span, wrong)
    return types


def _held(
    symbols: Symbols, target: str | None, width: int | None, span: Span, wrong: list[Diagnostic]
) -> Type:
    """What a place with this target or width holds."""
    if width is None:
        return _target(symbols, target, span, wrong)
    if not 1 <= width <= WIDEST:
        message = f"a width is from 1 to {WIDEST} bits"
        wrong.append(Diagnostic(codes.WIDTH, message, span))
        return Plain.UNKNOWN
    return Bits(width)


def _target(symbols: Symbols, target: str | None, span: Span, wrong: list[Diagnostic]) -> Type:
    if target is None:
        return Plain.NUMBER
    if target not in symbols.structs:
        wrong.append(unknown_struct(symbols, target, span))
        return Plain.UNKNOWN
    return Pointer(target)


def unknown_struct(symbols: Symbols, name: str, span: Span) -> Diagnostic:
    """The diagnostic for a struct that is not declared."""
    message = f"unknown struct `{name}`"
    suggestion = suggest(name, list(symbols.structs))
    return Diagnostic(codes.UNKNOWN_STRUCT, message, span, suggestion=suggestion)


def unknown_constant(symbols: Symbols, name: ast.Name) -> Diagnostic:
    """The diagnostic for a name that stands where a literal must."""
    message = f"there is no constant `{name.name}`"
    from smtmodel.language import habits

    suggestion = habits.variable(name.name) or suggest(name.name, symbols.constants)
    return Diagnostic(codes.UNKNOWN_NAME, message, name.span, suggestion=suggestion)


def _claim_item(symbols: Symbols, item: ast.Item, wrong: list[Diagnostic]) -> None:
    """Enter the name of an item, so that all names are known before any is looked up."""
    match item:
        case ast.Variable(name=name) | ast.Cache(name=name):
            pointer = isinstance(item, ast.Variable) and item.target is not None
            record = isinstance(item, ast.Variable) and isinstance(item.initial, ast.Record)
            if _claim(symbols, name, item.span, wrong) and pointer and record:
                _claim_object(symbols, name, item.span, wrong)
        case ast.GuardDeclaration(kind, name):
            if name == RCU:
                message = f"`{RCU}` is the domain of `rcu_read_lock`"
                wrong.append(Diagnostic(codes.RESERVED_NAME, message, item.span))
            elif _claim(symbols, name, item.span, wrong):
                symbols.guards[name] = kind
        case ast.Constant(name=name):
            if _claim(symbols, name, item.span, wrong):
                symbols.constants.add(name)
        case ast.ObjectDeclaration(name=name):
            if _claim(symbols, name, item.span, wrong):
                symbols.objects[name] = item.struct
                _claim_object(symbols, name, item.span, wrong)
        case ast.Block(name=name):
            if _claim(symbols, name, item.span, wrong):
                symbols.blocks[name] = item
        case _:
            pass


def _claim_object(symbols: Symbols, name: str, span: Span, wrong: list[Diagnostic]) -> None:
    """Number an object that exists at the start; a record of a pointer has the pointer's name."""
    if name == NEW:
        message = f"no object is called `{NEW}`: in a replay that is what `alloc` and `copy` make"
        wrong.append(Diagnostic(codes.RESERVED_NAME, message, span))
    symbols.indices[name] = len(symbols.indices)


def _claim(symbols: Symbols, name: str, span: Span, wrong: list[Diagnostic]) -> bool:
    if name in PRIMITIVES or name in KEYWORDS:
        message = f"`{name}` is a word of the language"
        wrong.append(Diagnostic(codes.RESERVED_NAME, message, span))
        return False
    if name in symbols.places:
        first = symbols.places[name]
        message = f"`{name}` is declared twice"
        label = f"first declared in line {first.line}"
        wrong.append(Diagnostic(codes.TWICE, message, span, label))
        return False
    symbols.places[name] = span
    return True


# ---------------------------------------------------------------- variables and objects


def _define(symbols: Symbols, item: ast.Item, wrong: list[Diagnostic]) -> None:
    match item:
        case ast.Variable():
            if symbols.places.get(item.name) is item.span:
                _variable(symbols, item, wrong)
        case ast.Cache():
            if symbols.places.get(item.name) is item.span:
                _cache(symbols, item, wrong)
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
    if item.fields:
        types = _fields(symbols, item.fields, wrong)
        shape = Shape.WORD if item.form is ast.Form.WORD else Shape.STRUCT
        values: tuple[Value, ...] = tuple(0 for _ in types)
        if isinstance(item.initial, ast.Record):
            values = _record(symbols, item.initial, types, wrong)
        else:
            message = f"`{item.name}` needs an initial value for each field"
            _wrong(wrong, codes.INITIAL, message, item.initial.span)
        symbols.variables[item.name] = Variable(
            item.name, shape, tuple(types.values()), tuple(types), 0, values, span=item.span
        )
        return
    type_ = _held(symbols, item.target, item.width, item.span, wrong)
    ghost = item.form is ast.Form.GHOST
    value = _initial(symbols, item, type_, wrong)
    shape, length = Shape.SCALAR, 0
    if item.length is not None:
        shape, length = Shape.ARRAY, _length(symbols, item, item.length, wrong)
    values = (value,) * (length or 1)
    symbols.variables[item.name] = Variable(
        item.name, shape, (type_,), (), length, values, ghost=ghost, span=item.span
    )


def _length(
    symbols: Symbols, item: ast.Variable, given: ast.Number | ast.Name, wrong: list[Diagnostic]
) -> int:
    if isinstance(given, ast.Name):
        wrong.append(unknown_constant(symbols, given))
    elif not 1 <= given.value <= LENGTH:
        _wrong(wrong, codes.ARRAY, f"an array has from 1 to {LENGTH} elements", item.span)
    else:
        return given.value
    return 1


def _form(item: ast.Variable) -> str:
    """Why the declaration does not fit its keyword, or nothing."""
    if item.form is ast.Form.RCU and item.target is None:
        return f"an `rcu` variable is a pointer: write `rcu {item.name}: STRUCT = …`"
    if item.form is ast.Form.GHOST and (item.fields or item.target or item.width):
        return f"a ghost is a number without a width: write `ghost {item.name} = 0`"
    if item.form is ast.Form.WORD and not item.fields:
        return f"a `word` has fields: write `word {item.name} {{ a, b }} = …`, or `shared`"
    return ""


def _initial(symbols: Symbols, item: ast.Variable, type_: Type, wrong: list[Diagnostic]) -> Value:
    if isinstance(item.initial, ast.Record):
        if isinstance(type_, Pointer):
            return _object(symbols, item.name, type_.struct, item.initial, wrong)
        if type_ is not Plain.UNKNOWN:
            message = f"`{item.name}` has no fields; its initial value is a number"
            _wrong(wrong, codes.INITIAL, message, item.initial.span)
        return 0
    return _constant(symbols, item.initial, type_, wrong)


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
    held = _fields(symbols, item.fields, wrong)
    fields, types = tuple(held), tuple(held.values())
    if item.shared:
        shape = Shape.SHARED_CACHE
        symbols.variables[item.name] = Variable(item.name, shape, types, fields, span=item.span)
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
        item.name, Shape.CACHE, types, fields, owner=owner, span=item.span
    )
