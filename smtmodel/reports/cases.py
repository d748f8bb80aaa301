"""The cases of one fault against one update, as a sheet."""

from collections.abc import Iterator, Sequence

from smtmodel.analysis.cases import Case, Complete, Outcome, Reading, Subject
from smtmodel.language.checked import Checked
from smtmodel.reports.json import Value, bounds_value
from smtmodel.reports.scope import bounds_text, counted
from smtmodel.reports.sheet import Block, Ordering, Row, Rows, Say, Sheet, Title, in_lines
from smtmodel.reports.table import table_of
from smtmodel.reports.view import Context, replay_command, versions
from smtmodel.source.record import record


@record
class Enumerated:
    """A subject, its cases in their order, and how their enumeration ended."""

    subject: Subject
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
        for group in _groups(one.cases):
            blocks += _case(protocol, model, context, group, tables=tables)
        blocks += _ending(one)
        word = "UNKNOWN" if one.end.unknown or one.end.broken else "COMPLETE"
        for name in one.subject.names:
            lines.append(f"Result {context.file} {name} {word} {counted_cases(one)}")
    replayed = any(one.cases for one in found)
    blocks.append(Say(versions(protocol, context, replayed=replayed)))
    value = _value(protocol, model, context, found)
    return Sheet("cases", tuple(blocks), tuple(lines), value)


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
    *,
    tables: bool,
) -> Iterator[Block]:
    cached = next((one.cached for one in group if one.cached), "") or "nothing is cached"
    heading = f"Case {group[0].number}: {', '.join(map(_told, _shown(group[0].reads)))}; {cached}"
    rows = [
        Row((one.outcome.value, counted(one.run.steps, "steps"), in_lines(one.run.trace)))
        for one in group
    ]
    outcomes = {one.outcome for one in group}
    if outcomes != {Outcome.EMPTY} and Outcome.STALE_AFTER not in outcomes:
        when = " once the update has returned" if Outcome.STALE_DURING in outcomes else ""
        rows.append(Row((f"no stale hit{when}",)))
    yield Rows(heading, tuple(rows))
    for one in group if tables else ():
        banner = f"{one.outcome.value}: {one.run.claim}" if one.run.claim else one.outcome.value
        replay = replay_command(protocol, context, one.run, model)
        yield Ordering(table_of(one.run.trace), banner, replay)


def _shown(reads: Sequence[Reading]) -> list[Reading]:
    """The reads that say something: those of pointers only where there are no others."""
    return [one for one in reads if not one.pointer] or list(reads)


def _told(one: Reading) -> str:
    place = "at the start" if one.source is None else f"line {one.source}"
    return f"{one.told} ({place})"


def _ending(one: Enumerated) -> list[Block]:
    if one.end.broken:
        return [Say(f"this is a bug of smtmodel: {one.end.broken}")]
    if one.end.unknown:
        return [Say(f"There may be more cases: {one.end.unknown}")]
    return [Say("These are all: no execution reads otherwise or has another outcome (unsat).")]


# ---------------------------------------------------------------- for programs


def _value(protocol: Checked, model: str, context: Context, found: Sequence[Enumerated]) -> Value:
    return {
        "kind": "cases",
        "file": {"name": context.given, "digest": protocol.text.digest},
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
        "cached": case.cached or None,
        "reads": [
            {"line": one.line, "told": one.told, "source": one.source, "pointer": one.pointer}
            for one in case.reads
        ],
        "steps": case.run.steps,
        "ordering": in_lines(case.run.trace),
        "replay": list(replay_command(protocol, context, case.run, model)),
    }
