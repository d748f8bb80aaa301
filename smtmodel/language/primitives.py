"""The kernel's names that a protocol may call, and what each means here.

One table; which arguments a call takes follows from its meaning (`arity`). What the events
do is in docs/semantics.md; the marks tell a memory model how the access was written.
"""

from smtmodel.language.ast import GuardKind
from smtmodel.language.checked import FenceKind, Mark, Rmw, Yields
from smtmodel.source.record import record


@record
class Reading:
    """A value: one read of the place given; `pointer` where only pointers make sense.

    `bit`: of the place given second it is the bit whose number is given first.
    """

    mark: Mark
    pointer: bool = False
    bit: bool = False


@record
class Awaiting:
    """A value: a read of the place given first that happens only when the condition, given
    second, holds of it; `VAL` is its value there."""

    mark: Mark


@record
class Writing:
    """A step: the second argument is written to the place given first."""

    mark: Mark
    pointer: bool = False


@record
class Entering:
    """A step, or a cookie: enters a read section (of the SRCU domain given, or of RCU)."""

    srcu: bool


@record
class Leaving:
    """A step: leaves a read section (of the SRCU domain given, or of RCU)."""

    srcu: bool


@record
class Waiting:
    """A step: a grace period."""

    srcu: bool
    expedited: bool


@record
class Sleeping:
    """A step: one read, for which the lane sleeps at the queue given first until the condition,
    given second, is true."""


@record
class Waking:
    """A step: wakes the lanes that sleep at the queue given."""


@record
class Masking:
    """A step: interrupts off. `saves`: the local given last remembers how they were."""

    saves: bool


@record
class Unmasking:
    """A step: interrupts on. `restores`: as the local given last remembers."""

    restores: bool


@record
class Taking:
    """A step; `shared`: a reader's side of a reader/writer lock. `masks`: before it is taken."""

    kind: GuardKind
    shared: bool = False
    masks: Masking | None = None


@record
class Trying:
    """A condition: takes the lock if no other lane keeps it from being taken."""

    kind: GuardKind
    shared: bool = False


@record
class Releasing:
    """A step; `unmasks`: after it is released."""

    kind: GuardKind
    shared: bool = False
    unmasks: Unmasking | None = None


@record
class Fencing:
    kind: FenceKind


@record
class Modifying:
    """A read-modify-write.

    `amount` is what an addition without operand adds; `sign` multiplies an operand. A `value` is
    yielded by xchg, cmpxchg and the return forms; the others are steps, as in the kernel.
    `zero`: the value is 1 where what it `yields` is 0, else 0. `entries`: for words and caches.
    `less` is subtracted from the value. `bit`: it is about the bit whose number is given first, and
    has that for its value.
    """

    operation: Rmw
    arity: int
    place: int
    amount: int = 0
    sign: int = 1
    value: bool = True
    yields: Yields = Yields.BEFORE
    mark: Mark = Mark.FULL
    zero: bool = False
    entries: bool = False
    less: int = 0
    bit: bool = False


@record
class Zapping:
    """A step: empties a cache."""


@record
class Freeing:
    """A step: frees an object, now or after a grace period (of the SRCU domain given first).

    `null_safe`: null is allowed and does nothing.
    """

    deferred: bool = False
    srcu: bool = False
    null_safe: bool = True


@record
class Testing:
    """`filled(e)`: whether an entry has been assigned."""


@record
class Settling:
    """`settled(E)`: a ghost value, only as a whole right side."""


Primitive = (
    Reading
    | Awaiting
    | Writing
    | Entering
    | Leaving
    | Waiting
    | Sleeping
    | Waking
    | Masking
    | Unmasking
    | Taking
    | Trying
    | Releasing
    | Fencing
    | Modifying
    | Zapping
    | Freeing
    | Testing
    | Settling
)


AWAITED = "VAL"
"""What the kernel calls the value read in the condition of an Awaiting."""

