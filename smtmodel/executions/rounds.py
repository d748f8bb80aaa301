"""How the blocks of a lane become its program, round by round.

Takes a protocol, a lane and its layout; gives the lane's `Program`. The steps themselves are
lowered in `smtmodel.executions.lowering`.
"""

from smtmodel.executions import operations
from smtmodel.executions.frame import ENDED, Frame, Ran, Run
from smtmodel.executions.layout import Layout
from smtmodel.executions.lowering import lower_steps
from smtmodel.executions.program import Builder, ForInterrupt, Kind, Label, Program
from smtmodel.executions.snapshot import kept_locals
from smtmodel.executions.values import UNSET
from smtmodel.language.checked import Block, Expression


def lower_lane(
    layout: Layout,
    index: int,
    settled: dict[tuple[Expression, int], int],
    *,
    buffered: bool,
    named: bool,
) -> Program:
    """The program of the lane with this index among all lanes; `named` says that runs are told."""
    protocol, lane = layout.protocol, layout.lanes[index]
    builder = Builder(protocol, layout, lane, index, buffered, named, settled)
    blocks = [protocol.block(name) for name in lane.kind.blocks]
    entries = [Label() for _ in blocks]
    _start(builder, blocks, entries)
    for block, entry in zip(blocks, entries, strict=True):
        builder.here(entry)
        _block(builder, block)
    return builder.finish()


def _start(builder: Builder, blocks: list[Block], entries: list[Label]) -> None:
    """A round starts: choose a block, forget all locals."""

    def enter_block(block: Block, entry: Label) -> Run:
        def run(frame: Frame) -> int:
            frame.registers = [UNSET] * builder.size
            if frame.notes is not None:
                frame.notes.append(Ran(block.name))
            return entry.pc

        return run

    options = tuple(
        (block.name, enter_block(block, entry))
        for block, entry in zip(blocks, entries, strict=True)
    )
    targets = tuple(entries)
    # Every register is set here; the numbers are not known yet, and none is live before.
    if len(options) == 1:
        builder.emit(Kind.LOCAL, options[0][1], targets=targets)
    else:
        builder.emit(Kind.CHOICE, options[0][1], targets=targets, options=options)


def _block(builder: Builder, block: Block) -> None:
    builder.block = block.name
    builder.names = {name: register for register, (name, _) in enumerate(block.locals)}
    builder.top = len(block.locals)
    builder.size = max(builder.size, builder.top)
    builder.where = None
    updates, into = builder.lane.kind.updates, builder.lane.interrupts
    target = [lane.name for lane in builder.layout.lanes].index(into) if into is not None else -1
    if into is not None:
        run = operations.begin_interrupt(builder.site(), into, target)
        builder.emit(Kind.EVENT, run, awaits=ForInterrupt(target))
    if updates:
        serial = builder.protocol.updaters is None
        builder.emit(Kind.EVENT, operations.begin_update(builder.site(), serial=serial))
    end = Label()
    lower_steps(builder, block.steps, end)
    builder.here(end)
    builder.where = None
    if updates:
        builder.emit(Kind.EVENT, operations.return_update(builder.site()))
    if into is not None:
        builder.emit(Kind.EVENT, operations.end_interrupt(builder.site(), into, target))
    _end(builder, block)


def _end(builder: Builder, block: Block) -> None:
    """A round ends: keep the locals that properties name, go on with the next round."""
    kept = tuple(
        (place, builder.names[name])
        for place, (of, name) in enumerate(kept_locals(builder.protocol))
        if of == block.name and name in builder.names
    )
    here, rounds = len(builder.ops), builder.lane.rounds

    def run(frame: Frame) -> int:
        if kept:
            values = list(frame.kept)
            for place, register in kept:
                values[place] = frame.registers[register]
            frame.kept = tuple(values)
        frame.region = 0
        frame.round += 1
        if frame.round < rounds:
            return 0
        frame.status = ENDED
        return here

    builder.emit(Kind.LOCAL, run, tuple(register for _, register in kept), targets=())
