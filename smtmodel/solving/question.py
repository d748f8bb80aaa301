"""Questions about protocols as jobs, made by those who must not import the solver.

Takes a protocol and what is asked about it; gives a `Job` that a worker answers.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial

from smtmodel.language.checked import Bounds, Checked
from smtmodel.models import KERNEL, Model
from smtmodel.solving.result import Limits
from smtmodel.verdict import Verdict
from smtmodel.work.engine import Job

COLLECT = (100_000, 20, 20)
"""When a worker looks for cycles: with Python's own numbers a sixth of its time goes there."""


def load() -> str:
    """Be ready to decide before there is a job; gives the version of z3."""
    import z3

    import smtmodel.solving.decide  # noqa: F401

    z3.main_ctx()  # made with the first solver otherwise, while somebody waits
    _keep()
    return str(z3.get_version_string())


def load_weakly() -> str:
    """The same for litmus tests and the kernel's model, for which z3 is loaded if it is asked."""
    import smtmodel.solving.weakly  # noqa: F401
    from smtmodel.solving.satisfying import installed

    installed()
    _keep()
    return ""


def _keep() -> None:
    """What is here lives as long as the process; a job makes few cycles, and large structures."""
    import gc

    gc.freeze()
    gc.set_threshold(*COLLECT)


def question(
    protocol: Checked,
    model: str,
    limits: Limits,
    only: frozenset[str] | None = None,
    work: Callable[..., Iterable[object]] | None = None,
    *,
    bounds: Bounds | None = None,
    ready: bool = True,
) -> Job:
    """A question about the properties of these names (None: all), at these bounds (None: the
    protocol's own).

    `work` is a function at the top of a module, which the worker imports when it gets the job.
    It takes the protocol, the memory model, the bounds, the limits and the names. None is
    `smtmodel.solving.decide.decide`, or `smtmodel.solving.weakly.decide_weakly` for the kernel's.
    Unless it is to be `ready`, the worker loads only what the work imports.
    """
    asked = protocol, model, bounds or protocol.bounds, limits, only
    loading = load_weakly if model == KERNEL else load
    return Job(partial(_answers, work, *asked), loading if ready else None, limits.memory)


def verdicts(
    protocol: Checked,
    model: Model,
    bounds: Bounds,
    limits: Limits,
    only: frozenset[str] | None,
    *,
    awaited: Mapping[str, Verdict],
) -> Iterator[object]:
    """What deciding finds; of a property that has the verdict that is awaited of it no run."""
    from smtmodel.solving.decide import decide

    return decide(protocol, model, bounds, limits, only, awaited=awaited)


def _answers(
    work: Callable[..., Iterable[object]] | None,
    protocol: Checked,
    model: str,
    bounds: Bounds,
    limits: Limits,
    only: frozenset[str] | None,
) -> Iterable[object]:
    """What the work yields, for the model of that name."""
    from smtmodel import models

    if work is None and model == KERNEL:
        from smtmodel.solving.weakly import decide_weakly

        work = decide_weakly
    elif work is None:
        from smtmodel.solving.decide import decide

        work = decide
    return work(protocol, models.model(model), bounds, limits, only)
