"""What the interpreter makes of the solver's assignments.

Takes the reading of a satisfiable query; gives the replayed run, or why the interpreter and
the solver contradict each other. Nothing is REFUTED, reached or taken for a sign that a proof
is not vacuous before it went through here.
"""

from collections.abc import Callable

from smtmodel.encoding.decode import Reader
from smtmodel.executions.evaluate import accepts
from smtmodel.executions.replay import Impossible, Replayed, replay
from smtmodel.language.ast import When
from smtmodel.language.checked import Bounds, Checked, Never, Property
from smtmodel.models import Model
from smtmodel.solving.execution import execution
from smtmodel.solving.result import Run
from smtmodel.source.record import record


@record
class Contradiction:
    """The interpreter does not confirm what the solver found."""

    reason: str


def rerun(
    protocol: Checked,
    model: Model,
    bounds: Bounds,
    reader: Reader,
    check: Callable[[Replayed], Contradiction | None],
) -> Replayed | Contradiction:
    """The run of an assignment, if the interpreter can make it, the model allows it and the
    check finds nothing wrong with it."""
    replayed = replay(
        protocol, bounds, store_buffers=model.store_buffers, schedule=reader.schedule()
    )
    if isinstance(replayed, Impossible):
        move = replayed.move
        return Contradiction(f"the interpreter cannot make move {move}: {replayed.reason}")
    broken = accepts(model, execution(reader))
    if broken is not None:
        return Contradiction(f"the run breaks the axiom {broken} of {model.name}")
    return check(replayed) or replayed


def complete(replayed: Replayed) -> Contradiction | None:
    """Why a run is not the complete execution that it was said to be."""
    if replayed.complete:
        return None
    return Contradiction("the interpreter runs the ordering, but some lane does not end")


def judged(replayed: Replayed, item: Property) -> Contradiction | None:
    """Why a run does not show that a proof of the property is about something."""
    returned = not isinstance(item, Never) or item.when is not When.SETTLED or replayed.returned
    if item.name in replayed.judged and returned:
        return None
    return Contradiction(f"the interpreter runs the ordering, but {item.name} is not judged")


def shown(replayed: Replayed, item: Property) -> Contradiction | None:
    """Why a run neither violates the property nor reaches the goal."""
    if item.name in (*replayed.violated, *replayed.reached):
        return None
    return Contradiction("the interpreter runs the ordering, but nothing goes wrong")


def kept(replayed: Replayed, item: Property) -> Contradiction | None:
    """Why a run does not keep the property."""
    if item.name not in replayed.violated:
        return None
    return Contradiction(f"the interpreter runs the ordering, but {item.name} is violated")


def told(bounds: Bounds, replayed: Replayed, item: Property) -> Run:
    """What there is to tell of a run that violates the property or reaches the goal."""
    facts = replayed.facts(item.name)
    claim = ", ".join(f"{name} {value}" for name, value in facts)
    return Run(bounds, replayed.step_count, replayed.trace, facts, claim)
