"""Sequential consistency."""

from smtmodel.models.terms import (
    CO,
    FR,
    PO,
    RF,
    Axiom,
    AxiomForm,
    Defined,
    MachineKind,
    Model,
    Named,
    Union,
)

SOURCE = "L. Lamport 1979; in this form D. Shasha and M. Snir 1988, herd7's sc.cat"

SC = Model(
    name="sc",
    title="sequential consistency: one step at a time, each seen by everybody at once",
    axioms=(
        Axiom(
            name="sc",
            form=AxiomForm.ACYCLIC,
            relation=Union((PO, Named("com"))),
            reason="all lanes' events lie in one order that each lane's program order agrees with",
            source=SOURCE,
        ),
    ),
    instants="sc",
    machine=MachineKind.AT_ONCE,
    causal=True,
    idle=("smp_mb", "smp_wmb", "smp_rmb", "smp_mb__before_atomic", "smp_mb__after_atomic"),
    trusts=(),
    leaves_out="weak memory",
    definitions=(
        Defined("com", Union((RF, CO, FR)), "how accesses to one location communicate", SOURCE),
    ),
)
