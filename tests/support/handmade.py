"""Checked protocols put together by hand, for tests that must not depend on the parser.

A `Maker` numbers the steps, collects the declarations and gives the protocol; the functions
beside it are short names for the expressions of `checked/`.
"""

from dataclasses import dataclass, field

from smtmodel.language.ast import BlockKind, GuardKind, When
from smtmodel.language.checked import (
    BUILT_INS,
    Assert,
    Asserted,
    Assume,
    Atomic,
    Block,
    Bounds,
    Branch,
    BuiltIn,
    Cell,
    Checked,
    Constant,
    Enter,
    EntryValue,
    Evaluate,
    Expression,
    Fence,
    FenceKind,
    Free,
    If,
    InitialObject,
    LaneKind,
    Leave,
    Load,
    Local,
    Lock,
    Mark,
    Never,
    ObjectReference,
    Operation,
    Place,
    Property,
    Reach,
    ReachStep,
    ReadModifyWrite,
    ReleaseLock,
    Retry,
    Return,
    Rmw,
    SetLocal,
    Shape,
    Step,
    Store,
    Struct,
    Synchronize,
    TakeLock,
    Through,
    Value,
    Variable,
    Where,
    While,
    Yields,
    Zap,
)
from smtmodel.language.types import Cookie, Entry, Plain, Pointer, Type
from smtmodel.language.walk import steps_in
from smtmodel.source import Span, Text


def numbers(fields: tuple[str, ...]) -> tuple[Type, ...]:
    """The types of fields that are numbers."""
    return (Plain.NUMBER,) * len(fields)


def number(value: int) -> Constant:
    """A constant."""
    return Constant(value)


def cell(name: str) -> Load:
    """A plain read of a variable."""
    return Load(Cell(name), Mark.PLAIN)


def local(name: str) -> Local:
    """A local."""
    return Local(name)


def op(operator: str, *operands: Expression) -> Operation:
    """An operator over its operands."""
    return Operation(operator, operands)


def ghost(name: str) -> Load:
    """A read of a ghost variable."""
    return Load(Cell(name), Mark.GHOST)


def through(pointer: Expression, field_: str, struct: str = "s") -> Load:
    """A plain read of a field behind a pointer."""
    return Load(Through(pointer, struct, field_), Mark.PLAIN)


