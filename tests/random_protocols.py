"""Small random protocols as text, over every feature of the language.

`text(seed, weak=...)` is the protocol of a seed; with `weak` its atomic blocks are such that
TSO has them. Idioms (publish and read, lock, generation-checked cache, …) with lines dropped
and swapped are mixed with single random steps, and properties are made from what the blocks
write, so that proofs, refutations and vacuous claims are all common.
"""

import random
import re
from dataclasses import dataclass, field

COMPARISONS = ("==", "!=", "<", "<=", ">", ">=")
NUMBERS = (0, 0, 1, 1, 2)


@dataclass(slots=True)
class Block:
    """A block under construction: its lines, its locals by type, and which are sure."""

    kind: str
    name: str
    lane: str
    weak: bool
    budget: int
    lines: list[str] = field(default_factory=list)
    types: dict[str, str] = field(default_factory=dict)
    sure: set[str] = field(default_factory=set)
    read: set[str] = field(default_factory=set)
    labels: list[str] = field(default_factory=list)
    held: list[str] = field(default_factory=list)
    open: list[str] = field(default_factory=list)
    depth: int = 1
    returned: bool = False

    def put(self, line: str, cost: int = 1) -> None:
        """One line; `cost` counts its events."""
        self.lines.append("    " * self.depth + line)
        self.budget -= cost

    def new(self, type_: str) -> str:
        """A local that the next line assigns."""
        name = f"r{len(self.types)}"
        self.types[name] = type_
        self.sure.add(name)
        return name

    def have(self, type_: str) -> list[str]:
        """The locals of a type that are assigned on every path to here."""
        return sorted(name for name in self.sure if self.types[name] == type_)


