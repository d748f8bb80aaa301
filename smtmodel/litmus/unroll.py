"""The event graph of a litmus test: all that its lanes can do, nothing ordered.

A read-modify-write is a read and a write that happens where it succeeds. Locks are memory: taking
one is a read that must return 0 and a write of 1, releasing one writes 0. Each variable is an
object with one field, so that its address is a value. Executions are complete: where a lane
would use what is no address, or compute what has no value, a stop says so, and there is none.
"""

from smtmodel.events.building import GraphBuilder
from smtmodel.events.graph import Address, At, Choice, EventGraph, FieldOf, Kind, LaneGraph, Object
from smtmodel.events.terms import (
    ALWAYS,
    Apply,
    Chosen,
    Const,
    Guard,
    Reference,
    Returned,
    Select,
    Term,
)
from smtmodel.language.checked import Lane, LaneKind, Where
from smtmodel.litmus.instructions import Elementary
from smtmodel.litmus.program import (
    AddressOf,
    Arithmetic,
    Assigns,
    Conditional,
    Expression,
    Integer,
    LitmusTest,
    Performed,
    Performs,
    Statement,
    Thread,
    ThreadRegister,
)

FIELD = "*"
"""The one field of the object that a variable is."""

OPERATORS = {
    "+": "sum",
    "-": "difference",
    "/": "quotient",
    "%": "remainder",
    "<<": "left",
    ">>": "right",
}
"""Operators whose meaning in C is another than in protocols."""

TOTAL = frozenset(("==", "!=", "!", "&&", "||"))
"""Operators that have a value whatever they are applied to."""

Registers = dict[str, Term]


def unroll(test: LitmusTest) -> EventGraph:
    """The event graph of a test; raises smtmodel.events.building.TooLarge."""
    return _TestUnroller(test).graph()


