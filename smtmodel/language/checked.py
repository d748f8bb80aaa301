"""A protocol whose every name is looked up: what the later stages take.

Produced by `smtmodel.language.check`; nothing else makes one. Expressions say which accesses
to shared state they make, in the order in which they happen: a `Load`, a `ReadModifyWrite`
or a `TryLock` is one event each, operands from left to right, `Both` and `Either` stop
early as in C. What executes them is `docs/semantics.md`.

The same expressions serve as *snapshot expressions* in properties and in `settled(E)`:
there every `Load` reads memory at one instant.
"""

from enum import Enum

from smtmodel.language.ast import BlockKind, GuardKind, When
from smtmodel.source import Span, Text
from smtmodel.source.record import field, record

RCU = "rcu"
"""The name of the one RCU domain; SRCU domains are named by the protocol."""

TOKEN_BASE = 1 << 30
"""The n-th `fresh` of a run, counted from 1, yields TOKEN_BASE + n; literals are smaller."""

# Built-in properties. Each has a result line where the protocol has what it speaks of.
DEADLOCK = "deadlock"
NULL_DEREFERENCE = "null_dereference"
OUT_OF_BOUNDS = "out_of_bounds"
NEGATIVE_OPERAND = "negative_operand"
UNWRITTEN_READ = "unwritten_read"
BUILT_INS = (DEADLOCK, NULL_DEREFERENCE, OUT_OF_BOUNDS, NEGATIVE_OPERAND, UNWRITTEN_READ)
RESERVED = (*BUILT_INS, "use_after_free", "lock_misuse")
"""Names that no protocol may give to a property."""


class Mark(Enum):
    """How an access is written; the kernel's memory model tells these apart, SC does not."""

    PLAIN = "plain"
    ONCE = "once"
    ACQUIRE = "acquire"
    RELEASE = "release"
    RELAXED = "relaxed"
    FULL = "full"
    DEREFERENCE = "rcu_dereference"


class FenceKind(Enum):
    FULL = "smp_mb"
    WRITE = "smp_wmb"
    READ = "smp_rmb"


class Shape(Enum):
    """How many locations a variable has."""

    SCALAR = "scalar"  # one, holding a number or a pointer
    STRUCT = "struct"  # one per field
    ARRAY = "array"  # one per element
    WORD = "word"  # one, holding all fields together
    CACHE = "cache"  # like a word, one per lane of the owner, empty at first


# ---------------------------------------------------------------- state


@record
class ObjectReference:
    """The initial value of a pointer: the object with this index in `objects`."""

    index: int


Value = int | None | ObjectReference
"""An initial value; None is the null pointer."""


@record
class Struct:
    name: str
    fields: tuple[str, ...]


@record
class Variable:
    """A shared variable.

    `fields` is given for STRUCT, WORD and CACHE; `length` for ARRAY (else 0). `initial` has
    one value per field (STRUCT, WORD), per element (ARRAY), one (SCALAR) or none (CACHE).
    `owner` is the lane kind of a CACHE.
    """

    name: str
    shape: Shape
    fields: tuple[str, ...] = ()
    length: int = 0
    initial: tuple[Value, ...] = ()
    owner: str | None = None
    span: Span = field(compare=False, default=Span(1, 1, 1, 1))


@record
class InitialObject:
    """An object that exists at the start; `values` in the order of the struct's fields."""

    name: str
    struct: str
    values: tuple[Value, ...]


@record
class Lock:
    name: str
    kind: GuardKind


# ---------------------------------------------------------------- places and expressions


@record
class Cell:
    """The only location of a SCALAR, a WORD or the own lane's entry of a CACHE."""

    variable: str


@record
class Member:
    """A field of a STRUCT variable."""

    variable: str
    field: str


@record
class Element:
    """An element of an ARRAY; an index outside it is an error of the run."""

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
    value: int


@record
class NullPointer:
    pass


