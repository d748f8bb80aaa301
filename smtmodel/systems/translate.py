"""A checked protocol as a transition system.

The system is read from the programs of the interpreter, which are data (`executions.program`):
what a step is lowered to is shared with it, and so are the operators on values. What an action
does to a state is written down here once more, as terms. Whoever believes a proof made from a
system trusts this translation.
"""

from collections.abc import Iterator

from smtmodel.executions.actions import EVENT, kind_of
from smtmodel.executions.layout import lay_out
from smtmodel.executions.local_actions import (
    Arrive,
    ChooseBranch,
    ChooseValue,
    Compute,
    Jump,
    JumpIf,
    StartRound,
)
from smtmodel.executions.program import Program
from smtmodel.executions.rounds import lower_lane
from smtmodel.executions.terms import Computed, Immediate
from smtmodel.executions.values import PARTIAL
from smtmodel.language.ast import When
from smtmodel.language.checked import (
    DEADLOCK,
    OVERFLOW,
    Bounds,
    BuiltIn,
    Checked,
    Constant,
    NamedObject,
    Never,
    Property,
    Reach,
    ReachStep,
    freed_structs,
)
from smtmodel.language.independence import Independent, independence
from smtmodel.source.record import parts, replace
from smtmodel.systems.deadlock import givers, waits_of, why_undecided
from smtmodel.systems.freeing import carried_out
from smtmodel.systems.lanes import candidates
from smtmodel.systems.movers import WAITING, movers_of, unmoved
from smtmodel.systems.moves import Mover
from smtmodel.systems.room import Room, furnish
from smtmodel.systems.snapshots import holding
from smtmodel.systems.system import (
    ENDED,
    HOME,
    Bad,
    Edge,
    NotCovered,
    NotCoveredError,
    System,
    WaitingPlace,
)
from smtmodel.systems.ways import Way, any_of, equals, given

SLOTS = 4
"""How many objects of a struct may be in use at once; a run with more goes beyond the system."""


def system_of(
    protocol: Checked, *, slots: int = SLOTS, together: bool = True
) -> System | NotCovered:
    """The system of a protocol, or what it does not cover. Without `together` every event is an
    edge of its own."""
    try:
        return _system(protocol, slots, together=together)
    except NotCoveredError as error:
        return error.refused


def events_of(protocol: Checked) -> int:
    """How many events the programs of the lanes of the system have, known before it is made."""
    layout = lay_out(judged(protocol), lanes_of(protocol))
    programs = (lower_lane(layout, index) for index in range(len(layout.lanes)))
    return sum(kind_of(op.action) == EVENT for program in programs for op in program.ops)


def room_of(protocol: Checked, *, slots: int = SLOTS) -> Room:
    """The quantities of the system of a protocol, and where to find which."""
    layout = lay_out(judged(protocol), lanes_of(protocol))
    programs = tuple(lower_lane(layout, index) for index in range(len(layout.lanes)))
    awaited = {} if why_undecided(protocol, programs, free_lanes(protocol)) else givers(programs)
    lanes = {lane for known in awaited.values() for lane in known}
    return furnish(layout, programs, slots, ends=_ends(protocol), givers=lanes)


def judged(protocol: Checked) -> Checked:
    """The protocol without the properties that are not judged and need what locals were in the
    end."""
    ends = _ends(protocol)
    kept = [
        one
        for one in protocol.properties
        if not isinstance(one, Reach) and (ends or not _finally(one))
    ]
    return replace(protocol, properties=tuple(kept))


def _ends(protocol: Checked) -> bool:
    """Whether complete executions are judged: only where no lane stands for any number, since all
    of them have to end."""
    return any(_finally(one) for one in protocol.properties) and not free_lanes(protocol)


def _finally(prop: Property) -> bool:
    return isinstance(prop, Never) and prop.when is When.FINALLY


def lanes_of(protocol: Checked) -> Bounds:
    """The lanes of a system: one of a kind that nothing couples, else as many as the file says.

    Each goes on for any number of rounds.
    """
    counts = tuple(
        (name, 1 if _alone(protocol, name) else count) for name, count in protocol.bounds.lanes
    )
    return Bounds(protocol.updaters or 1, counts, 1)


def _alone(protocol: Checked, bound: str) -> bool:
    kinds = [kind for kind in protocol.kinds if kind.bound == bound]
    return all(isinstance(independence(protocol, kind), Independent) for kind in kinds)


def free_lanes(protocol: Checked) -> tuple[str, ...]:
    """The bounds of the kinds of which the one lane in the system stands for any number."""
    bounds = dict.fromkeys(kind.bound for kind in protocol.kinds if not kind.updates)
    return tuple(bound for bound in bounds if _alone(protocol, bound))


