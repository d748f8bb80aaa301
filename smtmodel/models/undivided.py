"""What is taken for granted of litmus tests, whatever their model says."""

from smtmodel.models.terms import CO, EXT, FR, Axiom, AxiomForm, Base, Intersection, then

UNDIVIDED = Axiom(
    "undivided",
    AxiomForm.EMPTY,
    Intersection(Base("rmw"), then(Intersection(FR, EXT), Intersection(CO, EXT))),
    "no other lane writes between the read and the write of a read-modify-write",
    "Documentation/atomic_t.txt",
)
