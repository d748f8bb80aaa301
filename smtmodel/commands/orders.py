"""`orders`: every order of a block's steps that respects the data, and what becomes of it."""

from smtmodel import __version__
from smtmodel.analysis.needed import first_refutation, verdicts
from smtmodel.analysis.orders import ordered, orders
from smtmodel.commands.analysing import Analysing, Subject, subject, unknown_statuses
from smtmodel.commands.crew import Answered
from smtmodel.commands.decide import Ask
from smtmodel.commands.expectations import expected
from smtmodel.language.checked import Checked, Reach, ReachStep
from smtmodel.reports.orders import MOST, Tried, Tries, orders_sheet
from smtmodel.reports.orders import Sort as TriedSort
from smtmodel.reports.view import Context
from smtmodel.solving.result import Result, Sort, sort_of
from smtmodel.solving.worker import Job
from smtmodel.source.record import replace
from smtmodel.source.refusal import Refusal
from smtmodel.verdict import Status, Verdict


def answer(
    analysing: Analysing, name: str, ask: Ask, block: str | None, limit: int, *, every: bool
) -> Status:
    """Try the orders; gives the status of the order of the text, or that of what is unknown."""
    found = subject(name, ask)
    if isinstance(found, Refusal):
        return analysing.refuse("orders", found)
    chosen = _block(found.checked, block)
    if isinstance(chosen, Refusal):
        return analysing.refuse("orders", chosen)
    tries = _tries(analysing, found, ask, chosen, limit)
    tries = _with_runs(analysing, tries, ask, None if every else MOST)
    results = [result for one in tries.tried for result in one.results]
    written = tries.tried[0].results if tries.tried else ()
    statuses = [*unknown_statuses(results), *(one.status for one in written)]
    context = Context(name, __version__, analysing.crew.solver)
    return analysing.finish(lambda: orders_sheet(tries, context, every=every), statuses)


def _tries(analysing: Analysing, found: Subject, ask: Ask, block: str, limit: int) -> Tries:
    protocol, crew = found.checked, analysing.crew
    about = ordered(found.parsed, found.text, block)
    names = _names(protocol, ask.model, found.only)
    only = frozenset(names)
    jobs = []
    for order in orders(found.parsed, found.text, protocol, about, limit):
        job = None
        if order.protocol is not None:
            asked = order.protocol, ask.model, protocol.bounds, ask.limits, only, first_refutation
            job = crew.submit(Job(*asked))
        jobs.append((order, job))
    crew.gather()
    tried: list[Tried] = []
    for order, job in jobs:
        results: tuple[Result, ...] = ()
        if job is not None and order.protocol is not None:
            results = _known(analysing.outcome(job, order.protocol, ask.model, only).results)
        tried.append(Tried(order, results))
    return Tries(protocol, ask.model, protocol.bounds, about, names, tuple(tried))


def _known(results: tuple[Result, ...]) -> tuple[Result, ...]:
    """The results up to the first refutation, after which nothing was asked; its run is not the
    smallest one, and left out."""
    for place, one in enumerate(results):
        if one.verdict is Verdict.REFUTED:
            return (*results[:place], replace(one, run=None))
    return results


def _with_runs(analysing: Analysing, tries: Tries, ask: Ask, most: int | None) -> Tries:
    """The tries with the smallest runs of racy orders, of the first ones or of all."""
    jobs: list[tuple[int, Answered]] = []
    for place, one in enumerate(tries.tried):
        if one.sort is TriedSort.RACY and (most is None or len(jobs) < most):
            assert one.order.protocol is not None
            only = frozenset({one.results[-1].name})
            asked = one.order.protocol, ask.model, tries.bounds, ask.limits, only, verdicts
            jobs.append((place, analysing.crew.submit(Job(*asked))))
    analysing.crew.gather()
    tried = list(tries.tried)
    for place, job in jobs:
        one = tried[place]
        last = next((r for r in job.found if isinstance(r, Result)), None)
        analysing.note(job)
        if last is not None and last.verdict is Verdict.REFUTED:
            tried[place] = replace(one, results=(*one.results[:-1], last))
    return replace(tries, tried=tuple(tried))


def _block(protocol: Checked, asked: str | None) -> str | Refusal:
    """The block whose steps are put in order: the one asked for, or the first update."""
    names = [block.name for block in protocol.blocks]
    if asked is not None and asked not in names:
        from smtmodel.language.suggest import suggest

        hint = suggest(asked, names) or "it has " + ", ".join(names)
        message = f"{protocol.text.name} has no block `{asked}`; {hint}"
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
