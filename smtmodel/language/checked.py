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
from smtmodel.language.types import Entry, Type
from smtmodel.source import Span, Text
from smtmodel.source.record import field, parts, record

RCU = "rcu"
"""The name of the one RCU domain; SRCU domains are named by the protocol."""

NEW = "new"
"""What the choice of `alloc` and `copy` calls a new object: none of the file has that name."""

TOKEN_BASE = 1 << 62
"""The n-th `fresh` of a run, counted from 1, yields TOKEN_BASE + n; other numbers are smaller."""

GROWING = ("+", "-", "*", "<<")
"""The operators whose result may be too large: one that is not between -TOKEN_BASE and
TOKEN_BASE, both excluded, is an error of the run."""

# Built-in properties. Each has a result line where the protocol has what it speaks of.
DEADLOCK = "deadlock"
NULL_DEREFERENCE = "null_dereference"
OUT_OF_BOUNDS = "out_of_bounds"
NEGATIVE_OPERAND = "negative_operand"
OVERFLOW = "overflow"
UNWRITTEN_READ = "unwritten_read"
USE_AFTER_FREE = "use_after_free"
LOCK_MISUSE = "lock_misuse"
BUILT_INS = (
    DEADLOCK,
    NULL_DEREFERENCE,
    OUT_OF_BOUNDS,
    NEGATIVE_OPERAND,
    OVERFLOW,
    UNWRITTEN_READ,
    USE_AFTER_FREE,
    LOCK_MISUSE,
)
"""Also the names that no protocol may give to a property of its own."""


class Mark(Enum):
    """How an access is written; the kernel's memory model tells these apart, SC does not."""

    PLAIN = "plain"
    ONCE = "once"
    ACQUIRE = "acquire"
    RELEASE = "release"
    RELAXED = "relaxed"
    FULL = "full"
    DEREFERENCE = "rcu_dereference"
    GHOST = "ghost"  # no event of the machine: part of the lane's event before it


class FenceKind(Enum):
    FULL = "smp_mb"
    WRITE = "smp_wmb"
    READ = "smp_rmb"
    BEFORE_ATOMIC = "smp_mb__before_atomic"
    AFTER_ATOMIC = "smp_mb__after_atomic"


class Shape(Enum):
    """How many locations a variable has."""

    SCALAR = "scalar"  # one, holding a number or a pointer
    STRUCT = "struct"  # one per field
    ARRAY = "array"  # one per element
    WORD = "word"  # one, holding all fields together
    CACHE = "cache"  # like a word, one per lane of the owner, empty at first
    SHARED_CACHE = "shared cache"  # like a word, empty at first


# ---------------------------------------------------------------- state


@record
class ObjectReference:
    """The initial value of a pointer: the object with this index in `objects`."""

    index: int


Value = int | None | ObjectReference
"""An initial value; None is the null pointer."""


@record
class Struct:
    """`types` are those of the fields; `ghosts` the fields that are ghosts: numbers, 0 in a
    new object."""

    name: str
    fields: tuple[str, ...]
    types: tuple[Type, ...]
    ghosts: tuple[str, ...] = ()


@record
class Variable:
    """A shared variable.

    `fields` is given for STRUCT, WORD and the caches; `types` has the type of each, else the one
    of the variable or of every element. `length` is given for ARRAY (else 0). `initial` has one
    value per field (STRUCT, WORD), per element (ARRAY), one (SCALAR) or none (caches).
    `owner` is the lane kind of a CACHE. `ghost`: all its accesses have the mark GHOST.
    """

    name: str
    shape: Shape
    types: tuple[Type, ...]
    fields: tuple[str, ...] = ()
    length: int = 0
    initial: tuple[Value, ...] = ()
    owner: str | None = None
    ghost: bool = False
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
    """The only location of a SCALAR, WORD or SHARED_CACHE, or the own lane's of a CACHE."""

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

    Binary `+ - * / % & | << >>` and `== != < <= > >=` (1 or 0), unary `!` (1 if the operand is
    0 or null, else 0) and `negate`. The right operand of `/` and `%` is a positive Constant,
    that of `&`, `|`, `<<` and `>>` one that is not negative; for these six a negative left
    operand is an error of the run, and so is a result of one of GROWING that is too large.
    `wrap` is the left operand modulo the positive Constant on its right, never negative and never
    an error: what is stored in a field of stated width.
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
    """`EXCHANGE` stores its operand, `ADD` adds it, `COMPARE_EXCHANGE` has (old, new).

    `ADD_NOT_ZERO` adds its operand unless the value is 0.
    """

    EXCHANGE = "xchg"
    COMPARE_EXCHANGE = "cmpxchg"
    ADD = "add"
    ADD_NOT_ZERO = "add unless 0"


class Yields(Enum):
    """What a read-modify-write is as a value."""

    BEFORE = "the value before it"
    AFTER = "the value after it"
    SUCCESS = "1 if it wrote, else 0"


