"""What of a protocol holds for any number of updates and rounds.

Takes a protocol and names of properties; says of each whether an invariant shows it, what closed
states say about it, or why nothing is known. An invariant counts once z3, and cvc5 where it is
installed, have decided every obligation; where it comes from does not matter. All limits are
counts.
"""

from collections.abc import Iterator, Sequence

from smtmodel.encoding.certificate import Claim, written
from smtmodel.language.checked import Bounds, Checked
from smtmodel.models import Model
from smtmodel.solving import cvc5_solver
from smtmodel.solving.integers import answers
from smtmodel.solving.result import Certificate, Limits, Started, Unbounded
from smtmodel.solving.solver import version
from smtmodel.solving.strengthen import NotFoundError, Strengthening
from smtmodel.source.record import record
from smtmodel.systems.classes import classes_of
from smtmodel.systems.close import Closed, TooCoarse, TooManyStates, close
from smtmodel.systems.groups import Grouping, unbounded
from smtmodel.systems.invariant import Invariant, Obligation, claimed, obligations
from smtmodel.systems.system import NotCovered, NotCoveredError, System
from smtmodel.systems.translate import free_lanes, system_of

VIOLATED = "more updates or rounds may violate it"
NOTHING = "no step and no state of the transition system could violate it: nothing was checked"


@record
class About:
    """What is known of the property of that name."""

    name: str
    known: Unbounded


def shown(
    protocol: Checked, model: Model, bounds: Bounds, limits: Limits, only: frozenset[str]
) -> Iterator[Started | About]:
    """What is known of each property of these names; the bounds do not matter."""
    yield Started("for any number of updates and rounds")
    system = system_of(protocol)
    if isinstance(system, NotCovered):
        yield from _nothing(only, _refusal(system))
        return
    try:
        yield from _Showing(system, limits).all(only)
    except NotCoveredError as error:
        yield from _nothing(only, _refusal(error.refused))


def _nothing(names: frozenset[str], reason: str) -> Iterator[About]:
    yield from (About(name, Unbounded(reason)) for name in sorted(names))


def _refusal(refused: NotCovered) -> str:
    if refused.where is None:
        return f"not covered: {refused.reason}"
    where = refused.where
    return f"not covered: {refused.reason} (`{where.text}`, {where.block}:{where.span.line})"


@record
class _Showing:
    system: System
    limits: Limits

    def all(self, only: frozenset[str]) -> Iterator[About]:
        """What is known of each of these."""
        closed = close(self.system)
        match closed:
            case Closed():
                yield from self._closed(only, closed)
            case TooManyStates(limit=limit, what=what):
                yield from _nothing(only, f"there are more than {limit:,} {what}")
            case TooCoarse(reason=reason):
                yield from _nothing(only, reason)
            case NotCovered():
                yield from _nothing(only, _refusal(closed))

    def _closed(self, only: frozenset[str], closed: Closed) -> Iterator[About]:
        undecided = dict(self.system.undecided)
        able = [name for name in claimed(self.system, closed.violated) if name in only]
        for name in sorted(only - set(able)):
            violated = name in closed.violated
            reason = VIOLATED if violated else undecided.get(name, NOTHING)
            yield About(name, Unbounded(reason, violated=violated))
        yield from self._proved(able, closed)

    def _proved(self, names: Sequence[str], closed: Closed) -> Iterator[About]:
        """All together; where that fails, each for itself."""
        known = self._invariant(names, closed)
        if isinstance(known, Unbounded) and not known.proved and len(names) > 1:
            for name in names:
                yield About(name, self._invariant([name], closed))
            return
        yield from (About(name, known) for name in names)

    def _invariant(self, names: Sequence[str], closed: Closed) -> Unbounded:
        classes = classes_of(self.system)
        grouping = Grouping(self.system, unbounded(self.system, classes, closed.states))
        try:
            search = Strengthening(grouping, classes, closed.states)
            claim = Claim(tuple(names), search.prove(frozenset(names)))
        except NotFoundError as error:
            return Unbounded(error.reason)
        return decided(grouping, claim)


def decided(grouping: Grouping, claim: Claim) -> Unbounded:
    """Whether every obligation of an invariant holds: nothing else is asked about it."""
    names, invariant = set(claim.names), claim.invariant
    grouping.know(invariant.clauses)
    found = [
        one for one in obligations(grouping, invariant) if not one.about or names & set(one.about)
    ]
    text = written(grouping.system, claim, found, _head(grouping.system, claim))
    wrong = _wrong(found, answers(text))
    if wrong:
        return Unbounded(f"the invariant is not shown: {wrong}")
    checkers = [f"z3 {version()}"]
    if cvc5_solver.installed():
        second = cvc5_solver.ask_each(text)
        wrong = _wrong(found, second)
        if "sat" in second:
            return Unbounded(f"cvc5 contradicts z3: {wrong}", contradicts=True)
        checkers += [] if wrong else [f"cvc5 {cvc5_solver.version()}"]
    return Unbounded("", certificate=_certificate(grouping, invariant, found, checkers, text))


def _certificate(
    grouping: Grouping,
    invariant: Invariant,
    found: Sequence[Obligation],
    checkers: Sequence[str],
    text: str,
) -> Certificate:
    system = grouping.system
    return Certificate(
        len(invariant.clauses),
        invariant.size,
        len(found),
        tuple(checkers),
        free_lanes(system.protocol),
        text,
    )


def _wrong(found: Sequence[Obligation], said: Sequence[str]) -> str:
    """What of the obligations is not answered `unsat`, the first; nothing if all are."""
    if len(said) != len(found):
        return said[-1] if said else "there is no answer"
    for one, answer in zip(found, said, strict=True):
        if answer != "unsat":
            return one.what if answer == "sat" else f"{answer}, whether {one.what}"
    return ""


def _head(system: System, claim: Claim) -> Iterator[str]:
    yield f"It shows for any number of updates and rounds: {', '.join(claim.names)}."
    yield "Every `check-sat` below is to be answered `unsat`. A question that speaks of no number is"
    yield "decided when it is made and not here. cvc5 needs --incremental."
    yield "`smtmodel check-invariant PROTOCOL THIS-FILE` makes the questions anew from the protocol."
