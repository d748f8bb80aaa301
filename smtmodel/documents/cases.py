"""The cases of one fault against one update: the answer of `cases`."""

from collections.abc import Iterator, Sequence

from smtmodel.analysis.cases import EARLY, OTHER, Case, CaseOutcome, Claim, Complete, FaultRead
from smtmodel.documents import document as doc
from smtmodel.documents import options
from smtmodel.documents.answer import Analysis, Context, versions_of
from smtmodel.documents.document import joined, spans
from smtmodel.documents.json import saved_bounds, saved_file
from smtmodel.documents.plain import command
from smtmodel.documents.scope import bounds_text, in_words, size_text
from smtmodel.documents.table import table_of
from smtmodel.documents.wire import analyses as wire
from smtmodel.language.checked import Checked
from smtmodel.solving.result import Result
from smtmodel.source.record import record
from smtmodel.verdict import Verdict


@record
class Enumerated:
    """A subject, its cases in their order, and how their enumeration ended."""

    subject: Claim
    cases: tuple[Case, ...]
    end: Complete


def cases_document(
    protocol: Checked,
    model: str,
    context: Context,
    found: Sequence[Enumerated],
    whole: Sequence[Result],
    *,
    tables: bool,
) -> Analysis:
    """The answer about what was found; with `tables` every ordering as a table. `whole` has what
    is known of the properties at the bounds of the protocol, which the cases may not cover."""
    blocks: list[doc.Block] = []
    lines: list[doc.TallyLine] = []
    for one in found:
        bounds = bounds_text(protocol, one.subject.bounds)
        names = ", ".join(one.subject.names)
        blocks.append(doc.Title("CASES", spans(f"{context.file}: {names}, for {bounds} ({model})")))
        groups = [] if _unreached(one) else list(_groups(one.cases))
        for group, reads in zip(groups, _headings(groups), strict=True):
            ended = not one.end.unknown and not one.end.broken
            blocks += _case(protocol, model, context, group, reads, tables=tables, whole=ended)
        own = _beyond(protocol, one, whole)
        blocks += _ending(one)
        blocks += _not_covered(protocol, model, context, one, own)
        word = "UNKNOWN" if one.end.unknown or one.end.broken else "COMPLETE"
        for name in one.subject.names:
            known = next((result.verdict for result in own if result.name == name), None)
            larger = bounds_text(protocol, protocol.bounds)
            more = "" if known is None else f" for {bounds}; {known.name} for {larger}"
            tally = f" {word} {counted_cases(one)}{more}"
            lines.append(doc.TallyLine("Result", context.file, name, tally))
    replayed = any(one.cases for one in found)
    made = versions_of(protocol, context, replayed=replayed)
    document = doc.Document("cases", tuple(blocks), tuple(lines), made, (protocol.text,))
    return Analysis(document, _value(protocol, model, context, found, whole))


def _beyond(protocol: Checked, one: Enumerated, whole: Sequence[Result]) -> list[Result]:
    """What is known of the properties of a subject at larger bounds than its cases have."""
    if one.subject.bounds == protocol.bounds:
        return []
    return [result for result in whole if result.name in one.subject.names]


def _not_covered(
    protocol: Checked, model: str, context: Context, one: Enumerated, whole: Sequence[Result]
) -> Iterator[doc.Block]:
    """What is known of the executions that are in no case."""
    if one.subject.bounds == protocol.bounds:
        return
    cases = bounds_text(protocol, one.subject.bounds)
    told: list[str | doc.Spans] = [f"Cases are about {cases} and nothing more."]
    larger = bounds_text(protocol, protocol.bounds)
    known = [_known(protocol, model, context, result) for result in whole]
    told += [spans(f" For {larger} ", joined("; ", known), ".")] if known else []
    yield doc.say(*told)


def _known(protocol: Checked, model: str, context: Context, result: Result) -> doc.Spans:
    """What is known of a property at the bounds of the protocol, and what shows it."""
    told = spans(f"{result.name} is ", doc.VerdictSpan(result.verdict))
    if result.verdict is not Verdict.REFUTED:
        return spans(told, f": {result.reason}" if result.reason else "")
    bounds, under = options.bounds_options(protocol, protocol.bounds), options.under(model)
    asked = options.asking("prove", context.words, bounds, under, options.only([result.name]))
    return spans(told, ", see ", doc.CodeSpan(command(asked)))


def counted_cases(one: Enumerated) -> str:
    """`4 cases`: those that differ in what is read, where they are told."""
    if _unreached(one):
        return "no assertion is reached"
    count = len(list(_groups(one.cases)))
    return f"{count} case" if count == 1 else f"{count} cases"


def _groups(cases: Sequence[Case]) -> Iterator[list[Case]]:
    """The cases that read the same, together."""
    group: list[Case] = []
    for case in cases:
        if group and group[0].number != case.number:
            yield group
            group = []
        group.append(case)
    if group:
        yield group


