"""A saved answer read back, for `show`. Needs no solver.

Takes the text of a document and, for each outcome in it, the checked protocol of the source in
it; gives what `smtmodel.documents.answer` holds, or raises `Unfit`. Whether the document has the
right shape the codec says; here stands what the protocol has to say to it. Every run is replayed,
so that no ordering is shown that the interpreter does not make. That what is PROVED was proved
is the document's word.
"""

from functools import cached_property
from typing import Any

from smtmodel.documents.answer import Expected
from smtmodel.documents.plain import one_line
from smtmodel.documents.wire import outcomes as wire
from smtmodel.documents.wire.answer import FORMAT, SavedAnswer, SavedSource
from smtmodel.documents.wire.codec import decode
from smtmodel.executions.replay import Impossible, Replayed, replay
from smtmodel.executions.trace import Schedule
from smtmodel.language.checked import Bounds, Checked, Property, Where
from smtmodel.language.codes import lookup
from smtmodel.language.independence import Coupling
from smtmodel.models import KERNEL, model
from smtmodel.solving.larger_bounds import larger
from smtmodel.solving.result import (
    Beyond,
    Certificate,
    Coverage,
    Extent,
    Outcome,
    Result,
    Run,
    Sort,
    Unbounded,
    Why,
    sort_of,
)
from smtmodel.source import Code, Diagnostic, Span, Text
from smtmodel.source.record import parts, replace
from smtmodel.source.refusal import Refusal
from smtmodel.verdict import Cause, Verdict


class Unfit(Exception):
    """Why a document cannot be shown, in a sentence without its end."""


def read(text: str, tool: str) -> SavedAnswer:
    """The answer of a text, which this version of the tool must understand. Its texts are fit for
    a line each, but for those of the sources and of the summary."""
    value = _document(text)
    made = value["smtmodel"]
    if value.get("format") != FORMAT:
        able = f"this is {tool}, which reads format {FORMAT}"
        raise Unfit(f"smtmodel {made} saved it in another format, and {able}: make it again")
    answer = decode(value, SavedAnswer)
    if isinstance(answer, str):
        other = f" (smtmodel {made} made it, this is {tool})" if made != tool else ""
        raise Unfit(f"it is no result that can be shown{other}: {answer}")
    for one in answer.sources:
        if not _unchanged(one):
            raise Unfit(f"the text of {one.name} was changed")
    return _harmless(answer)  # type: ignore[no-any-return]


def _document(text: str) -> dict[str, Any]:
    """The JSON document of a text; it names the version that made it."""
    import json

    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Unfit(f"it is no JSON document: {error}") from None
    if not (isinstance(value, dict) and isinstance(value.get("smtmodel"), str)):
        raise Unfit("it is no result of smtmodel: make one with `--format json`")
    return value


def _unchanged(one: SavedSource) -> bool:
    try:
        return Text(one.name, one.text).digest == one.digest
    except UnicodeEncodeError:
        return False


def _harmless(item: Any) -> Any:
    """The item with texts that hold no control characters and no line ends."""
    if isinstance(item, str):
        return one_line(item)
    if isinstance(item, tuple):
        return tuple(map(_harmless, item))
    if isinstance(item, SavedSource):
        return replace(item, name=one_line(item.name))
    names = getattr(type(item), "__record__", ())
    made = type(item)(*(_harmless(getattr(item, one)) for one in names)) if names else item
    if isinstance(item, SavedAnswer):
        lines = item.summary.split("\n")
        return replace(made, summary="\n".join(map(one_line, lines)))
    return made


def source(answer: SavedAnswer, file: wire.SavedFile) -> Text:
    """The text of a file that the answer speaks of."""
    for one in answer.sources:
        if (one.name, one.digest) == (file.name, file.digest):
            return Text(one.name, one.text)
    raise Unfit(f"the text of {file.name} is not in it")


# ---------------------------------------------------------------- refusals


