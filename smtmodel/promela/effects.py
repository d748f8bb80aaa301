"""What events do to the variables of a model.

Takes an event at its place; gives what it waits for, and its statements. The cases stand in the
order of the union in `executions/event_actions.py`; `docs/semantics.md` is the law.
"""

from typing import assert_never

from smtmodel.executions import event_actions
from smtmodel.executions.event_actions import EventAction, Modify, Side
from smtmodel.executions.terms import (
    Absolute,
    Address,
    Indexed,
    InObject,
    Term,
    name_of,
    registers_in,
)
from smtmodel.language.checked import UNWRITTEN_READ, USE_AFTER_FREE, Rmw, Where, Yields
from smtmodel.promela.conditions import both, bracketed, either, negation
from smtmodel.promela.later import deferred
from smtmodel.promela.memory import ModelMemory, Variables
from smtmodel.promela.operands import Operands
from smtmodel.promela.properties import Numbered
from smtmodel.promela.snapshots import Snapshots
from smtmodel.promela.statements import Arm, Fork, Go, Statement
from smtmodel.promela.traits import Trait
from smtmodel.source.record import record
from smtmodel.systems.system import NotCoveredError

OVER = "end"
"""Where a lane is that has run to its end, or stands for good."""


@record
class GuardedEvent:
    """`guard`: what the event waits for; empty if it always can happen."""

    body: tuple[Statement, ...]
    guard: str = ""


