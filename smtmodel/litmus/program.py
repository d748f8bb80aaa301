"""What a litmus test says: initial state, lanes of statements, and a condition on the end.

Nothing here says what a statement does to memory. Dependencies are syntactic, so values stay as
they are written: `r1 - r1` depends on r1.
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
class Arithmetic:
    """An operator of C, on one or two values. Both operands of `&&` and `||` are computed."""

    operator: str
    operands: tuple["Expression", ...]


@record
class Performed:
    """An elementary operation, as a value where it yields one.

    `operands`: what is stored; of a compare-exchange the expected and the new value; of
    ADD_UNLESS the summand and the value at which nothing is added.
    """

    elementary: Elementary
    tag: str
    location: "Expression | None"
    operator: str
    operands: tuple["Expression", ...]
    span: Span


Expression = Integer | ThreadRegister | AddressOf | Arithmetic | Performed

# ---------------------------------------------------------------- statements


@record
class Assigns:
    register: str
    value: Expression


@record
class Performs:
    """An expression for what it does; its value, if it has one, is dropped."""

    value: Expression


@record
class Conditional:
    condition: Expression
    then: tuple["Statement", ...]
    otherwise: tuple["Statement", ...]


Statement = Assigns | Performs | Conditional


@record
class Thread:
    """A lane: the registers that begin with a value, and its statements.

    A parameter is a register that holds the address of the variable of that name.
    """

    name: str
    registers: tuple[tuple[str, Integer | AddressOf], ...]
    statements: tuple[Statement, ...]


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


Condition = Equals | AllHold | SomeHolds | Negated


class Quantifier(Enum):
    EXISTS = "exists"
    NEVER = "~exists"
    ALWAYS = "forall"


@record
class LitmusTest:
    """A test. `variables`: each shared variable with its initial value, in order of appearance.

    Only executions whose end satisfies `required`, if there is such a clause, count.
    """

    name: str
    variables: tuple[tuple[str, Integer | AddressOf], ...]
    threads: tuple[Thread, ...]
    required: Condition | None
    quantifier: Quantifier
    condition: Condition
