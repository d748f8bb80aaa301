"""Values of an event graph as terms over what its reads return.

A term is compared by identity: one object per occurrence, so that a stage can keep a result
per term. A literal is an atom's number, negative where the atom must be false; a guard is a
sorted tuple of literals, all of which hold (the empty guard always holds).
"""

from enum import Enum

from smtmodel.source.record import record


class Special(Enum):
    """Constants that are neither numbers nor pointers to an object."""

    NULL = "null"
    NOTHING = "nothing"  # a field of an empty entry
    UNWRITTEN = "unwritten"  # a field of an object before its first write
    UNASSIGNED = "unassigned"  # a local before its first assignment
    THIN_AIR = "thin_air"  # what accesses copy from one another and nobody wrote
    UNDEFINED = "undefined"  # a snapshot expression that goes through any of the above


@record(order=True)
class Reference:
    """A pointer to the object of this number."""

    object: int


Constant = int | Special | Reference

Guard = tuple[int, ...]
ALWAYS: Guard = ()


def is_true(constant: Constant) -> bool:
    """C truth: neither 0 nor null. Nothing, unwritten and undefined are not true."""
    if isinstance(constant, int):
        return constant != 0
    return isinstance(constant, Reference) or constant is Special.THIN_AIR


@record(eq=False)
class Const:
    value: Constant


@record(eq=False)
class Returned:
    """Component `component` of what the read event `event` returns (0 except for entries)."""

    event: int
    component: int


@record(eq=False)
class Chosen:
    """The value of a free choice."""

    choice: int


@record(eq=False)
class Token:
    """The token that a `fresh` event yields."""

    event: int


@record(eq=False)
class Observed:
    """The value that a `settled(E)` event yields."""

    event: int


@record(eq=False)
class Apply:
    """An operator of `smtmodel.events.operators` on terms."""

    operator: str
    operands: tuple["Term", ...]


@record(eq=False)
class Select:
    """`then` where the guard holds, `otherwise` elsewhere."""

    guard: Guard
    then: "Term"
    otherwise: "Term"


Term = Const | Returned | Chosen | Token | Observed | Apply | Select


@record(eq=False)
class Holds:
    """The atom that a term is true (C truth)."""

    term: Term


@record(eq=False)
class Passes:
    """The atom that a lane gets past a step at which it may wait."""

    event: int


@record(eq=False)
class AnyOf:
    """The atom that one of the guards holds: where branches join again."""

    guards: tuple[Guard, ...]


Atom = Holds | Passes | AnyOf
