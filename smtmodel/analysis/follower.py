"""A run of one version of a protocol made in another, move by move.

Takes the script of the run and how steps and lanes correspond; makes the run in the other version
with the interpreter until it goes no further, and says in words why. What follows from where it
comes to is `smtmodel.analysis.following`'s.
"""

from smtmodel.analysis.comparison import Steps
from smtmodel.analysis.script import ROUND, RunScript, Tag, tag_of, tagged
from smtmodel.executions.frame import AT_ASSUME, AT_CUT, ENDED, NOBODY, RUNNING, LaneState, State
from smtmodel.executions.interrupting import interrupter
from smtmodel.executions.machine import Machine, Successor, build
from smtmodel.executions.notes import Began, Failed, Happened, Ran
from smtmodel.executions.trace import Moment, Move
from smtmodel.language.checked import Bounds, Branch, Checked, If, Step, Where
from smtmodel.language.walk import steps_in
from smtmodel.source.record import parts

_NONE = -2
"""In the place of the old version's step: there is none."""


Branches = dict[int, dict[str, str]]
"""For each `either` of the old version what its branches, counted from 1, are called in the new
one: those of the same steps. The others are not there."""


def branches_of(old: Checked, new: Checked, steps: Steps) -> Branches:
    """How the branches of two versions correspond."""
    same = dict(steps.same)
    there = {part.where.number: part for part in parts(new.blocks) if isinstance(part, Branch)}
    found: Branches = {}
    for part in parts(old.blocks):
        if isinstance(part, Branch) and same.get(part.where.number) in there:
            own = [{same.get(one, _NONE) for one in _numbers(b)} for b in part.branches]
            new_ones = [_numbers(b) for b in there[same[part.where.number]].branches]
            found[part.where.number] = {
                str(place): str(other)
                for place, numbers in enumerate(own, 1)
                for other, others in enumerate(new_ones, 1)
                if numbers & others or (not numbers and not others)
            }
    return found


def _numbers(branch: tuple[Step, ...]) -> set[int]:
    """The numbers of the steps in a branch."""
    return {part.number for part in parts(branch) if isinstance(part, Where)}


