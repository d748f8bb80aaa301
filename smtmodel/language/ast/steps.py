"""Steps as they are written, with those inside them."""

from smtmodel.language.ast.expressions import Call, Expression, place
from smtmodel.source import Span
from smtmodel.source.record import record


@record
class Assign:
    """`target = value`; operator is one of `=`, `+=`, `-=`, `++`, `--` (the last two add 1)."""

    target: Expression
    operator: str
    value: Expression
    label: str | None = None
    span: Span = place()


@record
class Do:
    """A call that stands alone, such as `smp_mb()` or `spin_lock(l)`."""

    call: Call
    label: str | None = None
    span: Span = place()


@record
class If:
    """`if (condition) then else otherwise`.

    `part`: the place of the condition where it is part of what stands at `span`.
    """

    condition: Expression
    then: tuple["Step", ...]
    otherwise: tuple["Step", ...]
    label: str | None = None
    span: Span = place()
    part: Span | None = None


@record
class While:
    """`while BOUND (condition) { body }`: at most BOUND rounds."""

    bound: int
    condition: Expression
    body: tuple["Step", ...]
    label: str | None = None
    span: Span = place()


@record
class Retry:
    """`retry BOUND { body } until (condition)`: at least one round, at most BOUND."""

    bound: int
    body: tuple["Step", ...]
    condition: Expression
    label: str | None = None
    span: Span = place()


@record
class Each:
    """`each NAME of ARRAY { body }`: once for each element; `name` is its number."""

    name: str
    of: str
    body: tuple["Step", ...]
    label: str | None = None
    name_span: Span = place()
    of_span: Span = place()
    span: Span = place()


@record
class Either:
    """`either { } or { }`: one branch, freely chosen."""

    branches: tuple[tuple["Step", ...], ...]
    label: str | None = None
    span: Span = place()


@record
class Return:
    label: str | None = None
    span: Span = place()


@record
class Break:
    """`break`: ends the loop around it."""

    label: str | None = None
    span: Span = place()


@record
class Yield:
    """`yield value`: the value of a call, in a definition."""

    value: Expression
    label: str | None = None
    span: Span = place()


@record
class Assert:
    condition: Expression
    label: str | None = None
    span: Span = place()


@record
class Unreachable:
    """What no execution may come to."""

    label: str | None = None
    span: Span = place()


@record
class Assume:
    condition: Expression
    label: str | None = None
    span: Span = place()


@record
class WaitUntil:
    """`wait until (condition)`."""

    condition: Expression
    label: str | None = None
    span: Span = place()


@record
class Atomic:
    """`atomic { }`: no other lane's event between its events."""

    body: tuple["Step", ...]
    label: str | None = None
    span: Span = place()


@record
class Overwrite:
    """`copy source into target`: the fields of one object, one by one."""

    source: "Expression"
    target: "Expression"
    label: str | None = None
    span: Span = place()


@record
class Expanded:
    """The steps that a call of a definition of the text is, in its place.

    No text has it: `smtmodel.language.inline` makes it. `span` is that of the step in which the
    call stands.
    """

    steps: tuple["Step", ...]
    label: str | None = None
    span: Span = place()


Step = (
    Assign
    | Do
    | Overwrite
    | If
    | While
    | Retry
    | Each
    | Either
    | Return
    | Break
    | Yield
    | Assert
    | Unreachable
    | Assume
    | WaitUntil
    | Atomic
    | Expanded
)
