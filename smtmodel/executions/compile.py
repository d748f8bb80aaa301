"""A lane's program compiled for the machine: every action becomes a function on a `Frame`.

Takes a `Program`, the layout, and whether lanes have store buffers; gives a `Compiled`. The only
place that knows both what actions there are and which functions do them.
"""

from typing import assert_never

from smtmodel.executions import (
    control,
    event_actions,
    freeing,
    interrupting,
    local_actions,
    locking,
    operations,
)
from smtmodel.executions.actions import CHOICE, kind_of
from smtmodel.executions.event_actions import EventAction
from smtmodel.executions.frame import Frame, Offer, Run
from smtmodel.executions.layout import Layout
from smtmodel.executions.local_actions import ChoiceAction, LocalAction
from smtmodel.executions.operations import Firsts, Site
from smtmodel.executions.program import Op, Program
from smtmodel.executions.terms import Address, InObject
from smtmodel.executions.valuation import Locate, evaluate, locate
from smtmodel.language.checked import Expression
from smtmodel.source.record import record

Options = tuple[tuple[str, Run], ...] | Offer
"""What can be chosen: the text and the operation of each possibility, or what gives them."""

Recalled = dict[tuple[Expression, int], int]
"""The number of each `settled(E)`, by its expression and the lane whose caches it reads."""


@record
class Compiled:
    """A program in parallel tuples, for speed.

    `live` has for each place the registers that still matter there; the others are dropped
    from a state, so that states that differ only in the past are the same.
    """

    program: Program
    registers: int
    kinds: tuple[int, ...]
    runs: tuple[Run, ...]
    options: tuple[Options, ...]
    regions: tuple[int, ...]
    live: tuple[tuple[int, ...], ...]


def compiled(
    program: Program, layout: Layout, recalled: Recalled, *, buffered: bool, named: bool
) -> Compiled:
    """The program as it runs; `named`: runs are narrated, for which states keep all registers."""
    every = (tuple(range(program.registers)),) * len(program.ops)
    compiler = _LaneCompiler(program, layout, recalled)
    kinds = tuple(kind_of(op.action) for op in program.ops)
    runs: list[Run] = []
    options: list[Options] = []
    for place, (kind, op) in enumerate(zip(kinds, program.ops, strict=True)):
        site = Site(op.where, op.block, place + 1, buffered, named)
        chooses = kind == CHOICE
        runs.append(_to_be_chosen if chooses else compiler.run(op, site))
        options.append(compiler.options(op, site) if chooses else ())
    regions = tuple(op.region for op in program.ops)
    live = every if named else program.live()
    return Compiled(program, program.registers, kinds, tuple(runs), tuple(options), regions, live)


def _to_be_chosen(frame: Frame) -> int:
    raise AssertionError("an option of a choice is run, never the choice itself")


