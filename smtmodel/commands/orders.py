"""`orders`: every order of a block's steps that respects the data, and what becomes of it."""

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from itertools import islice

from smtmodel import __version__, pipeline
from smtmodel.analysis.orders import Order, ordered, orders
from smtmodel.analysis.precedents import Precedent, first_refutation, more
from smtmodel.analysis.strengths import first_violation
from smtmodel.analysis.words import OrderVerdict
from smtmodel.commands.analysing import Analysing, subject, unknown_statuses
from smtmodel.commands.expectations import expected
from smtmodel.commands.prove import Ask
from smtmodel.documents.answer import Context
from smtmodel.documents.orders import MOST, Tried, Tries, orders_document
from smtmodel.language.checked import DATA_RACE, Checked, Reach, ReachStep
from smtmodel.models import KERNEL
from smtmodel.pipeline import Subject
from smtmodel.solving.question import question
from smtmodel.solving.result import Early, Result, Sort, sort_of
from smtmodel.source.record import replace
from smtmodel.source.refusal import Refusal
from smtmodel.verdict import Status, Verdict, status_of
from smtmodel.work.session import Answered

Work = Callable[..., Iterable[object]]
"""What decides an order."""

BATCH = 16
"""Orders that are asked about at once; what goes wrong in them is tried in the next ones."""


def answer(
    analysing: Analysing, name: str, ask: Ask, block: str | None, limit: int, *, every: bool
) -> Status:
    """Try the orders; gives the status of the order of the text, or that of what is unknown."""
    found = subject(name, ask, machine=False)
    if isinstance(found, Refusal):
        return analysing.refuse(found)
    chosen = _block(found.checked, block)
    if isinstance(chosen, Refusal):
        return analysing.refuse(chosen)
    tries = _tries(analysing, found, ask, chosen, limit)
    tries = _with_runs(analysing, tries, ask, None if every else MOST)
    results = [result for one in tries.tried for result in one.results]
    statuses = [*unknown_statuses(results), *(one.status for one in tries.tried[0].results)]
    stopped = analysing.session.stopped
    if stopped is not None:
        statuses.append(status_of(Verdict.UNKNOWN, stopped.cause))
    context = Context(found.name, __version__, analysing.session.version)
    return analysing.finish(lambda: orders_document(tries, context, every=every), statuses)


def _tries(analysing: Analysing, found: Subject, ask: Ask, block: str, limit: int) -> Tries:
    """The orders with their verdicts, batch by batch until the session is stopped."""
    protocol, session = found.checked, analysing.session
    about = ordered(found.parsed, found.text, protocol, block)
    names = _names(protocol, ask.model, found.only)
    if ask.model == KERNEL:
        names = tuple(dict.fromkeys((*names, DATA_RACE)))  # with a race little else is known
    session.expected = min(limit, about.count)
    every = orders(found.parsed, found.text, protocol, about, limit)
    made = (_able(one, ask.model) for one in every)
    tried: list[Tried] = []
    precedents: tuple[Precedent, ...] = ()
    while session.stopped is None and (batch := list(islice(made, BATCH))):
        asked = [(one, _asked(analysing, one, ask, names, precedents)) for one in batch]
        session.gather()
        for order, job in asked:
            if job is None:
                tried.append(Tried(order, ()))
                continue
            results = _results(analysing, order, job, ask, names)
            run = results[-1].run
            if results[-1].verdict is Verdict.REFUTED and run is not None:
                precedents = more(precedents, run)
            # What was not got to was not tried; but the order of the text always counts.
            if session.stopped is None or job.trouble is None or not tried:
                tried.append(Tried(order, _known(results)))
    why = "" if session.stopped is None else session.stopped.reason
    return Tries(protocol, ask.model, protocol.bounds, about, names, tuple(tried), why)


def _able(order: Order, model: str) -> Order:
    """An order with the properties that are judged under a model."""
    if order.protocol is None:
        return order
    found = pipeline.for_model(order.protocol, model)
    if isinstance(found, Refusal):
        return Order(order.steps, None, found.diagnostics[0].message)
    return replace(order, protocol=found)


