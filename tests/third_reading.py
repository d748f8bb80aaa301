"""A third reading of the language, from docs/language.md and docs/semantics.md alone.

Takes the text of a protocol in a part of the language, gives the final states of its complete
executions and what they violate, under sc or tso. It imports nothing of the package, neither
its parser nor its grammar, prelude or table of primitives: a name that these read wrongly makes
the prover and the explorer wrong together, and only a reading that shares none of it can tell.

The part: numbers of any width, arrays, structs, pointers to objects that exist at the start,
constants, ghosts, spinlocks and mutexes, threads; no caches, words, updates, new objects or
grace periods. Properties other than asserts are not read.

A block becomes code for a machine with a stack. Jumps count the instructions that they skip, so
that pieces of code are put together by putting them behind one another. One move of a lane is
an event and all local instructions up to the next.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from operator import add, and_, eq, floordiv, ge, gt, le, lshift, lt, mod, mul, ne, or_, rshift, sub
from typing import Any

Location = tuple[Any, ...]
Instruction = tuple[Any, ...]
Code = list[Instruction]
Function = Callable[..., Any]

TOKEN = re.compile(
    r'\s+|//[^\n]*|/\*.*?\*/|([A-Za-z_]\w*|\d+|"[^"]*"'
    r"|->|\.\.|&&|\|\||<<|>>|[<>=!]=|\+\+|--|\+=|-=|[-+*/%&|<>=!(){}\[\],:;.])",
    re.DOTALL,
)
LEVELS = {
    "||": 1,
    "&&": 2,
    "|": 3,
    "&": 4,
    **dict.fromkeys(("==", "!="), 5),
    **dict.fromkeys(("<", "<=", ">", ">="), 6),
    **dict.fromkeys(("<<", ">>"), 7),
    **dict.fromkeys(("+", "-"), 8),
    **dict.fromkeys(("*", "/", "%"), 9),
}
"""How tight the binary operators of C bind; operators of one level bind to the left."""

OPERATORS: dict[str, Function] = {
    **{"==": eq, "!=": ne, "<": lt, "<=": le, ">": gt, ">=": ge},
    **{"+": add, "-": sub, "*": mul, "/": floordiv, "%": mod},
    **{"&": and_, "|": or_, "<<": lshift, ">>": rshift},
}

BEYOND = 2**62
"""A value this far from zero, or farther, is an error of the run."""
TOO_FAR = "beyond"
"""What that error violates."""

KEPT = "kept"
"""What a read-modify-write that writes nothing writes."""

READS = frozenset(
    "READ_ONCE smp_load_acquire atomic_read atomic_read_acquire rcu_dereference refcount_read"
    " rcu_dereference_protected rcu_access_pointer".split()
)
WRITES = frozenset(
    "WRITE_ONCE smp_store_release atomic_set atomic_set_release rcu_assign_pointer"
    " RCU_INIT_POINTER refcount_set".split()
)
NOTHING = frozenset("smp_wmb smp_rmb smp_mb__before_atomic smp_mb__after_atomic".split())
"""They order nothing that the store buffer of a lane, a queue, does not."""


def _plus(old: int, by: int = 1) -> int:
    return old + by


def _minus(old: int, by: int = 1) -> int:
    return old - by


def _compare(old: Any, expected: Any, new: Any) -> Any:
    return new if old == expected else KEPT


def _unless_zero(old: int) -> Any:
    return old + 1 if old else KEPT


def _old(old: Any, new: Any) -> Any:
    return old


def _new(old: Any, new: Any) -> Any:
    return new


def _wrote(old: Any, new: Any) -> int:
    return int(new is not KEPT)


def _zero(old: Any, new: Any) -> int:
    return int(new == 0)


CHANGES: dict[str, tuple[str, Function, Function | None]] = {
    "xchg": ("pv", _new, _old),
    "cmpxchg": ("pvv", _compare, _old),
    "try_cmpxchg": ("pvv", _compare, _wrote),
    "atomic_inc_not_zero": ("p", _unless_zero, _wrote),
    "refcount_inc_not_zero": ("p", _unless_zero, _wrote),
    "kref_get_unless_zero": ("p", _unless_zero, _wrote),
    "atomic_dec_and_test": ("p", _minus, _zero),
    "refcount_dec_and_test": ("p", _minus, _zero),
    "refcount_inc": ("p", _plus, None),
    "kref_get": ("p", _plus, None),
    "atomic_inc": ("p", _plus, None),
    "atomic_dec": ("p", _minus, None),
    "atomic_add": ("vp", _plus, None),
    "atomic_sub": ("vp", _minus, None),
    "atomic_inc_return": ("p", _plus, _new),
    "atomic_dec_return": ("p", _minus, _new),
    "atomic_add_return": ("vp", _plus, _new),
    "atomic_sub_return": ("vp", _minus, _new),
    "atomic_fetch_inc": ("p", _plus, _old),
    "atomic_fetch_dec": ("p", _minus, _old),
    "atomic_fetch_add": ("vp", _plus, _old),
    "atomic_fetch_sub": ("vp", _minus, _old),
}
"""Read-modify-writes: places and values in the order of the call, what is written, the value."""

ONLY_READ = frozenset({"atomic_inc_not_zero", "refcount_inc_not_zero", "kref_get_unless_zero"})
"""These are a read where they write nothing; any other change has a locked instruction."""


# ---------------------------------------------------------------- what a protocol is


@dataclass
class Program:
    """Memory at the start, the widths in it, and the code of each lane."""

    memory: dict[Location, Any] = field(default_factory=dict)
    widths: dict[Location, int] = field(default_factory=dict)
    ghosts: set[str] = field(default_factory=set)
    lengths: dict[str, int] = field(default_factory=dict)
    structs: set[str] = field(default_factory=set)
    lanes: list[tuple[str, Code]] = field(default_factory=list)


class Reader:
    """Reads the text of a protocol: declarations first, then the blocks."""

    def __init__(self, text: str) -> None:
        self.tokens = [found for found in TOKEN.findall(text) if found]
        self.at = 0
        self.program = Program()
        self.constants: dict[str, int] = {}
        self.fields: dict[str, dict[str, int | None]] = {}
        self.objects: set[str] = set()
        self.blocks: dict[str, int] = {}
        self.asserts = 0

    # ------------------------------------------------------------ tokens

    def peek(self, ahead: int = 0) -> str:
        at = self.at + ahead
        return self.tokens[at] if at < len(self.tokens) else ""

    def next(self) -> str:
        self.at += 1
        return self.tokens[self.at - 1]

    def take(self, token: str) -> bool:
        found = self.peek() == token
        self.at += found
        return found

    def expect(self, token: str) -> None:
        assert self.take(token), f"{token!r} expected at {self.tokens[self.at - 5 : self.at + 5]}"

    # ------------------------------------------------------------ declarations

    def read(self) -> Program:
        bounds: dict[str, int] = {}
        while self.at < len(self.tokens):
            match self.next():
                case "protocol":
                    self.at += 2
                case "const":
                    name = self.next()
                    self.expect("=")
                    self.constants[name] = self.literal()
                case "struct":
                    self.struct(self.next())
                case "shared" | "rcu":
                    self.variable(self.next())
                case "ghost":
                    self.program.ghosts.add(self.peek())
                    self.variable(self.next())
                case "object":
                    self.object(self.next())
                case "spinlock" | "mutex":
                    self.program.memory["lock", self.next()] = 0
                case "thread":
                    name = self.next()
                    self.blocks[name] = self.at
                    self.skip()
                case "bounds":
                    more = True
                    while more:
                        name = self.next()
                        bounds[name] = self.literal()
                        more = self.take(",")
                case "never" | "reach" | "expect":
                    break
                case ";":
                    pass
                case other:
                    raise AssertionError(f"{other!r} is no declaration")
        for name, start in self.blocks.items():
            self.at = start
            code = [*self.body(), ("END",)]
            self.program.lanes += [(f"{name}[{lane}]", code) for lane in range(bounds[name])]
        return self.program

    def skip(self) -> None:
        self.expect("{")
        depth = 1
        while depth:
            depth += {"{": 1, "}": -1}.get(self.next(), 0)

    def literal(self) -> int:
        if self.take("-"):
            return -int(self.next())
        token = self.next()
        return self.constants[token] if token in self.constants else int(token)

    def width(self) -> int | None:
        if not self.take(":"):
            return None
        if not self.take("bits"):
            self.next()  # the struct that a pointer points to
            return None
        return self.literal()

    def field_list(self) -> dict[str, int | None]:
        found: dict[str, int | None] = {}
        self.expect("{")
        while not self.take("}"):
            name = self.next()
            found[name] = self.width()
            self.take(",")
        return found

    def struct(self, name: str) -> None:
        self.fields[name] = self.field_list()

    def initial(self) -> Any:
        if self.take("null"):
            return None
        return ("object", self.next()) if self.peek() in self.objects else self.literal()

    def record(self, of: Location, fields: dict[str, int | None]) -> None:
        self.expect("{")
        while not self.take("}"):
            name = self.next()
            self.expect(":")
            self.place((*of, name), fields[name], self.initial())
            self.take(",")

    def place(self, location: Location, width: int | None, value: Any) -> None:
        if width is not None:
            self.program.widths[location] = width
            value %= 1 << width
        self.program.memory[location] = value

    def object(self, name: str) -> None:
        self.expect(":")
        fields = self.fields[self.next()]
        self.objects.add(name)
        self.expect("=")
        self.record(("object", name), fields)

    def variable(self, name: str) -> None:
        if self.peek() == "{":
            fields = self.field_list()
            self.program.structs.add(name)
            self.expect("=")
            self.record((name,), fields)
            return
        length = None
        if self.take("["):
            length = self.program.lengths[name] = self.literal()
            self.expect("]")
        width = self.width()
        self.expect("=")
        value = self.initial()
        for index in (None,) if length is None else range(length):
            self.place((name,) if index is None else (name, index), width, value)

    # ------------------------------------------------------------ expressions

    def expression(self, level: int = 1) -> Code:
        code = self.unary()
        while LEVELS.get(self.peek(), 0) >= level:
            operator = self.next()
            right = self.expression(LEVELS[operator] + 1)
            if operator in ("&&", "||"):
                code = [*code, (operator, len(right) + 1), *right, ("TRUTH",)]
            else:
                code = [*code, *right, ("OPERATE", operator)]
        return code

    def unary(self) -> Code:
        if self.take("!"):
            return [*self.unary(), ("NOT",)]
        if self.take("-"):
            return [("PUSH", 0), *self.unary(), ("OPERATE", "-")]
        return self.value(*self.operand())

    def value(self, code: Code, place: bool) -> Code:
        return [*code, self.load(code)] if place else code

    def load(self, address: Code) -> Instruction:
        ghost = address[-1][0] == "PUSH" and address[-1][1][0] in self.program.ghosts
        return ("LOAD GHOST",) if ghost else ("LOAD",)

    def operand(self) -> tuple[Code, bool]:
        """Its code, and whether that leaves the address of a place or a value."""
        token = self.next()
        program = self.program
        code: Code
        place = False
        if token == "(":
            code = self.expression()
            self.expect(")")
        elif token.isdigit() or token in self.constants:
            self.at -= 1
            code = [("PUSH", self.literal())]
        elif token == "null":
            code = [("PUSH", None)]
        elif self.peek() == "(":
            code = self.call(token)
        elif token in program.structs:
            self.expect(".")
            code, place = [("PUSH", (token, self.next()))], True
        elif self.take("["):
            code = [*self.expression(), ("INDEX", token, program.lengths[token])]
            place = True
            self.expect("]")
        elif (token,) in program.memory:
            code, place = [("PUSH", (token,))], True
        else:
            code = [("LOCAL", token)]
        while self.peek() in ("->", "."):
            self.next()
            code, place = [*self.value(code, place), ("FIELD", self.next())], True
        return code, place

    def address(self) -> Code:
        self.take("&")
        code, place = self.operand()
        assert place, f"a place expected before {self.peek()!r}"
        return code

    def arguments(self, kinds: str) -> list[Code]:
        """`p` is a place, whose address is meant, `v` a value, `l` the name of a lock."""
        found: list[Code] = []
        self.expect("(")
        for index, kind in enumerate(kinds):
            if index:
                self.expect(",")
            if kind == "l":
                self.take("&")
                found.append([("PUSH", ("lock", self.next()))])
            else:
                found.append(self.address() if kind == "p" else self.expression())
        self.expect(")")
        return found

    def call(self, name: str) -> Code:
        """The code of a call. One that has no value leaves none."""
        plain = re.sub("_(relaxed|acquire|release)$", "", name)
        if name in READS:
            (place,) = self.arguments("p")
            return [*place, ("LOAD",)]
        if name in WRITES:
            place, value = self.arguments("pv")
            return [*value, *place, ("STORE",)]
        if name in CHANGES or plain in CHANGES:
            known = name if name in CHANGES else plain
            kinds = CHANGES[known][0]
            parts = self.arguments(kinds)
            values = [part for kind, part in zip(kinds, parts, strict=True) if kind == "v"]
            return [
                *(one for value in values for one in value),
                *parts[kinds.index("p")],
                ("CHANGE", known),
            ]
        if name in NOTHING:
            self.arguments("")
            return []
        if name == "smp_mb":
            self.arguments("")
            return [("BARRIER",)]
        if name in ("spin_lock", "mutex_lock", "spin_unlock", "mutex_unlock"):
            (lock,) = self.arguments("l")
            return [*lock, (name.replace("spin_lock", "lock").replace("mutex_lock", "lock"),)]
        if name in ("spin_trylock", "mutex_trylock"):
            (lock,) = self.arguments("l")
            return [*lock, ("trylock",)]
        return self.several(name)

    def several(self, name: str) -> Code:
        """The names for several steps; an argument is evaluated before the first of them."""
        name = name.removeprefix("raw_") if name.startswith("raw_write_seqcount_") else name
        if name == "read_seqcount_retry":
            place, count = self.arguments("pv")
            return [*count, *place, ("LOAD",), ("OPERATE", "!=")]
        if name == "smp_store_mb":
            place, value = self.arguments("pv")
            return [*value, *place, ("STORE",), ("BARRIER",)]
        if name == "rcu_replace_pointer":
            place, value = self.arguments("pv")
            return [*place, ("LOAD",), *value, *place, ("STORE",)]
        (place,) = self.arguments("p")
        one: Code = [("PUSH", 1)]
        match name:
            case "read_seqcount_begin":
                return [*place, ("WAIT EVEN",)]
            case "raw_read_seqcount":
                return [*place, ("LOAD",)]
            case "raw_seqcount_begin":
                return [*place, ("LOAD",), ("EVEN BELOW",)]
            case "write_seqcount_begin" | "write_seqcount_end":
                return self.compound(one, place, "+")
            case "write_seqcount_invalidate":
                return self.compound([("PUSH", 2)], place, "+")
            case "write_seqcount_barrier":
                return self.compound(one, place, "+") + self.compound(one, place, "+")
        raise AssertionError(f"{name!r} is no primitive")

    def compound(self, value: Code, address: Code, operator: str) -> Code:
        """The right side, then the place, read and written."""
        old = [*address, ("DUPLICATE",), self.load(address), ("COMBINE", operator)]
        return [*value, *old, self.store(address)]

    def store(self, address: Code) -> Instruction:
        return ("STORE GHOST",) if self.load(address) == ("LOAD GHOST",) else ("STORE",)

    # ------------------------------------------------------------ steps

    def body(self) -> Code:
        self.expect("{")
        code: Code = []
        while not self.take("}"):
            code += self.step()
        return code

    def branch(self) -> Code:
        return self.body() if self.peek() == "{" else self.step()

    def condition(self) -> Code:
        self.expect("(")
        code = self.expression()
        self.expect(")")
        return code

    def step(self) -> Code:
        if self.peek(1) == ":":
            label = self.next()
            self.next()
            if self.peek() != "assert":
                return self.step()
            self.next()
            return [*self.expression(), ("ASSERT", label)]
        match self.peek():
            case ";":
                self.next()
                return []
            case "if":
                self.next()
                test, then = self.condition(), self.branch()
                other = self.branch() if self.take("else") else []
                return [*test, ("UNLESS", len(then) + 1), *then, ("SKIP", len(other)), *other]
            case "while":
                self.next()
                times = self.literal()
                return self.while_loop(times, self.condition(), self.branch())
            case "retry":
                self.next()
                times, body = self.literal(), self.body()
                self.expect("until")
                return self.retry_loop(times, body, self.condition())
            case "either":
                self.next()
                ways = [self.body()]
                while self.take("or"):
                    ways.append(self.body())
                return self.either(ways)
            case "atomic":
                self.next()
                return [("ENTER",), *self.body(), ("LEAVE",)]
            case "assert":
                self.next()
                self.asserts += 1
                number = self.asserts
                return [*self.expression(), ("ASSERT", f"assert_{number}")]
            case "assume":
                self.next()
                return [*self.expression(), ("UNLESS", 1), ("SKIP", 1), ("STAND",)]
            case "return":
                self.next()
                return [("END",)]
        if self.peek(1) == "(":
            code = self.call(self.next())
            return code if self.peek() != "->" else self.assignment(code, False)
        return self.assignment(*self.operand())

    def while_loop(self, times: int, test: Code, body: Code) -> Code:
        code: Code = [*test, ("UNLESS", 1), ("STAND",)]
        for _ in range(times):
            code = [*test, ("UNLESS", len(body) + len(code)), *body, *code]
        return code

    def retry_loop(self, times: int, body: Code, test: Code) -> Code:
        code: Code = [("STAND",)]
        for _ in range(times):
            code = [*body, *test, ("UNLESS", 1), ("SKIP", len(code)), *code]
        return code

    def either(self, ways: list[Code]) -> Code:
        code: Code = []
        starts: list[int] = []
        for way in reversed(ways):
            starts = [0, *(start + len(way) + 1 for start in starts)]
            code = [*way, ("SKIP", len(code)), *code]
        return [("EITHER", *starts), *code]

    def assignment(self, target: Code, place: bool) -> Code:
        sign = self.next()
        operator = sign[0]
        if sign == "=" and self.take("choose"):
            low = self.literal()
            self.expect("..")
            right: Code = [("CHOOSE", low, self.literal())]
        elif sign in ("++", "--"):
            right = [("PUSH", 1)]
        else:
            right = self.expression()
        if not place:
            ((_, name),) = target
            old: Code = [("LOCAL", name), ("SWAP",), ("OPERATE", operator)]
            return [*right, *([] if sign == "=" else old), ("SET", name)]
        if sign == "=":
            return [*right, *target, self.store(target)]
        return self.compound(right, target, operator)


# ---------------------------------------------------------------- what it does


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

    def event(self, work: Work, name: str, *rest: str) -> bool:
        """Make the event at which the lane is; whether it was possible."""
        stack = work.stack
        if name in ("BARRIER", "CHANGE", "lock", "mutex_unlock") and work.buffer:
            failed = name == "CHANGE" and rest[0] in ONLY_READ and not self.seen(work, stack[-1])
            if not failed:
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
                self.change(work, rest[0])
            case "lock" | "trylock":
                location = stack.pop()
                holder = work.memory[location]
                own = holder == work.number + 1
                if own or (name == "lock" and holder) or (not holder and work.buffer):
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
        work.at += 1
        return True

    def change(self, work: Work, name: str) -> None:
        kinds, written, value = CHANGES[name]
        location = work.stack.pop()
        count = kinds.count("v")
        operands = [work.stack.pop() for _ in range(count)][::-1]
        if written is _compare:
            operands[0] = self.cut(location, operands[0])
        old = self.seen(work, location)
        new = written(old, *operands)
        if new is not KEPT:
            new = work.memory[location] = self.cut(location, new)
        if value is not None:
            work.stack.append(value(old, new))

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
        return self.bounded(value) if width is None else value % (1 << width)

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
        if operator in ("/", "%", "&", "|", "<<", ">>") and left < 0:
            raise Stopped("negative_operand")
        return self.bounded(int(OPERATORS[operator](left, right)))

    def bounded(self, value: Any) -> Any:
        if isinstance(value, int) and abs(value) >= BEYOND:
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
        shown = tuple(location for location in self.locations if location[0] != "lock")
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


EVENTS = frozenset(
    "LOAD,WAIT EVEN,STORE,CHANGE,BARRIER,lock,trylock,spin_unlock,mutex_unlock,ENTER".split(",")
)


def _true(value: Any) -> bool:
    return value is not None and value != 0


def third(text: str, *, store_buffers: bool, limit: int) -> Found:
    """All that a protocol does, as this reading has it; up to `limit` states."""
    return Machine(Reader(text).read(), store_buffers=store_buffers).run(limit)
