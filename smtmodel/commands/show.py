"""`show`: a saved result, rendered again.

Takes the name of a file; gives the answer in it and its status, or why it is none. The status
is worked out anew from the results, by the functions that every command uses. Of an analysis,
whose variants and cases are not decided again, it has to be one that its verdicts allow: which
limit left something unknown, and that two parts of the tool disagreed, is the file's word. So
it is of a review whether something that was asked besides stayed unknown.
"""

from collections.abc import Iterator, Sequence
from itertools import product

from smtmodel import __version__, pipeline
from smtmodel.commands.expectations import judged
from smtmodel.commands.sinks import Sink
from smtmodel.documents import saved
from smtmodel.documents.answer import Analysis, Answer, Context, ReportPart
from smtmodel.documents.document import ResultLine
from smtmodel.documents.plain import one_line
from smtmodel.documents.saved import Unfit
from smtmodel.documents.wire import analyses as wire
from smtmodel.documents.wire.answer import SavedAnswer
from smtmodel.documents.wire.outcomes import SavedOutcome
from smtmodel.formats import ANALYSES, SAVED
from smtmodel.language.checked import Checked
from smtmodel.solving.result import Sort, sort_of
from smtmodel.source import Diagnostic, Text
from smtmodel.source.read import read
from smtmodel.source.record import parts, replace
from smtmodel.source.refusal import Refusal
from smtmodel.verdict import Status, Verdict, status_of, worst

LIMIT = 64 * 1024 * 1024
"""Bytes of the longest result."""


def shown(name: str) -> Answer | Refusal:
    """The answer that a file holds (`-`: standard input)."""
    text = read(name, LIMIT)
    if isinstance(text, Diagnostic):
        return Refusal(name, diagnostics=(text,), text=Text(name, ""))
    try:
        return _answer(saved.read(text.content, __version__))
    except Unfit as wrong:
        return Refusal(name, one_line(f"{name}: {wrong}"))


def _answer(given: SavedAnswer) -> Answer:
    """The answer that was saved."""
    made: list[ReportPart] = []
    for number, one in enumerate(given.outcomes, 1):
        try:
            made.append(_part(given, one))
        except Unfit as wrong:
            raise Unfit(f"outcome {number}: {wrong}") from None
    refusals = saved.refusals(given)
    if not (made or refusals or given.analyses):
        raise Unfit("there is no answer in it")
    status = _status(made, refusals)
    answer = Answer(
        given.command,
        given.smtmodel,
        given.status,
        tuple(made),
        refusals,
        given.summary,
    )
    if given.analyses:
        return _analysed(given, answer, status)
    _check_status(given, [status])
    return answer


def _check_status(given: SavedAnswer, able: Sequence[Status]) -> None:
    """Refuse an answer whose results allow these statuses, and not its own."""
    if given.status not in able:
        words = " or ".join(str(int(one)) for one in dict.fromkeys(able))
        raise Unfit(f"its status is {int(given.status)}, but its results make it {words}")


def formats(answer: Answer) -> tuple[str, ...]:
    """The formats that an answer has."""
    return ANALYSES if answer.analyses or answer.review is not None else SAVED


def tell(answer: Answer, sinks: Sequence[Sink]) -> Status:
    """Put an answer into every sink; gives its status."""
    status = Status(answer.status)
    for sink in sinks:
        for refusal in answer.refusals:
            sink.refuse(refusal)
        if answer.review is not None:
            sink.tell_review(answer.review, list(answer.parts), list(answer.analyses))
        else:
            for part in answer.parts:
                sink.add(part)
            for analysis in answer.analyses:
                sink.tell(analysis)
        sink.end(answer.command, status, answer.summary, answer.tool)
    return status


def _status(parts: list[ReportPart], refusals: tuple[Refusal, ...]) -> Status:
    statuses = [Status.BAD_INPUT] if refusals else []
    for part in parts:
        results = part.outcome.results
        if part.expected is None:
            statuses += [one.status for one in results]
        else:
            statuses += [judged(*pair) for pair in zip(results, part.expected, strict=True)]
    return worst(statuses)


# ---------------------------------------------------------------- analyses


UNKNOWN = (Status.UNKNOWN, Status.TIMEOUT, Status.INTERRUPTED, Status.CONTRADICTION)
"""The statuses of what is not known, which a document does not give the causes of."""


