"""The operations that wait for others, and those that end it: locks, read sections, grace
periods and wait queues.

Made like those of `smtmodel.executions.operations`.
"""

from smtmodel.executions.event_actions import Side
from smtmodel.executions.frame import ASLEEP, BLOCKED, Buffered, Frame, Run
from smtmodel.executions.operations import Site
from smtmodel.language.checked import LOCK_MISUSE


def acquire(site: Site, side: Side, *, freed: bool) -> Run:
    """Take a lock that no lane holds in its way; `freed`: it is that of an object which may be
    free."""

    def run(frame: Frame) -> int:
        number = side.of(frame.registers)
        holder = side.after(frame.locks[number], frame.index)
        if frame.buffer or holder is None:
            return BLOCKED
        _tell(site, frame, side, side.word("lock"))
        _use(site, frame, side, freed=freed)
        frame.hold(number, holder)
        return site.next

    return run


def try_acquire(site: Site, side: Side, register: int, *, freed: bool) -> Run:
    """Try to take a lock: fails only when another lane holds it, or the lane itself by another
    name."""

    def run(frame: Frame) -> int:
        number = side.of(frame.registers)
        now = frame.locks[number]
        holder = side.after(now, frame.index)
        own = frame.holds(number) and holder is None
        if side.fails(now, frame.index) or own:
            _tell(site, frame, side, "try failed")
            _use(site, frame, side, freed=freed)
            frame.registers[register] = 0
            return site.next
        if frame.buffer or holder is None:
            return BLOCKED
        _tell(site, frame, side, side.word("lock"))
        _use(site, frame, side, freed=freed)
        frame.hold(number, holder)
        frame.registers[register] = 1
        return site.next

    return run


def release(site: Site, side: Side, *, freed: bool) -> Run:
    """Release a lock.

    That of a spinlock and of a writer that spun goes through the buffer, that of a lock that may
    sleep and of a reader waits for it to be empty.
    """
    through = site.buffered and not side.shared and not side.lock.kind.sleeps

    def run(frame: Frame) -> int:
        number = side.of(frame.registers)
        if through:
            _tell(site, frame, side, side.word("unlock"))
            thing = side.thing(frame.registers) if freed else None
            frame.buffer = (*frame.buffer, (Buffered.UNLOCK, number, thing, site.number))
            return site.next
        if frame.buffer:
            return BLOCKED
        _tell(site, frame, side, side.word("unlock"))
        _use(site, frame, side, freed=freed)
        frame.hold(number, side.left(frame.locks[number], frame.index))
        return site.next

    return run


def _tell(site: Site, frame: Frame, side: Side, event: str) -> None:
    """Note what happens to a lock."""
    if frame.notes is not None:
        registers = frame.registers
        site.note(frame, event, side.called(registers), side.thing(registers))


def _use(site: Site, frame: Frame, side: Side, *, freed: bool) -> None:
    """The object whose lock this is, if it is one's, is used."""
    thing = side.thing(frame.registers) if freed else None
    if thing is not None:
        frame.use(thing, thing, site.where, whole=True)


def sleep(site: Site, queue: str, awaits: Run) -> Run:
    """A read that waits, before which the lane falls asleep where the condition is false: only
    with an empty buffer, since a full barrier lies before the test that sends it to sleep."""

    def run(frame: Frame) -> int:
        after = awaits(frame)
        if after != BLOCKED or frame.buffer:
            return after
        site.note(frame, "sleep", queue)
        frame.sleep(queue)
        return ASLEEP

    return run


def wake_all(site: Site, queue: str) -> Run:
    """Wake all lanes that sleep at a queue; the queue's lock is a locked instruction."""

    def run(frame: Frame) -> int:
        if frame.buffer:
            return BLOCKED
        site.note(frame, "wake", queue)
        frame.wake(queue)
        return site.next

    return run


def check_sleep(
    site: Site,
    locks: tuple[tuple[int, str], ...],
    domain: int,
    name: str,
    into: str | None,
    lane: str,
    masked: int | None,
) -> Run:
    """A step that may sleep is reached: `lock_misuse` where the lane of this name holds any of
    these locks, is inside a section of the domain of this name, interrupts the lane `into`, or has
    interrupts off, which the register `masked` holds."""

    def run(frame: Frame) -> int:
        inside = any(of == domain for of, _ in frame.sections)
        held = [called for lock, called in locks if frame.holds(lock)]
        off = masked is not None and frame.registers[masked] == 1
        if into is not None or inside or held or off:
            interrupted = () if into is None else (into,)
            own = (lane,) if off else ()
            holding = (*interrupted, *own, *held, *([name] if inside else ()))
            frame.blame(LOCK_MISUSE, site.where, held=holding)
        return site.next

    return run


def misuse(site: Site, into: str) -> Run:
    """A step is reached that a lane which interrupts another must never reach."""

    def run(frame: Frame) -> int:
        frame.blame(LOCK_MISUSE, site.where, held=(into,))
        return site.next

    return run


def enter_section(site: Site, name: str, domain: int, register: int | None) -> Run:
    """Enter a read section; the register gets its number."""

    def run(frame: Frame) -> int:
        site.note(frame, "enter", name)
        number = frame.open_section(domain)
        if register is not None:
            frame.registers[register] = number
        return site.next

    return run


def enter_inner(site: Site, domain: int, skip: int) -> Run:
    """Before an RCU enter: inside another section it is no event, and is skipped."""

    def run(frame: Frame) -> int:
        if any(d == domain for d, _ in frame.sections):
            frame.sections = (*frame.sections, (domain, -1))
            return skip
        return site.next

    return run


def leave_inner(site: Site, domain: int, skip: int) -> Run:
    """Before an RCU leave: that of an inner section is no event, and is skipped."""

    def run(frame: Frame) -> int:
        if (domain, -1) in frame.sections:
            place = frame.sections.index((domain, -1))
            frame.sections = (*frame.sections[:place], *frame.sections[place + 1 :])
            return skip
        return site.next

    return run


def leave_section(site: Site, name: str, domain: int, register: int | None) -> Run:
    """Leave the section whose number the register holds, or the innermost of the domain."""

    def run(frame: Frame) -> int:
        site.note(frame, "leave", name)
        if register is None:
            number = [n for d, n in frame.sections if d == domain][-1]
        else:
            cookie = frame.registers[register]
            assert isinstance(cookie, int)
            number = cookie
        place = frame.sections.index((domain, number))
        frame.sections = (*frame.sections[:place], *frame.sections[place + 1 :])
        if site.buffered:
            frame.buffer = (*frame.buffer, (Buffered.LEAVE, number, domain, site.number))
        else:
            frame.close_section(number)
        return site.next

    return run


def begin_grace_period(site: Site, name: str, domain: int) -> Run:
    """Note down which sections of the domain are open."""

    def run(frame: Frame) -> int:
        if frame.buffer:
            return BLOCKED
        site.note(frame, "grace period begins", name)
        wait = frame.sections_of(domain)
        frame.waits = (*frame.waits[: frame.index], wait, *frame.waits[frame.index + 1 :])
        return site.next

    return run


def end_grace_period(site: Site, name: str) -> Run:
    """Possible once the sections that were open at the begin have been left."""

    def run(frame: Frame) -> int:
        if frame.buffer or frame.waits[frame.index]:
            return BLOCKED
        site.note(frame, "grace period ends", name)
        return site.next

    return run