def _case(
    protocol: Checked,
    model: str,
    context: Context,
    group: Sequence[Case],
    reads: doc.Spans,
    *,
    tables: bool,
    whole: bool,
) -> Iterator[doc.Block]:
    held = {_held(one) for one in group}
    alike = held.pop() if len(held) == 1 else ()
    heading = spans(f"Case {group[0].number}: ", reads, "; " if alike else "", alike)
    rows = [
        doc.row(
            one.told,
            size_text(one.run),
            *(() if alike or one.cached is None else (_cell(one),)),
            in_words(protocol, one.run.bounds, one.run.trace, model),
        )
        for one in group
    ]
    never = _never({one.outcome for one in group}) if whole else ""
    rows += [doc.row(never)] if never else []
    yield doc.Rows(heading, tuple(rows))
    for one in group if tables else ():
        banner = f"{one.told}: {one.run.claim}" if one.run.claim else one.told
        replay = options.replaying(protocol, context.words, one.run, model)
        yield doc.Ordering(table_of(one.run.trace), banner, replay)


def _held(one: Case) -> doc.Spans:
    """What is cached; nothing where that is not asked."""
    if one.cached is None:
        return ()
    return spans(doc.StepSpan(one.cached) if one.cached else "nothing is cached")


def _cell(one: Case) -> doc.Spans:
    """The same beside an outcome that may say it already."""
    return () if one.outcome is CaseOutcome.EMPTY and not one.cached else _held(one)


def _never(outcomes: set[CaseOutcome]) -> str:
    """What no access after the fault gets, where there is something to get."""
    if outcomes <= {CaseOutcome.EMPTY} or not outcomes <= {*_HITS, *_NO_HITS}:
        return ""
    if CaseOutcome.STALE_AFTER in outcomes or CaseOutcome.STALE in outcomes:
        return ""
    if CaseOutcome.STALE_DURING in outcomes:
        return "no stale hit once the update has returned"
    begun = " once the update has begun" if CaseOutcome.STALE_BEFORE in outcomes else ""
    return f"no stale hit{begun}"


_HITS = (
    CaseOutcome.STALE_AFTER,
    CaseOutcome.STALE_DURING,
    CaseOutcome.STALE_BEFORE,
    CaseOutcome.STALE,
)
_NO_HITS = (CaseOutcome.FRESH, CaseOutcome.MISS, CaseOutcome.EMPTY)


def _headings(groups: Sequence[Sequence[Case]]) -> list[doc.Spans]:
    """What is read in each case: pointers only where nothing else is, or tells cases apart."""
    brief = [_told_reads(_shown(group[0].reads)) for group in groups]
    every = [_told_reads(group[0].reads) for group in groups]
    return [few if brief.count(few) == 1 else all_ for few, all_ in zip(brief, every, strict=True)]


def _shown(reads: Sequence[FaultRead]) -> list[FaultRead]:
    """The reads that say something: those of pointers only where there are no others."""
    return [one for one in reads if not one.pointer] or list(reads)


def _told_reads(reads: Sequence[FaultRead]) -> doc.Spans:
    """What is read, lane by lane; they are named where there are several."""
    lanes: dict[str, list[doc.Spans]] = {}
    for one in reads:
        lanes.setdefault(one.lane, []).append(_told(one))
    if len(lanes) == 1:
        return joined(", ", *lanes.values())
    own = (spans(f"{lane}: ", joined(", ", told)) for lane, told in lanes.items())
    return joined("; ", own) or spans("nothing is read")


def _told(one: FaultRead) -> doc.Spans:
    place = "at the start" if one.source is None else f"line {one.step}"
    return spans(doc.StepSpan(one.told), f" ({place})")


def _unreached(one: Enumerated) -> bool:
    """Whether it is known that no case comes to an assertion."""
    whole = not one.end.unknown and not one.end.broken
    return whole and {case.outcome for case in one.cases} == {CaseOutcome.UNREACHED}


def _ending(one: Enumerated) -> list[doc.Block]:
    if one.end.broken:
        return [doc.say(f"this is a bug of smtmodel: {one.end.broken}")]
    if one.end.unknown:
        return [doc.say(f"There may be more cases: {one.end.unknown}")]
    if _unreached(one):
        words = "In one round of each lane no assertion is reached, whatever it reads (unsat)."
        return [doc.say(words)]
    if any(case.outcome in (*EARLY, *OTHER) for case in one.cases):
        words = "The others are all in which the fault comes to its end: no such execution"
    else:
        words = "These are all: no execution"
    return [doc.say(f"{words} reads otherwise or has another outcome (unsat).")]


# ---------------------------------------------------------------- for programs


def _value(
    protocol: Checked,
    model: str,
    context: Context,
    found: Sequence[Enumerated],
    whole: Sequence[Result],
) -> wire.SavedCases:
    subjects = tuple(
        wire.SavedSubject(
            one.subject.names,
            one.subject.blocks,
            saved_bounds(one.subject.bounds),
            not one.end.unknown and not one.end.broken,
            one.end.unknown or one.end.broken,
            tuple(_saved_case(protocol, model, context, case) for case in one.cases),
            tuple(
                wire.SavedWhole(result.name, result.verdict, result.reason)
                for result in _beyond(protocol, one, whole)
            ),
        )
        for one in found
    )
    return wire.SavedCases(saved_file(protocol), model, saved_bounds(protocol.bounds), subjects)


def _saved_case(protocol: Checked, model: str, context: Context, case: Case) -> wire.SavedCase:
    reads = (wire.SavedRead(one.line, one.told, one.source, one.pointer) for one in case.reads)
    return wire.SavedCase(
        case.number,
        case.outcome.name.lower(),
        case.violates,
        case.cached or None,
        tuple(reads),
        case.run.steps,
        in_words(protocol, case.run.bounds, case.run.trace, model),
        options.replaying(protocol, context.words, case.run, model),
    )
