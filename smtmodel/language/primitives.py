"""The kernel's names that a protocol may call, and what each means here.

One table; which arguments a call takes follows from its meaning (`arity`). What the events
do is in docs/semantics.md; the marks tell a memory model how the access was written.
"""

from smtmodel.language.ast import GuardKind
from smtmodel.language.checked import FenceKind, Mark, Rmw
from smtmodel.source.record import record


@record
class Reading:
    """A value: one read of the place given; `pointer` where only pointers make sense."""

    mark: Mark
    pointer: bool = False


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
class Taking:
    kind: GuardKind


@record
class Trying:
    """A condition: takes the lock if no other lane holds it."""

    kind: GuardKind


@record
class Releasing:
    kind: GuardKind


@record
class Fencing:
    kind: FenceKind


@record
class Modifying:
    """A read-modify-write.

    `amount` is what an ADD without operand adds; `sign` multiplies an operand. A `value` is
    yielded by xchg, cmpxchg and the return forms; the others are steps, as in the kernel.
    """

    operation: Rmw
    arity: int
    place: int
    amount: int = 0
    sign: int = 1
    value: bool = True
    returns_new: bool = False

    @property
    def mark(self) -> Mark:
        """The forms without a value order nothing; the others are full barriers."""
        return Mark.FULL if self.value else Mark.RELAXED


@record
class Testing:
    """`filled(e)`: whether an entry has been assigned."""


@record
class Settling:
    """`settled(E)`: a ghost value, only as a whole right side."""


Primitive = (
    Reading
    | Writing
    | Entering
    | Leaving
    | Waiting
    | Taking
    | Trying
    | Releasing
    | Fencing
    | Modifying
    | Testing
    | Settling
)


def _atomics() -> dict[str, Primitive]:
    table: dict[str, Primitive] = {}
    for name, sign in (("inc", 1), ("dec", -1), ("add", 1), ("sub", -1)):
        counted = name in ("inc", "dec")
        arity, amount = (1, sign) if counted else (2, 0)
        table[f"atomic_{name}"] = Modifying(
            Rmw.ADD, arity, arity - 1, amount, 1 if counted else sign, value=False
        )
        table[f"atomic_{name}_return"] = Modifying(
            Rmw.ADD, arity, arity - 1, amount, 1 if counted else sign, returns_new=True
        )
    return table


PRIMITIVES: dict[str, Primitive] = {
    "READ_ONCE": Reading(Mark.ONCE),
    "WRITE_ONCE": Writing(Mark.ONCE),
    "smp_load_acquire": Reading(Mark.ACQUIRE),
    "smp_store_release": Writing(Mark.RELEASE),
    "rcu_dereference": Reading(Mark.DEREFERENCE, pointer=True),
    "rcu_assign_pointer": Writing(Mark.RELEASE, pointer=True),
    "rcu_read_lock": Entering(srcu=False),
    "rcu_read_unlock": Leaving(srcu=False),
    "srcu_read_lock": Entering(srcu=True),
    "srcu_read_unlock": Leaving(srcu=True),
    "synchronize_rcu": Waiting(srcu=False, expedited=False),
    "synchronize_rcu_expedited": Waiting(srcu=False, expedited=True),
    "synchronize_srcu": Waiting(srcu=True, expedited=False),
    "synchronize_srcu_expedited": Waiting(srcu=True, expedited=True),
    "mutex_lock": Taking(GuardKind.MUTEX),
    "mutex_trylock": Trying(GuardKind.MUTEX),
    "mutex_unlock": Releasing(GuardKind.MUTEX),
    "spin_lock": Taking(GuardKind.SPINLOCK),
    "spin_trylock": Trying(GuardKind.SPINLOCK),
    "spin_unlock": Releasing(GuardKind.SPINLOCK),
    "smp_mb": Fencing(FenceKind.FULL),
    "smp_wmb": Fencing(FenceKind.WRITE),
    "smp_rmb": Fencing(FenceKind.READ),
    "xchg": Modifying(Rmw.EXCHANGE, 2, 0),
    "cmpxchg": Modifying(Rmw.COMPARE_EXCHANGE, 3, 0),
    "atomic_read": Reading(Mark.ONCE),
    "atomic_set": Writing(Mark.ONCE),
    **_atomics(),
    "filled": Testing(),
    "settled": Settling(),
}


def arity(primitive: Primitive) -> tuple[int, int]:
    """The least and the greatest number of arguments."""
    match primitive:
        case Writing():
            return 2, 2
        case Entering(srcu) | Waiting(srcu):
            return (1, 1) if srcu else (0, 0)
        case Leaving(srcu):
            return (1, 2) if srcu else (0, 0)
        case Fencing():
            return 0, 0
        case Modifying():
            return primitive.arity, primitive.arity
        case _:
            return 1, 1
