"""Places, and what expressions read of them and make of it."""

from enum import Enum

from smtmodel.language.checked.state import Mark
from smtmodel.source import Span
from smtmodel.source.record import field, record


@record
class Cell:
    """The only location of a SCALAR, WORD or SHARED_CACHE, or the own lane's of a CACHE."""

    variable: str


@record
class Member:
    """A field of a STRUCT variable."""

    variable: str
    field: str


@record
class Element:
    """An element of an array; an index outside it is an error of the run."""

    variable: str
    index: "Expression"


@record
class Through:
    """A field of the object that `pointer` points to; null is an error of the run."""

    pointer: "Expression"
    struct: str
    field: str


Place = Cell | Member | Element | Through


@record
class Constant:
    """A number; `name` is that of the constant of the text, if it is one."""

    value: int
    name: str = field(compare=False, default="")


@record
class NullPointer:
    pass


@record
class NamedObject:
    """A pointer to the object that exists at the start with this index in `objects`."""

    index: int
    name: str = field(compare=False, default="")


@record
class Local:
    """The value of a local: a number, a pointer, a cookie's section or a whole entry."""

    name: str


@record
class LaneNumber:
    """`lane`: the number of the lane in its kind, from 0.

    In a lane that interrupts another it is the number of the other; in a property that of the lane
    for which the property is judged.
    """


@record
class LaneLocal:
    """`reader[0].r` in a `finally` property.

    The value that the local had when the last round of `block` in lane `index` of the kind
    that owns the block ended; a lane that never ran the block, or left it before assigning
    the local, has none, and the property is not judged.
    """

    block: str
    index: int
    name: str


@record
class Part:
    """A field of a whole entry: a Local that holds one, or a Load, a ReadModifyWrite or an Await
    of a WORD or cache."""

    entry: "Expression"
    field: str


@record
class Filled:
    """1 if the entry has been assigned, else 0."""

    entry: "Expression"


@record
class Load:
    """One read of a place."""

    place: Place
    mark: Mark
    span: Span = field(compare=False, default=Span(1, 1, 1, 1))


@record
class Operation:
    """An operator on values.

    Binary `+ - * / % & &~ | ^ << >>` and `== != < <= > >=` (1 or 0), unary `!` (1 if the operand
    is 0 or null, else 0) and `negate`. `a &~ b` is what a has without the bits of b. The right
    operand of `/` and `%` is a positive Constant, that of `&`, `&~`, `|`, `^`, `<<` and `>>` is
    never negative: a Constant, or what `>>` yields. For these eight a negative left operand is an
    error of the run, and so is a result of one of GROWING that is too large.
    `wrap` is the left operand modulo the positive Constant on its right, never negative and never
    an error: what is stored in a field of stated width.
    """

    operator: str
    operands: tuple["Expression", ...]
    span: Span = field(compare=False, default=Span(1, 1, 1, 1))


@record
class And:
    """`left && right`, 1 or 0; right is not evaluated where left is 0 or null."""

    left: "Expression"
    right: "Expression"


@record
class Or:
    """`left || right`, 1 or 0; right is not evaluated where left is neither 0 nor null."""

    left: "Expression"
    right: "Expression"


class Rmw(Enum):
    """`EXCHANGE` stores its operand, `ADD` adds it, `COMPARE_EXCHANGE` has (old, new).

    `ADD_NOT_ZERO` adds its operand unless the value is 0, `ADD_POSITIVE` where it is more than 0,
    `ADD_UNLESS`, which has (amount, unless), unless it is its second operand. Those of BITS are
    for places of a width: their operator is made of the value and the operand.
    """

    EXCHANGE = "xchg"
    COMPARE_EXCHANGE = "cmpxchg"
    ADD = "add"
    ADD_NOT_ZERO = "add unless 0"
    ADD_UNLESS = "add unless equal"
    ADD_POSITIVE = "add if positive"
    OR = "|"
    AND = "&"
    XOR = "^"
    CLEAR = "&~"


