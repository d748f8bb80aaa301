"""Whether the lanes of a kind are independent, so that one of them stands for any number.

Takes a checked protocol and a lane kind; gives why its lanes are independent, or the steps that
couple them, in the order of the file. Says which properties that is good for. Conservative: a
lane may read, wait for grace periods and write its own caches, and nothing else.

The number of a lane couples it with the others of its kind: what one lane does or finds then
says nothing about another.

Projection: in an execution of n lanes delete the events of all but the one the property is about.
No read loses its write, since the deleted ones wrote only entries that nobody else reads or
empties (under tso their buffers too hold only such entries, and marks of sections left); tokens,
objects, locks and settled instants are others'; axioms, and what grace periods wait for, shrink.
Conversely one lane is n of which the rest stand at their start; a complete execution, which the
rest must end, lets them repeat each event and choice of the first right after it: they read the
same, and wait for the same sections. So violations, goals, conditions, steps, cuts and complete
executions exist for one lane exactly if for any number. So does a deadlock where such lanes
never wait: they have ended in it, and nobody waits for them; but two lanes with grace periods of
their own may wait for each other's sections.
"""

from collections.abc import Iterator
from typing import assert_never

from smtmodel.language.ast import When
from smtmodel.language.checked import (
    DEADLOCK,
    Allocate,
    Assert,
    Asserted,
    Assume,
    Atomic,
    Await,
    Block,
    Branch,
    BuiltIn,
    Cell,
    Checked,
    Copy,
    Each,
    Element,
    Enter,
    Evaluate,
    Expression,
    Fence,
    Free,
    Fresh,
    If,
    LaneKind,
    LaneNumber,
    Leave,
    Load,
    Lock,
    Mark,
    MaskInterrupts,
    Member,
    Never,
    Opening,
    Place,
    Property,
    Reach,
    ReachStep,
    ReadModifyWrite,
    ReleaseLock,
    Retry,
    Return,
    SetLocal,
    Shape,
    Step,
    Store,
    Synchronize,
    TakeLock,
    Through,
    TryLock,
    UnmaskInterrupts,
    Variable,
    Wake,
    Where,
    While,
    Zap,
)
from smtmodel.language.walk import expressions_of, inside, steps_in
from smtmodel.source.latest import latest
from smtmodel.source.record import parts, record


@record
class Independent:
    """`reason` says of the lanes why: "they write only their own mmio (page_fault)"."""

    reason: str


@record
class Coupling:
    """A step that couples lanes of a kind; None where it is what the kind is, not a step.

    `sentence` says how: of the step ("it takes l"), else of the lanes.
    """

    where: Where | None
    sentence: str


@record
class Coupled:
    """`couplings`, at least one, in the order of the file."""

    couplings: tuple[Coupling, ...]


@latest(16)
def independence(protocol: Checked, kind: LaneKind) -> Independent | Coupled:
    """Whether the lanes of a kind, which is one of the protocol's, are independent."""
    found = list(_kind_couplings(protocol, kind))
    steps: dict[int, Coupling] = {}
    for block in protocol.blocks:
        own = block.name in kind.blocks
        for step in steps_in(block.steps):
            how = _own_step(protocol, kind, step) if own else _foreign_step(protocol, kind, step)
            for sentence in how:
                steps.setdefault(step.where.number, Coupling(step.where, sentence))
    found += [steps[number] for number in sorted(steps)]
    return Coupled(tuple(found)) if found else Independent(_reason(protocol, kind))


def about_all_lanes(protocol: Checked, kind: LaneKind, item: Property) -> str:
    """What a property is about if not at most one of a kind's independent lanes; else empty."""
    match item:
        case Never(when=When.FINALLY) | Reach(when=When.FINALLY):
            return "about the final state of all lanes"
        case BuiltIn(name=name) if name == DEADLOCK:
            return "about lanes that may wait for each other" if _waits(protocol, kind) else ""
        case Never() | Reach() | Asserted() | ReachStep() | BuiltIn():
            return ""
        case _:
            assert_never(item)


def _waits(protocol: Checked, kind: LaneKind) -> bool:
    """Whether an independent lane may have to wait: it takes no lock."""
    blocks = tuple(protocol.block(name) for name in kind.blocks)
    return any(isinstance(part, Synchronize | Await) for part in parts(blocks))


def _reason(protocol: Checked, kind: LaneKind) -> str:
    """Of lanes that nothing couples."""
    blocks = [protocol.block(name) for name in kind.blocks]
    written = {store.place.variable for store in _stores(blocks) if isinstance(store.place, Cell)}
    own = [variable.name for variable in protocol.variables if variable.name in written]
    what = f"only their own {_listed(own)}" if own else "nothing"
    return f"they write {what} ({', '.join(kind.blocks)})"


