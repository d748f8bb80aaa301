"""Second opinions on verdicts: of another solver, and of the explorer.

Takes results and the obligations behind them; gives opinions. Neither judge uses z3: cvc5
reads the obligations' texts, the explorer runs the protocol, every interleaving of it, without
any formula. What a disagreement means is decided by `contested`.
"""

from collections.abc import Iterable, Iterator

from smtmodel.language.checked import Bounds, Checked
from smtmodel.models import Model
from smtmodel.solving.bounds import told as told_bounds
from smtmodel.solving.result import (
    EXPLORER,
    Coverage,
    Early,
    Limits,
    Obligation,
    Opinion,
    Result,
    Sort,
    Started,
)
from smtmodel.source.record import record, replace
from smtmodel.verdict import Cause, Verdict

STATES = 200_000
"""How many states the explorer visits before it gives up; some seconds."""


@record
class Judged:
    """An opinion on the result of that name."""

    name: str
    opinion: Opinion


def with_obligations(
    protocol: Checked, model: Model, bounds: Bounds, limits: Limits, only: frozenset[str] | None
) -> Iterator[Started | Coverage | Early | Obligation | Result]:
    """All that deciding finds, and before each result its obligations; needs the solver."""
    from smtmodel.solving.decide import decide_with_obligations

    return decide_with_obligations(protocol, model, bounds, limits, only)


def rests_on_unsat(result: Result) -> bool:
    """Whether a verdict says of something that it does not happen, so that no run shows it."""
    return result.verdict is Verdict.VACUOUS or (
        result.verdict is Verdict.PROVED and result.sort is not Sort.REACH
    )


def opinions(
    protocol: Checked,
    model: Model,
    bounds: Bounds,
    limits: Limits,
    only: frozenset[str] | None,
    *,
    results: tuple[Result, ...],
    obligations: tuple[Obligation, ...],
) -> Iterator[Started | Judged]:
    """cvc5's opinion on every verdict that rests on `unsat`, the explorer's on all."""
    from smtmodel.solving.cvc5_solver import version

    judge = f"cvc5 {version()}"
    known: dict[str, str] = {}
    for result in results:
        if rests_on_unsat(result):
            yield Started(f"{result.name}, with cvc5")
            needed = [one for one in obligations if one.result == result.name]
            yield Judged(result.name, _of_cvc5(judge, needed, known))
    yield Started("everything again, with the explorer")
    yield from _of_explorer(protocol, model, bounds, results)


def _of_cvc5(judge: str, needed: Iterable[Obligation], known: dict[str, str]) -> Opinion:
    """Agrees only if every question is unsatisfiable; `known` are the answers so far."""
    from smtmodel.solving.cvc5_solver import ask

    said: list[tuple[str, Obligation]] = []
    for one in needed:
        question = "\n".join(line for line in one.text.splitlines() if line[:1] != ";")
        if question not in known:
            known[question] = ask(question)
        said.append((known[question], one))
    for answer, one in said:
        if answer == "sat":
            return Opinion(judge, False, f"there is {one.asks} (sat)")
    for answer, one in said:
        if answer != "unsat":
            return Opinion(judge, None, f"{one.asks}: {answer}")
    if not said:
        return Opinion(judge, None, "it was asked nothing")
    count = len(said)
    return Opinion(judge, True, "1 question" if count == 1 else f"{count} questions")


def _of_explorer(
    protocol: Checked, model: Model, bounds: Bounds, results: tuple[Result, ...]
) -> Iterator[Judged]:
    from smtmodel.executions.explore import explore, verdicts

    found = explore(protocol, bounds, store_buffers=model.store_buffers, limit=STATES)
    theirs = verdicts(found, protocol)
    for result in results:
        verdict = theirs[result.name]
        if result.verdict is Verdict.UNKNOWN:
            continue
        if verdict is Verdict.UNKNOWN:
            opinion = Opinion(EXPLORER, None, f"too many states (more than {STATES:,})")
        else:
            states = f"{found.states:,} states at {told_bounds(protocol, bounds)}"
            told = states if verdict is result.verdict else f"{verdict.value} ({states})"
            opinion = Opinion(EXPLORER, verdict is result.verdict, told)
        yield Judged(result.name, opinion)


def contested(result: Result, solver: str) -> Result:
    """The result; where a judge disagrees there is no verdict, and both answers are told."""
    against = [one for one in result.opinions if one.agrees is False]
    if not against:
        return result
    others = "; ".join(f"{one.judge} says: {one.told}" for one in against)
    reason = f"{solver} says: {result.verdict.value}; {others}"
    return replace(
        result,
        verdict=Verdict.UNKNOWN,
        cause=Cause.CONTRADICTION,
        reason=reason,
        run=None,
        extents=(),
    )
