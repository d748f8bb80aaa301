"""The smallest run that violates a property or reaches a goal, without a solver.

Takes a checked protocol, bounds, a property and limits; gives the schedule of the run. Runs are
compared by how many events they have, then by how often lanes switch, then by how many steps are
interrupted, then by the steps that each lane takes, then by the order of the lanes:
`smtmodel.solving.shrink` says the same of formulas. Where lanes have store buffers, a move counts
in place of an event. First every state gets the number of events that it takes to come there, once
for all properties; then only states on the way to where a property first shows are told apart by
all of this.
"""

from functools import cache
from heapq import heappop, heappush
from itertools import count

from smtmodel.executions.deadlock import stuck
from smtmodel.executions.event_actions import FreeLater
from smtmodel.executions.frame import LaneState, Shared, State
from smtmodel.executions.machine import Effect, Machine, build, is_over
from smtmodel.executions.notes import Began, Happened
from smtmodel.executions.snapshot import Kept
from smtmodel.executions.trace import Move, Schedule
from smtmodel.language.ast import When
from smtmodel.language.checked import DEADLOCK, Bounds, BuiltIn, Checked, Property, ReachStep
from smtmodel.source.record import record, replace

NO_STEP = -1
"""Stands for the step of an event that belongs to none."""

LAST = 1 << 30
"""Ends the steps of a lane: of two lanes of which one goes on, that one comes first."""

MOST_LATE = 64
"""More deferred frees than any lane makes within the limit of events."""

NOWHERE = Schedule((Move("nobody"),))
"""What stands for a run where there is none: no lane has this name."""

Numbers = tuple[int, ...]
"""A state: the number of its shared part, then those of its lanes."""


@record
class _Way:
    """A move, the number of who makes it (a deferred free counts as a lane of its own), the
    choices made, the steps of its events, the numbers of the shared part and of the lane that it
    leads to, the place of that lane in a state, and the properties that the move shows wherever it
    leads."""

    move: Move
    mover: int
    choices: tuple[str, ...]
    steps: tuple[int, ...]
    shared: int
    lane: int
    place: int
    shows: frozenset[str]

    def after(self, state: Numbers) -> Numbers:
        """The state after the move."""
        return (self.shared, *state[1 : self.place], self.lane, *state[self.place + 1 :])


@record
class _Cost:
    """What runs are compared by, in this order.

    `paths` has the steps of the events of each mover that had one, in the order of the movers;
    `idle` counts the moves without an event.
    """

    events: int = 0
    switches: int = 0
    interrupted: int = 0
    paths: tuple[tuple[int, tuple[int, ...]], ...] = ()
    movers: tuple[int, ...] = ()
    idle: int = 0

    @property
    def key(self) -> tuple[object, ...]:
        """The order of costs."""
        paths = (*((mover, (*path, LAST)) for mover, path in self.paths), (LAST, ()))
        return self.events, self.switches, self.interrupted, paths, self.movers, self.idle

    def with_move(self, way: _Way) -> "_Cost":
        """The cost of a run with one more move."""
        if not way.steps:
            return replace(self, idle=self.idle + 1)
        paths = dict(self.paths)
        path = paths.get(way.mover, ())
        switch = self.movers[-1:] != (way.mover,)
        within = switch and path[-1:] == way.steps[:1] != (NO_STEP,)
        paths[way.mover] = path + way.steps
        return _Cost(
            self.events + len(way.steps),
            self.switches + switch,
            self.interrupted + within,
            tuple(sorted(paths.items())),
            (*self.movers, *[way.mover] * len(way.steps)),
            self.idle,
        )

    @property
    def past(self) -> tuple[object, ...]:
        """What costs to come depend on: who moved last, and the last step of each."""
        return self.movers[-1:], tuple((mover, path[-1]) for mover, path in self.paths)


@record
class _Partial:
    """A run so far, from its last move back to its first."""

    state: Numbers
    cost: _Cost
    shows: bool
    way: _Way | None = None
    before: "_Partial | None" = None


class Shortest:
    """Smallest runs of one protocol at some bounds; the moves and states that were looked at are
    kept."""

    def __init__(self, protocol: Checked, bounds: Bounds, *, store_buffers: bool) -> None:
        machine = build(protocol, bounds, store_buffers=store_buffers)
        actions = (op.action for program in machine.programs for op in program.ops)
        if any(isinstance(action, FreeLater) for action in actions):
            # Deferred frees have numbers only where runs are narrated.
            machine = build(protocol, bounds, store_buffers=store_buffers, forget=False)
        self.levels = _Levels(_Moves(machine))

    def run(self, item: Property, states: int, beginnings: int | None) -> Schedule | None:
        """The smallest run that shows the property, NOWHERE if none does. None if that is not known
        after so many states, or which is the smallest after so many beginnings of runs."""
        nearest = _Nearest(self.levels, item)
        if not nearest.find(states):
            return None
        if nearest.least is None:
            return NOWHERE
        cheapest = _cheapest(nearest, beginnings)
        return None if cheapest is None else _schedule(cheapest)


