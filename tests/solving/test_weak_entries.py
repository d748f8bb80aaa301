"""Entries under the kernel's memory model: accessed as a whole, whoever writes them."""

import pytest

from tests.support.weak import results, verdicts

TORN = """protocol torn
{declared}
thread a {{ {mark}(w, {{ m: 1, n: 1 }}) }}
thread b {{ {mark}(w, {{ m: 2, n: 2 }}) }}
thread c {{
    e = READ_ONCE(w)
    one: assert !filled(e) || e.m == e.n
}}
never apart: w.m != w.n always
reach both: w.m == 2
bounds a 1, b 1, c 1
"""


@pytest.mark.parametrize("mark", ["WRITE_ONCE", "smp_store_release"])
def test_an_entry_is_never_half_written(mark: str) -> None:
    found = verdicts(TORN.format(declared="shared cache w { m, n }", mark=mark))
    wanted = {"one": "PROVED", "apart": "PROVED", "both": "PROVED", "data_race": "PROVED"}
    assert found == wanted


def test_a_plain_entry_of_several_lanes_races() -> None:
    text = TORN.replace("{mark}(w, {{ m: 1, n: 1 }})", "w = {{ m: 1, n: 1 }}")
    found = results(text.format(declared="shared cache w { m, n }", mark="WRITE_ONCE"))
    assert not isinstance(found, str)
    assert found["data_race"].verdict.value == "REFUTED"
    assert found["one"].reason.startswith("proved if lines 3, 4 and 6")


@pytest.mark.parametrize(("value", "verdict"), [("e.m", "PROVED"), ("1", "REFUTED")])
def test_what_is_written_depends_on_the_entry_whose_field_it_is(value: str, verdict: str) -> None:
    """Load buffering: both loads return what the other lane writes afterwards."""
    found = verdicts(f"""protocol buffering
word w {{ m, n }} = {{ m: 0, n: 0 }}
shared x = 0
thread a {{
    e = READ_ONCE(w)
    WRITE_ONCE(x, {value})
}}
thread b {{
    r = READ_ONCE(x)
    WRITE_ONCE(w, {{ m: r, n: 1 - r }})
}}
never odd: a[0].e.m == 1 && b[0].r == 1 finally
bounds a 1, b 1
""")
    assert not isinstance(found, str)
    assert found["odd"] == verdict


def test_plain_entries_copied_in_a_circle_come_out_of_thin_air_in_each_field() -> None:
    found = verdicts("""protocol circle
word v { m, n } = { m: 0, n: 0 }
word w { m, n } = { m: 0, n: 0 }
thread a {
    e = v
    w = { m: 0, n: e.n }
}
thread b {
    e = w
    v = { m: 0, n: e.n }
}
never first: v.m != 0 always
never second: v.n != 0 always
bounds a 1, b 1
""")
    assert not isinstance(found, str)
    assert (found["first"], found["second"]) == ("UNKNOWN", "REFUTED")


def test_fields_of_empty_entries_are_not_the_same() -> None:
    found = verdicts("""protocol nothing
cache c { m, n }
shared cache d { m, n }
fault f {
    e = c
    g = d
    differs: assert e.m != g.m && !(e.n == g.n)
}
bounds faults 1
""")
    assert found == {"differs": "PROVED", "data_race": "PROVED"}


def test_whoever_empties_an_entry_of_another_lane_races_with_it() -> None:
    found = verdicts("""protocol emptied
cache c { m, n } per vcpu
fault f {
    c = { m: 1, n: 1 }
}
lanes vcpu: f
thread flush { zap(c) }
never apart: c.m != c.n always
reach full: c.m == 1
bounds vcpu 1, flush 1
""")
    assert not isinstance(found, str)
    assert (found["data_race"], found["apart"]) == ("REFUTED", "UNKNOWN")


def test_a_local_entry_is_made_of_what_it_held_before() -> None:
    found = verdicts("""protocol turned
word w { m, n } = { m: 1, n: 2 }
thread a {
    e = READ_ONCE(w)
    e = { m: e.n, n: e.m }
    turned: assert e.m == 2 && e.n == 1
}
bounds a 1
""")
    assert found == {"turned": "PROVED", "data_race": "PROVED"}
