"""Programs are data, and say all that their operations read, write and lead to."""

import pickle
from collections.abc import Iterator

import pytest

from smtmodel.executions.actions import Action, reads_of, sets_of, written_by
from smtmodel.executions.event_actions import AwaitValue
from smtmodel.executions.frame import ASLEEP, AT_ERROR, BLOCKED, Frame, Run, State
from smtmodel.executions.layout import Layout
from smtmodel.executions.local_actions import EndRound, MakeObject, StartRound
from smtmodel.executions.machine import Machine, build, is_complete
from smtmodel.executions.program import Program
from smtmodel.executions.terms import Absolute, Address, Indexed, InObject, Register
from smtmodel.executions.trace import Move
from smtmodel.executions.values import Absent, Value
from smtmodel.language.checked import Checked
from smtmodel.source.record import parts, replace
from tests.support import differential, random_protocols
from tests.support.examples import checked, shipped

SHIPPED = (
    "paolo",
    "kvm/k1:original",
    "kvm/k3-bonzini",
    "mmu-notifier/k12b:retry",
    "rcu/g3:kfree_rcu",
    "seqcount/g1:seqcount",
    "slub/m9:freelist_pop",
)
CORNERS = """\
protocol corners
struct node { f, ghost g }
object o: node = { f: 0 }
rcu p: node = o
shared x = 0
shared nothing: node = null
shared a[2] = 0
word w { u, v } = { u: 0, v: 0 }
waitqueue wq
rwlock rw
thread frees {
    n = nothing
    kfree(n)
    rcu_read_lock()
    rcu_read_lock()
    q = p
    rcu_read_unlock()
    assert q == p && q.f == 0 || x == 1
    rcu_read_unlock()
    kfree(q)
    WRITE_ONCE(x, 1)
    wake_up(wq)
}
thread waits {
    k = 1
    wait until (READ_ONCE(x) - k == 0 && k == 1)
    wait_event(wq, READ_ONCE(x) == k)
    read_lock(rw)
    a[k] = k + 1
    read_unlock(rw)
    e = w
    if (e.u == 0) { e = cmpxchg(w, e, { u: k, v: k }) }
}
thread irq on waits { either { x = 2 } or { y = choose 0..1 x = y + 1 } }
never bad: x == 9 always
bounds frees 1, waits 1, irq 1
"""
STATES = 150
GARBAGE = Absent("GARBAGE")


def _random(seeds: range) -> Iterator[Checked]:
    for seed in seeds:
        protocol = differential.checked(random_protocols.text(seed, weak=False))
        assert isinstance(protocol, Checked)
        yield protocol


def _machine(protocol: Checked, *, store_buffers: bool) -> Machine:
    return build(protocol, protocol.bounds, store_buffers=store_buffers, forget=False)


@pytest.mark.parametrize("name", SHIPPED)
def test_a_program_is_data(name: str) -> None:
    """It holds no function, and what it is does not depend on the machine that runs it."""
    protocol = shipped(name)
    programs = _machine(protocol, store_buffers=False).programs
    assert programs == _machine(protocol, store_buffers=True).programs
    assert pickle.loads(pickle.dumps(programs)) == programs
    held = [getattr(part, name) for part in parts(programs) for name in part.__record__]  # type: ignore[attr-defined]
    assert not any(callable(value) for value in held)
    assert {hash(op.action) for program in programs for op in program.ops}


@pytest.mark.parametrize("store_buffers", [False, True])
@pytest.mark.parametrize("name", SHIPPED)
def test_what_an_action_does_follows_from_its_data(name: str, store_buffers: bool) -> None:
    _walk(shipped(name), store_buffers=store_buffers)


def test_what_an_action_does_follows_from_its_data_in_other_protocols() -> None:
    for protocol in (checked(CORNERS), *_random(range(25))):
        _walk(protocol, store_buffers=False)


def test_what_a_read_that_waits_depends_on_is_read() -> None:
    """The registers of its place and of its condition, but for the one that it sets itself."""
    programs = _machine(checked(CORNERS), store_buffers=False).programs
    waits = [op.action for one in programs for op in one.ops if isinstance(op.action, AwaitValue)]
    for action in waits:
        named = {part.number for part in parts(action) if isinstance(part, Register)}
        assert reads_of(action) == named - {action.into}
    assert any(map(reads_of, waits))


