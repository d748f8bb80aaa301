"""Litmus tests as jobs for a worker: what is observed of each, or why that is not known."""

from collections.abc import Iterator
from functools import partial

from smtmodel.litmus.ends import Ends
from smtmodel.litmus.program import LitmusTest
from smtmodel.models import Model
from smtmodel.solving.question import load_weakly
from smtmodel.solving.result import Limits
from smtmodel.source.record import record, replace
from smtmodel.verdict import Cause
from smtmodel.work.engine import Job

THROUGH_ITSELF = "values may come about through themselves here, and neither has all of these"


@record
class Unobserved:
    """Why nothing is said of a test."""

    cause: Cause
    reason: str


@record
class AskedTests:
    """How a test is asked.

    `every`: all final states; `why`: what forbids an end; `cross_check`: by both definitions.
    """

    model: Model
    limits: Limits
    every: bool = False
    why: bool = False
    cross_check: bool = False


def observing(tests: tuple[LitmusTest, ...], asked: AskedTests) -> Job:
    """A job that yields `Ends` or `Unobserved` for each of the tests in turn."""
    return Job(partial(_observed, tests, asked), load_weakly, asked.limits.memory)


def _observed(tests: tuple[LitmusTest, ...], asked: AskedTests) -> Iterator[Ends | Unobserved]:
    from smtmodel.encoding.forms import shipped

    known = replace(asked, model=shipped(asked.model))
    for test in tests:
        yield _ends(test, known)


def _ends(test: LitmusTest, asked: AskedTests) -> Ends | Unobserved:
    from smtmodel.encoding.domains import TooManyValues
    from smtmodel.encoding.relations import NotCompiled
    from smtmodel.events.building import TooLarge
    from smtmodel.litmus.unroll import unroll
    from smtmodel.solving.ends import Contradicted, solved
    from smtmodel.solving.forbidding import explained
    from smtmodel.solving.satisfying import NotKnown

    try:
        graph = unroll(test)
        found = solved(test, graph, asked.model, asked.limits, every=asked.every)
        if asked.why:
            found = explained(found, graph, asked.model, asked.limits)
    except NotKnown as unknown:
        return Unobserved(Cause.BUDGET, str(unknown))
    except NotCompiled as wrong:
        return Unobserved(Cause.BUDGET, str(wrong))
    except (TooLarge, TooManyValues):
        return Unobserved(Cause.BUDGET, "the test is too large")
    except Contradicted as wrong:
        return Unobserved(Cause.CONTRADICTION, str(wrong))
    return _compared(found, asked) if asked.cross_check else found


def _compared(found: Ends, asked: AskedTests) -> Ends | Unobserved:
    """The same, if each execution looked at says so too."""
    from smtmodel.encoding.justified import justify_themselves
    from smtmodel.executions.candidates import NotJudged
    from smtmodel.executions.enumerated import enumerated
    from smtmodel.executions.paths import TooManyPaths

    try:
        other = enumerated(found.test, asked.model, every=True)
    except NotJudged as wrong:
        return Unobserved(Cause.BUDGET, f"not enumerated: {wrong}")
    except TooManyPaths:
        return Unobserved(Cause.BUDGET, "a lane has too many paths to be enumerated")
    different = _different(found, other, every=asked.every)
    if different and justify_themselves(found.test, asked.model):
        return Unobserved(Cause.BUDGET, f"{different}; {THROUGH_ITSELF}")
    return Unobserved(Cause.CONTRADICTION, different) if different else found


def _different(found: Ends, other: Ends, *, every: bool) -> str:
    """In what the solver and the enumeration differ, if in anything."""
    same = found.flags == other.flags and found.frequency is other.frequency
    if not same or not set(found.holding + found.failing) <= set(other.holding + other.failing):
        return "the solver and the enumeration of executions disagree"
    if every and (found.holding, found.failing) != (other.holding, other.failing):
        return "the two find different final states"
    return ""
