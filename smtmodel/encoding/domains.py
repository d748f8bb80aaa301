"""Which values and addresses are possible at all: finite sets, found before any constraint.

Takes an event graph and a model, gives for each term a finite set of constants, for each
access the locations it may touch, and for each read the writes it may return. Every set is
an over-approximation of what consistent executions do.

Why it ends: in a consistent execution a value reaches a read through a chain of writes, reads,
`settled` events, freeing an object and having it again, in which no event occurs twice (no
model of protocols lets an execution justify itself), so as many rounds as there are such events
are enough even where a round would still add values. Of litmus tests, whose plain accesses may copy
from one another in a circle, what is so copied is one more value, `Special.THIN_AIR`.
"""

from collections import defaultdict
from copy import copy
from itertools import count

from smtmodel.encoding.observation import Observation
from smtmodel.events.graph import Address, At, Event, EventGraph, FieldOf, ItemOf, Kind
from smtmodel.events.operators import apply
from smtmodel.events.terms import (
    ALWAYS,
    Apply,
    Chosen,
    Const,
    Constant,
    Guard,
    Holds,
    Observed,
    Reference,
    Returned,
    Select,
    Special,
    Term,
    Token,
    is_true,
)
from smtmodel.language.checked import TOKEN_BASE, Where
from smtmodel.models import Model

MOST_VALUES = 512

INITIAL = -1
"""The number of the initial write of whatever location is read."""

Values = tuple[Constant, ...]

Component = tuple[int, int]
"""What a read returns of one field: its number and that of the field."""


class TooManyValues(Exception):
    """Some value has too many possibilities; `read` is the step that would read it, if one does.

    It may also take too many pairs of values to find them.
    """

    def __init__(self, read: Where | None = None) -> None:
        super().__init__(read)
        self.read = read

    def __str__(self) -> str:
        if self.read is None:
            return "a value of a property has too many possibilities at these bounds"
        return (
            f"what `{self.read.text}` reads in line {self.read.span.line} may be more than"
            f" {MOST_VALUES} different values at these bounds: smaller bounds, or `bits N` where"
            " that is declared, make them fewer"
        )


def rank(constant: Constant) -> tuple[int, int, str]:
    """A fixed order of constants: numbers, objects, the rest by name."""
    match constant:
        case int():
            return (0, constant, "")
        case Reference(number):
            return (1, number, "")
        case Special():
            return (2, 0, constant.value)


def ordered(constants: set[Constant]) -> Values:
    """The constants in their fixed order."""
    if len(constants) > MOST_VALUES:
        raise TooManyValues
    return tuple(sorted(constants, key=rank))


