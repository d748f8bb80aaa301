"""Sections and locks balance on every path."""

import pytest

from tests.support.front import block, codes


@pytest.mark.parametrize(
    "steps",
    [
        "rcu_read_lock()\nrcu_read_lock()\nrcu_read_unlock()\nrcu_read_unlock()",
        "i = srcu_read_lock(d)\nj = srcu_read_lock(d)\n"
        "srcu_read_unlock(d, i)\nsrcu_read_unlock(d, j)",
        "srcu_read_lock(d)\nsynchronize_rcu()\nsrcu_read_unlock(d)",
        "rcu_read_lock()\nsynchronize_srcu(d)\nrcu_read_unlock()",
        "mutex_lock(m)\nspin_lock(l)\nmutex_unlock(m)\nspin_unlock(l)",
        "if (mutex_trylock(m)) { x = 1\nmutex_unlock(m) }",
        "if (!mutex_trylock(m))\n    return\nx = 1\nmutex_unlock(m)",
        "if (!spin_trylock(l)) { x = 2 } else { spin_unlock(l) }",
        "while 2 (x > 0) { mutex_lock(m)\nmutex_unlock(m) }",
        "retry 2 { rcu_read_lock()\nb = x\nrcu_read_unlock() } until (b == x)",
        "either { mutex_lock(m)\nx = 1 } or { mutex_lock(m) }\nmutex_unlock(m)",
        "mutex_lock(m)\nif (x == 1) { mutex_unlock(m)\nreturn }\nmutex_unlock(m)",
        "mutex_lock(m)\nsynchronize_rcu()\nmutex_unlock(m)",
        "read_lock(r)\nx = 1\nread_unlock(r)\nwrite_lock(r)\nwrite_unlock(r)",
        "read_lock(r)\nread_lock(r)\nread_unlock(r)\nread_unlock(r)",
        "if (read_trylock(r)) { read_unlock(r) } else { write_lock(r)\nwrite_unlock(r) }",
        "if (!write_trylock(r))\n    return\nwrite_unlock(r)",
    ],
)
def test_balanced(steps: str) -> None:
    assert codes(block(steps, more="rwlock r")) == []


@pytest.mark.parametrize(
    ("steps", "found"),
    [
        ("rcu_read_lock()", ["E501"]),
        ("rcu_read_lock()\nrcu_read_lock()\nrcu_read_unlock()", ["E501"]),
        ("srcu_read_unlock(d)", ["E502"]),
        ("i = srcu_read_lock(d)\nsrcu_read_unlock(d, i)\nsrcu_read_unlock(d, i)", ["E502"]),
        ("srcu_read_lock(d)\nsynchronize_srcu_expedited(d)\nsrcu_read_unlock(d)", ["E503"]),
        ("mutex_lock(m)\nspin_lock(l)\nmutex_unlock(m)", ["E504"]),
        ("while 2 (x > 0) { return }\nmutex_lock(m)", ["E504"]),
        ("mutex_lock(m)\nif (!mutex_trylock(m)) { x = 1 }\nmutex_unlock(m)", ["E505"]),
        ("if (x == 1) { spin_lock(l) } else { mutex_lock(m) }\nx = 2", ["E507"]),
        ("while 2 (x > 0) { mutex_lock(m) }\nmutex_unlock(m)", ["E508"]),
        ("either { rcu_read_lock() } or { return }\nx = 1", ["E501"]),
        ("read_lock(r)\nwrite_unlock(r)", ["E514"]),
        ("write_lock(r)\nread_unlock(r)", ["E514"]),
        ("read_lock(r)\nread_lock(r)\nread_unlock(r)", ["E504"]),
        ("write_lock(r)\nif (read_trylock(r)) { x = 1 }\nwrite_unlock(r)", ["E505"]),
        ("either { read_lock(r) } or { write_lock(r) }\nx = 1", ["E507"]),
        ("if (read_trylock(r)) { write_unlock(r) }", ["E514"]),
        ("read_unlock(r)", ["E506"]),
    ],
)
def test_unbalanced_is_reported_once(steps: str, found: list[str]) -> None:
    assert codes(block(steps, more="rwlock r")) == found


def test_a_misspelt_lock_brings_no_further_errors() -> None:
    assert codes(block("mutex_lock(mm)\nx = 1\nmutex_unlock(m)")) == ["E201"]
