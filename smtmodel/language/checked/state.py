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
DATA_RACE = "data_race"  # judged under the kernel's memory model alone
BUILT_INS = (
    DEADLOCK,
    NULL_DEREFERENCE,
    OUT_OF_BOUNDS,
    NEGATIVE_OPERAND,
    OVERFLOW,
    UNWRITTEN_READ,
    USE_AFTER_FREE,
    LOCK_MISUSE,
    DATA_RACE,
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
    CACHE = "cache"  # like a word that may be empty, one per lane of the owner
    SHARED_CACHE = "shared cache"  # like a word that may be empty


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
    of the variable or of every element. `length` is given for ARRAY, and for a WORD or SHARED_CACHE
    that is an array (else 0); an array of structs is an ARRAY `v.f` for each field. `initial` has
    one value per field (STRUCT), per element (ARRAY), one (SCALAR); of a WORD or cache one per
    field, element by element, or none where the cache is empty at first.
    `owner` is the lane kind of a CACHE. `ghost`: all its accesses have the mark GHOST. `lanes`: the
    kind with as many lanes as the array has elements; until `furnished` has the bounds `length` is
    then 0 and `initial` that of one element.
    """

    name: str
    shape: Shape
    types: tuple[Type, ...]
    fields: tuple[str, ...] = ()
    length: int = 0
    initial: tuple[Value, ...] = ()
    owner: str | None = None
    ghost: bool = False
    lanes: str | None = None
    span: Span = field(compare=False, default=Span(1, 1, 1, 1))

    @property
    def is_array(self) -> bool:
        """Whether it has elements, however many."""
        return self.length > 0 or self.lanes is not None

    @property
    def entries(self) -> tuple[tuple[Value, ...], ...]:
        """What each location of a WORD or cache holds at first; () where it is empty."""
        width, count = len(self.fields), self.length or 1
        return tuple(self.initial[width * n : width * (n + 1)] for n in range(count))


def element(variable: str, index: str) -> str:
    """What an element of an array is called; of a field `v.f` of an array of structs, `v[i].f`."""
    name, dot, part = variable.partition(".")
    return f"{name}[{index}]{dot}{part}"


@record
class InitialObject:
    """An object that exists at the start; `values` in the order of the struct's fields."""

    name: str
    struct: str
    values: tuple[Value, ...]


@record
class Lock:
    """A lock, an array of locks, or the lock that is a field of each object of a struct.

    `length` and `lanes` are those of an array, as of a Variable. The name of a field is `struct.f`.
    """

    name: str
    kind: GuardKind
    length: int = 0
    lanes: str | None = None
    struct: str = ""

    @property
    def is_several(self) -> bool:
        """Whether there are several locks under its name."""
        return bool(self.length or self.lanes or self.struct)
