"""Why an end of a litmus test is missing: the axioms that forbid it, and what each forbids.

Takes what is observed of a test; asks about it under weaker models.
"""

from smtmodel.events.graph import EventGraph
from smtmodel.executions.c_operators import Held, at_start
from smtmodel.executions.candidates import Happening, execution
from smtmodel.executions.communication import CO, FR, RF, communications
from smtmodel.executions.cycles import Link, cycle, words
from smtmodel.executions.evaluate import Evaluation
from smtmodel.litmus.ends import CycleStep, Ends, Forbidden
from smtmodel.litmus.program import AddressOf, LitmusTest
from smtmodel.litmus.shown import ShownEvent, ShownExecution, ShownLink
from smtmodel.models import Model
from smtmodel.models.granted import COHERENT
from smtmodel.models.terms import Axiom
from smtmodel.solving.ends import FoundExecution, LitmusQuestions
from smtmodel.solving.result import Limits
from smtmodel.source.record import replace

COM = (RF, CO, FR)
"""The relations that are about one location."""


def explained(found: Ends, graph: EventGraph, model: Model, limits: Limits) -> Ends:
    """The same with the axioms without which an end of the missing sort would be there.

    That every location is coherent is never left out.
    """
    if found.holding:
        found = replace(found, shown=_observed(found, graph, model, limits))
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
        _forbidden(shown, found.test, model, one) for one, shown in without if shown is not None
    )
    several = Forbidden("by several axioms, each of which is enough")
    return replace(found, forbidding=why or (several,))


def _observed(
    found: Ends, graph: EventGraph, model: Model, limits: Limits
) -> ShownExecution | None:
    shown = LitmusQuestions(found.test, graph, model, limits).possible(True)
    return None if shown is None else _drawn(shown)


def _forbidden(shown: FoundExecution, test: LitmusTest, model: Model, axiom: Axiom) -> Forbidden:
    """What the axiom forbids of an execution; no cycle if that is coherence, which it has."""
    why = f"by {axiom.name}: {axiom.reason or axiom.form.value}"
    evaluation = Evaluation(model, execution(shown.candidate))
    links = () if evaluation.holds(axiom) else cycle(evaluation, axiom)
    steps = tuple(
        CycleStep(_event(shown, test, one.first), one.name, words(evaluation, one.name))
        for one in links
    )
    return Forbidden(why, steps, _drawn(shown, links))


def _drawn(shown: FoundExecution, round_: tuple[Link, ...] = ()) -> ShownExecution:
    """The execution without the writes at the start."""
    count = len(shown.events)
    events = tuple(
        ShownEvent(f"P{event.lane}", _act(shown, number), event.span.line if event.span else None)
        for number, event in enumerate(shown.events)
    )
    links = tuple(
        ShownLink(one.relation, one.source, one.target, one.location)
        for one in communications(shown.candidate)
    )
    acts = shown.candidate.happenings
    kept = tuple(
        ShownLink(
            one.name, one.first, one.second, _place(acts[one.first]) if one.name in COM else ""
        )
        for one in round_
        if max(one.first, one.second) < count
    )
    return ShownExecution(events, links, kept)


def _place(act: Happening) -> str:
    return act.act.location or ""


def _event(shown: FoundExecution, test: LitmusTest, number: int) -> str:
    """An event in a line: its lane, its line in the file, what it does."""
    if number >= len(shown.events):
        (name,) = (x for x, initial in shown.candidate.initial.items() if initial == number)
        (value,) = (value for known, value in test.variables if known == name)
        return f"the start: {name}={_shown(at_start(value))}"
    event = shown.events[number]
    line = f", line {event.span.line}" if event.span else ""
    return f"P{event.lane}{line}: {_act(shown, number)}"


def _act(shown: FoundExecution, number: int) -> str:
    act = shown.candidate.happenings[number].act
    if act.kind == "F":
        return act.tag
    return f"{act.kind}[{act.tag}] {act.location}={_shown(act.value)}"


def _shown(value: Held) -> str:
    return value.variable if isinstance(value, AddressOf) else str(value)