_FORMS = {"": Mark.FULL} | {
    f"_{mark.value}": mark for mark in (Mark.RELAXED, Mark.ACQUIRE, Mark.RELEASE)
}
"""The endings of what has a value; without one it is a full barrier."""


def _exchanges() -> dict[str, Primitive]:
    """With `atomic_` before it the same on an atomic_t, which is a number here."""
    table: dict[str, Primitive] = {}
    for ending, mark in _FORMS.items():
        for type_ in ("", "atomic_"):
            table[f"{type_}xchg{ending}"] = Modifying(Rmw.EXCHANGE, 2, 0, mark=mark)
            table[f"{type_}cmpxchg{ending}"] = Modifying(Rmw.COMPARE_EXCHANGE, 3, 0, mark=mark)
            table[f"{type_}try_cmpxchg{ending}"] = Modifying(
                Rmw.COMPARE_EXCHANGE, 3, 0, yields=Yields.SUCCESS, mark=mark
            )
    return table


def _added(name: str, yields: Yields, mark: Mark, *, value: bool = True) -> Modifying:
    """inc and dec take the place alone; add and sub an operand before it, as in the kernel."""
    sign = -1 if name in ("dec", "sub") else 1
    if name in ("inc", "dec"):
        return Modifying(Rmw.ADD, 1, 0, sign, 1, value, yields, mark)
    return Modifying(Rmw.ADD, 2, 1, 0, sign, value, yields, mark)


def _atomics() -> dict[str, Primitive]:
    """The forms without a value order nothing."""
    table: dict[str, Primitive] = {}
    for name in ("inc", "dec", "add", "sub"):
        table[f"atomic_{name}"] = _added(name, Yields.BEFORE, Mark.RELAXED, value=False)
        for ending, mark in _FORMS.items():
            table[f"atomic_{name}_return{ending}"] = _added(name, Yields.AFTER, mark)
            table[f"atomic_fetch_{name}{ending}"] = _added(name, Yields.BEFORE, mark)
    return table


def _semaphores() -> dict[str, Primitive]:
    """Reader/writer semaphores, and the names for that of an address space."""
    table: dict[str, Primitive] = {}
    for side, shared in (("read", True), ("write", False)):
        table[f"down_{side}"] = table[f"mmap_{side}_lock"] = Taking(GuardKind.RWSEM, shared)
        table[f"down_{side}_trylock"] = Trying(GuardKind.RWSEM, shared)
        table[f"mmap_{side}_trylock"] = Trying(GuardKind.RWSEM, shared)
        table[f"up_{side}"] = table[f"mmap_{side}_unlock"] = Releasing(GuardKind.RWSEM, shared)
    return table


_OFF, _SAVED = Masking(saves=False), Masking(saves=True)
_ON, _RESTORED = Unmasking(restores=False), Unmasking(restores=True)


def _masked() -> dict[str, Primitive]:
    """Locks that spin, held with interrupts off."""
    table: dict[str, Primitive] = {}
    for name, kind, shared in (
        ("spin", GuardKind.SPINLOCK, False),
        ("read", GuardKind.RWLOCK, True),
        ("write", GuardKind.RWLOCK, False),
    ):
        table[f"{name}_lock_irq"] = Taking(kind, shared, _OFF)
        table[f"{name}_unlock_irq"] = Releasing(kind, shared, _ON)
        table[f"{name}_lock_irqsave"] = Taking(kind, shared, _SAVED)
        table[f"{name}_unlock_irqrestore"] = Releasing(kind, shared, _RESTORED)
    return table


def _unless_zero(mark: Mark) -> Modifying:
    return Modifying(Rmw.ADD_NOT_ZERO, 1, 0, 1, yields=Yields.SUCCESS, mark=mark)


def _and_test(mark: Mark) -> Modifying:
    return Modifying(Rmw.ADD, 1, 0, -1, yields=Yields.AFTER, mark=mark, zero=True)