class Writer:
    """Writes the protocol of one seed."""

    def __init__(self, seed: int, *, weak: bool) -> None:
        self.random = random.Random(f"protocol {seed}")
        self.weak = weak
        self.numbers: list[str] = []  # shared places that hold numbers
        self.pointers: list[str] = []  # shared places that hold pointers to nodes
        self.fields: list[str] = []  # the number fields of a node
        self.linked = False
        self.token = False
        self.declared: list[str] = []
        self.blocks: list[Block] = []
        self.written: list[str] = []
        self.labels = 0
        self.caches: dict[str, str] = {}
        self.word = False
        self.array = False

    # ------------------------------------------------------------ chance

    def chance(self, part: float) -> bool:
        return self.random.random() < part

    def pick(self, *things: str) -> str:
        return self.random.choice(things)

    def number(self) -> str:
        return str(self.random.choice(NUMBERS))

    # ------------------------------------------------------------ declarations

    def declare(self) -> None:
        put = self.declared.append
        for name in ("x", "y"):
            first = "-1" if self.chance(0.06) else "1" if self.chance(0.1) else "0"
            put(f"shared {name} = {first}")
            self.numbers.append(name)
        if self.chance(0.3):
            put("shared s { u, v } = { u: 0, v: 0 }")
            self.numbers += ["s.u", "s.v"]
        if self.chance(0.25):
            put(f"shared a[2] = {self.pick('0', '0', '1')}")
            self.numbers += ["a[0]", "a[1]"]
            self.array = True
        self.nodes()
        if self.chance(0.25):
            self.word = True
            put("word w { m, n } = { m: 0, n: 0 }")
        if self.chance(0.25):
            self.token = True
            put("shared k = 0")
        put("mutex m")
        put("spinlock l")
        put("srcu d")

    def nodes(self) -> None:
        if not self.chance(0.75):
            return
        put = self.declared.append
        self.fields = ["f", "g"] if self.chance(0.7) else ["f"]
        self.linked = self.chance(0.3)
        parts = [*self.fields, *(["next: node"] if self.linked else [])]
        put(f"struct node {{ {', '.join(parts)} }}")
        zeros = [f"{name}: 0" for name in self.fields]
        link = ["next: null"] if self.linked else []
        record = "{ " + ", ".join(zeros + link) + " }"
        if self.chance(0.3):
            ones = [f"{name}: 1" for name in self.fields]
            put(f"object o: node = {{ {', '.join(ones + link)} }}")
            if self.linked and self.chance(0.5):
                ends = [f"{name}: 2" for name in self.fields]
                put(f"object o2: node = {{ {', '.join([*ends, 'next: o'])} }}")
            initial = self.pick("o", record)
        else:
            initial = record if self.chance(0.8) else "null"
        form = self.pick("rcu", "rcu", "shared")
        if self.chance(0.12):
            put(f"{form} p[2]: node = {self.pick('null', initial)}")
            self.pointers = ["p[0]", "p[1]"]
        else:
            put(f"{form} p: node = {initial}")
            self.pointers = ["p"]
            if self.chance(0.2):
                put(f"shared q: node = {self.pick('null', initial)}")
                self.pointers.append("q")

    # ------------------------------------------------------------ lanes

    def lanes(self) -> list[str]:
        """Makes the blocks empty; returns the lines that say how many lanes there are."""
        lines: list[str] = []
        bounds: list[str] = []
        shape = self.random.randrange(10)
        updates = self.random.choice((0, 1, 1, 1, 2, 2)) if shape != 0 else 0
        many = self.chance(0.2)
        if updates:
            count = 2 if self.chance(0.2) else 1
            for index in range(count):
                self.block("update", f"change{index}", "update", 5 if updates == 1 else 3)
            if self.chance(0.25) and updates == 2:
                lines.append("updaters 2")
                if self.chance(0.15):
                    updates = 3
            bounds.append(f"updates {updates}")
        if shape in (1, 2, 3, 4) and updates:
            faults = 2 if many and updates == 1 else 1
            self.block("fault", "look", "fault", 4 if faults == 2 else 6)
            bounds.append(f"faults {faults}")
        elif shape in (5, 6):
            rounds = self.random.choice((1, 2, 2))
            self.block(self.pick("fault", "thread"), "fill", "vcpu", 3)
            self.block(self.pick("fault", "thread"), "use", "vcpu", 3)
            lines.append("lanes vcpu: fill, use")
            bounds += [f"vcpu {2 if many and rounds == 1 else 1}", f"rounds {rounds}"]
        else:
            threads = 1 if updates else self.random.choice((2, 2, 3))
            for index in range(threads):
                name = f"t{index}"
                lanes = 2 if many and threads == 1 else 1
                self.block("thread", name, name, 4 if threads > 2 or lanes == 2 else 6)
                bounds.append(f"{name} {lanes}")
            if threads == 2 and self.chance(0.08):
                bounds.append("rounds 2")
                for block in self.blocks:
                    block.budget = 2
        return [*lines, "bounds " + ", ".join(bounds)]

    def block(self, kind: str, name: str, lane: str, budget: int) -> None:
        self.blocks.append(Block(kind, name, lane, self.weak, budget))

    def private(self) -> None:
        """Caches: one with a generation for a kind of lane, and logs of what was read."""
        kinds = sorted({b.lane for b in self.blocks if b.kind != "update"})
        for kind in kinds:
            if self.chance(0.6):
                name = f"log_{kind}"
                self.declared.append(f"cache {name} {{ one, two }} per {kind}")
                self.caches[kind] = name
        if kinds and self.chance(0.45):
            kind = self.random.choice(kinds)
            self.declared.append(f"cache c {{ slot, tag }} per {kind}")
            self.caches[f"c {kind}"] = "c"

    # ------------------------------------------------------------ expressions

    def place(self) -> str:
        """A shared place that holds a number."""
        if self.array and self.chance(0.1):
            return f"a[{self.random.choice(('x', 'x % 2', 'y', '1'))}]"
        return self.random.choice(self.numbers)

    def load(self, block: Block) -> str:
        """One read of a number, perhaps through a pointer."""
        local = block.have("pointer")
        if local and self.chance(0.5):
            name = self.random.choice(local)
            block.read.add(name)
            via = f"{name}.next" if self.linked and self.chance(0.15) else name
            return f"{via}{self.pick('.', '->')}{self.random.choice(self.fields)}"
        if self.pointers and self.chance(0.3):
            pointer = self.random.choice(self.pointers)
            base = f"rcu_dereference({pointer})" if self.chance(0.6) else pointer
            return f"{base}.{self.random.choice(self.fields)}"
        place = self.place()
        mark = self.pick("", "", "READ_ONCE", "smp_load_acquire")
        return f"{mark}({place})" if mark else place

    def simple(self, block: Block) -> str:
        """A number without an event, if there is one at hand."""
        local = block.have("number")
        if local and self.chance(0.6):
            name = self.random.choice(local)
            block.read.add(name)
            return name
        return self.number()

    def value(self, block: Block) -> str:
        pick = self.random.randrange(10)
        if pick < 4:
            return self.simple(block)
        if pick < 6:
            return self.load(block)
        if pick == 6:
            return f"{self.simple(block)} + {self.pick('1', self.load(block))}"
        if pick == 7:
            return f"{self.load(block)} {self.pick('+', '-')} 1"
        if pick == 8:
            return f"{self.load(block)} {self.pick('%', '%', '/')} 2"
        return self.pick("-1", f"-{self.simple(block)}", f"{self.simple(block)} * 2")

    def condition(self, block: Block) -> str:
        pointers = block.have("pointer")
        pick = self.random.randrange(12)
        if pick == 0 and pointers:
            name = self.random.choice(pointers)
            block.read.add(name)
            return self.pick(name, f"!{name}", f"{name} == {self.random.choice(self.pointers)}")
        if pick == 1:
            return f"{self.comparison(block)} {self.pick('&&', '||')} {self.comparison(block)}"
        if pick == 2:
            return f"!{self.random.choice(self.numbers)}"
        if pick == 3 and f"c {block.lane}" in self.caches:
            return self.pick("filled(c)", f"c.slot == {self.simple(block)}", "c.tag != 1")
        return self.comparison(block)

    def comparison(self, block: Block) -> str:
        left = self.simple(block) if self.chance(0.5) else self.load(block)
        right = self.simple(block) if self.chance(0.8) else self.load(block)
        return f"{left} {self.random.choice(COMPARISONS)} {right}"

    # ------------------------------------------------------------ single steps

    def assign(self, block: Block) -> None:
        """`r = …`, one read."""
        expression = self.load(block)
        block.put(f"{block.new('number')} = {expression}")

    def store(self, block: Block) -> None:
        expression = self.value(block)
        place = self.place()
        local = block.have("pointer")
        if local and self.chance(0.3):
            name = self.random.choice(local)
            block.read.add(name)
            place = f"{name}.{self.random.choice(self.fields)}"
        self.written.append(place)
        form = self.pick("{} = {}", "{} = {}", "WRITE_ONCE({}, {})", "smp_store_release({}, {})")
        block.put(form.format(place, expression))

    def increment(self, block: Block) -> None:
        place = self.random.choice(self.numbers)
        self.written.append(place)
        form = self.pick("{}++", "{}--", "{} += 1", "{} += 2", "atomic_inc({})", "atomic_dec({})")
        block.put(form.format(place), 2)

    def modify(self, block: Block) -> None:
        whole = self.weak and self.chance(0.1)  # a block that TSO has: one event
        place = self.random.choice(self.numbers) if whole else self.place()
        self.written.append(place)
        one, two = self.simple(block), self.simple(block)
        call = self.pick(
            f"xchg({place}, {one})",
            f"cmpxchg({place}, {one}, {two})",
            f"cmpxchg({place}, 0, 1)",
            f"atomic_add_return({one}, {place})",
            f"atomic_inc_return({place})",
            f"atomic_dec_return({place})",
        )
        line = f"{block.new('number')} = {call}"
        block.put(f"atomic {{ {line} }}" if whole else line)

    def fence(self, block: Block) -> None:
        block.put(self.pick("smp_mb()", "smp_mb()", "smp_wmb()", "smp_rmb()"))

    def choose(self, block: Block) -> None:
        low = self.pick("0", "0", "-1")
        block.put(f"{block.new('number')} = choose {low}..1", 1)

    def tokens(self, block: Block) -> None:
        if not self.token:
            return self.assign(block)
        if self.chance(0.6):
            return block.put("k = fresh", 2)
        block.put(f"{block.new('token')} = {self.pick('k', 'k', 'fresh')}")

    def words(self, block: Block) -> None:
        if not self.word:
            return self.store(block)
        local = block.have("entry")
        pick = self.random.randrange(4)
        if pick == 0:
            block.put(f"{block.new('entry')} = w")
        elif pick == 1 and local:
            name = self.random.choice(local)
            block.read.add(name)
            block.put(f"{block.new('number')} = {name}.{self.pick('m', 'n')}")
        elif pick == 2:
            block.put(f"{block.new('number')} = w.{self.pick('m', 'n')}")
        else:
            one, two = self.simple(block), self.pick(self.simple(block), self.load(block))
            block.put(f"w = {{ m: {one}, n: {two} }}", 2)
            self.written += ["w.m", "w.n"]

    def pointer(self, block: Block) -> None:
        if not self.pointers:
            return self.assign(block)
        place = self.random.choice(self.pointers)
        local = block.have("pointer")
        pick = self.random.randrange(10)
        if pick < 4 or not local:
            form = self.pick("rcu_dereference({})", "{}")
            block.put(f"{block.new('pointer')} = {form.format(place)}")
            return None
        name = self.random.choice(local)
        block.read.add(name)
        if pick == 4:
            block.put(f"{block.new('pointer')} = copy {name}", 2 * len(self.fields))
        elif pick == 5:
            block.put(f"{block.new('pointer')} = alloc node", 0)
        elif pick == 6 and self.linked:
            block.put(f"{block.new('pointer')} = {name}.next")
        elif pick == 7:
            block.put(f"{block.new('pointer')} = xchg({place}, {self.pick(name, 'null')})")
        elif pick == 8:
            other = self.random.choice(local)
            new = f"{name}.next" if self.linked else other
            block.read.add(other)
            block.put(f"{block.new('pointer')} = cmpxchg({place}, {name}, {new})")
        else:
            value = "null" if self.chance(0.2) else name
            form = self.pick("{} = {}", "rcu_assign_pointer({}, {})")
            block.put(form.format(place, value))

    def ghost(self, block: Block) -> None:
        place = self.random.choice(self.numbers)
        if self.pointers and self.chance(0.4):
            place = f"{self.random.choice(self.pointers)}.{self.random.choice(self.fields)}"
        ghost = block.new("ghost")
        block.put(f"{ghost} = settled({place})")
        block.read.add(ghost)
        if self.chance(0.7):
            name = block.new("number")
            block.put(f"{name} = {place}")
            block.read.add(name)
        else:
            name = self.simple(block)
        word = "assert" if self.chance(0.85) else "assume"
        self.judge(block, word, f"{name} {self.random.choice(COMPARISONS)} {ghost}")

    def judge(self, block: Block, word: str, condition: str) -> None:
        label = ""
        if word == "assert" and self.chance(0.5):
            self.labels += 1
            label = f"ok{self.labels}: "
        block.put(f"{label}{word} {condition}", 0)

    def check(self, block: Block) -> None:
        word = "assert" if self.chance(0.8) else "assume"
        self.judge(block, word, self.condition(block))

    def cache(self, block: Block) -> None:
        if f"c {block.lane}" not in self.caches:
            return self.assign(block)
        pick = self.random.randrange(5)
        if pick < 3:
            one = self.pick(self.simple(block), self.load(block))
            two = self.pick(self.simple(block), self.load(block))
            block.put(f"c = {{ slot: {one}, tag: {two} }}", 2)
            return None
        if pick == 3:
            block.put(f"if (filled(c) && c.tag == {self.load(block)})", 2)
            name = block.new("number")
            block.put(f"    {name} = c.slot")
            block.sure.discard(name)
            return None
        place = self.random.choice(self.numbers)
        block.put(f"if (filled(c)) assert c.slot {self.random.choice(COMPARISONS)} {place}", 2)

    # ------------------------------------------------------------ compound steps

    def inner(self, block: Block, count: int, *, sections: bool = True) -> None:
        """Some steps one level deeper; sections and locks stay as they are."""
        block.depth += 1
        for _ in range(count):
            self.step(block, nested=not sections)
        block.depth -= 1

    def branch(self, block: Block) -> None:
        block.put(f"if ({self.condition(block)}) {{", 1)
        before = set(block.sure)
        self.inner(block, 1, sections=False)
        if self.chance(0.12) and not block.held and not block.open:
            block.put("    return", 0)
            block.put("}", 0)
            block.sure = before
            return
        first = set(block.sure)
        block.sure = set(before)
        if self.chance(0.4):
            block.put("} else {", 0)
            self.inner(block, 1, sections=False)
        block.put("}", 0)
        block.sure &= first

    def either(self, block: Block) -> None:
        block.put("either {", 0)
        before = set(block.sure)
        self.inner(block, 1, sections=False)
        first, block.sure = set(block.sure), set(before)
        block.put("} or {", 0)
        if self.chance(0.6):
            self.inner(block, 1, sections=False)
        block.put("}", 0)
        block.sure &= first

    def loop(self, block: Block) -> None:
        bound = self.random.choice((1, 1, 2))
        if self.chance(0.5):
            block.put(f"while {bound} ({self.condition(block)}) {{", bound)
            before = set(block.sure)
            self.inner(block, 1, sections=False)
            block.put("}", 0)
            block.sure = before
        else:
            block.put(f"retry {bound} {{", bound)
            self.inner(block, 1, sections=False)
            block.put(f"}} until ({self.condition(block)})", 1)

    def locked(self, block: Block) -> None:
        lock, word = self.random.choice((("m", "mutex"), ("l", "spin")))
        if lock in block.held:
            return self.store(block)
        if self.chance(0.25):
            negated = self.chance(0.3)
            block.put(f"if ({'!' if negated else ''}{word}_trylock({lock})) {{")
            before = set(block.sure)
            if negated:
                if self.chance(0.5):
                    self.inner(block, 1, sections=False)
                block.put("} else {", 0)
            block.sure = set(before)
            block.held.append(lock)
            self.inner(block, 1)
            block.put(f"    {word}_unlock({lock})")
            block.held.pop()
            block.put("}", 0)
            block.sure = before
            return None
        block.put(f"{word}_lock({lock})")
        block.held.append(lock)
        for _ in range(self.random.choice((1, 2))):
            self.step(block, nested=False)
        block.held.pop()
        block.put(f"{word}_unlock({lock})")

    def section(self, block: Block) -> None:
        srcu = self.chance(0.5)
        domain = "d" if srcu else "rcu"
        cookie = ""
        if not srcu:
            block.put("rcu_read_lock()")
        elif self.chance(0.4):
            cookie = f"i{len(block.types)}_{len(block.lines)}"
            block.put(f"{cookie} = srcu_read_lock(d)")
        else:
            block.put("srcu_read_lock(d)")
        block.open.append(domain)
        for _ in range(self.random.choice((1, 2))):
            self.step(block, nested=False)
        block.open.pop()
        leave = "rcu_read_unlock()" if not srcu else "srcu_read_unlock(d)"
        block.put(f"srcu_read_unlock(d, {cookie})" if cookie else leave)

    def synchronize(self, block: Block) -> None:
        domain = self.pick("d", "rcu")
        if domain in block.open:
            return self.assign(block)
        expedited = "_expedited" if self.chance(0.1) else ""
        arguments = "(d)" if domain == "d" else "()"
        block.put(f"synchronize_{'s' if domain == 'd' else ''}rcu{expedited}{arguments}", 2)

    def atomic(self, block: Block) -> None:
        block.put("atomic {", 0)
        if self.weak or self.chance(0.4):
            for _ in range(2):
                block.put(f"    {block.new('number')} = {self.random.choice(self.numbers)}")
        else:
            block.put(f"    {block.new('number')} = {self.random.choice(self.numbers)}")
            place = self.random.choice(self.numbers)
            block.put(f"    {place} = {self.simple(block)}")
            self.written.append(place)
        block.put("}", 0)

    # ------------------------------------------------------------ idioms

    def publish(self, block: Block) -> None:
        """Copy or allocate, fill, publish, wait, spoil the old version."""
        if not self.pointers:
            return self.store(block)
        place = self.random.choice(self.pointers)
        old = block.new("pointer")
        block.put(f"{old} = {place}")
        new = block.new("pointer")
        if self.chance(0.6):
            block.put(f"{new} = copy {old}", 2 * len(self.fields))
            block.read.add(old)
        else:
            block.put(f"{new} = alloc node", 0)
        amount = self.pick("1", "2", f"{old}.{self.fields[0]} + 1")
        stores = [f"{new}.{name} = {amount}" for name in self.fields]
        if self.linked:
            stores.append(f"{new}.next = {self.pick('null', old)}")
        stores = [line for line in stores if self.chance(0.85)]
        form = self.pick("rcu_assign_pointer({}, {})", "rcu_assign_pointer({}, {})", "{} = {}")
        lines = [*stores, form.format(place, new)]
        if self.chance(0.15):
            self.random.shuffle(lines)
        block.read |= {old, new}
        for line in lines:
            block.put(line)
        if self.chance(0.65):
            self.synchronize(block)
        if self.chance(0.6):
            block.put(f"{old}.{self.fields[-1]} = {self.pick('9', '-1', '0')}")
        self.written += [f"{place}.{name}" for name in self.fields]

    def dereference(self, block: Block) -> None:
        """A read section that reads the fields of the published version."""
        if not self.pointers:
            return self.assign(block)
        place = self.random.choice(self.pointers)
        srcu = self.chance(0.5)
        wrapped = self.chance(0.85) and ("d" if srcu else "rcu") not in block.open
        if wrapped:
            block.put("srcu_read_lock(d)" if srcu else "rcu_read_lock()")
        pointer = block.new("pointer")
        block.put(f"{pointer} = rcu_dereference({place})")
        names = []
        for part in self.fields:
            names.append(block.new("number"))
            twice = self.chance(0.2)
            base = f"rcu_dereference({place})" if twice else pointer
            block.read.add(pointer)
            block.put(f"{names[-1]} = {base}.{part}", 2 if twice else 1)
        if wrapped:
            block.put("srcu_read_unlock(d)" if srcu else "rcu_read_unlock()")
        block.read |= set(names)
        claim = self.pick(f"{names[0]} != {self.pick('9', '-1')}", f"{names[0]} == {names[-1]}")
        self.judge(block, "assert", f"{names[-1]} != 9" if self.chance(0.4) else claim)

    def counted(self, block: Block) -> None:
        """Two counters that move together under a lock."""
        lock, word = self.random.choice((("m", "mutex"), ("m", "mutex"), ("l", "spin")))
        take = lock not in block.held and self.chance(0.8)
        if take:
            block.put(f"{word}_lock({lock})")
        one, two = self.random.sample(self.numbers, 2)
        if self.chance(0.5):
            name = block.new("number")
            block.put(f"{name} = {one}")
            block.read.add(name)
            block.put(f"{one} = {name} + 1")
            block.put(f"{two} = {name} + 1")
        else:
            block.put(f"{one}++", 2)
            block.put(f"{two}++", 2)
        self.written += [one, two]
        if take:
            block.put(f"{word}_unlock({lock})")

    def fill(self, block: Block) -> None:
        """Caches a number with the generation it was read under."""
        if f"c {block.lane}" not in self.caches:
            return self.dereference(block)
        one, two = self.random.sample(self.numbers, 2)
        if self.pointers and self.chance(0.6):
            place = self.random.choice(self.pointers)
            one, two = f"{place}.{self.fields[0]}", f"{place}.{self.fields[-1]}"
        first, second = block.new("number"), block.new("number")
        block.read |= {first, second}
        block.put(f"{first} = {one}", 2)
        if self.chance(0.4):
            self.fence(block)
        block.put(f"{second} = {two}", 2)
        guard = f"if ({second} % 2 == 0) " if self.chance(0.2) else ""
        block.put(f"{guard}c = {{ slot: {first}, tag: {second} }}")

    def message(self, block: Block) -> None:
        """One half of a litmus test: two accesses with perhaps a fence between them."""
        one, two = self.random.sample(self.numbers, 2)
        for index, place in enumerate((one, two)):
            if self.chance(0.5):
                self.written.append(place)
                block.put(f"{place} = {self.pick('1', '2')}")
            else:
                block.put(f"{block.new('number')} = {place}")
            if index == 0 and self.chance(0.5):
                self.fence(block)

    # ------------------------------------------------------------ blocks

    def step(self, block: Block, *, nested: bool) -> None:
        """One step or idiom; `nested` ones leave sections and locks alone."""
        plain = (
            (self.assign, 6),
            (self.store, 7),
            (self.increment, 3),
            (self.modify, 3),
            (self.fence, 3),
            (self.choose, 1),
            (self.tokens, 2),
            (self.words, 2),
            (self.pointer, 4),
            (self.ghost, 2),
            (self.check, 2),
            (self.cache, 2),
            (self.message, 3),
        )
        more = (
            (self.branch, 3),
            (self.either, 2),
            (self.loop, 2),
            (self.locked, 4),
            (self.section, 3),
            (self.synchronize, 3),
            (self.atomic, 1),
            (self.publish, 6),
            (self.dereference, 6),
            (self.counted, 4),
            (self.fill, 4),
        )
        deep = nested or block.depth > 2 or block.budget < 2
        found = plain if deep else plain + more
        weights = [weight for _, weight in found]
        self.random.choices(found, weights)[0][0](block)

    def fill_in(self, block: Block) -> None:
        block.budget += self.random.choice((-1, 0, 0, 1))
        while block.budget > 0:
            self.step(block, nested=False)
        log = self.caches.get(block.lane)
        sure = block.have("number")
        if log and sure:
            recent = sure[-2:]
            block.read |= set(recent)
            block.put(f"{log} = {{ one: {recent[0]}, two: {recent[-1]} }}")

    # ------------------------------------------------------------ properties

    def shared(self) -> str:
        """An expression over shared memory for a property."""
        written = [w for w in self.written if w[0] != "r" and "[x" not in w and "[y" not in w]
        if written and self.chance(0.8):
            return self.random.choice(written)
        if self.pointers and self.chance(0.3):
            return f"{self.random.choice(self.pointers)}.{self.random.choice(self.fields)}"
        return self.random.choice(self.numbers)

    def claim(self) -> str:
        if self.token and self.chance(0.1):
            return f"k {self.pick('==', '!=')} 0"
        if self.pointers and self.chance(0.08):
            place = self.random.choice(self.pointers)
            return f"{place} {self.pick('==', '!=')} {self.pick('null', self.pointers[-1])}"
        left = self.shared()
        if self.chance(0.05):
            left = f"({left} {self.pick('%', '/')} 2)"
        right = self.shared() if self.chance(0.4) else self.pick("0", "1", "2", "3", "9", "-1")
        claim = f"{left} {self.random.choice(COMPARISONS)} {right}"
        if self.chance(0.15):
            claim = f"{claim} {self.pick('&&', '||')} {self.shared()} == {self.number()}"
        return claim

    def cached(self) -> tuple[str, str]:
        """A claim about a lane's entry, and a condition."""
        name = self.random.choice(sorted(set(self.caches.values())))
        one, two = ("slot", "tag") if name == "c" else ("one", "two")
        left, right = self.shared(), self.shared()
        claim = f"{name}.{one} {self.pick('!=', '==')} {left}"
        return claim, f"{name}.{two} == {right}"

    def final(self) -> str:
        """A claim about a lane's locals in a final state."""
        parts = []
        for _ in range(self.random.choice((1, 2, 2))):
            block = self.random.choice(self.blocks)
            names = [n for n, t in block.types.items() if t in ("number", "ghost")]
            if names:
                local = self.random.choice(names)
                parts.append(f"{block.name}[0].{local} {self.pick('==', '!=')} {self.number()}")
        if not parts or self.chance(0.3):
            parts.append(self.claim())
        return f" {self.pick('&&', '&&', '||')} ".join(parts)

    def unread(self) -> list[str]:
        """Claims that read the locals that nothing else reads."""
        found = []
        for block in self.blocks:
            parts = []
            for name, type_ in block.types.items():
                if not any(reads(line, name) for line in block.lines):
                    own = f"{block.name}[0].{name}"
                    test = {"pointer": "== null", "entry": ".m == 1"}.get(type_, "== 1")
                    parts.append(f"{own}{'' if test[0] == '.' else ' '}{test}")
            for start in range(0, len(parts), 2):
                found.append(f" {self.pick('&&', '||')} ".join(parts[start : start + 2]))
        return found

    def properties(self) -> list[str]:
        lines = []
        for index in range(self.random.choice((1, 2, 2, 3))):
            when = self.pick("always", "settled", "settled", "finally")
            condition = ""
            if self.caches and self.chance(0.4):
                claim, test = self.cached()
                condition = f" when {test}" if self.chance(0.7) else ""
            elif when == "finally" and self.chance(0.7):
                claim = self.final()
            else:
                claim = self.claim()
                condition = f" when {self.claim()}" if self.chance(0.3) else ""
            lines.append(f"never bad{index}: {claim}{condition} {when}")
        for index, claim in enumerate(self.unread()):
            word = "reach" if self.chance(0.15) else "never"
            lines.append(f"{word} end{index}: {claim} finally")
        if self.chance(0.2):
            when = self.pick("", "always", "finally")
            cached = self.caches and self.chance(0.4)
            goal = self.cached()[0] if cached else self.claim()
            lines.append(f"reach goal: {goal} {when}".rstrip())
        if self.labels and self.chance(0.3):
            place = next((b for b in self.blocks for line in b.lines if "ok1:" in line), None)
            if place:
                lines.append(f"reach there: at {place.name}.ok1")
        return lines

    def text(self) -> str:
        self.declare()
        counts = self.lanes()
        self.private()
        for block in self.blocks:
            self.fill_in(block)
        lines = ["protocol random", *self.declared]
        for block in self.blocks:
            lines += [f"{block.kind} {block.name} {{", *block.lines, "}"]
        lines += [*counts, *self.properties()]
        return "\n".join(lines) + "\n"


def reads(line: str, name: str) -> bool:
    """Whether a line reads a local for more than its own next value."""
    return re.search(rf"\b{name}\b", re.sub(rf"\b{name} = .*", "", line)) is not None


def text(seed: int, *, weak: bool) -> str:
    """The protocol of a seed; with `weak`, one that TSO has too."""
    return Writer(seed, weak=weak).text()
