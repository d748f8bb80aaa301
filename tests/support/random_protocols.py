"""Small random protocols as text, over every feature of the language.

`text(seed, weak=...)` is the protocol of a seed; with `weak` its atomic blocks are such that
TSO has them. Idioms (publish and read, lock, generation-checked cache, …) with lines dropped
and swapped are mixed with single random steps, and properties are made from what the blocks
write, so that proofs, refutations and vacuous claims are all common.
"""

import re

from tests.support.random_blocks import COMPARISONS, Block
from tests.support.random_idioms import Steps


class Writer(Steps):
    """Writes the protocol of one seed."""

    # ------------------------------------------------------------ declarations

    def declare(self) -> None:
        put = self.declared.append
        if self.chance(0.2) and not self.weak:
            self.ghosts = ["h"]
            put("ghost h = 0")
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
        if self.chance(0.15):
            put("shared b: bits 2 = 0")
            self.numbers.append("b")
        if self.chance(0.2):
            self.entries = True
            put("shared cache e { one, two }")
        if self.chance(0.15):
            self.rwlock = True
            self.rwsem = self.chance(0.4)
            put("rwsem rw" if self.rwsem else "rwlock rw")
        if self.chance(0.15):
            self.queue = True
            put("waitqueue wq")
        self.large = self.chance(0.12)
        put("mutex m")
        put("spinlock l")
        put("srcu d")

    def nodes(self) -> None:
        if not self.chance(0.75):
            return
        put = self.declared.append
        self.fields = ["f", "g"] if self.chance(0.7) else ["f"]
        self.linked = self.chance(0.3)
        self.freeing = self.chance(0.5)
        self.ghost_field = bool(self.ghosts) and self.chance(0.4)
        link_part = ["next: node"] if self.linked else []
        ghost_part = ["ghost t"] if self.ghost_field else []
        parts = [*self.fields, *link_part, *ghost_part]
        typesafe = "typesafe " if self.freeing and self.chance(0.35) else ""
        put(f"{typesafe}struct node {{ {', '.join(parts)} }}")
        zeros = [f"{name}: 0" for name in self.fields]
        ghost = ["t: 0"] if self.ghost_field else []
        link = ["next: null", *ghost] if self.linked else ghost
        record = "{ " + ", ".join(zeros + link) + " }"
        if self.chance(0.3):
            ones = [f"{name}: 1" for name in self.fields]
            put(f"object o: node = {{ {', '.join(ones + link)} }}")
            if self.linked and self.chance(0.5):
                ends = [f"{name}: 2" for name in self.fields]
                put(f"object o2: node = {{ {', '.join([*ends, 'next: o', *ghost])} }}")
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
            if self.chance(0.3) and updates == 2:
                lines.append("updaters 2")
                if self.chance(0.2):
                    updates = 3
                    self.blocks = [self.blocks[0]]
                    self.blocks[0].budget = 2
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
            elif threads == 2 and self.chance(0.08):
                bounds[-1] += " rounds 2"
                self.blocks[-1].budget = 2
        if not self.weak and self.chance(0.15):
            into = self.random.choice(self.blocks)
            self.block("thread", "irq", "irq", 2)
            self.blocks[-1].on = into.name
            bounds.append(self.pick("irq 1", "irq 1", "irq 1", "irq 1 rounds 2"))
        self.masking = self.chance(0.7 if self.blocks[-1].on else 0.05)
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
        self.zapped = {name for name in self.caches.values() if self.chance(0.2)}

    # ------------------------------------------------------------ blocks

    def fill_in(self, block: Block) -> None:
        block.budget += self.random.choice((-1, 0, 0, 1))
        while block.budget > 0:
            self.step(block, nested=False)
        log = self.caches.get(block.lane)
        sure = block.have("number")
        if log and sure:
            recent = sure[-2:]
            block.put(f"{log} = {{ one: {recent[0]}, two: {recent[-1]} }}")

    # ------------------------------------------------------------ properties

    def shared(self) -> str:
        """An expression over shared memory for a property."""
        found = self.observed()
        return "(b + 0)" if found == "b" else found  # any number may be compared with a sum

    def observed(self) -> str:
        """A shared place."""
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
                    tests = {"pointer": "== null", "entry": ".m == 1", "pair": ".one == 1"}
                    test = tests.get(type_, "== 1")
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
            lines += [f"{block.head} {{", *block.lines, "}"]
        lines += [*counts, *self.properties()]
        return "\n".join(lines) + "\n"


def reads(line: str, name: str) -> bool:
    """Whether a line reads a local for more than its own next value."""
    return re.search(rf"\b{name}\b", re.sub(rf"\b{name} = .*", "", line)) is not None


def text(seed: int, *, weak: bool) -> str:
    """The protocol of a seed; with `weak`, one that TSO has too."""
    return Writer(seed, weak=weak).text()
