"""What a proof about a protocol trusts, leaves out, and shows for not being vacuous.

Takes the checked protocol and the outcome; gives lines of text. Claims nothing that was not
run: a line stands here only if the protocol uses what it speaks of.
"""

from collections.abc import Iterable, Iterator

from smtmodel.executions.wording import expression_text
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
    FenceKind,
    Free,
    Retry,
    Shape,
    Synchronize,
    TakeLock,
    TryLock,
    While,
)
from smtmodel.language.unordered import unordered_steps
from smtmodel.reports.scope import counted
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
            case Assume(where=where, condition=condition):
                mine = where.text.startswith("assume")  # else the prelude's, at its call
                said = where.text if mine else f"assume {expression_text(condition)}"
                text = f"{said} (the lane goes no further otherwise)"
            case _:
                continue
        found.append((text, f"{file}:{where.span.line}"))
    places = dict.fromkeys(str(one.span.line) for one in unordered_steps(protocol, bounds))
    if places:
        text = "accesses that C leaves unordered go in one order"
        found.append((text, f"{file}:{', '.join(places)}"))
    if model == "tso":
        found.append(("store buffers are x86's", ""))
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
    for name in sorted({node.lock for node in nodes if isinstance(node, TryLock) and node.shared}):
        yield f"read_trylock({name}) fails only while a writer holds {name}"
    for kind in protocol.kinds:
        if kind.interrupts is not None:
            yield f"{kind.name} lanes run while the {kind.interrupts} lane they interrupt waits"


IDLE = {
    "sc": tuple(FenceKind),
    "tso": tuple(kind for kind in FenceKind if kind is not FenceKind.FULL),
}
"""The barriers that order nothing, for each model."""


def leaves_out(protocol: Checked, model: str) -> tuple[str, ...]:
    """What the proof says nothing about."""
    found = [
        "weak memory" if model == "sc" else f"memory weaker than {model}",
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
    used = {one.kind for one in nodes if isinstance(one, Fence)}
    idle = [kind.value for kind in IDLE.get(model, ()) if kind in used]
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
