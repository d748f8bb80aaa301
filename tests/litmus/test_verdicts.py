"""The enumerator with the kernel's model gives herd7's answers on the public tests."""

import csv

from smtmodel.executions.candidates import candidates, execution
from smtmodel.executions.evaluate import accepts
from smtmodel.litmus.answer import Frequency, observation
from smtmodel.litmus.instructions import kernel
from smtmodel.litmus.parse import parse
from smtmodel.litmus.program import LitmusTest
from smtmodel.models import Model
from smtmodel.models.lkmm import LKMM
from tests.support.lengths import long
from tests.support.litmus_corpus import CORPUS, needs_corpus, text_of


def answer(test: LitmusTest, model: Model) -> Frequency:
    """What is observed under a model."""
    ends: set[bool] = set()
    for one in candidates(test):
        end = one.satisfies(test.condition)
        if end not in ends and accepts(model, execution(one)) is None:
            ends.add(end)
        if len(ends) == 2:
            break
    return observation(True in ends, False in ends)


def disagreements(step: int) -> set[str]:
    """The tests, of which one in so many is judged, whose answer is not herd7's."""
    known, wrong = kernel(), set()
    with open(CORPUS / "litmus" / "verdicts.csv", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 865
    for row in rows[::step]:
        test = parse(text_of(CORPUS / "litmus" / row["file"]), known)
        assert isinstance(test, LitmusTest)
        if answer(test, LKMM).value != row["herd7"]:
            wrong.add(row["file"])
    return wrong


@needs_corpus
def test_some_public_tests() -> None:
    assert disagreements(40) == set()


@long
@needs_corpus
def test_public_tests() -> None:
    assert disagreements(1) == set()
