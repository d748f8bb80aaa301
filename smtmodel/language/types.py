"""The types that places and locals have; protocols do not write them, they are inferred."""

from enum import Enum
from typing import assert_never

from smtmodel.source.record import record


class Plain(Enum):
    NUMBER = "a number"
    NULL = "null"
    FLAGS = "how interrupts were"  # what `local_irq_save` keeps
    UNKNOWN = "unknown"  # not found yet, or already reported: fits everything


@record
class Bits:
    """A number from 0 to 2^width - 1: what a place of stated width holds."""

    width: int


@record
class Pointer:
    """A pointer to an object of the struct, or null."""

    struct: str


@record
class Entry:
    """A whole entry: the values of a word or of a cache."""

    fields: tuple[str, ...]
    types: tuple["Type", ...]

    def type_of(self, field: str) -> "Type | None":
        """The type of a field, None where there is no such field."""
        return dict(zip(self.fields, self.types, strict=True)).get(field)


@record
class Cookie:
    """What `srcu_read_lock` of the domain returns."""

    domain: str


Type = Plain | Bits | Pointer | Entry | Cookie


def join(left: Type, right: Type) -> Type | None:
    """The type of what may be either; None where nothing can be both."""
    if left == right or right is Plain.UNKNOWN:
        return left
    if left is Plain.UNKNOWN:
        return right
    if is_number(left) and is_number(right):
        return Plain.NUMBER
    match left, right:
        case (Pointer(), Plain.NULL):
            return left
        case (Plain.NULL, Pointer()):
            return right
        case (Entry(fields, ours), Entry(others, theirs)) if fields == others:
            joined = [join(a, b) for a, b in zip(ours, theirs, strict=True)]
            known = tuple(one for one in joined if one is not None)
            return Entry(fields, known) if len(known) == len(fields) else None
    return None


def is_number(given: Type) -> bool:
    """Whether it is a number, of stated width or not."""
    return given is Plain.NUMBER or isinstance(given, Bits)


def widened(given: Type) -> Type:
    """The same type without stated widths."""
    match given:
        case Bits():
            return Plain.NUMBER
        case Entry(fields, types):
            return Entry(fields, tuple(widened(one) for one in types))
        case _:
            return given


def in_words(given: Type) -> str:
    """What a message calls it."""
    match given:
        case Plain():
            return given.value
        case Bits(width):
            return f"a number of {width} bits" if width > 1 else "a number of 1 bit"
        case Pointer(struct):
            return f"a pointer to `{struct}`"
        case Entry(fields, _):
            return "an entry { " + ", ".join(fields) + " }"
        case Cookie(domain):
            return f"the cookie of a section of `{domain}`"
        case _:
            assert_never(given)
