"""From a litmus test to its text in C: what `smtmodel.litmus.parse` reads, and herd7 and klitmus7.

Takes a test that C can say; gives lines. Values stay as they are written, for dependencies are
syntactic. What a lane does is said by the functions of `smtmodel.litmus.instructions`.
"""

from collections.abc import Iterable, Iterator

from smtmodel.litmus.instructions import Argument, Elementary, Instruction, Use, kernel
from smtmodel.litmus.program import (
    AddressOf,
    AllHold,
    Arithmetic,
    Assigns,
    Condition,
    Conditional,
    Equals,
    Expression,
    FinalValue,
    Initial,
    Integer,
    LitmusTest,
    Negated,
    Performed,
    Performs,
    RegisterOf,
    SomeHolds,
    Statement,
    Thread,
    ThreadRegister,
    Whole,
)
from smtmodel.source.record import parts

COUNTED = (
    Elementary.MODIFY,
    Elementary.MODIFY_RETURN,
    Elementary.MODIFY_FETCH,
    Elementary.ADD_UNLESS,
)
"""What is done to an `atomic_t` alone."""
_LOCKS = (Elementary.LOCK, Elementary.TRY_LOCK, Elementary.UNLOCK, Elementary.IS_LOCKED)
_DOMAINS = ("srcu-lock", "srcu-unlock", "sync-srcu")
_ADDRESS = "intptr_t"


def text_lines(test: LitmusTest, remarks: Iterable[str] = ()) -> Iterator[str]:
    """The text, line by line; `remarks` stand in a comment behind its name."""
    writer = _TestWriter(test)
    yield f"C {test.name}"
    yield ""
    told = [f" * {one.replace('*)', '* )')}" for one in remarks]
    yield from ("(*", *told, " *)", "") if told else ()
    yield from writer.initial()
    for number, thread in enumerate(test.threads):
        yield ""
        yield from writer.thread(number, thread)
    yield ""
    if test.required is not None:
        yield f"filter ({condition_text(test.required)})"
    yield f"{test.quantifier.value} ({condition_text(test.condition)})"


class NotInC(Exception):
    """A statement or a value that no text in C says."""


class _TestWriter:
    """One test; `atomic` are the variables that functions on an `atomic_t` access, `number` is the
    type of other values."""

    def __init__(self, test: LitmusTest) -> None:
        self.test = test
        used = [one for one in parts(test.threads) if isinstance(one, Performed)]
        self.atomic = {
            one.location for one in used if one.elementary in COUNTED and one.location is not None
        }
        self.table = kernel()
        self.number = _ADDRESS if self._has_addresses() else "int"
        self.types = {name: self._type(name, used) for name, _ in test.variables}

    def _type(self, name: str, used: Iterable[Performed]) -> str:
        own = [one for one in used if one.location in _places(name)]
        if any(one.elementary in _LOCKS for one in own):
            return "spinlock_t"
        if any(one.tag in _DOMAINS for one in own):
            return "struct srcu_struct"
        if not self.atomic.isdisjoint(_places(name)):
            return "atomic_t"
        return self.number

    def _has_addresses(self) -> bool:
        """Whether addresses are values somewhere: then numbers are wide enough for them."""
        stored = [value for _, value in self.test.variables]
        followed = (
            one.location
            for one in parts(tuple(thread.statements for thread in self.test.threads))
            if isinstance(one, Performed)
        )
        names = {name for name, _ in self.test.variables}
        pointers = (x for x in followed if isinstance(x, ThreadRegister) and x.name not in names)
        return any(isinstance(one, AddressOf) for one in stored) or any(pointers)

    def initial(self) -> Iterator[str]:
        """What is not 0 at the start."""
        first = [
            f"\t{name}={_constant(value)};"
            for name, value in self.test.variables
            if value != Integer(0)
        ]
        registers = [
            f"\t{number}:{name}={_constant(value)};"
            for number, thread in enumerate(self.test.threads)
            for name, value in thread.registers
            if value != AddressOf(name)
        ]
        yield from ("{", *first, *registers, "}") if first or registers else ("{}",)

    def thread(self, number: int, thread: Thread) -> Iterator[str]:
        """A lane as a function of the variables that it names."""
        names = [name for name, value in thread.registers if value == AddressOf(name)]
        parameters = ", ".join(f"{self.types[name]} *{name}" for name in names)
        yield f"P{number}({parameters})"
        yield "{"
        body = _Body(self.table, self.atomic, set(names), self.number)
        yield from body.declared(thread)
        for statement in thread.statements:
            yield from body.statement(statement, "\t")
        yield "}"


