"""Worker processes that die, and a solver that meets its limits in odd places."""

import faulthandler
import os
import signal
from collections.abc import Iterator

import pytest
import z3

from smtmodel.encoding.smtlib import Script
from smtmodel.solving.question import question
from smtmodel.solving.result import Limits
from smtmodel.solving.solver import Sat, Solver, Unknown, Unsat
from smtmodel.verdict import Cause
from smtmodel.work.worker import Over, Worker
from tests.support.examples import shipped


def crash(*job: object) -> Iterator[object]:
    faulthandler.disable()
    os.kill(os.getpid(), signal.SIGSEGV)
    yield


def killed(*job: object) -> Iterator[object]:
    os.kill(os.getpid(), signal.SIGKILL)
    yield


def leave(*job: object) -> Iterator[object]:
    os._exit(3)
    yield


def out_of_memory(*job: object) -> Iterator[object]:
    os._exit(101)
    yield


def loaded(*job: object) -> Iterator[object]:
    yield os.getpid()


@pytest.mark.parametrize(
    ("work", "memory", "cause", "message"),
    [
        (crash, None, Cause.CONTRADICTION, "the solver crashed (SIGSEGV)"),
        (crash, 100_000, Cause.CONTRADICTION, "the solver crashed (SIGSEGV)"),
        (crash, 1, Cause.BUDGET, "ended by SIGSEGV, perhaps for want of memory"),
        (killed, None, Cause.BUDGET, "ended by SIGKILL, perhaps for want of memory"),
        (leave, None, Cause.CONTRADICTION, "ended with status 3"),
        (out_of_memory, None, Cause.BUDGET, "ended with status 101"),
    ],
    ids=["crash", "far-from-the-limit", "at-the-limit", "killed", "left", "no-memory"],
)
def test_how_a_worker_died(work: object, memory: int | None, cause: Cause, message: str) -> None:
    protocol = shipped("paolo")
    worker = Worker()
    worker.send(question(protocol, "sc", Limits(memory=memory), None, work))
    found = worker.receive()
    assert isinstance(found, Over)
    assert found.trouble is not None
    assert found.trouble.cause is cause
    assert message in found.trouble.reason
    assert not worker.alive


def test_a_worker_without_a_solver_does_what_a_job_brings() -> None:
    protocol = shipped("paolo")
    worker = Worker()
    worker.send(question(protocol, "sc", Limits(), None, loaded))
    assert worker.receive() == worker.pid
    assert worker.receive() == Over()
    worker.kill()


# ---------------------------------------------------------------- z3's own exceptions

A = Script({"a": "Bool"}, ("(assert a)",))
NOT_A = Script({"a": "Bool"}, ("(assert (not a))",))
ODD = Script({"n": "Int"}, ("(assert (= 1 (mod n 2)))",))
"""Beyond difference logic: z3's default solver is asked."""


@pytest.fixture
def failing(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Texts that contain one of these words do not fit into memory."""
    words: list[str] = []
    real = z3.Solver.from_string

    def load(solver: z3.Solver, text: str) -> None:
        if any(word in text for word in words):
            raise z3.Z3Exception(b"out of memory")
        real(solver, text)

    monkeypatch.setattr(z3.Solver, "from_string", load)
    return words


def test_the_solver_that_is_asked_second_may_meet_a_limit(failing: list[str]) -> None:
    solver = Solver(A, Limits())
    assert isinstance(solver.ask(ODD), Sat)
    failing.append("mod")
    real = solver._special
    solver._special = lambda *a, **k: Unknown("incomplete")  # type: ignore[method-assign]
    assert solver.ask(ODD) == Unknown("out of memory")
    solver._special = real  # type: ignore[method-assign]
    assert isinstance(solver.ask(NOT_A), Unsat)


@pytest.mark.parametrize("way", ["base", "extended", "keep"])
def test_what_could_not_be_added_makes_the_answers_unknown(way: str, failing: list[str]) -> None:
    failing.append("mod" if way != "base" else "assert a")
    solver = Solver(A, Limits())
    if way == "base":
        assert solver.ask(NOT_A) == Unknown("out of memory")
        return
    with solver.extended(ODD if way == "extended" else A):
        if way == "keep":
            assert isinstance(solver.ask(A), Sat)
            solver.keep(ODD)
        assert solver.ask(A) == Unknown("out of memory")
        assert solver.ask(NOT_A) == Unknown("out of memory")  # although it would be unsat
    assert isinstance(solver.ask(NOT_A), Unsat)


def test_a_text_that_z3_cannot_read_is_a_bug_of_ours() -> None:
    with pytest.raises(z3.Z3Exception):
        Solver(A, Limits()).ask(Script({}, ("(assert nowhere)",)))
