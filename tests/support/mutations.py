"""Faults put into the prover on purpose: the comparison with the explorer must notice each.

`python -m tests.support.mutations` prints which protocol gives each fault away. A fault is a set of
patches of the encoder, or another memory model in the place of TSO. Verdicts, coverage and
final states of the protocols in `tests/targets`, the litmus tests, the regressions and then
random ones are compared until one differs.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import Any
from unittest.mock import patch

from smtmodel.encoding import adjacency as apart
from smtmodel.encoding import base, instants, memory, queries, relations, waiting
from smtmodel.encoding.base import BaseRelations
from smtmodel.encoding.decode import Reader
from smtmodel.encoding.domains import Domains
from smtmodel.encoding.formula import FALSE, TRUE, Formula, Literal, Node, Reason
from smtmodel.encoding.instants import Instants
from smtmodel.encoding.objects import Objects
from smtmodel.encoding.query import Draft, Query
from smtmodel.encoding.relations import Compiler
from smtmodel.encoding.snapshot import Snapshot
from smtmodel.encoding.state import Encoding
from smtmodel.events import operators, sets
from smtmodel.events import unroll as unrolling
from smtmodel.events.building import Builder
from smtmodel.events.graph import At, Event, Kind, Stop
from smtmodel.events.holding import Holding
from smtmodel.events.sets import needs_success
from smtmodel.events.symbolic import Evaluator
from smtmodel.events.terms import Const, Passes, Reference, Special
from smtmodel.executions.explore import explore
from smtmodel.executions.trace import Move
from smtmodel.language.ast import GuardKind
from smtmodel.language.checked import Asserted, Checked, Load, Operation
from smtmodel.models import SC, TSO, Model
from smtmodel.models.terms import (
    CO,
    EXT,
    FR,
    LOC,
    PO,
    RF,
    AnyIn,
    Axiom,
    AxiomForm,
    Difference,
    Events,
    EventSet,
    Except,
    Intersection,
    Product,
    Relation,
    Union,
)
from smtmodel.models.tso import BUFFERED, DRAINING, PRESERVED
from smtmodel.source.record import replace
from tests.support import differential, random_protocols

HERE = Path(__file__).parents[1]
RANDOM = 40
STATES = 1_500

Patches = list[AbstractContextManager[Any]]


@dataclass(frozen=True, slots=True)
class Mutant:
    """A fault: patches to apply, or the model that stands in for TSO.

    `near` is the protocol that is looked at first, to save time: a target or `folder/name`.
    """

    name: str
    patches: Callable[[], Patches] = list
    tso: Model = TSO
    near: str = ""


# ---------------------------------------------------------------- clauses left out


def dropped(sentence: str) -> Callable[[], Patches]:
    """Leaves out every clause with this reason."""

    def patches() -> Patches:
        add = Formula.add

        def without(self: Formula, clause: Any, reason: Reason) -> None:
            if reason.sentence != sentence:
                add(self, clause, reason)

        return [patch.object(Formula, "add", without)]

    return patches


REASONS = (
    "a read that happens returns some write",
    "a read returns a write to the location that it reads",
    "a read returns the value of the write that it reads from",
    "two writes to one location are ordered",
    "a grace period ends after every read section that began before it has been left",
    "critical sections of one lock do not overlap",
    "a try fails only while another lane holds the lock",
    "no other lane's event lies inside an atomic block, or between a ghost and its event",
    "tokens are numbered in the order of their fresh events",
    "settled(E) is E at the latest instant with no update in progress",
    "of two events one is before the other",
    "a snapshot returns for each location the last write before it",
    "no instant lies inside an atomic block, or before the ghosts of an event",
    "an object is allocated again only while it is free",
    "a deferred free comes after the step that asks for it",
    "a lane has no event while it is interrupted",
    "interrupts of one lane do not overlap",
    "nothing interrupts a lane that keeps interrupts off",
    SC.axioms[0].reason,
    TSO.axioms[0].reason,
    TSO.axioms[1].reason,
)


# ---------------------------------------------------------------- functions replaced


def replaced(owner: object, name: str, stand_in: Any) -> Callable[[], Patches]:
    """Puts another function in the place of one."""
    return lambda: [patch.object(owner, name, stand_in)]


def _ended_on_entering(self: Instants, event: int, ends: list[Event], by: int) -> Literal:
    return self.formula.all_of((self.encoding.happens(event), self.before(event, by)))


def _grace_waits_for_all(self: Instants) -> None:
    leaves = [e for e in self.events if e.kind is Kind.LEAVE]
    for end in (e for e in self.events if e.kind is Kind.GRACE_END):
        for enter in (e for e in self.events if e.kind is Kind.ENTER and e.name == end.name):
            if enter.lane != end.lane:
                both = (self.encoding.happens(end.number), self.encoding.happens(enter.number))
                left = self.ended(enter.number, leaves, end.number)
                self.formula.implies(both, [left], Reason("waits for all"))


def _grace_mixes_domains() -> Patches:
    original = Instants._grace_periods

    def mixed(self: Instants) -> None:
        kept = self.events
        self.events = tuple(
            replace(e, name="d") if e.kind in (Kind.ENTER, Kind.LEAVE) else e for e in kept
        )
        original(self)
        self.events = kept

    return [patch.object(Instants, "_grace_periods", mixed)]


def _writes_happen() -> Patches:
    original = Encoding.happens

    def happens(self: Encoding, event: int) -> Literal:
        if self.graph.events[event].kind is Kind.WRITE:
            return TRUE
        return original(self, event)

    return [patch.object(Encoding, "happens", happens)]


def _passes_always() -> Patches:
    original = Encoding._atom

    def atom(self: Encoding, number: int) -> Literal:
        if isinstance(self.graph.atoms[number - 1], Passes):
            return TRUE
        return original(self, number)

    return [patch.object(Encoding, "_atom", atom)]


def _last_candidate_dropped() -> Patches:
    original = Domains._sources

    def sources(self: Domains, read: Event) -> tuple[int, ...]:
        found = original(self, read)
        return found[:-1] if len(found) > 2 else found

    return [patch.object(Domains, "_sources", sources)]


def _own_write_overwrites(self: Domains, write: int, read: Event) -> bool:
    return True


def _no_pairs(self: BaseRelations) -> base.Pairs:
    return base.none(self.size)


def _reduced_too_far(self: Compiler, pairs: base.Pairs) -> None:
    for event in self.events:
        first = event.number
        lane = self.lanes[event.lane] & ~((2 << first) - 1)
        remaining, kept = pairs.static[first] & lane, 0
        while remaining:
            low = remaining & -remaining
            kept |= low
            remaining &= ~(low | (pairs.static[low.bit_length() - 1] & lane))
        pairs.static[first] = (pairs.static[first] & ~lane) | kept


def _always(*arguments: object) -> Literal:
    return TRUE


def _never(*arguments: object) -> Literal:
    return FALSE


def _nothing(*arguments: object, **named: object) -> None:
    return None


def _writes_if_it_happens(self: Encoding, event: int) -> Literal:
    return self.happens(event)


def _snapshot_sees_any_write() -> Patches:
    original = memory.overwritten
    return [
        patch.object(memory, "overwritten", lambda encoding, read: {}),
        patch.object(base, "overwritten", original),
    ]


def _no_lane_judged() -> Patches:
    original = queries._lanes
    return [patch.object(queries, "_lanes", lambda b, kind, *e: [] if kind else original(b, kind))]


def _stands(draft: Draft, stop: Stop) -> Literal:
    passed = -draft.encoding.holds(stop.passed)
    parts = [draft.encoding.holds(stop.guard), passed]
    if stop.after is not None:
        parts.append(draft.happened(stop.after))
    return draft.formula.all_of(parts)


# ---------------------------------------------------------------- other models in place of TSO


EXTERNAL = Intersection(RF, EXT)


def changed(name: str, relation: Relation) -> Model:
    """TSO with another relation in the axiom of that name."""
    return replace(
        TSO,
        axioms=tuple(replace(a, relation=relation) if a.name == name else a for a in TSO.axioms),
    )


def _global(order: Relation, sources: Relation = EXTERNAL) -> Model:
    return changed("global", Union((order, sources, CO, FR)))


def _order(buffered: EventSet, draining: EventSet) -> Model:
    immediate = Except(Events("All"), AnyIn((buffered, draining)))
    return _global(Difference(PO, Product(buffered, immediate)))


def unbuffered(name: str) -> Model:
    """TSO in which the events of a set do not wait in the store buffer."""
    assert isinstance(BUFFERED, AnyIn)
    return _order(AnyIn(tuple(s for s in BUFFERED.sets if s != Events(name))), DRAINING)


def undrained(name: str) -> Model:
    """TSO in which the events of a set do not wait for the store buffer."""
    return _order(BUFFERED, AnyIn(_without(name)))


def _without(name: str) -> tuple[EventSet, ...]:
    assert isinstance(DRAINING, AnyIn)
    return tuple(s for s in DRAINING.sets if s != Events(name))


def _not_for_locked(event: Event, name: str) -> bool:
    return name != "Locked" and needs_success(event, name)


def _loose_writes() -> Model:
    plain = Except(Events("W"), Events("Rmw"))
    return _global(Difference(PRESERVED, Product(plain, plain)))


def _sc_as_tso() -> Model:
    whole = Axiom("global", AxiomForm.ACYCLIC, Union((PO, RF, CO, FR)), "", "")
    return replace(TSO, axioms=(whole,))


MUTANTS = (
    *(Mutant(f"left out: {sentence}", dropped(sentence)) for sentence in REASONS),
    Mutant("grace period ignores leaving", replaced(Instants, "ended", _ended_on_entering)),
    Mutant(
        "grace period waits for later sections too",
        replaced(Instants, "_grace_periods", _grace_waits_for_all),
    ),
    Mutant("grace period mixes domains", _grace_mixes_domains),
    Mutant("writes happen whatever their guard", _writes_happen),
    Mutant("no lane ever waits", _passes_always),
    Mutant("a possible source is forgotten", _last_candidate_dropped),
    Mutant(
        "any own write hides the earlier ones",
        replaced(Domains, "_overwrites", _own_write_overwrites),
    ),
    Mutant("initial values are never read", replaced(Domains, "readable", lambda *a: [])),
    Mutant("from-reads left out", replaced(BaseRelations, "_fr", _no_pairs)),
    Mutant("reads-from left out of the order", replaced(BaseRelations, "_rf", _no_pairs)),
    Mutant("coherence left out of the order", replaced(BaseRelations, "_co", _no_pairs)),
    Mutant("program order reduced too far", replaced(Compiler, "_reduce", _reduced_too_far)),
    Mutant("a compare-exchange always writes", replaced(Encoding, "writes", _writes_if_it_happens)),
    Mutant("settled(E) at any quiet instant", replaced(Instants, "_later", _never)),
    Mutant("settled(E) ignores updates in progress", replaced(Instants, "quiet", _always)),
    Mutant("settled ignores updates in progress", replaced(Draft, "settled", _always)),
    Mutant(
        "settled needs no returned update",
        replaced(Draft, "returned", _always),
        near="settled-needs-return",
    ),
    Mutant("a snapshot sees any earlier write", _snapshot_sees_any_write),
    Mutant("claims about caches are judged for no lane", _no_lane_judged),
    Mutant("an error counts after the text's last event", replaced(queries, "_stands", _stands)),
    Mutant(
        "branches that join again never waited",
        replaced(Builder, "joined", lambda self, base, guards: base),
    ),
    Mutant(
        "a local has the value of the last branch",
        replaced(unrolling, "merged", lambda guard, ours, theirs: {**ours, **theirs}),
    ),
    Mutant("choices are not told", replaced(Reader, "_choices", lambda self: ())),
    Mutant("nothing blocks for ever", replaced(waiting._Deadlock, "_hopeless", _never)),
    Mutant("everything blocks for ever", replaced(waiting._Deadlock, "_hopeless", _always)),
    Mutant("locks are not stated", replaced(Instants, "_locks", _nothing)),
    Mutant("reads without values", replaced(memory, "_values", _nothing)),
    Mutant("sc in the place of tso", tso=_sc_as_tso()),
    Mutant("no store forwarding", tso=_global(PRESERVED, RF), near="litmus/SB-rfis"),
    Mutant("stores leave the buffer in any order", tso=_loose_writes()),
    Mutant(
        "loads may pass loads",
        tso=_global(Difference(PRESERVED, Product(Events("R"), Events("R")))),
    ),
    Mutant(
        "stores pass earlier loads",
        tso=_global(Difference(PRESERVED, Product(Events("R"), Events("W")))),
    ),
    *(
        Mutant(f"{name} not buffered", tso=unbuffered(name))
        for name in ("SpinUnlock", "Leave", "Return", "Defer", "Free")
    ),
    *(
        Mutant(f"{name} does not wait for the buffer", tso=undrained(name), near=near)
        for name, near in (
            ("Mb", ""),
            ("Locked", ""),
            ("Lock", ""),
            ("MutexUnlock", "locks"),
            ("Grace", ""),
            ("SerialBegin", ""),
        )
    ),
    Mutant(
        "a compare-exchange that fails does not wait for the buffer",
        tso=_order(BUFFERED, AnyIn((*_without("Locked"), Events("Rmw")))),
    ),
    Mutant(
        "an increment unless zero waits whatever it finds",
        replaced(relations, "needs_success", _not_for_locked),
    ),
    Mutant("coherence ignores program order", tso=changed("per_location", Union((RF, CO, FR)))),
    Mutant(
        "per location only stores keep program order",
        tso=changed(
            "per_location",
            Union(
                (Intersection(Intersection(PO, LOC), Product(Events("W"), Events("W"))), RF, CO, FR)
            ),
        ),
    ),
)


# ---------------------------------------------------------------- objects and entries


def _frees_do_not_wait() -> Patches:
    """Deferred frees come at once."""
    grace = Instants._grace_periods

    def constrain(self: Instants) -> None:
        kept = self.events
        self.events = tuple(
            replace(e, name="") if e.kind is Kind.FREE and e.partners else e for e in kept
        )
        grace(self)
        self.events = kept

    return [patch.object(Instants, "_grace_periods", constrain)]


def _freed_ever(self: Objects, value: Reference, at: int) -> Literal:
    """Whether an object has been freed at all."""
    every = self.formula.all_of
    return self.formula.any_of(
        [
            every((self.encoding.happens(f.number), self._is(f, value), self._before(f.number, at)))
            for f in self.frees
            if f.number != at
        ]
    )


def _first_callback() -> Patches:
    """The decoder takes every deferred free of a lane for its first."""

    def first(self: Reader, defer: Event) -> Move:
        return Move(self.graph.lanes[defer.lane].lane.name, callback=0)

    return [patch.object(Reader, "_callback", first)]


def _null_is_never_safe() -> Patches:
    free = unrolling._Unroller._free

    def stopping(self: Any, step: Any, pointer: Any) -> None:
        free(self, replace(step, null_safe=False), pointer)

    return [patch.object(unrolling._Unroller, "_free", stopping)]


def _tried_anywhere() -> Patches:
    """A try of a mutex is no misuse in an interrupt."""
    attempt = unrolling._Unroller.attempt

    def trying(self: Any, condition: Any) -> int:
        kept = self.kinds
        self.kinds = dict.fromkeys(kept, GuardKind.SPINLOCK)
        number = attempt(self, condition)
        self.kinds = kept
        return number

    return [patch.object(unrolling._Unroller, "attempt", trying)]


def _only_own_entry(self: Any, variable: str) -> None:
    """A zap empties the first entry alone."""
    empty = tuple(Const(Special.NOTHING) for _ in self.variables[variable].fields)
    location = next(x for (name, _), x in self.cells.items() if name == variable)
    self.event(Kind.WRITE, address=At(location), values=empty)


def _first_field_alone() -> Patches:
    """A compare-exchange of a whole entry compares its first field."""
    exchanged = Evaluator._exchanged

    def compare(self: Any, expression: Any, before: Any, operands: Any) -> Any:
        after, success = exchanged(self, expression, before, operands)
        while success is not None and success.operator == "&&":
            success = success.operands[0]
        return after, success

    return [patch.object(Evaluator, "_exchanged", compare)]


def _empty_is_never_the_same() -> Patches:
    return [patch.dict(operators.BINARY, {"same": operators.BINARY["=="]})]


def _nothing_wraps() -> Patches:
    return [patch.dict(operators.BINARY, {"wrap": lambda a, b: a})]


def _nothing_is_too_large() -> Patches:
    return [patch.dict(operators.UNARY, {"defined": lambda value: 1})]


def _value_then_place(changes: dict[str, bool]) -> Patches:
    """The place of a write or of a read-modify-write comes first always, or never."""
    store, modify = Evaluator._store, Evaluator._rmw
    return [
        patch.object(Evaluator, "_store", lambda self, step: store(self, replace(step, **changes))),
        patch.object(Evaluator, "_rmw", lambda self, one: modify(self, replace(one, **changes))),
    ]


def _place_is_read_first() -> Patches:
    """`x += y` reads x and then y."""
    store = Evaluator._store

    def early(self: Evaluator, step: Any) -> None:
        if step.operator:
            old = Load(step.place, step.mark)
            step = replace(step, value=Operation(step.operator, (old, step.value)), operator="")
        store(self, step)

    return [patch.object(Evaluator, "_store", early)]


def _readers_alone(first: Event, second: Event) -> bool:
    return first.name == second.name and first.lane != second.lane


def _readers_ignored(first: Event, second: Event) -> bool:
    return _readers_alone(first, second) and not first.shared and not second.shared


OBJECTS = (
    Mutant("deferred frees do not wait", _frees_do_not_wait, near="deferred-free"),
    Mutant(
        "what is allocated again stays free",
        replaced(Objects, "free", _freed_ever),
        near="free-again",
    ),
    Mutant("nothing is used after it is freed", replaced(Objects, "used", _never), near="free"),
    Mutant(
        "a zap empties the first entry",
        replaced(unrolling._Unroller, "_zap", _only_own_entry),
        near="zap",
    ),
    Mutant(
        "zapped lanes are alike",
        replaced(queries, "_told_apart", lambda *a: False),
        near="zap-order",
    ),
    Mutant("whole entries are compared by one field", _first_field_alone, near="words"),
    Mutant("an empty entry is not the same as another", _empty_is_never_the_same, near="words"),
    Mutant("nothing wraps", _nothing_wraps, near="bits"),
    Mutant("no result is too large", _nothing_is_too_large, near="overflow"),
    Mutant("an assignment reads its place first", _place_is_read_first, near="order"),
    *(
        Mutant(
            f"the place of a write comes {when}",
            partial(_value_then_place, {"place_first": first}),
            near="order",
        )
        for when, first in (("first", True), ("last", False))
    ),
    Mutant(
        "readers exclude each other",
        lambda: [patch.object(m, "excludes", _readers_alone) for m in (instants, waiting)],
        near="readers-together",
    ),
    Mutant(
        "writers do not exclude readers",
        lambda: [patch.object(m, "excludes", _readers_ignored) for m in (instants, waiting)],
        near="readers",
    ),
    Mutant("ghosts lie anywhere", replaced(apart, "_with_event", lambda *a: []), near="ghosts"),
    Mutant(
        "an interrupted lane never stops",
        replaced(Builder, "_interruptible", lambda *a: False),
        near="interrupt-deadlock",
    ),
    Mutant(
        "what settles is found too late",
        replaced(Domains, "_watch", lambda self: False),
        near="settled-carried",
    ),
    Mutant("a free of null stops the lane", _null_is_never_safe, near="free-null"),
    Mutant("a mutex is tried anywhere", _tried_anywhere, near="misuse-trylock"),
    Mutant("nobody sleeps", replaced(unrolling._Unroller, "may_sleep", _nothing), near="misuse"),
    Mutant(
        "the first object that is free is had",
        replaced(Reader, "_named", lambda *a: "new"),
        near="free-again",
    ),
    Mutant("the first deferred free comes first", _first_callback, near="deferred-free-two"),
)


def _never_a_beginning(self: Builder, number: int) -> bool:
    event = self.events[number]
    return not event.is_local and (number == self.first or not self._begun(number))


_asserted = queries._asserted


def _only_other_asserts(base: Encoding, item: Asserted, *, failing: bool) -> Query:
    return _asserted(base, replace(item, name="") if item.unreachable else item, failing=failing)


# ---------------------------------------------------------------- interrupts switched off


_occupied = waiting._Deadlock._occupied


def _never_masked(self: Any, event: Event) -> Iterator[Literal]:
    events = tuple(e for e in self.graph.events if e.kind is not Kind.MASK)
    graph = self.graph
    self.graph = replace(graph, events=events)
    found = list(_occupied(self, event))
    self.graph = graph
    yield from found


_mask = unrolling._Unroller.mask


def _on_again(self: Any) -> None:
    """What is restored is on, whatever was saved."""
    outer = self.masks
    _mask(self)
    for name in self.saved:
        self.saved[name] = None if outer is not None else self.saved[name]


def _only_one_way(self: Holding, other: Holding) -> Holding:
    return replace(_joined(self, other), masks=self.masks)


_joined = Holding.joined

_left = Objects._left


def _kept_by_later(self: Objects, enter: Event, since: int, at: int) -> Literal:
    """A section that began after the free keeps the memory too."""
    return _left(self, enter, at, at)


MASKING = (
    Mutant(
        "no section keeps the memory of a freed object",
        replaced(Objects, "_gone", lambda self, value, at: self.free(value, at)),
        near="typesafe-kept",
    ),
    Mutant(
        "later sections keep the memory of a freed object",
        replaced(Objects, "_left", _kept_by_later),
        near="typesafe",
    ),
    Mutant(
        "nothing is reached that is unreachable",
        replaced(queries, "_asserted", _only_other_asserts),
        near="unreachable",
    ),
    Mutant(
        "an interrupt comes inside an atomic block",
        replaced(Builder, "_begun", lambda *a: ()),
        near="atomic-branches",
    ),
    Mutant(
        "a part of an atomic block is never its beginning",
        replaced(Builder, "_interruptible", _never_a_beginning),
        near="regressions/interrupt-before-a-part-of-atomic",
    ),
    Mutant(
        "no lane waits for a masked one",
        replaced(waiting._Deadlock, "_occupied", _never_masked),
        near="interrupt-masked-waits",
    ),
    Mutant(
        "interrupts stay off",
        replaced(unrolling._Unroller, "unmask", _nothing),
        near="interrupt-masked-branches",
    ),
    Mutant(
        "interrupts stay on",
        replaced(unrolling._Unroller, "mask", _nothing),
        near="interrupt-masked",
    ),
    Mutant(
        "restoring switches on",
        replaced(unrolling._Unroller, "mask", _on_again),
        near="interrupt-masked",
    ),
    Mutant(
        "interrupts go on after one way only",
        replaced(Holding, "joined", _only_one_way),
        near="interrupt-masked-branches",
    ),
)


# ---------------------------------------------------------------- waiting


def _open_anywhere(self: Any, start: Event, end: Kind) -> Literal:
    """That what an event began has no end, whether or not its lane waits."""
    ends = [e for e in self.graph.events if e.kind is end and start.number in e.partners]
    return self.formula.all_of([-self.encoding.happens(e.number) for e in ends])


_locked = waiting._Deadlock._locked


def _only_holders(self: Any, event: Event) -> Iterator[Literal]:
    yield from _locked(self, replace(event, shared=False) if event.shared else event)


def _all_queue(self: Any, event: Event) -> Iterator[Literal]:
    lanes = self.graph.lanes
    free = tuple(replace(g, lane=replace(g.lane, interrupts=None)) for g in lanes)
    self.graph = replace(self.graph, lanes=free)
    found = list(_locked(self, event))
    self.graph = replace(self.graph, lanes=lanes)
    yield from found


_earlier = waiting._Deadlock._earlier


def _after_own(self: Any, event: Event, asleep: Node) -> Iterator[Literal]:
    yield from _earlier(self, replace(event, name="another"), asleep)


def _after_wakes(self: Any, event: Event, asleep: Node) -> Iterator[Literal]:
    for other in self.graph.events:
        if other.kind is Kind.WAKE:
            before = self.draft.instants.before(other.number, asleep)
            yield self.formula.any_of((-self.encoding.happens(other.number), before))


def _asleep_inside(self: Any, lane: int) -> Snapshot:
    found: Snapshot = self.asleep.setdefault(lane, Snapshot(self.encoding, None))
    return found


WAITING = (
    Mutant(
        "a read that waits returns anything",
        replaced(waiting, "constrain", _nothing),
        near="wait-value",
    ),
    Mutant(
        "nobody could write what is waited for",
        replaced(waiting, "writers", lambda *a: frozenset()),
        near="wait-writer-stands",
    ),
    Mutant(
        "who could have written has ended",
        replaced(waiting._Deadlock, "_ended", lambda *a: TRUE),
        near="wait-writer-stands",
    ),
    Mutant(
        "what is waited for is never there",
        replaced(waiting, "_false", lambda *a: TRUE),
        near="wait-lost",
    ),
    Mutant(
        "what any lane holds is missed",
        replaced(waiting._Deadlock, "_open", _open_anywhere),
        near="wait-writer-stands",
    ),
    Mutant(
        "a lane of a deadlock may go on",
        replaced(waiting._Deadlock, "_over", _nothing),
        near="deadlock",
    ),
    Mutant(
        "no reader waits for a writer that waits",
        replaced(waiting._Deadlock, "_locked", _only_holders),
        near="recursive-reader",
    ),
    Mutant(
        "interrupts queue behind writers",
        replaced(waiting._Deadlock, "_locked", _all_queue),
        near="reader-in-interrupt",
    ),
    Mutant(
        "nobody could wake who sleeps",
        replaced(waiting, "wakers", lambda *a: frozenset()),
        near="queue-waker-stands",
    ),
    Mutant(
        "a wake-up wakes nobody",
        replaced(waiting._Deadlock, "_earlier", _after_own),
        near="queue-woken",
    ),
    Mutant(
        "a lane falls asleep at any time",
        replaced(waiting._Deadlock, "_earlier", _after_wakes),
        near="queue-looked-at-in-order",
    ),
    Mutant(
        "an interrupted lane falls asleep",
        replaced(waiting._Deadlock, "_uninterrupted", lambda *a: ()),
        near="queue-woken-in-interrupt",
    ),
    Mutant(
        "a lane falls asleep inside an atomic block",
        replaced(waiting._Deadlock, "_falling_asleep", _asleep_inside),
        near="queue-woken-atomic",
    ),
    Mutant(
        "a wake-up does not wait for the store buffer",
        lambda: [patch.dict(sets.KINDS, Locked=(Kind.RMW,))],
        near="queue-woken",
    ),
)


# ---------------------------------------------------------------- catching


def pool(near: str) -> Iterator[tuple[str, str]]:
    """The protocols to compare on, the most telling first: (name, text)."""
    if near:
        place = near if "/" in near else f"targets/{near}"
        yield place, (HERE / f"{place}.dsl").read_text()
    for folder in ("targets", "litmus", "regressions"):
        for file in sorted((HERE / folder).glob("*.dsl")):
            yield f"{folder}/{file.stem}", file.read_text()
    for seed in range(RANDOM):
        yield f"random {seed}", random_protocols.text(seed, weak=True)


explored = cache(explore)
"""The explorer has no faults here, so it looks at each protocol once."""


def caught(mutant: Mutant) -> str | None:
    """What gives the mutant away: protocol, model and difference; None if nothing does."""
    with ExitStack() as stack:
        stack.enter_context(patch.object(differential, "explore", explored))
        for one in mutant.patches():
            stack.enter_context(one)
        for name, text in pool(mutant.near):
            for model in (SC, TSO):
                found = _difference(text, mutant.tso if model is TSO else model, weak=model is TSO)
                if found:
                    return f"{name} under {model.name}: {found}"
    return None


def _difference(text: str, model: Model, *, weak: bool) -> str:
    protocol = checked(text, weak)
    if protocol is None:
        return ""
    try:
        found = differential.compare(protocol, model, STATES, shrinks=False)
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    return found.differences[0] if found.differences else ""


@cache
def checked(text: str, weak: bool) -> Checked | None:
    """The checked protocol, None where the weak model has no meaning for it."""
    found = differential.checked(text, weak=weak)
    return found if isinstance(found, Checked) else None


def main() -> None:
    """Prints the table."""
    for mutant in (*MUTANTS, *OBJECTS, *MASKING, *WAITING):
        print(f"{mutant.name:66} {caught(mutant) or 'NOT CAUGHT'}", flush=True)


if __name__ == "__main__":
    main()