@record
class ReadModifyWrite:
    """One read and write at one instant; one that fails is only a read.

    A COMPARE_EXCHANGE fails where the value is not `old`, an ADD_NOT_ZERO where it is 0.
    Operands are evaluated from left to right and then the place's address, which comes before
    them if `place_first`: in the order of the call's arguments. At a WORD or a cache the operands
    are whole entries, compared whole: all their fields are equal, or both are empty. `width`
    of bits, if not None: what is stored is taken modulo 2 to the `width` (ADD, ADD_NOT_ZERO).
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

    `shared`: a reader's side of a reader/writer lock. Stands only as the whole condition of
    an `If`, negated at most once (`Operation("!")`).
    """

    lock: str
    shared: bool = False
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
    may be had again in the place of a new one (`freed_structs`).
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
    """A write: the value is evaluated first, then the place's address, then it is written.

    With an `operator`, + or -, the place is read when its address is known, and what is written
    is what it held, the operator and the value; modulo 2 to the `width`, if not None.
    `place_first`: it is written as a call, whose arguments go from left to right.
    """

    where: Where
    place: Place
    mark: Mark
    value: Expression
    operator: str = ""
    width: int | None = None
    place_first: bool = False


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
    """`shared`: a reader's side of a reader/writer lock."""

    where: Where
    lock: str
    shared: bool = False


@record
class ReleaseLock:
    where: Where
    lock: str
    shared: bool = False


@record
class Wake:
    """Wakes all lanes that sleep at the queue."""

    where: Where
    queue: str


@record
class Fence:
    where: Where
    kind: FenceKind


@record
class Zap:
    """Empties a cache: one write per lane of its owner in their order, one if it is shared."""

    where: Where
    variable: str


@record
class Free:
    """Frees an object now, or after a grace period of `domain` that begins at this step.

    The deferred form orders nothing and waits for nothing. Of null it is no event where the
    call is `null_safe`, else an error of the run.
    """

    where: Where
    pointer: Expression
    struct: str
    domain: str | None = None
    null_safe: bool = True


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
    | Wake
    | Fence
    | Zap
    | Free
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
    """`locals` with their types, in the order of their first assignment, cookies included."""

    kind: BlockKind
    name: str
    steps: tuple[Step, ...]
    locals: tuple[tuple[str, Type], ...]
    span: Span = field(compare=False, default=Span(1, 1, 1, 1))

    def fields(self, local: str) -> tuple[str, ...]:
        """The fields of the whole entry that a local holds; none if it holds something else."""
        held = dict(self.locals)[local]
        return held.fields if isinstance(held, Entry) else ()


@record
class LaneKind:
    """Lanes that run the same blocks.

    `bound` is the name that `bounds` uses (`updates`, `faults`, or the kind's own), `name`
    what a lane is called: lane 0 of kind `fault` is `fault0`. `interrupts` names the kind
    whose lanes these lanes interrupt.
    """

    name: str
    bound: str
    blocks: tuple[str, ...]
    updates: bool
    interrupts: str | None = None


@record
class Lane:
    """One lane: it runs `rounds` blocks of its kind one after another.

    `first` and `stride` number its update instances: round r is instance first + r * stride.
    `interrupts` is the name of the lane in whose midst each of its rounds runs.
    """

    name: str
    kind: LaneKind
    index: int
    rounds: int
    first: int = 0
    stride: int = 1
    interrupts: str | None = None


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

    def fields(self, entry: Expression, block: str) -> tuple[str, ...]:
        """The fields of the entry of a Part or Filled that stands in a block or in no block."""
        match entry:
            case Local(name=name):
                return self.block(block).fields(name)
            case LaneLocal(block=own, name=name):
                return self.block(own).fields(name)
            case Load(Cell(name)) | ReadModifyWrite(place=Cell(name)) | Await(Load(Cell(name))):
                return self.variable(name).fields
            case _:
                raise AssertionError(entry)


def lanes(protocol: Checked, bounds: Bounds) -> tuple[Lane, ...]:
    """All lanes at these bounds, in the order of the kinds, which is the order of columns.

    Updates are dealt out to the updater lanes in turn: instance i runs in lane i mod N. In the
    same way lane i of a kind that interrupts another interrupts its lane i mod N.
    """
    widths = {
        kind.name: min(protocol.updaters or 1, bounds.updates)
        if kind.updates
        else bounds.count(kind.bound)
        for kind in protocol.kinds
    }
    found: list[Lane] = []
    for kind in protocol.kinds:
        width, target = widths[kind.name], kind.interrupts
        for index in range(width):
            name = f"{kind.name}{index}"
            if kind.updates:
                rounds = len(range(index, bounds.updates, width))
                found.append(Lane(name, kind, index, rounds, first=index, stride=width))
            else:
                into = f"{target}{index % widths[target]}" if target is not None else None
                found.append(Lane(name, kind, index, bounds.rounds, interrupts=into))
    return tuple(found)


def freed_structs(protocol: Checked) -> tuple[str, ...]:
    """The structs of which some step frees an object, sorted: theirs are handed out again."""
    steps = [part for part in parts(protocol.blocks) if isinstance(part, Free)]
    return tuple(sorted({step.struct for step in steps}))
