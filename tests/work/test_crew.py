"""Engines keep what their interface promises, and a session does not mind which one works."""

import os
import signal
from collections.abc import Callable, Iterator
from functools import partial

import pytest

from smtmodel import work
from smtmodel.verdict import Cause
from smtmodel.work.crew import Crew
from smtmodel.work.engine import CANCELLED, Ended, Engine, Found, Job
from smtmodel.work.session import Counted, Session
from tests.support.alone import Alone, Remembering


def numbers(count: int) -> Iterator[object]:
    yield from range(count)


def paused(count: int) -> Iterator[object]:
    """Yields as many, and then works for ever."""
    yield from range(count)
    signal.pause()


def killed(count: int) -> Iterator[object]:
    yield from range(count)
    os.kill(os.getpid(), signal.SIGKILL)


def broken(count: int) -> Iterator[object]:
    yield from range(count)
    raise ZeroDivisionError("a bug")


def process() -> Iterator[object]:
    yield os.getpid()


def large() -> Iterator[object]:
    yield b"x" * 3_000_000


def job(done: Callable[[int], Iterator[object]], count: int = 3) -> Job:
    return Job(partial(done, count))


def drained(engine: Engine, count: int) -> tuple[dict[str, Ended], dict[str, list[object]]]:
    """So many jobs as they ended, and what was found early of each."""
    ended: dict[str, Ended] = {}
    early: dict[str, list[object]] = {}
    while len(ended) < count:
        match engine.next(None):
            case Found(key, value):
                assert key not in ended
                early.setdefault(key, []).append(value)
            case Ended(key=key) as one:
                assert key not in ended
                ended[key] = one
    assert engine.next(0) is None
    return ended, early


ENGINES = (partial(Crew, size=2), partial(Crew, size=1), Alone, Remembering)


@pytest.mark.parametrize("make", ENGINES, ids=["two", "one", "alone", "remembering"])
def test_each_job_ends_once_with_all_that_it_yielded(make: Callable[[], Engine]) -> None:
    engine = make()
    for count in range(5):
        engine.submit(f"job {count}", job(numbers, count))
    ended, early = drained(engine, 5)
    engine.close()
    for count in range(5):
        one = ended[f"job {count}"]
        assert one.trouble is None
        assert list(one.found) == list(range(count)) == early.get(one.key, [])


@pytest.mark.parametrize(
    ("work_", "cause", "words"),
    [
        (killed, Cause.BUDGET, "ended by SIGKILL"),
        (broken, Cause.CONTRADICTION, "ZeroDivisionError: a bug"),
    ],
    ids=["killed", "bug"],
)
def test_a_worker_that_is_lost_is_replaced_and_loses_nothing(
    work_: Callable[[int], Iterator[object]], cause: Cause, words: str
) -> None:
    crew = Crew(size=1)
    crew.submit("first", job(work_))
    crew.submit("second", job(numbers))
    ended, _ = drained(crew, 2)
    crew.close()
    first, second = ended["first"], ended["second"]
    assert (first.found, second.found) == ((0, 1, 2), (0, 1, 2))
    assert first.trouble is not None
    assert first.trouble.cause is cause
    assert words in first.trouble.reason
    assert ("in broken" in first.trouble.traceback) is (work_ is broken)
    assert second.trouble is None


def test_what_is_cancelled_ends_too_with_what_it_had_yielded() -> None:
    crew = Crew(size=1)
    crew.submit("at work", job(paused))
    crew.submit("waiting", job(numbers))
    crew.submit("kept", job(numbers))
    assert crew.next(None) == Found("at work", 0)
    crew.cancel(["at work", "waiting"])
    ended, _ = drained(crew, 3)
    crew.close()
    assert (ended["at work"].trouble, ended["waiting"].trouble) == (CANCELLED, CANCELLED)
    assert ended["at work"].found[0] == 0
    assert ended["waiting"].found == ()
    assert (ended["kept"].found, ended["kept"].trouble) == ((0, 1, 2), None)


def test_a_job_that_is_finished_is_not_cancelled_any_more() -> None:
    crew = Crew(size=1)
    crew.submit("done", job(numbers))
    while not isinstance(crew.next(None), Found):
        pass
    (worker,) = (*crew._idle, *crew._busy)
    ended: list[object] = []
    while not crew._idle:  # until all that it told is taken
        ended.append(crew.next(None))
    crew.cancel()
    ended += [crew.next(0) for _ in range(3)]
    (one,) = [one for one in ended if isinstance(one, Ended)]
    assert one.trouble is None
    crew.submit("again", Job(process))
    assert drained(crew, 1)[0]["again"].found == (worker.pid,)
    crew.close()


