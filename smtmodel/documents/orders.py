"""All orders of a block's steps: the answer of `orders`."""

from collections.abc import Sequence

from smtmodel.analysis.dependencies import Pairs
from smtmodel.analysis.orders import Order, Ordered, in_common, satisfies
from smtmodel.analysis.words import OrderVerdict
from smtmodel.documents import document as doc
from smtmodel.documents.answer import Analysis, Context, versions_of
from smtmodel.documents.document import spans
from smtmodel.documents.json import saved_bounds, saved_file
from smtmodel.documents.scope import bounds_text, in_words, size_text
from smtmodel.documents.wire import analyses as wire
from smtmodel.language.checked import Bounds, Checked
from smtmodel.solving.result import Result
from smtmodel.source.record import record
from smtmodel.verdict import Verdict

MOST = 12
"""Orders of a sort that are listed unless all are asked for."""


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


def orders_document(tries: Tries, context: Context, *, every: bool) -> Analysis:
    """The answer about what was found; with `every` all orders are listed."""
    about = tries.about
    scope = f"{bounds_text(tries.protocol, tries.bounds)} ({tries.model})"
    what = f"{context.file}: {about.block}, for {', '.join(tries.names)}, {scope}"
    steps = tuple(
        doc.row(label, doc.StepSpan(step))
        for label, step in zip(about.names, about.texts, strict=True)
    )
    heading = spans("the steps by their lines:")
    blocks: list[doc.Block] = [doc.Title("ORDERS", spans(what)), doc.Rows(heading, steps)]
    for sort in OrderVerdict:
        own = [one for one in tries.tried if one.sort is sort]
        if own:
            blocks.append(_listed(sort, own, about, tries.model, every=every))
        if sort is OrderVerdict.SAFE and own and tries.whole:
            blocks.append(_common(own, tries))
    if len(tries.tried) < about.count:
        more = tries.stopped or "`--limit N` tries more"
        blocks.append(doc.say(f"{len(tries.tried)} of {about.count} orders were tried: {more}."))
    else:
        same = "in the text's own order as far as one step uses what another one did"
        count = (
            "the one order that keeps"
            if about.count == 1
            else f"all {about.count} orders that keep"
        )
        blocks.append(doc.say(f"These are {count} the steps {same}."))
    replayed = any(r.run is not None for one in tries.tried for r in one.results)
    made = versions_of(tries.protocol, context, replayed=replayed)
    texts = (tries.protocol.text,)
    document = doc.Document("orders", tuple(blocks), _results(tries, context), made, texts)
    return Analysis(document, _value(tries, context))


def _listed(
    sort: OrderVerdict, own: Sequence[Tried], about: Ordered, model: str, *, every: bool
) -> doc.Rows:
    shown = own if every else own[:MOST]
    rows = [_row(one, about, model) for one in shown]
    if len(shown) < len(own):
        rows.append(doc.row(f"and {len(own) - len(shown)} more (-v lists them)"))
    return doc.Rows(spans(f"{sort.value}: {len(own)}"), tuple(rows))


def _row(one: Tried, about: Ordered, model: str) -> doc.Row:
    written = one.order.steps == tuple(range(len(about.lines)))
    lines = spans(" ".join(about.names[index] for index in one.order.steps))
    lines = spans(lines, "  (as written)") if written else lines
    match one.sort:
        case OrderVerdict.RACY:
            last = one.results[-1]
            if last.run is None:
                return doc.row(lines, last.name)
            size = size_text(last.run)
            assert one.order.protocol is not None
            words = in_words(one.order.protocol, last.run.bounds, last.run.trace, model)
            ordering = spans(words)
            return doc.Row((lines, spans(f"{last.name} in {size}")), (ordering,))
        case OrderVerdict.USELESS | OrderVerdict.UNKNOWN:
            return doc.row(lines, next(r.reason for r in one.results if r.reason))
        case OrderVerdict.REFUSED:
            return doc.row(lines, one.order.refused)
        case OrderVerdict.SAFE:
            return doc.row(lines)


def _common(own: Sequence[Tried], tries: Tries) -> doc.Say:
    """What all safe orders have in common, and whether that is what makes them safe."""
    about = tries.about
    pairs = in_common([one.order.steps for one in own], about.depends)
    if not pairs and _exact(pairs, tries):
        return doc.say("Nothing but the data decides the order of the safe ones.")
    if not pairs:
        same = "No two steps are in the same order in all of these but where the data say so."
        return doc.say(same)
    names = about.names
    told = ", ".join(f"{names[a]} before {names[b]}" for a, b in sorted(pairs))
    enough = "; and every order with these is safe and useful" if _exact(pairs, tries) else ""
    return doc.say(f"In all of these: {told}{enough}.")


def _exact(pairs: Pairs, tries: Tries) -> bool:
    with_these = [one for one in tries.tried if satisfies(one.order.steps, pairs)]
    return all(one.sort is OrderVerdict.SAFE for one in with_these)


def _results(tries: Tries, context: Context) -> tuple[doc.ScriptLine, ...]:
    """One line for each sort, and one for each property in the order of the text."""
    counted_sorts = [
        (sum(one.sort is sort for one in tries.tried), sort.value) for sort in OrderVerdict
    ]
    counted_sorts.append((tries.about.count - len(tries.tried), "not tried"))
    counts = ", ".join(f"{count} {word}" for count, word in counted_sorts if count)
    written = tries.tried[0].results if tries.tried else ()
    return (
        doc.TallyLine("Orders", context.file, tries.about.block, f": {counts}"),
        *(doc.ResultLine(context.file, one.name, one.verdict, one.seconds) for one in written),
    )


def _value(tries: Tries, context: Context) -> wire.SavedOrders:
    about = tries.about
    return wire.SavedOrders(
        saved_file(tries.protocol),
        tries.model,
        saved_bounds(tries.bounds),
        about.block,
        tries.names,
        about.lines,
        about.texts,
        about.count,
        tuple((about.lines[a], about.lines[b]) for a, b in sorted(about.depends)),
        tuple(_saved_try(one, about, tries.model) for one in tries.tried),
    )


def _saved_try(one: Tried, about: Ordered, model: str) -> wire.SavedTry:
    return wire.SavedTry(
        tuple(about.lines[index] for index in one.order.steps),
        one.sort.name.lower(),
        one.order.refused or None,
        tuple(_judgement(one.order.protocol, result, model) for result in one.results),
    )


def _judgement(protocol: Checked | None, result: Result, model: str) -> wire.SavedJudgement:
    run = result.run
    return wire.SavedJudgement(
        result.name,
        result.verdict,
        result.reason,
        run.steps if run else None,
        in_words(protocol, run.bounds, run.trace, model) if run and protocol else None,
    )
