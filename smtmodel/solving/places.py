"""What the table of a run says of its events.

Takes the solver's assignment of a run and the trace that the interpreter made of it; gives for
each event that the table shows the step it belongs to, and words for it. What is put into a store
buffer has its place where it takes effect, which is no step.
"""

from smtmodel.encoding.decode import Reader
from smtmodel.events.graph import Event, EventGraph
from smtmodel.executions.trace import FLUSH, Moment, Trace, numbers
from smtmodel.language.checked import Checked, Each, Retry, Where, While
from smtmodel.language.walk import steps_in
from smtmodel.solving.result import Place
from smtmodel.source import Span
from smtmodel.source.record import parts, record


@record
class FactSide:
    """One side of a fact: one of these events, or all of them that happen; at least one does.

    `location`: the words name what a single event accesses, so it is that in every execution.
    """

    place: Place
    events: tuple[int, ...]
    location: int | None = None


@record
class EventNames:
    """What the table says of an event: its side as the whole step, where that is clear on every
    path, and as a single event, where that has a name of its own."""

    row: int | None
    whole: FactSide | None
    single: FactSide | None


def same_events(graph: EventGraph, trace: Trace) -> list[int] | None:
    """The events of a graph that a run is made of, in order; None where they cannot be told.

    In a loop it is not known which pass an event belongs to: the first that it can is taken.
    """
    found: list[int] = []
    latest: dict[int, Event] = {}
    for moment in trace.moments:
        if moment.event == "local":
            continue
        late = moment.event == "callback"
        lanes = [
            number
            for number, lane in enumerate(graph.lanes)
            if lane.lane.name == moment.lane and (lane.defers is not None) is late
        ]
        if len(lanes) != 1:
            return None
        event = _next(graph, lanes[0], latest.get(lanes[0]), None if late else moment)
        if event is None:
            return None
        latest[lanes[0]] = event
        found.append(event.number)
    return found


def _next(graph: EventGraph, lane: int, last: Event | None, moment: Moment | None) -> Event | None:
    """The first event of a lane after the last that a moment may tell of; another block is
    another round."""
    first = graph.lanes[lane].first if last is None else last.number + 1
    for event in graph.events[first : graph.lanes[lane].last]:
        if moment is None and not event.is_local:
            return event
        if moment is None or event.is_local or event.where != moment.where:
            continue
        if event.block == moment.block and (
            last is None or last.block == event.block or last.round < event.round
        ):
            return event
    return None


def table(
    reader: Reader, found: list[Event], trace: Trace, ended: frozenset[int]
) -> dict[int, EventNames]:
    """What the table says of each event; nothing of those that it does not show. `ended` are the
    lanes that have run to their ends."""
    steps = numbers(trace.moments)
    told: dict[int, EventNames] = {}
    for index, lane in enumerate(reader.graph.lanes):
        own = sorted((e for e in found if e.lane == index and not e.ghost), key=lambda e: e.number)
        moments = [
            (moment, number)
            for moment, number in zip(trace.moments, steps, strict=True)
            if moment.lane == lane.lane.name and moment.event not in (FLUSH, "local", "callback")
        ]
        if lane.defers is not None or len(own) != len(moments):
            continue
        rows = {e.number: number for e, (_, number) in zip(own, moments, strict=True)}
        for event, (moment, number) in zip(own, moments, strict=True):
            if moment.event in _UPDATES and not reader.buffered(event):
                once = sum(other.event == moment.event for other, _ in moments) == 1
                place = Place(None, moment.lane, "", _UPDATES[moment.event])
                single = FactSide(place, (event.number,)) if once else None
                told[event.number] = EventNames(None, None, single)
            if number is not None and moment.where is not None:
                row = [other for other, of in moments if of == number]
                whole = index in ended or not _is_cut(reader, event, own[-1].number)
                told[event.number] = _one(reader, event, moment, row, number, rows, whole=whole)
    return told


