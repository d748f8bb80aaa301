"""Compares the prover with the explorer on one protocol under one model.

Takes a checked protocol; gives sentences that say where the two differ: verdicts, coverage,
and the sets of final states, which the solver enumerates. As a program, given a seed and a
model's name, it looks at one random protocol.
"""

import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import permutations, product
from unittest.mock import patch

from smtmodel.encoding import smtlib
from smtmodel.encoding.chains import possible
from smtmodel.encoding.decode import Assignment, Reader
from smtmodel.encoding.domains import TooManyValues
from smtmodel.encoding.encode import encode
from smtmodel.encoding.formula import Literal
from smtmodel.encoding.queries import Read, outcomes
from smtmodel.encoding.query import Query
from smtmodel.encoding.state import Encoding, Literals
from smtmodel.events.unroll import unroll
from smtmodel.executions.explore import Exploration, explore, verdicts
from smtmodel.executions.final_states import FinalState, Seen, observables, private_observables
from smtmodel.language.check import check
from smtmodel.language.checked import Bounds, Checked, furnished, lanes
from smtmodel.language.checks.outside_sc import outside_sc
from smtmodel.language.parse import parse
from smtmodel.language.walk import written
from smtmodel.models import Model, model
from smtmodel.solving import decide as deciding
from smtmodel.solving import explored as exploring
from smtmodel.solving import reaching, runs
from smtmodel.solving.result import Coverage, Limits, Result
from smtmodel.solving.shrink import Shrunk
from smtmodel.solving.solver import Sat, Solver, Unsat
from smtmodel.source import Diagnostic, Text
from smtmodel.verdict import Verdict

NOTHING = smtlib.Script({}, ())

MANY = 48
"""Protocols in which some read may return more values than this are not compared."""


class Undecided(Exception):
    """The solver gave up while it enumerated final states."""


@dataclass(frozen=True, slots=True)
class Compared:
    """What a comparison found: the differences, the verdicts, and the explorer's states.

    `finished` is False where nothing was compared: too many states, or too many values.
    """

    differences: tuple[str, ...]
    verdicts: tuple[Verdict, ...]
    states: int
    finished: bool


def checked(text: str, *, weak: bool = False) -> Checked | tuple[Diagnostic, ...]:
    """The checked protocol of a text, with `weak` as for a weak memory model."""
    source = Text("random.dsl", text)
    parsed = parse(source)
    if isinstance(parsed, tuple):
        return parsed
    found = check(parsed, source)
    if weak and isinstance(found, Checked):
        return outside_sc(found) or found
    return found


def compare(protocol: Checked, model: Model, limit: int, *, shrinks: bool = True) -> Compared:
    """Everything that the two can be compared in.

    Without `shrinks` runs are replayed as the solver finds them, and not explained, which is
    faster and asks more of what reads them back; nor is it tried which larger bounds would reach
    what these do not, of which nothing is compared.
    """
    bounds = protocol.bounds
    if crowded(protocol, model):
        return Compared((), (), 0, False)
    explored = explore(protocol, bounds, store_buffers=model.store_buffers, limit=limit)
    if not explored.finished:
        return Compared((), (), explored.states, False)
    expected = verdicts(explored, protocol)
    judged = tuple(expected.values())
    differences = _finals(prover_finals(protocol, model, bounds), explored.finals)
    with ExitStack() as stack, solver_alone():
        if not shrinks:
            stack.enter_context(patch.object(runs, "shrinking", lambda *about: [as_found(*about)]))
            stack.enter_context(patch.object(runs, "explain", lambda *about: None))
            stack.enter_context(patch.object(reaching, "UNITS", 0))
        for found in deciding.decide(protocol, model, bounds, Limits(), None):
            if isinstance(found, Coverage):
                differences += _coverage(protocol, found, explored)
            if isinstance(found, Result):
                wanted = expected.pop(found.name)
                if found.verdict is not wanted:
                    told = f"{found.verdict.value} {found.reason}"
                    differences.append(f"{found.name}: prover {told}, explorer {wanted.value}")
    differences += [f"{name}: the prover says nothing" for name in expected]
    return Compared(tuple(differences), judged, explored.states, True)


@contextmanager
def solver_alone() -> Iterator[None]:
    """The explorer is not asked, so that it is not compared with itself."""
    with patch.object(exploring, "STATES", 0), patch.object(exploring, "NEAR", 0):
        yield


def crowded(protocol: Checked, model: Model) -> bool:
    """Whether some read may return very many values, which makes all questions slow."""
    try:
        domains = possible(unroll(protocol, protocol.bounds), model)
    except TooManyValues:
        return True
    return any(len(values) > MANY for values in domains.returned.values())


def as_found(solver: Solver, query: Query, found: Assignment) -> Shrunk:
    """The run that the solver found, instead of the smallest, which takes longer to find."""
    return Shrunk(Reader(query, found))


