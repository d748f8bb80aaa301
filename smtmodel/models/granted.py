"""What is taken for granted of litmus tests, whatever their model says."""

from smtmodel.models.terms import (
    CO,
    EXT,
    FR,
    LOC,
    PO,
    RF,
    Axiom,
    AxiomForm,
    Base,
    Intersection,
    Union,
    then,
)

COHERENT = Axiom(
    "coherent",
    AxiomForm.ACYCLIC,
    Union((Intersection(PO, LOC), RF, CO, FR)),
    "the accesses to one location agree with each lane's program order",
    "linux-kernel.cat",
)
UNDIVIDED = Axiom(
    "undivided",
    AxiomForm.EMPTY,
    Intersection(Base("rmw"), then(Intersection(FR, EXT), Intersection(CO, EXT))),
    "no other lane writes between the read and the write of a read-modify-write",
    "Documentation/atomic_t.txt",
)
