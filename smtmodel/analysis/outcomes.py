"""What the outcomes of a subject's cases are, to the solver and to the interpreter.

Takes a protocol and what a subject's properties say; gives the protocol that is looked at, the
question with a literal for each outcome, and whether a replayed run has the outcome that the
solver found.
"""

from smtmodel.analysis.cases import (
    EARLY,
    OTHER,
    About,
    Assertions,
    CaseOutcome,
    assertions,
    entries,
    is_hit,
)
from smtmodel.encoding.afterwards import Instant, failing, instant
from smtmodel.encoding.formula import Literal
from smtmodel.encoding.query import Query
from smtmodel.encoding.state import Encoding
from smtmodel.executions.replay import Replayed
from smtmodel.language.ast import When
from smtmodel.language.checked import (
    Asserted,
    Cell,
    Checked,
    Constant,
    LaneKind,
    Never,
    Property,
    Reach,
    ReadModifyWrite,
    Store,
)
from smtmodel.source.record import parts, record, replace

HIT, STALE, CALM = "(hit)", "(stale)", "(calm)"
"""The properties with which the interpreter judges the last instant of a run; no property of a
file can have these names."""

_DURING = (CaseOutcome.STALE_DURING, CaseOutcome.VIOLATED_DURING)
_HARMLESS = (
    CaseOutcome.FRESH,
    CaseOutcome.MISS,
    CaseOutcome.EMPTY,
    CaseOutcome.KEPT,
    CaseOutcome.UNJUDGED,
)


@record
class Asked:
    """A query whose every execution has one of the outcomes, each with its literal, and for each
    assertion the literal that it fails."""

    query: Query
    outcomes: dict[CaseOutcome, Literal]
    fails: tuple[tuple[str, Literal], ...] = ()


# ---------------------------------------------------------------- what is looked at


def fault(protocol: Checked, about: About) -> tuple[str, ...]:
    """The blocks of the fault: those with the assertions, or those that write a cache which the
    property reads; without one, all but updates."""
    blocks = [block for kind in protocol.kinds if not kind.updates for block in kind.blocks]
    if isinstance(about, Assertions):
        names = {item.name for item in about.items}
        return tuple(b for b in blocks if assertions(protocol.block(b)) & names)
    places = {load.place for load in entries(protocol, about)}
    caches = {place.variable for place in places if isinstance(place, Cell)}

    def fills(block: str) -> bool:
        return any(
            isinstance(part, Store | ReadModifyWrite)
            and isinstance(part.place, Cell)
            and part.place.variable in caches
            for part in parts(protocol.block(block))
        )

    return tuple(block for block in blocks if fills(block)) or tuple(blocks)


def narrowed(
    protocol: Checked, about: About, blocks: tuple[str, ...], names: tuple[str, ...]
) -> Checked:
    """The protocol in which the lanes of the fault run these blocks alone, judged by what the
    subject is about. Of a property that reads a cache the other lanes that stay are the updates,
    or all where there are none, and lanes that the fault needs."""
    own = tuple(p for p in protocol.properties if p.name in names)
    kinds = tuple(
        replace(kind, blocks=tuple(b for b in kind.blocks if b in blocks) or kind.blocks)
        for kind in protocol.kinds
        if kind.name in _kept(protocol, about, blocks)
    )
    return replace(protocol, kinds=kinds, properties=(*_judged(about), *own))


def _kept(protocol: Checked, about: About, blocks: tuple[str, ...]) -> frozenset[str]:
    """The kinds of lanes that stay."""
    every = frozenset(kind.name for kind in protocol.kinds)
    updates = {kind.name for kind in protocol.kinds if kind.updates}
    if isinstance(about, Assertions) or not updates or not entries(protocol, about):
        return every
    kept = {kind.name for kind in protocol.kinds if set(kind.blocks) & set(blocks)} | updates
    kept |= {about.lanes} if about.lanes is not None else set()
    while more := {_into(kind) for kind in protocol.kinds if kind.name in kept} - kept:
        kept |= more
    return frozenset(kept)


def _into(kind: LaneKind) -> str:
    """The kind whose lanes these interrupt; else the kind itself."""
    return kind.name if kind.interrupts is None else kind.interrupts


def _judged(about: About) -> tuple[Property, ...]:
    if isinstance(about, Assertions):
        return ()
    condition = about.condition if about.condition is not None else Constant(1)
    return (
        Reach(HIT, condition, about.when, about.lanes),
        replace(about, name=STALE),
        Never(CALM, Constant(1), None, When.SETTLED, None),
    )


# ---------------------------------------------------------------- what the solver is asked