@record
class Local:
    """The value of a local: a number, a pointer, a cookie's section or a whole entry."""

    name: str


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
    """A field of a whole entry (a Local that holds one, or a Load of a WORD or CACHE)."""

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

    Binary `+ - * / %` and `== != < <= > >=` (1 or 0), unary `!` (1 if the operand is 0 or
    null, else 0) and `negate`. The right operand of `/` and `%` is a positive Constant, a
    negative left one is an error of the run.
    """

    operator: str
    operands: tuple["Expression", ...]
    span: Span = field(compare=False, default=Span(1, 1, 1, 1))


@record
class Both:
    """`left && right`, 1 or 0; right is not evaluated where left is 0 or null."""

    left: "Expression"
    right: "Expression"


@record
class OneOf:
    """`left || right`, 1 or 0; right is not evaluated where left is neither 0 nor null."""

    left: "Expression"
    right: "Expression"


class Rmw(Enum):
    """`EXCHANGE` stores its operand, `ADD` adds it, `COMPARE_EXCHANGE` has (old, new)."""

    EXCHANGE = "xchg"
    COMPARE_EXCHANGE = "cmpxchg"
    ADD = "add"


@record
class ReadModifyWrite:
    """One read and write at one instant; a COMPARE_EXCHANGE that fails is only a read.

    Yields the value before it, or after it where `returns_new`. Operands are evaluated
    first, then the place's address.
    """

    operation: Rmw
    place: Place
    operands: tuple["Expression", ...]
    returns_new: bool
    mark: Mark
    span: Span = field(compare=False, default=Span(1, 1, 1, 1))


@record
class TryLock:
    """1 and the lock is taken, or 0 where another lane holds it.

    Stands only as the whole condition of an `If`, negated at most once (`Operation("!")`).
    """

    lock: str
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
    """A new object; its fields are read from the old and written one after another."""

    pointer: "Expression"
    struct: str
    span: Span = field(compare=False, default=Span(1, 1, 1, 1))


@record
class Allocate:
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
    | Local
    | LaneLocal
    | Part
    | Filled
    | Load
    | Operation
    | Both
    | OneOf
    | ReadModifyWrite
    | TryLock
    | Fresh
    | Choose
    | Copy
    | Allocate
    | EntryValue
    | Settled
)
"""Fresh, Choose, Copy, Allocate, EntryValue and Settled stand only as the whole `value` of a
SetLocal or Store."""


# ---------------------------------------------------------------- steps


@record
class Where:
    """Which step of the text: `number` counts the steps of the file in its order from 0.

    `text` is the step on one line (of an `if`, `while`, … only its head).
    """

    number: int
    block: str
    label: str | None
    text: str
    span: Span = field(compare=False, default=Span(1, 1, 1, 1))


@record
class SetLocal:
    where: Where
    name: str
    value: Expression


@record
class Store:
    """A write: the value is evaluated first, then the place's address, then it is written."""

    where: Where
    place: Place
    mark: Mark
    value: Expression


@record
class Evaluate:
    """An expression for its effect."""

    where: Where
    expression: Expression


@record
class Enter:
    """Enter a read section of a domain; `cookie` names the local that identifies it."""

    where: Where
    domain: str
    cookie: str | None


@record
class Leave:
    """Leave the section of the cookie, or without one the innermost open of the domain.

    Nested RCU sections count as one, from the outermost enter to its leave.
    """

    where: Where
    domain: str
    cookie: str | None


@record
class Synchronize:
    """A grace period: begins, and ends when the sections it found open have been left."""

    where: Where
    domain: str
    expedited: bool


@record
class TakeLock:
    where: Where
    lock: str


@record
class ReleaseLock:
    where: Where
    lock: str


@record
class Fence:
    where: Where
    kind: FenceKind


@record
class If:
    where: Where
    condition: Expression
    then: tuple["Step", ...]
    otherwise: tuple["Step", ...]


@record
class While:
    """At most `bound` rounds; a lane whose condition still holds then goes no further."""

    where: Where
    bound: int
    condition: Expression
    body: tuple["Step", ...]


@record
class Retry:
    """At least one round; a lane whose condition fails after round `bound` goes no further."""

    where: Where
    bound: int
    body: tuple["Step", ...]
    condition: Expression


@record
class Branch:
    """`either`: one of the branches, freely chosen."""

    where: Where
    branches: tuple[tuple["Step", ...], ...]


@record
class Return:
    where: Where


@record
class Assert:
    """The property `name` is violated where the condition is 0; the lane goes on."""

    where: Where
    name: str
    condition: Expression


@record
class Assume:
    where: Where
    condition: Expression


@record
class Atomic:
    where: Where
    body: tuple["Step", ...]


Step = (
    SetLocal
    | Store
    | Evaluate
    | Enter
    | Leave
    | Synchronize
    | TakeLock
    | ReleaseLock
    | Fence
    | If
    | While
    | Retry
    | Branch
    | Return
    | Assert
    | Assume
    | Atomic
)


# ---------------------------------------------------------------- lanes


@record
class Block:
    """`locals` in the order of their first assignment, cookies included."""

    kind: BlockKind
    name: str
    steps: tuple[Step, ...]
    locals: tuple[str, ...]
    span: Span = field(compare=False, default=Span(1, 1, 1, 1))


