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


def member(event: Event, name: str) -> bool:
    """Whether an event may belong to the set of that name; KeyError if there is none."""
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
    return name in ("W", "Rmw", "Lock") or (name == "Locked" and not event.serial)
