"""The operations that wait for others, and those that end it: locks, read sections, grace
periods and wait queues.

Like `smtmodel.executions.operations`: each function makes the operation for a place in the
program. A lock is named by its number among the protocol's; a reader/writer lock is taken and
released on one of its sides (`shared` is the readers').
"""

from smtmodel.executions.frame import ASLEEP, BLOCKED, NOBODY, Buffered, Frame, Holder, Run
from smtmodel.executions.operations import Site
from smtmodel.language.ast import GuardKind
from smtmodel.language.checked import LOCK_MISUSE, Lock
from smtmodel.source.record import record


@record
class Side:
    """A lock or, of a reader/writer lock, one of its sides."""

    number: int
    lock: Lock
    shared: bool

    def word(self, word: str) -> str:
        """`lock`, `read unlock`: what happens to it."""
        if self.lock.kind is not GuardKind.RWLOCK:
            return word
        return f"{'read' if self.shared else 'write'} {word}"

    def after(self, holder: Holder, lane: int) -> Holder | None:
        """Who holds the lock once the lane has taken it; None if it has to wait."""
        if holder == NOBODY:
            return (lane,) if self.shared else lane
        if self.shared and isinstance(holder, tuple):
            return tuple(sorted((*holder, lane)))
        return None

    def fails(self, holder: Holder, lane: int) -> bool:
        """Whether a try fails: another lane keeps this one from taking the lock."""
        if isinstance(holder, tuple):
            return not self.shared and any(other != lane for other in holder)
        return holder not in (NOBODY, lane)

    def left(self, holder: Holder, lane: int) -> Holder:
        """Who holds the lock once the lane has released it."""
        if not isinstance(holder, tuple):
            return NOBODY
        place = holder.index(lane)
        return (*holder[:place], *holder[place + 1 :]) or NOBODY


def take_lock(site: Site, side: Side) -> Run:
    """Take a lock that no lane holds in its way."""

    def run(frame: Frame) -> int:
        holder = side.after(frame.locks[side.number], frame.index)
        if frame.buffer or holder is None:
            return BLOCKED
        site.note(frame, side.word("lock"), side.lock.name)
        frame.hold(side.number, holder)
        return site.next

    return run


def try_lock(site: Site, side: Side, register: int) -> Run:
    """Try to take a lock: fails only when another lane holds it."""

    def run(frame: Frame) -> int:
        now = frame.locks[side.number]
        if side.fails(now, frame.index):
            site.note(frame, "try failed", side.lock.name)
            frame.registers[register] = 0
            return site.next
        holder = side.after(now, frame.index)
        if frame.buffer or holder is None:
            return BLOCKED
        site.note(frame, side.word("lock"), side.lock.name)
        frame.hold(side.number, holder)
        frame.registers[register] = 1
        return site.next

    return run


def release_lock(site: Site, side: Side) -> Run:
    """Release a lock.

    That of a spinlock and of a writer goes through the buffer, that of a mutex and of a
    reader waits for it to be empty.
    """
    through = site.buffered and not side.shared and side.lock.kind is not GuardKind.MUTEX

    def run(frame: Frame) -> int:
        if through:
            site.note(frame, side.word("unlock"), side.lock.name)
            frame.buffer = (*frame.buffer, (Buffered.UNLOCK, side.number, None, site.number))
            return site.next
        if frame.buffer:
            return BLOCKED
        site.note(frame, side.word("unlock"), side.lock.name)
        frame.hold(side.number, side.left(frame.locks[side.number], frame.index))
        return site.next

    return run


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


def wake(site: Site, queue: str) -> Run:
    """Wake all lanes that sleep at a queue; the queue's lock is a locked instruction."""

    def run(frame: Frame) -> int:
        if frame.buffer:
            return BLOCKED
        site.note(frame, "wake", queue)
        frame.wake(queue)
        return site.next

    return run


def may_sleep(site: Site, locks: tuple[int, ...], domain: int, *, interrupts: bool) -> Run:
    """No event: judge that a step is reached that must not be reached with one of these locks,
    inside a section of this domain, or in a lane that interrupts."""

    def run(frame: Frame) -> int:
        if (
            interrupts
            or any(of == domain for of, _ in frame.sections)
            or any(frame.holds(lock) for lock in locks)
        ):
            frame.blame(LOCK_MISUSE, site.where)
        return site.next

    return run


def misuse(site: Site) -> Run:
    """No event: judge that a step is reached that this lane must never reach."""

    def run(frame: Frame) -> int:
        frame.blame(LOCK_MISUSE, site.where)
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
        wait = frame.sections_of(domain)
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
