"""A run as a table: one row per step, one column per lane, and what each row changed.

Takes a trace; gives rows of plain text. Widths and the layout are for those who render it.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from smtmodel.executions.trace import Change, Moment, Trace


@dataclass(frozen=True, slots=True)
class Row:
    """`lane` is the index of the column; `change` what the row changed, or nothing."""

    lane: int
    text: str
    change: str


@dataclass(frozen=True, slots=True)
class Table:
    """`heads` are the titles of the columns: `CPU0 set_memory_region`."""

    heads: tuple[str, ...]
    rows: tuple[Row, ...]


def table_of(trace: Trace) -> Table:
    """The table of a trace; consecutive events of one step by one lane share a row."""
    columns = {lane: number for number, (lane, _) in enumerate(trace.lanes)}
    heads = tuple(
        f"CPU{number} {', '.join(dict.fromkeys(blocks))}".rstrip()
        for number, (_, blocks) in enumerate(trace.lanes)
    )
    groups = _groups(trace.moments)
    split = _split(groups)
    rows = tuple(
        Row(columns[group[0].lane], _text(group, whole=_step(group) not in split), _changes(group))
        for group in groups
    )
    return Table(heads, rows)


def _groups(moments: Iterable[Moment]) -> list[list[Moment]]:
    """The events that follow each other within one step of one lane."""
    groups: list[list[Moment]] = []
    for moment in moments:
        if groups and _continues(groups[-1], moment):
            groups[-1].append(moment)
        else:
            groups.append([moment])
    return groups


def _continues(group: list[Moment], moment: Moment) -> bool:
    last = group[-1]
    return (
        moment.where is not None
        and last.where == moment.where
        and last.lane == moment.lane
        and "flush" not in (last.event, moment.event)
    )


def _step(group: list[Moment]) -> tuple[str, int]:
    first = group[0]
    flushed = first.where is None or first.event == "flush"
    return (first.lane, -1 if flushed or first.where is None else first.where.number)


def _split(groups: list[list[Moment]]) -> set[tuple[str, int]]:
    """The steps of a lane that another lane came in between of."""
    split: set[tuple[str, int]] = set()
    latest: dict[str, int] = {}
    for group in groups:
        lane, number = _step(group)
        if number >= 0 and latest.get(lane) == number:
            split.add((lane, number))
        latest[lane] = number if number >= 0 else latest.get(lane, -1)
    return split


def _text(group: list[Moment], *, whole: bool) -> str:
    """The step as it was written; of a part of a step also what the part did."""
    first = group[0]
    if first.where is None or first.event == "flush":
        return first.detail or first.event
    if whole:
        return first.where.text
    return f"{first.where.text}   [{'; '.join(moment.detail for moment in group)}]"


def _changes(group: list[Moment]) -> str:
    """What the row changed from its beginning to its end."""
    found: dict[str, Change] = {}
    for moment in group:
        for change in moment.changes:
            before = found[change.what].before if change.what in found else change.before
            found[change.what] = Change(change.what, before, change.after)
    return ", ".join(
        f"{change.what}: {change.before} -> {change.after}" for change in found.values()
    )