class _Moves:
    """The moves from every state that is met, and where the property shows."""

    def __init__(self, machine: Machine) -> None:
        self.machine = machine
        properties = machine.protocol.properties
        self.goals = [item for item in properties if isinstance(item, ReachStep)]
        self.shared: list[Shared] = []
        self.lanes: list[LaneState] = []
        self.shared_numbers: dict[Shared, int] = {}
        self.lane_numbers: dict[LaneState, int] = {}
        self.known: dict[tuple[int, int, int], tuple[_Way, ...]] = {}
        self.over = cache(self._over)

    def _over(self, lane: int) -> bool:
        return is_over(self.lanes[lane])

    def initial(self) -> Numbers:
        """The state before any event."""
        shared, lanes = self.machine.initial()
        return (self._number_shared(shared), *map(self._number_lane, lanes))

    def state(self, numbers: Numbers) -> State:
        """The state of these numbers."""
        lanes = tuple(self.lanes[one] for one in numbers[1:])
        return State(self.shared[numbers[0]], lanes)

    def ways(self, state: Numbers) -> list[_Way]:
        """All moves that are possible in a state."""
        ways: list[_Way] = []
        for index, lane in enumerate(state[1:]):
            key = (state[0], index, lane)
            known = self.known.get(key)
            if known is None:
                known = self.known[key] = self._advances(*key)
            ways += known
        for place, late in enumerate(self.shared[state[0]].rare.pending):
            if not late.waits:
                ways.append(self._frees(state, place, late.lane, late.number))
        return ways

    def _advances(self, shared: int, index: int, lane: int) -> tuple[_Way, ...]:
        move = Move(self.machine.layout.lanes[index].name)
        before = self.shared[shared], index, self.lanes[lane]
        effects = self.machine.advance(*before, noted=True)
        ways = [self._way(move, index, index, effect) for effect in effects]
        flushed = self.machine.flush(*before, noted=True)
        if flushed is not None:
            ways.append(self._way(replace(move, flush=True), index, index, flushed))
        return tuple(ways)

    def _frees(self, state: Numbers, place: int, index: int, number: int) -> _Way:
        """A deferred free is carried out, the `number`-th of the lane with this index."""
        before = self.shared[state[0]], index, self.lanes[state[index + 1]], place
        effect = self.machine.free_late(*before, noted=True)
        move = Move(self.machine.layout.lanes[index].name, callback=number)
        return self._way(move, (index + 1) * MOST_LATE + number, index, effect)

    def _way(self, move: Move, mover: int, index: int, effect: Effect) -> _Way:
        happened = [note for note in effect.notes if isinstance(note, Happened)]
        steps = [NO_STEP if one.where is None else one.where.number for one in happened]
        shared, lane = self._number_shared(effect.shared), self._number_lane(effect.lane)
        begun = {one.where.number for one in effect.notes if isinstance(one, Began)}
        reached = [goal.name for goal in self.goals if not begun.isdisjoint(goal.steps)]
        return _Way(
            move,
            mover,
            effect.choices,
            tuple(steps),
            shared,
            lane,
            index + 1,
            frozenset((*effect.violated, *reached)),
        )

    def _number_shared(self, shared: Shared) -> int:
        number = self.shared_numbers.setdefault(shared, len(self.shared))
        if number == len(self.shared):
            self.shared.append(shared)
        return number

    def _number_lane(self, lane: LaneState) -> int:
        number = self.lane_numbers.setdefault(lane, len(self.lanes))
        if number == len(self.lanes):
            self.lanes.append(lane)
        return number


class _Levels:
    """The events that it takes to come to each state, and the states that one comes from with that
    many. `levels` has the states by that number, as far as they were followed, and before each
    level how many were known; `showing` has for each property how many events there are after a
    move that shows it, and the states that such moves begin at.
    """

    def __init__(self, moves: _Moves) -> None:
        self.moves = moves
        self.start = moves.initial()
        self.events = {self.start: 0}
        self.sources: dict[Numbers, list[Numbers]] = {self.start: []}
        self.levels: list[tuple[int, list[Numbers]]] = []
        self.waiting = {0: [self.start]}
        self.showing: dict[str, dict[int, set[Numbers]]] = {}

    def at(self, level: int, limit: int) -> list[Numbers] | None:
        """The states of a level, which were followed; None if more than `limit` come before that.

        What was asked before makes no difference."""
        while len(self.levels) <= level and len(self.events) <= limit:
            self.levels.append((len(self.events), []))
            self._follow_level(len(self.levels) - 1)
        before, states = self.levels[level] if level < len(self.levels) else (limit + 1, [])
        return None if before > limit else states

    def over(self, level: int) -> bool:
        """Whether there are no states of this level, nor of a later one."""
        return level >= len(self.levels) and not self.waiting

    def _follow_level(self, level: int) -> None:
        """Follow all states of a level; moves without an event may lead to more of them."""
        followed = self.levels[level][1]
        while waiting := self.waiting.pop(level, ()):
            for state in waiting:
                if self.events[state] == level:
                    followed.append(state)
                    self._follow(state, level)

    def _follow(self, state: Numbers, level: int) -> None:
        events, sources = self.events, self.sources
        for way in self.moves.ways(state):
            after, cost = way.after(state), level + len(way.steps)
            known = events.get(after)
            if known is None or cost < known:
                events[after], sources[after] = cost, [state]
                self.waiting.setdefault(cost, []).append(after)
            elif cost == known:
                sources[after].append(state)
            for name in way.shows:
                self.showing.setdefault(name, {}).setdefault(cost, set()).add(state)