def refusals(answer: SavedAnswer) -> tuple[Refusal, ...]:
    """Why there is no answer about some inputs."""
    texts = {one.name: Text(one.name, one.text) for one in reversed(answer.sources)}
    made: list[Refusal] = []
    for one in answer.diagnostics:
        text = texts.get(one.file)
        if one.code is None or one.place is None or text is None:
            made.append(Refusal(one.file, one.message))
            continue
        before: tuple[Diagnostic, ...] = ()
        if made and made[-1].text == text:
            before = made.pop().diagnostics
        diagnostic = Diagnostic(
            lookup(one.code) or Code(one.code, ""),
            one.message,
            Span(one.place.line, one.place.column, one.place.end_line, one.place.end_column),
            one.label,
            one.suggestion,
            one.severity,
        )
        made.append(Refusal(text.name, "", text, (*before, diagnostic)))
    return tuple(made)


# ---------------------------------------------------------------- outcomes


def bounds(saved: wire.SavedBounds, protocol: Checked) -> Bounds:
    """The bounds of an outcome or a run."""
    known = [name for name, _ in protocol.bounds.lanes]
    if sorted(saved.lanes) != sorted(known):
        raise Unfit(f"the bounds are not those of {protocol.name}")
    return Bounds(saved.updates, tuple((name, saved.lanes[name]) for name in known), saved.rounds)


def expected(saved: wire.SavedOutcome) -> tuple[Expected, ...] | None:
    """What was expected; None where nothing was."""
    given = tuple(
        Expected(one.expected, one.expected_any_number)
        for one in saved.results
        if one.expected is not None
    )
    return given if given and len(given) == len(saved.results) else None


def outcome(saved: wire.SavedOutcome, protocol: Checked) -> Outcome:
    """An outcome about a protocol, which has the outcome's bounds."""
    if not saved.results:
        raise Unfit("it has no results")
    reader = _Results(protocol, saved.model)
    coverage = None if saved.coverage is None else reader.coverage(saved.coverage)
    results: list[Result] = []
    for one in saved.results:
        about = reader.about(one)
        try:
            results.append(reader.result(one, about))
        except Unfit as wrong:
            raise Unfit(f"{one.name}: {wrong}") from None
    return Outcome(saved.model, protocol.bounds, coverage, tuple(results))


