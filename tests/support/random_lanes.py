"""Random protocols whose state there is once per element, per lane or per object.

`text(seed, weak=...)` is the protocol of a seed, with properties; `plain(seed, weak=...)` one
without, in the part of the language that the third reading knows. Few lanes and few steps: what is
compared is which element, which lane and which initial value it is.
`python -m tests.support.random_lanes FIRST LAST` compares the prover with the explorer.
"""

import sys
from random import Random

WORDS = (
    "{ m: 0, n: 1 }",
    "{ { m: 0, n: 1 }, { m: 1, n: 1 } }",
    "{ { m: 2, n: 0 }, { m: 0, n: 0 } }",
)
STORES = ("{} = {}", "{} = {}", "WRITE_ONCE({}, {})", "smp_store_release(&{}, {})")


class Lanes(Random):
    """Writes the protocol of one seed."""

    def __init__(self, seed: int, *, weak: bool, whole: bool) -> None:
        super().__init__(seed)
        self.weak = weak
        self.whole = whole
        self.places: list[str] = ["x", "y"]
        self.arrays: list[str] = []
        self.words: list[str] = []
        self.caches: list[str] = []
        self.inside: list[str] = []
        self.left = 0
        self.own = False
        self.pointers = False
        self.guarded = False
        self.locks: list[str] = []

    def chance(self, probability: float) -> bool:
        return self.random() < probability

    # ------------------------------------------------------------ declarations

    def declared(self) -> list[str]:
        self.guarded = self.chance(0.5)
        guard = "spinlock l, " if self.guarded else ""
        lines = [f"struct node {{ {guard}data, more: bits 2 }}"]
        lines += [f"object o{n}: node = {{ data: {n}, more: {n} }}" for n in (1, 2)]
        lines += ["shared x = 0", f"shared y = {self.choice((0, 1))}"]
        if self.chance(0.6):
            lines.append(
                f"shared a[2] = {self.choice(('{ 0, 1 }', '{ 1, 0 }', '{ 2, -1, }', '1'))}"
            )
            self.array("a", "a[{}]")
        if self.chance(0.8):
            lines.append(f"shared k[cpu] = {self.choice((0, 0, 1))}")
            self.array("k", "k[{}]", "k[lane]", "k[lane]")
        if self.chance(0.3):
            length, first = self.choice(
                (
                    ("cpu", "{ f: 1, g: 3 }"),
                    ("2", "{ f: 0, g: 0 }"),
                    ("2", "{ { f: 1, g: 0 }, { g: 2, f: 0 } }"),
                )
            )
            lines.append(f"shared s[{length}] {{ f, g: bits 2 }} = {first}")
            self.array("s", "s[{}].f", "s[{}].g")
        if self.chance(0.35):
            lines.append("spinlock bl[2]")
            self.locks.append("spin_{}(&bl[{}])")
        if self.chance(0.2):
            lines.append("mutex u[cpu]")
            self.locks.append("mutex_{}(&u[{}])")
        self.pointers = self.chance(0.5 if self.guarded else 0.3)
        if self.pointers:
            lines.append(f"shared p[2]: node = {self.choice(('{ o1, o2 }', '{ o2, null }', 'o1'))}")
            self.arrays.append("p")
        return [*lines, *(self.entries() if self.whole else [])]

    def array(self, name: str, *places: str) -> None:
        self.arrays.append(name)
        self.places += places

    def entries(self) -> list[str]:
        lines = []
        if self.chance(0.35):
            first = self.choice(
                (
                    "{ m: 0, n: 1 }",
                    "{ { m: 0, n: 1 }, { m: 1, n: 1 } }",
                    "{ { m: 2, n: 0 }, { m: 0, n: 0 } }",
                )
            )
            lines.append(f"word w[2] {{ m, n: bits 1 }} = {first}")
            self.words.append("w")
            self.arrays.append("w")
        if self.chance(0.35):
            first = self.choice(("", " = { one: 1 }"))
            lines.append(f"shared cache e[{self.choice(('cpu', '2'))}] {{ one }}{first}")
            self.caches.append("e")
            self.arrays.append("e")
        if self.chance(0.25):
            lines.append(f"cache own {{ v }} per cpu{self.choice(('', ' = { v: 1 }'))}")
            self.own = True
        return lines

    # ------------------------------------------------------------ expressions

    def index(self) -> str:
        literals = ("0", "0", "1", "lane", "lane", "r", "t", "x & 1")
        return self.choice((*literals, *(2 * self.inside)))

    def place(self) -> str:
        self.left -= 1
        return self.choice(self.places).format(self.index())

    def value(self) -> str:
        simple = ("0", "1", "2", "r", "t", "lane", "r + 1", "t - lane", *self.inside)
        return self.place() if self.chance(0.25) else self.choice(simple)

    def condition(self) -> str:
        return self.choice(
            (f"{self.value()} == {self.value()}", "lane == 1", "r != lane", f"{self.place()} == 1")
        )

    # ------------------------------------------------------------ steps

    def step(self, depth: int) -> list[str]:
        ways = [self.load, self.load, self.store, self.store, self.change, self.count]
        ways += [self.asserts]
        ways += [self.barrier] * self.weak
        ways += [self.through] * (2 * self.pointers)
        ways += [self.locked] * (3 * bool(self.locks))
        ways += [self.guard] * (4 * (self.pointers and self.guarded))
        ways += [self.branch, self.each] * (depth < 2)
        if self.whole:
            ways += [self.word] * (3 * bool(self.words)) + [self.cache] * (3 * bool(self.caches))
            ways += [self.private] * (2 * self.own) + [self.wait]
        return self.choice(ways)(depth)

    def nested(self, depth: int) -> list[str]:
        return [line for _ in range(self.choice((1, 1, 2))) for line in self.step(depth + 1)]

    def load(self, depth: int) -> list[str]:
        return [f"{self.choice('rt')} = {self.place()}"]

    def store(self, depth: int) -> list[str]:
        form = self.choice(STORES)
        return [form.format(self.place(), self.value())]

    def change(self, depth: int) -> list[str]:
        return [f"{self.choice('rt')} = xchg(&{self.place()}, {self.choice(('1', '2', 'lane'))})"]

    def count(self, depth: int) -> list[str]:
        self.left -= 1
        more = self.choice(("1", "lane"))
        return [f"{self.place()}{self.choice((f' += {more}', '++'))}"]

    def asserts(self, depth: int) -> list[str]:
        return [f"assert {self.condition()}"]

    def barrier(self, depth: int) -> list[str]:
        return ["smp_mb()"]

    def branch(self, depth: int) -> list[str]:
        lines = [f"if ({self.condition()}) {{", *self.nested(depth)]
        if self.chance(0.1):
            lines.append("return")
        elif self.chance(0.4):
            lines += ["} else {", *self.nested(depth)]
        return [*lines, "}"]

    def each(self, depth: int) -> list[str]:
        if not self.arrays or self.inside:
            return self.load(depth)
        self.inside.append("i")
        before, self.left = self.left, min(self.left, 2)
        lines = [f"each i of {self.choice(self.arrays)} {{", *self.step(depth + 1)]
        if self.chance(0.3):
            lines += self.step(depth + 1)
        self.left += before - 4
        self.inside.pop()
        return [*lines, "}"]

    def through(self, depth: int) -> list[str]:
        self.left -= 2
        return self.choice(
            (
                [
                    f"q = p[{self.index()}]",
                    "if (q != null) {",
                    "q->data = r + 1",
                    "t = q->more",
                    "}",
                ],
                [f"p[{self.index()}] = null"],
                [f"p[{self.index()}] = p[{self.index()}]"],
                [f"r = p[{self.index()}]->data"],
            )
        )

    def kept(self) -> str:
        """A step that leaves the locals alone."""
        return f"{self.place()} = {self.choice(('r', 't', 'lane', '1', '2'))}"

    def locked(self, depth: int) -> list[str]:
        form = self.choice(self.locks)
        self.left -= 2
        at, other = self.choice(("0", "1", "lane", "r")), self.choice(("0", "1", "t"))
        inside = [self.kept()]
        if self.chance(0.3) and at != other and form[0] == "s":
            attempt = self.chance(0.5)
            inner = [form.format("trylock", other) if attempt else form.format("lock", other)]
            if attempt:
                inner = [f"if ({inner[0]}) {{"]
            inside = [*inner, *inside, form.format("unlock", other), *(["}"] * attempt)]
        if self.chance(0.25):
            lines = [f"if ({form.format('trylock', at)}) {{", *inside]
            return [*lines, form.format("unlock", at), "}"]
        return [form.format("lock", at), *inside, form.format("unlock", at)]

    def guard(self, depth: int) -> list[str]:
        """The locks of objects, which are freed perhaps."""
        self.left -= 2
        inside = self.choice((["q->data = r + 1"], ["q->more = lane"], ["p[1] = q"]))
        lines = [f"q = p[{self.index()}]", "if (q != null) {", "spin_lock(&q->l)", *inside]
        if self.chance(0.25):
            other = self.choice(("o != null && o != q", "o != null"))
            lines = [*lines, f"o = p[{self.index()}]", f"if ({other}) {{"]
            lines = [*lines, "spin_lock(&o->l)", "o->data = 2", "spin_unlock(&o->l)", "}"]
        if self.whole and self.chance(0.2):
            return [*lines, "kfree(q)", "spin_unlock(&q->l)", "}"]
        lines.append("spin_unlock(&q->l)")
        if self.whole and self.chance(0.25):
            lines.append(self.choice(("kfree(q)", "kfree_rcu(q)")))
        return [*lines, "}"]

    def word(self, depth: int) -> list[str]:
        self.left -= 2
        at = f"w[{self.index()}]"
        return self.choice(
            (
                [f"b = {at}", f"w[{self.index()}] = {{ m: b.m + 1, n: r }}"],
                [f"b = xchg({at}, {{ m: lane, n: 1 }})", "r = b.n"],
                [f"b = {at}", f"if (cmpxchg_double({at}, b, {{ m: 2, n: b.m }}))", "r = 2"],
                [f"r = {at}.m + w[lane & 1].n"],
            )
        )

    def cache(self, depth: int) -> list[str]:
        self.left -= 2
        at = f"e[{self.choice(('0', '1', 'lane', 'lane', 'r', *self.inside))}]"
        return self.choice(
            (
                [f"h = {at}", "if (filled(h))", "r = h.one"],
                [f"{at} = {{ one: {self.choice(('r', 'lane', '2'))} }}"],
                [f"zap({at})"],
                [f"if ({at}.one == 1)", "t = 1"],
            )
        )

    def private(self, depth: int) -> list[str]:
        return self.choice((["own = { v: r }"], ["own = { v: lane }"], ["zap(own)"]))

    def wait(self, depth: int) -> list[str]:
        place = self.choice(self.places).format(self.choice(("0", "1", "lane", "t")))
        self.left -= 1
        return [f"wait until (READ_ONCE({place}) != {self.choice(('7', '0', 'r'))})"]

    # ------------------------------------------------------------ the whole

    def block(self, name: str, on: str, budget: int) -> list[str]:
        lines = [f"thread {name}{on} {{", "r = 0", "t = lane"]
        own, self.own = self.own, self.own and name == "cpu"
        self.left = budget
        while self.left > 0:
            lines += self.step(0)
        self.own = own
        return [*lines, "assert r != 9 || t != 9", "}"]

    def write(self) -> str:
        lines = ['protocol random "state per lane"', *self.declared()]
        counts = {"cpu": self.choice((2, 2, 2, 3))}
        lines += self.block("cpu", "", 3 if counts["cpu"] == 3 else 5)
        if counts["cpu"] == 2 and self.chance(0.4):
            counts["dev"] = 1
            lines += self.block("dev", "", 3)
        if self.whole and not self.weak and self.chance(0.25):
            counts["tick"] = self.choice((1, 2))
            lines += self.block("tick", " on cpu", 2)
        told = ", ".join(f"{kind} {count}" for kind, count in counts.items())
        claims = self.claims(counts) if self.whole else []
        return "\n".join([*lines, *claims, f"bounds {told}"]) + "\n"

    # ------------------------------------------------------------ properties

    def claims(self, counts: dict[str, int]) -> list[str]:
        found = []
        for number in range(3):
            when = self.choice(("always", "always", "finally"))
            claim = self.claim(counts, when)
            found.append(f"never bad{number}: {claim} {when}")
        if self.chance(0.2):
            found.append(f"reach goal: {self.claim(counts, 'always')}")
        return found

    def claim(self, counts: dict[str, int], when: str) -> str:
        number = self.choice((0, 1, 1, 2))
        claims = [f"x == {number}", f"y == {number} && x == {self.choice((0, 1))}"]
        if "k" in self.arrays:
            claims += [f"k[lane] == {number}", f"k[lane] == {number} && lane == 1"] * 2
            claims += [f"k[lane] == lane && x == {number}", f"k[1] == {number}"]
        if "a" in self.arrays:
            claims += [f"a[1] == {number}", f"a[y] != {number}"]
        if self.caches:
            claims += [f"e[0].one == {number}", f"e[x].one == {number}", "filled(e[1])"]
        if self.words:
            claims += [f"w[1].m == {number}", f"w[x].n == w[0].n && x == {number}"]
        if self.own:
            claims += [f"own.v == {number} && lane == 1", f"own.v == lane && x == {number}"]
        if when == "finally":
            claims += [f"cpu[1].r == {number} && cpu[0].t == {self.choice((0, 1))}"] * 2
        return self.choice(claims)