def asked(base: Encoding, about: About, over: frozenset[str]) -> Asked:
    """The question about the instants at which the lanes of these kinds are over."""
    if isinstance(about, Assertions):
        query, found = failing(base, about.items, over)
        formula = query.encoding.formula
        some = formula.any_of([literal for _, literal in found.fails])
        table = {
            CaseOutcome.FAILS: some,
            CaseOutcome.HOLDS: formula.all_of((found.reached, -some)),
            CaseOutcome.UNREACHED: formula.all_of((-found.reached, -some)),
        }
        return Asked(query, table, found.fails)
    lane = None if about.lanes is None else f"{about.lanes}0"
    protocol = base.graph.protocol
    query, said = instant(base, about, lane, over, entries(protocol, about))
    return Asked(query, _outcomes(query, said, about, hit=is_hit(protocol, about)))


def _outcomes(
    query: Query, said: Instant, about: Never, *, hit: bool
) -> dict[CaseOutcome, Literal]:
    every = query.encoding.formula.all_of
    if about.when is When.FINALLY:
        return {
            CaseOutcome.VIOLATED: said.bad,
            CaseOutcome.KEPT: every((said.judged, -said.bad)),
            CaseOutcome.UNJUDGED: -said.judged,
        }
    table: dict[CaseOutcome, Literal] = {}
    if said.updates:
        table[CaseOutcome.STALE_AFTER] = every((said.bad, said.settled, said.begun))
        table[CaseOutcome.STALE_DURING] = every((said.bad, -said.settled))
        table[CaseOutcome.STALE_BEFORE] = every((said.bad, -said.begun))
    else:
        table[CaseOutcome.STALE] = said.bad
    if hit:
        table[CaseOutcome.FRESH] = every((said.hit, -said.bad))
        table[CaseOutcome.MISS] = every((-said.hit, said.cached))
        table[CaseOutcome.EMPTY] = every((-said.hit, -said.cached))
        return table
    plain: dict[CaseOutcome, Literal] = {_PLAIN[one]: literal for one, literal in table.items()}
    return {**plain, CaseOutcome.KEPT: -said.bad}


_PLAIN = {
    CaseOutcome.STALE_AFTER: CaseOutcome.VIOLATED_AFTER,
    CaseOutcome.STALE_DURING: CaseOutcome.VIOLATED_DURING,
    CaseOutcome.STALE_BEFORE: CaseOutcome.VIOLATED_BEFORE,
    CaseOutcome.STALE: CaseOutcome.VIOLATED,
}


def violated(protocol: Checked, names: tuple[str, ...], outcome: CaseOutcome) -> tuple[str, ...]:
    """Which of the properties of a subject, no assertions, the outcome violates."""
    if outcome in _HARMLESS:
        return ()
    every = [p for p in protocol.properties if isinstance(p, Never) and p.name in names]
    quiet = outcome not in _DURING
    return tuple(p.name for p in every if quiet or p.when is not When.SETTLED)


def beyond(protocol: Checked, about: About, *, early: bool) -> CaseOutcome:
    """The outcome of a violation that no case shows."""
    words = EARLY if early else OTHER
    if isinstance(about, Assertions):
        return words[2]
    return words[0] if is_hit(protocol, about) else words[1]


# ---------------------------------------------------------------- what the interpreter sees


def confirmed(
    about: About,
    names: tuple[str, ...],
    outcome: CaseOutcome,
    fails: tuple[str, ...],
    run: Replayed,
) -> bool:
    """Whether the interpreter sees the same outcome at the end of a run."""
    if isinstance(about, Assertions):
        seen = tuple(name for name in run.violated if name in names)
        return set(seen) == set(fails) and _reached(about.items, outcome, run)
    hit, stale, calm = HIT in run.reached, STALE in run.violated, CALM in run.violated
    match outcome:
        case CaseOutcome.STALE_AFTER | CaseOutcome.VIOLATED_AFTER:
            return hit and stale and calm and run.returned > 0
        case CaseOutcome.STALE_DURING | CaseOutcome.VIOLATED_DURING:
            return hit and stale and not calm
        case CaseOutcome.STALE_BEFORE | CaseOutcome.VIOLATED_BEFORE:
            return hit and stale and calm and run.returned == 0
        case CaseOutcome.STALE | CaseOutcome.VIOLATED:
            return hit and stale
        case CaseOutcome.FRESH:
            return hit and not stale
        case CaseOutcome.MISS | CaseOutcome.EMPTY:
            return not hit
        case CaseOutcome.KEPT if about.when is When.FINALLY:
            return run.complete and STALE in run.judged and not stale
        case CaseOutcome.UNJUDGED:
            return run.complete and STALE not in run.judged
        case _:
            return not stale


def _reached(items: tuple[Asserted, ...], outcome: CaseOutcome, run: Replayed) -> bool:
    judged = bool({item.name for item in items} & set(run.judged))
    # An assertion that is reached may stop its lane with an error, and is then not judged.
    return not judged if outcome is CaseOutcome.UNREACHED else judged or bool(run.violated)
