"""Locks that a lane takes, tries and releases.

A spinlock is the model's own. Of the others the kernel's documents promise an acquire and a release
(Documentation/memory-barriers.txt, LOCK ACQUISITION FUNCTIONS), and that is all they are here.
"""

from functools import partial

from smtmodel.language import checked as lang
from smtmodel.language.ast import GuardKind
from smtmodel.litmus.instructions import Elementary
from smtmodel.litmus.program import (
    AddressOf,
    AnyBelow,
    Arithmetic,
    Integer,
    Performed,
    Performs,
    Requires,
)
from smtmodel.litmus.program import Expression as Value
from smtmodel.litmus.written.guards import ONE, ZERO, Guarded, Held
from smtmodel.litmus.written.refused import NotWritten


class Locking(Guarded):
    """One lane of a protocol, as far as it takes locks."""

    def held_by(self, step: lang.TakeLock | lang.ReleaseLock | lang.TryLock) -> Held:
        """The lock that a step is about; that of an object is known at the run alone."""
        (lock,) = (one for one in self.protocol.locks if one.name == step.lock)
        if lock.struct:
            raise NotWritten(self.span, "a lock of an object")
        if step.at is None:
            return Held(step.lock, step.lock, step.shared)
        name = self.element(step.lock, step.at, lock.length, self.span)
        return Held(step.lock, name, step.shared)

    # ------------------------------------------------------------ taking and releasing

    def _take(self, lock: Held) -> None:
        if self.kinds[lock.lock].sleeps:
            self._may_sleep()
        self._may_wait()
        if self.kinds[lock.lock] is GuardKind.SPINLOCK:
            self.add(Performs(self._locking(Elementary.LOCK, lock.name)))
        else:
            self._take_words(lock)
        self.held.append(lock)

    def _locking(self, kind: Elementary, lock: str) -> Performed:
        return self.performed(kind, "", AddressOf(lock), self.span)

    def _words(self, lock: Held) -> list[str]:
        """The variables to be taken; none where the lane has the reader's side already."""
        if not self.kinds[lock.lock].sided:
            return [lock.name]
        if not lock.shared:
            return self.memory.words(lock.lock, lock.name)
        return [] if lock in self.held else [self.memory.word(lock.name, self.lane)]

    def _take_words(self, lock: Held) -> None:
        for word in self._words(lock):
            self.take_word(word)

    def take_word(self, name: str) -> None:
        """An acquire and no more: the model has spinlocks, whose handing over orders more."""
        old = self.modified(Elementary.EXCHANGE, "acquire", AddressOf(name), [ONE])
        self.add(Requires(Arithmetic("!", (old,))))

    def release_word(self, name: str) -> None:
        self.store(AddressOf(name), "release", self.span, ZERO)

    def _release(self, lock: Held) -> None:
        if lock in self.held:
            self.held.remove(lock)
        if self.kinds[lock.lock] is GuardKind.SPINLOCK:
            self.add(Performs(self._locking(Elementary.UNLOCK, lock.name)))
        else:
            for word in self._words(lock):
                self.release_word(word)

    # ------------------------------------------------------------ tries

    def _try(self, lock: Held) -> Value:
        """A try may also fail where another lane has just released the lock."""
        if self.kinds[lock.lock] is GuardKind.SPINLOCK:
            return self.kept(self._locking(Elementary.TRY_LOCK, lock.name))
        words = self._words(lock)
        found = self.kept(AnyBelow(len(words) + 1))
        for number, word in enumerate(words):
            failed = self._apart(partial(self._finds_taken, word))
            self.under(Arithmetic("==", (found, Integer(number))), failed, [])
        outcome = self.kept(Arithmetic("==", (found, Integer(len(words)))))
        self.under(outcome, self._apart(partial(self._take_words, lock)), [])
        return outcome

    def _finds_taken(self, word: str) -> None:
        self.add(Requires(self.load(AddressOf(word), "once", self.span)))

    # ------------------------------------------------------------ sleeping

    def _synchronize(self, domain: str) -> None:
        self._may_sleep()
        self._may_wait()
        self.waits_for(domain)

    def _may_sleep(self) -> None:
        """Notes a step that may sleep, where the lane must not."""
        spinning = any(not self.kinds[one.lock].sleeps for one in self.held)
        if spinning or any(domain == lang.RCU for domain, _ in self.sections):
            self._once(self.notes.misused, self._note("(misused)"))
