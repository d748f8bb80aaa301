"""What is saved of analyses and reviews: values to work with, and what people are shown.

The docstrings stand in the JSON Schema.
"""

from typing import Annotated

from smtmodel.analysis.cases import CaseOutcome
from smtmodel.analysis.words import Mutation, Necessity, OrderVerdict
from smtmodel.documents.document import AnalysisBlock, ProofPart, ScriptLine
from smtmodel.documents.versions import Versions
from smtmodel.documents.wire.outcomes import (
    Natural,
    Positive,
    SavedBounds,
    SavedFact,
    SavedFile,
    Words,
)
from smtmodel.source.record import record
from smtmodel.verdict import Verdict


@record
class SavedSheet:
    """What people are shown of an analysis, block by block, from which `smtmodel show` makes
    every format.

    `results` are the lines that scripts look for. `versions` says what made it: the tool, the
    solver, the files; it is null for the sheets of a review.
    """

    blocks: tuple[AnalysisBlock, ...]
    results: tuple[ScriptLine, ...]
    versions: Versions | None


@record
class SavedEffect:
    """What a change does to one proof.

    `ordering` is the smallest run that violates the property, `steps` how many it has: lanes
    with the lines of the steps they take, in the order of the run. Null where there is none.
    """

    name: str
    verdict: Verdict
    effect: Necessity
    reason: str
    steps: int | None
    ordering: str | None


@record
class SavedVariant:
    """One change of a protocol.

    `lines` and `steps` are what was changed, `part` is the condition that is left out or,
    of what is weaker, what stands in its place. `also` are the lines of steps that had to go too,
    because nothing reads what they assign. `refused` says
    why the rest is no protocol.
    """

    change: Annotated[str, Mutation]
    block: str
    lines: tuple[int, ...]
    steps: Words
    part: str | None
    also: tuple[int, ...]
    refused: str | None
    results: tuple[SavedEffect, ...]


@record
class SavedNeeded:
    """What the proofs of the `properties`, those that are proved, need. `sheet` is null in a
    review, which has its own."""

    file: SavedFile
    model: str
    bounds: SavedBounds
    properties: Words
    variants: tuple[SavedVariant, ...]
    sheet: SavedSheet | None = None


@record
class SavedRead:
    """A read of a fault; `source` is the line that wrote what it returned, null for what was
    there at the start."""

    line: int
    told: str
    source: int | None
    pointer: bool


@record
class SavedCase:
    """Executions that differ in nothing that the fault reads, nor in the outcome.

    `case` is the same for all that read the same. `violates` are the properties of the subject
    that the executions violate.
    """

    case: Positive
    outcome: Annotated[str, CaseOutcome]
    violates: Words
    cached: str | None
    reads: tuple[SavedRead, ...]
    steps: int
    ordering: str
    replay: Words


@record
class SavedWhole:
    """The verdict of a property at the bounds of the protocol, which are larger than those of
    its cases."""

    name: str
    verdict: Verdict
    reason: str


@record
class SavedSubject:
    """The cases of properties that judge the same thing; `blocks` are those that the lanes run,
    and `reason` says why there may be more cases. They are about its `bounds` and nothing more;
    `whole` says what is known at those of the protocol, where these are larger."""

    properties: Words
    blocks: Words
    bounds: SavedBounds
    complete: bool
    reason: str
    cases: tuple[SavedCase, ...]
    whole: tuple[SavedWhole, ...]


@record
class SavedCases:
    """The cases of a protocol, asked for at its `bounds`. `sheet` is null in a review, which has
    its own."""

    file: SavedFile
    model: str
    bounds: SavedBounds
    subjects: tuple[SavedSubject, ...]
    sheet: SavedSheet | None = None


@record
class SavedJudgement:
    """The verdict of one property in one order, and its run as lanes with lines of steps."""

    name: str
    verdict: Verdict
    reason: str
    steps: int | None
    ordering: str | None


