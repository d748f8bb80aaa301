"""Asks what the shipped protocols prove again, at bounds that are larger by one or two.

`make larger-bounds` prints a line per question as it is answered, and what fell and what stayed
open below. No part of a test run: it takes some ten minutes. Limits are counts, so that every run
says the same: the solver gets `BUDGET` units of work per question; where it has not decided, the
explorer visits up to `STATES` states. Questions are put with all lanes that the bounds allow, also
where lanes are independent: that one stands for any number is asked again here too.

Arguments are parts of names; without any every protocol is asked.
"""

import sys
from collections import Counter
from collections.abc import Iterator

from smtmodel.commands.expectations import expected, models_of
from smtmodel.encoding import queries
from smtmodel.encoding.decode import Reader
from smtmodel.encoding.domains import TooManyValues
from smtmodel.events.building import TooLarge
from smtmodel.executions.explore import Exploration, explore
from smtmodel.language.checked import Bounds, Checked, Property, Reach, ReachStep
from smtmodel.language.lanes import MOST
from smtmodel.models import model
from smtmodel.solving import witness
from smtmodel.solving.asking import Asking
from smtmodel.solving.bounds import told
from smtmodel.solving.result import Limits
from smtmodel.solving.solver import Sat, Unsat
from smtmodel.solving.witness import Contradiction
from smtmodel.source.record import record, replace
from smtmodel.verdict import Verdict
from tests.support.examples import SHIPPED, shipped, with_machine

BUDGET = 60_000_000
STATES = 300_000
HOLDS, FALLS, OPEN = "holds", "FALLS", "open"


@record
class Asked:
    """One question and its answer: HOLDS, FALLS or OPEN, and who said so."""

    protocol: str
    model: str
    larger: str
    bounds: str
    property: str
    answer: str
    by: str

    @property
    def sort(self) -> str:
        """What is larger, whatever the kind of lanes is called."""
        return "+1 lane" if " of " in self.larger else self.larger

    def line(self) -> str:
        """The answer on one line."""
        where = f"{self.protocol} ({self.model}) {self.larger}: {self.property}"
        return f"{self.answer:5} {where}, at {self.bounds} ({self.by})"


def larger(protocol: Checked) -> Iterator[tuple[str, Bounds]]:
    """The bounds that are asked for, in a word and as they are; updates by two come last."""
    own = protocol.bounds
    if own.updates:
        yield "+1 update", replace(own, updates=own.updates + 1)
    for place, (name, count) in enumerate(own.lanes):
        lanes = (*own.lanes[:place], (name, count + 1), *own.lanes[place + 1 :])
        yield f"+1 of {name}", replace(own, lanes=lanes)
    if own.lanes:
        yield "+1 round", replace(own, rounds=own.rounds + 1)
    if own.updates and own.updates + 2 <= MOST:
        yield "+2 updates", replace(own, updates=own.updates + 2)


def proved(protocol: Checked, name: str) -> list[Property]:
    """What the file says is proved under a model; goals need no more at larger bounds."""
    claims = [one for one in protocol.properties if not isinstance(one, Reach | ReachStep)]
    return [one for one in claims if expected(protocol, one.name, name) is Verdict.PROVED]


def asked(name: str) -> Iterator[Asked]:
    """Every question about a shipped protocol."""
    protocol = shipped(name)
    for of in with_machine(models_of(protocol)):
        items = proved(protocol, of)
        for word, bounds in larger(protocol) if items else ():
            asking = Asking(protocol, model(of), Limits(budget=BUDGET))
            explored: list[Exploration] = []
            for item in items:
                answer, by = _solved(asking, bounds, item)
                if answer == OPEN:
                    explored = explored or [_explored(protocol, of, bounds)]
                    answer, by = _judged(explored[0], item, by)
                yield Asked(name, of, word, told(protocol, bounds), item.name, answer, by)


def _solved(asking: Asking, bounds: Bounds, item: Property) -> tuple[str, str]:
    """What the solver says; a violation only if the interpreter makes it."""
    try:
        problem = asking.problem(bounds)
        finding = asking.ask(problem, queries.violation(problem.encoding, item))
    except (TooLarge, TooManyValues) as error:
        return OPEN, type(error).__name__
    if isinstance(finding.answer, Unsat):
        return HOLDS, "solver"
    if not isinstance(finding.answer, Sat):
        return OPEN, f"solver: {finding.answer.reason}"
    assert finding.query is not None
    reader = Reader(finding.query, finding.answer.assignment)
    run = witness.rerun(
        asking.protocol, asking.model, bounds, reader, lambda run: witness.shown(run, item)
    )
    assert not isinstance(run, Contradiction), run
    return FALLS, "solver, replayed"


def _explored(protocol: Checked, name: str, bounds: Bounds) -> Exploration:
    return explore(protocol, bounds, store_buffers=model(name).store_buffers, limit=STATES)


def _judged(found: Exploration, item: Property, before: str) -> tuple[str, str]:
    """What the explorer says where the solver did not."""
    if item.name in found.violated:
        return FALLS, "explorer"
    if found.finished:
        return HOLDS, "explorer"
    return OPEN, f"{before}; explorer: more than {STATES} states"


def main(wanted: list[str]) -> None:
    """Ask, and print."""
    found: list[Asked] = []
    for name in SHIPPED:
        if not wanted or any(part in name for part in wanted):
            for one in asked(name):
                found.append(one)
                print(one.line(), flush=True)
    counts = Counter((one.sort, one.answer) for one in found)
    print("\nasked        holds  FALLS  open")
    for sort in dict.fromkeys(one.sort for one in found):
        row = "".join(f"{counts[sort, answer]:7}" for answer in (HOLDS, FALLS, OPEN))
        print(f"{sort:11}{row}")
    files = len({one.protocol for one in found})
    print(f"{len(found)} questions about {files} protocols")
    for answer in (FALLS, OPEN):
        print(*["", *(one.line() for one in found if one.answer == answer)], sep="\n")


if __name__ == "__main__":
    main(sys.argv[1:])
