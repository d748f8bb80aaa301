"""Two versions of a protocol: which steps they share, and where a run of one stops in the other.

Takes two checked protocols; gives the differences of their steps, block by block, and follows a
run of the old one in the new one with the interpreter: steps that the new one adds are made
where they stand, steps that it has no longer are left out, everything else has to be possible
in the order of the run. Decides nothing.
"""

from collections.abc import Iterator
from difflib import SequenceMatcher

from smtmodel.executions.frame import RUNNING, Happened, State
from smtmodel.executions.machine import Machine, Successor, build
from smtmodel.executions.replay import Impossible, Replayed, replay
from smtmodel.executions.trace import Moment, Move, Schedule, Trace
from smtmodel.language.ast import When
from smtmodel.language.checked import (
    Block,
    Bounds,
    Checked,
    Constant,
    If,
    Never,
    OneOf,
    Where,
    lanes,
)
from smtmodel.language.walk import steps_in
from smtmodel.source.record import parts, record, replace


@record
class Changed:
    """A step of one version or of both: `old` is None where it was added, `new` where it was
    removed; both are given where its text changed."""

    block: str
    old: Where | None
    new: Where | None


@record
class Steps:
    """How the steps of two versions correspond: `same` has the numbers of those of the old
    version and of the new one, changed ones included."""

    same: tuple[tuple[int, int], ...]
    changed: tuple[Changed, ...]


@record
class Followed:
    """A run of the old version as far as the new one makes it.

    `run` is the part that it makes, `stopped` why it goes no further, nothing if it goes to
    the end. `violated`: the property is violated all the same; else `facts` are what it reads
    at the end. `added` are the steps made that the old run had not.
    """

    run: Replayed | None
    bounds: Bounds
    stopped: str
    violated: bool = False
    facts: tuple[tuple[str, str], ...] = ()
    added: tuple[Where, ...] = ()


def corresponding(old: Checked, new: Checked) -> Steps:
    """Which steps are the same in both; blocks of one name correspond, or the only ones left."""
    same: list[tuple[int, int]] = []
    changed: list[Changed] = []
    for before, after in _blocks(old, new):
        own, more = _pairs(before, after)
        same += own
        changed += more
    return Steps(tuple(same), tuple(changed))


def _blocks(old: Checked, new: Checked) -> list[tuple[Block | None, Block | None]]:
    names = {block.name for block in new.blocks}
    left = [block for block in old.blocks if block.name not in names]
    kept = {block.name: block for block in old.blocks if block.name in names}
    found: list[tuple[Block | None, Block | None]] = []
    for block in new.blocks:
        partner = kept.get(block.name)
        alike = [one for one in left if one.kind is block.kind]
        if partner is None and len(alike) == 1:
            partner = alike[0]
            left.remove(partner)
        found.append((partner, block))
    return found + [(block, None) for block in left]


def _steps(block: Block | None) -> list[Where]:
    """The steps of a block in the order of the text, each once."""
    found = {part.number: part for part in parts(block) if isinstance(part, Where)}
    return [found[number] for number in sorted(found)]


def _pairs(
    before: Block | None, after: Block | None
) -> tuple[list[tuple[int, int]], list[Changed]]:
    old, new = _steps(before), _steps(after)
    name = after.name if after is not None else before.name if before is not None else ""
    same: list[tuple[int, int]] = []
    changed: list[Changed] = []
    matcher = SequenceMatcher(None, [w.text for w in old], [w.text for w in new], autojunk=False)
    for tag, a, b, c, d in matcher.get_opcodes():
        if tag == "equal":
            same += [(x.number, y.number) for x, y in zip(old[a:b], new[c:d], strict=True)]
        else:
            partners = _alike(old[a:b], new[c:d])
            same += [(x.number, y.number) for x, y in partners]
            kept = {y.number for _, y in partners}
            changed += [Changed(name, x, dict(partners).get(x)) for x in old[a:b]]
            changed += [Changed(name, None, y) for y in new[c:d] if y.number not in kept]
    return same, changed


def _alike(old: list[Where], new: list[Where]) -> list[tuple[Where, Where]]:
    """The steps that took each other's place: all of as many, else those that assign the same."""
    if len(old) == len(new):
        return list(zip(old, new, strict=True))
    found: list[tuple[Where, Where]] = []
    left = list(new)
    for step in old:
        for place, other in enumerate(left):
            target = step.text.partition(" = ")[0]
            if target != step.text and target == other.text.partition(" = ")[0]:
                found.append((step, other))
                left = left[place + 1 :]
                break
    return found


# ---------------------------------------------------------------- following a run


def follow(
    trace: Trace, bounds: Bounds, new: Checked, name: str, steps: Steps, *, store_buffers: bool
) -> Followed:
    """The run of the old version in the new one, and whether it violates the property there."""
    kinds = {kind.bound for kind in new.kinds}
    counts = dict(bounds.lanes)
    at = replace(
        new.bounds,
        updates=bounds.updates,
        lanes=tuple((b, counts.get(b, 0)) for b, _ in new.bounds.lanes if b in kinds),
        rounds=bounds.rounds,
    )
    known = {lane.name for lane in lanes(new, at)}
    missing = [lane for lane, _ in trace.lanes if lane not in known]
    if missing:
        return Followed(None, at, f"there is no lane {missing[0]}")
    if store_buffers and any(move.flush for move in trace.schedule.moves):
        return Followed(None, at, "runs with store buffers are not followed")
    if any(move.callback is not None for move in trace.schedule.moves):
        return Followed(None, at, "runs in which a deferred free is carried out are not followed")
    follower = _Follower(new, at, trace, dict(steps.same), store_buffers=store_buffers)
    stopped = follower.run()
    return _judged(follower, new, at, name, stopped, store_buffers=store_buffers)


