"""A run as a picture: its table, the state after each row, and arrows between rows.

Takes a checked protocol and a replayed run; gives text parts and numbers of rows, which
formats that draw lay out. Knows no coordinates and no markup.
"""

from collections.abc import Iterator
from enum import Enum

from smtmodel.documents.table import Piece, Table, pieces_of, table_of
from smtmodel.executions.trace import FLUSH, Moment
from smtmodel.language.checked import Checked, Shape
from smtmodel.solving.result import Run
from smtmodel.source.record import field, record

Key = tuple[int | None, str]
"""What holds a value: the column of the lane that it is private to, and its name."""


class ArrowKind(Enum):
    """What an arrow says of the row that it points to."""

    READS = "reads from"
    WAITS = "waits for"
    GRACE = "ends the grace period of"
    NEXT = "overwrites"
    PAST = "overwrites what was read in"
    AROUND = "comes after"


@record
class Arrow:
    """From a row to another (both from 0), in a run to a later one; `what` names the location or
    domain, or the relation."""

    sort: ArrowKind
    source: int
    target: int
    what: str


@record
class Item:
    """Something with a value: shared, or private to the lane of a column."""

    column: int | None
    name: str
    start: str


@record
class Scene:
    """One run.

    `sets` has for each row what it gives new values to, as (index of the item, value) pairs.
    `named` are the rows whose steps the explanation of the run names.
    """

    table: Table
    items: tuple[Item, ...]
    sets: tuple[tuple[tuple[int, str], ...], ...]
    arrows: tuple[Arrow, ...]
    named: frozenset[int] = frozenset()


def scene_of(protocol: Checked, run: Run, *, buffers: bool) -> Scene:
    """The picture of a run; `buffers` says whether its lanes had store buffers."""
    pieces = pieces_of(run.trace)
    columns = {lane: number for number, (lane, _) in enumerate(run.trace.lanes)}
    keys = _Keys(protocol, columns)
    start = dict(_start(protocol, run, keys))
    for piece in pieces:
        for change in piece.changes:
            start.setdefault(keys.key(piece, change.what), change.before)
    order = sorted(start, key=lambda key: -1 if key[0] is None else key[0])
    place = {key: number for number, key in enumerate(order)}
    sets = tuple(
        tuple((place[keys.key(piece, change.what)], change.after) for change in piece.changes)
        for piece in pieces
    )
    table = table_of(run.trace)
    return Scene(
        table,
        tuple(Item(key[0], key[1], start[key]) for key in order),
        sets,
        _Arrows(keys, buffers).of(pieces),
        _named(table, run),
    )


def _named(table: Table, run: Run) -> frozenset[int]:
    facts = () if run.why is None else run.why.facts
    steps = {place.number for fact in facts for place in fact} - {None}
    return frozenset(row for row, one in enumerate(table.rows) if one.number in steps)


@record
class _Keys:
    """Tells what is shared from what only one lane has; equal names may be both."""

    protocol: Checked
    columns: dict[str, int]

    def key(self, piece: Piece | Moment, what: str) -> Key:
        """Of a name as the lane has it."""
        name, _, owner = what.partition(" of ")
        if owner:
            return self.columns.get(owner), name
        variable = next((v for v in self.protocol.variables if v.name == what), None)
        if variable is not None:
            private = variable.shape is Shape.CACHE
        else:
            private = what in dict(self.protocol.block(piece.block).locals)
        return (self.columns[piece.lane] if private else None), what


def _start(protocol: Checked, run: Run, keys: _Keys) -> Iterator[tuple[Key, str]]:
    """The shared state and the entries at the start, in the order of memory."""
    from smtmodel.executions.layout import lay_out
    from smtmodel.executions.moments import teller

    layout = lay_out(protocol, run.bounds)
    told = teller(layout, buffered=False)
    for location, name in layout.names.items():
        owner = layout.owners.get(location)
        if owner is None or owner in keys.columns:
            value = told.names.value(layout.initial[location], told.shapes.get(location, ()))
            yield (None if owner is None else keys.columns[owner], name), value
    for first, thing in zip(layout.objects, protocol.objects, strict=True):
        for offset in range(len(thing.values)):
            value = told.names.value(layout.initial[first + offset])
            yield (None, told.names.location(first + offset)), value