class _Body:
    """The statements of a lane; `names` are its parameters."""

    def __init__(
        self,
        table: dict[str, Instruction],
        atomic: set[Expression],
        names: set[str],
        type_: str,
    ) -> None:
        self.table = table
        self.atomic = atomic
        self.names = names
        self.type = type_

    def declared(self, thread: Thread) -> Iterator[str]:
        """The registers: they hold 0 until a lane sets them, as in the model."""
        first = {name for name, _ in thread.registers}
        assigned = dict.fromkeys(
            one.register for one in parts(thread.statements) if isinstance(one, Assigns)
        )
        for name in assigned:
            if name not in first:
                yield f"\t{self.type} {name} = 0;"
        if set(assigned) - first:
            yield ""

    def statement(self, statement: Statement, indent: str) -> Iterator[str]:
        match statement:
            case Assigns(register, value):
                yield f"{indent}{register} = {self.value(value)};"
            case Performs(Performed(Elementary.STORE, "plain", location, _, (value,), _)):
                yield f"{indent}{self.lvalue(location)} = {self.value(value)};"
            case Performs(value):
                yield f"{indent}{self.value(value)};"
            case Conditional(condition, then, otherwise):
                yield f"{indent}if ({self.value(condition)}) {{"
                yield from self._inner(then, indent)
                if otherwise:
                    yield f"{indent}}} else {{"
                    yield from self._inner(otherwise, indent)
                yield f"{indent}}}"
            case _:
                raise NotInC(statement)

    def _inner(self, statements: tuple[Statement, ...], indent: str) -> Iterator[str]:
        for one in statements:
            yield from self.statement(one, indent + "\t")

    # ------------------------------------------------------------ values

    def value(self, value: Expression) -> str:
        match value:
            case Integer(number):
                return str(number)
            case ThreadRegister(name):
                return f"({_ADDRESS}){name}" if name in self.names else name
            case Arithmetic("negate", (operand,)):
                return f"-{self.operand(operand)}"
            case Arithmetic(operator, (operand,)):
                return f"{operator}{self.operand(operand)}"
            case Arithmetic(operator, (left, right)):
                return f"{self.operand(left)} {operator} {self.operand(right)}"
            case Performed(Elementary.LOAD, "plain", location, _, _, _):
                return self.lvalue(location)
            case Performed():
                return self.call(value)
            case _:
                raise NotInC(value)

    def operand(self, value: Expression) -> str:
        """A value with whatever brackets it needs."""
        text = self.value(value)
        return f"({text})" if isinstance(value, Arithmetic) or text.startswith("-") else text

    def address(self, location: Expression | None) -> str:
        """Where an access is."""
        match location:
            case ThreadRegister(name) if name in self.names:
                return name
            case ThreadRegister(name):
                return f"({self.type} *){name}"
            case Arithmetic():
                return f"({self.type} *)({self.value(location)})"
            case _:
                raise NotInC(location)

    def lvalue(self, location: Expression | None) -> str:
        return f"*{self.address(location)}"

    def call(self, performed: Performed) -> str:
        """The function that does it."""
        fitting = [x for one in self.table.values() if (x := _fitted(one, performed)) is not None]
        if not fitting:
            raise NotInC(performed)
        counted = performed.location in self.atomic
        instruction, arguments = min(fitting, key=lambda one: _oddness(one[0].name, counted))
        use = instruction.uses[0]
        texts = [
            (self.address(one) if use.pointer else self.lvalue(one))
            if number == use.location
            else self.value(one)
            for number, one in enumerate(arguments)
        ]
        return f"{instruction.name}({', '.join(texts)})"


def _oddness(name: str, counted: bool) -> tuple[bool, bool]:
    """Of functions that do the same, those for an `atomic_t` are for one, and those for pointers
    come last."""
    return name.startswith("atomic_") != counted, name.startswith("rcu_")


def _fitted(
    instruction: Instruction, performed: Performed
) -> tuple[Instruction, list[Expression]] | None:
    """A function with the arguments with which it does just that."""
    if len(instruction.uses) != 1 or instruction.compared is not None:
        return None
    (use,) = instruction.uses
    wanted = performed.elementary, performed.tag, performed.operator, len(performed.operands)
    if (use.elementary, use.tag, use.operator, len(use.operands)) != wanted:
        return None
    return _arguments(instruction, use, performed)


def _arguments(
    instruction: Instruction, use: Use, performed: Performed
) -> tuple[Instruction, list[Expression]] | None:
    arguments: dict[int, Expression] = {}
    if use.location is not None and performed.location is not None:
        arguments[use.location] = performed.location
    for formal, operand in zip(use.operands, performed.operands, strict=True):
        if isinstance(formal, Argument):
            arguments[formal.number] = operand
        elif operand != Integer(formal):
            return None
    return instruction, [arguments[number] for number in range(instruction.arguments)]


def _places(name: str) -> set[Expression]:
    """How a lane names a variable."""
    return {ThreadRegister(name), AddressOf(name)}


def _constant(value: Initial) -> str:
    assert not isinstance(value, Whole), "C has no entries"
    return str(value.value) if isinstance(value, Integer) else value.variable


# ---------------------------------------------------------------- conditions


def condition_text(condition: Condition) -> str:
    """A condition on the end, in brackets where it is part of another."""
    match condition:
        case AllHold(()):
            return "true"
        case SomeHolds(()):
            return "false"
        case AllHold(conditions):
            return " /\\ ".join(map(_factor, conditions))
        case SomeHolds(conditions):
            return " \\/ ".join(map(_factor, conditions))
        case Negated(inner):
            return f"~({condition_text(inner)})"
        case Equals(left, right):
            return f"{_side(left)}={_side(right)}"
        case _:
            raise NotInC(condition)


def _factor(condition: Condition) -> str:
    """A condition as a part of another."""
    text = condition_text(condition)
    return f"({text})" if isinstance(condition, AllHold | SomeHolds) else text


def _side(value: RegisterOf | FinalValue | Integer | AddressOf) -> str:
    match value:
        case RegisterOf(thread, name):
            return f"{thread}:{name}"
        case FinalValue(name):
            return name
        case Integer() | AddressOf():
            return _constant(value)
