"""Small random protocols about what may be one step of a lane.

Locks that are taken and tried, sections and grace periods, tokens of several lanes, objects that
are published under one name while another is kept, ghosts, `settled`, atomic blocks and waits, with
assertions in the middle and properties that look at all of it. Most of them have few states.
"""

from collections.abc import Sequence
from random import Random
from typing import TypeVar

T = TypeVar("T")

DECLARED = {
    "locks": ("spinlock l", "mutex m"),
    "sections": ("srcu s",),
    "objects": ("struct node { data }", "shared list: node = null", "shared box: node = null"),
    "ghosts": ("ghost g = 0",),
    "caches": ("shared cache c { at, v }",),
    "elements": ("spinlock k[2]", "shared h[2] = 0"),
    "frees": ("struct thing { data }", "shared top: thing = { data: 0 }"),
    "readers": ("rwlock w",),
}
"""What a protocol may be about, and its declarations."""

BAD = {
    "": (
        "x == 1 && y == 2 always",
        "x == 2 settled",
        "x == y when x != 0 always",
        "x > y && y != 0 settled",
        "r[0].a == 1 && r[0].b == 2 finally",
        "x == 1 && y == 1 finally",
    ),
    "objects": (
        "list.data == 2 always",
        "box.data == 1 settled",
        "list.data == 1 && x == 1 always",
    ),
    "ghosts": ("g == 1 always", "g == 1 && x == 2 always", "g != x settled"),
    "caches": ("c.at == 1 && x == 2 always", "c.v != x settled"),
    "elements": ("h[0] == 1 && h[1] == 2 always", "h[x] == 2 always"),
    "frees": ("top.data == 2 && x == 1 settled",),
}
"""What properties may say, by what a protocol is about."""

CLAIMS = ("a == b", "a <= b", "a != 1 || b != 2", "a != 2", "b < 2 || a > 0", "b == 0 || a == 1")
"""What assertions say."""

WHOLES = (
    (("update u", 3), ("thread r", 3)),
    (("update u", 2), ("thread r", 4)),
    (("update u", 2), ("thread r", 2), ("thread t", 2)),
    (("thread r", 3),),
    (("updaters 2\nupdate u", 2), ("thread r", 2)),
)
"""The blocks of a protocol, each with the number of its steps."""


