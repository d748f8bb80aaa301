"""Memory models as data: named axioms over terms of relation algebra.

`MODELS` are those that have a machine.
"""

from smtmodel.models.sc import SC
from smtmodel.models.terms import Model
from smtmodel.models.tso import TSO

MODELS: tuple[Model, ...] = (SC, TSO)


KERNEL = "lkmm"
"""The kernel's model, whose many definitions are read by those alone who ask about it."""

MACHINES = tuple(one.name for one in MODELS)
"""The models under which a protocol can be run, or analysed."""

NAMES = (*MACHINES, KERNEL)
"""The models under which a protocol can be asked."""


def model(name: str) -> Model:
    """The model of that name; KeyError if there is none."""
    if name == KERNEL:
        from smtmodel.models.lkmm import LKMM

        return LKMM
    return {m.name: m for m in MODELS}[name]


_X86 = "x86's is `tso`; "
_KERNEL = "the kernel's is `lkmm`; "
_INSTEAD = {
    "x86": _X86,
    "x86_64": _X86,
    "x86-tso": _X86,
    "kernel": _KERNEL,
    "linux-kernel": _KERNEL,
}


def instead(name: str) -> str:
    """What there is for a name that is no model's, to begin a sentence with; often nothing."""
    return _INSTEAD.get(name, "")


def unless_default(name: str, text: str) -> str:
    """A text that names a model; nothing for the model that need not be named."""
    return "" if name == MODELS[0].name else text


__all__ = [
    "KERNEL",
    "MACHINES",
    "MODELS",
    "NAMES",
    "SC",
    "TSO",
    "Model",
    "instead",
    "model",
    "unless_default",
]
