"""Locals: assigned on every path before they are read, and read at all."""

import pytest

from tests.support.front import block, codes, diagnose


@pytest.mark.parametrize(
    "steps",
    [
        "if (x == 1) { b = 1 } else { b = 2 }\ny = b",
        "if (x == 1) { return }\nb = 1\ny = b",
        "if (x == 1) { return } else { b = 1 }\ny = b",
        "either { b = 1 } or { b = 2 }\ny = b",
        "retry 3 { b = x } until (b == x)\ny = b",
        "atomic { b = x }\ny = b",
        "b = 0\nwhile 2 (x > 0) { b = b + 1 }\ny = b",
        "i = srcu_read_lock(d)\nsrcu_read_unlock(d)",
        "return\ny = b\nb = 1",
    ],
)
def test_assigned_on_every_path(steps: str) -> None:
    assert codes(block(steps)) == []


@pytest.mark.parametrize(
    "steps",
    [
        "if (x == 1) { b = 1 }\ny = b",
        "either { b = 1 } or { x = 2 }\ny = b",
        "while 2 (x > 0) { b = x }\ny = b",
        "b += 1\ny = b",
        "b++\ny = b",
        "retry 3 { x = 1 } until (b == x)\nb = x",
        "y = p->data + b\nb = 1",
        "a[b] = 1\nb = 1",
        "n->data = 1\nn = p",
        "srcu_read_lock(d)\nif (x == 1) { i = srcu_read_lock(d)\nsrcu_read_unlock(d, i) }\n"
        "srcu_read_unlock(d, i)",
    ],
)
def test_read_before_assigned(steps: str) -> None:
    assert "E401" in codes(block(steps))


def test_a_local_that_only_reads_itself_is_never_read() -> None:
    assert codes(block("b = 0\nb = b + 1\nb += x")) == ["E402"]


def test_a_local_read_by_a_final_property_is_read() -> None:
    assert codes(block("b = x", more="never r: t[0].b == 1 finally")) == []


def test_the_field_that_was_meant_is_named() -> None:
    (found,) = diagnose(block("n = p\ndata = n->data + 1"))
    assert found.code.name == "E402"
    assert "`node`" in found.suggestion
