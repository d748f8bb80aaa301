"""What a proof about a protocol trusts, leaves out, and shows for not being vacuous.

Takes the checked protocol and the outcome; gives lines of text. Claims nothing that was not
run: a line stands here only if the protocol uses what it speaks of.
"""

from collections.abc import Iterable, Iterator
from typing import TypeGuard

from smtmodel import models
from smtmodel.documents.document import PlaceSpan, Spans, StepSpan, spans
from smtmodel.documents.scope import counted
from smtmodel.language.ast import GuardKind
from smtmodel.language.checked import (
    LOOKS,
    RCU,
    Allocate,
    Assume,
    Atomic,
    Await,
    Bounds,
    Checked,
    Copy,
    Fence,
    Free,
    LaneKind,
    Mark,
    MaskInterrupts,
    ReadModifyWrite,
    ReleaseLock,
    Retry,
    Rmw,
    Shape,
    Synchronize,
    TakeLock,
    TryLock,
    Where,
    While,
    freed_structs,
)
from smtmodel.language.unordered import unordered_steps
from smtmodel.models.terms import Promised
from smtmodel.solving.result import Outcome, Result
from smtmodel.source.record import parts, record

BUILT_IN = PlaceSpan("", ())


@record
class Assumption:
    """Something that a proof trusts, and where that comes from."""

    text: Spans
    place: PlaceSpan = BUILT_IN


def trusts(protocol: Checked, bounds: Bounds, model: str, file: str) -> tuple[Spans, ...]:
    """The assumptions, each with its place."""
    found = trusted(protocol, bounds, model, file)
    return tuple(spans(one.text, one.place) for one in found)


def trusted(protocol: Checked, bounds: Bounds, model: str, file: str) -> Iterator[Assumption]:
    """The assumptions."""

    def at(text: str | Spans, lines: Iterable[int]) -> Assumption:
        return Assumption(spans(text), PlaceSpan(file, tuple(lines)))

    if _has_machine(model):
        yield Assumption(spans("each shared access is one step"))
    for one in protocol.variables:
        if one.shape in (Shape.WORD, Shape.CACHE, Shape.SHARED_CACHE):
            yield at(f"{one.name} is read and written as a whole", [one.span.line])
    updates = [block.span.line for block in protocol.blocks if block.kind.value == "update"]
    if updates and protocol.updaters is None:
        yield at("one update at a time", updates)
    for text in _guards(protocol):
        yield Assumption(spans(text))
    for node in parts(protocol.blocks):
        match node:
            case Atomic(where=where):
                yield at("nothing comes between the events of the atomic block", [where.span.line])
            case Assume(where=where):
                step = StepSpan(where.text)
                yield at(spans(step, " (the lane goes no further otherwise)"), [where.span.line])
            case _:
                pass
    unordered = dict.fromkeys(one.span.line for one in unordered_steps(protocol, bounds))
    if unordered:
        yield at("accesses that C leaves unordered go in one order", unordered)
    for promise in models.model(model).trusts:
        if promise.steps is None:
            yield Assumption(spans(promise.text))
        elif lines := sorted(_lines(protocol, promise.steps)):
            yield at(promise.text, lines)


def _has_machine(model: str) -> bool:
    return models.model(model).machine is not None


def _lines(protocol: Checked, steps: Promised) -> set[int]:
    """The lines of such steps."""
    match steps:
        case Promised.ATOMICS:
            return {one.span.line for one in parts(protocol.blocks) if _promises_less(one)}
        case Promised.LOCKS:
            return _locked(protocol)


def _promises_less(node: object) -> TypeGuard[ReadModifyWrite]:
    """Whether this is an atomic that the kernel promises no full barrier of, or not always."""
    return isinstance(node, ReadModifyWrite) and (
        node.mark is not Mark.FULL or node.operation in (Rmw.COMPARE_EXCHANGE, *LOOKS)
    )


def _locked(protocol: Checked) -> set[int]:
    """The lines of steps on locks that are locked instructions of x86, of which the kernel
    promises an acquire or a release."""
    sleeping = {one.name for one in protocol.locks if one.kind.sleeps}
    found: set[int] = set()
    for node in parts(protocol.blocks):
        match node:
            case TryLock(span=span):
                found.add(span.line)
            case TakeLock(where=where):
                found.add(where.span.line)
            case ReleaseLock(where=where, lock=name, shared=shared) if shared or name in sleeping:
                found.add(where.span.line)
            case _:
                pass
    return found


def _guards(protocol: Checked) -> Iterator[str]:
    """Sections, grace periods and locks, where they are used."""
    nodes = list(parts(protocol.blocks))
    for name in dict.fromkeys(filter(None, map(_waiting, nodes))):
        yield f"{name} waits for earlier readers"
    taken = {node.lock for node in nodes if isinstance(node, TakeLock | TryLock)}
    for lock in protocol.locks:
        if lock.name in taken:
            held = "one writer or by readers" if lock.kind.sided else "one lane"
            yield f"{lock.kind.value} {lock.name} is held by {held} at a time"
    for name in sorted({node.queue for node in nodes if isinstance(node, Await) and node.queue}):
        yield f"nothing but wake_up wakes who sleeps at {name}"
    for struct in protocol.structs:
        if struct.typesafe and struct.name in freed_structs(protocol):
            yield f"the memory of a freed {struct.name} is kept for a grace period"
    tries = {(node.lock, node.shared) for node in nodes if isinstance(node, TryLock)}
    for name, shared in sorted(tries):
        yield from _tried(protocol, name, shared=shared)
    for kind in protocol.kinds:
        if kind.interrupts is not None:
            yield f"{kind.name} lanes run while the {kind.interrupts} lane they interrupt waits"
            if _masking(protocol, protocol.kind(kind.interrupts)):
                yield f"no {kind.name} lane runs where that lane has interrupts off"


