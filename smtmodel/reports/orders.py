"""All orders of a block's steps, as a sheet."""

from collections.abc import Sequence
from enum import Enum

from smtmodel.analysis.dependencies import Pairs
from smtmodel.analysis.orders import Order, Ordered, in_common, satisfies
from smtmodel.language.checked import Bounds, Checked
from smtmodel.reports.json import Value, bounds_value, file_value
from smtmodel.reports.scope import bounds_text, size_text
from smtmodel.reports.sheet import Block, Row, Rows, Say, Sheet, Title, in_lines
from smtmodel.reports.view import Context, versions
from smtmodel.solving.result import Result
from smtmodel.source.record import record
from smtmodel.verdict import Verdict

MOST = 12
"""Orders of a sort that are listed unless all are asked for."""


class OrderVerdict(Enum):
    """What becomes of a protocol in an order."""

    SAFE = "safe and useful"
    USELESS = "safe but useless"
    RACY = "racy"
    UNKNOWN = "not known"
    REFUSED = "no protocol"


@record
class Tried:
    """An order and the results of the properties that it was tried for."""

    order: Order
    results: tuple[Result, ...]

    @property
    def sort(self) -> OrderVerdict:
        """The worst that a result says."""
        verdicts = {one.verdict for one in self.results}
        if self.order.protocol is None:
            return OrderVerdict.REFUSED
        if Verdict.REFUTED in verdicts:
            return OrderVerdict.RACY
        if Verdict.UNKNOWN in verdicts:
            return OrderVerdict.UNKNOWN
        return OrderVerdict.USELESS if Verdict.VACUOUS in verdicts else OrderVerdict.SAFE


@record
class Tries:
    """What was tried: the orders of `about` for the properties of these `names`; `stopped` is
    why not more, if it is not the limit."""

    protocol: Checked
    model: str
    bounds: Bounds
    about: Ordered
    names: tuple[str, ...]
    tried: tuple[Tried, ...]
    stopped: str = ""

    @property
    def whole(self) -> bool:
        """Whether every order was tried, and of each it is known what becomes of it."""
        tried = len(self.tried) == self.about.count
        return tried and all(one.sort is not OrderVerdict.UNKNOWN for one in self.tried)


def orders_sheet(tries: Tries, context: Context, *, every: bool) -> Sheet:
    """The sheet about what was found; with `every` all orders are listed."""
    about = tries.about
    scope = f"{bounds_text(tries.protocol, tries.bounds)} ({tries.model})"
    what = f"{context.file}: {about.block}, for {', '.join(tries.names)}, {scope}"
    steps = tuple(map(Row, zip(labels(about), about.texts, strict=True)))
    blocks: list[Block] = [Title("ORDERS", what), Rows("the steps by their lines:", steps)]
    for sort in OrderVerdict:
        own = [one for one in tries.tried if one.sort is sort]
        if own:
            blocks.append(_listed(sort, own, about, every=every))
        if sort is OrderVerdict.SAFE and own and tries.whole:
            blocks.append(_common(own, tries))
    if len(tries.tried) < about.count:
        more = tries.stopped or "`--limit N` tries more"
        blocks.append(Say(f"{len(tries.tried)} of {about.count} orders were tried: {more}."))
    else:
        same = "in the text's own order as far as one step uses what another one did"
        count = (
            "the one order that keeps"
            if about.count == 1
            else f"all {about.count} orders that keep"
        )
        blocks.append(Say(f"These are {count} the steps {same}."))
    replayed = any(r.run is not None for one in tries.tried for r in one.results)
    blocks.append(Say(versions(tries.protocol, context, replayed=replayed)))
    texts = (tries.protocol.text,)
    value = _value(tries, context)
    return Sheet("orders", tuple(blocks), _results(tries, context), value, texts)


def labels(about: Ordered) -> tuple[str, ...]:
    """What the steps are called: their lines; with a letter where several stand on one."""
    found: list[str] = []
    for place, line in enumerate(about.lines):
        several = about.lines.count(line) > 1
        before = about.lines[:place].count(line)
        found.append(f"{line}{chr(ord('a') + before)}" if several else str(line))
    return tuple(found)


