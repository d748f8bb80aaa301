"""Random programs in the part of the language that the third reading knows.

`text(seed, weak=...)` is the protocol of a seed without its properties; with `weak` its atomic
blocks are such that TSO has them. What only the shared front end decides is common here: flat
chains of operators, operands with reads, compound assignments, widths, nested branches, loops
that are cut off, and calls with several arguments.
"""

import re
from random import Random

WITHHELD: frozenset[str] = frozenset()
"""Forms that are not generated.

`compound reads`: a read on the right of `+=` and `-=` on shared state, or in the address.
`argument order`: a call that writes to an element whose index is read. `wide expected`: what a
compare-exchange expects is wider than the place. `failed cmpxchg`: any compare-exchange under
tso. `replaced pointer`: `rcu_replace_pointer` with a value that is read. `far values`: values
beyond 2^62, which random programs do not reach.
"""

LEVELS = (
    *(("||",), ("&&",), ("|",), ("^",), ("&",)),
    *(("==", "!="), ("<", "<=", ">", ">="), ("<<", ">>")),
)
BITWISE = ("|", "&", "^", "<<", ">>")
HEADER = """protocol random "a random program"
const K = 3
const LOW = -2
struct node { data, more: bits 2 }
shared sum = 0
object o1: node = { data: 1, more: 2 }
object o2: node = { data: 2, more: 0 }
"""


def _level(operator: str) -> int:
    for level, operators in enumerate(LEVELS):
        if operator in operators:
            return level
    return len(LEVELS) + (operator in "*/%")


