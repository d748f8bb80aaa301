"""What a protocol text says, node by node, before any name is looked up.

Equality ignores places, so that `parse(format(p)) == p` can hold. Nodes carry no types and
no resolution: those are in `smtmodel.language.checked`.
"""

from enum import Enum

from smtmodel.source import Span
from smtmodel.source.record import field, record


def _span() -> Span:
    """A place that equality ignores; nodes made by hand stand at the start of the text."""
    place: Span = field(compare=False, default=Span(1, 1, 1, 1))
    return place


# ---------------------------------------------------------------- expressions


@record
class Number:
    """A literal; the parser folds a leading minus into it."""

    value: int
    span: Span = _span()


@record
class Null:
    span: Span = _span()


@record
class Name:
    """A local, a shared variable, a lock, a domain or an object: not yet known which."""

    name: str
    span: Span = _span()


@record
class Field:
    """`base.name` or `base->name`."""

    base: "Expression"
    name: str
    name_span: Span = _span()
    span: Span = _span()


@record
class Index:
    """`base[index]`."""

    base: "Expression"
    index: "Expression"
    span: Span = _span()


@record
class Call:
    """A kernel primitive, `filled(e)` or `settled(e)`; which one the name says.

    `pointed`: the places of the arguments that are written `&x`, which means x.
    """

    name: str
    arguments: tuple["Expression", ...]
    name_span: Span = _span()
    span: Span = _span()
    pointed: tuple[int, ...] = field(compare=False, default=())


@record
class Unary:
    """`!operand` or `-operand`."""

    operator: str
    operand: "Expression"
    span: Span = _span()


@record
class Binary:
    """`left operator right` with the operators of C."""

    operator: str
    left: "Expression"
    right: "Expression"
    span: Span = _span()


@record
class Fresh:
    """A token never used before; only as the whole right side of an assignment."""

    span: Span = _span()


@record
class Choose:
    """Any value from low to high, both included; only as a whole right side."""

    low: Number | Name
    high: Number | Name
    span: Span = _span()


@record
class Copy:
    """A new object with the fields of the one pointed to; only as a whole right side."""

    pointer: "Expression"
    span: Span = _span()


@record
class Alloc:
    """A new object of a struct, its fields not yet written; only as a whole right side."""

    struct: str
    struct_span: Span = _span()
    span: Span = _span()


@record
class Record:
    """`{ field: value, … }`: a whole entry; only as a whole right side or argument."""

    values: tuple[tuple[str, "Expression"], ...]
    span: Span = _span()


Expression = (
    Number
    | Null
    | Name
    | Field
    | Index
    | Call
    | Unary
    | Binary
    | Fresh
    | Choose
    | Copy
    | Alloc
    | Record
)


# ---------------------------------------------------------------- steps


@record
class Assign:
    """`target = value`; operator is one of `=`, `+=`, `-=`, `++`, `--` (the last two add 1)."""

    target: Expression
    operator: str
    value: Expression
    label: str | None = None
    span: Span = _span()


@record
class Do:
    """A call that stands alone, such as `smp_mb()` or `spin_lock(l)`."""

    call: Call
    label: str | None = None
    span: Span = _span()


@record
class If:
    """`if (condition) then else otherwise`."""

    condition: Expression
    then: tuple["Step", ...]
    otherwise: tuple["Step", ...]
    label: str | None = None
    span: Span = _span()


@record
class While:
    """`while BOUND (condition) { body }`: at most BOUND rounds."""

    bound: int
    condition: Expression
    body: tuple["Step", ...]
    label: str | None = None
    span: Span = _span()


@record
class Retry:
    """`retry BOUND { body } until (condition)`: at least one round, at most BOUND."""

    bound: int
    body: tuple["Step", ...]
    condition: Expression
    label: str | None = None
    span: Span = _span()


@record
class Either:
    """`either { } or { }`: one branch, freely chosen."""

    branches: tuple[tuple["Step", ...], ...]
    label: str | None = None
    span: Span = _span()


@record
class Return:
    label: str | None = None
    span: Span = _span()


@record
class Assert:
    condition: Expression
    label: str | None = None
    span: Span = _span()


@record
class Assume:
    condition: Expression
    label: str | None = None
    span: Span = _span()


@record
class Wait:
    """`wait until (condition)`."""

    condition: Expression
    label: str | None = None
    span: Span = _span()


@record
class Atomic:
    """`atomic { }`: no other lane's event between its events."""

    body: tuple["Step", ...]
    label: str | None = None
    span: Span = _span()


@record
class Overwrite:
    """`copy source into target`: the fields of one object, one by one."""

    source: "Expression"
    target: "Expression"
    label: str | None = None
    span: Span = _span()


Step = (
    Assign | Do | Overwrite | If | While | Retry | Either | Return | Assert | Assume | Wait | Atomic
)


# ---------------------------------------------------------------- declarations


