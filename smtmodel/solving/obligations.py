"""The questions that a verdict needs to be answered with `unsat`, as SMT-LIB 2 texts.

Takes the questions behind a result and gives each query as an `Obligation`: for export, and for
a second solver. The texts name no version and no time, so that the same protocol gives the same
bytes.
"""

from collections.abc import Callable, Iterable, Iterator

from smtmodel.encoding.formula import Node
from smtmodel.encoding.query import Query
from smtmodel.encoding.smtlib import export
from smtmodel.encoding.state import Encoding
from smtmodel.language.checked import Bounds
from smtmodel.solving.asking import Asking
from smtmodel.solving.bounds import told
from smtmodel.solving.result import Obligation
from smtmodel.source.record import record


@record
class Question:
    """What is asked in words, the bounds that decide, and the queries: no for each is no."""

    asks: str
    bounds: Bounds
    queries: Callable[[Encoding], list[Query]]


def obligations(asking: Asking, name: str, behind: Iterable[Question]) -> Iterator[Obligation]:
    """What the result of that name needs: the queries are to be unsatisfiable."""
    protocol, model = asking.protocol, asking.model
    for question in behind:
        details = (
            f"protocol {protocol.name}" + (f": {protocol.title}" if protocol.title else ""),
            f"property {name}",
            f"model {model.name}: {model.title}",
            f"bounds {told(protocol, question.bounds)}",
            "unsat means that there is none",
        )
        queries = question.queries(asking.problem(question.bounds).encoding)
        for number, query in enumerate(queries, 1):
            several = f" ({number} of {len(queries)})" if len(queries) > 1 else ""
            asks = question.asks + several
            text = export(query.encoding.formula, asks, details, _places(query))
            yield Obligation(name, asks, text)


def _places(query: Query) -> dict[Node, str]:
    """What stands at the points on the clocks."""
    graph = query.encoding.graph
    found: dict[Node, str] = {query.end: "the instant that is asked about"}
    for event in graph.events:
        where = event.where
        step = f": {where.text} (line {where.span.line})" if where else ""
        found[event.number] = f"{graph.lanes[event.lane].lane.name} {event.kind.value}{step}"
    return found
