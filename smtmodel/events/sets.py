"""The event sets that memory models name, as far as the graph alone decides them.

`member` is whether an event may belong to a set, `needs_success` whether it then does so only
where it succeeds: a compare-exchange that writes, a try that takes the lock.
"""

from smtmodel.events.graph import Event, Kind
from smtmodel.language.checked import FenceKind, Mark

KINDS: dict[str, tuple[Kind, ...]] = {
    "R": (Kind.READ, Kind.RMW),
    "W": (Kind.WRITE, Kind.RMW),
    "Rmw": (Kind.RMW,),
    "Locked": (Kind.RMW, Kind.WAKE),
    "Lock": (Kind.LOCK, Kind.TRY),
    "Enter": (Kind.ENTER,),
    "Leave": (Kind.LEAVE,),
    "Grace": (Kind.GRACE_BEGIN, Kind.GRACE_END),
    "Return": (Kind.RETURN,),
    "Free": (Kind.FREE,),
    "Defer": (Kind.DEFER,),
}
FENCES = {
    "Mb": FenceKind.FULL,
    "Wmb": FenceKind.WRITE,
    "Rmb": FenceKind.READ,
    "BeforeAtomic": FenceKind.BEFORE_ATOMIC,
    "AfterAtomic": FenceKind.AFTER_ATOMIC,
}
MARKS = {"Once": Mark.ONCE, "Acquire": Mark.ACQUIRE, "Release": Mark.RELEASE}


TAGS = {
    name: name.lower()
    for name in (
        *("Once", "Acquire", "Release", "Noreturn", "Mb", "Wmb", "Rmb", "Barrier"),
        *("Before-atomic", "After-atomic", "After-spinlock", "After-unlock-lock"),
        *("After-srcu-read-unlock", "Rcu-lock", "Rcu-unlock", "Sync-rcu"),
        *("Srcu-lock", "Srcu-unlock", "Sync-srcu"),
    )
} | {name: name for name in ("LKR", "LKW", "UL", "LF", "RL", "RU")}
"""Sets of a litmus test's events by their tags."""

_NAMES = ("Snap", "Own", "Tell", "Hear", "Begin", "Return", "Know", "Kfree")
OF_PROTOCOLS = {name: name.lower() for name in _NAMES}
"""Sets of the events that a protocol has which is written as a test, by their tags: reads of
memory at an instant, writes to a lane's own entry, that an update is over and who is told of it,
begin and return of an update, what a lane reads to tell it, and that a field is freed."""

OF_TESTS = frozenset(("All", "R", "W", "F", "RMW", "IW", *TAGS))
"""Every set that events of litmus tests may be in."""


def member(event: Event, name: str) -> bool:
    """Whether an event may belong to the set of that name; KeyError if there is none."""
    return _tagged(event, name) if event.tag else _of_protocol(event, name)


def _tagged(event: Event, name: str) -> bool:
    """Of a litmus test: its initial writes are not among the events."""
    match name:
        case "All":
            return True
        case "R" | "W" | "F":
            return event.kind is {"R": Kind.READ, "W": Kind.WRITE, "F": Kind.FENCE}[name]
        case "RMW":
            return event.modifies
        case "IW":
            return False
        case _:
            return event.tag == (TAGS.get(name) or OF_PROTOCOLS[name])


def _of_protocol(event: Event, name: str) -> bool:
    match name:
        case "All":
            return True
        case "SpinUnlock" | "MutexUnlock":
            return event.kind is Kind.UNLOCK and event.serial == (name == "MutexUnlock")
        case "SerialBegin":
            return event.kind is Kind.BEGIN and event.serial
        case "Mb" | "Wmb" | "Rmb" | "BeforeAtomic" | "AfterAtomic":
            return event.fence is FENCES[name]
        case "Once" | "Acquire" | "Release":
            return event.address is not None and event.mark is MARKS[name]
        case _:
            return event.kind in KINDS[name]


def needs_success(event: Event, name: str) -> bool:
    """Whether an event that may belong to the set does so only where it succeeds."""
    if event.tag:
        return False
    return name in ("W", "Rmw", "Lock") or (name == "Locked" and not event.serial)
