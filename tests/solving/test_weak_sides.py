"""Reader/writer locks and semaphores under lkmm: acquire and release, and who excludes whom."""

import pytest

from smtmodel.litmus.written.memory import Memory
from tests.support.weak import verdicts

TORN = """protocol torn
{kind} l
shared x = 0
shared y = 0
thread writer {{
    {write}(&l)
    x = 1
    y = 1
    {write_end}(&l)
}}
thread reader {{
    {read}(&l)
    a = x
    b = y
    {read_end}(&l)
    same: assert a == b
}}
bounds writer 1, reader 2
"""
SPIN = {"write": "write_lock", "write_end": "write_unlock"}
READ = {"read": "read_lock", "read_end": "read_unlock"}


def test_a_reader_sees_all_that_a_writer_did_or_nothing() -> None:
    found = verdicts(TORN.format(kind="rwlock", **SPIN, **READ))
    assert found == {"same": "PROVED", "data_race": "PROVED"}
    sleeping = {"write": "down_write", "write_end": "up_write", "read": "down_read"}
    found = verdicts(TORN.format(kind="rwsem", **sleeping, read_end="up_read"))
    assert found == {"same": "PROVED", "data_race": "PROVED"}


def test_who_writes_under_the_readers_side_races() -> None:
    wrong = {"write": "read_lock", "write_end": "read_unlock"}
    found = verdicts(TORN.format(kind="rwlock", **wrong, **READ))
    assert not isinstance(found, str)
    assert found["data_race"] == "REFUTED"


TWO = """protocol two_readers
rwlock l
shared x = 0
shared y = 0
thread left {{
    {lock}(&l)
    WRITE_ONCE(x, 1)
    r = READ_ONCE(y)
    {unlock}(&l)
}}
thread right {{
    {lock}(&l)
    WRITE_ONCE(y, 1)
    r = READ_ONCE(x)
    {unlock}(&l)
}}
never both: left[0].r == 0 && right[0].r == 0 finally
bounds left 1, right 1
"""


@pytest.mark.parametrize(
    ("lock", "unlock", "verdict"),
    [("read_lock", "read_unlock", "REFUTED"), ("write_lock", "write_unlock", "PROVED")],
)
def test_readers_are_not_ordered_among_themselves(lock: str, unlock: str, verdict: str) -> None:
    found = verdicts(TWO.format(lock=lock, unlock=unlock))
    assert not isinstance(found, str)
    assert found["both"] == verdict


def test_a_lock_with_one_word_for_all_readers_would_order_too_much(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(Memory, "words", lambda memory, lock, name: [name])
    monkeypatch.setattr(Memory, "word", lambda memory, name, lane: name)
    found = verdicts(TWO.format(lock="read_lock", unlock="read_unlock"))
    assert not isinstance(found, str)
    assert found["both"] == "PROVED"


TRIES = """protocol tries
rwlock l
shared x = 0
thread a {
    write_lock(&l)
    WRITE_ONCE(x, 1)
    write_unlock(&l)
}
thread b {
    if (read_trylock(&l)) {
        took: assert READ_ONCE(x) != 1
        read_unlock(&l)
    } else {
        lost = READ_ONCE(x)
        failed: assert lost != 0
    }
}
thread c {
    read_lock(&l)
    read_lock(&l)
    read_unlock(&l)
    v = READ_ONCE(x)
    w = READ_ONCE(x)
    same: assert v == w
    read_unlock(&l)
}
bounds a 1, b 1, c 1
"""


def test_a_try_fails_only_where_it_finds_the_lock_taken() -> None:
    found = verdicts(TRIES)
    assert found == {
        **dict.fromkeys(("took", "failed"), "REFUTED"),
        **dict.fromkeys(("same", "data_race"), "PROVED"),
    }


def test_a_try_of_a_lock_that_nobody_takes_does_not_fail() -> None:
    nobody = verdicts(
        TRIES.replace("write_lock", "read_lock").replace("write_unlock", "read_unlock")
    )
    assert not isinstance(nobody, str)
    assert nobody["failed"] == "VACUOUS"
