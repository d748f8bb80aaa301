"""What a proof about a protocol trusts, leaves out, and shows for not being vacuous.

Takes the checked protocol and the outcome; gives lines of text. Claims nothing that was not
run: a line stands here only if the protocol uses what it speaks of.
"""

from collections.abc import Iterable, Iterator
from typing import TypeGuard

from smtmodel import models
from smtmodel.documents.scope import counted
from smtmodel.language.ast import GuardKind
from smtmodel.language.checked import (
    Allocate,
    Assume,
    Atomic,
    Await,
    Bounds,
    Checked,
    Copy,
    Fence,
    Free,
    Mark,
    ReadModifyWrite,
    ReleaseLock,
    Retry,
    Rmw,
    Shape,
    Synchronize,
    TakeLock,
    TryLock,
    While,
)
from smtmodel.language.unordered import unordered_steps
from smtmodel.models.terms import Promised
from smtmodel.solving.result import Outcome, Result
from smtmodel.source.record import parts


def trusts(protocol: Checked, bounds: Bounds, model: str, file: str) -> tuple[str, ...]:
    """The assumptions, each with its place: a line of the file, or `(built in)`."""
    pairs = trusted(protocol, bounds, model, file)
    width = max(len(text) for text, _ in pairs)
    return tuple(f"{text:{width}}   {place or '(built in)'}" for text, place in pairs)


def trusted(protocol: Checked, bounds: Bounds, model: str, file: str) -> list[tuple[str, str]]:
    """The assumptions as (text, place); nothing as the place of what is built in."""
    found = [("each shared access is one step", "")]
    found += [
        (f"{one.name} is read and written as a whole", f"{file}:{one.span.line}")
        for one in protocol.variables
        if one.shape in (Shape.WORD, Shape.CACHE, Shape.SHARED_CACHE)
    ]
    updates = [block for block in protocol.blocks if block.kind.value == "update"]
    if updates and protocol.updaters is None:
        lines = ", ".join(str(block.span.line) for block in updates)
        found.append(("one update at a time", f"{file}:{lines}"))
    found += [(text, "") for text in _guards(protocol)]
    for node in parts(protocol.blocks):
        match node:
            case Atomic(where=where):
                text = "nothing comes between the events of the atomic block"
            case Assume(where=where):
                text = f"{where.text} (the lane goes no further otherwise)"
            case _:
                continue
        found.append((text, f"{file}:{where.span.line}"))
    places = dict.fromkeys(str(one.span.line) for one in unordered_steps(protocol, bounds))
    if places:
        text = "accesses that C leaves unordered go in one order"
        found.append((text, f"{file}:{', '.join(places)}"))
    for one in models.model(model).trusts:
        if one.steps is None:
            found.append((one.text, ""))
        elif at := sorted(_lines(protocol, one.steps)):
            found.append((one.text, f"{file}:{', '.join(map(str, at))}"))
    return found


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
        node.mark is not Mark.FULL or node.operation in (Rmw.COMPARE_EXCHANGE, Rmw.ADD_NOT_ZERO)
    )


def _locked(protocol: Checked) -> set[int]:
    """The lines of steps on locks that are locked instructions of x86, of which the kernel
    promises an acquire or a release."""
    mutexes = {one.name for one in protocol.locks if one.kind is GuardKind.MUTEX}
    found: set[int] = set()
    for node in parts(protocol.blocks):
        match node:
            case TryLock(span=span):
                found.add(span.line)
            case TakeLock(where=where):
                found.add(where.span.line)
            case ReleaseLock(where=where, lock=name, shared=shared) if shared or name in mutexes:
                found.add(where.span.line)
            case _:
                pass
    return found


