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
    Shape,
    Struct,
    Variable,
)
from smtmodel.language.lanes import Kinds
from smtmodel.language.primitives import PRIMITIVES
from smtmodel.language.suggest import suggest
from smtmodel.language.types import Bits, Entry, Plain, Pointer, Type
from smtmodel.source import Diagnostic, Span
from smtmodel.source.record import field, record

LANE = "lane"
"""The number of the lane that a step runs in."""
KEYWORDS = frozenset(("null", "fresh", "choose", "copy", "alloc", LANE))
ONE_OF_A_NAME = (ast.GuardKind.SRCU, ast.GuardKind.WAITQUEUE)
"""Of these there are no arrays, and no object has one."""
WIDEST = 16
"""Bits of the widest field of stated width."""


@record(frozen=False)
class Symbols:
    """The names of a protocol.

    Grows while the declarations are read and is only read afterwards.
    """

    structs: dict[str, Struct] = field(default_factory=dict)
    variables: dict[str, Variable] = field(default_factory=dict)
    guards: dict[str, ast.GuardKind] = field(default_factory=dict)  # `struct.f` of a field
    lengths: dict[str, tuple[int, str | None]] = field(default_factory=dict)  # of arrays of locks
    constants: set[str] = field(default_factory=set)
    objects: dict[str, str] = field(default_factory=dict)
    initial: list[InitialObject] = field(default_factory=list)
    indices: dict[str, int] = field(default_factory=dict)  # of the objects in `initial`
    blocks: dict[str, ast.Block] = field(default_factory=dict)
    definitions: dict[str, ast.Definition] = field(default_factory=dict)
    kinds: Kinds = field(default_factory=Kinds)
    places: dict[str, Span] = field(default_factory=dict)

    def entry(self, target: ast.Expression) -> Entry | None:
        """The type of the word or cache, as a whole, that an expression names."""
        indexed = isinstance(target, ast.Index)
        base = target.base if isinstance(target, ast.Index) else target
        variable = self.variables.get(base.name) if isinstance(base, ast.Name) else None
        if variable is None or variable.is_array is not indexed:
            return None
        if variable.shape not in (Shape.WORD, Shape.CACHE, Shape.SHARED_CACHE):
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
        if name in self.definitions:
            return "a definition"
        return ""


def field_types(holder: Struct | Variable) -> dict[str, Type]:
    """The fields with their types."""
    return dict(zip(holder.fields, holder.types, strict=True))


def claim_struct(symbols: Symbols, item: ast.Struct, wrong: list[Diagnostic]) -> None:
    """Enter a struct, whose fields may point to others; their types are looked up later."""
    if item.name in symbols.structs:
        wrong.append(Diagnostic(codes.TWICE, f"struct `{item.name}` is declared twice", item.span))
        return
    fields = tuple(dict.fromkeys(one.name for one in item.fields if one.lock is None))
    _locks_of(symbols, item, wrong)
    ghosts = tuple(name for name in fields if _declared(item, name).ghost)
    symbols.structs[item.name] = Struct(item.name, fields, (), ghosts, item.typesafe)


def _locks_of(symbols: Symbols, item: ast.Struct, wrong: list[Diagnostic]) -> None:
    """The fields of a struct that are locks."""
    names = [one.name for one in item.fields]
    for one in item.fields:
        if one.lock is None:
            continue
        if one.lock in ONE_OF_A_NAME:
            message = f"{one.lock.words} is no field of a struct"
            suggestion = f"declare one for all objects: `{one.lock.value} {one.name}`"
            wrong.append(Diagnostic(codes.WRONG_KIND, message, one.span, suggestion=suggestion))
        elif item.typesafe:
            message = f"`{item.name}` is typesafe: a lock in its objects has no meaning yet"
            suggestion = f"declare it outside of them: `{one.lock.value} {one.name}`"
            wrong.append(Diagnostic(codes.WRONG_KIND, message, one.span, suggestion=suggestion))
        elif names.count(one.name) > 1:
            message = f"field `{one.name}` is declared twice"
            wrong.append(Diagnostic(codes.FIELD_TWICE, message, one.span))
        symbols.guards[f"{item.name}.{one.name}"] = one.lock
    if all(one.lock is not None for one in item.fields):
        message = f"`{item.name}` has locks and nothing else"
        suggestion = "give it a field for what the locks protect"
        wrong.append(Diagnostic(codes.WRONG_KIND, message, item.span, suggestion=suggestion))


def _declared(struct: ast.Struct, field: str) -> ast.FieldDeclaration:
    """The first declaration of the field."""
    return next(one for one in struct.fields if one.name == field)


def fields_of(
    symbols: Symbols,
    fields: tuple[ast.FieldDeclaration, ...],
    wrong: list[Diagnostic],
    *,
    in_struct: bool = False,
) -> dict[str, Type]:
    types: dict[str, Type] = {}
    for one in fields:
        if one.lock is not None:
            if not in_struct:
                message = "only the objects of a `struct` have locks of their own"
                suggestion = f"declare an array of them: `{one.lock.value} {one.name}[…]`"
                wrong.append(Diagnostic(codes.WRONG_KIND, message, one.span, suggestion=suggestion))
            continue
        if one.name in types:
            message = f"field `{one.name}` is declared twice"
            wrong.append(Diagnostic(codes.FIELD_TWICE, message, one.span))
            continue
        if one.ghost and not in_struct:
            message = "only a `struct` has ghost fields"
            suggestion = f"declare a variable of its own: `ghost {one.name} = 0`"
            wrong.append(Diagnostic(codes.GHOST_DECLARED, message, one.span, suggestion=suggestion))
        types[one.name] = held_by(symbols, one.target, one.width, one.span, wrong)
    return types


def held_by(
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


def claim_item(symbols: Symbols, item: ast.Item, wrong: list[Diagnostic]) -> None:
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
        case ast.Definition(name=name):
            if _claim(symbols, name, item.span, wrong):
                symbols.definitions[name] = item
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
