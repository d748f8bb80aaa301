"""What analyses do to a protocol and make of it, as enumerations. Imports nothing."""

from enum import Enum


class Mutation(Enum):
    """What is done to a protocol."""

    DROP = "dropped"
    PAIR = "dropped with its end"
    ALWAYS = "as if always true"
    NEVER = "as if never true"
    ONCE = "done once, unconditionally"
    SPLIT = "not atomic"
    PART = "without one of its conditions"
    SWAP = "after the next step"
    LATER = "after a later step"
    EARLIER = "before an earlier step"
    TWICE = "twice"
    WEAKER = "weaker"


class Necessity(Enum):
    """What a change does to a proof."""

    NEEDED = "needed"  # without it the property is refuted
    USELESS = "useless"  # nothing violates the property, but the protocol does not do its work
    NOT_NEEDED = "not needed"  # the proof stands, and every goal is reached
    UNKNOWN = "unknown"


class OrderVerdict(Enum):
    """What becomes of a protocol in an order."""

    SAFE = "safe and useful"
    USELESS = "safe but useless"
    RACY = "racy"
    UNKNOWN = "not known"
    REFUSED = "no protocol"
