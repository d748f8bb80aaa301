"""LKMM: grace periods and read sections, of RCU and of SRCU domains."""

from smtmodel.models.lkmm.events import (
    MARKED,
    PO_OR_SAME,
    RCU_RSCS,
    SRCU_RSCS,
    SYNC_RCU,
    SYNC_SRCU,
    defined,
)
from smtmodel.models.lkmm.fences import FENCE, STRONG
from smtmodel.models.lkmm.order import HB, PB, PROP
from smtmodel.models.terms import (
    LOC,
    PO,
    Group,
    Identity,
    Intersection,
    Inverse,
    Named,
    Recursion,
    Relation,
    Star,
    Union,
    then,
)

RCU_GP, SRCU_GP = Named("rcu-gp"), Named("srcu-gp")
RCU_RSCSI, SRCU_RSCSI = Named("rcu-rscsi"), Named("srcu-rscsi")
LINK, RCU_ORDER, RCU_FENCE = map(Named, ("rcu-link", "rcu-order", "rcu-fence"))
FENCE_RCU, STRONG_RCU = Named("fence-or-rcu"), Named("strong-or-rcu")
RB = Named("rb")


def _matched(first: Relation, last: Relation, *, domain: bool) -> tuple[Relation, ...]:
    """A grace period and a section, next to each other or with others between that are even."""
    direct, around = then(first, LINK, last), then(first, LINK, RCU_ORDER, LINK, last)
    return (Intersection(direct, LOC), Intersection(around, LOC)) if domain else (direct, around)


RCU: tuple[Group, ...] = (
    *defined(
        "linux-kernel.cat; explanation.txt, RCU RELATIONS",
        ("rcu-gp", Identity(SYNC_RCU), "grace periods"),
        ("srcu-gp", Identity(SYNC_SRCU), "grace periods of a domain"),
        ("rcu-rscsi", Inverse(RCU_RSCS), "from the end of a section to its begin"),
        ("srcu-rscsi", Inverse(SRCU_RSCS), "from the end of a domain's section to its begin"),
        (
            "rcu-link",
            then(PO_OR_SAME, Star(HB), Star(PB), PROP, PO),
            "something behind the first comes before something in front of the second",
        ),
    ),
    Recursion(
        defined(
            "linux-kernel.cat; explanation.txt, RCU RELATIONS",
            (
                "rcu-order",
                Union(
                    (
                        *(RCU_GP, SRCU_GP),
                        *_matched(RCU_GP, RCU_RSCSI, domain=False),
                        *_matched(SRCU_GP, SRCU_RSCSI, domain=True),
                        *_matched(RCU_RSCSI, RCU_GP, domain=False),
                        *_matched(SRCU_RSCSI, SRCU_GP, domain=True),
                        then(RCU_ORDER, LINK, RCU_ORDER),
                    )
                ),
                "links through at least as many grace periods as sections, domain by domain",
            ),
        )
    ),
    *defined(
        "linux-kernel.cat; explanation.txt, RCU RELATIONS",
        ("rcu-fence", then(PO, RCU_ORDER, PO_OR_SAME), "such links order like a full barrier"),
        ("fence-or-rcu", Union((FENCE, RCU_FENCE)), "fences, those links among them"),
        ("strong-or-rcu", Union((STRONG, RCU_FENCE)), "full barriers, those links among them"),
        (
            "rb",
            then(PROP, RCU_FENCE, Star(HB), Star(PB), MARKED),
            "as pb, with such links as the barrier",
        ),
    ),
)
