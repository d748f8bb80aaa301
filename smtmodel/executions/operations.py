"""The operations of a program: each function here makes one, for a place in the program.

Takes what the operation needs and the place after it; gives a function on a `Frame` that does
it and returns the next place, or `BLOCKED`. `docs/semantics.md` is the law. `buffered` says
whether lanes have store buffers; without them every effect is immediate.
"""

from smtmodel.executions.frame import (
    BLOCKED,
    Buffered,
    Frame,
    Happened,
    Pure,
    Run,
)
from smtmodel.executions.values import UNWRITTEN, Value, add, equal
from smtmodel.language.checked import (
    TOKEN_BASE,
    UNWRITTEN_READ,
    FenceKind,
    ReadModifyWrite,
    Rmw,
    Where,
)
from smtmodel.source.record import record


@record
class Site:
    """Where an operation stands: its step, its block, the place after it, the machine."""

    where: Where | None
    block: str
    next: int
    buffered: bool

    @property
    def number(self) -> int:
        return -1 if self.where is None else self.where.number

    def note(self, frame: Frame, event: str, subject: int | str = "", value: Value = None) -> None:
        if frame.notes is not None:
            frame.notes.append(Happened(event, self.where, self.block, subject, value))


def read(site: Site, address: Pure, register: int) -> Run:
    """One read of a location into a register."""
    after, buffered = site.next, site.buffered

    def run(frame: Frame) -> int:
        location = address(frame.registers)
        assert isinstance(location, int)
        value = frame.seen(location) if buffered else frame.memory[location]
        if frame.notes is not None:
            site.note(frame, "read", location, value)
        if value is UNWRITTEN:
            frame.fail(UNWRITTEN_READ, site.where)
        else:
            frame.registers[register] = value
        return after

    return run


def write(site: Site, address: Pure, value: Pure) -> Run:
    """One write; with store buffers it is put into the lane's own."""
    after, buffered, number = site.next, site.buffered, site.number

    def run(frame: Frame) -> int:
        location = address(frame.registers)
        assert isinstance(location, int)
        written = value(frame.registers)
        if frame.notes is not None:
            site.note(frame, "write", location, written)
        if buffered:
            frame.buffer = (*frame.buffer, (Buffered.WRITE, location, written, number))
        else:
            frame.write(location, written)
        return after

    return run


def modify(
    site: Site, step: ReadModifyWrite, address: Pure, operands: tuple[Pure, ...], register: int
) -> Run:
    """One read and write at one instant; a failing compare-exchange is only a read."""
    after = site.next

    def run(frame: Frame) -> int:
        location = address(frame.registers)
        assert isinstance(location, int)
        given = [operand(frame.registers) for operand in operands]
        before = frame.seen(location)
        fails = step.operation is Rmw.COMPARE_EXCHANGE and (
            before is UNWRITTEN or not equal(before, given[0])
        )
        if frame.buffer and not fails:
            return BLOCKED
        if before is UNWRITTEN:
            site.note(frame, "read", location, before)
            frame.fail(UNWRITTEN_READ, site.where)
            return after
        new = add(before, given[0]) if step.operation is Rmw.ADD else given[-1]
        if frame.notes is not None:
            frame.notes.append(
                Happened("read", site.where, site.block, location, before)
                if fails
                else Happened("modify", site.where, site.block, location, before, new)
            )
        if not fails:
            frame.write(location, new)
        frame.registers[register] = new if step.returns_new else before
        return after

    return run


def fence(site: Site, kind: FenceKind) -> Run:
    """A fence; only the full one waits for the buffer."""

    def run(frame: Frame) -> int:
        if kind is FenceKind.FULL and frame.buffer:
            return BLOCKED
        site.note(frame, "fence", kind.value)
        return site.next

    return run


def take_lock(site: Site, name: str, lock: int) -> Run:
    """Take a lock that no lane holds."""

    def run(frame: Frame) -> int:
        if frame.buffer or frame.locks[lock] >= 0:
            return BLOCKED
        site.note(frame, "lock", name)
        frame.locks = (*frame.locks[:lock], frame.index, *frame.locks[lock + 1 :])
        return site.next

    return run


