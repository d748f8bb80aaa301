"""LKMM: preserved program order, propagation, and what is executed before what."""

from smtmodel.models.lkmm.events import (
    ADDR,
    CARRIED_DATA,
    CTRL,
    IDENTITY,
    INT,
    MARKED,
    PAIRED,
    PLAIN,
    RFE,
    RFI,
    R,
    W,
    defined,
)
from smtmodel.models.lkmm.fences import FENCE, PO_REL, STRONG, UNLOCK_LOCK, WMB
from smtmodel.models.terms import (
    CO,
    EXT,
    FR,
    RF,
    Difference,
    Intersection,
    Named,
    Optional,
    Relation,
    Star,
    Union,
    then,
)

COM, OVERWRITE = Named("com"), Named("overwrite")
DEP, RWDEP, TO_W, TO_R, PPO = map(Named, ("dep", "rwdep", "to-w", "to-r", "ppo"))
SEQUENCE, CUMUL, PROP = map(Named, ("rmw-sequence", "cumul-fence", "prop"))
HB, PB = Named("hb"), Named("pb")


def _cumulative(order: Relation) -> Relation:
    """The order, also for what the lane before it has read from another."""
    return then(Optional(then(RFE, MARKED)), order)


ORDER = (
    *defined(
        "linux-kernel.cat; explanation.txt, SEQUENTIAL CONSISTENCY PER VARIABLE",
        ("com", Union((RF, CO, FR)), "how accesses to one location communicate"),
        ("overwrite", Union((CO, FR)), "a write later in coherence order"),
    ),
    *defined(
        "linux-kernel.cat; explanation.txt, THE PRESERVED PROGRAM ORDER RELATION: ppo",
        ("dep", Union((ADDR, CARRIED_DATA)), "what is accessed or written depends on a read"),
        ("rwdep", then(Union((DEP, CTRL)), W), "no write is made before it is known"),
        (
            "to-w",
            Union((RWDEP, Intersection(OVERWRITE, INT), then(ADDR, PLAIN, WMB))),
            "what a write is executed after",
        ),
        (
            "to-r",
            Union((then(ADDR, R), then(DEP, MARKED, RFI))),
            "what a read is executed after, by what the lane computes",
        ),
        (
            "ppo",
            Union((TO_R, TO_W, Intersection(FENCE, INT), Intersection(UNLOCK_LOCK, INT))),
            "the part of program order in which a lane executes",
        ),
    ),
    *defined(
        "linux-kernel.cat; explanation.txt, PROPAGATION ORDER RELATION: cumul-fence",
        (
            "rmw-sequence",
            Star(then(RF, PAIRED)),
            "a write is carried on by read-modify-writes of what it wrote",
        ),
        (
            "cumul-fence",
            then(
                MARKED,
                Union((_cumulative(Union((STRONG, PO_REL))), WMB, UNLOCK_LOCK)),
                *(MARKED, SEQUENCE),
            ),
            "of two writes the first reaches each lane before the second does",
        ),
        (
            "prop",
            then(
                *(MARKED, Optional(Intersection(OVERWRITE, EXT)), Star(CUMUL)),
                *(MARKED, Optional(RFE), MARKED),
            ),
            "the first is executed before a write that comes after it reaches the last one's lane",
        ),
    ),
    *defined(
        "linux-kernel.cat; explanation.txt, THE HAPPENS-BEFORE RELATION: hb",
        (
            "hb",
            then(MARKED, Union((PPO, RFE, Intersection(Difference(PROP, IDENTITY), INT))), MARKED),
            "the first is executed before the second",
        ),
    ),
    *defined(
        "linux-kernel.cat; explanation.txt, THE PROPAGATES-BEFORE RELATION: pb",
        (
            "pb",
            then(PROP, STRONG, Star(HB), MARKED),
            "what a full barrier comes after has reached every lane before what is behind it",
        ),
    ),
)