@record
class _LaneCompiler:
    program: Program
    layout: Layout
    recalled: Recalled

    def run(self, op: Op, site: Site) -> Run:
        """What an action that is no choice does."""
        match op.action:
            case local_actions.StartRound(blocks=((block, label),)):
                entry = self.program.labels[label]
                return control.start_round(block, entry, self.program.registers)
            case action if isinstance(action, LocalAction):
                return self._local(action, site)
            case action if isinstance(action, EventAction):
                return self._event(action, site)
            case _:
                raise AssertionError(op.action)

    def options(self, op: Op, site: Site) -> Options:
        """What can be chosen."""
        action = op.action
        assert isinstance(action, ChoiceAction)
        labels, size = self.program.labels, self.program.registers
        match action:
            case local_actions.StartRound(blocks=blocks):
                return tuple(
                    (block, control.start_round(block, labels[label], size))
                    for block, label in blocks
                )
            case local_actions.ChooseBranch(targets=targets):
                numbered = enumerate(targets, 1)
                return tuple(
                    (str(n), control.branch(labels[label], str(n))) for n, label in numbered
                )
            case local_actions.ChooseValue(into=into, low=low, high=high):
                values = range(low, high + 1)
                return tuple((str(n), operations.choose(site, into, n)) for n in values)
            case local_actions.ChooseObject(into=into, struct=struct):
                return freeing.choose_object(self.layout, site, self.program.index, struct, into)
            case _:
                assert_never(action)

    def _local(self, action: LocalAction, site: Site) -> Run:
        labels = self.program.labels
        match action:
            case local_actions.Arrive(goes_on=goes_on, enters=enters):
                return control.arrive(site, goes_on=goes_on, enters=enters)
            case local_actions.Compute(into=into, value=value, name=name):
                return control.compute(site, into, evaluate(value), name)
            case local_actions.Dereference(into=into, pointer=pointer, text=text, null=null):
                target = None if null is None else labels[null]
                return control.dereference(site, into, evaluate(pointer), target, text)
            case local_actions.CheckIndex(into=into, index=index, array=array, length=length):
                return control.check_index(site, into, evaluate(index), array, length)
            case local_actions.ReadGhost(into=into, address=address):
                return operations.read_ghost(site, self._locate(address), into)
            case local_actions.WriteGhost(address=address, value=value):
                return operations.write_ghost(site, self._locate(address), evaluate(value))
            case local_actions.MakeObject(into=into, struct=struct):
                return freeing.make_object(self.layout, site, self.program.index, struct, into)
            case local_actions.Jump(target=target):
                return control.jump(labels[target])
            case local_actions.JumpIf(condition, holding, target, True, part):
                told, place = evaluate(condition), labels[target]
                return control.decide(site, told, place, part, holding=holding)
            case local_actions.JumpIf(condition, holding, target):
                return control.jump_if(site, evaluate(condition), labels[target], holding=holding)
            case local_actions.Require(condition=condition):
                return control.require(site, evaluate(condition))
            case local_actions.CutOff(rounds=rounds, bound=bound):
                return control.cut_off(site, evaluate(rounds), bound)
            case local_actions.CheckAssert(name=name, condition=condition, reads=reads):
                known = tuple((read, evaluate(term)) for read, term in reads)
                return control.check_assert(site, name, evaluate(condition), known)
            case local_actions.EndAtomic():
                return control.end_atomic(site)
            case local_actions.EnterInner(domain=domain, skip=skip):
                return locking.enter_inner(site, self.layout.domain(domain), labels[skip])
            case local_actions.LeaveInner(domain=domain, skip=skip):
                return locking.leave_inner(site, self.layout.domain(domain), labels[skip])
            case local_actions.CheckSleep(locks, domain, interrupts, off):
                number = self.layout.domain(domain)
                named = tuple((lock, self.layout.lock_name(lock)) for lock in locks)
                interrupted = self.program.lane.interrupts if interrupts else None
                masked = None if off is None else off.number
                return locking.check_sleep(
                    site, named, number, domain, interrupted, self.program.lane.name, masked
                )
            case local_actions.Misuse():
                assert self.program.lane.interrupts is not None
                return locking.misuse(site, self.program.lane.interrupts)
            case local_actions.EndRound(kept=kept):
                numbers = tuple((place, register.number) for place, register in kept)
                return control.end_round(site, numbers, self.program.lane.rounds)
            case _:
                assert_never(action)

    def _event(self, action: EventAction, site: Site) -> Run:
        match action:
            case event_actions.Read(into=into, address=address):
                return operations.read(site, self._locate(address), into, self._firsts(address))
            case event_actions.Write(address=address, value=value):
                pure, firsts = evaluate(value), self._firsts(address)
                return operations.write(site, self._locate(address), pure, firsts)
            case event_actions.AwaitValue():
                return self._await(action, site)
            case event_actions.Modify(address=address, operands=operands):
                given = tuple(map(evaluate, operands))
                firsts = self._firsts(address)
                return operations.modify(site, action, self._locate(address), given, firsts)
            case event_actions.Acquire(side=side):
                return locking.acquire(site, side, freed=self._freed(side))
            case event_actions.TryAcquire(into=into, side=side):
                return locking.try_acquire(site, side, into, freed=self._freed(side))
            case event_actions.Release(side=side):
                return locking.release(site, side, freed=self._freed(side))
            case event_actions.Barrier(kind=kind):
                return operations.barrier(site, kind)
            case event_actions.WakeAll(queue=queue):
                return locking.wake_all(site, queue)
            case event_actions.EnterSection(into=register, domain=domain):
                return locking.enter_section(site, domain, self.layout.domain(domain), register)
            case event_actions.LeaveSection(domain=domain, cookie=cookie):
                held = None if cookie is None else cookie.number
                return locking.leave_section(site, domain, self.layout.domain(domain), held)
            case event_actions.BeginGracePeriod(domain=domain):
                return locking.begin_grace_period(site, domain, self.layout.domain(domain))
            case event_actions.EndGracePeriod(domain=domain):
                return locking.end_grace_period(site, domain)
            case event_actions.FreeObject(thing=thing, struct=struct):
                number = self.layout.number(struct)
                return freeing.free_object(self.layout, site, thing.number, number)
            case event_actions.FreeLater(thing=thing, struct=struct, domain=domain):
                number, into = self.layout.number(struct), thing.number
                return freeing.free_later(site, into, number, self.layout.domain(domain))
            case event_actions.HaveObject():
                return freeing.have_object(site)
            case event_actions.TakeToken(into=into):
                return operations.take_token(site, into)
            case event_actions.Recall(into=into, expression=expression, lane=lane):
                return operations.recall(site, self.recalled[expression, lane], into)
            case event_actions.BeginUpdate(serial=serial):
                return operations.begin_update(site, serial=serial)
            case event_actions.ReturnUpdate():
                return operations.return_update(site)
            case event_actions.BeginInterrupt(name=name, lane=lane):
                return interrupting.begin_interrupt(site, name, lane)
            case event_actions.EndInterrupt(name=name, lane=lane):
                return interrupting.end_interrupt(site, name, lane)
            case event_actions.InterruptsOff():
                return interrupting.interrupts_off(site)
            case event_actions.InterruptsOn():
                return interrupting.interrupts_on(site)
            case _:
                assert_never(action)

    def _await(self, action: event_actions.AwaitValue, site: Site) -> Run:
        address, condition = self._locate(action.address), evaluate(action.condition)
        run = operations.await_value(site, address, condition, action.into)
        return run if action.queue is None else locking.sleep(site, action.queue, run)

    def _locate(self, address: Address) -> Locate:
        return locate(address, self.layout)

    def _freed(self, side: event_actions.Side) -> bool:
        """Whether a lock is that of an object which may be free."""
        return side.lock.struct in self.layout.freed

    def _firsts(self, address: Address) -> Firsts:
        """What an access needs to know whether its object is free, where that could be."""
        freed = isinstance(address, InObject) and address.struct in self.layout.freed
        return self.layout.firsts if freed else None