class Locks(Lanes):
    """Writes the protocol of one seed, of which nearly every step takes locks."""

    def declared(self) -> list[str]:
        self.guarded = self.pointers = self.whole = True
        self.locks = ["spin_{}(&bl[{}])"] * 2 + ["mutex_{}(&u[{}])"]
        self.arrays.append("p")
        return [
            "struct node { spinlock l, data, more: bits 2 }",
            *(f"object o{n}: node = {{ data: {n}, more: {n} }}" for n in (1, 2)),
            "shared x = 0",
            "shared y = 1",
            "spinlock bl[2]",
            "mutex u[cpu]",
            f"shared p[2]: node = {self.choice(('{ o1, o2 }', '{ o1, o1 }', 'o2'))}",
        ]

    def step(self, depth: int) -> list[str]:
        return self.choice((self.locked, self.locked, self.guard, self.guard, self.pick))(depth)

    def pick(self, depth: int) -> list[str]:
        self.left -= 1
        return [f"r = {self.choice(('choose 0..1', '1 - lane', 'x', 'y'))}"]


def locks(seed: int, *, weak: bool) -> str:
    """The protocol of a seed about locks, with properties."""
    return Locks(seed, weak=weak, whole=True).write()


def text(seed: int, *, weak: bool) -> str:
    """The protocol of a seed, with properties."""
    return Lanes(seed, weak=weak, whole=True).write()


