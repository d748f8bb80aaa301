"""Every part of the kernel's model earns its keep: a test is answered otherwise without it.

The tests stand in `parts/`, by hand, each with the documents' answer, the flags that it raises, and
the parts that it needs. Parts that no test needs are listed with the reason. A part is named as in
`tests/support/model_parts.py`.
"""

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from smtmodel.executions.candidates import candidates, execution
from smtmodel.executions.evaluate import Evaluation, Execution
from smtmodel.litmus.answer import observation
from smtmodel.litmus.instructions import kernel
from smtmodel.litmus.parse import parse
from smtmodel.litmus.program import LitmusTest
from smtmodel.litmus.unroll import unroll
from smtmodel.models import Model
from smtmodel.models.lkmm import LKMM
from smtmodel.solving.ends import solved
from smtmodel.solving.result import Limits
from smtmodel.source import Text
from smtmodel.source.record import record
from tests.support.lengths import long
from tests.support.model_parts import weaker
from tests.support.random_cycles import random_cycle

PARAMETERS = (
    "int *x, int *y, int *z, int *w, spinlock_t *l, spinlock_t *m,"
    " struct srcu_struct *s, struct srcu_struct *t"
)
WEAKER = weaker(LKMM)

UNNEEDED: dict[str, str] = {
    **dict.fromkeys(
        ("R 1", "R 2", "R 3", "R 4", "W 1", "W 2"),
        "accesses of locks are reads and writes here before the model says so",
    ),
    **dict.fromkeys(
        ("com 0", "com 1", "com 2", "axiom coherence", "axiom atomic"),
        "no execution is looked at that is not coherent, or divided; test_faults.py has those",
    ),
    "rmw 1": "what a lock's taking carries on is ordered by its being handed over",
    "Marked 0": "what is no access is ordered by fences only",
    "Marked 5": "an access that is a full barrier is one of a read-modify-write",
    "mb 1": "the write of the operation is behind its read, and ordered too",
    "mb 7.right.left.!": "nothing reads what ends a section of SRCU",
    "gp right.right.!": "nothing reads a grace period",
    "ppo 3": "it is in prop, of two events of one lane",
    "cumul-fence right.left.0.right.0": "a full barrier is in pb too, where more comes before it",
    "rcu-link left.!": "what is executed after a mark of a section is behind it",
    "rcu-order 0": "a grace period alone is a full barrier",
    "rcu-order 1": "a grace period alone is a full barrier",
    "rcu-fence right.right.!": "what is executed after a mark of a section is behind it",
    "vis right.left.!": "of what the lane itself does next, fence-or-rcu has it",
    "ww-nonrace left.right.0": "what is visible after a marked write is executed after it",
    "ww-nonrace right.0": "what is visible to a marked write is so to a read in its place",
}
"""Parts without which every test that was tried is answered alike, and why that is expected."""


@record
class Shown:
    """A test: its answer and flags under the whole model, and the parts that it needs."""

    answer: str
    parts: tuple[str, ...]
    test: LitmusTest


def _shown() -> Iterator[tuple[str, Shown]]:
    for path in sorted(Path(__file__).with_name("parts").glob("*.txt")):
        for block in path.read_text(encoding="utf-8").split("\n\n")[1:]:
            (head, parts, *others) = block.strip().split("\n")
            name, answer = head.split(": ")
            start = others.pop(0) if others[0].startswith("{") else "{}"
            lanes = [f"P{n}({PARAMETERS}) {{ {x.partition(': ')[2]} }}" for n, x in
                     enumerate(others[:-1])]  # fmt: skip
            test = parse(Text(name, "\n".join(("C t", start, *lanes, others[-1], ""))), kernel())
            assert isinstance(test, LitmusTest), (name, test)
            yield name, Shown(answer, tuple(parts.removeprefix("without ").split(", ")), test)


SHOWN = dict(_shown())
NEEDED = {part: name for name, one in SHOWN.items() for part in one.parts}


@cache
def executions(name: str) -> list[tuple[Execution, bool]]:
    """The executions of a test, each with whether it ends as the test asks."""
    test = SHOWN[name].test
    return [(execution(one), one.satisfies(test.condition)) for one in candidates(test)]


def answered(found: list[tuple[Execution, bool]], model: Model) -> str:
    """The answer and the flags, in words, by looking at the executions."""
    ends: set[bool] = set()
    flags: set[str] = set()
    for one, end in found:
        evaluation = Evaluation(model, one)
        if evaluation.broken() is None:
            ends.add(end)
            flags |= set(evaluation.flags())
    return " ".join((observation(True in ends, False in ends).value, *sorted(flags)))


def test_every_part_is_needed_or_has_a_reason_why_not() -> None:
    assert set(WEAKER) == set(NEEDED) | set(UNNEEDED)
    assert not set(NEEDED) & set(UNNEEDED)


@pytest.mark.parametrize("name", SHOWN)
def test_the_documents_answer(name: str) -> None:
    test = SHOWN[name].test
    found = solved(test, unroll(test), LKMM, Limits(), every=False)
    assert " ".join((found.frequency.value, *sorted(found.flags))) == SHOWN[name].answer


@long
@pytest.mark.parametrize("name", SHOWN)
def test_without_a_part_the_answer_is_another(name: str) -> None:
    found = executions(name)
    assert answered(found, LKMM) == SHOWN[name].answer
    for part in SHOWN[name].parts:
        assert answered(found, WEAKER[part]) != SHOWN[name].answer, part


@long
@pytest.mark.parametrize("name", SHOWN)
def test_the_solver_misses_the_part_as_well(name: str) -> None:
    test = SHOWN[name].test
    for part in SHOWN[name].parts:
        found = solved(test, unroll(test), WEAKER[part], Limits(), every=False)
        assert " ".join((found.frequency.value, *sorted(found.flags))) != SHOWN[name].answer, part


@long
@pytest.mark.parametrize("seed", range(40))
def test_no_cycle_needs_the_others(seed: int) -> None:
    test = parse(Text("test", random_cycle(seed, 3)), kernel())
    assert isinstance(test, LitmusTest)
    found = [(execution(one), one.satisfies(test.condition)) for one in candidates(test)]
    expected = answered(found, LKMM)
    for part in UNNEEDED:
        assert answered(found, WEAKER[part]) == expected, part
