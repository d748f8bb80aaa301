"""All that a command has to say.

Takes what was found out about each protocol and what was refused. A format makes of it what it
shows; `smtmodel.documents.report` makes the document of a part.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from smtmodel.documents.document import Document, ProofPart
from smtmodel.documents.plain import one_line
from smtmodel.documents.versions import SourceFile, Versions
from smtmodel.language.checked import Checked
from smtmodel.solving.result import Outcome, Result
from smtmodel.source.record import record
from smtmodel.source.refusal import Refusal
from smtmodel.verdict import Verdict

if TYPE_CHECKING:
    from smtmodel.analysis.closest import Closest
    from smtmodel.analysis.needed import Needs
    from smtmodel.documents.wire.analyses import SavedAnalysis, SavedReview


@record
class Context:
    """What made an outcome: the tool's and the solver's versions, and what the protocol is called:
    the file as given, and the variant in it."""

    given: str
    tool: str
    solver: str

    @property
    def file(self) -> str:
        """The same without folders, as it may be printed."""
        return one_line(self.given.rsplit("/", 1)[-1])

    @property
    def words(self) -> tuple[str, ...]:
        """What a command takes to be about it; what begins with `-:` would be an option."""
        file, colon, variant = self.given.partition(":")
        return ("-", "--variant", variant) if colon and file == "-" else (self.given,)


def source(protocol: Checked) -> str:
    """The name of the file without its folders, as it stands before the number of a line."""
    return one_line(protocol.text.name.rsplit("/", 1)[-1])


def versions_of(
    protocol: Checked, context: Context, *, replayed: bool = False, repeated: bool = False
) -> Versions:
    """What made a document about one protocol."""
    files = (SourceFile(context.file, protocol.text.digest),)
    return Versions(context.tool, context.solver, files, replayed, repeated)


@record
class Page:
    """What is known of the proofs of one protocol. `needs` is None where it was not asked;
    `judged`: second judges were asked."""

    needs: "Needs | None"
    calls: "tuple[Closest, ...]"
    judged: bool


@record
class PageText:
    """The same in words: for each proof the parts that the page adds."""

    parts: tuple[tuple[ProofPart, ...], ...]
    judged: bool


@record
class Expected:
    """What a file expects of a property: a verdict, and `any_number`: for any number of updates."""

    verdict: Verdict
    any_number: bool = False

    @property
    def text(self) -> str:
        """In words."""
        return self.verdict.value + (" for any number" if self.any_number else "")

    def met(self, result: Result) -> bool:
        """Whether that is what was found."""
        known = result.unbounded
        beyond = not self.any_number or (known is not None and known.proved)
        return result.verdict is self.verdict and beyond


@record
class ReportPart:
    """What was found out about one protocol under one model.

    `expected` has for each result what the file expects of it, under `check`. In a
    review `page` says what is known of the proofs besides; of a saved one, `told` says it.
    """

    protocol: Checked
    outcome: Outcome
    context: Context
    expected: tuple[Expected, ...] | None = None
    page: Page | None = None
    told: PageText | None = None


def not_tried(parts: Sequence[ReportPart]) -> list[str]:
    """The protocols that `check` was stopped before, as they are called, in their order."""
    tried = {one.context.given for one in parts if not _untried(one)}
    names = dict.fromkeys(one.context.given for one in parts if _untried(one))
    return [name for name in names if name not in tried]


def _untried(part: ReportPart) -> bool:
    return part.expected is not None and part.outcome.untried


@record
class Analysis:
    """The answer of an analysis: a document, and the same as a value for programs."""

    document: Document
    value: "SavedAnalysis"


@record
class Chapter:
    """What is said about one file: who it is, its reports, and what else was asked about it.

    `outcomes` are the places of its reports among those of the whole answer.
    """

    front: Document
    outcomes: tuple[int, ...]
    analyses: tuple[Document, ...]
    end: Document


@record
class Review:
    """The pieces of the document. `value` says of it what reports and analyses do not."""

    front: Document
    chapters: tuple[Chapter, ...]
    end: Document
    value: "SavedReview"


@record
class Answer:
    """What a command says: `status` is its exit status, `summary` its last lines."""

    command: str
    tool: str
    status: int
    parts: tuple[ReportPart, ...]
    refusals: tuple[Refusal, ...]
    summary: str = ""
    analyses: tuple[Analysis, ...] = ()
    review: Review | None = None
