"""A run event by event, and the schedule that reproduces it.

Values are already text here: pointers are the letters of their objects (A, B, … in the order
in which the run meets them), tokens `fresh1`, `fresh2`, …, null `null`, an empty entry
`empty`, and `-` a local or field without a value.
"""

from collections.abc import Iterable

from smtmodel.language.checked import Where
from smtmodel.source.record import record

FLUSH = "flush"
"""The event of a store that takes effect."""


@record
class Move:
    """One event of a lane, or (`flush`) the oldest entry of its store buffer taking effect.

    With `callback` the free that the lane deferred as its `callback`-th, counted from 0 in the
    order in which it reached them, is carried out.
    """

    lane: str
    flush: bool = False
    callback: int | None = None


@record
class Schedule:
    """An ordering: the moves, and for each lane its choices in the order it meets them.

    A choice is a block's name, the number of an `either` branch from 1, a chosen value, or the
    object that `alloc` or `copy` has: `new`, or the name of a free object.
    """

    moves: tuple[Move, ...]
    choices: tuple[tuple[str, tuple[str, ...]], ...] = ()


@record
class Change:
    """`what: before -> after`."""

    what: str
    before: str
    after: str


@record
class LocalStep:
    """A step without an event of its own, which ran together with an event of its lane.

    `round` counts the rounds of the lane from 1; `outcome` is how a condition or a choice came
    out, and what went wrong, in words.
    """

    lane: str
    block: str
    round: int
    where: Where
    changes: tuple[Change, ...] = ()
    outcome: str = ""


@record
class Moment:
    """One event.

    `lane` and `block` say where it runs, `where` the step it comes from (None for the begin
    and return of an update or an interrupt, and for a deferred free that is carried out).
    `event` is its kind in a word (read, write, flush, lock, …), `detail` the event in words
    (`slots.slot -> 0`), `changes` what it changed: shared state, locals, entries, and which
    objects are free. `begins`: it is the first event of its step, which a lane may begin many
    times. `location` is that of an access or of a flushed write, as `detail` names it; `subject`
    the name of the lock, domain, queue or lane that the event is about, `thing` the letters of the
    object that is had or freed, or for whose free a grace period begins. `round` counts the rounds
    of the lane from 1. `outcome` is as of a `LocalStep`. `opening` are the local steps of the lane
    before its very first event, `local` those after this event and before its next one.
    """

    lane: str
    block: str
    where: Where | None
    event: str
    detail: str
    changes: tuple[Change, ...] = ()
    begins: bool = True
    location: str = ""
    subject: str = ""
    thing: str = ""
    round: int = 1
    outcome: str = ""
    opening: tuple[LocalStep, ...] = ()
    local: tuple[LocalStep, ...] = ()


@record
class Trace:
    """A run. `lanes`: each lane that moved, with the blocks it ran, in column order; `start`: what
    the shared pointers point to at first."""

    lanes: tuple[tuple[str, tuple[str, ...]], ...]
    moments: tuple[Moment, ...]
    schedule: Schedule
    start: tuple[tuple[str, str], ...] = ()


def numbers(moments: Iterable[Moment]) -> list[int | None]:
    """For each event the number of its step, counted from 1 as the lanes begin them; None for a
    begin, a return and a store that takes effect, which belong to none."""
    listed: list[int | None] = []
    latest: dict[str, int] = {}
    steps = 0
    for moment in moments:
        if moment.where is None or moment.event == FLUSH:
            listed.append(None)
            continue
        if moment.begins:
            steps += 1
            latest[moment.lane] = steps
        listed.append(latest.get(moment.lane))
    return listed
