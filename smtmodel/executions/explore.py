"""All executions of a protocol at given bounds, state by state, without a solver.

Takes a checked protocol and bounds; gives what its executions do: which properties are
violated, which conditions and goals are met, where control gets, and the final states. Every
interleaving is followed; states met twice are followed once. Stops at a limit of states and
then says so. This is the oracle that the prover is compared with: it shares nothing with
unrolling and encoding.
"""

from functools import cache

from smtmodel.executions.deadlock import Obstacle, in_vain, passes, waits
from smtmodel.executions.final_states import FinalState, Observer
from smtmodel.executions.frame import LaneState, Shared
from smtmodel.executions.judgement import Judge
from smtmodel.executions.machine import Machine, build, is_over
from smtmodel.executions.snapshot import Kept
from smtmodel.executions.values import Memory
from smtmodel.language.ast import When
from smtmodel.language.checked import (
    DEADLOCK,
    Asserted,
    Bounds,
    BuiltIn,
    Checked,
    Never,
    Reach,
    ReachStep,
)
from smtmodel.source.record import record
from smtmodel.verdict import Verdict

OVER = -1
"""In place of a number of what a lane waits for: it has run to its end."""

LIMIT = 2_000_000
"""How many states are visited at most, unless the caller says otherwise."""


@record
class Exploration:
    """What the executions at some bounds do.

    `violated`: properties and built-ins that some execution violates. `conditions`: `never`
    properties whose condition holds at an instant at which they are judged (for `settled`
    only after an update has returned), and asserts that are judged. `reached`: goals met.
    `begun`: numbers of the steps that control reaches; `cuts`: those of the loops whose bound
    is used up. `finals`: the final states of complete executions. `finished` is False where
    the limit of states was hit: then everything here holds, but there may be more.
    """

    violated: frozenset[str]
    conditions: frozenset[str]
    reached: frozenset[str]
    complete: bool
    begun: frozenset[int]
    cuts: frozenset[int]
    finals: frozenset[FinalState]
    states: int
    finished: bool


def explore(
    protocol: Checked, bounds: Bounds, *, store_buffers: bool, limit: int = LIMIT
) -> Exploration:
    """Follow every interleaving, up to `limit` states."""
    machine = build(protocol, bounds, store_buffers=store_buffers)
    search = _Search(machine)
    finished = search.run(limit)
    for prop in protocol.properties:
        if isinstance(prop, ReachStep) and not machine.begun.isdisjoint(prop.steps):
            search.reached.add(prop.name)
    return Exploration(
        frozenset(search.violated),
        frozenset(search.conditions | machine.judged),
        frozenset(search.reached),
        search.complete,
        frozenset(machine.begun),
        frozenset(machine.cuts),
        frozenset(search.finals),
        len(search.visited),
        finished,
    )