def _walk(protocol: Checked, *, store_buffers: bool) -> None:
    """Make moves, every operation of them watched, and some of the lanes run to their end."""
    machine = _watching(_machine(protocol, store_buffers=store_buffers))
    waiting, met = [machine.initial()], {machine.initial()}
    while waiting and len(met) < STATES:
        state = waiting.pop()
        for move in [] if is_complete(state) else machine.moves(state):
            for after in _after(machine, state, move):
                if after not in met:
                    met.add(after)
                    waiting.append(after)
    assert len(met) > 1


def _after(machine: Machine, state: State, move: Move) -> list[State]:
    if move.flush or move.callback is not None:
        found = machine.step(state, move, ())
        return [] if found is None else [found.state]
    index = [lane.name for lane in machine.layout.lanes].index(move.lane)
    return [successor.state for successor in machine.successors(state, index)]


def _watching(machine: Machine) -> Machine:
    """The machine, each of whose operations is run a second time on what its action says it
    reads, and must do the same."""
    lanes = [
        replace(
            lane,
            runs=tuple(
                _watched(lane.program, place, run, machine.layout)
                for place, run in enumerate(lane.runs)
            ),
        )
        for lane in machine.compiled
    ]
    return replace(machine, compiled=tuple(lanes))


def _watched(program: Program, place: int, run: Run, layout: Layout) -> Run:
    action = program.ops[place].action

    def watched(frame: Frame) -> int:
        before, memory = frame.registers[:], frame.memory
        twin = _stripped(frame, action, layout)
        stripped = twin.registers[:], twin.memory
        after = run(frame)
        assert run(twin) == after, action
        assert (twin.status, twin.violated) == (frame.status, frame.violated), action
        assert _changes(stripped[1], twin.memory) == _changes(memory, frame.memory), action
        if not isinstance(action, StartRound):
            changed = _changes(tuple(before), tuple(frame.registers))
            assert _changes(tuple(stripped[0]), tuple(twin.registers)).items() >= changed.items()
            assert changed.keys() <= sets_of(action), action
        assert _changes(memory, frame.memory).keys() <= _writable(action, frame, layout), action
        if frame.status < AT_ERROR and after not in (BLOCKED, ASLEEP, place):
            start = (0,) if isinstance(action, EndRound) else ()
            assert after in (*program.following(place), *start), action
        return after

    return watched


def _stripped(frame: Frame, action: Action, layout: Layout) -> Frame:
    """A frame without what the action does not read."""
    twin, kept = frame.fork(), reads_of(action)
    address: Address | None = getattr(action, "address", None)
    place = None if address is None else _location(address, frame.registers, layout)
    twin.registers = [v if n in kept else GARBAGE for n, v in enumerate(frame.registers)]
    twin.memory = tuple(v if n == place else GARBAGE for n, v in enumerate(frame.memory))
    return twin


def _changes(old: tuple[Value, ...], new: tuple[Value, ...]) -> dict[int, Value]:
    return {n: b for n, (a, b) in enumerate(zip(old, new, strict=True)) if a is not b}


def _writable(action: Action, frame: Frame, layout: Layout) -> set[int]:
    """Where an action may change memory: of a new object that is the ghosts."""
    if isinstance(action, MakeObject):
        first = frame.registers[action.into]
        assert isinstance(first, int)
        ghosts = layout.protocol.struct(action.struct).ghosts
        return {first + layout.offset(action.struct, ghost) for ghost in ghosts}
    address = written_by(action)
    return set() if address is None else {_location(address, frame.registers, layout)}


def _location(address: Address, registers: list[Value], layout: Layout) -> int:
    match address:
        case Absolute(location=location):
            return location
        case Indexed(variable=name, index=register):
            return layout.variables[name] + _number(registers[register.number])
        case InObject(pointer=register, struct=struct, field=field):
            return _number(registers[register.number]) + layout.offset(struct, field)


def _number(value: Value) -> int:
    assert isinstance(value, int)
    return value
