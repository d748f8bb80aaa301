"""LKMM: what orders within a lane, and as seen by all lanes."""

from smtmodel.models.lkmm.events import (
    ACQUIRE,
    LKR,
    LKW,
    MB,
    PO_OR_SAME,
    R4RMB,
    RELEASE,
    RMW,
    SRCU_UNLOCK,
    SYNC_RCU,
    SYNC_SRCU,
    UL,
    M,
    R,
    W,
    defined,
    events,
    fenced,
)
from smtmodel.models.terms import PO, RF, AllIn, AnyIn, Events, Named, Union, then

ACQ_PO, PO_REL, UNLOCK_LOCK = map(Named, ("acq-po", "po-rel", "po-unlock-lock-po"))
RMB, WMB, MB_ORDER, GP = map(Named, ("rmb", "wmb", "mb", "gp"))
STRONG, NONRW, FENCE, COMPILER = map(Named, ("strong-fence", "nonrw-fence", "fence", "barrier"))

FENCES = (
    *defined(
        "linux-kernel.cat; memory-barriers.txt; explanation.txt, THE PRESERVED PROGRAM ORDER"
        " RELATION: ppo",
        ("acq-po", then(ACQUIRE, PO, M), "an acquire comes before what is behind it"),
        ("po-rel", then(M, PO, RELEASE), "a release comes after what is before it"),
        ("rmb", then(R4RMB, fenced(Events("Rmb")), R4RMB), "smp_rmb() orders reads"),
        ("wmb", then(W, fenced(Events("Wmb")), W), "smp_wmb() orders writes"),
    ),
    *defined(
        "linux-kernel.cat; explanation.txt, LOCKING",
        (
            "po-unlock-lock-po",
            then(PO, UL, Union((PO, RF)), LKR, PO),
            "releasing a lock comes before it, or another, is taken by the lane, or it is next",
        ),
    ),
    *defined(
        "linux-kernel.cat; Documentation/atomic_t.txt and memory-barriers.txt",
        (
            "mb",
            Union(
                (
                    then(M, fenced(MB), M),
                    then(M, PO, AllIn((MB, R))),
                    then(AllIn((MB, W)), PO, M),
                    then(M, fenced(Events("Before-atomic")), RMW, PO_OR_SAME, M),
                    then(M, PO_OR_SAME, RMW, fenced(Events("After-atomic")), M),
                    then(M, PO_OR_SAME, LKW, fenced(Events("After-spinlock")), M),
                    then(M, UNLOCK_LOCK, Events("After-unlock-lock"), PO, M),
                    then(
                        *(M, PO_OR_SAME, SRCU_UNLOCK),
                        *(fenced(Events("After-srcu-read-unlock")), M),
                    ),
                )
            ),
            "full barriers: smp_mb(), operations that are one, and what makes another step one",
        ),
    ),
    *defined(
        "linux-kernel.cat; explanation.txt, RCU RELATIONS",
        (
            "gp",
            then(PO, AnyIn((SYNC_RCU, SYNC_SRCU)), PO_OR_SAME),
            "waiting for a grace period is a full barrier",
        ),
    ),
    *defined(
        "linux-kernel.cat; explanation.txt, PROPAGATION ORDER RELATION: cumul-fence",
        ("strong-fence", Union((MB_ORDER, GP)), "what is before it is seen by all lanes first"),
        ("nonrw-fence", Union((STRONG, PO_REL, ACQ_PO)), "fences for reads and writes alike"),
        ("fence", Union((NONRW, WMB, RMB)), "all fences"),
    ),
    *defined(
        "linux-kernel.cat; explanation.txt, PLAIN ACCESSES AND DATA RACES",
        (
            "barrier",
            Union(
                (
                    fenced(
                        AnyIn(
                            (
                                *events("Barrier", "Rmb", "Wmb", "Before-atomic", "After-atomic"),
                                *(MB, SYNC_RCU, SYNC_SRCU, ACQUIRE, RELEASE),
                                *events("Rcu-lock", "Rcu-unlock", "Srcu-lock", "Srcu-unlock"),
                            )
                        )
                    ),
                    then(PO, RELEASE),
                    then(ACQUIRE, PO),
                )
            ),
            "what the compiler moves no access over",
        ),
    ),
)
