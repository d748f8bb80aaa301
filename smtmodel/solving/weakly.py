"""The strategy for protocols under the kernel's memory model, which has no machine.

Takes a checked protocol; yields its results. A protocol is written as a litmus test; a property
asks for an execution at whose end, or at an instant of which, it is violated. Whatever the solver
finds is repeated lane by lane and judged by the other reading of the model. Where accesses race,
the same is asked of the protocol in which they are marked, to say what would be so then.
"""

from collections.abc import Callable, Iterator
from functools import cached_property
from time import perf_counter

from smtmodel.encoding.domains import TooManyValues
from smtmodel.encoding.relations import NotCompiled
from smtmodel.events.building import TooLarge
from smtmodel.language.checked import (
    DATA_RACE,
    USE_AFTER_FREE,
    Bounds,
    BuiltIn,
    Checked,
    Free,
    Property,
    Reach,
    ReachStep,
)
from smtmodel.litmus.program import AllHold
from smtmodel.litmus.unroll import unroll
from smtmodel.litmus.written.protocol import View, Wanted, WrittenProtocol
from smtmodel.litmus.written.refused import NotWritten
from smtmodel.models import Model
from smtmodel.models.lkmm import LKMM
from smtmodel.models.lkmm.freed import FLAG, FREED
from smtmodel.models.lkmm.instants import CUT, END, OBSERVED, SETTLED, TOLD
from smtmodel.solving import vacuity
from smtmodel.solving.accounts import account, races
from smtmodel.solving.bounds import extents, is_about_ends, least, stronger, with_one_lane
from smtmodel.solving.ends import Contradicted, FoundExecution, LitmusQuestions
from smtmodel.solving.result import Limits, Result, Started, sort_of
from smtmodel.solving.satisfying import NotKnown
from smtmodel.source import Span
from smtmodel.source.record import parts, replace
from smtmodel.verdict import Cause, Verdict

MODELS: dict[View, Model] = {
    View.NOWHERE: LKMM,
    View.INSTANT: CUT,
    View.QUIET: SETTLED,
    View.END: END,
    View.OBSERVED: OBSERVED,
    View.TOLD: TOLD,
    View.FREED: FREED,
}
SEEN = "memory itself is never so, but a CPU with full barriers can see it"
FREED_EARLY = "an object may be used after it is freed, when its memory may be another's"
RACE = "data-race"
"""The flag of the model."""
RACES = "this execution itself has a data race"
READERS = {
    View.INSTANT: "memory at an instant",
    View.QUIET: "memory at an instant, with no update in progress",
    View.END: "memory at the end",
    View.OBSERVED: "what a CPU with full barriers sees",
    View.TOLD: "what a CPU with full barriers sees, with no update in progress",
}


def decide_weakly(
    protocol: Checked, _: Model, bounds: Bounds, limits: Limits, only: frozenset[str] | None
) -> Iterator[Started | Result]:
    """Each property (or those of `only`), in the order of the file."""
    wanted = tuple(one for one in protocol.properties if only is None or one.name in only)
    judges = _Judges(protocol, bounds, limits, wanted)
    for item in wanted:
        yield Started(item.name)
        begun = perf_counter()
        result = judges.result(item)
        yield replace(result, seconds=perf_counter() - begun)


class _Judges:
    """A protocol at several bounds.

    What is violated at the smallest is so at those asked for, and what is reached, reached. One
    lane stands for any number of independent ones: when others are deleted from an execution, every
    relation of the model shrinks, what is executed before what among them, so that it stays
    allowed, a cut one, and a race that no order excludes is excluded by none then.
    """

    def __init__(
        self, protocol: Checked, bounds: Bounds, limits: Limits, wanted: tuple[Property, ...]
    ) -> None:
        self.protocol = protocol
        self.bounds = bounds
        smallest = replace(protocol, bounds=_smallest(protocol, bounds))
        self.small = _Judging(smallest, limits, wanted)
        self._known = {smallest.bounds: self.small}

    def result(self, item: Property) -> Result:
        """The verdict, or why there is none."""
        large = self._at(with_one_lane(self.protocol, self.bounds, item))
        if large is not self.small and not is_about_ends(item) and not large.excludes(item):
            shown = self.small.shown(item)
            if shown is not None:
                return shown
        found = large.result(item)
        reach = extents(self.protocol, self.bounds, item)
        return replace(found, extents=reach) if found.verdict is Verdict.PROVED else found

    def _at(self, bounds: Bounds) -> "_Judging":
        if bounds not in self._known:
            self._known[bounds] = self.small.at(bounds)
        return self._known[bounds]