_OPERATORS = {"or": Rmw.OR, "and": Rmw.AND, "xor": Rmw.XOR, "andnot": Rmw.CLEAR}


def _masks() -> dict[str, Primitive]:
    """Operators on bits; the forms without a value order nothing."""
    table: dict[str, Primitive] = {}
    for name, operation in _OPERATORS.items():
        table[f"atomic_{name}"] = Modifying(operation, 2, 1, value=False, mark=Mark.RELAXED)
        table[f"atomic_fetch_{name}"] = Modifying(operation, 2, 1)
    return table


def _bits() -> dict[str, Primitive]:
    """Single bits, by their numbers."""
    table: dict[str, Primitive] = {
        "test_bit": Reading(Mark.ONCE, bit=True),
        "test_bit_acquire": Reading(Mark.ACQUIRE, bit=True),
    }
    for name, operation in (("set", Rmw.OR), ("clear", Rmw.CLEAR), ("change", Rmw.XOR)):
        table[f"{name}_bit"] = _on_bit(operation, Mark.RELAXED, value=False)
        table[f"test_and_{name}_bit"] = _on_bit(operation, Mark.FULL)
    table["test_and_set_bit_lock"] = _on_bit(Rmw.OR, Mark.ACQUIRE)
    table["clear_bit_unlock"] = _on_bit(Rmw.CLEAR, Mark.RELEASE, value=False)
    return table


def _on_bit(operation: Rmw, mark: Mark, *, value: bool = True) -> Modifying:
    return Modifying(operation, 2, 1, value=value, mark=mark, bit=True)


