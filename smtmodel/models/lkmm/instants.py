"""LKMM for protocols: what memory holds at an instant, and what a CPU sees of it.

LKMM has no instants of its own. Here an instant is a *cut*: a set of events that has with each
event also those which are executed before it. Memory then holds what the coherence-last writes of
the cut wrote. A property's reads of memory at an instant are those of a lane of its own, in the set
`Snap`. They are no accesses for any rule of LKMM; an axiom of their own says what they return. The
other reading of the same reads, `OBSERVED`, is a CPU that makes all of them at once, between
full barriers.

What executes when is `hb`, `pb` and `rb` of marked accesses. A plain access has a place too, for
cuts alone: behind what it depends on and what it reads, and on its side of every fence.
"""

from smtmodel.models.lkmm import LKMM
from smtmodel.models.lkmm.events import (
    ADDR,
    IDENTITY,
    PLAIN,
    PO_OR_SAME,
    RFE,
    R,
    defined,
)
from smtmodel.models.lkmm.fences import FENCE, STRONG
from smtmodel.models.lkmm.order import HB, PB, PROP, RWDEP
from smtmodel.models.lkmm.rcu import FENCE_RCU, RB, STRONG_RCU
from smtmodel.models.terms import (
    FR,
    PO,
    RF,
    AnyIn,
    Axiom,
    AxiomForm,
    Defined,
    Difference,
    Domain,
    Events,
    EventSet,
    Except,
    Group,
    Intersection,
    Inverse,
    Named,
    NamedSet,
    Nested,
    Optional,
    Product,
    Range,
    Recursion,
    Relation,
    Star,
    Union,
    then,
)
from smtmodel.source.record import replace

SNAP, OWN, BEGIN, RETURN = map(Events, ("Snap", "Own", "Begin", "Return"))
TOGETHER = Product(SNAP, SNAP)
LATE, CUT_ORDER = Named("late"), Named("cut-order")
IN_UPDATE = Named("in-update")
UNFINISHED = NamedSet("unfinished-update")
SOURCE = "docs/weak-memory.md, Instants"


def _inside(opening: EventSet, closing: EventSet) -> Relation:
    """From an opening bracket to what stands between it and its closing one, both included."""
    before = then(Nested(opening, closing), Optional(Inverse(PO)))
    return Intersection(then(opening, PO_OR_SAME), before)


def _same(inside: Relation) -> Relation:
    return then(Inverse(inside), inside)


def _changed(
    groups: tuple[Group, ...], changes: dict[str, Relation | EventSet]
) -> tuple[Group, ...]:
    """The definitions, some of them with other terms."""
    return tuple(
        replace(one, term=changes[one.name])
        if isinstance(one, Defined) and one.name in changes
        else one
        for one in groups
    )


def _term(name: str) -> Relation | EventSet:
    """What LKMM defines by that name."""
    (found,) = (x.term for x in LKMM.definitions if isinstance(x, Defined) and x.name == name)
    return found


def _set(name: str) -> EventSet:
    found = _term(name)
    assert isinstance(found, EventSet)
    return found


_UNSEEN = _changed(LKMM.definitions, {name: Except(_set(name), SNAP) for name in ("R", "Marked")})
"""LKMM's definitions, to which reads at an instant are no accesses."""


PLACED = then(Union((RWDEP, then(ADDR, R), RFE)), PLAIN)
"""What a plain access depends on, or reads, from another lane."""
IN_TURN = then(OWN, PO, OWN)
"""The writes of a lane to its own entry."""


def _cut_order(*more: Relation) -> tuple[Defined, ...]:
    fenced = then(PROP, STRONG_RCU, PLAIN)
    order = Union((HB, PB, RB, FENCE_RCU, PLACED, fenced, IN_TURN, *more))
    return defined(SOURCE, ("cut-order", order, "a cut that has the second has the first"))


def _late(*more: Relation) -> Group:
    """What a cut must not have, from each of its reads: later writes and what comes after them."""
    later = Union((then(TOGETHER, FR), *more, then(LATE, CUT_ORDER)))
    return Recursion(defined(SOURCE, ("late", later, "what comes after a write that is not read")))


AT_A_CUT = Axiom(
    "cut",
    AxiomForm.IRREFLEXIVE,
    then(LATE, RF),
    "some cut has what is read of memory, and nothing later",
    SOURCE,
)

CUT = replace(
    LKMM,
    name="lkmm at an instant",
    axioms=(*LKMM.axioms, AT_A_CUT),
    definitions=(*_UNSEEN, *_cut_order(), _late()),
    flags=LKMM.flags,
)

_UPDATES = defined(
    SOURCE,
    ("in-update", _inside(BEGIN, RETURN), "the events of an update that has returned"),
    (
        "unfinished-update",
        Range(then(Except(BEGIN, Domain(Nested(BEGIN, RETURN))), PO_OR_SAME)),
        "the events of an update that never returns",
    ),
)

SETTLED = replace(
    CUT,
    name="lkmm with no update in progress",
    definitions=(
        *_UNSEEN,
        *_UPDATES,
        *_cut_order(_same(IN_UPDATE)),
        _late(Product(SNAP, UNFINISHED)),
    ),
)

END = replace(
    LKMM,
    name="lkmm at the end",
    axioms=(
        *LKMM.axioms,
        Axiom("end", AxiomForm.EMPTY, then(SNAP, FR), "what is read is the last write", SOURCE),
    ),
    definitions=_UNSEEN,
)

WATCHED, WATCHING = then(PO_OR_SAME, OWN, RF, TOGETHER), then(TOGETHER, FR, OWN, PO_OR_SAME)
"""Who reads an entry of a lane is that lane, and stands between two of its steps."""


def _observed(*barriers: Relation) -> dict[str, Relation | EventSet]:
    """The definitions in which the reads of a property are accesses, with barriers around them."""
    more = (WATCHED, WATCHING, *barriers)
    return {
        "Marked": AnyIn((_set("Marked"), SNAP)),
        "fence-or-rcu": Union((FENCE, Named("rcu-fence"), *more)),
        "strong-or-rcu": Union((STRONG, Named("rcu-fence"), TOGETHER, *more)),
        "pb": then(
            Union((then(PROP, Union((STRONG, *more))), then(Difference(PROP, IDENTITY), TOGETHER))),
            *(Star(HB), NamedSet("Marked")),
        ),
    }


OBSERVED = replace(
    LKMM,
    name="lkmm, observed",
    definitions=_changed(LKMM.definitions, _observed()),
)
"""A CPU that makes all of a property's reads at once: as if full barriers stood between them."""

TELL, HEAR = map(Events, ("Tell", "Hear"))
_MESSAGES = AnyIn((TELL, HEAR))
OVER = then(_same(IN_UPDATE), TELL, RF, Product(HEAR, SNAP))
TO_COME = Union((then(Product(SNAP, HEAR), FR, TELL, _same(IN_UPDATE)), Product(SNAP, UNFINISHED)))
_TOLD = _observed(OVER, TO_COME)

TOLD = replace(
    OBSERVED,
    name="lkmm, observed by who is told of updates",
    definitions=(
        *_UPDATES,
        *_changed(
            LKMM.definitions,
            {
                **_TOLD,
                "R": Except(_set("R"), HEAR),
                "W": Except(_set("W"), TELL),
                "Marked": Except(AnyIn((_set("Marked"), SNAP)), _MESSAGES),
            },
        ),
    ),
)
"""The same where no update is in progress: of each either all comes before, or all behind, with
full barriers between. `Tell` and `Hear`, which say which, are no accesses for any rule of LKMM."""
