"""What the commands that analyse a protocol have in common.

Takes options and a protocol's name; gives what is needed to ask, and puts answers into sinks.
"""

from collections.abc import Callable, Sequence

from smtmodel import pipeline
from smtmodel.commands.prove import Ask
from smtmodel.commands.sinks import Progress, Sink
from smtmodel.documents.answer import Analysis
from smtmodel.language.checked import Checked
from smtmodel.pipeline import Subject
from smtmodel.solving.answered import outcome
from smtmodel.solving.result import Outcome, Result
from smtmodel.source.record import record
from smtmodel.source.refusal import Refusal
from smtmodel.verdict import Cause, Status, Verdict, worst
from smtmodel.work.session import Answered, Session


@record(frozen=False)
class Analysing:
    """A command at work. `bugs` are the (message, traceback) pairs of failures of ours."""

    session: Session
    sinks: Sequence[Sink]
    progress: Progress
    bugs: list[tuple[str, str]]

    def outcome(
        self, answered: Answered, protocol: Checked, model: str, only: frozenset[str] | None
    ) -> Outcome:
        """What a job of deciding found; what it did not get to is UNKNOWN."""
        self.note(answered)
        found = [one for one in answered.found if isinstance(one, Result)]
        self.bugs += [(one.reason, "") for one in found if one.cause is Cause.CONTRADICTION]
        return outcome(protocol, model, only, answered)

    def note(self, answered: Answered) -> None:
        """Keep a failure of ours for the report about it."""
        trouble = answered.trouble
        if trouble is not None and trouble.cause is Cause.CONTRADICTION:
            self.bugs.append((trouble.reason, trouble.traceback))

    def refuse(self, refusal: Refusal) -> Status:
        """Say in every sink that an input is not worked on."""
        self.progress.clear()
        for sink in self.sinks:
            sink.refuse(refusal)
        return Status.BAD_INPUT

    def finish(self, make: Callable[[], Analysis], statuses: Sequence[Status]) -> Status:
        """Put the answer into every sink; gives the worst status."""
        self.progress.clear()
        status = worst(statuses)
        if self.bugs:
            status = worst([status, Status.CONTRADICTION])
        made = make()
        for sink in self.sinks:
            sink.tell(made)
        return status

    def end(self, command: str, statuses: Sequence[Status]) -> Status:
        """End every sink; gives the worst status."""
        status = worst(statuses)
        for sink in self.sinks:
            sink.end(command, status)
        return status


def subject(name: str, ask: Ask, *, machine: bool = True) -> Subject | Refusal:
    """The protocol of a file, ready to be asked about; `machine`: under a model that has one."""
    return pipeline.subject(name, ask.model, ask.bounds, ask.only, machine=machine)


def unknown_statuses(results: Sequence[Result]) -> list[Status]:
    """The statuses of the results that are not known."""
    return [one.status for one in results if one.verdict is Verdict.UNKNOWN]
