"""The event graph of a litmus test: all that its lanes can do, nothing ordered.

A read-modify-write is a read and a write that happens where it succeeds. Locks are memory: taking
one is a read that must return 0 and a write of 1, releasing one writes 0. Each variable is an
object with one field, so that its address is a value. Executions are complete: where a lane
would use what is no address, or compute what has no value, a stop says so, and there is none.
"""

from smtmodel.events.building import GraphBuilder
from smtmodel.events.graph import (
    Address,
    At,
    Choice,
    EventGraph,
    FieldOf,
    Kind,
    LaneGraph,
    Object,
    Stop,
)
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
    STOP,
    AddressOf,
    AnyBelow,
    Arithmetic,
    Assigns,
    Conditional,
    Expression,
    Initial,
    Integer,
    LitmusTest,
    MayStop,
    Performed,
    Performs,
    Receives,
    Requires,
    Statement,
    Thread,
    ThreadRegister,
    Whole,
    Within,
    field_of,
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
        self.passed: Guard = ALWAYS
        self.stopped: list[tuple[int, Registers]] = []
        structures = enumerate(test.structures, len(test.variables))
        self.numbers |= {name: number for number, (name, _) in structures}
        for name, value in test.variables:
            self._variable(name, value)
        for name, fields in test.structures:
            self._structure(name, fields)

    def _variable(self, name: str, value: Initial) -> None:
        self.objects.append(Object("", ((FIELD, len(self.locations)),), name))
        held = value.values if isinstance(value, Whole) else (value,)
        self.cell(name, "", name, tuple(self._constant(one).value for one in held))

    def _structure(self, name: str, fields: tuple[str, ...]) -> None:
        """An object whose fields are variables."""
        places = tuple((field, self.cells[field_of(name, field), ""]) for field in fields)
        self.objects.append(Object("", places, name))

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
        self.passed, self.stopped = ALWAYS, []
        if thread.stops:
            self.registers[STOP] = self._offered_number(thread.stops + 1)
        self._statements(thread.statements)
        for literal, registers in self.stopped:
            self.registers = _joined((literal,), registers, self.registers)
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
                case Receives(registers, load):
                    self._receive(registers, load)
                case Performs(value):
                    self._value(value)
                case Conditional(condition, then, otherwise):
                    self._conditional(self.holding(self._value(condition)), then, otherwise)
                case Requires(condition):
                    self._require("required", self._value(condition))
                case MayStop(number, behind):
                    self._may_stop(number, behind)

    def _may_stop(self, number: int, behind: tuple[Statement, ...]) -> None:
        """What follows happens where the lane does not stop here; where it does, it is here.

        That is said of the choice alone, so that what follows a branch in which the lane may stop
        depends on no read of the branch's condition.
        """
        stops = self.holding(Apply("==", (self.registers[STOP], Const(number))))
        self.stops.append(Stop("stop", (stops,), self.guard, self.lane, None, self.where))
        going, before = self.guard, dict(self.registers)
        self.guard = self.under(stops)
        self._statements(behind)
        self.stopped.append((stops, self.registers))
        self.guard, self.registers = going, before
        self.passed = tuple(sorted({*self.passed, -stops}))
        self.guard = self.under(-stops)

    def _conditional(
        self, literal: int, then: tuple[Statement, ...], otherwise: tuple[Statement, ...]
    ) -> None:
        base, before = self.guard, self.registers
        self.guard, self.registers = self._guard(base, literal), dict(before)
        self._statements(then)
        taken = self.registers
        self.guard, self.registers = self._guard(base, -literal), dict(before)
        self._statements(otherwise)
        self.guard = tuple(sorted({*base, *self.passed}))
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
            case Within():
                raise AssertionError("an address of a field is no value")
            case AnyBelow(number):
                return self._offered_number(number)

    def _offered_number(self, number: int) -> Term:
        names, values = tuple(map(str, range(number))), tuple(range(number))
        self.choices.append(Choice(self.lane, self.guard, names, values, scheduled=False))
        return Chosen(len(self.choices) - 1)

    def _require(self, name: str, condition: Term) -> None:
        """A stop where the condition is false; what comes after it happens all the same.

        No execution has it, so nothing is lost, and guards stay those of the branches.
        """
        guard = self.guard
        self.stop_unless(name, condition)
        self.guard = guard

    def _performed(self, call: Performed) -> Term:
        """Adds the events of an elementary operation; its value, 0 where it yields none."""
        place, field = _located(call.location)
        pointer = None if place is None else self._value(place)
        operands = tuple(map(self._value, call.operands))
        span, text = call.span, call.tag or call.elementary.value
        self.where = Where(self.steps, self.block, None, text, span)
        self.steps += 1
        if pointer is None:
            self._fence(call.tag)
            return Const(0)
        if call.elementary in (Elementary.SYNCHRONIZE, Elementary.FREE):
            self._fence(call.tag, pointer, field)
            return Const(0)
        return self._accessed(self._address(pointer, field), call, operands)

    def _receive(self, registers: tuple[str, ...], load: Performed) -> None:
        """The fields of an entry that is read."""
        first = self._value(load)
        assert isinstance(first, Returned)
        for component, register in enumerate(registers):
            self.registers[register] = Returned(first.event, component)

    def _accessed(self, address: Address, call: Performed, operands: tuple[Term, ...]) -> Term:
        match call.elementary:
            case Elementary.LOAD:
                return Returned(self._read(address, call.tag), 0)
            case Elementary.STORE:
                self._write(address, call.tag, *operands)
                return Const(0)
            case Elementary.LOCK | Elementary.TRY_LOCK | Elementary.UNLOCK | Elementary.IS_LOCKED:
                return self._lock(address, call.elementary)
            case _:
                return self._modified(address, call, operands)

    def _modified(self, address: Address, call: Performed, operands: tuple[Term, ...]) -> Term:
        """A read-modify-write; its value may depend on more than it is computed from."""
        read = self._read(address, call.tag, modifies=True)
        old, first = Returned(read, 0), operands[0]
        match call.elementary:
            case Elementary.EXCHANGE:
                self._write(address, call.tag, first, read=read)
                return old
            case Elementary.COMPARE:
                self._where(Apply("==", (old, first)), address, call.tag, operands[1], read)
                return old
            case Elementary.ADD_UNLESS:
                added, succeeds = Apply("sum", (old, first)), Apply("!=", (old, operands[1]))
                self._where(succeeds, address, call.tag, added, read)
                return succeeds
            case _:
                operator = OPERATORS.get(call.operator, call.operator)
                new = Apply(operator, (old, first))
                self._require("value", Apply("proper", (new,)))
                self._write(address, call.tag, new, read=read)
                fetched = Apply("first", (old, first))
                return new if call.elementary is Elementary.MODIFY_RETURN else fetched

    def _where(self, succeeds: Term, address: Address, tag: str, value: Term, read: int) -> None:
        """The write of a read-modify-write that may fail."""
        guard = self.guard
        self.guard = self.under(self.holding(succeeds))
        self._write(address, tag, value, read=read)
        self.guard = guard

    # ------------------------------------------------------------ locks

    def _lock(self, address: Address, elementary: Elementary) -> Term:
        match elementary:
            case Elementary.UNLOCK:
                self._write(address, "UL", Const(0))
                return Const(0)
            case Elementary.LOCK:
                self._take(address)
                return Const(0)
            case _:
                return self._attempt(address, elementary is Elementary.TRY_LOCK)

    def _take(self, address: Address) -> None:
        read = self._awaiting(address, "LKR", 0)
        self._write(address, "LKW", Const(1), read=read)

    def _attempt(self, address: Address, takes: bool) -> Term:
        """A try, or a look at a lock: either outcome where the lock has the value for it."""
        self.choices.append(Choice(self.lane, self.guard, ("0", "1"), (0, 1), scheduled=False))
        outcome = Chosen(len(self.choices) - 1)
        literal, base = self.holding(outcome), self.guard
        self.guard = self._guard(base, literal)
        if takes:
            self._take(address)
        else:
            self._awaiting(address, "RL", 1)
        self.guard = self._guard(base, -literal)
        self._awaiting(address, "LF" if takes else "RU", int(takes))
        self.guard = base
        return outcome

    def _awaiting(self, address: Address, tag: str, value: int) -> int:
        """A read that must return the value."""
        read = self._read(address, tag)
        self.amend(read, condition=Apply("==", (Returned(read, 0), Const(value))))
        return read

    # ------------------------------------------------------------ events

    def _fence(self, tag: str, pointer: Term | None = None, field: str = "") -> None:
        """A fence, perhaps about a field of what a pointer points to."""
        self.amend(self.event(Kind.FENCE, name=field), tag=tag, pointer=pointer)

    def _read(self, address: Address, tag: str, modifies: bool = False) -> int:
        event = self.event(Kind.READ, address=address)
        self.amend(event, tag=tag, modifies=modifies)
        return event

    def _write(self, address: Address, tag: str, *values: Term, read: int | None = None) -> None:
        partners = () if read is None else (read,)
        event = self.event(Kind.WRITE, address=address, values=values, partners=partners)
        modifies = read is not None and self.events[read].modifies
        self.amend(event, tag=tag, modifies=modifies)

    def _address(self, pointer: Term, field: str) -> Address:
        if isinstance(pointer, Const) and isinstance(pointer.value, Reference):
            return At(dict(self.objects[pointer.value.object].fields)[field])
        self._require("address", Apply("pointer", (pointer,)))
        return FieldOf(pointer, field)


def _located(location: Expression | None) -> tuple[Expression | None, str]:
    """A location as what points to an object, and the field."""
    match location:
        case Within(pointer, field):
            return pointer, field
        case _:
            return location, FIELD


def _joined(guard: Guard, ours: Registers, theirs: Registers) -> Registers:
    """The registers where `guard` holds (ours) or not (theirs); what is unassigned is 0."""
    joined: Registers = {}
    for name in (*ours, *(name for name in theirs if name not in ours)):
        left, right = ours.get(name, Const(0)), theirs.get(name, Const(0))
        joined[name] = left if left is right else Select(guard, left, right)
    return joined
