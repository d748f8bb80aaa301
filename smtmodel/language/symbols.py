"""What the declarations of a protocol declare.

Takes the items of a protocol; gives the table of names that the later checks look up, and
what is wrong with the declarations themselves. Two names of one meaning would make a report
ambiguous, so all names but those of structs, fields, locals and properties are one family.
"""

from smtmodel.language import ast
from smtmodel.language.checked import (
    RCU,
    InitialObject,
    ObjectReference,
    Shape,
    Struct,
    Value,
    Variable,
)
from smtmodel.language.codes import kinds, names
from smtmodel.language.lanes import Kinds, find_kinds
from smtmodel.language.primitives import PRIMITIVES
from smtmodel.language.suggest import suggest
from smtmodel.language.types import Entry, Plain, Pointer, Type
from smtmodel.source import Code, Diagnostic, Span
from smtmodel.source.record import field, record

KEYWORDS = frozenset(("null", "fresh", "choose", "copy", "alloc"))
LENGTH = 64
"""Elements of the longest array."""


@record(frozen=False)
class Symbols:
    """The names of a protocol; `types` has the fields of structs, words and caches.

    Grows while the declarations are read and is only read afterwards.
    """

    structs: dict[str, Struct] = field(default_factory=dict)
    fields: dict[str, dict[str, Type]] = field(default_factory=dict)
    variables: dict[str, Variable] = field(default_factory=dict)
    values: dict[str, Type] = field(default_factory=dict)  # of a SCALAR, of each array element
    guards: dict[str, ast.GuardKind] = field(default_factory=dict)
    objects: dict[str, str] = field(default_factory=dict)
    initial: list[InitialObject] = field(default_factory=list)
    indices: dict[str, int] = field(default_factory=dict)  # of the objects in `initial`
    blocks: dict[str, ast.Block] = field(default_factory=dict)
    kinds: Kinds = field(default_factory=Kinds)
    places: dict[str, Span] = field(default_factory=dict)

    def entry(self, variable: str) -> Entry:
        """The type of a word or cache as a whole."""
        types = self.fields[variable]
        return Entry(tuple(types), tuple(types.values()))

    def what(self, name: str) -> str:
        """What a message calls the thing of that name, or nothing if there is none."""
        if name in self.variables:
            return f"a {self.variables[name].shape.value} variable"
        if name in self.guards:
            kind = self.guards[name]
            return "an SRCU domain" if kind is ast.GuardKind.SRCU else f"a {kind.value}"
        if name in self.objects:
            return "an object"
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
            types = _fields(symbols, struct.fields, wrong)
            symbols.fields.setdefault(_key(struct.name), types)
    for item in protocol.items:
        _claim_item(symbols, item, wrong)
    kind_errors: list[Diagnostic]
    symbols.kinds, kind_errors = find_kinds(protocol, symbols.blocks)
    wrong += kind_errors
    for item in protocol.items:
        _define(symbols, item, wrong)
    return symbols, wrong


def _key(struct: str) -> str:
    """Fields of structs and of variables are kept in one table; structs under this key."""
    return f"struct {struct}"


def struct_fields(symbols: Symbols, struct: str) -> dict[str, Type]:
    """The fields of a struct with their types."""
    return symbols.fields.get(_key(struct), {})


def _struct(symbols: Symbols, item: ast.Struct, wrong: list[Diagnostic]) -> None:
    if item.name in symbols.structs:
        wrong.append(Diagnostic(names.TWICE, f"struct `{item.name}` is declared twice", item.span))
        return
    fields = tuple(dict.fromkeys(one.name for one in item.fields))
    symbols.structs[item.name] = Struct(item.name, fields)


