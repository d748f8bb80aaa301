"""The event graph under construction: state, guards, events, and where the lane being unrolled is.

What steps and expressions mean is in `symbolic` and `unroll`.
"""

from smtmodel.events.graph import (
    Address,
    Begun,
    Choice,
    Event,
    EventGraph,
    Kind,
    LaneGraph,
    Location,
    Object,
    Stop,
    Wait,
)
from smtmodel.events.terms import (
    ALWAYS,
    AnyOf,
    Atom,
    Chosen,
    Const,
    Constant,
    Guard,
    Holds,
    Passes,
    Reference,
    Special,
    Term,
)
from smtmodel.language import checked as lang
from smtmodel.language.checked import (
    Bounds,
    Checked,
    Mark,
    Shape,
    Where,
)
from smtmodel.source.record import replace

MOST_EVENTS = 20_000


class TooLarge(Exception):
    """The graph would have more than MOST_EVENTS events."""


def _initial(value: lang.Value) -> Constant:
    match value:
        case None:
            return Special.NULL
        case int():
            return value
        case lang.ObjectReference(index):
            return Reference(index)


class GraphBuilder:
    """The graph so far, and where in it the lane being unrolled is."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.locations: list[Location] = []
        self.objects: list[Object] = []
        self.cells: dict[tuple[str, str], int] = {}
        self.atoms: list[Atom] = []
        self.choices: list[Choice] = []
        self.waits: list[Wait] = []
        self.stops: list[Stop] = []
        self.begun: list[Begun] = []
        self.locals: dict[tuple[str, str, str], Term] = {}
        self._holds: dict[Term, int] = {}
        # The lane being unrolled.
        self.lane = 0
        self.round = 0
        self.block = ""
        self.where: Where | None = None
        self.guard: Guard = ALWAYS
        self.first = 0
        self.atomic: int | None = None
        self.atomics = 0
        self.interrupted = False

    def finished(
        self,
        lanes: tuple[LaneGraph, ...],
        checked: Checked | None = None,
        bounds: Bounds | None = None,
    ) -> EventGraph:
        """The graph of all lanes, and of what protocol it is, if of one."""
        return EventGraph(
            checked=checked,
            bounds=bounds,
            lanes=lanes,
            events=tuple(self.events),
            locations=tuple(self.locations),
            objects=tuple(self.objects),
            cells=self.cells,
            atoms=tuple(self.atoms),
            choices=tuple(map(self._offered, self.choices)),
            waits=tuple(self.waits),
            stops=tuple(self.stops),
            begun=tuple(self.begun),
            locals=self.locals,
        )

    def _offered(self, choice: Choice) -> Choice:
        """A choice of an object offers every other one of its struct too."""
        if not choice.have:
            return choice
        (new,) = choice.values
        assert isinstance(new, Reference)
        struct = self.objects[new.object].struct
        others = [Reference(n) for n, o in enumerate(self.objects) if o.struct == struct]
        return replace(choice, values=(new, *(other for other in others if other != new)))

    # ------------------------------------------------------------ state

    def cell(self, name: str, part: str, title: str, initial: tuple[Constant, ...]) -> None:
        self.cells[name, part] = len(self.locations)
        self.locations.append(Location(title, initial))

    # ------------------------------------------------------------ guards

    def atom(self, atom: Atom) -> int:
        if len(self.atoms) >= 4 * MOST_EVENTS:
            raise TooLarge
        self.atoms.append(atom)
        return len(self.atoms)

    def holding(self, term: Term) -> int:
        """The literal that a term is true."""
        if term not in self._holds:
            self._holds[term] = self.atom(Holds(term))
        return self._holds[term]

    def under(self, literal: int) -> Guard:
        return tuple(sorted({*self.guard, literal}))

    def joined(self, base: Guard, guards: list[Guard]) -> Guard:
        """A guard that holds where one of the guards does; each of them implies `base`."""
        if len(guards) == 1:
            return guards[0]
        extra = [tuple(sorted(set(g) - set(base))) for g in guards]
        if any(not e for e in extra):
            return base
        if len(extra) == 2 and len(extra[0]) == 1 and extra[1] == (-extra[0][0],):
            return base
        return tuple(sorted({*base, self.atom(AnyOf(tuple(guards)))}))

    def stop_unless(self, name: str, term: Term) -> None:
        """The lane goes no further where the term is false."""
        self.stop(name, self.under(self.holding(term)))

    def stop(self, name: str, passed: Guard) -> None:
        after = len(self.events) - 1 if len(self.events) > self.first else None
        self.stops.append(Stop(name, self.guard, passed, self.lane, after, self.where))
        self.guard = passed

    # ------------------------------------------------------------ events

    def event(
        self,
        kind: Kind,
        *,
        address: Address | None = None,
        mark: Mark = Mark.PLAIN,
        values: tuple[Term, ...] = (),
        name: str = "",
        partners: tuple[int, ...] = (),
        serial: bool = False,
        shared: bool = False,
        waits: bool = False,
    ) -> int:
        """Adds an event. The lane may have to wait for it where it `waits` or is interrupted."""
        number = len(self.events)
        if number >= MOST_EVENTS:
            raise TooLarge
        self.events.append(
            Event(
                number=number,
                lane=self.lane,
                kind=kind,
                guard=self.guard,
                block=self.block,
                round=self.round,
                where=self.where,
                address=address,
                mark=mark,
                values=values,
                name=name,
                partners=partners,
                serial=serial,
                shared=shared,
                atomic=self.atomic,
            )
        )
        if waits or (self.interrupted and self._interruptible(number)):
            self._wait(number)
        return number

    def _wait(self, number: int) -> None:
        """The lane may stand before an event for good, but where it is within an atomic block."""
        base, begun = self.guard, self._begun(number)
        inside = self.atom(AnyOf(begun)) if begun else None
        if inside is not None:
            self.guard = self.under(-inside)
        self.waits.append(Wait(self.guard, number))
        passed = self.under(self.atom(Passes(number)))
        ways = [] if inside is None else [tuple(sorted({*base, inside}))]
        self.guard = self.joined(base, [*ways, passed])
        self.amend(number, guard=self.guard)

    def _interruptible(self, number: int) -> bool:
        """Whether an interrupt may come just before an event: never within an atomic block."""
        event = self.events[number]
        inside = any(set(guard) <= set(event.guard) for guard in self._begun(number))
        return not event.is_local and not inside

    def _begun(self, number: int) -> tuple[Guard, ...]:
        """The guards of the events before this one in its atomic block, if it lies in one."""
        block = self.events[number].atomic
        earlier = self.events[self.first : number] if block is not None else []
        return tuple(e.guard for e in earlier if e.atomic == block and not e.is_local)

    def amend(self, number: int, **changes: object) -> None:
        self.events[number] = replace(self.events[number], **changes)

    def choose(self, names: tuple[str, ...], values: tuple[int, ...] | None = None) -> Chosen:
        """A free choice that a replay must be told."""
        offered = tuple(range(len(names))) if values is None else values
        self.choices.append(Choice(self.lane, self.guard, names, offered))
        return Chosen(len(self.choices) - 1)


class Builder(GraphBuilder):
    """The graph of a protocol, with its variables and objects."""

    def __init__(self, protocol: Checked, bounds: Bounds) -> None:
        super().__init__()
        protocol = lang.furnished(protocol, bounds)
        self.protocol = protocol
        self.bounds = bounds
        self.lanes = lang.lanes(protocol, bounds)
        self.variables = {v.name: v for v in protocol.variables}
        self.structs = {s.name: s for s in protocol.structs}
        self.freed = lang.freed_structs(protocol)
        self._declare()

    def _declare(self) -> None:
        for item in self.protocol.objects:
            values = tuple((_initial(v),) for v in item.values)
            self._new_object(Object(item.struct, (), item.name), values, copied=False)
        for variable in self.protocol.variables:
            initial = tuple(_initial(v) for v in variable.initial)
            match variable.shape:
                case Shape.SCALAR:
                    self.cell(variable.name, "", variable.name, initial)
                case Shape.STRUCT:
                    for name, value in zip(variable.fields, initial, strict=True):
                        self.cell(variable.name, name, f"{variable.name}.{name}", (value,))
                case Shape.ARRAY:
                    for index, value in enumerate(initial):
                        title = lang.element(variable.name, str(index))
                        self.cell(variable.name, str(index), title, (value,))
                case Shape.WORD | Shape.SHARED_CACHE:
                    for index, entry in enumerate(variable.entries):
                        part = str(index) if variable.length else ""
                        title = lang.element(variable.name, part) if part else variable.name
                        first = tuple(_initial(v) for v in entry)
                        empty = (Special.NOTHING,) * len(variable.fields)
                        self.cell(variable.name, part, title, first or empty)
                case Shape.CACHE:
                    empty = (Special.NOTHING,) * len(variable.fields)
                    for lane in self.lanes:
                        if lane.kind.name == variable.owner:
                            name = f"{variable.name} of {lane.name}"
                            self.cell(variable.name, lane.name, name, initial or empty)

    def _new_object(
        self, made: Object, values: tuple[tuple[Constant, ...], ...], *, copied: bool
    ) -> int:
        number, struct = len(self.objects), self.structs[made.struct]
        name = made.name or f"{made.struct}{number}"
        fields = []
        for field, value in zip(struct.fields, values, strict=True):
            fields.append((field, len(self.locations)))
            written = copied and field not in struct.ghosts
            self.locations.append(Location(f"{name}.{field}", value, number, written))
        self.objects.append(replace(made, fields=tuple(fields)))
        return number

    def have(self, name: str, *, copied: bool) -> Term:
        """A pointer to a new object, or to one that has been freed."""
        struct, choice = self.structs[name], None
        if name in self.freed:
            event = self.event(Kind.HAVE)
            choice = len(self.choices)
            self.amend(event, pointer=Chosen(choice))
        blank = tuple((0 if f in struct.ghosts else Special.UNWRITTEN,) for f in struct.fields)
        made = Object(name, (), "", self.lane, self.guard, choice)
        new = Reference(self._new_object(made, blank, copied=copied))
        if choice is None:
            return Const(new)
        self.choices.append(Choice(self.lane, self.guard, (), (new,), have=True))
        return Chosen(choice)
