"""What is observed of the executions of a litmus test: final states, counts and flags."""

from collections.abc import Iterator

from smtmodel.litmus.answer import Frequency, observation
from smtmodel.litmus.program import (
    AddressOf,
    AllHold,
    Condition,
    EndValue,
    Equals,
    FinalValue,
    IsTrue,
    LitmusTest,
    Negated,
    Operand,
    Quantifier,
    RegisterOf,
    SomeHolds,
    ThinAir,
)
from smtmodel.litmus.shown import ShownExecution
from smtmodel.source.record import record

Place = RegisterOf | FinalValue
End = tuple[int | AddressOf | ThinAir, ...]
"""The values of what a test observes, in the order of `observed`."""


@record
class CycleStep:
    """An event of an execution, the relation by which it leads to the next, and what that means."""

    event: str
    relation: str
    meaning: str


@record
class Forbidden:
    """Why an end is missing: in words, what would go round if it were not, and in what."""

    why: str
    cycle: tuple[CycleStep, ...] = ()
    shown: ShownExecution | None = None


@record
class Ends:
    """The ends of a test's executions under a model.

    `holding`, `failing`: ends at which the test's condition holds, or does not; with `all` every
    one, else one of each sort if there is any. `flags`: those of the model that some execution
    raises. Where it was asked, `forbidding` says why an end of one sort is missing, and `shown` is
    an execution at whose end the condition holds, if there is one.
    """

    test: LitmusTest
    holding: tuple[End, ...]
    failing: tuple[End, ...]
    flags: tuple[str, ...]
    all: bool
    forbidding: tuple[Forbidden, ...] = ()
    shown: ShownExecution | None = None

    @property
    def frequency(self) -> Frequency:
        """How often the condition holds."""
        return observation(bool(self.holding), bool(self.failing))

    @property
    def validated(self) -> bool:
        """Whether the test's claim is true: herd7's `Ok`."""
        match self.test.quantifier:
            case Quantifier.EXISTS:
                return bool(self.holding)
            case Quantifier.NEVER:
                return not self.holding
            case Quantifier.ALWAYS:
                return not self.failing


def observed(test: LitmusTest) -> tuple[Place, ...]:
    """The registers and variables that a test's condition speaks of: registers first, by lane."""
    found = set(_places(test.condition))
    registers = [one for one in found if isinstance(one, RegisterOf)]
    variables = [one for one in found if isinstance(one, FinalValue)]
    registers.sort(key=lambda one: (one.thread, one.name))
    variables.sort(key=lambda one: one.variable)
    return (*registers, *variables)


def _places(condition: Condition) -> list[Place]:
    match condition:
        case AllHold(parts) | SomeHolds(parts):
            return [place for part in parts for place in _places(part)]
        case Negated(inner):
            return _places(inner)
        case Equals(left, right):
            return [left, right] if isinstance(right, RegisterOf) else [left]
        case IsTrue(value):
            return list(_registers(value))


def _registers(value: Operand) -> Iterator[RegisterOf]:
    match value:
        case RegisterOf():
            yield value
        case EndValue(_, operands):
            for operand in operands:
                yield from _registers(operand)
