"""Encodes an event graph under a memory model: the executions, before any property."""

from smtmodel.encoding import memory, waiting
from smtmodel.encoding.chains import possible
from smtmodel.encoding.instants import Instants
from smtmodel.encoding.relations import Compiler
from smtmodel.encoding.state import Encoding
from smtmodel.events.graph import EventGraph
from smtmodel.models import Model


def encode(graph: EventGraph, model: Model) -> Encoding:
    """The formula whose models are the executions; raises domains.TooManyValues."""
    encoding = Encoding(graph, model, possible(graph, model))
    instants = Instants(encoding)
    instants.allocate()
    memory.allocate(encoding)
    memory.constrain(encoding)
    compiler = Compiler(encoding, model.definitions)
    for axiom in model.axioms:
        compiler.require(axiom)
    instants.constrain()
    waiting.constrain(encoding)
    return encoding