def _smallest(protocol: Checked, bounds: Bounds) -> Bounds:
    """At most one update and one lane of each kind, in one round; of lanes that are counted all."""
    low = least(protocol, bounds)
    lanes = tuple((name, min(count, low.count(name))) for name, count in bounds.lanes)
    return Bounds(min(bounds.updates, low.updates), lanes, 1)


class _Marking:
    """A protocol with the accesses marked that race, those at some `spans` and more.

    Marking orders more, so that others may race: this is repeated until there are none.
    """

    def __init__(self, judging: "_Judging", spans: frozenset[Span]) -> None:
        self.spans = spans
        self.judging = judging.marked(spans)
        while (found := self.judging.race) is not None:
            more = self.spans | _racing(found)
            if more == self.spans:
                raise Contradicted("accesses race that are marked")
            self.spans = more
            self.judging = judging.marked(more)

    @property
    def lines(self) -> str:
        """`lines 26 and 32`."""
        lines = sorted({span.line for span in self.spans})
        if len(lines) == 1:
            return f"line {lines[0]}"
        return f"lines {', '.join(map(str, lines[:-1]))} and {lines[-1]}"


def _racing(found: FoundExecution) -> frozenset[Span]:
    """The places of the accesses that race in an execution."""
    return frozenset(span for pair in races(found) for span in pair)


