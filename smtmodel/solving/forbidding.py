"""Why an end of a litmus test is missing: the axioms that forbid it, and what each forbids.

Takes what is observed of a test; asks about it under weaker models.
"""

from smtmodel.events.graph import EventGraph
from smtmodel.executions.c_operators import Held, at_start
from smtmodel.executions.candidates import execution
from smtmodel.executions.cycles import cycle, words
from smtmodel.executions.evaluate import Evaluation
from smtmodel.litmus.ends import CycleStep, Ends, Forbidden
from smtmodel.litmus.program import AddressOf, LitmusTest
from smtmodel.models import Model
from smtmodel.models.granted import COHERENT
from smtmodel.models.terms import Axiom
from smtmodel.solving.ends import FoundExecution, LitmusQuestions
from smtmodel.solving.result import Limits
from smtmodel.source.record import replace


def explained(found: Ends, graph: EventGraph, model: Model, limits: Limits) -> Ends:
    """The same with the axioms without which an end of the missing sort would be there.

    That every location is coherent is never left out.
    """
    if found.holding and found.failing:
        return found
    wanted, axioms = not found.holding, model.axioms

    def possible(kept: list[Axiom]) -> FoundExecution | None:
        weaker = replace(model, axioms=(COHERENT, *kept))
        return LitmusQuestions(found.test, graph, weaker, limits).possible(wanted)

    if possible([]) is None:
        none = Forbidden("by coherence of each location, or by what lanes do")
        return replace(found, forbidding=(none,))
    without = [(one, possible([x for x in axioms if x is not one])) for one in axioms]
    why = tuple(
        Forbidden(
            f"by {one.name}: {one.reason or one.form.value}", _cycle(shown, found, model, one)
        )
        for one, shown in without
        if shown is not None
    )
    several = Forbidden("by several axioms, each of which is enough")
    return replace(found, forbidding=why or (several,))


def _cycle(shown: FoundExecution, found: Ends, model: Model, axiom: Axiom) -> tuple[CycleStep, ...]:
    """What the axiom forbids of an execution; nothing if that is coherence, which it has."""
    evaluation = Evaluation(model, execution(shown.candidate))
    if evaluation.holds(axiom):
        return ()
    return tuple(
        CycleStep(_event(shown, found.test, one.first), one.name, words(evaluation, one.name))
        for one in cycle(evaluation, axiom)
    )


def _event(shown: FoundExecution, test: LitmusTest, number: int) -> str:
    """An event in a line: its lane, its line in the file, what it does."""
    if number >= len(shown.events):
        (name,) = (x for x, initial in shown.candidate.initial.items() if initial == number)
        (value,) = (value for known, value in test.variables if known == name)
        return f"the start: {name}={_shown(at_start(value))}"
    act, event = shown.candidate.happenings[number].act, shown.events[number]
    line = f", line {event.span.line}" if event.span else ""
    if act.kind == "F":
        return f"P{event.lane}{line}: {act.tag}"
    return f"P{event.lane}{line}: {act.kind}[{act.tag}] {act.location}={_shown(act.value)}"


def _shown(value: Held) -> str:
    return value.variable if isinstance(value, AddressOf) else str(value)