def _fields(
    symbols: Symbols, fields: tuple[ast.FieldDeclaration, ...], wrong: list[Diagnostic]
) -> dict[str, Type]:
    types: dict[str, Type] = {}
    for one in fields:
        if one.name in types:
            message = f"field `{one.name}` is declared twice"
            wrong.append(Diagnostic(names.FIELD_TWICE, message, one.span))
            continue
        types[one.name] = _target(symbols, one.target, one.span, wrong)
    return types


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
    return Diagnostic(names.UNKNOWN_STRUCT, message, span, suggestion=suggestion)


def _claim_item(symbols: Symbols, item: ast.Item, wrong: list[Diagnostic]) -> None:
    """Enter the name of an item, so that all names are known before any is looked up."""
    match item:
        case ast.Variable(name=name) | ast.Cache(name=name):
            pointer = isinstance(item, ast.Variable) and item.target is not None
            record = isinstance(item, ast.Variable) and isinstance(item.initial, ast.Record)
            if _claim(symbols, name, item.span, wrong) and pointer and record:
                symbols.indices[name] = len(symbols.indices)
        case ast.GuardDeclaration(kind, name):
            if name == RCU:
                message = f"`{RCU}` is the domain of `rcu_read_lock`"
                wrong.append(Diagnostic(names.RESERVED_NAME, message, item.span))
            elif _claim(symbols, name, item.span, wrong):
                symbols.guards[name] = kind
        case ast.Object(name=name):
            if _claim(symbols, name, item.span, wrong):
                symbols.objects[name] = item.struct
                symbols.indices[name] = len(symbols.indices)
        case ast.Block(name=name):
            if _claim(symbols, name, item.span, wrong):
                symbols.blocks[name] = item
        case _:
            pass


def _claim(symbols: Symbols, name: str, span: Span, wrong: list[Diagnostic]) -> bool:
    if name in PRIMITIVES or name in KEYWORDS:
        message = f"`{name}` is a word of the language"
        wrong.append(Diagnostic(names.RESERVED_NAME, message, span))
        return False
    if name in symbols.places:
        first = symbols.places[name]
        message = f"`{name}` is declared twice"
        label = f"first declared in line {first.line}"
        wrong.append(Diagnostic(names.TWICE, message, span, label))
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
        case ast.Object() if symbols.places.get(item.name) is item.span:
            if item.struct not in symbols.structs:
                wrong.append(unknown_struct(symbols, item.struct, item.span))
                return
            _object(symbols, item.name, item.struct, item.initial, wrong)
        case _:
            pass


def _variable(symbols: Symbols, item: ast.Variable, wrong: list[Diagnostic]) -> None:
    problem = _form(item)
    if problem:
        wrong.append(Diagnostic(kinds.INITIAL, problem, item.span))
    if item.fields:
        types = _fields(symbols, item.fields, wrong)
        symbols.fields[item.name] = types
        shape = Shape.WORD if item.form is ast.Form.WORD else Shape.STRUCT
        values: tuple[Value, ...] = tuple(0 for _ in types)
        if isinstance(item.initial, ast.Record):
            values = _record(symbols, item.initial, types, wrong)
        else:
            message = f"`{item.name}` needs an initial value for each field"
            _wrong(wrong, kinds.INITIAL, message, item.initial.span)
        fields = tuple(types)
        symbols.variables[item.name] = Variable(item.name, shape, fields, 0, values, span=item.span)
        return
    type_ = _target(symbols, item.target, item.span, wrong)
    symbols.values[item.name] = type_
    value = _initial(symbols, item, type_, wrong)
    if item.length is None:
        variable = Variable(item.name, Shape.SCALAR, initial=(value,), span=item.span)
    else:
        length = item.length
        if not 1 <= length <= LENGTH:
            message = f"an array has from 1 to {LENGTH} elements"
            wrong.append(Diagnostic(kinds.ARRAY, message, item.span))
            length = 1
        values = (value,) * length
        variable = Variable(item.name, Shape.ARRAY, (), length, values, span=item.span)
    symbols.variables[item.name] = variable


