"""A run as a table: one row per step, one column per lane, and what each row changed.

Takes a trace; gives rows of plain text. Widths and the layout are for those who render it.
"""

from collections.abc import Container, Iterable, Sequence

from smtmodel.executions.trace import FLUSH, Change, LocalStep, Moment, Trace, numbers
from smtmodel.language.checked import StepPlace, Where
from smtmodel.source.record import record, replace


@record
class TableRow:
    """One row.

    `number` counts the steps that have events from 1; None for what is no such step or only the
    rest of one. `lane` is the index of the column; `changes` say what the row changed, and how a
    condition or a choice came out. `line` is the line of the file that it runs, None where it
    runs none.
    """

    number: int | None
    lane: int
    text: str
    changes: tuple[str, ...]
    line: int | None = None


@record
class Table:
    """`lanes` are the names of the columns, as scripts call them, and `heads` their titles:
    `update0 set_memory_region`. `start` says what the shared pointers point to at first."""

    lanes: tuple[str, ...]
    heads: tuple[str, ...]
    rows: tuple[TableRow, ...]
    start: tuple[str, ...] = ()


INDENT = "  "
"""What stands before a step of a definition, once for each call in which it is."""
LONG = 8
"""Rows from which on the beginning of a run is told in one."""
NEAR = 2
"""Rows that are left of it, before another lane comes in."""


def folded(trace: Trace, table: Table, kept: Container[int]) -> Table:
    """The table of a trace with the rows at its beginning, in which one lane runs alone, as one row
    where they are many; none from the first step on whose number is to be `kept`."""
    rows = table.rows
    alone = next((n for n, row in enumerate(rows) if row.lane != rows[0].lane), 0)
    told = next((n for n, row in enumerate(rows) if row.number in kept), alone)
    count = min(alone - NEAR, told)
    steps = [row.number for row in rows[:count] if row.number is not None]
    if count < LONG or not steps:
        return table
    changes = (change for piece in pieces_of(trace)[:count] for change in piece.changes)
    net = tuple(_change(one) for one in _net(changes) if one.before != one.after)
    text = f"(steps {steps[0]} to {steps[-1]}: -v shows them)"
    return replace(table, rows=(TableRow(None, rows[0].lane, text, net), *rows[count:]))


def before_rows(table: Table) -> str:
    """What is said before the rows of a table; nothing where there is nothing to say."""
    if not table.rows:
        return "At the start, before any step."
    return f"At the start:  {', '.join(table.start)}" if table.start else ""


@record
class Piece:
    """What a row is made of: events that follow each other within one step of one lane, a local
    step, or (neither events nor a step) that a lane begins another round."""

    lane: str
    block: str
    round: int
    where: Where | None
    changes: tuple[Change, ...]
    outcome: str
    moments: tuple[Moment, ...] = ()


def table_of(trace: Trace) -> Table:
    """The table of a trace."""
    lanes = _by_cpu(trace)
    columns = {lane: number for number, (lane, _) in enumerate(lanes)}
    pieces = pieces_of(trace)
    counted = dict(zip(map(id, trace.moments), numbers(trace.moments), strict=True))
    rows: list[TableRow] = []
    for place, piece in enumerate(pieces):
        first = piece.moments[0] if piece.moments else None
        number = counted[id(first)] if first is not None and first.begins else None
        whole = first is None or (first.begins and not _is_resumed(pieces[place + 1 :], first))
        line = None if piece.where is None else piece.where.span.line
        text = _text(piece, whole=whole)
        if piece.where is not None:
            text = INDENT * len(piece.where.calls) + text
        rows.append(TableRow(number, columns[piece.lane], text, _told(piece, whole=whole), line))
    names = tuple(lane for lane, _ in lanes)
    start = tuple(f"{what}: {value}" for what, value in trace.start)
    return Table(names, _heads(trace), tuple(rows), start)


def _interrupted(trace: Trace) -> dict[str, str]:
    """For each lane that interrupts another, that one."""
    return {m.lane: m.subject for m in trace.moments if m.event == "interrupt"}


def _by_cpu(trace: Trace) -> list[tuple[str, tuple[str, ...]]]:
    """The lanes with their blocks, those that interrupt another right behind it: one CPU."""
    into = _interrupted(trace)
    order = [into.get(lane, lane) for lane, _ in trace.lanes]
    return sorted(trace.lanes, key=lambda one: order.index(into.get(one[0], one[0])))