class Follower:
    """A run of the new version under construction."""

    def __init__(
        self,
        new: Checked,
        bounds: Bounds,
        script: RunScript,
        steps: Steps,
        names: dict[str, str],
        branches: Branches,
        *,
        store_buffers: bool,
    ) -> None:
        machine = build(new, bounds, store_buffers=store_buffers, forget=False)
        self.machine: Machine = tagged(machine)
        self.state: State = self.machine.initial()
        self.script = script
        self.names = names
        self.same = dict(steps.same)
        self.old = {after: before for before, after in steps.same}
        blocks = dict(steps.blocks)
        self.left = {
            (names[lane], step): (
                [branches[step].get(text, "") for text in texts]
                if step in branches
                else [_renamed(text, step, blocks, names) for text in texts]
            )
            for (lane, step), texts in script.choices.items()
        }
        self.columns = [lane.name for lane in self.machine.layout.lanes]
        self.at: dict[str, int] = {}
        self.met: dict[str, list[int]] = {}
        self.failed: dict[str, Failed] = {}
        self.ahead: dict[str, list[int]] = {}
        self.deferred: dict[str, list[int]] = {}
        self.moves: list[Move] = []
        self.made: dict[str, list[str]] = {}
        self.added: list[Where] = []
        self.chosen: list[tuple[Where, str]] = []

    def run(self, *, ends: bool) -> str:
        """Follow the script, with `ends` to the ends of the lanes if the old run came to them;
        gives why it stops, or nothing."""
        for move, moments in self.script.moves:
            stopped = self._made(move, moments)
            if stopped:
                return stopped
        return self._to_the_ends() if ends and self.script.complete else ""

    def _made(self, move: Move, moments: tuple[Moment, ...]) -> str:
        lane = self.names[move.lane]
        if move.flush:
            return self._flushed(lane, moments[0])
        if move.callback is not None:
            return self._freed(move, lane)
        for moment in moments:
            stopped = self._moment(lane, moment)
            if stopped:
                return stopped
        return ""

    def _to_the_ends(self) -> str:
        """Make what only the new version has after the run's last steps, as far as it can go."""
        before = -1
        while before < len(self.moves):
            before = len(self.moves)
            for lane in self.columns:
                self._rest(lane, None)
                if self._lane(lane).status == RUNNING and self._stands(lane) is None:
                    self._move(lane)  # the begin or end of a round, or one without any event
                while self._lane(lane).buffer:
                    self._take(Move(lane, flush=True))
        left = [lane for lane in self.columns if self._lane(lane).status != ENDED]
        if not left:
            return ""
        return f"{left[0]} has not ended where the old run ends: {self._stand(left[0])}"

    # ------------------------------------------------------------ where a lane is

    def _lane(self, lane: str) -> LaneState:
        return self.state.lanes[self.columns.index(lane)]

    def _stands(self, lane: str) -> Where | None:
        """The step that a lane's next event belongs to; None for the begin or return of an
        update, or where it goes no further."""
        index = self.columns.index(lane)
        own = self.state.lanes[index]
        if own.status != RUNNING:
            return None
        if own.pc == 0:  # what comes before its first event is still to be done
            ways = self.machine.successors(self.state, index, noted=True)
            successor = self._successor(lane) or next(iter(ways), None)
            if successor is not None:
                notes = successor.effect.notes
                return next((one.where for one in notes if isinstance(one, Happened)), None)
            begun = [one for one in self.machine.opening(index, ()) if isinstance(one, Began)]
            return begun[-1].where if begun else None  # it waits there
        return self.machine.where(self.state, index)

    def _stand(self, lane: str) -> str:
        """Where a lane is, in words."""
        index = self.columns.index(lane)
        status = self.state.lanes[index].status
        where = self.machine.where(self.state, index)
        text = f"`{where.text}`" if where is not None else "a step"
        if status == RUNNING:
            stands = self._stands(lane)
            return f"it is at `{stands.text}`" if stands else "it is at its begin or return"
        if status == ENDED:
            return "it has run to its end"
        if status == AT_ASSUME:
            return f"it stands at {text}, which is false"
        if status == AT_CUT:
            return f"it stands at {text}, whose bound is used up"
        failed = self.failed.get(lane)
        if failed is None:
            return "it has stopped at an error"
        at = f" at `{failed.where.text}`" if failed.where is not None else ""
        return f"it has stopped{at}: {failed.name}"

    # ------------------------------------------------------------ one event of the old run

    def _moment(self, lane: str, moment: Moment) -> str:
        if moment.where is None:
            return self._rest(lane, None) or self._reach(lane, None)
        target = self.same.get(moment.where.number)
        if target is None or self._is_done(lane, target, begins=moment.begins):
            return ""
        if not moment.begins:
            stands = self._stands(lane)
            return self._move(lane) if stands is not None and stands.number == target else ""
        return self._rest(lane, target) or self._reach(lane, target)

    def _is_done(self, lane: str, target: int, *, begins: bool) -> bool:
        """Whether the lane's last move had an event of a step that was not its first: such
        moves are those of an atomic block."""
        ahead = self.ahead.get(lane, [])
        if target not in (ahead if begins else ahead[:1]):
            return False
        del ahead[: ahead.index(target) + 1]
        self.at[lane] = target
        return True

    def _rest(self, lane: str, target: int | None) -> str:
        """Make what is left of the step before, and the steps that only the new version has."""
        while (stands := self._stands(lane)) is not None and stands.number != target:
            if stands.number in self.old and stands.number != self.at.get(lane):
                return ""
            if stands.number not in self.old and not self._is_added(stands):
                self.added.append(stands)
            stopped = self._move(lane)
            if stopped:
                return stopped
        return ""

    def _is_added(self, step: Where) -> bool:
        """Whether the step, or another of the call that it is a part of, was added before."""
        return any(one.span == step.span for one in self.added)

    def _reach(self, lane: str, target: int | None) -> str:
        """Make the first event of a step, or the begin or return of an update for None."""
        stands = self._stands(lane)
        running = self._lane(lane).status == RUNNING
        if running and (stands is None if target is None else _is(stands, target)):
            if target is not None:
                self.at[lane] = target
            return self._move(lane)
        text = "its next step" if target is None else f"`{self.machine.steps[target].text}`"
        return f"{lane} does not come to {text}: {self._stand(lane)}{self._because(lane, target)}"

    def _because(self, lane: str, target: int | None) -> str:
        """The condition around a step that is not come to, if the lane went past it the other
        way in this round."""
        own = self._lane(lane)
        met = self.met.get(lane, [])
        if target is None or own.status not in (RUNNING, ENDED):
            return ""
        stands = self._stands(lane)
        found: list[tuple[int, str]] = []
        for block in self.machine.protocol.blocks:
            for step in steps_in(block.steps):
                if not isinstance(step, If) or step.where.number not in met:
                    continue
                last = len(met) - 1 - met[::-1].index(step.where.number)
                for branch in (step.then, step.otherwise):
                    inside = {part.number for part in parts(branch) if isinstance(part, Where)}
                    other = not inside & set(met[last + 1 :]) and not _in(stands, inside)
                    if target in inside and other and not _is(stands, step.where.number):
                        found.append((last, f", because of `{step.where.text}`"))
        return max(found)[1] if found else ""

    # ------------------------------------------------------------ what is not a lane's own step

    def _flushed(self, lane: str, moment: Moment) -> str:
        """A store takes effect, and before it those that only the new version has."""
        index = self.columns.index(lane)
        target = None if moment.where is None else self.same.get(moment.where.number)
        if moment.where is not None and target is None:
            return ""
        entries = [entry[-1] for entry in self.state.lanes[index].buffer]
        wanted = [n for n in entries if (n == target if target is not None else n not in self.old)]
        if not wanted:
            return ""
        while True:
            number = self.state.lanes[index].buffer[0][-1]
            if number == wanted[0]:
                return self._take(Move(lane, flush=True))
            if number in self.old:
                first = self.machine.steps[number].text
                return f"`{first}` of {lane} has to take effect before what took effect there"
            self._take(Move(lane, flush=True))

    def _freed(self, move: Move, lane: str) -> str:
        """A deferred free is carried out, if its step is still there."""
        assert move.callback is not None
        old = self.script.deferred[move.lane]
        step = old[move.callback]
        target = self.same.get(step)
        mine = [n for n, one in enumerate(self.deferred.get(lane, [])) if one == target]
        nth = old[: move.callback].count(step)
        if target is None or nth >= len(mine):
            return ""
        if self._take(Move(lane, callback=mine[nth])):
            return f"the grace period of `{self.machine.steps[target].text}` of {lane} goes on"
        return ""

    # ------------------------------------------------------------ moves

    def _take(self, move: Move) -> str:
        successor = self.machine.step(self.state, move, ())
        if successor is None:
            return f"{move.lane} cannot do it"
        self.state = successor.state
        self.moves.append(move)
        return ""

    def _move(self, lane: str) -> str:
        successor = self._successor(lane)
        if successor is None:
            return self._stuck(lane)
        reached = self.state.shared.rare.reached
        for choice in successor.effect.choices:
            tag = tag_of(choice)
            left = self.left.get((lane, self._step(tag)), [])
            del left[:1]
            self.made.setdefault(lane, []).append(tag.text)
            where = self.machine.steps.get(tag.step)
            if where is not None and tag.step not in self.old:
                self.chosen.append((where, tag.text))
        happened: list[int] = []
        for note in successor.effect.notes:
            if isinstance(note, Ran):
                self.met[lane] = []
            elif isinstance(note, Began):
                self.met.setdefault(lane, []).append(note.where.number)
            elif isinstance(note, Failed):
                self.failed[lane] = note
            elif isinstance(note, Happened) and note.where is not None:
                happened.append(note.where.number)
        self.state = successor.state
        self.moves.append(Move(lane))
        self.ahead[lane] = happened[1:]
        if successor.state.shared.rare.reached != reached:
            self.deferred.setdefault(lane, []).append(happened[-1])
        return ""

    def _stuck(self, lane: str) -> str:
        """Why a lane has no next event."""
        index = self.columns.index(lane)
        own, stands = self.state.lanes[index], self._stands(lane)
        if own.status != RUNNING:
            return f"{lane} goes no further: {self._stand(lane)}"
        by = interrupter(self.state.shared, index)
        if by != NOBODY:
            return f"{lane} is interrupted by {self.columns[by]}"
        at = f"`{stands.text}`" if stands is not None else "its begin or return"
        if self.machine.successors(self.state, index):
            return f"{lane} cannot choose at {at} what it chose"
        stores = " until its stores have taken effect" if own.buffer else ""
        return f"{lane} must wait at {at}{stores}"

    def _step(self, tag: Tag) -> int:
        """The step of the old version at which a choice of the new one was made; that of no step
        where the choice is one of the new version alone."""
        return tag.step if tag.step == ROUND else self.old.get(tag.step, _NONE)

    def _successor(self, lane: str) -> Successor | None:
        """What the lane's next event leads to, with the old run's choices at the same steps."""
        index = self.columns.index(lane)
        for successor in self.machine.successors(self.state, index, noted=True):
            left = {key: list(texts) for key, texts in self.left.items() if key[0] == lane}
            if all(self._agrees(lane, tag_of(c), left) for c in successor.effect.choices):
                return successor
        return None

    def _agrees(self, lane: str, tag: Tag, left: dict[tuple[str, int], list[str]]) -> bool:
        own = left.get((lane, self._step(tag)), [])
        return not own or own.pop(0) == tag.text


def _renamed(text: str, step: int, blocks: dict[str, str], names: dict[str, str]) -> str:
    """A choice of the old version in the new one: blocks and lanes may have other names."""
    if step == ROUND:
        return blocks.get(text, text)
    lane, sign, count = text.partition("#")
    return f"{names.get(lane, lane)}{sign}{count}"


def _is(where: Where | None, number: int) -> bool:
    return where is not None and where.number == number


def _in(where: Where | None, numbers: set[int]) -> bool:
    return where is not None and where.number in numbers
