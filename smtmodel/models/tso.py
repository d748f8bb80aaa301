"""Total store order, as x86 has it.

Marks that are not accesses take part as `docs/semantics.md` says: releasing a spinlock,
leaving a section, freeing and returning from an update pass through the store buffer like a
write; barriers, locked instructions, taking a lock, releasing a mutex, grace periods and the start
of an update under the implicit mutex wait until the buffer is empty. A compare-exchange is a
locked instruction whatever it finds; an increment unless zero looks first, by a plain read.
"""

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
    Defined,
    Difference,
    Events,
    Except,
    Intersection,
    MachineKind,
    Model,
    Named,
    NamedSet,
    Product,
    Promised,
    Trusted,
    Union,
)

BUFFERED = AnyIn(
    (
        Except(Events("W"), Events("Locked")),
        Events("SpinUnlock"),
        Events("Leave"),
        Events("Defer"),
        Events("Free"),
        Events("Return"),
    )
)
DRAINING = AnyIn(
    (
        Events("Mb"),
        Events("Locked"),
        Events("Lock"),
        Events("MutexUnlock"),
        Events("Grace"),
        Events("SerialBegin"),
    )
)
PRESERVED = Difference(PO, Product(NamedSet("buffered"), NamedSet("immediate")))

SOURCE = (
    "S. Owens, S. Sarkar, P. Sewell, A better x86 memory model: x86-TSO, 2009; herd7's x86tso.cat"
)

TSO = Model(
    name="tso",
    title="total store order (x86): a store may pass later loads of the same lane",
    axioms=(
        Axiom(
            name="per_location",
            form=AxiomForm.ACYCLIC,
            relation=Union((Intersection(PO, LOC), Named("com"))),
            reason="the accesses to one location agree with each lane's program order",
            source=SOURCE,
        ),
        Axiom(
            name="global",
            form=AxiomForm.ACYCLIC,
            relation=Union((Named("preserved"), Intersection(RF, EXT), CO, FR)),
            reason="memory changes in one order that all lanes see, their own stores excepted",
            source=SOURCE,
        ),
    ),
    instants="global",
    machine=MachineKind.STORE_BUFFERS,
    causal=True,
    idle=("smp_wmb", "smp_rmb", "smp_mb__before_atomic", "smp_mb__after_atomic"),
    trusts=(
        Trusted("store buffers are x86's"),
        Trusted(
            "an atomic is a full barrier, as on x86; the kernel promises less", Promised.ATOMICS
        ),
        Trusted(
            "a lock's instruction is a full barrier, as on x86; the kernel promises less",
            Promised.LOCKS,
        ),
    ),
    leaves_out="memory weaker than tso",
    definitions=(
        Defined("com", Union((RF, CO, FR)), "how accesses to one location communicate", SOURCE),
        Defined("buffered", BUFFERED, "what waits in the store buffer of its lane", SOURCE),
        Defined("draining", DRAINING, "what waits until the store buffer is empty", SOURCE),
        Defined(
            "immediate",
            Except(Events("All"), AnyIn((NamedSet("buffered"), NamedSet("draining")))),
            "what neither enters the store buffer nor waits for it",
            SOURCE,
        ),
        Defined(
            "preserved",
            PRESERVED,
            "program order without the pairs that a store buffer may turn round",
            SOURCE,
        ),
    ),
)
