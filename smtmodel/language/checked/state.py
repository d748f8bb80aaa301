"""What a protocol has before anything happens: names, variables, objects, locks."""

from enum import Enum

from smtmodel.language.ast import GuardKind
from smtmodel.language.types import Type
from smtmodel.source import Span
from smtmodel.source.record import field, record

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


@record
class ObjectReference:
    """The initial value of a pointer: the object with this index in `objects`."""

    index: int


Value = int | None | ObjectReference
"""An initial value; None is the null pointer."""


@record
class Struct:
    """`types` are those of the fields; `ghosts` the fields that are ghosts: numbers, 0 in a
    new object. `typesafe`: the memory of an object that is freed is kept for a grace period."""

    name: str
    fields: tuple[str, ...]
    types: tuple[Type, ...]
    ghosts: tuple[str, ...] = ()
    typesafe: bool = False


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
