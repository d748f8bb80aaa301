"""The runs that verdicts rest on: ever smaller ones, replayed, and why they go wrong.

Takes findings of satisfiable queries; gives runs that the interpreter has made, each with what
it still lacks. Every one of them shows the verdict, the first as well as the smallest.
"""

from collections.abc import Callable, Iterator

from smtmodel.encoding.decode import Reader
from smtmodel.executions.replay import Replayed
from smtmodel.executions.trace import Trace
from smtmodel.language.checked import Bounds, Checked, Property
from smtmodel.models import Model
from smtmodel.solving import witness
from smtmodel.solving.asking import Finding, Problem
from smtmodel.solving.result import Limits, Missing, Run, Unfinished, Why, given_up
from smtmodel.solving.shrink import STILL, Shrunk, shrinking
from smtmodel.solving.solver import Sat, Unknown
from smtmodel.solving.why import Unconfirmed, Unexplained, explain
from smtmodel.solving.witness import Contradiction
from smtmodel.source.record import replace
from smtmodel.verdict import Cause


def first_run(finding: Finding) -> Shrunk:
    """The run of a satisfiable query as the solver found it."""
    assert isinstance(finding.answer, Sat)
    assert finding.query is not None
    return Shrunk(Reader(finding.query, finding.answer.assignment), STILL)


def smaller(
    finding: Finding, search: Iterator[Finding], *, shrink: bool
) -> Iterator[tuple[Finding, Shrunk]]:
    """Ever smaller runs, after the one of `finding`, at the bounds of `search`.

    The last one is as small as was asked for: without `shrink` at the smallest bounds, else the
    smallest one there.
    """
    for finding in search:
        yield finding, first_run(finding)
    if not shrink:
        yield finding, replace(first_run(finding), doubt="")
        return
    assert isinstance(finding.answer, Sat)
    assert finding.query is not None
    found = finding.answer.assignment
    for shrunk in shrinking(finding.problem.solver, finding.query, found):
        yield finding, replace(shrunk, doubt=shrunk.doubt or finding.doubt)


def known_smallest(finding: Finding, trace: Trace) -> Iterator[tuple[Finding, Shrunk]]:
    """Ever smaller runs at the smallest bounds, of which `trace` is the smallest."""
    assert isinstance(finding.answer, Sat)
    assert finding.query is not None
    found = finding.answer.assignment
    for shrunk in shrinking(finding.problem.solver, finding.query, found, trace):
        yield finding, shrunk


class Runs:
    """Runs of one protocol under one model. `note` is told of each that the interpreter has made.
    `latest` is the property and the reading that were looked at last, and what the interpreter made
    of them."""

    def __init__(
        self,
        protocol: Checked,
        model: Model,
        limits: Limits,
        note: Callable[[Bounds, Replayed], None],
    ) -> None:
        self.protocol = protocol
        self.model = model
        self.limits = limits
        self.note = note
        self.latest: tuple[Property, Reader, Run | Contradiction] | None = None

    def shown(self, item: Property, finding: Finding, shrunk: Shrunk) -> Run | Contradiction:
        """The run, if it violates the property or reaches the goal in the interpreter too."""
        latest = self.latest
        if latest is None or latest[0] is not item or latest[1] is not shrunk.reader:
            latest = self.latest = item, shrunk.reader, self._shown(item, finding, shrunk.reader)
        run = latest[2]
        if isinstance(run, Contradiction):
            return run
        lacks = self._lacks(Missing.SMALLEST, shrunk.doubt) if shrunk.doubt else None
        return replace(run, unfinished=lacks)

    def _shown(self, item: Property, finding: Finding, reader: Reader) -> Run | Contradiction:
        bounds = finding.problem.bounds
        replayed = witness.rerun(
            self.protocol, self.model, bounds, reader, lambda run: witness.shown(run, item)
        )
        if isinstance(replayed, Contradiction):
            return replayed
        self.note(bounds, replayed)
        return witness.told(bounds, replayed, item)

    def unexplained(self, run: Run) -> Run:
        """The run before it is known why it goes wrong."""
        return replace(run, unfinished=run.unfinished or self._lacks(Missing.WHY, STILL))

    def without_solver(self, run: Run) -> Run:
        """The run that the explorer found and the solver did not come to."""
        reason = "the run is the explorer's, and the solver did not come to it"
        return replace(run, unfinished=Unfinished(Missing.WHY, Cause.BUDGET, reason))

    def explained(self, item: Property, run: Run, problem: Problem, reader: Reader) -> Run:
        """The run with why it goes wrong, as far as that can be said."""
        why = explain(problem, item, reader, run.trace, self._keeping(item, problem.bounds))
        if isinstance(why, Why):
            return replace(run, why=why)
        return replace(run, unfinished=run.unfinished or self._without(why))

    def _keeping(self, item: Property, bounds: Bounds) -> Callable[[Reader], bool]:
        """Whether the interpreter makes an execution and finds the property kept at its end."""

        def keeps(reader: Reader) -> bool:
            run = witness.rerun(
                self.protocol, self.model, bounds, reader, lambda run: witness.kept(run, item)
            )
            return not isinstance(run, Contradiction)

        return keeps

    def _without(self, why: Unknown | Unexplained | Unconfirmed) -> Unfinished:
        """That a run is not explained."""
        match why:
            case Unknown():
                return self._lacks(Missing.WHY, why.reason)
            case Unexplained():
                return Unfinished(Missing.WHY, Cause.NONE, why.reason)
            case Unconfirmed():
                words = "the interpreter does not confirm it; this is a bug of smtmodel"
                return Unfinished(Missing.WHY, Cause.CONTRADICTION, words)

    def _lacks(self, missing: Missing, doubt: str) -> Unfinished:
        if doubt == STILL:
            return Unfinished(missing, Cause.NONE, STILL)
        return given_up(missing, self.limits, doubt)
