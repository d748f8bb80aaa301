"""Steps of a protocol as statements of litmus tests, lane by lane.

What a property is about goes to registers of the lane: `Notes` says which.
"""

from functools import partial
from typing import assert_never

from smtmodel.language import checked as lang
from smtmodel.language.checked import FenceKind, Lane, Mark, Rmw
from smtmodel.language.walk import inside, steps_in
from smtmodel.litmus.program import (
    AnyBelow,
    Arithmetic,
    Integer,
    MayStop,
    Performed,
    Requires,
    Thread,
    Within,
)
from smtmodel.litmus.program import Expression as Value
from smtmodel.litmus.written.changes import Changing
from smtmodel.litmus.written.guards import ONE, ZERO, Held, Manner, Notes
from smtmodel.litmus.written.memory import SERIAL, Memory
from smtmodel.litmus.written.refused import NotWritten
from smtmodel.source import Span
from smtmodel.source.record import parts

FENCES = {
    FenceKind.FULL: "mb",
    FenceKind.WRITE: "wmb",
    FenceKind.READ: "rmb",
    FenceKind.BEFORE_ATOMIC: "before-atomic",
    FenceKind.AFTER_ATOMIC: "after-atomic",
}
MANY_AT_ONCE = "several accesses in an atomic block, which no CPU makes at one instant"
MIDST = "a `return` in the midst of branches"
_REFUSED: dict[type, str] = {
    lang.Wake: "a wait queue",
    lang.MaskInterrupts: "switching interrupts off",
    lang.UnmaskInterrupts: "switching interrupts on",
    lang.EntryValue: "a whole entry as a value",
    lang.TryLock: "a try of a lock here",
}


