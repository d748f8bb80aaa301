"""What deciding a protocol yields: one result per property, and what was covered."""

from enum import Enum

from smtmodel.executions.trace import Trace
from smtmodel.language.checked import (
    Asserted,
    Bounds,
    BuiltIn,
    Never,
    Property,
    Reach,
    ReachStep,
    Where,
)
from smtmodel.language.independence import Coupling
from smtmodel.litmus.shown import ShownLink
from smtmodel.source import Span
from smtmodel.source.record import record
from smtmodel.verdict import Cause, Status, Verdict, status_of, worst


class Sort(Enum):
    """What a result speaks of."""

    NEVER = "never"
    ASSERT = "assert"
    REACH = "reach"
    BUILT_IN = "built-in"


def sort_of(item: Property) -> Sort:
    """What a result about this property speaks of."""
    match item:
        case Never():
            return Sort.NEVER
        case Asserted():
            return Sort.ASSERT
        case Reach() | ReachStep():
            return Sort.REACH
        case BuiltIn():
            return Sort.BUILT_IN


@record
class Limits:
    """What the solver may use: `budget` in z3 resource units and `memory` in MB, per query."""

    budget: int | None = None
    memory: int | None = None
    seed: int = 0


@record
class Place:
    """A step of a run: its number in the table of the run, counted from 1, its lane and its text.

    `part` are words for one of its events, which stand before the text, and nothing where the
    whole step is meant. A store that takes effect has no number; the begin and the return of an
    update have neither number nor text.
    """

    number: int | None
    lane: str
    text: str
    part: str = ""


@record
class Why:
    """What makes a run go wrong: of each pair the first comes before the second.

    Every execution in which the lanes come as far, with the same choices, goes wrong there if
    whatever happens of these is in order; without any one of them, some does not. `free` are the
    numbers of the steps that are in none. With `paths` this is so of the executions in which every
    event of the run happens; of others nothing is known.
    """

    facts: tuple[tuple[Place, Place], ...]
    free: tuple[int, ...]
    paths: bool = False


class Missing(Enum):
    """What there was no time for, of a run that was found."""

    SMALLEST = "smallest"  # there may be a smaller one
    WHY = "why"  # it is the smallest; why it goes wrong is not known


@record
class Unfinished:
    """What a run lacks, and the limit or failure that it lacks it for, in a few words."""

    missing: Missing
    cause: Cause
    reason: str


def given_up(missing: Missing, limits: Limits, words: str) -> Unfinished:
    """That the solver gave up on the way, in its own words: at a limit, if there was one."""
    limited = limits.budget is not None or limits.memory is not None
    what = "the limit was reached" if limited else "the solver gave up"
    return Unfinished(missing, Cause.BUDGET, f"{what} ({words})")


@record
class Run:
    """A replayed run: a counterexample or a witness.

    `bounds` are its own, the smallest at which it exists; `steps` counts the steps of the
    text that it takes. `facts` are the values at its end that make the property false (or
    the goal true), as (expression, value) pairs; `claim` says the same in one line. With
    `unfinished` it may be larger than need be.
    """

    bounds: Bounds
    steps: int
    trace: Trace
    facts: tuple[tuple[str, str], ...]
    claim: str
    why: Why | None = None
    unfinished: Unfinished | None = None

    @property
    def doubt(self) -> str:
        """In a few words that it may not be the smallest; nothing if it is."""
        if self.unfinished is None or self.unfinished.missing is not Missing.SMALLEST:
            return ""
        return f"not the smallest: {self.unfinished.reason}"


@record
class Beyond:
    """What is known of a proved property at larger `bounds` than those that it is proved for.

    With a `run` it is violated there; the run is as the solver finds it, not the smallest. Else
    `reason` says in one sentence why that is not known; without a reason nothing violates it.
    `cause` is CONTRADICTION where that is a bug, and NONE otherwise.
    """

    bounds: Bounds
    run: Run | None = None
    reason: str = ""
    cause: Cause = Cause.NONE


@record
class Further:
    """What is known of the property of that name, and the seconds that it took."""

    name: str
    beyond: Beyond
    seconds: float


@record
class Certificate:
    """An invariant that was checked: its groups of states, its clauses, and its obligations that
    speak of numbers, by whom they were decided. `free` are the bounds of which it holds for any
    number of lanes, `cuts` the loops whose bound may be used up. `words` are what the clauses say
    in the names of the protocol, line by line; `text` is all of it as SMT-LIB, empty of a saved
    one."""

    groups: int
    clauses: int
    obligations: int
    checkers: tuple[str, ...]
    free: tuple[str, ...]
    cuts: tuple[str, ...]
    words: tuple[str, ...]
    text: str


@record
class Unbounded:
    """What is known of a proved property for any number of updates and rounds.

    With a certificate it holds. Else `reason` says why that is not known. `violated`: the states
    that were looked at violate it, though perhaps no run comes to such a state. `cause` is BUDGET
    where only what is cheap was asked, and more can be; TIMEOUT or INTERRUPTED where that was
    stopped, CONTRADICTION where two parts of the tool disagree.
    """

    reason: str
    violated: bool = False
    cause: Cause = Cause.NONE
    certificate: Certificate | None = None

    @property
    def contradicts(self) -> bool:
        return self.cause is Cause.CONTRADICTION

    @property
    def proved(self) -> bool:
        return self.certificate is not None


