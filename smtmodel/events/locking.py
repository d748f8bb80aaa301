"""What a lane takes and gives back: locks, read sections, and interrupts that it switches off.

Each release names the events that may have taken what it releases. A step that may sleep is
noted where the lane must not sleep.
"""

from smtmodel.events.graph import Choice, Kind
from smtmodel.events.holding import Held, Holding, Masks, Sections
from smtmodel.events.symbolic import Evaluator
from smtmodel.events.terms import Apply, Chosen, Const, Special, Term
from smtmodel.language import checked as lang
from smtmodel.language.ast import GuardKind
from smtmodel.language.checked import Bounds, Checked


class Locker(Evaluator):
    """An evaluator that knows what the lane holds."""

    def __init__(self, protocol: Checked, bounds: Bounds) -> None:
        super().__init__(protocol, bounds)
        self.kinds = {lock.name: lock for lock in self.protocol.locks}
        self.locks: Held = {}
        self.sections: Sections = []
        self.masks: Masks = None
        self.saved: dict[str, Masks] = {}

    def held_now(self) -> Holding:
        return Holding(dict(self.locks), list(self.sections), self.masks, dict(self.saved))

    def hold_again(self, held: Holding) -> None:
        self.locks, self.sections = dict(held.locks), list(held.sections)
        self.masks, self.saved = held.masks, dict(held.saved)

    def take(self, step: lang.TakeLock) -> None:
        if self.kinds[step.lock].kind.sleeps:
            self.may_sleep()
        which, outer = self._which(step.lock, step.at), self._outer(step.lock)
        taken = self.event(Kind.LOCK, name=step.lock, shared=step.shared, waits=True)
        self.amend(taken, pointer=which, outer=outer)
        key = step.lock, step.at
        self.locks[key] = (*self.locks.get(key, ()), (taken,))

    def release(self, step: lang.ReleaseLock) -> None:
        serial = step.shared or self.kinds[step.lock].kind.sleeps
        which = self._which(step.lock, step.at)
        *outer, taking = self.locks.pop((step.lock, step.at))
        if outer:
            self.locks[step.lock, step.at] = tuple(outer)
        released = self.event(
            Kind.UNLOCK, name=step.lock, partners=taking, serial=serial, shared=step.shared
        )
        self.amend(released, pointer=which)

    def _which(self, name: str, at: lang.Expression | None) -> Term | None:
        """What says which of several locks is meant; the lane stops where it is none."""
        if at is None:
            return None
        lock, term = self.kinds[name], self.value(at)
        if lock.struct:
            self.stop_unless(lang.NULL_DEREFERENCE, Apply("!=", (term, Const(Special.NULL))))
        else:
            self.stop_unless(lang.OUT_OF_BOUNDS, self.within(term, lock.length))
        return term

    def _outer(self, name: str) -> tuple[int, ...]:
        """The events that may have taken the locks of this name that the lane holds."""
        held = [takings for (lock, _), takings in self.locks.items() if lock == name]
        return tuple(event for takings in held for taking in takings for event in taking)

    def mask(self) -> None:
        """Interrupts off; an event where that changes something for some lane."""
        if self.masks is None:
            name = self.lanes[self.lane].name
            self.masks = (self.event(Kind.MASK, name=name),) if self.interrupted else ()

    def unmask(self) -> None:
        if self.masks:
            self.event(Kind.UNMASK, name=self.lanes[self.lane].name, partners=self.masks)
        self.masks = None

    def may_sleep(self) -> None:
        """Notes a step that may sleep, where the lane must not sleep."""
        spinning = any(not self.kinds[lock].kind.sleeps for lock, _ in self.locks)
        reading = any(domain == lang.RCU for domain, _, _ in self.sections)
        interrupts = self.lanes[self.lane].interrupts is not None
        if spinning or reading or interrupts or self.masks is not None:
            self.event(Kind.MISUSE)

    def enter(self, domain: str, cookie: str | None) -> None:
        nested = domain == lang.RCU and any(d == domain for d, _, _ in self.sections)
        events = () if nested else (self.event(Kind.ENTER, name=domain),)
        self.sections.append((domain, cookie, events))

    def leave(self, domain: str, cookie: str | None) -> None:
        matching = [
            index
            for index, (d, c, _) in enumerate(self.sections)
            if d == domain and (cookie is None or c == cookie)
        ]
        _, _, events = self.sections.pop(matching[-1])
        if events:
            self.event(Kind.LEAVE, name=domain, partners=events)

    def attempt(self, attempt: lang.TryLock) -> int:
        if self.kinds[attempt.lock].kind is GuardKind.MUTEX and self.lanes[self.lane].interrupts:
            self.event(Kind.MISUSE)
        which, outer = self._which(attempt.lock, attempt.at), self._outer(attempt.lock)
        self.choices.append(Choice(self.lane, self.guard, ("fail", "take"), (0, 1), False))
        number = self.event(Kind.TRY, name=attempt.lock, shared=attempt.shared)
        self.amend(number, success=Chosen(len(self.choices) - 1), pointer=which, outer=outer)
        return number