def _heads(trace: Trace) -> tuple[str, ...]:
    """The titles of the columns: a lane with the blocks it runs, if these have other names."""
    interrupted = _interrupted(trace)
    heads: list[str] = []
    for lane, blocks in _by_cpu(trace):
        kinds = dict.fromkeys(blocks)
        own = "" if lane.rstrip("0123456789") in kinds and len(kinds) == 1 else ", ".join(kinds)
        into = f"on {interrupted[lane]}" if lane in interrupted else ""
        heads.append(" ".join(filter(None, (lane, own, into))))
    return tuple(heads)


def pieces_of(trace: Trace) -> list[Piece]:
    """What each row of the table of a trace is made of."""
    pieces: list[Piece] = []
    rounds = {lane: int(len(blocks) == 1) for lane, blocks in trace.lanes}
    for group in _groups(trace.moments):
        steps = (_local(step) for moment in group for step in moment.local)
        for piece in (*map(_local, group[0].opening), *_events(group), *steps):
            if piece.round > rounds[piece.lane] and not _begins_update(piece):
                pieces.append(_round(piece))
            rounds[piece.lane] = piece.round
            pieces.append(piece)
    return pieces


def _begins_update(piece: Piece) -> bool:
    return bool(piece.moments) and piece.moments[0].event == "begin"


def _round(piece: Piece) -> Piece:
    return Piece(piece.lane, piece.block, piece.round, None, (), "")


def _local(step: LocalStep) -> Piece:
    return Piece(step.lane, step.block, step.round, step.where, step.changes, step.outcome)


def _events(group: list[Moment]) -> list[Piece]:
    """The row of events; none of a lane that has no event, and whose local steps say all."""
    first, last = group[0], group[-1]
    if first.event == "local" and (first.opening or first.local):
        return []
    outcome = ", ".join(one.outcome for one in group if one.outcome)
    changes = tuple(_net(change for one in group for change in one.changes))
    where, count = first.where, first.round
    return [Piece(last.lane, first.block, count, where, changes, outcome, tuple(group))]


def _net(changes: Iterable[Change]) -> Iterable[Change]:
    """What changed from the beginning to the end."""
    known: dict[str, Change] = {}
    for change in changes:
        before = known[change.what].before if change.what in known else change.before
        known[change.what] = Change(change.what, before, change.after)
    return known.values()


def _groups(moments: Iterable[Moment]) -> list[list[Moment]]:
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
    if _place(last) != _place(moment) or last.lane != moment.lane:
        return False
    if moment.event == FLUSH:
        return moment.where is not None or last.event == "return"
    return moment.where is not None and not moment.begins


def _place(moment: Moment) -> StepPlace | None:
    """Which step it is: what a call of the prelude is made of is one."""
    return moment.where.place if moment.where else None


def _is_resumed(later: Sequence[Piece], first: Moment) -> bool:
    """Whether the step goes on after other lanes' events."""
    for piece in later:
        moment = piece.moments[0] if piece.moments else None
        if moment is not None and moment.lane == first.lane and moment.event != FLUSH:
            return not moment.begins
    return False


def _text(piece: Piece, *, whole: bool) -> str:
    """The step as it was written; of a part of a step also what the part did."""
    first = piece.moments[0] if piece.moments else None
    if first is not None and first.event == FLUSH:
        return f"(takes effect: {'; '.join(moment.detail for moment in piece.moments)})"
    if piece.where is None:
        return f"(round {piece.round}: {piece.block})" if first is None else f"({_no_step(first)})"
    if whole:
        return piece.where.text
    parts = (_part(moment) for moment in piece.moments if moment.event != FLUSH)
    return f"{piece.where.text}   [{'; '.join(parts)}]"


def _no_step(moment: Moment) -> str:
    """An event of no step, in words."""
    match moment.event:
        case "begin" if moment.round > 1:
            return f"round {moment.round}: the update {moment.block} begins"
        case "begin":
            return "the update begins"
        case "return":
            return "the update returns"
        case "interrupt":
            return f"interrupts {moment.subject}"
        case "interrupt ends":
            return f"{moment.subject} goes on"
        case "callback":
            return moment.detail
        case _:
            return moment.event


def _part(moment: Moment) -> str:
    """An event in words; those without a location are named by their kind."""
    return moment.detail if moment.event in ("read", "write", "modify") else moment.event


def _change(change: Change) -> str:
    return f"{change.what}: {change.before} -> {change.after}"


def _told(piece: Piece, *, whole: bool) -> tuple[str, ...]:
    """What the row changed, and how it came out: of a condition also what it read."""
    told = list(map(_change, piece.changes))
    if not piece.outcome:
        return tuple(told)
    reads = (moment.detail for moment in piece.moments if moment.event == "read")
    return (*told, *(reads if whole and not told else ()), piece.outcome)
