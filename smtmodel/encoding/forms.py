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


class Form(Enum):
    FAST = "on one clock where the model allows it"
    LITERAL = "pair by pair"


@lru_cache(maxsize=64)
def on_the_clock(model: Model) -> Mapping[str, Axiom]:
    """The axioms of a model that the clock may take the place of, by the names of the kernel's."""
    table = Normal()
    names = {(form, term): name for name, form, term in table.stated(LKMM, LKMM.axioms)}
    numbers = table.definitions(model.definitions)
    stated = {
        names.get((axiom.form.value, table.term(axiom.relation, numbers))): axiom
        for axiom in model.axioms
    }
    found: dict[str, Axiom] = {}
    for name in ON_THE_CLOCK:
        if name not in stated:
            break
        found[name] = stated[name]
    return found