class _Judging:
    """The properties of one protocol, with the plain accesses at some places marked (`once`).

    `smaller` is the same at smaller bounds: what there is an execution of there, there is one of.
    """

    def __init__(
        self,
        protocol: Checked,
        limits: Limits,
        wanted: tuple[Property, ...],
        once: frozenset[Span] = frozenset(),
        smaller: "_Judging | None" = None,
    ) -> None:
        self.protocol = protocol
        self.limits = limits
        self.wanted = wanted
        self.once = once
        self.smaller = smaller
        self._goals: dict[str, Result] = {}
        self._refutations: dict[str, Result | None] = {}

    def at(self, bounds: Bounds) -> "_Judging":
        """The same at larger bounds."""
        return _Judging(
            replace(self.protocol, bounds=bounds), self.limits, self.wanted, self.once, self
        )

    def marked(self, spans: frozenset[Span]) -> "_Judging":
        """The same with the accesses at these places marked."""
        smaller = self.smaller and self.smaller.marked(spans)
        return _Judging(self.protocol, self.limits, self.wanted, spans, smaller)

    @cached_property
    def written(self) -> WrittenProtocol:
        return WrittenProtocol(self.protocol, self.once)

    @cached_property
    def race(self) -> FoundExecution | None:
        """An execution with a data race."""
        return self._alone.raised(RACE)

    @cached_property
    def marking(self) -> _Marking | None:
        """The same with the accesses marked that race, if there are any."""
        found = (self.smaller and self.smaller.race) or self.race
        return None if found is None else _Marking(self, _racing(found))

    def excludes(self, item: Property) -> bool:
        """Whether no execution violates a property, as far as that is known at once."""
        if isinstance(item, Reach | ReachStep) or item.name == DATA_RACE:
            return False
        return self._caught(item, self.refuted) is None

    def shown(self, item: Property) -> Result | None:
        """A verdict that an execution without a race shows, if there is one."""
        race = isinstance(item, BuiltIn) and item.name == DATA_RACE
        whole = race or isinstance(item, Reach | ReachStep)
        result = self._caught(item, self._decided if whole else self.refuted)
        if result is None or result.account is None or result.reason.endswith(RACES):
            return None
        return result

    def result(self, item: Property) -> Result:
        """The verdict, or why there is none."""
        found = self._caught(item, self._decided)
        assert found is not None
        return found

    def _caught(self, item: Property, decide: Callable[[Property], Result | None]) -> Result | None:
        """What was decided, or why it was not."""
        try:
            return decide(item)
        except Contradicted as wrong:
            return self._unknown(item, str(wrong), Cause.CONTRADICTION)
        except NotWritten as refused:
            why = f"{refused.reason}: without a meaning under the kernel's memory model here"
            return self._unknown(item, f"line {refused.span.line}: {why}")
        except TooManyValues as many:
            return self._unknown(item, str(many))
        except TooLarge:
            return self._unknown(item, "too large at these bounds")
        except (NotKnown, NotCompiled) as unknown:
            return self._unknown(item, str(unknown))

    def _decided(self, item: Property) -> Result:
        match item:
            case BuiltIn(name=name) if name == DATA_RACE:
                return self._data_race(item)
            case Reach() | ReachStep():
                return self._reached(item)
            case _:
                return self._judged(item)

    def _said(
        self, item: Property, verdict: Verdict, reason: str = "", cause: Cause = Cause.NONE
    ) -> Result:
        return Result(item.name, sort_of(item), verdict, item.span, reason, cause)

    def _unknown(self, item: Property, reason: str, cause: Cause = Cause.BUDGET) -> Result:
        return self._said(item, Verdict.UNKNOWN, reason, cause)

    # ------------------------------------------------------------ questions

    @cached_property
    def _alone(self) -> LitmusQuestions:
        """The questions about what lanes do, with nobody looking at memory."""
        test = self.written.test(AllHold(()))
        flags = tuple(flag for flag in LKMM.flags if flag.name == RACE)
        model = replace(LKMM, flags=flags)
        return LitmusQuestions(test, unroll(test), model, self.limits)

    def _ask(self, asked: Wanted) -> FoundExecution | None:
        if asked.view is View.NOWHERE:
            return self._alone.violating(asked.test.condition)
        if asked.view is View.FREED:
            return self._used_early
        model = replace(MODELS[asked.view], flags=())
        return LitmusQuestions(asked.test, unroll(asked.test), model, self.limits).violating()

    @cached_property
    def _used_early(self) -> FoundExecution | None:
        """An execution in which an object may be used after it is freed."""
        asked = self.written.freeing()
        test, model = asked.test, MODELS[asked.view]
        return LitmusQuestions(test, unroll(test), model, self.limits).raised(FLAG)

    def _shown(self, result: Result, asked: Wanted, found: FoundExecution) -> Result:
        texts = self.written.notes.texts
        told = account(asked.test, found, texts, READERS.get(asked.view, ""))
        return replace(result, account=told)

    def _data_race(self, item: Property) -> Result:
        found = self.race
        if found is None:
            return self._said(item, Verdict.PROVED)
        (first, second), *_ = races(found)
        reason = f"line {first.line} and line {second.line} access the same in no order"
        result = self._said(item, Verdict.REFUTED, reason)
        return self._shown(result, self.written.completed(), found)

    def _reached(self, item: Reach | ReachStep) -> Result:
        if item.name not in self._goals:
            if self.smaller is not None and not is_about_ends(item):
                known = self.smaller._reached(item)
                if known.verdict is Verdict.PROVED:
                    return known
            result = self._said(item, Verdict.VACUOUS, "no execution reaches it")
            for asked in self.written.violations(item):
                found = self._ask(asked)
                if found is not None:
                    result = self._shown(self._said(item, Verdict.PROVED), asked, found)
                    break
            self._goals[item.name] = result
        return self._goals[item.name]

    # ------------------------------------------------------------ verdicts

    def _judged(self, item: Property) -> Result:
        found = self.refuted(item)
        if found is None:
            return self._unviolated(item)
        if not found.reason.endswith(RACES) or self.marking is None:
            return found
        return replace(found, reason=_also(found.reason, _marked(item, self.marking)))

    def refuted(self, item: Property) -> Result | None:
        """A refutation, if there is one.

        What is so at no cut is so at none with no update in progress; and what a CPU never sees it
        does not see either where it is told of updates, which only keeps it from more.
        """
        if item.name not in self._refutations:
            other = stronger(item, self.wanted)
            excluded = other is not None and self.refuted(other) is None
            self._refutations[item.name] = None if excluded else self._violated(item)
        return self._refutations[item.name]

    def _violated(self, item: Property) -> Result | None:
        """A refutation, by an execution without a data race if the one found has none."""
        racing: Result | None = None
        for asked in self.written.violations(item):
            found = self._ask(asked)
            if found is None:
                continue
            seen = SEEN if asked.view in (View.OBSERVED, View.TOLD) else ""
            result = self._shown(self._said(item, Verdict.REFUTED, seen), asked, found)
            if not races(found):
                return result
            racing = racing or replace(result, reason=_also(seen, RACES))
        return racing

    def _unviolated(self, item: Property) -> Result:
        """A property that nothing violates."""
        if self.marking is not None:
            return self._unknown(item, f"{_marked(item, self.marking)} (see {DATA_RACE})")
        return self.unraced(item)

    def unraced(self, item: Property) -> Result:
        """The same where no accesses race."""
        if self._reads_unwritten:
            return self._unknown(item, "a field of a new object may be read before its write")
        if self._freed() and item.name != USE_AFTER_FREE:
            return self._unknown(item, f"{FREED_EARLY} (see {USE_AFTER_FREE})")
        return self._with_premises(item)

    @cached_property
    def _reads_unwritten(self) -> bool:
        return self._some(self.written.unwritten)

    @cached_property
    def _is_completed(self) -> bool:
        return self._some(self.written.completed)

    def _freed(self) -> bool:
        """Whether an object may be used after it is freed: its memory may be another's by then."""
        frees = any(isinstance(one, Free) for one in parts(self.protocol.blocks))
        return frees and self._some(self.written.freeing)

    def _some(self, asked: Callable[[], Wanted | None]) -> bool:
        """Whether there is such an execution, if one can be asked for at all."""
        wanted = asked()
        return wanted is not None and self._ask(wanted) is not None

    def _with_premises(self, item: Property) -> Result:
        """Whether a proof is more than vacuous."""
        if not (self._met(item) and vacuity.can_be_met(self.protocol, item)):
            return self._said(item, Verdict.VACUOUS, vacuity.unmet(self.protocol, item))
        if not self._is_completed:
            return self._said(item, Verdict.VACUOUS, "no execution is complete")
        goals = [one for one in self.protocol.properties if isinstance(one, Reach | ReachStep)]
        for goal in goals:
            if self._reached(goal).verdict is Verdict.VACUOUS:
                reason = f"goal {goal.name} is never reached"
                return self._said(item, Verdict.VACUOUS, reason)
        return self._said(item, Verdict.PROVED)

    def _met(self, item: Property) -> bool:
        """Whether some execution shows that a property is judged, or it always is."""
        if self.smaller is not None and not is_about_ends(item) and self.smaller._met(item):
            return True
        premise = self.written.premise(item)
        return premise is None or any(self._ask(asked) is not None for asked in premise)


def _marked(item: Property, marking: _Marking) -> str:
    """What would be so if no accesses raced."""
    found = marking.judging.refuted(item) or marking.judging.unraced(item)
    unknown = found.verdict is Verdict.UNKNOWN
    verdict = "not known" if unknown else found.verdict.value.lower()
    return f"{verdict} if {marking.lines}, which race, were READ_ONCE and WRITE_ONCE"


def _also(*sentences: str) -> str:
    return "; ".join(filter(None, sentences))
