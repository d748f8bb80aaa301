"""The enumerator with the kernel's model gives herd7's answers on small public tests."""

import csv
from itertools import islice

from smtmodel.executions.candidates import candidates, execution
from smtmodel.executions.evaluate import accepts
from smtmodel.litmus.answer import Occurrence, observation
from smtmodel.litmus.instructions import kernel
from smtmodel.litmus.parse import parse
from smtmodel.litmus.program import LitmusTest
from smtmodel.models import Model
from smtmodel.models.lkmm import LKMM
from tests.support.lengths import long
from tests.support.litmus_corpus import CORPUS, needs_corpus, text_of

DIFFERENT = {"manual/plain/C-OOTA.litmus"}
"""herd7 lets plain accesses justify each other's value; here values have a beginning."""


def answer(test: LitmusTest, model: Model, most: int) -> Occurrence | None:
    """What is observed under a model; None of a test with more candidates than `most`."""
    found = list(islice(candidates(test), most + 1))
    if len(found) > most:
        return None
    ends: set[bool] = set()
    for one in found:
        end = one.satisfies(test.condition)
        if end not in ends and accepts(model, execution(one)) is None:
            ends.add(end)
    return observation(True in ends, False in ends)


def disagreements(step: int, most: int) -> tuple[int, set[str]]:
    """How many tests were judged, and those whose answer is not herd7's."""
    known, judged, wrong = kernel(), 0, set()
    with open(CORPUS / "litmus" / "verdicts.csv", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    for row in rows[::step]:
        test = parse(text_of(CORPUS / "litmus" / row["file"]), known)
        assert isinstance(test, LitmusTest)
        found = answer(test, LKMM, most)
        judged += found is not None
        if found is not None and found.value != row["herd7"]:
            wrong.add(row["file"])
    return judged, wrong


@needs_corpus
def test_some_public_tests() -> None:
    judged, wrong = disagreements(20, 60)
    assert judged >= 30
    assert wrong <= DIFFERENT


@long
@needs_corpus
def test_public_tests() -> None:
    """All but those with most candidates."""
    judged, wrong = disagreements(1, 600)
    assert judged >= 840
    assert wrong == DIFFERENT
