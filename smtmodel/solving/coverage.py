"""What the executions of a problem cover: which steps begin, which loops use up their bounds.

Takes a problem and what is known of a complete execution; gives a `Coverage`. Nothing that is
said here decides about a property: `smtmodel.solving.decide` asks for complete executions itself.
"""

from collections.abc import Mapping

from smtmodel.encoding import queries
from smtmodel.encoding.decode import Reader
from smtmodel.language.checked import Where
from smtmodel.language.walk import written
from smtmodel.solving.asking import Asking, Finding, Problem
from smtmodel.solving.result import Coverage
from smtmodel.solving.solver import Sat, Unsat

_Steps = dict[Where, frozenset[int]]


def coverage(asking: Asking, problem: Problem, complete: Finding, known: bool | None) -> Coverage:
    """What executions there are. `complete` is the finding about a complete one, `known` whether
    there is one, as far as that is known."""
    steps = written(asking.protocol.blocks)
    unseen = steps
    if isinstance(complete.answer, Sat) and complete.query is not None:
        unseen = without(unseen, Reader(complete.query, complete.answer.assignment).begun())
    decided = True
    while unseen:
        query = queries.steps(problem.encoding, frozenset().union(*unseen.values()))
        more = asking.ask(problem, [query])
        if not isinstance(more.answer, Sat):
            decided = isinstance(more.answer, Unsat)
            break
        unseen = without(unseen, Reader(query, more.answer.assignment).begun())
    rest = tuple(unseen)
    return Coverage(
        steps=len(steps),
        unreached=rest if decided else (),
        cuts=_cuts(asking, problem),
        complete=known,
        undecided=() if decided else rest,
    )


def without(steps: Mapping[Where, frozenset[int]], begun: frozenset[int]) -> _Steps:
    """The steps that have not begun."""
    return {where: own for where, own in steps.items() if own.isdisjoint(begun)}


def _cuts(asking: Asking, problem: Problem) -> tuple[Where, ...]:
    stops = problem.encoding.graph.stops
    loops = {s.where.number: s.where for s in stops if s.name == "bound" and s.where}
    found = []
    for number in sorted(loops):
        answer = asking.ask(problem, [queries.cut(problem.encoding, number)]).answer
        if not isinstance(answer, Unsat):
            found.append(loops[number])
    return tuple(found)
