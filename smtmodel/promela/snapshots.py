"""Expressions of properties as conditions of Promela.

An expression has a value, or is undefined, which `missing` says.
"""

from smtmodel.executions.values import PARTIAL
from smtmodel.language.checked import (
    GROWING,
    And,
    Cell,
    Constant,
    Element,
    Expression,
    Filled,
    LaneLocal,
    LaneNumber,
    Load,
    Member,
    NamedObject,
    NullPointer,
    Operation,
    Or,
    Part,
    Place,
    Shape,
    Through,
)
from smtmodel.promela.conditions import both, bracketed, either, negation
from smtmodel.promela.memory import ModelMemory, Variables
from smtmodel.source.record import record
from smtmodel.systems.system import NotCoveredError


@record
class Seen:
    """The value of an expression, and when there is none."""

    value: str
    missing: str = ""

    def holds(self) -> str:
        """That it is defined and true."""
        return both(negation(self.missing), self.value)


@record
class Snapshots:
    """Expressions as they are at an instant; `lane` is the index, in its kind, whose caches count;
    `ends` says that every lane has run to its end."""

    memory: ModelMemory
    lane: int
    ends: bool

    def seen(self, expression: Expression) -> Seen:
        match expression:
            case Constant(value=number):
                return Seen(str(number) if number >= 0 else f"({number})")
            case NullPointer():
                return Seen("0")
            case LaneLocal():
                return self._local(expression)
            case Part(entry=Load(place=Cell(variable=name)), field=own):
                place = self.memory.layout.protocol.variable(name).fields.index(own)
                value = self._entry(name).names[place + 1]
                return Seen(value, f"{value} == NOTHING")
            case Filled(entry=Load(place=Cell(variable=name))):
                return Seen(self._entry(name).names[0])
            case Load(place=place):
                return self._load(place)
            case Operation(operator=operator, operands=operands):
                return self._operation(operator, *map(self.seen, operands), inner=operands)
            case And(left=left, right=right):
                first, second = self.seen(left), self.seen(right)
                late = both(first.value, second.missing) if second.missing else ""
                return Seen(both(first.value, second.value), either(first.missing, late))
            case Or(left=left, right=right):
                first, second = self.seen(left), self.seen(right)
                late = both(negation(first.value), second.missing) if second.missing else ""
                return Seen(either(first.value, second.value), either(first.missing, late))
            case LaneNumber():
                raise NotCoveredError(None, "a property says `lane`")
            case NamedObject():
                raise NotCoveredError(None, "a property names an object")
            case _:
                raise NotCoveredError(None, "a property is about a whole entry of a lane")

    def _local(self, expression: LaneLocal) -> Seen:
        if not self.ends:
            return Seen("0", "true")
        lanes = enumerate(self.memory.layout.lanes)
        block, index = expression.block, expression.index
        columns = [n for n, one in lanes if block in one.kind.blocks and one.index == index]
        if not columns:
            return Seen("0", "true")
        value = f"{self.memory.kept[block, expression.name]}[{columns[0]}]"
        return Seen(value, f"{value} == NOTHING")

    def _entry(self, name: str) -> Variables:
        variable = self.memory.layout.protocol.variable(name)
        if variable.shape is Shape.CACHE:
            return self.memory.entry(variable, self.lane, None)
        return self.memory.held[name]

    def _load(self, place: Place) -> Seen:
        match place:
            case Cell(variable=name):
                return self._found(self._entry(name), name)
            case Member(variable=name, field=own):
                return self._found(self.memory.held[f"{name}.{own}"], f"{name}.{own}")
            case Element(variable=name, index=index):
                number = self.seen(index)
                length = self.memory.layout.protocol.variable(name).length
                at = bracketed(number.value)
                outside = either(number.missing, f"{at} < 0", f"{at} >= {length}")
                found = self._found(self.memory.held[name].at(number.value), name)
                return Seen(found.value, either(outside, found.missing))
            case Through(pointer=pointer, struct=struct, field=own):
                target = self.seen(pointer)
                value = f"{self.memory.fields[struct, own]}[{target.value}]"
                null = f"{bracketed(target.value)} == 0"
                found = self._found(Variables((value,)), f"{struct}->{own}")
                unwritten = f"{value} == UNWRITTEN"
                return Seen(value, either(target.missing, null, unwritten, found.missing))

    def _found(self, held: Variables, name: str) -> Seen:
        if held.whole:
            raise NotCoveredError(None, "a property is about a whole entry")
        (value,) = held.names
        return Seen(value, f"{value} == NOTHING" if self.memory.unsure(name) else "")

    def _operation(self, operator: str, *seen: Seen, inner: tuple[Expression, ...]) -> Seen:
        missing = either(*(one.missing for one in seen))
        texts = [bracketed(one.value) for one in seen]
        if len(texts) == 1:
            value = negation(seen[0].value) if operator == "!" else f"-{texts[0]}"
            return Seen(value, missing)
        if operator in GROWING and (operator in ("*", "<<") or _grows(*inner)):
            raise NotCoveredError(None, "a property computes what may be too large for an int")
        if operator == ">>" and not isinstance(inner[1], Constant):
            raise NotCoveredError(None, "a property shifts by a number that is no literal")
        if operator == "wrap":
            assert isinstance(inner[1], Constant)
            return Seen(f"{texts[0]} & {inner[1].value - 1}", missing)
        if operator in PARTIAL:
            missing = either(missing, f"{texts[0]} < 0")
        return Seen(f"{texts[0]} {operator} {texts[1]}", missing)


def _grows(*expressions: Expression) -> bool:
    operators = [one.operator for one in expressions if isinstance(one, Operation)]
    return any(operator in GROWING for operator in operators)
