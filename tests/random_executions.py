"""Executions that no axiom has filtered: for the finite-set reading of models, and to compare
the two readings. Also the random protocols without locks and sections that they come from.
"""

import random
from collections.abc import Iterator

from smtmodel.encoding.decode import Reader
from smtmodel.encoding.memory import coherent
from smtmodel.events.dependencies import Ways, dependencies
from smtmodel.executions.evaluate import Execution
from smtmodel.executions.matrices import Rows, rows
from smtmodel.solving.execution import execution
from smtmodel.source.bits import bits


def straight_line(seed: int) -> str:
    """Two or three lanes of accesses, fences and branches on two locations and a pointer."""
    chance = random.Random(f"straight {seed}")
    lines = ["protocol straight", "struct node { f }", "shared x = 0", "shared y = 0"]
    lines += ["shared a[2] = 0", "shared p: node = { f: 0 }", "shared q: node = { f: 1 }"]
    finals = []
    count = chance.choice((2, 2, 3))
    for lane in range(count):
        lines.append(f"thread t{lane} {{")
        for step in range(chance.choice((2, 3, 4)) if count == 2 else 2):
            place = chance.choice(("x", "x", "y", "y", "a[0]", "a[x]"))
            value = 10 * lane + step + 1
            local = f"r{step}"
            kind = chance.randrange(9)
            if kind < 3:
                lines.append(f"    {local} = {place}")
            elif kind == 3:
                lines.append(f"    {local} = cmpxchg({place}, {chance.choice((0, 1))}, {value})")
            elif kind == 4:
                lines.append(f"    {local} = xchg({place}, {value})")
            elif kind == 5:
                lines.append("    smp_mb()")
            elif kind == 6:
                lines.append(f"    if ({place} == 0) {place} = {chance.choice((1, value))}")
            elif kind == 7:
                lines.append(chance.choice(("    p = q", "    p.f = 7", "    q = p")))
            else:
                lines.append(f"    {place} = {chance.choice(('1', 'x', 'p.f'))}")
            if kind < 5:
                finals.append(f"t{lane}[0].{local} == 99")
        lines.append("}")
    lines.append("bounds " + ", ".join(f"t{lane} 1" for lane in range(count)))
    lines.append(f"never odd: {' || '.join(finals or ['x == 99'])} finally")
    return "\n".join(lines) + "\n"


def execution_of(reader: Reader) -> Execution:
    """The execution of an assignment, its coherence taken from the literals, not a clock."""
    found = execution(reader)
    encoding, initial = reader.encoding, len(reader.graph.events)
    known = found.relations
    pairs = {(a, b) for a, b in _pairs(known["co"]) if a >= initial}
    writes = [e for e in bits(found.sets["W"]) if e < initial]
    for first in writes:
        for second in writes:
            body = coherent(encoding, first, second) if first != second else None
            # The literal of a pair that turns out to touch two locations means nothing.
            alike = known["loc"][first] >> second & 1
            if alike and body is not None and all(map(reader.holds, body)):
                pairs.add((first, second))
    fr = {
        (read, after)
        for write, read in _pairs(known["rf"])
        for before, after in pairs
        if before == write and after != read
    }
    relations = {**known, "co": rows(pairs, found.size), "fr": rows(fr, found.size)}
    for name in ("addr", "data", "ctrl"):
        depending = {
            pair
            for pair, ways in dependencies(reader.graph, name).items()
            if all(found.events >> event & 1 for event in pair) and _open(reader, ways)
        }
        relations[name] = rows(depending, found.size)
    return Execution(found.events, found.sets, relations)


def _open(reader: Reader, ways: Ways) -> bool:
    holds = reader.encoding.holds
    return any(all(reader.holds(holds(guard)) == so for guard, so in way) for way in ways)


def _pairs(found: Rows) -> list[tuple[int, int]]:
    return [(first, second) for first, row in enumerate(found) for second in bits(row)]


def random_executions(count: int) -> Iterator[Execution]:
    """Executions drawn at random: some lanes of accesses, any reads-from, any coherence."""
    chance = random.Random("executions")
    for _ in range(count):
        yield _random(chance)


def _random(chance: random.Random) -> Execution:
    size = chance.choice((3, 4, 5))
    lane = [chance.randrange(2) for _ in range(size)]
    place = [chance.randrange(2) for _ in range(size)]
    kind = [chance.choice("RRWWWUM") for _ in range(size)]
    initial = {0: size, 1: size + 1}
    accesses = [e for e in range(size) if kind[e] != "M"]
    co: set[tuple[int, int]] = set()
    rf: set[tuple[int, int]] = set()
    for where in (0, 1):
        writes = [e for e in accesses if place[e] == where and kind[e] in "WU"]
        chance.shuffle(writes)
        order = [initial[where], *writes]
        co |= {(a, b) for n, a in enumerate(order) for b in order[n + 1 :]}
        for read in accesses:
            if place[read] == where and kind[read] in "RU":
                rf.add((chance.choice([w for w in order if w != read]), read))
    fr = {(r, b) for w, r in rf for a, b in co if a == w and b != r}
    inside = {(a, b) for a in range(size) for b in range(size) if lane[a] == lane[b]}
    every = {(a, b) for a in range(size + 2) for b in range(size + 2)}
    where_of = {**{e: place[e] for e in accesses}, size: 0, size + 1: 1}
    same = {(a, b) for a in where_of for b in where_of if where_of[a] == where_of[b]}
    relations = {
        "po": {(a, b) for a, b in inside if a < b},
        "rf": rf,
        "co": co,
        "fr": fr,
        "loc": same,
        "int": inside,
        "ext": every - inside,
    }
    sets = {
        "R": {e for e in accesses if kind[e] in "RU"},
        "W": {e for e in accesses if kind[e] in "WU"} | {size, size + 1},
        "Rmw": {e for e in accesses if kind[e] == "U"},
        "Locked": {e for e in accesses if kind[e] == "U"},
        "Mb": {e for e in range(size) if kind[e] == "M"},
    }
    return Execution.of(range(size + 2), sets, relations)