class LaneWriter(Changing):
    """One lane of a protocol."""

    def __init__(self, memory: Memory, lane: Lane, number: int, how: Manner, notes: Notes) -> None:
        super().__init__(memory, lane, number, how, notes)
        self.awaited: dict[lang.Load, Value] = {}
        self.passed: Value | None = None
        self.telling = False
        self.elements: dict[str, int] = {}

    # ------------------------------------------------------------ lane and rounds

    def thread(self) -> Thread:
        """The lane with all of its rounds."""
        for round_ in range(self.of.rounds):
            self._round(round_)
        return Thread(self.of.name, (), tuple(self.statements), self.stops)

    def _round(self, number: int) -> None:
        serial = self.of.kind.updates and self.protocol.updaters is None and self.of.rounds > 1
        if self.of.kind.updates:
            self.fence("begin")
        if serial:
            self.take_word(SERIAL)
        names = self.of.kind.blocks
        if len(names) == 1:
            self._block(names[0])
        else:
            choice = self.kept(AnyBelow(len(names)))
            for index, name in enumerate(names):
                then = self._apart(partial(self._block, name))
                self.under(Arithmetic("==", (choice, Integer(index))), then, [])
        if self.of.kind.updates:
            self._tell()
        if serial:
            self.release_word(SERIAL)
        if self.of.kind.updates:
            if self.how.tells:
                place = self.memory.message(f"(told by {self.of.name}, {number})")
                self.store(place, "tell", self.span, ONE)
            self.fence("return")

    def _tell(self) -> None:
        """Tells whoever asks what there is to know when the update is over."""
        for expression, place in self.memory.told.items():
            self.telling = True
            known = self.value(expression)
            self.telling = False
            self.store(place, "release", self.span, known)

    def tag(self, mark: Mark, span: Span) -> str:
        return "know" if self.telling else super().tag(mark, span)

    def _block(self, name: str) -> None:
        self.block = name
        block = self.protocol.block(name)
        for local, _ in block.locals:
            self.set(f"{self.register(local)}?", ZERO)
        self.held, self.sections = [], []
        self._steps(block.steps, tail=True)

    # ------------------------------------------------------------ steps

    def _steps(self, steps: tuple[lang.Step, ...], *, tail: bool = False) -> None:
        """`tail`: nothing of the block comes after them."""
        for place, step in enumerate(steps):
            rest = steps[place + 1 :]
            self._begin(step.where)
            if isinstance(step, lang.Return):
                if not tail or rest:
                    raise NotWritten(step.where.span, MIDST)
            elif isinstance(step, lang.If) and tail:
                self._if(step, rest)
                return
            elif any(isinstance(one, lang.Return) for one in steps_in((step,))):
                raise NotWritten(step.where.span, MIDST)
            else:
                self._step(step)
            if self.passed is not None:
                self._behind(rest, tail=tail)
                return

    def _behind(self, rest: tuple[lang.Step, ...], *, tail: bool) -> None:
        """The steps behind a read that waits: they depend on what it returns."""
        condition, self.passed = self.passed, None
        assert condition is not None
        self.under(condition, self._apart(lambda: self._steps(rest, tail=tail)), [])

    def _begin(self, where: lang.Where) -> None:
        self.span = where.span
        self.notes.texts[where.span] = where.text
        if where.number in self.how.goals:
            noted = self._note(f"(at {where.number})")
            self.notes.begun.setdefault(where.number, []).append(noted)

    def _step(self, step: lang.Step) -> None:
        match step:
            case lang.SetLocal(_, name, value):
                self._set_local(name, value)
            case lang.Store():
                self._store(step)
            case lang.Evaluate(_, expression):
                self._evaluate(expression)
            case lang.Enter(_, domain, cookie):
                self._enter(domain, cookie)
            case lang.Leave(_, domain, cookie):
                self._leave(domain, cookie)
            case lang.Synchronize(_, domain):
                self._synchronize(domain)
            case lang.TakeLock():
                self._take(self.held_by(step))
            case lang.ReleaseLock():
                self._release(self.held_by(step))
            case lang.Fence(_, kind):
                self.fence(FENCES[kind])
            case lang.Zap():
                self._zap(step)
            case lang.If():
                self._if(step, None)
            case lang.While(_, bound, condition, body):
                self._while(bound, condition, body)
            case lang.Retry(_, bound, body, condition):
                self._retry(bound, condition, body)
            case lang.Branch(_, branches):
                self._branch(branches)
            case lang.Assert(_, name, condition):
                self._assert(name, condition)
            case lang.Assume(_, condition):
                assumed = self.value(condition)
                self._may_stop()
                self.add(Requires(assumed))
            case lang.Opening():
                pass
            case lang.Return():
                raise AssertionError("handled by _steps")
            case lang.Free():
                self._free(step)
            case lang.Atomic(_, body):
                self._atomic(body)
            case lang.Each():
                self._each(step)
            case lang.Wake() | lang.MaskInterrupts() | lang.UnmaskInterrupts():
                raise NotWritten(self.span, _REFUSED[type(step)])
            case _:
                assert_never(step)

    def _assert(self, name: str, condition: lang.Expression) -> None:
        value = self.value(condition)
        failed = self._note(f"(failed {name})", Arithmetic("!", (value,)))
        self._once(self.notes.failed.setdefault(name, []), failed)
        self._once(self.notes.judged.setdefault(name, []), self._note(f"(judged {name})"))

    def _atomic(self, body: tuple[lang.Step, ...]) -> None:
        """Steps of which at most one is an access: that is all that a CPU does at one instant."""
        made = tuple(self._apart(lambda: self._steps(body)))
        stops = tuple(one.behind for one in parts(made) if isinstance(one, MayStop))
        if _accesses(made) - _accesses(stops) > 1:
            raise NotWritten(self.span, MANY_AT_ONCE)
        self.statements += made

    # ------------------------------------------------------------ values that only steps have

    def _set_local(self, name: str, value: lang.Expression) -> None:
        names = self.protocol.block(self.block).fields(name)
        if names:
            fields = self._entry(value)
            if isinstance(value, lang.EntryValue):  # it may be made of the old fields
                fields = [self.kept(one) for one in fields]
            for field, held in zip(names, fields, strict=True):
                self.set(f"{self.register(name)}.{field}", held)
        else:
            self.set(self.register(name), self.value(value))
        self.set(f"{self.register(name)}?", ONE)

    def _evaluate(self, expression: lang.Expression) -> None:
        match expression:
            case lang.ReadModifyWrite(Rmw.ADD, mark=Mark.RELAXED):
                self._modified(expression, noreturn=True)
            case _:
                self.value(expression)

    def acts(self, expression: lang.Expression) -> bool:
        kinds = lang.ReadModifyWrite | lang.Await
        return any(isinstance(one, kinds) for one in inside(expression))

    def value(self, expression: lang.Expression) -> Value:
        if isinstance(expression, lang.Load) and expression in self.awaited:
            return self.awaited[expression]
        found = super().value(expression)
        if isinstance(expression, lang.Operation):
            return self._computed(expression.operator, found)
        return found

    def known(self, expression: lang.Expression) -> int | None:
        match expression:
            case lang.LaneNumber():
                return self.of.number
            case lang.Local(name):
                return self.elements.get(name)
            case _:
                return super().known(expression)

    def further(self, expression: lang.Expression) -> Value:
        match expression:
            case lang.LaneNumber():
                return Integer(self.of.number)
            case lang.ReadModifyWrite():
                return self._modified(expression, noreturn=False)
            case lang.Await():
                return self._await(expression)
            case lang.Settled(asked):
                return self.load(self.memory.told[asked], "acquire", self.span)
            case lang.Fresh():
                return self.memory.token()
            case lang.Choose(low, high):
                return Arithmetic("+", (AnyBelow(high - low + 1), Integer(low)))
            case lang.Allocate(struct):
                return self.memory.made(struct, self.span)
            case lang.Copy(pointer, struct, span):
                return self._copy(self.value(pointer), struct, span)
            case _:
                raise NotWritten(self.span, _REFUSED.get(type(expression), "this step"))

    def _copy(self, pointer: Value, struct: str, span: Span) -> Value:
        self.dereferenced(pointer, span)
        new = self.memory.made(struct, span)
        tag = self.tag(Mark.PLAIN, span)
        for field in self.protocol.struct(struct).fields:
            old = self.load(Within(pointer, field), tag, span)
            self.received(old.name)
            self.store(Within(new, field), tag, span, old)
        return new

    def _await(self, expression: lang.Await) -> Value:
        if expression.queue is not None:
            raise NotWritten(self.span, "a wait queue")
        self._may_stop()
        found = self.value(expression.load)
        self.awaited[expression.load] = found
        condition = self.value(expression.condition)
        del self.awaited[expression.load]
        self.add(Requires(condition))
        self.passed = condition
        return found

    # ------------------------------------------------------------ branches

    def _if(self, step: lang.If, rest: tuple[lang.Step, ...] | None) -> None:
        """A branch; with `rest` the last steps of the block, which a branch that returns skips."""
        then, otherwise = step.then, step.otherwise
        returning = rest is not None and any(map(_returns, (then, otherwise)))
        behind, rest = (rest or (), ()) if returning else ((), rest)
        condition, taken = self._condition(step.condition)
        ways = []
        before = list(self.held), list(self.sections)
        for way, steps in ((True, then), (False, otherwise)):
            if _returns(steps[:-1]) or (_returns(steps) and not isinstance(steps[-1], lang.Return)):
                raise NotWritten(step.where.span, MIDST)
            self.held, self.sections = list(before[0]), list(before[1])
            if taken is not None and taken[1] == way:
                self.held.append(taken[0])
            going = steps if _returns(steps) else (*steps, *behind)
            tail = rest is not None and (returning or not rest)
            ways.append(self._apart(partial(self._steps, going, tail=tail)))
        self.under(condition, *ways)
        if rest:
            self._steps(rest, tail=True)

    def _condition(self, condition: lang.Expression) -> tuple[Value, tuple[Held, bool] | None]:
        """What decides, and the lock that is taken with the branch in which it is."""
        negated = isinstance(condition, lang.Operation) and condition.operator == "!"
        tried = condition.operands[0] if isinstance(condition, lang.Operation) else condition
        if isinstance(tried, lang.TryLock) and (negated or tried is condition):
            lock = self.held_by(tried)
            outcome = self._try(lock)
            decided = Arithmetic("!", (outcome,)) if negated else outcome
            return decided, (lock, not negated)
        return self.value(condition), None

    def _while(self, bound: int, condition: lang.Expression, body: tuple[lang.Step, ...]) -> None:
        going = self.value(condition)
        if bound == 0:
            self._may_stop()
            self.add(Requires(Arithmetic("!", (going,))))
            return

        def turn() -> None:
            self._steps(body)
            self._while(bound - 1, condition, body)

        self.under(going, self._apart(turn), [])

    def _retry(self, bound: int, condition: lang.Expression, body: tuple[lang.Step, ...]) -> None:
        self._steps(body)
        done = self.value(condition)
        if bound == 1:
            self._may_stop()
            self.add(Requires(done))
            return
        again = self._apart(lambda: self._retry(bound - 1, condition, body))
        self.under(done, [], again)

    def _each(self, step: lang.Each) -> None:
        """The steps once for each element: which one it is, is known before the run."""
        of_kind = [one for one in self.memory.lanes if one.kind.name == step.lanes]
        for number in range(step.length or len(of_kind)):
            self.elements[step.name] = number
            self.set(self.register(step.name), Integer(number))
            self._steps(step.body)
        self.elements.pop(step.name, None)

    def _branch(self, branches: tuple[tuple[lang.Step, ...], ...]) -> None:
        choice = self.kept(AnyBelow(len(branches)))
        before = list(self.held), list(self.sections)
        for index, steps in enumerate(branches):
            self.held, self.sections = list(before[0]), list(before[1])
            then = self._apart(partial(self._steps, steps))
            self.under(Arithmetic("==", (choice, Integer(index))), then, [])


def _accesses(made: object) -> int:
    return sum(isinstance(one, Performed) for one in parts(made))


def _returns(steps: tuple[lang.Step, ...]) -> bool:
    """Whether some of the steps ends the block."""
    return any(isinstance(one, lang.Return) for one in steps_in(steps))