class _Results:
    """Makes results about a protocol, under the memory model of that name."""

    def __init__(self, protocol: Checked, name: str) -> None:
        self.protocol = protocol
        self.model = name

    @cached_property
    def steps(self) -> dict[int, Where]:
        """The steps of the protocol by their numbers."""
        wheres = (one for one in parts(self.protocol.blocks) if isinstance(one, Where))
        return {one.number: one for one in wheres}

    def step(self, saved: wire.SavedStep) -> Where:
        """The step of that number: its text is the protocol's."""
        if saved.number not in self.steps:
            raise Unfit(f"{self.protocol.name} has no step {saved.number}")
        return self.steps[saved.number]

    def about(self, saved: wire.SavedResult) -> Property:
        """The property that a result is about."""
        for one in self.protocol.properties:
            if (one.name, sort_of(one)) == (saved.name, saved.sort):
                return one
        sort = f"{saved.sort.value} property as {saved.name}"
        raise Unfit(f"{self.protocol.name} has no such {sort}")

    def coverage(self, saved: wire.SavedCoverage) -> Coverage:
        return Coverage(
            saved.steps,
            tuple(map(self.step, saved.unreached)),
            tuple(map(self.step, saved.cuts)),
            saved.complete,
            tuple(map(self.step, saved.undecided)),
        )

    def result(self, saved: wire.SavedResult, about: Property) -> Result:
        """A result, whose run shows what it says; executions of a model without a machine are not
        saved."""
        refuted = saved.verdict is Verdict.REFUTED
        run = None if saved.run is None else self.run(saved.run, about.name, refuted=refuted)
        if run is None and refuted and self.model != KERNEL:
            raise Unfit("it is REFUTED without a run")
        return Result(
            about.name,
            saved.sort,
            saved.verdict,
            about.span,
            saved.reason,
            saved.cause,
            run,
            saved.seconds,
            tuple(map(self.extent, saved.extents)),
            saved.opinions,
            None if saved.beyond is None else self.beyond(saved, saved.beyond),
            None if saved.unbounded is None else self.unbounded(saved, saved.unbounded),
        )

    def extent(self, saved: wire.SavedExtent) -> Extent:
        if saved.bound not in dict(self.protocol.bounds.lanes):
            raise Unfit(f"{self.protocol.name} has no lanes that are called {saved.bound}")
        couplings = tuple(
            Coupling(None if one.step is None else self.step(one.step), one.sentence)
            for one in saved.couplings
        )
        return Extent(saved.bound, saved.any_number, saved.reason, couplings)

    def beyond(self, result: wire.SavedResult, saved: wire.SavedBeyond) -> Beyond:
        """What is known with one update more than the result is about."""
        if result.verdict is not Verdict.PROVED or result.sort is Sort.REACH:
            raise Unfit("it is no proof, but says what is known beyond its bounds")
        limits = bounds(saved.bounds, self.protocol)
        if limits != larger(self.protocol.bounds):
            raise Unfit("what it says beyond its bounds is not about one update more")
        wide = _Results(replace(self.protocol, bounds=limits), self.model)
        run = None if saved.run is None else wide.run(saved.run, result.name, refuted=True)
        return Beyond(limits, run, saved.reason, saved.cause)

    def unbounded(self, result: wire.SavedResult, saved: wire.SavedUnbounded) -> Unbounded:
        """What is known for any number of updates and rounds; the invariant itself is not saved."""
        proved = result.verdict is Verdict.PROVED or saved.cause is Cause.CONTRADICTION
        if not proved or result.sort is Sort.REACH:
            raise Unfit("it is no proof, but says what holds for any number of updates")
        made = saved.certificate
        certificate = None
        if made is not None:
            if not set(made.free) <= dict(self.protocol.bounds.lanes).keys():
                raise Unfit(f"{self.protocol.name} has no such lanes as its invariant speaks of")
            sizes = made.groups, made.clauses, made.obligations
            certificate = Certificate(*sizes, made.checkers, made.free, made.cuts, made.words, "")
        return Unbounded(saved.reason, saved.violated, saved.cause, certificate)

    # ------------------------------------------------------------ runs

    def run(self, saved: wire.SavedRun, name: str, *, refuted: bool) -> Run:
        """The run of the result of that name, made again."""
        limits = bounds(saved.bounds, self.protocol)
        most = self.protocol.bounds
        kinds = [kind.bound for kind in self.protocol.kinds]
        if any(limits.count(kind) > most.count(kind) for kind in kinds):
            raise Unfit("its run has more lanes than the bounds allow")
        if limits.rounds > most.rounds:
            raise Unfit("its run has more rounds than the bounds allow")
        made = self.replayed(saved, limits)
        if name not in (made.violated if refuted else made.reached):
            raise Unfit("its run does not show it")
        why = None if saved.why is None else _why(saved.why)
        facts = made.facts(name)
        count, trace = made.step_count, made.trace
        return Run(limits, count, trace, facts, saved.claim, why, saved.unfinished)

    def replayed(self, saved: wire.SavedRun, limits: Bounds) -> Replayed:
        """What the interpreter makes of the schedule: the events that are saved."""
        choices = tuple((one.lane, one.chosen) for one in saved.schedule.choices)
        made = replay(
            self.protocol,
            limits,
            store_buffers=model(self.model).store_buffers,
            schedule=Schedule(saved.schedule.moves, choices),
        )
        if isinstance(made, Impossible):
            raise Unfit(f"event {made.index + 1} of its run cannot be: {made.reason}")
        # What of an event must not depend on the version of the tool that told it.
        told = [(one.lane, one.event, one.step and one.step.number) for one in saved.moments]
        events = made.trace.moments
        if told != [(one.lane, one.event, one.where and one.where.number) for one in events]:
            raise Unfit("its events are not those of its ordering")
        return made


def _why(saved: wire.SavedWhy) -> Why:
    return Why(tuple((one.first, one.second) for one in saved.facts), saved.free, saved.paths)
