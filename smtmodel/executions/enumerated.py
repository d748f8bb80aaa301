"""What is observed of a litmus test, by looking at each of its executions."""

from collections.abc import Iterable

from smtmodel.executions.candidates import candidates, execution
from smtmodel.executions.evaluate import Evaluation
from smtmodel.litmus.ends import End, Ends, observed
from smtmodel.litmus.program import LitmusTest
from smtmodel.models import Model


def enumerated(test: LitmusTest, model: Model, *, every: bool) -> Ends:
    """The ends of all executions that a model allows, or with `every` false one of each sort.

    Raises candidates.NotJudged and paths.TooManyPaths.
    """
    places, flags = observed(test), set[str]()
    ends: dict[bool, dict[End, None]] = {True: {}, False: {}}
    for candidate in candidates(test):
        evaluation = Evaluation(model, execution(candidate))
        if evaluation.broken() is None:
            flags |= set(evaluation.flags())
            end = tuple(candidate.final(place) for place in places)
            ends[candidate.satisfies(test.condition)][end] = None
    return summarized(test, model, ends[True], ends[False], flags, every=every)


def summarized(
    test: LitmusTest,
    model: Model,
    holding: Iterable[End],
    failing: Iterable[End],
    flags: Iterable[str],
    *,
    every: bool,
) -> Ends:
    """Ends in their order, flags in the model's."""
    raised = set(flags)
    return Ends(
        test,
        tuple(sorted(holding, key=repr))[: None if every else 1],
        tuple(sorted(failing, key=repr))[: None if every else 1],
        tuple(flag.name for flag in model.flags if flag.name in raised),
        every,
    )
