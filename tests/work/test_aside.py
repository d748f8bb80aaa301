"""What a copy of a process does meanwhile, and that it does not outlive the process."""

import os
import signal
import time
from collections.abc import Iterator

import pytest

from smtmodel.work.aside import Aside
from tests.support.processes import wait_until_it_has_ended


def squares() -> Iterator[object]:
    yield from (number**2 for number in range(3))


def failing() -> Iterator[object]:
    yield 1
    raise RuntimeError("a bug")


def endless() -> Iterator[object]:
    while True:
        time.sleep(60)
        yield


def test_a_copy_knows_what_the_process_knew_and_tells_what_it_found() -> None:
    known = [1]
    aside = Aside(lambda: [*known, os.getpid()])
    known.append(2)
    first, pid = aside.found()
    aside.end()
    assert first == 1
    assert pid != os.getpid()


def test_more_than_a_pipe_holds_is_found() -> None:
    aside = Aside(lambda: ["x" * 1_000_000])
    assert aside.found() == ("x" * 1_000_000,)
    aside.end()


def test_a_copy_that_fails_tells_nothing() -> None:
    aside, other = Aside(failing), Aside(squares)
    assert aside.found() == ()
    assert other.found() == (0, 1, 4)
    aside.end()
    other.end()


def test_a_copy_is_ended_in_the_middle_of_its_work() -> None:
    aside = Aside(endless)
    aside.end()
    with pytest.raises(ProcessLookupError):
        os.kill(aside.pid, 0)


def test_a_copy_ends_with_the_process_that_it_is_a_copy_of() -> None:
    receive, send = os.pipe()
    pid = os.fork()
    if pid == 0:
        aside = Aside(endless)
        os.write(send, aside.pid.to_bytes(8, "big"))
        time.sleep(60)
        os._exit(0)
    copy = int.from_bytes(os.read(receive, 8), "big")
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    wait_until_it_has_ended(copy)
    os.close(receive)
    os.close(send)
