"""Blocks under construction, and the random expressions that stand in them."""

import random
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
    held: list[str] = field(default_factory=list)
    open: list[str] = field(default_factory=list)
    depth: int = 1
    on: str = ""  # the block or kind whose lanes it interrupts
    off: bool = False  # whether interrupts are off

    @property
    def head(self) -> str:
        """How the block begins."""
        return f"{self.kind} {self.name}" + (f" on {self.on}" if self.on else "")

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


class Vocabulary:
    """What a protocol declares, and random expressions over it."""

    def __init__(self, seed: int, *, weak: bool) -> None:
        self.random = random.Random(f"protocol {seed}")
        self.weak = weak
        self.numbers: list[str] = []  # shared places that hold numbers
        self.pointers: list[str] = []  # shared places that hold pointers to nodes
        self.fields: list[str] = []  # the number fields of a node
        self.linked = False
        self.token = False
        self.large = False
        self.declared: list[str] = []
        self.blocks: list[Block] = []
        self.written: list[str] = []
        self.labels = 0
        self.caches: dict[str, str] = {}
        self.word = False
        self.array = False
        self.freeing = False
        self.entries = False  # there is an entry that all lanes share
        self.rwlock = False
        self.rwsem = False
        self.queue = False
        self.masking = False
        self.ghosts: list[str] = []
        self.ghost_field = False
        self.zapped: set[str] = set()  # the caches of single lanes that some step may zap

    # ------------------------------------------------------------ chance

    def chance(self, part: float) -> bool:
        return self.random.random() < part

    def pick(self, *things: str) -> str:
        return self.random.choice(things)

    def number(self) -> str:
        return str(self.random.choice(NUMBERS))

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
            return (
                f"{self.load(block)} {self.pick('%', '%', '/', '>>', '<<')} {self.pick('1', '2')}"
            )
        if self.chance(0.3):
            return f"({self.load(block)} {self.pick('&', '|')} {self.pick('1', '2')})"
        return self.pick("-1", f"-{self.simple(block)}", f"{self.simple(block)} * 2")

    def condition(self, block: Block) -> str:
        pointers = block.have("pointer")
        pick = self.random.randrange(12)
        if pick == 0 and pointers:
            name = self.random.choice(pointers)
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