@record
class Extent:
    """How far an answer reaches in the number of lanes of one kind, named by its bound.

    `any_number`: it holds for any number of them, and `reason` says of the lanes why. Else it
    holds for as many as the bounds say: because of `couplings`, or where nothing couples the
    lanes because of what the property is about, which is the `reason`.
    """

    bound: str
    any_number: bool
    reason: str
    couplings: tuple[Coupling, ...] = ()


EXPLORER = "the explorer"


@record
class Opinion:
    """What a second judge, who shares nothing with the solver, says of a verdict.

    `agrees` is None where the judge came to no answer; `told` says why not, or in a few words
    what the answer rests on. `cause`: TIMEOUT or INTERRUPTED where the judge was stopped.
    """

    judge: str
    agrees: bool | None
    told: str
    cause: Cause = Cause.NONE


@record
class Obligation:
    """A question whose answer `unsat` the result of that name needs.

    `asks` is the question in words, `text` a complete SMT-LIB 2 script.
    """

    result: str
    asks: str
    text: str


@record
class ExecutedStep:
    """A step of a lane in an execution: its line in the file, its text, what comes of it."""

    lane: str
    line: int
    text: str
    effects: tuple[str, ...]


@record
class Account:
    """An execution of a model without a machine: there is no order of all of its steps.

    `steps` are those of one lane after those of another, last the reads that a property makes;
    `orders` say which write to a location comes before which, `links` how steps communicate.
    """

    steps: tuple[ExecutedStep, ...]
    orders: tuple[str, ...]
    links: tuple[ShownLink, ...] = ()


@record
class Result:
    """The answer for one property.

    `reason` is one sentence for VACUOUS and UNKNOWN. `run` is the counterexample of a
    REFUTED property or the witness of a reached goal, where it was asked for. `seconds` is what
    deciding it took.
    `extents`, of PROVED alone, has one item for each kind of lanes but the updates.
    `opinions` are those of the explorer beside the solver, or of the judges that were asked for;
    `beyond` is there only of what is PROVED, and `unbounded` of that where it was asked, and where
    it contradicts a run; `account` instead of a run under models without a machine.
    """

    name: str
    sort: Sort
    verdict: Verdict
    span: Span
    reason: str = ""
    cause: Cause = Cause.NONE
    run: Run | None = None
    seconds: float = 0.0
    extents: tuple[Extent, ...] = ()
    opinions: tuple[Opinion, ...] = ()
    beyond: Beyond | None = None
    unbounded: Unbounded | None = None
    account: Account | None = None

    @property
    def status(self) -> Status:
        """The exit status of this result alone.

        It is about the bounds that were asked for: what was found beyond them changes nothing,
        unless it is that two parts of the tool disagree.
        """
        own = status_of(self.verdict, self.cause)
        return worst([own, self.failed, self.judges, self.further])

    @property
    def further(self) -> Status:
        """CONTRADICTION where what was found beyond the bounds disagrees with something."""
        bug = self.beyond is not None and self.beyond.cause is Cause.CONTRADICTION
        bug = bug or (self.unbounded is not None and self.unbounded.contradicts)
        return Status.CONTRADICTION if bug else Status.GOOD

    @property
    def failed(self) -> Status:
        """CONTRADICTION where a failure of ours cut short what was done with a run."""
        unfinished = None if self.run is None else self.run.unfinished
        ours = unfinished is not None and unfinished.cause is Cause.CONTRADICTION
        return Status.CONTRADICTION if ours else Status.GOOD

    @property
    def judges(self) -> Status:
        """The status of the second judges: GOOD unless one was stopped or failed. One who came
        to no answer by himself changes nothing."""
        causes = (Cause.TIMEOUT, Cause.INTERRUPTED, Cause.CONTRADICTION)
        stopped = [one.cause for one in self.opinions if one.cause in causes]
        return worst(status_of(Verdict.UNKNOWN, cause) for cause in stopped)


@record
class Coverage:
    """What the executions within the bounds can do, found before any property is decided.

    `steps` counts those of the text. `unreached`: steps that no execution begins; `undecided`:
    steps of which the solver could not tell. `cuts`: loops whose bound some execution uses up, or
    may. `complete`: whether some execution runs to its end in every lane; None where that is not
    known.
    """

    steps: int
    unreached: tuple[Where, ...] = ()
    cuts: tuple[Where, ...] = ()
    complete: bool | None = True
    undecided: tuple[Where, ...] = ()


@record
class Started:
    """Progress: this is being decided now."""

    what: str


@record
class Early:
    """What is known of a property that is still being worked on.

    It is the result if nothing more comes. UNKNOWN: nothing violates it, but it is not known
    whether that is a proof. A later one, or the result itself, takes its place.
    """

    result: Result


@record
class Outcome:
    """All that one `prove` found; results in the order of the file, built-ins last.

    `obligations` are there only if they were asked for.
    """

    model: str
    bounds: Bounds
    coverage: Coverage | None
    results: tuple[Result, ...]
    obligations: tuple[Obligation, ...] = ()

    @property
    def untried(self) -> bool:
        """Whether everything was stopped before any of it was worked on."""
        return all(
            one.cause in (Cause.TIMEOUT, Cause.INTERRUPTED) and one.seconds == 0
            for one in self.results
        )
