"""In which form a model's axioms are stated: pair by pair, or the kernel's on one clock.

The literal form takes definitions as they stand, whatever the model. The fast one, that of
`propagation.py`, is for axioms that say the same as those of `smtmodel.models.lkmm`, term by term:
names do not matter. What is not recognised stays literal.
"""

from collections.abc import Mapping
from enum import Enum
from functools import lru_cache
from types import MappingProxyType

from smtmodel.models.lkmm import LKMM
from smtmodel.models.normal import Normal
from smtmodel.models.terms import Axiom, Model

ON_THE_CLOCK = ("happens-before", "propagation", "rcu")
"""The axioms of the kernel's model whose place the clock takes, each only with those before it."""
NONE: Mapping[str, Axiom] = MappingProxyType({})
"""Nothing is on the clock."""


class EncodingForm(Enum):
    FAST = "on one clock where the model allows it"
    LITERAL = "pair by pair"


def on_the_clock(model: Model) -> Mapping[str, Axiom]:
    """The axioms of a model that the clock may take the place of, by the names of the kernel's."""
    if model.definitions == LKMM.definitions:
        stated = {one.name: one for one in model.axioms if one in LKMM.axioms}
    else:
        stated = _alike(model)
    found: dict[str, Axiom] = {}
    for name in ON_THE_CLOCK:
        if name not in stated:
            break
        found[name] = stated[name]
    return found


@lru_cache(maxsize=64)
def _alike(model: Model) -> dict[str, Axiom]:
    """The axioms that say what the kernel's say, whatever the definitions are called."""
    table = Normal()
    names = {(form, term): name for name, form, term in table.stated(LKMM, LKMM.axioms)}
    numbers = table.definitions(model.definitions)
    found = {}
    for axiom in model.axioms:
        key = axiom.form.value, table.term(axiom.relation, numbers)
        if key in names:
            found[names[key]] = axiom
    return found


def shipped(model: Model) -> Model:
    """The shipped model instead of a copy of it from another process: soon known to be the same."""
    return LKMM if model == LKMM else model
