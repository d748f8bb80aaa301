"""The machine against axioms: random straight-line lanes, outcomes enumerated in two ways.

The second way knows no states: it guesses for each read the write it sees and for each
location an order of its writes, and keeps what the axioms of sc or x86-TSO allow.
"""

import random
from itertools import permutations, product

import pytest

from smtmodel.executions.machine import build, is_complete
from smtmodel.executions.trace import Move
from smtmodel.language.checked import LaneLocal, Rmw, Step
from tests.support.handmade import Maker, cell, exchange, number
from tests.support.lengths import long_but

Text = tuple[str, str, int]
"""(`r`, `w`, `x` exchange, `a` add 1, or `f` full fence; location; value)."""

Outcome = tuple[tuple[int, ...], tuple[int, ...]]
"""(what the reads saw in the order of lanes, final values of the locations)."""

PLACES = ("x", "y")


def random_lanes(chance: random.Random) -> list[list[Text]]:
    lanes: list[list[Text]] = []
    value = 0
    for _ in range(chance.choice((2, 2, 3))):
        lane: list[Text] = []
        for _ in range(chance.choice((2, 3)) if len(lanes) < 2 else 1):
            kind = chance.choice("rrrwwwwxaf")
            value += 10
            lane.append((kind, chance.choice(PLACES), value))
        lanes.append(lane)
    return lanes


def by_machine(lanes: list[list[Text]], *, store_buffers: bool) -> set[Outcome]:
    made = Maker()
    for place in PLACES:
        made.shared(place)
    reads: list[tuple[str, str]] = []
    for index, lane in enumerate(lanes):
        steps: list[Step] = []
        for place, (kind, name, value) in enumerate(lane):
            if kind == "f":
                steps.append(made.mb())
            elif kind == "w":
                steps.append(made.store(name, number(value)))
            else:
                expression = {
                    "r": cell(name),
                    "x": exchange(name, number(value)),
                    "a": exchange(name, number(1), kind=Rmw.ADD),
                }[kind]
                steps.append(made.let(f"r{place}", expression))
                reads.append((f"p{index}", f"r{place}"))
        made.lane(f"p{index}", *steps)
    for lane_name, local_name in reads:
        made.never(f"{lane_name}{local_name}", LaneLocal(lane_name, 0, local_name))
    machine = build(made.checked(), made.bounds(), store_buffers=store_buffers)
    kept = sorted(reads)
    found: set[Outcome] = set()
    start = machine.initial()
    visited, stack = {start}, [start]
    while stack:
        state = stack.pop()
        if is_complete(state):
            seen = tuple(
                state.lanes[int(name[1:])].kept[place] for place, (name, _) in enumerate(kept)
            )
            memory = tuple(state.shared.memory[machine.layout.variables[p]] for p in PLACES)
            found.add((seen, memory))  # type: ignore[arg-type]
        for move in machine.moves(state):
            after = machine.step(state, Move(move.lane, move.flush), ())
            assert after is not None
            if after.state not in visited:
                visited.add(after.state)
                stack.append(after.state)
    return found


def by_axioms(lanes: list[list[Text]], *, store_buffers: bool) -> set[Outcome]:
    events = [
        (lane, place, *text) for lane, texts in enumerate(lanes) for place, text in enumerate(texts)
    ]
    count = len(events)
    kind = [event[2] for event in events]
    place = [event[3] for event in events]
    reads = [e for e in range(count) if kind[e] in "rxa"]
    writes = {p: [e for e in range(count) if kind[e] in "wxa" and place[e] == p] for p in PLACES}
    po = {
        (a, b)
        for a in range(count)
        for b in range(count)
        if events[a][0] == events[b][0] and events[a][1] < events[b][1]
    }
    found: set[Outcome] = set()
    orders = [list(permutations(writes[p])) for p in PLACES]
    sources = [[-1, *(w for w in writes[place[r]] if w != r)] for r in reads]
    for rf_ in product(*sources):
        rf = dict(zip(reads, rf_, strict=True))
        for chosen in product(*orders):
            co = {(a, b) for order in chosen for i, a in enumerate(order) for b in order[i + 1 :]}
            fr = {
                (r, w)
                for r, source in rf.items()
                for w in writes[place[r]]
                if w != r and (source == -1 or (source, w) in co)
            }
            from_ = {(w, r) for r, w in rf.items() if w >= 0}
            if not allowed(events, kind, place, po, from_, co, fr, store_buffers=store_buffers):
                continue
            values = evaluated(events, rf)
            if values is None:
                continue
            final = tuple(values[1][order[-1]] if order else 0 for order in chosen)
            names = sorted(reads, key=lambda e: (f"p{events[e][0]}", f"r{events[e][1]}"))
            found.add((tuple(values[0][r] for r in names), final))
    return found


def allowed(
    events: list[tuple[int, int, str, str, int]],
    kind: list[str],
    place: list[str],
    po: set[tuple[int, int]],
    rf: set[tuple[int, int]],
    co: set[tuple[int, int]],
    fr: set[tuple[int, int]],
    *,
    store_buffers: bool,
) -> bool:
    if not store_buffers:
        return acyclic(po | rf | co | fr)
    local = {(a, b) for a, b in po if place[a] == place[b] and "f" not in (kind[a], kind[b])}
    if not acyclic(local | rf | co | fr):
        return False
    ppo = {(a, b) for a, b in po if not (kind[a] == "w" and kind[b] == "r")}
    external = {(a, b) for a, b in rf if events[a][0] != events[b][0]}
    return acyclic(ppo | external | co | fr)


def acyclic(edges: set[tuple[int, int]]) -> bool:
    left = set(edges)
    while left:
        targets = {b for _, b in left}
        kept = {(a, b) for a, b in left if a in targets}
        if kept == left:
            return False
        left = kept
    return True


def evaluated(
    events: list[tuple[int, int, str, str, int]], rf: dict[int, int]
) -> tuple[dict[int, int], dict[int, int]] | None:
    """What the events read and write; None where reads wait for each other in a circle."""
    read: dict[int, int] = {}
    written = {e: event[4] for e, event in enumerate(events) if event[2] in "wx"}
    for _ in events:
        for r, source in rf.items():
            if source == -1 or source in written:
                read[r] = 0 if source == -1 else written[source]
                if events[r][2] == "a":
                    written[r] = read[r] + 1
    return (read, written) if len(read) == len(rf) else None


@pytest.mark.parametrize("seeds", long_but([range(60)], [range(60), range(60, 150)]), ids=str)
@pytest.mark.parametrize("store_buffers", [False, True])
def test_machine_and_axioms_agree_on_random_lanes(store_buffers: bool, seeds: range) -> None:
    for seed in seeds:
        lanes = random_lanes(random.Random(seed))
        machine = by_machine(lanes, store_buffers=store_buffers)
        assert machine == by_axioms(lanes, store_buffers=store_buffers), (seed, lanes)


def test_the_two_differ_from_each_other_where_they_should() -> None:
    lanes: list[list[Text]] = [[("w", "x", 1), ("r", "y", 0)], [("w", "y", 1), ("r", "x", 0)]]
    weak = ((0, 0), (1, 1))
    assert weak in by_axioms(lanes, store_buffers=True)
    assert weak in by_machine(lanes, store_buffers=True)
    assert weak not in by_axioms(lanes, store_buffers=False)
    assert weak not in by_machine(lanes, store_buffers=False)
