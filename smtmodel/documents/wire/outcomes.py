"""What is saved of outcomes: results, and runs event by event.

The docstrings stand in the JSON Schema.
"""

from typing import Annotated

from smtmodel.executions.trace import Change, Move
from smtmodel.solving.result import Opinion, Place, Sort, Unfinished
from smtmodel.source.record import record
from smtmodel.verdict import Cause, Verdict

Natural = Annotated[int, ("ge", 0)]
Positive = Annotated[int, ("ge", 1)]
Digest = Annotated[str, ("pattern", "^[0-9a-f]{8}$")]
Words = tuple[str, ...]


# ---------------------------------------------------------------- files and places


@record
class SavedFile:
    """A file by its name as it was given, and the first eight hexadecimal digits of the SHA-256
    of its text; of a file that has several variants also which of them."""

    name: str
    digest: Digest
    variant: str | None


@record
class SavedSpan:
    """Lines and columns count from 1, the end is exclusive."""

    line: Positive
    column: Positive
    end_line: Positive
    end_column: Positive


@record
class SavedStep:
    """A step of the file; `number` counts its steps from 0."""

    number: Natural
    block: str
    label: str | None
    text: str
    line: Positive


@record
class SavedBounds:
    """`lanes` are the lanes of each kind, by the kind's bound name."""

    updates: Natural
    lanes: dict[str, Natural]
    rounds: Natural


# ---------------------------------------------------------------- runs


@record
class SavedFact:
    """The value of an expression at the end of a run."""

    what: str
    value: str


@record
class SavedLane:
    """A lane that moved, and the blocks that it ran."""

    name: str
    blocks: Words


@record
class SavedLocalStep:
    """A step without an event of its own, which ran together with an event of its lane.

    `round` counts the rounds of the lane from 1; `outcome` is how a condition or a choice came
    out, and what went wrong, in words.
    """

    block: str
    round: Natural
    step: SavedStep
    changes: tuple[Change, ...]
    outcome: str


@record
class SavedMoment:
    """One event.

    `step` is null for the begin and return of an update. `location` is that of an access, or of
    a write that leaves a store buffer, as `detail` names it; else empty. `begins`: it is the first
    event of its step. `subject` is the name of the lock, domain, queue or lane that the event is
    about, `thing` the object that is had or freed, or for whose free a grace period begins; else
    they are empty. `round` and `outcome` are as of a local step. `opening` are the local steps of
    the lane before its very first event, `local` those after this event.
    """

    lane: str
    block: str
    step: SavedStep | None
    event: str
    detail: str
    location: str
    changes: tuple[Change, ...]
    begins: bool
    subject: str
    thing: str
    round: Natural
    outcome: str
    opening: tuple[SavedLocalStep, ...]
    local: tuple[SavedLocalStep, ...]


@record
class SavedChoice:
    """What a lane chose, in the order in which it met its choices."""

    lane: str
    chosen: Words


@record
class SavedSchedule:
    """An ordering: what makes the interpreter repeat a run."""

    moves: tuple[Move, ...]
    choices: tuple[SavedChoice, ...]


@record
class SavedOrder:
    """The first comes before the second."""

    first: Place
    second: Place


@record
class SavedWhy:
    """The fewest facts about the order of a run that leave it no other way; `free` are the
    numbers of the steps whose place follows from them or is free. With `paths` this is known only
    of executions in which every event of the run happens."""

    facts: tuple[SavedOrder, ...]
    free: tuple[int, ...]
    paths: bool


@record
class SavedRun:
    """A run, event by event.

    `steps` counts the steps of the text that it takes, `claim` says its facts in one line,
    `lanes` are in the order of the columns. `replay` is the command that runs it again, word by
    word. `unfinished` is what there was no time for, null of most runs.
    """

    bounds: SavedBounds
    steps: Natural
    claim: str
    facts: tuple[SavedFact, ...]
    lanes: tuple[SavedLane, ...]
    moments: tuple[SavedMoment, ...]
    schedule: SavedSchedule
    replay: Words
    why: SavedWhy | None
    unfinished: Unfinished | None


# ---------------------------------------------------------------- outcomes


