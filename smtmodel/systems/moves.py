"""From one event of a lane to the next: the edges that leave a place of its program.

Local actions and choices are executed on ways until the lane stands before an event again. The
cases stand in the order of the unions in `executions/local_actions.py`.
"""

from collections.abc import Iterator
from typing import assert_never

from smtmodel.executions import event_actions, local_actions
from smtmodel.executions.actions import EVENT, kind_of
from smtmodel.executions.event_actions import EventAction
from smtmodel.executions.local_actions import ChoiceAction, LocalAction
from smtmodel.executions.program import Op, Program
from smtmodel.executions.terms import Component, Computed, Immediate, Register, Term
from smtmodel.executions.values import PARTIAL, UNSET, UNWRITTEN
from smtmodel.language.checked import (
    LOCK_MISUSE,
    NEGATIVE_OPERAND,
    NULL_DEREFERENCE,
    OUT_OF_BOUNDS,
    RCU,
)
from smtmodel.language.types import Entry, Pointer
from smtmodel.source.record import record, replace
from smtmodel.systems import freeing
from smtmodel.systems.effects import happen, located, stopped
from smtmodel.systems.movers import Movers
from smtmodel.systems.room import Room
from smtmodel.systems.system import ENDED, HOME, STOPPED, Edge, NotCoveredError, Sort
from smtmodel.systems.ways import (
    NOBODY,
    ONE,
    ZERO,
    Way,
    Ways,
    any_of,
    equals,
    folded,
    given,
    negative,
)

ROOM = 20_000
"""How many edges a lane has at most; beyond that the protocol is refused."""


