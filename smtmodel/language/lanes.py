"""Which kinds of lanes a protocol has, and how many lanes of each.

Takes the blocks and the `lanes`, `updaters` and `bounds` items; gives the kinds in the order
of the columns of a report, and the bounds. Every number comes from the file or the command
line: a bound that is silently 1 would prove less than it seems to.
"""

from smtmodel.language import ast, codes
from smtmodel.language.checked import LaneKind
from smtmodel.language.suggest import suggest
from smtmodel.source import Diagnostic
from smtmodel.source.record import record, replace

UPDATES = "updates"
FAULTS = "faults"
ROUNDS = "rounds"
MOST = 100
"""Instances of one kind, and rounds."""


_RESERVED = frozenset(("update", "fault", "lane", UPDATES, FAULTS, ROUNDS))


@record
class Kinds:
    """The lane kinds in order, and the number of updater lanes (None: as under a mutex)."""

    kinds: tuple[LaneKind, ...] = ()
    updaters: int | None = None
    owner: str | None = None  # whose a cache is if its declaration does not say

    def names(self) -> tuple[str, ...]:
        """The names of the kinds."""
        return tuple(kind.name for kind in self.kinds)

    def of_block(self, block: str) -> LaneKind | None:
        """The kind whose lanes run the block."""
        return next((kind for kind in self.kinds if block in kind.blocks), None)


def find_kinds(
    protocol: ast.Protocol, blocks: dict[str, ast.Block]
) -> tuple[Kinds, list[Diagnostic]]:
    """The kinds: updates, faults, then threads and `lanes` in the order of the file."""
    wrong: list[Diagnostic] = []
    claimed = _claimed(protocol, blocks, wrong)
    updates = tuple(n for n, b in blocks.items() if b.kind is ast.BlockKind.UPDATE)
    faults = tuple(
        n for n, b in blocks.items() if b.kind is ast.BlockKind.FAULT and n not in claimed
    )
    kinds: list[LaneKind] = []
    if updates:
        kinds.append(LaneKind("update", UPDATES, updates, updates=True))
    if faults:
        kinds.append(LaneKind("fault", FAULTS, faults, updates=False))
    for item in protocol.items:
        made = _own_kind(item, blocks, claimed)
        if made is None:
            continue
        if made.name in _RESERVED:
            message = f"`{made.name}` is a word of the language, and no lanes are called so"
            wrong.append(Diagnostic(codes.RESERVED_NAME, message, item.span))
        elif made.name in {kind.name for kind in kinds}:
            message = f"`{made.name}` is already the name of a kind of lanes"
            wrong.append(Diagnostic(codes.TWICE, message, item.span))
        else:
            kinds.append(made)
    if not blocks:
        message = "the protocol has no block of steps"
        wrong.append(Diagnostic(codes.NO_STEPS, message, protocol.span))
    elif not any(block.steps for block in blocks.values()):
        message = "no block of the protocol has a step"
        wrong.append(Diagnostic(codes.NO_STEPS, message, protocol.span))
    kinds = _interrupting(kinds, blocks, wrong)
    kinds = [replace(kind, rounds=_own_rounds(protocol).get(kind.bound)) for kind in kinds]
    owner = _owner(kinds, blocks)
    return Kinds(tuple(kinds), _updaters(protocol, updates, wrong), owner), wrong


def _own_rounds(protocol: ast.Protocol) -> dict[str, int]:
    """The rounds of the kinds that have their own, by bound; their range is asked elsewhere."""
    items = [item for item in protocol.items if isinstance(item, ast.Bounds)]
    given = [one for item in items for one in item.bounds]
    return {one.name: one.rounds for one in given if one.rounds and one.name != UPDATES}


