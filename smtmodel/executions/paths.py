"""The lanes of a litmus test, each run alone with every value that its reads may return.

Takes the parsed test and gives for each lane the sequences of acts that it may perform. Each value
carries the reads that it was computed from on this path, so that dependencies are those of the
path that was taken. What a read may return is found by running the lanes again with what they
wrote: a value comes from initial values by computing, never from itself. What accesses only copy
from one another in a circle is `ThinAir`, as herd7 has it: no number, but as good as any.
"""

from collections.abc import Iterator

from smtmodel.executions.c_operators import Datum, DeadPath, Held, at_start, computed, is_true
from smtmodel.litmus.instructions import Elementary
from smtmodel.litmus.program import (
    STOP,
    AddressOf,
    AnyBelow,
    Arithmetic,
    Assigns,
    Conditional,
    Expression,
    Integer,
    LitmusTest,
    MayStop,
    Performed,
    Performs,
    Receives,
    Requires,
    Statement,
    ThinAir,
    Thread,
    ThreadRegister,
    Whole,
    Within,
    field_of,
)
from smtmodel.source.record import record

Reads = frozenset[int]
"""Acts of the lane, by their places in it."""

NOTHING: Reads = frozenset()
MOST_PATHS = 20_000


class _Stopped(Exception):
    """The lane goes no further, for good."""


class EntryInCircle(Exception):
    """An entry is copied in a circle: what of it may come out of thin air is not said here."""


class TooManyPaths(Exception):
    """A lane has more than MOST_PATHS paths."""


@record
class Act:
    """What a lane does to memory, or a fence.

    `kind`: R, W or F. `tag`: as in the table of functions, and for locks LKR, LKW, UL, LF, RL, RU.
    `modifies`: part of a read-modify-write, other than a lock's. `pair`: where the write's read is.
    `address`, `data`, `control`: the reads on which location, value and the branch depend.
    """

    kind: str
    tag: str
    location: str | None
    value: Held
    modifies: bool = False
    pair: int | None = None
    address: Reads = NOTHING
    data: Reads = NOTHING
    control: Reads = NOTHING


@record
class Path:
    """The acts of one run of a lane, in program order, and its registers at the end."""

    acts: tuple[Act, ...]
    registers: dict[str, Datum]


Site = tuple[int, int]
"""A write by its lane and its place in the lane's path."""

Chains = frozenset[frozenset[Site]]
"""The writes through which a value comes about, for each way in which it may."""

Pool = dict[str, dict[Held, Chains]]
"""For each variable the values that a read of it may return."""

FROM_THE_START: Chains = frozenset({frozenset()})


def paths(test: LitmusTest) -> list[list[Path]]:
    """For each lane its paths.

    No write happens twice, so a value that comes about only through its own write is none; that is
    why the values do not grow for ever. A lane takes one path in an execution, so that sites of
    different paths do not get confused in it. What a lane writes before it can go no further counts
    too: with another value it does go on.
    """
    pool: Pool = {name: {at_start(value): FROM_THE_START} for name, value in test.variables}
    found = _all_runs(test, pool)
    circular = _circular([run.acts for runs in found for run in runs])
    if any(isinstance(value, Whole) for name, value in test.variables if name in circular):
        raise EntryInCircle
    while circular:
        with_air = {
            name: {**known, ThinAir(): FROM_THE_START} if name in circular else known
            for name, known in pool.items()
        }
        found = _all_runs(test, with_air)
        kept = circular & _airy([run.acts for runs in found for run in runs])
        if kept == circular:
            break
        circular = kept
    return [[path for run in runs if (path := run.path) is not None] for runs in found]


def _circular(every: list[list[Act]]) -> frozenset[str]:
    """The variables whose values may depend on each other in a circle, or on some that do."""
    writes = [
        (act.location, {acts[read].location for read in act.data})
        for acts in every
        for act in acts
        if act.kind == "W" and act.location is not None
    ]
    found, before = frozenset(name for name, _ in writes), frozenset[str]()
    while found != before:
        before = found
        found = frozenset(name for name, sources in writes if sources & found)
    return found


def _airy(every: list[list[Act]]) -> frozenset[str]:
    """The variables to which something is written that comes out of thin air."""
    return frozenset(
        act.location
        for acts in every
        for act in acts
        if act.kind == "W" and act.location is not None and isinstance(act.value, ThinAir)
    )


def _all_runs(test: LitmusTest, pool: Pool) -> list[list["LaneRun"]]:
    """The runs of each lane with the values of the pool and all that they write."""
    while True:
        found = [list(_runs(thread, pool)) for thread in test.threads]
        grown = _grown(pool, [[run.acts for run in runs] for runs in found])
        if grown == pool:
            return found
        pool = grown


