"""Expressions, locations and values as readers see them.

Takes checked expressions and values of a run. `Names` hands out the letters of objects in the
order in which it meets them; it is the only thing here that changes.
"""

from itertools import count

from smtmodel.executions.layout import Layout
from smtmodel.executions.values import EMPTY, Memory, PointerValue, Value
from smtmodel.language.checked import (
    TOKEN_BASE,
    And,
    Await,
    Cell,
    Constant,
    Element,
    Expression,
    Filled,
    LaneLocal,
    LaneNumber,
    Load,
    Local,
    Member,
    NamedObject,
    NullPointer,
    Operation,
    Or,
    Part,
    Place,
    ReadModifyWrite,
    Through,
    TryLock,
    element,
)
from smtmodel.source.record import field, record


def place_text(place: Place) -> str:
    """A place as the protocol writes it."""
    match place:
        case Cell(variable=name):
            return name
        case Member(variable=name, field=field_):
            return f"{name}.{field_}"
        case Element(variable=name, index=index):
            return element(name, expression_text(index))
        case Through(pointer=pointer, field=field_):
            return f"{expression_text(pointer)}.{field_}"


def expression_text(expression: Expression) -> str:
    """An expression without its access marks, every compound operand in parentheses."""
    match expression:
        case Constant(value=number, name=name):
            return name or str(number)
        case NullPointer():
            return "null"
        case NamedObject(name=name):
            return name
        case Local(name=name):
            return name
        case LaneNumber():
            return "lane"
        case LaneLocal(block=block, index=index, name=name):
            return f"{block}[{index}].{name}"
        case Part(entry=entry, field=field_):
            return f"{expression_text(entry)}.{field_}"
        case Filled(entry=entry):
            return f"filled({expression_text(entry)})"
        case Load(place=place) | ReadModifyWrite(place=place):
            return place_text(place)
        case Operation(operator="negate", operands=(operand,)):
            return f"-{_operand(operand)}"
        case Operation(operator=operator, operands=(operand,)):
            return f"{operator}{_operand(operand)}"
        case Operation(operator="wrap", operands=(left, right)):
            return f"{_operand(left)} mod {_operand(right)}"
        case Operation(">>", (left, Constant(0))):  # the check that a mask is not negative
            return expression_text(left)
        case Operation("&~", (left, right)):
            return f"{_operand(left)} & ~{_operand(right)}"
        case Operation(operator=operator, operands=(left, right)):
            return f"{_operand(left)} {operator} {_operand(right)}"
        case And(left=left, right=right):
            return f"{_operand(left)} && {_operand(right)}"
        case Or(left=left, right=right):
            return f"{_operand(left)} || {_operand(right)}"
        case Await(load=load):
            return expression_text(load)
        case TryLock(lock=lock, shared=shared, at=at):
            if at is not None:
                name, dot, part = lock.partition(".")
                text = expression_text(at)
                lock = f"{text}.{part}" if dot else f"{name}[{text}]"
            return f"{'read_' if shared else ''}trylock({lock})"
        case _:
            return type(expression).__name__.lower()


def _operand(expression: Expression) -> str:
    text = expression_text(expression)
    compound = isinstance(expression, And | Or) or (
        isinstance(expression, Operation) and len(expression.operands) > 1
    )
    return f"({text})" if compound else text


def letters(number: int) -> str:
    """0 is A, 25 is Z, 26 is AA."""
    text = ""
    number += 1
    while number:
        number, digit = divmod(number - 1, 26)
        text = chr(ord("A") + digit) + text
    return text


@record(frozen=False)
class Names:
    """Names of objects and locations in a run; `fields` knows the objects made so far."""

    layout: Layout
    objects: dict[int, str] = field(default_factory=dict)
    fields: dict[int, tuple[int, str]] = field(default_factory=dict)

    def start(self, memory: Memory) -> None:
        """Meet the objects that exist at the start, in the order in which memory shows them.

        Those that the protocol declares have their own names.
        """
        variables = {variable.name for variable in self.layout.protocol.variables}
        for first, thing in zip(self.layout.objects, self.layout.protocol.objects, strict=True):
            self.allocated(first, thing.struct)
            if thing.name.isidentifier() and thing.name not in variables:
                self.objects[first] = thing.name
        for content in memory:
            for value in content if isinstance(content, tuple) else (content,):
                if isinstance(value, PointerValue):
                    self.object(value)

    def allocated(self, location: int, struct: str) -> None:
        """An object of a struct exists from now on."""
        for offset, name in enumerate(self.layout.protocol.struct(struct).fields):
            self.fields[location + offset] = (location, name)

    def object(self, location: int) -> str:
        """The letters of an object; the next ones at the first meeting."""
        if location not in self.objects:
            taken = set(self.objects.values())
            free = (name for name in map(letters, count()) if name not in taken)
            self.objects[int(location)] = next(free)
        return self.objects[location]

    def location(self, location: int) -> str:
        """`slots`, `v.f`, `a[0]`, or `A.f` for a field of an object."""
        if location in self.layout.names:
            return self.layout.names[location]
        first, name = self.fields[location]
        return f"{self.object(first)}.{name}"

    def value(self, value: Value, fields: tuple[str, ...] = ()) -> str:
        """A value; a whole entry with the names of its fields."""
        if isinstance(value, PointerValue):
            return self.object(value)
        if isinstance(value, tuple):
            inner = [self.value(part) for part in value]
            named = zip(fields, inner, strict=True) if fields else (("", text) for text in inner)
            return "{ " + ", ".join(f"{f}: {t}" if f else t for f, t in named) + " }"
        if value is None:
            return "null"
        if isinstance(value, int):
            return f"fresh{value - TOKEN_BASE}" if value > TOKEN_BASE else str(value)
        return "empty" if value is EMPTY else "-"
