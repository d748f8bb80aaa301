"""Runs as words that say which steps each lane takes: `fault0@31 update0@20-25/* fault0@32,34`.

Takes a run; gives words that the interpreter makes that very run of, which is tried. Where there
are none, because a lane stops in the middle of a step, that part says how many moves it makes.
"""

from collections.abc import Iterator, Sequence
from itertools import groupby

from smtmodel.executions.replay import Replayed, replay
from smtmodel.executions.schedule import END, BadStep, parse_schedule, schedule_words
from smtmodel.executions.trace import FLUSH, Moment, Move, Schedule, Trace
from smtmodel.language.checked import Bounds, Checked
from smtmodel.language.step_names import StepNames

CALLBACK = "callback"
"""The event of a deferred free that is carried out."""


def shorthand(
    protocol: Checked, bounds: Bounds, trace: Trace, *, store_buffers: bool
) -> tuple[str, ...]:
    """The words of a run of a protocol at these bounds."""
    words = _Words(protocol, trace).all()
    plan = parse_schedule(words, protocol, bounds)
    if not isinstance(plan, BadStep):
        run = replay(protocol, bounds, store_buffers=store_buffers, schedule=plan)
        if isinstance(run, Replayed) and run.trace.schedule == trace.schedule:
            return words
    return schedule_words(trace.schedule)


class _Words:
    """The words of a run, of which it is not known yet that they make it."""

    def __init__(self, protocol: Checked, trace: Trace) -> None:
        self.names = StepNames(protocol)
        self.trace = trace
        self.choices = dict(trace.schedule.choices)

    def all(self) -> tuple[str, ...]:
        moves = [[*own] for _, own in groupby(self.trace.schedule.moves, _is_by)]
        told = [[*own] for _, own in groupby(self.trace.moments, _is_of)]
        if len(moves) != len(told):
            return ()
        words: list[str] = []
        for place, (made, moments) in enumerate(zip(moves, told, strict=True)):
            later = [one for own in told[place + 1 :] for one in own]
            words += self._run_of(made, moments, later)
        return tuple(words)

    def _run_of(
        self, made: Sequence[Move], moments: Sequence[Moment], later: Sequence[Moment]
    ) -> Iterator[str]:
        """What one lane does before another one moves: the steps that it completes, and how
        many moves it makes after them."""
        move = made[0]
        if _is_by(move)[1]:
            yield from schedule_words(Schedule(tuple(made)))
            return
        following = next((one for one in later if _is_of(one) == _is_of(moments[0])), None)
        done = _completed(moments, following)
        steps = _ranges(self._taken(moments[:done]))
        chosen = self.choices.pop(move.lane, ())
        choices = f":{','.join(chosen)}" if chosen else ""
        rest = moments[done:]
        if steps and rest and following is None and rest[-1].where is None:
            yield f"{move.lane}@{steps}{choices}/{END}"
        elif steps:
            yield f"{move.lane}@{steps}{choices}"
            if rest:
                yield f"{move.lane}{_times(len(rest))}"
        else:
            yield f"{move.lane}{choices}{_times(len(made))}"

    def _taken(self, moments: Sequence[Moment]) -> list[str]:
        """The names of the steps that these events are of."""
        found: list[str] = []
        for moment in moments:
            if moment.where is not None:
                name = self.names.of(moment.where)
                if moment.begins or not found or found[-1] != name:
                    found.append(name)
        return found


def _is_by(move: Move) -> tuple[str, bool]:
    """Which lane moves, and whether it is what one of its steps leads to later."""
    return move.lane, move.flush or move.callback is not None


def _is_of(moment: Moment) -> tuple[str, bool]:
    """The same of an event."""
    return moment.lane, moment.event in (FLUSH, CALLBACK)


def _times(count: int) -> str:
    return f"/{count}" if count > 1 else ""


def _completed(moments: Sequence[Moment], following: Moment | None) -> int:
    """How many of the events of a lane are those of steps that it completes."""
    steps = [place for place, one in enumerate(moments) if one.where is not None]
    if not steps:
        return 0
    if following is None or following.begins or following.where is None:
        return steps[-1] + 1
    return max((place for place, one in enumerate(moments) if one.begins), default=0)


def _ranges(names: Sequence[str]) -> str:
    """Steps in their order, those on lines that follow each other as `20-25`."""
    found: list[list[str]] = []
    for name in names:
        if found and _follows(found[-1][-1], name):
            found[-1][1:] = [name]
        else:
            found.append([name])
    return ",".join("-".join(ends) for ends in found)


def _follows(name: str, other: str) -> bool:
    return name.isdecimal() and other.isdecimal() and int(other) == int(name) + 1
