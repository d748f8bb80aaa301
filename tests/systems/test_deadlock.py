"""Lanes that wait for each other for ever, at any number of updates and rounds."""

from collections.abc import Callable

import pytest

from smtmodel.executions.explore import explore
from smtmodel.language.checked import DEADLOCK
from smtmodel.source.record import replace
from smtmodel.systems.system import HOME, WaitingPlace
from tests.support import certified, steps
from tests.support.examples import checked
from tests.support.lengths import long_but

WAITS = {
    "a reader that comes once more behind a writer": """
rwsem w; shared x = 0
thread r { down_read(w); down_read(w); a = x; up_read(w); up_read(w); seen: assert a <= 1 }
thread q { down_write(w); x = 1; up_write(w) }
bounds r 1, q 1
expect deadlock refuted
""",
    "readers that come once more, and no writer": """
rwsem w; shared x = 0
thread r { down_read(w); down_read(w); a = x; up_read(w); up_read(w); seen: assert a <= 1 }
bounds r 2
""",
    "readers that come once": """
rwsem w; shared x = 0
thread r { down_read(w); a = x; up_read(w); seen: assert a <= 1 }
thread q { down_write(w); x = 1; up_write(w) }
bounds r 2, q 1
""",
    "a reader and a writer, each with what the other needs": """
rwsem w; mutex m; shared x = 0
thread r { down_read(w); mutex_lock(m); x = 1; mutex_unlock(m); up_read(w) }
thread q { mutex_lock(m); down_write(w); x = 2; up_write(w); mutex_unlock(m) }
bounds r 1, q 1
expect deadlock refuted
""",
    "two readers, in two orders": """
rwsem w; mutex m; shared x = 0
thread r { down_read(w); mutex_lock(m); x = 1; mutex_unlock(m); up_read(w) }
thread q { mutex_lock(m); down_read(w); x = 2; up_read(w); mutex_unlock(m) }
bounds r 1, q 1
""",
    "two readers, in two orders, and a writer that both wait behind": """
rwsem w; mutex m; shared x = 0
thread r { down_read(w); mutex_lock(m); x = 1; mutex_unlock(m); up_read(w) }
thread q { mutex_lock(m); down_read(w); x = 2; up_read(w); mutex_unlock(m) }
thread t { down_write(w); x = 3; up_write(w) }
bounds r 1, q 1, t 1
expect deadlock refuted
""",
    "a value that is set for good": """
shared x = 0
update u { x = 1 }
thread r { wait until (x == 1); a = x; one: assert a == 1 }
bounds updates 1, r 1
""",
    "a value that comes and goes": """
shared x = 0
update u { x = 1; x = 0 }
thread r { wait until (x == 1) }
bounds updates 1, r 1
expect deadlock refuted
""",
    "a value that no update sets": """
shared x = 0; shared y = 0
thread u { x = 1 }
thread r { wait until (x == 1); y = 1; a = y; one: assert a == 1 }
bounds u 1, r 1
""",
    "a value that is set under the lock of who waits": """
mutex m; shared x = 0
update u { mutex_lock(m); x = 1; mutex_unlock(m) }
thread r { mutex_lock(m); wait until (x == 1); x = 1; mutex_unlock(m) }
bounds updates 1, r 1
expect deadlock refuted
""",
    "two that wait for each other's value": """
shared x = 0; shared y = 0
thread u { wait until (y == 1); x = 1 }
thread r { wait until (x == 1); y = 1 }
bounds u 1, r 1
expect deadlock refuted
""",
    "a count that ends even": """
shared s = 0
update u { s = s + 1; s = s + 1 }
thread r { wait until ((s & 1) == 0); a = s; seen: assert a >= 0 }
bounds updates 2, r 1
""",
    "a count that may end odd": """
shared s = 0
update u { s = s + 1 }
thread r { wait until ((s & 1) == 0); a = s; seen: assert a >= 0 }
bounds updates 2, r 1
expect deadlock refuted
""",
    "a value that is set after a grace period": """
srcu d; shared x = 0; mutex m
thread u { mutex_lock(m); synchronize_srcu(d); x = 1; mutex_unlock(m) }
thread r { srcu_read_lock(d); wait until (x == 1); mutex_lock(m); x = 1; mutex_unlock(m);
    srcu_read_unlock(d) }
bounds u 1, r 1
expect deadlock refuted
""",
    "updates that wait for others": """
updaters 2; mutex m; shared x = 0
update u { mutex_lock(m); x = 1 - x; mutex_unlock(m); wait until (x == 1) }
bounds updates 2
expect deadlock refuted
""",
    "elements of an array": """
shared x[2] = 0
thread r { x[lane] = 1; i = 1 - lane; wait until (x[i] == 1); x[i] = 1 }
bounds r 2
""",
    "an element that is chosen": """
shared x[2] = 0
update u { i = choose 0..1; x[i] = 1 }
thread r { i = choose 0..1; wait until (x[i] == 1) }
bounds updates 2, r 1
expect deadlock refuted
""",
    "lanes with several blocks": """
shared x = 0; mutex m; lanes k: a, b
thread a { wait until (x == 0); x = 0 }
thread b { mutex_lock(m); x = 1; mutex_unlock(m) }
bounds k 2
expect deadlock refuted
""",
    "a lane that has stopped may yet go on": """
shared x = 0; shared y = 0
update u { c = choose 0..1; y = c; assume c == 0; x = 1 }
thread r { wait until (x == 1) }
bounds updates 1, r 1
""",
    "a field of an object": """
struct node { data }; shared list: node = null
update u { p = alloc node; p.data = 1; list = p; p.data = 2 }
thread r { wait until (list != null); p = list; wait until (p.data == 2); d = p.data; two:
    assert d == 2 }
bounds updates 1, r 1
""",
    "readers behind two writers": """
rwsem w; rwsem v; shared x = 0
thread r { down_read(w); down_read(v); a = x; up_read(v); up_read(w); seen: assert a <= 2 }
thread q { down_read(v); down_read(w); x = 1; up_read(w); up_read(v) }
thread t { down_write(w); x = 2; up_write(w) }
thread s { down_write(v); x = 2; up_write(v) }
bounds r 1, q 1, t 1, s 1
expect deadlock refuted
""",
}

