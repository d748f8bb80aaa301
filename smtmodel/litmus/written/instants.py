"""What a property says of memory at an instant: a lane of reads, and conditions on its registers.

The lane has no execution in which the property is not defined there, or not as it is asked for.
"""

from smtmodel.events.operators import NATURAL
from smtmodel.language.checked import (
    And,
    Cell,
    Expression,
    Filled,
    Lane,
    LaneLocal,
    Load,
    Mark,
    NamedObject,
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
        self.conditions: list[Condition] = []
        self.foreign: dict[str, RegisterOf] = {}
        self.read: dict[Value, ThreadRegister] = {}

    def thread(self) -> Thread:
        return Thread(NAME, (), tuple(self.statements))

    def require(self, expression: Expression) -> None:
        """What is asked for is true."""
        if isinstance(expression, And):
            self.require(expression.left)
            self.require(expression.right)
            return
        value = self.value(expression)
        if self._is_foreign(value):
            self.conditions.append(IsTrue(self._operand(value)))
        else:
            self.add(Requires(value))

    def tag(self, mark: Mark, span: Span) -> str:
        super().tag(mark, span)
        return "snap"

    def value(self, expression: Expression) -> Value:
        """The value; the left operand of some operators has to be natural for there to be one."""
        found = super().value(expression)
        match found:
            case Arithmetic(operator, (left, _)) if operator in NATURAL:
                natural = Arithmetic(">=", (left, Integer(0)))
                if self._is_foreign(natural):
                    self.conditions.append(IsTrue(self._operand(natural)))
                else:
                    self.add(Requires(natural))
        return found

    def dereferenced(self, pointer: Value, span: Span) -> None:
        if not isinstance(pointer, AddressOf):
            self.add(Requires(pointer))

    def load(self, location: Value, tag: str, span: Span) -> ThreadRegister:
        """One read of each place, for all are made at one instant."""
        if location not in self.read:
            self.read[location] = super().load(location, tag, span)
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

    def entry_value(self, expression: Part | Filled) -> Value:
        match expression.entry:
            case Load(Cell(name)):
                variable = self.protocol.variable(name)
                names = self.memory.entry(variable, self.lane)
            case _:
                raise NotWritten(self.span, "an entry that a lane holds")
        tag = self.tag(Mark.PLAIN, self.span)
        if isinstance(expression, Filled):
            return filled(self.load(AddressOf(names[0]), tag, self.span))
        name = names[variable.fields.index(expression.field)]
        held = self.load(AddressOf(name), tag, self.span)
        self.add(Requires(filled(held)))
        return held

    # ------------------------------------------------------------ registers of other lanes

    def further(self, expression: Expression) -> Value:
        if isinstance(expression, NamedObject):
            raise NotWritten(self.span, "an object by its name")
        if not isinstance(expression, LaneLocal):
            raise NotWritten(self.span, "this in a property")
        numbered = enumerate(self.lanes)
        named = [n for n, one in numbered if expression.block in one.kind.blocks]
        if expression.index >= len(named):
            raise NotWritten(self.span, "a lane that there is not at these bounds")
        thread, register = named[expression.index], f"{expression.block}.{expression.name}"
        self.conditions.append(IsTrue(RegisterOf(thread, f"{register}?")))
        name = f"{thread}:{register}"
        self.foreign[name] = RegisterOf(thread, register)
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
                return self.foreign.get(name) or RegisterOf(len(self.lanes), name)
            case Arithmetic(operator, operands):
                return EndValue(operator, tuple(map(self._operand, operands)))
            case _:
                raise AssertionError(value)
