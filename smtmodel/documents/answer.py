"""All that a command has to say.

Takes what was found out about each protocol and what was refused. A format makes of it what it
shows; `smtmodel.documents.report` makes the document of a part.
"""

from typing import TYPE_CHECKING

from smtmodel.documents.document import Document, SourceFile, Versions
from smtmodel.documents.plain import one_line
from smtmodel.language.checked import Checked
from smtmodel.solving.result import Outcome
from smtmodel.source.record import record
from smtmodel.source.refusal import Refusal
from smtmodel.verdict import Verdict

if TYPE_CHECKING:
    from smtmodel.documents.json import Value
    from smtmodel.documents.proof_page import Page, PageText
    from smtmodel.documents.review import Review


@record
class Context:
    """What made an outcome: the tool's and the solver's versions, and the file as given."""

    given: str
    tool: str
    solver: str

    @property
    def file(self) -> str:
        """The file's name without its folders, as it may be printed."""
        return one_line(self.given.rsplit("/", 1)[-1])


def versions_of(protocol: Checked, context: Context, *, replayed: bool) -> Versions:
    """What made a document about one protocol."""
    files = (SourceFile(context.file, protocol.text.digest),)
    return Versions(context.tool, context.solver, files, replayed)


@record
class ReportPart:
    """What was found out about one protocol under one model.

    `expected` has for each result the verdict that the file expects of it, under `check`. In a
    review `page` says what is known of the proofs besides; of a saved one, `told` says it.
    """

    protocol: Checked
    outcome: Outcome
    context: Context
    expected: tuple[Verdict, ...] | None = None
    page: "Page | None" = None
    told: "PageText | None" = None


@record
class Analysis:
    """The answer of an analysis: a document, and the same as a value for programs."""

    document: Document
    value: "Value"


@record
class Answer:
    """What a command says: `status` is its exit status, `summary` its last line."""

    command: str
    tool: str
    status: int
    parts: tuple[ReportPart, ...]
    refusals: tuple[Refusal, ...]
    summary: str = ""
    analyses: tuple[Analysis, ...] = ()
    review: "Review | None" = None