@dataclass
class Maker:
    """Collects a protocol; every step gets the next number and its label as its text."""

    steps: int = 0
    block: str = ""
    structs: list[Struct] = field(default_factory=list)
    variables: list[Variable] = field(default_factory=list)
    objects: list[InitialObject] = field(default_factory=list)
    locks: list[Lock] = field(default_factory=list)
    domains: list[str] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    kinds: list[LaneKind] = field(default_factory=list)
    properties: list[Property] = field(default_factory=list)
    updaters: int | None = None

    def where(self, label: str | None) -> Where:
        self.steps += 1
        line = self.steps
        return Where(line - 1, self.block, label, f"step {line}", Span(line, 1, line, 2))

    def struct(self, name: str, *fields: str, ghosts: tuple[str, ...] = ()) -> None:
        every = (*fields, *ghosts)
        self.structs.append(Struct(name, every, numbers(every), ghosts))

    def shared(self, name: str, initial: Value = 0, struct: str = "s") -> None:
        """A number; a pointer to the struct where it starts as one."""
        type_ = Plain.NUMBER if isinstance(initial, int) else Pointer(struct)
        self.variables.append(Variable(name, Shape.SCALAR, (type_,), initial=(initial,)))

    def pointer(self, name: str, struct: str, *values: Value) -> None:
        """A shared pointer to an object of its own."""
        self.objects.append(InitialObject(name, struct, values))
        self.shared(name, ObjectReference(len(self.objects) - 1), struct)

    def cache(self, name: str, owner: str, *fields: str) -> None:
        types = numbers(fields)
        self.variables.append(Variable(name, Shape.CACHE, types, fields=fields, owner=owner))

    def word(self, name: str, *fields: str, initial: tuple[Value, ...] = ()) -> None:
        types, values = numbers(fields), initial or (0,) * len(fields)
        self.variables.append(Variable(name, Shape.WORD, types, fields=fields, initial=values))

    def shared_cache(self, name: str, *fields: str) -> None:
        self.variables.append(Variable(name, Shape.SHARED_CACHE, numbers(fields), fields=fields))

    def ghost(self, name: str, initial: Value = 0) -> None:
        types = (Plain.NUMBER,)
        self.variables.append(Variable(name, Shape.SCALAR, types, initial=(initial,), ghost=True))

    def lock(self, name: str, kind: GuardKind = GuardKind.MUTEX) -> None:
        self.locks.append(Lock(name, kind))

    def let(self, name: str, value: Expression, label: str | None = None) -> Step:
        return SetLocal(self.where(label), name, value)

    def store(self, place: Place | str, value: Expression, label: str | None = None) -> Step:
        target = Cell(place) if isinstance(place, str) else place
        return Store(self.where(label), target, Mark.PLAIN, value)

    def do(self, expression: Expression) -> Step:
        return Evaluate(self.where(None), expression)

    def mb(self) -> Step:
        return Fence(self.where(None), FenceKind.FULL)

    def note(self, place: Place | str, value: Expression) -> Step:
        """An assignment to a ghost."""
        target = Cell(place) if isinstance(place, str) else place
        return Store(self.where(None), target, Mark.GHOST, value)

    def zap(self, cache: str) -> Step:
        return Zap(self.where(None), cache)

    def free(
        self,
        pointer: Expression,
        domain: str | None = None,
        struct: str = "s",
        *,
        null_safe: bool = True,
    ) -> Step:
        """Now, or after a grace period of the domain."""
        return Free(self.where(None), pointer, struct, domain, null_safe)

    def take(self, lock: str, *, shared: bool = False) -> Step:
        return TakeLock(self.where(None), lock, shared)

    def drop(self, lock: str, *, shared: bool = False) -> Step:
        return ReleaseLock(self.where(None), lock, shared)

    def enter(self, domain: str, cookie: str | None = None) -> Step:
        return Enter(self.where(None), domain, cookie)

    def leave(self, domain: str, cookie: str | None = None) -> Step:
        return Leave(self.where(None), domain, cookie)

    def wait(self, domain: str) -> Step:
        return Synchronize(self.where(None), domain, expedited=False)

    def when(self, condition: Expression, *then: Step, otherwise: tuple[Step, ...] = ()) -> Step:
        return If(self.where(None), condition, then, otherwise)

    def repeat(self, bound: int, condition: Expression, *body: Step) -> Step:
        return While(self.where(None), bound, condition, body)

    def until(self, bound: int, condition: Expression, *body: Step) -> Step:
        return Retry(self.where(None), bound, body, condition)

    def either(self, *branches: tuple[Step, ...]) -> Step:
        return Branch(self.where(None), branches)

    def leave_block(self) -> Step:
        return Return(self.where(None))

    def check(self, name: str, condition: Expression) -> Step:
        where = self.where(None)
        self.properties.append(Asserted(name, (where.number,)))
        return Assert(where, name, condition)

    def assume(self, condition: Expression) -> Step:
        return Assume(self.where(None), condition)

    def atomic(self, *body: Step) -> Step:
        return Atomic(self.where(None), body)

    def lane(
        self,
        name: str,
        *steps: Step,
        kind: BlockKind = BlockKind.THREAD,
        interrupts: str | None = None,
    ) -> None:
        """A block, and a kind of lanes of its own that runs it."""
        self.add_block(name, *steps, kind=kind)
        updates = kind is BlockKind.UPDATE
        called = {BlockKind.UPDATE: "update", BlockKind.FAULT: "fault"}.get(kind, name)
        bound = called + "s" if kind is not BlockKind.THREAD else name
        self.kinds.append(LaneKind(called, bound, (name,), updates, interrupts))

    def add_block(self, name: str, *steps: Step, kind: BlockKind = BlockKind.THREAD) -> None:
        types: dict[str, Type] = {}
        for step in steps_in(steps):
            match step:
                case SetLocal(name=local, value=value):
                    types.setdefault(local, self.type_of(value, types))
                case Enter(domain=domain, cookie=str(local)):
                    types.setdefault(local, Cookie(domain))
        self.blocks.append(Block(kind, name, steps, tuple(types.items())))

    def type_of(self, value: Expression, types: dict[str, Type]) -> Type:
        """Entries as such; what else a local holds matters to nobody."""
        match value:
            case EntryValue(fields=fields):
                return Entry(fields, numbers(fields))
            case ReadModifyWrite(yields=Yields.SUCCESS):
                return Plain.NUMBER
            case Load(place=Cell(name)) | ReadModifyWrite(place=Cell(name)):
                held = next(one for one in self.variables if one.name == name)
                return Entry(held.fields, held.types) if held.fields else held.types[0]
            case Local(name):
                return types[name]
            case _:
                return Plain.UNKNOWN

    def never(
        self,
        name: str,
        bad: Expression,
        condition: Expression | None = None,
        when: When = When.ALWAYS,
        lanes: str | None = None,
    ) -> None:
        self.properties.append(Never(name, bad, condition, when, lanes))

    def reach(
        self, name: str, goal: Expression, when: When = When.ALWAYS, lanes: str | None = None
    ) -> None:
        self.properties.append(Reach(name, goal, when, lanes))

    def reach_step(self, name: str, step: Step) -> None:
        self.properties.append(ReachStep(name, (step.where.number,)))

    def checked(self) -> Checked:
        return Checked(
            name="handmade",
            title=None,
            text=Text("handmade", ""),
            structs=tuple(self.structs),
            variables=tuple(self.variables),
            objects=tuple(self.objects),
            locks=tuple(self.locks),
            domains=tuple(self.domains),
            blocks=tuple(self.blocks),
            kinds=tuple(self.kinds),
            updaters=self.updaters,
            properties=(*self.properties, *(BuiltIn(name) for name in BUILT_INS)),
            bounds=self.bounds(),
            expectations=(),
        )

    def bounds(self, updates: int = 1, rounds: int = 1, **counts: int) -> Bounds:
        """One lane of each kind unless the counts say otherwise."""
        others = [kind.bound for kind in self.kinds if not kind.updates]
        return Bounds(updates, tuple((name, counts.get(name, 1)) for name in others), rounds)


def exchange(
    place: str, *operands: Expression, kind: Rmw = Rmw.EXCHANGE, yields: Yields = Yields.BEFORE
) -> ReadModifyWrite:
    """A read-modify-write of a variable with full ordering."""
    return ReadModifyWrite(kind, Cell(place), operands, yields, Mark.FULL)
