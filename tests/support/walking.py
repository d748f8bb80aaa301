"""The machine moved by words, for tests of single moves."""

from smtmodel.executions.frame import State
from smtmodel.executions.machine import Machine, build
from smtmodel.executions.trace import Move
from tests.support.handmade import Maker


def machine_of(made: Maker, *, store_buffers: bool = False, **counts: int) -> Machine:
    """The machine of a protocol at these bounds; it forgets nothing."""
    bounds = made.bounds(**counts)
    return build(made.checked(), bounds, store_buffers=store_buffers, forget=False)


def walk(machine: Machine, *words: str) -> tuple[State, list[str]]:
    """Make moves; gives the state and what was violated on the way.

    `a0` is a move of the lane, `a0:new` one with that choice, `a0.flush` a flush and `a0.free1`
    its second deferred free.
    """
    state, violated = machine.initial(), list[str]()
    for word in words:
        name, _, choice = word.partition(":")
        after = machine.step(state, _move(name), (choice,) if choice else ())
        assert after is not None, word
        state = after.state
        violated.extend(after.effect.violated)
    return state, violated


def _move(word: str) -> Move:
    name, _, rest = word.partition(".")
    late = int(rest.removeprefix("free")) if rest.startswith("free") else None
    return Move(name, flush=rest == "flush", callback=late)


def possible(machine: Machine, state: State) -> list[str]:
    """The moves that are possible, in the words of `walk`."""
    return [
        move.lane
        + (".flush" if move.flush else "")
        + ("" if move.callback is None else f".free{move.callback}")
        for move in machine.moves(state)
    ]


def value_of(machine: Machine, state: State, name: str) -> object:
    """What a variable holds in memory."""
    return state.shared.memory[machine.layout.variables[name]]