def _judged(
    follower: "_Follower",
    new: Checked,
    bounds: Bounds,
    name: str,
    stopped: str,
    *,
    store_buffers: bool,
) -> Followed:
    made = Schedule(tuple(follower.moves), tuple((k, tuple(v)) for k, v in follower.made.items()))
    probed = replace(new, properties=(*new.properties, *_probe(new, name)))
    run = replay(probed, bounds, store_buffers=store_buffers, schedule=made)
    assert not isinstance(run, Impossible), run
    facts = () if stopped else run.facts(_PROBE)
    violated = not stopped and name in run.violated
    return Followed(run, bounds, stopped, violated, facts, tuple(follower.added))


_PROBE = "what the property reads"


def _probe(new: Checked, name: str) -> Iterator[Never]:
    """A property that is violated wherever the named one can be judged, and so tells what it
    reads there."""
    for item in new.properties:
        if isinstance(item, Never) and item.name == name:
            reads = item.bad if item.condition is None else OneOf(item.bad, item.condition)
            always = OneOf(reads, Constant(1))
            yield replace(item, name=_PROBE, bad=always, condition=None, when=When.ALWAYS)


class _Follower:
    """A run of the new version under construction."""

    def __init__(
        self,
        new: Checked,
        bounds: Bounds,
        trace: Trace,
        same: dict[int, int],
        *,
        store_buffers: bool,
    ) -> None:
        self.machine: Machine = build(new, bounds, store_buffers=store_buffers, forget=False)
        self.state: State = self.machine.initial()
        self.trace = trace
        self.same = same
        self.known = frozenset(same.values())
        self.choices = {lane: list(names) for lane, names in trace.schedule.choices}
        self.columns = [lane.name for lane in self.machine.layout.lanes]
        self.at: dict[str, int] = {}
        self.moves: list[Move] = []
        self.made: dict[str, list[str]] = {}
        self.added: list[Where] = []

    def run(self) -> str:
        """Follow the trace; gives why it stops, or nothing."""
        for moment in self.trace.moments:
            stopped = self._moment(moment)
            if stopped:
                return stopped
        return ""

    def _stands(self, lane: str) -> Where | None:
        """The step that a lane's next event belongs to; None for the begin or return of an
        update, or where it has ended."""
        index = self.columns.index(lane)
        own = self.state.lanes[index]
        if own.status != RUNNING:
            return None
        if own.pc == 0:  # what comes before its first event is still to be done
            successor = self._successor(lane)
            notes = () if successor is None else successor.effect.notes
            return next((one.where for one in notes if isinstance(one, Happened)), None)
        return self.machine.where(self.state, index)

    def _moment(self, moment: Moment) -> str:
        lane = moment.lane
        if moment.where is None:
            return self._rest(lane, None) or self._reach(lane, None)
        target = self.same.get(moment.where.number)
        if target is None:
            return ""
        if not moment.begins:
            stands = self._stands(lane)
            return self._move(lane) if stands is not None and stands.number == target else ""
        return self._rest(lane, target) or self._reach(lane, target)

    def _rest(self, lane: str, target: int | None) -> str:
        """Make what is left of the step before, and the steps that only the new version has."""
        while (stands := self._stands(lane)) is not None and stands.number != target:
            if stands.number in self.known and stands.number != self.at.get(lane):
                return ""
            if stands.number not in self.known and stands not in self.added:
                self.added.append(stands)
            stopped = self._move(lane)
            if stopped:
                return stopped
        return ""

    def _reach(self, lane: str, target: int | None) -> str:
        """Make the first event of a step, or the begin or return of an update for None."""
        stands = self._stands(lane)
        if stands is None if target is None else stands is not None and stands.number == target:
            if target is not None:
                self.at[lane] = target
            return self._move(lane)
        text = "begin or return" if target is None else f"`{self.machine.steps[target].text}`"
        where = f"it is at `{stands.text}`" if stands is not None else "it has run to its end"
        return f"{lane} does not come to {text}: {where}{self._because(lane, target)}"

    def _because(self, lane: str, target: int | None) -> str:
        """The condition around a step that is not come to, if it is new."""
        for block in self.machine.protocol.blocks:
            for step in steps_in(block.steps):
                own = step.where.number
                inside = {part.number for part in parts(step) if isinstance(part, Where)}
                if isinstance(step, If) and own not in self.known and target in inside - {own}:
                    return f", because of `{step.where.text}`"
        return ""

    def _move(self, lane: str) -> str:
        successor = self._successor(lane)
        if successor is None:
            stands = self._stands(lane)
            return f"{lane} must wait at `{stands.text}`" if stands else f"{lane} cannot go on"
        taken = list(successor.effect.choices)
        del self.choices.get(lane, [])[: len(taken)]
        self.made.setdefault(lane, []).extend(taken)
        self.state = successor.state
        self.moves.append(Move(lane))
        return ""

    def _successor(self, lane: str) -> Successor | None:
        """What the lane's next event leads to, with the choices of the old run."""
        choices = self.choices.get(lane, [])
        return self.machine.step(self.state, Move(lane), choices, noted=True)
