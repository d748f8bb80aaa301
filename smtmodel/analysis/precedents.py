"""Runs that went wrong in one protocol, made again in one that is nearly the same.

Takes a protocol and the runs of others; gives the properties that one of them violates here too.
The interpreter makes them, so that a violation is one, at the bounds of the run and, but for
what is about ends, at larger ones; the solver is asked only where none goes wrong. Most orders of a
block's steps fail like another one did, and a run takes a tenth of the time of a question.
"""

from collections.abc import Iterator

from smtmodel.executions.replay import Impossible, replay
from smtmodel.executions.trace import Schedule
from smtmodel.language.checked import Bounds, Checked
from smtmodel.models import Model
from smtmodel.solving.bounds import is_about_ends
from smtmodel.solving.result import Coverage, Early, Limits, Result, Run, Started, sort_of
from smtmodel.source.record import record
from smtmodel.verdict import Verdict

MOST = 8
"""Runs that are tried before the solver is asked."""


@record
class Precedent:
    """A run by its moves, at its bounds."""

    bounds: Bounds
    schedule: Schedule


def first_refutation(
    protocol: Checked,
    model: Model,
    bounds: Bounds,
    limits: Limits,
    only: frozenset[str] | None,
    precedents: tuple[Precedent, ...] = (),
    *,
    shrink: bool = False,
) -> Iterator[Started | Coverage | Early | Result]:
    """A property that a precedent violates, alone and without a run; or where none does, the
    verdicts up to the first property of the file that is refuted, its run as the solver finds
    it or, with `shrink`, the smallest."""
    wanted = [one for one in protocol.properties if only is None or one.name in only]
    for precedent in precedents:
        names = violated(protocol, precedent, store_buffers=model.store_buffers)
        for item in wanted:
            # What all lanes end in is not to be seen with fewer lanes.
            seen = precedent.bounds == bounds or not is_about_ends(item)
            if item.name in names and seen:
                yield Result(item.name, sort_of(item), Verdict.REFUTED, item.span)
                return
    from smtmodel.solving.decide import decide

    asked = (protocol, model, bounds, limits, only)
    yield from decide(*asked, survey=False, shrink=shrink, first=True)


def violated(protocol: Checked, precedent: Precedent, *, store_buffers: bool) -> tuple[str, ...]:
    """The properties that are violated when the protocol makes the moves of the run, but those
    that are not possible. The protocol must have the lanes of the run."""
    bounds, schedule = precedent.bounds, precedent.schedule
    again = replay(protocol, bounds, store_buffers=store_buffers, schedule=schedule, strict=False)
    return () if isinstance(again, Impossible) else again.violated


def more(known: tuple[Precedent, ...], run: Run) -> tuple[Precedent, ...]:
    """What is tried next, the newest run first."""
    found = Precedent(run.bounds, run.trace.schedule)
    return (found, *(one for one in known if one != found))[:MOST]