def _one(
    reader: Reader,
    event: Event,
    moment: Moment,
    row: list[Moment],
    number: int,
    rows: dict[int, int | None],
    *,
    whole: bool,
) -> EventNames:
    """What the table says of an event in a row; `rows` are those of the lane's events. `whole`:
    the lane is not in the midst of the step at the end."""
    assert moment.where is not None
    text, span = moment.where.text, moment.where.span
    lane = reader.graph.lanes[event.lane]
    own = [e for e in reader.graph.events[lane.first : lane.last] if not e.is_local]
    step = _events_of_step(reader, event)
    name = _name(moment, row)
    part = f"{name} in" if name else ""
    if reader.buffered(event):
        one = sum(reader.buffered(other) for other in step) == 1
        part = f"the effect of {'' if one else part}".strip() if one or part else ""
        # An effect has no number: its words must say which step is meant.
        alike = {e.span for e in own if e.where is not None and e.where.text == moment.where.text}
        times = {rows[e.number] for e in own if e.span in alike and e.number in rows}
        part = part if len(times) == 1 else ""
        named = None if one else location_of(reader, event)
        place = Place(None, moment.lane, text, part)
        effect = FactSide(place, (event.number,), named) if part else None
        return EventNames(number, None, effect)
    named = location_of(reader, event)
    place = Place(number, moment.lane, text, part)
    single = FactSide(place, (event.number,), named) if part else None
    if not whole or span in _looped(reader.graph.protocol) or any(map(reader.buffered, step)):
        return EventNames(number, None, single)
    place = Place(number, moment.lane, text)
    return EventNames(number, FactSide(place, tuple(other.number for other in step)), single)


def location_of(reader: Reader, event: Event) -> int | None:
    """What an event of the run accesses; None if it is no access."""
    if event.address is None:
        return None
    touched = reader.encoding.touches(event.number).items()
    return next(place for place, literal in touched if reader.holds(literal))


def _events_of_step(reader: Reader, event: Event) -> list[Event]:
    """The events of an event's step, on whatever path."""
    lane = reader.graph.lanes[event.lane]
    return [
        other
        for other in reader.graph.events[lane.first : lane.last]
        if not other.is_local and other.round == event.round and other.span == event.span
    ]


def _is_cut(reader: Reader, event: Event, last: int) -> bool:
    """Whether some event of an event's step comes after the last that its lane has made."""
    return any(other.number > last for other in _events_of_step(reader, event))


def _looped(protocol: Checked) -> frozenset[Span]:
    """The steps in loops: the events of one round are not told from those of the next."""
    loops = [
        step
        for block in protocol.blocks
        for step in steps_in(block.steps)
        if isinstance(step, While | Retry | Each)
    ]
    return frozenset(part.span for part in parts(tuple(loops)) if isinstance(part, Where))


_ACCESSES = {"read": "read of", "write": "write of", "modify": "read-modify-write of"}
_OTHERS = {
    "grace period begins": "begin of the grace period",
    "grace period ends": "end of the grace period",
    "lock": "taking of the lock",
    "unlock": "release of the lock",
    "interrupts off": "switching off of interrupts",
    "interrupts on": "switching on of interrupts",
}
_UPDATES = {"begin": "the begin", "return": "the return"}
_COUNTED = ("first", "second", "third", "fourth")


def _name(moment: Moment, row: list[Moment]) -> str:
    """An event of a row in words: `the second read of x`; nothing where there are no words."""
    alike = [one for one in row if (one.event, one.location) == (moment.event, moment.location)]
    place = next(number for number, one in enumerate(alike) if one is moment)
    if moment.event in _ACCESSES and moment.location:
        words = f"{_ACCESSES[moment.event]} {moment.location}"
    elif moment.event in _OTHERS:
        words = _OTHERS[moment.event]
    else:
        return ""
    if len(alike) == 1:
        return f"the {words}"
    return f"the {_COUNTED[place]} {words}" if place < len(_COUNTED) else ""
