"""An execution that was found and repeated, told lane by lane; and which of its accesses race."""

from collections.abc import Iterator
from itertools import groupby

from smtmodel.events.graph import Event
from smtmodel.executions.c_operators import Datum
from smtmodel.executions.candidates import Candidate, Happening, execution
from smtmodel.executions.communication import communications
from smtmodel.executions.evaluate import Evaluation
from smtmodel.litmus.program import AddressOf, LitmusTest, Whole
from smtmodel.litmus.shown import ShownLink
from smtmodel.litmus.written.memory import EMPTY, ENDED, FIRST_TOKEN, SERIAL, TOLD, UNWRITTEN
from smtmodel.models.lkmm.instants import CUT
from smtmodel.models.terms import Named, Union
from smtmodel.solving.ends import FoundExecution
from smtmodel.solving.result import Account, ExecutedStep
from smtmodel.source import Span
from smtmodel.source.bits import bits

UNTOLD = frozenset(("LKW", "begin", "return", "tell", "hear", "know", "barrier"))
"""Acts of which nothing is told: they are part of others, or no step at all."""

_SAID = {
    "mb": "a full barrier",
    "wmb": "orders writes",
    "rmb": "orders reads",
    "before-atomic": "a full barrier with the atomic behind it",
    "after-atomic": "a full barrier with the atomic before it",
    "rcu-lock": "a read section begins",
    "rcu-unlock": "the read section ends",
    "sync-rcu": "a grace period",
    "sync-srcu": "a grace period",
    "srcu-lock": "a read section begins",
    "srcu-unlock": "the read section ends",
}
RACING = Union(tuple(map(Named, ("ww-race", "wr-race", "rw-race"))))


def account(
    test: LitmusTest, found: FoundExecution, texts: dict[Span, str], reader: str
) -> Account:
    """What the lanes do, and in which order writes to one location come.

    `reader` are words for who makes the reads of a property.
    """
    teller = _Teller(test, found, texts, reader)
    return Account(tuple(teller.steps()), tuple(teller.orders()), tuple(teller.links()))


def races(found: FoundExecution) -> tuple[tuple[Span, Span], ...]:
    """The places of each two accesses that race in an execution, in the order of the file."""
    rows = Evaluation(CUT, execution(found.candidate)).pairs(RACING)
    acts = found.candidate.happenings
    pairs = {
        tuple(sorted((_span(found.events[a]), _span(found.events[b]))))
        for a, row in enumerate(rows[: len(acts)])
        for b in bits(row)
        if b < len(acts) and not {acts[a].act.tag, acts[b].act.tag} & {"tell", "hear", "snap"}
    }
    return tuple(sorted((first, second) for first, second in pairs))


def _span(event: Event) -> Span:
    assert event.where is not None
    return event.where.span


def _standing_in(acts: tuple[Happening, ...]) -> Iterator[Happening]:
    """What stands for the ends of sections in which a lane stopped: the last acts of the lane."""
    stopped: set[int] = set()
    for one in acts:
        if one.act.kind == "R" and (one.act.location or "").startswith(ENDED):
            stopped.add(one.lane)
        if one.lane in stopped:
            yield one


