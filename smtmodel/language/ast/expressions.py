"""Expressions as they are written."""

from smtmodel.source import Span
from smtmodel.source.record import field, record


def place() -> Span:
    """A place that equality ignores; nodes made by hand stand at the start of the text."""
    span: Span = field(compare=False, default=Span(1, 1, 1, 1))
    return span


@record
class Number:
    """A literal; the parser folds a leading minus into it. `name` is that of the constant that
    stood in its place."""

    value: int
    span: Span = place()
    name: str = field(compare=False, default="")


@record
class Null:
    span: Span = place()


@record
class Name:
    """A local, a shared variable, a lock, a domain or an object: not yet known which."""

    name: str
    span: Span = place()


@record
class Field:
    """`base.name` or `base->name`."""

    base: "Expression"
    name: str
    name_span: Span = place()
    span: Span = place()


@record
class Index:
    """`base[index]`."""

    base: "Expression"
    index: "Expression"
    span: Span = place()


@record
class Call:
    """A kernel primitive, `filled(e)` or `settled(e)`; which one the name says.

    `pointed`: the places of the arguments that are written `&x`, which means x.
    """

    name: str
    arguments: tuple["Expression", ...]
    name_span: Span = place()
    span: Span = place()
    pointed: tuple[int, ...] = field(compare=False, default=())


@record
class Unary:
    """`!operand`, `-operand` or `~operand`."""

    operator: str
    operand: "Expression"
    span: Span = place()


@record
class Binary:
    """`left operator right` with the operators of C."""

    operator: str
    left: "Expression"
    right: "Expression"
    span: Span = place()


@record
class Ternary:
    """`condition ? then : otherwise`: of the two only the one that is chosen is evaluated."""

    condition: "Expression"
    then: "Expression"
    otherwise: "Expression"
    span: Span = place()


@record
class Fresh:
    """A token never used before; only a whole right side or a whole argument."""

    span: Span = place()


@record
class Choose:
    """Any value from low to high, both included; only a whole right side or argument."""

    low: Number | Name
    high: Number | Name
    span: Span = place()


@record
class Copy:
    """A new object with the fields of the one pointed to; only a whole right side or argument."""

    pointer: "Expression"
    span: Span = place()


@record
class Alloc:
    """A new object of a struct, its fields not yet written; only a whole right side or argument."""

    struct: str
    struct_span: Span = place()
    span: Span = place()


@record
class Record:
    """`{ field: value, … }`: a whole entry; only a whole right side or argument."""

    values: tuple[tuple[str, "Expression"], ...]
    span: Span = place()


Expression = (
    Number
    | Null
    | Name
    | Field
    | Index
    | Call
    | Unary
    | Binary
    | Ternary
    | Fresh
    | Choose
    | Copy
    | Alloc
    | Record
)
