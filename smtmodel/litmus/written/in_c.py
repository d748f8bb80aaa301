"""A protocol that was written as a test, in the words of C.

Takes lanes of statements and a condition on their end; gives a test whose text there is. Raises
NotWritten for what there is no text for.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from smtmodel.language.checked import Property
from smtmodel.litmus.instructions import Elementary, kernel
from smtmodel.litmus.program import (
    AddressOf,
    AllHold,
    AnyBelow,
    Arithmetic,
    Assigns,
    Condition,
    Conditional,
    Equals,
    FinalValue,
    Initial,
    Integer,
    IsTrue,
    LitmusTest,
    MayStop,
    Negated,
    Performed,
    Performs,
    Quantifier,
    Receives,
    RegisterOf,
    Requires,
    SomeHolds,
    Statement,
    Thread,
    ThreadRegister,
    Whole,
    Within,
    field_of,
)
from smtmodel.litmus.program import Expression as Value
from smtmodel.litmus.statements import is_type
from smtmodel.litmus.text import COUNTED
from smtmodel.litmus.written.memory import EMPTY, FIRST_TOKEN
from smtmodel.litmus.written.protocol import WrittenProtocol
from smtmodel.litmus.written.refused import NotWritten
from smtmodel.source import Span
from smtmodel.source.record import parts, replace

OPERATORS = frozenset(("+", "-", "*", "&", "|", "^", "==", "!=", "<", "<=", ">", ">=", "negate"))
"""What tests in C compute with; the others of the language are no operators of herd7's."""
UNTOLD = "begin", "return"
UNSAID = {"own": "an entry of a lane", "know": "`settled(…)` in a step", "kfree": "a freed object"}
"""Tags of events that tests in C do not have."""

IGNORED = "ignored"
"""The register that says at the end that there is no such execution."""
LARGEST = 1 << 30
"""Numbers from here on are `fresh`; they have to be values of `int`."""
EMPTY_ENTRY = "an entry that may be empty"
SEVERAL = "an object with several fields"
ENTRY = "an entry with several fields, which is read and written as a whole"
RESERVED = frozenset(
    (
        *("auto", "break", "case", "const", "continue", "default", "do", "double", "else"),
        *("extern", "filter", "float", "for", "forall", "exists", "goto", "if", "inline"),
        *("locations", "register", "return", "sizeof", "static", "switch", "while"),
    )
)
"""Words that are no names; those of types are known by `smtmodel.litmus.statements`."""


# ---------------------------------------------------------------- names


class Identifiers:
    """Identifiers of C for variables, each once in a test, and for registers, once in a lane."""

    def __init__(self, variables: Iterable[str]) -> None:
        self.taken: set[str] = set()
        self.variables: dict[str, str] = {}
        for name in variables:
            self.variables[name] = _free(name, self.taken)
            self.taken.add(self.variables[name])
        self.registers: dict[tuple[int, str], str] = {}

    def register(self, thread: int, name: str) -> str:
        """The identifier of a register; `#3` is r3, and a local has its own name if it is free."""
        key = thread, name
        if key not in self.registers:
            short = name.rpartition(".")[2].replace("#", "r").replace("?", "_set")
            own = {x for (lane, _), x in self.registers.items() if lane == thread}
            self.registers[key] = _free(short, self.taken | own)
        return self.registers[key]


def _free(name: str, taken: set[str]) -> str:
    """An identifier like a name that nothing else is called."""
    plain = re.sub(r"\W+", "_", name).strip("_") or "x"
    stem = f"x{plain}" if plain[0].isdigit() else plain
    candidates = (stem, *(f"{stem}_{number}" for number in range(2, len(taken) + 4)))
    known = RESERVED | kernel().keys() | taken
    return next(one for one in candidates if one not in known and not is_type(one))


# ---------------------------------------------------------------- statements


