"""A third reading of the language, from docs/language.md and docs/semantics.md alone.

Takes the text of a protocol in a part of the language, gives a program that `third_machine`
runs. It imports nothing of the package, neither its parser nor its grammar, prelude or table of
primitives: a name that these read wrongly makes the prover and the explorer wrong together, and
only a reading that shares none of it can tell.

The part: numbers of any width, arrays (of stated length or with an element for each lane, also of
structs), pointers to objects that exist at the start, constants, ghosts, spinlocks and mutexes
(also in arrays and objects), threads and their numbers, interrupts, definitions; no caches, words,
updates, new objects or grace periods. Properties other than asserts are not read.

A block becomes code for a machine with a stack. Jumps count the instructions that they skip, so
that pieces of code are put together by putting them behind one another. One move of a lane is
an event and all local instructions up to the next.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from operator import add, sub
from typing import Any

Location = tuple[Any, ...]
Instruction = tuple[Any, ...]
Code = list[Instruction]
Function = Callable[..., Any]

TOKEN = re.compile(
    r'\s+|//[^\n]*|/\*.*?\*/|([A-Za-z_]\w*|\d+|"[^"]*"'
    r"|->|\.\.|&&|\|\||<<|>>|[<>=!]=|\+\+|--|\+=|-=|[-+*/%&|^~<>=!?(){}\[\],:;.])",
    re.DOTALL,
)
TIGHTER = ("||", "&&", "|", "^", "&", "== !=", "< <= > >=", "<< >>", "+ -", "* / %")
LEVELS = {one: level for level, group in enumerate(TIGHTER, 1) for one in group.split()}
"""How tight the binary operators of C bind; operators of one level bind to the left."""

KEPT = "kept"
"""What a read-modify-write that writes nothing writes."""

READS = re.compile(
    "READ_ONCE|smp_load_acquire|atomic_read(_acquire)?|refcount_read"
    "|rcu_dereference(_protected)?|rcu_access_pointer"
)
WRITES = re.compile(
    "WRITE_ONCE|smp_store_release|atomic_set(_release)?|refcount_set"
    "|rcu_assign_pointer|RCU_INIT_POINTER"
)
NO_BARRIER = re.compile("smp_wmb|smp_rmb|smp_mb__before_atomic|smp_mb__after_atomic")
"""They order nothing that the store buffer of a lane, a queue, does not."""


def compare(old: Any, expected: Any, new: Any) -> Any:
    """What a compare-exchange leaves."""
    return new if old == expected else KEPT


def unless_zero(old: int) -> Any:
    """What an increment unless zero leaves."""
    return old + 1 if old else KEPT


CHANGES: dict[str, tuple[str, Function, str]] = {
    "xchg": ("pv", lambda old, new: new, "old"),
    "cmpxchg": ("pvv", compare, "old"),
    "try_cmpxchg": ("pvv", compare, "wrote"),
    "atomic_inc_not_zero": ("p", unless_zero, "wrote"),
    "atomic_dec_and_test": ("p", lambda old: old - 1, "zero"),
}
"""Read-modify-writes: places and values in the order of the call, what is written, the value."""
for _form, _value in (("atomic_{}", ""), ("atomic_{}_return", "new"), ("atomic_fetch_{}", "old")):
    CHANGES[_form.format("inc")] = ("p", lambda old: old + 1, _value)
    CHANGES[_form.format("dec")] = ("p", lambda old: old - 1, _value)
    CHANGES[_form.format("add")] = ("vp", add, _value)
    CHANGES[_form.format("sub")] = ("vp", sub, _value)
for _name, _other in (
    ("refcount_inc", "atomic_inc"),
    ("kref_get", "atomic_inc"),
    ("refcount_inc_not_zero", "atomic_inc_not_zero"),
    ("kref_getunless_zero", "atomic_inc_not_zero"),
    ("refcount_dec_and_test", "atomic_dec_and_test"),
):
    CHANGES[_name] = CHANGES[_other]


def broken(body: Code, rest: int) -> Code:
    """The body of a loop, out of which `break` jumps behind the rest of it."""
    last = len(body) - 1
    return [
        ("SKIP", last - place + rest) if one == ("BREAK",) else one
        for place, one in enumerate(body)
    ]


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
        unnamed = [
            place
            for place, token in enumerate(self.tokens)
            if token == "assert" and self.tokens[place - 1] != ":"
        ]
        self.asserts = {place: number for number, place in enumerate(unnamed, 1)}
        self.definitions: dict[str, int] = {}
        self.scope: dict[str, tuple[Code, bool]] = {}
        self.own = ""
        self.calls = 0
        self.locks: list[str] = []
        self.locks_of: dict[str, list[str]] = {}
        self.bounds: dict[str, int] = {}
        self.lane = 0
        self.interrupts: dict[str, str] = {}
        self.leaving: Code = []

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
        self.bounds = self.counts()
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
                    self.lock(self.next())
                case "thread":
                    name = self.next()
                    if self.take("on"):
                        self.interrupts[name] = self.next()
                    self.blocks[name] = self.at
                    self.skip()
                case "define":
                    name = self.next()
                    self.definitions[name] = self.at
                    while self.peek() != "{":
                        self.next()
                    self.skip()
                case "bounds" | "never" | "reach" | "expect":
                    break
                case ";":
                    pass
                case other:
                    raise AssertionError(f"{other!r} is no declaration")
        for name in self.blocks:
            for lane in range(self.bounds[name]):
                self.program.lanes.append((f"{name}[{lane}]", self.lane_of(name, lane)))
        return self.program

    def lane_of(self, name: str, lane: int) -> Code:
        """The code of a lane; one that interrupts takes the CPU of another and gives it back, and
        has its number."""
        self.at, target = self.blocks[name], self.interrupts.get(name)
        self.lane = lane % self.bounds[target] if target else lane
        cpu = ("cpu", f"{target}[{self.lane}]") if target else ()
        if cpu:
            self.program.memory[cpu] = 0
        self.leaving = [("RESUME", cpu)] if cpu else []
        code = self.body()
        return [*([("INTERRUPT", cpu)] if cpu else []), *code, *self.leaving, ("END",)]

    def counts(self) -> dict[str, int]:
        """The bounds, which stand behind what needs them."""
        found: dict[str, int] = {}
        self.at = self.tokens.index("bounds")
        while self.next() in ("bounds", ","):
            name = self.next()
            found[name] = self.literal()
            if self.at == len(self.tokens):
                break
        self.at = 0
        return found

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

    def lock(self, name: str) -> None:
        if not self.take("["):
            self.program.memory["lock", name] = 0
            return
        kind = self.peek()
        length = self.bounds[self.next()] if kind in self.bounds else self.literal()
        self.expect("]")
        self.program.lengths[f"lock {name}"] = self.program.lengths[name] = length
        for index in range(length):
            self.program.memory[f"lock {name}", index] = 0

    def field_list(self) -> dict[str, int | None]:
        found: dict[str, int | None] = {}
        self.expect("{")
        while not self.take("}"):
            if self.take("spinlock") or self.take("mutex"):
                self.locks.append(self.next())
            else:
                name = self.next()
                found[name] = self.width()
            self.take(",")
        return found

    def struct(self, name: str) -> None:
        self.locks = []
        self.fields[name] = self.field_list()
        self.locks_of[name] = self.locks

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
        struct = self.next()
        fields = self.fields[struct]
        self.objects.add(name)
        self.program.memory.update({("object", name, one): 0 for one in self.locks_of[struct]})
        self.expect("=")
        self.record(("object", name), fields)

    def variable(self, name: str) -> None:
        places: list[Location] = [(name,)]
        if self.take("["):
            kind = self.peek()
            length = self.bounds[self.next()] if kind in self.bounds else self.literal()
            self.program.lengths[name] = length
            places = [(name, index) for index in range(length)]
            self.expect("]")
        fields = self.field_list() if self.peek() == "{" else None
        width = None if fields is not None else self.width()
        self.expect("=")
        several = self.peek() == "{" and (fields is None or self.peek(1) == "{")
        start = self.at + several
        for place in places:
            self.at = self.at if several and place != places[0] else start
            if fields is None:
                self.place(place, width, self.initial())
            else:
                self.program.structs.add(name)
                self.record(place, fields)
            if several:
                self.take(",")
        if several:
            self.expect("}")

    # ------------------------------------------------------------ expressions

    def expression(self, level: int = 1) -> Code:
        code = self.unary()
        while LEVELS.get(self.peek(), 0) >= level:
            operator = self.next()
            if operator == "&" and self.take("~"):
                code = [*code, *self.unary(), ("OPERATE", "&~")]
                continue
            right = self.expression(LEVELS[operator] + 1)
            if operator in ("&&", "||"):
                code = [*code, (operator, len(right) + 1), *right, ("TRUTH",)]
            else:
                code = [*code, *right, ("OPERATE", operator)]
        if level == 1 and self.take("?"):
            then = self.expression()
            self.expect(":")
            other = self.expression()
            code += [("UNLESS", len(then) + 1), *then, ("SKIP", len(other)), *other]
        return code

    def unary(self) -> Code:
        if self.take("!"):
            return [*self.unary(), ("NOT",)]
        if self.take("-"):
            return [("PUSH", 0), *self.unary(), ("OPERATE", "-")]
        if self.take("~"):
            return [("PUSH", -1), *self.unary(), ("OPERATE", "-")]
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
        elif token == "lane":
            code = [("PUSH", self.lane)]
        elif self.peek() == "(":
            code = self.call(token)
        elif token in self.objects:
            code = [("PUSH", ("object", token))]
        elif token in self.scope:
            code, place = self.scope[token]
        elif token in program.structs and token not in program.lengths:
            self.expect(".")
            code, place = [("PUSH", (token, self.next()))], True
        elif self.take("["):
            code = [*self.expression(), ("INDEX", token, program.lengths[token])]
            place = True
            self.expect("]")
            if token in program.structs:
                self.expect(".")
                code = [*code, ("PART", self.next())]
        elif (token,) in program.memory:
            code, place = [("PUSH", (token,))], True
        else:
            code = [("LOCAL", self.own + token)]
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
                found.append(self.lock_named(self.next()))
            else:
                found.append(self.address() if kind == "p" else self.expression())
        self.expect(")")
        return found

    def lock_named(self, name: str) -> Code:
        if self.take("->"):
            return [("LOCAL", name), ("FIELD", self.next())]
        if not self.take("["):
            return [("PUSH", ("lock", name))]
        which = f"lock {name}"
        code = [*self.expression(), ("INDEX", which, self.program.lengths[which])]
        self.expect("]")
        return code

    def call(self, name: str) -> Code:
        """The code of a call: its arguments from left to right. One without a value leaves none."""
        if name in self.definitions:
            return self.defined(name)
        plain = re.sub("_(relaxed|acquire|release)$", "", name)
        if READS.fullmatch(name):
            (place,) = self.arguments("p")
            return [*place, ("LOAD",)]
        if WRITES.fullmatch(name):
            place, value = self.arguments("pv")
            return [*place, *value, ("SWAP",), ("STORE",)]
        if name in CHANGES or plain in CHANGES:
            known = name if name in CHANGES else plain
            parts = self.arguments(CHANGES[known][0])
            return [*(one for part in parts for one in part), ("CHANGE", known)]
        if NO_BARRIER.fullmatch(name):
            self.arguments("")
            return []
        if name == "smp_mb":
            self.arguments("")
            return [("BARRIER",)]
        if name in ("spin_lock", "mutex_lock", "spin_unlock", "mutex_unlock"):
            (lock,) = self.arguments("l")
            return [*lock, (name.replace("spin_lock", "lock").replace("mutex_lock", "lock"),)]
        if "irq" in name:
            return self.masking(name)
        if name in ("spin_trylock", "mutex_trylock"):
            (lock,) = self.arguments("l")
            return [*lock, ("trylock",)]
        return self.several(name)

    def defined(self, name: str) -> Code:
        """A call of a definition: its parameters get what the arguments are, places their
        addresses; then its body, out of which `yield` and `return` jump to its end."""
        self.calls += 1
        own, back = f"{name} {self.calls} ", self.at
        self.at = self.definitions[name]
        parameters: list[tuple[str, bool]] = []
        self.expect("(")
        while not self.take(")"):
            is_place = self.take("&")
            parameters.append((self.next(), is_place))
            self.take(",")
        start, self.at = self.at, back
        arguments = self.arguments("".join("p" if place else "v" for _, place in parameters))
        code: Code = []
        scope: dict[str, tuple[Code, bool]] = {}
        for (parameter, is_place), argument in zip(parameters, arguments, strict=True):
            code += [*argument, ("SET", own + parameter)]
            scope[parameter] = [("LOCAL", own + parameter)], is_place
        kept = self.scope, self.own, self.at
        self.scope, self.own, self.at = scope, own, start
        body = self.body()
        self.scope, self.own, self.at = kept
        last = len(body) - 1
        return code + [
            ("SKIP", last - place) if one == ("LEAVE CALL",) else one
            for place, one in enumerate(body)
        ]

    def yields(self, name: str) -> bool:
        """Whether a call of a definition leaves a value."""
        kept = self.at
        self.at = self.definitions.get(name, len(self.tokens))
        while self.peek() not in ("{", ""):
            self.next()
        start = self.at
        if start < len(self.tokens):
            self.skip()
        found = "yield" in self.tokens[start : self.at]
        self.at = kept
        return found

    def masking(self, name: str) -> Code:
        """Interrupts off or on, perhaps as saved, around a spinlock or without one."""
        self.expect("(")
        lock: Code = []
        if name.startswith("spin"):
            self.take("&")
            word = "spin_unlock" if "unlock" in name else "lock"
            lock = [*self.lock_named(self.next()), (word,)]
        saved: Code = []
        if name.endswith(("save", "restore")):
            if lock:
                self.expect(",")
            saved = [("SAVE" if name.endswith("save") else "LOCAL", self.next())]
        self.expect(")")
        if name.endswith("restore"):
            return [*lock, *saved, ("UNLESS", 2), ("MASK",), ("SKIP", 1), ("UNMASK",)]
        if "unlock" in name or name.endswith("enable"):
            return [*lock, ("UNMASK",)]
        return [*saved, ("MASK",), *lock]

    def several(self, name: str) -> Code:
        """The names for several steps; arguments are evaluated before the first of them."""
        name = name.removeprefix("raw_") if name.startswith("raw_write_seqcount_") else name
        if name == "read_seqcount_retry":
            place, count = self.arguments("pv")
            return [*place, *count, ("SWAP",), ("LOAD",), ("OPERATE", "!=")]
        if name == "smp_store_mb":
            place, value = self.arguments("pv")
            return [*place, *value, ("SWAP",), ("STORE",), ("BARRIER",)]
        if name == "rcu_replace_pointer":
            place, value = self.arguments("pv")
            old: Code = [*place, ("DUPLICATE",), ("LOAD",), ("SWAP",)]
            return [*old, *value, ("SWAP",), ("STORE",)]
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
            case "each":
                self.next()
                name = self.next()
                self.expect("of")
                length, body = self.program.lengths[self.next()], self.body()
                rounds = [[("PUSH", number), ("SET", name), *body] for number in range(length)]
                return [one for code in rounds for one in code]
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
                number = self.asserts[self.at]
                self.next()
                return [*self.expression(), ("ASSERT", f"assert_{number}")]
            case "assume":
                self.next()
                return [*self.expression(), ("UNLESS", 1), ("SKIP", 1), ("STAND",)]
            case "return":
                self.next()
                return [("LEAVE CALL",)] if self.own else [*self.leaving, ("END",)]
            case "break":
                self.next()
                return [("BREAK",)]
            case "yield":
                self.next()
                return [*self.expression(), ("LEAVE CALL",)]
        if self.peek(1) == "(":
            name = self.next()
            code = self.call(name)
            if self.yields(name):
                return [*code, ("SET", "nothing")]
            return code if self.peek() != "->" else self.assignment(code, False)
        return self.assignment(*self.operand())

    def while_loop(self, times: int, test: Code, body: Code) -> Code:
        code: Code = [*test, ("UNLESS", 1), ("STAND",)]
        for _ in range(times):
            code = [*test, ("UNLESS", len(body) + len(code)), *broken(body, len(code)), *code]
        return code

    def retry_loop(self, times: int, body: Code, test: Code) -> Code:
        code: Code = [("STAND",)]
        for _ in range(times):
            rest = [*test, ("UNLESS", 1), ("SKIP", len(code)), *code]
            code = [*broken(body, len(rest)), *rest]
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
