"""Which kinds of lanes a protocol counts, so that what fewer lanes do says nothing of more.

Takes a checked protocol. A step can tell how many lanes there are where an array has an element for
each, and where a lane that interrupts others says `lane`: which lane it interrupts depends on their
number. In all other protocols larger bounds allow all that smaller ones do.
"""

from smtmodel.language.checked import Checked, Each, LaneNumber, Lock, Variable
from smtmodel.source.record import parts


def counted(protocol: Checked) -> frozenset[str]:
    """The kinds of lanes whose number makes a difference to steps."""
    declared: tuple[Variable | Lock, ...] = (*protocol.variables, *protocol.locks)
    arrays = {one.lanes for one in declared}
    arrays |= {one.lanes for one in parts(protocol.blocks) if isinstance(one, Each)}
    interrupted = {kind.interrupts for kind in protocol.kinds if _numbers(protocol, kind.blocks)}
    return frozenset(one for one in arrays | interrupted if one is not None)


def numbers_lanes(protocol: Checked) -> bool:
    """Whether lanes have numbers that steps or properties know, or are counted."""
    blocks = tuple(block.name for block in protocol.blocks)
    judged = any(isinstance(one, LaneNumber) for one in parts(protocol.properties))
    return judged or _numbers(protocol, blocks) or bool(counted(protocol))


def _numbers(protocol: Checked, blocks: tuple[str, ...]) -> bool:
    """Whether a step of the blocks says `lane`."""
    made = tuple(protocol.block(name) for name in blocks)
    return any(isinstance(one, LaneNumber) for one in parts(made))
