"""The questions that a verdict needs to be answered with `unsat`, as SMT-LIB 2 texts.

Takes the queries behind a result and gives each as an `Obligation`: for export, and for a
second solver. The texts name no version and no time, so that the same protocol gives the same
bytes.
"""

from collections.abc import Iterable, Iterator, Sequence

from smtmodel.encoding.formula import Node
from smtmodel.encoding.query import Query
from smtmodel.encoding.smtlib import export
from smtmodel.language.checked import Bounds, Checked
from smtmodel.models import Model
from smtmodel.solving.bounds import told
from smtmodel.solving.result import Obligation
from smtmodel.source.record import record


@record
class Question:
    """A query, at which bounds, and what it asks in words."""

    asks: str
    bounds: Bounds
    query: Query


def questions(asks: str, bounds: Bounds, asked: Sequence[Query]) -> list[Question]:
    """One for each of the queries, numbered where they are several."""
    count = len(asked)
    return [
        Question(asks + (f" ({number} of {count})" if count > 1 else ""), bounds, query)
        for number, query in enumerate(asked, 1)
    ]


def obligations(
    protocol: Checked, model: Model, name: str, asked: Iterable[Question]
) -> Iterator[Obligation]:
    """What the result of that name needs; the questions are to be unsatisfiable."""
    for question in asked:
        details = (
            f"protocol {protocol.name}" + (f": {protocol.title}" if protocol.title else ""),
            f"property {name}",
            f"model {model.name}: {model.title}",
            f"bounds {told(protocol, question.bounds)}",
            "unsat means that there is none",
        )
        query = question.query
        text = export(query.encoding.formula, question.asks, details, _places(query))
        yield Obligation(name, question.asks, text)


def _places(query: Query) -> dict[Node, str]:
    """What stands at the points on the clocks."""
    graph = query.encoding.graph
    found: dict[Node, str] = {query.end: "the instant that is asked about"}
    for event in graph.events:
        where = event.where
        step = f": {where.text} (line {where.span.line})" if where else ""
        found[event.number] = f"{graph.lanes[event.lane].lane.name} {event.kind.value}{step}"
    return found