class RewrittenTest:
    """A written protocol in the words of C.

    Structures with one field are that field. What an execution requires is required at its end,
    which is the same: nothing is asked of what else happens where it does not hold.
    """

    def __init__(self, written: WrittenProtocol, item: Property) -> None:
        self.written = written
        self.item = item
        self.structures = dict(written.memory.structures)
        self.first = dict(written.memory.variables)
        self.identifiers = Identifiers(self.first)
        self.atomic = {
            one.location
            for one in parts(written.threads)
            if isinstance(one, Performed) and one.elementary in COUNTED
        }

    def test(self, condition: Condition) -> LitmusTest:
        """The whole test, with the variables that something in it uses."""
        threads = [
            _RewrittenLane(self, number, one).thread(condition)
            for number, one in enumerate(self.written.threads)
        ]
        final = self.condition(condition)
        named = (name for thread in threads for name, _ in thread.registers)
        ends = (one.variable for one in parts(final) if isinstance(one, FinalValue))
        ignored = [
            Equals(RegisterOf(number, self.identifiers.registers[number, IGNORED]), Integer(0))
            for number in range(len(threads))
            if (number, IGNORED) in self.identifiers.registers
        ]
        protocol = self.written.protocol
        words = protocol.name, protocol.variant, self.item.name
        return LitmusTest(
            "-".join(filter(None, words)).replace("_", "-"),
            tuple(self._variables({*named, *ends})),
            tuple(threads),
            AllHold(tuple(ignored)) if ignored else None,
            Quantifier.EXISTS,
            final,
        )

    def _variables(self, used: set[str]) -> Iterator[tuple[str, Initial]]:
        """With their first values: what these point to is used as well."""
        first = {self.identifiers.variables[name]: value for name, value in self.first.items()}
        waiting = [*used]
        while waiting:
            value = first[waiting.pop()]
            if isinstance(value, AddressOf) and self.object(value) not in used:
                used.add(self.object(value))
                waiting.append(self.object(value))
        for name, value in first.items():
            if name in used:
                yield name, self._initial(value)

    def _initial(self, value: Initial) -> Initial:
        match value:
            case AddressOf():
                return AddressOf(self.object(value))
            case Integer():
                return self.number(value)
            case Whole():
                raise self.refused(ENTRY)

    # ------------------------------------------------------------ parts

    def refused(self, reason: str, span: Span | None = None) -> NotWritten:
        return NotWritten(span or self.item.span, reason)

    def object(self, address: AddressOf) -> str:
        """The variable whose address it is; of a structure its one field."""
        if address == EMPTY:
            raise self.refused(EMPTY_ENTRY)
        fields = self.structures.get(address.variable)
        if fields is None:
            return self.identifiers.variables[address.variable]
        if len(fields) != 1:
            raise self.refused(SEVERAL)
        return self.identifiers.variables[field_of(address.variable, fields[0])]

    def number(self, value: Integer) -> Integer:
        """Tokens are numbers that nothing else is."""
        if value.value > FIRST_TOKEN:
            return Integer(LARGEST + value.value - FIRST_TOKEN)
        if abs(value.value) >= LARGEST:
            raise self.refused(f"the number {value.value}, too large for an `int` of a test")
        return value

    def condition(self, condition: Condition) -> Condition:
        match condition:
            case AllHold(conditions):
                return AllHold(tuple(map(self.condition, conditions)))
            case SomeHolds(()):
                raise self.refused("a step that no lane has at these bounds")
            case SomeHolds(conditions):
                return SomeHolds(tuple(map(self.condition, conditions)))
            case Negated(inner):
                return Negated(self.condition(inner))
            case IsTrue(RegisterOf() as register):  # what is noted is 0 or 1
                return Equals(self._side(register), Integer(1))
            case Equals(left, Integer() as number):
                return Equals(self._side(left), self.number(number))
            case _:
                raise self.refused("this in a final state")

    def _side(self, side: RegisterOf | FinalValue) -> RegisterOf | FinalValue:
        if isinstance(side, FinalValue):
            return FinalValue(self.identifiers.variables[side.variable])
        return RegisterOf(side.thread, self.identifiers.register(side.thread, side.name))


