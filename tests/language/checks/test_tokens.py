"""Tokens are compared and passed on, never computed with."""

import pytest

from tests.support.front import accepted, block, codes


@pytest.mark.parametrize(
    "steps",
    [
        "b = fresh\nx = b\nassert x == b",
        "p->data = fresh\nif (p->data != x) { y = 1 }",
        "x = fresh\nif (x > 3 && y >= x) { return }",
        "x = fresh\ny = xchg(&x, 0)",
        "w = { gen: 1, busy: 0 }\nb = fresh\nw = { gen: b, busy: 0 }\ne = w\ny = e.busy + 1",
        "x = fresh\nif (x) { y = 1 }",
        "b = fresh\nxchg(w, { gen: b, busy: 0 })\ny = w.busy & 1",
        "x = fresh\ny = try_cmpxchg(x, 0, 1)\ny = y + 1",
    ],
)
def test_compared_and_passed_on(steps: str) -> None:
    assert accepted(block(steps))


@pytest.mark.parametrize(
    "steps",
    [
        "b = fresh\ny = b + 1",
        "x = fresh\ny = -x",
        "x = fresh\ny = x % 2",
        "x = fresh\nx++",
        "x = fresh\natomic_inc(&x)",
        "x = fresh\natomic_add(x, &y)",
        "p->data = fresh\nn = p\nb = n->data\nassert b / 2 == 0",
        "b = fresh\nw = { gen: b, busy: 0 }\ne = w\nf = e\nassert f.gen + 1 == 0",
        "x = fresh\nb = xchg(&x, 0)\nassert b - 1 == 0",
        "b = fresh\nc = cmpxchg(&y, 0, b)\nassert c == 0\nassert y + 1 == 1",
        "x = fresh\na[x] = 1",
        "x = fresh\ny = x & 1",
        "x = fresh\ny = x << 1",
        "x = fresh\ny = x >> 1",
        "b = fresh\nn = xchg(w, { gen: b, busy: 0 })\ny = n.gen\ny = w.gen + 1",
        "b = fresh\nn = p\nn.data = b\nm1 = n.next\ncopy n into m1\ny = m1.data + 1",
        "x = fresh\nb = settled(x)\nassert b + 1 == 1",
    ],
)
def test_computed_with(steps: str) -> None:
    assert set(codes(block(steps))) == {"E308"}


def test_properties_are_judged_too() -> None:
    assert codes(block("x = fresh", more="never odd: x % 2 == 1 always")) == ["E308"]
