"""Places of a stated width, atomic blocks and objects by their names under the kernel's model."""

import pytest

from tests.support.weak import verdicts

BITS = """protocol narrow
shared x: bits 2 = {start}
shared wide = 13
shared cache e {{ slot, tag: bits 3 }}
thread a {{
    n = wide
    {step}
    e = {{ slot: 1, tag: n }}
}}
never other: x != {end} finally
never tagged: e.tag != 5 finally
bounds a 1
"""


@pytest.mark.parametrize(
    ("start", "step", "end"),
    [
        (3, "x++", 0),
        (0, "x = n", 1),
        (1, "x -= 2", 3),
        (2, "x = x - n", 1),
        (2, "atomic_or(n, x)", 3),
        (3, "atomic_and(n, x)", 1),
        (3, "atomic_xor(n, x)", 2),
        (3, "r = atomic_fetch_andnot(n, x)\n_r = r", 2),
        (2, "xchg(x, n)", 1),
        (1, "cmpxchg(x, n, n + 1)", 2),
    ],
)
def test_a_place_keeps_what_it_has_room_for(start: int, step: str, end: int) -> None:
    found = verdicts(BITS.format(start=start, step=step, end=end))
    assert found == {"other": "PROVED", "tagged": "PROVED", "data_race": "PROVED"}
    wrong = verdicts(BITS.format(start=start, step=step, end=(end + 1) % 4))
    assert not isinstance(wrong, str)
    assert wrong["other"] == "REFUTED"


ATOMIC = """protocol block
shared x = 0
shared y = 0
thread a {{
    atomic {{
{steps}
    }}
    ok: assert r < 2
}}
bounds a 1
"""


def test_an_atomic_block_of_one_access_is_that_access() -> None:
    one = ATOMIC.format(steps="r = READ_ONCE(x)\n_s = r")
    assert verdicts(one) == {"ok": "PROVED", "data_race": "PROVED"}
    two = verdicts(ATOMIC.format(steps="r = READ_ONCE(x)\n_s = READ_ONCE(y)"))
    assert isinstance(two, str)
    assert two.endswith("several accesses in an atomic block, which no CPU makes at one instant")


@pytest.mark.parametrize(("name", "verdict"), [("first", "PROVED"), ("second", "REFUTED")])
def test_an_object_is_itself(name: str, verdict: str) -> None:
    found = verdicts(f"""protocol named
struct node {{ d }}
object first: node = {{ d: 1 }}
object second: node = {{ d: 1 }}
shared p: node = second
thread a {{
    WRITE_ONCE(p, {name})
}}
never other: p != first finally
bounds a 1
""")
    assert found == {"other": verdict, "data_race": "PROVED"}