def _asked(
    analysing: Analysing,
    order: Order,
    ask: Ask,
    names: Sequence[str],
    precedents: tuple[Precedent, ...],
) -> Answered | None:
    """The question about an order handed over; None if it is no protocol."""
    if order.protocol is None:
        return None
    if ask.model == KERNEL:
        work: Work = first_violation
    else:
        work = partial(first_refutation, precedents=precedents)
    job = question(order.protocol, ask.model, ask.limits, frozenset(names), work)
    return analysing.session.submit(job)


def _results(
    analysing: Analysing, order: Order, job: Answered, ask: Ask, names: Sequence[str]
) -> tuple[Result, ...]:
    """What was found out about an order, up to the first refutation, after which nothing was
    asked."""
    assert order.protocol is not None
    every = analysing.outcome(job, order.protocol, ask.model, frozenset(names)).results
    return first_refuted(job, every)


def first_refuted(job: Answered, results: tuple[Result, ...]) -> tuple[Result, ...]:
    """The results up to the first that is refuted, without those that nothing was asked about;
    all where none is."""
    refuted = [place for place, one in enumerate(results) if one.verdict is Verdict.REFUTED]
    if not refuted:
        return results
    asked = {one.name for one in map(_result_of, job.found) if one is not None}
    return tuple(one for one in results[: refuted[0] + 1] if one.name in asked)


def _result_of(found: object) -> Result | None:
    """The result that an answer of a job is or begins."""
    match found:
        case Result() as result:
            return result
        case Early(result=result):
            return result
        case _:
            return None


def _known(results: tuple[Result, ...]) -> tuple[Result, ...]:
    """The results without a run of what is refuted, which is not the smallest one."""
    return tuple(
        replace(one, run=None) if one.verdict is Verdict.REFUTED else one for one in results
    )


def _with_runs(analysing: Analysing, tries: Tries, ask: Ask, most: int | None) -> Tries:
    """The tries with the smallest runs of racy orders, of the first ones or of all: those of the
    first property in the file that is refuted. Without a machine there are no runs."""
    if ask.model == KERNEL:
        return tries
    jobs: list[tuple[int, Answered]] = []
    work = partial(first_refutation, shrink=True)
    racy = [place for place, one in enumerate(tries.tried) if one.sort is OrderVerdict.RACY]
    for place in racy[:most]:
        protocol = tries.tried[place].order.protocol
        assert protocol is not None
        asked = protocol, ask.model, ask.limits, frozenset(tries.names), work
        jobs.append((place, analysing.session.submit(question(*asked, bounds=tries.bounds))))
    analysing.session.gather()
    tried = list(tries.tried)
    for place, job in jobs:
        results = _results(analysing, tried[place].order, job, ask, tries.names)
        if results[-1].verdict is Verdict.REFUTED:
            tried[place] = replace(tried[place], results=results)
        elif job.trouble is None and not unknown_statuses(results):
            lines = " ".join(tries.about.names[step] for step in tried[place].order.steps)
            analysing.bugs.append(
                (f"the order {lines} was refuted by a run, and not by the solver", "")
            )
    return replace(tries, tried=tuple(tried))


def _block(protocol: Checked, asked: str | None) -> str | Refusal:
    """The block whose steps are put in order: the one asked for, or the first update."""
    names = [block.name for block in protocol.blocks]
    if asked is not None and asked not in names:
        from smtmodel.language.suggest import suggest

        hint = suggest(asked, names) or "it has " + ", ".join(names)
        message = f"{protocol.called} has no block `{asked}`; {hint}"
        return Refusal(protocol.text.name, message)
    updates = [name for kind in protocol.kinds if kind.updates for name in kind.blocks]
    return asked or (updates or names)[0]


def _names(protocol: Checked, model: str, only: frozenset[str] | None) -> tuple[str, ...]:
    """The properties that orders are tried for: those asked for, or that the file expects to be
    proved; all that the file states where it expects that of none."""
    every = [p for p in protocol.properties if not isinstance(p, Reach | ReachStep)]
    if only is not None:
        return tuple(one.name for one in every if one.name in only)
    stated = [one for one in every if sort_of(one) is not Sort.BUILT_IN]
    wanted = [one for one in every if expected(protocol, one.name, model) is Verdict.PROVED]
    if not any(one in wanted for one in stated):
        wanted = stated or every
    return tuple(one.name for one in wanted)
