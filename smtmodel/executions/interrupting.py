"""Lanes that interrupt others, and lanes that keep interrupts off.

Who has a CPU is one value per lane: the lane that interrupts it, itself while it keeps interrupts
off, or nobody else. So a round of an interrupt and a masked lane exclude each other like a lock.
Operations are made like those of `smtmodel.executions.operations`.
"""

from smtmodel.executions.frame import BLOCKED, NOBODY, Frame, Run, Shared
from smtmodel.executions.operations import Site


def interrupter(shared: Shared, lane: int) -> int:
    """The lane that interrupts a lane, or NOBODY."""
    interrupted = shared.rare.interrupted
    by = interrupted[lane] if interrupted else NOBODY
    return NOBODY if by == lane else by


def begin_interrupt(site: Site, name: str, lane: int) -> Run:
    """A round of an interrupting lane begins: the lane of this name and number has to wait. Not
    while that one is interrupted, or keeps interrupts off."""

    def run(frame: Frame) -> int:
        if frame.rare.interrupted[lane] != NOBODY:
            return BLOCKED
        site.note(frame, "interrupt", name)
        frame.interrupt(lane, frame.index)
        return site.next

    return run


def end_interrupt(site: Site, name: str, lane: int) -> Run:
    """The round ends: the interrupted lane may go on."""

    def run(frame: Frame) -> int:
        site.note(frame, "interrupt ends", name)
        frame.interrupt(lane, NOBODY)
        return site.next

    return run


def interrupts_off(site: Site) -> Run:
    """The lane keeps its CPU for itself: no round can begin that would interrupt it."""

    def run(frame: Frame) -> int:
        site.note(frame, "interrupts off")
        frame.interrupt(frame.index, frame.index)
        return site.next

    return run


def interrupts_on(site: Site) -> Run:
    def run(frame: Frame) -> int:
        site.note(frame, "interrupts on")
        frame.interrupt(frame.index, NOBODY)
        return site.next

    return run