class _Search:
    """The states still to be followed, and what the states so far have shown.

    The shared parts of states and the lanes are numbered as they are met, and a state is the
    tuple of their numbers. What a lane can do depends on its own state and the shared part
    alone, so it is computed once for each such pair, whatever the other lanes do; so is what it may
    wait for in vain.
    """

    def __init__(self, machine: Machine) -> None:
        self.machine = machine
        self.observer = Observer(machine.layout)
        judged = machine.judges
        self.always = [j for j in judged if j.when is When.ALWAYS]
        self.settled = [j for j in judged if j.when is When.SETTLED]
        self.finally_ = [j for j in judged if j.when is When.FINALLY]
        self.violated: set[str] = set()
        self.reached: set[str] = set()
        self.conditions: set[str] = set()
        self.finals: set[FinalState] = set()
        self.complete = False
        self.visited: set[tuple[int, ...]] = set()
        self.shared: list[Shared] = []
        self.lanes: list[LaneState] = []
        self.shared_numbers: dict[Shared, int] = {}
        self.lane_numbers: dict[LaneState, int] = {}
        self.waiting: list[tuple[Obstacle, ...]] = []
        self.wait_numbers: dict[tuple[Obstacle, ...], int] = {}
        self.waits = cache(self._waits)
        self.deadlock = cache(self._deadlock)

    def run(self, limit: int) -> bool:
        """Follow everything; False if the limit was hit."""
        shared, lanes = self.machine.initial()
        start = (self._number_shared(shared), *map(self._number_lane, lanes))
        visited, stack = self.visited, [start]
        visited.add(start)
        columns = range(1, len(start))
        known: list[dict[tuple[int, int], tuple[tuple[int, int], ...]]] = [{} for _ in start]
        frees = bool(self.machine.layout.freed)
        late: dict[int, tuple[int, ...]] = {}
        passing = passes(self.machine)
        while stack:
            state = stack.pop()
            moved = False
            for column in columns:
                pair = (state[0], state[column])
                effects = known[column].get(pair)
                if effects is None:
                    effects = known[column][pair] = self._effects(column - 1, *pair)
                for first, own in effects:
                    moved = True
                    after = (first, *state[1:column], own, *state[column + 1 :])
                    if after not in visited:
                        if len(visited) >= limit:
                            return False
                        visited.add(after)
                        stack.append(after)
            if frees:
                if state[0] not in late:
                    late[state[0]] = self._late(state)
                for first in late[state[0]]:
                    moved = True
                    after = (first, *state[1:])
                    if after not in visited:
                        if len(visited) >= limit:
                            return False
                        visited.add(after)
                        stack.append(after)
            if not moved:
                self._judge_end(state)
            if passing or not moved:
                self._judge_deadlock(state)
        return True

    def _effects(self, index: int, shared: int, lane: int) -> tuple[tuple[int, int], ...]:
        """What the moves of a lane lead to, as numbers."""
        before, own = self.shared[shared], self.lanes[lane]
        effects = self.machine.advance(before, index, own)
        flushed = self.machine.flush(before, index, own)
        if flushed is not None:
            effects.append(flushed)
        for effect in effects:
            self.violated.update(effect.violated)
        return tuple((self._number_shared(e.shared), self._number_lane(e.lane)) for e in effects)

    def _late(self, state: tuple[int, ...]) -> tuple[int, ...]:
        """What the deferred frees that can be carried out make of the shared part."""
        shared = self.shared[state[0]]
        numbers: dict[int, None] = {}
        for place, late in enumerate(shared.rare.pending):
            if not late.waits:
                effect = self.machine.free_late(shared, 0, self.lanes[state[1]], place)
                self.violated.update(effect.violated)
                numbers[self._number_shared(effect.shared)] = None
        return tuple(numbers)

    def _number_lane(self, lane: LaneState) -> int:
        number = self.lane_numbers.setdefault(lane, len(self.lanes))
        if number == len(self.lanes):
            self.lanes.append(lane)
        return number

    def _number_shared(self, shared: Shared) -> int:
        number = self.shared_numbers.setdefault(shared, len(self.shared))
        if number == len(self.shared):
            self.shared.append(shared)
            self._judge_all(self.always, shared.memory, (), counts=True)
            if not shared.progress:
                self._judge_all(self.settled, shared.memory, (), counts=bool(shared.returned))
        return number

    def _judge_end(self, state: tuple[int, ...]) -> None:
        """Judge a state in which nothing can move."""
        lanes = [self.lanes[number] for number in state[1:]]
        if not all(map(is_over, lanes)):
            return
        memory = self.shared[state[0]].memory
        self.complete = True
        self.finals.add(self.observer.project(memory))
        kept = tuple(lane.kept for lane in lanes)
        self._judge_all(self.finally_, memory, kept, counts=True)

    def _judge_deadlock(self, state: tuple[int, ...]) -> None:
        """Judge whether some lanes wait for ever; lanes that can move do not change whether."""
        if DEADLOCK not in self.violated:
            first, waits = state[0], self.waits
            numbers = tuple([waits(first, lane, i) for i, lane in enumerate(state[1:])])
            if self.deadlock(numbers):
                self.violated.add(DEADLOCK)

    def _waits(self, shared: int, lane: int, index: int) -> int:
        """The number of what a lane may wait for in vain, or OVER."""
        if is_over(self.lanes[lane]):
            return OVER
        own = waits(self.machine, self.shared[shared], index, self.lanes[lane])
        number = self.wait_numbers.setdefault(own, len(self.waiting))
        if number == len(self.waiting):
            self.waiting.append(own)
        return number

    def _deadlock(self, numbers: tuple[int, ...]) -> bool:
        """Whether lanes that may wait for these things wait for ever."""
        over = {index for index, number in enumerate(numbers) if number == OVER}
        own = {i: self.waiting[number] for i, number in enumerate(numbers) if i not in over}
        return bool(in_vain({index: waits for index, waits in own.items() if waits}, over))

    def _judge_all(self, judged: list[Judge], memory: Memory, kept: Kept, *, counts: bool) -> None:
        """Judge an instant; `counts` says whether a condition that holds counts as reached."""
        for judge in judged:
            met = judge.met(memory, kept)
            if judge.goal:
                if met:
                    self.reached.add(judge.name)
                continue
            if counts and judge.judged(memory, kept):
                self.conditions.add(judge.name)
            if met:
                self.violated.add(judge.name)


def verdicts(exploration: Exploration, protocol: Checked) -> dict[str, Verdict]:
    """The verdict of every property, by its name, in the order of the properties.

    Those that are neither violated nor reached are UNKNOWN where the exploration was cut off.
    """
    goals = [p.name for p in protocol.properties if isinstance(p, Reach | ReachStep)]
    useful = exploration.complete and all(name in exploration.reached for name in goals)
    known: dict[str, Verdict] = {}
    for prop in protocol.properties:
        match prop:
            case Reach(name=name) | ReachStep(name=name):
                good = name in exploration.reached
            case Never(name=name):
                good = useful and name in exploration.conditions
            case Asserted(name=name, unreachable=unreachable):
                good = useful and (unreachable or name in exploration.conditions)
            case BuiltIn(name=name):
                good = useful
        if name in exploration.violated:
            known[name] = Verdict.REFUTED
        elif not exploration.finished and not (good and isinstance(prop, Reach | ReachStep)):
            known[name] = Verdict.UNKNOWN
        else:
            known[name] = Verdict.PROVED if good else Verdict.VACUOUS
    return known