def _own_kind(item: ast.Item, blocks: dict[str, ast.Block], claimed: set[str]) -> LaneKind | None:
    """The kind that an item of the file makes, if it makes one."""
    match item:
        case ast.Lanes(name, listed):
            own = tuple(dict.fromkeys(one.name for one in listed if one.name in blocks))
            return LaneKind(name, name, own, updates=False)
        case ast.Block(ast.BlockKind.THREAD, name):
            if blocks.get(name) is item and name not in claimed:
                return LaneKind(name, name, (name,), updates=False)
        case _:
            pass
    return None


def _interrupting(
    kinds: list[LaneKind], blocks: dict[str, ast.Block], wrong: list[Diagnostic]
) -> list[LaneKind]:
    """The kinds, with the kind that each interrupting one interrupts."""
    made = {kind.name: kind for kind in kinds}
    for name, block in blocks.items():
        if block.on is None:
            continue
        own = next((kind for kind in kinds if name in kind.blocks), None)
        target = made.get(block.on.name) or next(
            (kind for kind in kinds if block.on.name in kind.blocks), None
        )
        message, suggestion = "", ""
        if block.kind is not ast.BlockKind.THREAD:
            message = f"`{name}` is no `thread`, and only a thread interrupts"
        elif own is None or own.name != name:
            message = f"`{name}` interrupts, so it has lanes of its own"
            suggestion = "leave it out of the `lanes`"
        elif target is None:
            message = f"`{block.on.name}` is no kind of lanes and no block"
            suggestion = suggest(block.on.name, [*made, *blocks])
        elif target.name == name:
            message = f"`{name}` cannot interrupt itself"
        elif any(blocks[one].on is not None for one in target.blocks):
            message = f"`{target.name}` interrupts too, and nothing interrupts an interrupt"
        else:
            made[name] = replace(own, interrupts=target.name)
            continue
        wrong.append(Diagnostic(codes.INTERRUPTS, message, block.on.span, suggestion=suggestion))
    return [made[kind.name] for kind in kinds]


def _owner(kinds: list[LaneKind], blocks: dict[str, ast.Block]) -> str | None:
    """The one kind that runs faults, or the only kind besides updates."""
    others = [kind for kind in kinds if not kind.updates and kind.interrupts is None]
    faults = [
        kind
        for kind in others
        if any(blocks[name].kind is ast.BlockKind.FAULT for name in kind.blocks)
    ]
    fitting = faults or others
    return fitting[0].name if len(fitting) == 1 else None


def _claimed(
    protocol: ast.Protocol, blocks: dict[str, ast.Block], wrong: list[Diagnostic]
) -> set[str]:
    """The blocks that `lanes` items name."""
    claimed: set[str] = set()
    for item in protocol.items:
        if not isinstance(item, ast.Lanes):
            continue
        for name in item.blocks:
            block = blocks.get(name.name)
            if block is None:
                message = f"unknown block `{name.name}`"
                suggestion = suggest(name.name, list(blocks))
                wrong.append(
                    Diagnostic(codes.UNKNOWN_BLOCK, message, name.span, suggestion=suggestion)
                )
            elif block.kind is ast.BlockKind.UPDATE:
                message = f"`{name.name}` is an update; updates run in their own lanes"
                wrong.append(
                    Diagnostic(
                        codes.LANES, message, name.span, suggestion="declare it as a `thread`"
                    )
                )
            elif name.name in claimed:
                message = f"`{name.name}` is already in some lanes"
                wrong.append(Diagnostic(codes.LANES, message, name.span))
            claimed.add(name.name)
    return claimed


def _updaters(
    protocol: ast.Protocol, updates: tuple[str, ...], wrong: list[Diagnostic]
) -> int | None:
    found: int | None = None
    for item in protocol.items:
        if not isinstance(item, ast.Updaters):
            continue
        message = ""
        if found is not None:
            message = "a protocol has one `updaters` clause"
        elif not updates:
            message = "there is no update block for these updaters"
        elif not 1 <= item.count <= MOST:
            message = f"`updaters` is from 1 to {MOST}"
        if message:
            wrong.append(Diagnostic(codes.UPDATERS, message, item.span))
        found = max(1, min(item.count, MOST))
    return found