class _RewrittenLane:
    """One lane; `used` are the variables that it names, `live` the registers that matter,
    `wanted` those of the condition."""

    def __init__(self, test: RewrittenTest, number: int, thread: Thread) -> None:
        self.test = test
        self.number = number
        self.of = thread
        self.used: dict[str, None] = {}
        self.wanted: set[str] = set()
        self.live: set[str] = set()
        self.assigned: set[str] = set()
        read = (one.name for one in parts(thread.statements) if isinstance(one, ThreadRegister))
        self.reads = Counter(read)

    def thread(self, condition: Condition) -> Thread:
        """The lane as a text says it."""
        wanted = (one for one in parts(condition) if isinstance(one, RegisterOf))
        self.wanted = self.live = {one.name for one in wanted if one.thread == self.number}
        while (more := self.live | set(self._read(self.of.statements))) != self.live:
            self.live = more
        statements = tuple(self._statements(self.of.statements))
        registers = tuple((name, AddressOf(name)) for name in self.used)
        return Thread(self.of.name, registers, statements)

    def _read(self, statements: Iterable[Statement]) -> Iterator[str]:
        """The registers that are read for something that matters."""
        for one in statements:
            match one:
                case Assigns(register, value):
                    if register in self.live or _acts(value):
                        yield from (name for name in _registers(value) if name != register)
                case Performs(value) | Requires(value):
                    yield from _registers(value)
                case Conditional(condition, then, otherwise):
                    yield from _registers(condition)
                    yield from self._read((*then, *otherwise))
                case MayStop():
                    pass

    def _joined(self, statements: Iterable[Statement]) -> Iterator[Statement]:
        """What a local takes over at once from where it was read goes there directly."""
        last: Statement | None = None
        for one in statements:
            match last, one:
                case Assigns(first, value), Assigns(local, ThreadRegister(name)) if (
                    name == first and self.reads[name] == 1 and first not in self.wanted
                ):
                    last = Assigns(local, value)
                    continue
            if last is not None:
                yield last
            last = one
        if last is not None:
            yield last

    def _statements(self, statements: Iterable[Statement]) -> Iterator[Statement]:
        for one in self._joined(statements):
            match one:
                case Receives(_, load):
                    raise self.test.refused(ENTRY, load.span)
                case Assigns(_, Performed(elementary) as value) if not elementary.valued:
                    yield Performs(self._value(value))
                case Assigns(register, value):
                    if register in self.live or _acts(value):
                        yield self._assigns(register, value)
                case Performs(Performed(Elementary.FENCE, tag)) if tag in UNTOLD:
                    pass
                case Performs(value):
                    yield Performs(self._value(value))
                case Requires(condition):
                    yield self._assigns(IGNORED, Arithmetic("!", (condition,)))
                case Conditional(condition, then, otherwise):
                    yield from self._conditional(condition, then, otherwise)
                case MayStop():  # at the end of a complete execution no lane has
                    pass

    def _conditional(
        self, condition: Value, then: tuple[Statement, ...], otherwise: tuple[Statement, ...]
    ) -> Iterator[Statement]:
        value = self._value(condition)
        first, second = tuple(self._statements(then)), tuple(self._statements(otherwise))
        if first:
            yield Conditional(value, first, second)
        elif second:
            yield Conditional(_not(value), second, ())

    def _assigns(self, register: str, value: Value) -> Statement:
        """A register that notes something keeps what it has noted."""
        name = self.test.identifiers.register(self.number, register)
        match value:
            case Arithmetic("||", (ThreadRegister(own), noted)) if own == register:
                made = self._noted(register, name, noted)
            case _ if register == IGNORED:
                made = self._noted(register, name, value)
            case _:
                made = self._value(value)
        self.assigned.add(register)
        return Assigns(name, made)

    def _noted(self, register: str, name: str, value: Value) -> Value:
        truth = _truth(self._value(value))
        if register not in self.assigned:
            return truth
        return _either((ThreadRegister(name), truth))

    # ------------------------------------------------------------ values

    def _value(self, value: Value) -> Value:
        match value:
            case Integer():
                return self.test.number(value)
            case ThreadRegister(name):
                return ThreadRegister(self.test.identifiers.register(self.number, name))
            case AddressOf():
                return self._named(value)
            case Arithmetic("!", (operand,)):
                return _not(self._value(operand))
            case Arithmetic("&&" | "||" as operator, (left, right)):
                both = _truth(self._value(left)), _truth(self._value(right))
                return Arithmetic("&", both) if operator == "&&" else _either(both)
            case Arithmetic(operator, operands) if operator in OPERATORS:
                return Arithmetic(operator, tuple(map(self._value, operands)))
            case Arithmetic(operator, _):
                raise self.test.refused(f"the operator `{operator}`")
            case Performed():
                return self._performed(value)
            case AnyBelow():
                raise self.test.refused("a free choice")
            case Within():
                raise self.test.refused("the address of a field as a value")

    def _named(self, address: AddressOf) -> ThreadRegister:
        name = self.test.object(address)
        self.used[name] = None
        return ThreadRegister(name)

    def _performed(self, performed: Performed) -> Performed:
        """An access, which is to a place that C can name."""
        if performed.tag in UNSAID:
            raise self.test.refused(UNSAID[performed.tag], performed.span)
        location = performed.location
        if location in self.test.atomic and performed.tag == "plain":
            raise self.test.refused("a plain access to what atomics change", performed.span)
        place = None if location is None else self._place(location)
        operands = tuple(map(self._value, performed.operands))
        return replace(performed, location=place, operands=operands)

    def _place(self, location: Value) -> Value:
        match location:
            case Within(pointer, field):
                if any(field in x and x != (field,) for x in self.test.structures.values()):
                    raise self.test.refused(SEVERAL)
                return self._value(pointer)
            case _:
                return self._value(location)


def _acts(value: Value) -> bool:
    return any(isinstance(one, Performed) for one in parts(value))


def _registers(value: Value) -> Iterator[str]:
    return (one.name for one in parts(value) if isinstance(one, ThreadRegister))


def _truth(value: Value) -> Value:
    """1 where a value is not 0, else 0."""
    match value:
        case Arithmetic("==" | "!=" | "<" | "<=" | ">" | ">=", _):
            return value
        case Arithmetic("&" | "|", (left, right)) if (
            _truth(left) == left and _truth(right) == right
        ):
            return value
        case _:
            return Arithmetic("!=", (value, Integer(0)))


def _either(truths: tuple[Value, Value]) -> Value:
    """Whether one of two is 1, in operators that public tests use."""
    return Arithmetic("!=", (Arithmetic("+", truths), Integer(0)))


def _not(value: Value) -> Value:
    return Arithmetic("==", (value, Integer(0)))