def _system(protocol: Checked, slots: int, *, together: bool) -> System:
    for name in freed_structs(protocol):
        if protocol.struct(name).ghosts:
            raise NotCoveredError(None, f"{name} objects, which have ghost fields, are had again")
    if any(isinstance(one, NamedObject) for one in parts((protocol.blocks, protocol.properties))):
        raise NotCoveredError(None, "an object stands by its name for a pointer to it")
    room = room_of(protocol, slots=slots)
    waiting = why_undecided(protocol, room.programs, free_lanes(protocol))
    movers = movers_of(protocol, room.programs) if together else unmoved(room.programs)
    edges: list[Edge] = []
    waits: list[WaitingPlace] = []
    for index, program in enumerate(room.programs):
        mover = Mover(room, index, program, begins_alone(program), movers[index])
        edges += mover.edges()
        waits += () if waiting else waits_of(room, mover)
    edges += carried_out(room)
    return System(
        protocol,
        room.layout.lanes,
        tuple(room.quantities),
        tuple(room.places),
        room.progress,
        room.fresh,
        room.drawn,
        tuple(slot for known in room.slots.values() for slot in known),
        tuple(edges),
        tuple(_bad(room)),
        frozenset(_passing(room)),
        tuple(waits),
        tuple(_undecided(protocol, waiting)),
        candidates(room),
    )


def _passing(room: Room) -> Iterator[tuple[int, int]]:
    """Where a lane never waits: before an event that can always happen, outside atomic blocks, and
    where nothing interrupts; between rounds, if every round begins with such an event."""
    for lane, program in enumerate(() if room.masks else room.programs):
        passing = {
            place
            for place, op in enumerate(program.ops)
            if kind_of(op.action) == EVENT and not op.region and not isinstance(op.action, WAITING)
        }
        yield from ((lane, place) for place in passing)
        opening = {
            place
            for place in program.until_event([HOME])
            if kind_of(program.ops[place].action) == EVENT
        }
        if opening <= passing:
            yield lane, HOME


def begins_alone(program: Program) -> bool:
    """Whether all that comes before the first event of a round is computing and choosing, which
    no other lane can tell and which cannot fail."""
    for action in (program.ops[place].action for place in program.until_event([HOME])):
        match action:
            case Compute(value=Computed(operator=operator)) if operator in PARTIAL:
                return False
            case StartRound() | Arrive() | Compute() | Jump() | JumpIf() | ChooseBranch():
                pass
            case ChooseValue():
                pass
            case _ if kind_of(action) != EVENT:
                return False
            case _:
                pass
    return True


def _bad(room: Room) -> list[Bad]:
    """The states that each `never` forbids, and those in which it meets something that the system
    has forgotten."""
    bad: list[Bad] = []
    for prop in room.layout.protocol.properties:
        if isinstance(prop, Never) and (room.updated >= 0 or prop.when is not When.FINALLY):
            instant = _complete(room) if prop.when is When.FINALLY else Way(0)
            for lane in _judged(room, prop.lanes):
                condition = Constant(1) if prop.condition is None else prop.condition
                for case in holding(room, instant, condition, lane):
                    worst = [case] if case.limit else holding(room, case, prop.bad, lane)
                    bad += [Bad(prop.name, prop.when, one.guards) for one in worst]
    return bad


def _complete(room: Room) -> Way:
    """The end of a complete execution: every lane is between two rounds, and some update has
    returned where there are any. Of other lanes it is not asked whether they have had a round: that
    would be one more thing to tell states apart."""
    path = Way(0)
    terms = [
        any_of(equals(path.value(place), Immediate(at)) for at in (HOME, ENDED))
        for place in room.places
    ]
    if any(lane.kind.updates for lane in room.layout.lanes):
        terms.append(equals(path.value(room.updated), Immediate(1)))
    return next(given(path, terms))


def _judged(room: Room, kind: str | None) -> list[int]:
    if kind is None:
        return [0]
    return [lane.index for lane in room.layout.lanes if lane.kind.name == kind]


def _undecided(protocol: Checked, waiting: str) -> list[tuple[str, str]]:
    ends = "" if _ends(protocol) else "it is about the end of all lanes of a kind"
    known = ((prop.name, _why_undecided(prop, waiting, ends)) for prop in protocol.properties)
    return [(name, why) for name, why in known if why]


def _why_undecided(prop: Property, waiting: str, ends: str) -> str:
    """Why a system does not judge a property; empty if it does. `waiting`: why it does not judge
    `deadlock`, `ends` why it does not judge complete executions."""
    match prop:
        case Reach() | ReachStep():
            return "a goal is shown by a run, at some bounds"
        case Never(when=When.FINALLY):
            return ends
        case BuiltIn(name=name) if name == DEADLOCK:
            return waiting
        case BuiltIn(name=name) if name == OVERFLOW:
            return "numbers have no limit here"
        case _:
            return ""