HANDSHAKE = """
protocol handshake
shared x = 0
shared y = 0
thread u { x = 1; wait until (y == 1); y = 0 }
thread r { wait until (x == 1); x = 0; y = 1 }
bounds u 1 rounds 2, r 1
"""


def _text(title: str) -> str:
    return f"protocol waits\n{WAITS[title]}"


@pytest.mark.parametrize("title", long_but(list(WAITS)[::2], WAITS))
def test_lanes_wait_for_ever_where_they_do_in_runs(title: str) -> None:
    protocol = checked(_text(title))
    wrong = steps.refuted(protocol)
    assert steps.violated(protocol) == wrong
    assert steps.violated(protocol, together=False) == wrong
    assert steps.violated_in_parts(protocol) == wrong
    assert steps.run(protocol) | steps.run(protocol, updates=1) == wrong


PROVED = ("a value that is set for good", "a count that ends even")


@pytest.mark.parametrize(
    "title",
    long_but(PROVED, [title for title in WAITS if f"{DEADLOCK} refuted" not in WAITS[title]]),
)
def test_that_no_lanes_wait_for_ever_is_proved_by_two_solvers(title: str) -> None:
    assert DEADLOCK in certified.proved(checked(_text(title)))


def test_each_lane_may_end_after_another_number_of_rounds() -> None:
    """With as many rounds for both none waits for ever."""
    protocol = checked(HANDSHAKE)
    assert steps.violated(protocol) == {DEADLOCK}
    assert steps.run(protocol) == frozenset()
    seen = explore(protocol, protocol.bounds, store_buffers=False, limit=steps.RUNS)
    assert seen.violated == {DEADLOCK}


Waits = Callable[[WaitingPlace], WaitingPlace | None]

BROKEN: dict[str, tuple[str, Waits, set[str]]] = {
    "lanes between two rounds do not queue": (
        "a reader that comes once more behind a writer",
        lambda wait: None if wait.place == HOME else wait,
        set(),
    ),
    "readers do not queue": (
        "two readers, in two orders, and a writer that both wait behind",
        lambda wait: replace(wait, reads=None),
        set(),
    ),
    "writers do not wait for readers": (
        "a reader and a writer, each with what the other needs",
        lambda wait: replace(wait, flags=()),
        set(),
    ),
    "nobody writes values": (
        "a value that is set for good",
        lambda wait: replace(wait, givers=() if wait.givers else wait.givers),
        {DEADLOCK},
    ),
    "who waits does so whatever the value is": (
        "a count that ends even",
        lambda wait: replace(wait, guards=()),
        {DEADLOCK},
    ),
    "other lanes always write": (
        "a value that comes and goes",
        lambda wait: replace(wait, givers=None),
        set(),
    ),
}


@pytest.mark.parametrize("fault", BROKEN)
def test_what_lanes_wait_for_is_looked_at(fault: str) -> None:
    title, broken, wrong = BROKEN[fault]
    protocol = checked(_text(title))
    system = certified.system(protocol)
    assert certified.closed(system).violated == steps.refuted(protocol)
    waits = tuple(wait for wait in map(broken, system.waits) if wait is not None)
    assert certified.closed(replace(system, waits=waits)).violated == wrong


def test_a_lane_has_ended_once_it_had_a_round() -> None:
    """Forgotten, it is waited for without end."""
    system = certified.system(checked(_text("a value that comes and goes")))
    assert certified.closed(system).violated == {DEADLOCK}
    once = {
        n for n, known in enumerate(system.quantities) if known.name == "an update has returned"
    }
    assert once
    forgetful = tuple(
        replace(edge, updates=tuple(one for one in edge.updates if one[0] not in once))
        for edge in system.edges
    )
    assert certified.closed(replace(system, edges=forgetful)).violated == set()
