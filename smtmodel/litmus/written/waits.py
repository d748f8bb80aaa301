"""Where a lane may have to wait for good, so that an execution may stop there.

Without such places every execution can be continued to a complete one, so that it is enough to
look at these: what is added behind all that happened, reads and overwrites the last writes, and is
ordered before nothing. A lane may wait for good at a lock or a grace period only if what it waits
for may be held by a lane that waits itself. That is looked at in the order in which locks and
sections are nested, whatever the branches.
"""

from collections.abc import Iterator

from smtmodel.language.checked import (
    Assume,
    Atomic,
    Await,
    Branch,
    Checked,
    Each,
    Enter,
    If,
    Leave,
    Operation,
    ReleaseLock,
    Retry,
    Step,
    Synchronize,
    TakeLock,
    TryLock,
    While,
)
from smtmodel.language.walk import expressions_of, inside
from smtmodel.source.record import parts

STOP = "(stops)"
"""What a lane that may stand at a step whatever others do waits for."""


def may_wait_for_good(protocol: Checked, *, stops: bool) -> bool:
    """Whether a lane may stand at a lock or a grace period for good; `stops`: or at an error."""
    edges: set[tuple[str, str]] = set()
    for block in protocol.blocks:
        edges |= set(_edges(block.steps, []))
    if stops and _taken(protocol):
        return True
    return any(awaited == STOP for _, awaited in edges) or _cyclic(edges)


def _taken(protocol: Checked) -> set[str]:
    """Locks that lanes take and domains whose sections they enter."""
    steps = [one for one in parts(protocol.blocks) if isinstance(one, TakeLock | TryLock | Enter)]
    return {one.domain if isinstance(one, Enter) else one.lock for one in steps}


def _tried(step: If) -> str | None:
    condition = step.condition
    if isinstance(condition, Operation):
        condition = condition.operands[0] if condition.operator == "!" else condition
    return condition.lock if isinstance(condition, TryLock) else None


def _edges(steps: tuple[Step, ...], held: list[str]) -> Iterator[tuple[str, str]]:
    """What is held where a lane may wait, and for what; `held` is changed as steps are passed."""
    for step in steps:
        if _awaits(step):
            yield from ((one, STOP) for one in held)
        match step:
            case TakeLock(_, lock, _):
                yield from ((one, lock) for one in held)
                held.append(lock)
            case ReleaseLock(_, name, _) | Leave(_, name, _):
                if name in held:
                    held.remove(name)
            case Enter(_, domain, _):
                held.append(domain)
            case Synchronize(_, domain, _):
                yield from ((one, domain) for one in held)
            case If(_, _, then, otherwise):
                tried = _tried(step)
                extra = [tried] if tried is not None else []
                ends = [[*held, *extra], [*held, *extra]]
                yield from _edges(then, ends[0])
                yield from _edges(otherwise, ends[1])
                held[:] = ends[0] + [one for one in ends[1] if one not in ends[0]]
            case While(_, _, _, body) | Retry(_, _, body, _) | Atomic(_, body):
                yield from ((one, STOP) for one in held)
                yield from _edges(body, held)
            case Each(body=body):
                for _ in range(2):
                    yield from _edges(body, held)
            case Branch(_, branches):
                after = [list(held) for _ in branches]
                for branch, own in zip(branches, after, strict=True):
                    yield from _edges(branch, own)
                held[:] = sorted({one for own in after for one in own})
            case _:
                pass


def _awaits(step: Step) -> bool:
    """Whether a lane may stop at a step whatever it holds."""
    if isinstance(step, Assume):
        return True
    return any(isinstance(x, Await) for one in expressions_of(step) for x in inside(one))


def _cyclic(edges: set[tuple[str, str]]) -> bool:
    reached = set(edges)
    while True:
        more = {(a, d) for a, b in reached for c, d in edges if b == c} - reached
        if not more:
            return any(a == b for a, b in reached)
        reached |= more
