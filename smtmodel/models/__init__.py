"""Memory models as data: named axioms over terms of relation algebra."""

from smtmodel.models.sc import SC
from smtmodel.models.terms import Model
from smtmodel.models.tso import TSO

MODELS: tuple[Model, ...] = (SC, TSO)


def model(name: str) -> Model:
    """The model of that name; KeyError if there is none."""
    return {m.name: m for m in MODELS}[name]


def unless_default(name: str, text: str) -> str:
    """A text that names a model; nothing for the model that need not be named."""
    return "" if name == MODELS[0].name else text


__all__ = ["MODELS", "SC", "TSO", "Model", "model", "unless_default"]
