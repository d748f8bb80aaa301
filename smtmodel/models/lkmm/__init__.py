"""The memory model of the Linux kernel, as definitions of this project.

What the kernel publishes in tools/memory-model is stated here anew, over the events of litmus
tests: `linux-kernel.cat` defines the relations, `linux-kernel.bell` sections and tags, `lock.cat`
locks; `Documentation/explanation.txt` says why. Names are those of the files; a test compares every
axiom and flag with theirs, term by term, where the files are at hand. Locks are memory here: taking
one is a read of it, as free, and a write, releasing one a write. What `lock.cat` says beyond that
of executions (a lock which is held is not taken) whoever makes them sees to.

Event sets by the tags of linux-kernel.def: `Once`, `Acquire`, `Release`, `Noreturn` (of the read of
a read-modify-write without a value), `Mb` (a barrier, or an access of an operation that is a full
barrier), the barriers `Wmb`, `Rmb`, `Barrier`, `Before-atomic`, `After-atomic`, `After-spinlock`,
`After-unlock-lock`, `After-srcu-read-unlock`, and `Rcu-lock`, `Rcu-unlock`, `Sync-rcu`,
`Srcu-lock`, `Srcu-unlock`, `Sync-srcu`. By what happens: `R`, `W`, `IW` (initial writes), `RMW`
(both accesses of a read-modify-write, also where it fails and only reads), `LKR` and `LKW` (a
lock taken), `UL` (released), `LF` (a try that fails), `RL` and `RU` (a look that finds it locked or
free). A grace period of SRCU is no access, but is in `loc` with its domain's others.
"""

from smtmodel.models.lkmm.events import (
    CARRY_SRCU,
    COOKIE,
    DEPENDENCIES,
    EVENTS,
    LOCK_EVENTS,
    PAIRED,
    PO_LOC,
    RCU_RSCS,
    SRCU_LOCK,
    SRCU_RSCS,
    SRCU_UNLOCK,
    SYNC_SRCU,
    UL,
)
from smtmodel.models.lkmm.fences import FENCES
from smtmodel.models.lkmm.order import COM, HB, ORDER, PB
from smtmodel.models.lkmm.races import PLAIN_ACCESSES
from smtmodel.models.lkmm.rcu import RB, RCU
from smtmodel.models.terms import (
    CO,
    EXT,
    FR,
    LOC,
    PO,
    RF,
    AnyIn,
    Axiom,
    AxiomForm,
    Base,
    Difference,
    Domain,
    Events,
    EventSet,
    Except,
    Flag,
    Identity,
    Intersection,
    Inverse,
    Model,
    Named,
    Outside,
    Range,
    Relation,
    Sequence,
    Union,
    then,
)

AXIOMS = (
    Axiom(
        "coherence",
        AxiomForm.ACYCLIC,
        Union((PO_LOC, COM)),
        "the accesses to one location agree with each lane's program order",
        "linux-kernel.cat; explanation.txt, SEQUENTIAL CONSISTENCY PER VARIABLE",
    ),
    Axiom(
        "atomic",
        AxiomForm.EMPTY,
        Intersection(PAIRED, Sequence(Intersection(FR, EXT), Intersection(CO, EXT))),
        "no other lane writes between the read and the write of a read-modify-write",
        "linux-kernel.cat; explanation.txt, ATOMIC UPDATES: rmw",
    ),
    Axiom(
        "happens-before",
        AxiomForm.ACYCLIC,
        HB,
        "nothing is executed before itself",
        "linux-kernel.cat; explanation.txt, THE HAPPENS-BEFORE RELATION: hb",
    ),
    Axiom(
        "propagation",
        AxiomForm.ACYCLIC,
        PB,
        "nothing reaches all lanes before itself",
        "linux-kernel.cat; explanation.txt, THE PROPAGATES-BEFORE RELATION: pb",
    ),
    Axiom(
        "rcu",
        AxiomForm.IRREFLEXIVE,
        RB,
        "no read section lies on both sides of a grace period",
        "linux-kernel.cat; explanation.txt, RCU RELATIONS",
    ),
    Axiom(
        "plain-coherence",
        AxiomForm.EMPTY,
        Union(tuple(map(Named, ("wr-incoh", "rw-incoh", "ww-incoh")))),
        "coherence agrees with what is visible, of plain accesses too",
        "linux-kernel.cat; explanation.txt, PLAIN ACCESSES AND DATA RACES",
    ),
)


