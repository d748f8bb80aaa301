"""What values may be at worst, found from how they flow: nothing, null, negative.

Takes the programs of all lanes; gives the places of memory, by their names, and the webs of
registers that such a value may get into. What cannot be is not asked about in a model.
Conservative: conditions are not looked at.
"""

from enum import Enum

from smtmodel.executions.actions import Action
from smtmodel.executions.event_actions import AwaitValue, Modify, Read, Recall, Write
from smtmodel.executions.local_actions import ChooseValue, Compute, ReadGhost, WriteGhost
from smtmodel.executions.program import Program
from smtmodel.executions.terms import Component, Computed, Immediate, Register, Term, name_of
from smtmodel.executions.values import NOTHING, PARTIAL
from smtmodel.language.checked import Checked, Shape
from smtmodel.source.record import field, parts, record
from smtmodel.systems.webs import Spot, Webs

TOTAL = ("==", "!=", "<", "<=", ">", ">=", "!")
"""The operators that yield 1 or 0 whatever their operands are."""


class Trait(Enum):
    """What a value may be. Of what may be nothing it is not known whether it may be negative."""

    NOTHING = "nothing"
    NULL = "null or nothing"
    NEGATIVE = "negative or nothing"


@record(frozen=False)
class Spread:
    """How far values of a trait get: `registers` are webs, with the index of their lane."""

    trait: Trait
    webs: tuple[Webs, ...]
    places: set[str] = field(default_factory=set)
    registers: set[tuple[int, Spot]] = field(default_factory=set)

    def about(self, lane: int, place: int, term: Term) -> bool:
        """Whether a term at a place of a lane may have the trait."""
        match term:
            case Component():
                return True
            case Register(number=number):
                return (lane, self.webs[lane].of.get((place, number))) in self.registers
            case Immediate(value=value):
                return self.stated(value)
            case Computed(operator=operator, operands=operands):
                within = any(self.about(lane, place, one) for one in operands)
                return operator not in TOTAL and self._computed(operator, within)
            case _:
                return False

    def stated(self, value: object) -> bool:
        """Whether a value has the trait."""
        match self.trait:
            case Trait.NOTHING:
                return value is NOTHING
            case Trait.NULL:
                return value is NOTHING or value is None
            case Trait.NEGATIVE:
                return value is NOTHING or (isinstance(value, int) and value < 0)

    def _computed(self, operator: str, within: bool) -> bool:
        if self.trait is Trait.NEGATIVE and operator in ("-", "negate"):
            return True
        natural = self.trait is Trait.NEGATIVE and operator in (*PARTIAL, "wrap")
        return within and not natural

    def _within(self, lane: int, place: int, term: Term) -> bool:
        """Whether a term, or a field of the entry that it makes, may have the trait."""
        terms = (one for one in parts(term) if isinstance(one, Term))
        return any(self.about(lane, place, one) for one in terms)

    def note(self, lane: int, place: int, action: Action) -> None:
        """What an action does to how far values get."""
        match action:
            case Recall(into=into):
                self._set(lane, place, into)
            case ChooseValue(into=into, low=low) if self.stated(low):
                self._set(lane, place, into)
            case Compute(into=into, value=value) if self._within(lane, place, value):
                self._set(lane, place, into)
            case Write(address=at, value=value) | WriteGhost(address=at, value=value):
                if self._within(lane, place, value):
                    self.places.add(name_of(at))
            case Modify(into=into, address=at, operands=operands):
                if any(self._within(lane, place, one) for one in operands):
                    self.places.add(name_of(at))
                self._read(lane, place, into, name_of(at))
            case Read(into=into, address=at) | ReadGhost(into=into, address=at):
                self._read(lane, place, into, name_of(at))
            case AwaitValue(into=into, address=at):
                self._read(lane, place, into, name_of(at))
            case _:
                pass  # it sets no value, or a number from 0 on, or a pointer to an object

    def _read(self, lane: int, place: int, into: int, name: str) -> None:
        if name in self.places:
            self._set(lane, place, into)

    def _set(self, lane: int, place: int, into: int) -> None:
        web = self.webs[lane].of.get((place + 1, into))
        if web is not None:
            self.registers.add((lane, web))


def spread(
    trait: Trait, protocol: Checked, programs: tuple[Program, ...], webs: tuple[Webs, ...]
) -> Spread:
    """How far values of a trait get in any run."""
    found = Spread(trait, webs)
    found.places |= {name for name, value in _initial(protocol) if found.stated(value)}
    known = -1
    while known != (known := len(found.places) + len(found.registers)):
        for program in programs:
            for place, op in enumerate(program.ops):
                found.note(program.index, place, op.action)
    return found


def _initial(protocol: Checked) -> list[tuple[str, object]]:
    """The places and the values that they have at first."""
    found: list[tuple[str, object]] = []
    for variable in protocol.variables:
        names = [variable.name] * len(variable.initial)
        if variable.shape is Shape.STRUCT:
            names = [f"{variable.name}.{own}" for own in variable.fields]
        found += zip(names, variable.initial, strict=True)
    for thing in protocol.objects:
        fields = protocol.struct(thing.struct).fields
        names = [f"{thing.struct}->{own}" for own in fields]
        found += zip(names, thing.values, strict=True)
    return found