class _Teller:
    """One execution in words."""

    def __init__(
        self, test: LitmusTest, found: FoundExecution, texts: dict[Span, str], reader: str
    ) -> None:
        self.test = test
        self.reader = reader
        self.candidate: Candidate = found.candidate
        self.events = found.events
        self.texts = texts
        self.acts = self.candidate.happenings
        self.standing_in = set(_standing_in(self.acts))

    def steps(self) -> Iterator[ExecutedStep]:
        """The steps of each lane, in program order."""
        for (lane, line, text), numbers in groupby(self._told(), self._step):
            yield ExecutedStep(lane, line, text, tuple(map(self._effect, numbers)))

    def _told(self) -> list[int]:
        return [n for n, one in enumerate(self.acts) if self._is_told(one)]

    def links(self) -> Iterator[ShownLink]:
        """How the steps of different lanes communicate, each pair once at a location."""
        places = {
            number: place
            for place, (_, numbers) in enumerate(groupby(self._told(), self._step))
            for number in numbers
        }
        found = {
            ShownLink(one.relation, places[one.source], places[one.target], one.location): None
            for one in communications(self.candidate)
            if one.source in places
            and one.target in places
            and self.acts[one.source].lane != self.acts[one.target].lane
        }
        yield from found

    def _is_told(self, one: Happening) -> bool:
        location = one.act.location or ""
        message = one.act.kind == "W" and location.startswith(TOLD)
        own = one.act.tag in UNTOLD or location == SERIAL or location.startswith(ENDED)
        return not (message or own or one in self.standing_in)

    def _step(self, number: int) -> tuple[str, int, str]:
        lane = self.test.threads[self.acts[number].lane].name
        if self.acts[number].act.tag == "snap":
            lane = "property"
        return lane, _span(self.events[number]).line, self._text(number)

    def orders(self) -> Iterator[str]:
        """Of locations that several lanes write; sections of a domain write nothing."""
        for name, order in self.candidate.orders.items():
            writes = [n for n in order if n < len(self.acts)]
            marks = {self.acts[n].act.tag for n in writes}
            if len({self.acts[n].lane for n in writes}) > 1 and "srcu-unlock" not in marks:
                told = ", then ".join(self._place(n) for n in writes)
                yield f"The order of the writes to `{name}`: {told}."

    def _text(self, number: int) -> str:
        """The step that an act is of; an access inside a step has a place of its own."""
        span = _span(self.events[number])
        if span in self.texts:
            return self.texts[span]
        if self.acts[number].act.tag == "snap":
            return self.reader
        around = [s for s in self.texts if s.line <= span.line <= s.end_line]
        inside = [s for s in around if (s.line, s.column) <= (span.line, span.column)]
        innermost = max(inside, key=lambda s: (s.line, s.column), default=None)
        return "" if innermost is None else self.texts[innermost]

    def _effect(self, number: int) -> str:
        act = self.acts[number].act
        name = f"`{act.location}`"
        match act.kind, act.tag:
            case _, tag if tag in _SAID and (act.kind == "F" or tag.startswith("srcu")):
                return _SAID[tag]
            case _, "kfree":
                return f"frees {name}"
            case "R", "LKR":
                return f"takes {name}, free {self._source(number)}"
            case "W", "UL":
                return f"releases {name}"
            case "R", "snap":
                return f"{name} is {self._held(number)}, {self._source(number)}"
            case "R", _ if (act.location or "").startswith(TOLD):
                return f"is told of {self._held(number)}, {self._source(number)}"
            case "R", _:
                return f"reads {self._held(number)} in {name}, {self._source(number)}"
            case _:
                return f"writes {self._held(number)} to {name}"

    def _held(self, number: int) -> str:
        """What an access reads or writes; of an entry `{ field: value, ... }`."""
        act = self.acts[number].act
        if not isinstance(act.value, tuple):
            return value_text(act.value)
        if EMPTY in act.value:
            return "empty"
        (entry,) = (x for name, x in self.test.variables if name == act.location)
        assert isinstance(entry, Whole)
        told = zip(entry.fields, map(value_text, act.value), strict=True)
        return f"{{ {', '.join(f'{field}: {value}' for field, value in told)} }}"

    def _source(self, number: int) -> str:
        """Where what a read returns comes from."""
        write = self.candidate.sources[number]
        if write >= len(self.acts):
            return "as at the start"
        return f"from {self._place(write)}"

    def _place(self, number: int) -> str:
        line = _span(self.events[number]).line
        return f"{self.test.threads[self.acts[number].lane].name}:{line}"


def value_text(value: Datum) -> str:
    """A value as people read it."""
    match value:
        case AddressOf(name):
            return "empty" if value == EMPTY else name
        case int() if value > FIRST_TOKEN:
            return f"fresh{value - FIRST_TOKEN}"
        case int():
            return "what nobody has written" if value == UNWRITTEN.value else str(value)
        case _:
            return "a value out of thin air"