def test_a_job_may_have_a_limit_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    passed = [0.0]
    monkeypatch.setattr(work, "now", lambda: passed[0])
    crew = Crew(size=2)
    crew.submit("long", job(paused, 1), seconds=7)
    crew.submit("other", job(numbers))
    while not isinstance(found := crew.next(None), Found) or found.key != "long":
        pass
    passed[0] = 7.0
    ended: list[object] = []
    while not any(isinstance(one, Ended) and one.key == "long" for one in ended):
        ended.append(crew.next(None))
    (one,) = [one for one in ended if isinstance(one, Ended) and one.key == "long"]
    crew.close()
    assert one.trouble is not None
    assert (one.trouble.cause, one.found) == (Cause.TIMEOUT, (0,))
    assert one.trouble.reason == "the time limit of 7 s was reached"


def test_a_worker_is_used_again_for_what_it_has_loaded() -> None:
    crew = Crew(size=1)
    for key, load in (("a", None), ("b", loading), ("c", None), ("d", loading)):
        crew.submit(key, Job(process, load))
    ended, _ = drained(crew, 4)
    crew.close()
    pids = [ended[key].found for key in "abcd"]
    assert pids[0] == pids[2] != pids[1] == pids[3]
    assert [ended[key].version for key in "abcd"] == ["", "9.9", "", "9.9"]


def loading() -> str:
    return "9.9"


def test_messages_may_be_larger_than_a_pipe() -> None:
    crew = Crew(size=1)
    crew.submit("large", Job(large))
    ended, _ = drained(crew, 1)
    crew.close()
    assert ended["large"].found == (b"x" * 3_000_000,)


def test_an_alarm_ends_the_waiting() -> None:
    crew = Crew(size=1)
    crew.submit("long", job(paused, 0))
    alarm, bell = os.pipe()
    os.write(bell, b"!")
    assert crew.next(None, alarm=alarm) is None
    crew.close()
    os.close(alarm)
    os.close(bell)


# ---------------------------------------------------------------- sessions


@pytest.mark.parametrize("make", ENGINES, ids=["two", "one", "alone", "remembering"])
def test_a_session_gathers_answers_from_any_engine(make: Callable[[], Engine]) -> None:
    told: list[object] = []
    session = Session(make(), None, told.append)
    answers = [session.submit(job(numbers, count)) for count in range(4)]
    session.gather()
    assert [one.found for one in answers] == [list(range(count)) for count in range(4)]
    counted = [one for one in told if isinstance(one, Counted)]
    assert counted[-1] == Counted(4, 4)
    told.clear()
    assert session.run(job(numbers)).found == [0, 1, 2]
    session.close()
    assert [one for one in told if one is not None] == [0, 1, 2]


def test_the_limit_of_a_session_ends_all_jobs_and_takes_no_more(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    passed = [0.0]
    monkeypatch.setattr(work, "now", lambda: passed[0])

    def notice(what: object) -> None:
        passed[0] = 9.0 if what == 0 else passed[0]

    session = Session(Crew(size=1), 9, notice)
    first, waiting = session.submit(job(numbers)), session.submit(job(numbers))
    session.gather()
    last = session.run(job(paused))
    refused = session.run(job(numbers))
    session.close()
    assert (first.trouble, waiting.trouble) == (None, None)
    assert last.found[0] == 0
    assert last.trouble == refused.trouble == session.stopped
    assert session.stopped is not None
    assert session.stopped.reason == "the time limit of 9 s was reached"
    assert refused.found == []


def test_an_interrupt_in_a_session_is_no_exception() -> None:
    def notice(what: object) -> None:
        if what == 0:
            os.kill(os.getpid(), signal.SIGINT)

    session = Session(Crew(size=1), None, notice)
    before = signal.getsignal(signal.SIGINT)
    with session.interrupts:
        answered = session.run(job(paused))
        assert signal.getsignal(signal.SIGINT) is not before
    assert signal.getsignal(signal.SIGINT) is before
    session.close()
    assert answered.trouble is not None
    assert answered.trouble.cause is Cause.INTERRUPTED
    assert answered.found[0] == 0
