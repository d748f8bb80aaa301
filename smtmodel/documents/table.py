"""A run as a table: one row per step, one column per lane, and what each row changed.

Takes a trace; gives rows of plain text. Widths and the layout are for those who render it.
"""

from collections.abc import Iterable
from itertools import islice

from smtmodel.executions.trace import FLUSH, Change, Moment, Trace, numbers
from smtmodel.source import Span
from smtmodel.source.record import record


@record
class TableRow:
    """One row.

    `number` counts the steps from 1; None for what is no step or only the rest of one. `lane`
    is the index of the column; `changes` say what the row changed. `line` is the line of the file
    that it runs, None where it runs none.
    """

    number: int | None
    lane: int
    text: str
    changes: tuple[str, ...]
    line: int | None = None


@record
class Table:
    """`heads` are the titles of the columns: `CPU0 set_memory_region`."""

    heads: tuple[str, ...]
    rows: tuple[TableRow, ...]


def lane_name(column: int) -> str:
    """What the lane of a column is called, in short."""
    return f"CPU{column}"


def table_of(trace: Trace) -> Table:
    """The table of a trace; consecutive events of one step by one lane share a row."""
    columns = {lane: number for number, (lane, _) in enumerate(trace.lanes)}
    heads = tuple(
        f"{lane_name(number)} {', '.join(dict.fromkeys(blocks))}".rstrip()
        for number, (_, blocks) in enumerate(trace.lanes)
    )
    groups = groups_of(trace.moments)
    steps = iter(numbers(trace.moments))
    rows: list[TableRow] = []
    for place, group in enumerate(groups):
        first = group[0]
        step, *_ = islice(steps, len(group))
        number = step if first.begins else None
        text = _text(group, whole=first.begins and not _is_resumed(groups[place + 1 :], first))
        line = None if first.where is None else first.where.span.line
        rows.append(TableRow(number, columns[first.lane], text, _changes(group), line))
    return Table(heads, tuple(rows))


def groups_of(moments: Iterable[Moment]) -> list[list[Moment]]:
    """The events that follow each other within one step of one lane."""
    groups: list[list[Moment]] = []
    for moment in moments:
        if groups and _continues(groups[-1][-1], moment):
            groups[-1].append(moment)
        else:
            groups.append([moment])
    return groups


def _continues(last: Moment, moment: Moment) -> bool:
    """Whether an event belongs to the row of the one before it.

    A store that takes effect before anything else happens might as well have had no buffer.
    """
    if _span(last) != _span(moment) or last.lane != moment.lane:
        return False
    if moment.event == FLUSH:
        return moment.where is not None or last.event == "return"
    return moment.where is not None and not moment.begins


def _span(moment: Moment) -> Span | None:
    """The text of the step: inlined ones share it."""
    return moment.where.span if moment.where else None


def _is_resumed(later: Iterable[list[Moment]], first: Moment) -> bool:
    """Whether the step goes on after other lanes' events."""
    for group in later:
        moment = group[0]
        if moment.lane == first.lane and moment.event != FLUSH:
            return not moment.begins
    return False


def _text(group: list[Moment], *, whole: bool) -> str:
    """The step as it was written; of a part of a step also what the part did."""
    first = group[0]
    if first.event == FLUSH:
        return f"(takes effect: {'; '.join(moment.detail for moment in group)})"
    if first.where is None:
        what = {"begin": "the update begins", "return": "the update returns"}
        return f"({what.get(first.event, first.event)})"
    if whole:
        return first.where.text
    parts = (_part(moment) for moment in group if moment.event != FLUSH)
    return f"{first.where.text}   [{'; '.join(parts)}]"


def _part(moment: Moment) -> str:
    """An event in words; those without a location are named by their kind."""
    return moment.detail if moment.event in ("read", "write", "modify") else moment.event


def _changes(group: list[Moment]) -> tuple[str, ...]:
    """What the row changed from its beginning to its end."""
    found: dict[str, Change] = {}
    for moment in group:
        for change in moment.changes:
            before = found[change.what].before if change.what in found else change.before
            found[change.what] = Change(change.what, before, change.after)
    return tuple(f"{change.what}: {change.before} -> {change.after}" for change in found.values())
