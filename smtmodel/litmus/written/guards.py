"""Where a lane may stop, what is noted of it, its locks and read sections, and what it frees.

What a property is about goes to registers of the lane: `Notes` says which.
"""

from collections.abc import Callable

from smtmodel.language import checked as lang
from smtmodel.language.ast import GuardKind
from smtmodel.language.checked import Lane, Mark
from smtmodel.litmus.instructions import Elementary
from smtmodel.litmus.program import (
    AddressOf,
    AnyBelow,
    Arithmetic,
    Integer,
    MayStop,
    Performed,
    Performs,
    RegisterOf,
    Requires,
    Statement,
    ThreadRegister,
)
from smtmodel.litmus.program import Expression as Value
from smtmodel.litmus.written.memory import Memory
from smtmodel.litmus.written.refused import NotWritten
from smtmodel.litmus.written.values import Writer
from smtmodel.source import Span
from smtmodel.source.record import record

ZERO, ONE = Integer(0), Integer(1)


@record(frozen=False)
class Notes:
    """Registers that hold 1 where something has happened.

    `failed`, `judged`: of assertions by name; `begun`: steps by number; `misused`: a step that may
    sleep where a lane must not; `unwritten`: a field read before its first write. `null`: the stop
    at a pointer and the register that holds it, which is 0 then. `texts`: the steps by their spans.
    """

    failed: dict[str, list[RegisterOf]]
    judged: dict[str, list[RegisterOf]]
    begun: dict[int, list[RegisterOf]]
    misused: list[RegisterOf]
    unwritten: list[RegisterOf]
    null: list[tuple[int, int, RegisterOf]]
    texts: dict[Span, str]


@record
class Manner:
    """How a protocol is written: `once` are the places of plain accesses that count as marked,
    `waits`: whether a lane may stop at any lock and grace period, `null`: whether at a pointer,
    `tells`: each update says that it is over."""

    once: frozenset[Span]
    waits: bool
    null: bool
    goals: frozenset[int]
    tells: bool = False


