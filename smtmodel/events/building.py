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


class Builder:
    """The graph so far, and where in it the lane being unrolled is."""

    def __init__(self, protocol: Checked, bounds: Bounds) -> None:
        self.protocol = protocol
        self.bounds = bounds
        self.lanes = lang.lanes(protocol, bounds)
        self.variables = {v.name: v for v in protocol.variables}
        self.structs = {s.name: s.fields for s in protocol.structs}
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

        self._declare()

    def finished(self, lanes: tuple[LaneGraph, ...]) -> EventGraph:
        """The graph of all lanes."""
        return EventGraph(
            protocol=self.protocol,
            bounds=self.bounds,
            lanes=lanes,
            events=tuple(self.events),
            locations=tuple(self.locations),
            objects=tuple(self.objects),
            cells=self.cells,
            atoms=tuple(self.atoms),
            choices=tuple(self.choices),
            waits=tuple(self.waits),
            stops=tuple(self.stops),
            begun=tuple(self.begun),
            locals=self.locals,
        )

    # ------------------------------------------------------------ state

    def _declare(self) -> None:
        for item in self.protocol.objects:
            values = tuple((_initial(v),) for v in item.values)
            self._new_object(item.struct, values, item.name, copied=False)
        for variable in self.protocol.variables:
            initial = tuple(_initial(v) for v in variable.initial)
            match variable.shape:
                case Shape.SCALAR:
                    self._cell(variable.name, "", variable.name, initial)
                case Shape.STRUCT:
                    for name, value in zip(variable.fields, initial, strict=True):
                        self._cell(variable.name, name, f"{variable.name}.{name}", (value,))
                case Shape.ARRAY:
                    for index, value in enumerate(initial):
                        self._cell(variable.name, str(index), f"{variable.name}[{index}]", (value,))
                case Shape.WORD:
                    self._cell(variable.name, "", variable.name, initial)
                case Shape.CACHE:
                    empty = (Special.NOTHING,) * len(variable.fields)
                    for lane in self.lanes:
                        if lane.kind.name == variable.owner:
                            name = f"{variable.name} of {lane.name}"
                            self._cell(variable.name, lane.name, name, empty)

    def _cell(self, name: str, part: str, title: str, initial: tuple[Constant, ...]) -> None:
        self.cells[name, part] = len(self.locations)
        self.locations.append(Location(title, initial))

    def _new_object(
        self, struct: str, values: tuple[tuple[Constant, ...], ...], name: str, *, copied: bool
    ) -> int:
        number = len(self.objects)
        fields = []
        for field, value in zip(self.structs[struct], values, strict=True):
            fields.append((field, len(self.locations)))
            self.locations.append(Location(f"{name}.{field}", value, number, copied))
        self.objects.append(Object(struct, tuple(fields)))
        return number

    def allocate(self, struct: str, *, copied: bool) -> int:
        unwritten = ((Special.UNWRITTEN,),) * len(self.structs[struct])
        name = f"{struct}{len(self.objects)}"
        return self._new_object(struct, unwritten, name, copied=copied)

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
        if (
            len(extra) == 2
            and extra[0] == tuple(-literal for literal in extra[1][:1])
            and (len(extra[1]) == 1)
        ):
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
    ) -> int:
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
                atomic=self.atomic,
            )
        )
        return number

    def amend(self, number: int, **changes: object) -> None:
        self.events[number] = replace(self.events[number], **changes)

    def wait(self, kind: Kind, name: str, partners: tuple[int, ...] = ()) -> int:
        """An event that the lane may have to wait for."""
        before = self.guard
        number = self.event(kind, name=name, partners=partners)
        self.guard = self.under(self.atom(Passes(number)))
        self.amend(number, guard=self.guard)
        self.waits.append(Wait(before, number))
        return number

    def choose(self, names: tuple[str, ...], values: tuple[int, ...] | None = None) -> Chosen:
        """A free choice that a replay must be told."""
        offered = tuple(range(len(names))) if values is None else values
        self.choices.append(Choice(self.lane, self.guard, names, offered))
        return Chosen(len(self.choices) - 1)
