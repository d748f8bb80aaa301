"""Expressions of a protocol as those of litmus tests, with the accesses they make in their order.

Every read goes to a register of its own, so that what is computed of them makes no access.
"""

from smtmodel.language.checked import (
    RCU,
    And,
    Cell,
    Constant,
    Element,
    Expression,
    Filled,
    Load,
    Local,
    Mark,
    NamedObject,
    NullPointer,
    Operation,
    Or,
    Part,
    Place,
    Through,
    element,
)
from smtmodel.language.walk import inside
from smtmodel.litmus.instructions import Elementary
from smtmodel.litmus.program import (
    AddressOf,
    Arithmetic,
    Assigns,
    Conditional,
    Integer,
    Performed,
    Performs,
    Receives,
    Statement,
    ThreadRegister,
    Within,
)
from smtmodel.litmus.program import Expression as Value
from smtmodel.litmus.written.memory import EMPTY, Memory
from smtmodel.litmus.written.refused import NotWritten
from smtmodel.source import Span

TAGS = {
    Mark.PLAIN: "plain",
    Mark.ONCE: "once",
    Mark.DEREFERENCE: "once",
    Mark.ACQUIRE: "acquire",
    Mark.RELEASE: "release",
    Mark.RELAXED: "once",
    Mark.FULL: "mb",
}