def try_lock(site: Site, name: str, lock: int, register: int) -> Run:
    """Try to take a lock: fails only when another lane holds it."""

    def run(frame: Frame) -> int:
        holder = frame.locks[lock]
        if holder >= 0 and holder != frame.index:
            site.note(frame, "try failed", name)
            frame.registers[register] = 0
            return site.next
        if frame.buffer or holder >= 0:
            return BLOCKED
        site.note(frame, "lock", name)
        frame.locks = (*frame.locks[:lock], frame.index, *frame.locks[lock + 1 :])
        frame.registers[register] = 1
        return site.next

    return run


def release_lock(site: Site, name: str, lock: int, *, spins: bool) -> Run:
    """Release a lock; a spinlock's release goes through the buffer, a mutex's waits for it."""

    def run(frame: Frame) -> int:
        if spins and site.buffered:
            site.note(frame, "unlock", name)
            frame.buffer = (*frame.buffer, (Buffered.UNLOCK, lock, None, site.number))
            return site.next
        if frame.buffer:
            return BLOCKED
        site.note(frame, "unlock", name)
        frame.release(lock)
        return site.next

    return run


def enter(site: Site, name: str, domain: int, register: int | None) -> Run:
    """Enter a read section; the register gets its number."""

    def run(frame: Frame) -> int:
        site.note(frame, "enter", name)
        number = frame.open_section(domain)
        if register is not None:
            frame.registers[register] = number
        return site.next

    return run


def enter_nested(site: Site, domain: int) -> Run:
    """Before an RCU enter: inside another section it is no event, and is skipped."""

    def run(frame: Frame) -> int:
        if any(d == domain for d, _ in frame.sections):
            frame.sections = (*frame.sections, (domain, -1))
            return site.next + 1
        return site.next

    return run


def leave_nested(site: Site, domain: int) -> Run:
    """Before an RCU leave: that of an inner section is no event, and is skipped."""

    def run(frame: Frame) -> int:
        if (domain, -1) in frame.sections:
            place = frame.sections.index((domain, -1))
            frame.sections = (*frame.sections[:place], *frame.sections[place + 1 :])
            return site.next + 1
        return site.next

    return run


def leave(site: Site, name: str, domain: int, register: int | None) -> Run:
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
        wait = tuple(
            (index, number)
            for index, sections in enumerate(frame.open)
            for of, number in sorted(sections)
            if of == domain
        )
        frame.waits = (*frame.waits[: frame.index], wait, *frame.waits[frame.index + 1 :])
        return site.next

    return run


def end_grace_period(site: Site, name: str) -> Run:
    """Possible once the sections found at the begin have been left."""

    def run(frame: Frame) -> int:
        if frame.buffer or frame.waits[frame.index]:
            return BLOCKED
        site.note(frame, "grace period ends", name)
        return site.next

    return run


def fresh(site: Site, register: int) -> Run:
    """The next token."""

    def run(frame: Frame) -> int:
        frame.fresh += 1
        token = TOKEN_BASE + frame.fresh
        site.note(frame, "fresh", "", token)
        frame.registers[register] = token
        return site.next

    return run


def settled(site: Site, ghost: int, register: int) -> Run:
    """The value of a `settled(E)` at the latest settled instant."""

    def run(frame: Frame) -> int:
        value = frame.ghosts[ghost]
        site.note(frame, "settled", "", value)
        frame.registers[register] = value
        return site.next

    return run


def begin_update(site: Site, *, serial: bool) -> Run:
    """The begin of an update; under the implicit mutex it waits for the buffer."""

    def run(frame: Frame) -> int:
        if serial and frame.buffer:
            return BLOCKED
        site.note(frame, "begin")
        frame.progress += 1
        return site.next

    return run


def return_update(site: Site) -> Run:
    """The return of an update; with store buffers it passes through the lane's own."""

    def run(frame: Frame) -> int:
        site.note(frame, "return")
        if site.buffered:
            frame.buffer = (*frame.buffer, (Buffered.RETURN, 0, None, -1))
        else:
            frame.finish_update()
        return site.next

    return run


def choose(site: Site, register: int, value: int) -> Run:
    """One value of a free choice."""

    def run(frame: Frame) -> int:
        frame.registers[register] = value
        return site.next

    return run
