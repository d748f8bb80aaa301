"""What a file declares and claims, and the whole protocol."""

from enum import Enum

from smtmodel.language.ast.expressions import Expression, Name, Null, Number, Record, place
from smtmodel.language.ast.steps import Step, Yield
from smtmodel.source import Span
from smtmodel.source.record import record


class GuardKind(Enum):
    """What protects a section of steps, and where lanes sleep."""

    MUTEX = "mutex"
    SPINLOCK = "spinlock"
    RWLOCK = "rwlock"
    RWSEM = "rwsem"
    SRCU = "srcu"
    WAITQUEUE = "waitqueue"

    @property
    def sleeps(self) -> bool:
        """Whether a lane that takes it may sleep, and one that holds it too."""
        return self in (GuardKind.MUTEX, GuardKind.RWSEM)

    @property
    def sided(self) -> bool:
        """Whether one writer or any number of readers hold it."""
        return self in (GuardKind.RWLOCK, GuardKind.RWSEM)

    @property
    def words(self) -> str:
        """What a message calls one."""
        match self:
            case GuardKind.RWLOCK:
                return "a reader/writer lock"
            case GuardKind.RWSEM:
                return "a reader/writer semaphore"
            case GuardKind.SRCU:
                return "an SRCU domain"
            case GuardKind.WAITQUEUE:
                return "a wait queue"
            case _:
                return f"a {self.value}"


@record
class FieldDeclaration:
    """A field; `target` names the struct that a pointer points to, `width` counts bits.

    `lock`: it is a lock of that kind and holds nothing.
    """

    name: str
    target: str | None = None
    width: int | None = None
    ghost: bool = False
    lock: GuardKind | None = None
    span: Span = place()


@record
class Struct:
    """`typesafe`: of a slab cache with SLAB_TYPESAFE_BY_RCU."""

    name: str
    fields: tuple[FieldDeclaration, ...]
    typesafe: bool = False
    span: Span = place()


@record
class Constant:
    """`const NAME = VALUE`: a name for a literal."""

    name: str
    value: int
    span: Span = place()


class Form(Enum):
    """How a variable was declared."""

    SHARED = "shared"
    RCU = "rcu"
    WORD = "word"
    GHOST = "ghost"


Single = Number | Null | Name | Record


@record
class Listed:
    """`{ a, b }`: an initial value for each element of an array."""

    values: tuple[Single, ...]
    span: Span = place()


Initial = Single | Listed


@record
class Variable:
    """A shared variable.

    `target`: the struct a pointer points to. `width`: the bits of a number. `length`: an
    array's. `fields`: of a struct variable (`shared`, a location each) or of a word (one
    location), or of each of its elements. At most one of `fields`, `target` and `width` is given.
    """

    form: Form
    name: str
    initial: Initial
    target: str | None = None
    length: Number | Name | None = None
    width: int | None = None
    fields: tuple[FieldDeclaration, ...] = ()
    span: Span = place()


@record
class ObjectDeclaration:
    """`object NAME: STRUCT = { … }`: exists at the start."""

    name: str
    struct: str
    initial: Record
    span: Span = place()


@record
class Cache:
    """One entry per lane of a kind; `owner` names the kind (faults if None).

    `shared`: one entry for all lanes, or `length` of them. `initial`: what it holds at first, None
    if it is empty; a Record unless it is shared.
    """

    name: str
    fields: tuple[FieldDeclaration, ...]
    owner: str | None = None
    shared: bool = False
    initial: Initial | None = None
    length: Number | Name | None = None
    span: Span = place()


@record
class GuardDeclaration:
    """`mutex m`, `spinlock l`, `rwlock r`, `rwsem s`, `srcu d` or `waitqueue q`, or an array of
    locks."""

    kind: GuardKind
    name: str
    length: Number | Name | None = None
    span: Span = place()


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
    span: Span = place()


@record
class Lanes:
    """`lanes KIND: BLOCK, …`: in each round such a lane runs one of the blocks."""

    name: str
    blocks: tuple[Name, ...]
    span: Span = place()


@record
class Updaters:
    """`updaters N`: the updates run in N lanes and take their own locks."""

    count: int
    span: Span = place()


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
    span: Span = place()


@record
class AtLabel:
    """`at BLOCK.LABEL`."""

    block: str
    label: str
    span: Span = place()


@record
class Reach:
    """`reach NAME: goal`; `when` is ALWAYS (any instant) or FINALLY."""

    name: str
    goal: Expression | AtLabel
    when: When
    span: Span = place()


@record
class Bound:
    """`NAME COUNT`; `rounds` are those of the lanes of this kind, if it has its own."""

    name: str
    count: int
    rounds: int | None = None
    span: Span = place()


@record
class Bounds:
    bounds: tuple[Bound, ...]
    span: Span = place()


@record
class Expect:
    """`expect NAME VERDICT for any number under MODEL`; the verdict is kept in lower case."""

    name: str
    verdict: str
    model: str | None = None
    any_number: bool = False
    span: Span = place()


@record
class Parameter:
    """A parameter of a definition; `location`: `&s`, a place of shared state.

    The value of one that is `late` is evaluated just before the first step that uses it, as by
    a macro, and not before the call; only the prelude has such.
    """

    name: str
    location: bool = False
    late: bool = False
    span: Span = place()


@record
class Definition:
    """`define NAME(…) { … }`: a name for its steps. A call has a value if its ways end with
    `yield`."""

    name: str
    parameters: tuple[Parameter, ...]
    steps: tuple[Step, ...]
    span: Span = place()

    @property
    def value(self) -> Expression | None:
        """The value of a call whose last step yields it."""
        last = self.steps[-1] if self.steps else None
        return last.value if isinstance(last, Yield) else None


Item = (
    Struct
    | Constant
    | Variable
    | ObjectDeclaration
    | Cache
    | GuardDeclaration
    | Definition
    | Block
    | Lanes
    | Updaters
    | Never
    | Reach
    | Bounds
    | Expect
)


@record
class Protocol:
    """A whole file: its name, its title and its items in the order of the file."""

    name: str
    title: str | None
    items: tuple[Item, ...]
    span: Span = place()
