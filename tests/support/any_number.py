"""What is shown of random protocols for any number of updates, beside what runs at some bounds do.

An invariant that shows what some run violates is wrong, or the system is, of which it is one.
"""

from collections.abc import Callable

from smtmodel.executions.explore import explore
from smtmodel.language.checked import Checked
from smtmodel.solving.unbounded import shown
from smtmodel.source.record import record
from tests.support import differential, random_frees, random_lanes, random_movers, random_protocols
from tests.support.abstracted import bounded

STATES = 100
"""How many closed states are looked at: a protocol with more is decided too late for thousands."""

RUNS = 2_000
"""Up to how many states the explorer visits at each bounds; what it has met by then counts."""

BOUNDS = ((3, 1), (4, 1), (2, 2))
"""Updates, and rounds of all other lanes."""

KINDS: tuple[Callable[[int], str], ...] = (
    random_movers.text,
    lambda seed: random_movers.text(1_000_000 + seed),
    random_frees.text,
    lambda seed: random_protocols.text(seed, weak=False),
    lambda seed: random_lanes.text(seed, weak=False),
)
"""Those about what may be one step are the most, because nothing else checks that."""


@record
class Compared:
    """`shown` are the properties that two solvers have decided for any number, `violated` those
    that a run at some bounds violates."""

    text: str
    shown: frozenset[str]
    violated: frozenset[str]

    @property
    def wrong(self) -> frozenset[str]:
        """What is said to hold and does not."""
        return self.shown & self.violated

    @property
    def telling(self) -> bool:
        """Whether something is shown of what the protocol states itself, where something else is
        violated: there a system that leaves out runs would have been noticed soonest."""
        return bool(self.shown) and bool(self.violated)


def compared(text: str) -> Compared | None:
    """A protocol, compared; None of a text that is none."""
    protocol = differential.checked(text)
    if not isinstance(protocol, Checked):
        return None
    names = frozenset(one.name for one in protocol.properties)
    known = shown(protocol, names, STATES)
    proved = frozenset(name for name, one in known if one.proved)
    runs = [
        explore(protocol, bounded(protocol, *bounds), store_buffers=False, limit=RUNS)
        for bounds in (BOUNDS if proved else ())
    ]
    return Compared(text, proved, frozenset[str]().union(*(one.violated for one in runs)))


def of_seed(seed: int) -> Compared | None:
    """The comparison of a seed; seeds take turns among the kinds of protocols."""
    return compared(KINDS[seed % len(KINDS)](seed // len(KINDS)))