def _guards(protocol: Checked) -> Iterator[str]:
    """Sections, grace periods and locks, where they are used."""
    nodes = list(parts(protocol.blocks))
    waits = [
        node.where.text.partition("(")[0]
        for node in nodes
        if isinstance(node, Synchronize) or (isinstance(node, Free) and node.domain is not None)
    ]
    for name in dict.fromkeys(waits):
        yield f"{name} waits for earlier readers"
    taken = {node.lock for node in nodes if isinstance(node, TakeLock | TryLock)}
    for lock in protocol.locks:
        if lock.name in taken:
            held = "one writer or by readers" if lock.kind is GuardKind.RWLOCK else "one lane"
            yield f"{lock.kind.value} {lock.name} is held by {held} at a time"
    for name in sorted({node.queue for node in nodes if isinstance(node, Await) and node.queue}):
        yield f"nothing but wake_up wakes who sleeps at {name}"
    tries = {(node.lock, node.shared) for node in nodes if isinstance(node, TryLock)}
    for name, shared in sorted(tries):
        yield from _tried(protocol, name, shared=shared)
    for kind in protocol.kinds:
        if kind.interrupts is not None:
            yield f"{kind.name} lanes run while the {kind.interrupts} lane they interrupt waits"


def _tried(protocol: Checked, name: str, *, shared: bool) -> Iterator[str]:
    """When a try fails, where the kernel's may fail more often in a way that can be told.

    It also fails while somebody waits, who here could as well have the lock already: unless an
    interrupt keeps that one from taking it. A reader/writer lock shows more of who comes and goes.
    """
    (kind,) = (one.kind for one in protocol.locks if one.name == name)
    if shared:
        yield f"read_trylock({name}) fails only while a writer holds {name}"
    elif kind is GuardKind.RWLOCK:
        yield f"write_trylock({name}) fails only while another lane holds {name}"
    elif any(one.interrupts is not None for one in protocol.kinds):
        word = "mutex" if kind is GuardKind.MUTEX else "spin"
        yield f"{word}_trylock({name}) fails only while another lane holds {name}"


def leaves_out(protocol: Checked, model: str) -> tuple[str, ...]:
    """What the proof says nothing about."""
    found = [
        models.model(model).leaves_out,
        "compiler transformations of plain accesses",
        "data races",
    ]
    shapes = {variable.shape for variable in protocol.variables}
    if Shape.SHARED_CACHE in shapes:
        found.append("more than one entry")
    elif Shape.CACHE in shapes:
        found.append("more than one entry per lane")
    nodes = list(parts(protocol.blocks))
    frees = any(isinstance(one, Free) for one in nodes)
    if not frees and any(isinstance(one, Copy | Allocate) for one in nodes):
        found.append("freeing and reuse of objects")
    used = {one.kind.value for one in nodes if isinstance(one, Fence)}
    idle = [name for name in models.model(model).idle if name in used]
    if not idle:
        return (", ".join(found),)
    effect = f"no effect under {model}, so nothing is said about {'them' if idle[1:] else 'it'}"
    return ", ".join(found), f"{', '.join(idle)}: {effect}"


def cuts(protocol: Checked, outcome: Outcome) -> tuple[str, ...]:
    """The loops whose bound cut executions off."""
    if outcome.coverage is None:
        return ()
    nodes = parts(protocol.blocks)
    loops = {node.where.number: node for node in nodes if isinstance(node, While | Retry)}
    return tuple(
        f"{'while' if isinstance(loop, While) else 'retry'} <= {loop.bound}"
        f" (reached in {where.block}:{where.span.line})"
        for where in outcome.coverage.cuts
        if (loop := loops.get(where.number)) is not None
    )


def evidence(outcome: Outcome, goals: Iterable[Result], file: str) -> tuple[str, ...]:
    """What the executions within the bounds can do."""
    lines: list[str] = []
    coverage = outcome.coverage
    if coverage is not None:
        happen = coverage.steps - len(coverage.unreached) - len(coverage.undecided)
        lines.append(f"{happen}/{coverage.steps} steps happen")
        lines += [
            f"never happens: {where.text}   {file}:{where.span.line}"
            for where in coverage.unreached
        ]
        lines += [
            f"not known to happen: {where.text}   {file}:{where.span.line}"
            for where in coverage.undecided
        ]
        if coverage.complete:
            lines.append("some run goes to its end in every lane")
    for goal in goals:
        steps_ = f" in {counted(goal.run.steps, 'steps')}" if goal.run is not None else ""
        lines.append(f"{goal.name} is reached{steps_}")
    return tuple(lines)