@record
class LaneKind:
    """Lanes that run the same blocks.

    `bound` is the name that `bounds` uses (`updates`, `faults`, or the kind's own), `name`
    what a lane is called: lane 0 of kind `fault` is `fault0`.
    """

    name: str
    bound: str
    blocks: tuple[str, ...]
    updates: bool


@record
class Lane:
    """One lane: it runs `rounds` blocks of its kind one after another.

    `first` and `stride` number its update instances: round r is instance first + r * stride.
    """

    name: str
    kind: LaneKind
    index: int
    rounds: int
    first: int = 0
    stride: int = 1


# ---------------------------------------------------------------- properties


@record
class Never:
    """Violated at a snapshot at which `condition` (if any) and then `bad` are defined, not 0.

    `lanes` names the lane kind whose caches the property reads: it is then judged for each
    lane of the kind with that lane's entries. `condition` includes that the entries of which
    the property reads a field are filled.
    """

    name: str
    bad: Expression
    condition: Expression | None
    when: When
    lanes: str | None
    span: Span = field(compare=False, default=Span(1, 1, 1, 1))


@record
class Asserted:
    """An `assert` step; `step` is its `Where.number`."""

    name: str
    step: int
    span: Span = field(compare=False, default=Span(1, 1, 1, 1))


@record
class Reach:
    """A goal that some snapshot (ALWAYS: any instant, FINALLY: a complete end) must meet."""

    name: str
    goal: Expression
    when: When
    lanes: str | None
    span: Span = field(compare=False, default=Span(1, 1, 1, 1))


@record
class ReachStep:
    """Some execution begins the step with `Where.number` == `step`."""

    name: str
    step: int
    span: Span = field(compare=False, default=Span(1, 1, 1, 1))


@record
class BuiltIn:
    """One of BUILT_INS, where the protocol has what it speaks of."""

    name: str
    span: Span = field(compare=False, default=Span(1, 1, 1, 1))


Property = Never | Asserted | Reach | ReachStep | BuiltIn


@record
class Expectation:
    """`verdict` in lower case; `model` None means sc and every model that the file names."""

    name: str
    verdict: str
    model: str | None
    span: Span = field(compare=False, default=Span(1, 1, 1, 1))


@record
class Bounds:
    """`updates` instances in all, lanes per other kind by its `bound` name, rounds of each."""

    updates: int
    lanes: tuple[tuple[str, int], ...]
    rounds: int = 1

    def count(self, bound: str) -> int:
        """The number of lanes (of updates for `updates`) of a kind, by its bound name."""
        return self.updates if bound == "updates" else dict(self.lanes)[bound]


@record
class Checked:
    """A checked protocol. `updaters` is None where the updates run as under a mutex."""

    name: str
    title: str | None
    text: Text = field(compare=False)
    structs: tuple[Struct, ...]
    variables: tuple[Variable, ...]
    objects: tuple[InitialObject, ...]
    locks: tuple[Lock, ...]
    domains: tuple[str, ...]
    blocks: tuple[Block, ...]
    kinds: tuple[LaneKind, ...]
    updaters: int | None
    properties: tuple[Property, ...]
    bounds: Bounds
    expectations: tuple[Expectation, ...]

    def struct(self, name: str) -> Struct:
        """The struct of that name; KeyError if there is none."""
        return {s.name: s for s in self.structs}[name]

    def variable(self, name: str) -> Variable:
        """The shared variable of that name; KeyError if there is none."""
        return {v.name: v for v in self.variables}[name]

    def block(self, name: str) -> Block:
        """The block of that name; KeyError if there is none."""
        return {b.name: b for b in self.blocks}[name]

    def kind(self, name: str) -> LaneKind:
        """The lane kind of that name; KeyError if there is none."""
        return {k.name: k for k in self.kinds}[name]


def lanes(protocol: Checked, bounds: Bounds) -> tuple[Lane, ...]:
    """All lanes at these bounds, in the order of the kinds, which is the order of columns.

    Updates are dealt out to the updater lanes in turn: instance i runs in lane i mod N.
    """
    found: list[Lane] = []
    for kind in protocol.kinds:
        if kind.updates:
            width = min(protocol.updaters or 1, bounds.updates)
            for index in range(width):
                rounds = len(range(index, bounds.updates, width))
                name = f"{kind.name}{index}"
                found.append(Lane(name, kind, index, rounds, first=index, stride=width))
        else:
            for index in range(bounds.count(kind.bound)):
                found.append(Lane(f"{kind.name}{index}", kind, index, bounds.rounds))
    return tuple(found)
