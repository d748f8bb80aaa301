"""The cases of one fault against one update: what it reads, and what an access gets afterwards.

Takes a protocol, a model and bounds of which only the rounds matter; yields for each pair of
properties that judge the same thing the cases, and then whether these are all. A case is a set
of executions: those in which the fault reads the same values from the same writes and an access
at some instant after it has the same outcome. Each comes with its smallest run, replayed by the
interpreter. They are all because the solver finds no execution outside of them.
"""

from collections.abc import Iterator
from enum import Enum

from smtmodel.language.ast import When
from smtmodel.language.checked import Bounds, Checked, Never
from smtmodel.models import Model
from smtmodel.solving.result import Limits, Run, Started
from smtmodel.source.record import record, replace


class Outcome(Enum):
    """What an access gets at an instant after the fault, the worst first."""

    STALE_AFTER = "hit stale after the update returned"
    STALE_DURING = "hit stale while the update runs"
    FRESH = "hit fresh"
    MISS = "miss"
    EMPTY = "nothing cached"


@record
class Reading:
    """A read of the fault: what it returned in the representative run, and the step that wrote
    that; None for what was there at the start. `pointer`: only another read's address."""

    line: int
    told: str
    source: int | None
    pointer: bool


@record
class Case:
    """Executions that differ in nothing that the fault reads, nor in the outcome.

    `number` counts from 1 and is the same for all in which the fault reads the same. `cached`
    is what the fault cached in the representative run, nothing if it did not.
    """

    number: int
    reads: tuple[Reading, ...]
    outcome: Outcome
    cached: str
    run: Run


@record
class Subject:
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


Found = Started | Subject | Case | Complete

HIT, STALE, CALM = "hit", "stale", "calm"
"""The properties with which the interpreter judges the last instant of a run."""


def cases(
    protocol: Checked, model: Model, bounds: Bounds, limits: Limits, only: frozenset[str] | None
) -> Iterator[Found]:
    """For each subject of the properties (or of `only`): it, its cases, and its end."""
    from smtmodel.analysis.enumeration import Finder

    for names, item in subjects(protocol, only).items():
        yield Started(names[0])
        yield from Finder(protocol, model, bounds, limits, names, item).run()


def subjects(protocol: Checked, only: frozenset[str] | None) -> dict[tuple[str, ...], Never]:
    """The properties that judge the same thing, together."""
    found: list[tuple[list[str], Never]] = []
    for item in protocol.properties:
        if not isinstance(item, Never) or item.when is When.FINALLY:
            continue
        if only is not None and item.name not in only:
            continue
        same = replace(item, name="", when=When.ALWAYS)
        known = next((names for names, other in found if other == same), None)
        if known is None:
            found.append(([item.name], same))
        else:
            known.append(item.name)
    return {tuple(names): item for names, item in found}