class _TestUnroller(GraphBuilder):
    """The registers of the lane being unrolled, as terms."""

    def __init__(self, test: LitmusTest) -> None:
        super().__init__()
        self.test = test
        self.numbers = {name: number for number, (name, _) in enumerate(test.variables)}
        self.registers: Registers = {}
        self.steps = 0
        for name, value in test.variables:
            self._variable(name, value)

    def _variable(self, name: str, value: Integer | AddressOf) -> None:
        self.objects.append(Object("", ((FIELD, len(self.locations)),), name))
        self.cell(name, "", name, (self._constant(value).value,))

    def _constant(self, value: Integer | AddressOf) -> Const:
        match value:
            case Integer(number):
                return Const(number)
            case AddressOf(variable):
                return Const(Reference(self.numbers[variable]))

    def graph(self) -> EventGraph:
        lanes = map(self._lane, range(len(self.test.threads)), self.test.threads)
        return self.finished(tuple(lanes))

    def _lane(self, number: int, thread: Thread) -> LaneGraph:
        self.lane, self.first, self.guard = number, len(self.events), ALWAYS
        self.block = thread.name
        self.registers = {name: self._constant(value) for name, value in thread.registers}
        self._statements(thread.statements)
        for name, term in self.registers.items():
            self.locals[thread.name, "", name] = term
        kind = LaneKind(thread.name, "", (), updates=False)
        lane = Lane(thread.name, kind, number, 1)
        return LaneGraph(lane, self.first, len(self.events), self.guard)

    # ------------------------------------------------------------ statements

    def _statements(self, statements: tuple[Statement, ...]) -> None:
        for statement in statements:
            match statement:
                case Assigns(register, value):
                    self.registers[register] = self._value(value)
                case Performs(value):
                    self._value(value)
                case Conditional(condition, then, otherwise):
                    self._conditional(self.holding(self._value(condition)), then, otherwise)

    def _conditional(
        self, literal: int, then: tuple[Statement, ...], otherwise: tuple[Statement, ...]
    ) -> None:
        base, before = self.guard, self.registers
        self.guard, self.registers = self._guard(base, literal), dict(before)
        self._statements(then)
        taken = self.registers
        self.guard, self.registers = self._guard(base, -literal), dict(before)
        self._statements(otherwise)
        self.guard = base
        self.registers = _joined(self._guard(base, literal), taken, self.registers)

    def _guard(self, base: Guard, literal: int) -> Guard:
        return tuple(sorted({*base, literal}))

    # ------------------------------------------------------------ values

    def _value(self, expression: Expression) -> Term:
        match expression:
            case Integer() | AddressOf():
                return self._constant(expression)
            case ThreadRegister(name):
                return self.registers.get(name, Const(0))
            case Arithmetic(operator, operands):
                term = Apply(OPERATORS.get(operator, operator), tuple(map(self._value, operands)))
                if operator not in TOTAL:
                    self._require("value", Apply("proper", (term,)))
                return term
            case Performed():
                return self._performed(expression)

    def _require(self, name: str, condition: Term) -> None:
        """A stop where the condition is false; what comes after it happens all the same.

        No execution has it, so nothing is lost, and guards stay those of the branches.
        """
        guard = self.guard
        self.stop_unless(name, condition)
        self.guard = guard

    def _performed(self, call: Performed) -> Term:
        """Adds the events of an elementary operation; its value, 0 where it yields none."""
        pointer = None if call.location is None else self._value(call.location)
        operands = tuple(map(self._value, call.operands))
        span, text = call.span, call.tag or call.elementary.value
        self.where = Where(self.steps, self.block, None, text, span)
        self.steps += 1
        if pointer is None:
            self._fence(call.tag, None)
            return Const(0)
        match call.elementary:
            case Elementary.SYNCHRONIZE:
                self._fence(call.tag, pointer)
                return Const(0)
            case Elementary.LOAD:
                return Returned(self._read(pointer, call.tag), 0)
            case Elementary.STORE:
                self._write(pointer, call.tag, operands[0])
                return Const(0)
            case Elementary.LOCK | Elementary.TRY_LOCK | Elementary.UNLOCK | Elementary.IS_LOCKED:
                return self._lock(pointer, call.elementary)
            case _:
                return self._modified(pointer, call, operands)

    def _modified(self, pointer: Term, call: Performed, operands: tuple[Term, ...]) -> Term:
        """A read-modify-write; its value may depend on more than it is computed from."""
        read = self._read(pointer, call.tag, modifies=True)
        old, first = Returned(read, 0), operands[0]
        match call.elementary:
            case Elementary.EXCHANGE:
                self._write(pointer, call.tag, first, read)
                return old
            case Elementary.COMPARE:
                self._where(Apply("==", (old, first)), pointer, call.tag, operands[1], read)
                return old
            case Elementary.ADD_UNLESS:
                added, succeeds = Apply("sum", (old, first)), Apply("!=", (old, operands[1]))
                self._where(succeeds, pointer, call.tag, added, read)
                return succeeds
            case _:
                operator = OPERATORS.get(call.operator, call.operator)
                new = Apply(operator, (old, first))
                self._require("value", Apply("proper", (new,)))
                self._write(pointer, call.tag, new, read)
                fetched = Apply("first", (old, first))
                return new if call.elementary is Elementary.MODIFY_RETURN else fetched

    def _where(self, succeeds: Term, pointer: Term, tag: str, value: Term, read: int) -> None:
        """The write of a read-modify-write that may fail."""
        guard = self.guard
        self.guard = self.under(self.holding(succeeds))
        self._write(pointer, tag, value, read)
        self.guard = guard

    # ------------------------------------------------------------ locks

    def _lock(self, pointer: Term, elementary: Elementary) -> Term:
        match elementary:
            case Elementary.UNLOCK:
                self._write(pointer, "UL", Const(0))
                return Const(0)
            case Elementary.LOCK:
                self._take(pointer)
                return Const(0)
            case _:
                return self._attempt(pointer, elementary is Elementary.TRY_LOCK)

    def _take(self, pointer: Term) -> None:
        read = self._awaiting(pointer, "LKR", 0)
        self._write(pointer, "LKW", Const(1), read)

    def _attempt(self, pointer: Term, takes: bool) -> Term:
        """A try, or a look at a lock: either outcome where the lock has the value for it."""
        self.choices.append(Choice(self.lane, self.guard, ("0", "1"), (0, 1), scheduled=False))
        outcome = Chosen(len(self.choices) - 1)
        literal, base = self.holding(outcome), self.guard
        self.guard = self._guard(base, literal)
        if takes:
            self._take(pointer)
        else:
            self._awaiting(pointer, "RL", 1)
        self.guard = self._guard(base, -literal)
        self._awaiting(pointer, "LF" if takes else "RU", int(takes))
        self.guard = base
        return outcome

    def _awaiting(self, pointer: Term, tag: str, value: int) -> int:
        """A read that must return the value."""
        read = self._read(pointer, tag)
        self.amend(read, condition=Apply("==", (Returned(read, 0), Const(value))))
        return read

    # ------------------------------------------------------------ events

    def _fence(self, tag: str, pointer: Term | None) -> None:
        self.amend(self.event(Kind.FENCE), tag=tag, pointer=pointer)

    def _read(self, pointer: Term, tag: str, modifies: bool = False) -> int:
        event = self.event(Kind.READ, address=self._address(pointer))
        self.amend(event, tag=tag, modifies=modifies)
        return event

    def _write(self, pointer: Term, tag: str, value: Term, read: int | None = None) -> None:
        partners = () if read is None else (read,)
        address = self._address(pointer)
        event = self.event(Kind.WRITE, address=address, values=(value,), partners=partners)
        modifies = read is not None and self.events[read].modifies
        self.amend(event, tag=tag, modifies=modifies)

    def _address(self, pointer: Term) -> Address:
        if isinstance(pointer, Const) and isinstance(pointer.value, Reference):
            return At(dict(self.objects[pointer.value.object].fields)[FIELD])
        self._require("address", Apply("pointer", (pointer,)))
        return FieldOf(pointer, FIELD)


def _joined(guard: Guard, ours: Registers, theirs: Registers) -> Registers:
    """The registers where `guard` holds (ours) or not (theirs); what is unassigned is 0."""
    joined: Registers = {}
    for name in (*ours, *(name for name in theirs if name not in ours)):
        left, right = ours.get(name, Const(0)), theirs.get(name, Const(0))
        joined[name] = left if left is right else Select(guard, left, right)
    return joined
