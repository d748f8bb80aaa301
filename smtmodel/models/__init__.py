"""Memory models as data: named axioms over terms of relation algebra."""

from smtmodel.models.sc import SC
from smtmodel.models.terms import Model
from smtmodel.models.tso import TSO

MODELS: tuple[Model, ...] = (SC, TSO)


def model(name: str) -> Model:
    """The model of that name; KeyError if there is none."""
    return {m.name: m for m in MODELS}[name]


__all__ = ["MODELS", "SC", "TSO", "Model", "model"]
