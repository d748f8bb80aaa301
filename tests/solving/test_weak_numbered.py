"""Lanes that know their numbers, elements and locks of each, and errors of the run, under lkmm."""

import pytest

from tests.support.weak import verdicts

COUNTED = """protocol counted
shared count[cpu] = 0
spinlock lock[cpu]
thread cpu {{
    spin_lock(&lock[lane])
    count[lane] = lane + 1
    spin_unlock(&lock[lane])
}}
thread adds {{
    sum = 0
    each i of count {{
        spin_lock(&lock[{index}])
        sum += count[i]
        spin_unlock(&lock[{index}])
    }}
    all: assert sum != 3
}}
never second: count[lane] == 2 finally
never third: count[lane] == 3 finally
bounds cpu 2, adds 1
"""


def test_every_lane_has_its_own_element_and_lock() -> None:
    found = verdicts(COUNTED.format(index="i"))
    assert found == {
        "all": "REFUTED",
        "second": "REFUTED",
        "third": "PROVED",
        "out_of_bounds": "PROVED",
        "data_race": "PROVED",
    }


def test_the_lock_of_another_element_protects_nothing() -> None:
    found = verdicts(COUNTED.format(index="0"))
    assert not isinstance(found, str)
    assert found["data_race"] == "REFUTED"


@pytest.mark.parametrize(("cpus", "verdict"), [(1, "REFUTED"), (2, "UNKNOWN")])
def test_an_index_outside_its_array_is_an_error_of_the_run(cpus: int, verdict: str) -> None:
    """Fewer lanes are not asked first; with two there is a race, but no such index."""
    found = verdicts(COUNTED.format(index="1"), cpu=cpus)
    assert not isinstance(found, str)
    assert found["out_of_bounds"] == verdict


ENTRIES = """protocol entries
word pte[2] {{ present, page }} = {{ {{ present: 1, page: 4 }}, {{ present: 0, page: 0 }} }}
shared cache tlb[cpu] {{ page }} = {{ page: 4 }}
thread unmap {{
    pte[0] = {{ present: 0, page: 0 }}
    {each}
}}
thread cpu {{
    e = pte[0]
    if (e.present == 1)
        tlb[lane] = {{ page: e.page + lane }}
}}
never kept: tlb[lane].page == 5 finally
never first: tlb[0].page == 5 finally
bounds unmap 1, cpu 2
"""


@pytest.mark.parametrize("each", ["each i of tlb {\nzap(tlb[i])\n}", "zap(tlb[1])"])
def test_each_lane_has_an_entry_of_its_own(each: str) -> None:
    found = verdicts(ENTRIES.format(each=each))
    assert not isinstance(found, str)
    assert found["data_race"] == "REFUTED"
    assert found["kept"] == "REFUTED"
    assert found["first"] != "REFUTED"


LIMITS = """protocol limits
shared x = 1000000000
thread a {{
{steps}
    _r = READ_ONCE(x) % 2
}}
never odd: x == 3 finally
bounds a 1
"""


@pytest.mark.parametrize(("count", "overflow"), [(32, "PROVED"), (33, "REFUTED")])
def test_a_number_that_gets_too_large_is_an_error_of_the_run(count: int, overflow: str) -> None:
    found = verdicts(LIMITS.format(steps="r = x\n" + "r = r + r\n" * count + "x = r"))
    assert not isinstance(found, str)
    assert found["overflow"] == overflow


@pytest.mark.parametrize(("less", "negative"), [(1000000000, "PROVED"), (1000000001, "REFUTED")])
def test_a_negative_operand_is_an_error_of_the_run(less: int, negative: str) -> None:
    found = verdicts(LIMITS.format(steps=f"x = x - {less}"))
    assert not isinstance(found, str)
    assert found["negative_operand"] == negative