@record
class Effects:
    """An event of a lane: `into` are the variables that it sets, `forget` the statements for a lane
    that stops there for good."""

    memory: ModelMemory
    asked: Numbered
    lane: int
    operands: Operands
    into: Variables
    forget: tuple[str, ...]
    where: Where | None

    def refuse(self, reason: str) -> NotCoveredError:
        return NotCoveredError(self.where, reason)

    def happens(self, action: EventAction) -> GuardedEvent:
        match action:
            case event_actions.Read(address=address):
                return GuardedEvent(self._read(address, self._set(*self.at(address).names)))
            case event_actions.Write(address=address, value=value):
                return GuardedEvent(tuple(self.write(address, value)))
            case event_actions.AwaitValue():
                return self._await(action)
            case Modify():
                return GuardedEvent(self._modify(action))
            case event_actions.Acquire(side=side):
                return GuardedEvent(tuple(self._take(side)), self._takes(side))
            case event_actions.TryAcquire(side=side):
                return self._try(side)
            case event_actions.Release(side=side):
                return GuardedEvent(tuple(self._release(side)))
            case event_actions.Barrier() | event_actions.WakeAll() | event_actions.HaveObject():
                # Who sleeps could as well stand there: only `deadlock` tells.
                return GuardedEvent(
                    ()
                )  # who sleeps could as well stand there: only `deadlock` tells
            case event_actions.EnterSection(domain=domain):
                name = self.memory.open[domain]
                return GuardedEvent((f"{name} = {name} | (1 << me)",))
            case event_actions.LeaveSection(domain=domain):
                return GuardedEvent(tuple(self._leave(domain)))
            case event_actions.BeginGracePeriod(domain=domain):
                waits, opened = self._awaited(domain), self.memory.open.get(domain, "0")
                return GuardedEvent((f"{waits} = {opened}",))
            case event_actions.EndGracePeriod(domain=domain):
                return GuardedEvent((), f"{self._awaited(domain)} == 0")
            case event_actions.FreeObject(thing=thing, struct=struct):
                free = f"{self.memory.free[struct]}[{self.operands.value(thing)}]"
                return GuardedEvent((*self._used(free), f"{free} = 1"))
            case event_actions.FreeLater(thing=thing, struct=struct, domain=domain):
                return GuardedEvent(
                    deferred(self.memory, struct, domain, self.operands.value(thing))
                )
            case event_actions.TakeToken():
                return GuardedEvent(("fresh++", *self._set("TOKEN + fresh")))
            case event_actions.Recall():
                return GuardedEvent(self._recall(action))
            case event_actions.BeginUpdate():
                return GuardedEvent((*self._saved(), "progress++"))
            case event_actions.ReturnUpdate():
                return GuardedEvent(("progress--", *self._forgotten()))
            case event_actions.BeginInterrupt(lane=lane):
                return GuardedEvent((f"interrupted[{lane}] = 1",), f"interrupted[{lane}] == 0")
            case event_actions.EndInterrupt(lane=lane):
                return GuardedEvent((f"interrupted[{lane}] = 0",))
            case event_actions.InterruptsOff() | event_actions.InterruptsOn():
                raise self.refuse("interrupts are switched off")
            case _:
                assert_never(action)

    # ------------------------------------------------------------ accesses

    def at(self, address: Address) -> Variables:
        """The variables at an address."""
        match address:
            case Absolute():
                pointer = ""
            case Indexed(index=register) | InObject(pointer=register):
                pointer = self.operands.value(register)
        return self.memory.place(address, self.memory.layout.lanes[self.lane], pointer)

    def _set(self, *values: str) -> tuple[str, ...]:
        """What the event sets gets these values, if anything needs it."""
        return tuple(f"{name} = {v}" for name, v in zip(self.into.names, values, strict=False))

    def _used(self, free: str) -> list[str]:
        """The object of this flag is used."""
        return [*self.asked.violated(USE_AFTER_FREE, f"{free} == 0")]

    def _use(self, address: Address) -> list[str]:
        match address:
            case InObject(pointer=register, struct=struct) if struct in self.memory.free:
                return self._used(f"{self.memory.free[struct]}[{self.operands.value(register)}]")
            case _:
                return []

    def _read(self, address: Address, body: tuple[Statement, ...]) -> tuple[Statement, ...]:
        """What is done where a place has a value; else the lane stops."""
        used = self._use(address)
        if not isinstance(address, InObject):
            return body
        (name,) = self.at(address).names
        known = (*self.asked.violated(UNWRITTEN_READ), *self.forget)
        wrong: tuple[Statement, ...] = (*known, Go(OVER))
        return (*used, Fork((Arm(f"{name} == UNWRITTEN", wrong), Arm("else", body))))

    def write(self, address: Address, value: Term) -> list[str]:
        """A place gets a value."""
        target = self.at(address)
        if not target.whole:
            return [*self._use(address), f"{target.names[0]} = {self.operands.value(value)}"]
        values = self.operands.entry(value, len(target.names) - 1)
        return [f"{name} = {v}" for name, v in zip(target.names, values, strict=True)]

    def _await(self, action: event_actions.AwaitValue) -> GuardedEvent:
        """In the condition the register stands for what lies at the address."""
        target, operands, name = self.at(action.address), self.operands, name_of(action.address)

        def may_be(trait: Trait, term: Term) -> bool:
            seen = action.into in registers_in(term)
            there = name in self.memory.traits[trait].places
            return (seen and there) or operands.may_be(trait, term)

        seen = Operands(
            lambda number: target if number == action.into else operands.held(number),
            may_be,
            self.where,
        )
        ready = either(seen.missing(action.condition), seen.value(action.condition))
        if isinstance(action.address, InObject):
            ready = either(f"{target.names[0]} == UNWRITTEN", ready)
        return GuardedEvent(self._read(action.address, self._set(*target.names)), ready)

    # ------------------------------------------------------------ read-modify-writes

    def _modify(self, action: Modify) -> tuple[Statement, ...]:
        target = self.at(action.address)
        if target.whole:
            return self._exchanged(action, target)
        (name,) = target.names
        given = [self.operands.value(operand) for operand in action.operands]
        before = self._set(name) if action.yields is Yields.BEFORE else ()
        after = self._set(name) if action.yields is Yields.AFTER else ()
        done = self._set("1") if action.yields is Yields.SUCCESS else ()
        failed = self._set("0" if action.yields is Yields.SUCCESS else name)
        match action.operation:
            case Rmw.EXCHANGE:
                body = (*before, f"{name} = {given[0]}", *after, *done)
                return self._read(action.address, body)
            case Rmw.ADD:
                body = (*before, *self._added(name, given[0], action.width), *after, *done)
                return self._read(action.address, body)
            case Rmw.ADD_NOT_ZERO:
                added = self._added(name, given[0], action.width)
                fork = Fork(
                    (Arm(f"{name} != 0", (*before, *added, *after, *done)), Arm("else", failed))
                )
                return self._read(action.address, (fork,))
            case Rmw.COMPARE_EXCHANGE:
                return self._read(
                    action.address,
                    (
                        self._compared(
                            action,
                            name,
                            given,
                            (*before, f"{name} = {given[-1]}", *after, *done),
                            failed,
                        ),
                    ),
                )

            case operation:
                raise self.refuse(f"the atomic operation `{operation.value}`")

    def _compared(
        self,
        action: Modify,
        name: str,
        given: list[str],
        done: tuple[str, ...],
        failed: tuple[str, ...],
    ) -> Fork:
        expected = action.operands[0]
        sure = "" if not self.operands.doubted(expected) else f"{name} != NOTHING"
        equal = both(f"{name} == {bracketed(given[0])}", sure)
        return Fork((Arm(equal, done), Arm("else", failed)))

    def _added(self, name: str, given: str, width: int | None) -> list[str]:
        total = f"{name} + {bracketed(given)}"
        if width is not None:
            return [f"{name} = ({total}) & {(1 << width) - 1}"]
        return [f"{name} = {total}", limited(name)]

    def _exchanged(self, action: Modify, target: Variables) -> tuple[Statement, ...]:
        """A whole entry is exchanged."""
        if action.operation not in (Rmw.COMPARE_EXCHANGE, Rmw.EXCHANGE):
            raise self.refuse("a whole entry is computed with")
        most = len(target.names) - 1
        new = self.operands.entry(action.operands[-1], most)
        stored = [f"{name} = {value}" for name, value in zip(target.names, new, strict=True)]
        before = self._set(*target.names) if action.yields is Yields.BEFORE else ()
        after = self._set(*target.names) if action.yields is Yields.AFTER else ()
        done = self._set("1") if action.yields is Yields.SUCCESS else ()
        made = (*before, *stored, *after, *done)
        if action.operation is Rmw.EXCHANGE:
            return made
        failed = self._set(*(("0",) if action.yields is Yields.SUCCESS else target.names))
        expected = self.operands.entry(action.operands[0], most)
        same = self.operands.same(target.names, expected)
        return (Fork((Arm(same, made), Arm("else", failed))),)

    # ------------------------------------------------------------ locks and sections

    def _takes(self, side: Side) -> str:
        """That the lock can be taken."""
        nobody = f"{self.memory.locks[side.number]} == 0"
        if side.shared or side.number not in self.memory.readers:
            return nobody
        return both(nobody, f"{self.memory.readers[side.number][1]} == 0")

    def _take(self, side: Side) -> list[str]:
        if not side.shared:
            return [f"{self.memory.locks[side.number]} = me + 1"]
        each, together = self.memory.readers[side.number]
        return [f"{each}[me]++", f"{together}++"]

    def _try(self, side: Side) -> GuardedEvent:
        """It fails only where another lane is in the way; where this lane itself is, it waits."""
        holder = self.memory.locks[side.number]
        in_the_way = both(f"{holder} != 0", f"{holder} != me + 1")
        if not side.shared and side.number in self.memory.readers:
            each, together = self.memory.readers[side.number]
            in_the_way = either(in_the_way, f"{together} > {each}[me]")
        taken = (*self._take(side), *self._set("1"))
        fork = Fork((Arm(self._takes(side), taken), Arm("else", self._set("0"))))
        return GuardedEvent((fork,), either(self._takes(side), in_the_way))

    def _release(self, side: Side) -> list[str]:
        if not side.shared:
            return [f"{self.memory.locks[side.number]} = 0"]
        each, together = self.memory.readers[side.number]
        return [f"{each}[me]--", f"{together}--"]

    def _awaited(self, domain: str) -> str:
        lane = self.memory.layout.lanes[self.lane]
        return f"{self.memory.awaited[domain, lane.kind.name]}[{self.memory.own(lane)}]"

    def _leave(self, domain: str) -> list[str]:
        """No grace period of the domain waits for the section any more."""
        left = [self.memory.open[domain]]
        for (of, kind), name in self.memory.awaited.items():
            if of == domain:
                left += [f"{name}[{index}]" for index in range(self.memory.width(kind))]
        for (struct, of), (_, name) in self.memory.later.items():
            if of == domain:
                left += [f"{name}[{index}]" for index in range(self.memory.counts[struct])]
        return [f"{name} = {name} & ~(1 << me)" for name in left]

    # ------------------------------------------------------------ updates

    def _recall(self, action: event_actions.Recall) -> tuple[Statement, ...]:
        """While no update is in progress, `settled(E)` is what E is now."""
        saved = self.memory.saved[action.expression, action.lane]
        now = Snapshots(self.memory, action.lane, False).seen(action.expression)
        settled = "progress == 0"
        arms = [Arm(both(settled, negation(now.missing)), self._set(now.value))]
        if now.missing:
            arms.append(Arm(both(settled, now.missing), self._set("NOTHING")))
        return (Fork((*arms, Arm("else", self._set(saved)))),)

    def _saved(self) -> list[Statement]:
        """The instant ends at which no update is in progress: what it shows is kept."""
        kept: list[Statement] = []
        for (expression, lane), name in self.memory.saved.items():
            now = Snapshots(self.memory, lane, False).seen(expression)
            if now.missing:
                arms = (
                    Arm(now.missing, (f"{name} = NOTHING",)),
                    Arm("else", (f"{name} = {now.value}",)),
                )
                kept.append(Fork(arms))
            else:
                kept.append(f"{name} = {now.value}")
        return [Fork((Arm("progress == 0", tuple(kept)), Arm("else")))] if kept else []

    def _forgotten(self) -> list[Statement]:
        names = self.memory.saved.values()
        cleared = tuple(f"{name} = 0" for name in names)
        return [Fork((Arm("progress == 0", cleared), Arm("else")))] if cleared else []


def limited(value: str) -> str:
    """The assertion that a number is one that a model can have."""
    return f"assert(-LIMIT < {value} && {value} < LIMIT)"