@record
class FieldDeclaration:
    """A field; `target` names the struct that a pointer points to, `width` counts bits."""

    name: str
    target: str | None = None
    width: int | None = None
    ghost: bool = False
    span: Span = _span()


@record
class Struct:
    name: str
    fields: tuple[FieldDeclaration, ...]
    span: Span = _span()


@record
class Constant:
    """`const NAME = VALUE`: a name for a literal."""

    name: str
    value: int
    span: Span = _span()


class Form(Enum):
    """How a variable was declared."""

    SHARED = "shared"
    RCU = "rcu"
    WORD = "word"
    GHOST = "ghost"


Initial = Number | Null | Name | Record


@record
class Variable:
    """A shared variable.

    `target`: the struct a pointer points to. `width`: the bits of a number. `length`: an
    array's. `fields`: of a struct variable (`shared`, a location each) or of a word (one
    location). At most one of `fields`, `target` and `width` is given.
    """

    form: Form
    name: str
    initial: Initial
    target: str | None = None
    length: Number | Name | None = None
    width: int | None = None
    fields: tuple[FieldDeclaration, ...] = ()
    span: Span = _span()


@record
class Object:
    """`object NAME: STRUCT = { … }`: exists at the start."""

    name: str
    struct: str
    initial: Record
    span: Span = _span()


@record
class Cache:
    """One entry per lane of a kind, empty at first; `owner` names the kind (faults if None).

    `shared`: one entry for all lanes.
    """

    name: str
    fields: tuple[FieldDeclaration, ...]
    owner: str | None = None
    shared: bool = False
    span: Span = _span()


class GuardKind(Enum):
    """What protects a section of steps, and where lanes sleep."""

    MUTEX = "mutex"
    SPINLOCK = "spinlock"
    RWLOCK = "rwlock"
    SRCU = "srcu"
    WAITQUEUE = "waitqueue"

    @property
    def words(self) -> str:
        """What a message calls one."""
        match self:
            case GuardKind.RWLOCK:
                return "a reader/writer lock"
            case GuardKind.SRCU:
                return "an SRCU domain"
            case GuardKind.WAITQUEUE:
                return "a wait queue"
            case _:
                return f"a {self.value}"


@record
class GuardDeclaration:
    """`mutex m`, `spinlock l`, `rwlock r`, `srcu d` or `waitqueue q`."""

    kind: GuardKind
    name: str
    span: Span = _span()


class BlockKind(Enum):
    UPDATE = "update"
    FAULT = "fault"
    THREAD = "thread"


@record
class Block:
    """`on` names the lanes that each round interrupts, or one of their blocks."""

    kind: BlockKind
    name: str
    steps: tuple[Step, ...]
    on: Name | None = None
    span: Span = _span()


@record
class Lanes:
    """`lanes KIND: BLOCK, …`: in each round such a lane runs one of the blocks."""

    name: str
    blocks: tuple[Name, ...]
    span: Span = _span()


@record
class Updaters:
    """`updaters N`: the updates run in N lanes and take their own locks."""

    count: int
    span: Span = _span()


class When(Enum):
    """At which instants a property is judged."""

    ALWAYS = "always"
    SETTLED = "settled"
    FINALLY = "finally"


@record
class Never:
    """`never NAME: bad when condition WHEN`."""

    name: str
    bad: Expression
    condition: Expression | None
    when: When
    span: Span = _span()


@record
class At:
    """`at BLOCK.LABEL`."""

    block: str
    label: str
    span: Span = _span()


@record
class Reach:
    """`reach NAME: goal`; `when` is ALWAYS (any instant) or FINALLY."""

    name: str
    goal: Expression | At
    when: When
    span: Span = _span()


@record
class Bound:
    name: str
    count: int
    span: Span = _span()


@record
class Bounds:
    bounds: tuple[Bound, ...]
    span: Span = _span()


@record
class Expect:
    """`expect NAME VERDICT under MODEL`; the verdict is kept in lower case."""

    name: str
    verdict: str
    model: str | None = None
    span: Span = _span()


Item = (
    Struct
    | Constant
    | Variable
    | Object
    | Cache
    | GuardDeclaration
    | Block
    | Lanes
    | Updaters
    | Never
    | Reach
    | Bounds
    | Expect
)


@record
class Parameter:
    """A parameter of a definition; `location`: `&s`, a place of shared state.

    The value of one that is `late` is evaluated just before the first step that uses it, as by
    a macro, and not before the call.
    """

    name: str
    location: bool = False
    late: bool = False


@record
class Definition:
    """A name of the prelude: its steps, and the value that a call of it has, if any."""

    name: str
    parameters: tuple[Parameter, ...]
    steps: tuple[Step, ...]
    value: Expression | None
    span: Span = _span()


@record
class Protocol:
    """A whole file: its name, its title and its items in the order of the file."""

    name: str
    title: str | None
    items: tuple[Item, ...]
    span: Span = _span()