def _form(item: ast.Variable) -> str:
    """Why the declaration does not fit its keyword, or nothing."""
    if item.form is ast.Form.RCU and item.target is None:
        return f"an `rcu` variable is a pointer: write `rcu {item.name}: STRUCT = …`"
    if item.form is ast.Form.WORD and not item.fields:
        return f"a `word` has fields: write `word {item.name} {{ a, b }} = …`, or `shared`"
    return ""


def _initial(symbols: Symbols, item: ast.Variable, type_: Type, wrong: list[Diagnostic]) -> Value:
    if isinstance(item.initial, ast.Record):
        if isinstance(type_, Pointer):
            return _object(symbols, item.name, type_.struct, item.initial, wrong)
        if type_ is not Plain.UNKNOWN:
            message = f"`{item.name}` has no fields; its initial value is a number"
            _wrong(wrong, kinds.INITIAL, message, item.initial.span)
        return 0
    return _constant(symbols, item.initial, type_, wrong)


def _object(
    symbols: Symbols, name: str, struct: str, record: ast.Record, wrong: list[Diagnostic]
) -> ObjectReference:
    """A further object; the records of pointer variables are objects named like them."""
    values = _record(symbols, record, struct_fields(symbols, struct), wrong)
    symbols.initial.append(InitialObject(name, struct, values))
    return ObjectReference(len(symbols.initial) - 1)


def _record(
    symbols: Symbols, record: ast.Record, types: dict[str, Type], wrong: list[Diagnostic]
) -> tuple[Value, ...]:
    """The values of a record of constants in the order of the declared fields."""
    found: dict[str, Value] = {}
    for name, value in record.values:
        if name not in types:
            message, suggestion = f"unknown field `{name}`", suggest(name, list(types))
            wrong.append(
                Diagnostic(names.UNKNOWN_FIELD, message, value.span, suggestion=suggestion)
            )
            continue
        if name in found:
            _wrong(wrong, names.FIELD_TWICE, f"field `{name}` is given twice", value.span)
        found[name] = _constant(symbols, value, types[name], wrong)
    missing = [name for name in types if name not in found]
    if missing:
        message = f"no initial value for `{missing[0]}`"
        _wrong(wrong, kinds.RECORD, message, record.span)
    return tuple(found.get(name, 0) for name in types)


def _constant(
    symbols: Symbols, value: ast.Expression, type_: Type, wrong: list[Diagnostic]
) -> Value:
    match value:
        case ast.Number(number) if type_ is Plain.NUMBER:
            return number
        case ast.Null() if isinstance(type_, Pointer):
            return None
        case ast.Name(name) if isinstance(type_, Pointer):
            if name not in symbols.objects:
                message = f"`{name}` is not an object"
                suggestion = suggest(name, list(symbols.objects))
                wrong.append(
                    Diagnostic(names.UNKNOWN_NAME, message, value.span, suggestion=suggestion)
                )
            elif symbols.objects[name] != type_.struct:
                message = f"`{name}` is no `{type_.struct}`"
                _wrong(wrong, kinds.INITIAL, message, value.span)
            return ObjectReference(symbols.indices.get(name, 0))
    if type_ is not Plain.UNKNOWN:
        wanted = "a pointer: an object, or null" if isinstance(type_, Pointer) else "a number"
        _wrong(wrong, kinds.INITIAL, f"this initial value must be {wanted}", value.span)
    return 0


def _wrong(wrong: list[Diagnostic], code: Code, message: str, span: Span) -> None:
    wrong.append(Diagnostic(code, message, span))


def _cache(symbols: Symbols, item: ast.Cache, wrong: list[Diagnostic]) -> None:
    symbols.fields[item.name] = _fields(symbols, item.fields, wrong)
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
        wrong.append(Diagnostic(kinds.CACHE_OWNER, message, item.span, suggestion=suggestion))
        owner = None
    fields = tuple(symbols.fields[item.name])
    symbols.variables[item.name] = Variable(
        item.name, Shape.CACHE, fields, owner=owner, span=item.span
    )