def _waiting(node: object) -> str:
    """What a step that waits for earlier readers is called; nothing of any other."""
    match node:
        case Synchronize(domain=domain, expedited=expedited):
            name = "synchronize_rcu" if domain == RCU else "synchronize_srcu"
            return f"{name}_expedited" if expedited else name
        case Free(domain=str(), null_safe=True):
            return "kfree_rcu"
        case Free(domain=str(domain)):
            return "call_rcu" if domain == RCU else "call_srcu"
        case _:
            return ""


def _tried(protocol: Checked, name: str, *, shared: bool) -> Iterator[str]:
    """When a try fails, where the kernel's may fail more often in a way that can be told.

    It also fails while somebody waits, who here could as well have the lock already: unless an
    interrupt keeps that one from taking it. A reader/writer lock shows more of who comes and goes.
    """
    (kind,) = (one.kind for one in protocol.locks if one.name == name)
    side = "read" if shared else "write"
    if kind.sided:
        called = f"down_{side}_trylock" if kind.sleeps else f"{side}_trylock"
        who = "a writer holds" if shared else "another lane holds"
        yield f"{called}({name}) fails only while {who} {name}"
    elif any(one.interrupts is not None for one in protocol.kinds):
        word = "mutex" if kind is GuardKind.MUTEX else "spin"
        yield f"{word}_trylock({name}) fails only while another lane holds {name}"


def leaves_out(protocol: Checked, model: str) -> tuple[str, ...]:
    """What the proof says nothing about."""
    found = [models.model(model).leaves_out]
    if _has_machine(model):
        found += ["compiler transformations of plain accesses", "data races"]
    else:
        found.append("deadlock, which is not judged under lkmm")
    shapes = {one.shape for one in protocol.variables if not one.is_array}
    if Shape.SHARED_CACHE in shapes:
        found.append("more than one entry")
    elif Shape.CACHE in shapes:
        found.append("more than one entry per lane")
    nodes = list(parts(protocol.blocks))
    frees = any(isinstance(one, Free) for one in nodes)
    if not frees and any(isinstance(one, Copy | Allocate) for one in nodes):
        found.append("freeing and reuse of objects")
    interrupted = {kind.interrupts for kind in protocol.kinds}
    for kind in protocol.kinds:
        nobody = kind.interrupts is None and kind.name not in interrupted
        if nobody and _masking(protocol, kind):
            found.append(f"interrupts of {kind.name} lanes, which switch them off for nobody")
    return ", ".join(found), *without_effect(protocol, model)


def _masking(protocol: Checked, kind: LaneKind) -> bool:
    """Whether lanes of the kind switch interrupts off."""
    blocks = tuple(map(protocol.block, kind.blocks))
    return any(isinstance(node, MaskInterrupts) for node in parts(blocks))


def without_effect(protocol: Checked, model: str) -> tuple[str, ...]:
    """The barriers that the model gives no effect, in a sentence, if there are any."""
    used = {one.kind.value for one in parts(protocol.blocks) if isinstance(one, Fence)}
    idle = [name for name in models.model(model).idle if name in used]
    if not idle:
        return ()
    effect = f"no effect under {model}, so nothing is said about {'them' if idle[1:] else 'it'}"
    return (f"{', '.join(idle)}: {effect}",)


def cuts(protocol: Checked, outcome: Outcome) -> tuple[Spans, ...]:
    """The loops whose bound cut executions off."""
    if outcome.coverage is None:
        return ()
    nodes = parts(protocol.blocks)
    loops = {node.where.number: node for node in nodes if isinstance(node, While | Retry)}
    return tuple(
        spans(
            StepSpan(f"{'while' if isinstance(loop, While) else 'retry'} <= {loop.bound}"),
            f" (reached in {where.block}:{where.span.line})",
        )
        for where in outcome.coverage.cuts
        if (loop := loops.get(where.number)) is not None
    )


def evidence(outcome: Outcome, goals: Iterable[Result], file: str) -> tuple[Spans, ...]:
    """What the executions within the bounds can do."""
    lines: list[Spans] = []
    coverage = outcome.coverage
    if coverage is not None:
        happen = coverage.steps - len(coverage.unreached) - len(coverage.undecided)
        lines.append(spans(f"{happen}/{coverage.steps} steps happen"))
        lines += [_step("never happens: ", where, file) for where in coverage.unreached]
        lines += [_step("not known to happen: ", where, file) for where in coverage.undecided]
        if coverage.complete:
            lines.append(spans("some run goes to its end in every lane"))
    for goal in goals:
        steps_ = f" in {counted(goal.run.steps, 'steps')}" if goal.run is not None else ""
        lines.append(spans(f"{goal.name} is reached{steps_}"))
    return tuple(lines)


def _step(words: str, where: Where, file: str) -> Spans:
    return spans(words, StepSpan(where.text), PlaceSpan(file, (where.span.line,)))