def _some(name: str, what: Relation | EventSet, reason: str, source: str) -> Flag:
    """Raised where there is any."""
    return Flag(
        name,
        AxiomForm.INHABITED,
        Identity(what) if isinstance(what, EventSet) else what,
        reason,
        source,
    )


_BELL = "linux-kernel.bell"
_LOCKS = "lock.cat"
_OTHER = Except(AnyIn((Events("R"), Events("W"))), AnyIn((LOCK_EVENTS, Events("IW"))))
_LOCKED_OR_NOT = AnyIn((Events("LKW"), UL))
_CRITICAL = Difference(then(Events("LKW"), PO_LOC, UL), then(PO_LOC, _LOCKED_OR_NOT, PO_LOC))
_MISUSED = Outside(Domain(then(COOKIE, SRCU_UNLOCK)))

FLAGS = (
    _some(
        "unmatched-rcu-lock",
        Except(Events("Rcu-lock"), Domain(RCU_RSCS)),
        "a read section is not ended",
        _BELL,
    ),
    _some(
        "unmatched-rcu-unlock",
        Except(Events("Rcu-unlock"), Range(RCU_RSCS)),
        "a read section is ended that was not begun",
        _BELL,
    ),
    _some(
        "unmatched-srcu-lock",
        Except(SRCU_LOCK, Domain(SRCU_RSCS)),
        "a domain's read section is not ended",
        _BELL,
    ),
    _some(
        "unmatched-srcu-unlock",
        Except(SRCU_UNLOCK, Range(SRCU_RSCS)),
        "a domain's read section is ended that was not begun",
        _BELL,
    ),
    _some(
        "multiple-srcu-matches",
        Difference(then(Inverse(SRCU_RSCS), SRCU_RSCS), Base("id")),
        "a domain's read section is ended twice",
        _BELL,
    ),
    _some(
        "invalid-sleep",
        Intersection(RCU_RSCS, then(PO, SYNC_SRCU, PO)),
        "a read section of RCU waits for a grace period of SRCU",
        _BELL,
    ),
    _some(
        "srcu-bad-value-match",
        Intersection(SRCU_RSCS, Base("different-values")),
        "an unlock is given another cookie than the lock gave",
        _BELL,
    ),
    _some(
        "suspicious-srcu-cookie-use",
        then(SRCU_LOCK, COOKIE, RF, _MISUSED),
        "a cookie is read by what passes it to no unlock",
        _BELL,
    ),
    _some(
        "illegal-srcu-cookie-ctrl",
        then(SRCU_LOCK, CARRY_SRCU, Base("ctrl")),
        "a branch depends on a cookie",
        _BELL,
    ),
    _some(
        "illegal-srcu-cookie-addr",
        then(SRCU_LOCK, CARRY_SRCU, Base("addr")),
        "an address depends on a cookie",
        _BELL,
    ),
    _some(
        "mixed-lock-accesses",
        then(_OTHER, LOC, LOCK_EVENTS),
        "a lock is touched as memory",
        _LOCKS,
    ),
    _some(
        "unmatched-unlock",
        Except(UL, Range(_CRITICAL)),
        "a lock is released that the lane has not taken",
        _LOCKS,
    ),
    _some(
        "mixed-accesses",
        Named("mixed-accesses"),
        "the compiler may put what it makes of a plain write over a marked access",
        "linux-kernel.cat",
    ),
    _some(
        "data-race",
        Union(tuple(map(Named, ("ww-race", "wr-race", "rw-race")))),
        "two lanes access a location in no order, one by a plain access and one by a write",
        "linux-kernel.cat; explanation.txt, PLAIN ACCESSES AND DATA RACES",
    ),
)

LKMM = Model(
    name="lkmm",
    title="the Linux kernel's memory model",
    axioms=AXIOMS,
    instants=None,
    machine=None,
    causal=False,
    idle=(),
    trusts=(),
    leaves_out="accesses of different sizes, devices, interrupts",
    definitions=(*EVENTS, *DEPENDENCIES, *FENCES, *ORDER, *RCU, *PLAIN_ACCESSES),
    flags=FLAGS,
)
