"""Where a lane may stop, what is noted of it, its read sections, and what it frees.

What a property is about goes to registers of the lane: `Notes` says which.
"""

from collections.abc import Callable

from smtmodel.events.operators import NATURAL
from smtmodel.language import checked as lang
from smtmodel.language.checked import Lane, Mark
from smtmodel.litmus.instructions import Elementary
from smtmodel.litmus.program import (
    STOP,
    AddressOf,
    Arithmetic,
    Condition,
    Equals,
    FinalValue,
    Integer,
    MayStop,
    Negated,
    RegisterOf,
    Requires,
    SomeHolds,
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
    sleep where a lane must not; `unwritten`: a field read before its first write. `errors`, by the
    built-in property: that a lane has stopped there. `texts`: the steps by their spans. `endings`:
    what is so at the end of every execution that counts.
    """

    failed: dict[str, list[RegisterOf]]
    judged: dict[str, list[RegisterOf]]
    begun: dict[int, list[RegisterOf]]
    misused: list[RegisterOf]
    unwritten: list[RegisterOf]
    errors: dict[str, list[Condition]]
    texts: dict[Span, str]
    endings: list[Condition]


@record
class Manner:
    """How a protocol is written: `once` are the places of plain accesses that count as marked,
    `waits`: whether a lane may stop at any lock and grace period, `errors`: of the run that are
    judged, `tells`: each update says that it is over."""

    once: frozenset[Span]
    waits: bool
    errors: frozenset[str]
    goals: frozenset[int]
    tells: bool = False


@record
class Held:
    """A lock that a lane holds: `lock` as declared, `name` which of them; `shared`: for reading."""

    lock: str
    name: str
    shared: bool


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
        self.held: list[Held] = []
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
        self.stops += 1
        self.add(MayStop(self.stops, tuple(self._apart(self._left_open))))
        return self.stops

    def _left_open(self) -> None:
        """What stands in for the ends of the sections in which the lane stops.

        A grace period that has ended has not waited for them, so each of them began behind its
        begin. Of the two ways that the model leaves it is this one: the lane reads that the grace
        period is over, so that the section does not end before that does. What it reads is what
        is so at the end; nothing else comes behind.
        """
        domains = {domain for domain, _ in self.sections}
        self.memory.open |= domains
        stops = Negated(Equals(self._here(STOP), Integer(self.stops)))
        ended = {domain for domain, _ in self.memory.asked} & domains
        for flag in (flag for domain, flag in self.memory.asked if domain in ended):
            said = self._here(self.load(flag, "once", self.span).name)
            known = Equals(FinalValue(flag.variable), said)
            self.notes.endings.append(SomeHolds((stops, known)))
        for domain, cookie in reversed(self.sections):
            if domain in ended:
                self._ended(domain, cookie)

    def _may_wait(self) -> None:
        if self.how.waits:
            self._may_stop()

    def tag(self, mark: Mark, span: Span) -> str:
        found = super().tag(mark, span)
        return "once" if found == "plain" and span in self.how.once else found

    def dereferenced(self, pointer: Value, span: Span) -> None:
        if lang.NULL_DEREFERENCE not in self.how.errors or isinstance(pointer, AddressOf):
            return
        self._require(lang.NULL_DEREFERENCE, pointer)

    def _require(self, error: str, right: Value) -> None:
        """The lane stops, and has to, where something is not right: an error of the run."""

        def stopping() -> None:
            stop = Equals(self._here(STOP), Integer(self._may_stop()))
            self.notes.errors.setdefault(error, []).append(stop)
            self.add(Requires(ZERO))

        self.under(right, [], self._apart(stopping))

    def _computed(self, operator: str, value: Value) -> Value:
        """A result, where the lane goes on: no operand was negative, and it is not too large."""
        errors = self.how.errors
        if operator in NATURAL and lang.NEGATIVE_OPERAND in errors:
            assert isinstance(value, Arithmetic)
            self._require(lang.NEGATIVE_OPERAND, Arithmetic(">=", (value.operands[0], ZERO)))
        if operator not in lang.GROWING or lang.OVERFLOW not in errors:
            return value
        if operator not in ("+", "-"):
            raise NotWritten(self.span, "a product or shift that may get too large")
        assert isinstance(value, Arithmetic)
        left, right = map(self.kept, value.operands)
        self._require(lang.OVERFLOW, _fits(operator, left, right))
        return Arithmetic(operator, (left, right))

    def outside(self, span: Span) -> None:
        self._require(lang.OUT_OF_BOUNDS, ZERO)

    def received(self, register: str) -> None:
        """Notes it where nobody has written what was read."""
        for value in self.memory.unwritten:
            unwritten = Arithmetic("==", (ThreadRegister(register), value))
            self._once(self.notes.unwritten, self._note("(unwritten)", unwritten))

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
        self._ended(*section)

    def _ended(self, domain: str, cookie: str) -> None:
        if domain == lang.RCU:
            self.fence("rcu-unlock")
        else:
            value = ThreadRegister(cookie)
            self.store(AddressOf(domain), "srcu-unlock", self.span, value)

    def _free(self, step: lang.Free) -> None:
        pointer = self.kept(self.value(step.pointer))
        if not step.null_safe:
            self.dereferenced(pointer, self.span)
        if step.domain is None:
            self.freed(pointer, step.struct)
        else:
            self.store(self.memory.freed_later(step), "release", self.span, pointer)


def _fits(operator: str, left: Value, right: Value) -> Value:
    """Whether a sum or difference is not too large, without computing it."""
    largest = Integer(lang.TOKEN_BASE - 1)
    plus, minus = (">=", "<") if operator == "+" else ("<", ">=")
    other = "-" if operator == "+" else "+"

    def bound(first: Integer, sign: str) -> Value:
        part = Arithmetic("*", (right, Arithmetic(sign, (right, ZERO))))
        return Arithmetic(other, (first, part))

    above = Arithmetic("<=", (left, bound(largest, plus)))
    below = Arithmetic(">=", (left, bound(Integer(1 - lang.TOKEN_BASE), minus)))
    return Arithmetic("&&", (above, below))
