"""What of a protocol holds for any number of updates and rounds.

Takes a protocol and names of properties; says of each whether an invariant shows it, what closed
states say about it, or why nothing is known. An invariant counts once z3, and cvc5 where it is
installed, have decided every obligation; where it comes from does not matter. All limits are
counts.
"""

from collections.abc import Iterable, Iterator, Sequence

from smtmodel.encoding.certificate import SEEN, ClaimedInvariant, UnreadableError, read, written
from smtmodel.language.checked import Checked, Retry, While
from smtmodel.solving import cvc5_solver
from smtmodel.solving.effort import LARGE, Effort
from smtmodel.solving.integers import answers
from smtmodel.solving.result import Certificate, Unbounded
from smtmodel.solving.solver import version
from smtmodel.solving.strengthen import NotFoundError, Strengthening
from smtmodel.source.record import parts, replace
from smtmodel.systems.canonical import State, canon
from smtmodel.systems.classes import NumberClass, classes_of, numbers_of
from smtmodel.systems.close import Closed, TooCoarse, TooManyStates, close
from smtmodel.systems.groups import Grouping, reached, unbounded
from smtmodel.systems.interference import demands
from smtmodel.systems.invariant import Demand, Invariant, claimed, obligations
from smtmodel.systems.slicing import sliced
from smtmodel.systems.system import NotCovered, NotCoveredError, System
from smtmodel.systems.translate import events_of, free_lanes, system_of
from smtmodel.systems.views import NotSeen, Views, views_of
from smtmodel.systems.wording import lines_of
from smtmodel.verdict import Cause

VIOLATED = "more updates or rounds may violate it"
NOTHING = "no step and no state of the transition system could violate it: nothing was checked"

Known = tuple[str, Unbounded]
"""What is known of a property, with its name."""


def shown(protocol: Checked, only: frozenset[str], effort: Effort = LARGE) -> Iterator[Known]:
    """What is known of each property of these names."""
    if events_of(protocol) > effort.events:
        yield from _too_many(only, effort, f"{effort.events:,} events in the lanes")
        return
    system = system_of(protocol)
    if isinstance(system, NotCovered):
        yield from _nothing(only, _refusal(system))
        return
    try:
        seen = dict(_seen(protocol, only, effort))
        yield from seen.items()
        if only - seen.keys():
            yield from _of_system(system, only - seen.keys(), effort)
    except NotCoveredError as error:
        yield from _nothing(only, _refusal(error.refused))


def _seen(protocol: Checked, only: frozenset[str], effort: Effort) -> Iterator[Known]:
    """What is shown for any number of lanes, though something couples them, by what one of them
    sees. The rest may still hold for as many lanes as there are."""
    views = views_of(protocol)
    if isinstance(views, NotSeen):
        return
    names = [name for name in claimed(views.system, ()) if name in only]
    try:
        yield from _seen_together(views, names, effort)
    except NotCoveredError:
        return


def _seen_together(views: Views, names: Sequence[str], effort: Effort) -> Iterator[Known]:
    """What is shown from the views of the states of the part that these properties depend on."""
    part = views.about(names)
    if not names or len(part.pair.edges) > effort.edges:
        return
    closed = close(part.pair, limit=effort.states)
    if isinstance(closed, Closed | TooManyStates) and closed.violated:
        left = [name for name in names if name not in closed.violated]
        yield from _seen_together(views, left, effort)
        return
    known = _of_views(part, closed, names, effort) if isinstance(closed, Closed) else None
    if known is not None and (known.proved or known.contradicts):
        yield from ((name, known) for name in names)
    elif names[1:] and not effort.more:
        for name in names:
            yield from _seen_together(views, [name], effort)


def _nothing(names: frozenset[str], reason: str, cause: Cause = Cause.NONE) -> Iterator[Known]:
    yield from ((name, Unbounded(reason, cause=cause)) for name in sorted(names))


def _too_many(names: frozenset[str], effort: Effort, what: str) -> Iterator[Known]:
    return _nothing(names, f"there are more than {what}", effort.cause)


def _refusal(refused: NotCovered) -> str:
    if refused.where is None:
        return f"not covered: {refused.reason}"
    where = refused.where
    return f"not covered: {refused.reason} (`{where.text}`, {where.block}:{where.span.line})"


def _of_system(system: System, only: frozenset[str], effort: Effort) -> Iterator[Known]:
    undecided = dict(system.undecided)
    able = [name for name in claimed(system, ()) if name in only]
    for name in sorted(only - set(able)):
        yield name, Unbounded(undecided.get(name, NOTHING))
    if able:
        yield from _together(system, able, effort)


def _together(
    system: System, names: Sequence[str], effort: Effort, reason: str = ""
) -> Iterator[Known]:
    """What is known from the states of the part of the system that these properties depend on.
    `reason`: why these are looked at by themselves, if that is so because of too many states."""
    part = sliced(system, names)
    if len(part.edges) > effort.edges:
        what = f"{effort.edges:,} edges in the transition system"
        yield from _too_many(frozenset(names), effort, what)
        return
    closed = close(part, limit=effort.states)
    match closed:
        case Closed(violated=violated):
            yield from _falling(violated, effort)
            left = [name for name in names if name not in violated]
            if violated and left:
                yield from _together(system, left, effort)
            elif left:
                yield from _of_closed(system, part, left, closed, effort)
        case TooManyStates(limit=limit, what=what, violated=violated):
            yield from _falling(violated, effort)
            left = [name for name in names if name not in violated]
            what = reason or f"{limit:,} {what}"
            if reason or effort.more:
                yield from _too_many(frozenset(left), effort, what)
            else:
                yield from _of_some(system, left, effort, what)
        case TooCoarse(reason=beyond):
            yield from _nothing(frozenset(names), beyond)
        case NotCovered():
            yield from _nothing(frozenset(names), _refusal(closed))