def _listed(sort: OrderVerdict, own: Sequence[Tried], about: Ordered, *, every: bool) -> Rows:
    shown = own if every else own[:MOST]
    rows = [_row(one, about) for one in shown]
    if len(shown) < len(own):
        rows.append(Row((f"and {len(own) - len(shown)} more (-v lists them)",)))
    return Rows(f"{sort.value}: {len(own)}", tuple(rows))


def _row(one: Tried, about: Ordered) -> Row:
    lines = " ".join(labels(about)[index] for index in one.order.steps)
    if one.order.steps == tuple(range(len(about.lines))):
        lines += "  (as written)"
    match one.sort:
        case OrderVerdict.RACY:
            last = one.results[-1]
            if last.run is None:
                return Row((lines, last.name))
            size = size_text(last.run)
            return Row((lines, f"{last.name} in {size}"), (in_lines(last.run.trace),))
        case OrderVerdict.USELESS | OrderVerdict.UNKNOWN:
            return Row((lines, next(r.reason for r in one.results if r.reason)))
        case OrderVerdict.REFUSED:
            return Row((lines, one.order.refused))
        case OrderVerdict.SAFE:
            return Row((lines,))


def _common(own: Sequence[Tried], tries: Tries) -> Say:
    """What all safe orders have in common, and whether that is what makes them safe."""
    about = tries.about
    pairs = in_common([one.order.steps for one in own], about.depends)
    if not pairs and _exact(pairs, tries):
        return Say("Nothing but the data decides the order of the safe ones.")
    if not pairs:
        return Say("No two steps are in the same order in all of these but where the data say so.")
    names = labels(about)
    told = ", ".join(f"{names[a]} before {names[b]}" for a, b in sorted(pairs))
    enough = "; and every order with these is safe and useful" if _exact(pairs, tries) else ""
    return Say(f"In all of these: {told}{enough}.")


def _exact(pairs: Pairs, tries: Tries) -> bool:
    with_these = [one for one in tries.tried if satisfies(one.order.steps, pairs)]
    return all(one.sort is OrderVerdict.SAFE for one in with_these)


def _results(tries: Tries, context: Context) -> tuple[str, ...]:
    """One line for each sort, and one for each property in the order of the text."""
    counted_sorts = [
        (sum(one.sort is sort for one in tries.tried), sort.value) for sort in OrderVerdict
    ]
    counted_sorts.append((tries.about.count - len(tries.tried), "not tried"))
    counts = ", ".join(f"{count} {word}" for count, word in counted_sorts if count)
    written = tries.tried[0].results if tries.tried else ()
    return (
        f"Orders {context.file} {tries.about.block}: {counts}",
        *(
            f"Result {context.file} {one.name} {one.verdict.value} {one.seconds:.2f}s"
            for one in written
        ),
    )


def _value(tries: Tries, context: Context) -> Value:
    about = tries.about
    return {
        "kind": "orders",
        "file": file_value(tries.protocol),
        "model": tries.model,
        "bounds": bounds_value(tries.bounds),
        "block": about.block,
        "properties": list(tries.names),
        "lines": list(about.lines),
        "steps": list(about.texts),
        "count": about.count,
        "depends": [[about.lines[a], about.lines[b]] for a, b in sorted(about.depends)],
        "orders": [_tried_value(one, about) for one in tries.tried],
    }


def _tried_value(one: Tried, about: Ordered) -> Value:
    return {
        "lines": [about.lines[index] for index in one.order.steps],
        "sort": one.sort.name.lower(),
        "refused": one.order.refused or None,
        "results": [
            {
                "name": result.name,
                "verdict": result.verdict.value,
                "reason": result.reason,
                "steps": result.run.steps if result.run else None,
                "ordering": in_lines(result.run.trace) if result.run else None,
            }
            for result in one.results
        ],
    }
