"""What the local actions and the choices of a lane do to its variables, as statements.

Where control goes then is the business of `smtmodel.promela.lanes`.
"""

from collections.abc import Callable

from smtmodel.executions import local_actions
from smtmodel.executions.event_actions import EventAction
from smtmodel.executions.program import Op, Program
from smtmodel.executions.terms import Computed, Immediate, Term
from smtmodel.language.checked import GROWING, NEGATIVE_OPERAND
from smtmodel.promela.conditions import both, bracketed, either, same_name
from smtmodel.promela.effects import Effects, GuardedEvent
from smtmodel.promela.memory import ModelMemory, Variables, counter
from smtmodel.promela.operands import Operands
from smtmodel.promela.properties import Numbered
from smtmodel.promela.registers import Registers
from smtmodel.promela.statements import Arm, Fork, Statement
from smtmodel.source.record import field, record
from smtmodel.systems.system import NotCoveredError

FACTOR = 1 << 15
"""Factors are smaller, so that a product fits into an `int`."""

Stops = Callable[[str], tuple[Statement, ...]]
"""What is done where a property is violated and the lane stops for good."""


@record(frozen=False)
class Doing:
    """A lane's variables; `made` has the counters of its new objects by their structs."""

    memory: ModelMemory
    asked: Numbered
    program: Program
    registers: Registers
    made: dict[str, str] = field(default_factory=dict)

    def op(self, place: int) -> Op:
        return self.program.ops[place]

    def operands(self, place: int) -> Operands:
        """The terms at a place."""
        index, traits = self.program.index, self.memory.traits
        return Operands(
            lambda register: self.registers.at(place, register),
            lambda trait, term: traits[trait].about(index, place, term),
            self.op(place).where,
        )

    def event(self, place: int, judged: tuple[str, ...] = ()) -> Effects:
        """What can happen at a place; `judged` is said where the lane stops there for good."""
        sets = getattr(self.op(place).action, "into", None)
        into = self.registers.at(place + 1, -1 if sets is None else sets)
        forget = (*self.forget(place, None), *judged)
        where, index = self.op(place).where, self.program.index
        return Effects(self.memory, self.asked, index, self.operands(place), into, forget, where)

    def happens(self, place: int, judged: tuple[str, ...] = ()) -> GuardedEvent:
        """The event at a place."""
        action = self.op(place).action
        assert isinstance(action, EventAction)
        return self.event(place, judged).happens(action)

    def put(self, place: int, register: int, value: str) -> tuple[str, ...]:
        """A register gets a value, if anything needs it."""
        held = self.registers.at(place + 1, register)
        return tuple(f"{name} = {value}" for name in held.names[:1] if name != value)

    def forget(self, place: int, target: int | None) -> tuple[str, ...]:
        """What a place needed or set, and nothing needs at the target, is 0."""
        live = self.registers.live
        sets = getattr(self.op(place).action, "into", None)
        before = [self.registers.at(place, one) for one in live[place]]
        if sets is not None and target is not None:
            before.append(self.registers.at(place + 1, sets))
        after = [] if target is None else [self.registers.at(target, one) for one in live[target]]
        needed = {name for held in after for name in held.names}
        old = dict.fromkeys(name for held in before for name in held.names)
        return tuple(f"{name} = 0" for name in old if name not in needed)

    # ------------------------------------------------------------ values

    def compute(
        self, place: int, action: local_actions.Compute, stops: Stops
    ) -> tuple[Statement, ...]:
        """A register gets a value, of which there may be none."""
        operands = self.operands(place)
        held = self.registers.at(place + 1, action.into)
        if held.whole:
            return self._compute_entry(operands, held, action.value)
        match action.value:
            case Computed(operator=operator, operands=(left, right)):
                wrong = operands.negative(operator, left)
                check = (Fork((Arm(wrong, stops(NEGATIVE_OPERAND)), Arm("else"))),) if wrong else ()
                sizes = self._sizes(operands, operator, left, right)
            case _:
                check, sizes = (), []
        if not held.names:
            return (*check, *sizes)
        return (*check, *sizes, *self.put(place, action.into, operands.value(action.value)))

    def _compute_entry(self, operands: Operands, held: Variables, value: Term) -> tuple[str, ...]:
        """A local gets a whole entry, field by field."""
        values = operands.entry(value, len(held.names) - 1)
        for number, text in enumerate(values):
            if any(same_name(name, text) for name in held.names[:number]):
                raise operands.refuse("an entry is made of its own fields in another order")
        pairs = zip(held.names, values, strict=True)
        return tuple(f"{name} = {text}" for name, text in pairs if name != text)

    def _sizes(self, operands: Operands, operator: str, left: Term, right: Term) -> list[str]:
        """The assertion that a result is a number that a model can have."""
        if operator not in GROWING or self._counts(left):
            return []
        one, other = bracketed(operands.value(left)), bracketed(operands.value(right))
        match operator:
            case "*":
                fits = both(*(f"-{FACTOR} < {text} && {text} < {FACTOR}" for text in (one, other)))
            case "<<":
                fits = f"{one} < (LIMIT >> {other})"
            case _:
                total = f"{one} {operator} {other}"
                fits = f"-LIMIT < {total} && {total} < LIMIT"
        return [f"assert({either(operands.nothing(left, right), fits)})"]

    def _counts(self, term: Term) -> bool:
        """Whether a register counts the rounds of a loop, which has a bound."""
        loops = (op.action for op in self.program.ops)
        return any(isinstance(one, local_actions.CutOff) and one.rounds == term for one in loops)

    # ------------------------------------------------------------ objects

    def make(self, place: int, into: int, struct: str) -> tuple[str, ...]:
        """A new object; its ghost fields are 0."""
        counter = self._counter(struct)
        number = f"{self._first(struct)} + {counter}"
        ghosts = self.memory.layout.protocol.struct(struct).ghosts
        cleared = [f"{self.memory.fields[struct, ghost]}[{number}] = 0" for ghost in ghosts]
        return (*cleared, *self.put(place, into, number), f"{counter}++")

    def _counter(self, struct: str) -> str:
        if struct not in self.made:
            count = counter(self.memory.counts[struct])
            self.made[struct] = self.registers.declare(count, f"new_{struct}")
        return self.made[struct]

    def _first(self, struct: str) -> str:
        """The number of the lane's first new object, as lanes of the kind write it."""
        lane, pools, index = self.program.lane, self.memory.pools, self.program.index
        before, width = self.memory.first(lane.kind.name), self.memory.width(lane.kind.name)
        if width == 1:
            return str(pools[struct, index])
        start, each = pools[struct, before], pools[struct, before + 1] - pools[struct, before]
        if start + each * (index - before) != pools[struct, index]:
            return str(pools[struct, index])
        return f"{start} + {each} * ({self.memory.own(lane)})"

    def choose(self, place: int, into: int, struct: str) -> Fork:
        """A new object, or any that is free."""
        free = self.memory.free[struct]
        again = [
            Arm(f"{free}[{n}] != 0", (f"{free}[{n}] = 0", *self.put(place, into, str(n))))
            for n in range(1, self.memory.counts[struct] + 1)
        ]
        return Fork((Arm("", ("skip", *self.make(place, into, struct))), *again), free=True)

    # ------------------------------------------------------------ sections, sleep, rounds

    def depth(self) -> str:
        """How many RCU sections the lane is inside of, besides the outermost."""
        return self.registers.once("byte", "depth")

    def round(self) -> str:
        return self.registers.once(counter(self.program.lane.rounds), "round")

    def may_sleep(self, action: local_actions.CheckSleep) -> str:
        """That the lane may sleep here."""
        if action.interrupts:
            return "false"
        if action.off is not None:
            raise NotCoveredError(None, "interrupts are off where a lane may sleep")
        known = [f"{self.memory.locks[lock]} != me + 1" for lock in action.locks]
        read = [
            self.memory.readers[lock][0] for lock in action.locks if lock in self.memory.readers
        ]
        known += [f"{each}[me] == 0" for each in read]
        opened = self.memory.open.get(action.domain)
        return both(*known, f"({opened} & (1 << me)) == 0" if opened else "")

    def kept(self, place: int, action: local_actions.EndRound) -> list[str]:
        """What properties say of the locals of the block that ends."""
        variables = list(self.memory.kept.values())
        found: list[str] = []
        for number, register in action.kept:
            held = self.registers.at(place, register.number)
            if held.whole:
                raise NotCoveredError(None, "a property names a local that holds a whole entry")
            found += [f"{variables[number]}[me] = {text}" for text in held.names]
        return found

    def is_quiet(self, place: int) -> bool:
        """Whether nobody but the lane can tell when an action before its first event happens."""
        match self.op(place).action:
            case local_actions.Compute(value=Computed(operator=operator, operands=(left, _))):
                return not self.operands(place).negative(operator, left)
            case local_actions.CheckIndex(index=Immediate(value=int(value)), length=length):
                return 0 <= value < length
            case local_actions.CheckSleep(interrupts=interrupts):
                return not interrupts  # a lane that has had no event holds nothing
            case action:
                return isinstance(action, QUIET)


QUIET = (
    local_actions.Arrive,
    local_actions.Compute,
    local_actions.Jump,
    local_actions.JumpIf,
    local_actions.StartRound,
    local_actions.ChooseBranch,
    local_actions.ChooseValue,
    local_actions.Require,
    local_actions.CutOff,
    local_actions.EndAtomic,
    local_actions.EnterInner,
)
"""What nobody but the lane can tell."""
