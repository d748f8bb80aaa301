"""The kernel's functions on shared memory, each as elementary operations with tags.

What the functions do is said by the kernel's Documentation/atomic_t.txt, memory-barriers.txt and
RCU documents; the names of elementary operations and tags are those that the kernel's
tools/memory-model/linux-kernel.def gives them for herd7. `smtmodel.litmus.definitions` reads a
file of that form, so that the table of another kernel can be used instead.
"""

from enum import Enum

from smtmodel.source.record import record, replace


class Elementary(Enum):
    """What a function is made of; the values are the names in a `.def` file."""

    LOAD = "load"
    STORE = "store"
    FENCE = "fence"
    EXCHANGE = "xchg"
    COMPARE = "cmpxchg"
    MODIFY = "atomic_op"  # yields nothing
    MODIFY_RETURN = "atomic_op_return"  # yields what it wrote
    MODIFY_FETCH = "atomic_fetch_op"  # yields what it read
    ADD_UNLESS = "atomic_add_unless"  # yields whether it added
    LOCK = "lock"
    TRY_LOCK = "trylock"
    UNLOCK = "unlock"
    IS_LOCKED = "islocked"
    SYNCHRONIZE = "srcu"  # a grace period of a domain
    FREE = "kfree"  # a location has no owner any more; no file says so

    @property
    def valued(self) -> bool:
        """Whether it yields a value."""
        return self not in _WITHOUT_VALUE


_WITHOUT_VALUE = (
    Elementary.STORE,
    Elementary.FENCE,
    Elementary.MODIFY,
    Elementary.LOCK,
    Elementary.UNLOCK,
    Elementary.SYNCHRONIZE,
    Elementary.FREE,
)


@record
class Argument:
    """The argument of that number, counted from 0."""

    number: int


@record
class Use:
    """One elementary operation of a function.

    `location` is the number of the argument that says where. With `pointer` the argument's value
    is the address; without, the argument is an lvalue, as in `READ_ONCE(*x)`.
    """

    elementary: Elementary
    tag: str
    location: int | None = None
    pointer: bool = True
    operator: str = ""
    operands: tuple[Argument | int, ...] = ()


@record
class Instruction:
    """A function: its name, how many arguments it takes, what it does in this order.

    `compared`: what it yields is whether the value of its only use compares so with a number.
    """

    name: str
    arguments: int
    uses: tuple[Use, ...]
    compared: tuple[str, int] | None = None

    @property
    def valued(self) -> bool:
        """Whether a call yields a value."""
        return len(self.uses) == 1 and self.uses[0].elementary.valued


Instructions = dict[str, Instruction]

_FIRST, _SECOND, _THIRD = Argument(0), Argument(1), Argument(2)
_ORDERS = {"": "mb", "_relaxed": "once", "_acquire": "acquire", "_release": "release"}
"""How the end of an atomic's name orders it (Documentation/atomic_t.txt)."""

_FENCES = {
    "smp_mb": "mb",
    "smp_rmb": "rmb",
    "smp_wmb": "wmb",
    "smp_mb__before_atomic": "before-atomic",
    "smp_mb__after_atomic": "after-atomic",
    "smp_mb__after_spinlock": "after-spinlock",
    "smp_mb__after_unlock_lock": "after-unlock-lock",
    "smp_mb__after_srcu_read_unlock": "after-srcu-read-unlock",
    "barrier": "barrier",
    "rcu_read_lock": "rcu-lock",
    "rcu_read_unlock": "rcu-unlock",
    "synchronize_rcu": "sync-rcu",
    "synchronize_rcu_expedited": "sync-rcu",
}
_LOADS = {
    "READ_ONCE": ("once", False),
    "rcu_dereference": ("once", False),
    "atomic_read": ("once", True),
    "smp_load_acquire": ("acquire", True),
    "atomic_read_acquire": ("acquire", True),
    "srcu_read_lock": ("srcu-lock", True),
    "srcu_down_read": ("srcu-lock", True),
}
_STORES = {
    "WRITE_ONCE": ("once", False),
    "rcu_assign_pointer": ("release", False),
    "atomic_set": ("once", True),
    "smp_store_release": ("release", True),
    "atomic_set_release": ("release", True),
    "srcu_read_unlock": ("srcu-unlock", True),
    "srcu_up_read": ("srcu-unlock", True),
}
_LOCKS = {
    "spin_lock": Elementary.LOCK,
    "spin_unlock": Elementary.UNLOCK,
    "spin_trylock": Elementary.TRY_LOCK,
    "spin_is_locked": Elementary.IS_LOCKED,
}
_COUNTS = {"add": "+", "sub": "-", "inc": "+", "dec": "-"}


