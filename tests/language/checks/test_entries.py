"""Fields of an entry that may be empty are compared with == and != only."""

from textwrap import dedent

import pytest

from tests.support.front import block, codes

CACHE = "cache c { val, gen }\nreach caches: filled(c)"


def found(steps: str) -> list[str]:
    return codes(block(steps, "fault t", CACHE))


@pytest.mark.parametrize(
    "steps",
    [
        "if (c.gen == x) { y = c.val }",
        "if (c.gen != x) { return }\ny = c.val + 1",
        "if (filled(c) && c.gen > 1) { c = { val: 0, gen: 0 } }",
        "if (!filled(c) || c.gen < x) { c = { val: x, gen: y } }",
        "if (!filled(c)) { c = { val: x, gen: y } }\ny = c.val",
        "e = c\nif (filled(e)) { y = e.val }",
        "e = c\nassume e.gen == x\ny = e.val + e.gen",
        "c = { val: x, gen: 1 }\ne = c\nassert e.val >= 0",
        "v = c.val\nif (v == x) { y = v + 1 }",
        "e = w\ny = e.gen + w.busy",
        "retry 3 { e = c } until (filled(e))\ny = e.val",
        "while 2 (!filled(c)) { c = { val: x, gen: 1 } }\ny = c.val",
        "either { c = { val: 1, gen: 1 } } or { if (!filled(c)) { return } }\ny = c.val",
    ],
)
def test_known_to_be_filled(steps: str) -> None:
    assert found(steps) == []


@pytest.mark.parametrize(
    "steps",
    [
        "y = c.val",
        "if (c.gen < x) { y = 1 }",
        "if (c.gen) { y = 1 }",
        "y = c.gen + 1",
        "if (c.gen == x || filled(c)) { y = c.val }",
        "if (filled(c)) { y = 1 }\ny = c.val",
        "e = c\nif (filled(e)) { e = c }\nif (e.gen == 1 || x) { y = e.val }",
        "v = c.val\ny = v",
        "e = c\nc = e",
        "c = { val: c.val, gen: 1 }",
        "a[c.val] = 1",
        "e = w\nf = c\nwhile 2 (x > 0) { y = f.val }\nassert e.gen == 0",
        "if (c.gen + 0 == x) { y = 1 }",
        "assert c.gen >= 0",
    ],
)
def test_possibly_empty(steps: str) -> None:
    assert set(found(steps)) == {"E309"}


def test_a_round_can_forget_what_the_first_one_knew() -> None:
    steps = """
    c = { val: 1, gen: 1 }
    e = c
    retry 3 {
        y = e.val
        e = f
    } until (x == 1)
    """
    assert found("f = c\n" + dedent(steps)) == ["E309"]


def test_the_loop_sees_what_its_own_rounds_forget() -> None:
    steps = """
    c = { val: 1, gen: 1 }
    e = c
    n = 0
    while 3 (n < 2) {
        y = n + 1
        n = y
    }
    y = e.val
    """
    assert found(steps) == []


FLEETING = {
    "shared": "shared cache c { val, gen }\nreach caches: filled(c)",
    "zapped": "cache c { val, gen } per fault\nthread z { zap(c) }\nbounds z 1\n"
    "reach caches: filled(c)",
}


@pytest.mark.parametrize("items", FLEETING.values(), ids=FLEETING)
@pytest.mark.parametrize(
    ("steps", "sure"),
    [
        ("if (c.gen == x) { y = 1 }", True),
        ("if (c.gen == x) { y = c.val }", False),
        ("if (filled(c)) { y = c.val }", False),
        ("c = { val: 1, gen: 1 }\ny = c.val", False),
        ("e = c\nif (filled(e)) { y = e.val }", True),
        ("e = c\nif (filled(c)) { y = e.val }", False),
        ("e = c\nif (e.gen == x) { y = e.val + e.gen }", True),
        ("retry 2 { e = c } until (filled(e))\ny = e.val", True),
        ("n = xchg(c, { val: 1, gen: 2 })\nif (filled(n)) { y = n.val }", True),
        ("n = xchg(c, { val: 1, gen: 2 })\ny = n.val", False),
        ("xchg(c, { val: 1, gen: 2 })\ncmpxchg(c, c, { val: 1, gen: 3 })", True),
        ("e = c\nif (try_cmpxchg(c, e, { val: 1, gen: 2 })) { y = 1 }", True),
        ("e = c\nif (try_cmpxchg(c, e, { val: 1, gen: e.gen })) { y = 1 }", False),
        ("e = c\nn = xchg(c, e)\ny = filled(n)", False),
        ("y = filled(xchg(c, c))", False),
    ],
)
def test_what_others_empty_is_known_in_a_local_only(items: str, steps: str, sure: bool) -> None:
    assert set(codes(block(steps, "fault t", items))) == (set() if sure else {"E309"})
