"""The steps of a lane's blocks as a linear program, which is data.

A `Program` has operations, each an action (`smtmodel.executions.actions`) at its place. Steps
become operations in `smtmodel.executions.lowering`, expressions in
`smtmodel.executions.expressions`; an `Assembler` collects them. The machine runs what
`smtmodel.executions.compile` makes of a program.
"""

from collections.abc import Iterable

from smtmodel.executions import actions
from smtmodel.executions.actions import EVENT, Action
from smtmodel.executions.event_actions import Side, WakeAll
from smtmodel.executions.layout import Layout
from smtmodel.executions.terms import Register, Term, name_of
from smtmodel.language.checked import Checked, Expression, Lane, Load, Where
from smtmodel.source.record import field, record


@record
class Op:
    """An action at its place. `region` is the atomic block that an event lies in, 0 for none."""

    action: Action
    where: Where | None
    block: str
    region: int


@record
class Program:
    """The operations of a lane, the `index`-th of all lanes; place 0 starts a round.

    `labels` has the place of each label, `registers` the number of registers; `written` the names
    (`name_of`) of what the lane may write, `woken` the queues at which it may wake who sleeps.
    """

    lane: Lane
    index: int
    registers: int
    ops: tuple[Op, ...]
    labels: tuple[int, ...]
    written: frozenset[str]
    woken: frozenset[str]

    def following(self, place: int) -> tuple[int, ...]:
        """The places that may follow a place in a round."""
        action = self.ops[place].action
        jumps = tuple(self.labels[label] for label in actions.targets_of(action))
        return (place + 1, *jumps) if actions.falls_through(action) else jumps

    def until_event(self, places: Iterable[int]) -> set[int]:
        """These places and those behind them in a round, up to the next event on every way."""
        waiting = list(places)
        known = set(waiting)
        while waiting:
            place = waiting.pop()
            if actions.kind_of(self.ops[place].action) != EVENT:
                behind = set(self.following(place)) - known
                known |= behind
                waiting += behind
        return known

    def live(self) -> tuple[tuple[int, ...], ...]:
        """For each place the registers that are read there or later before they are set again."""
        reads = [_bits(actions.reads_of(op.action)) for op in self.ops]
        keeps = [~_bits(actions.sets_of(op.action)) for op in self.ops]
        after = [self.following(place) for place in range(len(self.ops))]
        masks = [0] * len(self.ops)
        changed = True
        while changed:
            changed = False
            for place in reversed(range(len(self.ops))):
                out = 0
                for target in after[place]:
                    out |= masks[target]
                mask = reads[place] | (out & keeps[place])
                if mask != masks[place]:
                    masks[place] = mask
                    changed = True
        every = range(self.registers)
        return tuple(tuple(r for r in every if mask >> r & 1) for mask in masks)


def _bits(registers: frozenset[int]) -> int:
    return sum(1 << register for register in registers)


@record(frozen=False)
class Assembler:
    """A program being made.

    `top` is the first free register; `reads` collects what an assertion reads while its condition
    is being lowered; `awaited` has the value that a load stands for, while the condition of an
    `Await` is being lowered; `off` holds 1 while the lane has interrupts off, in a block that
    switches them. A label has place -1 until it is put somewhere.
    """

    protocol: Checked
    layout: Layout
    lane: Lane
    index: int
    ops: list[Op] = field(default_factory=list)
    labels: list[int] = field(default_factory=list)
    block: str = ""
    names: dict[str, int] = field(default_factory=dict)
    where: Where | None = None
    region: int = 0
    top: int = 0
    size: int = 0
    regions: int = 0
    reads: list[tuple[Expression, Term]] | None = None
    awaited: tuple[Load, Term] | None = None
    off: Register | None = None

    def register(self) -> int:
        """A new register; free again when `top` is set back."""
        self.top += 1
        self.size = max(self.size, self.top)
        return self.top - 1

    def emit(self, action: Action) -> None:
        """Append an operation."""
        region = self.region if actions.kind_of(action) == EVENT else 0
        self.ops.append(Op(action, self.where, self.block, region))

    def label(self) -> int:
        """A new label."""
        self.labels.append(-1)
        return len(self.labels) - 1

    def here(self, label: int) -> None:
        """Put a label at the next place."""
        self.labels[label] = len(self.ops)

    def side(self, name: str, at: Register | None, *, shared: bool) -> Side:
        """A lock, or the side of it that a step takes or releases."""
        number = [lock.name for lock in self.protocol.locks].index(name)
        return Side(self.layout.locks[number], self.protocol.locks[number], shared, at)

    def finish(self) -> Program:
        made = [op.action for op in self.ops]
        addresses = [actions.written_by(action) for action in made]
        return Program(
            self.lane,
            self.index,
            self.size,
            tuple(self.ops),
            tuple(self.labels),
            frozenset(name_of(address) for address in addresses if address is not None),
            frozenset(action.queue for action in made if isinstance(action, WakeAll)),
        )
