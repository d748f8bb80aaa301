"""Executions of litmus tests written by hand, a line of acts for each lane.

An act is a kind with its tag, a location and values: `R.once x 1` (reads 1), `W.release y 2`,
`F.mb`, `U.mb x 0 1` (a read-modify-write that reads 0 and writes 1, or fails if it writes nothing),
`lock l 0` (takes the lock that it reads as 0, and writes 1), `unlock l 2`, `G.sync-srcu d`. A read
returns the write of its value, 0 is the initial one; coherence is the order of the values; what
belongs to SRCU has values but no such relations. `a=` before an act names it, `addr:a`, `data:a`
and `ctrl:a` behind one say what it depends on.
"""

from collections import defaultdict

from smtmodel.executions.evaluate import Execution

Pairs = set[tuple[int, int]]


class _Maker:
    """Events by number, with what is known of them."""

    def __init__(self) -> None:
        self.lane: list[int] = []
        self.where: dict[int, str] = {}
        self.value: dict[int, int] = {}
        self.sets: defaultdict[str, set[int]] = defaultdict(set)
        self.relations: defaultdict[str, Pairs] = defaultdict(set)
        self.labels: dict[str, int] = {}

    def event(self, lane: int, *sets: str, where: str = "", value: int = 0) -> int:
        number = len(self.lane)
        self.lane.append(lane)
        for name in sets:
            self.sets[name].add(number)
        if where:
            self.where[number] = where
            self.value[number] = value
        return number

    def act(self, lane: int, text: str) -> None:
        label, _, rest = text.strip().rpartition("=")
        words = rest.split()
        depends = [word.split(":") for word in words if ":" in word]
        kind, *given = [word for word in words if ":" not in word]
        numbers = self.events(lane, kind, given)
        for relation, source in depends:
            last = numbers[0] if relation == "addr" else numbers[-1]
            self.relations[relation].add((self.labels[source], last))
        if label:
            self.labels[label] = numbers[0]

    def events(self, lane: int, kind: str, given: list[str]) -> list[int]:
        name, _, tag = kind.partition(".")
        where, *values = given or [""]
        numbers = [int(value) for value in values]
        if name == "lock":
            return self.pair(lane, ("R", "LKR"), ("W", "LKW"), where, numbers[0], numbers[0] + 1)
        if name == "unlock":
            return [self.event(lane, "W", "UL", where=where, value=numbers[0])]
        tags = [tag.capitalize()] if tag else []
        if name == "U" and len(numbers) == 2:
            tags.append("RMW")
            return self.pair(lane, ("R", *tags), ("W", *tags), where, *numbers)
        if name == "U":
            return [self.event(lane, "R", "RMW", *tags, where=where, value=numbers[0])]
        return [self.event(lane, name, *tags, where=where, value=numbers[0] if numbers else -1)]

    def pair(
        self, lane: int, read: tuple[str, ...], write: tuple[str, ...], where: str, *values: int
    ) -> list[int]:
        first = self.event(lane, *read, where=where, value=values[0])
        second = self.event(lane, *write, where=where, value=values[1])
        self.relations["rmw"].add((first, second))
        return [first, second]

    def execution(self) -> Execution:
        count = len(self.lane)
        silent = self.sets["Srcu-lock"] | self.sets["Srcu-unlock"]
        reads = self.sets["R"] - silent
        for where in sorted({self.where[n] for n in self.sets["R"] | self.sets["W"]}):
            self.event(-1, "W", "IW", where=where, value=0)
        numbers = range(len(self.lane))
        same = {(a, b) for a in self.where for b in self.where if self.where[a] == self.where[b]}
        accesses = self.sets["R"] | self.sets["W"]
        inside = {
            (a, b) for a in range(count) for b in range(count) if self.lane[a] == self.lane[b]
        }
        writes = self.sets["W"] - silent
        co = {(a, b) for a, b in same if {a, b} <= writes and self.value[a] < self.value[b]}
        seen = [(a, b) for a, b in same if a in writes and b in reads]
        rf = {(a, b) for a, b in seen if self.value[a] == self.value[b]}
        assert {b for _, b in rf} == reads, "a read of a value that nobody writes"
        fr = {(r, b) for w, r in rf for a, b in co if a == w and b != r}
        different = {(a, b) for a in accesses for b in accesses if self.value[a] != self.value[b]}
        self.relations |= {
            "po": {(a, b) for a, b in inside if a < b},
            "int": inside,
            "ext": {(a, b) for a in numbers for b in numbers} - inside,
            "loc": same,
            "co": co,
            "rf": rf,
            "fr": fr,
            "different-values": different,
        }
        return Execution.of(numbers, self.sets, self.relations)


def execution(lanes: str) -> Execution:
    """The execution of lanes that are divided by `||`, their acts by `;`."""
    maker = _Maker()
    for lane, acts in enumerate(lanes.split("||")):
        for act in filter(str.strip, acts.split(";")):
            maker.act(lane, act)
    return maker.execution()
