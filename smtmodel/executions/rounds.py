"""How the blocks of a lane become its program, round by round.

Takes a protocol and bounds; gives the layout and a `Program` for each lane. The steps themselves
are lowered in `smtmodel.executions.lowering`.
"""

from smtmodel.executions import event_actions, local_actions
from smtmodel.executions.layout import Layout, lay_out
from smtmodel.executions.lowering import lower_steps
from smtmodel.executions.program import Assembler, Program
from smtmodel.executions.snapshot import kept_locals
from smtmodel.executions.terms import Immediate, Register
from smtmodel.language.checked import Block, Bounds, Checked, MaskInterrupts, UnmaskInterrupts
from smtmodel.language.walk import steps_in
from smtmodel.source.latest import latest


@latest(4)
def lowered(protocol: Checked, bounds: Bounds) -> tuple[Layout, tuple[Program, ...]]:
    """The programs of all lanes, which are the same for every machine at these bounds."""
    layout = lay_out(protocol, bounds)
    return layout, tuple(lower_lane(layout, index) for index in range(len(layout.lanes)))


def lower_lane(layout: Layout, index: int) -> Program:
    """The program of the lane with this index among all lanes."""
    protocol, lane = layout.protocol, layout.lanes[index]
    assembler = Assembler(protocol, layout, lane, index)
    entries = [(protocol.block(name), assembler.label()) for name in lane.kind.blocks]
    named = tuple((block.name, entry) for block, entry in entries)
    assembler.emit(local_actions.StartRound(named))
    for block, entry in entries:
        assembler.here(entry)
        _block(assembler, block)
    return assembler.finish()


def _block(assembler: Assembler, block: Block) -> None:
    assembler.block = block.name
    assembler.names = {name: register for register, (name, _) in enumerate(block.locals)}
    assembler.top = len(block.locals)
    assembler.size = max(assembler.size, assembler.top)
    assembler.where = None
    assembler.off = None
    if any(isinstance(one, MaskInterrupts | UnmaskInterrupts) for one in steps_in(block.steps)):
        assembler.off = Register(assembler.register())
        begins_off = Immediate(int(assembler.lane.interrupts is not None))
        assembler.emit(local_actions.Compute(assembler.off.number, begins_off))
    updates, into = assembler.lane.kind.updates, assembler.lane.interrupts
    lanes = [lane.name for lane in assembler.layout.lanes]
    if into is not None:
        assembler.emit(event_actions.BeginInterrupt(into, lanes.index(into)))
    if updates:
        serial = assembler.protocol.updaters is None
        assembler.emit(event_actions.BeginUpdate(serial))
    end = assembler.label()
    lower_steps(assembler, block.steps, end)
    assembler.here(end)
    assembler.where = None
    if updates:
        assembler.emit(event_actions.ReturnUpdate())
    if into is not None:
        assembler.emit(event_actions.EndInterrupt(into, lanes.index(into)))
    kept = tuple(
        (place, Register(assembler.names[name]))
        for place, (of, name) in enumerate(kept_locals(assembler.protocol))
        if of == block.name and name in assembler.names
    )
    assembler.emit(local_actions.EndRound(kept))