def _grown(pool: Pool, found: list[list[list[Act]]]) -> Pool:
    """The values with those that the lanes write in their runs."""
    grown = {name: dict(known) for name, known in pool.items()}
    for lane, every in enumerate(found):
        for acts in every:
            for place, act in enumerate(acts):
                if act.kind == "W" and act.location is not None:
                    known = grown[act.location]
                    ways = known.get(act.value, frozenset()) | _chains(pool, acts, (lane, place))
                    if ways:
                        known[act.value] = _least(ways)
    return grown


def _chains(pool: Pool, acts: list[Act], site: Site) -> Chains:
    """How the value of a write comes about, if not through itself."""
    ways: set[frozenset[Site]] = {frozenset({site})}
    for place in acts[site[1]].data:
        read = acts[place]
        assert read.location is not None
        earlier = [way for way in pool[read.location][read.value] if site not in way]
        ways = {one | other for one in ways for other in earlier}
    return frozenset(ways)


def _least(ways: Chains) -> Chains:
    """Without those that contain others."""
    return frozenset(way for way in ways if not any(other < way for other in ways))


def _runs(thread: Thread, pool: Pool) -> Iterator["LaneRun"]:
    """Runs the lane once for each sequence of values that its reads may return."""
    choices: list[int] = []
    for _ in range(MOST_PATHS):
        run = LaneRun(thread, pool, choices)
        run.finish()
        yield run
        choices = [number for number, _ in run.chosen]
        offered = [number for _, number in run.chosen]
        while choices and choices[-1] + 1 == offered[len(choices) - 1]:
            choices.pop()
        if not choices:
            return
        choices[-1] += 1
    raise TooManyPaths