@record(frozen=False)
class _Arrows:
    """Follows a run: who wrote what last, and which read sections grace periods wait for.

    `written` has the row of the write that is in memory; `waiting` those that still wait in
    the lane's own buffer, oldest first. `open` has the domains of the lane's read sections;
    `leaving` those left of which that has not taken effect. `graces` has for each waiting lane
    the row of the begin, and the lanes whose sections it waits for with the rows of the leaves.
    """

    keys: _Keys
    buffers: bool
    written: dict[Key, int] = field(default_factory=dict)
    waiting: dict[str, list[tuple[Key, int]]] = field(default_factory=dict)
    open: dict[str, list[str]] = field(default_factory=dict)
    leaving: dict[str, list[str]] = field(default_factory=dict)
    graces: dict[str, tuple[int, dict[str, int | None]]] = field(default_factory=dict)
    deferred: dict[str, int] = field(default_factory=dict)
    found: dict[tuple[ArrowKind, int, int], list[str]] = field(default_factory=dict)

    def of(self, pieces: list[Piece]) -> tuple[Arrow, ...]:
        """The arrows of a run whose rows are made of these pieces."""
        lanes = [piece.lane for piece in pieces]
        for row, piece in enumerate(pieces):
            for moment in piece.moments:
                self._reads(row, lanes, moment)
                self._writes(row, moment)
                self._sections(row, moment)
                self._frees(row, moment)
        return tuple(
            Arrow(sort, source, target, ", ".join(dict.fromkeys(names)))
            for (sort, source, target), names in sorted(
                self.found.items(), key=lambda item: (item[0][2], item[0][1], item[0][0].value)
            )
        )

    def _add(self, sort: ArrowKind, source: int, target: int, what: str) -> None:
        self.found.setdefault((sort, source, target), []).append(what)

    def _reads(self, row: int, lanes: list[str], moment: Moment) -> None:
        """An arrow from another lane's write; from a lane's own they would only be clutter."""
        if moment.event not in ("read", "modify") or not moment.location:
            return
        key = self.keys.key(moment, moment.location)
        own = [source for known, source in self.waiting.get(moment.lane, []) if known == key]
        source = own[-1] if own else self.written.get(key)
        if source is not None and lanes[source] != moment.lane:
            self._add(ArrowKind.READS, source, row, moment.location)

    def _writes(self, row: int, moment: Moment) -> None:
        for change in moment.changes:  # also of a copy, whose writes are no events of their own
            self.written[self.keys.key(moment, change.what)] = row
        if not moment.location:
            return
        key = self.keys.key(moment, moment.location)
        if moment.event == "write" and self.buffers:
            self.waiting.setdefault(moment.lane, []).append((key, row))
        elif moment.event == FLUSH:
            queue = self.waiting.get(moment.lane, [])
            queue[:] = queue[1:]
            self.written[key] = row
        elif moment.event in ("write", "modify"):
            self.written[key] = row

    def _sections(self, row: int, moment: Moment) -> None:
        lane, domain = moment.lane, moment.subject
        match moment.event:
            case "enter":
                self.open.setdefault(lane, []).append(domain)
            case "leave" if self.buffers:
                self.leaving.setdefault(lane, []).append(domain)
            case "leave":
                self._left(row, lane, domain)
            case "flush" if domain == "leave" and self.leaving.get(lane):
                self._left(row, lane, self.leaving[lane].pop(0))
            case "grace period begins" if not moment.thing:
                inside = {one: None for one, domains in self.open.items() if domain in domains}
                self.graces[lane] = (row, dict(inside))
            case "grace period ends" if lane in self.graces:
                begin, rows = self.graces.pop(lane)
                for left in (one for one in rows.values() if one is not None):
                    self._add(ArrowKind.WAITS, left, row, domain)
                if begin != row:
                    self._add(ArrowKind.GRACE, begin, row, domain)
            case _:
                pass

    def _left(self, row: int, lane: str, domain: str) -> None:
        """A section was left; its grace periods wait no more for this lane."""
        self.open[lane].remove(domain)
        if domain not in self.open[lane]:
            for _, rows in self.graces.values():
                if rows.get(lane, row) is None:
                    rows[lane] = row

    def _frees(self, row: int, moment: Moment) -> None:
        """A deferred free that is carried out ends a grace period of its own."""
        thing = moment.thing
        match moment.event, moment.subject:
            case ("grace period begins", _) | ("flush", "defer") if thing:
                self.deferred[thing] = row
            case "callback", _ if thing in self.deferred:
                self._add(ArrowKind.GRACE, self.deferred.pop(thing), row, thing)
            case _:
                pass
