"""A run as a script: which of its choices and deferred frees belongs to which step.

A schedule has a lane's choices in one row, in the order in which the lane met them. To make the
run in another version of the protocol it must be known at which step each was made.
"""

from smtmodel.executions.compile import Compiled, Options
from smtmodel.executions.frame import Frame, Run, State
from smtmodel.executions.machine import Machine, Successor, build, is_complete
from smtmodel.executions.notes import Happened
from smtmodel.executions.program import Op
from smtmodel.executions.trace import Moment, Move, Trace
from smtmodel.language.checked import Bounds, Checked
from smtmodel.source.record import record, replace

ROUND = -1
"""In the place of a step's number: the choice of a round's block."""


@record
class Tag:
    """A choice, and the number of the step at which it is made."""

    step: int
    text: str


def tag_of(choice: str) -> Tag:
    """The tag of a choice of a machine made by `tagged`."""
    number, _, text = choice.partition(" ")
    return Tag(int(number), text)


@record
class RunScript:
    """The moves with what they did, the choices by lane and step, and for each lane the steps of
    its deferred frees in the order in which it reached them. `complete`: every lane has run to
    its end, and no store waits."""

    moves: tuple[tuple[Move, tuple[Moment, ...]], ...]
    choices: dict[tuple[str, int], tuple[str, ...]]
    deferred: dict[str, list[int]]
    complete: bool


def tagged(machine: Machine) -> Machine:
    """The same machine, whose choices say at which step they are made."""
    return replace(machine, compiled=tuple(map(_tagged, machine.compiled)))


def _tagged(lane: Compiled) -> Compiled:
    options = tuple(
        _options(op, own) if own else own
        for op, own in zip(lane.program.ops, lane.options, strict=True)
    )
    return replace(lane, options=options)


def _options(op: Op, options: Options) -> Options:
    number = ROUND if op.where is None else op.where.number

    def with_tags(found: tuple[tuple[str, Run], ...]) -> tuple[tuple[str, Run], ...]:
        return tuple((f"{number} {text}", run) for text, run in found)

    if not callable(options):
        return with_tags(options)
    offer = options

    def offered(frame: Frame) -> tuple[tuple[str, Run], ...]:
        return with_tags(offer(frame))

    return offered


def scripted(old: Checked, trace: Trace, bounds: Bounds, *, store_buffers: bool) -> RunScript:
    """The script of a run of a protocol at its own bounds."""
    machine = tagged(build(old, bounds, store_buffers=store_buffers, forget=False))
    columns = [lane.name for lane in machine.layout.lanes]
    left = {lane: list(names) for lane, names in trace.schedule.choices}
    state, moments = machine.initial(), list(trace.moments)
    moves: list[tuple[Move, tuple[Moment, ...]]] = []
    choices: dict[tuple[str, int], tuple[str, ...]] = {}
    deferred: dict[str, list[int]] = {}
    for move in trace.schedule.moves:
        successor = _successor(machine, state, move, left.setdefault(move.lane, []), columns)
        happened = [note for note in successor.effect.notes if isinstance(note, Happened)]
        count = max(1, len(happened))
        moves.append((move, tuple(moments[:count])))
        del moments[:count]
        for choice in successor.effect.choices:
            tag = tag_of(choice)
            choices[move.lane, tag.step] = (*choices.get((move.lane, tag.step), ()), tag.text)
            del left[move.lane][:1]
        if successor.state.shared.rare.reached != state.shared.rare.reached:
            step = happened[-1].where
            assert step is not None
            deferred.setdefault(move.lane, []).append(step.number)
        state = successor.state
    return RunScript(tuple(moves), choices, deferred, is_complete(state))


def _successor(
    machine: Machine, state: State, move: Move, left: list[str], columns: list[str]
) -> Successor:
    """What a move of the run led to, which is known to be possible."""
    if move.flush or move.callback is not None:
        found = machine.step(state, move, (), noted=True)
        assert found is not None
        return found
    for one in machine.successors(state, columns.index(move.lane), noted=True):
        texts = [tag_of(choice).text for choice in one.effect.choices]
        agreed = min(len(texts), len(left))
        if texts[:agreed] == left[:agreed]:
            return one
    raise AssertionError(move)
