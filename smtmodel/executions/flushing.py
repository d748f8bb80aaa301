"""What waits in a store buffer takes effect.

Takes a frame of the lane and the entry that leaves its buffer; changes the frame. What puts
entries there is in `smtmodel.executions.operations` and the modules like it.
"""

from smtmodel.executions.frame import NOBODY, Buffered, Entry, Frame
from smtmodel.executions.layout import Layout
from smtmodel.executions.notes import Happened
from smtmodel.executions.values import PointerValue
from smtmodel.language.checked import Where


def take_effect(
    frame: Frame, entry: Entry, where: Where | None, layout: Layout, *, named: bool
) -> None:
    """Do what the entry says; a write and a free use their object only now."""
    which, place, value, _ = entry
    match which:
        case Buffered.WRITE:
            if place in layout.firsts:
                frame.use(place, layout.firsts[place], where)
            frame.write(place, value)
        case Buffered.UNLOCK:
            if isinstance(value, int):  # that of an object, which is used only now
                frame.use(value, value, where, whole=True)
            frame.hold(place, NOBODY)
        case Buffered.LEAVE:
            frame.close_section(place)
        case Buffered.FREE:
            assert isinstance(value, int)
            frame.free((int(place), value), where, layout.typesafe)
        case Buffered.DEFER:
            assert isinstance(value, tuple)
            struct, domain, number = value
            assert isinstance(struct, int)
            assert isinstance(domain, int)
            assert isinstance(number, int)
            frame.defer(number, (int(place), struct), domain, named=named)
        case Buffered.RETURN:
            frame.finish_update()


def flushed(entry: Entry, where: Where | None, block: str) -> Happened:
    """The event, for who narrates the run."""
    which, place, value, _ = entry
    if which == Buffered.WRITE:
        return Happened("flush", where, block, place, value)
    shown = PointerValue(place) if which in (Buffered.FREE, Buffered.DEFER) else value
    return Happened("flush", where, block, Buffered(which).name.lower(), shown)
