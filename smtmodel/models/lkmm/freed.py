"""LKMM for protocols: accesses to objects that have been freed.

Freeing an object is judged as a plain write to each of its fields, whoever owns it next: an access
of another lane has to be over by then as seen by all. That an access is executed before is not
enough, for a store may still land behind. `Kfree` has an event for each field. It is no access for
any rule of LKMM, so that it orders nothing, and what comes before it is said here.
"""

from smtmodel.models.lkmm import LKMM
from smtmodel.models.lkmm.events import (
    ACQUIRE,
    ADDR,
    IW,
    LKW,
    MARKED,
    MB,
    PO_OR_SAME,
    RMW,
    M,
    R,
    W,
    defined,
    events,
    fenced,
)
from smtmodel.models.lkmm.fences import GP, UNLOCK_LOCK
from smtmodel.models.lkmm.races import R_POST, VIS, W_POST, XBSTAR
from smtmodel.models.lkmm.rcu import RCU_FENCE, STRONG_RCU
from smtmodel.models.terms import (
    EXT,
    LOC,
    PO,
    AllIn,
    AnyIn,
    AxiomForm,
    Base,
    Difference,
    Events,
    Except,
    Flag,
    Intersection,
    Named,
    Product,
    Union,
    then,
)
from smtmodel.source.record import replace

FLAG = "use-after-free"
SOURCE = "docs/weak-memory.md, Objects that are freed"

KFREE, KNOW = events("Kfree", "Know")
ACCESS = Except(M, AnyIn((IW, KNOW)))
BEFORE, CROSSING = Named("before-kfree"), Named("across-to-kfree")
READ_BEFORE, WRITE_BEFORE = Named("read-before-kfree"), Named("write-before-kfree")
USED = Named("used-after-kfree")

DEFINITIONS = defined(
    SOURCE,
    (
        "before-kfree",
        then(
            MARKED,
            Union(
                (
                    *(
                        ADDR,
                        GP,
                        RCU_FENCE,
                        UNLOCK_LOCK,
                        then(ACQUIRE, PO),
                        then(W, fenced(Events("Wmb"))),
                    ),
                    *(then(M, fenced(MB)), then(AllIn((MB, W)), PO)),
                    then(M, fenced(Events("Before-atomic")), RMW, PO),
                    then(M, PO_OR_SAME, RMW, fenced(Events("After-atomic"))),
                    then(M, PO_OR_SAME, LKW, fenced(Events("After-spinlock"))),
                )
            ),
            KFREE,
        ),
        "the object is freed after it",
    ),
    (
        "across-to-kfree",
        then(ACCESS, Union((RCU_FENCE, UNLOCK_LOCK)), KFREE),
        "a grace period, or a lock handed over, lies between",
    ),
    (
        "read-before-kfree",
        Union((CROSSING, then(R_POST, XBSTAR, BEFORE))),
        "a read is made before the object is freed",
    ),
    (
        "write-before-kfree",
        Union((CROSSING, then(STRONG_RCU, XBSTAR, BEFORE), then(W_POST, VIS, BEFORE))),
        "a write is visible before the object is freed",
    ),
    (
        "used-after-kfree",
        Union(
            (
                Difference(then(AllIn((ACCESS, R)), Intersection(LOC, EXT), KFREE), READ_BEFORE),
                Difference(
                    then(AllIn((ACCESS, W)), Intersection(LOC, EXT), KFREE),
                    Intersection(WRITE_BEFORE, Union((Product(MARKED, KFREE), READ_BEFORE))),
                ),
                then(KFREE, Intersection(LOC, PO), ACCESS),
                then(KFREE, Difference(LOC, Base("id")), KFREE),
            )
        ),
        "an access to an object that may have been freed, or it is freed twice",
    ),
)

FREED = replace(
    LKMM,
    name="lkmm, with objects that are freed",
    definitions=(*LKMM.definitions, *DEFINITIONS),
    flags=(
        Flag(
            FLAG,
            AxiomForm.INHABITED,
            USED,
            "an object is accessed that may have been freed",
            SOURCE,
        ),
    ),
)