def plain(seed: int, *, weak: bool) -> str:
    """The program of a seed in the part of the language that the third reading knows."""
    return Lanes(seed, weak=weak, whole=False).write()


def main(first: int, last: int) -> int:
    """Compares these seeds under both models; whether all are alike, as an exit status."""
    from collections import Counter

    from smtmodel.language.checked import Checked
    from smtmodel.models import SC, TSO
    from tests.support.differential import checked, compare
    from tests.support.third_differential import compare_text

    counts: Counter[str] = Counter()
    for seed in range(first, last):
        for model in (SC, TSO):
            weak = model is TSO
            third = compare_text(plain(seed, weak=weak), model, 3_000, prover=seed % 4 == 0)
            counts[f"third {third.how}"] += 1
            protocol = checked(text(seed, weak=weak), weak=weak)
            if not isinstance(protocol, Checked):
                print(seed, model.name, [(p.code.name, p.message, p.span.line) for p in protocol])
                print(text(seed, weak=weak))
                return 1
            found = compare(protocol, model, 3_000, shrinks=seed % 3 == 0)
            counts["compared" if found.finished else "too large"] += 1
            counts.update(one.value for one in found.verdicts)
            more = checked(locks(seed, weak=weak), weak=weak)
            assert isinstance(more, Checked), (more, locks(seed, weak=weak))
            about_locks = compare(more, model, 3_000, shrinks=False)
            counts["locks" if about_locks.finished else "locks too large"] += 1
            if about_locks.differences:
                print(f"seed {seed} under {model.name}", *about_locks.differences)
                return 1
            if found.differences or third.differences:
                print(f"seed {seed} under {model.name}", *found.differences, *third.differences)
                return 1
    print(dict(counts))
    return 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), int(sys.argv[2])))
