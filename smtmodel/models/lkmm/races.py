"""LKMM: plain accesses, visibility and data races."""

from smtmodel.models.lkmm.events import (
    ADDR,
    INT,
    IW,
    MARKED,
    NORETURN,
    PLAIN,
    PO_LOC,
    R4RMB,
    RFE,
    M,
    W,
    defined,
    fenced,
)
from smtmodel.models.lkmm.fences import COMPILER, NONRW
from smtmodel.models.lkmm.order import CUMUL, HB, PB, SEQUENCE
from smtmodel.models.lkmm.rcu import FENCE_RCU, RB, STRONG_RCU
from smtmodel.models.terms import (
    CO,
    EXT,
    FR,
    RF,
    AllIn,
    Difference,
    Events,
    Except,
    Intersection,
    Inverse,
    Named,
    Optional,
    Outside,
    Product,
    Star,
    Union,
    then,
)

XBSTAR, VIS = Named("xbstar"), Named("vis")
W_PRE, R_PRE, W_POST, R_POST = map(
    Named, ("w-pre-bounded", "r-pre-bounded", "w-post-bounded", "r-post-bounded")
)
WW_VIS, WR_VIS, RW_XBSTAR = map(Named, ("ww-vis", "wr-vis", "rw-xbstar"))
PRE_RACE, NONRACE = Named("pre-race"), Named("ww-nonrace")
READS_RMB = Events("Rmb")
RETURNING = Outside(NORETURN)

PLAIN_ACCESSES = defined(
    "linux-kernel.cat; explanation.txt, PLAIN ACCESSES AND DATA RACES",
    (
        "mixed-accesses",
        Union(
            (
                then(AllIn((PLAIN, W)), Difference(PO_LOC, COMPILER), MARKED),
                then(MARKED, Difference(PO_LOC, COMPILER), AllIn((PLAIN, W))),
            )
        ),
        "the compiler may put what it makes of a plain write over a marked access",
    ),
    ("xbstar", Star(Union((HB, PB, RB))), "executed before, or the same"),
    (
        "vis",
        then(
            *(Star(CUMUL), Optional(RFE), MARKED),
            Union((then(STRONG_RCU, MARKED, XBSTAR), Intersection(XBSTAR, INT))),
        ),
        "the first has reached the lane of the second before that is executed",
    ),
    (
        "w-pre-bounded",
        then(MARKED, Optional(Union((ADDR, FENCE_RCU)))),
        "no part of a plain write is made before",
    ),
    (
        "r-pre-bounded",
        then(MARKED, Optional(Union((ADDR, NONRW, then(R4RMB, fenced(READS_RMB), RETURNING))))),
        "no part of a plain read is made before",
    ),
    (
        "w-post-bounded",
        then(Optional(FENCE_RCU), MARKED, SEQUENCE),
        "all parts of a plain write are made before",
    ),
    (
        "r-post-bounded",
        then(Optional(Union((NONRW, then(RETURNING, fenced(READS_RMB), R4RMB)))), MARKED),
        "all parts of a plain read are made before",
    ),
    (
        "ww-vis",
        Union((FENCE_RCU, then(STRONG_RCU, XBSTAR, W_PRE), then(W_POST, VIS, W_PRE))),
        "a write is visible before another is made",
    ),
    (
        "wr-vis",
        Union((FENCE_RCU, then(STRONG_RCU, XBSTAR, R_PRE), then(W_POST, VIS, R_PRE))),
        "a write is visible before a read is made",
    ),
    (
        "rw-xbstar",
        Union((FENCE_RCU, then(R_POST, XBSTAR, W_PRE))),
        "a read is made before a write is",
    ),
    (
        "pre-race",
        Intersection(EXT, Union((Product(PLAIN, M), Product(Except(M, IW), PLAIN)))),
        "two lanes, one of them by a plain access",
    ),
    (
        "wr-incoh",
        Intersection(Intersection(PRE_RACE, RF), Inverse(RW_XBSTAR)),
        "a read of a later write",
    ),
    (
        "rw-incoh",
        Intersection(Intersection(PRE_RACE, FR), Inverse(WR_VIS)),
        "a read past a visible write",
    ),
    (
        "ww-incoh",
        Intersection(Intersection(PRE_RACE, CO), Inverse(WW_VIS)),
        "coherence against visibility",
    ),
    (
        "ww-nonrace",
        Intersection(
            Intersection(WW_VIS, Union((Product(MARKED, W), RW_XBSTAR))),
            Union((Product(W, MARKED), WR_VIS)),
        ),
        "two writes in an order, also for what a compiler may read before it writes",
    ),
    ("ww-race", Difference(Intersection(PRE_RACE, CO), NONRACE), "two writes in no such order"),
    (
        "wr-race",
        Difference(
            Difference(Intersection(PRE_RACE, then(Optional(CO), RF)), WR_VIS), Inverse(RW_XBSTAR)
        ),
        "a write and a later read in no order",
    ),
    (
        "rw-race",
        Difference(Intersection(PRE_RACE, FR), RW_XBSTAR),
        "a read and a later write in no order",
    ),
)