def _falling(violated: frozenset[str], effort: Effort) -> Iterator[Known]:
    known = Unbounded(VIOLATED, violated=True, cause=effort.cause)
    yield from ((name, known) for name in sorted(violated))


def _of_closed(
    system: System, part: System, names: Sequence[str], closed: Closed, effort: Effort
) -> Iterator[Known]:
    """What an invariant shows of properties together, else of each by itself."""
    together = _of_states(part, closed, names, effort)
    apart = not together.proved and not together.contradicts and not effort.more
    if apart and names[1:]:
        for name in names:
            yield from _together(system, [name], effort)
    else:
        yield from ((name, together) for name in names)


def _of_some(system: System, names: Sequence[str], effort: Effort, what: str) -> Iterator[Known]:
    """What is known of each property by itself, where there are more than that of all; no more
    states are looked at than before."""
    known = {name: _whatever_numbers(sliced(system, [name]), name) for name in names}
    left = [name for name, one in known.items() if one is None]
    yield from ((name, one) for name, one in known.items() if one is not None)
    share = replace(effort, states=effort.states // max(1, len(left)))
    if not names[1:]:
        yield from _too_many(frozenset(left), effort, what)
        return
    for name in left:
        yield from _together(system, [name], share, what)


def _whatever_numbers(part: System, name: str) -> Unbounded | None:
    """Whether the property holds whatever the numbers are; None if that is not shown."""
    grouping = Grouping(part, numbers_of(part))
    shapes = reached(grouping)
    if shapes is None:
        return None
    invariant = Invariant(grouping.cells, {shape: {} for shape in shapes})
    known = decided(grouping, ClaimedInvariant((name,), invariant))
    return known if known.proved or known.contradicts else None


def _of_states(part: System, closed: Closed, names: Sequence[str], effort: Effort) -> Unbounded:
    """Whether there is an invariant that proves these properties together."""
    classes = classes_of(part)
    grouping = Grouping(part, unbounded(part, classes, closed.states))
    return _proved(grouping, classes, closed.states, names, effort)


def _of_views(views: Views, closed: Closed, names: Sequence[str], effort: Effort) -> Unbounded:
    """Whether an invariant of what single lanes see proves these properties together."""
    system, classes = views.system, classes_of(views.pair)
    cells = unbounded(views.pair, classes, closed.states)
    grouping = Grouping(system, frozenset(cell for cell in cells if cell[0] not in views.hidden))
    states = dict.fromkeys(map(canon(system, classes).state, map(list, views.of(closed.states))))
    return _proved(grouping, classes, states, names, effort, views)


def _proved(
    grouping: Grouping,
    classes: Sequence[NumberClass],
    states: Iterable[State],
    names: Sequence[str],
    effort: Effort,
    views: Views | None = None,
) -> Unbounded:
    """Whether an invariant that is found holds."""
    try:
        search = Strengthening(grouping, classes, states, effort.questions, views)
        invariant = search.prove(frozenset(names))
    except NotFoundError as error:
        return Unbounded(error.reason, cause=effort.cause)
    return decided(grouping, ClaimedInvariant(tuple(names), invariant, views is not None), views)


def claim_checked(protocol: Checked, text: str) -> Iterator[Known]:
    """What an invariant in a text shows of the properties that it claims; UnreadableError if there
    is none in it. A property that the system does not judge is not shown by anything."""
    system = system_of(protocol)
    if isinstance(system, NotCovered):
        raise UnreadableError(_refusal(system))
    seen = views_of(protocol) if SEEN in text else None
    views = seen if isinstance(seen, Views) else None
    for claim in read(system, text, None if views is None else views.system):
        yield from _claimed(system, claim, views if claim.seen else None)


def _claimed(system: System, claim: ClaimedInvariant, views: Views | None) -> Iterator[Known]:
    judging = system if views is None else views.system
    able = set(claimed(judging, ()))
    kept = tuple(name for name in claim.names if name in able)
    undecided = dict(judging.undecided)
    about = None if views is None else views.about(kept)
    part = sliced(system, kept) if about is None else about.system
    grouping = Grouping(part, claim.invariant.cells)
    try:
        known = decided(grouping, replace(claim, names=kept), about)
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
    asked = [one for one in needed if not one.about or names & set(one.about)]
    words = (*_seen_lanes(views), *lines_of(grouping.system, invariant))
    text = written(grouping.system, claim, asked, _head(claim, words))
    wrong = _wrong(asked, answers(text))
    if wrong:
        return Unbounded(f"the invariant is not shown: {wrong}")
    checkers = [f"z3 {version()}"]
    if cvc5_solver.installed():
        second = cvc5_solver.ask_each(text)
        wrong = _wrong(asked, second)
        if "sat" in second:
            return Unbounded(f"cvc5 contradicts z3: {wrong}", cause=Cause.CONTRADICTION)
        checkers += [] if wrong else [f"cvc5 {cvc5_solver.version()}"]
    made = _certificate(grouping, invariant, len(asked), checkers)
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


def _wrong(asked: Sequence[Demand], said: Sequence[str]) -> str:
    """What of the obligations is not answered `unsat`, the first; nothing if all are."""
    if len(said) != len(asked):
        return said[-1] if said else "there is no answer"
    for one, answer in zip(asked, said, strict=True):
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
