"""What of a protocol holds for any number of updates and rounds.

Takes a protocol and names of properties; says of each whether an invariant shows it, what closed
states say about it, or why nothing is known. An invariant counts once z3, and cvc5 where it is
installed, have decided every obligation; where it comes from does not matter. All limits are
counts.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import partial

from smtmodel.encoding.certificate import SEEN, ClaimedInvariant, UnreadableError, read, written
from smtmodel.language.checked import Checked, Retry, While
from smtmodel.solving import cvc5_solver
from smtmodel.solving.integers import answers
from smtmodel.solving.result import Certificate, Unbounded
from smtmodel.solving.solver import version
from smtmodel.solving.strengthen import NotFoundError, Strengthening
from smtmodel.source.record import parts, replace
from smtmodel.systems.canonical import canon
from smtmodel.systems.classes import classes_of
from smtmodel.systems.close import LIMIT, Closed, Closing, TooCoarse, TooManyStates, close
from smtmodel.systems.groups import Grouping, unbounded
from smtmodel.systems.interference import demands
from smtmodel.systems.invariant import Demand, Invariant, claimed, obligations
from smtmodel.systems.system import NotCovered, NotCoveredError, System
from smtmodel.systems.translate import free_lanes, system_of
from smtmodel.systems.views import NotSeen, Views, views_of
from smtmodel.systems.wording import lines_of
from smtmodel.verdict import Cause

VIOLATED = "more updates or rounds may violate it"
NOTHING = "no step and no state of the transition system could violate it: nothing was checked"


Known = tuple[str, Unbounded]


def shown(protocol: Checked, only: frozenset[str], states: int = LIMIT) -> Iterator[Known]:
    """What is known of each property of these names, from so many closed states at most."""
    system = system_of(protocol)
    if isinstance(system, NotCovered):
        yield from _nothing(only, _refusal(system))
        return
    try:
        closed = close(system, limit=states)
        seen = dict(_seen(protocol, only, closed, states))
        yield from seen.items()
        if only - seen.keys():
            yield from _of_system(system, only - seen.keys(), closed)
    except NotCoveredError as error:
        yield from _nothing(only, _refusal(error.refused))


def _seen(protocol: Checked, only: frozenset[str], closed: Closing, states: int) -> Iterator[Known]:
    """What is shown for any number of lanes, though something couples them, by what one of them
    sees. The rest may still hold for as many lanes as there are."""
    views = views_of(protocol)
    if isinstance(views, NotSeen):
        return
    if views.pair.protocol != protocol:
        closed = close(views.pair, limit=states)
    if not isinstance(closed, Closed):
        return
    names = [name for name in claimed(views.system, closed.violated) if name in only]
    try:
        for name, known in _each(names, partial(_of_views, views, closed)):
            if known.proved or known.contradicts:
                yield name, known
    except NotCoveredError:
        return


def _nothing(names: frozenset[str], reason: str) -> Iterator[Known]:
    yield from ((name, Unbounded(reason)) for name in sorted(names))


def _refusal(refused: NotCovered) -> str:
    if refused.where is None:
        return f"not covered: {refused.reason}"
    where = refused.where
    return f"not covered: {refused.reason} (`{where.text}`, {where.block}:{where.span.line})"


def _of_system(system: System, only: frozenset[str], closed: Closing) -> Iterator[Known]:
    match closed:
        case Closed():
            yield from _of_closed(system, only, closed)
        case TooManyStates(limit=limit, what=what):
            yield from _nothing(only, f"there are more than {limit:,} {what}")
        case TooCoarse(reason=reason):
            yield from _nothing(only, reason)
        case NotCovered():
            yield from _nothing(only, _refusal(closed))


def _of_closed(system: System, only: frozenset[str], closed: Closed) -> Iterator[Known]:
    undecided = dict(system.undecided)
    able = [name for name in claimed(system, closed.violated) if name in only]
    for name in sorted(only - set(able)):
        violated = name in closed.violated
        reason = VIOLATED if violated else undecided.get(name, NOTHING)
        yield name, Unbounded(reason, violated=violated)
    yield from _each(able, partial(_of_states, system, closed))


def _each(names: Sequence[str], proved: Callable[[Sequence[str]], Unbounded]) -> Iterator[Known]:
    """What is known of each of these properties: of all together, or of each by itself."""
    together = proved(names) if names else None
    if together is not None and not together.proved and not together.contradicts and names[1:]:
        yield from ((name, proved([name])) for name in names)
    elif together is not None:
        yield from ((name, together) for name in names)


def _of_states(system: System, closed: Closed, names: Sequence[str]) -> Unbounded:
    """Whether there is an invariant that proves these properties together."""
    classes = classes_of(system)
    grouping = Grouping(system, unbounded(system, classes, closed.states))
    return _proved(Strengthening(grouping, classes, closed.states), names)


def _of_views(views: Views, closed: Closed, names: Sequence[str]) -> Unbounded:
    """Whether an invariant of what single lanes see proves these properties together."""
    system, classes = views.system, classes_of(views.pair)
    cells = unbounded(views.pair, classes, closed.states)
    grouping = Grouping(system, frozenset(one for one in cells if one[0] not in views.hidden))
    seen = map(canon(system, classes).state, map(list, views.of(closed.states)))
    return _proved(Strengthening(grouping, classes, dict.fromkeys(seen), views), names, views)


def _proved(search: Strengthening, names: Sequence[str], views: Views | None = None) -> Unbounded:
    try:
        invariant = search.prove(frozenset(names))
    except NotFoundError as error:
        return Unbounded(error.reason)
    claim = ClaimedInvariant(tuple(names), invariant, views is not None)
    return decided(search.grouping, claim, views)


def claim_checked(protocol: Checked, text: str) -> Iterator[Known]:
    """What an invariant in a text shows of the properties that it claims; UnreadableError if there
    is none in it. A property that the system does not judge is not shown by anything."""
    system = system_of(protocol)
    if isinstance(system, NotCovered):
        raise UnreadableError(_refusal(system))
    found = views_of(protocol) if SEEN in text else None
    views = found if isinstance(found, Views) else None
    for claim in read(system, text, None if views is None else views.system):
        yield from _claimed(system, claim, views if claim.seen else None)


def _claimed(system: System, claim: ClaimedInvariant, views: Views | None) -> Iterator[Known]:
    judging = system if views is None else views.system
    able = set(claimed(judging, ()))
    kept = tuple(name for name in claim.names if name in able)
    undecided = dict(judging.undecided)
    grouping = Grouping(judging, claim.invariant.cells)
    try:
        known = decided(grouping, replace(claim, names=kept), views)
    except NotCoveredError as error:
        known = Unbounded(_refusal(error.refused))
    except KeyError:
        known = Unbounded("the invariant speaks of a number where there is none")
    for name in claim.names:
        yield name, known if name in able else Unbounded(undecided.get(name, NOTHING))


def decided(grouping: Grouping, claim: ClaimedInvariant, views: Views | None = None) -> Unbounded:
    """Whether every obligation of an invariant, be it of views, holds: nothing else is asked about
    it."""
    names, invariant = set(claim.names), claim.invariant
    grouping.know(invariant.clauses)
    needed = (
        obligations(grouping, invariant) if views is None else demands(views, grouping, invariant)
    )
    found = [one for one in needed if not one.about or names & set(one.about)]
    words = (*_seen_lanes(views), *lines_of(grouping.system, invariant))
    text = written(grouping.system, claim, found, _head(claim, words))
    wrong = _wrong(found, answers(text))
    if wrong:
        return Unbounded(f"the invariant is not shown: {wrong}")
    checkers = [f"z3 {version()}"]
    if cvc5_solver.installed():
        second = cvc5_solver.ask_each(text)
        wrong = _wrong(found, second)
        if "sat" in second:
            return Unbounded(f"cvc5 contradicts z3: {wrong}", cause=Cause.CONTRADICTION)
        checkers += [] if wrong else [f"cvc5 {cvc5_solver.version()}"]
    made = _certificate(grouping, invariant, len(found), checkers)
    free = () if views is None else tuple(kind.bound for kind in views.kinds)
    return Unbounded("", certificate=replace(made, free=made.free + free, words=words, text=text))


def _seen_lanes(views: Views | None) -> Iterator[str]:
    """Which lanes the clauses of views are about."""
    if views is not None:
        for lane in (views.system.lanes[kind.seen] for kind in views.kinds):
            yield f"{lane.name} is any of the {lane.kind.name} lanes"


def _certificate(
    grouping: Grouping, invariant: Invariant, obligations_: int, checkers: Sequence[str]
) -> Certificate:
    """A certificate without its texts."""
    system = grouping.system
    return Certificate(
        len(invariant.clauses),
        invariant.size,
        obligations_,
        tuple(checkers),
        free_lanes(system.protocol),
        tuple(_cuts(grouping, invariant)),
        (),
        "",
    )


def _cuts(grouping: Grouping, invariant: Invariant) -> Iterator[str]:
    """The loops whose bound is used up in some state of the invariant, as far as that is seen
    without their numbers."""
    moves = (move for shape in invariant.clauses for move in grouping.moves(shape))
    cut = {move.edge.cut for move in moves}
    for loop in parts(grouping.system.protocol.blocks):
        if isinstance(loop, While | Retry) and loop.where.number in cut:
            word = "while" if isinstance(loop, While) else "retry"
            yield f"{word} <= {loop.bound} ({loop.where.block}:{loop.where.span.line})"


def _wrong(found: Sequence[Demand], said: Sequence[str]) -> str:
    """What of the obligations is not answered `unsat`, the first; nothing if all are."""
    if len(said) != len(found):
        return said[-1] if said else "there is no answer"
    for one, answer in zip(found, said, strict=True):
        if answer != "unsat":
            return one.what if answer == "sat" else f"{answer}, whether {one.what}"
    return ""


def _head(claim: ClaimedInvariant, words: Sequence[str]) -> Iterator[str]:
    lanes = ", of coupled lanes" if claim.seen else ""
    yield f"It shows for any number of updates{lanes} and rounds: {', '.join(claim.names)}."
    yield "Every `check-sat` below is to be answered `unsat`; cvc5 needs --incremental."
    yield "What speaks of no number is decided when the questions are made, and is not among them."
    yield "`smtmodel check-invariant PROTOCOL THIS-FILE` makes them anew from the protocol."
    yield "What its groups of states have in common, in the names of the protocol:"
    yield from (f"  {line}" for line in words)
