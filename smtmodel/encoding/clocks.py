"""States on one clock what a model's axioms say, where it is the kernel's or one of its views.

Takes the definitions of a test; gives the axioms whose place the clock takes. The views that
properties of protocols have of memory (`smtmodel.models.lkmm.instants`) are known by their
definitions and axioms, other models by what their axioms say (`smtmodel.encoding.forms`).
"""

from smtmodel.encoding.cuts import Cuts
from smtmodel.encoding.definitions import Definitions
from smtmodel.encoding.forms import ON_THE_CLOCK, on_the_clock
from smtmodel.encoding.observer import ObservingClock
from smtmodel.encoding.propagation import Propagation
from smtmodel.encoding.visibility import Visibility
from smtmodel.models.lkmm import LKMM
from smtmodel.models.lkmm.instants import AT_A_CUT, CUT, END, OBSERVED, SETTLED, TOLD
from smtmodel.models.terms import Axiom, Model

VIEWS = (END, CUT, SETTLED, OBSERVED, TOLD)


Stated = tuple[frozenset[Axiom], Visibility | None]
"""The axioms, and what is visible where the clock says that."""


def stated_on_a_clock(definitions: Definitions, model: Model) -> Stated:
    """States these axioms of a model."""
    for view in VIEWS:
        if view.definitions == model.definitions and view.axioms == model.axioms:
            clock = _clock(definitions, view)
            clock.require(strong=True, grace=True)
            visibility = Visibility(clock, clock.barriers)
            visibility.cover()
            stated = (x for x in view.axioms if x.name in ON_THE_CLOCK or x == AT_A_CUT)
            return frozenset(stated), visibility
    axioms = on_the_clock(model)
    seen: Visibility | None = None
    if axioms:
        kernels = model.definitions == LKMM.definitions
        known = definitions if kernels else Definitions(definitions.nodes, LKMM)
        clock = Propagation(known)
        clock.require(strong="propagation" in axioms, grace="rcu" in axioms)
        if kernels:
            seen = Visibility(clock)
            seen.cover()
    return frozenset(axioms.values()), seen


def _clock(definitions: Definitions, view: Model) -> Propagation:
    if view in (CUT, SETTLED):
        return Cuts(definitions, settled=view is SETTLED)
    if view in (OBSERVED, TOLD):
        return ObservingClock(definitions, told=view is TOLD)
    return Propagation(definitions)
