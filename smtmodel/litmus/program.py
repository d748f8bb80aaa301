"""What a litmus test says: initial state, lanes of statements, and a condition on the end.

Nothing here says what a statement does to memory. Dependencies are syntactic, so values stay as
they are written: `r1 - r1` depends on r1. What a text in C cannot say serves protocols that are
written as a test: fields of structures, entries, free choices, lanes that stop.
"""

from enum import Enum

from smtmodel.litmus.instructions import Elementary
from smtmodel.source import Span
from smtmodel.source.record import record

# ---------------------------------------------------------------- values


@record
class Integer:
    value: int


@record
class ThreadRegister:
    """What the lane's register holds; 0 if the lane has not assigned it."""

    name: str


@record
class AddressOf:
    """The address of a shared variable."""

    variable: str


@record
class ThinAir:
    """A value that plain accesses copy from one another in a circle: no number, no address."""


@record
class Whole:
    """The values of an entry, a variable of several fields that is accessed as a whole."""

    fields: tuple[str, ...]
    values: tuple[Integer | AddressOf, ...]


Initial = Integer | AddressOf | Whole
"""What a variable holds at the start."""


@record
class Arithmetic:
    """An operator of C, on one or two values. Both operands of `&&` and `||` are computed."""

    operator: str
    operands: tuple["Expression", ...]


@record
class Performed:
    """An elementary operation, as a value where it yields one.

    `operands`: what is stored, of an entry a value for each field; of a compare-exchange the
    expected and the new value; of ADD_UNLESS the summand and the value at which nothing is added.
    """

    elementary: Elementary
    tag: str
    location: "Expression | None"
    operator: str
    operands: tuple["Expression", ...]
    span: Span


@record
class Within:
    """The address of a field of the structure whose address `pointer` is."""

    pointer: "Expression"
    field: str


@record
class AnyBelow:
    """One of the numbers below `number`, freely chosen."""

    number: int


Expression = Integer | ThreadRegister | AddressOf | Arithmetic | Performed | Within | AnyBelow

# ---------------------------------------------------------------- statements


@record
class Assigns:
    register: str
    value: Expression


@record
class Receives:
    """One read of an entry: a register for each field."""

    registers: tuple[str, ...]
    load: Performed


@record
class Performs:
    """An expression for what it does; its value, if it has one, is dropped."""

    value: Expression


@record
class Conditional:
    condition: Expression
    then: tuple["Statement", ...]
    otherwise: tuple["Statement", ...]


@record
class Requires:
    """There is no execution in which the condition is false here; nothing depends on it."""

    condition: Expression


@record
class MayStop:
    """The lane stops for good where its register STOP has this number, counted from 1.

    An execution in which it has the number of a place that the lane does not come to is none.
    `behind` happens only where the lane stops, as the last of it.
    """

    number: int
    behind: tuple["Statement", ...] = ()


Statement = Assigns | Receives | Performs | Conditional | Requires | MayStop

STOP = "(stop)"
"""The register of a lane that says where it stops: 0 where it does not."""


@record
class Thread:
    """A lane: the registers that begin with a value, and its statements.

    A parameter is a register that holds the address of the variable of that name. `stops` is the
    number of places at which the lane may stop.
    """

    name: str
    registers: tuple[tuple[str, Integer | AddressOf], ...]
    statements: tuple[Statement, ...]
    stops: int = 0


# ---------------------------------------------------------------- conditions


@record
class RegisterOf:
    """The value of a lane's register at the end."""

    thread: int
    name: str


@record
class FinalValue:
    """The value of a shared variable at the end."""

    variable: str


@record
class Equals:
    left: RegisterOf | FinalValue
    right: RegisterOf | Integer | AddressOf


@record
class AllHold:
    conditions: tuple["Condition", ...]


@record
class SomeHolds:
    conditions: tuple["Condition", ...]


@record
class Negated:
    condition: "Condition"


@record
class EndValue:
    """An operator on values at the end, those of registers among them."""

    operator: str
    operands: tuple["Operand", ...]


Operand = RegisterOf | Integer | AddressOf | EndValue


@record
class IsTrue:
    """What is computed is not 0."""

    value: Operand


Condition = Equals | AllHold | SomeHolds | Negated | IsTrue


class Quantifier(Enum):
    EXISTS = "exists"
    NEVER = "~exists"
    ALWAYS = "forall"


@record
class LitmusTest:
    """A test. `variables`: each shared variable with its initial value, in order of appearance.

    Only executions whose end satisfies `required`, if there is such a clause, count. `structures`
    are names with fields: the field `f` of the structure `s` is the variable `s.f`.
    """

    name: str
    variables: tuple[tuple[str, Initial], ...]
    threads: tuple[Thread, ...]
    required: Condition | None
    quantifier: Quantifier
    condition: Condition
    structures: tuple[tuple[str, tuple[str, ...]], ...] = ()


def field_of(structure: str, field: str) -> str:
    """The variable that is a field of a structure."""
    return f"{structure}.{field}"
