"""Sequential consistency."""

from smtmodel.models.terms import CO, FR, PO, RF, Axiom, Form, Model, Union

SC = Model(
    name="sc",
    title="sequential consistency: one step at a time, each seen by everybody at once",
    axioms=(
        Axiom(
            name="sc",
            form=Form.ACYCLIC,
            relation=Union((PO, RF, CO, FR)),
            reason="all lanes' events lie in one order that each lane's program order agrees with",
            source="L. Lamport 1979; in this form D. Shasha and M. Snir 1988, herd7's sc.cat",
        ),
    ),
    instants="sc",
    store_buffers=False,
    causal=True,
)