@record
class SavedTry:
    """One order of the steps of a block, by their lines. `results` go up to the first property
    that is refuted; `refused` says why it is no protocol."""

    lines: tuple[int, ...]
    sort: Annotated[str, OrderVerdict]
    refused: str | None
    results: tuple[SavedJudgement, ...]


@record
class SavedOrders:
    """The orders of a block's steps that were tried for the `properties`.

    `count` is of all orders, tried or not. `depends` are pairs of lines of which the first stays
    before the second. `sheet` is null in a review, which has its own.
    """

    file: SavedFile
    model: str
    bounds: SavedBounds
    block: str
    properties: Words
    lines: tuple[int, ...]
    steps: Words
    count: int
    depends: tuple[tuple[int, int], ...]
    orders: tuple[SavedTry, ...]
    sheet: SavedSheet | None = None


@record
class SavedVersion:
    """One version of a protocol, and for which model and bounds it was decided."""

    file: SavedFile
    model: str
    bounds: SavedBounds


@record
class SavedPair:
    """The verdicts of a property in both versions, null where one does not state it."""

    name: str
    old: Verdict | None
    new: Verdict | None
    change: str


@record
class SavedLine:
    """A line of a file."""

    line: int
    text: str


@record
class SavedDifference:
    """A step that only one version has, or that both have in different words."""

    block: str
    old: SavedLine | None
    new: SavedLine | None


@record
class SavedFollowed:
    """An old counterexample in the new version.

    `stopped` says why it goes no further there, `added` are the lines of new steps that are made
    on the way.
    """

    name: str
    stopped: str | None
    violated: bool
    ordering: str | None
    added: tuple[int, ...]
    facts: tuple[SavedFact, ...]


@record
class SavedDiff:
    """What a second version changes. `sheet` is null in a review, which has its own."""

    old: SavedVersion
    new: SavedVersion
    verdicts: tuple[SavedPair, ...]
    steps: tuple[SavedDifference, ...]
    followed: tuple[SavedFollowed, ...]
    sheet: SavedSheet | None = None


# ---------------------------------------------------------------- reviews


@record
class SavedCall:
    """The smallest run that violates a proved property once one part is left out, and how far
    the protocol as it is makes it."""

    name: str
    line: Natural
    step: str
    change: str
    steps: Natural
    ordering: str
    made: Natural
    followed: str | None
    stopped: str | None
    replay: Words


@record
class SavedProof:
    """The parts of the page about properties that were proved together."""

    names: Words
    parts: tuple[ProofPart, ...]


@record
class SavedPage:
    """What the pages of the proofs of one outcome say besides; `judged`: second judges were
    asked."""

    judged: bool
    proofs: tuple[SavedProof, ...]


@record
class SavedChapter:
    """One file of a review.

    `outcomes` are the places of its outcomes among those of the answer, one for each memory
    model; `pages` has an item for each of them. `not_asked` says what was not asked, or not
    answered, and why. `front` says who it is, `sheets` what else was asked about it.
    """

    file: SavedFile
    sha256: Annotated[str, ("pattern", "^[0-9a-f]{64}$")]
    patch: str | None
    source: str | None
    outcomes: tuple[Natural, ...]
    not_as_expected: Words
    not_asked: Words
    closest: tuple[SavedCall, ...]
    commands: tuple[Words, ...]
    front: SavedSheet
    pages: tuple[SavedPage, ...]
    sheets: tuple[SavedSheet, ...]
    end: SavedSheet


@record
class SavedReview:
    """A review of a series: what it says first, file by file, and last. `command` makes all of
    it again."""

    files: tuple[SavedChapter, ...]
    command: Words
    front: SavedSheet
    end: SavedSheet


SavedAnalysis = SavedNeeded | SavedCases | SavedOrders | SavedDiff | SavedReview


def files(analysis: SavedAnalysis) -> tuple[SavedFile, ...]:
    """The files that an analysis is about."""
    match analysis:
        case SavedDiff(old=old, new=new):
            return old.file, new.file
        case SavedReview(files=chapters):
            return tuple(one.file for one in chapters)
        case SavedNeeded(file=file) | SavedCases(file=file) | SavedOrders(file=file):
            return (file,)
