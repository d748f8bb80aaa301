"""The barriers around atomics stand where some path has an atomic on their side."""

import pytest

from tests.support.front import block, codes


@pytest.mark.parametrize(
    "steps",
    [
        "smp_mb__before_atomic()\natomic_inc(x)\nsmp_mb__after_atomic()",
        "xchg_relaxed(x, 1)\nsmp_mb__after_atomic()",
        "atomic_inc(x)\nb = 1\nif (b == 1) { smp_mb__after_atomic() }",
        "smp_mb__before_atomic()\nif (x == 1) { atomic_dec(x) }",
        "while 2 (x > 0) { smp_mb__after_atomic()\natomic_dec(x) }",
        "retry 2 { smp_mb__before_atomic() } until (try_cmpxchg_relaxed(x, 0, 1))",
        "if (try_cmpxchg_relaxed(x, 0, 1)) { smp_mb__after_atomic() }",
    ],
)
def test_beside_an_atomic(steps: str) -> None:
    assert codes(block(steps)) == []


@pytest.mark.parametrize(
    "steps",
    [
        "smp_mb__before_atomic()",
        "smp_mb__after_atomic()\natomic_inc(x)",
        "atomic_inc(x)\nsmp_mb__before_atomic()",
        "x = 1\nsmp_mb__before_atomic()\natomic_set(x, 2)",
        "either { atomic_inc(x) } or { smp_mb__after_atomic() }",
        "while 2 (x > 0) { smp_mb__before_atomic() }",
    ],
)
def test_beside_none(steps: str) -> None:
    assert codes(block(steps)) == ["E518"]
