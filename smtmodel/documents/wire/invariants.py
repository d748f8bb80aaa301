"""What `check-invariant` says, for programs."""

from smtmodel.documents.wire.outcomes import SavedFile, SavedUnbounded
from smtmodel.source.record import record
from smtmodel.verdict import Status


@record
class SavedClaim:
    """What an invariant shows of a property that it claims; `scope` is null where it does not."""

    name: str
    scope: str | None
    unbounded: SavedUnbounded


@record
class SavedInvariant:
    """An invariant judged by a protocol: `status` is the exit status of the command, `invariant`
    the name of the file that has it. `reason` says why nothing of it is known."""

    smtmodel: str
    command: str
    status: Status
    file: SavedFile
    invariant: str
    claims: tuple[SavedClaim, ...]
    reason: str