def _plain() -> list[Instruction]:
    """Accesses, fences, locks and grace periods."""
    made = [Instruction(name, 0, (Use(Elementary.FENCE, tag),)) for name, tag in _FENCES.items()]
    for name, (tag, pointer) in _LOADS.items():
        made.append(Instruction(name, 1, (Use(Elementary.LOAD, tag, 0, pointer),)))
    for name, (tag, pointer) in _STORES.items():
        store = Use(Elementary.STORE, tag, 0, pointer, operands=(_SECOND,))
        made.append(Instruction(name, 2, (store,)))
    once = Use(Elementary.STORE, "once", 0, False, operands=(_SECOND,))
    made.append(Instruction("smp_store_mb", 2, (once, Use(Elementary.FENCE, "mb"))))
    for name, elementary in _LOCKS.items():
        made.append(Instruction(name, 1, (Use(elementary, "", 0),)))
    for name in ("synchronize_srcu", "synchronize_srcu_expedited"):
        made.append(Instruction(name, 1, (Use(Elementary.SYNCHRONIZE, "sync-srcu", 0),)))
    return made


def _exchanges() -> list[Instruction]:
    made = []
    for prefix in ("", "atomic_"):
        for suffix, tag in _ORDERS.items():
            exchange = Use(Elementary.EXCHANGE, tag, 0, operands=(_SECOND,))
            made.append(Instruction(f"{prefix}xchg{suffix}", 2, (exchange,)))
            compare = Use(Elementary.COMPARE, tag, 0, operands=(_SECOND, _THIRD))
            made.append(Instruction(f"{prefix}cmpxchg{suffix}", 3, (compare,)))
    return made


def _counting(name: str, elementary: Elementary, tag: str, count: str) -> Instruction:
    """One that adds or subtracts: the amount comes before the pointer, or is 1."""
    given = count in ("add", "sub")
    amount: Argument | int = _FIRST if given else 1
    use = Use(elementary, tag, int(given), operator=_COUNTS[count], operands=(amount,))
    return Instruction(name, 1 + given, (use,))


def _counts() -> list[Instruction]:
    made = []
    for count in _COUNTS:
        made.append(_counting(f"atomic_{count}", Elementary.MODIFY, "noreturn", count))
        for suffix, tag in _ORDERS.items():
            returned, fetched = f"atomic_{count}_return{suffix}", f"atomic_fetch_{count}{suffix}"
            made.append(_counting(returned, Elementary.MODIFY_RETURN, tag, count))
            made.append(_counting(fetched, Elementary.MODIFY_FETCH, tag, count))
    for name, count, compared in (
        ("atomic_sub_and_test", "sub", ("==", 0)),
        ("atomic_dec_and_test", "dec", ("==", 0)),
        ("atomic_inc_and_test", "inc", ("==", 0)),
        ("atomic_add_negative", "add", ("<", 0)),
    ):
        made.append(
            replace(_counting(name, Elementary.MODIFY_RETURN, "mb", count), compared=compared)
        )
    unless = Use(Elementary.ADD_UNLESS, "mb", 0, operator="+", operands=(_SECOND, _THIRD))
    made.append(Instruction("atomic_add_unless", 3, (unless,)))
    return made


BUILT_IN = ("atomic_add_unless",)
"""What herd7 knows without a definition, whichever table is used."""


def kernel() -> Instructions:
    """The functions of this project's own table, by name."""
    return {one.name: one for one in (*_plain(), *_exchanges(), *_counts())}
