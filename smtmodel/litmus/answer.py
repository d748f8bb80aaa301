"""What is observed of a test's condition, in herd7's words."""

from enum import Enum


class Frequency(Enum):
    """How often the condition holds at the end of an execution."""

    NEVER = "Never"
    SOMETIMES = "Sometimes"
    ALWAYS = "Always"


def observation(holds: bool, fails: bool) -> Frequency:
    """Of a condition that some execution satisfies or not, and some violates or not.

    Where there is no execution at all herd7 says Never.
    """
    if not holds:
        return Frequency.NEVER
    return Frequency.SOMETIMES if fails else Frequency.ALWAYS