class Programs(Random):
    """Writes the program of one seed."""

    def __init__(self, seed: int, *, weak: bool) -> None:
        super().__init__(seed)
        self.weak = weak
        self.locals: list[str] = []
        self.places: list[str] = []
        self.loads = 0
        self.labels = 0
        self.functions: list[tuple[str, str, bool]] = []  # name, parameters, whether it yields
        self.defining = False
        self.masking = False

    def chance(self, probability: float) -> bool:
        return self.random() < probability

    def made(self, form: str) -> bool:
        return form not in WITHHELD

    # ------------------------------------------------------------ declarations

    def write(self) -> str:
        lines = [HEADER.rstrip()]
        for name in ("x", "y"):
            lines.append(f"shared {name} = {self.choice((0, 0, 0, 1, 1, 2, 'K', 'LOW'))}")
        self.places = ["x", "y"]
        if self.chance(0.6):
            self.put(lines, f"shared b: bits {self.choice((2, 2, 3))} = {self.randrange(4)}", "b")
        if self.chance(0.25):
            self.put(lines, f"shared a[2] = {self.choice((0, 1))}", "a[0]", "a[1]")
        if self.chance(0.15):
            self.put(lines, f"shared c[2]: bits 2 = {self.choice((0, 3))}", "c[0]", "c[1]")
        if self.chance(0.2):
            fields = f"{{ u: {self.randrange(3)}, v: {self.randrange(4)} }}"
            self.put(lines, f"shared s {{ u, v: bits 2 }} = {fields}", "s.u", "s.v")
        self.pointers = self.chance(0.3)
        if self.pointers:
            lines.append(f"rcu p: node = {self.choice(('o1', 'o2', 'o1', 'null'))}")
            lines.append("shared q: node = o2")
        self.counter = self.chance(0.4)
        if self.counter:
            width = self.choice(("", "", ": bits 2"))
            lines.append(f"shared seq{width} = {self.choice((0, 0, 2, 3))}")
        self.locked = self.chance(0.2)
        lines += ["spinlock l", "mutex m"] if self.locked else []
        self.ghost = not self.weak and self.chance(0.2)
        lines += ["ghost g = 0"] if self.ghost else []
        if self.chance(0.4):
            for number in range(self.choice((1, 1, 2))):
                lines += self.definition(f"f{number}")
        kinds = ["left", "right"] + ["third"] * self.chance(0.25)
        each = [
            self.choice((1, 1, 1, 1, 2)) if len(kinds) == 2 and kind == "left" else 1
            for kind in kinds
        ]
        start = len(lines)
        for kind in kinds:
            lines += self.block(kind, 6 if len(kinds) == 2 and each == [1, 1] else 3)
        calls = [
            re.sub(r"\b[rt]\b", "1", f"    if (0) {self.called(*one[:2])}")
            for one in self.functions
        ]
        self.masking = not self.weak and len(kinds) == 2 and self.chance(0.25)
        if self.masking:
            self.locked, self.ghost = False, False
            kinds, each = ["left", "irq"], [1, 1]
            lines = lines[:start]
            lines += [] if "spinlock l" in lines else ["spinlock l"]
            lines += [*self.block("left", 5), *self.block("irq", 3, " on left")]
        lines += ["thread constants {", "    sum = K + LOW", *calls, "}"]
        bounds = [f"{kind} {count}" for kind, count in zip(kinds, each, strict=True)]
        lines.append(f"bounds {', '.join(bounds)}, constants 1")
        return "\n".join(lines) + "\n"

    def put(self, lines: list[str], declaration: str, *places: str) -> None:
        lines.append(declaration)
        self.places += places

    # ------------------------------------------------------------ definitions

    def definition(self, name: str) -> list[str]:
        """A definition with a place (`&`), a value or both; it calls those before it."""
        parameters, yielding = self.choice(("&", "v", "&v", "")), self.chance(0.7)
        self.locals, self.left = ["r", "t"], 1
        self.defining, places = True, self.places
        kept = self.ghost, self.counter, self.locked
        self.ghost = self.counter = self.locked = False
        self.places = [*places, *["z"] * 4] if "&" in parameters else places
        lines = [f"r = {'v' if 'v' in parameters else '1'}"]
        lines += ["t = z" if "&" in parameters else "t = 2"]
        while self.left > 0:
            lines += self.step(1)
        lines += ["assume r - t != 77777", *(self.end() if yielding else self.ending())]
        self.defining, self.places = False, places
        self.ghost, self.counter, self.locked = kept
        self.functions.append((name, parameters, yielding))
        written = ", ".join({"&": "&z", "v": "v"}[one] for one in parameters)
        lines = [re.sub(r"\br\b", "u", re.sub(r"\bt\b", "w", line)) for line in lines]
        return [f"define {name}({written}) {{", *("    " + line for line in lines), "}"]

    def ending(self) -> list[str]:
        """A write, and perhaps a return before it."""
        early = [f"if (r > {self.choice('012')})", "    return"] if self.chance(0.4) else []
        return [*early, f"{self.place()} = (r - t) + 0"]

    def end(self) -> list[str]:
        """A yield, or one in a branch and one behind it."""
        self.loads = 2
        one, other = self.expression(0), self.choice(("r", "t", "r - t"))
        return self.choice(
            (
                [f"yield {one}"],
                [f"yield ({one}) + {other}"],
                [f"if ({one})", "    yield t", f"yield {other}"],
                [f"if ({one}) {{", "    t++", "    yield t", "}", "r = t + 1", f"yield {other}"],
                [f"if ({one})", "    yield r", "else {", "    r++", f"    yield {other}", "}"],
            )
        )

    def called(self, name: str, parameters: str) -> str:
        self.left -= 2
        self.loads += 1
        wide = [one for one in self.places if not self.narrow(one)]
        given = [
            "&" + self.choice(wide) if one == "&" else self.choice((self.simple(), self.load()))
            for one in parameters
        ]
        return f"{name}({', '.join(given)})"

    def call_step(self, depth: int) -> list[str]:
        name, parameters, _ = self.choice(self.functions)
        return [self.called(name, parameters)]

    # ------------------------------------------------------------ blocks

    def block(self, kind: str, size: int, on: str = "") -> list[str]:
        self.locals = ["r", "t"]
        self.left = size
        lines = ["r = 0", f"t = {self.choice((0, 1, 2, 'K'))}", *["n = 0"] * self.counter]
        self.ready = False
        lines += [f"{self.place()} = {self.simple()}"] if self.ghost else []
        self.begun = self.ghost
        while self.left > 0:
            lines += self.step(0)
        if self.ghost:
            lines += ["g++"]
        return [f"thread {kind}{on} {{", *("    " + line for line in lines), "}"]

    # ------------------------------------------------------------ expressions

    def place(self) -> str:
        return self.choice(self.places)

    def narrow(self, place: str) -> bool:
        return place[0] in "bc" or place == "s.v"

    def simple(self) -> str:
        """A literal that fits everywhere, or a local."""
        return self.choice(("0", "1", "2", "3", "K", "r", "t"))

    def load(self) -> str:
        self.loads += 1
        self.left -= 1
        place = self.place()
        if place.startswith("a[") and self.chance(0.3):
            place = f"a[{self.choice(('r', 't', 'r', self.place()))}]"
        form = self.choice(
            ("{}",) * 6 + ("READ_ONCE({})", "atomic_read(&{})", "smp_load_acquire(&{})")
        )
        if self.pointers and self.chance(0.15):
            return self.choice(("p->data", "q.more", "rcu_dereference(p)->more"))
        return form.format(place)

    def atom(self, depth: int, reads: bool) -> str:
        if depth and self.chance(0.15):
            return f"({self.expression(depth - 1, reads=reads)})"
        yielding = [one for one in self.functions if one[2]]
        if reads and yielding and self.loads < 2 and self.chance(0.3):
            return self.called(*self.choice(yielding)[:2])
        if depth and self.chance(0.05):
            way = self.expression(depth - 1, reads=reads)
            return f"({self.simple()} ? {way} : {self.simple()})"
        if reads and self.loads < 3 and self.chance(0.6):
            return self.change() if self.chance(0.12) else self.load()
        return self.simple()

    def unary(self, depth: int, reads: bool) -> str:
        sign = self.choice(("!", "!", "-")) if self.chance(0.1) else ""
        operand = self.atom(depth, reads)
        # A place of stated width is not compared with a literal that it cannot hold.
        return operand if sign == "-" and operand.strip("()") in "0123K" else sign + operand

    def expression(self, depth: int = 1, *, reads: bool = True) -> str:
        """A chain of operands; where a literal must stand right of one, the next binds no
        tighter."""
        text = self.unary(depth, reads)
        tightest = 10
        for _ in range(self.choice((0, 0, 1, 1, 2, 2, 3))):
            operators = ["+", "+", "-", "-", "*", "&&", "||", "==", "==", "!=", "<", "<="]
            operators += ["|", "&", "^", "<<", ">>", "/", "%", ">", ">="]
            operator = self.choice([one for one in operators if _level(one) <= tightest])
            if operator in ("/", "%"):
                right = self.choice(("1", "2", "3", "K"))
                tightest = _level(operator)
            elif operator in BITWISE:
                right = self.choice(("1", "2", "3", "K", *self.locals))
                right = self.load() if reads and self.loads < 3 and self.chance(0.2) else right
                sign = "~" if operator == "&" and self.chance(0.3) else ""
                right, tightest = sign + right, _level(operator)
            else:
                right = self.unary(depth, reads)
                tightest = 10
            if operator == "-" and right[0] == "-":
                right = f"({right})"
            text += f" {operator} {right}"
        return text

    def value(self, *, reads: bool = True) -> str:
        self.loads = 0
        return self.expression(reads=reads)

    def change(self) -> str:
        """A read-modify-write with a value."""
        self.left -= 1
        place = self.place()
        value = self.choice((self.simple(), f"{self.simple()} + {self.choice('2456')}"))
        exact = self.made("wide expected") or not self.narrow(place)
        expected = self.simple() if exact else self.choice(("0", "1", "2", "3", "K"))
        ways = [
            f"xchg(&{place}, {value})",
            f"atomic_inc_return(&{place})",
            f"atomic_dec_return({place})",
            f"atomic_add_return({value}, &{place})",
            f"atomic_sub_return({value}, &{place})",
            f"atomic_fetch_add_relaxed({value}, &{place})",
            f"atomic_fetch_sub({value}, {place})",
            f"atomic_fetch_inc({place})",
            f"atomic_dec_and_test(&{place})",
            f"atomic_inc_not_zero(&{place})",
            f"refcount_inc_not_zero(&{place})",
        ]
        if not self.weak or self.made("failed cmpxchg"):
            new = value if " + " in value or value in "rt" else self.simple()
            ways += [f"cmpxchg(&{place}, {expected}, {new})"] * 2
            ways += [f"cmpxchg_acquire({place}, {expected}, {new})"]
            ways += [f"try_cmpxchg(&{place}, {expected}, {new})"] * 2
        return self.choice(ways)

    # ------------------------------------------------------------ steps

    def step(self, depth: int) -> list[str]:
        self.left -= 1
        ways = [self.assign_local, self.assign_local, self.assign, self.assign, self.assign]
        ways += [self.compound, self.compound, self.count, self.atomic_step, self.exchange]
        ways += [self.fence, self.asserts, self.asserts]
        ways += [self.sequence] * (3 * self.counter)
        ways += [self.pointer_step] * (2 * self.pointers)
        ways += [self.lock_step] * (2 * self.locked)
        ways += [self.call_step] * (3 * bool(self.functions))
        ways += [self.masked_step] * (5 * self.masking)
        if depth < 2:
            ways += [self.branch, self.branch, self.branch, self.loop, self.either]
            ways += [self.together]
        return [line for line in self.choice(ways)(depth) if line]

    def nested(self, depth: int) -> list[str]:
        lines = [line for _ in range(self.choice((1, 1, 2))) for line in self.step(depth + 1)]
        return ["    " + line for line in lines]

    def assign_local(self, depth: int) -> list[str]:
        name = self.choice(self.locals)
        if self.chance(0.2):
            return [f"{name} {self.choice(('+=', '-='))} {self.value()}"]
        if self.chance(0.15):
            return [f"{name} = choose {self.choice(('0..1', 'LOW..1', '2..K'))}"]
        return [f"{name} = {self.value()}"]

    def target(self) -> str:
        place = self.place()
        if place.startswith("a[") and self.chance(0.4):
            return f"a[{self.choice(('r', 't', 'r & 1', 't % 2', 'x', 'y'))}]"
        return place

    def assign(self, depth: int) -> list[str]:
        self.left -= 1
        place, value = self.target(), self.value()
        if place in ("a[x]", "a[y]") and not self.made("argument order"):
            return [f"{place} = {value}"]
        if self.narrow(place) and self.chance(0.1):
            value = f"~{self.simple()}"
        form = self.choice(
            ("{} = {}",) * 6
            + (
                "WRITE_ONCE({}, {})",
                "smp_store_release(&{}, {})",
                "atomic_set(&{}, {})",
                "smp_store_mb({}, {})",
            )
        )
        return [form.format(place, value)]

    def compound(self, depth: int) -> list[str]:
        self.left -= 2
        reads = self.made("compound reads")
        place = self.target() if reads else self.place()
        return [f"{place} {self.choice(('+=', '-='))} {self.value(reads=reads)}"]

    def count(self, depth: int) -> list[str]:
        self.left -= 2
        name = self.choice((self.place(), self.place(), "r"))
        return [f"{name}{self.choice(('++', '--'))}"]

    def atomic_step(self, depth: int) -> list[str]:
        place, value = self.place(), self.value()
        return [
            self.choice(
                (
                    f"atomic_inc(&{place})",
                    f"atomic_dec({place})",
                    f"atomic_add({value}, &{place})",
                    f"atomic_sub({value}, &{place})",
                    f"refcount_inc(&{place})",
                )
            )
        ]

    def exchange(self, depth: int) -> list[str]:
        return [f"{self.choice(self.locals)} = {self.change()}"]

    def fence(self, depth: int) -> list[str]:
        counted = f"atomic_inc(&{self.place()})"
        ways = [["smp_mb()"], ["smp_mb()"], ["smp_wmb()"], ["smp_rmb()"]]
        ways += [["smp_mb__before_atomic()", counted], [counted, "smp_mb__after_atomic()"]]
        return self.choice(ways)

    def asserts(self, depth: int) -> list[str]:
        if self.chance(0.1):
            return [f"assume {self.value()}"]
        self.labels += 1
        label = f"c{self.labels}: " if self.chance(0.4) else ""
        return [f"{label}assert {self.value()}"]

    def condition(self) -> str:
        self.loads = 0
        if self.counter and self.chance(0.3):
            self.left -= 1
            sign = self.choice(("", "!"))
            return f"{sign}read_seqcount_retry(&seq, {self.choice(('n', 'n', 'r', 'x'))})"
        return self.expression()

    def branch(self, depth: int) -> list[str]:
        lines = [f"if ({self.condition()}) {{", *self.nested(depth)]
        if self.chance(0.15) and not self.defining:
            return [*lines, "    return", "}"]
        if self.chance(0.3):
            lines += [f"}} else if ({self.condition()}) {{", *self.nested(depth)]
        if self.chance(0.2):
            return [
                f"if ({self.condition()})",
                f"    if ({self.value(reads=False)})",
                f"        {self.place()} = {self.value()}",
                "    else",
                f"        r = {self.value()}",
            ]
        if self.chance(0.5):
            lines += ["} else {", *self.nested(depth)]
        return [*lines, "}"]

    def loop(self, depth: int) -> list[str]:
        times, body = self.choice((1, 2, 2)), self.nested(depth)
        if self.chance(0.3):
            way = [
                f"    if ({self.condition()}) {{",
                f"        r = {self.simple()}",
                "        break",
            ]
            body = [*way, "    }", *body] if self.chance(0.7) else [*body, "    break"]
        if self.chance(0.5):
            return [f"while {times} ({self.condition()}) {{", *body, "}"]
        return [f"retry {times} {{", *body, f"}} until ({self.condition()})"]

    def either(self, depth: int) -> list[str]:
        lines = ["either {", *self.nested(depth), "} or {", *self.nested(depth)]
        return [*lines, *self.choice(([], ["} or {"])), "}"]

    def together(self, depth: int) -> list[str]:
        if self.weak:
            steps = [f"r = {self.place()}", f"t = {self.place()}"]
            steps = self.choice((steps, [f"r = atomic_inc_return(&{self.place()})"]))
        else:
            steps = [f"r = {self.place()} - {self.place()}", f"{self.place()} = r + t"]
        return ["atomic {", *("    " + step for step in steps), "}"]

    def sequence(self, depth: int) -> list[str]:
        self.left -= 1
        write = self.choice(("write_", "write_", "raw_write_"))
        return self.choice(
            (
                [f"{write}seqcount_begin(&seq)"],
                [f"{write}seqcount_end(&seq)"],
                ["write_seqcount_invalidate(&seq)"],
                ["raw_write_seqcount_barrier(&seq)"],
                ["n = read_seqcount_begin(&seq)"],
                ["n = read_seqcount_begin(seq)", f"r = {self.place()}"],
                ["n = raw_read_seqcount(&seq)"],
                ["n = raw_seqcount_begin(&seq)"],
                ["r = read_seqcount_retry(&seq, n)"],
                [f"t = read_seqcount_retry(&seq, {self.choice(('x', 'r + 1', 'n - y'))})"],
            )
        )

    def pointer_step(self, depth: int) -> list[str]:
        self.left -= 1
        through = [["p->more++"], ["q.data -= 2"]] * self.made("compound reads")
        new = ["null"] + ["q", "rcu_dereference(q)"] * self.made("replaced pointer")
        return self.choice(
            (
                [f"p->data = {self.value()}"],
                ["q->more = r + 3"],
                *through,
                ["rcu_assign_pointer(p, q)"],
                ["q = p"],
                [self.choice(("p = o1", "q = o2", "rcu_assign_pointer(p, o2)", "r = q == o1"))],
                ["p = null"],
                ["r = p == q"],
                ["if (p != null)", "    r = p->data - p->more"],
                [
                    f"old = rcu_replace_pointer(p, {self.choice(new)})",
                    "if (old != null)",
                    "    t = old->data",
                ],
            )
        )

    def lock_step(self, depth: int) -> list[str]:
        self.left -= 2
        name = self.choice(("spin", "mutex"))
        lock = {"spin": "l", "mutex": "m"}[name]
        inside = [f"{self.place()} = {self.value()}", f"r = {self.place()}"][: self.choice((1, 2))]
        if self.chance(0.5):
            return [f"{name}_lock(&{lock})", *inside, f"{name}_unlock(&{lock})"]
        lines = ["    " + line for line in [*inside, f"{name}_unlock({lock})"]]
        return [f"if ({name}_trylock(&{lock})) {{", *lines, "}"]

    def masked_step(self, depth: int) -> list[str]:
        """Interrupts off around one or two steps, saved within saved at times."""
        self.left -= 2
        inside = [f"{self.place()} = {self.value()}", f"r = {self.place()}"][: self.choice((1, 2))]
        if self.chance(0.3):
            inside = ["local_irq_save(inner)", *inside, "local_irq_restore(inner)"]
        begin, end = self.choice(
            (
                ("local_irq_save(flags)", "local_irq_restore(flags)"),
                ("spin_lock_irqsave(&l, flags)", "spin_unlock_irqrestore(&l, flags)"),
                ("local_irq_save(flags)", "local_irq_enable() local_irq_restore(flags)"),
            )
        )
        return [begin, *inside, end]


def text(seed: int, *, weak: bool) -> str:
    """The random program of a seed."""
    return Programs(seed, weak=weak).write()
