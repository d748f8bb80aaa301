"""The steps of a lane: from each event to where the lane stands before its next one.

Takes the program of a lane; gives its process. The cases of local actions stand in the order of the
unions in `executions/local_actions.py`.
"""

from functools import partial
from typing import assert_never

from smtmodel.executions import local_actions
from smtmodel.executions.actions import EVENT, kind_of
from smtmodel.executions.event_actions import EventAction, Modify, ReturnUpdate, Write
from smtmodel.executions.local_actions import ChoiceAction, LocalAction
from smtmodel.executions.program import Op
from smtmodel.executions.terms import Immediate
from smtmodel.language.checked import LOCK_MISUSE, NULL_DEREFERENCE, OUT_OF_BOUNDS
from smtmodel.promela.conditions import both, bracketed, either, negation
from smtmodel.promela.doing import Doing
from smtmodel.promela.effects import OVER
from smtmodel.promela.statements import Arm, Fork, Go, Here, Statement, Step, targets
from smtmodel.promela.traits import Trait
from smtmodel.source.record import field, record
from smtmodel.systems.system import NotCoveredError

OPENING = -1
"""The region that a lane begins in where what comes before its first event happens with it."""

CHANGING = (
    Write,
    Modify,
    ReturnUpdate,
    local_actions.WriteGhost,
    local_actions.MakeObject,
    local_actions.ChooseObject,
)
"""The actions that may make an instant at which a property is violated."""


@record(frozen=False)
class Walk:
    """The places of one step: `joins` are those where ways come together, `seen` those of them
    that are written down; `judged` is what is said of the instant at its end."""

    label: str
    joins: set[int]
    judged: tuple[str, ...]
    seen: set[int] = field(default_factory=set)