class Guarded(Writer):
    """One lane of a protocol, but for its steps."""

    def __init__(self, memory: Memory, lane: Lane, number: int, how: Manner, notes: Notes) -> None:
        super().__init__(memory, lane.name, Span(1, 1, 1, 1))
        self.of = lane
        self.number = number
        self.how = how
        self.notes = notes
        self.kinds = {lock.name: lock.kind for lock in self.protocol.locks}
        self.block = ""
        self.stops = 0
        self.held: list[str] = []
        self.sections: list[tuple[str, str]] = []

    # ------------------------------------------------------------ notes

    def _here(self, name: str) -> RegisterOf:
        return RegisterOf(self.number, name)

    def _note(self, name: str, value: Value = ONE) -> RegisterOf:
        """A register that holds 1 from here on where a value is true."""
        self.set(name, Arithmetic("||", (ThreadRegister(name), value)))
        return self._here(name)

    def _once(self, known: list[RegisterOf], register: RegisterOf) -> None:
        if register not in known:
            known.append(register)

    def _apart(self, write: Callable[[], None]) -> list[Statement]:
        """What is written, as statements of their own."""
        outer, self.statements = self.statements, []
        write()
        inner, self.statements = self.statements, outer
        return inner

    def register(self, name: str) -> str:
        return f"{self.block}.{name}"

    # ------------------------------------------------------------ stopping

    def _may_stop(self) -> int:
        """The lane may go no further, with nobody the wiser."""
        if self.sections:
            raise NotWritten(self.span, "a step inside a read section at which a lane may stop")
        self.stops += 1
        self.add(MayStop(self.stops))
        return self.stops

    def _may_wait(self) -> None:
        if self.how.waits:
            self._may_stop()

    def tag(self, mark: Mark, span: Span) -> str:
        found = super().tag(mark, span)
        return "once" if found == "plain" and span in self.how.once else found

    def dereferenced(self, pointer: Value, span: Span) -> None:
        if not self.how.null or isinstance(pointer, AddressOf):
            return
        held = self.kept(pointer)
        stop = self._may_stop()
        self.notes.null.append((self.number, stop, self._here(held.name)))
        self.add(Requires(pointer))

    def received(self, register: str) -> None:
        """Notes it where nobody has written what was read."""
        for value in self.memory.unwritten:
            unwritten = Arithmetic("==", (ThreadRegister(register), value))
            self._once(self.notes.unwritten, self._note("(unwritten)", unwritten))

    # ------------------------------------------------------------ locks

    def _guard(self, lock: str, shared: bool) -> bool:
        """Whether it is a mutex: of reader/writer locks the model says nothing."""
        if shared or self.kinds[lock].sided:
            raise NotWritten(self.span, "a reader/writer lock")
        return self.kinds[lock] is GuardKind.MUTEX

    def _take(self, lock: str, shared: bool) -> None:
        mutex = self._guard(lock, shared)
        if mutex:
            self._may_sleep()
        self._may_wait()
        if mutex:
            self._take_mutex(lock)
        else:
            self.add(Performs(self._locking(Elementary.LOCK, lock)))
        self.held.append(lock)

    def _locking(self, kind: Elementary, lock: str) -> Performed:
        return self.performed(kind, "", AddressOf(lock), self.span)

    def _take_mutex(self, name: str) -> None:
        """An acquire and no more: the model has spinlocks, whose handing over orders more."""
        old = self.modified(Elementary.EXCHANGE, "acquire", AddressOf(name), [ONE])
        self.add(Requires(Arithmetic("!", (old,))))

    def _release_mutex(self, name: str) -> None:
        self.store(AddressOf(name), "release", self.span, ZERO)

    def _release(self, lock: str) -> None:
        if self._guard(lock, shared=False):
            self._release_mutex(lock)
        else:
            self.add(Performs(self._locking(Elementary.UNLOCK, lock)))
        if lock in self.held:
            self.held.remove(lock)

    def _try(self, attempt: lang.TryLock) -> Value:
        """A try may also fail where another lane has just released the lock."""
        lock = attempt.lock
        if not self._guard(lock, attempt.shared):
            return self.kept(self._locking(Elementary.TRY_LOCK, lock))
        outcome = self.kept(AnyBelow(2))
        taken = self._apart(lambda: self._take_mutex(lock))

        def failed() -> None:
            self.add(Requires(self.load(AddressOf(lock), "once", self.span)))

        self.under(outcome, taken, self._apart(failed))
        return outcome

    def _may_sleep(self) -> None:
        """Notes a step that may sleep, where the lane must not."""
        spinning = any(self.kinds[one] is not GuardKind.MUTEX for one in self.held)
        if spinning or any(domain == lang.RCU for domain, _ in self.sections):
            self._once(self.notes.misused, self._note("(misused)"))

    # ------------------------------------------------------------ sections

    def _enter(self, domain: str, cookie: str | None) -> None:
        register = ""
        if domain == lang.RCU:
            self.fence("rcu-lock")
        else:
            self.temporaries += 1
            register = self.register(cookie) if cookie else f"#{self.temporaries}"
            call = self.performed(Elementary.LOAD, "srcu-lock", AddressOf(domain), self.span)
            self.set(register, call)
        self.sections.append((domain, register))

    def _leave(self, domain: str, cookie: str | None) -> None:
        named = None if cookie is None else self.register(cookie)
        matching = [x for x in self.sections if x[0] == domain and named in (None, x[1])]
        section = matching[-1]
        self.sections.reverse()
        self.sections.remove(section)
        self.sections.reverse()
        if domain == lang.RCU:
            self.fence("rcu-unlock")
        else:
            value = ThreadRegister(section[1])
            self.store(AddressOf(domain), "srcu-unlock", self.span, value)

    def _free(self, step: lang.Free) -> None:
        pointer = self.kept(self.value(step.pointer))
        if not step.null_safe:
            self.dereferenced(pointer, self.span)
        if step.domain is None:
            self.freed(pointer, step.struct)
        else:
            self.store(self.memory.freed_later(step), "release", self.span, pointer)

    def _synchronize(self, domain: str) -> None:
        self._may_sleep()
        self._may_wait()
        self.waits_for(domain)
