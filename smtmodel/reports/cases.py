"""The cases of one fault against one update, as a sheet."""

from collections.abc import Iterator, Sequence

from smtmodel.analysis.cases import EARLY, OTHER, Case, CaseOutcome, Claim, Complete, FaultRead
from smtmodel.language.checked import Checked
from smtmodel.reports.json import Value, bounds_value, file_value
from smtmodel.reports.scope import bounds_text, size_text
from smtmodel.reports.sheet import Block, Ordering, Row, Rows, Say, Sheet, Title, in_lines
from smtmodel.reports.table import table_of
from smtmodel.reports.view import Context, replay_command, versions
from smtmodel.source.record import record


@record
class Enumerated:
    """A subject, its cases in their order, and how their enumeration ended."""

    subject: Claim
    cases: tuple[Case, ...]
    end: Complete


def cases_sheet(
    protocol: Checked,
    model: str,
    context: Context,
    found: Sequence[Enumerated],
    *,
    tables: bool,
) -> Sheet:
    """The sheet about what was found; with `tables` every ordering as a table."""
    blocks: list[Block] = []
    lines: list[str] = []
    for one in found:
        bounds = bounds_text(protocol, one.subject.bounds)
        names = ", ".join(one.subject.names)
        blocks.append(Title("CASES", f"{context.file}: {names}, for {bounds} ({model})"))
        groups = [] if _unreached(one) else list(_groups(one.cases))
        for group, reads in zip(groups, _headings(groups), strict=True):
            whole = not one.end.unknown and not one.end.broken
            blocks += _case(protocol, model, context, group, reads, tables=tables, whole=whole)
        blocks += _ending(one)
        word = "UNKNOWN" if one.end.unknown or one.end.broken else "COMPLETE"
        for name in one.subject.names:
            lines.append(f"Result {context.file} {name} {word} {counted_cases(one)}")
    replayed = any(one.cases for one in found)
    blocks.append(Say(versions(protocol, context, replayed=replayed)))
    value = _value(protocol, model, context, found)
    return Sheet("cases", tuple(blocks), tuple(lines), value, (protocol.text,))


def counted_cases(one: Enumerated) -> str:
    """`4 cases`: those that differ in what is read."""
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
    reads: str,
    *,
    tables: bool,
    whole: bool,
) -> Iterator[Block]:
    held = {_held(one) for one in group}
    alike = held.pop() if len(held) == 1 else ""
    heading = f"Case {group[0].number}: {reads}{f'; {alike}' if alike else ''}"
    rows = [
        Row(
            (
                one.told,
                size_text(one.run),
                *(() if alike or one.cached is None else (_cell(one),)),
                in_lines(one.run.trace),
            )
        )
        for one in group
    ]
    never = _never({one.outcome for one in group}) if whole else ""
    rows += [Row((never,))] if never else []
    yield Rows(heading, tuple(rows))
    for one in group if tables else ():
        banner = f"{one.told}: {one.run.claim}" if one.run.claim else one.told
        replay = replay_command(protocol, context, one.run, model)
        yield Ordering(table_of(one.run.trace), banner, replay)


def _held(one: Case) -> str:
    """What is cached in words; nothing where that is not asked."""
    return "" if one.cached is None else one.cached or "nothing is cached"


def _cell(one: Case) -> str:
    """The same beside an outcome that may say it already."""
    return "" if one.outcome is CaseOutcome.EMPTY and not one.cached else _held(one)


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


def _headings(groups: Sequence[Sequence[Case]]) -> list[str]:
    """What is read in each case: pointers only where nothing else is, or tells cases apart."""
    brief = [_told_reads(_shown(group[0].reads)) for group in groups]
    every = [_told_reads(group[0].reads) for group in groups]
    return [few if brief.count(few) == 1 else all_ for few, all_ in zip(brief, every, strict=True)]


def _shown(reads: Sequence[FaultRead]) -> list[FaultRead]:
    """The reads that say something: those of pointers only where there are no others."""
    return [one for one in reads if not one.pointer] or list(reads)


def _told_reads(reads: Sequence[FaultRead]) -> str:
    return ", ".join(map(_told, reads)) or "nothing is read"


def _told(one: FaultRead) -> str:
    place = "at the start" if one.source is None else f"line {one.source}"
    return f"{one.told} ({place})"


def _unreached(one: Enumerated) -> bool:
    """Whether it is known that no case comes to an assertion."""
    whole = not one.end.unknown and not one.end.broken
    return whole and {case.outcome for case in one.cases} == {CaseOutcome.UNREACHED}


def _ending(one: Enumerated) -> list[Block]:
    if one.end.broken:
        return [Say(f"this is a bug of smtmodel: {one.end.broken}")]
    if one.end.unknown:
        return [Say(f"There may be more cases: {one.end.unknown}")]
    if _unreached(one):
        return [
            Say("In one round of each lane no assertion is reached, whatever it reads (unsat).")
        ]
    if any(case.outcome in (*EARLY, *OTHER) for case in one.cases):
        words = "The others are all in which the fault comes to its end: no such execution"
    else:
        words = "These are all: no execution"
    return [Say(f"{words} reads otherwise or has another outcome (unsat).")]


# ---------------------------------------------------------------- for programs


def _value(protocol: Checked, model: str, context: Context, found: Sequence[Enumerated]) -> Value:
    return {
        "kind": "cases",
        "file": file_value(protocol),
        "model": model,
        "subjects": [
            {
                "properties": list(one.subject.names),
                "blocks": list(one.subject.blocks),
                "bounds": bounds_value(one.subject.bounds),
                "complete": not one.end.unknown and not one.end.broken,
                "reason": one.end.unknown or one.end.broken,
                "cases": [_case_value(protocol, model, context, case) for case in one.cases],
            }
            for one in found
        ],
    }


def _case_value(protocol: Checked, model: str, context: Context, case: Case) -> Value:
    return {
        "case": case.number,
        "outcome": case.outcome.name.lower(),
        "violates": list(case.violates),
        "cached": case.cached or None,
        "reads": [
            {"line": one.line, "told": one.told, "source": one.source, "pointer": one.pointer}
            for one in case.reads
        ],
        "steps": case.run.steps,
        "ordering": in_lines(case.run.trace),
        "replay": list(replay_command(protocol, context, case.run, model)),
    }
