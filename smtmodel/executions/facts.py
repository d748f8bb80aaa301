"""What there is to say of a violation besides its steps: values, and what led there.

Takes the notes of a failure, or a judge and memory; gives pairs of texts. A value that a condition
never came to read is left out; so is a value that stands there already.
"""

from collections.abc import Iterable, Sequence

from smtmodel.executions.judgement import Judge
from smtmodel.executions.moments import Teller
from smtmodel.executions.notes import Failed
from smtmodel.executions.rendering import expression_text
from smtmodel.executions.snapshot import Kept, snapshot
from smtmodel.executions.trace import Moment, numbers
from smtmodel.executions.values import NOTHING, UNSET, Memory, Value
from smtmodel.language.checked import (
    LOCK_MISUSE,
    RCU,
    UNWRITTEN_READ,
    And,
    Constant,
    Expression,
    Filled,
    LaneLocal,
    Load,
    Never,
    Operation,
    Or,
    Part,
    Reach,
)

Facts = tuple[tuple[str, str], ...]
"""(expression, value) pairs."""


def failed(
    teller: Teller, lane: str, note: Failed, moments: Sequence[Moment], freed: dict[int, str]
) -> Facts:
    """Of an assertion that fails or another error of the run; `freed` has the lane that last freed
    each object, `moments` are those so far."""
    names = teller.names
    if note.location is not None and note.name == UNWRITTEN_READ:
        return ((names.location(note.location), "unwritten"),)
    if note.location is not None:
        first = teller.layout.firsts[note.location]
        what = names.object(first) if note.whole else names.location(note.location)
        if note.name == LOCK_MISUSE:
            return ((what, "freed while a lock of it is held"),)
        return ((what, f"freed by {freed[first]}"),)
    block = "" if note.where is None else note.where.block
    known = (
        *_read(teller, note.reads, block),
        *((text, names.value(value)) for text, value in note.facts),
    )
    if known:
        return known
    step = "" if note.where is None else note.where.text
    return ((lane, step), *(_held(teller, lane, name, moments) for name in note.held))


def _held(teller: Teller, lane: str, name: str, moments: Sequence[Moment]) -> tuple[str, str]:
    """Why a lane must not sleep: since which step it holds what, whom it interrupts, or (its own
    name) that it has interrupts off."""
    if name == lane:
        return lane, "has interrupts off"
    if any(name == one.name for one in teller.layout.lanes):
        return lane, f"interrupts {name}"
    steps = zip(moments, numbers(moments), strict=True)
    taken = [
        number
        for moment, number in steps
        if (moment.lane, moment.subject) == (lane, name) and number is not None
    ]
    what = "the RCU section" if name == RCU else name
    return what, f"{'entered' if name == RCU else 'taken'} in step {taken[-1]}"


def judged(teller: Teller, judge: Judge, memory: Memory, kept: Kept) -> Facts:
    """Of a property of snapshots that is violated or met: what its expressions read."""
    prop = next(p for p in teller.layout.protocol.properties if p.name == judge.name)
    assert isinstance(prop, Never | Reach)
    expressions = [prop.bad] if isinstance(prop, Never) else [prop.goal]
    if isinstance(prop, Never) and prop.condition is not None:
        expressions.append(prop.condition)

    def value(read: Expression) -> Value:
        part = read.entry if isinstance(read, Filled) else read
        return snapshot(part, teller.layout, judge.lane)(memory, kept)

    reads = (read for expression in expressions for read in _reads(expression))
    return _read(teller, [(read, value(read)) for read in reads], "")


def _read(teller: Teller, reads: Sequence[tuple[Expression, Value]], block: str) -> Facts:
    """Reads with their values: of an entry that is tested to be filled the whole, unless a field of
    it is there."""
    known = [(read, value) for read, value in reads if value is not NOTHING and value is not UNSET]
    entries = [read.entry for read, _ in known if isinstance(read, Part)]
    told: dict[tuple[str, str], None] = {}
    for read, value in known:
        whole = read.entry if isinstance(read, Filled) else None
        if whole is not None and whole in entries:
            continue
        fields = () if whole is None else teller.layout.protocol.fields(whole, block)
        told[expression_text(whole or read), teller.names.value(value, fields)] = None
    return tuple(told)


def _reads(expression: Expression) -> Iterable[Expression]:
    """The reads of an expression from left to right, without those inside of others, and the
    constants that have a name."""
    match expression:
        case Part() | Filled() | Load() | LaneLocal():
            yield expression
        case Constant(name=name) if name:
            yield expression
        case Operation(operands=operands):
            for operand in operands:
                yield from _reads(operand)
        case And(left=left, right=right) | Or(left=left, right=right):
            yield from _reads(left)
            yield from _reads(right)
        case _:
            pass
