"""The steps of a lane's blocks as one linear program.

Takes a checked protocol, its layout and a lane; gives a `Program`: operations with places to
jump to. An operation is an event (the lane may stand before it while others move), a choice,
or local (done at once, together with the event before it). How expressions become operations
is in `smtmodel.executions.expressions`, what events do in `smtmodel.executions.operations`.
"""

from enum import IntEnum

from smtmodel.executions.frame import Offer, Pure, Run
from smtmodel.executions.layout import Layout
from smtmodel.executions.locking import Side
from smtmodel.executions.operations import Site
from smtmodel.language.checked import RCU, Checked, Expression, Lane, Load, Where
from smtmodel.source.record import field, record


class Kind(IntEnum):
    LOCAL = 0
    EVENT = 1
    CHOICE = 2


@record(frozen=False)
class Label:
    """A place that a jump names before it is known."""

    pc: int = -1


@record
class ForReaders:
    """An event that comes when the read sections that its grace period found open are left."""


@record
class ForInterrupt:
    """An event that comes when no other lane interrupts the lane with this index."""

    lane: int


@record
class ForValue:
    """An event that comes when what it reads satisfies its condition; the lanes with these
    indices have steps that write it."""

    writers: frozenset[int]


@record
class ForWake:
    """An event before which the lane may sleep; the lanes with these indices have steps that
    wake who sleeps at the queue."""

    queue: str
    wakers: frozenset[int]


Awaits = Side | ForReaders | ForInterrupt | ForValue | ForWake
"""What an event may have to wait for; a `Side` is that of a lock that it takes."""

Options = tuple[tuple[str, Run], ...] | Offer


@record
class Op:
    """One operation. `targets` are the places that may follow, `uses` and `defines` registers.

    `options` has for a choice the text and the operation of each possibility, or gives them
    for a frame. `region` is the atomic block that an event lies in, 0 for none.
    """

    kind: Kind
    run: Run
    where: Where | None
    block: str
    region: int
    uses: tuple[int, ...]
    defines: tuple[int, ...]
    targets: tuple[Label | int, ...]
    options: Options = ()
    awaits: Awaits | None = None


@record
class Program:
    """The operations of a lane, in parallel tuples for speed; place 0 starts a round.

    `live` has for each place the registers that still matter there; the others are dropped
    from a state, so that states that differ only in the past are one.
    """

    lane: Lane
    registers: int
    kinds: tuple[Kind, ...]
    runs: tuple[Run, ...]
    options: tuple[Options, ...]
    regions: tuple[int, ...]
    live: tuple[tuple[int, ...], ...]
    ops: tuple[Op, ...]


@record
class Operand:
    """A value at the place where it is used: a function of the registers that it reads."""

    pure: Pure
    uses: tuple[int, ...] = ()


@record(frozen=False)
class Builder:
    """A program being made. `named` says that runs are told; `settled` numbers the expressions
    of `settled(E)`; `top` is the first free register; `leaves` collects what an assertion
    reads, for reports, while one is being lowered; `awaited` has the value that a load stands
    for, while the condition of an `Await` is being lowered."""

    protocol: Checked
    layout: Layout
    lane: Lane
    index: int
    buffered: bool
    named: bool
    settled: dict[tuple[Expression, int], int]
    ops: list[Op] = field(default_factory=list)
    block: str = ""
    names: dict[str, int] = field(default_factory=dict)
    where: Where | None = None
    region: int = 0
    top: int = 0
    size: int = 0
    regions: int = 0
    leaves: list[tuple[str, Operand]] | None = None
    awaited: tuple[Load, Operand] | None = None

    def register(self) -> int:
        """A new register; free again when `top` is set back."""
        self.top += 1
        self.size = max(self.size, self.top)
        return self.top - 1

    def site(self) -> Site:
        return Site(self.where, self.block, len(self.ops) + 1, self.buffered, self.named)

    def emit(
        self,
        kind: Kind,
        run: Run,
        uses: tuple[int, ...] = (),
        defines: tuple[int, ...] = (),
        targets: tuple[Label | int, ...] | None = None,
        options: Options = (),
        awaits: Awaits | None = None,
    ) -> None:
        """Append an operation; without targets the next place follows."""
        follows = (len(self.ops) + 1,) if targets is None else targets
        self.ops.append(
            Op(
                kind,
                run,
                self.where,
                self.block,
                self.region if kind is Kind.EVENT else 0,
                uses,
                defines,
                follows,
                options,
                awaits,
            )
        )

    def here(self, label: Label) -> None:
        label.pc = len(self.ops)

    def domain(self, name: str) -> int:
        return sorted({RCU, *self.protocol.domains}).index(name)

    def lock(self, name: str) -> int:
        return [lock.name for lock in self.protocol.locks].index(name)

    def finish(self) -> Program:
        """The program; unless runs are told, states drop registers that no longer matter."""
        every = tuple(range(self.size))
        masks = _liveness(self.ops)
        live = tuple(
            tuple(r for r in every if mask >> r & 1) if not self.named else every for mask in masks
        )
        return Program(
            self.lane,
            self.size,
            tuple(op.kind for op in self.ops),
            tuple(op.run for op in self.ops),
            tuple(op.options for op in self.ops),
            tuple(op.region for op in self.ops),
            live,
            tuple(self.ops),
        )


def _liveness(ops: list[Op]) -> list[int]:
    """For each place the set of registers that are read before they are set again, as bits."""
    uses = [sum(1 << r for r in set(op.uses)) for op in ops]
    keeps = [~sum(1 << r for r in set(op.defines)) for op in ops]
    after = [[t.pc if isinstance(t, Label) else t for t in op.targets] for op in ops]
    masks = [0] * len(ops)
    changed = True
    while changed:
        changed = False
        for pc in reversed(range(len(ops))):
            out = 0
            for target in after[pc]:
                out |= masks[target]
            mask = uses[pc] | (out & keeps[pc])
            if mask != masks[pc]:
                masks[pc] = mask
                changed = True
    return masks
