"""What an explanation claims, asked of the interpreter: every execution in which the lanes come
as far as in a run, with its choices, that keeps some of the orders as they are printed.

Takes a protocol, a run and the sentences under it; says whether all such executions violate the
property and whether one does not. An order is kept as long as nothing of its second step has
happened before something of its first: neither need happen. Only where the sentences speak of runs
in which each lane makes all these steps are others left out. Knows the orders only as a reader
does: number of the step in the table, lane and words. Gives nothing about loops that are left
half-way and about deferred frees.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from smtmodel.executions.frame import ENDED, LaneState, State
from smtmodel.executions.judgement import judges
from smtmodel.executions.machine import Machine, Successor, build, is_complete
from smtmodel.executions.notes import Began, Happened
from smtmodel.executions.trace import Move
from smtmodel.language.ast import When
from smtmodel.language.checked import Checked, Retry, While
from smtmodel.language.walk import steps_in
from smtmodel.models import model
from smtmodel.solving.result import Place, Run
from smtmodel.source import Span
from tests.support.why_printed import printed

MOST = 60_000
"""States that are looked at."""

Position = tuple[int, int]
Event = tuple[str, object]
WORDS = {
    "read": "read",
    "write": "write",
    "read-modify-write": "modify",
    "begin of the grace period": "grace period begins",
    "end of the grace period": "grace period ends",
    "taking of the lock": "lock",
    "release of the lock": "unlock",
    "switching off of interrupts": "interrupts off",
    "switching on of interrupts": "interrupts on",
}
RELEASES = {"unlock", "read unlock", "write unlock", "leave", "interrupt ends", "interrupts on"}
ORDINALS = ("first", "second", "third", "fourth")


class TooMany(Exception):
    """There are too many executions."""


@dataclass(frozen=True)
class Target:
    """A place: the k-th time (from 1) that a lane begins a step; with `event` only the n-th such
    event of it, with `flushed` its store taking effect. Without `span` it is of no step."""

    lane: str
    span: Span | None
    time: int
    event: Event | None = None
    nth: int = 1
    flushed: bool = False


@dataclass(frozen=True)
class Node:
    """An execution so far: how often each lane began each step and had each event since, and for
    each fact whether something of its second side was seen and whether it was broken."""

    state: State
    moved: frozenset[str]
    taken: tuple[tuple[str, int], ...]
    begun: tuple[tuple[tuple[str, Span], int], ...]
    events: tuple[tuple[tuple[str, Span, Event], int], ...]
    facts: tuple[tuple[bool, bool], ...]
    violated: bool


class Oracle:
    """One run and what is told about it."""

    def __init__(self, protocol: Checked, name: str, run: Run, memory_model: str) -> None:
        self.printed = printed(run)
        buffers = model(memory_model).store_buffers
        self.machine: Machine = build(protocol, run.bounds, store_buffers=buffers, forget=False)
        self.columns = [lane.name for lane in self.machine.layout.lanes]
        self.choices = dict(run.trace.schedule.choices)
        self.judges = [one for one in judges(self.machine.layout) if one.name == name]
        self.name = name
        self.run = run
        self.last: dict[str, Position] = {}
        self.ended: set[str] = set()
        self.facts: tuple[tuple[Target, Target], ...] = ()
        self.spans: set[tuple[str, Span | None]] = set()
        self.walking = True
        self.failed: set[str] = set()
        node = self._walked()
        self.walking = False
        self.facts = tuple((self._target(a), self._target(b)) for a, b in self.printed.facts)
        self.spans = {(one.lane, one.span) for fact in self.facts for one in fact}
        if self.printed.paths:
            self.spans |= {(lane, span) for lane, span, _ in self.rows}
        assert self._is_violated(node)

    # ------------------------------------------------------------ the run

    def _start(self) -> Node:
        facts = ((False, False),) * len(self.facts)
        return Node(self.machine.initial(), frozenset(), (), (), (), facts, False)

    def _walked(self) -> Node:
        """The run made; notes how far its lanes come and which step each row is."""
        self.rows: list[tuple[str, Span, int]] = []
        self.had: dict[tuple[str, Span, int], list[Event]] = {}
        node = self._start()
        for move in self.run.trace.schedule.moves:
            before, node = node, next(after for after in self._after(node, move))
            if node.violated and not before.violated:
                self.failed.add(move.lane)
        for index, name in enumerate(self.columns):
            if name in node.moved and node.state.lanes[index].status == ENDED:
                self.ended.add(name)
        moments = iter(self.run.trace.moments)
        begun: dict[tuple[str, Span], int] = {}
        for moment in moments:
            if moment.where is None or moment.event == "flush":
                continue
            key = (moment.lane, moment.where.span)
            if moment.begins:
                begun[key] = begun.get(key, 0) + 1
                self.rows.append((*key, begun[key]))
            place = moment.location or moment.event
            self.had.setdefault((*key, begun[key]), []).append((moment.event, place))
        return node

    def _target(self, place: Place) -> Target:
        """Which step or event a reader takes a place for."""
        if not place.text:
            word = place.part.removeprefix("the ")
            happened = [m for m in self.run.trace.moments if m.lane == place.lane]
            assert sum(one.event == word for one in happened) == 1, place
            return Target(place.lane, None, 0, (word, word))
        quoted = [f"{place.part} ", place.text] if place.part else [place.text]
        flushed = place.part.startswith("the effect of")
        if place.number is None:
            assert flushed, place
            (row,) = [r for r in self.rows if r[0] == place.lane and self._text(r) == quoted[1]]
            if quoted[0] == "the effect of ":
                return Target(*row, flushed=True)
            quoted[0] = quoted[0].removeprefix("the effect of ")
        else:
            row = self.rows[place.number - 1]
        assert row[0] == place.lane
        assert self._text(row) == place.text
        if len(quoted) == 1:
            return Target(*row)
        ordinals = "|".join(ORDINALS)
        told = re.fullmatch(rf"the (?:({ordinals}) )?(.+?)(?: of (\S+))? in ", quoted[0])
        assert told is not None, place
        ordinal, word, location = told.groups()
        if word not in WORDS:
            word, location = f"{word} of {location}", None
        kind = WORDS[word]
        nth = ORDINALS.index(ordinal) + 1 if ordinal else 1
        same = [one for one in self.had[row] if one == (kind, location or kind)]
        assert len(same) >= nth, (place, self.had[row])
        assert ordinal or len(same) == 1, place
        what = ("flush" if flushed else kind, location or kind)
        return Target(*row, event=what, nth=nth, flushed=flushed)

    def _text(self, row: tuple[str, Span, int]) -> str:
        return next(
            one.where.text
            for one in self.run.trace.moments
            if one.where is not None and (one.lane, one.where.span) == row[:2]
        )

    # ------------------------------------------------------------ executions

    def _after(self, node: Node, move: Move) -> Iterator[Node]:
        """What a move leads to, for every choice that the run does not say."""
        index = self.columns.index(move.lane)
        lane = node.state.lanes[index]
        taken = dict(node.taken)
        if move.flush:
            found = self.machine.step(node.state, move, (), noted=True)
            if found is not None:
                yield self._noted(node, move.lane, found)
            return
        if self.walking:
            self.last[move.lane] = (lane.round, lane.pc)  # the run itself is being made
        stands = not self.walking and self._is_farther(move.lane, lane)
        for successor in self.machine.successors(node.state, index, noted=True):
            if stands and not (move.lane in self.failed or _is_release(successor)):
                continue
            made = successor.effect.choices
            given = self.choices.get(move.lane, ())[taken.get(move.lane, 0) :]
            if given[: len(made)] != made[: len(given)]:
                continue
            count = {**taken, move.lane: taken.get(move.lane, 0) + len(made)}
            after = self._noted(node, move.lane, successor)
            yield replace(after, taken=tuple(sorted(count.items())))

    def _noted(self, node: Node, lane: str, successor: Successor) -> Node:
        begun, events, facts = dict(node.begun), dict(node.events), node.facts
        for note in successor.effect.notes:
            if isinstance(note, Happened) and note.where is None:
                facts = self._passed(facts, lane, note)
            where = note.where if isinstance(note, Began | Happened) else None
            if where is None or (lane, where.span) not in self.spans:
                continue
            if isinstance(note, Began) and not note.goes_on:
                key = (lane, note.where.span)
                begun[key] = begun.get(key, 0) + 1
                events = {k: count for k, count in events.items() if k[:2] != key}
            elif isinstance(note, Happened):
                facts = self._seen(facts, lane, note, begun, events)
        return Node(
            successor.state,
            node.moved | {lane},
            node.taken,
            tuple(begun.items()),
            tuple(events.items()),
            facts,
            node.violated or self.name in successor.effect.violated,
        )

    def _seen(
        self,
        facts: tuple[tuple[bool, bool], ...],
        lane: str,
        note: Happened,
        begun: dict[tuple[str, Span], int],
        events: dict[tuple[str, Span, Event], int],
    ) -> tuple[tuple[bool, bool], ...]:
        assert note.where is not None
        event = self._event(lane, note)
        key = (lane, note.where.span, event)
        events[key] = events.get(key, 0) + 1

        def hits(target: Target) -> bool:
            assert note.where is not None
            if (lane, note.where.span) != (target.lane, target.span):
                return False
            if target.flushed or note.event == "flush":
                same = target.event is None or event == target.event
                return target.flushed and note.event == "flush" and same
            if begun[lane, note.where.span] != target.time:
                return False
            return target.event is None or (event == target.event and events[key] == target.nth)

        return self._broken(facts, hits)

    def _passed(
        self, facts: tuple[tuple[bool, bool], ...], lane: str, note: Happened
    ) -> tuple[tuple[bool, bool], ...]:
        """After an event of no step, as the begin of an update."""
        target = Target(lane, None, 0, (note.event, note.event))
        return self._broken(facts, lambda side: side == target)

    def _broken(
        self, facts: tuple[tuple[bool, bool], ...], hits: Callable[[Target], bool]
    ) -> tuple[tuple[bool, bool], ...]:
        return tuple(
            (after or hits(second), broken or (hits(first) and after))
            for (first, second), (after, broken) in zip(self.facts, facts, strict=True)
        )

    def _event(self, lane: str, note: Happened) -> Event:
        if not isinstance(note.subject, int):
            return note.event, note.event
        layout = self.machine.layout
        owner, name = layout.owners.get(note.subject, lane), layout.names.get(note.subject)
        told = name or self._field(note.subject)
        return note.event, told if owner == lane else f"{told} of {owner}"

    def _field(self, location: int) -> str:
        """A field of an object, by the name that the run's table has for it."""
        for one in self.run.trace.moments:
            if one.location and self._places.get(one.location) == location:
                return one.location
        return f"#{location}"

    @property
    def _places(self) -> dict[str, int]:
        """The locations of the names that the table uses."""
        if not hasattr(self, "_known"):
            self._known: dict[str, int] = {}
            state = self.machine.initial()
            moments = iter(self.run.trace.moments)
            choices = {lane: list(names) for lane, names in self.choices.items()}
            for move in self.run.trace.schedule.moves:
                mine = choices.get(move.lane, [])
                found = self.machine.step(state, move, mine, noted=True)
                assert found is not None
                del mine[: len(found.effect.choices)]
                state = found.state
                for note in found.effect.notes:
                    if isinstance(note, Happened):
                        moment = next(moments)
                        if isinstance(note.subject, int):
                            self._known[moment.location] = note.subject
                if not any(isinstance(note, Happened) for note in found.effect.notes):
                    next(moments)
        return self._known

    def _is_over(self, node: Node) -> bool:
        """Whether every lane has come as far as in the run, and no store waits."""
        for index, name in enumerate(self.columns):
            lane = node.state.lanes[index]
            if lane.buffer or (name in self.last) != (name in node.moved):
                return False
            if name in self.ended and lane.status != ENDED:
                return False
            still = name in self.last and lane.status != ENDED
            if still and (lane.round, lane.pc) <= self.last[name]:
                return False
        return True

    def _is_same(self, node: Node) -> bool:
        """Whether the lanes have made the steps of the run, each as often."""
        made = Counter((lane, span) for lane, span, _ in self.rows)
        return made == {key: count for key, count in node.begun if count}

    def _is_violated(self, node: Node) -> bool:
        state = node.state
        complete = is_complete(state)
        kept = tuple(lane.kept for lane in state.lanes) if complete else ()
        for judge in self.judges:
            if judge.when is When.SETTLED and state.shared.progress:
                continue
            if judge.when is When.FINALLY and not complete:
                continue
            if judge.met(state.shared.memory, kept):
                return True
        return node.violated

    def _next(self, node: Node) -> Iterator[Node]:
        for move in self.machine.moves(node.state):
            assert move.callback is None
            if not move.flush and move.lane not in self.last:
                continue
            yield from self._after(node, move)

    def _is_farther(self, name: str, lane: LaneState) -> bool:
        """Whether a lane has come farther than it does in the run."""
        return name not in self.ended and (lane.round, lane.pc) > self.last[name]

    def ends(self, kept: Iterable[int]) -> Iterator[bool]:
        """For each state in which the lanes have come as far, with these facts (by their places)
        kept, whether the property is violated."""
        wanted = frozenset(kept)
        work, known = [self._start()], set[Node]()
        while work:
            node = work.pop()
            if node in known or any(node.facts[place][1] for place in wanted):
                continue
            known.add(node)
            if len(known) > MOST:
                raise TooMany
            if self._is_over(node) and (not self.printed.paths or self._is_same(node)):
                yield self._is_violated(node)
            work += self._next(node)


def _is_release(successor: Successor) -> bool:
    """Whether a lane only gives back what it holds: it may, wherever the run ends."""
    happened = [note for note in successor.effect.notes if isinstance(note, Happened)]
    return bool(happened) and all(note.event in RELEASES for note in happened)


def can_ask(protocol: Checked, run: Run) -> bool:
    """Whether the oracle knows about all that the protocol does."""
    deferred = protocol.text.content.count("kfree_rcu") + protocol.text.content.count("call_")
    steps = [step for block in protocol.blocks for step in steps_in(block.steps)]
    loops = any(isinstance(step, While | Retry) for step in steps)
    return not deferred and not loops
