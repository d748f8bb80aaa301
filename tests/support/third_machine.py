"""Runs what the third reading has read: every interleaving, with store buffers or without.

Takes a program, gives the final states of its complete executions and what is violated. Written
from docs/semantics.md alone; imports nothing of the package. One move of a lane is an event and
all local instructions up to the next.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from operator import add, and_, eq, floordiv, ge, gt, le, lt, mod, mul, ne, or_, rshift, sub, xor
from typing import Any

from tests.support.third_reading import (
    CHANGES,
    KEPT,
    Code,
    Function,
    Instruction,
    Location,
    Program,
    Reader,
    compare,
    unless_zero,
)

OPERATORS: dict[str, Function] = {
    **dict(zip(("==", "!=", "<", "<=", ">", ">="), (eq, ne, lt, le, gt, ge), strict=True)),
    **dict(zip("+-*/%", (add, sub, mul, floordiv, mod), strict=True)),
    **dict(zip(("&", "|", "^", ">>"), (and_, or_, xor, rshift), strict=True)),
    "&~": lambda left, right: left & ~right,
    "<<": lambda left, right: left << min(right, 64),
}

EVENTS = (
    *("LOAD", "WAIT EVEN", "STORE", "CHANGE", "BARRIER", "ENTER"),
    *("lock", "trylock", "spin_unlock", "mutex_unlock"),
    *("INTERRUPT", "RESUME", "MASK", "UNMASK"),
)

BEYOND = 2**62
"""A value this far from zero, or farther, is an error of the run."""
TOO_FAR = "overflow"
"""What that error violates."""


def _yielded(which: str, old: Any, new: Any) -> Any:
    """The value of a read-modify-write."""
    match which:
        case "old":
            return old
        case "new":
            return new
        case "zero":
            return int(new == 0)
    return int(new is not KEPT)


ENDED, STANDS = -1, -2


@dataclass(frozen=True)
class Lane:
    """Where a lane is: at an instruction, or for good."""

    at: int = 0
    stack: tuple[Any, ...] = ()
    names: tuple[tuple[str, Any], ...] = ()
    buffer: tuple[tuple[Location, Any], ...] = ()


Memory = tuple[Any, ...]
State = tuple[Memory, tuple[Lane, ...]]


class Stopped(Exception):
    """An error of the run, named as what it violates; without a name the lane just stands."""


class Ended(Exception):
    """The lane has run to its end."""


@dataclass
class Work:
    """A move of a lane that is being made."""

    number: int
    code: Code
    memory: dict[Location, Any]
    at: int
    stack: list[Any]
    names: dict[str, Any]
    buffer: list[tuple[Location, Any]]
    inside: bool = False
    violated: tuple[str, ...] = ()


@dataclass(frozen=True)
class Found:
    """Final states of complete executions: memory without locks, and the locals by lane."""

    finals: frozenset[tuple[tuple[Any, ...], tuple[tuple[tuple[str, Any], ...], ...]]]
    violated: frozenset[str]
    locations: tuple[Location, ...]
    states: int
    finished: bool


class Machine:
    """Runs all interleavings of a program."""

    def __init__(self, program: Program, *, store_buffers: bool) -> None:
        self.program = program
        self.weak = store_buffers
        self.locations = tuple(program.memory)
        self.violated: set[str] = set()

    # ------------------------------------------------------------ one move

    def moves(self, state: State) -> Iterator[State]:
        for number, lane in enumerate(state[1]):
            if lane.buffer:
                work = self.work(state, number)
                location, value = work.buffer.pop(0)
                work.memory[location] = value
                yield self.after(state, work, lane.at)
            if lane.at >= 0:
                work = self.work(state, number)
                yield from self.go_on(state, work, event=True)

    def work(self, state: State, number: int) -> Work:
        memory = dict(zip(self.locations, state[0], strict=True))
        lane = state[1][number]
        code = self.program.lanes[number][1]
        stack, names, buffer = list(lane.stack), dict(lane.names), list(lane.buffer)
        return Work(number, code, memory, lane.at, stack, names, buffer)

    def after(self, state: State, work: Work, at: int) -> State:
        self.violated.update(work.violated)
        stack = tuple(work.stack) if at >= 0 else ()
        lane = Lane(at, stack, tuple(sorted(work.names.items())), tuple(work.buffer))
        lanes = (*state[1][: work.number], lane, *state[1][work.number + 1 :])
        return tuple(work.memory[location] for location in self.locations), lanes

    def go_on(self, state: State, work: Work, *, event: bool) -> Iterator[State]:
        """An event, if one is due, and local instructions up to the next, in all ways."""
        try:
            while event or work.inside or work.code[work.at][0] not in EVENTS:
                instruction = work.code[work.at]
                if instruction[0] in EVENTS:
                    if not self.event(work, *instruction):
                        return
                    event = False
                elif instruction[0] in ("CHOOSE", "EITHER"):
                    for way in self.ways(work, *instruction):
                        yield from self.go_on(state, way, event=False)
                    return
                else:
                    work.at += 1
                    self.local(work, instruction)
            yield self.after(state, work, work.at)
        except Stopped as stopped:
            work.violated += tuple(stopped.args)
            yield self.after(state, work, STANDS)
        except Ended:
            yield self.after(state, work, ENDED)

    def ways(self, work: Work, name: str, *range_of: int) -> Iterator[Work]:
        work.at += 1
        low, high = range_of if name == "CHOOSE" else (0, len(range_of) - 1)
        for chosen in range(low, high + 1):
            way = replace(
                work,
                memory=dict(work.memory),
                stack=[*work.stack, chosen] if name == "CHOOSE" else list(work.stack),
                names=dict(work.names),
                buffer=list(work.buffer),
                at=work.at + (0 if name == "CHOOSE" else range_of[chosen]),
            )
            yield way

    # ------------------------------------------------------------ events

    def event(self, work: Work, name: str, *rest: Any) -> bool:
        """Make the event at which the lane is; whether it was possible."""
        stack, own = work.stack, ("cpu", self.program.lanes[work.number][0])
        if work.memory.get(own, 0) not in (0, work.number + 1):
            return False
        if name in ("BARRIER", "lock", "mutex_unlock") and work.buffer:
            return False
        match name:
            case "LOAD":
                stack.append(self.seen(work, stack.pop()))
            case "WAIT EVEN":
                value = self.seen(work, stack.pop())
                if value % 2:
                    return False
                stack.append(value)
            case "STORE":
                location = stack.pop()
                self.write(work, location, self.cut(location, stack.pop()))
            case "CHANGE":
                if not self.change(work, *CHANGES[rest[0]]):
                    return False
            case "lock" | "trylock":
                location = stack.pop()
                holder = work.memory[location]
                own = holder == work.number + 1
                leaving = any(place == location for place, _ in work.buffer)
                if (own and leaving) or (name == "lock" and holder):
                    return False
                if not holder and work.buffer:
                    return False
                if not holder:
                    work.memory[location] = work.number + 1
                if name == "trylock":
                    stack.append(int(not holder))
            case "spin_unlock":
                self.write(work, stack.pop(), 0)
            case "mutex_unlock":
                work.memory[stack.pop()] = 0
            case "ENTER":
                work.inside = True
            case "INTERRUPT":
                if work.memory[rest[0]]:
                    return False
                work.memory[rest[0]] = work.number + 1
            case "RESUME":
                work.memory[rest[0]] = 0
            case "MASK" | "UNMASK":
                if own in work.memory:
                    work.memory[own] = work.number + 1 if name == "MASK" else 0
        work.at += 1
        return True

    def change(self, work: Work, kinds: str, written: Function, value: str) -> bool:
        """A read-modify-write, which waits for an empty buffer unless it is only a read."""
        operands = work.stack[-len(kinds) :]
        del work.stack[-len(kinds) :]
        location = operands.pop(kinds.index("p"))
        if written is compare:
            operands[0] = self.cut(location, operands[0])
        old = self.seen(work, location)
        new = written(old, *operands)
        far = isinstance(new, int) and abs(new) >= BEYOND
        only_read = far or (written is unless_zero and new is KEPT)
        if work.buffer and not only_read:
            return False
        if far:
            raise Stopped(TOO_FAR)
        if new is not KEPT:
            new = work.memory[location] = self.cut(location, new)
        if value:
            work.stack.append(_yielded(value, old, new))
        return True

    def seen(self, work: Work, location: Location) -> Any:
        for written, value in reversed(work.buffer):
            if written == location:
                return value
        return work.memory[location]

    def write(self, work: Work, location: Location, value: Any) -> None:
        if self.weak:
            work.buffer.append((location, value))
        else:
            work.memory[location] = value

    def cut(self, location: Location, value: Any) -> Any:
        width = self.program.widths.get(location)
        return value if width is None else value % (1 << width)

    # ------------------------------------------------------------ local instructions

    def local(self, work: Work, instruction: Instruction) -> None:
        stack = work.stack
        match instruction:
            case ("PUSH", value):
                stack.append(value)
            case ("LOCAL", name):
                stack.append(work.names[name])
            case ("SET", name):
                work.names[name] = stack.pop()
            case ("SAVE", name):
                own = ("cpu", self.program.lanes[work.number][0])
                work.names[name] = int(work.memory.get(own, 0) == work.number + 1)
            case ("OPERATE", operator):
                right, left = stack.pop(), stack.pop()
                stack.append(self.operate(operator, left, right))
            case ("COMBINE", operator):
                old, address, right = stack.pop(), stack.pop(), stack.pop()
                stack += [self.operate(operator, old, right), address]
            case ("DUPLICATE",):
                stack.append(stack[-1])
            case ("SWAP",):
                stack[-2:] = stack[:-3:-1]
            case ("NOT",):
                stack.append(int(not _true(stack.pop())))
            case ("TRUTH",):
                stack.append(int(_true(stack.pop())))
            case ("&&" | "||" as operator, count):
                if _true(stack.pop()) == (operator == "||"):
                    stack.append(int(operator == "||"))
                    work.at += count
            case ("EVEN BELOW",):
                stack[-1] -= stack[-1] % 2
            case ("INDEX", name, length):
                index = stack.pop()
                if not 0 <= index < length:
                    raise Stopped("out_of_bounds")
                stack.append((name, index))
            case ("PART", name):
                stack.append((*stack.pop(), name))
            case ("FIELD", name):
                pointer = stack.pop()
                if pointer is None:
                    raise Stopped("null_dereference")
                stack.append((*pointer, name))
            case ("UNLESS", count):
                work.at += 0 if _true(stack.pop()) else count
            case ("SKIP", count):
                work.at += count
            case ("ASSERT", name):
                if not _true(stack.pop()):
                    work.violated += (name,)
            case ("LOAD GHOST",):
                stack.append(work.memory[stack.pop()])
            case ("STORE GHOST",):
                location = stack.pop()
                work.memory[location] = stack.pop()
            case ("LEAVE",):
                work.inside = False
            case ("STAND",):
                raise Stopped
            case ("END",):
                raise Ended
            case _:
                raise AssertionError(instruction)

    def operate(self, operator: str, left: Any, right: Any) -> Any:
        bits = operator in ("&", "&~", "|", "^", "<<", ">>")
        halves = operator in ("/", "%")
        if ((bits or halves) and left < 0) or (bits and right < 0):
            raise Stopped("negative_operand")
        value = int(OPERATORS[operator](left, right))
        if abs(value) >= BEYOND:
            raise Stopped(TOO_FAR)
        return value

    # ------------------------------------------------------------ all moves

    def run(self, limit: int) -> Found:
        start: State = (
            tuple(self.program.memory.values()),
            tuple(Lane() for _ in self.program.lanes),
        )
        begun = [start]
        for number in range(len(self.program.lanes)):
            begun = [
                after
                for state in begun
                for after in self.go_on(state, self.work(state, number), event=False)
            ]
        visited = set(begun)
        todo = list(visited)
        finals: set[Any] = set()
        hidden = ("lock", "cpu")
        shown = tuple(one for one in self.locations if one[0].partition(" ")[0] not in hidden)
        while todo and len(visited) <= limit:
            state = todo.pop()
            memory, lanes = state
            if all(lane.at == ENDED and not lane.buffer for lane in lanes):
                seen = dict(zip(self.locations, memory, strict=True))
                values = tuple(seen[location] for location in shown)
                finals.add((values, tuple(lane.names for lane in lanes)))
            for after in self.moves(state):
                if after not in visited:
                    visited.add(after)
                    todo.append(after)
        return Found(frozenset(finals), frozenset(self.violated), shown, len(visited), not todo)


def _true(value: Any) -> bool:
    return value is not None and value != 0


def third(text: str, *, store_buffers: bool, limit: int) -> Found:
    """All that a protocol does, as this reading has it; up to `limit` states."""
    return Machine(Reader(text).read(), store_buffers=store_buffers).run(limit)