def _coverage(protocol: Checked, found: Coverage, explored: Exploration) -> list[str]:
    differences = []
    unreached = {where.number for where in found.unreached}
    steps = written(protocol.blocks)
    never = {where.number for where, own in steps.items() if own.isdisjoint(explored.begun)}
    if unreached != never or found.steps != len(steps):
        differences.append(f"unreached: prover {sorted(unreached)}, begun {sorted(explored.begun)}")
    cuts = {where.number for where in found.cuts}
    if cuts != explored.cuts:
        differences.append(f"cuts: prover {sorted(cuts)}, explorer {sorted(explored.cuts)}")
    if found.complete != explored.complete:
        differences.append(f"complete: prover {found.complete}, explorer {explored.complete}")
    return differences


def _finals(prover: frozenset[FinalState], explorer: frozenset[FinalState]) -> list[str]:
    only = [
        f"final state only in the {name}: {state}"
        for name, states in (("prover", prover - explorer), ("explorer", explorer - prover))
        for state in sorted(states, key=repr)[:3]
    ]
    return only


# ---------------------------------------------------------------- final states


def prover_finals(protocol: Checked, model: Model, bounds: Bounds) -> frozenset[FinalState]:
    """The final states as the explorer tells them, enumerated by the solver."""
    base = encode(unroll(protocol, bounds), model)
    return enumerated(base, _Observed(protocol, bounds))


class _Observed:
    """What a final state consists of: shared reads, and those of each lane, by kind."""

    def __init__(self, protocol: Checked, bounds: Bounds) -> None:
        shared = observables(furnished(protocol, bounds))
        self.reads: list[Read] = [(e, None) for _, e in shared]
        self.shared = len(self.reads)
        self.groups: list[tuple[str, list[tuple[int, int]]]] = []
        private = private_observables(protocol)
        for kind in sorted({kind for kind, _ in private}):
            own = [e for owner, (_, e) in private if owner == kind]
            places = []
            for lane in lanes(protocol, bounds):
                if lane.kind.name == kind:
                    places.append((len(self.reads), len(self.reads) + len(own)))
                    self.reads += [(e, lane.name) for e in own]
            self.groups.append((kind, places))

    def state(self, values: Seen) -> FinalState:
        """The state of the values of all reads."""
        private = tuple(
            (kind, tuple(sorted((values[a:b] for a, b in places), key=_order)))
            for kind, places in self.groups
        )
        return values[: self.shared], private

    def alike(self, values: Seen) -> Iterator[Seen]:
        """The values with the lanes of each kind permuted."""
        for orders in product(*(permutations(places) for _, places in self.groups)):
            found = list(values)
            for (_, places), order in zip(self.groups, orders, strict=True):
                for (a, b), (c, d) in zip(places, order, strict=True):
                    found[a:b] = values[c:d]
            yield tuple(found)


def _order(seen: Seen) -> list[tuple[bool, int]]:
    return [(value is not None, value or 0) for value in seen]


def enumerated(base: Encoding, observed: _Observed) -> frozenset[FinalState]:
    """The final states of all complete executions of an encoding."""
    query, tables = outcomes(base, tuple(observed.reads))
    formula = query.encoding.formula
    solver = Solver(smtlib.script(base.formula), Limits())
    found: set[FinalState] = set()
    with solver.extended(smtlib.script(formula, query.first)):
        while True:
            answer = solver.ask(NOTHING)
            if isinstance(answer, Unsat):
                return frozenset(found)
            if not isinstance(answer, Sat):
                raise Undecided(answer.reason)
            reader = Reader(query, answer.assignment)
            values = tuple(_value(reader, table) for table in tables)
            found.add(observed.state(values))
            clauses = [_other(tables, alike) for alike in set(observed.alike(values))]
            solver.keep(smtlib.clauses(formula, clauses))


def _value(reader: Reader, table: Literals) -> int | None:
    for constant, literal in table.items():
        if isinstance(constant, int) and reader.holds(literal):
            return constant
    return None


def _other(tables: list[Literals], values: Seen) -> tuple[Literal, ...]:
    """The clause that some value is another one."""
    clause: list[Literal] = []
    for table, value in zip(tables, values, strict=True):
        if value is None:
            clause += [lit for constant, lit in table.items() if isinstance(constant, int)]
        elif value in table:
            clause.append(-table[value])
    return tuple(clause)


def main(seed: int, name: str) -> None:
    """Prints a random protocol and what the two say of it."""
    from tests.support.random_protocols import text

    written = text(seed, weak=name == "tso")
    protocol = checked(written, weak=name == "tso")
    assert isinstance(protocol, Checked), protocol
    found = compare(protocol, model(name), 1_000_000)
    print(written, *found.differences, sep="\n")
    print([verdict.value for verdict in found.verdicts], found.states, "states")


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2])
