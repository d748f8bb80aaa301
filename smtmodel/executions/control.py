"""The operations of control flow and of computing.

Made like those of `smtmodel.executions.operations`. None of them is an event.
"""

from smtmodel.executions.frame import AT_ASSUME, AT_CUT, ENDED, Frame, Pure, Run
from smtmodel.executions.notes import Assigned, Began, Decided, Failed, Ran
from smtmodel.executions.operations import Site
from smtmodel.executions.valuation import NoValueError
from smtmodel.executions.values import UNSET, holds
from smtmodel.language.checked import NULL_DEREFERENCE, OUT_OF_BOUNDS, Expression


def arrive(site: Site, *, goes_on: bool, enters: bool) -> Run:
    """Note that control has reached the step."""
    after, number = site.next, site.number
    assert site.where is not None
    note = Began(site.where, goes_on, enters)

    def run(frame: Frame) -> int:
        frame.begun.add(number)
        if frame.notes is not None:
            frame.notes.append(note)
        return after

    return run


def compute(site: Site, register: int, value: Pure, name: str) -> Run:
    """A register, which is a local if it has a name, gets a value."""
    after, where = site.next, site.where

    def run(frame: Frame) -> int:
        try:
            made = value(frame.registers)
        except NoValueError as error:
            frame.fail(error.name, where, (error.what, error.value))
            return after
        if name and frame.notes is not None:
            frame.notes.append(Assigned(name, frame.registers[register], made))
        frame.registers[register] = made
        return after

    return run


def dereference(site: Site, register: int, pointer: Pure, null: int | None, text: str) -> Run:
    """A pointer that is not null; of null the lane goes on at `null`, or stops."""
    after = site.next

    def run(frame: Frame) -> int:
        value = pointer(frame.registers)
        if isinstance(value, int):
            frame.registers[register] = value
        elif null is not None:
            return null
        else:
            frame.fail(NULL_DEREFERENCE, site.where, (text, value))
        return after

    return run


def check_index(site: Site, register: int, index: Pure, array: str, length: int) -> Run:
    """An index that is inside of its array."""

    def run(frame: Frame) -> int:
        value = index(frame.registers)
        if isinstance(value, int) and 0 <= value < length:
            frame.registers[register] = value
        else:
            sizes = (f"index of {array}", value), (f"length of {array}", length)
            frame.fail(OUT_OF_BOUNDS, site.where, *sizes)
        return site.next

    return run


def jump(target: int) -> Run:
    return lambda frame: target


def jump_if(site: Site, condition: Pure, target: int, *, holding: bool) -> Run:
    """Jump where the condition is true (`holding`), or false."""
    after = site.next

    def run(frame: Frame) -> int:
        return target if holds(condition(frame.registers)) == holding else after

    return run


def decide(site: Site, condition: Pure, target: int, part: str, *, holding: bool) -> Run:
    """The same for the condition of a step, of which it is noted down how it comes out; `part` is
    its text where it is not all of the condition."""
    after, of = site.next, f"{part} is " if part else ""

    def run(frame: Frame) -> int:
        true = holds(condition(frame.registers))
        _note(frame, f"{of}true" if true else f"{of}false")
        return target if true == holding else after

    return run


def branch(target: int, number: str) -> Run:
    """One branch of an `either`."""

    def run(frame: Frame) -> int:
        _note(frame, f"branch {number}")
        return target

    return run


def _note(frame: Frame, outcome: str) -> None:
    if frame.notes is not None:
        frame.notes.append(Decided(outcome))


def require(site: Site, condition: Pure) -> Run:
    """The lane stands here for good where the condition is false."""
    after, here = site.next, site.next - 1

    def run(frame: Frame) -> int:
        if holds(condition(frame.registers)):
            _note(frame, "true")
            return after
        _note(frame, "false: the lane goes no further")
        frame.status = AT_ASSUME
        return here

    return run


def cut_off(site: Site, rounds: Pure, bound: int) -> Run:
    """The lane stands here for good where the rounds of a loop are used up."""
    after, here, number = site.next, site.next - 1, site.number

    def run(frame: Frame) -> int:
        if rounds(frame.registers) == bound:
            frame.cuts.add(number)
            _note(frame, "the bound is used up")
            frame.status = AT_CUT
            return here
        return after

    return run


def check_assert(
    site: Site, name: str, condition: Pure, reads: tuple[tuple[Expression, Pure], ...]
) -> Run:
    """The assertion is judged; where it fails, what it reads is noted down with the values."""

    def run(frame: Frame) -> int:
        registers = frame.registers
        frame.judged.append(name)
        if not holds(condition(registers)):
            frame.violated.append(name)
            if frame.notes is not None:
                known = tuple((read, value(registers)) for read, value in reads)
                frame.notes.append(Failed(name, site.where, known))
        else:
            _note(frame, "holds")
        return site.next

    return run


def end_atomic(site: Site) -> Run:
    """The lane is inside of no atomic block any more."""

    def run(frame: Frame) -> int:
        frame.region = 0
        return site.next

    return run


def start_round(block: str, entry: int, registers: int) -> Run:
    """A round of this block starts; all locals are forgotten."""

    def run(frame: Frame) -> int:
        frame.registers = [UNSET] * registers
        if frame.notes is not None:
            frame.notes.append(Ran(block))
        return entry

    return run


def end_round(site: Site, kept: tuple[tuple[int, int], ...], rounds: int) -> Run:
    """Keep the locals that properties name, each register at its place; start the next round."""
    here = site.next - 1

    def run(frame: Frame) -> int:
        if kept:
            values = list(frame.kept)
            for place, register in kept:
                values[place] = frame.registers[register]
            frame.kept = tuple(values)
        frame.region = 0
        frame.round += 1
        if frame.round < rounds:
            return 0
        frame.status = ENDED
        return here

    return run
