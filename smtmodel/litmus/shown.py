"""An execution to look at: what each lane does, and how that communicates."""

from smtmodel.source.record import record


@record
class ShownEvent:
    """What a lane does, in words, and the line of the file that says so."""

    lane: str
    text: str
    line: int | None


@record
class ShownLink:
    """That an event leads to another (both from 0), by a relation; `what` is the location, if it
    is about one."""

    relation: str
    source: int
    target: int
    what: str = ""


@record
class ShownExecution:
    """An execution, lane by lane, with where its reads come from (`rf`), which write to a location
    is the next (`co`), and which comes next after the one that is read (`fr`).

    `cycle`: what an axiom does not allow in it, each leading to the next, the last to the first.
    """

    events: tuple[ShownEvent, ...]
    links: tuple[ShownLink, ...]
    cycle: tuple[ShownLink, ...] = ()