PRIMITIVES: dict[str, Primitive] = {
    "READ_ONCE": Reading(Mark.ONCE),
    "WRITE_ONCE": Writing(Mark.ONCE),
    "smp_load_acquire": Reading(Mark.ACQUIRE),
    "smp_store_release": Writing(Mark.RELEASE),
    "smp_cond_load_acquire": Awaiting(Mark.ACQUIRE),
    "smp_cond_load_relaxed": Awaiting(Mark.ONCE),
    "rcu_dereference": Reading(Mark.DEREFERENCE, pointer=True),
    "rcu_dereference_protected": Reading(Mark.PLAIN, pointer=True),
    "rcu_access_pointer": Reading(Mark.ONCE, pointer=True),
    "rcu_assign_pointer": Writing(Mark.RELEASE, pointer=True),
    "RCU_INIT_POINTER": Writing(Mark.ONCE, pointer=True),
    "rcu_read_lock": Entering(srcu=False),
    "rcu_read_unlock": Leaving(srcu=False),
    "srcu_read_lock": Entering(srcu=True),
    "srcu_read_unlock": Leaving(srcu=True),
    "synchronize_rcu": Waiting(srcu=False, expedited=False),
    "synchronize_rcu_expedited": Waiting(srcu=False, expedited=True),
    "synchronize_srcu": Waiting(srcu=True, expedited=False),
    "synchronize_srcu_expedited": Waiting(srcu=True, expedited=True),
    "wait_event": Sleeping(),
    "wake_up": Waking(),
    "wake_up_all": Waking(),
    "mutex_lock": Taking(GuardKind.MUTEX),
    "mutex_trylock": Trying(GuardKind.MUTEX),
    "mutex_unlock": Releasing(GuardKind.MUTEX),
    "spin_lock": Taking(GuardKind.SPINLOCK),
    "spin_trylock": Trying(GuardKind.SPINLOCK),
    "spin_unlock": Releasing(GuardKind.SPINLOCK),
    "read_lock": Taking(GuardKind.RWLOCK, shared=True),
    "read_trylock": Trying(GuardKind.RWLOCK, shared=True),
    "read_unlock": Releasing(GuardKind.RWLOCK, shared=True),
    "write_lock": Taking(GuardKind.RWLOCK),
    "write_trylock": Trying(GuardKind.RWLOCK),
    "write_unlock": Releasing(GuardKind.RWLOCK),
    **_masked(),
    **_semaphores(),
    "local_irq_disable": _OFF,
    "local_irq_enable": _ON,
    "local_irq_save": _SAVED,
    "local_irq_restore": _RESTORED,
    "smp_mb": Fencing(FenceKind.FULL),
    "smp_wmb": Fencing(FenceKind.WRITE),
    "smp_rmb": Fencing(FenceKind.READ),
    # They give the read-modify-write beside them the order of smp_mb, and nothing else any.
    "smp_mb__before_atomic": Fencing(FenceKind.BEFORE_ATOMIC),
    "smp_mb__after_atomic": Fencing(FenceKind.AFTER_ATOMIC),
    **_exchanges(),
    "cmpxchg_double": Modifying(Rmw.COMPARE_EXCHANGE, 3, 0, yields=Yields.SUCCESS, entries=True),
    "atomic_read": Reading(Mark.ONCE),
    "atomic_read_acquire": Reading(Mark.ACQUIRE),
    "atomic_cond_read_acquire": Awaiting(Mark.ACQUIRE),
    "atomic_cond_read_relaxed": Awaiting(Mark.ONCE),
    "atomic_set": Writing(Mark.ONCE),
    "atomic_set_release": Writing(Mark.RELEASE),
    **_atomics(),
    "atomic_inc_not_zero": _unless_zero(Mark.FULL),
    "atomic_dec_and_test": _and_test(Mark.FULL),
    "atomic_add_unless": Modifying(Rmw.ADD_UNLESS, 3, 0, yields=Yields.SUCCESS),
    "atomic_fetch_add_unless": Modifying(Rmw.ADD_UNLESS, 3, 0),
    "atomic_dec_if_positive": Modifying(Rmw.ADD_POSITIVE, 1, 0, -1, less=1),
    **_masks(),
    **_bits(),
    # Orders as in include/linux/refcount.h, which promises less than atomics do.
    "refcount_read": Reading(Mark.ONCE),
    "refcount_set": Writing(Mark.ONCE),
    "refcount_inc": _added("inc", Yields.BEFORE, Mark.RELAXED, value=False),
    "refcount_inc_not_zero": _unless_zero(Mark.RELAXED),
    "refcount_dec_and_test": _and_test(Mark.RELEASE),
    "kref_get": _added("inc", Yields.BEFORE, Mark.RELAXED, value=False),
    "kref_get_unless_zero": _unless_zero(Mark.RELAXED),
    "zap": Zapping(),
    "free": Freeing(),
    "kfree": Freeing(),
    "kfree_rcu": Freeing(deferred=True),
    # They take the address of a member of the object: there is none in no object.
    "call_rcu": Freeing(deferred=True, null_safe=False),
    "call_srcu": Freeing(deferred=True, srcu=True, null_safe=False),
    "filled": Testing(),
    "settled": Settling(),
}


def switches_interrupts(primitive: Primitive) -> bool:
    match primitive:
        case Taking(masks=masks):
            return masks is not None
        case Releasing(unmasks=unmasks):
            return unmasks is not None
        case _:
            return isinstance(primitive, Masking | Unmasking)


def arity(primitive: Primitive) -> tuple[int, int]:
    """The least and the greatest number of arguments."""
    match primitive:
        case Writing() | Awaiting() | Sleeping() | Reading(bit=True):
            return 2, 2
        case Masking(needed) | Unmasking(needed):
            return (1, 1) if needed else (0, 0)
        case Taking(masks=Masking(saves=True)) | Releasing(unmasks=Unmasking(restores=True)):
            return 2, 2
        case Entering(srcu) | Waiting(srcu):
            return (1, 1) if srcu else (0, 0)
        case Leaving(srcu):
            return (1, 2) if srcu else (0, 0)
        case Freeing(srcu=srcu):
            return (2, 2) if srcu else (1, 1)
        case Fencing():
            return 0, 0
        case Modifying():
            return primitive.arity, primitive.arity
        case _:
            return 1, 1
