"""What deciding a protocol yields: one result per property, and what was covered."""

from enum import Enum

from smtmodel.executions.trace import Trace
from smtmodel.language.checked import (
    Asserted,
    Bounds,
    BuiltIn,
    Never,
    Property,
    Reach,
    ReachStep,
    Where,
)
from smtmodel.source import Span
from smtmodel.source.record import record
from smtmodel.verdict import Cause, Status, Verdict, status_of


class Sort(Enum):
    """What a result speaks of."""

    NEVER = "never"
    ASSERT = "assert"
    REACH = "reach"
    BUILT_IN = "built-in"


def sort_of(item: Property) -> Sort:
    """What a result about this property speaks of."""
    match item:
        case Never():
            return Sort.NEVER
        case Asserted():
            return Sort.ASSERT
        case Reach() | ReachStep():
            return Sort.REACH
        case BuiltIn():
            return Sort.BUILT_IN


@record
class Limits:
    """What the solver may use: `budget` in z3 resource units and `memory` in MB, per query."""

    budget: int | None = None
    memory: int | None = None
    seed: int = 0


@record
class Run:
    """A replayed run: a counterexample or a witness.

    `bounds` are its own, the smallest at which it exists; `steps` counts the steps of the
    text that it takes. `facts` are the values at its end that make the property false (or
    the goal true), as (expression, value) pairs; `claim` says the same in one line.
    """

    bounds: Bounds
    steps: int
    trace: Trace
    facts: tuple[tuple[str, str], ...]
    claim: str


@record
class Result:
    """The answer for one property.

    `reason` is one sentence for VACUOUS and UNKNOWN. `run` is the counterexample of a
    REFUTED property or the witness of a reached goal. `seconds` is what deciding it took.
    """

    name: str
    sort: Sort
    verdict: Verdict
    span: Span
    reason: str = ""
    cause: Cause = Cause.NONE
    run: Run | None = None
    seconds: float = 0.0

    @property
    def status(self) -> Status:
        """The exit status of this result alone."""
        return status_of(self.verdict, self.cause)


@record
class Coverage:
    """What the executions within the bounds can do, found before any property is decided.

    `unreached`: steps that no execution begins; `undecided`: steps of which the solver could
    not tell. `cuts`: loops whose bound some execution uses up, or may. `complete`: whether
    some execution runs to its end in every lane; None where that is not known.
    """

    steps: int
    unreached: tuple[Where, ...] = ()
    cuts: tuple[Where, ...] = ()
    complete: bool | None = True
    undecided: tuple[Where, ...] = ()


@record
class Started:
    """Progress: this is being decided now."""

    what: str


@record
class Outcome:
    """All that one `prove` found; results in the order of the file, built-ins last."""

    model: str
    bounds: Bounds
    coverage: Coverage | None
    results: tuple[Result, ...]
