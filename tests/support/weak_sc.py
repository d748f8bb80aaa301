"""Protocols written as litmus tests, asked under sc: what the explorer knows too.

Cuts of the one order of all events are the instants of `docs/semantics.md`, so that whatever writes
a protocol as a test, and a property as reads of memory, can be compared with the explorer.
"""

from collections.abc import Iterator

from smtmodel.executions.explore import explore, verdicts
from smtmodel.language.checked import (
    USE_AFTER_FREE,
    Checked,
    Free,
    Property,
    Reach,
    ReachStep,
    Synchronize,
)
from smtmodel.litmus.unroll import unroll
from smtmodel.litmus.written.protocol import View, Wanted, WrittenProtocol
from smtmodel.models import SC, Model
from smtmodel.models.granted import COHERENT
from smtmodel.models.lkmm import LKMM
from smtmodel.models.lkmm.events import IW
from smtmodel.models.lkmm.freed import FLAG, KFREE, KNOW
from smtmodel.models.lkmm.instants import CUT, END, IN_UPDATE, SETTLED, SNAP
from smtmodel.models.terms import (
    CO,
    FR,
    LOC,
    PO,
    RF,
    AnyIn,
    Axiom,
    AxiomForm,
    Base,
    Closure,
    Defined,
    Difference,
    Events,
    Except,
    Flag,
    Intersection,
    Inverse,
    Outside,
    Relation,
    Union,
    then,
)
from smtmodel.solving.ends import LitmusQuestions
from smtmodel.solving.result import Limits
from smtmodel.source.record import parts, replace
from smtmodel.verdict import Verdict

_LANES = then(Outside(SNAP), Union((PO, RF, CO, FR)), Outside(SNAP))
_ORDER = Axiom("sc", AxiomForm.ACYCLIC, _LANES, "one order of all events", "")


def _in_order(model: Model, *same: Relation) -> Model:
    """What a model says of instants, with one order of all events in the place of LKMM."""
    known = {one.name for one in LKMM.definitions if isinstance(one, Defined)}
    own = [x for x in model.definitions if not (isinstance(x, Defined) and x.name in known)]
    order = Union((_LANES, *(then(Inverse(inside), inside) for inside in same)))
    definitions = [
        replace(x, term=order) if isinstance(x, Defined) and x.name == "cut-order" else x
        for x in own
        if x not in LKMM.definitions
    ]
    axioms = [one for one in model.axioms if one not in LKMM.axioms]
    return replace(
        model, definitions=tuple(definitions), axioms=(COHERENT, _ORDER, *axioms), flags=()
    )


_ACCESS = Except(AnyIn((Events("R"), Events("W"))), AnyIn((IW, KNOW)))
_USED = Union(
    (
        Difference(then(_ACCESS, LOC, KFREE), Closure(_LANES)),
        then(KFREE, Intersection(LOC, PO), _ACCESS),
        then(KFREE, Difference(LOC, Base("id")), KFREE),
    )
)

MODELS = {
    View.NOWHERE: replace(SC, axioms=(COHERENT, _ORDER), definitions=(), causal=False),
    View.INSTANT: _in_order(CUT),
    View.QUIET: _in_order(SETTLED, IN_UPDATE),
    View.END: _in_order(END),
    View.FREED: replace(
        SC,
        axioms=(COHERENT, _ORDER),
        definitions=(),
        causal=False,
        flags=(Flag(FLAG, AxiomForm.INHABITED, _USED, "no order keeps it from it", ""),),
    ),
}


def comparable(protocol: Checked) -> bool:
    """A grace period is one event here, and the rules for it are those of LKMM."""
    return not any(
        isinstance(one, Synchronize) or (isinstance(one, Free) and one.domain is not None)
        for one in parts(protocol.blocks)
    )


def shown(asked: Wanted) -> bool:
    """Whether an execution that is asked for exists under sequential consistency."""
    asking = LitmusQuestions(asked.test, unroll(asked.test), MODELS[asked.view], Limits())
    found = asking.raised(FLAG) if asked.view is View.FREED else asking.violating()
    return found is not None


def differences(protocol: Checked, limit: int) -> Iterator[str] | None:
    """Where what was written says another thing than the explorer; None if that has too much."""
    explored = explore(protocol, protocol.bounds, store_buffers=False, limit=limit)
    if not explored.finished:
        return None
    return _differences(protocol, verdicts(explored, protocol))


def _differences(protocol: Checked, known: dict[str, Verdict]) -> Iterator[str]:
    """Where objects are used after they are freed, nothing else is compared: for the explorer they
    may be another's by then."""
    written = WrittenProtocol(protocol)
    early = known.get(USE_AFTER_FREE) is Verdict.REFUTED
    for item in protocol.properties:
        if early and item.name != USE_AFTER_FREE:
            continue
        if item.name in known and item.name != "data_race":
            asked = [one for one in written.violations(item) if one.view in MODELS]
            found = any(map(shown, asked))
            if found != _expected(item, known[item.name]):
                yield f"{item.name}: {found}, and the explorer says {known[item.name].value}"


def _expected(item: Property, verdict: Verdict) -> bool:
    goal = isinstance(item, Reach | ReachStep)
    return verdict is Verdict.PROVED if goal else verdict is Verdict.REFUTED