LOOKS = (Rmw.ADD_NOT_ZERO, Rmw.ADD_UNLESS, Rmw.ADD_POSITIVE)
"""They look first whether there is anything to do; where there is not they are plain reads."""
ADDS = (Rmw.ADD, *LOOKS)
BITS = (Rmw.OR, Rmw.AND, Rmw.XOR, Rmw.CLEAR)
"""Their values are operators, of which neither side is ever negative here."""


class Yields(Enum):
    """What a read-modify-write is as a value."""

    BEFORE = "the value before it"
    AFTER = "the value after it"
    SUCCESS = "1 if it wrote, else 0"


@record
class ReadModifyWrite:
    """One read and write at one instant; one that fails is only a read.

    A COMPARE_EXCHANGE fails where the value is not `old`, one of LOOKS where it adds nothing.
    Operands are evaluated from left to right and then the place's address, which comes before
    them if `place_first`: in the order of the call's arguments. At a WORD or a cache the operands
    are whole entries, compared whole: all their fields are equal, or both are empty. `width`
    of bits, if not None: what is stored is taken modulo 2 to the `width` (ADDS, BITS).
    """

    operation: Rmw
    place: Place
    operands: tuple["Expression", ...]
    yields: Yields
    mark: Mark
    width: int | None = None
    place_first: bool = False
    span: Span = field(compare=False, default=Span(1, 1, 1, 1))


@record
class TryLock:
    """1 and the lock is taken, or 0 where another lane keeps it from being taken.

    `shared` and `at` as of a TakeLock. Stands only as the whole condition of an `If`, negated at
    most once (`Operation("!")`).
    """

    lock: str
    shared: bool = False
    at: "Expression | None" = None
    span: Span = field(compare=False, default=Span(1, 1, 1, 1))


@record
class Await:
    """A read that happens only when its value satisfies the condition; it is the value read.

    `condition` reads nothing but `load`, which stands in it for the value read, and locals.
    Until then the lane sleeps at `queue`, if there is one; then it is the whole of an Evaluate.
    """

    load: Load
    condition: "Expression"
    queue: str | None = None
    span: Span = field(compare=False, default=Span(1, 1, 1, 1))


@record
class Fresh:
    """A token, its own event; tokens are numbered in the order of these events."""


@record
class Choose:
    low: int
    high: int


@record
class Copy:
    """A new object; its fields are read from the old and written one after another.

    Ghost fields are not copied. Where the protocol frees objects of the struct, any freed one
    may be allocated again in the place of a new one (`freed_structs`).
    """

    pointer: "Expression"
    struct: str
    span: Span = field(compare=False, default=Span(1, 1, 1, 1))


@record
class Allocate:
    """A new object, or a freed one of the struct with what its fields last held."""

    struct: str


@record
class EntryValue:
    """A whole entry, its values in the order of the declared fields."""

    fields: tuple[str, ...]
    values: tuple["Expression", ...]


@record
class Settled:
    """A snapshot expression at the latest instant, not after this event, with no update."""

    expression: "Expression"


Expression = (
    Constant
    | NullPointer
    | NamedObject
    | Local
    | LaneNumber
    | LaneLocal
    | Part
    | Filled
    | Load
    | Operation
    | And
    | Or
    | ReadModifyWrite
    | TryLock
    | Await
    | Fresh
    | Choose
    | Copy
    | Allocate
    | EntryValue
    | Settled
)
"""Fresh, Choose, Copy, Allocate, EntryValue and Settled stand only as the whole `value` of a
SetLocal or Store; an EntryValue also as an operand of a ReadModifyWrite. An entry (EntryValue,
a Local that holds one, a Load or ReadModifyWrite of a WORD or cache) is a `value`, an operand
of a ReadModifyWrite, or inside a Part or Filled."""
