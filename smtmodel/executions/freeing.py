"""The operations on whole objects: freeing them, now or later, and having one.

Made like those of `smtmodel.executions.operations`.
"""

from smtmodel.executions.frame import Buffered, Frame, Offer, Run
from smtmodel.executions.layout import Layout
from smtmodel.executions.notes import Allocated, Freed, Happened
from smtmodel.executions.operations import Site
from smtmodel.executions.values import PointerValue
from smtmodel.language.checked import NEW


def free_object(layout: Layout, site: Site, register: int, struct: int) -> Run:
    """An object is freed; with store buffers this passes through the lane's own."""

    def run(frame: Frame) -> int:
        thing = frame.registers[register]
        assert isinstance(thing, int)
        site.note(frame, "free", "", PointerValue(thing))
        if site.buffered:
            frame.buffer = (*frame.buffer, (Buffered.FREE, thing, struct, site.number))
        else:
            frame.free((thing, struct), site.where, layout.typesafe)
        return site.next

    return run


def free_later(site: Site, register: int, struct: int, domain: int) -> Run:
    """The grace period of a deferred free begins, or with store buffers will when flushed."""

    def run(frame: Frame) -> int:
        thing = frame.registers[register]
        assert isinstance(thing, int)
        site.note(frame, "grace period begins", "", PointerValue(thing))
        number = frame.count_deferred() if site.named else 0
        if site.buffered:
            late = (struct, domain, number)
            frame.buffer = (*frame.buffer, (Buffered.DEFER, thing, late, site.number))
        else:
            frame.defer(number, (thing, struct), domain, named=site.named)
        return site.next

    return run


def have_object(site: Site) -> Run:
    """The event at which an object is had; the object is chosen right after it
    (`choose_object`)."""
    return lambda frame: site.next


def make_object(layout: Layout, site: Site, lane: int, struct: str, register: int) -> Run:
    """A new object; its ghost fields are 0. By itself no event."""
    size = layout.slot or len(layout.protocol.struct(struct).fields)
    ghosts = [layout.offset(struct, ghost) for ghost in layout.protocol.struct(struct).ghosts]
    pool = layout.pools[lane]

    def run(frame: Frame) -> int:
        location = pool + frame.allocated
        frame.allocated += size
        frame.registers[register] = PointerValue(location)
        if ghosts:
            memory = list(frame.memory)
            for ghost in ghosts:
                memory[location + ghost] = 0
            frame.memory = tuple(memory)
        if frame.notes is not None:
            frame.notes.append(Allocated(location, struct))
        return site.next

    return run


def choose_object(layout: Layout, site: Site, lane: int, struct: str, register: int) -> Offer:
    """The objects that can be had: a new one, and every free one of the struct."""
    number = layout.number(struct)
    make = make_object(layout, site, lane, struct, register)

    def new(frame: Frame) -> int:
        make(frame)
        if frame.notes is not None:
            made = frame.registers[register]
            frame.notes.append(Happened("alloc", site.where, site.block, "new", made))
        return site.next

    def again(location: int) -> Run:
        def run(frame: Frame) -> int:
            frame.rare = frame.rare._replace(
                free=tuple(known for known in frame.rare.free if known[0] != location),
                kept=tuple(known for known in frame.rare.kept if known[0] != location),
            )
            frame.registers[register] = PointerValue(location)
            site.note(frame, "alloc", "again", PointerValue(location))
            if frame.notes is not None:
                frame.notes.append(Freed(location, had=True))
            return site.next

        return run

    def offer(frame: Frame) -> tuple[tuple[str, Run], ...]:
        free = [location for location, of in frame.rare.free if of == number]
        return ((NEW, new), *((layout.called[first], again(first)) for first in free))

    return offer
