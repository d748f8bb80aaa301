"""Protocols that are dear for the solver or the explorer, and what it takes to enumerate them.

As a program, given the name of one: follows every interleaving under each model that the file
speaks of, and prints how many states that are. It compares nothing and looks for no smallest run.
"""

import sys

SLOW = (
    "tests/slow/bias.dsl",
    "tests/slow/static-key.dsl",
    "tests/slow/swap.dsl",
    "tests/slow/tlb-order.dsl",
    "protocols/kvm/k8.dsl:after",
    "protocols/kvm/k8.dsl:two_steps",
    "protocols/kvm/k1.dsl:sampled_no_grace_period",
    "protocols/fuse/f7.dsl:raised_early",
)


def deciding(name: str) -> list[str]:
    """The command that decides one, and ends with status 0 if the verdicts are those expected."""
    file, _, variant = name.partition(":")
    which = ["--variant", variant] if variant else []
    return [sys.executable, "-m", "smtmodel", "check", file, *which]


def enumerating(name: str) -> list[str]:
    """The command that enumerates one, and prints its states."""
    return [sys.executable, "-m", "benchmarks.slow", name]


def states(name: str) -> int:
    """How many states it has, under all models."""
    from smtmodel import models, pipeline
    from smtmodel.commands.expectations import models_of
    from smtmodel.executions.explore import explore
    from smtmodel.source.refusal import Refusal

    loaded = pipeline.load(name)
    assert not isinstance(loaded, Refusal), loaded
    protocol, total = loaded[0].checked, 0
    for used in map(models.model, models_of(protocol)):
        found = explore(protocol, protocol.bounds, store_buffers=used.store_buffers)
        assert found.finished
        total += found.states
    return total


if __name__ == "__main__":
    print(states(sys.argv[1]))
