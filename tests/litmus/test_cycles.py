"""What `--why` shows of a test: an axiom, and steps that lead round, each in its relation."""

from itertools import pairwise

import pytest

from smtmodel.executions.candidates import candidates, execution
from smtmodel.executions.cycles import Link, cycle, words
from smtmodel.executions.evaluate import Evaluation
from smtmodel.models.lkmm import LKMM
from smtmodel.models.terms import Axiom, Base, Named
from smtmodel.source import Text
from tests.litmus.test_parts import SHOWN
from tests.litmus.test_solved import read
from tests.support.lengths import long_but
from tests.support.random_cycles import random_cycle

BASE = ("rf", "co", "fr", "rmw", "addr", "data", "ctrl")


def closed(links: tuple[Link, ...]) -> bool:
    return all(one.second == next_.first for one, next_ in pairwise((*links, links[0])))


def in_its_relation(evaluation: Evaluation, link: Link) -> bool:
    """Of steps that are named after the path they are part of, no more than that is known."""
    name = link.name.removesuffix("^-1")
    pair = (link.second, link.first) if name != link.name else (link.first, link.second)
    rows = evaluation.pairs(Base(name) if name in BASE else Named(name))
    after = evaluation.pairs(Base("po"))
    return bool((rows[pair[0]] | after[pair[0]]) >> pair[1] & 1)


def check(evaluation: Evaluation, axiom: Axiom) -> None:
    links = cycle(evaluation, axiom)
    assert closed(links), (axiom.name, links)
    for link in links:
        assert in_its_relation(evaluation, link), (axiom.name, link)
        assert words(evaluation, link.name)


@pytest.mark.parametrize("name", ["rcu", "rmw seq", "unlock lock", "plain mp", "plain rcu free w"])
def test_what_breaks_an_axiom_leads_round(name: str) -> None:
    broken = 0
    for one in candidates(SHOWN[name].test):
        evaluation = Evaluation(LKMM, execution(one))
        for axiom in LKMM.axioms:
            if not evaluation.holds(axiom):
                broken += 1
                check(evaluation, axiom)
    assert broken


@pytest.mark.parametrize("seed", long_but(range(4), range(60)))
def test_random_executions(seed: int) -> None:
    for one in candidates(read(Text("test", random_cycle(seed, 3)))):
        evaluation = Evaluation(LKMM, execution(one))
        for axiom in LKMM.axioms:
            if not evaluation.holds(axiom):
                check(evaluation, axiom)


def test_the_steps_of_a_message() -> None:
    found = set()
    for one in candidates(SHOWN["mp rel"].test):
        evaluation = Evaluation(LKMM, execution(one))
        (axiom,) = (x for x in LKMM.axioms if x.name == "happens-before")
        if not evaluation.holds(axiom):
            found.add(tuple(sorted(link.name for link in cycle(evaluation, axiom))))
    assert found == {("fr", "po-rel", "rf", "rmb")}
