"""Whether a value of a litmus test may come about through itself, as plain accesses let it.

Takes a test and a model. Which circles the model forbids is not looked at.
"""

from collections.abc import Iterator

from smtmodel.encoding.components import components
from smtmodel.encoding.domains import INITIAL, Domains
from smtmodel.events.dependencies import dependencies
from smtmodel.events.graph import EventGraph
from smtmodel.litmus.program import LitmusTest
from smtmodel.litmus.unroll import unroll
from smtmodel.models import Model


def justify_themselves(test: LitmusTest, model: Model) -> bool:
    """Whether reads and writes that depend on them may form a circle."""
    numbers = components(_leads(unroll(test), model)).values()
    return len(set(numbers)) < len(numbers)


def _leads(graph: EventGraph, model: Model) -> Iterator[tuple[int, int]]:
    """Writes to the reads that may return them, and reads to what depends on them."""
    for read, sources in Domains(graph, model).analyse().candidates.items():
        yield from ((source, read) for source in sources if source != INITIAL)
    for name in ("addr", "data", "ctrl"):
        yield from dependencies(graph, name)
    for event in graph.events:
        yield from ((read, event.number) for read in event.partners if read < event.number)
