"""Unrolls a checked protocol at given bounds into its event graph.

Lane by lane, by symbolic execution: branches are joined again, loops written out up to their
bounds. A lane that may wait, stop or be cut off goes on under a longer guard. Assumes what
the checking pass refuses: locks and sections are balanced on every path, locals assigned.
"""

from typing import assert_never

from smtmodel.events.graph import At, Begun, EventGraph, Kind, LaneGraph
from smtmodel.events.holding import Held, Holding
from smtmodel.events.locking import Locker
from smtmodel.events.symbolic import Environment, merged
from smtmodel.events.terms import ALWAYS, Apply, Chosen, Const, Guard, Select, Special, Term
from smtmodel.language import checked as lang
from smtmodel.language.checked import Bounds, Checked, Lane, LaneKind
from smtmodel.language.walk import is_sleep


def unroll(protocol: Checked, bounds: Bounds) -> EventGraph:
    """The event graph of all executions at these bounds; raises building.TooLarge."""
    return _Unroller(protocol, bounds).graph()


class _Unroller(Locker):
    """Lane by lane, step by step, and how steps branch and join."""

    def __init__(self, protocol: Checked, bounds: Bounds) -> None:
        super().__init__(protocol, bounds)
        goals = (p.steps for p in protocol.properties if isinstance(p, lang.ReachStep))
        self.goals = frozenset[int]().union(*goals)
        self.alive = True
        self.returned: list[tuple[Guard, Environment]] = []
        self.deferred: list[tuple[int, Term]] = []

    def graph(self) -> EventGraph:
        lanes = [self._unroll_lane(number, lane) for number, lane in enumerate(self.lanes)]
        for defer, pointer in self.deferred:
            lanes.append(self._callback(len(lanes), defer, pointer))
        return self.finished(tuple(lanes), self.protocol, self.bounds)

    def _callback(self, number: int, defer: int, pointer: Term) -> LaneGraph:
        """A deferred free, which may come at any time after its grace period, or not at all."""
        event = self.events[defer]
        self.lane, self.first, self.interrupted = number, len(self.events), False
        self.guard, self.where, self.block = event.guard, event.where, event.block
        free = self.event(Kind.FREE, name=event.name, partners=(defer,), waits=True)
        self.amend(free, pointer=pointer)
        kind = LaneKind("callback", "", (), updates=False)
        name = f"{self.lanes[event.lane].name} callback {defer}"
        return LaneGraph(Lane(name, kind, 0, 1), free, free + 1, ALWAYS, defers=defer)

    # ------------------------------------------------------------ lanes

    def _unroll_lane(self, number: int, lane: Lane) -> LaneGraph:
        self.lane = number
        self.first = len(self.events)
        self.guard = ALWAYS
        self.interrupted = any(other.interrupts == lane.name for other in self.lanes)
        for name in lane.kind.blocks:
            for local, _ in self.protocol.block(name).locals:
                self.locals[lane.name, name, local] = Const(Special.UNASSIGNED)
        for self.round in range(lane.rounds):
            self._unroll_round(lane)
        return LaneGraph(lane, self.first, len(self.events), self.guard)

    def _unroll_round(self, lane: Lane) -> None:
        names = lane.kind.blocks
        serial = self.protocol.updaters is None
        self.where, self.block = None, names[0] if len(names) == 1 else ""
        if lane.kind.updates:
            self.event(Kind.BEGIN, serial=serial)
        interrupt = None
        if lane.interrupts is not None:
            interrupt = self.event(Kind.INTERRUPT, name=lane.interrupts, waits=True)
        if len(names) == 1:
            self._unroll_block(lane, names[0])
        else:
            base, choice = self.guard, self.choose(names)
            ends = []
            for index, name in enumerate(names):
                self.guard = base
                self.guard = self.under(self.holding(_is(choice, index)))
                self._unroll_block(lane, name)
                ends.append(self.guard)
            self.guard = self.joined(base, ends)
        self.where, self.block = None, names[0] if len(names) == 1 else ""
        if lane.kind.updates:
            self.event(Kind.RETURN, serial=serial)
        if interrupt is not None:
            self.event(Kind.RESUME, name=lane.interrupts or "", partners=(interrupt,))

    def _unroll_block(self, lane: Lane, name: str) -> None:
        block = self.protocol.block(name)
        self.block = name
        base = self.guard
        self.alive, self.environment, self.returned = True, {}, []
        self.locks, self.sections = {}, []
        self.masks, self.saved = None if lane.interrupts is None else (), {}
        self._steps(block.steps)
        if self.alive:
            self.returned.append((self.guard, self.environment))
        for local, _ in block.locals:
            self._keep(lane.name, block, local)
        self.guard = self.joined(base, [guard for guard, _ in self.returned])
        self.alive = True

    def _keep(self, lane: str, block: lang.Block, local: str) -> None:
        """The value of a local as the block ends; of an entry that of each field."""
        finals = [(guard, environment.get(local)) for guard, environment in self.returned]
        unassigned = Const(Special.UNASSIGNED)
        fields = block.fields(local)
        for field in ("", *fields):
            key = (lane, block.name, f"{local}.{field}" if field else local)
            value = self.locals.get(key, unassigned)
            for guard, final in finals:
                if isinstance(final, tuple):
                    ended = final[fields.index(field)] if field else unassigned
                else:
                    ended = final or unassigned
                value = Select(guard, ended, value) if guard else ended
            self.locals[key] = value

    # ------------------------------------------------------------ steps

    def _steps(self, steps: tuple[lang.Step, ...]) -> None:
        for step in steps:
            if not self.alive:
                return
            self.where = step.where
            self.begun.append(Begun(step.where.number, self.guard))
            if step.where.number in self.goals:
                self.event(Kind.REACH)
            self._step(step)

    def _step(self, step: lang.Step) -> None:
        match step:
            case lang.SetLocal(_, name, value):
                self.environment[name] = self.whole(value)
            case lang.Store():
                self._store(step)
            case lang.Evaluate(_, expression):
                if is_sleep(step):
                    self.may_sleep()
                self.whole(expression)
            case lang.Enter(_, domain, cookie):
                self.enter(domain, cookie)
            case lang.Leave(_, domain, cookie):
                self.leave(domain, cookie)
            case lang.Synchronize(_, domain):
                self.may_sleep()
                begin = self.event(Kind.GRACE_BEGIN, name=domain)
                self.event(Kind.GRACE_END, name=domain, partners=(begin,), waits=True)
            case lang.MaskInterrupts(_, saved):
                if saved is not None:
                    self.saved[saved] = self.masks
                self.mask()
            case lang.UnmaskInterrupts(_, saved):
                if saved is None or self.saved[saved] is None:
                    self.unmask()
                else:
                    self.mask()
            case lang.TakeLock():
                self.take(step)
            case lang.ReleaseLock():
                self.release(step)
            case lang.Zap(_, variable, None):
                self._zap(variable)
            case lang.Zap(_, variable, index):
                assert index is not None
                at = self.address(lang.Element(variable, index))
                self.event(Kind.WRITE, address=at, values=self._empty(variable))
            case lang.Free(_, pointer):
                self._free(step, self.value(pointer))
            case lang.Wake(_, queue):
                self.event(Kind.WAKE, name=queue, serial=True)
            case lang.Fence(_, kind):
                self.amend(self.event(Kind.FENCE), fence=kind)
            case lang.If():
                self._if(step)
            case lang.While():
                self._while(step)
            case lang.Retry():
                self._retry(step)
            case lang.Each():
                self._each(step)
            case lang.Branch(_, branches):
                self._branch(branches)
            case lang.Return():
                self.returned.append((self.guard, dict(self.environment)))
                self.alive = False
            case lang.Opening():
                pass
            case lang.Assert(_, name, condition):
                term = self.value(condition)
                self.amend(self.event(Kind.ASSERT, name=name), condition=term)
            case lang.Assume(_, condition):
                self.stop_unless("assume", self.value(condition))
            case lang.Atomic(_, body):
                self.atomic, self.atomics = self.atomics, self.atomics + 1
                self._steps(body)
                self.atomic = None
            case _:
                assert_never(step)

    def _zap(self, variable: str) -> None:
        for (name, _), location in self.cells.items():
            if name == variable:
                self.event(Kind.WRITE, address=At(location), values=self._empty(variable))

    def _empty(self, variable: str) -> tuple[Term, ...]:
        return tuple(Const(Special.NOTHING) for _ in self.variables[variable].fields)

    def _free(self, step: lang.Free, pointer: Term) -> None:
        something, base = Apply("!=", (pointer, Const(Special.NULL))), self.guard
        if step.null_safe:
            self.guard = self.under(self.holding(something))
        else:
            self.stop_unless(lang.NULL_DEREFERENCE, something)
        if step.domain is None:
            self.amend(self.event(Kind.FREE), pointer=pointer)
        else:
            self.deferred.append((self.event(Kind.DEFER, name=step.domain), pointer))
        if step.null_safe:
            skipped = tuple(sorted({*base, -self.holding(something)}))
            self.guard = self.joined(base, [skipped, self.guard])

    # ------------------------------------------------------------ branching

    def _if(self, step: lang.If) -> None:
        condition, negated = step.condition, False
        if isinstance(condition, lang.Operation) and isinstance(
            condition.operands[0], lang.TryLock
        ):
            condition, negated = condition.operands[0], True
        if isinstance(condition, lang.TryLock):
            number = self.attempt(condition)
            success = self.events[number].success
            assert success is not None
            literal = self.holding(success)
            lock = condition.lock, condition.at
            taken: Held = {lock: (*self.locks.get(lock, ()), (number,))}
        else:
            literal, taken = self.holding(self.value(condition)), {}
        then, otherwise = (step.otherwise, step.then) if negated else (step.then, step.otherwise)
        self._split([(literal, then, taken), (-literal, otherwise, {})])

    def _branch(self, branches: tuple[tuple[lang.Step, ...], ...]) -> None:
        choice = self.choose(tuple(str(n + 1) for n in range(len(branches))))
        self._split(
            [
                (self.holding(_is(choice, index)), branch, {})
                for index, branch in enumerate(branches)
            ]
        )

    def _split(self, ways: list[tuple[int, tuple[lang.Step, ...], Held]]) -> None:
        """Runs each way under its literal and joins those that go on."""
        base, where = self.guard, self.where
        environment, held = self.environment, self.held_now()
        ends = []
        for literal, steps, taken in ways:
            self.guard, self.alive = base, True
            self.guard = self.under(literal)
            self.environment = dict(environment)
            self.hold_again(held)
            self.locks.update(taken)
            self._steps(steps)
            if self.alive:
                ends.append((self.guard, self.environment, self.held_now()))
        self.where = where
        self._join(base, ends)

    def _join(
        self,
        base: Guard,
        ends: list[tuple[Guard, Environment, Holding]],
    ) -> None:
        self.alive = bool(ends)
        if not ends:
            return
        _, self.environment, held = ends[-1]
        for guard, environment, other in reversed(ends[:-1]):
            self.environment = merged(guard, environment, self.environment)
            held = held.joined(other)
        self.hold_again(held)
        self.guard = self.joined(base, [guard for guard, _, _ in ends])

    def _while(self, step: lang.While) -> None:
        base, ends = self.guard, []
        for turn in range(step.bound + 1):
            self.where = step.where
            literal = self.holding(self.value(step.condition))
            ends.append((self.under(-literal), dict(self.environment), self.held_now()))
            if turn == step.bound:
                self.stop("bound", self.under(-literal))
                break
            self.guard = self.under(literal)
            self._steps(step.body)
            if not self.alive:
                break
        self.where = step.where
        self._join(base, ends)

    def _retry(self, step: lang.Retry) -> None:
        base, ends = self.guard, []
        for turn in range(step.bound):
            self._steps(step.body)
            if not self.alive:
                break
            self.where = step.where
            literal = self.holding(self.value(step.condition))
            ends.append((self.under(literal), dict(self.environment), self.held_now()))
            if turn == step.bound - 1:
                self.stop("bound", self.under(literal))
            else:
                self.guard = self.under(-literal)
        self.where = step.where
        self._join(base, ends)

    def _each(self, step: lang.Each) -> None:
        kinds = [lane.kind.name for lane in self.lanes]
        for number in range(step.length or kinds.count(step.lanes or "")):
            self.environment[step.name] = Const(number)
            self._steps(step.body)


def _is(choice: Chosen, index: int) -> Term:
    return Apply("==", (choice, Const(index)))