class _Nearest:
    """Where a property first shows: `least` is the number of events that it takes, `shown` are the
    states with so many in which it shows, `before` those at which a move begins that shows it."""

    def __init__(self, levels: _Levels, item: Property) -> None:
        self.levels = levels
        self.moves = levels.moves
        self.machine = levels.moves.machine
        self.item = item
        self.judges = [one for one in self.machine.judges if one.name == item.name]
        self.deadlock = isinstance(item, BuiltIn) and item.name == DEADLOCK
        self.instant = cache(self._at_instant)
        self.least: int | None = None
        self.shown: set[Numbers] = set()
        self.before: set[Numbers] = set()

    def find(self, limit: int) -> bool:
        """Look at all states until the property shows; False if there are too many."""
        level = 0
        while not (self.levels.over(level) or (self.least is not None and self.least < level)):
            states = self.levels.at(level, limit)
            if states is None:
                return False
            shown = set(filter(self.at, states)) if self.judges or self.deadlock else None
            if shown:
                self.least, self.shown, self.before = level, shown, set()
            moves = self.levels.showing.get(self.item.name, {})
            first = min(moves, default=None)
            if first is not None and (self.least is None or first <= self.least):
                self.shown = self.shown if first == self.least else set()
                self.least, self.before = first, moves[first]
            level += 1
        return True

    def at(self, numbers: Numbers) -> bool:
        """Whether the property shows in a state."""
        if self.deadlock:
            return bool(stuck(self.machine, self.moves.state(numbers)))
        if not self.judges:
            return False
        if self.judges[0].when is not When.FINALLY:
            return self.instant(numbers[0])
        if not all(map(self.moves.over, numbers[1:])):
            return False
        shared, lanes = self.moves.state(numbers)
        return self._met(shared, tuple(lane.kept for lane in lanes))

    def _at_instant(self, number: int) -> bool:
        """Whether the property shows where the shared part has this number, whatever the lanes: it
        reads no locals, which have their last values only at the end."""
        shared = self.moves.shared[number]
        if self.judges[0].when is When.SETTLED and shared.progress:
            return False
        return self._met(shared, ())

    def _met(self, shared: Shared, kept: Kept) -> bool:
        return any(judge.met(shared.memory, kept) for judge in self.judges)

    def towards(self) -> set[Numbers]:
        """The states on the way to where the property first shows."""
        found = self.shown | self.before
        work = list(found)
        while work:
            for source in self.levels.sources[work.pop()]:
                if source not in found:
                    found.add(source)
                    work.append(source)
        return found


def _cheapest(nearest: _Nearest, limit: int | None) -> _Partial | None:
    """Of the runs with the fewest events the one that is smallest; None if there are more than
    `limit` beginnings of them."""
    levels, towards, numbers = nearest.levels, nearest.towards(), count()
    first = _Partial(levels.start, _Cost(), shows=False)
    heap = [(first.cost.key, next(numbers), first)]
    settled: set[tuple[object, ...]] = set()
    while True:
        _, _, run = heappop(heap)
        if run.shows or run.state in nearest.shown:
            return run
        place = (run.state, run.cost.past)
        if place in settled:
            continue
        settled.add(place)
        if limit is not None and len(settled) > limit:
            return None
        for way in levels.moves.ways(run.state):
            cost, after = run.cost.with_move(way), way.after(run.state)
            near = after in towards and cost.events == levels.events[after]
            shows = nearest.item.name in way.shows
            if near or (shows and cost.events == nearest.least):
                one = _Partial(after, cost, shows, way, run)
                heappush(heap, (cost.key, next(numbers), one))


def _schedule(run: _Partial) -> Schedule:
    """The moves of a run, and each lane's choices."""
    moves: list[Move] = []
    choices: dict[str, tuple[str, ...]] = {}
    last: _Partial | None = run
    while last is not None and last.way is not None:
        move = last.way.move
        moves.append(move)
        choices[move.lane] = last.way.choices + choices.get(move.lane, ())
        last = last.before
    return Schedule(tuple(reversed(moves)), tuple((x, c) for x, c in choices.items() if c))