def _stores(blocks: list[Block]) -> Iterator[Store]:
    for block in blocks:
        yield from (step for step in steps_in(block.steps) if isinstance(step, Store))


def _listed(names: list[str]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


# ---------------------------------------------------------------- couplings


def _kind_couplings(protocol: Checked, kind: LaneKind) -> Iterator[Coupling]:
    """What couples the lanes whatever their steps are.

    Which lane is interrupted depends on how many there are; an interrupted lane stands still.
    """
    if kind.updates:
        yield Coupling(None, "they are the updates that `settled` speaks of")
    if kind.interrupts is not None:
        yield Coupling(None, f"they interrupt {kind.interrupts} lanes")
    for other in protocol.kinds:
        if other.interrupts == kind.name:
            yield Coupling(None, f"{other.name} lanes interrupt them")
    arrays: tuple[Variable | Lock, ...] = (*protocol.variables, *protocol.locks)
    for array in arrays:
        if array.lanes == kind.name:
            yield Coupling(None, f"{array.name} has an element for each of them")
    for item in protocol.properties:
        judged = isinstance(item, Never | Reach) and item.lanes == kind.name
        if judged and any(isinstance(part, LaneNumber) for part in parts(item)):
            yield Coupling(None, f"{item.name} speaks of their numbers")


def _own_step(protocol: Checked, kind: LaneKind, step: Step) -> Iterator[str]:
    """How a step of the kind itself couples its lanes; the steps inside it left out."""
    match step:
        case Store(mark=Mark.GHOST, place=place):
            yield f"it writes the ghost {_named(place)}"
        case Store(place=place) if not _is_own(protocol, kind, place):
            yield f"it writes {_named(place)}, which others see"
        case Zap(variable=name) if protocol.variable(name).shape is Shape.CACHE:
            yield f"it empties {name} in every lane"
        case Zap(variable=name):
            yield f"it empties {name}, which others see"
        case Free():
            yield "it frees an object"
        case TakeLock(lock=lock):
            yield f"it takes {lock}"
        case Wake(queue=queue):
            yield f"it wakes who sleeps at {queue}"
        case Store() | SetLocal() | Evaluate() | If() | While() | Retry() | Branch() | Return():
            pass
        case MaskInterrupts() | UnmaskInterrupts():
            pass
        case Each():  # of an array that has an element for each lane, its declaration says so
            pass
        case Enter() | Leave() | Synchronize() | Fence() | Assert() | Assume() | Atomic():
            pass
        case Opening():
            pass
        case ReleaseLock():  # of a lock that another step took
            pass
        case _:
            assert_never(step)
    for expression in expressions_of(step):
        for one in inside(expression):
            yield from _own_expression(one)


def _own_expression(expression: Expression) -> Iterator[str]:
    match expression:
        case ReadModifyWrite(place=place):
            yield f"it reads and writes {_named(place)} in one go"
        case TryLock(lock=lock):
            yield f"it takes {lock}"
        case Fresh():
            yield "it takes a value that no other lane gets"
        case Copy() | Allocate():
            yield "it makes an object"
        case LaneNumber():
            yield "it depends on the number of the lane"
        case _:  # it reads, or touches nothing that is shared
            pass


def _foreign_step(protocol: Checked, kind: LaneKind, step: Step) -> Iterator[str]:
    """How a step of another kind couples the lanes: it touches their caches."""
    match step:
        case Store(place=place) if _is_own(protocol, kind, place):
            yield f"it writes their {_named(place)}"
        case Zap(variable=name) if _is_own(protocol, kind, Cell(name)):
            yield f"it empties their {name}"
        case _:
            pass
    for expression in expressions_of(step):
        for one in inside(expression):
            match one:
                case Load(place=place) if _is_own(protocol, kind, place):
                    yield f"it reads their {_named(place)}"
                case ReadModifyWrite(place=place) if _is_own(protocol, kind, place):
                    yield f"it writes their {_named(place)}"
                case _:
                    pass


def _is_own(protocol: Checked, kind: LaneKind, place: Place) -> bool:
    """Whether a place is an entry of a cache that each lane of the kind has for itself."""
    if not isinstance(place, Cell):
        return False
    variable = protocol.variable(place.variable)
    return variable.shape is Shape.CACHE and variable.owner == kind.name


def _named(place: Place) -> str:
    match place:
        case Through(struct=name, field=field) | Member(name, field):
            return f"{name}.{field}"
        case Cell(name) | Element(name):
            return name
        case _:
            assert_never(place)
