"""Which bounds a property is decided at, and how far in the number of lanes the answer reaches.

Takes a checked protocol and the bounds asked for; gives smaller ones at which a property fails
or is met exactly if it does at these, and what to say about it. Why one independent lane is
enough is in `language.independence`; larger bounds allow all that smaller ones do, but of lanes
that the protocol counts (`language.numbered`).
"""

from collections.abc import Sequence

from smtmodel.language.ast import When
from smtmodel.language.checked import DEADLOCK, Bounds, BuiltIn, Checked, Never, Property, Reach
from smtmodel.language.independence import Coupled, Independent, about_all_lanes, independence
from smtmodel.language.lanes import ROUNDS, UPDATES
from smtmodel.language.numbered import counted
from smtmodel.solving.result import Extent
from smtmodel.source.record import replace


def extents(protocol: Checked, bounds: Bounds, item: Property) -> tuple[Extent, ...]:
    """How far a proof of the property reaches, for each kind but the updates, in their order.

    A kind of which the bounds allow no lane is left out.
    """
    found = []
    for kind in protocol.kinds:
        if kind.updates or bounds.count(kind.bound) < 1:
            continue
        match independence(protocol, kind), about_all_lanes(protocol, kind, item):
            case Coupled(couplings), _:
                found.append(Extent(kind.bound, any_number=False, reason="", couplings=couplings))
            case Independent(), str(reason) if reason:
                found.append(Extent(kind.bound, any_number=False, reason=reason))
            case Independent(reason), _:
                found.append(Extent(kind.bound, any_number=True, reason=reason))
    return tuple(found)


def with_one_lane(protocol: Checked, bounds: Bounds, item: Property | None = None) -> Bounds:
    """The bounds with one lane for each kind whose lanes are independent.

    Not for the kinds of which a property, if one is given, is about all lanes.
    """
    alike = {
        kind.bound
        for kind in protocol.kinds
        if isinstance(independence(protocol, kind), Independent)
        and (item is None or not about_all_lanes(protocol, kind, item))
    }
    counts = ((name, min(n, 1) if name in alike else n) for name, n in bounds.lanes)
    return replace(bounds, lanes=tuple(counts))


def told(protocol: Checked, bounds: Bounds) -> str:
    """`updates 2, faults 1`, as a file has them."""
    counts = [
        f"{kind.bound} {bounds.count(kind.bound)}"
        + (f" rounds {kind.rounds}" if kind.rounds is not None else "")
        for kind in protocol.kinds
    ]
    return ", ".join([*counts, f"rounds {bounds.rounds}"] if bounds.rounds != 1 else counts)


def least(protocol: Checked, bounds: Bounds) -> Bounds:
    """One update and one lane of each kind, in one round; of lanes that are counted all."""
    kept = _kept(protocol)
    lanes = tuple((name, n if name in kept else 1) for name, n in bounds.lanes)
    return Bounds(bounds.updates if UPDATES in kept else 1, lanes, 1)


def _kept(protocol: Checked) -> frozenset[str]:
    """The bounds that are not lowered, because steps can tell how many lanes there are."""
    kinds = counted(protocol)
    return frozenset(kind.bound for kind in protocol.kinds if kind.name in kinds)


def smaller(protocol: Checked, bounds: Bounds, position: int) -> list[Bounds]:
    """The bounds with one count lowered: 0 the updates, then the lane kinds, then rounds."""
    lowered = [UPDATES, *(name for name, _ in bounds.lanes), ROUNDS][position]
    if lowered in _kept(protocol):
        return []
    if position == 0:
        return [replace(bounds, updates=n) for n in range(1, bounds.updates)]
    if position <= len(bounds.lanes):
        name, count = bounds.lanes[position - 1]
        before, after = bounds.lanes[: position - 1], bounds.lanes[position:]
        return [replace(bounds, lanes=(*before, (name, n), *after)) for n in range(1, count)]
    return [replace(bounds, rounds=n) for n in range(1, bounds.rounds)]


def stronger(item: Property, others: Sequence[Property]) -> Never | None:
    """The property among the others that says `always` what this one says `settled`.

    What is bad at no instant is not bad while no update is in progress either.
    """
    if not isinstance(item, Never) or item.when is not When.SETTLED:
        return None
    for other in others:
        if isinstance(other, Never) and other == replace(item, name=other.name, when=When.ALWAYS):
            return other
    return None


def is_about_ends(item: Property) -> bool:
    """Whether a property is about all that the bounds allow, not about what has happened."""
    match item:
        case Never(when=when) | Reach(when=when):
            return when is When.FINALLY
        case BuiltIn(name=name):
            return name == DEADLOCK
        case _:
            return False
