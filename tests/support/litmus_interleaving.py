"""A machine for litmus tests that takes one step at a time: what sequential consistency allows.

A third reading of the statements, for comparison with `smtmodel.executions.candidates`: a lane is
run again from its start with what its steps have returned, up to its next step.
"""

from collections.abc import Iterator

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
    Statement,
    Thread,
    ThreadRegister,
)

Value = int | AddressOf
State = tuple[frozenset[tuple[str, Value]], ...]
"""The memory at the end, then the registers of each lane, those that are 0 left out."""


class _Next(Exception):
    def __init__(self, call: Performed, place: str | None, operands: list[Value]) -> None:
        super().__init__(call, place, operands)
        self.call, self.place, self.operands = call, place, operands


class _Lane:
    def __init__(self, thread: Thread, returned: tuple[Value, ...]) -> None:
        self.thread = thread
        self.returned = iter(returned)
        self.registers: dict[str, Value] = {
            name: value.value if isinstance(value, Integer) else value
            for name, value in thread.registers
        }

    def run(self, statements: tuple[Statement, ...]) -> None:
        for statement in statements:
            if isinstance(statement, Conditional):
                taken = self.value(statement.condition) != 0
                self.run(statement.then if taken else statement.otherwise)
            elif isinstance(statement, Assigns):
                self.registers[statement.register] = self.value(statement.value)
            else:
                self.value(statement.value)

    def value(self, expression: Expression) -> Value:
        if isinstance(expression, Integer):
            return expression.value
        if isinstance(expression, AddressOf):
            return expression
        if isinstance(expression, ThreadRegister):
            return self.registers.get(expression.name, 0)
        if isinstance(expression, Arithmetic):
            return _apply(expression.operator, [self.value(one) for one in expression.operands])
        place = None
        if expression.location is not None:
            pointer = self.value(expression.location)
            assert isinstance(pointer, AddressOf)
            place = pointer.variable
        operands = [self.value(one) for one in expression.operands]
        for value in self.returned:
            return value
        raise _Next(expression, place, operands)


def _apply(symbol: str, values: list[Value]) -> Value:
    if symbol == "!":
        return int(values[0] == 0)
    if symbol in ("==", "!="):
        return int((values[0] == values[1]) == (symbol == "=="))
    if AddressOf in map(type, values):
        (pointer,) = (one for one in values if isinstance(one, AddressOf))
        assert 0 in values, values
        return pointer
    return int(eval(symbol.join(f"({one})" for one in values)))


def _steps(
    call: Performed, place: str | None, operands: list[Value], memory: dict[str, Value]
) -> Iterator[tuple[Value, dict[str, Value]]]:
    """What a step may return with the memory after it; nothing where it has to wait."""
    if place is None:
        yield 0, memory
        return
    old = memory[place]
    put = lambda value: memory | {place: value}  # noqa: E731
    match call.elementary:
        case Elementary.LOAD | Elementary.IS_LOCKED:
            yield old, memory
        case Elementary.STORE:
            yield 0, put(operands[0])
        case Elementary.UNLOCK:
            yield 0, put(0)
        case Elementary.LOCK:
            if old == 0:
                yield 1, put(1)
        case Elementary.TRY_LOCK:
            yield (1, put(1)) if old == 0 else (0, memory)
        case Elementary.EXCHANGE:
            yield old, put(operands[0])
        case Elementary.COMPARE:
            yield old, put(operands[1]) if old == operands[0] else memory
        case Elementary.ADD_UNLESS:
            added = old != operands[1]
            yield int(added), put(_apply("+", [old, operands[0]])) if added else memory
        case Elementary.MODIFY | Elementary.MODIFY_FETCH:
            yield old, put(_apply(call.operator, [old, operands[0]]))
        case Elementary.MODIFY_RETURN:
            new = _apply(call.operator, [old, operands[0]])
            yield new, put(new)
        case other:
            raise AssertionError(other)


def final_states(test: LitmusTest) -> set[State]:
    """The states in which all lanes have ended."""
    memory: dict[str, Value] = {
        name: value.value if isinstance(value, Integer) else value for name, value in test.variables
    }
    start: tuple[tuple[Value, ...], ...] = ((),) * len(test.threads)
    waiting, seen, ended = [(start, memory)], set(), set()
    while waiting:
        returned, memory = waiting.pop()
        key = (returned, frozenset(memory.items()))
        if key in seen:
            continue
        seen.add(key)
        lanes = [_Lane(t, done) for t, done in zip(test.threads, returned, strict=True)]
        going = False
        for number, lane in enumerate(lanes):
            try:
                lane.run(lane.thread.statements)
            except _Next as step:
                going = True
                for value, after in _steps(step.call, step.place, step.operands, memory):
                    further = (*returned[:number], (*returned[number], value))
                    waiting.append((further + returned[number + 1 :], after))
        if not going:
            ended.add(state(memory, [lane.registers for lane in lanes]))
    return ended


def state(memory: dict[str, Value], registers: list[dict[str, Value]]) -> State:
    return tuple(
        frozenset((name, value) for name, value in one.items() if value != 0)
        for one in (memory, *registers)
    )
