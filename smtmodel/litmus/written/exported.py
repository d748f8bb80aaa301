"""A property of a protocol as a litmus test that herd7 and klitmus7 can read.

Takes a checked protocol at its bounds; gives for a property the test in whose `exists` clause some
execution violates it, or reaches the goal. Raises NotWritten for what is not said by the final
state of a test in C.
"""

from collections.abc import Iterable

from smtmodel.language.ast import When
from smtmodel.language.checked import (
    NEGATIVE_OPERAND,
    NULL_DEREFERENCE,
    OVERFLOW,
    And,
    BuiltIn,
    Checked,
    Constant,
    Expression,
    LaneLocal,
    Load,
    Never,
    NullPointer,
    Operation,
    Or,
    Place,
    Property,
    Reach,
    Through,
)
from smtmodel.litmus.program import (
    AllHold,
    Assigns,
    Condition,
    Equals,
    FinalValue,
    Integer,
    Negated,
    RegisterOf,
    SomeHolds,
)
from smtmodel.litmus.text import NotInC, text_lines
from smtmodel.litmus.written.in_c import EMPTY_ENTRY, RewrittenTest
from smtmodel.litmus.written.protocol import WrittenProtocol
from smtmodel.litmus.written.refused import NotWritten
from smtmodel.source import Span
from smtmodel.source.record import parts, record, replace

ERRORS = {
    NULL_DEREFERENCE: "a pointer that may be null",
    NEGATIVE_OPERAND: "an operand that may be negative",
    OVERFLOW: "a number that may get too large",
}
"""Errors at which a lane stops here, and none in C does."""
STOPPED = "a lane that may stop for good"


def exported(protocol: Checked, item: Property, remarks: Iterable[str] = ()) -> str:
    """The text of the test about a property; `remarks` stand in a comment."""
    asked = replace(protocol, properties=(item,))
    for one in protocol.properties:
        if isinstance(one, BuiltIn) and one.name in ERRORS:
            raise NotWritten(item.span, ERRORS[one.name])
    written = WrittenProtocol(asked, complete=True)
    if written.memory.copies:
        raise NotWritten(item.span, "an object that is copied or allocated")
    ends = isinstance(item, Never | Reach)
    if not ends and any(one.stops for one in written.threads):
        raise NotWritten(item.span, STOPPED)
    final = _Final(written, item).condition() if ends else _noted(written, item)
    test = RewrittenTest(written, item).test(final)
    try:
        return "\n".join((*text_lines(test, remarks), ""))
    except NotInC as wrong:
        raise NotWritten(item.span, "something that tests in C do not have") from wrong


def _noted(written: WrittenProtocol, item: Property) -> Condition:
    """What the lanes note of steps and assertions."""
    if isinstance(item, BuiltIn):
        raise NotWritten(item.span, f"`{item.name}`, of which no final state tells")
    (asked,) = written.violations(item)
    return flat(asked.test.condition)


def flat(condition: Condition) -> Condition:
    """The same without conditions of one part, and with the parts of parts that are alike."""
    match condition:
        case AllHold(conditions) | SomeHolds(conditions):
            kind = type(condition)
            found: list[Condition] = []
            for one in map(flat, conditions):
                found += one.conditions if isinstance(one, kind) else (one,)
            return found[0] if len(found) == 1 else kind(tuple(found))
        case Negated(inner):
            return Negated(flat(inner))
        case _:
            return condition


# ---------------------------------------------------------------- final states


@record
class _Final:
    """What a property says of the end, as a condition on locations and registers."""

    written: WrittenProtocol
    item: Property

    def condition(self) -> Condition:
        """The property is violated, or the goal is met, in a final state."""
        item = self.item
        assert isinstance(item, Never | Reach)
        if item.when is not When.FINALLY:
            what = f"`{item.when.value}`: memory at an instant is no final state"
            raise NotWritten(item.span, what)
        said = (item.goal,) if isinstance(item, Reach) else (item.bad, item.condition)
        asked = [one for one in said if one is not None]
        assigned = [
            self._assigned(one) for one in parts(tuple(asked)) if isinstance(one, LaneLocal)
        ]
        return flat(AllHold((*assigned, *map(self._true, asked))))

    def _true(self, expression: Expression) -> Condition:
        match expression:
            case And(left, right):
                return AllHold((self._true(left), self._true(right)))
            case Or(left, right) if not any(isinstance(x, LaneLocal) for x in parts(right)):
                return SomeHolds((self._true(left), self._true(right)))
            case Operation("!", (operand,)):
                return Negated(self._true(operand))
            case Operation("==", (left, right)):
                return self._equal(left, right)
            case Operation("!=", (left, right)):
                return Negated(self._equal(left, right))
            case Constant(number):
                return AllHold(()) if number else SomeHolds(())
            case Load() | LaneLocal():
                return Negated(Equals(self._side(expression), Integer(0)))
            case _:
                raise NotWritten(self.item.span, "this in a final state")

    def _equal(self, left: Expression, right: Expression) -> Condition:
        for one, other in ((left, right), (right, left)):
            match other:
                case Constant(number):
                    return Equals(self._side(one), Integer(number))
                case NullPointer():
                    return Equals(self._side(one), Integer(0))
        raise NotWritten(self.item.span, "two values compared in a final state")

    def _side(self, expression: Expression) -> FinalValue | RegisterOf:
        match expression:
            case Load(Through(), _, _):
                raise NotWritten(self.item.span, "what a pointer leads to in a final state")
            case Load(place, _, span):
                return FinalValue(self._name(place, span))
            case LaneLocal():
                return self._register(expression, "")
            case _:
                raise NotWritten(self.item.span, "a computed value in a final state")

    def _name(self, place: Place, span: Span) -> str:
        name = self.written.memory.name(place, span)
        if name not in dict(self.written.memory.variables):
            raise NotWritten(self.item.span, EMPTY_ENTRY)
        return name

    def _register(self, local: LaneLocal, ending: str) -> RegisterOf:
        lanes = enumerate(self.written.lanes)
        own = [number for number, one in lanes if local.block in one.kind.blocks]
        if local.index >= len(own):
            raise NotWritten(self.item.span, "a lane that there is not at these bounds")
        return RegisterOf(own[local.index], f"{local.block}.{local.name}{ending}")

    def _assigned(self, local: LaneLocal) -> Condition:
        """The lane has assigned it; nothing where it does so in every complete execution."""
        register = self._register(local, "?")
        always = Assigns(register.name, Integer(1))
        if always in self.written.threads[register.thread].statements:
            return AllHold(())
        return Equals(register, Integer(1))
