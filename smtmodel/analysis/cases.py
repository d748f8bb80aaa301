"""The cases of one fault against one update: what it reads, and what comes of it.

A case is a set of executions: those in which the fault reads the same values from the same
writes and what is judged after it has the same outcome. Each comes with its smallest run, replayed
by the interpreter. The cases of a subject (properties that judge the same thing) are about one
update, if the bounds have any, and one lane of each kind, in one round. They are all because the
solver finds no execution outside of them. Executions in which the fault never comes to its end
are no cases, but looked through for what violates a property that no case violates.

Has what is said of cases; `smtmodel.analysis.enumeration` finds them.
"""

from enum import Enum

from smtmodel.language.checked import (
    Assert,
    Asserted,
    Block,
    Bounds,
    Cell,
    Checked,
    Load,
    Never,
    Part,
    Shape,
)
from smtmodel.solving.result import Run, Started
from smtmodel.source.record import parts, record


class CaseOutcome(Enum):
    """What comes of a fault, the worst first.

    A hit is told where the property reads a field of an entry: at an instant after the fault an
    access can find what is told. Other properties are violated or not. Those with `EARLY` happen
    before the fault is over, with `OTHER` only where other blocks run too.
    """

    STALE_AFTER = "hit stale after the update returned"
    STALE_DURING = "hit stale while the update runs"
    STALE_BEFORE = "hit stale before the update begins"
    STALE = "hit stale"
    STALE_EARLY = "hit stale before the fault is over"
    STALE_OTHER = "hit stale when other blocks run"
    FRESH = "hit fresh"
    MISS = "miss"
    EMPTY = "nothing cached"
    VIOLATED_AFTER = "violated after the update returned"
    VIOLATED_DURING = "violated while the update runs"
    VIOLATED_BEFORE = "violated before the update begins"
    VIOLATED = "violated"
    VIOLATED_EARLY = "violated before the fault is over"
    VIOLATED_OTHER = "violated when other blocks run"
    KEPT = "not violated"
    UNJUDGED = "not judged"
    FAILS = "fails"
    FAILS_EARLY = "fails before the fault is over"
    FAILS_OTHER = "fails when other blocks run"
    HOLDS = "no assertion fails"
    UNREACHED = "no assertion is reached"


EARLY = (CaseOutcome.STALE_EARLY, CaseOutcome.VIOLATED_EARLY, CaseOutcome.FAILS_EARLY)
"""The fault may then never come to its end."""
OTHER = (CaseOutcome.STALE_OTHER, CaseOutcome.VIOLATED_OTHER, CaseOutcome.FAILS_OTHER)


UNSETTLED = {CaseOutcome.STALE_DURING: "hit stale", CaseOutcome.VIOLATED_DURING: "bad"}
"""What is the case while the update runs, where a property judges only settled instants."""


@record
class FaultRead:
    """A read of the fault: what it returned in the representative run, and the step that wrote
    that, by its line and its name; None and nothing for what was there at the start. `pointer`:
    only another read's address."""

    lane: str
    line: int
    told: str
    source: int | None
    pointer: bool
    step: str = ""


@record
class Case:
    """Executions that differ in nothing that the fault reads, nor in the outcome.

    `number` counts from 1 and is the same for all in which the fault reads the same. `violates`
    are the properties of the subject that the executions violate, by name. `cached` is what the
    entries that the property reads hold at the end of the representative run, nothing if they are
    empty; None where it reads no entry.
    """

    number: int
    reads: tuple[FaultRead, ...]
    outcome: CaseOutcome
    violates: tuple[str, ...]
    cached: str | None
    run: Run

    @property
    def told(self) -> str:
        """The outcome in words, with the assertions that fail; and where it is nothing that a
        property of the subject speaks of, because no update may be in progress."""
        if self.outcome in UNSETTLED and not self.violates:
            return f"{UNSETTLED[self.outcome]} while the update runs, when it is not judged"
        if self.outcome in (CaseOutcome.FAILS, CaseOutcome.FAILS_EARLY, CaseOutcome.FAILS_OTHER):
            return f"{', '.join(self.violates)} {self.outcome.value}"
        return str(self.outcome.value)


@record
class Claim:
    """What the cases are about: the properties that judge it, by name, and the blocks that run.

    `bounds` are those of the cases.
    """

    names: tuple[str, ...]
    blocks: tuple[str, ...]
    bounds: Bounds


@record
class Complete:
    """The end of a subject's cases. `unknown` is why there may be more, `broken` a bug of ours."""

    unknown: str = ""
    broken: str = ""


@record
class Assertions:
    """The assertions of the blocks that are not updates."""

    items: tuple[Asserted, ...]


About = Never | Assertions
"""What a subject's properties say; a `Never` without its name, and `always` for `settled`."""

Found = Started | Claim | Case | Complete


def one_of_each(protocol: Checked, bounds: Bounds) -> Bounds:
    """One update, one lane of each kind and one round; none of what the bounds have none."""
    kinds = [kind for kind in protocol.kinds if not kind.updates]
    lanes = tuple((kind.bound, min(1, bounds.count(kind.bound))) for kind in kinds)
    return Bounds(min(1, bounds.updates), lanes, 1)


def assertions(block: Block) -> frozenset[str]:
    """The names of the assertions of a block."""
    return frozenset(part.name for part in parts(block) if isinstance(part, Assert))


def entries(protocol: Checked, item: Never) -> tuple[Load, ...]:
    """The entries of caches that a property reads, each once."""
    caches = (Shape.CACHE, Shape.SHARED_CACHE)
    return tuple(
        dict.fromkeys(
            part
            for part in parts((item.bad, item.condition))
            if isinstance(part, Load)
            and isinstance(part.place, Cell)
            and protocol.variable(part.place.variable).shape in caches
        )
    )


def is_hit(protocol: Checked, item: Never) -> bool:
    """Whether a property is about what an access finds: it reads a field of an entry."""
    own = [part for part in parts((item.bad, item.condition)) if isinstance(part, Part)]
    caches = entries(protocol, item)
    return any(part.entry in caches for part in own)
