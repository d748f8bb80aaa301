"""What is shown of random protocols for any number of updates, beside what runs at some bounds do.

An invariant that shows what some run violates is wrong, or the system is, of which it is one.
"""

from collections.abc import Callable

from smtmodel.executions.explore import explore
from smtmodel.language.checked import Bounds, Checked
from smtmodel.solving.result import Unbounded
from smtmodel.solving.unbounded import shown
from smtmodel.source.record import record
from smtmodel.systems.translate import lanes_of
from tests.support import (
    differential,
    mutated_steps,
    random_frees,
    random_lanes,
    random_movers,
    random_protocols,
)
from tests.support.abstracted import bounded

STATES = 100
"""How many closed states are looked at: a protocol with more is decided too late for thousands."""

RUNS = 2_000
"""Up to how many states the explorer visits at each bounds; what it has met by then counts."""

BOUNDS = ((3, 1), (4, 1), (2, 2))
"""Updates, and rounds of all other lanes."""

KINDS: tuple[Callable[[int], str], ...] = (
    mutated_steps.text,
    lambda seed: mutated_steps.text(1_000_000 + seed),
    random_movers.text,
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
    known = {n: one for n, one in shown(protocol, names, STATES) if one.proved}
    found = [_runs(protocol, bounded(protocol, *bounds)) for bounds in (BOUNDS if known else ())]
    violated = frozenset[str]().union(*found)
    return Compared(text, frozenset(known), violated | _with_more_lanes(protocol, known))


def _runs(protocol: Checked, bounds: Bounds) -> frozenset[str]:
    return explore(protocol, bounds, store_buffers=False, limit=RUNS).violated


def _with_more_lanes(protocol: Checked, known: dict[str, Unbounded]) -> frozenset[str]:
    """What runs violate with a lane more of each kind of which any number is spoken of."""
    found: set[str] = set()
    for name, one in known.items():
        free = one.certificate.free if one.certificate is not None else ()
        lanes = tuple((n, count + (n in free)) for n, count in protocol.bounds.lanes)
        if lanes != lanes_of(protocol).lanes:
            found |= _runs(protocol, Bounds(max(2, protocol.updaters or 1), lanes, 1)) & {name}
    return frozenset(found)


def of_seed(seed: int) -> Compared | None:
    """The comparison of a seed; seeds take turns among the kinds of protocols."""
    return compared(KINDS[seed % len(KINDS)](seed // len(KINDS)))