def _analysed(given: SavedAnswer, made: Answer, status: Status) -> Answer:
    """The answer of an analysis or a review; `status` is that of what was decided."""
    from smtmodel.documents import saved_sheets

    value = given.analyses[0]
    if not isinstance(value, wire.SavedReview):
        analyses = saved_sheets.analyses(given)
        _check_status(given, _able_together(given.analyses, analyses, status))
        return replace(made, analyses=analyses)
    review, analyses = saved_sheets.review(given)
    pages = saved_sheets.pages(value, made.parts)
    _check_status(given, [status, *(worst([status, one]) for one in UNKNOWN)])
    parts = tuple(replace(one, told=page) for one, page in zip(made.parts, pages, strict=True))
    return replace(made, parts=parts, analyses=analyses, review=review)


def _able_together(
    values: Sequence[wire.SavedAnalysis], analyses: Sequence[Analysis], status: Status
) -> list[Status]:
    """The statuses that an answer with these analyses may have; `status` is that of what was
    refused."""
    able = [status]
    for one in map(_able, values, analyses):
        able = list(dict.fromkeys(worst(pair) for pair in product(able, one)))
    return able


def _able(value: wire.SavedAnalysis, analysis: Analysis) -> list[Status]:
    """The statuses that an analysis may have."""
    if isinstance(value, wire.SavedCases):
        known = _of_cases(value, analysis)
        open_ = not value.subjects or not all(one.complete for one in value.subjects)
    else:
        lines = analysis.document.results
        verdicts = [one.verdict for one in lines if isinstance(one, ResultLine)]
        known = [status_of(one) for one in verdicts if one is not Verdict.UNKNOWN]
        open_ = Verdict.UNKNOWN in _verdicts(value) or len(known) < len(verdicts)
    status = worst(known)
    if open_:
        return [worst([status, one]) for one in UNKNOWN]
    return [status, Status.CONTRADICTION]


def _verdicts(value: wire.SavedAnalysis) -> Iterator[Verdict | None]:
    """The verdicts anywhere in an analysis."""
    for one in parts(value):
        match one:
            case wire.SavedEffect(verdict=verdict) | wire.SavedJudgement(verdict=verdict):
                yield verdict
            case wire.SavedPair(old=old, new=new):
                yield from (old, new)


def _of_cases(value: wire.SavedCases, analysis: Analysis) -> list[Status]:
    """The statuses of the cases, of which the file says what they violate."""
    protocol = pipeline.checked(analysis.document.sources[0], value.file.variant or "")
    if isinstance(protocol, Refusal):
        raise Unfit(_said(protocol))
    sorts = (Sort.NEVER, Sort.ASSERT)
    judges = {one.name for one in protocol.properties if sort_of(one) in sorts}
    for subject in value.subjects:
        unknown = [name for name in subject.properties if name not in judges]
        if unknown:
            name = protocol.name
            raise Unfit(f"{name} has no such property to judge cases as {unknown[0]}")
    cases = (one for subject in value.subjects for one in subject.cases)
    return [Status.REFUTED for one in cases if one.violates]


# ---------------------------------------------------------------- outcomes


def _part(given: SavedAnswer, one: SavedOutcome) -> ReportPart:
    text = saved.source(given, one.file)
    protocol = _protocol(pipeline.checked(text, one.file.variant or ""), one)
    outcome = saved.outcome(one, protocol)
    context = Context(protocol.called, one.versions.smtmodel, one.versions.z3 or "")
    return ReportPart(protocol, outcome, context, saved.expected(one))


def _protocol(found: Checked | Refusal, one: SavedOutcome) -> Checked:
    """The protocol with the model and the bounds of the outcome."""
    able = found if isinstance(found, Refusal) else pipeline.for_model(found, one.model)
    if isinstance(able, Refusal):
        raise Unfit(_said(able))
    limits = saved.bounds(one.bounds, able)
    asked = {kind.bound: limits.count(kind.bound) for kind in able.kinds}
    bounded = pipeline.with_bounds(able, asked | {"rounds": limits.rounds})
    if isinstance(bounded, Refusal):
        raise Unfit(_said(bounded))
    return replace(bounded, bounds=limits)


def _said(refusal: Refusal) -> str:
    """A refusal in one sentence."""
    if not refusal.diagnostics:
        return refusal.message
    first = refusal.diagnostics[0]
    return f"{refusal.name}:{first.span.line}: {first.message} [{first.code.name}]"