@record
class Process:
    """A lane being written. `instant` and `end` are the statements that judge an instant, and a
    lane's end."""

    doing: Doing
    instant: tuple[str, ...]
    end: tuple[str, ...]

    # ------------------------------------------------------------ steps

    def steps(self) -> tuple[str, list[Step]]:
        """The label where the lane begins, and its steps in the order of its program."""
        start, opening = self._opening()
        steps = {0: opening} if opening else {}
        waiting = list(targets(opening.body)) if opening else [start]
        while waiting:
            place = _place(waiting.pop())
            if place is not None and place not in steps:
                steps[place] = self._step(place)
                waiting += targets(steps[place].body)
        return start, [steps[place] for place in sorted(steps)]

    def _opening(self) -> tuple[str, Step | None]:
        """What comes before the first event of a lane: a step of its own where nobody can tell
        that it comes early, else part of the first step, which then must not wait."""
        body = self._flow(0, 0, self._walk(0, 0))
        match body:
            case (Go(label=label),):
                return label, None
        places = self._reachable(0, 0)
        firsts = [place for place in places if self._is_event(place)]
        if not all(self.doing.is_quiet(place) for place in places if place not in firsts):
            for place in filter(self._guard, firsts):
                reason = "waits, but what comes before it must happen with it"
                raise NotCoveredError(self._op(place).where, reason)
            body = self._flow(0, OPENING, self._walk(0, OPENING))
        return "P0", Step("P0", "before the first event", "", body)

    def _step(self, place: int) -> Step:
        op, walk = self._op(place), self._walk(place, self._op(place).region)
        event = self.doing.happens(place, walk.judged)
        rest = self._on(place, place + 1, op.region, walk)
        return Step(f"P{place}", _remark(op), self._guard(place), (*event.body, *rest))

    def _guard(self, place: int) -> str:
        """What an event waits for, and that nothing interrupts the lane."""
        lanes = self.doing.memory.layout.lanes
        mine = lanes[self.doing.program.index].name
        stops = any(lane.interrupts == mine for lane in lanes)
        return both("interrupted[me] == 0" if stops else "", self.doing.happens(place).guard)

    # ------------------------------------------------------------ the places of a step

    def _op(self, place: int) -> Op:
        return self.doing.op(place)

    def _is_event(self, place: int) -> bool:
        return kind_of(self._op(place).action) == EVENT

    def _reachable(self, start: int, region: int) -> dict[int, int]:
        """The places of a step and of the events that end it, with the number of ways that come
        there, from a place on that is inside of an atomic block."""
        counts: dict[int, int] = {}
        waiting = [(start, region)]
        while waiting:
            place, region = waiting.pop()
            counts[place] = counts.get(place, 0) + 1
            if counts[place] == 1:
                waiting += self._after(place, region)
        return counts

    def _after(self, place: int, region: int) -> list[tuple[int, int]]:
        op = self._op(place)
        match op.action:
            case _ if self._is_event(place):
                return [(place + 1, op.region)] if _goes_on(op, region) else []
            case local_actions.EndRound():
                return [(0, 0)] if self.doing.program.lane.rounds > 1 else []
            case local_actions.EndAtomic():
                region = 0
        return [(after, region) for after in self.doing.program.following(place)]

    def _walk(self, start: int, region: int) -> Walk:
        ways = self._reachable(start + 1 if self._is_event(start) else start, region)
        joins = {place for place, count in ways.items() if count > 1 and not self._is_event(place)}
        own = [
            place
            for place in ways
            if not self._is_event(place) or _goes_on(self._op(place), region)
        ]
        actions = [self._op(place).action for place in (*own, start)]
        changes = any(isinstance(one, CHANGING) for one in actions)
        return Walk(f"P{start}", joins, self.instant if changes else ())

    # ------------------------------------------------------------ one place after another

    def _flow(self, place: int, region: int, walk: Walk) -> tuple[Statement, ...]:
        """All that happens from a place on, to where the lane stands or ends."""
        label = f"{walk.label}_{place}"
        if place in walk.seen:
            return (Go(label),)
        if place not in walk.joins:
            return self._one(place, region, walk)
        walk.seen.add(place)
        match self._one(place, region, walk):
            case (Go(),) as gone:  # nothing happens there, so no label is needed
                walk.seen.remove(place)
                return gone
            case body:
                return (Here(label), *body)

    def _one(self, place: int, region: int, walk: Walk) -> tuple[Statement, ...]:
        match self._op(place).action:
            case action if isinstance(action, EventAction):
                return self._event(place, region, walk)
            case action if isinstance(action, LocalAction):
                return self._local(place, action, region, walk)
            case action:
                return self._choice(place, action, region, walk)

    def _event(self, place: int, region: int, walk: Walk) -> tuple[Statement, ...]:
        """The lane stands before an event, or has it where it belongs to the same step."""
        op = self._op(place)
        if not _goes_on(op, region):
            return (*walk.judged, Go(f"P{place}"))
        event = self.doing.happens(place, walk.judged)
        if event.guard:
            raise NotCoveredError(op.where, "waits inside of an atomic block")
        return (*event.body, *self._on(place, place + 1, op.region, walk))

    def _on(self, place: int, target: int, region: int, walk: Walk) -> tuple[Statement, ...]:
        """What follows a place; what it needed and nothing needs any more is 0."""
        return (*self.doing.forget(place, target), *self._flow(target, region, walk))

    def _stops(self, place: int, walk: Walk, violated: str = "") -> tuple[Statement, ...]:
        """The lane stands for good, perhaps because a property is violated."""
        judged = self.doing.asked.violated(violated)
        return (*judged, *self.doing.forget(place, None), *walk.judged, Go(OVER))

    def _local(
        self, place: int, action: LocalAction, region: int, walk: Walk
    ) -> tuple[Statement, ...]:
        doing, labels = self.doing, self.doing.program.labels
        value = doing.operands(place).value
        match action:
            case local_actions.Arrive():
                done: tuple[Statement, ...] = doing.asked.reached(self._op(place).where)
            case local_actions.Compute():
                done = doing.compute(place, action, partial(self._stops, place, walk))
            case local_actions.Dereference():
                done = self._dereference(place, action, region, walk)
            case local_actions.CheckIndex():
                done = self._check_index(place, action, walk)
            case local_actions.ReadGhost(into=into, address=address):
                (name,) = doing.event(place).at(address).names
                done = doing.put(place, into, name)
            case local_actions.WriteGhost(address=address, value=term):
                done = tuple(doing.event(place).write(address, term))
            case local_actions.MakeObject(into=into, struct=struct):
                done = doing.make(place, into, struct)
            case local_actions.Jump(target=target):
                return self._on(place, labels[target], region, walk)
            case local_actions.JumpIf(condition=condition, holding=holding, target=target):
                jumps = self._on(place, labels[target], region, walk)
                stays = self._on(place, place + 1, region, walk)
                then, otherwise = (jumps, stays) if holding else (stays, jumps)
                return (Fork((Arm(value(condition), then), Arm("else", otherwise))),)
            case local_actions.Require(condition=condition):
                done = _unless(negation(value(condition)), self._stops(place, walk))
            case local_actions.CutOff(rounds=rounds, bound=bound):
                done = _unless(f"{value(rounds)} == {bound}", self._stops(place, walk))
            case local_actions.CheckAssert(name=name, condition=condition):
                done = doing.asked.violated(name, value(condition))
            case local_actions.EndAtomic():
                return self._on(place, place + 1, 0, walk)
            case local_actions.EnterInner(domain=domain, skip=skip):
                inside = f"({doing.memory.open[domain]} & (1 << me)) != 0"
                inner = self._on(place, labels[skip], region, walk)
                done = _unless(inside, (f"{doing.depth()}++", *inner))
            case local_actions.LeaveInner(skip=skip):
                inner = self._on(place, labels[skip], region, walk)
                done = _unless(f"{doing.depth()} > 0", (f"{doing.depth()}--", *inner))
            case local_actions.CheckSleep():
                done = doing.asked.violated(LOCK_MISUSE, doing.may_sleep(action) or "true")
            case local_actions.Misuse():
                done = doing.asked.violated(LOCK_MISUSE)
            case local_actions.EndRound():
                return self._end_round(place, action, walk)
            case local_actions.StartRound():
                return self._start_round(place, action, walk)
            case _:
                assert_never(action)
        return (*done, *self._on(place, place + 1, region, walk))

    def _choice(
        self, place: int, action: ChoiceAction, region: int, walk: Walk
    ) -> tuple[Statement, ...]:
        doing, labels = self.doing, self.doing.program.labels
        match action:
            case local_actions.StartRound():
                return self._start_round(place, action, walk)
            case local_actions.ChooseBranch(targets=chosen):
                return (_any([self._on(place, labels[one], region, walk) for one in chosen]),)
            case local_actions.ChooseValue(into=into, low=low, high=high):
                fork = _any([doing.put(place, into, str(n)) for n in range(low, high + 1)])
            case local_actions.ChooseObject(into=into, struct=struct):
                fork = doing.choose(place, into, struct)
            case _:
                assert_never(action)
        return (fork, *self._on(place, place + 1, region, walk))

    # ------------------------------------------------------------ the longer cases

    def _dereference(
        self, place: int, action: local_actions.Dereference, region: int, walk: Walk
    ) -> tuple[Statement, ...]:
        operands, doing = self.doing.operands(place), self.doing
        text = operands.value(action.pointer)
        held = doing.put(place, action.into, text)
        if not operands.may_be(Trait.NULL, action.pointer):
            return held
        if action.null is None:
            wrong = self._stops(place, walk, NULL_DEREFERENCE)
        else:
            wrong = self._on(place, doing.program.labels[action.null], region, walk)
        return (*_unless(f"{bracketed(text)} <= 0", wrong), *held)

    def _check_index(
        self, place: int, action: local_actions.CheckIndex, walk: Walk
    ) -> tuple[Statement, ...]:
        text = self.doing.operands(place).value(action.index)
        held = self.doing.put(place, action.into, text)
        match action.index:
            case Immediate(value=int(value)) if 0 <= value < action.length:
                return held
        at = bracketed(text)
        outside = either(f"{at} < 0", f"{at} >= {action.length}")
        return (*_unless(outside, self._stops(place, walk, OUT_OF_BOUNDS)), *held)

    def _start_round(
        self, place: int, action: local_actions.StartRound, walk: Walk
    ) -> tuple[Statement, ...]:
        """A block begins; a local that is not assigned in it is nothing to a property."""
        ways: list[tuple[Statement, ...]] = []
        for _, label in action.blocks:
            entry = self.doing.program.labels[label]
            unset = [f"{name} = NOTHING" for name in self.doing.registers.unset(entry)]
            ways.append((*unset, *self._on(place, entry, 0, walk)))
        return ways[0] if len(ways) == 1 else (_any(ways),)

    def _end_round(
        self, place: int, action: local_actions.EndRound, walk: Walk
    ) -> tuple[Statement, ...]:
        """The next round, or the end; what properties say of locals is kept."""
        kept, rounds = self.doing.kept(place, action), self.doing.program.lane.rounds
        cleared = (*self.doing.forget(place, None), *self.end, *walk.judged)
        over: tuple[Statement, ...] = (*cleared, Go(OVER))
        if rounds == 1:
            return (*kept, *over)
        number = self.doing.round()
        again = (f"{number}++", *self._on(place, 0, 0, walk))
        return (*kept, Fork((Arm(f"{number} == {rounds - 1}", over), Arm("else", again))))


def _place(label: str) -> int | None:
    """The place that a label stands for; None of one inside of a step, and of the end."""
    return int(label[1:]) if label[1:].isdigit() else None


def _goes_on(op: Op, region: int) -> bool:
    """Whether an event belongs to the step in which a lane comes to it."""
    return region == OPENING or (region != 0 and op.region == region)


def _unless(condition: str, otherwise: tuple[Statement, ...]) -> tuple[Statement, ...]:
    """Something else is done where a condition holds, and nothing of what follows."""
    return (Fork((Arm(condition, otherwise), Arm("else"))),)


def _any(ways: list[tuple[Statement, ...]]) -> Fork:
    """Any of the ways; each begins with a statement at which it can be chosen."""
    arms = (way if way and isinstance(way[0], str) else ("skip", *way) for way in ways)
    return Fork(tuple(Arm("", arm) for arm in arms), free=True)


def _remark(op: Op) -> str:
    """The line and the text of a step; of what is no step its name."""
    if op.where is None:
        name = type(op.action).__name__
        return "".join(f" {sign.lower()}" if sign.isupper() else sign for sign in name).strip()
    text = op.where.text.encode("ascii", "replace").decode().replace("*/", "* /")
    return f"{op.where.span.line}: {text}"