@record
class Mover:
    """Makes the edges of a lane.

    `late`: what a round begins with is only computing and choosing, so that it may happen with
    the first event of the round and nobody can tell; else it happens with the last event of the
    round before, and the lane that has ended is told from the one that goes on.
    """

    room: Room
    lane: int
    program: Program
    late: bool
    movers: Movers

    def edges(self) -> Iterator[Edge]:
        """All edges of the lane from places where it may come to rest."""
        count, places = 0, {HOME, ENDED}
        waiting = [HOME]
        while waiting:
            place = waiting.pop()
            for edge in self._leaving(place):
                count += 1
                if count > ROOM:
                    where = self.program.ops[place].where
                    raise NotCoveredError(where, f"a lane has more than {ROOM} edges")
                if edge.target not in places and edge.target != STOPPED:
                    places.add(edge.target)
                    waiting.append(edge.target)
                yield edge

    def before_event(self, place: int) -> list[Way]:
        """The ways from a place where the lane rests to its next event, or to where it stops."""
        live = [] if place == HOME else self.room.live[self.lane][place]
        held = tuple(
            (register, Register(self.room.register(self.lane, place, register)))
            for register in live
        )
        opened = list(given(Way(place, registers=held), self._running()))
        return [path for way in opened for path in self._local(way)] if place == HOME else opened

    def _leaving(self, place: int) -> Iterator[Edge]:
        opened = self.before_event(place)
        yield from (self._edge(place, path) for path in opened if path.place == STOPPED)
        work = [path for path in opened if path.place != STOPPED]
        while work:
            path = work.pop(0)
            for after in self._event(path):
                if self._inside(after) or self._together(path.place, after):
                    work.append(after)
                else:
                    yield self._edge(place, after)

    def _running(self) -> list[Term]:
        """What holds where no other lane interrupts this one."""
        mask = self.room.masks.get(self.lane)
        if mask is None:
            return []
        return [any_of(equals(Register(mask), who) for who in (NOBODY, Immediate(self.lane)))]

    def _inside(self, path: Way) -> bool:
        """Whether the next event of an atomic block follows at once."""
        return path.place > HOME and path.region != 0 and self._op(path).region == path.region

    def _together(self, place: int, path: Way) -> bool:
        """Whether the next event belongs to the step of that at a place. A way back begins a new
        step, and so does a second token."""
        if path.rounds or path.place <= max(place, HOME):
            return False
        draws = path.draws and isinstance(self._op(path).action, event_actions.TakeToken)
        return not draws and self.movers.follows(path.place, begun=path.begun)

    def _op(self, path: Way) -> Op:
        return self.program.ops[path.place]

    def _event(self, path: Way) -> Ways:
        op = self._op(path)
        if path.place == ENDED or path.place == HOME:
            raise NotCoveredError(op.where, "a round without events")
        assert isinstance(op.action, EventAction), op.action
        begun = path.begun or path.place not in self.movers.right
        inside = replace(path, region=op.region, begun=begun)
        for after in happen(self.room, self.lane, inside, op.action, op.where):
            yield from self._local(after)

    def _edge(self, source: int, path: Way) -> Edge:
        """The edge of a finished way: registers that still matter become quantities."""
        updates = dict(path.values)
        live = self.room.live[self.lane][path.place] if path.place > HOME else ()
        registers = dict(path.registers)
        mine = {
            self.room.register(self.lane, path.place, r): registers.get(r, Immediate(UNSET))
            for r in live
        }
        for (lane, _), number in self.room.held.items():
            if lane == self.lane:
                updates[number] = mine.get(number, Immediate(UNSET))
        updates[self.room.places[self.lane]] = Immediate(path.place)
        kept = tuple((q, term) for q, term in updates.items() if term != Register(q))
        where = self.program.ops[source].where
        return Edge(
            self.lane,
            source,
            path.place,
            path.guards,
            kept,
            where,
            path.draws,
            path.violates,
            path.limit,
            path.cut,
            path.judges,
        )

    def _local(self, path: Way) -> Ways:
        """The ways that end before an event, at home or stopped."""
        work = [path]
        while work:
            path = work.pop()
            if path.place == HOME and path.rounds:
                if self.late:
                    yield path
                    continue
                if path.rounds > 1:
                    raise NotCoveredError(None, "a round without events")
                yield path.at(ENDED)
            if path.place < HOME or kind_of(self._op(path).action) == EVENT:
                yield path
                continue
            action, on = self._op(path).action, path.at(path.place + 1)
            if isinstance(action, LocalAction):
                work.extend(self._step(path, on, action))
            else:
                assert isinstance(action, ChoiceAction), action
                work.extend(self._choose(path, on, action))

    def _choose(self, path: Way, on: Way, action: ChoiceAction) -> Ways:
        labels = self.program.labels
        match action:
            case local_actions.StartRound(blocks=blocks):
                yield from (path.at(labels[label]) for _, label in blocks)
            case local_actions.ChooseBranch(targets=targets):
                yield from (path.at(labels[label]) for label in targets)
            case local_actions.ChooseValue(into=into, low=low, high=high):
                yield from (on.set(into, Immediate(n)) for n in range(low, high + 1))
            case local_actions.ChooseObject(into=into, struct=struct):
                yield from self._make(on, struct, into)
                yield from freeing.again(self.room, on, struct, into)
            case _:
                assert_never(action)

    def _step(self, path: Way, on: Way, action: LocalAction) -> Ways:
        labels, room = self.program.labels, self.room
        match action:
            case local_actions.Arrive():
                yield on
            case local_actions.Compute(into=into, value=value):
                yield from _compute(on, into, path.term(value))
            case local_actions.Dereference(into=into, pointer=pointer, null=null):
                struct = self._struct(path.place + 1, into)
                for case, slot in on.among(path.term(pointer), range(1, self._slots(struct) + 1)):
                    if slot is not None:
                        yield case.set(into, Immediate(slot))
                    elif null is not None:
                        yield case.at(labels[null])
                    else:
                        yield stopped(case, NULL_DEREFERENCE)
            case local_actions.CheckIndex(into=into, index=index, length=length):
                judged = on.judge(OUT_OF_BOUNDS)
                for case, number in judged.among(path.term(index), range(length)):
                    if number is not None:
                        yield case.set(into, Immediate(number))
                    else:
                        yield stopped(case, OUT_OF_BOUNDS)
            case local_actions.ReadGhost(into=into, address=address):
                for at, number in located(room, on, address):
                    yield at if at.limit else at.set(into, at.value(number))
            case local_actions.WriteGhost(address=address, value=value):
                for at, number in located(room, on, address):
                    yield at if at.limit else at.put(number, at.term(value))
            case local_actions.MakeObject(into=into, struct=struct):
                yield from self._make(on, struct, into)
            case local_actions.Jump(target=target):
                yield path.at(labels[target])
            case local_actions.JumpIf(condition=condition, holding=holding, target=target):
                true, false = path.split(path.term(condition))
                jumps, stays = (true, false) if holding else (false, true)
                if jumps is not None:
                    yield jumps.at(labels[target])
                if stays is not None:
                    yield stays.at(on.place)
            case local_actions.Require(condition=condition):
                true, false = on.split(path.term(condition))
                yield from _some(true, false and false.at(STOPPED))
            case local_actions.CutOff(rounds=rounds, bound=bound):
                used, left = on.split(equals(path.term(rounds), Immediate(bound)))
                where = self._op(path).where
                number = -1 if where is None else where.number
                yield from _some(left, used and replace(used.at(STOPPED), cut=number))
            case local_actions.CheckAssert(name=name, condition=condition):
                true, false = on.split(path.term(condition))
                ways = _some(true, false and false.blame(name))
                yield from (way.judge(name) for way in ways)
            case local_actions.EndAtomic():
                yield replace(on, region=0)
            case local_actions.EnterInner(domain=domain, skip=skip):
                outer, inner = on.split(equals(on.value(room.open[self.lane, domain]), ZERO))
                depth = room.depth[self.lane]
                yield from _some(
                    outer, inner and inner.put(depth, _plus(inner, depth, "+")).at(labels[skip])
                )
            case local_actions.LeaveInner(skip=skip):
                depth = room.depth[self.lane]
                outer, inner = on.split(equals(on.value(depth), ZERO))
                yield from _some(
                    outer, inner and inner.put(depth, _plus(inner, depth, "-")).at(labels[skip])
                )
            case local_actions.CheckSleep():
                yield from self._check_sleep(on.judge(LOCK_MISUSE), action)
            case local_actions.Misuse():
                yield on.blame(LOCK_MISUSE)
            case local_actions.EndRound(kept=kept):
                done = path.put_all(self._left(path, kept))
                over = replace(done.at(HOME), region=0, rounds=path.rounds + 1)
                yield replace(over, registers=())
            case local_actions.StartRound(blocks=blocks):
                yield from (path.at(labels[label]) for _, label in blocks)
            case _:
                assert_never(action)

    def _left(self, path: Way, kept: tuple[tuple[int, Register], ...]) -> dict[int, Term]:
        """What the end of a round leaves for those who ask whether lanes have ended."""
        room, registers = self.room, dict(path.registers)
        left: dict[int, Term] = {
            room.last[self.lane, place]: registers.get(register.number, Immediate(UNSET))
            for place, register in kept
            if (self.lane, place) in room.last
        }
        if room.updated >= 0 and room.layout.lanes[self.lane].kind.updates:
            left[room.updated] = ONE
        if self.lane in room.rounds:
            left[room.rounds[self.lane]] = ONE
        return left

    def _struct(self, place: int, register: int) -> str:
        """The struct of the object that a register points to from this place on."""
        webs = self.room.webs[self.lane]
        web = webs.of.get((place, register))
        sort = None if web is None else webs.sorts[web]
        return sort.struct if isinstance(sort, Pointer) else ""

    def _slots(self, struct: str) -> int:
        slots = self.room.slots
        return max([len(slots[struct])] if struct else [len(known) for known in slots.values()])

    def _make(self, on: Way, struct: str, into: int) -> Ways:
        """The lowest slot that nothing names gets the new object; where there is none, the run
        goes beyond the system."""
        declared = self.room.layout.protocol.struct(struct)
        naming, rest = self._naming(on, struct, into), on
        for number, slot in enumerate(self.room.slots[struct], 1):
            taken = [equals(known, Immediate(number)) for known in naming]
            taken += freeing.pinned(self.room, rest, (struct, number))
            used, unused = rest.split(any_of(taken))
            if unused is not None:
                changes: dict[int, Term] = {
                    q: ZERO if name in declared.ghosts else Immediate(UNWRITTEN)
                    for q, name in zip(slot.fields, declared.fields, strict=True)
                }
                changes |= freeing.renewed(self.room, (struct, number))
                yield unused.put_all(changes).set(into, Immediate(number))
            if used is None:
                return
            rest = used
        limit = f"more than {len(self.room.slots[struct])} objects of {struct} are in use at once"
        yield freeing.beyond(rest, limit)

    def _naming(self, on: Way, struct: str, into: int) -> list[Term]:
        """All that may point to an object of the struct: shared places, fields of all slots,
        what other lanes hold, and what this lane still needs."""
        room, terms = self.room, []
        mine = {q for (lane, _), q in room.held.items() if lane == self.lane}
        for number, known in enumerate(room.quantities):
            if number not in mine:
                terms += _pointers(on.value(number), known.sort, struct)
        webs, registers = room.webs[self.lane], dict(on.registers)
        for register in room.live[self.lane][on.place]:
            if register != into and register in registers:
                sort = webs.sorts[webs.of[on.place, register]]
                terms += _pointers(registers[register], sort, struct)
        return terms

    def _check_sleep(self, on: Way, action: local_actions.CheckSleep) -> Ways:
        """Misuse where the lane interrupts another or keeps interrupts off, is inside an RCU
        section, or holds one of these locks."""
        room, rest = self.room, on
        if action.interrupts:
            yield on.blame(LOCK_MISUSE)
            return
        locks = [lock for lock in room.writers if lock[0] in action.locks]
        holds = [equals(on.value(room.writers[lock]), Immediate(self.lane)) for lock in locks]
        if action.off is not None:
            holds.append(equals(on.term(action.off), ONE))
        readers = ((lock, self.lane) for lock in locks)
        held = [room.readers[key] for key in readers if key in room.readers]
        inside = [room.open[self.lane, RCU]] if (self.lane, RCU) in room.open else []
        holds += [_not_zero(on.value(q)) for q in held + inside]
        for term in holds:
            true, false = rest.split(term)
            if true is not None:
                yield true.blame(LOCK_MISUSE)
            if false is None:
                return
            rest = false
        yield rest


def _some(*paths: Way | None) -> Ways:
    yield from (path for path in paths if path is not None)


def _pointers(term: Term, sort: Sort, struct: str) -> list[Term]:
    """The terms of the pointers to a struct that a value consists of."""
    match sort:
        case Pointer(struct=known):
            return [term] if known == struct else []
        case Entry(types=types):
            inner = [_pointers(folded(Component(term, n)), t, struct) for n, t in enumerate(types)]
            return [known for terms in inner for known in terms]
        case _:
            return []


def _not_zero(term: Term) -> Term:
    return folded(Computed("!=", (term, ZERO)))


def _plus(path: Way, number: int, operator: str) -> Term:
    return folded(Computed(operator, (path.value(number), ONE)))


def _compute(on: Way, into: int, term: Term) -> Ways:
    """A term of PARTIAL has no value where its left operand is negative."""
    match term:
        case Computed(operator=operator, operands=(left, _)) if operator in PARTIAL:
            wrong, fine = on.split(negative(left))
            if wrong is not None:
                yield stopped(wrong, NEGATIVE_OPERAND)
            if fine is not None:
                yield fine.set(into, term)
        case _:
            yield on.set(into, term)
