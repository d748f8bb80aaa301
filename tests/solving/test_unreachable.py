"""A place that nothing may come to is proved where nothing does, and no proof of it is empty."""

from smtmodel.verdict import Verdict
from tests.support.examples import checked, results

TEXT = """protocol places
mutex m
shared x = 0
shared y = 0
thread first {{
    mutex_lock(m)
    x++
    if (x == {count})
        again: {step}
    mutex_unlock(m)
}}
bounds first 2
"""


def test_it_is_proved_where_nothing_gets_there_and_refuted_where_something_does() -> None:
    for count, verdict in ((3, Verdict.PROVED), (2, Verdict.REFUTED)):
        _, found = results(checked(TEXT.format(count=count, step="unreachable")))
        assert found["again"].verdict is verdict


def test_the_run_says_that_it_is_reached() -> None:
    _, found = results(checked(TEXT.format(count=2, step="unreachable")))
    run = found["again"].run
    assert run is not None
    outcomes = [step.outcome for one in run.trace.moments for step in one.local]
    assert outcomes[-1] == "is reached"


def test_an_assert_that_never_holds_is_told_of_it() -> None:
    _, found = results(checked(TEXT.format(count=3, step="assert 0")))
    assert found["again"].verdict is Verdict.VACUOUS
    assert "`unreachable` says that this is right" in str(found["again"].reason)
    _, found = results(checked(TEXT.format(count=3, step="assert x == 3")))
    assert "unreachable" not in str(found["again"].reason)
