"""The enumerator with the kernel's model gives herd7's answers on the public tests."""

from smtmodel.executions.candidates import candidates, execution
from smtmodel.executions.evaluate import accepts
from smtmodel.litmus.answer import Frequency, observation
from smtmodel.litmus.instructions import kernel
from smtmodel.litmus.parse import parse
from smtmodel.litmus.program import LitmusTest
from smtmodel.models import Model
from smtmodel.models.lkmm import LKMM
from smtmodel.source import Text
from tests.support.lengths import long
from tests.support.litmus_corpus import disagreements, needs_corpus


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


def verdict(text: Text) -> str:
    test = parse(text, kernel())
    assert isinstance(test, LitmusTest)
    return answer(test, LKMM).value


@needs_corpus
def test_some_public_tests() -> None:
    assert disagreements(40, verdict) == set()


@long
@needs_corpus
def test_public_tests() -> None:
    assert disagreements(1, verdict) == set()
