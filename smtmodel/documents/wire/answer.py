"""All that is saved by one command.

The docstrings stand in the JSON Schema. Whoever changes the shape of anything that is saved
raises `FORMAT`.
"""

from typing import Annotated, Literal

from smtmodel.documents.wire.analyses import SavedAnalysis
from smtmodel.documents.wire.outcomes import Digest, SavedOutcome, SavedSpan
from smtmodel.source import Severity
from smtmodel.source.record import record
from smtmodel.verdict import Status

FORMAT = 3
Command = Annotated[str, Literal["prove", "check", "needed", "cases", "orders", "diff", "review"]]


@record
class SavedSource:
    """The text of a file that the answer is about, so that `smtmodel show` needs nothing else."""

    name: str
    digest: Digest
    text: str


@record
class SavedDiagnostic:
    """What is wrong with an input.

    `code` is as in `smtmodel explain CODE`, and null, as is the place, for a sentence about a
    file; `label` is what stands under the caret.
    """

    code: Annotated[str, ("pattern", "^E[0-9]{3}$")] | None
    severity: Severity
    message: str
    label: str
    suggestion: str
    file: str
    place: SavedSpan | None


@record
class SavedAnswer:
    """One answer of a command that decides something.

    `format` is the version of this shape, `smtmodel` the version that made this, `status` the
    exit status of the command. There is an outcome for each protocol and memory model, none if
    nothing could be decided. `summary` has the last lines for people, empty where there are none.
    A review comes first among the `analyses`, and then what it asked about its files.
    """

    smtmodel: str
    format: Annotated[int, ("ge", FORMAT), ("le", FORMAT)]
    command: Command
    status: Status
    outcomes: tuple[SavedOutcome, ...]
    diagnostics: tuple[SavedDiagnostic, ...]
    summary: str
    sources: tuple[SavedSource, ...]
    analyses: tuple[SavedAnalysis, ...]