@record
class SavedCoupling:
    """How lanes are coupled: in `sentence`, `it` is the step and `they` are the lanes. `step` is
    null where it is no step of theirs."""

    step: SavedStep | None
    sentence: str


@record
class SavedExtent:
    """How far a proof reaches in the number of lanes of one kind, by its bound name.

    `any_number`: it holds for any number of them, and `reason` says why. Else it holds for the
    bounds alone: because of `couplings`, in the order of the file, or where there are none
    because of what the property is about, which is the `reason`.
    """

    bound: str
    any_number: bool
    reason: str
    couplings: tuple[SavedCoupling, ...]


@record
class SavedBeyond:
    """What is known of a proved property with one update more.

    `run` violates it there, and is not the smallest that does. Without one, `reason` says why it
    is not known; where that is empty, nothing violates it.
    """

    bounds: SavedBounds
    reason: str
    cause: Cause
    run: SavedRun | None


@record
class SavedCertificate:
    """An invariant that was checked: its groups of states, its clauses, its obligations that speak
    of numbers, and by whom they were decided. `free` are the bounds of which it holds for any
    number of lanes, `cuts` the loops whose bound may be used up; `words` say what is invariant."""

    groups: Natural
    clauses: Natural
    obligations: Natural
    checkers: tuple[str, ...]
    free: tuple[str, ...]
    cuts: tuple[str, ...]
    words: tuple[str, ...]


@record
class SavedUnbounded:
    """What is known of a proved property for any number of updates and rounds.

    With a certificate it holds. Without one `reason` says why that is not known; `violated`: larger
    states violate it, though perhaps no run comes to one. `cause` is BUDGET where only what is
    cheap was asked, and `--unbounded` asks more; TIMEOUT or INTERRUPTED where that was stopped,
    CONTRADICTION where two parts of the tool disagree.
    """

    reason: str
    violated: bool
    cause: Cause
    certificate: SavedCertificate | None


@record
class SavedResult:
    """The answer for one property.

    `expected` is null unless the command is `check`, `expected_any_number` whether that is for any
    number of updates and rounds. `reason` says why VACUOUS or UNKNOWN, `cause` is of UNKNOWN. Of
    PROVED, `scope` says in words which lanes it speaks of, `extents` has an item for each kind of
    lanes but the updates. `opinions` are what second judges said: the explorer beside the solver,
    with `--cross-check` cvc5 and the explorer. `unbounded` is null where it was not asked:
    with `--bounded`, of what heads no proof, under other models than `sc`, and under `check` unless
    the file expects it. `run` is the counterexample, or the witness of a goal.
    """

    name: str
    sort: Sort
    verdict: Verdict
    expected: Verdict | None
    expected_any_number: bool
    place: SavedSpan
    reason: str
    cause: Cause
    scope: str | None
    extents: tuple[SavedExtent, ...]
    opinions: tuple[Opinion, ...]
    beyond: SavedBeyond | None
    unbounded: SavedUnbounded | None
    seconds: Annotated[float, ("ge", 0)]
    run: SavedRun | None


@record
class SavedCoverage:
    """What the executions within the bounds can do.

    `unreached`: steps that no execution begins; `undecided`: of which the solver could not tell.
    `cuts`: loops whose bound some execution uses up. `complete`: whether some execution runs to
    its end in every lane; null where that is not known.
    """

    steps: Natural
    unreached: tuple[SavedStep, ...]
    cuts: tuple[SavedStep, ...]
    complete: bool | None
    undecided: tuple[SavedStep, ...]


@record
class SavedTools:
    """What made an outcome; `z3` is null where no solver was asked."""

    smtmodel: str
    z3: str | None


@record
class SavedTrust:
    """What every PROVED assumes; `place` is `file:line`, null where it is built in."""

    text: str
    place: str | None


@record
class SavedOutcome:
    """What was found out about one protocol under one memory model, `model`.

    `coverage` is null where the limits were reached before it was known; `results` are in the
    order of the file.
    """

    file: SavedFile
    protocol: str
    versions: SavedTools
    model: str
    bounds: SavedBounds
    coverage: SavedCoverage | None
    trusts: tuple[SavedTrust, ...]
    leaves_out: str
    results: tuple[SavedResult, ...]
