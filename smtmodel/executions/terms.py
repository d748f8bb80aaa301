"""Values and addresses as terms over the registers of a lane.

They are the operands of actions (`smtmodel.executions.actions`). The machine evaluates them
(`smtmodel.executions.valuation`); whoever else reads a program walks them.
"""

from smtmodel.executions.values import Value
from smtmodel.source.record import parts, record


@record
class Register:
    """What a register of the lane holds."""

    number: int


@record
class Immediate:
    """A value that the program states."""

    value: Value


@record
class Computed:
    """An operator of `checked.Operation` on values.

    One of PARTIAL or GROWING may have no value; the action that the term stands in says what
    happens then.
    """

    operator: str
    operands: tuple["Term", ...]


@record
class Component:
    """The value at a place of a whole entry, counted from 0; nothing of an empty entry."""

    entry: "Term"
    place: int


@record
class IsFilled:
    """1 if the entry has been assigned, else 0."""

    entry: "Term"


@record
class Conjunction:
    """1 or 0; the right side is not evaluated where the left side is 0 or null."""

    left: "Term"
    right: "Term"


@record
class Disjunction:
    """1 or 0; the right side is not evaluated where the left side is neither 0 nor null."""

    left: "Term"
    right: "Term"


@record
class WholeEntry:
    """An entry made of the values of its fields."""

    values: tuple["Term", ...]


Term = (
    Register | Immediate | Computed | Component | IsFilled | Conjunction | Disjunction | WholeEntry
)


@record
class Absolute:
    """The location of a variable, of a field of a STRUCT variable (`v.f`), or of a lane's entry of
    a cache, which has the name of the cache in every lane."""

    name: str
    location: int


@record
class Indexed:
    """An element of an array, by a register that holds an index inside of it."""

    variable: str
    index: Register


@record
class InObject:
    """A field of an object, by a register that holds a pointer to it."""

    pointer: Register
    struct: str
    field: str


Address = Absolute | Indexed | InObject


def truth(term: Term) -> Term:
    """1 or 0 for any value."""
    return Computed("!", (Computed("!", (term,)),))


def registers_in(part: object) -> frozenset[int]:
    """The numbers of the registers that a term, or all terms of a record, are made of."""
    return frozenset(inner.number for inner in parts(part) if isinstance(inner, Register))


def name_of(address: Address) -> str:
    """What an address names: all elements of an array alike, and all objects of a
    struct."""
    match address:
        case Absolute(name=name) | Indexed(variable=name):
            return name
        case InObject(struct=struct, field=field):
            return f"{struct}->{field}"
