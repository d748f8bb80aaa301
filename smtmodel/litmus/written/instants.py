"""What a property says of memory at an instant: a lane of reads, and conditions on its registers.

The lane has no execution in which the property is not defined there, or not as it is asked for.
"""

from smtmodel.events.operators import NATURAL
from smtmodel.language.checked import (
    And,
    Expression,
    Lane,
    LaneLocal,
    LaneNumber,
    Mark,
    Part,
)
from smtmodel.language.walk import inside
from smtmodel.litmus.program import (
    AddressOf,
    Arithmetic,
    Condition,
    EndValue,
    Integer,
    IsTrue,
    Negated,
    Operand,
    RegisterOf,
    Requires,
    SomeHolds,
    Thread,
    ThreadRegister,
)
from smtmodel.litmus.program import Expression as Value
from smtmodel.litmus.written.memory import Memory
from smtmodel.litmus.written.refused import NotWritten
from smtmodel.litmus.written.values import Writer, filled
from smtmodel.source import Span

NAME = "(instant)"


class InstantWriter(Writer):
    """The reads that a property makes of memory; `lane` is whose caches are meant."""

    def __init__(self, memory: Memory, lanes: tuple[Lane, ...], lane: str, span: Span) -> None:
        super().__init__(memory, lane, span)
        self.lanes = lanes
        self.judged = next((one.number for one in lanes if one.name == lane), None)
        self.number = len(lanes) + len(memory.later)
        self.conditions: list[Condition] = []
        self.foreign: dict[str, RegisterOf] = {}
        self.read: dict[Value, tuple[ThreadRegister, ...]] = {}

    def thread(self) -> Thread:
        return Thread(NAME, (), tuple(self.statements))

    def require(self, expression: Expression) -> None:
        """What is asked for is true."""
        if isinstance(expression, And):
            self.require(expression.left)
            self.require(expression.right)
            return
        self._true(self.value(expression))

    def tag(self, mark: Mark, span: Span) -> str:
        super().tag(mark, span)
        return "snap"

    def value(self, expression: Expression) -> Value:
        """The value; a field has one only if its entry is filled, and the left operand of some
        operators has to be natural."""
        found = super().value(expression)
        if isinstance(expression, Part):
            self._true(filled(found))
        match found:
            case Arithmetic(operator, (left, _)) if operator in NATURAL:
                self._true(Arithmetic(">=", (left, Integer(0))))
        return found

    def _true(self, value: Value) -> None:
        """There is no execution, or no end of one, in which the value is false."""
        if self._is_foreign(value):
            self.conditions.append(IsTrue(self._operand(value)))
        else:
            self.add(Requires(value))

    def known(self, expression: Expression) -> int | None:
        return self.judged if isinstance(expression, LaneNumber) else super().known(expression)

    def outside(self, span: Span) -> None:
        self.add(Requires(Integer(0)))

    def dereferenced(self, pointer: Value, span: Span) -> None:
        if not isinstance(pointer, AddressOf):
            self.add(Requires(pointer))

    def load(self, location: Value, tag: str, span: Span) -> ThreadRegister:
        """One read of each place, for all are made at one instant."""
        if location not in self.read:
            self.read[location] = (super().load(location, tag, span),)
        return self.read[location][0]

    def receive(
        self, fields: tuple[str, ...], location: Value, tag: str, span: Span
    ) -> tuple[ThreadRegister, ...]:
        if location not in self.read:
            self.read[location] = super().receive(fields, location, tag, span)
        return self.read[location]

    def hear(self, message: AddressOf) -> None:
        """Reads whether an update is over."""
        super().load(message, "hear", self.span)

    def _short(self, operator: str, left: Expression, right: Expression) -> Value:
        if any(isinstance(one, LaneLocal) for one in (*inside(left), *inside(right))):
            return self._short_at_end(operator, left, right)
        before = dict(self.read)
        made = super()._short(operator, left, right)
        self.read = before
        return made

    def _short_at_end(self, operator: str, left: Expression, right: Expression) -> Value:
        """The same of registers at the end: the right operand need be defined only where it is
        asked for."""
        first = self.value(left)
        before, self.conditions, known = self.conditions, [], len(self.statements)
        second = self.value(right)
        if any(isinstance(one, Requires) for one in self.statements[known:]):
            raise NotWritten(self.span, "memory that may not be there, beside a lane's local")
        decided = IsTrue(self._operand(first))
        decides: Condition = decided if operator == "||" else Negated(decided)
        asked = (SomeHolds((decides, one)) for one in self.conditions)
        self.conditions = [*before, *asked]
        return Arithmetic(operator, (first, second))

    # ------------------------------------------------------------ registers of other lanes

    def further(self, expression: Expression) -> Value:
        match expression:
            case LaneLocal():
                return self._held(expression)
            case LaneNumber() if self.judged is not None:
                return Integer(self.judged)
            case _:
                raise NotWritten(self.span, "this in a property")

    def fields(self, entry: Expression) -> dict[str, Value]:
        if not isinstance(entry, LaneLocal):
            return super().fields(entry)
        names = self.protocol.block(entry.block).fields(entry.name)
        return {one: self._held(entry, f".{one}") for one in names}

    def _held(self, local: LaneLocal, field: str = "") -> ThreadRegister:
        """What a lane's local holds at the end, or a field of the entry that it holds."""
        numbered = enumerate(self.lanes)
        named = [n for n, one in numbered if local.block in one.kind.blocks]
        if local.index >= len(named):
            raise NotWritten(self.span, "a lane that there is not at these bounds")
        thread, register = named[local.index], f"{local.block}.{local.name}"
        assigned = IsTrue(RegisterOf(thread, f"{register}?"))
        if assigned not in self.conditions:
            self.conditions.append(assigned)
        name = f"{thread}:{register}{field}"
        self.foreign[name] = RegisterOf(thread, f"{register}{field}")
        return ThreadRegister(name)

    def kept(self, value: Value) -> ThreadRegister:
        if self._is_foreign(value):
            raise NotWritten(self.span, "memory that is read where a lane's local says")
        return super().kept(value)

    def _is_foreign(self, value: Value) -> bool:
        match value:
            case ThreadRegister(name):
                return name in self.foreign
            case Arithmetic(_, operands):
                return any(map(self._is_foreign, operands))
            case _:
                return False

    def _operand(self, value: Value) -> Operand:
        match value:
            case Integer() | AddressOf():
                return value
            case ThreadRegister(name):
                return self.foreign.get(name) or RegisterOf(self.number, name)
            case Arithmetic(operator, operands):
                return EndValue(operator, tuple(map(self._operand, operands)))
            case _:
                raise AssertionError(value)