class Domains:
    """The sets, filled by `analyse`. A read that is observed is one of a fork alone."""

    def __init__(self, graph: EventGraph, model: Model, pairs: int | None = None) -> None:
        self.pairs = pairs
        self.graph = graph
        self.model = model
        self._most = MOST_VALUES
        self.returned: dict[tuple[int, int], Values] = {}
        self.locations: dict[int, tuple[int, ...]] = {}
        self.candidates: dict[int, tuple[int, ...]] = {}
        self.writers: dict[int, tuple[int, ...]] = {}
        self.settled: dict[int, Values] = {}
        self.watched = self._watched()
        self._terms: dict[Term, Values] = {}
        self._certain: dict[int, bool] = {}
        self._effective: dict[Guard, frozenset[int]] = {}
        self.fields = [dict(o.fields) for o in graph.objects]
        self.freed: frozenset[Constant] = frozenset()
        self.tokens = [e.number for e in graph.events if e.kind is Kind.FRESH]
        self.accesses = [e for e in graph.events if e.address is not None]

    def fork(self) -> "Domains":
        """An extension that leaves this one alone.

        What is kept per term is shared: terms are compared by identity, and those over the reads
        that one fork observes are in no other.
        """
        twin = copy(self)
        twin.returned, twin.locations = dict(self.returned), dict(self.locations)
        twin.candidates = dict(self.candidates)
        return twin

    # ------------------------------------------------------------ terms

    def of(self, term: Term) -> Values:
        """The possible values of a term."""
        if isinstance(term, Const):
            return (term.value,)
        found = self._terms.get(term)
        if found is None:
            found = self._terms[term] = self._of(term)
        return found

    def _of(self, term: Term) -> Values:
        match term:
            case Const(value):
                return (value,)
            case Returned(event, component):
                return self.returned.get((event, component), ())
            case Chosen(choice):
                return self._offered(choice)
            case Token():
                return tuple(TOKEN_BASE + n + 1 for n in range(len(self.tokens)))
            case Observed(event):
                return self.settled.get(event, ())
            case Apply(operator, (operand,)):
                return ordered({apply(operator, (a,)) for a in self.of(operand)})
            case Apply("&&" | "||" as operator, (left, right)):
                return self._short(operator, self.of(left), self.of(right))
            case Apply(operator, (left, right)) if left is right:
                return ordered({apply(operator, (a, a)) for a in self.of(left)})
            case Apply(operator, (left, right)):
                return self._pairs(operator, self.of(left), self.of(right))
            case Select(_, then, otherwise):
                return ordered({*self.of(then), *self.of(otherwise)})
        raise AssertionError(term)

    def _offered(self, choice: int) -> Values:
        """The values of a choice; of objects the new one and those that some event may free."""
        values = self.graph.choices[choice].values
        if not self.graph.choices[choice].have:
            return values
        return (values[0], *(value for value in values[1:] if value in self.freed))

    def _pairs(self, operator: str, left: Values, right: Values) -> Values:
        """What an operator makes of every pair of values."""
        self._spend(len(left) * len(right))
        return ordered({apply(operator, (a, b)) for a in left for b in right})

    def _spend(self, pairs: int) -> None:
        """Count what is looked at, where that has a limit."""
        if self.pairs is not None:
            self.pairs -= pairs
            if self.pairs < 0:
                raise TooManyValues

    def _short(self, operator: str, left: Values, right: Values) -> Values:
        """`&&` and `||`, whose right side may have no value where the left one decides."""
        going = [a for a in left if is_true(a) == (operator == "&&")]
        found: set[Constant] = {apply(operator, (a, 0)) for a in left if a not in going}
        return ordered(found | {apply(operator, (a, b)) for a in going for b in right})

    def certain(self, literal: int) -> bool:
        """Whether the literal of an atom holds whatever happens."""
        found = self._certain.get(literal)
        if found is None:
            found = self._certain[literal] = self._is_certain(literal)
        return found

    def _is_certain(self, literal: int) -> bool:
        atom = self.graph.atoms[abs(literal) - 1]
        if not isinstance(atom, Holds):
            return False
        values = self.of(atom.term)
        return bool(values) and all(is_true(v) == (literal > 0) for v in values)

    def effective(self, guard: Guard) -> frozenset[int]:
        """The literals of a guard that are not certain."""
        found = self._effective.get(guard)
        if found is None:
            found = frozenset(literal for literal in guard if not self.certain(literal))
            self._effective[guard] = found
        return found

    def implied(self, weaker: Guard, stronger: Guard) -> bool:
        """Whether a guard holds wherever another does."""
        return self.effective(weaker) <= self.effective(stronger)

    # ------------------------------------------------------------ addresses

    def address(self, event: Event) -> tuple[int, ...]:
        """The locations that an access may touch."""
        match event.address:
            case At(location):
                return (location,)
            case FieldOf(pointer, field):
                objects = [v.object for v in self.of(pointer) if isinstance(v, Reference)]
                return tuple(self.fields[o][field] for o in objects if field in self.fields[o])
            case ItemOf(locations, index):
                inside = range(len(locations))
                return tuple(
                    locations[v] for v in self.of(index) if isinstance(v, int) and v in inside
                )
            case None:
                return ()

    # ------------------------------------------------------------ rounds

    def analyse(self, most: int = MOST_VALUES) -> "Domains":
        """Fills the sets; raises TooManyValues where a read may return more than `most` values."""
        self._most = most
        writes = sum(event.kind is not Kind.READ for event in self.accesses)
        hands = sum(event.pointer is not None for event in self.graph.events)
        rounds = writes + hands + len(self.watched) + 2
        self._repeat(rounds)
        circular = self._circular() if self.graph.checked is None else set[Component]()
        if circular:
            for read in circular:
                known = self.returned.get(read, ())
                self.returned[read] = ordered({*known, Special.THIN_AIR})
            self._repeat(rounds)
        self._changed()
        self._most = MOST_VALUES  # reads at an instant, which are added later, see more than others
        return self

    def _repeat(self, rounds: int) -> None:
        for _ in range(rounds):
            if not self._round():
                break

    def _circular(self) -> set[Component]:
        """The reads of a litmus test that may return what is copied from them, in a circle.

        What nobody wrote, but each copied from another, is a value of its own.
        """
        copied = {
            (read, component): {
                other
                for source in self.candidates[read]
                if source != INITIAL
                for other in _copied(self.graph.events[source].values[component])
            }
            for read, component in self.returned
            if read in self.candidates
        }
        found, before = set(copied), set[Component]()
        while found != before:
            before = found
            found = {read for read in found if copied[read] & found}
        return found

    def _watched(self) -> list[tuple[Event, Observation, Term]]:
        """What the `settled` events observe, through reads that are numbered down from -2.

        Ghosts carry it to other lanes, so its values are found with all others.
        """
        numbers = count(-2, -1)
        found: list[tuple[Event, Observation, Term]] = []
        for event in self.graph.events:
            if event.observed is not None:
                lane = self.graph.lanes[event.lane].lane.name
                observation = Observation(self.graph, lane, lambda address: next(numbers))
                term = Apply("kept", (observation.term(event.observed),))
                found.append((event, observation, term))
        return found

    def _watch(self) -> bool:
        """What the `settled` events may yield now; whether anything was added."""
        before = dict(self.settled)
        for event, observation, term in self.watched:
            for read in observation.reads:
                assert read.address is not None
                self.observe(read.number, read.address)
            self.settled[event.number] = ordered({*self.of(term), Special.NOTHING})
        return self.settled != before

    def _changed(self) -> None:
        """Forgets what was derived from sets that have grown."""
        self._terms.clear()
        self._certain.clear()
        self._effective.clear()

    def observe(self, number: int, address: Address) -> None:
        """Adds a read of memory at an instant; it may return any write to its locations."""
        read = Event(number, -1, Kind.READ, ALWAYS, "", 0, None, address=address)
        self.locations[number] = self.address(read)
        writers = {w for x in self.locations[number] for w in self.writers.get(x, ())}
        initial = (INITIAL,) if self.readable(read) else ()
        self.candidates[number] = (*initial, *sorted(writers))
        self._receive(read)

    def _round(self) -> bool:
        """One pass over all events; whether anything was added."""
        self._changed()
        self.locations = {e.number: self.address(e) for e in self.accesses}
        writers: dict[int, list[int]] = defaultdict(list)
        for event in self.accesses:
            if event.kind is not Kind.READ:
                for location in self.locations[event.number]:
                    writers[location].append(event.number)
        self.writers = {location: tuple(numbers) for location, numbers in writers.items()}
        freeing = [e.pointer for e in self.graph.events if e.kind is Kind.FREE]
        freed = frozenset(v for p in freeing if p is not None for v in self.of(p))
        changed = freed != self.freed
        self.freed = freed
        if changed:
            self._changed()
        for event in self.accesses:
            if event.kind is not Kind.WRITE:
                self.candidates[event.number] = self._sources(event)
                try:
                    changed |= self._receive(event)
                except TooManyValues:
                    raise TooManyValues(event.where) from None
        return self._watch() or changed

    def _receive(self, read: Event) -> bool:
        """Adds what a read may return; whether that was anything."""
        locations = self.locations[read.number]
        width = max((len(self.graph.locations[x].initial) for x in locations), default=1)
        extended = [self._extend(read, component) for component in range(width)]
        return any(extended)

    def _extend(self, read: Event, component: int) -> bool:
        key = (read.number, component)
        old = self.returned.get(key, ())
        values: set[Constant] = {*old, *self._initial(read, component)}
        for source in self.candidates[read.number]:
            if source != INITIAL:
                values.update(self.of(self.graph.events[source].values[component]))
        if len(values) > self._most:
            raise TooManyValues
        if len(values) == len(old):
            return False
        self.returned[key] = ordered(values)
        return True

    def _initial(self, read: Event, component: int) -> list[Constant]:
        """The initial values that a read may return."""
        if INITIAL not in self.candidates[read.number]:
            return []
        return [self.graph.locations[x].initial[component] for x in self.readable(read)]

    def readable(self, read: Event) -> list[int]:
        """The locations whose initial value a read may return, as far as the model tells."""
        found = []
        for location in self.locations[read.number]:
            copied = self.graph.locations[location].copied
            if not (copied and self.model.causal):
                found.append(location)
        return found

    def _sources(self, read: Event) -> tuple[int, ...]:
        """The writes a read may return, INITIAL first.

        A write that comes before another write to the same location in the read's own lane,
        itself before the read, cannot be returned: the model is coherent.
        """
        locations = self.locations[read.number]
        events = self.graph.events
        found = sorted({w for location in locations for w in self.writers.get(location, ())})
        own = [w for w in found if events[w].lane == read.lane and w < read.number]
        others = [w for w in found if events[w].lane != read.lane]
        single = len(locations) == 1
        for index in range(len(own) - 1, -1, -1):
            write = own[index]
            if single and self._overwrites(write, read):
                alone = not others
                return tuple(own[index:]) if alone else (*own[index:], *others)
        usable = [w for w in own if self._compatible(w, read)]
        initial = (INITIAL,) if self.readable(read) else ()
        return (*initial, *usable, *others)

    def _overwrites(self, write: int, read: Event) -> bool:
        """Whether the write surely happens, to the read's only location, if the read does."""
        event = self.graph.events[write]
        return (
            event.success is None
            and len(self.locations[write]) == 1
            and self.implied(event.guard, read.guard)
        )

    def _compatible(self, write: int, read: Event) -> bool:
        guard = set(self.graph.events[write].guard)
        return not any(-literal in guard for literal in read.guard)


def _copied(term: Term) -> set[Component]:
    """The reads whose value a term may pass on as it is."""
    match term:
        case Returned(event, component):
            return {(event, component)}
        case Select(_, then, otherwise):
            return _copied(then) | _copied(otherwise)
        case Apply("first", (passed, _)):
            return _copied(passed)
        case _:
            return set()