class Writer:
    """Writes the protocol of a seed."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.about = self.random.sample(sorted(DECLARED), self.choice((1, 1, 2)))
        self.held: list[str] = []
        self.left = 0
        self.judged = 0

    def choice(self, among: Sequence[T]) -> T:
        return self.random.choice(among)

    def chance(self, share: float) -> bool:
        return self.random.random() < share

    def write(self) -> str:
        lines = ["protocol moved", "shared x = 0", "shared y = 0"]
        lines += [line for name in self.about for line in DECLARED[name]]
        blocks = self.choice(WHOLES)
        bounds = []
        for head, size in blocks:
            lines += self.block(head, size)
            name = head.split()[-1]
            count = 2 if name == "u" or len(blocks) == 1 or self.chance(0.15) else 1
            bounds.append(f"{'updates' if name == 'u' else name} {count}")
        known = [said for name in ("", *self.about) for said in BAD.get(name, ())]
        if len(blocks) == 1:
            known = [said for said in known if "settled" not in said]
        for number, said in enumerate(self.random.sample(known, 2)):
            lines.append(f"never bad{number}: {said}")
        return "\n".join([*lines, f"bounds {', '.join(bounds)}", ""])

    def block(self, head: str, size: int) -> list[str]:
        self.left = size
        lines = ["a = 0", "b = 0"]
        if "objects" in self.about:
            lines += [f"{name} = a == 1 ? list : null" for name in ("_p", "_q")]
        return [f"{head} {{", *lines, *self.steps(size), "assert a != 2 || b != 1", "}"]

    # ------------------------------------------------------------ steps

    def steps(self, size: int) -> list[str]:
        lines: list[str] = []
        for _ in range(size):
            if self.left > 0:
                self.left -= 1
                lines += self.step()
        return lines or self.read()

    def step(self) -> list[str]:
        kinds = {
            "locks": (self.locked,) * 4,
            "sections": (self.section,) * 3,
            "objects": (self.make, self.make, self.use, self.use, self.publish),
            "ghosts": (self.ghost,) * 2,
            "caches": (self.cached,) * 3,
            "elements": (self.element,) * 3,
            "frees": (self.replace, self.look, self.look),
            "readers": (self.sided,) * 3,
        }
        others = (self.access, self.access, self.twice, self.judge, self.branch, self.rare)
        return self.choice([*others, *(kind for name in self.about for kind in kinds[name])])()

    def value(self) -> str:
        return self.choice(("0", "1", "1", "2", "a", "b"))

    def read(self) -> list[str]:
        return [f"{self.choice('ab')} = {self.choice('xy')}"]

    def write_place(self) -> list[str]:
        return [f"{self.choice('xy')} = {self.value()}"]

    def access(self) -> list[str]:
        return self.read() if self.chance(0.5) else self.write_place()

    def judge(self) -> list[str]:
        return self.judging(*CLAIMS)

    def judging(self, *claims: str) -> list[str]:
        self.judged += 1
        return [f"j{self.judged}: assert {self.choice(claims)}"]

    def twice(self) -> list[str]:
        """Two reads or two writes, between which something may happen."""
        if self.chance(0.5):
            one, other = self.choice(("xx", "xy", "yx", "yy"))
            return [f"a = {one}", f"b = {other}", *self.judging("a == b", "a <= b", "a >= b")]
        one, other = self.random.sample("xy", 2)
        return [f"{one} = {self.value()}", f"{self.choice((one, other))} = {self.value()}"]

    def rare(self) -> list[str]:
        return self.choice(
            (
                ["x = fresh", "a = y", *self.judging("a == 0 || a > 2", "a == 0")],
                ["a = fresh", "b = x", *self.judging("b < a"), "x = a"],
                ["a = fresh", "b = x", *self.judging("b < a"), "x = a"],
                [f"{self.choice('ab')} = settled({self.choice(('x', 'y', 'x == y'))})"],
                ["atomic {", *self.access(), *self.access(), "}"],
                [f"wait until ({self.choice('xy')} {self.choice(('!= 7', '== 1', '!= 1'))})"],
                [self.choice(("a = xchg(x, b)", "b = cmpxchg(y, a, 1)", "atomic_set(&x, a)"))],
                ["retry 2 {", *self.read(), *self.read(), *self.access(), "} until (a == b)"],
                [self.choice(("a", "b")) + " = choose 0..1"],
                self.access() if self.held else ["if (a == 2)", "return"],
            )
        )

    def branch(self) -> list[str]:
        lines = [f"if ({self.choice(('a == 0', 'a == b', 'b == 1'))}) {{", *self.steps(1)]
        if self.chance(0.4):
            lines += ["} else {", *self.steps(2)]
        return [*lines, "}"]

    # ------------------------------------------------------------ what keeps lanes apart

    def under(self, name: str, enter: str, leave: str) -> list[str]:
        self.held.append(name)
        lines = [enter, *self.steps(self.choice((1, 2, 3))), leave]
        self.held.remove(name)
        return lines

    def locked(self) -> list[str]:
        form, name = self.choice((("spin_{}(l)", "l"), ("spin_{}(l)", "l"), ("mutex_{}(m)", "m")))
        return self.taken(form, name, tries=True)

    def element(self) -> list[str]:
        at = self.choice("01")
        if self.chance(0.5):
            return self.taken(f"spin_{{}}(k[{at}])", "k", tries=True)
        return [self.choice((f"h[{at}] = {self.value()}", f"a = h[{at}]", f"b = h[{at}]"))]

    def sided(self) -> list[str]:
        return self.taken(self.choice(("read_{}(w)", "write_{}(w)")), "w", tries=self.chance(0.5))

    def taken(self, form: str, name: str, *, tries: bool) -> list[str]:
        if name in self.held or (name == "m" and self.held):
            return self.write_place()
        leave = form.format("unlock")
        if not tries or self.chance(0.7):
            return self.under(name, form.format("lock"), leave)
        lines = self.under(name, f"if ({form.format('trylock')}) {{", leave)
        return [*lines, "} else {", *self.steps(1), "}"] if self.chance(0.4) else [*lines, "}"]

    def section(self) -> list[str]:
        if "s" not in self.held and self.chance(0.6):
            return self.under("s", "srcu_read_lock(s)", "srcu_read_unlock(s)")
        return self.write_place() if self.held else ["synchronize_srcu(s)"]

    # ------------------------------------------------------------ memory

    def ghost(self) -> list[str]:
        if self.chance(0.5):
            return [*self.write_place(), self.choice(("g = 0", "g = 1", "g = 2", "g = a"))]
        return [*self.read(), "_v = g", *self.judging("_v != 1 || a != 1", "_v == a", "_v < 2")]

    def cached(self) -> list[str]:
        return self.choice(
            (
                [f"c = {{ at: {self.value()}, v: {self.value()} }}"],
                ["_e = c", "if (filled(_e)) {", "a = _e.at", "b = _e.v", "}"],
                ["zap(c)"],
            )
        )

    def make(self) -> list[str]:
        name = self.choice(("_p", "_q"))
        written = [f"{name}.data = {self.value()}"] if self.chance(0.8) else []
        return [f"{name} = alloc node", *written]

    def use(self) -> list[str]:
        at = f"{self.choice(('_p', '_q'))}.data"
        both = [f"a = {at}", *self.access(), f"b = {at}", *self.judging("a == b", "a != 1")]
        what = self.choice(([f"{at} = {self.value()}"], [f"a = {at}"], both))
        return [f"if ({at[:2]} != null) {{", *what, "}"]

    def publish(self) -> list[str]:
        """Pointers go from one place to another, perhaps by two ways."""
        one, other = self.random.sample(("_p", "_q"), 2)
        place = self.choice(("list", "box"))
        return self.choice(
            (
                [f"{place} = {one}"],
                [f"{place} = {one}"],
                [f"{place} = a == 0 ? _p : _q"],
                [f"{one} = {other}"],
                [f"{one} = {place}"],
                [f"{one} = {place}"],
                [f"{one} = a == 1 ? {other} : null"],
                [f"{one} = xchg({place}, {other})"],
                ["if (_p == _q)", "a = 2"],
                ["if (_p != null && _q != null)", f"copy {one} into {other}"],
                [f"if ({one} != null)", f"{other} = copy {one}"],
                [f"{place} = null"],
            )
        )

    def replace(self) -> list[str]:
        lines = ["_o = top", "_n = alloc thing", f"_n.data = {self.value()}", "top = _n"]
        if self.chance(0.3):
            lines = [*lines[:2], lines[3], lines[2]]
        if self.chance(0.4) and not self.held:
            lines.append("synchronize_rcu()")
        free = self.choice(("kfree(_o)", "kfree_rcu(_o)", "b = 1"))
        return [*lines, f"if (_o != null) {{ {free} }}"]

    def look(self) -> list[str]:
        lines = ["_o = top", "if (_o != null) {", "a = _o.data", *self.read(), "b = _o.data", "}"]
        section = self.chance(0.6) and "rcu" not in self.held
        return ["rcu_read_lock()", *lines, "rcu_read_unlock()"] if section else lines


def text(seed: int) -> str:
    """The protocol of a seed."""
    return Writer(seed).write()
