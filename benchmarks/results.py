"""What one run of the benchmarks found: plain values, made by `run`, told by `report`."""

from dataclasses import dataclass, field
from statistics import median

from benchmarks.promela import Style
from benchmarks.spin import Ending, Search

PROPERTY = "stale_after_return"


@dataclass(frozen=True, slots=True, order=True)
class Size:
    """Bounds: updates and faults."""

    updates: int
    faults: int

    def __str__(self) -> str:
        return f"{self.updates}x{self.faults}"


@dataclass(frozen=True, slots=True)
class Timed:
    """Wall-clock seconds of each repetition, and the peak memory in MB of all processes."""

    seconds: tuple[float, ...]
    megabytes: float | None = None

    @property
    def median(self) -> float:
        """The figure that ratios are made of."""
        return median(self.seconds)


class _Repeated:
    """What searches of one model have in common."""

    __slots__ = ()
    searches: tuple[Search, ...]

    @property
    def ending(self) -> Ending:
        """How they ended; the worst if the repetitions differ."""
        bad = [found.ending for found in self.searches if found.ending is not Ending.HOLDS]
        return bad[0] if bad else Ending.HOLDS

    @property
    def median(self) -> float:
        """Seconds of the searcher alone."""
        return median(found.seconds for found in self.searches)


@dataclass(frozen=True, slots=True)
class Searched(_Repeated):
    """One way to search one model: repetitions, and seconds that making the searcher took."""

    size: Size
    style: Style
    options: str
    building: float
    searches: tuple[Search, ...]

    @property
    def megabytes(self) -> float:
        """The most that it had resident."""
        return max(found.megabytes for found in self.searches)

    @property
    def states(self) -> int:
        """Stored states."""
        return self.searches[0].states


@dataclass(frozen=True, slots=True)
class Compared(_Repeated):
    """smtmodel and SPIN on an exported model: `size` is its name and bounds, `building` seconds
    that making the searcher took, with `spin -a`; no searches where SPIN is not installed."""

    size: str
    proof: Timed
    building: float = 0
    searches: tuple[Search, ...] = ()


@dataclass(frozen=True, slots=True)
class Results:
    """Everything. `peer` says why there are no searches, if there are none.

    `compared` is the number of questions to which SPIN and the prover gave equal answers.
    `stages` maps a size to stages and their median seconds. `machine` is (what, value) pairs.
    `reading` is a command that only reads a protocol. `slow` has for each of the slow protocols how
    long it takes to decide it and to enumerate it, and its states.
    """

    machine: tuple[tuple[str, str], ...]
    imports: Timed
    default: Timed
    reading: Timed
    proofs: dict[Size, Timed]
    stages: dict[Size, dict[str, float]]
    searched: tuple[Searched, ...]
    peer: str
    compared: int
    limit: float
    slow: dict[str, tuple[Timed, Timed, int]] = field(default_factory=dict)
    shapes: tuple[Compared, ...] = ()

    def best(self, size: Size, style: Style) -> Searched | None:
        """The fastest options for a model: a search to its end if there is one."""
        found = [s for s in self.searched if s.size == size and s.style is style]
        return min(found, key=lambda s: (s.ending is not Ending.HOLDS, s.median), default=None)
