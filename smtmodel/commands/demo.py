"""`demo`: what is told about the two protocols, and how each is expected to end."""

from smtmodel.verdict import Status

NARRATION = (
    (
        "A KVM patch of 2014 gave cached MMIO information the generation of the memslots it\n"
        "came from. A reviewer could not tell whether a fault can cache an old slot under the\n"
        "new generation. It can:",
        "original.dsl",
        Status.REFUTED,
    ),
    (
        "The fix that was merged lets the generation's low bit say that an update is in\n"
        "progress, and a fault that sees the bit caches nothing. No ordering goes wrong then:",
        "paolo.dsl",
        Status.GOOD,
    ),
)
"""(what is told, the protocol, the status that proving it ends with)."""
