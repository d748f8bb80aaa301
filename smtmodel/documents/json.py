"""What was found, as the records that are saved, for programs and for `smtmodel show`."""

from smtmodel.documents import assumptions, options, unbounded
from smtmodel.documents.answer import Context, Expected, source
from smtmodel.documents.document import AnalysisBlock, Document, text_of
from smtmodel.documents.wire import outcomes as wire
from smtmodel.documents.wire.analyses import SavedSheet
from smtmodel.documents.wire.answer import SavedAnswer, SavedDiagnostic
from smtmodel.documents.wire.codec import schema
from smtmodel.executions.trace import LocalStep, Moment, Schedule
from smtmodel.language.checked import Bounds, Checked, Where
from smtmodel.solving.result import (
    Beyond,
    Coverage,
    Extent,
    Outcome,
    Result,
    Run,
    Unbounded,
    Why,
)
from smtmodel.source import Diagnostic, Severity, Span, Text
from smtmodel.verdict import Verdict


def schema_text() -> str:
    """The JSON Schema of the format `json`."""
    import json

    return json.dumps(schema(SavedAnswer, "What smtmodel found"), indent=1) + "\n"


def saved_diagnostic(text: Text | None, one: Diagnostic | str, name: str) -> SavedDiagnostic:
    """A diagnostic, or a sentence about the file of that name."""
    if isinstance(one, str) or text is None:
        message = one if isinstance(one, str) else one.message
        return SavedDiagnostic(None, Severity.ERROR, message, "", "", name, None)
    return SavedDiagnostic(
        one.code.name,
        one.severity,
        one.message,
        one.label,
        one.suggestion,
        text.name,
        _span(one.span),
    )


def saved_sheet(document: Document) -> SavedSheet:
    """What people are shown of an analysis, whose documents have no other blocks."""
    blocks = tuple(one for one in document.blocks if isinstance(one, AnalysisBlock))
    assert len(blocks) == len(document.blocks)
    return SavedSheet(blocks, document.results, document.versions)


# ---------------------------------------------------------------- outcomes


def saved_outcome(
    protocol: Checked,
    outcome: Outcome,
    context: Context,
    expected: tuple[Expected, ...] | None,
) -> wire.SavedOutcome:
    """An outcome; `expected` has for each result what was expected of it."""
    wanted: list[Expected | None] = [*(expected or ())]
    wanted += [None] * (len(outcome.results) - len(wanted))
    trusted = assumptions.trusted(protocol, outcome.bounds, outcome.model, source(protocol))
    return wire.SavedOutcome(
        saved_file(protocol),
        protocol.name,
        wire.SavedTools(context.tool, context.solver or None),
        outcome.model,
        saved_bounds(outcome.bounds),
        None if outcome.coverage is None else _coverage(outcome.coverage),
        tuple(map(_trust, trusted)),
        "; ".join(assumptions.leaves_out(protocol, outcome.model)),
        tuple(
            _result(protocol, outcome, context, result, one)
            for result, one in zip(outcome.results, wanted, strict=True)
        ),
    )


def saved_file(protocol: Checked) -> wire.SavedFile:
    """The file of a protocol, as it was given, and which of its variants it is."""
    return wire.SavedFile(protocol.text.name, protocol.text.digest, protocol.variant or None)


def saved_bounds(bounds: Bounds) -> wire.SavedBounds:
    """The bounds with a member for each kind of lanes."""
    return wire.SavedBounds(bounds.updates, dict(bounds.lanes), bounds.rounds)


def _trust(trusted: assumptions.Assumption) -> wire.SavedTrust:
    built_in = trusted.place == assumptions.BUILT_IN
    place = None if built_in else text_of((trusted.place,))
    return wire.SavedTrust(text_of(trusted.text), place)


def _coverage(coverage: Coverage) -> wire.SavedCoverage:
    return wire.SavedCoverage(
        coverage.steps,
        tuple(map(_step, coverage.unreached)),
        tuple(map(_step, coverage.cuts)),
        coverage.complete,
        tuple(map(_step, coverage.undecided)),
    )


