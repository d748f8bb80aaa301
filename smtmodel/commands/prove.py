"""`prove`, `check` and `demo`: from names of files to answers in the sinks and a status.

Everything that can be refused is refused before anything is decided.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence

from smtmodel import __version__, pipeline
from smtmodel.commands.decision import Decision, decided
from smtmodel.commands.expectations import judged, models_of, not_proved, wanted
from smtmodel.commands.sinks import Progress, Sink, Turn
from smtmodel.documents.answer import Analysis, Context, Expected, ReportPart, Review, not_tried
from smtmodel.documents.plain import command
from smtmodel.language.checked import Checked
from smtmodel.models import KERNEL
from smtmodel.solving.effort import LARGE, Effort
from smtmodel.solving.result import Limits
from smtmodel.source.record import field, record, replace
from smtmodel.source.refusal import Refusal
from smtmodel.verdict import Cause, Status, Verdict, worst
from smtmodel.work.session import Session


@record
class Ask:
    """What is to be decided about a protocol, as the options said."""

    model: str = "sc"
    bounds: tuple[tuple[str, int], ...] = ()
    only: tuple[str, ...] = ()
    limits: Limits = Limits()


@record(frozen=False)
class Deciding:
    """A command at work. `bugs` are the (message, traceback) pairs of failures of ours.

    With `cross_check` every verdict is judged a second time. With an `effort` what is proved is
    asked for any number of updates and rounds; `invariants` has what shows it.
    """

    session: Session
    sinks: Sequence[Sink]
    progress: Progress
    bugs: list[tuple[str, str]]
    cross_check: bool = False
    effort: Effort | None = None
    invariants: list[str] = field(default_factory=list)

    def prove(self, names: Sequence[str], ask: Ask) -> Status:
        """Decide the properties of one protocol, or of several variants of one."""
        statuses: list[Status] = []
        refused: list[Refusal] = []
        for name in names:
            subject = self._subject(name, ask)
            if isinstance(subject, Refusal):
                if subject not in refused:  # a wrong option is wrong for every variant alike
                    refused.append(subject)
                    statuses.append(self.refuse(subject))
                continue
            found = self.decide(subject.checked, ask.model, ask.limits, subject.only, beyond=True)
            found = self.further(subject.name, subject.checked, found, ask.limits, begin=True)
            statuses += self._report(subject.name, subject.checked, found)
            if self.effort is not None and not self.effort.more:
                statuses += self._larger(subject.name, subject.checked, found, ask)
        return self.finish("prove", statuses)

    def _report(self, name: str, protocol: Checked, found: Decision) -> list[Status]:
        """Put what was found into the sinks; gives the statuses of the results."""
        context = Context(name, __version__, found.solver)
        self._add(ReportPart(protocol, found.outcome, context))
        return [result.status for result in found.outcome.results]

    def _larger(self, name: str, protocol: Checked, found: Decision, ask: Ask) -> list[Status]:
        """What larger bounds refute, as if they had been asked for."""
        from smtmodel.commands.unbounded import falling

        statuses: list[Status] = []
        for bounds, names in falling(protocol, found, ask.limits, self.session):
            larger = replace(protocol, bounds=bounds)
            decision = self.decide(larger, ask.model, ask.limits, names)
            statuses += self._report(name, larger, decision)
        stopped = self.session.stopped
        if stopped is not None and stopped.cause is Cause.INTERRUPTED:
            statuses.append(Status.INTERRUPTED)
        return statuses

    def _subject(self, name: str, ask: Ask) -> pipeline.Subject | Refusal:
        if self.cross_check and ask.model == KERNEL:
            why = "--cross-check has no judges under lkmm: cvc5 and the explorer know other models"
            return Refusal(ask.model, why)
        return pipeline.subject(name, ask.model, ask.bounds, ask.only, machine=False)

    def check(self, paths: Sequence[str], limits: Limits, only: Sequence[str] = ()) -> Status:
        """Decide every protocol that has these properties, and compare with what its file expects
        of them; without any, of all that it has."""
        names = pipeline.protocols(paths)
        if isinstance(names, Refusal):
            return self.finish("check", [self.refuse(names)])
        with self.session.interrupts:
            return self._check(names, Ask(only=tuple(only), limits=limits))

    def _check(self, names: Sequence[str], ask: Ask) -> Status:
        loaded = [pipeline.load(name) for name in self._in_turn("reading", names)]
        statuses: list[Status] = []
        parts: list[ReportPart] = []
        told: list[str] = []
        lacking: list[Refusal] = []
        unread, silent = 0, 0
        for name, found in zip(self._in_turn("deciding", names), loaded, strict=True):
            if isinstance(found, Refusal):
                unread += 1
                statuses.append(self.refuse(found))
            elif not found[0].checked.expectations:
                silent += 1
                statuses.append(self.refuse(_silent(name, found[0].checked)))
            elif isinstance(having := pipeline.having(name, found, ask.only), Refusal):
                lacking.append(having)
            else:
                parts += self._having(having, ask, statuses, told)
        if not parts:
            statuses += [self.refuse(one) for one in lacking]
        compared = [status for part in parts for status in _compared(part)]
        summary = _summary(len(loaded), unread, silent, compared) + self._left(parts)
        if parts and lacking:
            summary += f"; {len(lacking)} without {' and '.join(ask.only)}"
        return self.finish("check", [*statuses, *compared], "\n".join([*told, summary]))

    def _having(
        self, having: pipeline.Having, ask: Ask, statuses: list[Status], told: list[str]
    ) -> list[ReportPart]:
        """What is found out about the variants of a file; adds the lines about them."""
        parts: list[ReportPart] = []
        for one in having.able:
            made = self._expected(one.checked, ask, statuses)
            told += [not_proved(made, ask.only)] if one.variant and made else []
            parts += made
        told += [having.left_out(ask.only)] if having.others else []
        return parts

    def _in_turn(self, verb: str, names: Sequence[str]) -> Iterator[str]:
        """The names, telling of each that it has its turn."""
        for number, name in enumerate(names, 1):
            self.progress(Turn(verb, name, number, len(names)))
            yield name

    def _expected(self, protocol: Checked, ask: Ask, statuses: list[Status]) -> list[ReportPart]:
        """What is found out under every model; adds the status of one that cannot be asked."""
        parts: list[ReportPart] = []
        for model in models_of(protocol):
            able = pipeline.for_model(protocol, model)
            if isinstance(able, Refusal):
                statuses.append(self.refuse(able))
                continue
            wants = {one.name: wanted(able, one.name, model) for one in able.properties}
            awaited = {name: want.verdict for name, want in wants.items()}
            only = frozenset(ask.only) or None
            found = self.decide(able, model, ask.limits, only, awaited=awaited)
            asked = tuple(wants[result.name] for result in found.outcome.results)
            found = self._unlimited(able, found, ask, asked)
            context = Context(able.called, __version__, found.solver)
            parts.append(ReportPart(able, found.outcome, context, asked))
            self._add(parts[-1])
        return parts

    def _unlimited(
        self, protocol: Checked, found: Decision, ask: Ask, wants: Sequence[Expected]
    ) -> Decision:
        """The same, and what is known of what the file expects for any number of updates."""
        pairs = zip(found.outcome.results, wants, strict=True)
        expected = frozenset(one.name for one, want in pairs if want.any_number)
        if not expected:
            return found
        from smtmodel.commands.unbounded import decided_before

        names = decided_before(found.outcome, expected)
        return self._any_number(protocol, found, ask.limits, names, LARGE)

    def further(
        self, name: str, protocol: Checked, found: Decision, limits: Limits, *, begin: bool = False
    ) -> Decision:
        """The same, and what is known for any number of updates and rounds of what is proved. With
        `begin` the sinks are told before that what does not depend on it."""
        if self.effort is None or found.outcome.model != "sc":
            return found
        from smtmodel.commands.unbounded import worth_asking

        names = worth_asking(found.outcome, self.effort)
        if names and begin:
            part = ReportPart(protocol, found.outcome, Context(name, __version__, found.solver))
            self._each(part, lambda sink: sink.begin(part))
        return self._any_number(protocol, found, limits, names, self.effort)

    def _any_number(
        self,
        protocol: Checked,
        found: Decision,
        limits: Limits,
        names: frozenset[str],
        effort: Effort,
    ) -> Decision:
        """The same, and what is known for any number of updates and rounds of these properties."""
        if not names:
            return found
        from smtmodel.commands.unbounded import asked_unbounded

        found = asked_unbounded(protocol, found, limits, self.session, names, effort)
        made = [one.unbounded.certificate for one in found.outcome.results if one.unbounded]
        self.invariants += dict.fromkeys(one.text for one in made if one is not None)
        return self._told(found)

    def _left(self, parts: Sequence[ReportPart]) -> str:
        """How many files were not tried, and why, as the end of a sentence."""
        left, stopped = not_tried(parts), self.session.stopped
        return f"; {len(left)} not tried: {stopped.reason}" if left and stopped else ""

    def decide(
        self,
        protocol: Checked,
        model: str,
        limits: Limits,
        only: frozenset[str] | None,
        *,
        beyond: bool = False,
        awaited: Mapping[str, Verdict] | None = None,
    ) -> Decision:
        """What is found out about a protocol, by everybody who is asked.

        With `beyond` also about what is proved with one update more. Of what is `awaited` runs are
        found out only if some format shows them.
        """
        told = self.cross_check or any(sink.format.questions for sink in self.sinks)
        runs = any(sink.format.runs for sink in self.sinks)
        found = decided(
            self.session,
            protocol,
            model,
            limits,
            only,
            told=told,
            beyond=beyond,
            awaited=None if runs else awaited,
        )
        if self.cross_check and model != KERNEL:
            from smtmodel.commands.cross_check import cross_checked

            found = cross_checked(protocol, found, limits, self.session)
        if beyond and model != KERNEL:
            from smtmodel.commands.beyond import asked_beyond

            found = asked_beyond(protocol, found, limits, self.session)
        return self._told(found)

    def _told(self, found: Decision) -> Decision:
        """The same, whose bug is kept to be reported."""
        self.progress.clear()
        bug = found.bug, found.traceback
        if found.bug and bug not in self.bugs:
            self.bugs.append(bug)
        return found

    def refuse(self, refusal: Refusal) -> Status:
        """Say that an input is not worked on, in every sink."""
        self.progress.clear()
        for sink in self.sinks:
            sink.refuse(refusal)
        return Status.BAD_INPUT

    def _add(self, part: ReportPart) -> None:
        self._each(part, lambda sink: sink.add(part))

    def _each(self, part: ReportPart, tell: Callable[[Sink], None]) -> None:
        for sink in self.sinks:
            try:
                tell(sink)
            except Exception as error:  # a report that fails must not hide the verdict
                sink.add_plainly(part)
                self.bugs.append(_bug(error))

    def finish(self, command: str, statuses: Sequence[Status], summary: str = "") -> Status:
        """End every sink; gives the worst status."""
        lost = [Status.BAD_INPUT for sink in self.sinks if sink.incomplete]
        status = worst([*statuses, *lost])
        for sink in self.sinks:
            try:
                sink.end(command, status, summary)
            except Exception as error:  # as above
                for part in sink.parts:
                    sink.add_plainly(part)
                self.bugs.append(_bug(error))
        return status

    def tell_review(
        self, review: Review, parts: list[ReportPart], analyses: list[Analysis], status: Status
    ) -> Status:
        """Put a whole review into every sink, and end it; gives the status."""
        for sink in self.sinks:
            try:
                sink.tell_review(review, parts, analyses)
            except Exception as error:  # as above
                for part in parts:
                    sink.add_plainly(part)
                self.bugs.append(_bug(error))
        return self.finish("review", [status])


def _bug(error: Exception) -> tuple[str, str]:
    import traceback

    return f"{type(error).__name__}: {error}", "".join(traceback.format_exception(error))


def _compared(part: ReportPart) -> list[Status]:
    """How what was found compares with what was expected."""
    assert part.expected is not None
    return [judged(*pair) for pair in zip(part.outcome.results, part.expected, strict=True)]


def _silent(name: str, protocol: Checked) -> Refusal:
    """That a file says nothing that could be compared with."""
    lines = f"lines such as `expect {protocol.properties[0].name} proved`"
    shown = f"`smtmodel prove {command((name,))}` shows the verdicts"
    return Refusal(name, f"{name} expects nothing; add {lines} ({shown})")


def _summary(files: int, unread: int, silent: int, compared: Sequence[Status]) -> str:
    met = sum(status is Status.GOOD for status in compared)
    of = f"{files} file" if files == 1 else f"{files} files"
    text = f"{of}: {met} of {len(compared)} expectations met"
    text += f"; {unread} not readable as protocols" if unread else ""
    return text + (f"; {silent} without expectations" if silent else "")
