"""What of a protocol holds for any number of updates and rounds.

Takes a protocol and names of properties; says of each whether an invariant shows it, what closed
states say about it, or why nothing is known. An invariant counts once z3, and cvc5 where it is
installed, have decided every obligation; where it comes from does not matter. All limits are
counts.
"""

from collections.abc import Iterator, Sequence

from smtmodel.encoding.certificate import ClaimedInvariant, UnreadableError, read, written
from smtmodel.language.checked import Checked, Retry, While
from smtmodel.solving import cvc5_solver
from smtmodel.solving.integers import answers
from smtmodel.solving.result import Certificate, Unbounded
from smtmodel.solving.solver import version
from smtmodel.solving.strengthen import NotFoundError, Strengthening
from smtmodel.source.record import parts, replace
from smtmodel.systems.classes import classes_of, numbers_of
from smtmodel.systems.close import LIMIT, Closed, TooCoarse, TooManyStates, close
from smtmodel.systems.groups import Grouping, reached, unbounded
from smtmodel.systems.invariant import Demand, Invariant, claimed, obligations
from smtmodel.systems.slicing import sliced
from smtmodel.systems.system import NotCovered, NotCoveredError, System
from smtmodel.systems.translate import free_lanes, system_of
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
        yield from _of_system(system, only, states)
    except NotCoveredError as error:
        yield from _nothing(only, _refusal(error.refused))


def _nothing(names: frozenset[str], reason: str) -> Iterator[Known]:
    yield from ((name, Unbounded(reason)) for name in sorted(names))


def _refusal(refused: NotCovered) -> str:
    if refused.where is None:
        return f"not covered: {refused.reason}"
    where = refused.where
    return f"not covered: {refused.reason} (`{where.text}`, {where.block}:{where.span.line})"


def _of_system(system: System, only: frozenset[str], states: int) -> Iterator[Known]:
    undecided = dict(system.undecided)
    able = [name for name in claimed(system, ()) if name in only]
    for name in sorted(only - set(able)):
        yield name, Unbounded(undecided.get(name, NOTHING))
    if able:
        yield from _together(system, able, states)


def _together(
    system: System, names: Sequence[str], states: int, reason: str = ""
) -> Iterator[Known]:
    """What is known from the states of the part of the system that these properties depend on.
    `reason`: why these are looked at by themselves, if that is so because of too many states."""
    part = sliced(system, names)
    closed = close(part, limit=states)
    match closed:
        case Closed(violated=violated):
            yield from _falling(violated)
            left = [name for name in names if name not in violated]
            if violated and left:
                yield from _together(system, left, states)
            elif left:
                yield from _of_closed(system, part, left, closed, states)
        case TooManyStates(limit=limit, what=what, violated=violated):
            yield from _falling(violated)
            left = [name for name in names if name not in violated]
            if reason:
                yield from _nothing(frozenset(left), reason)
            else:
                why = f"there are more than {limit:,} {what}"
                yield from _too_many(system, left, states, why)
        case TooCoarse(reason=beyond):
            yield from _nothing(frozenset(names), beyond)
        case NotCovered():
            yield from _nothing(frozenset(names), _refusal(closed))


def _falling(violated: frozenset[str]) -> Iterator[Known]:
    yield from ((name, Unbounded(VIOLATED, violated=True)) for name in sorted(violated))


def _of_closed(
    system: System, part: System, names: Sequence[str], closed: Closed, states: int
) -> Iterator[Known]:
    """What an invariant shows of properties together, else of each by itself."""
    together = _invariant(part, names, closed)
    if not together.proved and not together.contradicts and names[1:]:
        for name in names:
            yield from _together(system, [name], states)
    else:
        yield from ((name, together) for name in names)


def _too_many(system: System, names: Sequence[str], states: int, reason: str) -> Iterator[Known]:
    """What is known of each property by itself, where the states of all are too many; no more
    states are looked at than before."""
    known = {name: _whatever_numbers(sliced(system, [name]), name) for name in names}
    left = [name for name, one in known.items() if one is None]
    yield from ((name, one) for name, one in known.items() if one is not None)
    for name in left:
        if names[1:]:
            yield from _together(system, [name], states // len(left), reason)
        else:
            yield name, Unbounded(reason)


def _whatever_numbers(part: System, name: str) -> Unbounded | None:
    """Whether the property holds whatever the numbers are; None if that is not shown."""
    grouping = Grouping(part, numbers_of(part))
    shapes = reached(grouping)
    if shapes is None:
        return None
    invariant = Invariant(grouping.cells, {shape: {} for shape in shapes})
    known = decided(grouping, ClaimedInvariant((name,), invariant))
    return known if known.proved or known.contradicts else None


def _invariant(system: System, names: Sequence[str], closed: Closed) -> Unbounded:
    """Whether there is an invariant that proves these properties together."""
    classes = classes_of(system)
    grouping = Grouping(system, unbounded(system, classes, closed.states))
    try:
        search = Strengthening(grouping, classes, closed.states)
        claim = ClaimedInvariant(tuple(names), search.prove(frozenset(names)))
    except NotFoundError as error:
        return Unbounded(error.reason)
    return decided(grouping, claim)


def claim_checked(protocol: Checked, text: str) -> Iterator[Known]:
    """What an invariant in a text shows of the properties that it claims; UnreadableError if there
    is none in it. A property that the system does not judge is not shown by anything."""
    system = system_of(protocol)
    if isinstance(system, NotCovered):
        raise UnreadableError(_refusal(system))
    for claim in read(system, text):
        yield from _claimed(system, claim)


def _claimed(system: System, claim: ClaimedInvariant) -> Iterator[Known]:
    able = set(claimed(system, ()))
    kept = tuple(name for name in claim.names if name in able)
    undecided = dict(system.undecided)
    grouping = Grouping(sliced(system, kept), claim.invariant.cells)
    try:
        known = decided(grouping, replace(claim, names=kept))
    except NotCoveredError as error:
        known = Unbounded(_refusal(error.refused))
    except KeyError:
        known = Unbounded("the invariant speaks of a number where there is none")
    for name in claim.names:
        yield name, known if name in able else Unbounded(undecided.get(name, NOTHING))


def decided(grouping: Grouping, claim: ClaimedInvariant) -> Unbounded:
    """Whether every obligation of an invariant holds: nothing else is asked about it."""
    names, invariant = set(claim.names), claim.invariant
    grouping.know(invariant.clauses)
    found = [
        one for one in obligations(grouping, invariant) if not one.about or names & set(one.about)
    ]
    words = tuple(lines_of(grouping.system, invariant))
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
    return Unbounded("", certificate=replace(made, words=words, text=text))


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
    yield f"It shows for any number of updates and rounds: {', '.join(claim.names)}."
    yield "Every `check-sat` below is to be answered `unsat`; cvc5 needs --incremental."
    yield "What speaks of no number is decided when the questions are made, and is not among them."
    yield "`smtmodel check-invariant PROTOCOL THIS-FILE` makes them anew from the protocol."
    yield "What its groups of states have in common, in the names of the protocol:"
    yield from (f"  {line}" for line in words)