class Writer:
    """The statements of one lane, as far as they are written.

    `lane` is the lane whose caches are meant where one is named.
    """

    def __init__(self, memory: Memory, lane: str, span: Span) -> None:
        self.memory = memory
        self.protocol = memory.protocol
        self.lane = lane
        self.span = span
        self.statements: list[Statement] = []
        self.temporaries = 0

    # ------------------------------------------------------------ what subclasses say

    def register(self, name: str) -> str:
        """The register of a local."""
        raise NotWritten(self.span, f"the local `{name}`")

    def tag(self, mark: Mark, span: Span) -> str:
        """The tag of an access with that mark."""
        if mark is Mark.GHOST:
            raise NotWritten(span, "a ghost")
        return TAGS[mark]

    def dereferenced(self, pointer: Value, span: Span) -> None:
        """Says what there is to say before a pointer is followed."""

    def received(self, register: str) -> None:
        """Says what there is to say of what was read through a pointer."""

    def known(self, expression: Expression) -> int | None:
        """A number that is known before the run, as an index has to be."""
        return expression.value if isinstance(expression, Constant) else None

    def outside(self, span: Span) -> None:
        """Says what there is to say where an index is outside its array."""
        raise NotWritten(span, "an index outside its array")

    # ------------------------------------------------------------ statements

    def add(self, statement: Statement) -> None:
        self.statements.append(statement)

    def set(self, register: str, value: Value) -> ThreadRegister:
        self.add(Assigns(register, value))
        return ThreadRegister(register)

    def kept(self, value: Value) -> ThreadRegister:
        """The value in a register of its own."""
        self.temporaries += 1
        return self.set(f"#{self.temporaries}", value)

    def under(self, condition: Value, then: list[Statement], otherwise: list[Statement]) -> None:
        self.add(Conditional(condition, tuple(then), tuple(otherwise)))

    def performed(
        self,
        elementary: Elementary,
        tag: str,
        location: Value | None,
        span: Span,
        *operands: Value,
        operator: str = "",
    ) -> Performed:
        return Performed(elementary, tag, location, operator, operands, span)

    def fence(self, tag: str) -> None:
        self.add(Performs(self.performed(Elementary.FENCE, tag, None, self.span)))

    def load(self, location: Value, tag: str, span: Span) -> ThreadRegister:
        return self.kept(self.performed(Elementary.LOAD, tag, location, span))

    def store(self, location: Value, tag: str, span: Span, *values: Value) -> None:
        self.add(Performs(self.performed(Elementary.STORE, tag, location, span, *values)))

    def modified(
        self, kind: Elementary, tag: str, location: Value, operands: list[Value], operator: str = ""
    ) -> Value:
        """What a read-modify-write yields."""
        call = self.performed(kind, tag, location, self.span, *operands, operator=operator)
        return self.kept(call)

    def freed(self, pointer: Value, struct: str) -> None:
        """An object is freed, field by field, where there is one."""
        outer, self.statements = self.statements, []
        for field in self.protocol.struct(struct).fields:
            place = Within(pointer, field)
            self.add(Performs(self.performed(Elementary.FREE, "kfree", place, self.span)))
        inner, self.statements = self.statements, outer
        self.under(pointer, inner, [])

    def waits_for(self, domain: str) -> None:
        """A grace period."""
        self._synchronized(domain)
        ended = self.memory.ended(domain)
        if ended is not None:
            self.store(ended, "once", self.span, Integer(1))

    def _synchronized(self, domain: str) -> None:
        if domain == RCU:
            self.fence("sync-rcu")
        else:
            place = AddressOf(domain)
            call = self.performed(Elementary.SYNCHRONIZE, "sync-srcu", place, self.span)
            self.add(Performs(call))

    # ------------------------------------------------------------ expressions

    def address(self, place: Place, span: Span) -> Value:
        """Where a place is, when what leads there was read."""
        match place:
            case Through(pointer, _, field):
                leading = self.value(pointer)
                self.dereferenced(leading, span)
                return Within(leading, field)
            case Cell(name) if (variable := self.protocol.variable(name)).fields:
                return AddressOf(self.memory.entry(variable, self.lane))
            case Element(name, index):
                return AddressOf(self.element(name, index, self._length(name), span))
            case _:
                return AddressOf(self.memory.name(place, span))

    def _length(self, variable: str) -> int:
        return self.protocol.variable(variable).length

    def element(self, array: str, index: Expression, length: int, span: Span) -> str:
        """The name of an element, the first where there is none of that index."""
        number = self.known(index)
        if number is None:
            raise NotWritten(span, "an index that is not known before the run")
        if 0 <= number < length:
            return element(array, str(number))
        self.outside(span)
        return element(array, "0")

    def value(self, expression: Expression) -> Value:
        """The value; its accesses are written before."""
        match expression:
            case Constant(number):
                return Integer(number)
            case NullPointer():
                return Integer(0)
            case NamedObject(index):
                return AddressOf(self.memory.named[index])
            case Local(name):
                return ThreadRegister(self.register(name))
            case Load(place, mark, span):
                return self._loaded(place, mark, span)
            case Operation("wrap", (operand, Constant(limit))):
                return wrapped(self.value(operand), limit)
            case Operation(operator, operands):
                if operator in ("<<", ">>") and not isinstance(operands[1], Constant):
                    raise NotWritten(expression.span, "a shift by a number that is no literal")
                if operator in ("==", "!="):
                    return self._compared(operator, *operands)
                return Arithmetic(operator, tuple(map(self.value, operands)))
            case And(left, right):
                return self._short("&&", left, right)
            case Or(left, right):
                return self._short("||", left, right)
            case Part(entry, field):
                return self.fields(entry)[field]
            case Filled(entry):
                first, *_ = self.fields(entry).values()
                return filled(first)
            case _:
                return self.further(expression)

    def further(self, expression: Expression) -> Value:
        """The value of what only steps may have."""
        raise NotWritten(self.span, "this")

    def fields(self, entry: Expression) -> dict[str, Value]:
        """What the fields of an entry hold: EMPTY all of them, or none."""
        match entry:
            case Load(Cell(name) | Element(name, _) as place, mark, span):
                names, tag = self.protocol.variable(name).fields, self.tag(mark, span)
                registers = self.receive(names, self.address(place, span), tag, span)
                return dict(zip(names, registers, strict=True))
            case _:
                raise NotWritten(self.span, "an entry that is no variable")

    def receive(
        self, fields: tuple[str, ...], location: Value, tag: str, span: Span
    ) -> tuple[ThreadRegister, ...]:
        """One read of an entry: its fields."""
        if len(fields) == 1:
            return (self.load(location, tag, span),)
        self.temporaries += 1
        registers = tuple(f"#{self.temporaries}.{field}" for field in fields)
        self.add(Receives(registers, self.performed(Elementary.LOAD, tag, location, span)))
        return tuple(map(ThreadRegister, registers))

    def _compared(self, operator: str, left: Expression, right: Expression) -> Value:
        """A field of an empty entry equals nothing, not even one of another."""
        ours, theirs = self.value(left), self.value(right)
        if not (isinstance(left, Part) and isinstance(right, Part)):
            return Arithmetic(operator, (ours, theirs))
        same = Arithmetic("&&", (Arithmetic("==", (ours, theirs)), filled(ours)))
        return same if operator == "==" else Arithmetic("!", (same,))

    def _loaded(self, place: Place, mark: Mark, span: Span) -> Value:
        location = self.address(place, span)
        found = self.load(location, self.tag(mark, span), span)
        if isinstance(place, Through):
            self.received(found.name)
        return found

    def _short(self, operator: str, left: Expression, right: Expression) -> Value:
        """`&&` or `||`: a branch where the right operand makes accesses, as in C."""
        first = self.value(left)
        if not any(isinstance(one, Load) for one in inside(right)) and not self.acts(right):
            return Arithmetic(operator, (first, self.value(right)))
        decided = self.kept(Arithmetic("!=", (first, Integer(0))))
        outer, self.statements = self.statements, []
        second = Arithmetic("!=", (self.value(right), Integer(0)))
        self.set(decided.name, second)
        inner, self.statements = self.statements, outer
        going = operator == "&&"
        self.under(decided, inner if going else [], [] if going else inner)
        return decided

    def acts(self, expression: Expression) -> bool:
        """Whether more than reads happens in it."""
        return False


def wrapped(value: Value, limit: int) -> Value:
    """What a place keeps of a number that has room for those below a power of two."""
    return Arithmetic("&", (value, Integer(limit - 1)))


def filled(field: Value) -> Value:
    """Whether an entry is filled, by what any field of it holds."""
    return Arithmetic("!=", (field, EMPTY))