def _result(
    protocol: Checked,
    outcome: Outcome,
    context: Context,
    result: Result,
    expected: Expected | None,
) -> wire.SavedResult:
    def run(made: Run | None) -> wire.SavedRun | None:
        return None if made is None else _run(protocol, outcome, context, made)

    def beyond(known: Beyond) -> wire.SavedBeyond:
        return wire.SavedBeyond(
            saved_bounds(known.bounds), known.reason, known.cause, run(known.run)
        )

    proved = result.verdict is Verdict.PROVED
    return wire.SavedResult(
        result.name,
        result.sort,
        result.verdict,
        None if expected is None else expected.verdict,
        expected is not None and expected.any_number,
        _span(result.span),
        result.reason,
        result.cause,
        _scope(protocol, outcome, result) if proved else None,
        tuple(map(_extent, result.extents)),
        result.opinions,
        None if result.beyond is None else beyond(result.beyond),
        None if result.unbounded is None else saved_unbounded(result.unbounded),
        result.seconds,
        run(result.run),
    )


def _scope(protocol: Checked, outcome: Outcome, result: Result) -> str:
    """The scope, with the reason why it is not more where that was asked."""
    text = unbounded.scope_of(protocol, outcome.bounds, result)
    asked = result.unbounded is not None
    return text + (unbounded.why_not_more(outcome.model, result) if asked else "")


def saved_unbounded(known: Unbounded) -> wire.SavedUnbounded:
    """What is known for any number of updates and rounds."""
    made = known.certificate
    certificate = None
    if made is not None:
        sizes = made.groups, made.clauses, made.obligations
        certificate = wire.SavedCertificate(*sizes, made.checkers, made.free, made.cuts, made.words)
    return wire.SavedUnbounded(known.reason, known.violated, known.cause, certificate)


def _extent(extent: Extent) -> wire.SavedExtent:
    couplings = tuple(
        wire.SavedCoupling(_step_of(one.where), one.sentence) for one in extent.couplings
    )
    return wire.SavedExtent(extent.bound, extent.any_number, extent.reason, couplings)


# ---------------------------------------------------------------- runs


def _run(protocol: Checked, outcome: Outcome, context: Context, run: Run) -> wire.SavedRun:
    trace = run.trace
    return wire.SavedRun(
        saved_bounds(run.bounds),
        run.steps,
        run.claim,
        tuple(wire.SavedFact(*fact) for fact in run.facts),
        tuple(wire.SavedLane(*lane) for lane in trace.lanes),
        tuple(map(_moment, trace.moments)),
        _schedule(trace.schedule),
        options.replaying(protocol, context.words, run, outcome.model),
        None if run.why is None else _why(run.why),
        run.unfinished,
    )


def _moment(moment: Moment) -> wire.SavedMoment:
    return wire.SavedMoment(
        moment.lane,
        moment.block,
        _step_of(moment.where),
        moment.event,
        moment.detail,
        moment.location,
        moment.changes,
        moment.begins,
        moment.subject,
        moment.thing,
        moment.round,
        moment.outcome,
        tuple(map(_local, moment.opening)),
        tuple(map(_local, moment.local)),
    )


def _local(step: LocalStep) -> wire.SavedLocalStep:
    return wire.SavedLocalStep(
        step.block, step.round, _step(step.where), step.changes, step.outcome
    )


def _schedule(schedule: Schedule) -> wire.SavedSchedule:
    choices = tuple(wire.SavedChoice(*choice) for choice in schedule.choices)
    return wire.SavedSchedule(schedule.moves, choices)


def _why(why: Why) -> wire.SavedWhy:
    return wire.SavedWhy(tuple(wire.SavedOrder(*pair) for pair in why.facts), why.free, why.paths)


def _step_of(where: Where | None) -> wire.SavedStep | None:
    return None if where is None else _step(where)


def _step(where: Where) -> wire.SavedStep:
    return wire.SavedStep(where.number, where.block, where.label, where.text, where.span.line)


def _span(span: Span) -> wire.SavedSpan:
    return wire.SavedSpan(span.line, span.column, span.end_line, span.end_column)
