"""Encodes an event graph under a memory model: the executions, before any property."""

from smtmodel.encoding import memory, waiting
from smtmodel.encoding.chains import possible
from smtmodel.encoding.instants import Instants
from smtmodel.encoding.relations import Compiler
from smtmodel.encoding.state import Encoding
from smtmodel.events.graph import EventGraph
from smtmodel.models import Model

PAIRS = 10
"""How many pairs of values are looked at for every clause that there may be, where there is a
limit: about as long as the clause takes."""


def encode(graph: EventGraph, model: Model, most: int | None = None) -> Encoding:
    """The formula whose models are the executions, of at most so many clauses; raises
    domains.TooManyValues and formula.TooManyClauses."""
    pairs = None if most is None else PAIRS * most
    encoding = Encoding(graph, model, possible(graph, model, pairs))
    encoding.formula.most = most
    instants = Instants(encoding)
    instants.allocate()
    memory.allocate(encoding)
    memory.constrain(encoding)
    compiler = Compiler(encoding, model.definitions)
    for axiom in model.axioms:
        compiler.require(axiom)
    instants.constrain()
    waiting.constrain(encoding)
    encoding.formula.most = None  # questions add little
    encoding.domains.pairs = None
    return encoding