class LaneRun:
    """One run: `choices` says what the first reads return, the others return the first value."""

    def __init__(self, thread: Thread, pool: Pool, choices: list[int]) -> None:
        self.thread = thread
        self.pool = pool
        self.choices = choices
        self.chosen: list[tuple[int, int]] = []
        self.acts: list[Act] = []
        self.control = NOTHING
        self.registers: dict[str, tuple[Datum, Reads]] = {
            name: (value.value if isinstance(value, Integer) else value, NOTHING)
            for name, value in thread.registers
        }
        self.dead = False

    def finish(self) -> None:
        """Runs until the end, or to where the lane cannot go on."""
        try:
            stop = self._choose(self.thread.stops + 1) if self.thread.stops else 0
            self.registers[STOP] = stop, NOTHING
            self._statements(self.thread.statements)
            self.dead = stop != 0
        except _Stopped:
            pass
        except DeadPath:
            self.dead = True

    @property
    def path(self) -> Path | None:
        """The path, or None where the lane could not go on."""
        values = {name: value for name, (value, _) in self.registers.items()}
        return None if self.dead else Path(tuple(self.acts), values)

    def _statements(self, statements: tuple[Statement, ...]) -> None:
        for statement in statements:
            match statement:
                case Assigns(register, value):
                    self.registers[register] = self._value(value)
                case Receives(registers, load):
                    self._receive(registers, load)
                case Performs(value):
                    self._value(value)
                case Conditional(condition, then, otherwise):
                    outer = self.control
                    decided, reads = self._value(condition)
                    self.control = outer | reads
                    self._statements(then if is_true(decided) else otherwise)
                    self.control = outer
                case Requires(condition):
                    required, _ = self._value(condition)
                    if not is_true(required):
                        raise DeadPath
                case MayStop(number, behind):
                    if self.registers[STOP][0] == number:
                        self._statements(behind)
                        raise _Stopped

    # ------------------------------------------------------------ values

    def _value(self, expression: Expression) -> tuple[Datum, Reads]:
        match expression:
            case Integer(number):
                return number, NOTHING
            case AddressOf():
                return expression, NOTHING
            case ThreadRegister(name):
                return self.registers.get(name, (0, NOTHING))
            case Arithmetic(operator, operands):
                found = [self._value(one) for one in operands]
                reads = NOTHING.union(*(reads for _, reads in found))
                return computed(operator, [value for value, _ in found]), reads
            case Performed():
                return self._performed(expression)
            case Within(pointer, field):
                place, reads = self._value(pointer)
                if not isinstance(place, AddressOf):
                    raise DeadPath
                return AddressOf(field_of(place.variable, field)), reads
            case AnyBelow(number):
                return self._choose(number), NOTHING

    def _receive(self, registers: tuple[str, ...], load: Performed) -> None:
        """The fields of an entry that is read, each of which depends on the one read."""
        assert load.location is not None
        place, address = self._value(load.location)
        assert isinstance(place, AddressOf)
        held, reads = self._read(Target(place.variable, address), load.tag)
        values = held if isinstance(held, tuple) else (held,)
        for register, value in zip(registers, values, strict=True):
            self.registers[register] = value, reads

    def _performed(self, call: Performed) -> tuple[Datum, Reads]:
        """Does what is written; its value, 0 where it yields none."""
        if call.location is None:
            self._act("F", call.tag, None, 0)
            return 0, NOTHING
        place, address = self._value(call.location)
        if not isinstance(place, AddressOf):
            raise DeadPath
        operands = [self._value(one) for one in call.operands]
        access = Target(place.variable, address)
        match call.elementary:
            case Elementary.LOAD:
                return self._number(access, call.tag)
            case Elementary.STORE:
                values = tuple(value for value, _ in operands)
                data = NOTHING.union(*(reads for _, reads in operands))
                self._write(access, call.tag, values if len(values) > 1 else values[0], data)
                return 0, NOTHING
            case Elementary.SYNCHRONIZE | Elementary.FREE:
                self._act("F", call.tag, access, 0)
                return 0, NOTHING
            case Elementary.LOCK | Elementary.TRY_LOCK | Elementary.UNLOCK | Elementary.IS_LOCKED:
                return self._lock(access, call.elementary)
            case _:
                return self._modified(access, call, operands)

    def _modified(
        self, place: "Target", call: Performed, operands: list[tuple[Datum, Reads]]
    ) -> tuple[Datum, Reads]:
        """A read-modify-write: its read first, and its write unless it fails."""
        first, data = operands[0]
        old, read = self._number(place, call.tag, modifies=True)
        pair = len(self.acts) - 1
        new, yields, reads = first, old, read
        match call.elementary:
            case Elementary.COMPARE:
                new, data = operands[1]
                if old != first:
                    return old, read
            case Elementary.ADD_UNLESS:
                limit, reads = operands[1]
                reads = read | reads
                if old == limit:
                    return 0, reads
                new, data, yields = computed("+", [old, first]), data | read, 1
            case Elementary.MODIFY | Elementary.MODIFY_RETURN | Elementary.MODIFY_FETCH:
                new, data = computed(call.operator, [old, first]), data | read
                reads = data
                if call.elementary is Elementary.MODIFY_RETURN:
                    yields = new
        self._write(place, call.tag, new, data, pair)
        return yields, reads

    def _lock(self, place: "Target", elementary: Elementary) -> tuple[Datum, Reads]:
        """Locks by the kinds of acts that tools/memory-model/lock.cat knows.

        That a lock is tried, or looked at, is no read on which the outcome depends.
        """
        if elementary is Elementary.UNLOCK:
            self._act("W", "UL", place, 0)
            return 0, NOTHING
        taken = 1
        if elementary is not Elementary.LOCK:
            taken = self._choose(2)
        if elementary is Elementary.IS_LOCKED:
            self._act("R", "RL" if taken else "RU", place, taken)
        elif taken:
            self._act("R", "LKR", place, 0)
            self._act("W", "LKW", place, 1, pair=len(self.acts) - 1)
        else:
            self._act("R", "LF", place, 1)
        return taken, NOTHING

    # ------------------------------------------------------------ acts

    def _number(self, place: "Target", tag: str, modifies: bool = False) -> tuple[Datum, Reads]:
        """What a read of a variable that is no entry returns."""
        held, reads = self._read(place, tag, modifies)
        assert not isinstance(held, tuple)
        return held, reads

    def _read(self, place: "Target", tag: str, modifies: bool = False) -> tuple[Held, Reads]:
        offered = tuple(self.pool[place.variable])
        value = offered[self._choose(len(offered))]
        self._act("R", tag, place, value, modifies)
        return value, frozenset({len(self.acts) - 1})

    def _write(
        self, place: "Target", tag: str, value: Held, data: Reads, pair: int | None = None
    ) -> None:
        self._act("W", tag, place, value, pair is not None, pair, data)

    def _act(
        self,
        kind: str,
        tag: str,
        place: "Target | None",
        value: Held,
        modifies: bool = False,
        pair: int | None = None,
        data: Reads = NOTHING,
    ) -> None:
        location, address = (place.variable, place.reads) if place else (None, NOTHING)
        act = Act(kind, tag, location, value, modifies, pair, address, data, self.control)
        self.acts.append(act)

    def _choose(self, offered: int) -> int:
        number = self.choices[len(self.chosen)] if len(self.chosen) < len(self.choices) else 0
        self.chosen.append((number, offered))
        return number


@record
class Target:
    """A variable, and the reads on which it depends that it is this one."""

    variable: str
    reads: Reads
